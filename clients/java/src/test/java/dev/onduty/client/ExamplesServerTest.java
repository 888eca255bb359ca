package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.Staff;
import dev.onduty.v1.Status;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
class ExamplesServerTest {
  private static final String ROUTER = "dev.onduty.examples.Router";
  private static final String WORKSPACE = "dev.onduty.examples.Workspace";

  private final BlockingQueue<Staff> states = new LinkedBlockingQueue<>();
  private Options options;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    options = SharedServer.freshTenant().build();
    connection = Connection.open(options);
    SharedServer.giveTime(connection);
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  @DisplayName("The router offers a declined call again, and ends when its calls have ended")
  void router() throws Exception {
    WorkspaceClient a = attached("a");
    try (Program router = startRouter("--talk", "0.2")) {
      router.write("c1");
      assertEquals("c1 offered a", router.line());
      Eventually.take(states, Staff::hasOffer);
      a.decline();
      assertEquals("c1 missed a", router.line());
      assertEquals("c1 offered a", router.line());
      Eventually.take(states, Staff::hasOffer);
      a.accept();
      assertEquals("c1 answered a", router.line());
      router.endInput();
      assertEquals("c1 ended a", router.line());
      assertEquals(0, router.exitCode());
    }
  }

  @Test
  @DisplayName("The router serves calls in order as staff become available")
  void routerWaits() throws Exception {
    SharedServer.create(connection, "a", "sales");
    WorkspaceClient a = connection.workspace("a");
    try (Program router = startRouter()) {
      router.write("c1");
      router.write("c2");
      a.changeStatus(Status.STATUS_AVAILABLE);
      assertEquals("c1 offered a", router.line());
      connection.router().callStarted("a", "c1");
      assertEquals("c1 answered a", router.line());
      WorkspaceClient b = SharedServer.available(connection, "b", "sales");
      assertEquals("c2 offered b", router.line());
      b.changeStatus(Status.STATUS_BUSY);
      assertEquals("c2 missed b", router.line());
      connection.router().callEnded("a", "c1");
      assertEquals("c1 ended a", router.line());
      router.signal();
      assertEquals(0, router.exitCode());
    }
  }

  @Test
  @DisplayName("The workspace takes one call, shows its wrap-up, and signs out")
  void workspace() throws Exception {
    SharedServer.create(connection, "a", "sales");
    Floor floor = connection.router().floor(dev.onduty.v1.StaffFilter.getDefaultInstance());
    floor.waitCurrent(Eventually.LIMIT);
    try (Program workspace =
        new Program(
            WORKSPACE,
            "--server",
            options.target(),
            "--tenant",
            options.tenant().orElseThrow(),
            "--staff-id",
            "a")) {
      assertEquals(List.of("OFFLINE", "AVAILABLE"), workspace.linesUpTo("AVAILABLE"));
      connection.router().claim("c1", "a");
      assertEquals("IN_LINE", workspace.line());
      connection.router().callEnded("a", "c1");
      assertEquals("AFTER_CALL_WORK", workspace.line());
      List<String> lines = workspace.linesUpTo("OFFLINE");
      List<Integer> left = lines.stream().flatMap(ExamplesServerTest::secondsLeft).toList();
      assertFalse(left.isEmpty());
      assertEquals(left.stream().sorted(Comparator.reverseOrder()).toList(), left);
      assertTrue(left.stream().allMatch(seconds -> seconds <= 3_600 && seconds > 3_000));
      assertEquals(List.of("AVAILABLE", "OFFLINE"), lines.subList(left.size(), lines.size()));
      assertEquals(0, workspace.exitCode());
    }
  }

  private static Stream<Integer> secondsLeft(String line) {
    Matcher matcher = Pattern.compile("wrap-up: (\\d+) s left").matcher(line);
    return matcher.matches() ? Stream.of(Integer.valueOf(matcher.group(1))) : Stream.empty();
  }

  private WorkspaceClient attached(String staffId) throws InterruptedException {
    WorkspaceClient workspace = SharedServer.available(connection, staffId, "sales");
    workspace.onState(states::add);
    workspace.attach();
    workspace.waitAttached(Eventually.LIMIT);
    return workspace;
  }

  private Program startRouter(String... more) throws Exception {
    String[] usual = {
      "--server",
      options.target(),
      "--tenant",
      options.tenant().orElseThrow(),
      "--skill-group",
      "sales"
    };
    String[] all = java.util.Arrays.copyOf(usual, usual.length + more.length);
    System.arraycopy(more, 0, all, usual.length, more.length);
    return new Program(ROUTER, all);
  }
}
