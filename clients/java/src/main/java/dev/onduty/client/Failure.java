package dev.onduty.client;

import com.google.rpc.BadRequest;
import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.RevisionMismatch;
import dev.onduty.v1.TransitionRefusal;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one failed call. It holds facts and does not judge which error they make.
 *
 * @param requestId the id of the mutation; empty otherwise
 * @param retryAfter what the server asked for
 */
record Failure(
    Status.Code code,
    String reason,
    String message,
    Map<String, String> metadata,
    String requestId,
    List<BadRequest.FieldViolation> violations,
    Optional<TransitionRefusal> refusal,
    Optional<NobodyAvailable> nobody,
    Optional<RevisionMismatch> mismatch,
    Optional<Duration> retryAfter,
    Throwable cause) {

  /** A failure that the client itself found, without details. */
  static Failure local(Status.Code code, String reason, String message, Throwable cause) {
    return new Failure(
        code,
        reason,
        message,
        Map.of(),
        "",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        cause);
  }

  Failure withRequestId(String id) {
    return new Failure(
        code,
        reason,
        message,
        metadata,
        id,
        violations,
        refusal,
        nobody,
        mismatch,
        retryAfter,
        cause);
  }

  Failure withRefusal(TransitionRefusal known, Map<String, String> keys) {
    return new Failure(
        code,
        reason,
        message,
        keys,
        requestId,
        violations,
        Optional.of(known),
        nobody,
        mismatch,
        retryAfter,
        cause);
  }
}
