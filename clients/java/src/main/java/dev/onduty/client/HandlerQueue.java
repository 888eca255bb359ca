package dev.onduty.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs handlers one at a time and in order, off the threads that cause them. It never makes those
 * threads wait.
 */
final class HandlerQueue {
  // Handlers that fall so far behind miss the oldest events; the latest state is never lost.
  private static final int BOUND = 1_024;

  private final Executor executor;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private Thread runner;
  private boolean running;

  HandlerQueue(Executor executor) {
    this.executor = executor;
  }

  synchronized void post(Runnable handlers) {
    if (waiting.size() == BOUND) {
      waiting.removeFirst();
    }
    waiting.addLast(handlers);
    if (!running) {
      running = true;
      try {
        executor.execute(this::drain);
      } catch (RejectedExecutionException closed) {
        running = false;
        waiting.clear();
      }
    }
  }

  /** Waits until no handler runs; returns at once in a handler itself. */
  synchronized void awaitIdle(Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (running && runner != Thread.currentThread()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return;
      }
      wait(left / 1_000_000 + 1);
    }
  }

  private void drain() {
    for (Runnable next = take(); next != null; next = take()) {
      next.run();
    }
  }

  private synchronized Runnable take() {
    runner = Thread.currentThread();
    Runnable next = waiting.pollFirst();
    if (next == null) {
      running = false;
      runner = null;
      notifyAll();
    }
    return next;
  }
}
