package dev.onduty.client;

import static dev.onduty.client.ColleagueViewTest.available;
import static dev.onduty.client.ColleagueViewTest.busy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.ErrorInfo;
import dev.onduty.v1.Bookmark;
import dev.onduty.v1.Colleague;
import dev.onduty.v1.ColleagueChange;
import dev.onduty.v1.ColleagueChanges;
import dev.onduty.v1.ColleaguesChunk;
import dev.onduty.v1.GoingAway;
import dev.onduty.v1.WatchColleaguesResponse;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ColleagueWatchTest {
  private final BlockingQueue<ColleagueWatch.Change> changes = new LinkedBlockingQueue<>();
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
  @DisplayName("A watch becomes CURRENT with the last chunk, and follows each change")
  void follows() throws Exception {
    ColleagueWatch colleagues = openWatch();
    var watch = server.nextColleagueWatch();
    assertEquals("a", watch.request.getStaffId());
    watch.send(chunk("", false, busy("b")));
    watch.send(chunk("p1", true, busy("c")));
    colleagues.waitCurrent(Eventually.LIMIT);
    assertEquals(List.of(busy("b"), busy("c")), colleagues.all());
    watch.send(change("p2", available("b")));
    Eventually.take(changes, change -> change.kind() == FloorChange.Kind.CHANGED);
    assertEquals(available("b"), colleagues.get("b").orElseThrow());
    assertEquals(2, colleagues.size());
    assertTrue(colleagues.lastFrameAge().isPresent());
  }

  @Test
  @DisplayName("A broken stream is resumed after the last position")
  void resumes() throws Exception {
    ColleagueWatch colleagues = openWatch();
    var broken = server.nextColleagueWatch();
    broken.send(chunk("p1", true, busy("b")));
    broken.send(change("p2", available("b")));
    broken.fail(Status.UNAVAILABLE.asException());
    var next = server.nextColleagueWatch();
    assertEquals("p2", next.request.getResumeAfter());
    Eventually.take(states, FloorState.STALE::equals);
    assertEquals(1, colleagues.size());
    next.send(bookmark("p3"));
    Eventually.take(states, FloorState.CURRENT::equals);
  }

  @Test
  @DisplayName("After a farewell without position nobody is shown until the next snapshot")
  void beginsAnew() throws Exception {
    ColleagueWatch colleagues = openWatch();
    var first = server.nextColleagueWatch();
    first.send(chunk("p1", true, busy("b"), busy("c")));
    first.send(goingAway(""));
    Eventually.take(states, FloorState.CURRENT::equals);
    Eventually.take(states, FloorState.CONNECTING::equals);
    assertEquals(0, colleagues.size());
    assertEquals(
        List.of("b ADDED", "c ADDED", "b LEFT", "c LEFT"),
        changes.stream().map(change -> change.staffId() + " " + change.kind()).toList());
    first.end();
    var fresh = server.nextColleagueWatch();
    assertEquals("", fresh.request.getResumeAfter());
    fresh.send(chunk("p9", true, busy("d")));
    colleagues.waitCurrent(Eventually.LIMIT);
    assertEquals(List.of(busy("d")), colleagues.all());
  }

  @Test
  @DisplayName("After a farewell with a position it goes on from there")
  void goesOn() throws Exception {
    openWatch();
    var first = server.nextColleagueWatch();
    first.send(chunk("p1", true, busy("b")));
    first.send(goingAway("p2"));
    first.end();
    assertEquals("p2", server.nextColleagueWatch().request.getResumeAfter());
  }

  @Test
  @DisplayName("A position of what was to be seen before is given up at once")
  void resyncs() throws Exception {
    openWatch();
    var first = server.nextColleagueWatch();
    first.send(chunk("p1", true, busy("b")));
    first.end();
    server.nextColleagueWatch().fail(failure("POSITION_FILTER_CHANGED"));
    assertEquals("", server.nextColleagueWatch().request.getResumeAfter());
  }

  @Test
  @DisplayName("Where nobody may see colleagues any more it has failed, and shows nobody")
  void hidden() throws Exception {
    ColleagueWatch colleagues = openWatch();
    var first = server.nextColleagueWatch();
    first.send(chunk("p1", true, busy("b")));
    first.end();
    server.nextColleagueWatch().fail(failure("COLLEAGUES_HIDDEN"));
    Eventually.take(states, FloorState.FAILED::equals);
    RefusedError hidden =
        assertThrows(RefusedError.class, () -> colleagues.waitCurrent(Eventually.LIMIT));
    assertEquals("COLLEAGUES_HIDDEN", hidden.reason());
    assertSame(hidden, colleagues.lastError().orElseThrow());
    assertEquals(0, colleagues.size());
    Eventually.take(changes, change -> change.kind() == FloorChange.Kind.LEFT);
  }

  @Test
  @DisplayName("Closing cancels the stream")
  void closes() throws Exception {
    ColleagueWatch colleagues = openWatch();
    var watch = server.nextColleagueWatch();
    colleagues.close();
    colleagues.close();
    assertTrue(watch.cancelled.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    assertEquals(FloorState.CLOSED, colleagues.state());
    OndutyError closed =
        assertThrows(OndutyError.class, () -> colleagues.waitCurrent(Eventually.LIMIT));
    assertEquals(Status.Code.CANCELLED, closed.code());
  }

  private ColleagueWatch openWatch() {
    return connection
        .workspace("a")
        .colleaguesBuilder()
        .onChange(changes::add)
        .onState(states::add)
        .open();
  }

  private static Throwable failure(String reason) {
    return ErrorsTest.failure(
        Status.Code.FAILED_PRECONDITION,
        ErrorInfo.newBuilder().setReason(reason).setDomain("onduty.dev").build());
  }

  private static WatchColleaguesResponse chunk(
      String position, boolean last, Colleague... colleagues) {
    return WatchColleaguesResponse.newBuilder()
        .setPosition(position)
        .setSnapshotChunk(
            ColleaguesChunk.newBuilder().addAllColleagues(List.of(colleagues)).setLast(last))
        .build();
  }

  private static WatchColleaguesResponse change(String position, Colleague after) {
    return WatchColleaguesResponse.newBuilder()
        .setPosition(position)
        .setChanges(
            ColleagueChanges.newBuilder()
                .addChanges(ColleagueChange.newBuilder().setColleague(after)))
        .build();
  }

  private static WatchColleaguesResponse bookmark(String position) {
    return WatchColleaguesResponse.newBuilder()
        .setPosition(position)
        .setBookmark(Bookmark.getDefaultInstance())
        .build();
  }

  private static WatchColleaguesResponse goingAway(String position) {
    return WatchColleaguesResponse.newBuilder()
        .setPosition(position)
        .setGoingAway(GoingAway.getDefaultInstance())
        .build();
  }
}
