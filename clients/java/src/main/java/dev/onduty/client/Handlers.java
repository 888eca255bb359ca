package dev.onduty.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The handlers of one kind of event. What a handler throws is reported and goes no further; on
 * which thread they run is their owner's choice.
 */
final class Handlers<T> {
  private final List<Consumer<? super T>> handlers = new CopyOnWriteArrayList<>();
  private final Faults faults;

  Handlers(Faults faults) {
    this.faults = faults;
  }

  void add(Consumer<? super T> handler) {
    handlers.add(handler);
  }

  void tell(T event) {
    for (Consumer<? super T> handler : handlers) {
      faults.guard(() -> handler.accept(event));
    }
  }

  /** Where the faults of handlers go: to the user's own handler, else to the log. */
  static final class Faults {
    private static final System.Logger LOG = System.getLogger("dev.onduty.client");

    private volatile Consumer<? super Throwable> handler;

    void reportTo(Consumer<? super Throwable> handler) {
      this.handler = handler;
    }

    /** Runs what is the user's. A handler must not be able to end a stream, whatever it throws. */
    void guard(Runnable handlers) {
      try {
        handlers.run();
      } catch (Throwable thrown) {
        report(thrown);
      }
      // An interrupt that a handler left behind is meant for the handler, not for the stream.
      Thread.interrupted();
    }

    private void report(Throwable thrown) {
      Consumer<? super Throwable> chosen = handler;
      try {
        if (chosen != null) {
          chosen.accept(thrown);
          return;
        }
      } catch (Throwable worse) {
        thrown.addSuppressed(worse);
      }
      LOG.log(System.Logger.Level.WARNING, "a handler failed", thrown);
    }
  }
}
