package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandlersTest {
  private final Handlers.Faults faults = new Handlers.Faults();
  private final Handlers<String> handlers = new Handlers<>(faults);
  private final List<Object> seen = new ArrayList<>();

  @Test
  @DisplayName("A handler that throws is reported and harms no other handler")
  void throwingHandler() {
    IllegalStateException thrown = new IllegalStateException("mine");
    faults.reportTo(seen::add);
    handlers.add(
        event -> {
          throw thrown;
        });
    handlers.add(seen::add);
    handlers.tell("event");
    assertEquals(List.of(thrown, "event"), seen);
  }

  @Test
  @DisplayName("A report that throws as well harms nothing")
  void throwingReport() {
    java.util.logging.Logger.getLogger("dev.onduty.client").setLevel(java.util.logging.Level.OFF);
    faults.reportTo(
        thrown -> {
          throw new IllegalStateException("worse");
        });
    handlers.add(
        event -> {
          throw new AssertionError("bad");
        });
    handlers.add(seen::add);
    handlers.tell("event");
    assertEquals(List.of("event"), seen);
  }

  @Test
  @DisplayName("An interrupt that a handler leaves behind does not reach the stream")
  void interruptIsDropped() {
    handlers.add(event -> Thread.currentThread().interrupt());
    handlers.tell("event");
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  @DisplayName("Queued handlers run one at a time and in order")
  void inOrder() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    HandlerQueue queue = new HandlerQueue(threads);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int number = i;
      queue.post(() -> order.add(number));
    }
    queue.awaitIdle(Eventually.LIMIT);
    threads.shutdownNow();
    assertEquals(java.util.stream.IntStream.range(0, 500).boxed().toList(), order);
  }

  @Test
  @DisplayName("Handlers that fall behind without end miss the oldest events, never the latest")
  void bounded() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    HandlerQueue queue = new HandlerQueue(thread);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    queue.post(
        () -> {
          running.countDown();
          try {
            assertTrue(blocked.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
          } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
          }
        });
    assertTrue(running.await(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS));
    for (int i = 1; i <= 5_000; i++) {
      int number = i;
      queue.post(
          () -> {
            count.incrementAndGet();
            last.set(number);
          });
    }
    blocked.countDown();
    queue.awaitIdle(Eventually.LIMIT);
    thread.shutdownNow();
    assertTrue(count.get() <= 1_024);
    assertEquals(5_000, last.get());
  }
}
