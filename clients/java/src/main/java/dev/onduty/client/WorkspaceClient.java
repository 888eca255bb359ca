package dev.onduty.client;

import dev.onduty.v1.AcceptOfferRequest;
import dev.onduty.v1.AcceptOfferResponse;
import dev.onduty.v1.BackToReceptionRequest;
import dev.onduty.v1.BackToReceptionResponse;
import dev.onduty.v1.ChangeStatusRequest;
import dev.onduty.v1.ChangeStatusResponse;
import dev.onduty.v1.ClearNextStatusRequest;
import dev.onduty.v1.ClearNextStatusResponse;
import dev.onduty.v1.ContinueAfterCallWorkRequest;
import dev.onduty.v1.ContinueAfterCallWorkResponse;
import dev.onduty.v1.DeclineOfferRequest;
import dev.onduty.v1.DeclineOfferResponse;
import dev.onduty.v1.ListBreakReasonsRequest;
import dev.onduty.v1.ListBreakReasonsResponse;
import dev.onduty.v1.PlaceCallRequest;
import dev.onduty.v1.PlaceCallResponse;
import dev.onduty.v1.SetNextStatusRequest;
import dev.onduty.v1.SetNextStatusResponse;
import dev.onduty.v1.Staff;
import dev.onduty.v1.Status;
import dev.onduty.v1.StatusChoice;
import dev.onduty.v1.TransitionRefusal;
import dev.onduty.v1.WorkspaceServiceGrpc;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One staff member's desktop: the own state as it changes, and what its owner may ask. It holds no
 * rule of the service.
 *
 * <p>Methods that ask wait for the answer and throw {@link OndutyError}. Those that take a request
 * fill in its {@code staff_id}. Handlers run one at a time on a thread of the connection, never on
 * the caller's; a handler may call any method. Safe for use by many threads.
 */
public final class WorkspaceClient implements AutoCloseable {
  private static final String OFFER_GONE = "OFFER_GONE";
  private static final int PAGE = 1_000;

  private final Connection connection;
  private final String staffId;
  private final Duration callTimeout;
  private final Attachment attachment;

  /**
   * Makes a client with an id of its own. It attaches with {@link #attach}.
   *
   * @param connection what its calls go over
   * @param staffId whose desktop it is
   */
  public WorkspaceClient(Connection connection, String staffId) {
    this(connection, staffId, UUID.randomUUID().toString(), Transport.USER_AGENT);
  }

  /**
   * Makes a client with a given id. It attaches with {@link #attach}.
   *
   * @param connection what its calls go over
   * @param staffId whose desktop it is
   * @param workspaceId the workspace's id, 1-128 characters, by which the server knows it again:
   *     who attaches with it takes the place of who has it
   * @param userAgent what the workspace is, for those who look for it, up to 200 characters
   */
  public WorkspaceClient(
      Connection connection, String staffId, String workspaceId, String userAgent) {
    this.connection = connection;
    this.staffId = Objects.requireNonNull(staffId);
    this.callTimeout = connection.options().callTimeout();
    this.attachment = new Attachment(connection, staffId, workspaceId, userAgent);
  }

  private WorkspaceClient(WorkspaceClient other, Duration callTimeout) {
    this.connection = other.connection;
    this.staffId = other.staffId;
    this.callTimeout = callTimeout;
    this.attachment = other.attachment;
  }

  /**
   * The same desktop, with the same attachment and state, with another deadline for its calls.
   *
   * @param timeout above 0
   * @return a client
   */
  public WorkspaceClient withCallTimeout(Duration timeout) {
    Options.requirePositive(timeout, "timeout");
    return new WorkspaceClient(this, timeout);
  }

  /**
   * Whose desktop this is.
   *
   * @return the staff id
   */
  public String staffId() {
    return staffId;
  }

  /**
   * The workspace's own id, the same whenever it attaches.
   *
   * @return the id
   */
  public String workspaceId() {
    return attachment.workspaceId();
  }

  /**
   * Attaches in the background, and stays attached over breaks. Does nothing while attaching or
   * attached. A workspace that attaches with the same id elsewhere ends it for good, with a {@link
   * ReplacedError}; attaching again by hand takes the place back.
   *
   * @throws OndutyError with code {@code CANCELLED} where the connection is closed
   */
  public void attach() {
    attachment.attach();
  }

  /**
   * Waits until attached.
   *
   * @param timeout how long to wait
   * @throws TimedOutError where it took longer; its cause is what went wrong last, if anything
   * @throws OndutyError where attaching was given up, or was not asked for
   * @throws InterruptedException where the thread is interrupted meanwhile
   */
  public void waitAttached(Duration timeout) throws InterruptedException {
    attachment.waitAttached(timeout);
  }

  /**
   * Ends the attachment, and waits for handlers that run, for at most 30 s. A handler may call it,
   * and is not waited for. May be called twice.
   */
  public void detach() {
    attachment.close();
  }

  /** The same as {@link #detach}. */
  @Override
  public void close() {
    detach();
  }

  /**
   * Whether the stream lives.
   *
   * @return true from a stream's first frame until it ends
   */
  public boolean attached() {
    return attachment.attached();
  }

  /**
   * Why the stream broke last, or why the attachment was given up.
   *
   * @return the error; absent where nothing went wrong since {@link #attach}
   */
  public Optional<OndutyError> lastError() {
    return attachment.lastError();
  }

  /**
   * The last known state, from the stream and from the answers of calls.
   *
   * @return the state; absent before the first
   */
  public Optional<Staff> state() {
    return attachment.state();
  }

  /**
   * Adds a handler of states. It is told each new state from now on.
   *
   * @param handler runs on a thread of the connection
   */
  public void onState(Consumer<? super Staff> handler) {
    attachment.onState(handler);
  }

  /**
   * Adds a handler that is told when the attachment begins to live and when it breaks.
   *
   * @param handler runs on a thread of the connection
   */
  public void onAttached(Consumer<? super Boolean> handler) {
    attachment.onAttached(handler);
  }

  /**
   * Takes what handlers throw. Without it, they are logged.
   *
   * @param handler runs on a thread of the connection
   */
  public void onError(Consumer<? super Throwable> handler) {
    attachment.onError(handler);
  }

  /**
   * The time left of the wrap-up's countdown: a local value, no call is made.
   *
   * @return never below 0; absent outside wrap-up and when it is open-ended
   */
  public Optional<Duration> remainingWrapUp() {
    return state().flatMap(known -> attachment.countdown().wrapUpLeft(known, Instant.now()));
  }

  /**
   * The time left of the outstanding offer: a local value, no call is made.
   *
   * @return never below 0; absent without an offer
   */
  public Optional<Duration> remainingOffer() {
    return state().flatMap(known -> attachment.countdown().offerLeft(known, Instant.now()));
  }

  /**
   * Changes the chosen status.
   *
   * @param request what to choose; a break reason with STATUS_ON_BREAK
   * @return the response
   * @throws RefusedError where the present state does not allow it
   */
  public ChangeStatusResponse changeStatus(ChangeStatusRequest request) {
    return call(
        WorkspaceServiceGrpc.getChangeStatusMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        ChangeStatusResponse::getStaff);
  }

  /**
   * Changes the chosen status to one that needs no reason.
   *
   * @param status STATUS_AVAILABLE, STATUS_BUSY or STATUS_OFFLINE
   * @return the response
   * @throws RefusedError where the present state does not allow it
   */
  public ChangeStatusResponse changeStatus(Status status) {
    return changeStatus(ChangeStatusRequest.newBuilder().setChoice(choice(status, "")).build());
  }

  /**
   * Goes on a break.
   *
   * @param reason the code of an enabled break reason
   * @return the response
   * @throws RefusedError where the present state does not allow it
   * @throws InvalidRequestError where the reason is unknown or disabled
   */
  public ChangeStatusResponse takeBreak(String reason) {
    return takeBreak(reason, "");
  }

  /**
   * Goes on a break.
   *
   * @param reason the code of an enabled break reason
   * @param note for the history, up to 1,000 characters
   * @return the response
   * @throws RefusedError where the present state does not allow it
   * @throws InvalidRequestError where the reason is unknown or disabled
   */
  public ChangeStatusResponse takeBreak(String reason, String note) {
    return changeStatus(
        ChangeStatusRequest.newBuilder()
            .setChoice(choice(Status.STATUS_ON_BREAK, reason))
            .setNote(note)
            .build());
  }

  /**
   * Sets the choice that applies when the call and its wrap-up are over.
   *
   * @param request what to choose; a break reason with STATUS_ON_BREAK
   * @return the response
   * @throws RefusedError outside calls and wrap-up
   */
  public SetNextStatusResponse setNextStatus(SetNextStatusRequest request) {
    return call(
        WorkspaceServiceGrpc.getSetNextStatusMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        SetNextStatusResponse::getStaff);
  }

  /**
   * Sets the choice that applies when the call and its wrap-up are over.
   *
   * @param status the status
   * @param breakReason the reason with STATUS_ON_BREAK, else empty
   * @return the response
   * @throws RefusedError outside calls and wrap-up
   */
  public SetNextStatusResponse setNextStatus(Status status, String breakReason) {
    return setNextStatus(
        SetNextStatusRequest.newBuilder().setChoice(choice(status, breakReason)).build());
  }

  /**
   * Takes the next choice back.
   *
   * @return the response
   * @throws RefusedError outside calls and wrap-up
   */
  public ClearNextStatusResponse clearNextStatus() {
    return clearNextStatus(ClearNextStatusRequest.getDefaultInstance());
  }

  /**
   * Takes the next choice back.
   *
   * @param request request id and expected revision
   * @return the response
   * @throws RefusedError outside calls and wrap-up
   */
  public ClearNextStatusResponse clearNextStatus(ClearNextStatusRequest request) {
    return call(
        WorkspaceServiceGrpc.getClearNextStatusMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        ClearNextStatusResponse::getStaff);
  }

  /**
   * Ends after-call work, to AVAILABLE.
   *
   * @return the response
   * @throws RefusedError in every other status
   */
  public BackToReceptionResponse backToReception() {
    return backToReception(BackToReceptionRequest.getDefaultInstance());
  }

  /**
   * Ends after-call work, to AVAILABLE.
   *
   * @param request request id and expected revision
   * @return the response
   * @throws RefusedError in every other status
   */
  public BackToReceptionResponse backToReception(BackToReceptionRequest request) {
    return call(
        WorkspaceServiceGrpc.getBackToReceptionMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        BackToReceptionResponse::getStaff);
  }

  /**
   * Stops the wrap-up's countdown; the status stays until its owner ends it.
   *
   * @return the response
   * @throws RefusedError outside wrap-up
   */
  public ContinueAfterCallWorkResponse continueWrapUp() {
    return continueWrapUp(ContinueAfterCallWorkRequest.getDefaultInstance());
  }

  /**
   * Stops the wrap-up's countdown; the status stays until its owner ends it.
   *
   * @param request request id and expected revision
   * @return the response
   * @throws RefusedError outside wrap-up
   */
  public ContinueAfterCallWorkResponse continueWrapUp(ContinueAfterCallWorkRequest request) {
    return call(
        WorkspaceServiceGrpc.getContinueAfterCallWorkMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        ContinueAfterCallWorkResponse::getStaff);
  }

  /**
   * Accepts the offer of the known state.
   *
   * @return the response
   * @throws RefusedError where the offer is gone, or none is known: then no call is made
   */
  public AcceptOfferResponse accept() {
    return accept(AcceptOfferRequest.getDefaultInstance());
  }

  /**
   * Accepts an offer.
   *
   * @param claimId the offer's claim; empty: the offer of the known state
   * @return the response
   * @throws RefusedError where the offer is gone
   */
  public AcceptOfferResponse accept(String claimId) {
    return accept(AcceptOfferRequest.newBuilder().setClaimId(claimId).build());
  }

  /**
   * Accepts an offer.
   *
   * @param request the claim; without one, the offer of the known state
   * @return the response
   * @throws RefusedError where the offer is gone
   */
  public AcceptOfferResponse accept(AcceptOfferRequest request) {
    return call(
        WorkspaceServiceGrpc.getAcceptOfferMethod(),
        request.toBuilder()
            .setStaffId(own(request.getStaffId()))
            .setClaimId(claim(request.getClaimId(), request.getRequestId()))
            .build(),
        AcceptOfferResponse::getStaff);
  }

  /**
   * Declines the offer of the known state. It counts as a miss.
   *
   * @return the response
   * @throws RefusedError where the offer is gone, or none is known: then no call is made
   */
  public DeclineOfferResponse decline() {
    return decline(DeclineOfferRequest.getDefaultInstance());
  }

  /**
   * Declines an offer. It counts as a miss.
   *
   * @param claimId the offer's claim; empty: the offer of the known state
   * @param note for the history, up to 1,000 characters
   * @return the response
   * @throws RefusedError where the offer is gone
   */
  public DeclineOfferResponse decline(String claimId, String note) {
    return decline(DeclineOfferRequest.newBuilder().setClaimId(claimId).setNote(note).build());
  }

  /**
   * Declines an offer. It counts as a miss.
   *
   * @param request the claim; without one, the offer of the known state
   * @return the response
   * @throws RefusedError where the offer is gone
   */
  public DeclineOfferResponse decline(DeclineOfferRequest request) {
    return call(
        WorkspaceServiceGrpc.getDeclineOfferMethod(),
        request.toBuilder()
            .setStaffId(own(request.getStaffId()))
            .setClaimId(claim(request.getClaimId(), request.getRequestId()))
            .build(),
        DeclineOfferResponse::getStaff);
  }

  /**
   * Reports a call dialled by hand: the staff member is in line at once.
   *
   * @param request the call
   * @return the response
   * @throws RefusedError offline, in a call, and in wrap-up where the policy bars it
   */
  public PlaceCallResponse placeCall(PlaceCallRequest request) {
    return call(
        WorkspaceServiceGrpc.getPlaceCallMethod(),
        request.toBuilder().setStaffId(own(request.getStaffId())).build(),
        PlaceCallResponse::getStaff);
  }

  /**
   * Reports an outbound call dialled by hand.
   *
   * @param callId the call, 1-128 characters
   * @return the response
   * @throws RefusedError offline, in a call, and in wrap-up where the policy bars it
   */
  public PlaceCallResponse placeCall(String callId) {
    return placeCall(PlaceCallRequest.newBuilder().setCallId(callId).build());
  }

  /**
   * Lists the break reasons that can be chosen, by code.
   *
   * @return the response
   */
  public ListBreakReasonsResponse breakReasons() {
    return breakReasons(ListBreakReasonsRequest.getDefaultInstance());
  }

  /**
   * Lists the tenant's break reasons of all pages, by code. Each page has its own deadline.
   *
   * @param request whether to include those that cannot be chosen, and a position that the list
   *     must not be older than; its pages are the client's
   * @return all reasons, with the position of the last page
   */
  public ListBreakReasonsResponse breakReasons(ListBreakReasonsRequest request) {
    ListBreakReasonsRequest.Builder next = request.toBuilder().setPageSize(PAGE).clearPageToken();
    ListBreakReasonsResponse.Builder all = ListBreakReasonsResponse.newBuilder();
    ListBreakReasonsResponse page;
    do {
      page =
          connection.call(
              WorkspaceServiceGrpc.getListBreakReasonsMethod(), next.build(), callTimeout);
      all.addAllBreakReasons(page.getBreakReasonsList()).setPosition(page.getPosition());
      next.setPageToken(page.getNextPageToken()).clearAtLeast();
    } while (!page.getNextPageToken().isEmpty());
    return all.build();
  }

  /**
   * Follows the colleagues that the policy lets the staff member see, with the connection's
   * options.
   *
   * @return a live view; close it when it is no longer needed
   */
  public ColleagueWatch colleagues() {
    return colleaguesBuilder().open();
  }

  /**
   * Begins a watch of colleagues with handlers and settings of its own.
   *
   * @return a builder
   */
  public ColleagueWatchBuilder colleaguesBuilder() {
    return new ColleagueWatchBuilder(connection, staffId);
  }

  private static StatusChoice choice(Status status, String breakReason) {
    return StatusChoice.newBuilder().setStatus(status).setBreakReason(breakReason).build();
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Function<A, Staff> staffOf) {
    A answer = connection.call(method, request, callTimeout);
    attachment.answered(staffOf.apply(answer));
    return answer;
  }

  private String own(String named) {
    if (!named.isEmpty() && !named.equals(staffId)) {
      throw new IllegalArgumentException("the request names another staff member than " + staffId);
    }
    return staffId;
  }

  private String claim(String named, String requestId) {
    Optional<Staff> known = state();
    if (!named.isEmpty()) {
      return named;
    }
    return known
        .filter(Staff::hasOffer)
        .map(staff -> staff.getOffer().getClaimId())
        .orElseThrow(() -> offerGone(known, requestId));
  }

  private OndutyError offerGone(Optional<Staff> known, String requestId) {
    Failure failure =
        Failure.local(
                io.grpc.Status.Code.FAILED_PRECONDITION,
                OFFER_GONE,
                "no offer is known to be outstanding",
                null)
            .withRequestId(requestId);
    return Errors.make(
        known.map(staff -> failure.withRefusal(refusal(staff), keys(staff))).orElse(failure));
  }

  private static TransitionRefusal refusal(Staff known) {
    return TransitionRefusal.newBuilder().setCurrent(known).build();
  }

  private static Map<String, String> keys(Staff known) {
    String status = known.getStatus().name().replaceFirst("^STATUS_", "");
    return Map.of("staff_id", known.getStaffId(), "claim_id", "", "current_status", status);
  }
}
