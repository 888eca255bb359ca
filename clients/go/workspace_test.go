package onduty_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

// attached is a workspace with the states it told.
func attached(t *testing.T, connection *onduty.Connection, staffID string) (*onduty.WorkspaceClient, chan onduty.WorkspaceState) {
	t.Helper()
	workspace := onduty.NewWorkspaceClient(connection, staffID)
	states := make(chan onduty.WorkspaceState, 1000)
	workspace.OnState(func(state onduty.WorkspaceState) { states <- state })
	if err := workspace.Attach(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(workspace.Detach)
	if err := workspace.WaitAttached(soon(t)); err != nil {
		t.Fatal(err)
	}
	return workspace, states
}

func has(wanted ondutyv1.Status) func(onduty.WorkspaceState) bool {
	return func(state onduty.WorkspaceState) bool { return state.Staff.GetStatus() == wanted }
}

// wantLeft holds what is left of a countdown against its length: it began after the instant before and runs since then at most.
func wantLeft(t *testing.T, left time.Duration, counting bool, length time.Duration, before time.Time) {
	t.Helper()
	const rounding = time.Second
	if least := length - time.Since(before) - rounding; !counting || left < least || left > length+rounding {
		t.Errorf("%v left (%v), want %v to %v", left, counting, least, length)
	}
}

// A workspace takes a call from its offer through wrap-up and back to reception.
func TestWorkspaceTakesACallThroughWrapUp(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	unhurried := &ondutyv1.Policy{AfterCallWork: &ondutyv1.AfterCallWorkPolicy{Countdown: durationpb.New(lasting)}}
	admin := ondutyv1.NewAdminServiceClient(connection)
	if _, err := admin.UpdatePolicy(soon(t), &ondutyv1.UpdatePolicyRequest{
		Policy: unhurried, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"after_call_work.countdown"}},
	}); err != nil {
		t.Fatal(err)
	}
	workspace, states := attached(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	if _, err := workspace.ChangeStatus(soon(t), ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	if _, err := router.ClaimMember(soon(t), "c-1", onduty.MemberTerms{SkillGroups: onduty.Groups("sales")}, onduty.ClaimTerms{TTL: lasting}); err != nil {
		t.Fatal(err)
	}
	until(t, states, func(state onduty.WorkspaceState) bool { return state.Staff.GetOffer() != nil })
	left, offered := workspace.RemainingOffer()
	wantLeft(t, left, offered, lasting, before)
	if _, err := workspace.Accept(soon(t), ""); err != nil {
		t.Fatal(err)
	}
	until(t, states, has(ondutyv1.Status_STATUS_IN_LINE))
	if _, err := workspace.SetNextStatus(soon(t), ondutyv1.Status_STATUS_BUSY, ""); err != nil {
		t.Error(err)
	}
	if got, err := workspace.ClearNextStatus(soon(t)); err != nil || got.GetStaff().GetNext() != nil {
		t.Errorf("%v, %v", got, err)
	}
	before = time.Now()
	if _, err := router.CallEnded(soon(t), onduty.CallFact{StaffID: "kim", CallID: "c-1"}); err != nil {
		t.Fatal(err)
	}
	until(t, states, has(ondutyv1.Status_STATUS_AFTER_CALL_WORK))
	left, counting := workspace.RemainingWrapUp()
	wantLeft(t, left, counting, lasting, before)
	if _, err := workspace.ContinueWrapUp(soon(t)); err != nil {
		t.Error(err)
	}
	if left, counting := workspace.RemainingWrapUp(); counting {
		t.Errorf("the open-ended wrap-up has %v left", left)
	}
	if _, err := workspace.BackToReception(soon(t)); err != nil {
		t.Error(err)
	}
	if got := workspace.State().GetStatus(); got != ondutyv1.Status_STATUS_AVAILABLE {
		t.Errorf("at the end %v", got)
	}
}

// A refusal names the present state, what was asked and what is allowed, and changes nothing.
func TestRefusalIsTyped(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	workspace := onduty.NewWorkspaceClient(connection, "kim")
	_, err := workspace.BackToReception(soon(t))
	var refused *onduty.RefusedError
	if !errors.As(err, &refused) || refused.Reason != "TRANSITION_REFUSED" ||
		refused.Current.GetStatus() != ondutyv1.Status_STATUS_OFFLINE ||
		refused.Requested != ondutyv1.Action_ACTION_BACK_TO_RECEPTION || len(refused.Allowed) == 0 || refused.RequestID == "" {
		t.Errorf("got %+v", err)
	}
}

// Breaks, calls by hand, declined offers and the catalogue go through the workspace as well.
func TestWorkspaceAsksForTheRest(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	admin := ondutyv1.NewAdminServiceClient(connection)
	if _, err := admin.CreateBreakReason(soon(t), &ondutyv1.CreateBreakReasonRequest{Code: "lunch"}); err != nil {
		t.Fatal(err)
	}
	workspace := onduty.NewWorkspaceClient(connection, "kim")
	for includeDisabled, want := range map[bool]int{false: 1, true: 2} { // the built-in one cannot be chosen
		if got, err := workspace.BreakReasons(soon(t), includeDisabled, ""); err != nil || len(got.BreakReasons) != want {
			t.Errorf("%v, %v", got, err)
		}
	}
	if got, err := workspace.TakeBreak(soon(t), "lunch", "early"); err != nil || got.GetStaff().GetBreakReason() != "lunch" {
		t.Errorf("%v, %v", got, err)
	}
	signIn(t, connection, "kim")
	claim, err := onduty.NewRouterClient(connection).Claim(soon(t), "c-1", "kim", onduty.ClaimTerms{TTL: lasting})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := workspace.Decline(soon(t), claim.GetClaimId(), "no"); err != nil || got.GetStaff().GetMisses() != 1 {
		t.Errorf("%v, %v", got, err)
	}
	got, err := workspace.PlaceCall(soon(t), "c-2", ondutyv1.Direction_DIRECTION_OUTBOUND, "pbx")
	if err != nil || got.GetStaff().GetStatus() != ondutyv1.Status_STATUS_IN_LINE {
		t.Errorf("%v, %v", got, err)
	}
}

// Without a known offer, accepting and declining fail as for one that is gone, and no call is made.
func TestNoKnownOfferIsAGoneOffer(t *testing.T) {
	workspace := onduty.NewWorkspaceClient(connect(t, onduty.Options{Target: "127.0.0.1:1"}), "kim")
	_, accepted := workspace.Accept(soon(t), "")
	_, declined := workspace.Decline(soon(t), "", "")
	for _, err := range []error{accepted, declined} {
		var refused *onduty.RefusedError
		if !errors.As(err, &refused) || refused.Reason != "OFFER_GONE" || refused.Code != "FAILED_PRECONDITION" {
			t.Errorf("got %v", err)
		}
	}
}

// The channel has the latest state, however late it is read, and is closed with the attachment.
func TestStatesHasTheLatest(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	workspace, _ := attached(t, connection, "kim")
	states := workspace.States(t.Context())
	for _, wanted := range []ondutyv1.Status{ondutyv1.Status_STATUS_AVAILABLE, ondutyv1.Status_STATUS_BUSY} {
		if _, err := workspace.ChangeStatus(soon(t), wanted, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := next(t, states); got.Staff.GetStatus() != ondutyv1.Status_STATUS_BUSY || !got.Attached {
		t.Errorf("got %v", got)
	}
	workspace.Detach()
	if got := next(t, states); got.Attached {
		t.Errorf("after detaching: %v", got)
	}
	if _, open := <-states; open {
		t.Error("the channel is open")
	}
}

// An attachment comes back after the server has restarted.
func TestWorkspaceComesBackAfterARestart(t *testing.T) {
	server := realserver.Start(t)
	connection := connect(t, onduty.Options{Target: server.Address, BackoffMax: time.Second})
	create(t, connection, "kim")
	workspace, states := attached(t, connection, "kim")
	server.Stop(t)
	until(t, states, func(state onduty.WorkspaceState) bool { return !state.Attached })
	if workspace.Attached() {
		t.Error("attached to a server that is gone")
	}
	server.Resume(t)
	until(t, states, func(state onduty.WorkspaceState) bool { return state.Attached })
}

// A staff member who is deleted is detached for good, and nothing is tried again.
func TestDeletionEndsTheAttachment(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	workspace, states := attached(t, connection, "kim")
	if _, err := ondutyv1.NewAdminServiceClient(connection).DeleteStaff(soon(t), &ondutyv1.DeleteStaffRequest{StaffId: "kim"}); err != nil {
		t.Fatal(err)
	}
	until(t, states, func(state onduty.WorkspaceState) bool { return !state.Attached })
	workspace.Detach() // it has ended already, or is about to
	var unknown *onduty.NotFoundError
	if err := workspace.WaitAttached(soon(t)); !errors.As(err, &unknown) || unknown.Reason != "STAFF_UNKNOWN" {
		t.Errorf("waiting gave %v", err)
	}
}

// Somebody who does not exist cannot be attached, and a detached workspace is not waited for.
func TestWaitingForNobodyFails(t *testing.T) {
	workspace := onduty.NewWorkspaceClient(connected(t), "nobody")
	var root *onduty.OndutyError
	if err := workspace.WaitAttached(soon(t)); !errors.As(err, &root) || root.Code != "CANCELLED" {
		t.Errorf("before attaching: %v", err)
	}
	if err := workspace.Attach(); err != nil {
		t.Fatal(err)
	}
	var unknown *onduty.NotFoundError
	if err := workspace.WaitAttached(soon(t)); !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
}

// A wait ends with its context.
func TestWaitingToBeAttachedHasADeadline(t *testing.T) {
	workspace := onduty.NewWorkspaceClient(connect(t, onduty.Options{Target: "127.0.0.1:1"}), "kim")
	if err := workspace.Attach(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var late *onduty.TimedOutError
	if err := workspace.WaitAttached(ctx); !errors.As(err, &late) {
		t.Errorf("got %v", err)
	}
}

// A reconnected stream's first frame wins over a higher revision, as after a restored backup; later ones need a higher one. The
// clock is that of the server.
func TestFirstFrameOfAStreamWins(t *testing.T) {
	const ahead, length = time.Hour, lasting
	frame := func(revision int64) *ondutyv1.AttachResponse {
		staff := &ondutyv1.Staff{StaffId: "kim", Revision: revision}
		staff.WrapUp = &ondutyv1.WrapUp{EndsAt: timestamppb.New(time.Now().Add(ahead + length))}
		return &ondutyv1.AttachResponse{Event: &ondutyv1.AttachResponse_Change{Change: &ondutyv1.StaffChange{
			Staff: staff, Transition: &ondutyv1.Transition{RecordedAt: timestamppb.New(time.Now().Add(ahead))},
		}}}
	}
	streams := make(chan []int64, 2)
	streams <- []int64{100}
	streams <- []int64{50, 40, 60}
	script := &scripted{attach: func(_ *ondutyv1.AttachRequest, stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error {
		var revisions []int64
		select {
		case revisions = <-streams:
		case <-stream.Context().Done():
		}
		for _, one := range revisions {
			if err := stream.Send(frame(one)); err != nil {
				return err
			}
		}
		if len(revisions) == 1 {
			return status.Error(codes.Unavailable, "again")
		}
		return hold(stream)
	}}
	before := time.Now()
	workspace, states := attached(t, connect(t, onduty.Options{
		Target: serve(t, script, nil), BackoffInitial: 10 * time.Millisecond,
	}), "kim")
	var seen []int64
	for len(seen) < 4 {
		seen = append(seen, next(t, states).Staff.GetRevision())
	}
	if want := []int64{100, 100, 50, 60}; seen[0] != want[0] || seen[1] != want[1] || seen[2] != want[2] || seen[3] != want[3] {
		t.Errorf("the revisions were %v, want %v", seen, want)
	}
	left, counting := workspace.RemainingWrapUp()
	wantLeft(t, left, counting, length, before)
}

// A workspace has one id for its life, its own or one that the client makes, and says what it is with every stream.
func TestWorkspaceIsKnownAgain(t *testing.T) {
	asked := make(chan *ondutyv1.AttachRequest, 4)
	script := &scripted{attach: func(request *ondutyv1.AttachRequest, stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error {
		asked <- request
		if len(asked)%2 == 1 {
			return status.Error(codes.Unavailable, "again")
		}
		return hold(stream)
	}}
	connection := connect(t, onduty.Options{Target: serve(t, script, nil), BackoffInitial: 10 * time.Millisecond})
	made := onduty.NewWorkspaceClient(connection, "kim")
	given := onduty.NewWorkspaceClient(connection, "kim", onduty.WithWorkspaceID("desk-7"), onduty.WithUserAgent("desk/1"))
	if made.WorkspaceID() == "" || given.WorkspaceID() != "desk-7" {
		t.Errorf("the ids are %q and %q", made.WorkspaceID(), given.WorkspaceID())
	}
	for _, one := range []struct {
		workspace *onduty.WorkspaceClient
		userAgent string
	}{{made, "onduty-go/" + onduty.Version}, {given, "desk/1"}} {
		if err := one.workspace.Attach(); err != nil {
			t.Fatal(err)
		}
		becomes(t, "attached twice", func() bool { return len(asked) == 2 })
		for range 2 {
			if got := next(t, asked); got.GetWorkspaceId() != one.workspace.WorkspaceID() || got.GetUserAgent() != one.userAgent {
				t.Errorf("asked %v", got)
			}
		}
		one.workspace.Detach()
	}
}

// A workspace whose id another one attaches with is detached for good, knows why when it is told, and asks no more by itself.
func TestReplacedWorkspaceEnds(t *testing.T) {
	replaced, err := status.New(codes.Aborted, "another one").WithDetails(&errdetails.ErrorInfo{
		Reason: "ATTACHMENT_REPLACED", Domain: "onduty.dev", Metadata: map[string]string{"workspace_id": "desk-7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var streams atomic.Int32
	script := &scripted{attach: func(_ *ondutyv1.AttachRequest, stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error {
		if streams.Add(1) > 1 {
			return hold(stream)
		}
		if err := stream.Send(&ondutyv1.AttachResponse{Position: "p"}); err != nil {
			return err
		}
		return replaced.Err()
	}}
	connection := connect(t, onduty.Options{Target: serve(t, script, nil), BackoffInitial: time.Millisecond})
	workspace := onduty.NewWorkspaceClient(connection, "kim", onduty.WithWorkspaceID("desk-7"))
	reasons := make(chan error, 10)
	workspace.OnState(func(state onduty.WorkspaceState) {
		if !state.Attached {
			reasons <- workspace.Err()
		}
	})
	states := workspace.States(t.Context())
	if err := workspace.Attach(); err != nil {
		t.Fatal(err)
	}
	for range states { // it is closed with the attachment
	}
	var gone *onduty.ReplacedError
	for _, err := range []error{next(t, reasons), workspace.Err(), workspace.WaitAttached(soon(t))} {
		if !errors.As(err, &gone) || gone.WorkspaceID != "desk-7" || gone.Code != "ABORTED" {
			t.Errorf("got %v", err)
		}
	}
	if got := streams.Load(); got != 1 {
		t.Errorf("%d streams", got)
	}
	if err := workspace.Attach(); err != nil || workspace.Err() != nil {
		t.Errorf("attaching by hand: %v, %v", err, workspace.Err())
	}
	workspace.Detach()
}

// Of two workspaces with one id the later one stays attached.
func TestLaterWorkspaceTakesThePlace(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	older := onduty.NewWorkspaceClient(connection, "kim", onduty.WithWorkspaceID("desk-7"))
	newer := onduty.NewWorkspaceClient(connection, "kim", onduty.WithWorkspaceID("desk-7"))
	for _, one := range []*onduty.WorkspaceClient{older, newer} {
		if err := errors.Join(one.Attach(), one.WaitAttached(soon(t))); err != nil {
			t.Fatal(err)
		}
	}
	becomes(t, "replaced", func() bool { return older.Err() != nil })
	var replaced *onduty.ReplacedError
	if err := older.Err(); !errors.As(err, &replaced) || replaced.WorkspaceID != "desk-7" || older.Attached() {
		t.Errorf("got %v", err)
	}
	workspaces := newer.State().GetConnection().GetWorkspaces()
	if !newer.Attached() || len(workspaces) != 1 || workspaces[0].GetWorkspaceId() != "desk-7" ||
		workspaces[0].GetUserAgent() != "onduty-go/"+onduty.Version {
		t.Errorf("attached are %v", workspaces)
	}
}

// Break reasons are listed over all pages, each asked for with the same terms.
func TestBreakReasonsGoOverAllPages(t *testing.T) {
	script := &scripted{breakReasons: func(request *ondutyv1.ListBreakReasonsRequest) (*ondutyv1.ListBreakReasonsResponse, error) {
		if !request.GetIncludeDisabled() {
			return nil, status.Error(codes.InvalidArgument, "other terms")
		}
		page := &ondutyv1.ListBreakReasonsResponse{Position: "p-" + request.GetPageToken()}
		switch request.GetPageToken() {
		case "":
			page.BreakReasons, page.NextPageToken = []*ondutyv1.BreakReason{{Code: "lunch"}}, "2"
		case "2":
			page.BreakReasons, page.NextPageToken = []*ondutyv1.BreakReason{{Code: "meeting"}}, "3"
		case "3":
			page.BreakReasons = []*ondutyv1.BreakReason{{Code: "training"}}
		}
		return page, nil
	}}
	workspace := onduty.NewWorkspaceClient(connect(t, onduty.Options{Target: serve(t, script, nil)}), "kim")
	list, err := workspace.BreakReasons(soon(t), true, "")
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, one := range list.BreakReasons {
		codes = append(codes, one.GetCode())
	}
	if !slices.Equal(codes, []string{"lunch", "meeting", "training"}) || list.Position != "p-3" {
		t.Errorf("listed %q at %q", codes, list.Position)
	}
}

// A handler may make calls, and hears the states in order.
func TestHandlerMayMakeCalls(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	workspace := onduty.NewWorkspaceClient(connection, "kim")
	heard := make(chan ondutyv1.Status, 10)
	workspace.OnState(func(state onduty.WorkspaceState) {
		if state.Staff.GetStatus() == ondutyv1.Status_STATUS_AVAILABLE {
			if _, err := workspace.ChangeStatus(soon(t), ondutyv1.Status_STATUS_BUSY, "", ""); err != nil {
				t.Error(err)
			}
		}
		heard <- state.Staff.GetStatus()
	})
	if _, err := workspace.ChangeStatus(soon(t), ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []ondutyv1.Status{ondutyv1.Status_STATUS_AVAILABLE, ondutyv1.Status_STATUS_BUSY} {
		if got := next(t, heard); got != want {
			t.Errorf("heard %v, want %v", got, want)
		}
	}
}
