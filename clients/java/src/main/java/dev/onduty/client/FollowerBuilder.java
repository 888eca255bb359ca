package dev.onduty.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects how something that follows the server is to be. Nothing is watched before it is opened.
 * The defaults are the connection's options.
 *
 * @param <C> a change of what is followed
 * @param <B> the builder itself
 */
public abstract sealed class FollowerBuilder<C, B extends FollowerBuilder<C, B>>
    permits FloorBuilder, ColleagueWatchBuilder {
  private final Connection connection;
  private final List<Consumer<? super C>> changeHandlers = new ArrayList<>();
  private final List<Consumer<? super FloorState>> stateHandlers = new ArrayList<>();
  private Consumer<? super Throwable> errorHandler;
  private Duration bookmarkInterval;
  private Duration backoffInitial;
  private Duration backoffMax;

  FollowerBuilder(Connection connection) {
    this.connection = connection;
    this.bookmarkInterval = connection.options().bookmarkInterval();
    this.backoffInitial = connection.options().backoffInitial();
    this.backoffMax = connection.options().backoffMax();
  }

  abstract B self();

  /**
   * Sets how often a quiet stream says that it lives.
   *
   * @param value 1-60 s
   * @return this builder
   */
  public B bookmarkInterval(Duration value) {
    bookmarkInterval = value;
    return self();
  }

  /**
   * Sets the waits between attempts of the stream.
   *
   * @param initial the first, above 0; it doubles
   * @param max the longest, not below the first
   * @return this builder
   */
  public B backoff(Duration initial, Duration max) {
    backoffInitial = initial;
    backoffMax = max;
    return self();
  }

  /**
   * Adds a handler of changes, told from the first snapshot on.
   *
   * @param handler runs on the thread that follows
   * @return this builder
   */
  public B onChange(Consumer<? super C> handler) {
    changeHandlers.add(handler);
    return self();
  }

  /**
   * Adds a handler of states, told from the first change of state on.
   *
   * @param handler runs on the thread that follows
   * @return this builder
   */
  public B onState(Consumer<? super FloorState> handler) {
    stateHandlers.add(handler);
    return self();
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on the thread that follows
   * @return this builder
   */
  public B onError(Consumer<? super Throwable> handler) {
    errorHandler = handler;
    return self();
  }

  /** Fails with {@link IllegalArgumentException} where a value is out of its bounds. */
  void check() {
    Options.checkBookmarkInterval(bookmarkInterval);
    Options.checkBackoff(backoffInitial, backoffMax);
  }

  Connection connection() {
    return connection;
  }

  List<Consumer<? super C>> changeHandlers() {
    return changeHandlers;
  }

  List<Consumer<? super FloorState>> stateHandlers() {
    return stateHandlers;
  }

  Consumer<? super Throwable> errorHandler() {
    return errorHandler;
  }

  Duration bookmarkInterval() {
    return bookmarkInterval;
  }

  Duration backoffInitial() {
    return backoffInitial;
  }

  Duration backoffMax() {
    return backoffMax;
  }
}
