package dev.onduty.client;

import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.SnapshotChunk;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffChange;
import dev.onduty.v1.WatchStaffRequest;
import dev.onduty.v1.WatchStaffResponse;
import io.grpc.Status;
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
  private final Connection connection;
  private final FloorBuilder settings;
  private final StreamLoop<WatchStaffRequest, WatchStaffResponse> loop;
  private final Handlers.Faults faults = new Handlers.Faults();
  private final Handlers<FloorChange> changeHandlers = new Handlers<>(faults);
  private final Handlers<FloorState> stateHandlers = new Handlers<>(faults);

  private final Object lock = new Object();
  private final FloorView view = new FloorView();
  private FloorState state = FloorState.CONNECTING;
  private String position = "";
  private boolean toldCurrent;
  private boolean hasView;
  private boolean awaitsSnapshot = true;
  private Optional<Long> lastFrameNanos = Optional.empty();
  private Optional<OndutyError> lastError = Optional.empty();

  Floor(Connection connection, FloorBuilder settings) {
    this.connection = connection;
    this.settings = settings;
    settings.changeHandlers().forEach(changeHandlers::add);
    settings.stateHandlers().forEach(stateHandlers::add);
    faults.reportTo(settings.errorHandler());
    this.loop =
        new StreamLoop<>(
            connection,
            "onduty-floor",
            RouterServiceGrpc.getWatchStaffMethod(),
            settings.bookmarkInterval().multipliedBy(3),
            settings.backoffInitial(),
            settings.backoffMax(),
            new Watch());
  }

  /** Begins to watch. Apart from the constructor, so that the thread sees a complete floor. */
  Floor open() {
    connection.add(this);
    loop.start();
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
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      while (!toldCurrent) {
        if (state == FloorState.FAILED) {
          throw lastError.orElseThrow();
        }
        if (state == FloorState.CLOSED) {
          throw Errors.make(Failure.local(Status.Code.CANCELLED, "", "the floor is closed", null));
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw notCurrent(timeout);
        }
        lock.wait(left / 1_000_000 + 1);
      }
    }
  }

  /**
   * Those to whom an inbound call may be assigned now, longest idle first.
   *
   * @param skillGroup the group; empty: everybody
   * @return the staff; nobody before the first snapshot, after the trust limit without a frame, and
   *     when the floor has failed or is closed
   */
  public List<Staff> available(String skillGroup) {
    synchronized (lock) {
      boolean ended = state == FloorState.FAILED || state == FloorState.CLOSED;
      boolean trusted = age().filter(age -> age.compareTo(settings.trustLimit()) < 0).isPresent();
      return hasView && trusted && !ended ? view.available(skillGroup) : List.of();
    }
  }

  /**
   * One staff member.
   *
   * @param staffId who
   * @return the last known state; absent where the view has none
   */
  public Optional<Staff> get(String staffId) {
    synchronized (lock) {
      return view.get(staffId);
    }
  }

  /**
   * Everybody in the view.
   *
   * @return the staff by id
   */
  public List<Staff> all() {
    synchronized (lock) {
      return view.all();
    }
  }

  /**
   * How many are in the view.
   *
   * @return the number
   */
  public int size() {
    synchronized (lock) {
      return view.size();
    }
  }

  /**
   * How far the view can be relied on.
   *
   * @return the state
   */
  public FloorState state() {
    synchronized (lock) {
      return state;
    }
  }

  /**
   * The position that the view shows.
   *
   * @return the position; empty before the first snapshot and while a lost position is made good
   */
  public String position() {
    synchronized (lock) {
      return position;
    }
  }

  /**
   * How long ago the last frame came.
   *
   * @return the age; absent where none has come
   */
  public Optional<Duration> lastFrameAge() {
    synchronized (lock) {
      return age();
    }
  }

  /**
   * Adds a handler of changes. It is told of changes from now on.
   *
   * @param handler runs on the floor's thread
   */
  public void onChange(Consumer<? super FloorChange> handler) {
    changeHandlers.add(handler);
  }

  /**
   * Adds a handler of states. It is told of states from now on.
   *
   * @param handler runs on the floor's thread; CLOSED is told on it as well
   */
  public void onState(Consumer<? super FloorState> handler) {
    stateHandlers.add(handler);
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on the floor's thread
   */
  public void onError(Consumer<? super Throwable> handler) {
    faults.reportTo(handler);
  }

  /**
   * Ends the floor: cancels the stream and waits for handlers that run, for at most 30 s. A handler
   * may call it, and is not waited for. May be called twice.
   */
  @Override
  public void close() {
    loop.close();
    connection.remove(this);
  }

  private Optional<Duration> age() {
    return lastFrameNanos.map(nanos -> Duration.ofNanos(System.nanoTime() - nanos));
  }

  private OndutyError notCurrent(Duration timeout) {
    String last =
        lastError.map(error -> "; the last failure was: " + error.getMessage()).orElse("");
    return Errors.make(
        Failure.local(
            Status.Code.DEADLINE_EXCEEDED,
            "",
            "not current within " + timeout.toMillis() + " ms" + last,
            lastError.orElse(null)));
  }

  private void change(FloorState next) {
    if (set(next)) {
      stateHandlers.tell(next);
    }
  }

  private boolean set(FloorState next) {
    synchronized (lock) {
      boolean changed = state != next;
      state = next;
      toldCurrent = toldCurrent && !changed;
      lock.notifyAll();
      return changed;
    }
  }

  /** What the stream's frames and ends mean to the floor. */
  private final class Watch implements StreamLoop.Owner<WatchStaffRequest, WatchStaffResponse> {
    @Override
    public WatchStaffRequest request() {
      synchronized (lock) {
        awaitsSnapshot = position.isEmpty();
        view.beginSnapshot();
        return WatchStaffRequest.newBuilder()
            .setFilter(settings.filter())
            .setResumeAfter(position)
            .setBookmarkInterval(Times.proto(settings.bookmarkInterval()))
            .build();
      }
    }

    @Override
    public void frame(WatchStaffResponse frame, StreamLoop.Arrival arrival) {
      List<FloorChange> changes;
      boolean becameCurrent;
      synchronized (lock) {
        lastFrameNanos = Optional.of(arrival.nanos());
        changes = apply(frame);
        // Before the snapshot is complete a position would skip the rest of it.
        if (!awaitsSnapshot && !frame.getPosition().isEmpty()) {
          position = frame.getPosition();
        }
        hasView = hasView || !awaitsSnapshot;
        becameCurrent = !awaitsSnapshot && set(FloorState.CURRENT);
      }
      changes.forEach(changeHandlers::tell);
      if (becameCurrent) {
        stateHandlers.tell(FloorState.CURRENT);
        synchronized (lock) {
          toldCurrent = true;
          lock.notifyAll();
        }
      }
    }

    @Override
    public StreamLoop.Next ended(Optional<OndutyError> error) {
      boolean hadPosition;
      FloorState next;
      synchronized (lock) {
        lastError = error.or(() -> lastError);
        hadPosition = !position.isEmpty();
        if (error.filter(PositionError.class::isInstance).isPresent()) {
          position = "";
        }
        next = hasView ? FloorState.STALE : FloorState.CONNECTING;
      }
      if (error.filter(this::isFinal).isPresent()) {
        change(FloorState.FAILED);
        return StreamLoop.Next.STOP;
      }
      change(next);
      boolean lostPosition = error.filter(PositionError.class::isInstance).isPresent();
      return lostPosition && hadPosition ? StreamLoop.Next.AT_ONCE : StreamLoop.Next.WAIT;
    }

    @Override
    public void stopped() {
      if (state() != FloorState.FAILED) {
        change(FloorState.CLOSED);
      }
    }

    private boolean isFinal(OndutyError error) {
      if (error.code() == Status.Code.UNAUTHENTICATED && connection.options().tokenRenews()) {
        return false;
      }
      return error instanceof AccessError
          || error instanceof InvalidRequestError
          || error instanceof UnsupportedError;
    }

    private List<FloorChange> apply(WatchStaffResponse frame) {
      return switch (frame.getEventCase()) {
        case SNAPSHOT_CHUNK -> chunk(frame.getSnapshotChunk());
        case CHANGES -> changes(frame.getChanges().getChangesList());
        case GOING_AWAY -> {
          loop.askToWait(Times.duration(frame.getGoingAway().getReconnectAfter()));
          yield List.of();
        }
        case BOOKMARK, EVENT_NOT_SET -> List.of();
      };
    }

    private List<FloorChange> chunk(SnapshotChunk chunk) {
      view.addToSnapshot(chunk.getStaffList());
      if (!chunk.getLast()) {
        return List.of();
      }
      awaitsSnapshot = false;
      return view.swapSnapshot();
    }

    private List<FloorChange> changes(List<StaffChange> changes) {
      List<FloorChange> applied = new ArrayList<>(changes.size());
      changes.forEach(change -> view.apply(change).ifPresent(applied::add));
      return applied;
    }
  }
}
