package dev.onduty.client;

import java.util.List;

/** The request is at fault: the same request fails again. */
public final class InvalidRequestError extends OndutyError {
  private static final long serialVersionUID = 1L;

  /**
   * A field at fault.
   *
   * @param field the field's path in the request
   * @param description what is wrong with it, for people
   */
  public record Violation(String field, String description) {}

  InvalidRequestError(Failure failure) {
    super(failure);
  }

  /**
   * The fields at fault, up to 20 of them.
   *
   * @return the fields; empty where the server named none
   */
  public List<Violation> violations() {
    return failure().violations().stream()
        .map(found -> new Violation(found.getField(), found.getDescription()))
        .toList();
  }
}
