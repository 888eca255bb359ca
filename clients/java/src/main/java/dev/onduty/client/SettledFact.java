package dev.onduty.client;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.ItemTaken;
import java.util.Optional;

/**
 * A fact that left an outbox: one of {@code taken} and {@code error} is there.
 *
 * @param event the fact, with its request id: it can be given to an outbox again, as often as need
 *     be
 * @param taken what the service did with it
 * @param error why the service refused it, or why it was given up: code {@code CANCELLED} when the
 *     outbox was closed, {@code DEADLINE_EXCEEDED} when it was held for too long
 */
public record SettledFact(CallEvent event, Optional<ItemTaken> taken, Optional<OndutyError> error) {
  /**
   * The fact's own request id.
   *
   * @return the id
   */
  public String requestId() {
    return Facts.requestId(event);
  }
}
