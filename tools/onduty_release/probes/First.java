import dev.onduty.client.Connection;
import dev.onduty.client.Floor;
import dev.onduty.client.Options;
import dev.onduty.client.RouterClient;
import dev.onduty.client.WorkspaceClient;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.Status;
import java.time.Duration;

/** Signs somebody in, sees it on the floor, and claims the person for a call, with the jar alone. */
public class First {
  static final Duration LIMIT = Duration.ofSeconds(30);

  public static void main(String[] arguments) throws InterruptedException {
    String staffId = arguments[1];
    try (Connection connection = Connection.open(Options.builder(arguments[0]).build())) {
      WorkspaceClient desk = connection.workspace(staffId);
      desk.attach();
      desk.waitAttached(LIMIT);
      desk.changeStatus(Status.STATUS_AVAILABLE);
      System.out.println(staffId + " signed in");

      RouterClient router = connection.router();
      Floor floor = router.floorBuilder(StaffFilter.getDefaultInstance()).open();
      floor.waitCurrent(LIMIT);
      long end = System.nanoTime() + LIMIT.toNanos();
      while (floor.available("").stream().noneMatch(staff -> staff.getStaffId().equals(staffId))) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the floor does not show " + staffId);
        }
        Thread.sleep(10);
      }
      System.out.println("the floor shows " + staffId);
      ClaimStaffResponse claim = router.claim("call-" + staffId, staffId);
      System.out.println(claim.getStaff().getStaffId() + " is offered " + claim.getStaff().getOffer().getCallId());
      router.withdraw(claim.getClaimId());
      desk.changeStatus(Status.STATUS_OFFLINE);
    }
  }
}
