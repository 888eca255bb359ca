package dev.onduty.client;

import dev.onduty.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Map;

/**
 * A failed call: the root of the error tree, and itself what fits none of its children.
 *
 * <p>It carries what the service said and makes no decision about trying again.
 */
public class OndutyError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  OndutyError(Failure failure) {
    super(failure.message(), failure.cause());
    this.failure = failure;
  }

  /**
   * Gives the error for a failure of a generated stub: a {@code StatusRuntimeException} or {@code
   * StatusException}. An {@code OndutyError} is given back as it is.
   *
   * @param thrown what the stub threw, or gave to {@code onError}
   * @return the error, with {@code thrown} as its cause
   */
  public static OndutyError of(Throwable thrown) {
    if (thrown instanceof OndutyError error) {
      return error;
    }
    Metadata trailers = Status.trailersFromThrowable(thrown);
    return Errors.from(Status.fromThrowable(thrown), trailers, thrown);
  }

  /**
   * Gives the error of one item of a batch: the one that the same request would have had on its
   * own.
   *
   * @param item the status in the item's result
   * @return the error, not thrown; its {@code requestId()} is empty
   */
  public static OndutyError of(com.google.rpc.Status item) {
    return Errors.from(item, "");
  }

  /**
   * Tells which error a reason of the service becomes.
   *
   * @param reason the reason
   * @return the class; {@code OndutyError} itself for values that are no reason
   */
  public static Class<? extends OndutyError> typeOf(ErrorReason reason) {
    return Errors.kindOf(reason).map(Errors.Kind::type).orElse(OndutyError.class);
  }

  /**
   * The gRPC code.
   *
   * @return the code; never {@code OK}
   */
  public final Status.Code code() {
    return failure.code();
  }

  /**
   * The name in {@code ErrorReason} without its prefix, as in {@code "TRANSITION_REFUSED"}.
   *
   * @return the reason; empty where the failure is not the service's own
   */
  public final String reason() {
    return failure.reason();
  }

  /**
   * The metadata that the reason documents.
   *
   * @return keys and values; may be empty
   */
  public final Map<String, String> metadata() {
    return failure.metadata();
  }

  /**
   * The id of the request that failed. Give it again to repeat a mutation without doing it twice.
   *
   * @return the id of the mutation; empty for calls that change nothing
   */
  public final String requestId() {
    return failure.requestId();
  }

  /** The class, the code, the reason and the service's sentence. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // getMessage is the service's sentence alone.
  public String toString() {
    String what = reason().isEmpty() ? code().name() : code() + " " + reason();
    return getClass().getName() + ": " + what + ": " + getMessage();
  }

  final Failure failure() {
    return failure;
  }
}
