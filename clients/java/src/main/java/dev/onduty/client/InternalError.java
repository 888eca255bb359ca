package dev.onduty.client;

/** An unforeseen fault of the service. Its log has the rest, under the incident id. */
@SuppressWarnings("JavaLangClash") // The name is the same in every language's client.
public final class InternalError extends OndutyError {
  private static final long serialVersionUID = 1L;

  InternalError(Failure failure) {
    super(failure);
  }

  /**
   * The id to report.
   *
   * @return the id; empty where the server gave none
   */
  public String incidentId() {
    return metadata().getOrDefault("incident_id", "");
  }
}
