package dev.onduty.client;

import dev.onduty.v1.Colleague;
import dev.onduty.v1.WatchColleaguesRequest;
import dev.onduty.v1.WatchColleaguesResponse;
import dev.onduty.v1.WorkspaceServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A live copy of the colleagues that a staff member may see. It follows the server over breaks.
 *
 * <p>It behaves as a {@link Floor} does: safe for use by many threads, handlers run one at a time
 * on its own thread. Where others may be seen now, as the policy or the own skill groups changed,
 * it is emptied at once, CONNECTING, and begins anew. Where nobody may be, it has FAILED, is empty,
 * and waiting fails with a {@link RefusedError} of reason COLLEAGUES_HIDDEN.
 */
public final class ColleagueWatch implements AutoCloseable {
  /**
   * One change of the view.
   *
   * @param kind what happened to the view
   * @param staffId who
   * @param before the state that the view had; absent with {@code ADDED}
   * @param after the state now; absent with {@code LEFT}
   */
  public record Change(
      FloorChange.Kind kind,
      String staffId,
      Optional<Colleague> before,
      Optional<Colleague> after) {}

  private final Follower<WatchColleaguesRequest, WatchColleaguesResponse, Change> follower;
  private final ColleagueView view = new ColleagueView();

  ColleagueWatch(ColleagueWatchBuilder settings) {
    this.follower =
        new Follower<>(
            "watch",
            WorkspaceServiceGrpc.getWatchColleaguesMethod(),
            settings,
            new Watch(view, settings.staffId(), Times.proto(settings.bookmarkInterval())),
            List.of(NotFoundError.class, RefusedError.class));
  }

  /** Begins to watch. */
  ColleagueWatch open() {
    follower.open();
    return this;
  }

  /**
   * Waits until the view is CURRENT and its handlers have been told so. Not for handlers.
   *
   * @param timeout how long to wait
   * @throws TimedOutError where it took longer; its cause is what went wrong last, if anything
   * @throws RefusedError where the policy lets nobody see colleagues
   * @throws OndutyError where the watch has given up, or is closed
   * @throws InterruptedException where the thread is interrupted meanwhile
   */
  public void waitCurrent(Duration timeout) throws InterruptedException {
    follower.waitCurrent(timeout);
  }

  /**
   * One colleague.
   *
   * @param staffId who
   * @return the last known state; absent where the view has none
   */
  public Optional<Colleague> get(String staffId) {
    return follower.read(() -> view.get(staffId));
  }

  /**
   * Everybody in the view.
   *
   * @return the colleagues by name, then by id; the last known ones where {@link #state} is STALE
   */
  public List<Colleague> all() {
    return follower.read(view::all);
  }

  /**
   * How many are in the view.
   *
   * @return the number
   */
  public int size() {
    return follower.read(view::size);
  }

  /**
   * How far the view can be relied on.
   *
   * @return the state
   */
  public FloorState state() {
    return follower.state();
  }

  /**
   * Why the stream broke last, or why it was given up.
   *
   * @return the error; absent where nothing went wrong
   */
  public Optional<OndutyError> lastError() {
    return follower.lastError();
  }

  /**
   * How long ago the last frame came.
   *
   * @return the age; absent where none has come
   */
  public Optional<Duration> lastFrameAge() {
    return follower.lastFrameAge();
  }

  /**
   * Adds a handler of changes. It is told of changes from now on.
   *
   * @param handler runs on the watch's thread
   */
  public void onChange(Consumer<? super Change> handler) {
    follower.onChange(handler);
  }

  /**
   * Adds a handler of states. It is told of states from now on.
   *
   * @param handler runs on the watch's thread; CLOSED is told on it as well
   */
  public void onState(Consumer<? super FloorState> handler) {
    follower.onState(handler);
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on the watch's thread
   */
  public void onError(Consumer<? super Throwable> handler) {
    follower.onError(handler);
  }

  /**
   * Ends the watch: cancels the stream and waits for handlers that run, for at most 30 s. A handler
   * may call it, and is not waited for. May be called twice.
   */
  @Override
  public void close() {
    follower.close();
  }

  /** What a watch of colleagues means to the view. */
  private record Watch(
      ColleagueView view, String staffId, com.google.protobuf.Duration bookmarkInterval)
      implements Follower.View<WatchColleaguesRequest, WatchColleaguesResponse, Change> {
    @Override
    public WatchColleaguesRequest request(String resumeAfter) {
      view.beginSnapshot();
      return WatchColleaguesRequest.newBuilder()
          .setStaffId(staffId)
          .setResumeAfter(resumeAfter)
          .setBookmarkInterval(bookmarkInterval)
          .build();
    }

    @Override
    public Follower.Taken<Change> take(WatchColleaguesResponse frame) {
      boolean completed = frame.hasSnapshotChunk() && frame.getSnapshotChunk().getLast();
      Optional<Duration> pause =
          frame.hasGoingAway()
              ? Optional.of(Times.duration(frame.getGoingAway().getReconnectAfter()))
              : Optional.empty();
      return new Follower.Taken<>(
          apply(frame), frame.getPosition(), completed, anew(frame), frame.getCatchingUp(), pause);
    }

    @Override
    public List<Change> failed() {
      return view.clear();
    }

    /**
     * A farewell without position: others may be seen now, and those who were seen not any more.
     */
    private static boolean anew(WatchColleaguesResponse frame) {
      return frame.hasGoingAway() && frame.getPosition().isEmpty();
    }

    private List<Change> apply(WatchColleaguesResponse frame) {
      return switch (frame.getEventCase()) {
        case SNAPSHOT_CHUNK -> {
          view.addToSnapshot(frame.getSnapshotChunk().getColleaguesList());
          yield frame.getSnapshotChunk().getLast() ? view.swapSnapshot() : List.of();
        }
        case CHANGES -> view.apply(frame.getChanges().getChangesList());
        case GOING_AWAY -> anew(frame) ? view.clear() : List.of();
        case BOOKMARK, EVENT_NOT_SET -> List.of();
      };
    }
  }
}
