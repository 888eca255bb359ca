package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.FieldMask;
import dev.onduty.v1.AdminServiceGrpc;
import dev.onduty.v1.Colleague;
import dev.onduty.v1.Colleagues;
import dev.onduty.v1.Policy;
import dev.onduty.v1.SkillGroup;
import dev.onduty.v1.Status;
import dev.onduty.v1.UpdatePolicyRequest;
import dev.onduty.v1.UpdateStaffRequest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

@Timeout(180)
@EnabledIf(
    value = "dev.onduty.client.RunningServer#installed",
    disabledReason = "the server is not installed in the repository's .venv")
class ColleagueServerTest {
  private final BlockingQueue<ColleagueWatch.Change> changes = new LinkedBlockingQueue<>();
  private Connection connection;
  private ColleagueWatch colleagues;

  @BeforeEach
  void open() throws Exception {
    connection = Connection.open(SharedServer.freshTenant().build());
    SharedServer.available(connection, "a", "sales");
    SharedServer.available(connection, "b", "sales");
    SharedServer.available(connection, "c", "help");
    colleagues = connection.workspace("a").colleaguesBuilder().onChange(changes::add).open();
    colleagues.waitCurrent(Eventually.LIMIT);
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  @DisplayName("Colleagues of the own skill groups are seen as they change, and nobody else")
  void follows() throws Exception {
    assertEquals(List.of("b"), ids());
    connection.workspace("b").changeStatus(Status.STATUS_BUSY);
    Eventually.take(changes, change -> change.kind() == FloorChange.Kind.CHANGED);
    assertEquals(Status.STATUS_BUSY, colleagues.get("b").orElseThrow().getStatus());
  }

  @Test
  @DisplayName("Other colleagues are seen where the own skill groups change")
  void ownGroupsChange() throws Exception {
    connection.call(
        AdminServiceGrpc.getUpdateStaffMethod(),
        UpdateStaffRequest.newBuilder()
            .setStaffId("a")
            .addSkillGroups(SkillGroup.newBuilder().setName("help"))
            .build());
    Eventually.take(changes, change -> change.staffId().equals("c"));
    assertEquals(List.of("c"), ids());
  }

  @Test
  @DisplayName("Nobody is seen any more where the policy hides colleagues")
  void hidden() throws Exception {
    connection.call(
        AdminServiceGrpc.getUpdatePolicyMethod(),
        UpdatePolicyRequest.newBuilder()
            .setPolicy(Policy.newBuilder().setColleagues(Colleagues.COLLEAGUES_NOBODY))
            .setUpdateMask(FieldMask.newBuilder().addPaths("colleagues"))
            .build());
    Eventually.becomes("it gives up", () -> colleagues.state() == FloorState.FAILED);
    RefusedError error =
        assertThrows(RefusedError.class, () -> colleagues.waitCurrent(Eventually.LIMIT));
    assertEquals("COLLEAGUES_HIDDEN", error.reason());
  }

  private List<String> ids() {
    return colleagues.all().stream().map(Colleague::getStaffId).toList();
  }
}
