package onduty

// What routers and telephony ask for, but for claims, which are in claims.go. It keeps no state but the connection.

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const (
	mostEvents = 1000 // in one ReportCallEvents
	pageSize   = 1000 // where all pages are read: the most that the server gives
)

// CallOption is what a mutation may be told beside its subject.
type CallOption func(*callOptions)

type callOptions struct {
	requestID        string
	expectedRevision *int64
	observedAt       *timestamppb.Timestamp
	observedPosition string
	staffIDs         []string
}

// WithRequestID makes the call idempotent under this id, 1-128 characters. Without it the client makes one for each call.
func WithRequestID(requestID string) CallOption {
	return func(o *callOptions) { o.requestID = requestID }
}

// WithExpectedRevision lets the call fail with a RevisionMismatchError unless the staff member still has this revision. Calls that
// do not name one staff member (ClaimFirst, ClaimMember, Report and Reconcile) do not take notice of it.
func WithExpectedRevision(revision int64) CallOption {
	return func(o *callOptions) { o.expectedRevision = &revision }
}

// WithObservedAt says when the list of Reconcile was taken, by the source's clock: calls that began or ended since are left
// alone. Other calls do not take notice of it.
func WithObservedAt(at time.Time) CallOption {
	return func(o *callOptions) { o.observedAt = timestamppb.New(at) }
}

// WithObservedPosition says as of which position of the store the list of Reconcile was taken, where the source has no clock.
// Other calls do not take notice of it.
func WithObservedPosition(position string) CallOption {
	return func(o *callOptions) { o.observedPosition = position }
}

// WithStaff says that the list of Reconcile is of these staff members only, up to 1,000, so that more calls fit in several
// requests. Other calls do not take notice of it.
func WithStaff(staffIDs ...string) CallOption {
	return func(o *callOptions) { o.staffIDs = staffIDs }
}

func chosen(options []CallOption) callOptions {
	var all callOptions
	for _, option := range options {
		option(&all)
	}
	return all
}

// RouterClient claims staff, reports calls and watches the floor.
type RouterClient struct {
	connection *Connection
	stub       ondutyv1.RouterServiceClient
}

// NewRouterClient makes a router's client on the connection.
func NewRouterClient(connection *Connection) *RouterClient {
	return &RouterClient{connection: connection, stub: ondutyv1.NewRouterServiceClient(connection)}
}

// CallFact is what telephony knows of a call's start or end.
type CallFact struct {
	// StaffID is the staff member, 1-128 characters.
	StaffID string
	// CallID is the call, 1-128 characters.
	CallID string
	// Direction is the kind of the call; unspecified: that of the claim by which it came, else INBOUND. An end has none: CallEnded
	// passes it over.
	Direction ondutyv1.Direction
	// Source is the telephony source that owns the call, up to 128 characters.
	Source string
	// OccurredAt is the instant by the source's clock: the same again when the fact is repeated. Zero: not told.
	OccurredAt time.Time
	// Leg is the source's id of the channel, up to 128 characters. Empty: the fact is about every leg of the call.
	Leg string
	// OnHold says that the call is held, or no longer. Nil: as before. An end has none: CallEnded passes it over.
	OnHold *bool
	// Answered says that the other side answered, or did not. Nil: as before.
	Answered *bool
}

func (f CallFact) occurredAt() *timestamppb.Timestamp {
	if f.OccurredAt.IsZero() {
		return nil
	}
	return timestamppb.New(f.OccurredAt)
}

// CallStarted reports that a call is in progress: it started, goes on, is held or was answered. A fact is never refused by the
// rules; the response's outcome says what came of it.
func (r *RouterClient) CallStarted(
	ctx context.Context, fact CallFact, options ...CallOption,
) (*ondutyv1.ReportCallStartedResponse, error) {
	with := chosen(options)
	request := startedRequest(fact, with.requestID)
	request.ExpectedRevision = with.expectedRevision
	return r.stub.ReportCallStarted(ctx, request, r.waiting())
}

func startedRequest(fact CallFact, requestID string) *ondutyv1.ReportCallStartedRequest {
	return &ondutyv1.ReportCallStartedRequest{
		StaffId: fact.StaffID, CallId: fact.CallID, Direction: fact.Direction, Source: fact.Source,
		Leg: fact.Leg, OnHold: fact.OnHold, Answered: fact.Answered, OccurredAt: fact.occurredAt(), RequestId: requestID,
	}
}

func endedRequest(fact CallFact, requestID string) *ondutyv1.ReportCallEndedRequest {
	return &ondutyv1.ReportCallEndedRequest{
		StaffId: fact.StaffID, CallId: fact.CallID, Source: fact.Source, Leg: fact.Leg, Answered: fact.Answered,
		OccurredAt: fact.occurredAt(), RequestId: requestID,
	}
}

// waiting lets a call that reports facts wait within its deadline for a server that is not reached.
func (r *RouterClient) waiting() grpc.CallOption {
	return grpc.WaitForReady(!r.connection.options.FactsFailFast)
}

// CallEnded reports that a call, or one leg of it, ended. The response's outcome says what came of it.
func (r *RouterClient) CallEnded(
	ctx context.Context, fact CallFact, options ...CallOption,
) (*ondutyv1.ReportCallEndedResponse, error) {
	with := chosen(options)
	request := endedRequest(fact, with.requestID)
	request.ExpectedRevision = with.expectedRevision
	return r.stub.ReportCallEnded(ctx, request, r.waiting())
}

// Report is what came of reported facts.
type Report struct {
	// Results has one for each event, in order.
	Results []EventResult
	// Position is the store's position after the last fact.
	Position string
}

// EventResult is what came of one fact: one of the two is set.
type EventResult struct {
	// Taken says what the fact changed.
	Taken *ondutyv1.ItemTaken
	// Err says why it could not be taken, as an error of the tree.
	Err error
}

// Report reports facts, applied in order, each on its own: a bad one does not hold up the others. More than 1,000 go out in
// several requests one after another, with the ids "<request id>", "<request id>/2" and so on. Where one of these fails, the
// report has the results of those before it, beside the error; the rest was not sent.
func (r *RouterClient) Report(ctx context.Context, events []*ondutyv1.CallEvent, options ...CallOption) (*Report, error) {
	requestID := chosen(options).requestID
	if requestID == "" {
		requestID = uuid.NewString()
	}
	report := &Report{Results: make([]EventResult, 0, len(events))}
	for part := 1; ; part++ {
		size := min(len(events), mostEvents)
		partID := requestID
		if part > 1 {
			partID += "/" + strconv.Itoa(part)
		}
		answer, err := r.stub.ReportCallEvents(ctx, &ondutyv1.ReportCallEventsRequest{
			Events: events[:size], RequestId: partID,
		}, r.waiting())
		if err != nil {
			return report, err
		}
		for number, one := range answer.GetResults() {
			itemID := partID
			if number < size && factOf(events[number]).GetRequestId() != "" {
				itemID = factOf(events[number]).GetRequestId()
			}
			report.Results = append(report.Results, EventResult{one.GetTaken(), itemError(one, itemID)})
		}
		report.Position = answer.GetPosition()
		if events = events[size:]; len(events) == 0 {
			return report, nil
		}
	}
}

// Reconcile tells all calls that a source has, up to 1,000: its other calls end, missing ones start. Say as of when the list is
// by WithObservedAt or WithObservedPosition.
func (r *RouterClient) Reconcile(
	ctx context.Context, source string, calls []*ondutyv1.SourceCall, options ...CallOption,
) (*ondutyv1.ReconcileCallsResponse, error) {
	with := chosen(options)
	return r.stub.ReconcileCalls(ctx, &ondutyv1.ReconcileCallsRequest{
		Source: source, Calls: calls, RequestId: with.requestID,
		ObservedAt: with.observedAt, ObservedPosition: with.observedPosition, StaffIds: with.staffIDs,
	}, r.waiting())
}

// StaffList is everybody who matched, and a position after which a watch misses nothing.
type StaffList struct {
	// Staff are by id.
	Staff []*ondutyv1.Staff
	// Position is the first page's. A watch with the same filter that resumes after it misses nothing.
	Position string
}

// ListStaff reads everybody who matches the filter (nil: all), page after page, at or after the position
// atLeast (empty: the present one). CallTimeout is for each page.
func (r *RouterClient) ListStaff(ctx context.Context, filter *ondutyv1.StaffFilter, atLeast string) (*StaffList, error) {
	list := &StaffList{}
	request := &ondutyv1.ListStaffRequest{Filter: filter, PageSize: pageSize, AtLeast: atLeast}
	for {
		page, err := r.stub.ListStaff(ctx, request)
		if err != nil {
			return nil, err
		}
		list.Staff = append(list.Staff, page.GetStaff()...)
		list.Position = page.GetPosition()
		if page.GetNextPageToken() == "" {
			return list, nil
		}
		request.PageToken = page.GetNextPageToken()
	}
}
