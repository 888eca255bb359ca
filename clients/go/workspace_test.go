package onduty_test

import (
	"context"
	"errors"
	"testing"
	"time"

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
	if _, err := router.Claim(soon(t), onduty.ClaimParams{CallID: "c-1", SkillGroup: "sales", TTL: lasting}); err != nil {
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
	lunch := &ondutyv1.BreakReason{Code: "lunch", Enabled: true}
	if _, err := admin.CreateBreakReason(soon(t), &ondutyv1.CreateBreakReasonRequest{BreakReason: lunch}); err != nil {
		t.Fatal(err)
	}
	workspace := onduty.NewWorkspaceClient(connection, "kim")
	if got, err := workspace.BreakReasons(soon(t)); err != nil || len(got.GetBreakReasons()) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := workspace.TakeBreak(soon(t), "lunch", "early"); err != nil || got.GetStaff().GetBreakReason() != "lunch" {
		t.Errorf("%v, %v", got, err)
	}
	signIn(t, connection, "kim")
	claim, err := onduty.NewRouterClient(connection).Claim(soon(t), onduty.ClaimParams{CallID: "c-1", StaffID: "kim", TTL: lasting})
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
	states := workspace.States()
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
	script := &scripted{attach: func(stream grpc.ServerStreamingServer[ondutyv1.AttachResponse]) error {
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
