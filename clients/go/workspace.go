package onduty

// One staff member's desktop: the calls it makes. How it stays attached is in workspace_attachment.go.

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// WorkspaceState is what a workspace knows of its staff member.
type WorkspaceState struct {
	// Attached says whether the attachment's stream lives.
	Attached bool
	// Staff is the last known state. Nil: none is known yet.
	Staff *ondutyv1.Staff
}

// WorkspaceClient is one staff member's desktop.
type WorkspaceClient struct {
	connection  *Connection
	staffID     string
	workspaceID string
	userAgent   string
	stub        ondutyv1.WorkspaceServiceClient

	mu         sync.Mutex
	now        WorkspaceState
	clock      serverClock
	attachment *attachment // nil: not attached, and not trying
	over       bool        // the last attachment has ended
	ended      error       // why the last attachment ended by itself
	lastBreak  error       // how the last stream ended
	news       chan struct{}
	onState    []func(WorkspaceState)
	channels   map[chan WorkspaceState]func() bool // with what ends the watch of its context
	queue      []WorkspaceState                    // states to tell; at most one of the stream and one of each call under way
	telling    bool                                // a goroutine is telling them
	teller     goroutine                           // that one
	told       *sync.Cond                          // signalled when it is done
}

// WorkspaceOption is what a workspace may be told beside its staff member.
type WorkspaceOption func(*WorkspaceClient)

// WithWorkspaceID gives the workspace an id of the caller's, 1-128 characters: whoever attaches with it takes the place of the
// workspace that has it. Without it the client makes one, which lasts as long as the WorkspaceClient.
func WithWorkspaceID(workspaceID string) WorkspaceOption {
	return func(w *WorkspaceClient) { w.workspaceID = workspaceID }
}

// WithUserAgent says what the workspace is, for those who look for it, up to 200 characters. Without it that is the client's name
// and version.
func WithUserAgent(userAgent string) WorkspaceOption {
	return func(w *WorkspaceClient) { w.userAgent = userAgent }
}

// NewWorkspaceClient makes a staff member's client on the connection. It does nothing until it is asked.
func NewWorkspaceClient(connection *Connection, staffID string, options ...WorkspaceOption) *WorkspaceClient {
	w := &WorkspaceClient{
		connection: connection, staffID: staffID, userAgent: userAgent,
		stub: ondutyv1.NewWorkspaceServiceClient(connection), channels: map[chan WorkspaceState]func() bool{}, news: make(chan struct{}),
	}
	for _, option := range options {
		option(w)
	}
	if w.workspaceID == "" {
		w.workspaceID = uuid.NewString()
	}
	w.told = sync.NewCond(&w.mu)
	return w
}

// WorkspaceID is the workspace's own id, the same whenever it attaches.
func (w *WorkspaceClient) WorkspaceID() string { return w.workspaceID }

// --- reading ---------------------------------------------------------------------------------------------------------

// State is the last known state, from the stream and from the answers of calls; nil where none is known yet.
func (w *WorkspaceClient) State() *ondutyv1.Staff {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now.Staff
}

// Attached says whether the attachment's stream lives.
func (w *WorkspaceClient) Attached() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now.Attached
}

// RemainingWrapUp is the time left of the wrap-up's countdown, never below 0; false outside wrap-up and where it is open-ended.
// It is a local value; no call is made.
func (w *WorkspaceClient) RemainingWrapUp() (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return remainingWrapUp(w.now.Staff, w.clock.at(time.Now()))
}

// RemainingOffer is the time left of the outstanding offer, never below 0; false without one. It is a local value.
func (w *WorkspaceClient) RemainingOffer() (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return remainingOffer(w.now.Staff, w.clock.at(time.Now()))
}

// --- calls -----------------------------------------------------------------------------------------------------------

// answer is what the calls about one staff member give.
type answer interface {
	GetStaff() *ondutyv1.Staff
}

// learn takes the state of a call's answer.
func learn[Answer answer](w *WorkspaceClient, got Answer, err error) (Answer, error) {
	if err == nil && got.GetStaff() != nil {
		w.learn(got.GetStaff())
	}
	return got, err
}

// ChangeStatus changes the chosen status: signs in, signs out, goes on break. A break reason goes with ON_BREAK only; a note is
// for the history. Both may be empty.
func (w *WorkspaceClient) ChangeStatus(
	ctx context.Context, status ondutyv1.Status, breakReason, note string, options ...CallOption,
) (*ondutyv1.ChangeStatusResponse, error) {
	with := chosen(options)
	got, err := w.stub.ChangeStatus(ctx, &ondutyv1.ChangeStatusRequest{
		StaffId: w.staffID, Choice: choiceOf(status, breakReason), Note: note,
		RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// TakeBreak changes to ON_BREAK with the reason.
func (w *WorkspaceClient) TakeBreak(
	ctx context.Context, reason, note string, options ...CallOption,
) (*ondutyv1.ChangeStatusResponse, error) {
	return w.ChangeStatus(ctx, ondutyv1.Status_STATUS_ON_BREAK, reason, note, options...)
}

// SetNextStatus sets the choice that applies when the call and its wrap-up are over.
func (w *WorkspaceClient) SetNextStatus(
	ctx context.Context, status ondutyv1.Status, breakReason string, options ...CallOption,
) (*ondutyv1.SetNextStatusResponse, error) {
	with := chosen(options)
	got, err := w.stub.SetNextStatus(ctx, &ondutyv1.SetNextStatusRequest{
		StaffId: w.staffID, Choice: choiceOf(status, breakReason),
		RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// ClearNextStatus takes the next choice back.
func (w *WorkspaceClient) ClearNextStatus(
	ctx context.Context, options ...CallOption,
) (*ondutyv1.ClearNextStatusResponse, error) {
	with := chosen(options)
	got, err := w.stub.ClearNextStatus(ctx, &ondutyv1.ClearNextStatusRequest{
		StaffId: w.staffID, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// BackToReception ends after-call work at once, to AVAILABLE.
func (w *WorkspaceClient) BackToReception(
	ctx context.Context, options ...CallOption,
) (*ondutyv1.BackToReceptionResponse, error) {
	with := chosen(options)
	got, err := w.stub.BackToReception(ctx, &ondutyv1.BackToReceptionRequest{
		StaffId: w.staffID, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// ContinueWrapUp stops the wrap-up's countdown; the wrap-up lasts until the staff member ends it, or the policy's cap does.
func (w *WorkspaceClient) ContinueWrapUp(
	ctx context.Context, options ...CallOption,
) (*ondutyv1.ContinueAfterCallWorkResponse, error) {
	with := chosen(options)
	got, err := w.stub.ContinueAfterCallWork(ctx, &ondutyv1.ContinueAfterCallWorkRequest{
		StaffId: w.staffID, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// Accept accepts an offer; an empty claim id means the offer of the known state. Where none is known it fails as for an offer
// that is gone, without a call.
func (w *WorkspaceClient) Accept(
	ctx context.Context, claimID string, options ...CallOption,
) (*ondutyv1.AcceptOfferResponse, error) {
	with := chosen(options)
	claimID, err := w.claim(claimID, with.requestID)
	if err != nil {
		return nil, err
	}
	got, err := w.stub.AcceptOffer(ctx, &ondutyv1.AcceptOfferRequest{
		StaffId: w.staffID, ClaimId: claimID, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// Decline declines an offer, which counts as a miss; an empty claim id is as with Accept. A note is for the history.
func (w *WorkspaceClient) Decline(
	ctx context.Context, claimID, note string, options ...CallOption,
) (*ondutyv1.DeclineOfferResponse, error) {
	with := chosen(options)
	claimID, err := w.claim(claimID, with.requestID)
	if err != nil {
		return nil, err
	}
	got, err := w.stub.DeclineOffer(ctx, &ondutyv1.DeclineOfferRequest{
		StaffId: w.staffID, ClaimId: claimID, Note: note, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// PlaceCall places a call by hand: the staff member is in line at once. The direction is OUTBOUND (also when unspecified) or
// INTERNAL; the source, which may be empty, is the telephony source that will report the end.
func (w *WorkspaceClient) PlaceCall(
	ctx context.Context, callID string, direction ondutyv1.Direction, source string, options ...CallOption,
) (*ondutyv1.PlaceCallResponse, error) {
	with := chosen(options)
	got, err := w.stub.PlaceCall(ctx, &ondutyv1.PlaceCallRequest{
		StaffId: w.staffID, CallId: callID, Direction: direction, Source: source,
		RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
	return learn(w, got, err)
}

// BreakReasonList is the break reasons of all pages.
type BreakReasonList struct {
	// BreakReasons are by code.
	BreakReasons []*ondutyv1.BreakReason
	// Position is the store's position that the last page is current at.
	Position string
}

// BreakReasons lists the break reasons that can be chosen, page after page; with includeDisabled those as well that cannot. It
// reads a state at or after the position atLeast (empty: the present one). CallTimeout is for each page.
func (w *WorkspaceClient) BreakReasons(
	ctx context.Context, includeDisabled bool, atLeast string,
) (*BreakReasonList, error) {
	list := &BreakReasonList{}
	request := &ondutyv1.ListBreakReasonsRequest{IncludeDisabled: includeDisabled, AtLeast: atLeast, PageSize: pageSize}
	for {
		page, err := w.stub.ListBreakReasons(ctx, request)
		if err != nil {
			return nil, err
		}
		list.BreakReasons = append(list.BreakReasons, page.GetBreakReasons()...)
		list.Position = page.GetPosition()
		if page.GetNextPageToken() == "" {
			return list, nil
		}
		request.PageToken = page.GetNextPageToken()
	}
}

func choiceOf(status ondutyv1.Status, breakReason string) *ondutyv1.StatusChoice {
	return &ondutyv1.StatusChoice{Status: status, BreakReason: breakReason}
}

// claim is the id that was given, or that of the known offer.
func (w *WorkspaceClient) claim(given, requestID string) (string, error) {
	if given != "" {
		return given, nil
	}
	staff := w.State()
	if known := staff.GetOffer().GetClaimId(); known != "" {
		return known, nil
	}
	root := newRoot(codes.FailedPrecondition, "no offer is known", requestID, nil)
	root.Reason = "OFFER_GONE"
	root.Metadata = map[string]string{"staff_id": w.staffID}
	return "", &RefusedError{OndutyError: root, Current: staff}
}
