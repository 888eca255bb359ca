package dev.onduty.client;

import dev.onduty.v1.Action;
import dev.onduty.v1.Staff;
import dev.onduty.v1.TransitionRefusal;
import java.util.List;
import java.util.Optional;

/** The present state does not allow what was asked. Nothing was changed. */
public final class RefusedError extends OndutyError {
  private static final long serialVersionUID = 1L;

  RefusedError(Failure failure) {
    super(failure);
  }

  /**
   * The present state.
   *
   * @return the state; absent where the server sent none
   */
  public Optional<Staff> current() {
    return failure().refusal().filter(TransitionRefusal::hasCurrent).map(r -> r.getCurrent());
  }

  /**
   * What was asked.
   *
   * @return the action; absent where the server named none
   */
  public Optional<Action> requested() {
    return failure()
        .refusal()
        .map(TransitionRefusal::getRequested)
        .filter(action -> action != Action.ACTION_UNSPECIFIED);
  }

  /**
   * What is allowed in the present state.
   *
   * @return the actions; empty where the server sent none
   */
  public List<Action> allowed() {
    return failure().refusal().map(TransitionRefusal::getAllowedList).orElse(List.of());
  }
}
