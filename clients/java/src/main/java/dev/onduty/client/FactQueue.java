package dev.onduty.client;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.ItemResult;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The facts that an outbox holds: what goes out next, what is settled, and how long to wait. It
 * sends nothing and keeps no time, and is not safe for concurrent use.
 *
 * <p>Of each call only the oldest fact is on the way, so that the facts of a call arrive in the
 * order in which they were given.
 */
final class FactQueue {
  /** A server that is back hears the first fact within a second. */
  static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private static final int BATCH = 1_000;
  private static final int BATCH_BYTES = 1 << 20;

  /** How much is held, and for how long. */
  record Bounds(int mostFacts, long mostBytes, Duration keep) {}

  /** What a step settled, and how long to wait before the next request. */
  record Step(List<SettledFact> settled, Duration pause) {}

  /** A fact that is not settled yet. */
  static final class Held {
    private final CallEvent event;
    private final long order;
    private final long addedNanos;
    private Optional<OndutyError> lastError = Optional.empty();

    private Held(CallEvent event, long order, long addedNanos) {
      this.event = event;
      this.order = order;
      this.addedNanos = addedNanos;
    }

    CallEvent event() {
      return event;
    }

    private String callId() {
      return Facts.callId(event);
    }

    private String requestId() {
      return Facts.requestId(event);
    }
  }

  private final Bounds bounds;
  private final Backoff backoff;
  // Of each call the facts that are held, the oldest first; whose turn it is, first.
  private final Map<String, Deque<Held>> calls = new LinkedHashMap<>();
  private long added;
  private int count;
  private long sizeBytes;
  private Optional<OndutyError> lastError = Optional.empty();
  // After a request that was refused as a whole facts go out one by one: a bad one holds up no
  // other.
  private boolean goesAlone;

  FactQueue(Bounds bounds, Duration backoffInitial, DoubleSupplier random) {
    this.bounds = bounds;
    Duration first = backoffInitial.compareTo(LONGEST_WAIT) < 0 ? backoffInitial : LONGEST_WAIT;
    this.backoff = new Backoff(first, LONGEST_WAIT, random);
  }

  int count() {
    return count;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  Optional<OndutyError> lastError() {
    return lastError;
  }

  /** Holds a fact and gives its request id; one without an id is given one. */
  String add(CallEvent given, long nowNanos) {
    CallEvent event = Facts.identified(given);
    int size = event.getSerializedSize();
    if (count >= bounds.mostFacts() || sizeBytes + size > bounds.mostBytes()) {
      String message =
          "the outbox is full: it holds %d facts of %d bytes".formatted(count, sizeBytes);
      throw local(Status.Code.RESOURCE_EXHAUSTED, message, event);
    }
    Held held = new Held(event, added++, nowNanos);
    calls.computeIfAbsent(held.callId(), unknown -> new ArrayDeque<>()).add(held);
    count++;
    sizeBytes += size;
    return held.requestId();
  }

  /** What goes out now: the oldest fact of each call, as much as one request holds. */
  List<Held> batch() {
    List<Held> found = new ArrayList<>();
    long left = BATCH_BYTES;
    for (Deque<Held> facts : calls.values()) {
      Held oldest = facts.getFirst();
      left -= oldest.event.getSerializedSize();
      boolean full = left < 0 || goesAlone || found.size() == BATCH;
      if (full && !found.isEmpty()) {
        break;
      }
      found.add(oldest);
    }
    return found;
  }

  /** The request was answered. */
  Step answered(List<Held> batch, List<ItemResult> results) {
    goesAlone = false;
    List<SettledFact> settled = new ArrayList<>();
    Duration asked = Duration.ZERO;
    for (int i = 0; i < Math.min(batch.size(), results.size()); i++) {
      Held held = batch.get(i);
      FactResult result = new FactResult(results.get(i), held.requestId());
      Optional<OndutyError> passing = result.error().filter(FactQueue::mayPass);
      if (passing.isPresent()) {
        lastError = passing;
        held.lastError = passing;
        asked = max(asked, askedBy(passing.get()));
        endTurn(held);
      } else {
        settled.add(settle(held, result.taken(), result.error()));
      }
    }
    if (settled.size() < batch.size()) {
      return new Step(settled, backoff.next().plus(asked));
    }
    backoff.reset();
    return new Step(settled, Duration.ZERO);
  }

  /** The request failed as a whole; what it took counts as waiting. */
  Step failed(List<Held> batch, OndutyError error, Duration took) {
    lastError = Optional.of(error);
    batch.forEach(held -> held.lastError = Optional.of(error));
    if (mayPass(error)) {
      return new Step(
          List.of(), max(Duration.ZERO, backoff.next().minus(took)).plus(askedBy(error)));
    }
    if (batch.size() > 1) {
      goesAlone = true;
      return new Step(List.of(), Duration.ZERO);
    }
    SettledFact refused = settle(batch.get(0), Optional.empty(), Optional.of(error));
    return new Step(List.of(refused), Duration.ZERO);
  }

  /** Gives up the facts that have been held for too long. */
  List<SettledFact> expired(long nowNanos) {
    List<SettledFact> gone = new ArrayList<>();
    for (Deque<Held> facts : List.copyOf(calls.values())) {
      while (!facts.isEmpty() && nowNanos - facts.getFirst().addedNanos > bounds.keep().toNanos()) {
        Held held = facts.getFirst();
        String last =
            held.lastError.map(error -> "; the last attempt: " + error.getMessage()).orElse("");
        String message = "not taken within " + bounds.keep().toMillis() + " ms" + last;
        OndutyError error = local(Status.Code.DEADLINE_EXCEEDED, message, held.event);
        gone.add(settle(held, Optional.empty(), Optional.of(error)));
      }
    }
    return gone;
  }

  /** Gives up everything, in the order in which it was given. */
  List<SettledFact> giveUp() {
    List<Held> left = new ArrayList<>();
    calls.values().forEach(left::addAll);
    left.sort(Comparator.comparingLong(held -> held.order));
    calls.clear();
    count = 0;
    sizeBytes = 0;
    return left.stream()
        .map(held -> held.event)
        .map(
            event ->
                new SettledFact(
                    event,
                    Optional.empty(),
                    Optional.of(local(Status.Code.CANCELLED, "the outbox was closed", event))))
        .toList();
  }

  /** Whether the same fact may be taken later: all but what the service says of it for good. */
  static boolean mayPass(OndutyError error) {
    return error.reason().isEmpty()
        || error.reason().equals("UNAUTHENTICATED")
        || error.getClass() == OndutyError.class
        || error instanceof UnavailableError
        || error instanceof OverloadedError
        || error instanceof TimedOutError
        || error instanceof InternalError;
  }

  private SettledFact settle(
      Held held, Optional<dev.onduty.v1.ItemTaken> taken, Optional<OndutyError> error) {
    Deque<Held> facts = endTurn(held);
    facts.removeFirst();
    if (facts.isEmpty()) {
      calls.remove(held.callId());
    }
    count--;
    sizeBytes -= held.event.getSerializedSize();
    return new SettledFact(held.event, taken, error);
  }

  private Deque<Held> endTurn(Held held) {
    Deque<Held> facts = calls.remove(held.callId());
    calls.put(held.callId(), facts);
    return facts;
  }

  private static OndutyError local(Status.Code code, String message, CallEvent event) {
    Failure failure = Failure.local(code, "", message, null);
    return Errors.make(failure.withRequestId(Facts.requestId(event)));
  }

  private static Duration askedBy(OndutyError error) {
    return error.failure().retryAfter().filter(wait -> !wait.isNegative()).orElse(Duration.ZERO);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
