package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.ItemResult;
import dev.onduty.v1.ItemTaken;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.ReportCallStartedRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactQueueTest {
  private static final ItemResult TAKEN =
      ItemResult.newBuilder().setTaken(ItemTaken.getDefaultInstance()).build();
  private static final ItemResult LOST =
      ItemResult.newBuilder()
          .setError(
              com.google.rpc.Status.newBuilder().setCode(Status.Code.UNAVAILABLE.value()).build())
          .build();
  private static final long SECOND = 1_000_000_000L;

  @Test
  @DisplayName("of a call only the oldest fact is on the way, and other calls do not wait for it")
  void order() {
    FactQueue queue = queue(100, 100_000, started("a"), ended("a"), started("b"));
    assertEquals(List.of("STARTED a", "STARTED b"), goingOut(queue));
    queue.answered(queue.batch(), List.of(LOST, TAKEN));
    assertEquals(List.of("STARTED a"), goingOut(queue));
    queue.answered(queue.batch(), List.of(TAKEN));
    assertEquals(List.of("ENDED a"), goingOut(queue));
    queue.answered(queue.batch(), List.of(TAKEN));
    assertEquals(0, queue.count());
    assertEquals(0, queue.sizeBytes());
  }

  @Test
  @DisplayName("a fact is repeated with its request id")
  void repeats() {
    FactQueue queue = queue(100, 100_000, started("a"));
    String given = queue.batch().get(0).event().getStarted().getRequestId();
    queue.failed(queue.batch(), error(Status.Code.UNAVAILABLE, ""), Duration.ZERO);
    assertEquals(given, queue.batch().get(0).event().getStarted().getRequestId());
    assertTrue(!given.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"1, 100000", "100, 80"})
  @DisplayName("a full outbox refuses, by count and by bytes")
  void bounds(int facts, long bytes) {
    FactQueue queue = queue(facts, bytes, started("a"));
    OverloadedError full = assertThrows(OverloadedError.class, () -> queue.add(started("b"), 0));
    assertEquals("", full.reason());
    queue.answered(queue.batch(), List.of(TAKEN));
    queue.add(started("b"), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, '', true",
    "UNIMPLEMENTED, '', true",
    "PERMISSION_DENIED, '', true",
    "INVALID_ARGUMENT, '', true",
    "UNAUTHENTICATED, UNAUTHENTICATED, true",
    "UNAVAILABLE, JOURNAL_UNAVAILABLE, true",
    "RESOURCE_EXHAUSTED, NEVER_HEARD_OF, true",
    "ABORTED, NEVER_HEARD_OF, true",
    "NOT_FOUND, STAFF_UNKNOWN, false",
    "FAILED_PRECONDITION, NEVER_HEARD_OF, false",
    "INVALID_ARGUMENT, INVALID_FIELD, false"
  })
  @DisplayName("a fact is given up only for what the service itself says of it")
  void strayStatuses(Status.Code code, String reason, boolean stays) {
    assertEquals(stays, FactQueue.mayPass(error(code, reason)));
  }

  @Test
  @DisplayName("where a request is refused as a whole, the bad fact alone is told")
  void oneBadFact() {
    FactQueue queue = queue(100, 100_000, started("a"), started("b"));
    OndutyError large = error(Status.Code.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE");
    assertEquals(List.of(), queue.failed(queue.batch(), large, Duration.ZERO).settled());
    List<SettledFact> settled = queue.failed(queue.batch(), large, Duration.ZERO).settled();
    assertEquals("a", settled.get(0).event().getStarted().getCallId());
    assertEquals(large, settled.get(0).error().orElseThrow());
    assertEquals(List.of("STARTED b"), goingOut(queue));
  }

  @Test
  @DisplayName("what was not taken for too long is told, and what is younger stays")
  void expiry() {
    FactQueue queue = queue(100, 100_000);
    String old = queue.add(started("a"), 0);
    queue.add(started("b"), 5 * SECOND);
    List<SettledFact> gone = queue.expired(11 * SECOND);
    assertEquals(1, gone.size());
    OndutyError late = assertInstanceOf(TimedOutError.class, gone.get(0).error().orElseThrow());
    assertEquals(old, late.requestId());
    assertEquals(1, queue.count());
  }

  @Test
  @DisplayName("what is left at the end is told in the order in which it was given")
  void givenUp() {
    FactQueue queue = queue(100, 100_000, started("a"), started("b"), ended("a"));
    List<SettledFact> left = queue.giveUp();
    assertEquals(
        List.of("a", "b", "a"), left.stream().map(fact -> Facts.callId(fact.event())).toList());
    assertTrue(
        left.stream().allMatch(fact -> fact.error().orElseThrow().code() == Status.Code.CANCELLED));
    assertEquals(0, queue.count());
  }

  @Test
  @DisplayName("a server that is back hears of it within a second, however long it was away")
  void waits() {
    FactQueue queue = queue(100, 100_000, started("a"));
    OndutyError lost = error(Status.Code.UNAVAILABLE, "");
    List<Duration> waits = new ArrayList<>();
    for (int attempt = 0; attempt < 20; attempt++) {
      waits.add(queue.failed(queue.batch(), lost, Duration.ZERO).pause());
    }
    assertTrue(
        waits.stream().allMatch(wait -> wait.compareTo(FactQueue.LONGEST_WAIT) <= 0),
        waits.toString());
    assertEquals(Duration.ZERO, queue.failed(queue.batch(), lost, Duration.ofSeconds(5)).pause());
  }

  private static FactQueue queue(int facts, long bytes, CallEvent... events) {
    FactQueue.Bounds bounds = new FactQueue.Bounds(facts, bytes, Duration.ofSeconds(10));
    FactQueue queue = new FactQueue(bounds, Duration.ofMillis(200), () -> 1.0);
    Stream.of(events).forEach(event -> queue.add(event, 0));
    return queue;
  }

  private static CallEvent started(String callId) {
    return CallEvent.newBuilder()
        .setStarted(ReportCallStartedRequest.newBuilder().setStaffId("ana").setCallId(callId))
        .build();
  }

  private static CallEvent ended(String callId) {
    return CallEvent.newBuilder()
        .setEnded(ReportCallEndedRequest.newBuilder().setStaffId("ana").setCallId(callId))
        .build();
  }

  private static List<String> goingOut(FactQueue queue) {
    return queue.batch().stream()
        .map(held -> held.event().getEventCase() + " " + Facts.callId(held.event()))
        .toList();
  }

  private static OndutyError error(Status.Code code, String reason) {
    return Errors.make(Failure.local(code, reason, "no", null));
  }
}
