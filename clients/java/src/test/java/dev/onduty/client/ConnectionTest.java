package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.NamedStaff;
import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.WatchStaffRequest;
import dev.onduty.v1.WatchStaffResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ConnectionTest {
  @Test
  @DisplayName("Each mutation is given a request id of its own where the caller gave none")
  void requestIdIsMade() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      connection.router().claimMember("c1", "sales");
      connection.router().claimMember("c2", "sales");
      String first = server.claims.take().getRequestId();
      assertEquals(36, first.length());
      assertNotEquals(first, server.claims.take().getRequestId());
    }
  }

  @Test
  @DisplayName("The caller's request id is sent as it is")
  void requestIdIsKept() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      connection.router().claim(claim().setRequestId("mine").build());
      assertEquals("mine", server.claims.take().getRequestId());
    }
  }

  @Test
  @DisplayName("A generated stub on the channel gets a request id as well")
  void requestIdOfStubs() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      RouterServiceGrpc.newBlockingStub(connection.channel()).claimStaff(claim().build());
      assertFalse(server.claims.take().getRequestId().isEmpty());
    }
  }

  @Test
  @DisplayName("UNAVAILABLE is tried again with the same request id, at most four times in all")
  void retries() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      server.claimsToFail.set(3);
      assertEquals("claim", connection.router().claim(claim().build()).getClaimId());
      List<ClaimStaffRequest> tries = new ArrayList<>();
      server.claims.drainTo(tries);
      assertEquals(4, tries.size());
      assertEquals(1, new HashSet<>(tries).size());

      server.claimsToFail.set(100);
      UnavailableError error =
          assertThrows(UnavailableError.class, () -> connection.router().claim(claim().build()));
      assertEquals(4, server.claims.size());
      assertEquals(server.claims.peek().getRequestId(), error.requestId());
    }
  }

  @Test
  @DisplayName("A call to a server that is silent ends with its deadline, and keeps its id")
  void deadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Connection connection =
            Connection.open(
                Options.builder("127.0.0.1:" + silent.getLocalPort())
                    .callTimeout(Duration.ofMillis(300))
                    .build())) {
      TimedOutError error =
          assertThrows(TimedOutError.class, () -> connection.router().claim(claim().build()));
      // The request never left: its outcome is known to nobody but it was given an id.
      assertFalse(error.requestId().isEmpty());
    }
  }

  @Test
  @DisplayName("A call has as long as the options say")
  void deadlineOfTheOptions() throws Exception {
    Duration hour = Duration.ofHours(1);
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = Connection.open(server.options().callTimeout(hour).build())) {
      connection.router().claim(claim().build());
      Duration left = server.times.take();
      assertTrue(left.toMinutes() >= 50 && left.compareTo(hour) <= 0, left.toString());
    }
  }

  @Test
  @DisplayName("A call has the deadline of the client that was asked to have another")
  void ownDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Connection connection =
            Connection.open(
                Options.builder("127.0.0.1:" + silent.getLocalPort())
                    .callTimeout(Duration.ofMinutes(5))
                    .build())) {
      RouterClient hurried = connection.router().withCallTimeout(Duration.ofMillis(200));
      assertThrows(TimedOutError.class, () -> hurried.listStaff(StaffFilter.getDefaultInstance()));
    }
  }

  @Test
  @DisplayName("A token function that throws fails the call as not authenticated")
  void throwingTokenFunction() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection =
            Connection.open(
                server
                    .options()
                    .token(
                        () -> {
                          throw new IllegalStateException("no token today");
                        })
                    .build())) {
      AccessError error =
          assertThrows(AccessError.class, () -> connection.router().claim(claim().build()));
      assertTrue(error.getMessage().contains("no token today"), error.getMessage());
    }
  }

  @Test
  @DisplayName("A server that comes back is reached at once, however long it was away")
  void serverComesBack() throws Exception {
    int port = RunningServer.steadyPort();
    Options options = Options.builder("127.0.0.1:" + port).callTimeout(Eventually.LIMIT).build();
    try (Connection connection = Connection.open(options)) {
      for (int i = 0; i < 3; i++) {
        assertThrows(UnavailableError.class, () -> connection.router().claim(claim().build()));
      }
      try (ScriptedServer server = new ScriptedServer(port)) {
        assertEquals("claim", connection.router().claim(claim().build()).getClaimId());
        assertEquals(1, server.claims.size());
      }
    }
  }

  @Test
  @DisplayName("What a generated stub throws becomes an error of the tree, with its request id")
  void stubErrors() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      server.claimsToFail.set(100);
      StatusRuntimeException thrown =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  RouterServiceGrpc.newBlockingStub(connection.channel())
                      .claimStaff(claim().setRequestId("mine").build()));
      OndutyError error = OndutyError.of(thrown);
      assertInstanceOf(UnavailableError.class, error);
      assertEquals("mine", error.requestId());
    }
  }

  @Test
  @DisplayName("A CANCELLED that nobody asked for is tried again, and is UNAVAILABLE in the end")
  void cancelledByOthers() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server)) {
      server.claimFailure = Status.CANCELLED.withDescription("too many calls");
      server.claimsToFail.set(1);
      assertEquals("claim", connection.router().claim(claim().build()).getClaimId());
      server.claimsToFail.set(100);
      UnavailableError error =
          assertThrows(UnavailableError.class, () -> connection.router().claim(claim().build()));
      assertEquals(Status.Code.UNAVAILABLE, error.code());
      assertEquals("too many calls", error.getMessage());
      assertEquals(2 + 4, server.claims.size());

      Iterator<WatchStaffResponse> frames =
          RouterServiceGrpc.newBlockingStub(connection.channel())
              .watchStaff(WatchStaffRequest.getDefaultInstance());
      server.nextWatch().fail(server.claimFailure.asException());
      StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, frames::hasNext);
      assertInstanceOf(UnavailableError.class, OndutyError.of(thrown));
    }
  }

  @Test
  @DisplayName("A stream that its program ends is CANCELLED")
  void cancelledHere() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Connection connection = open(server);
        Context.CancellableContext context = Context.current().withCancellation()) {
      Iterator<WatchStaffResponse> frames =
          context.call(
              () ->
                  RouterServiceGrpc.newBlockingStub(connection.channel())
                      .watchStaff(WatchStaffRequest.getDefaultInstance()));
      server.nextWatch();
      context.cancel(null);
      StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, frames::hasNext);
      assertEquals(Status.Code.CANCELLED, OndutyError.of(thrown).code());
    }
  }

  @Test
  @DisplayName("Calls on a closed connection fail as CANCELLED")
  void closed() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      Connection connection = open(server);
      connection.close();
      OndutyError error =
          assertThrows(OndutyError.class, () -> connection.router().claim(claim().build()));
      assertEquals(Status.Code.CANCELLED, error.code());
    }
  }

  private static Connection open(ScriptedServer server) {
    return Connection.open(server.options().build());
  }

  private static ClaimStaffRequest.Builder claim() {
    return ClaimStaffRequest.newBuilder()
        .setCallId("c")
        .setNamed(NamedStaff.newBuilder().setStaffId("a"));
  }
}
