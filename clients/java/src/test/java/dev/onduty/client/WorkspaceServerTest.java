package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.ChangeStatusRequest;
import dev.onduty.v1.CreateBreakReasonRequest;
import dev.onduty.v1.DeleteStaffRequest;
import dev.onduty.v1.Staff;
import dev.onduty.v1.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@EnabledIf(
    value = "dev.onduty.client.RunningServer#installed",
    disabledReason = "the server is not installed in the repository's .venv")
class WorkspaceServerTest {

  @TempDir Path folder;

  private final BlockingQueue<Staff> states = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> attachments = new LinkedBlockingQueue<>();
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    connection = Connection.open(SharedServer.freshTenant().build());
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  @DisplayName("A workspace takes a call through wrap-up and back to reception")
  void takesACall() throws Exception {
    SharedServer.giveTime(connection);
    WorkspaceClient workspace = attached(connection, "a");
    workspace.changeStatus(Status.STATUS_AVAILABLE);
    connection.router().claim("c1", "a");
    Eventually.take(states, Staff::hasOffer);
    Duration offered = workspace.remainingOffer().orElseThrow();
    assertTrue(offered.toSeconds() <= 600 && offered.toSeconds() >= 500, offered.toString());
    assertEquals(Status.STATUS_IN_LINE, workspace.accept().getStaff().getStatus());
    assertEquals(Status.STATUS_IN_LINE, workspace.state().orElseThrow().getStatus());
    workspace.setNextStatus(Status.STATUS_BUSY, "");
    workspace.clearNextStatus();
    connection.router().callEnded("a", "c1");
    Eventually.take(states, state -> state.getStatus() == Status.STATUS_AFTER_CALL_WORK);
    Duration left = workspace.remainingWrapUp().orElseThrow();
    assertTrue(left.toSeconds() <= 3_600 && left.toSeconds() >= 3_000, left.toString());
    Eventually.becomes(
        "the countdown falls", () -> workspace.remainingWrapUp().orElseThrow().compareTo(left) < 0);
    workspace.continueWrapUp();
    assertTrue(workspace.remainingWrapUp().isEmpty());
    workspace.backToReception();
    assertEquals(Status.STATUS_AVAILABLE, workspace.state().orElseThrow().getStatus());
  }

  @Test
  @DisplayName("Accepting where no offer is known fails as OFFER_GONE without a call")
  void noOfferKnown() {
    WorkspaceClient workspace = connection.workspace("nobody asks the server");
    RefusedError gone = assertThrows(RefusedError.class, workspace::accept);
    assertEquals("OFFER_GONE", gone.reason());
    assertTrue(gone.current().isEmpty());
    assertThrows(RefusedError.class, workspace::decline);
  }

  @Test
  @DisplayName("A declined offer is known from the answer of the call alone")
  void declines() {
    WorkspaceClient workspace = SharedServer.available(connection, "a");
    String claimId = connection.router().claim("c1", "a").getClaimId();
    assertFalse(workspace.state().orElseThrow().hasOffer());
    assertEquals(1, workspace.decline(claimId, "not now").getStaff().getMisses());
    assertEquals(1, workspace.state().orElseThrow().getMisses());
    RefusedError gone = assertThrows(RefusedError.class, () -> workspace.accept(claimId));
    assertEquals("OFFER_GONE", gone.reason());
  }

  @Test
  @DisplayName("A break has its reason, and a call by hand puts in line")
  void breakAndOwnCall() {
    connection.call(
        AdminServiceGrpc.getCreateBreakReasonMethod(),
        CreateBreakReasonRequest.newBuilder().setCode("lunch").build());
    WorkspaceClient workspace = SharedServer.available(connection, "a");
    assertEquals("lunch", workspace.breakReasons().getBreakReasons(0).getCode());
    assertEquals("lunch", workspace.takeBreak("lunch", "hungry").getStaff().getBreakReason());
    InvalidRequestError unknown =
        assertThrows(InvalidRequestError.class, () -> workspace.takeBreak("siesta"));
    assertEquals("BREAK_REASON_UNKNOWN", unknown.reason());
    assertEquals("mine", workspace.placeCall("mine").getStaff().getCalls(0).getCallId());
  }

  @Test
  @DisplayName("A request for another staff member is not sent")
  void anotherStaffMember() {
    WorkspaceClient workspace = connection.workspace("a");
    ChangeStatusRequest request = ChangeStatusRequest.newBuilder().setStaffId("b").build();
    assertThrows(IllegalArgumentException.class, () -> workspace.changeStatus(request));
  }

  @Test
  @DisplayName("A workspace attaches again after a restart of the server")
  void attachesAgain() throws Exception {
    Path journal = folder.resolve("journal.db");
    RunningServer server = RunningServer.startSteady(journal);
    String address = server.address();
    try (Connection own =
        Connection.open(Options.builder(address).callTimeout(Eventually.LIMIT).build())) {
      WorkspaceClient workspace = attached(own, "a");
      workspace.changeStatus(Status.STATUS_AVAILABLE);
      server.close();
      Eventually.take(attachments, attached -> !attached);
      assertFalse(workspace.attached());
      server = RunningServer.startOn(journal, address);
      Eventually.take(attachments, attached -> attached);
      assertEquals(Status.STATUS_AVAILABLE, workspace.state().orElseThrow().getStatus());
      assertEquals(1, workspace.state().orElseThrow().getConnection().getWorkspacesCount());
    } finally {
      server.close();
    }
  }

  @Test
  @DisplayName("Detaching ends the attachment on the server, and attaching again begins another")
  void detaches() throws Exception {
    WorkspaceClient workspace = attached(connection, "a");
    Floor floor = connection.router().floor(dev.onduty.v1.StaffFilter.getDefaultInstance());
    floor.waitCurrent(Eventually.LIMIT);
    workspace.detach();
    workspace.detach();
    assertFalse(workspace.attached());
    OndutyError not =
        assertThrows(OndutyError.class, () -> workspace.waitAttached(Eventually.LIMIT));
    assertEquals(io.grpc.Status.Code.CANCELLED, not.code());
    Eventually.becomes(
        "no workspace is attached",
        () -> floor.get("a").orElseThrow().getConnection().getWorkspacesCount() == 0);
    workspace.attach();
    workspace.waitAttached(Eventually.LIMIT);
  }

  @Test
  @DisplayName("The attachment of a deleted staff member ends and is not tried again")
  void deleted() throws Exception {
    WorkspaceClient workspace = attached(connection, "a");
    connection.call(
        AdminServiceGrpc.getDeleteStaffMethod(),
        DeleteStaffRequest.newBuilder().setStaffId("a").build());
    Eventually.take(attachments, attached -> !attached);
    NotFoundError error =
        assertThrows(NotFoundError.class, () -> workspace.waitAttached(Eventually.LIMIT));
    assertEquals("STAFF_UNKNOWN", error.reason());
  }

  @Test
  @DisplayName("Attaching somebody unknown fails as such")
  void unknown() {
    WorkspaceClient workspace = connection.workspace("unknown");
    workspace.attach();
    assertThrows(NotFoundError.class, () -> workspace.waitAttached(Eventually.LIMIT));
  }

  private WorkspaceClient attached(Connection own, String staffId) throws Exception {
    SharedServer.create(own, staffId);
    WorkspaceClient workspace = own.workspace(staffId);
    workspace.onState(states::add);
    workspace.onAttached(attachments::add);
    workspace.attach();
    workspace.waitAttached(Eventually.LIMIT);
    return workspace;
  }
}
