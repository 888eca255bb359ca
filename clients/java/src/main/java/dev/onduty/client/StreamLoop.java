package dev.onduty.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one server stream open over breaks, on a thread of its own. It does not know what requests
 * and frames mean: its owner does.
 *
 * @param <Q> the request
 * @param <F> a frame
 */
final class StreamLoop<Q, F> implements AutoCloseable {
  /** What the owner of a stream decides. Called on the loop's thread, one call at a time. */
  interface Owner<Q, F> {
    /** The request of the next stream. */
    Q request();

    /** Takes a frame. The next one is read when this returns. */
    void frame(F frame, Arrival arrival);

    /** Says what to do after a stream's end; without an error the server ended it. */
    Next ended(Optional<OndutyError> error);

    /** The loop has ended by itself or was closed. */
    void stopped();
  }

  /** When a frame came, by the wall clock and by the monotonic one. */
  record Arrival(Instant at, long nanos) {}

  /** What follows a stream's end. */
  enum Next {
    /** Another stream after a wait. */
    WAIT,
    /** Another stream now. */
    AT_ONCE,
    /** No other stream. */
    STOP
  }

  private record Event<F>(F frame, Arrival arrival, Status status, Metadata trailers) {}

  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(1);
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);
  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(30);

  private final Connection connection;
  private final MethodDescriptor<Q, F> method;
  private final Duration silenceLimit;
  private final Owner<Q, F> owner;
  private final Backoff backoff;
  private final Thread thread;
  private final Object lock = new Object();
  private Duration asked = Duration.ZERO;
  private volatile CountDownLatch pausing = new CountDownLatch(0);
  private volatile boolean closed;
  private ClientCall<Q, F> call;

  /**
   * @param silenceLimit how long a stream may carry nothing
   */
  StreamLoop(
      Connection connection,
      String name,
      MethodDescriptor<Q, F> method,
      Duration silenceLimit,
      Duration backoffInitial,
      Duration backoffMax,
      Owner<Q, F> owner) {
    this.connection = connection;
    this.method = method;
    this.silenceLimit = silenceLimit;
    this.owner = owner;
    this.backoff =
        new Backoff(backoffInitial, backoffMax, () -> ThreadLocalRandom.current().nextDouble());
    this.thread = connection.newThread(name, this::run);
  }

  void start() {
    thread.start();
  }

  boolean isClosed() {
    return closed;
  }

  /** Adds to the wait before the next stream what the server asked for. */
  void askToWait(Duration wait) {
    asked = wait;
  }

  /**
   * Whether no stream can do better after this error: for what the service itself says, and for a
   * stray status, as of a proxy, only where the stream has never carried what it was opened for. A
   * token that renews may be good again.
   */
  boolean endsWith(
      OndutyError error, boolean hasBegun, List<Class<? extends OndutyError>> alsoFinal) {
    if (hasBegun && error.reason().isEmpty()) {
      return false;
    }
    if (alsoFinal.stream().anyMatch(kind -> kind.isInstance(error))) {
      return true;
    }
    if (error.code() == Status.Code.UNAUTHENTICATED && connection.options().tokenRenews()) {
      return false;
    }
    return error instanceof AccessError
        || error instanceof InvalidRequestError
        || error instanceof UnsupportedError;
  }

  /** Cancels the stream and waits for the thread, unless it is the thread that asks. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (call != null) {
        call.cancel("closed", null);
      }
    }
    pausing.countDown();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSING_LIMIT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Next next = Next.AT_ONCE;
      while (next != Next.STOP && !closed) {
        Optional<OndutyError> error = stream();
        if (closed) {
          return;
        }
        next = owner.ended(error);
        if (next == Next.WAIT) {
          pause(new CountDownLatch(1), backoff.next().plus(askedWait(error)));
        }
        asked = Duration.ZERO;
      }
    } catch (InterruptedException interrupted) {
      // Nobody but a stranger interrupts this thread; there is nothing to go on with.
      closed = true;
    } finally {
      endCall();
      owner.stopped();
    }
  }

  /** Opens a stream and reads it to its end. Absent: the server ended it without an error. */
  private Optional<OndutyError> stream() throws InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    if (connection.nudge(connected::countDown)) {
      pause(connected, CONNECT_PATIENCE);
    }
    BlockingQueue<Event<F>> inbox = new ArrayBlockingQueue<>(2);
    if (!open(inbox)) {
      return Optional.empty();
    }
    while (true) {
      Event<F> event = inbox.poll(silenceLimit.toNanos(), TimeUnit.NANOSECONDS);
      if (event == null) {
        endCall();
        return Optional.of(silent());
      }
      if (event.status() != null) {
        return event.status().isOk()
            ? Optional.empty()
            : Optional.of(Errors.from(event.status(), event.trailers(), null));
      }
      backoff.reset();
      try {
        owner.frame(event.frame(), event.arrival());
      } catch (RuntimeException unreadable) {
        endCall();
        return Optional.of(unusable(unreadable));
      }
      call.request(1);
    }
  }

  private boolean open(BlockingQueue<Event<F>> inbox) {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      call = connection.newStream(method);
      call.start(new Inbox<>(inbox), new Metadata());
      call.request(1);
      call.sendMessage(owner.request());
      call.halfClose();
      return true;
    }
  }

  private void endCall() {
    synchronized (lock) {
      if (call != null) {
        call.cancel("no longer needed", null);
      }
    }
  }

  private OndutyError silent() {
    String message = "nothing came for " + silenceLimit.toMillis() + " ms";
    return Errors.make(Failure.local(Status.Code.UNAVAILABLE, "", message, null));
  }

  private static OndutyError unusable(RuntimeException cause) {
    String message = "a frame could not be used: " + cause;
    return Errors.make(Failure.local(Status.Code.INTERNAL, "", message, cause));
  }

  private void pause(CountDownLatch until, Duration limit) throws InterruptedException {
    pausing = until;
    if (!closed) {
      until.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private Duration askedWait(Optional<OndutyError> error) {
    Duration wanted = error.flatMap(failed -> failed.failure().retryAfter()).orElse(asked);
    if (wanted.isNegative()) {
      return Duration.ZERO;
    }
    return wanted.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : wanted;
  }

  /** Hands what gRPC tells to the loop's thread. One frame is asked for at a time, so it fits. */
  private static final class Inbox<F> extends ClientCall.Listener<F> {
    private final BlockingQueue<Event<F>> events;

    Inbox(BlockingQueue<Event<F>> events) {
      this.events = events;
    }

    @Override
    public void onMessage(F frame) {
      events.offer(new Event<>(frame, new Arrival(Instant.now(), System.nanoTime()), null, null));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      events.offer(new Event<>(null, null, status, trailers));
    }
  }
}
