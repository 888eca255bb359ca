package dev.onduty.client;

import dev.onduty.v1.CallEvent;
import dev.onduty.v1.Candidates;
import dev.onduty.v1.ClaimStaffRequest;
import dev.onduty.v1.ClaimStaffResponse;
import dev.onduty.v1.GetClaimRequest;
import dev.onduty.v1.GetClaimResponse;
import dev.onduty.v1.GroupMember;
import dev.onduty.v1.ListStaffRequest;
import dev.onduty.v1.ListStaffResponse;
import dev.onduty.v1.NamedStaff;
import dev.onduty.v1.ReconcileCallsRequest;
import dev.onduty.v1.ReconcileCallsResponse;
import dev.onduty.v1.ReportCallEndedRequest;
import dev.onduty.v1.ReportCallEndedResponse;
import dev.onduty.v1.ReportCallEventsRequest;
import dev.onduty.v1.ReportCallEventsResponse;
import dev.onduty.v1.ReportCallStartedRequest;
import dev.onduty.v1.ReportCallStartedResponse;
import dev.onduty.v1.RouterServiceGrpc;
import dev.onduty.v1.SkillGroupLevel;
import dev.onduty.v1.Staff;
import dev.onduty.v1.StaffFilter;
import dev.onduty.v1.WithdrawClaimRequest;
import dev.onduty.v1.WithdrawClaimResponse;
import dev.onduty.v1.WithdrawReason;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The side of routers and telephony. It keeps nothing: what it is told, the service decides.
 *
 * <p>Every method waits for the answer and throws {@link OndutyError}. Each takes the whole
 * request, with {@code request_id} and the rest; the short forms are for what is usual. Safe for
 * use by many threads.
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
   * Claims a staff member for a call: a named one, the first of several candidates who can be given
   * it, or a member of skill groups.
   *
   * @param request the call and whom to claim, with all that the short forms leave out
   * @return the claim; where {@code already_offered}, the one that the call is on offer by. Set
   *     {@code another_offer} to make one more
   * @throws RefusedError where the named staff member cannot be given the call
   * @throws NobodyAvailableError where none of the candidates or members can
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
   * @throws RefusedError where the staff member cannot be given the call
   */
  public ClaimStaffResponse claim(String callId, String staffId) {
    NamedStaff named = NamedStaff.newBuilder().setStaffId(staffId).build();
    return claim(ClaimStaffRequest.newBuilder().setCallId(callId).setNamed(named).build());
  }

  /**
   * Claims the first of several staff members who can be given the call.
   *
   * @param callId the call, 1-128 characters
   * @param staffIds 1-100, the best first
   * @return the claim
   * @throws NobodyAvailableError where none of them can
   */
  public ClaimStaffResponse claimFirst(String callId, List<String> staffIds) {
    Candidates candidates = Candidates.newBuilder().addAllStaffIds(staffIds).build();
    return claim(
        ClaimStaffRequest.newBuilder().setCallId(callId).setCandidates(candidates).build());
  }

  /**
   * Claims the member of a skill group who has waited longest, whatever the level.
   *
   * @param callId the call, 1-128 characters
   * @param skillGroup the group
   * @return the claim
   * @throws NobodyAvailableError where nobody in the group can be given the call
   */
  public ClaimStaffResponse claimMember(String callId, String skillGroup) {
    SkillGroupLevel group = SkillGroupLevel.newBuilder().setName(skillGroup).build();
    return claimMember(callId, GroupMember.newBuilder().addSkillGroups(group).build());
  }

  /**
   * Claims a member of skill groups: of the first group that has somebody who can be given the
   * call.
   *
   * @param callId the call, 1-128 characters
   * @param member the groups with their least levels, groups that are required as well, whom to
   *     pass over, as those who declined the call, and whom to choose of several
   * @return the claim, with the group that matched
   * @throws NobodyAvailableError where nobody can be given the call
   */
  public ClaimStaffResponse claimMember(String callId, GroupMember member) {
    return claim(ClaimStaffRequest.newBuilder().setCallId(callId).setGroupMember(member).build());
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
   * Withdraws a claim, for no reason that is told.
   *
   * @param claimId the claim
   * @return the response
   * @throws NotFoundError where the claim is not known
   */
  public WithdrawClaimResponse withdraw(String claimId) {
    return withdraw(claimId, WithdrawReason.WITHDRAW_REASON_UNSPECIFIED);
  }

  /**
   * Withdraws a claim for a reason.
   *
   * @param claimId the claim
   * @param reason why; one whose phone cannot be reached is not called again at once
   * @return the response
   * @throws NotFoundError where the claim is not known
   */
  public WithdrawClaimResponse withdraw(String claimId, WithdrawReason reason) {
    return withdraw(
        WithdrawClaimRequest.newBuilder().setClaimId(claimId).setReason(reason).build());
  }

  /**
   * Reads a claim: whether it is outstanding, or how it ended.
   *
   * @param request the claim, and a position that the answer must not be older than
   * @return the claim and the position that it is current at
   * @throws NotFoundError where the claim is not known, or forgotten
   */
  public GetClaimResponse getClaim(GetClaimRequest request) {
    return connection.call(RouterServiceGrpc.getGetClaimMethod(), request, callTimeout);
  }

  /**
   * Reads a claim as it is now.
   *
   * @param claimId the claim
   * @return the claim and the position that it is current at
   * @throws NotFoundError where the claim is not known, or forgotten
   */
  public GetClaimResponse getClaim(String claimId) {
    return getClaim(GetClaimRequest.newBuilder().setClaimId(claimId).build());
  }

  /**
   * Reports that a call is in progress: started, going on, held or answered. Never refused by the
   * rules.
   *
   * @param request the fact
   * @return the response; {@code outcome} says what came of it
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallStartedResponse callStarted(ReportCallStartedRequest request) {
    return fact(RouterServiceGrpc.getReportCallStartedMethod(), request);
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
   * Reports that a call, or one leg of it, ended. A call that is not known changes nothing.
   *
   * @param request the fact
   * @return the response; {@code outcome} says what came of it
   * @throws NotFoundError where the staff member is not known
   */
  public ReportCallEndedResponse callEnded(ReportCallEndedRequest request) {
    return fact(RouterServiceGrpc.getReportCallEndedMethod(), request);
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
      for (int i = 0; i < answer.getResultsCount(); i++) {
        String own = i < part.size() ? Facts.requestId(part.get(i)) : "";
        results.add(new FactResult(answer.getResults(i), own.isEmpty() ? batchId : own));
      }
      position = answer.getPosition();
    }
    return new ReportResult(List.copyOf(results), position);
  }

  /**
   * Tells all calls that a source has: its others end, missing ones start. Say when the list was
   * taken, by the source's clock or as a position: what began or ended since is left alone.
   *
   * @param request the source and its calls, up to 1,000; with {@code staff_ids} of these staff
   *     only
   * @return what was changed
   */
  public ReconcileCallsResponse reconcile(ReconcileCallsRequest request) {
    return fact(RouterServiceGrpc.getReconcileCallsMethod(), request);
  }

  /**
   * Lists everybody who matches, as of now.
   *
   * @param filter who; an empty filter matches all
   * @return the staff by id
   */
  public StaffList listStaff(StaffFilter filter) {
    return listStaff(filter, "");
  }

  /**
   * Lists everybody who matches, with the first page's position. Each page has its own deadline.
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
   * Opens an outbox with the defaults: facts that are delivered in the end. It takes them at once
   * and repeats them until the service has taken them.
   *
   * @return the outbox; close it when it is no longer needed
   */
  public Outbox outbox() {
    return outboxBuilder().open();
  }

  /**
   * Begins an outbox with handlers and settings of its own.
   *
   * @return a builder
   */
  public OutboxBuilder outboxBuilder() {
    return new OutboxBuilder(connection);
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

  private <Q, A> A fact(MethodDescriptor<Q, A> method, Q request) {
    return connection.options().factsFailFast()
        ? connection.call(method, request, callTimeout)
        : connection.callWhenReady(method, request, callTimeout);
  }

  private ReportCallEventsResponse reportBatch(List<CallEvent> part, String batchId, String id) {
    ReportCallEventsRequest request =
        ReportCallEventsRequest.newBuilder().addAllEvents(part).setRequestId(batchId).build();
    try {
      return fact(RouterServiceGrpc.getReportCallEventsMethod(), request);
    } catch (OndutyError failed) {
      throw Errors.make(failed.failure().withRequestId(id));
    }
  }
}
