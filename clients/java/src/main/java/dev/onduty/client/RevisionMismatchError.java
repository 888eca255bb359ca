package dev.onduty.client;

import dev.onduty.v1.RevisionMismatch;
import dev.onduty.v1.Staff;
import java.util.Optional;

/** Something has changed since the expected revision: read it again and decide anew. */
public final class RevisionMismatchError extends OndutyError {
  private static final long serialVersionUID = 1L;

  RevisionMismatchError(Failure failure) {
    super(failure);
  }

  /**
   * The present state.
   *
   * @return the state; absent where it is not a staff member that changed
   */
  public Optional<Staff> current() {
    return failure().mismatch().filter(RevisionMismatch::hasCurrent).map(m -> m.getCurrent());
  }

  /**
   * The revision that was expected.
   *
   * @return the revision; 0 where the server did not say
   */
  public long expectedRevision() {
    return failure().mismatch().map(RevisionMismatch::getExpectedRevision).orElseGet(this::named);
  }

  private long named() {
    String text = metadata().getOrDefault("expected_revision", "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
