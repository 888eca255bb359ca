package dev.onduty.client;

/**
 * A workspace attached with the same id, and this stream is the older one: do not attach again by
 * yourself, or both push each other out for ever.
 */
public final class ReplacedError extends OndutyError {
  private static final long serialVersionUID = 1L;

  ReplacedError(Failure failure) {
    super(failure);
  }

  /**
   * The id that both workspaces have.
   *
   * @return the id; empty where the server did not say
   */
  public String workspaceId() {
    return metadata().getOrDefault("workspace_id", "");
  }
}
