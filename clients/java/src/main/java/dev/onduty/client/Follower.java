package dev.onduty.client;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps a view up to date by a watch, over breaks: its state, its position and its handlers. What
 * requests and frames mean is the view's.
 *
 * <p>The view is guarded by the follower's lock; handlers run outside of it, on the loop's thread.
 *
 * @param <Q> the watch's request
 * @param <F> a frame
 * @param <C> a change of the view
 */
final class Follower<Q, F, C> implements AutoCloseable {
  /** What is kept up to date. Called under the follower's lock. */
  interface View<Q, F, C> {
    /** The request of the next watch; empty: without position. Forgets a snapshot cut short. */
    Q request(String resumeAfter);

    /** Takes a frame. */
    Taken<C> take(F frame);

    /** Says what is no longer shown where no stream can be opened any more. */
    List<C> failed();
  }

  /**
   * What a frame did.
   *
   * @param changes of the view, to be told in order
   * @param position where to go on; empty: as before
   * @param completed the frame was the last of a snapshot
   * @param anew the view was emptied and begins again with a snapshot
   * @param catchingUp more of what had happened when the watch was opened is still to come
   * @param pause how long the server that goes away asks to wait
   */
  record Taken<C>(
      List<C> changes,
      String position,
      boolean completed,
      boolean anew,
      boolean catchingUp,
      Optional<Duration> pause) {}

  private final Connection connection;
  private final List<Class<? extends OndutyError>> alsoFinal;
  private final String what;
  private final StreamLoop<Q, F> loop;
  private final View<Q, F, C> view;
  private final Handlers.Faults faults = new Handlers.Faults();
  private final Handlers<C> changeHandlers = new Handlers<>(faults);
  private final Handlers<FloorState> stateHandlers = new Handlers<>(faults);

  private final Object lock = new Object();
  private FloorState state = FloorState.CONNECTING;
  private String position = "";
  private boolean toldCurrent;
  private boolean hasView;
  private boolean awaitsSnapshot = true;
  // A snapshot was complete. Of the loop's thread alone.
  private boolean hasBegun;
  private Optional<Long> lastFrameNanos = Optional.empty();
  // When the view was known to be the present last.
  private Optional<Long> lastCurrentNanos = Optional.empty();
  private Optional<OndutyError> lastError = Optional.empty();

  /**
   * Makes a follower that follows nothing yet.
   *
   * @param what a noun for messages and the thread's name
   * @param alsoFinal the errors that end it besides those that end every stream
   */
  Follower(
      String what,
      MethodDescriptor<Q, F> method,
      FollowerBuilder<C, ?> settings,
      View<Q, F, C> view,
      List<Class<? extends OndutyError>> alsoFinal) {
    this.what = what;
    this.connection = settings.connection();
    this.view = view;
    this.alsoFinal = alsoFinal;
    settings.changeHandlers().forEach(changeHandlers::add);
    settings.stateHandlers().forEach(stateHandlers::add);
    faults.reportTo(settings.errorHandler());
    this.loop =
        new StreamLoop<>(
            connection,
            "onduty-" + what,
            method,
            settings.bookmarkInterval().multipliedBy(3),
            settings.backoffInitial(),
            settings.backoffMax(),
            new Watch());
  }

  /** Begins to watch. Apart from the constructor, so that the thread sees a complete follower. */
  void open() {
    connection.add(this);
    loop.start();
  }

  void waitCurrent(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      while (!toldCurrent) {
        if (state == FloorState.FAILED) {
          throw lastError.orElseThrow();
        }
        if (state == FloorState.CLOSED) {
          String message = "the " + what + " is closed";
          throw Errors.make(Failure.local(Status.Code.CANCELLED, "", message, null));
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw notCurrent(timeout);
        }
        lock.wait(left / 1_000_000 + 1);
      }
    }
  }

  /** Reads the view. */
  <T> T read(Supplier<T> reader) {
    synchronized (lock) {
      return reader.get();
    }
  }

  /** The view is complete, goes on, and was the present within the limit. */
  boolean trusted(Duration limit) {
    synchronized (lock) {
      boolean ended = state == FloorState.FAILED || state == FloorState.CLOSED;
      boolean fresh =
          lastCurrentNanos.filter(at -> System.nanoTime() - at < limit.toNanos()).isPresent();
      return hasView && fresh && !ended;
    }
  }

  FloorState state() {
    synchronized (lock) {
      return state;
    }
  }

  String position() {
    synchronized (lock) {
      return position;
    }
  }

  Optional<OndutyError> lastError() {
    synchronized (lock) {
      return lastError;
    }
  }

  Optional<Duration> lastFrameAge() {
    synchronized (lock) {
      return lastFrameNanos.map(nanos -> Duration.ofNanos(System.nanoTime() - nanos));
    }
  }

  void onChange(Consumer<? super C> handler) {
    changeHandlers.add(handler);
  }

  void onState(Consumer<? super FloorState> handler) {
    stateHandlers.add(handler);
  }

  void onError(Consumer<? super Throwable> handler) {
    faults.reportTo(handler);
  }

  /** Cancels the stream and waits for handlers that run, unless a handler asks. */
  @Override
  public void close() {
    loop.close();
    connection.remove(this);
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

  /** Whether an error says that the position is of no use; another version may have made it. */
  private static boolean isOfThePosition(OndutyError error) {
    return error instanceof PositionError || error.reason().equals("POSITION_MALFORMED");
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

  /** What the stream's frames and ends mean to the follower. */
  private final class Watch implements StreamLoop.Owner<Q, F> {
    @Override
    public Q request() {
      synchronized (lock) {
        awaitsSnapshot = position.isEmpty();
        return view.request(position);
      }
    }

    @Override
    public void frame(F frame, StreamLoop.Arrival arrival) {
      Taken<C> taken;
      FloorState next;
      boolean changed;
      synchronized (lock) {
        lastFrameNanos = Optional.of(arrival.nanos());
        taken = view.take(frame);
        taken.pause().ifPresent(loop::askToWait);
        next = follow(taken, arrival);
        changed = set(next);
      }
      for (C change : taken.changes()) {
        if (loop.isClosed()) {
          return; // A handler closed it: what is left of the frame is not told.
        }
        changeHandlers.tell(change);
      }
      if (loop.isClosed()) {
        return;
      }
      if (changed) {
        stateHandlers.tell(next);
      }
      if (changed && next == FloorState.CURRENT) {
        synchronized (lock) {
          toldCurrent = true;
          lock.notifyAll();
        }
      }
    }

    private FloorState follow(Taken<C> taken, StreamLoop.Arrival arrival) {
      awaitsSnapshot = taken.anew() || (awaitsSnapshot && !taken.completed());
      if (taken.anew()) {
        position = "";
        hasView = false;
        return FloorState.CONNECTING;
      }
      if (awaitsSnapshot) {
        // Before the snapshot is complete a position would skip the rest of it.
        return state;
      }
      hasView = true;
      hasBegun = true;
      position = taken.position().isEmpty() ? position : taken.position();
      if (taken.catchingUp()) {
        return state;
      }
      lastCurrentNanos = Optional.of(arrival.nanos());
      return FloorState.CURRENT;
    }

    @Override
    public StreamLoop.Next ended(Optional<OndutyError> error) {
      boolean lostPosition = error.filter(Follower::isOfThePosition).isPresent();
      boolean hadPosition;
      FloorState next;
      synchronized (lock) {
        lastError = error.or(() -> lastError);
        hadPosition = !position.isEmpty();
        if (lostPosition) {
          position = "";
        }
        next = hasView ? FloorState.STALE : FloorState.CONNECTING;
      }
      if (!lostPosition && error.filter(this::isFinal).isPresent()) {
        fail();
        return StreamLoop.Next.STOP;
      }
      change(next);
      return lostPosition && hadPosition ? StreamLoop.Next.AT_ONCE : StreamLoop.Next.WAIT;
    }

    private void fail() {
      List<C> hidden;
      synchronized (lock) {
        hidden = view.failed();
        set(FloorState.FAILED);
      }
      hidden.forEach(changeHandlers::tell);
      stateHandlers.tell(FloorState.FAILED);
    }

    @Override
    public void stopped() {
      if (state() != FloorState.FAILED) {
        change(FloorState.CLOSED);
      }
    }

    private boolean isFinal(OndutyError error) {
      return loop.endsWith(error, hasBegun, alsoFinal);
    }
  }
}
