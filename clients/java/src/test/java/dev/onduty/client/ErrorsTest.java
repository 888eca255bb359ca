package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.onduty.v1.Action;
import dev.onduty.v1.ErrorReason;
import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.RevisionMismatch;
import dev.onduty.v1.SkillGroupSummary;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StatusCount;
import dev.onduty.v1.TransitionRefusal;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
  // The table of docs/client-contract.md.
  private static final Map<String, List<String>> TABLE =
      Map.ofEntries(
          Map.entry(
              "InvalidRequestError",
              List.of(
                  "INVALID_FIELD",
                  "MALFORMED_REQUEST",
                  "REQUEST_TOO_LARGE",
                  "REQUEST_ID_REUSED",
                  "BREAK_REASON_UNKNOWN",
                  "BREAK_REASON_DISABLED",
                  "PAGE_TOKEN_INVALID",
                  "QUERY_TOO_LONG",
                  "POSITION_MALFORMED")),
          Map.entry("NotFoundError", List.of("STAFF_UNKNOWN", "CLAIM_UNKNOWN")),
          Map.entry("AlreadyExistsError", List.of("STAFF_EXISTS", "BREAK_REASON_EXISTS")),
          Map.entry(
              "RefusedError",
              List.of(
                  "TRANSITION_REFUSED",
                  "STAFF_NOT_ASSIGNABLE",
                  "OFFER_GONE",
                  "STAFF_SIGNED_IN",
                  "BREAK_REASON_BUILT_IN",
                  "COLLEAGUES_HIDDEN",
                  "STAFF_NOT_DELETED")),
          Map.entry("NobodyAvailableError", List.of("NOBODY_AVAILABLE")),
          Map.entry("RevisionMismatchError", List.of("REVISION_MISMATCH")),
          Map.entry(
              "PositionError",
              List.of(
                  "POSITION_TOO_OLD",
                  "POSITION_IN_FUTURE",
                  "POSITION_EPOCH_ENDED",
                  "POSITION_FOREIGN",
                  "POSITION_FILTER_CHANGED")),
          Map.entry("ReplacedError", List.of("ATTACHMENT_REPLACED")),
          Map.entry(
              "OverloadedError",
              List.of(
                  "WATCH_QUOTA",
                  "ATTACHMENT_QUOTA",
                  "OVERLOADED",
                  "RATE_LIMITED",
                  "WATCHER_TOO_SLOW")),
          Map.entry(
              "UnavailableError",
              List.of(
                  "JOURNAL_UNAVAILABLE", "LEADER_UNAVAILABLE", "DRAINING", "ISSUER_UNAVAILABLE")),
          Map.entry("AccessError", List.of("UNAUTHENTICATED", "PERMISSION_DENIED")),
          Map.entry("UnsupportedError", List.of("METHOD_UNKNOWN")),
          Map.entry("InternalError", List.of("INTERNAL")));

  @Test
  @DisplayName("Each reason of the contract becomes the error that the table names")
  void eachReasonHasItsError() {
    List<ErrorReason> reasons =
        Arrays.stream(ErrorReason.values())
            .filter(reason -> reason != ErrorReason.UNRECOGNIZED)
            .filter(reason -> reason != ErrorReason.ERROR_REASON_UNSPECIFIED)
            .toList();
    for (ErrorReason reason : reasons) {
      String name = reason.name().substring("ERROR_REASON_".length());
      String expected =
          TABLE.entrySet().stream()
              .filter(row -> row.getValue().contains(name))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse("a row of the table for " + name);
      assertEquals(expected, OndutyError.typeOf(reason).getSimpleName());
      assertEquals(expected, error(Status.Code.ABORTED, name).getClass().getSimpleName());
    }
    assertEquals(reasons.size(), TABLE.values().stream().mapToInt(List::size).sum());
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, InvalidRequestError",
    "UNAVAILABLE, UnavailableError",
    "DEADLINE_EXCEEDED, TimedOutError",
    "UNAUTHENTICATED, AccessError",
    "PERMISSION_DENIED, AccessError",
    "UNIMPLEMENTED, UnsupportedError",
    "INTERNAL, InternalError",
    "UNKNOWN, InternalError",
    "NOT_FOUND, NotFoundError",
    "ALREADY_EXISTS, AlreadyExistsError",
    "FAILED_PRECONDITION, RefusedError",
    "OUT_OF_RANGE, PositionError",
    "RESOURCE_EXHAUSTED, OverloadedError",
    "ABORTED, OndutyError",
    "CANCELLED, OndutyError",
    "DATA_LOSS, OndutyError"
  })
  @DisplayName("A failure without a known reason goes by its code")
  void codesWithoutReason(Status.Code code, String expected) {
    OndutyError bare = OndutyError.of(code.toStatus().asRuntimeException());
    assertEquals(expected, bare.getClass().getSimpleName());
    assertEquals("", bare.reason());
    OndutyError fromNewerServer = error(code, "A_REASON_OF_TOMORROW");
    assertEquals(expected, fromNewerServer.getClass().getSimpleName());
    assertEquals("A_REASON_OF_TOMORROW", fromNewerServer.reason());
  }

  @Test
  @DisplayName("The reason of another service is not taken for one of Onduty's")
  void foreignDomain() {
    ErrorInfo info =
        ErrorInfo.newBuilder().setReason("STAFF_UNKNOWN").setDomain("elsewhere.example").build();
    OndutyError error = OndutyError.of(failure(Status.Code.UNAVAILABLE, info));
    assertInstanceOf(UnavailableError.class, error);
    assertEquals("", error.reason());
  }

  @Test
  @DisplayName("A refusal says what is, what was asked, and what is allowed")
  void refusalDetails() {
    Staff current = Staff.newBuilder().setStaffId("a").build();
    OndutyError error =
        error(
            Status.Code.FAILED_PRECONDITION,
            "TRANSITION_REFUSED",
            TransitionRefusal.newBuilder()
                .setCurrent(current)
                .setRequested(Action.ACTION_PLACE_CALL)
                .addAllowed(Action.ACTION_SET_NEXT_STATUS)
                .build());
    RefusedError refused = assertInstanceOf(RefusedError.class, error);
    assertEquals(current, refused.current().orElseThrow());
    assertEquals(Action.ACTION_PLACE_CALL, refused.requested().orElseThrow());
    assertEquals(List.of(Action.ACTION_SET_NEXT_STATUS), refused.allowed());
  }

  @Test
  @DisplayName("A refusal without details has no state, no action and nothing allowed")
  void refusalWithoutDetails() {
    RefusedError refused =
        assertInstanceOf(
            RefusedError.class, error(Status.Code.FAILED_PRECONDITION, "BREAK_REASON_BUILT_IN"));
    assertTrue(refused.current().isEmpty());
    assertTrue(refused.requested().isEmpty());
    assertTrue(refused.allowed().isEmpty());
  }

  @Test
  @DisplayName("Fields at fault are told one by one")
  void violations() {
    BadRequest.FieldViolation violation =
        BadRequest.FieldViolation.newBuilder().setField("ttl").setDescription("too long").build();
    OndutyError error =
        error(
            Status.Code.INVALID_ARGUMENT,
            "INVALID_FIELD",
            BadRequest.newBuilder().addFieldViolations(violation).build());
    assertEquals(
        List.of(new InvalidRequestError.Violation("ttl", "too long")),
        assertInstanceOf(InvalidRequestError.class, error).violations());
  }

  @Test
  @DisplayName("Nobody available tells the counts, of all and of each group")
  void nobodyAvailable() {
    StatusCount count = StatusCount.newBuilder().setCount(3).build();
    SkillGroupSummary group =
        SkillGroupSummary.newBuilder().setSkillGroup("sales").addCounts(count).setTotal(3).build();
    OndutyError error =
        error(
            Status.Code.FAILED_PRECONDITION,
            "NOBODY_AVAILABLE",
            NobodyAvailable.newBuilder().addCounts(count).addSkillGroups(group).build());
    NobodyAvailableError nobody = assertInstanceOf(NobodyAvailableError.class, error);
    assertEquals(List.of(count), nobody.counts());
    assertEquals(List.of(group), nobody.skillGroups());
  }

  @Test
  @DisplayName("A revision mismatch tells the expected revision, also from metadata alone")
  void revisionMismatch() {
    ErrorInfo policy = info("REVISION_MISMATCH", "expected_revision", "9");
    assertEquals(OptionalLong.of(7), expected(mismatch(7)));
    assertEquals(OptionalLong.of(9), expected(policy));
  }

  @Test
  @DisplayName("An expected revision of 0 is told apart from none")
  void expectedRevisionOfZero() {
    assertEquals(OptionalLong.of(0), expected(mismatch(0)));
    assertEquals(OptionalLong.empty(), expected(RevisionMismatch.getDefaultInstance()));
    assertEquals(OptionalLong.empty(), expected(info("REVISION_MISMATCH", "staff_id", "a")));
  }

  private static RevisionMismatch mismatch(long expected) {
    return RevisionMismatch.newBuilder().setExpectedRevision(expected).build();
  }

  private static OptionalLong expected(Message detail) {
    ErrorInfo info = info("REVISION_MISMATCH", "a", "b");
    Message[] details =
        detail instanceof ErrorInfo ? new Message[] {detail} : new Message[] {info, detail};
    OndutyError error = OndutyError.of(failure(Status.Code.ABORTED, details));
    return assertInstanceOf(RevisionMismatchError.class, error).expectedRevision();
  }

  @Test
  @DisplayName("A replaced attachment tells the id that both workspaces have")
  void replaced() {
    ErrorInfo info = info("ATTACHMENT_REPLACED", "workspace_id", "desk-7");
    OndutyError error = OndutyError.of(failure(Status.Code.ABORTED, info));
    assertEquals("desk-7", assertInstanceOf(ReplacedError.class, error).workspaceId());
  }

  @Test
  @DisplayName("What the server asked to wait is told")
  void retryAfter() {
    RetryInfo asked =
        RetryInfo.newBuilder().setRetryDelay(Times.proto(Duration.ofMillis(1500))).build();
    assertEquals(
        Duration.ofMillis(1500),
        assertInstanceOf(
                OverloadedError.class, error(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED", asked))
            .retryAfter()
            .orElseThrow());
    assertEquals(
        Duration.ofMillis(1500),
        assertInstanceOf(UnavailableError.class, error(Status.Code.UNAVAILABLE, "DRAINING", asked))
            .retryAfter()
            .orElseThrow());
  }

  @Test
  @DisplayName("An internal error has the incident id")
  void incidentId() {
    ErrorInfo info = info("INTERNAL", "incident_id", "i-1");
    OndutyError error = OndutyError.of(failure(Status.Code.INTERNAL, info));
    assertEquals("i-1", assertInstanceOf(InternalError.class, error).incidentId());
  }

  @Test
  @DisplayName("An item's error is the one that the request alone would have had")
  void itemErrors() {
    BadRequest.FieldViolation violation =
        BadRequest.FieldViolation.newBuilder()
            .setField("call_id")
            .setDescription("is required")
            .build();
    com.google.rpc.Status item =
        status(
            Status.Code.INVALID_ARGUMENT.value(),
            info("INVALID_FIELD", "field", "call_id"),
            BadRequest.newBuilder().addFieldViolations(violation).build());
    InvalidRequestError error =
        assertInstanceOf(InvalidRequestError.class, Errors.from(item, "r-1"));
    assertEquals("INVALID_FIELD", error.reason());
    assertEquals("it failed", error.getMessage());
    assertEquals("r-1", error.requestId());
    assertEquals(Map.of("field", "call_id"), error.metadata());
    assertEquals(
        List.of(new InvalidRequestError.Violation("call_id", "is required")), error.violations());
  }

  @Test
  @DisplayName("A refused item tells the state and what is allowed")
  void refusedItem() {
    TransitionRefusal refusal =
        TransitionRefusal.newBuilder()
            .setCurrent(Staff.newBuilder().setStaffId("a"))
            .addAllowed(Action.ACTION_PLACE_CALL)
            .build();
    com.google.rpc.Status item =
        status(
            Status.Code.FAILED_PRECONDITION.value(),
            info("TRANSITION_REFUSED", "staff_id", "a"),
            refusal);
    RefusedError refused = assertInstanceOf(RefusedError.class, OndutyError.of(item));
    assertEquals("a", refused.current().orElseThrow().getStaffId());
    assertEquals(List.of(Action.ACTION_PLACE_CALL), refused.allowed());
  }

  @ParameterizedTest
  @CsvSource({
    "3, INVALID_ARGUMENT, InvalidRequestError",
    "1, CANCELLED, OndutyError",
    "0, UNKNOWN, InternalError",
    "99, UNKNOWN, InternalError"
  })
  @DisplayName("An item without details goes by its code, also by one that gRPC does not have")
  void itemWithoutDetails(int number, Status.Code code, String expected) {
    OndutyError error = Errors.from(status(number), "");
    assertEquals(code, error.code());
    assertEquals(expected, error.getClass().getSimpleName());
  }

  @Test
  @DisplayName("A detail that cannot be read hides no other")
  void oneMalformedDetail() {
    Any broken =
        Any.newBuilder()
            .setTypeUrl("type.googleapis.com/google.rpc.BadRequest")
            .setValue(ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xff}))
            .build();
    com.google.rpc.Status item =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.NOT_FOUND.value())
            .addDetails(broken)
            .addDetails(Any.pack(info("STAFF_UNKNOWN", "staff_id", "a")))
            .build();
    assertEquals("STAFF_UNKNOWN", Errors.from(item, "").reason());
  }

  @Test
  @DisplayName("Details that cannot be read do not hide the failure")
  void malformedDetails() {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        new byte[] {(byte) 0xff, 1, 2});
    OndutyError error =
        OndutyError.of(Status.UNAVAILABLE.withDescription("gone").asRuntimeException(trailers));
    assertInstanceOf(UnavailableError.class, error);
    assertEquals("gone", error.getMessage());
  }

  @Test
  @DisplayName("An error of the tree is given back as it is")
  void sameAgain() {
    OndutyError error = OndutyError.of(Status.ABORTED.asRuntimeException());
    assertSame(error, OndutyError.of(error));
  }

  private static OndutyError error(Status.Code code, String reason, Message... details) {
    ErrorInfo info = ErrorInfo.newBuilder().setReason(reason).setDomain("onduty.dev").build();
    Message[] all = Arrays.copyOf(details, details.length + 1);
    all[details.length] = info;
    return OndutyError.of(failure(code, all));
  }

  private static ErrorInfo info(String reason, String key, String value) {
    return ErrorInfo.newBuilder()
        .setReason(reason)
        .setDomain("onduty.dev")
        .putMetadata(key, value)
        .build();
  }

  private static com.google.rpc.Status status(int code, Message... details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code).setMessage("it failed");
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return status.build();
  }

  static StatusRuntimeException failure(Status.Code code, Message... details) {
    return StatusProto.toStatusRuntimeException(status(code.value(), details));
  }
}
