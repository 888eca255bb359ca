package dev.onduty.client;

import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.SnapshotChunk;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.WatchStaffRequest;
import dev.onduty.v1.WatchStaffResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A live copy of the staff that match a filter. It follows the server over breaks and restarts by
 * itself, and never asks the server to answer a read.
 *
 * <p>Safe for use by many threads. Handlers run one at a time on the floor's own thread, which
 * reads the next frame when they have returned: a handler that blocks holds up this floor alone.
 * Handlers given to {@link FloorBuilder} are told from the first snapshot on; those added later, of
 * later changes.
 */
public final class Floor implements AutoCloseable {
  private final Follower<WatchStaffRequest, WatchStaffResponse, FloorChange> follower;
  private final FloorView view = new FloorView();
  private final Duration trustLimit;

  Floor(FloorBuilder settings) {
    this.trustLimit = settings.trustLimit();
    this.follower =
        new Follower<>(
            "floor",
            RouterServiceGrpc.getWatchStaffMethod(),
            settings,
            new Watch(view, settings.filter(), Times.proto(settings.bookmarkInterval())),
            List.of());
  }

  /** Begins to watch. */
  Floor open() {
    follower.open();
    return this;
  }

  /**
   * Waits until the floor is CURRENT and its handlers have been told so. Not for handlers.
   *
   * @param timeout how long to wait
   * @throws TimedOutError where it took longer; its cause is what went wrong last, if anything
   * @throws OndutyError where the floor has given up, or is closed
   * @throws InterruptedException where the thread is interrupted meanwhile
   */
  public void waitCurrent(Duration timeout) throws InterruptedException {
    follower.waitCurrent(timeout);
  }

  /**
   * Those to whom an inbound call may be assigned now, longest idle first.
   *
   * @param skillGroup the group; empty: everybody
   * @return the staff; nobody before the first snapshot, after the trust limit without a frame, and
   *     when the floor has failed or is closed
   */
  public List<Staff> available(String skillGroup) {
    return follower.read(
        () -> follower.trusted(trustLimit) ? view.available(skillGroup) : List.of());
  }

  /**
   * Shows the state that an answer told, as that of a claim, at once: {@link #available} names
   * nobody who has just been claimed. Who is not in the view, and what is not newer, is passed
   * over. The change itself is told when the stream brings it.
   *
   * @param staff the state
   */
  public void learn(Staff staff) {
    follower.read(
        () -> {
          view.learn(staff);
          return null;
        });
  }

  /**
   * One staff member.
   *
   * @param staffId who
   * @return the last known state; absent where the view has none
   */
  public Optional<Staff> get(String staffId) {
    return follower.read(() -> view.get(staffId));
  }

  /**
   * Everybody in the view.
   *
   * @return the staff by id
   */
  public List<Staff> all() {
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
   * The position that the view shows.
   *
   * @return the position; empty before the first snapshot and while a lost position is made good
   */
  public String position() {
    return follower.position();
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
   * @param handler runs on the floor's thread
   */
  public void onChange(Consumer<? super FloorChange> handler) {
    follower.onChange(handler);
  }

  /**
   * Adds a handler of states. It is told of states from now on.
   *
   * @param handler runs on the floor's thread; CLOSED is told on it as well
   */
  public void onState(Consumer<? super FloorState> handler) {
    follower.onState(handler);
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on the floor's thread
   */
  public void onError(Consumer<? super Throwable> handler) {
    follower.onError(handler);
  }

  /**
   * Ends the floor: cancels the stream and waits for handlers that run, for at most 30 s. A handler
   * may call it, and is not waited for. May be called twice.
   */
  @Override
  public void close() {
    follower.close();
  }

  /** What a watch of staff means to the view. */
  private record Watch(
      FloorView view, StaffFilter filter, com.google.protobuf.Duration bookmarkInterval)
      implements Follower.View<WatchStaffRequest, WatchStaffResponse, FloorChange> {
    @Override
    public WatchStaffRequest request(String resumeAfter) {
      view.beginSnapshot();
      return WatchStaffRequest.newBuilder()
          .setFilter(filter)
          .setResumeAfter(resumeAfter)
          .setBookmarkInterval(bookmarkInterval)
          .build();
    }

    @Override
    public Follower.Taken<FloorChange> take(WatchStaffResponse frame) {
      boolean completed = frame.hasSnapshotChunk() && frame.getSnapshotChunk().getLast();
      Optional<Duration> pause =
          frame.hasGoingAway()
              ? Optional.of(Times.duration(frame.getGoingAway().getReconnectAfter()))
              : Optional.empty();
      return new Follower.Taken<>(
          apply(frame), frame.getPosition(), completed, false, frame.getCatchingUp(), pause);
    }

    @Override
    public List<FloorChange> failed() {
      return List.of();
    }

    private List<FloorChange> apply(WatchStaffResponse frame) {
      return switch (frame.getEventCase()) {
        case SNAPSHOT_CHUNK -> chunk(frame.getSnapshotChunk());
        case CHANGES -> changes(frame.getChanges().getChangesList());
        case GOING_AWAY, BOOKMARK, EVENT_NOT_SET -> List.of();
      };
    }

    private List<FloorChange> chunk(SnapshotChunk chunk) {
      view.addToSnapshot(chunk.getStaffList());
      return chunk.getLast() ? view.swapSnapshot() : List.of();
    }

    private List<FloorChange> changes(List<StaffChange> changes) {
      List<FloorChange> applied = new ArrayList<>(changes.size());
      changes.forEach(change -> view.apply(change).ifPresent(applied::add));
      return applied;
    }
  }
}
