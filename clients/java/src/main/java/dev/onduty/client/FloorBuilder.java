package dev.onduty.client;

import dev.onduty.v1.StaffFilter;
import java.time.Duration;

/**
 * Collects how a floor is to be, from {@link RouterClient#floorBuilder}. Nothing is watched before
 * {@link #open}. The defaults are the connection's options.
 */
public final class FloorBuilder extends FollowerBuilder<FloorChange, FloorBuilder> {
  private final StaffFilter filter;
  private Duration trustLimit;

  FloorBuilder(Connection connection, StaffFilter filter) {
    super(connection);
    this.filter = filter;
    this.trustLimit = connection.options().trustLimit();
  }

  @Override
  FloorBuilder self() {
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
   * Opens the floor. It watches in the background at once. Later changes of this builder do not
   * reach it.
   *
   * @return the floor, CONNECTING
   * @throws IllegalArgumentException where a value is out of its bounds
   * @throws OndutyError with code {@code CANCELLED} where the connection is closed
   */
  public Floor open() {
    check();
    Options.requirePositive(trustLimit, "trustLimit");
    return new Floor(this).open();
  }

  StaffFilter filter() {
    return filter;
  }

  Duration trustLimit() {
    return trustLimit;
  }
}
