package dev.onduty.client;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.ReportCallEventsRequest;
import dev.onduty.v1.ReportCallEventsResponse;
import dev.onduty.v1.ReportCallStartedRequest;
import dev.onduty.v1.RouterServiceGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Holds facts until the service has taken them, and repeats them meanwhile, on a thread of its own.
 * {@link RouterClient#outbox()} opens one.
 *
 * <p>The facts of one call arrive in the order in which they were given, each once: each has one
 * request id. It holds them in memory only: after the end of the program reconcile. Safe for use by
 * many threads.
 */
public final class Outbox implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Outbox.class.getPackageName());

  private final Connection connection;
  private final Handlers.Faults faults = new Handlers.Faults();
  private final Handlers<SettledFact> handlers = new Handlers<>(faults);
  private final boolean heard;
  private final Thread thread;

  private final Object lock = new Object();
  private final FactQueue queue;
  private boolean closing;
  private boolean stopping;
  // Facts that have left the queue and of which the handler is still to be told.
  private int untold;
  private Optional<Future<ReportCallEventsResponse>> attempt = Optional.empty();
  private List<CallEvent> left = List.of();

  Outbox(
      Connection connection,
      FactQueue.Bounds bounds,
      Optional<Consumer<? super SettledFact>> onSettled,
      Optional<Consumer<? super Throwable>> onError) {
    this.connection = connection;
    this.queue =
        new FactQueue(
            bounds,
            connection.options().backoffInitial(),
            () -> ThreadLocalRandom.current().nextDouble());
    this.heard = onSettled.isPresent();
    onSettled.ifPresent(handlers::add);
    onError.ifPresent(faults::reportTo);
    this.thread = connection.newThread("onduty-outbox", this::run);
  }

  /** Begins to deliver. Apart from the constructor, so that the thread sees a complete outbox. */
  void open() {
    connection.add(this);
    thread.start();
  }

  /**
   * Holds the fact that a call is in progress. It waits for nothing. Say {@code occurred_at}: the
   * fact may come late.
   *
   * @param request the fact; it is given a request id where it has none
   * @return its request id
   * @throws OverloadedError where the outbox is full; it has no reason then
   * @throws OndutyError with code {@code CANCELLED} where the outbox is closed
   */
  public String callStarted(ReportCallStartedRequest request) {
    return add(CallEvent.newBuilder().setStarted(request).build());
  }

  /**
   * Holds the fact that an inbound call started.
   *
   * @param staffId whose
   * @param callId the call
   * @return its request id
   */
  public String callStarted(String staffId, String callId) {
    return callStarted(
        ReportCallStartedRequest.newBuilder().setStaffId(staffId).setCallId(callId).build());
  }

  /**
   * Holds the fact that a call, or one leg of it, ended. It fails as {@code callStarted} does.
   *
   * @param request the fact; it is given a request id where it has none
   * @return its request id
   */
  public String callEnded(ReportCallEndedRequest request) {
    return add(CallEvent.newBuilder().setEnded(request).build());
  }

  /**
   * Holds the fact that a call ended.
   *
   * @param staffId whose
   * @param callId the call
   * @return its request id
   */
  public String callEnded(String staffId, String callId) {
    return callEnded(
        ReportCallEndedRequest.newBuilder().setStaffId(staffId).setCallId(callId).build());
  }

  /**
   * Holds a fact, also one that another outbox had left. It fails as {@code callStarted} does.
   *
   * @param event the fact
   * @return its request id
   */
  public String add(CallEvent event) {
    synchronized (lock) {
      if (closing) {
        throw closedError();
      }
      String requestId = queue.add(event, System.nanoTime());
      lock.notifyAll();
      return requestId;
    }
  }

  /**
   * How many facts it holds.
   *
   * @return the number
   */
  public int size() {
    synchronized (lock) {
      return queue.count();
    }
  }

  /**
   * How many bytes these have.
   *
   * @return the number
   */
  public long sizeBytes() {
    synchronized (lock) {
      return queue.sizeBytes();
    }
  }

  /**
   * Why the last attempt that failed did.
   *
   * @return the error; absent where none did
   */
  public Optional<OndutyError> lastError() {
    synchronized (lock) {
      return queue.lastError();
    }
  }

  /**
   * Waits until everything is settled and told.
   *
   * @param timeout how long to wait
   * @throws TimedOutError where it still holds facts then; it goes on delivering them
   * @throws OndutyError with code {@code CANCELLED} where it was closed with facts in it
   * @throws InterruptedException where the thread is interrupted
   */
  public void flush(Duration timeout) throws InterruptedException {
    synchronized (lock) {
      boolean settled = await(() -> isSettled() || !left.isEmpty(), timeout);
      if (!left.isEmpty()) {
        throw closedError();
      }
      if (!settled) {
        String message =
            "the outbox still holds %d facts after %d ms"
                .formatted(queue.count(), timeout.toMillis());
        Throwable last = queue.lastError().orElse(null);
        throw Errors.make(Failure.local(Status.Code.DEADLINE_EXCEEDED, "", message, last));
      }
    }
  }

  /** Delivers for the connection's call timeout more, then ends. May be called twice. */
  @Override
  public void close() {
    close(connection.options().callTimeout());
  }

  /**
   * Delivers for so long more what it holds, then ends. In its handler it begins the end and does
   * not wait for it. May be called twice.
   *
   * @param timeout how long; zero: no longer
   * @return what is left, which the handler is told as well, and which can be given to another
   *     outbox
   */
  public List<CallEvent> close(Duration timeout) {
    boolean inside = Thread.currentThread() == thread;
    boolean interrupted = false;
    synchronized (lock) {
      closing = true;
      lock.notifyAll();
      try {
        if (!inside) {
          await(this::isSettled, timeout);
        }
      } catch (InterruptedException stop) {
        interrupted = true;
      }
      stopping = true;
      lock.notifyAll();
      attempt.ifPresent(future -> future.cancel(true));
    }
    try {
      if (!inside) {
        thread.join();
      }
    } catch (InterruptedException stop) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (lock) {
      return left;
    }
  }

  private boolean isSettled() {
    return queue.count() == 0 && untold == 0;
  }

  /** Waits for the condition with the lock held; false where it did not come true in time. */
  private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      long wait = deadline - System.nanoTime();
      if (wait <= 0) {
        return false;
      }
      lock.wait(wait / 1_000_000 + 1);
    }
    return true;
  }

  // --- delivering -------------------------------------------------------------------------------

  private void run() {
    try {
      Duration pause = Duration.ZERO;
      List<FactQueue.Held> batch = next(pause);
      while (!batch.isEmpty()) {
        pause = deliver(batch);
        batch = next(pause);
      }
    } catch (InterruptedException interrupted) {
      // Nobody but a stranger interrupts this thread; what is held is told below.
      Thread.currentThread().interrupt();
    }
    List<SettledFact> given;
    synchronized (lock) {
      closing = true;
      stopping = true;
      given = queue.giveUp();
      untold += given.size();
      left = given.stream().map(SettledFact::event).toList();
    }
    tell(given);
    connection.remove(this);
  }

  /** Waits for what goes out next; empty: nothing more will. */
  private List<FactQueue.Held> next(Duration pause) throws InterruptedException {
    synchronized (lock) {
      await(() -> stopping, pause);
    }
    while (true) {
      List<SettledFact> gone;
      synchronized (lock) {
        while (queue.count() == 0 && !closing) {
          lock.wait();
        }
        gone = stopping ? List.of() : queue.expired(System.nanoTime());
        if (gone.isEmpty()) {
          return stopping ? List.of() : queue.batch();
        }
        untold += gone.size();
      }
      tell(gone);
    }
  }

  /** One attempt; how long to wait before the next one. */
  private Duration deliver(List<FactQueue.Held> batch) throws InterruptedException {
    ReportCallEventsRequest.Builder request = ReportCallEventsRequest.newBuilder();
    batch.forEach(held -> request.addEvents(held.event()));
    long began = System.nanoTime();
    Optional<ReportCallEventsResponse> answer = Optional.empty();
    Optional<OndutyError> error = Optional.empty();
    try {
      answer = Optional.of(begin(request.build()).get());
    } catch (ExecutionException failed) {
      error = Optional.of(connection.error(failed.getCause()));
    } catch (CancellationException closed) {
      return Duration.ZERO;
    } catch (RuntimeException failed) {
      error = Optional.of(connection.error(failed));
    }
    FactQueue.Step step;
    synchronized (lock) {
      attempt = Optional.empty();
      if (answer.isPresent()) {
        step = queue.answered(batch, answer.get().getResultsList());
      } else {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        step = queue.failed(batch, error.orElseThrow(), took);
      }
      untold += step.settled().size();
    }
    tell(step.settled());
    return step.pause();
  }

  private Future<ReportCallEventsResponse> begin(ReportCallEventsRequest request) {
    synchronized (lock) {
      Future<ReportCallEventsResponse> made =
          connection.begin(RouterServiceGrpc.getReportCallEventsMethod(), request);
      attempt = Optional.of(made);
      if (stopping) {
        made.cancel(true);
      }
      return made;
    }
  }

  private void tell(List<SettledFact> settled) {
    for (SettledFact fact : settled) {
      handlers.tell(fact);
      if (!heard && fact.error().isPresent()) {
        String why = fact.error().get().toString();
        LOG.log(
            System.Logger.Level.WARNING, "a fact was not taken: {0}: {1}", fact.requestId(), why);
      }
    }
    synchronized (lock) {
      untold -= settled.size();
      lock.notifyAll();
    }
  }

  private static OndutyError closedError() {
    return Errors.make(Failure.local(Status.Code.CANCELLED, "", "the outbox is closed", null));
  }
}
