package dev.onduty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.onduty.v1.Action;
import dev.onduty.v1.ErrorReason;
import dev.onduty.v1.FieldFault;
import dev.onduty.v1.ItemError;
import dev.onduty.v1.NobodyAvailable;
import dev.onduty.v1.RevisionMismatch;
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
                  "BREAK_REASON_BUILT_IN")),
          Map.entry("NobodyAvailableError", List.of("NOBODY_AVAILABLE")),
          Map.entry("RevisionMismatchError", List.of("REVISION_MISMATCH")),
          Map.entry(
              "PositionError",
              List.of(
                  "POSITION_TOO_OLD",
                  "POSITION_IN_FUTURE",
                  "POSITION_FOREIGN",
                  "POSITION_FILTER_CHANGED")),
          Map.entry("OverloadedError", List.of("WATCH_QUOTA", "OVERLOADED", "WATCHER_TOO_SLOW")),
          Map.entry("UnavailableError", List.of("JOURNAL_UNAVAILABLE", "DRAINING")),
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
  @DisplayName("Nobody available tells the group and its counts")
  void nobodyAvailable() {
    StatusCount count = StatusCount.newBuilder().setCount(3).build();
    OndutyError error =
        error(
            Status.Code.FAILED_PRECONDITION,
            "NOBODY_AVAILABLE",
            NobodyAvailable.newBuilder().setSkillGroup("sales").addCounts(count).build());
    NobodyAvailableError nobody = assertInstanceOf(NobodyAvailableError.class, error);
    assertEquals("sales", nobody.skillGroup());
    assertEquals(List.of(count), nobody.counts());
  }

  @Test
  @DisplayName("A revision mismatch tells the expected revision, also from metadata alone")
  void revisionMismatch() {
    OndutyError staff =
        error(
            Status.Code.ABORTED,
            "REVISION_MISMATCH",
            RevisionMismatch.newBuilder().setExpectedRevision(7).build());
    assertEquals(7, assertInstanceOf(RevisionMismatchError.class, staff).expectedRevision());
    ErrorInfo policy =
        ErrorInfo.newBuilder()
            .setReason("REVISION_MISMATCH")
            .setDomain("onduty")
            .putMetadata("expected_revision", "9")
            .build();
    OndutyError other = OndutyError.of(failure(Status.Code.ABORTED, policy));
    assertEquals(9, assertInstanceOf(RevisionMismatchError.class, other).expectedRevision());
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
    ErrorInfo info =
        ErrorInfo.newBuilder()
            .setReason("INTERNAL")
            .setDomain("onduty")
            .putMetadata("incident_id", "i-1")
            .build();
    OndutyError error = OndutyError.of(failure(Status.Code.INTERNAL, info));
    assertEquals("i-1", assertInstanceOf(InternalError.class, error).incidentId());
  }

  @Test
  @DisplayName("An item's error is the one that the request alone would have had")
  void itemErrors() {
    ItemError item =
        ItemError.newBuilder()
            .setCode(Status.Code.INVALID_ARGUMENT.value())
            .setReason(ErrorReason.ERROR_REASON_INVALID_FIELD)
            .setMessage("bad")
            .addFields(FieldFault.newBuilder().setField("call_id").setDescription("empty"))
            .build();
    InvalidRequestError error =
        assertInstanceOf(InvalidRequestError.class, Errors.from(item, "r-1"));
    assertEquals("INVALID_FIELD", error.reason());
    assertEquals("call_id", error.violations().get(0).field());
    assertEquals("r-1", error.requestId());
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
    ErrorInfo info = ErrorInfo.newBuilder().setReason(reason).setDomain("onduty").build();
    Message[] all = Arrays.copyOf(details, details.length + 1);
    all[details.length] = info;
    return OndutyError.of(failure(code, all));
  }

  static StatusRuntimeException failure(Status.Code code, Message... details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("it failed");
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
