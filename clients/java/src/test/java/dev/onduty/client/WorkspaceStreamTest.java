package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import dev.onduty.v1.AttachResponse;
import dev.onduty.v1.BreakReason;
import dev.onduty.v1.ListBreakReasonsRequest;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.Transition;
import dev.onduty.v1.WrapUp;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

  @Test
  @DisplayName("A workspace has one id over reconnects, and another one has another")
  void keepsItsId() throws Exception {
    var first = server.nextAttachment();
    first.fail(Status.UNAVAILABLE.asException());
    String id = first.request.getWorkspaceId();
    assertEquals(36, id.length());
    assertEquals(id, workspace.workspaceId());
    assertEquals(id, server.nextAttachment().request.getWorkspaceId());
    assertNotEquals(id, connection.workspace("a").workspaceId());
    assertEquals("onduty-java/" + Connection.VERSION, first.request.getUserAgent());
  }

  @Test
  @DisplayName("A workspace can be given its id, and say what it is")
  void givenId() throws Exception {
    server.nextAttachment();
    connection.workspace("b", "desk-7", "desk/1").attach();
    var request = server.nextAttachment().request;
    assertEquals("desk-7", request.getWorkspaceId());
    assertEquals("desk/1", request.getUserAgent());
  }

  @Test
  @DisplayName("A replaced workspace does not attach again, until it is asked to")
  void replaced() throws Exception {
    var older = server.nextAttachment();
    older.send(change(1, Instant.now()));
    workspace.waitAttached(Eventually.LIMIT);
    older.fail(failure(Status.Code.ABORTED, "ATTACHMENT_REPLACED"));
    Eventually.becomes("the stream is gone", () -> !workspace.attached());
    ReplacedError error =
        assertThrows(ReplacedError.class, () -> workspace.waitAttached(Eventually.LIMIT));
    assertEquals("desk-7", error.workspaceId());
    assertSame(error, workspace.lastError().orElseThrow());
    Eventually.becomes("its thread has ended", () -> threads() == 0);
    workspace.attach();
    assertEquals(workspace.workspaceId(), server.nextAttachment().request.getWorkspaceId());
  }

  @Test
  @DisplayName("A workspace that is one too many tries again")
  void quota() throws Exception {
    server.nextAttachment().fail(failure(Status.Code.RESOURCE_EXHAUSTED, "ATTACHMENT_QUOTA"));
    server.nextAttachment().send(change(1, Instant.now()));
    workspace.waitAttached(Eventually.LIMIT);
    OverloadedError last =
        assertInstanceOf(OverloadedError.class, workspace.lastError().orElseThrow());
    assertEquals("ATTACHMENT_QUOTA", last.reason());
  }

  @Test
  @DisplayName("Break reasons of all pages are listed, with the last page's position")
  void breakReasonsOfAllPages() throws Exception {
    var all =
        workspace.breakReasons(
            ListBreakReasonsRequest.newBuilder().setAtLeast("p0").setIncludeDisabled(true).build());
    assertEquals(
        List.of("reason-1", "reason-2", "reason-3"),
        all.getBreakReasonsList().stream().map(BreakReason::getCode).toList());
    assertEquals("p3", all.getPosition());
    assertEquals(List.of("p0", "", ""), server.lists.stream().map(l -> l.getAtLeast()).toList());
    assertTrue(server.lists.stream().allMatch(l -> l.getIncludeDisabled()));
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("onduty-workspace"))
        .count();
  }

  private static Throwable failure(Status.Code code, String reason) {
    return ErrorsTest.failure(
        code,
        ErrorInfo.newBuilder()
            .setReason(reason)
            .setDomain("onduty.dev")
            .putMetadata("workspace_id", "desk-7")
            .build());
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
