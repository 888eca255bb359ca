package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.onduty.v1.Cause;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.Status;
import dev.onduty.v1.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@EnabledIf(
    value = "dev.onduty.client.RunningServer#installed",
    disabledReason = "the server is not installed in the repository's .venv")
class FloorServerTest {
  private static final StaffFilter ALL = StaffFilter.getDefaultInstance();

  @TempDir Path folder;

  private final BlockingQueue<FloorChange> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<FloorState> states = new LinkedBlockingQueue<>();

  @Test
  @DisplayName("A floor follows each change, with its cause")
  void follows() throws Exception {
    try (Connection connection = Connection.open(SharedServer.freshTenant().build())) {
      WorkspaceClient workspace = SharedServer.available(connection, "a", "sales");
      SharedServer.create(connection, "b", "sales");
      Floor floor = open(connection);
      floor.waitCurrent(Eventually.LIMIT);
      assertEquals(List.of("a"), ids(floor.available("sales")));
      String claimId = connection.router().claimMember("c1", "sales").getClaimId();
      Eventually.take(changes, change -> cause(change) == Cause.CAUSE_CLAIM);
      assertEquals(List.of(), floor.available("sales"));
      workspace.accept(claimId);
      FloorChange accepted =
          Eventually.take(changes, change -> cause(change) == Cause.CAUSE_OFFER_ACCEPTED);
      assertEquals(claimId, accepted.transition().orElseThrow().getEndedOffer().getClaimId());
      assertEquals(Status.STATUS_IN_LINE, floor.get("a").orElseThrow().getStatus());
    }
  }

  @Test
  @DisplayName("Somebody who leaves the filter leaves the floor")
  void leaves() throws Exception {
    try (Connection connection = Connection.open(SharedServer.freshTenant().build())) {
      WorkspaceClient workspace = SharedServer.available(connection, "a", "sales");
      StaffFilter filter = StaffFilter.newBuilder().addStatuses(Status.STATUS_AVAILABLE).build();
      Floor floor = connection.router().floorBuilder(filter).onChange(changes::add).open();
      floor.waitCurrent(Eventually.LIMIT);
      workspace.changeStatus(Status.STATUS_BUSY);
      Eventually.take(changes, change -> change.kind() == FloorChange.Kind.LEFT);
      assertEquals(0, floor.size());
      workspace.changeStatus(Status.STATUS_AVAILABLE);
      Eventually.take(changes, change -> change.kind() == FloorChange.Kind.ADDED);
      assertEquals(1, floor.size());
    }
  }

  @Test
  @DisplayName("A floor resumes after a restart of the server, and tells nothing twice")
  void resumesAfterRestart() throws Exception {
    Path journal = folder.resolve("journal.db");
    RunningServer server = RunningServer.startSteady(journal);
    String address = server.address();
    try (Connection connection =
        Connection.open(Options.builder(address).callTimeout(Eventually.LIMIT).build())) {
      WorkspaceClient workspace = SharedServer.available(connection, "a");
      Floor floor = open(connection);
      floor.waitCurrent(Eventually.LIMIT);
      server.close();
      Eventually.take(states, FloorState.STALE::equals);
      assertEquals(1, floor.size());
      server = RunningServer.startOn(journal, address);
      Eventually.take(states, FloorState.CURRENT::equals);
      changes.clear();
      workspace.changeStatus(Status.STATUS_BUSY);
      FloorChange next = Eventually.take(changes, change -> true);
      assertEquals(Status.STATUS_BUSY, next.after().orElseThrow().getStatus());
    } finally {
      server.close();
    }
  }

  @Test
  @DisplayName("A floor whose journal was replaced watches afresh and tells the differences")
  void journalReplaced() throws Exception {
    RunningServer server = RunningServer.startSteady(folder.resolve("first.db"));
    String address = server.address();
    try (Connection connection =
        Connection.open(Options.builder(address).callTimeout(Eventually.LIMIT).build())) {
      SharedServer.create(connection, "a");
      Floor floor = open(connection);
      floor.waitCurrent(Eventually.LIMIT);
      server.close();
      server = RunningServer.startOn(folder.resolve("second.db"), address);
      FloorChange left = Eventually.take(changes, change -> change.kind() == FloorChange.Kind.LEFT);
      assertEquals(0, left.revision());
      assertFalse(left.transition().isPresent());
      Eventually.take(states, FloorState.STALE::equals);
      Eventually.take(states, FloorState.CURRENT::equals);
      assertEquals(0, floor.size());
    } finally {
      server.close();
    }
  }

  private Floor open(Connection connection) {
    return connection
        .router()
        .floorBuilder(ALL)
        .backoff(Duration.ofMillis(100), Duration.ofMillis(500))
        .onChange(changes::add)
        .onState(states::add)
        .open();
  }

  private static Cause cause(FloorChange change) {
    return change.transition().map(Transition::getCause).orElse(Cause.CAUSE_UNSPECIFIED);
  }

  private static List<String> ids(List<Staff> staff) {
    return staff.stream().map(Staff::getStaffId).toList();
  }
}
