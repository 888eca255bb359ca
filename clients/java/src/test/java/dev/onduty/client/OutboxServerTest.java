package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.FactOutcome;
import dev.onduty.v1.GetStaffRequest;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.Status;
import dev.onduty.v1.WorkspaceServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@EnabledIf(
    value = "dev.onduty.client.RunningServer#installed",
    disabledReason = "the server is not installed in the repository's .venv")
class OutboxServerTest {
  private static final Options NOBODY_THERE =
      Options.builder("127.0.0.1:1").callTimeout(Duration.ofSeconds(3)).build();

  @Test
  @DisplayName("facts are taken and told, and a refused one holds up no other")
  void delivers() throws Exception {
    try (Connection connection = Connection.open(SharedServer.freshTenant().build())) {
      SharedServer.create(connection, "ana");
      List<SettledFact> told = new CopyOnWriteArrayList<>();
      Outbox outbox = connection.router().outboxBuilder().onSettled(told::add).open();
      String unknown = outbox.callStarted("nobody", "c0");
      String started = outbox.callStarted("ana", "c1");
      String ended =
          outbox.callEnded(
              ReportCallEndedRequest.newBuilder()
                  .setStaffId("ana")
                  .setCallId("c1")
                  .setRequestId("mine")
                  .build());
      outbox.flush(Eventually.LIMIT);
      assertEquals(
          List.of(unknown, started, ended), told.stream().map(SettledFact::requestId).toList());
      assertInstanceOf(NotFoundError.class, told.get(0).error().orElseThrow());
      assertEquals(
          FactOutcome.FACT_OUTCOME_APPLIED, told.get(2).taken().orElseThrow().getOutcome());
      assertEquals(0, outbox.size());
      assertEquals(0, outbox.sizeBytes());
    }
  }

  @Test
  @DisplayName("facts outlive an outage: all are taken in order, and nobody is left in a call")
  void outlivesAnOutage(@TempDir Path folder) throws Exception {
    Path journal = folder.resolve("journal.db");
    RunningServer server = RunningServer.startSteady(journal);
    Options options = Options.builder(server.address()).callTimeout(Duration.ofMillis(500)).build();
    List<String> people = List.of("a", "b", "c", "d", "e");
    try (Connection connection = Connection.open(options)) {
      people.forEach(one -> SharedServer.create(connection, one));
      Outbox outbox = connection.router().outbox();
      people.forEach(one -> outbox.callStarted(one, "c-" + one));
      server.close();
      people.forEach(one -> outbox.callEnded(one, "c-" + one));
      Eventually.becomes("an attempt failed", () -> outbox.lastError().isPresent());
      server = RunningServer.startOn(journal, server.address());
      outbox.flush(Eventually.LIMIT);
      for (String one : people) {
        assertNotEquals(Status.STATUS_IN_LINE, status(connection, one));
      }
    } finally {
      server.close();
    }
  }

  @Test
  @DisplayName("what is left at the end is given back and told; another outbox delivers it")
  void givesBack() throws Exception {
    List<SettledFact> told = new CopyOnWriteArrayList<>();
    try (Connection away = Connection.open(NOBODY_THERE);
        Connection connection = Connection.open(SharedServer.freshTenant().build())) {
      SharedServer.create(connection, "ana");
      Outbox outbox = away.router().outboxBuilder().onSettled(told::add).open();
      String requestId = outbox.callStarted("ana", "c1");
      List<CallEvent> left = outbox.close(Duration.ZERO);
      assertEquals(requestId, left.get(0).getStarted().getRequestId());
      assertEquals(1, told.size());
      assertThrows(OndutyError.class, () -> outbox.add(left.get(0)));
      assertThrows(OndutyError.class, () -> outbox.flush(Duration.ofSeconds(1)));
      Outbox second = connection.router().outbox();
      assertEquals(requestId, second.add(left.get(0)));
      second.flush(Eventually.LIMIT);
      assertEquals(Status.STATUS_IN_LINE, status(connection, "ana"));
    }
  }

  @Test
  @DisplayName("the end of a connection delivers first what was given just before it")
  void connectionsEnd() throws Exception {
    Options options = SharedServer.freshTenant().build();
    try (Connection connection = Connection.open(options)) {
      SharedServer.create(connection, "ana");
      try (Connection closing = Connection.open(options)) {
        closing.router().outbox().callStarted("ana", "c1");
      }
      assertEquals(Status.STATUS_IN_LINE, status(connection, "ana"));
    }
  }

  @Test
  @DisplayName("facts wait for a server that is not reached, and claims do not")
  void waitsForTheServer() {
    try (Connection away = Connection.open(NOBODY_THERE);
        Connection quick =
            Connection.open(Options.builder("127.0.0.1:1").factsFailFast(true).build())) {
      RouterClient router = away.router();
      assertThrows(TimedOutError.class, () -> router.callStarted("ana", "c1"));
      assertThrows(UnavailableError.class, () -> router.claim("c1", "ana"));
      assertThrows(UnavailableError.class, () -> quick.router().callEnded("ana", "c1"));
    }
  }

  @Test
  @DisplayName("a handler may close the connection")
  void handlerCloses() throws Exception {
    Connection connection = Connection.open(SharedServer.freshTenant().build());
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    Outbox outbox =
        connection
            .router()
            .outboxBuilder()
            .onSettled(
                fact -> {
                  connection.close();
                  closed.complete(true);
                })
            .open();
    outbox.callStarted("nobody", "c1");
    assertTrue(closed.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    connection.close();
    OndutyError error = assertThrows(OndutyError.class, connection::serverInfo);
    assertEquals(io.grpc.Status.Code.CANCELLED, error.code());
  }

  @Test
  @DisplayName("the bounds of an outbox are held")
  void bounds() {
    try (Connection away = Connection.open(NOBODY_THERE)) {
      RouterClient router = away.router();
      assertThrows(
          IllegalArgumentException.class, () -> router.outboxBuilder().mostFacts(0).open());
      assertThrows(
          IllegalArgumentException.class, () -> router.outboxBuilder().mostBytes(0).open());
      assertThrows(
          IllegalArgumentException.class,
          () -> router.outboxBuilder().keep(Duration.ofDays(2)).open());
    }
  }

  private static Status status(Connection connection, String staffId) {
    return connection
        .call(
            WorkspaceServiceGrpc.getGetStaffMethod(),
            GetStaffRequest.newBuilder().setStaffId(staffId).build())
        .getStaff()
        .getStatus();
  }
}
