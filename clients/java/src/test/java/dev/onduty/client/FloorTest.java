package dev.onduty.client;

import static dev.onduty.client.FloorViewTest.available;
import static dev.onduty.client.FloorViewTest.busy;
import static dev.onduty.client.FloorViewTest.change;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.onduty.v1.Bookmark;
import dev.onduty.v1.Changes;
import dev.onduty.v1.GoingAway;
import dev.onduty.v1.SnapshotChunk;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.WatchStaffResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FloorTest {
  private static final StaffFilter ALL = StaffFilter.getDefaultInstance();

  private final BlockingQueue<FloorChange> changes = new LinkedBlockingQueue<>();
  private final BlockingQueue<FloorState> states = new LinkedBlockingQueue<>();
  private ScriptedServer server;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    server = new ScriptedServer();
    connection = Connection.open(server.options().build());
  }

  @AfterEach
  void close() {
    connection.close();
    server.close();
  }

  @Test
  @DisplayName("A floor becomes CURRENT with the last chunk of its snapshot")
  void becomesCurrent() throws Exception {
    Floor floor = builder().open();
    var watch = server.nextWatch();
    watch.send(chunk("", false, available("a", 1, 1)));
    watch.send(chunk("p1", true, available("b", 2, 2)));
    floor.waitCurrent(Eventually.LIMIT);
    assertEquals(FloorState.CURRENT, floor.state());
    assertEquals("p1", floor.position());
    assertEquals(2, floor.size());
    assertTrue(floor.lastFrameAge().isPresent());
    assertEquals(2, changes.size());
    assertEquals(FloorState.CURRENT, states.poll());
  }

  @Test
  @DisplayName("Waiting for a floor whose stream is broken waits until it is current again")
  void waitsWhileStale() throws Exception {
    Floor floor = builder().open();
    var broken = server.nextWatch();
    broken.send(chunk("p1", true));
    floor.waitCurrent(Eventually.LIMIT);
    broken.end();
    var next = server.nextWatch();
    assertThrows(TimedOutError.class, () -> floor.waitCurrent(Duration.ofMillis(50)));
    next.send(bookmark("p2"));
    floor.waitCurrent(Eventually.LIMIT);
    assertEquals("p2", floor.position());
  }

  @Test
  @DisplayName("A stream that ends before its snapshot is complete is opened without a position")
  void cutSnapshot() throws Exception {
    Floor floor = builder().open();
    var cut = server.nextWatch();
    cut.send(chunk("too early", false, available("ghost", 1, 1)));
    cut.end();
    var next = server.nextWatch();
    assertEquals("", next.request.getResumeAfter());
    next.send(chunk("p1", true, available("a", 2, 2)));
    floor.waitCurrent(Eventually.LIMIT);
    assertEquals(List.of("a"), floor.all().stream().map(Staff::getStaffId).toList());
  }

  @Test
  @DisplayName("A broken stream is resumed after the last position, and is CURRENT with a frame")
  void resumes() throws Exception {
    Floor floor = builder().open();
    var broken = server.nextWatch();
    broken.send(chunk("p1", true, available("a", 1, 1)));
    broken.send(changes("p2", change(busy("a", 2))));
    broken.fail(Status.UNAVAILABLE.asException());
    var next = server.nextWatch();
    assertEquals("p2", next.request.getResumeAfter());
    Eventually.take(states, FloorState.STALE::equals);
    assertEquals(1, floor.size());
    next.send(bookmark("p3"));
    Eventually.take(states, FloorState.CURRENT::equals);
    assertEquals("p3", floor.position());
  }

  @Test
  @DisplayName("The position of a frame of unknown kind is kept")
  void unknownKind() throws Exception {
    builder().open();
    var watch = server.nextWatch();
    watch.send(chunk("p1", true));
    watch.send(WatchStaffResponse.newBuilder().setPosition("p2").build());
    watch.end();
    assertEquals("p2", server.nextWatch().request.getResumeAfter());
  }

  @Test
  @DisplayName("A lost position is made good at once, and the old view stays until then")
  void resyncs() throws Exception {
    Floor floor = builder().backoff(Duration.ofMillis(1), Duration.ofSeconds(300)).open();
    var first = server.nextWatch();
    first.send(chunk("p1", true, available("stays", 1, 1), available("goes", 2, 2)));
    first.end();
    server.nextWatch().fail(reason(Status.Code.OUT_OF_RANGE, "POSITION_TOO_OLD"));
    var fresh = server.nextWatch();
    assertEquals("", fresh.request.getResumeAfter());
    fresh.send(chunk("", false, available("stays", 1, 1)));
    assertEquals(2, floor.size());
    assertEquals(FloorState.STALE, floor.state());
    changes.clear();
    fresh.send(chunk("p9", true, available("comes", 8, 8)));
    Eventually.take(states, FloorState.STALE::equals);
    Eventually.take(states, FloorState.CURRENT::equals);
    assertEquals(
        List.of("comes ADDED 8", "goes LEFT 0"),
        changes.stream().map(c -> c.staffId() + " " + c.kind() + " " + c.revision()).toList());
  }

  @Test
  @DisplayName("A position that another version made is given up, and the floor begins afresh")
  void unreadablePosition() throws Exception {
    Floor floor = builder().backoff(Duration.ofMillis(1), Duration.ofSeconds(300)).open();
    var first = server.nextWatch();
    first.send(chunk("p1", true, available("stays", 1, 1)));
    first.end();
    server.nextWatch().fail(reason(Status.Code.INVALID_ARGUMENT, "POSITION_MALFORMED"));
    var fresh = server.nextWatch();
    assertEquals("", fresh.request.getResumeAfter());
    fresh.send(chunk("p9", true, available("stays", 1, 1)));
    Eventually.take(states, FloorState.STALE::equals);
    Eventually.take(states, FloorState.CURRENT::equals);
    assertEquals(FloorState.CURRENT, floor.state());
  }

  @Test
  @DisplayName("A silent stream is cancelled and opened again")
  void silence() throws Exception {
    Floor floor = builder().bookmarkInterval(Duration.ofSeconds(1)).open();
    var silent = server.nextWatch();
    assertEquals(1, silent.request.getBookmarkInterval().getSeconds());
    silent.send(chunk("p1", true, available("a", 1, 1)));
    var next = server.nextWatch();
    while (next.request.getResumeAfter().isEmpty()) {
      // The floor ended the stream before it had the snapshot.
      silent = next.send(chunk("p1", true, available("a", 1, 1)));
      next = server.nextWatch();
    }
    assertEquals("p1", next.request.getResumeAfter());
    assertEquals(1, floor.size());
    assertTrue(silent.cancelled.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    Eventually.take(states, FloorState.CURRENT::equals);
    Eventually.take(states, FloorState.STALE::equals);
  }

  @Test
  @DisplayName("After the trust limit without a frame nobody is available")
  void trustLimit() throws Exception {
    // Two floors that hear the same, at first, and no more.
    Floor trusting = builder().trustLimit(Duration.ofHours(1)).open();
    Floor doubting = builder().trustLimit(Duration.ofMillis(100)).open();
    for (int i = 0; i < 2; i++) {
      server.nextWatch().send(chunk("p1", true, available("a", 1, 1)));
    }
    trusting.waitCurrent(Eventually.LIMIT);
    doubting.waitCurrent(Eventually.LIMIT);
    Eventually.becomes("nobody is trusted", () -> doubting.available("").isEmpty());
    assertTrue(doubting.lastFrameAge().orElseThrow().toMillis() >= 100);
    assertEquals(1, doubting.size());
    Eventually.becomes(
        "the frame is as old", () -> trusting.lastFrameAge().orElseThrow().toMillis() >= 100);
    assertEquals(1, trusting.available("").size());
  }

  @Test
  @DisplayName("A refused caller is told so, and the floor has FAILED")
  void givesUp() throws Exception {
    Floor floor = builder().open();
    server.nextWatch().fail(reason(Status.Code.PERMISSION_DENIED, "PERMISSION_DENIED"));
    AccessError error = assertThrows(AccessError.class, () -> floor.waitCurrent(Eventually.LIMIT));
    assertEquals("PERMISSION_DENIED", error.reason());
    assertEquals(FloorState.FAILED, floor.state());
    assertTrue(floor.available("").isEmpty());
    floor.close();
    assertEquals(FloorState.FAILED, floor.state());
  }

  @Test
  @DisplayName("A failed floor whose token is fixed gives up where it is not authenticated")
  void fixedTokenGivesUp() throws Exception {
    Options options = server.options().token("old").build();
    try (Connection fixed = Connection.open(options)) {
      Floor floor = fixed.router().floor(ALL);
      server.nextWatch().fail(Status.UNAUTHENTICATED.asException());
      assertThrows(AccessError.class, () -> floor.waitCurrent(Eventually.LIMIT));
    }
  }

  @Test
  @DisplayName("A token function is asked again for every stream")
  void tokenFunctionIsAskedAgain() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Options options =
        server.options().tenant("acme").token(() -> "token-" + asked.incrementAndGet()).build();
    try (Connection renewing = Connection.open(options)) {
      Floor floor = renewing.router().floor(ALL);
      var refused = server.nextWatch();
      assertEquals("Bearer token-1", refused.header("authorization"));
      assertEquals("acme", refused.header("onduty-tenant"));
      refused.fail(Status.UNAUTHENTICATED.asException());
      var accepted = server.nextWatch();
      assertEquals("Bearer token-2", accepted.header("authorization"));
      accepted.send(chunk("p1", true));
      floor.waitCurrent(Eventually.LIMIT);
    }
  }

  @Test
  @DisplayName("A floor waits as long as the server that goes away asks for")
  void goingAway() throws Exception {
    builder().open();
    var watch = server.nextWatch();
    watch.send(chunk("p1", true));
    long began = System.nanoTime();
    GoingAway away =
        GoingAway.newBuilder().setReconnectAfter(Times.proto(Duration.ofMillis(600))).build();
    watch.send(WatchStaffResponse.newBuilder().setPosition("p2").setGoingAway(away).build());
    watch.end();
    assertEquals("p2", server.nextWatch().request.getResumeAfter());
    assertTrue(System.nanoTime() - began > 600_000_000, "it did not wait");
  }

  @Test
  @DisplayName("Waiting in vain fails, and says what went wrong")
  void waitTimesOut() throws Exception {
    Floor floor = builder().open();
    server.nextWatch().fail(Status.UNAVAILABLE.withDescription("out for lunch").asException());
    server.nextWatch();
    TimedOutError error =
        assertThrows(TimedOutError.class, () -> floor.waitCurrent(Duration.ofMillis(50)));
    assertTrue(error.getMessage().contains("out for lunch"), error.getMessage());
    assertInstanceOf(UnavailableError.class, error.getCause());
  }

  @Test
  @DisplayName("A handler that throws is reported, and the floor goes on")
  void throwingHandler() throws Exception {
    BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    Floor floor =
        connection
            .router()
            .floorBuilder(ALL)
            .onChange(
                change -> {
                  throw new AssertionError("my fault");
                })
            .onError(reported::add)
            .open();
    var watch = server.nextWatch();
    watch.send(chunk("p1", true, available("a", 1, 1)));
    watch.send(changes("p2", change(busy("a", 2))));
    assertEquals(
        "my fault", reported.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS).getMessage());
    assertEquals(
        "my fault", reported.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS).getMessage());
    assertEquals(FloorState.CURRENT, floor.state());
  }

  @Test
  @DisplayName("The view shows a change when its handler runs")
  void viewBeforeHandler() throws Exception {
    AtomicReference<Floor> opened = new AtomicReference<>();
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    CountDownLatch assigned = new CountDownLatch(1);
    Floor floor =
        connection
            .router()
            .floorBuilder(ALL)
            .onChange(
                change -> {
                  awaitQuietly(assigned);
                  sizes.add(opened.get().available("").size());
                })
            .open();
    opened.set(floor);
    assigned.countDown();
    server.nextWatch().send(chunk("p1", true, available("a", 1, 1)));
    assertEquals(1, sizes.poll(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  @DisplayName("A handler may close its floor")
  void closeInHandler() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    Floor floor = builder().open();
    floor.onChange(
        change -> {
          floor.close();
          closed.countDown();
        });
    var watch = server.nextWatch();
    watch.send(chunk("p1", true, available("a", 1, 1)));
    assertTrue(closed.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertTrue(watch.cancelled.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    Eventually.take(states, FloorState.CLOSED::equals);
  }

  @Test
  @DisplayName("Closing waits for the handler that runs")
  void closeWaitsForHandler() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger finished = new AtomicInteger();
    Floor floor =
        builder()
            .onChange(
                change -> {
                  running.countDown();
                  awaitQuietly(release);
                  finished.incrementAndGet();
                })
            .open();
    server.nextWatch().send(chunk("p1", true, available("a", 1, 1)));
    assertTrue(running.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    Thread closing = new Thread(floor::close);
    closing.start();
    Eventually.becomes("closing waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
    assertEquals(0, finished.get());
    release.countDown();
    closing.join(Eventually.LIMIT.toMillis());
    assertEquals(1, finished.get());
    floor.close();
    assertEquals(FloorState.CLOSED, floor.state());
  }

  @Test
  @DisplayName("A closed connection leaves no thread and no stream")
  void nothingIsLeft() throws Exception {
    Floor current = builder().open();
    var watch = server.nextWatch();
    watch.send(chunk("p1", true));
    current.waitCurrent(Eventually.LIMIT);
    builder().open();
    server.nextWatch();
    connection.workspace("a").attach();
    server.nextAttachment();
    assertTrue(threads().size() >= 3, threads().toString());
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("onduty-"))
            .allMatch(Thread::isDaemon));
    connection.close();
    connection.close();
    assertTrue(watch.cancelled.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    // A thread's last steps come after the moment at which its pool calls itself ended.
    Eventually.becomes("no thread is left", () -> threads().isEmpty());
    assertEquals(FloorState.CLOSED, current.state());
    OndutyError closed = assertThrows(OndutyError.class, () -> builder().open());
    assertEquals(Status.Code.CANCELLED, closed.code());
  }

  private FloorBuilder builder() {
    return connection.router().floorBuilder(ALL).onChange(changes::add).onState(states::add);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("onduty-"))
        .toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static Throwable reason(Status.Code code, String reason) {
    return ErrorsTest.failure(
        code, ErrorInfo.newBuilder().setReason(reason).setDomain("onduty.dev").build());
  }

  private static WatchStaffResponse chunk(String position, boolean last, Staff... staff) {
    return WatchStaffResponse.newBuilder()
        .setPosition(position)
        .setSnapshotChunk(SnapshotChunk.newBuilder().addAllStaff(List.of(staff)).setLast(last))
        .build();
  }

  private static WatchStaffResponse changes(String position, StaffChange... changes) {
    return WatchStaffResponse.newBuilder()
        .setPosition(position)
        .setChanges(Changes.newBuilder().addAllChanges(List.of(changes)))
        .build();
  }

  private static WatchStaffResponse bookmark(String position) {
    return WatchStaffResponse.newBuilder()
        .setPosition(position)
        .setBookmark(Bookmark.getDefaultInstance())
        .build();
  }
}
