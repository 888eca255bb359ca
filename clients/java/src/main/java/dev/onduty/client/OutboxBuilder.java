package dev.onduty.client;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Settings and handlers of an {@link Outbox} that is not open yet. Not safe for concurrent use. */
public final class OutboxBuilder {
  private static final int FACTS = 10_000;
  private static final long BYTES = 16L << 20;
  private static final Duration DAY = Duration.ofDays(1);

  private final Connection connection;
  private int mostFacts = FACTS;
  private long mostBytes = BYTES;
  private Duration keep = DAY;
  private Optional<Consumer<? super SettledFact>> settledHandler = Optional.empty();
  private Optional<Consumer<? super Throwable>> errorHandler = Optional.empty();

  OutboxBuilder(Connection connection) {
    this.connection = connection;
  }

  /**
   * How many facts it holds; it is full then.
   *
   * @param facts 1 or more; 10,000 unless set
   * @return this
   */
  public OutboxBuilder mostFacts(int facts) {
    mostFacts = facts;
    return this;
  }

  /**
   * How many bytes of facts it holds; it is full then.
   *
   * @param bytes 1 or more; 16 MiB unless set
   * @return this
   */
  public OutboxBuilder mostBytes(long bytes) {
    mostBytes = bytes;
    return this;
  }

  /**
   * For how long a fact that is not taken is held.
   *
   * @param length above 0 and up to a day: the server knows request ids for so long; a day unless
   *     set
   * @return this
   */
  public OutboxBuilder keep(Duration length) {
    keep = length;
    return this;
  }

  /**
   * Sets who is told of each fact that leaves the outbox, taken or not, on the outbox's thread.
   *
   * @param handler gets the fact; without one, what is not taken is logged
   * @return this
   */
  public OutboxBuilder onSettled(Consumer<? super SettledFact> handler) {
    settledHandler = Optional.of(handler);
    return this;
  }

  /**
   * Sets who is told of what the handler throws.
   *
   * @param handler gets it; without one it is logged
   * @return this
   */
  public OutboxBuilder onError(Consumer<? super Throwable> handler) {
    errorHandler = Optional.of(handler);
    return this;
  }

  /**
   * Opens the outbox.
   *
   * @return an outbox; close it when it is no longer needed
   * @throws IllegalArgumentException where a setting is out of its bounds
   */
  public Outbox open() {
    require(mostFacts >= 1, "mostFacts must be 1 or more, not " + mostFacts);
    require(mostBytes >= 1, "mostBytes must be 1 or more, not " + mostBytes);
    Options.requirePositive(keep, "keep");
    require(keep.compareTo(DAY) <= 0, "keep must be up to a day, not " + keep);
    FactQueue.Bounds bounds = new FactQueue.Bounds(mostFacts, mostBytes, keep);
    Outbox outbox = new Outbox(connection, bounds, settledHandler, errorHandler);
    outbox.open();
    return outbox;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
