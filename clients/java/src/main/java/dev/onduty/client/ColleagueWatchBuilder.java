package dev.onduty.client;

/**
 * Collects how a watch of colleagues is to be, from {@link WorkspaceClient#colleaguesBuilder}.
 * Nothing is watched before {@link #open}. The defaults are the connection's options.
 */
public final class ColleagueWatchBuilder
    extends FollowerBuilder<ColleagueWatch.Change, ColleagueWatchBuilder> {
  private final String staffId;

  ColleagueWatchBuilder(Connection connection, String staffId) {
    super(connection);
    this.staffId = staffId;
  }

  @Override
  ColleagueWatchBuilder self() {
    return this;
  }

  /**
   * Opens the watch. It watches in the background at once. Later changes of this builder do not
   * reach it.
   *
   * @return the watch, CONNECTING
   * @throws IllegalArgumentException where a value is out of its bounds
   * @throws OndutyError with code {@code CANCELLED} where the connection is closed
   */
  public ColleagueWatch open() {
    check();
    return new ColleagueWatch(this).open();
  }

  String staffId() {
    return staffId;
  }
}
