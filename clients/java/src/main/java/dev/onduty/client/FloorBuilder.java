package dev.onduty.client;

import dev.onduty.v1.StaffFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects how a floor is to be, from {@link RouterClient#floorBuilder}. Nothing is watched before
 * {@link #open}. The defaults are the connection's options.
 */
public final class FloorBuilder {
  private final Connection connection;
  private final StaffFilter filter;
  private final List<Consumer<? super FloorChange>> changeHandlers;
  private final List<Consumer<? super FloorState>> stateHandlers;
  private Consumer<? super Throwable> errorHandler;
  private Duration bookmarkInterval;
  private Duration trustLimit;
  private Duration backoffInitial;
  private Duration backoffMax;

  FloorBuilder(Connection connection, StaffFilter filter) {
    this.connection = connection;
    this.filter = filter;
    this.changeHandlers = new ArrayList<>();
    this.stateHandlers = new ArrayList<>();
    this.bookmarkInterval = connection.options().bookmarkInterval();
    this.trustLimit = connection.options().trustLimit();
    this.backoffInitial = connection.options().backoffInitial();
    this.backoffMax = connection.options().backoffMax();
  }

  private FloorBuilder(FloorBuilder other) {
    this.connection = other.connection;
    this.filter = other.filter;
    this.changeHandlers = List.copyOf(other.changeHandlers);
    this.stateHandlers = List.copyOf(other.stateHandlers);
    this.errorHandler = other.errorHandler;
    this.bookmarkInterval = other.bookmarkInterval;
    this.trustLimit = other.trustLimit;
    this.backoffInitial = other.backoffInitial;
    this.backoffMax = other.backoffMax;
  }

  /**
   * Sets how often a quiet stream says that it lives.
   *
   * @param value 1-60 s
   * @return this builder
   */
  public FloorBuilder bookmarkInterval(Duration value) {
    bookmarkInterval = value;
    return this;
  }

  /**
   * Sets after how long without a frame nobody is called available.
   *
   * @param value above 0
   * @return this builder
   */
  public FloorBuilder trustLimit(Duration value) {
    trustLimit = value;
    return this;
  }

  /**
   * Sets the waits between attempts of the stream.
   *
   * @param initial the first, above 0; it doubles
   * @param max the longest, not below the first
   * @return this builder
   */
  public FloorBuilder backoff(Duration initial, Duration max) {
    backoffInitial = initial;
    backoffMax = max;
    return this;
  }

  /**
   * Adds a handler of changes, told from the first snapshot on.
   *
   * @param handler runs on the floor's thread
   * @return this builder
   */
  public FloorBuilder onChange(Consumer<? super FloorChange> handler) {
    changeHandlers.add(handler);
    return this;
  }

  /**
   * Adds a handler of states, told from the first change of state on.
   *
   * @param handler runs on the floor's thread
   * @return this builder
   */
  public FloorBuilder onState(Consumer<? super FloorState> handler) {
    stateHandlers.add(handler);
    return this;
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on the floor's thread
   * @return this builder
   */
  public FloorBuilder onError(Consumer<? super Throwable> handler) {
    errorHandler = handler;
    return this;
  }

  /**
   * Opens the floor. It watches in the background at once.
   *
   * @return the floor, CONNECTING
   * @throws IllegalArgumentException where a value is out of its bounds
   * @throws IllegalStateException where the connection is closed
   */
  public Floor open() {
    Options.checkBookmarkInterval(bookmarkInterval);
    Options.requirePositive(trustLimit, "trustLimit");
    Options.checkBackoff(backoffInitial, backoffMax);
    return new Floor(connection, new FloorBuilder(this)).open();
  }

  StaffFilter filter() {
    return filter;
  }

  List<Consumer<? super FloorChange>> changeHandlers() {
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

  Duration trustLimit() {
    return trustLimit;
  }

  Duration backoffInitial() {
    return backoffInitial;
  }

  Duration backoffMax() {
    return backoffMax;
  }
}
