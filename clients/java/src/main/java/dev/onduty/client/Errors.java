package dev.onduty.client;

import static dev.onduty.client.Errors.Kind.ACCESS;
import static dev.onduty.client.Errors.Kind.ALREADY_EXISTS;
import static dev.onduty.client.Errors.Kind.INTERNAL;
import static dev.onduty.client.Errors.Kind.INVALID_REQUEST;
import static dev.onduty.client.Errors.Kind.NOBODY_AVAILABLE;
import static dev.onduty.client.Errors.Kind.NOT_FOUND;
import static dev.onduty.client.Errors.Kind.OVERLOADED;
import static dev.onduty.client.Errors.Kind.POSITION;
import static dev.onduty.client.Errors.Kind.REFUSED;
import static dev.onduty.client.Errors.Kind.REPLACED;
import static dev.onduty.client.Errors.Kind.REVISION_MISMATCH;
import static dev.onduty.client.Errors.Kind.TIMED_OUT;
import static dev.onduty.client.Errors.Kind.UNAVAILABLE;
import static dev.onduty.client.Errors.Kind.UNSUPPORTED;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.onduty.v1.ErrorReason;
import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.RevisionMismatch;
import dev.onduty.v1.TransitionRefusal;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns what gRPC and the service say into the errors of the tree. It decides nothing about what to
 * do next.
 */
final class Errors {
  /** Where the connection notes a mutation's id for its error. It never leaves the process. */
  static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("onduty-client-request-id", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

  /** Whose reasons are those of the contract. */
  static final String DOMAIN = "onduty.dev";

  private static final String PREFIX = "ERROR_REASON_";

  /** The children of {@link OndutyError}. */
  enum Kind {
    INVALID_REQUEST(InvalidRequestError.class, InvalidRequestError::new),
    NOT_FOUND(NotFoundError.class, NotFoundError::new),
    ALREADY_EXISTS(AlreadyExistsError.class, AlreadyExistsError::new),
    REFUSED(RefusedError.class, RefusedError::new),
    NOBODY_AVAILABLE(NobodyAvailableError.class, NobodyAvailableError::new),
    REVISION_MISMATCH(RevisionMismatchError.class, RevisionMismatchError::new),
    POSITION(PositionError.class, PositionError::new),
    REPLACED(ReplacedError.class, ReplacedError::new),
    OVERLOADED(OverloadedError.class, OverloadedError::new),
    UNAVAILABLE(UnavailableError.class, UnavailableError::new),
    TIMED_OUT(TimedOutError.class, TimedOutError::new),
    ACCESS(AccessError.class, AccessError::new),
    UNSUPPORTED(UnsupportedError.class, UnsupportedError::new),
    INTERNAL(InternalError.class, InternalError::new);

    private final Class<? extends OndutyError> type;

    @SuppressWarnings("ImmutableEnumChecker") // Constructors hold no state.
    private final Function<Failure, OndutyError> maker;

    Kind(Class<? extends OndutyError> type, Function<Failure, OndutyError> maker) {
      this.type = type;
      this.maker = maker;
    }

    Class<? extends OndutyError> type() {
      return type;
    }
  }

  private Errors() {}

  /** The kind of a reason. Without a default on purpose: a new reason does not compile. */
  static Optional<Kind> kindOf(ErrorReason reason) {
    Kind kind =
        switch (reason) {
          case ERROR_REASON_INVALID_FIELD,
              ERROR_REASON_MALFORMED_REQUEST,
              ERROR_REASON_REQUEST_TOO_LARGE,
              ERROR_REASON_REQUEST_ID_REUSED,
              ERROR_REASON_BREAK_REASON_UNKNOWN,
              ERROR_REASON_BREAK_REASON_DISABLED,
              ERROR_REASON_PAGE_TOKEN_INVALID,
              ERROR_REASON_QUERY_TOO_LONG,
              ERROR_REASON_POSITION_MALFORMED ->
              INVALID_REQUEST;
          case ERROR_REASON_STAFF_UNKNOWN, ERROR_REASON_CLAIM_UNKNOWN -> NOT_FOUND;
          case ERROR_REASON_STAFF_EXISTS, ERROR_REASON_BREAK_REASON_EXISTS -> ALREADY_EXISTS;
          case ERROR_REASON_TRANSITION_REFUSED,
              ERROR_REASON_STAFF_NOT_ASSIGNABLE,
              ERROR_REASON_OFFER_GONE,
              ERROR_REASON_STAFF_SIGNED_IN,
              ERROR_REASON_BREAK_REASON_BUILT_IN,
              ERROR_REASON_COLLEAGUES_HIDDEN,
              ERROR_REASON_STAFF_NOT_DELETED ->
              REFUSED;
          case ERROR_REASON_NOBODY_AVAILABLE -> NOBODY_AVAILABLE;
          case ERROR_REASON_REVISION_MISMATCH -> REVISION_MISMATCH;
          case ERROR_REASON_POSITION_TOO_OLD,
              ERROR_REASON_POSITION_IN_FUTURE,
              ERROR_REASON_POSITION_EPOCH_ENDED,
              ERROR_REASON_POSITION_FOREIGN,
              ERROR_REASON_POSITION_FILTER_CHANGED ->
              POSITION;
          case ERROR_REASON_ATTACHMENT_REPLACED -> REPLACED;
          case ERROR_REASON_WATCH_QUOTA,
              ERROR_REASON_ATTACHMENT_QUOTA,
              ERROR_REASON_OVERLOADED,
              ERROR_REASON_RATE_LIMITED,
              ERROR_REASON_WATCHER_TOO_SLOW ->
              OVERLOADED;
          case ERROR_REASON_JOURNAL_UNAVAILABLE,
              ERROR_REASON_LEADER_UNAVAILABLE,
              ERROR_REASON_DRAINING,
              ERROR_REASON_ISSUER_UNAVAILABLE ->
              UNAVAILABLE;
          case ERROR_REASON_UNAUTHENTICATED, ERROR_REASON_PERMISSION_DENIED -> ACCESS;
          case ERROR_REASON_METHOD_UNKNOWN -> UNSUPPORTED;
          case ERROR_REASON_INTERNAL -> INTERNAL;
          case ERROR_REASON_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    return Optional.ofNullable(kind);
  }

  private static Optional<Kind> kindOf(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT -> Optional.of(INVALID_REQUEST);
      case NOT_FOUND -> Optional.of(NOT_FOUND);
      case ALREADY_EXISTS -> Optional.of(ALREADY_EXISTS);
      case FAILED_PRECONDITION -> Optional.of(REFUSED);
      case OUT_OF_RANGE -> Optional.of(POSITION);
      case RESOURCE_EXHAUSTED -> Optional.of(OVERLOADED);
      case UNAVAILABLE -> Optional.of(UNAVAILABLE);
      case DEADLINE_EXCEEDED -> Optional.of(TIMED_OUT);
      case UNAUTHENTICATED, PERMISSION_DENIED -> Optional.of(ACCESS);
      case UNIMPLEMENTED -> Optional.of(UNSUPPORTED);
      case INTERNAL, UNKNOWN -> Optional.of(INTERNAL);
      default -> Optional.empty();
    };
  }

  /** The error of a failed call. {@code trailers} may be null. */
  static OndutyError from(Status status, Metadata trailers, Throwable cause) {
    String said = status.getDescription();
    String requestId = trailers == null ? null : trailers.get(REQUEST_ID);
    return make(
        read(
            status.getCode(),
            said == null ? status.getCode().name() : said,
            details(trailers),
            requestId == null ? "" : requestId,
            cause == null ? status.getCause() : cause));
  }

  /** The error of one item of a batch: the one that the same request would have had on its own. */
  static OndutyError from(com.google.rpc.Status item, String requestId) {
    Status.Code known = Status.fromCodeValue(item.getCode()).getCode();
    Status.Code code = known == Status.Code.OK ? Status.Code.UNKNOWN : known;
    return make(read(code, item.getMessage(), item.getDetailsList(), requestId, null));
  }

  private static Failure read(
      Status.Code code, String message, List<Any> details, String requestId, Throwable cause) {
    Optional<ErrorInfo> info =
        find(details, ErrorInfo.class).filter(found -> found.getDomain().equals(DOMAIN));
    return new Failure(
        code,
        info.map(ErrorInfo::getReason).orElse(""),
        message,
        info.map(ErrorInfo::getMetadataMap).orElse(Map.of()),
        requestId,
        find(details, BadRequest.class).map(BadRequest::getFieldViolationsList).orElse(List.of()),
        find(details, TransitionRefusal.class),
        find(details, NobodyAvailable.class),
        find(details, RevisionMismatch.class),
        find(details, RetryInfo.class)
            .filter(RetryInfo::hasRetryDelay)
            .map(found -> Times.duration(found.getRetryDelay())),
        cause);
  }

  /** The error of a failure: by its reason where that is known, else by its code. */
  static OndutyError make(Failure failure) {
    return reasonOf(failure.reason())
        .flatMap(Errors::kindOf)
        .or(() -> kindOf(failure.code()))
        .map(kind -> kind.maker.apply(failure))
        .orElseGet(() -> new OndutyError(failure));
  }

  private static Optional<ErrorReason> reasonOf(String name) {
    try {
      return Optional.of(ErrorReason.valueOf(PREFIX + name));
    } catch (IllegalArgumentException unknown) {
      return Optional.empty();
    }
  }

  private static List<Any> details(Metadata trailers) {
    try {
      com.google.rpc.Status full = trailers == null ? null : trailers.get(DETAILS);
      return full == null ? List.of() : full.getDetailsList();
    } catch (RuntimeException malformed) {
      // Details that cannot be read must not hide the failure itself.
      return List.of();
    }
  }

  /** The first such detail that can be read. */
  private static <T extends Message> Optional<T> find(List<Any> details, Class<T> type) {
    for (Any detail : details) {
      try {
        if (detail.is(type)) {
          return Optional.of(detail.unpack(type));
        }
      } catch (InvalidProtocolBufferException malformed) {
        // It says nothing; the others count.
      }
    }
    return Optional.empty();
  }
}
