package dev.onduty.client;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.CallEventResult;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.ListStaffRequest;
import dev.onduty.v1.ListStaffResponse;
import dev.onduty.v1.ReconcileCallsRequest;
import dev.onduty.v1.ReconcileCallsResponse;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.ReportCallEndedResponse;
import dev.onduty.v1.ReportCallEventsRequest;
import dev.onduty.v1.ReportCallEventsResponse;
import dev.onduty.v1.ReportCallStartedRequest;
import dev.onduty.v1.ReportCallStartedResponse;
import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.WithdrawClaimRequest;
import dev.onduty.v1.WithdrawClaimResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The side of routers and telephony. It keeps nothing: what it is told, the service decides.
 *
 * <p>Every method waits for the answer and throws {@link OndutyError}. Each takes the whole
 * request, with {@code request_id} and {@code expected_revision}; the short forms are for what is
 * usual. Safe for use by many threads.
 */
public final class RouterClient {
  private static final int BATCH = 1_000;

  private final Connection connection;
  private final Duration callTimeout;

  /**
   * Makes a client.
   *
   * @param connection what its calls go over
   */
  public RouterClient(Connection connection) {
    this(connection, connection.options().callTimeout());
  }

  private RouterClient(Connection connection, Duration callTimeout) {
    this.connection = connection;
    this.callTimeout = callTimeout;
  }

  /**
   * The same client with another deadline for its calls.
   *
   * @param timeout above 0
   * @return a client
   */
  public RouterClient withCallTimeout(Duration timeout) {
    Options.requirePositive(timeout, "timeout");
    return new RouterClient(connection, timeout);
  }

  /**
   * Claims a staff member for a call.
   *
   * @param request the call and whom to claim
   * @return the claim
   * @throws RefusedError where the named staff member cannot be assigned a call
   * @throws NobodyAvailableError where nobody of the skill group can
   */
  public ClaimStaffResponse claim(ClaimStaffRequest request) {
    return connection.call(RouterServiceGrpc.getClaimStaffMethod(), request, callTimeout);
  }

  /**
   * Claims a named staff member.
   *
   * @param callId the call, 1-128 characters
   * @param staffId whom
   * @return the claim
   * @throws RefusedError where the staff member cannot be assigned a call
   */
  public ClaimStaffResponse claimStaff(String callId, String staffId) {
    return claim(ClaimStaffRequest.newBuilder().setCallId(callId).setStaffId(staffId).build());
  }

  /**
   * Claims the one who has been available longest in a skill group.
   *
   * @param callId the call, 1-128 characters
   * @param skillGroup the group
   * @return the claim
   * @throws NobodyAvailableError where nobody can be assigned a call
   */
  public ClaimStaffResponse claimInGroup(String callId, String skillGroup) {
    return claim(
        ClaimStaffRequest.newBuilder().setCallId(callId).setSkillGroup(skillGroup).build());
  }

  /**
   * Withdraws a claim, as when the caller hung up. No miss is counted.
   *
   * @param request the claim
   * @return the response; {@code applied} is false where the claim had ended already
   * @throws NotFoundError where the claim is not known
   */
  public WithdrawClaimResponse withdraw(WithdrawClaimRequest request) {
    return connection.call(RouterServiceGrpc.getWithdrawClaimMethod(), request, callTimeout);
  }

  /**
   * Withdraws a claim.
   *
   * @param claimId the claim
   * @return the response
   * @throws NotFoundError where the claim is not known
   */
  public WithdrawClaimResponse withdraw(String claimId) {
    return withdraw(WithdrawClaimRequest.newBuilder().setClaimId(claimId).build());
  }

  /**
   * Reports that a call started. Never refused by the rules.
   *
   * @param request the fact
   * @return the response; {@code applied} is false where it changed nothing
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallStartedResponse callStarted(ReportCallStartedRequest request) {
    return connection.call(RouterServiceGrpc.getReportCallStartedMethod(), request, callTimeout);
  }

  /**
   * Reports that an inbound call started, now.
   *
   * @param staffId whose
   * @param callId the call
   * @return the response
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallStartedResponse callStarted(String staffId, String callId) {
    return callStarted(
        ReportCallStartedRequest.newBuilder().setStaffId(staffId).setCallId(callId).build());
  }

  /**
   * Reports that a call ended. A call that is not known changes nothing.
   *
   * @param request the fact
   * @return the response; {@code applied} is false where it changed nothing
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallEndedResponse callEnded(ReportCallEndedRequest request) {
    return connection.call(RouterServiceGrpc.getReportCallEndedMethod(), request, callTimeout);
  }

  /**
   * Reports that a call ended, now.
   *
   * @param staffId whose
   * @param callId the call
   * @return the response
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallEndedResponse callEnded(String staffId, String callId) {
    return callEnded(
        ReportCallEndedRequest.newBuilder().setStaffId(staffId).setCallId(callId).build());
  }

  /**
   * Reports facts, each on its own, under a request id that the client makes.
   *
   * @param events the facts, in order
   * @return a result for each
   * @throws OndutyError where a whole request failed; {@code requestId()} is the id to repeat with
   */
  public ReportResult report(List<CallEvent> events) {
    return report(events, CallDefaults.newRequestId());
  }

  /**
   * Reports facts, each on its own. More than 1,000 go in several requests, one after another, with
   * the ids {@code requestId}, {@code requestId/2} and so on.
   *
   * @param events the facts, in order
   * @param requestId makes repeating safe; give the same one with the same facts
   * @return a result for each
   * @throws OndutyError where a whole request failed; {@code requestId()} is the id given here.
   *     Earlier requests may have been taken: repeat with the same id
   */
  public ReportResult report(List<CallEvent> events, String requestId) {
    String id = requestId.isEmpty() ? CallDefaults.newRequestId() : requestId;
    List<FactResult> results = new ArrayList<>(events.size());
    String position = "";
    for (int start = 0, batch = 1; start == 0 || start < events.size(); start += BATCH, batch++) {
      String batchId = batch == 1 ? id : id + "/" + batch;
      List<CallEvent> part = events.subList(start, Math.min(start + BATCH, events.size()));
      ReportCallEventsResponse answer = reportBatch(part, batchId, id);
      for (CallEventResult result : answer.getResultsList()) {
        results.add(new FactResult(result, batchId));
      }
      position = answer.getPosition();
    }
    return new ReportResult(List.copyOf(results), position);
  }

  /**
   * Tells all calls that a source has now: its others end, missing ones start.
   *
   * @param request the source and its calls
   * @return what was changed
   */
  public ReconcileCallsResponse reconcile(ReconcileCallsRequest request) {
    return connection.call(RouterServiceGrpc.getReconcileCallsMethod(), request, callTimeout);
  }

  /**
   * Lists everybody who matches, at one revision, as of now.
   *
   * @param filter who; an empty filter matches all
   * @return the staff by id
   */
  public StaffList listStaff(StaffFilter filter) {
    return listStaff(filter, "");
  }

  /**
   * Lists everybody who matches, at one revision. Each page has its own deadline.
   *
   * @param filter who; an empty filter matches all
   * @param atLeast a position that the list must not be older than; empty: the present state
   * @return the staff by id
   * @throws PositionError where the position cannot be waited for
   */
  public StaffList listStaff(StaffFilter filter, String atLeast) {
    List<Staff> staff = new ArrayList<>();
    ListStaffRequest.Builder request =
        ListStaffRequest.newBuilder().setFilter(filter).setPageSize(BATCH).setAtLeast(atLeast);
    ListStaffResponse page;
    do {
      page = connection.call(RouterServiceGrpc.getListStaffMethod(), request.build(), callTimeout);
      staff.addAll(page.getStaffList());
      request.setPageToken(page.getNextPageToken()).clearAtLeast();
    } while (!page.getNextPageToken().isEmpty());
    return new StaffList(List.copyOf(staff), page.getPosition());
  }

  /**
   * Opens a live copy of the staff that match, with the connection's options.
   *
   * @param filter who; an empty filter matches all
   * @return the floor; close it when it is no longer needed
   */
  public Floor floor(StaffFilter filter) {
    return floorBuilder(filter).open();
  }

  /**
   * Begins a floor with handlers and settings of its own.
   *
   * @param filter who; an empty filter matches all
   * @return a builder
   */
  public FloorBuilder floorBuilder(StaffFilter filter) {
    return new FloorBuilder(connection, filter);
  }

  private ReportCallEventsResponse reportBatch(List<CallEvent> part, String batchId, String id) {
    ReportCallEventsRequest request =
        ReportCallEventsRequest.newBuilder().addAllEvents(part).setRequestId(batchId).build();
    try {
      return connection.call(RouterServiceGrpc.getReportCallEventsMethod(), request, callTimeout);
    } catch (OndutyError failed) {
      throw Errors.make(failed.failure().withRequestId(id));
    }
  }
}
