package dev.onduty.client;

import dev.onduty.v1.RevisionMismatch;
import dev.onduty.v1.Staff;
import java.util.Optional;
import java.util.OptionalLong;

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
   * @return the revision; absent where the server did not say
   */
  public OptionalLong expectedRevision() {
    return failure().mismatch().map(RevisionMismatchError::told).orElseGet(this::named);
  }

  private static OptionalLong told(RevisionMismatch mismatch) {
    return mismatch.hasExpectedRevision()
        ? OptionalLong.of(mismatch.getExpectedRevision())
        : OptionalLong.empty();
  }

  private OptionalLong named() {
    String text = metadata().getOrDefault("expected_revision", "");
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
