package dev.onduty.client;

import dev.onduty.v1.ItemResult;
import dev.onduty.v1.ItemTaken;
import java.util.Optional;

/**
 * What came of one reported fact: it was taken, or it failed on its own.
 *
 * @param message the result as the service sent it
 * @param requestId the id of the request that carried the fact
 */
public record FactResult(ItemResult message, String requestId) {
  /**
   * What the fact led to.
   *
   * @return the outcome; absent where the fact failed
   */
  public Optional<ItemTaken> taken() {
    return message.hasTaken() ? Optional.of(message.getTaken()) : Optional.empty();
  }

  /**
   * Why the fact was not taken.
   *
   * @return the error, not thrown; absent where the fact was taken
   */
  public Optional<OndutyError> error() {
    return message.hasError()
        ? Optional.of(Errors.from(message.getError(), requestId))
        : Optional.empty();
  }
}
