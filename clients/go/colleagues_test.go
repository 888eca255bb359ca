package onduty_test

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

type (
	colleaguesRequest = *ondutyv1.WatchColleaguesRequest
	colleaguesStream  = grpc.ServerStreamingServer[ondutyv1.WatchColleaguesResponse]
)

func colleaguesAt(position string, ids ...string) *ondutyv1.WatchColleaguesResponse {
	chunk := &ondutyv1.ColleaguesChunk{Last: true}
	for _, id := range ids {
		chunk.Colleagues = append(chunk.Colleagues, &ondutyv1.Colleague{StaffId: id, OpenToTransfers: true})
	}
	return &ondutyv1.WatchColleaguesResponse{
		Position: position, Event: &ondutyv1.WatchColleaguesResponse_SnapshotChunk{SnapshotChunk: chunk},
	}
}

func colleagueLeft(position, id string) *ondutyv1.WatchColleaguesResponse {
	return &ondutyv1.WatchColleaguesResponse{Position: position, Event: &ondutyv1.WatchColleaguesResponse_Changes{
		Changes: &ondutyv1.ColleagueChanges{
			Changes: []*ondutyv1.ColleagueChange{{Colleague: &ondutyv1.Colleague{StaffId: id}, Left: true}},
		},
	}}
}

func colleaguesGoAway(position string) *ondutyv1.WatchColleaguesResponse {
	return &ondutyv1.WatchColleaguesResponse{Position: position, Event: &ondutyv1.WatchColleaguesResponse_GoingAway{
		GoingAway: &ondutyv1.GoingAway{ReconnectAfter: durationpb.New(0)},
	}}
}

// openColleagues opens a copy for kim on a script whose streams send these frames, one list after another; then the server ends
// the stream, but holds the last one. It gives the positions that were asked for.
func openColleagues(
	t *testing.T, streams ...[]*ondutyv1.WatchColleaguesResponse,
) (*onduty.Colleagues, chan onduty.ColleagueChange, chan string) {
	t.Helper()
	var opened atomic.Int32
	resumed := make(chan string, 100)
	script := &scripted{colleagues: func(request colleaguesRequest, stream colleaguesStream) error {
		number := int(opened.Add(1))
		resumed <- request.GetStaffId() + " after " + request.GetResumeAfter()
		if number > len(streams) {
			return hold(stream)
		}
		for _, frame := range streams[number-1] {
			if err := stream.Send(frame); err != nil {
				return err
			}
		}
		if number == len(streams) {
			return hold(stream)
		}
		return status.Error(codes.Unavailable, "again")
	}}
	connection := connect(t, onduty.Options{Target: serve(t, script, nil)})
	colleagues, err := onduty.NewColleagues(connection, "kim", quick)
	if err != nil {
		t.Fatal(err)
	}
	changes := make(chan onduty.ColleagueChange, 100)
	colleagues.OnChange(func(change onduty.ColleagueChange) { changes <- change })
	return colleagues, changes, resumed
}

func wantResumed(t *testing.T, resumed chan string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if got := next(t, resumed); got != want {
			t.Errorf("asked for %q, want %q", got, want)
		}
	}
}

// A copy of the colleagues shows everybody, follows changes, and goes on after the last position when the stream breaks.
func TestColleaguesFollowAndResume(t *testing.T) {
	colleagues, changes, resumed := openColleagues(t,
		[]*ondutyv1.WatchColleaguesResponse{colleaguesAt("p-1", "lea", "bo")},
		[]*ondutyv1.WatchColleaguesResponse{colleagueLeft("p-2", "bo")},
	)
	left := until(t, changes, func(change onduty.ColleagueChange) bool { return change.Kind == onduty.Left })
	if left.StaffID != "bo" || left.Before.GetStaffId() != "bo" || left.After != nil {
		t.Errorf("told %+v", left)
	}
	wantResumed(t, resumed, "kim after ", "kim after p-1")
	if err := colleagues.WaitCurrent(soon(t)); err != nil {
		t.Fatal(err)
	}
	lea, known := colleagues.Get("lea")
	if open := colleagues.OpenToTransfers(""); !known || len(open) != 1 || open[0] != lea || colleagues.Size() != 1 ||
		len(colleagues.All()) != 1 || colleagues.Position() != "p-2" {
		t.Errorf("it shows %v at %q", colleagues.All(), colleagues.Position())
	}
	colleagues.Close()
	if colleagues.State() != onduty.Closed || colleagues.OpenToTransfers("") != nil {
		t.Errorf("after closing: %v, %v", colleagues.State(), colleagues.OpenToTransfers(""))
	}
}

// A server that goes away is asked to go on after its position.
func TestColleaguesResumeAfterGoingAway(t *testing.T) {
	_, changes, resumed := openColleagues(t,
		[]*ondutyv1.WatchColleaguesResponse{colleaguesAt("p-1", "lea", "bo"), colleaguesGoAway("p-2")},
		[]*ondutyv1.WatchColleaguesResponse{colleagueLeft("p-3", "bo")},
	)
	until(t, changes, func(change onduty.ColleagueChange) bool { return change.Kind == onduty.Left })
	wantResumed(t, resumed, "kim after ", "kim after p-2")
}

// A farewell without a position says that others may be seen now: nobody is shown any more, and the copy begins afresh.
func TestColleaguesBeginAfreshWhereOthersMayBeSeen(t *testing.T) {
	colleagues, changes, resumed := openColleagues(t,
		[]*ondutyv1.WatchColleaguesResponse{colleaguesAt("p-1", "lea", "bo"), colleaguesGoAway("")},
		[]*ondutyv1.WatchColleaguesResponse{colleaguesAt("p-3", "lea", "zoe")},
	)
	var told []string
	until(t, changes, func(change onduty.ColleagueChange) bool {
		told = append(told, change.Kind.String()+" "+change.StaffID)
		return change.StaffID == "zoe"
	})
	if want := []string{"LEFT bo", "LEFT lea", "ADDED lea", "ADDED zoe"}; !slices.Equal(told[max(0, len(told)-4):], want) {
		t.Errorf("told %q, want %q at the end", told, want)
	}
	wantResumed(t, resumed, "kim after ", "kim after ")
	if err := colleagues.WaitCurrent(soon(t)); err != nil || colleagues.Size() != 2 {
		t.Errorf("%d colleagues: %v", colleagues.Size(), err)
	}
}

// Where the policy lets nobody see colleagues, or nobody has the id, the copy has failed and asks no more.
func TestColleaguesGiveUpWhereNobodyIsToBeSeen(t *testing.T) {
	for reason, code := range map[string]codes.Code{
		"COLLEAGUES_HIDDEN": codes.FailedPrecondition, "STAFF_UNKNOWN": codes.NotFound,
	} {
		var opened atomic.Int32
		script := &scripted{colleagues: func(colleaguesRequest, colleaguesStream) error {
			opened.Add(1)
			failed, err := status.New(code, "no").WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: "onduty.dev"})
			if err != nil {
				return err
			}
			return failed.Err()
		}}
		connection := connect(t, onduty.Options{Target: serve(t, script, nil)})
		colleagues, err := onduty.NewColleagues(connection, "kim", quick)
		if err != nil {
			t.Fatal(err)
		}
		var root *onduty.OndutyError
		if err := colleagues.WaitCurrent(soon(t)); !errors.As(err, &root) || root.Reason != reason {
			t.Errorf("%s: %v", reason, err)
		}
		if colleagues.State() != onduty.Failed || opened.Load() != 1 {
			t.Errorf("%s: %v after %d streams", reason, colleagues.State(), opened.Load())
		}
	}
}

// The colleagues of the own groups are shown and followed, and the copy begins afresh when the policy shows more or nobody.
func TestColleaguesFollowThePolicy(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	admin := ondutyv1.NewAdminServiceClient(connection)
	if _, err := admin.CreateStaff(soon(t), &ondutyv1.CreateStaffRequest{StaffId: "bo"}); err != nil {
		t.Fatal(err)
	}
	colleagues, err := onduty.NewColleagues(connection, "kim", quick)
	if err != nil {
		t.Fatal(err)
	}
	changes := make(chan onduty.ColleagueChange, 100)
	colleagues.OnChange(func(change onduty.ColleagueChange) { changes <- change })
	added := func(id string) func(onduty.ColleagueChange) bool {
		return func(change onduty.ColleagueChange) bool { return change.Kind == onduty.Added && change.StaffID == id }
	}
	until(t, changes, added("lea"))
	if got := colleagues.OpenToTransfers("sales"); colleagues.Size() != 1 || len(got) != 0 {
		t.Errorf("it shows %v; open to transfers are %v", colleagues.All(), got)
	}
	signIn(t, connection, "lea")
	until(t, changes, func(change onduty.ColleagueChange) bool {
		return change.After.GetStatus() == ondutyv1.Status_STATUS_AVAILABLE
	})
	if got := colleagues.OpenToTransfers("sales"); len(got) != 1 || got[0].GetStaffId() != "lea" {
		t.Errorf("open to transfers are %v", got)
	}
	show := func(whom ondutyv1.Colleagues) {
		t.Helper()
		policy := &ondutyv1.Policy{Colleagues: whom.Enum()}
		if _, err := admin.UpdatePolicy(soon(t), &ondutyv1.UpdatePolicyRequest{Policy: policy}); err != nil {
			t.Fatal(err)
		}
	}
	show(ondutyv1.Colleagues_COLLEAGUES_ALL)
	until(t, changes, added("bo"))
	show(ondutyv1.Colleagues_COLLEAGUES_NOBODY)
	becomes(t, "failed", func() bool { return colleagues.State() == onduty.Failed })
	var refused *onduty.RefusedError
	if err := colleagues.WaitCurrent(soon(t)); !errors.As(err, &refused) || refused.Reason != "COLLEAGUES_HIDDEN" ||
		colleagues.Size() != 0 {
		t.Errorf("%d colleagues: %v", colleagues.Size(), err)
	}
}
