package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.onduty.v1.AttachResponse;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.Transition;
import dev.onduty.v1.WrapUp;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WorkspaceStreamTest {

  private final BlockingQueue<Staff> states = new LinkedBlockingQueue<>();
  private ScriptedServer server;
  private Connection connection;
  private WorkspaceClient workspace;

  @BeforeEach
  void open() throws Exception {
    server = new ScriptedServer();
    connection = Connection.open(server.options().build());
    workspace = connection.workspace("a");
    workspace.onState(states::add);
    workspace.attach();
  }

  @AfterEach
  void close() {
    connection.close();
    server.close();
  }

  @Test
  @DisplayName("The state with the higher revision wins, but for a stream's first frame")
  void higherRevisionWins() throws Exception {
    var first = server.nextAttachment();
    first.send(change(10, Instant.now()));
    first.send(change(12, Instant.now()));
    first.send(change(11, Instant.now()));
    first.send(change(13, Instant.now()));
    Eventually.take(states, state -> state.getRevision() == 12);
    assertEquals(13, Eventually.take(states, state -> true).getRevision());
    first.fail(Status.UNAVAILABLE.asException());
    server.nextAttachment().send(change(2, Instant.now()));
    assertEquals(2, Eventually.take(states, state -> true).getRevision());
    workspace.waitAttached(Eventually.LIMIT);
    assertEquals(2, workspace.state().orElseThrow().getRevision());
  }

  @Test
  @DisplayName("The countdown goes by the clock of a server that is an hour ahead")
  void serversClock() throws Exception {
    Instant serverNow = Instant.now().plusSeconds(3600);
    Staff wrappingUp =
        Staff.newBuilder()
            .setStaffId("a")
            .setRevision(1)
            .setWrapUp(WrapUp.newBuilder().setEndsAt(timestamp(serverNow.plusSeconds(600))))
            .build();
    server.nextAttachment().send(change(wrappingUp, serverNow));
    workspace.waitAttached(Eventually.LIMIT);
    Duration left = workspace.remainingWrapUp().orElseThrow();
    assertTrue(left.toSeconds() > 500 && left.toSeconds() <= 600, left.toString());
  }

  private static AttachResponse change(long revision, Instant recordedAt) {
    return change(Staff.newBuilder().setStaffId("a").setRevision(revision).build(), recordedAt);
  }

  private static AttachResponse change(Staff staff, Instant recordedAt) {
    Transition transition =
        Transition.newBuilder()
            .setRevision(staff.getRevision())
            .setRecordedAt(timestamp(recordedAt))
            .build();
    return AttachResponse.newBuilder()
        .setChange(StaffChange.newBuilder().setStaff(staff).setTransition(transition))
        .build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
