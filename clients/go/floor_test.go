package onduty_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

type (
	watchRequest = *ondutyv1.WatchStaffRequest
	watchStream  = grpc.ServerStreamingServer[ondutyv1.WatchStaffResponse]
)

func chunk(position string, last bool, staff ...*ondutyv1.Staff) *ondutyv1.WatchStaffResponse {
	return &ondutyv1.WatchStaffResponse{Position: position, Event: &ondutyv1.WatchStaffResponse_SnapshotChunk{
		SnapshotChunk: &ondutyv1.SnapshotChunk{Staff: staff, Last: last},
	}}
}

func changed(position string, staff *ondutyv1.Staff) *ondutyv1.WatchStaffResponse {
	return &ondutyv1.WatchStaffResponse{Position: position, Event: &ondutyv1.WatchStaffResponse_Changes{
		Changes: &ondutyv1.Changes{Changes: []*ondutyv1.StaffChange{{Staff: staff, Transition: &ondutyv1.Transition{}}}},
	}}
}

func bookmark(position string) *ondutyv1.WatchStaffResponse {
	return &ondutyv1.WatchStaffResponse{Position: position, Event: &ondutyv1.WatchStaffResponse_Bookmark{}}
}

func free(id string, revision int64) *ondutyv1.Staff {
	return &ondutyv1.Staff{
		StaffId: id, Revision: revision, Status: ondutyv1.Status_STATUS_AVAILABLE,
		Capabilities: &ondutyv1.Capabilities{AssignInbound: true},
	}
}

// hold keeps a stream open until its client ends it.
func hold(stream interface{ Context() context.Context }) error {
	<-stream.Context().Done()
	return stream.Context().Err()
}

func send(t *testing.T, stream watchStream, frames ...*ondutyv1.WatchStaffResponse) {
	t.Helper()
	for _, one := range frames {
		if err := stream.Send(one); err != nil {
			t.Logf("the client has gone: %v", err)
		}
	}
}

// watched is a floor with what it told; there is room for all that a test makes it tell.
type watched struct {
	*onduty.Floor
	changes chan onduty.Change
	states  chan onduty.FloorState
}

// watch opens a floor and gathers what it tells. A floor that is quicker than this tells what it shows already.
func watch(t *testing.T, connection *onduty.Connection, filter *ondutyv1.StaffFilter, options onduty.FloorOptions) *watched {
	t.Helper()
	floor, err := onduty.NewRouterClient(connection).Floor(filter, options)
	if err != nil {
		t.Fatal(err)
	}
	made := &watched{floor, make(chan onduty.Change, 1000), make(chan onduty.FloorState, 1000)}
	floor.OnChange(func(change onduty.Change) { made.changes <- change })
	floor.OnState(func(state onduty.FloorState) { made.states <- state })
	return made
}

// quick has short waits, for breaks that the test makes.
var quick = onduty.FloorOptions{
	BackoffInitial: 10 * time.Millisecond, BackoffMax: 20 * time.Millisecond,
}

func watchScript(t *testing.T, script *scripted) *watched {
	t.Helper()
	return watchScriptWith(t, script, onduty.Options{}, quick)
}

// watchScriptWith opens a floor on the script, which begins when the floor's handlers are in place: they are told everything.
func watchScriptWith(t *testing.T, script *scripted, options onduty.Options, ofFloor onduty.FloorOptions) *watched {
	t.Helper()
	script.begin = make(chan struct{})
	options.Target = serve(t, script, nil)
	floor := watch(t, connect(t, options), nil, ofFloor)
	close(script.begin)
	return floor
}

func is[Value comparable](wanted Value) func(Value) bool {
	return func(got Value) bool { return got == wanted }
}

// --- with the real service -------------------------------------------------------------------------------------------

// A floor shows everybody, then follows each change, with its transition.
func TestFloorFollows(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	floor := watch(t, connection, nil, onduty.FloorOptions{})
	if err := floor.WaitCurrent(soon(t)); err != nil {
		t.Fatal(err)
	}
	if floor.State() != onduty.Current || floor.Size() != 2 || floor.Position() == "" {
		t.Errorf("%v with %d at %q", floor.State(), floor.Size(), floor.Position())
	}
	wantAdded(t, floor, "kim", "lea")
	asked := time.Now()
	signIn(t, connection, "kim")
	change := next(t, floor.changes)
	if change.Kind != onduty.Changed || change.StaffID != "kim" || change.Transition.GetCause() != ondutyv1.Cause_CAUSE_STAFF || change.Before.GetStatus() != ondutyv1.Status_STATUS_OFFLINE {
		t.Errorf("told %+v", change)
	}
	free := floor.Available("sales")
	if kim, known := floor.Get("kim"); !known || len(free) != 1 || free[0] != kim {
		t.Errorf("available are %v", free)
	}
	if age, heard := floor.LastFrameAge(); !heard || age > time.Since(asked) {
		t.Errorf("the last frame came %v ago (%v)", age, heard)
	}
}

// wantAdded takes what the floor told of these, who come next in this order.
func wantAdded(t *testing.T, floor *watched, staffIDs ...string) {
	t.Helper()
	for _, id := range staffIDs {
		if got := next(t, floor.changes); got.Kind != onduty.Added || got.StaffID != id {
			t.Errorf("told %v of %s, want that %s was added", got.Kind, got.StaffID, id)
		}
	}
}

// Who leaves the filter leaves the floor, and comes back as added.
func TestFloorFollowsItsFilter(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	available := &ondutyv1.StaffFilter{Statuses: []ondutyv1.Status{ondutyv1.Status_STATUS_AVAILABLE}}
	floor := watch(t, connection, available, onduty.FloorOptions{})
	workspace := onduty.NewWorkspaceClient(connection, "kim")
	for _, status := range []ondutyv1.Status{
		ondutyv1.Status_STATUS_AVAILABLE, ondutyv1.Status_STATUS_BUSY, ondutyv1.Status_STATUS_AVAILABLE,
	} {
		if _, err := workspace.ChangeStatus(soon(t), status, "", ""); err != nil {
			t.Fatal(err)
		}
		want := onduty.Added
		if status == ondutyv1.Status_STATUS_BUSY {
			want = onduty.Left
		}
		if got := next(t, floor.changes); got.Kind != want {
			t.Errorf("after %v: %v", status, got.Kind)
		}
	}
}

// A floor resumes after the server has restarted on its journal: nothing is missing and nothing is told twice.
func TestFloorResumesAfterARestart(t *testing.T) {
	server := realserver.Start(t)
	connection := connect(t, onduty.Options{Target: server.Address, BackoffMax: time.Second})
	create(t, connection, "kim", "lea")
	floor := watch(t, connection, nil, onduty.FloorOptions{})
	until(t, floor.states, is(onduty.Current))
	wantAdded(t, floor, "kim", "lea")
	if err := floor.LastError(); err != nil {
		t.Errorf("before any break: %v", err)
	}
	server.Stop(t)
	until(t, floor.states, is(onduty.Stale))
	if floor.LastError() == nil {
		t.Error("a stale floor does not say why")
	}
	server.Resume(t)
	until(t, floor.states, is(onduty.Current))
	signIn(t, connection, "lea")
	if got := next(t, floor.changes); got.Kind != onduty.Changed || got.StaffID != "lea" || got.Transition == nil {
		t.Errorf("told %+v", got)
	}
	signIn(t, connection, "kim")
	if got := next(t, floor.changes); got.Kind != onduty.Changed || got.StaffID != "kim" {
		t.Errorf("then told %+v", got)
	}
}

// --- with a script ---------------------------------------------------------------------------------------------------

// A stream that breaks is opened again after the last position, whatever kind of frame brought it.
func TestFloorResumesAfterTheLastPosition(t *testing.T) {
	resumed := make(chan string, 10)
	floor := watchScript(t, &scripted{watch: func(number int, request watchRequest, stream watchStream) error {
		resumed <- request.GetResumeAfter()
		if number == 1 {
			send(t, stream, chunk("p1", true, free("kim", 1)), changed("p2", free("kim", 2)))
			send(t, stream, &ondutyv1.WatchStaffResponse{Position: "p3"}) // of a kind that a newer server has
			return status.Error(codes.Internal, "a fault")
		}
		send(t, stream, bookmark("p4"))
		return hold(stream)
	}})
	if first, second := next(t, resumed), next(t, resumed); first != "" || second != "p3" {
		t.Errorf("resumed after %q, then after %q", first, second)
	}
	var states []onduty.FloorState
	for len(states) < 3 {
		states = append(states, next(t, floor.states))
	}
	if !slices.Equal(states, []onduty.FloorState{onduty.Current, onduty.Stale, onduty.Current}) {
		t.Errorf("the states were %v", states)
	}
	if floor.Position() != "p4" || floor.Size() != 1 || len(floor.changes) != 2 {
		t.Errorf("%d at %q, %d told", floor.Size(), floor.Position(), len(floor.changes))
	}
}

// A snapshot that was cut short is thrown away, and the next stream begins without a position.
func TestFloorThrowsAwayACutSnapshot(t *testing.T) {
	floor := watchScript(t, &scripted{watch: func(number int, request watchRequest, stream watchStream) error {
		if request.GetResumeAfter() != "" {
			t.Errorf("resumed after %q", request.GetResumeAfter())
		}
		if number == 1 {
			send(t, stream, chunk("", false, free("ghost", 1)), &ondutyv1.WatchStaffResponse{Position: "odd"})
			return nil
		}
		send(t, stream, chunk("p1", true, free("kim", 2)))
		return hold(stream)
	}})
	if err := floor.WaitCurrent(soon(t)); err != nil {
		t.Fatal(err)
	}
	if _, ghost := floor.Get("ghost"); ghost || floor.Size() != 1 {
		t.Errorf("the floor has %v", floor.All())
	}
}

func positionTooOld(t *testing.T) error {
	t.Helper()
	made, err := status.New(codes.OutOfRange, "too old").WithDetails(
		&errdetails.ErrorInfo{Reason: "POSITION_TOO_OLD", Domain: "onduty.dev"})
	if err != nil {
		t.Error(err)
	}
	return made.Err()
}

// A position that is of no use any more leads to a new snapshot; the old view stays until that is complete, and only
// differences are told.
func TestFloorResyncs(t *testing.T) {
	goOn := make(chan struct{})
	floor := watchScript(t, &scripted{watch: func(number int, request watchRequest, stream watchStream) error {
		switch number {
		case 1:
			send(t, stream, chunk("p1", true, free("kim", 1), free("lea", 2)))
			return nil
		case 2:
			return positionTooOld(t)
		}
		if request.GetResumeAfter() != "" {
			t.Errorf("resumed after %q", request.GetResumeAfter())
		}
		send(t, stream, chunk("", false, free("kim", 1)))
		select {
		case <-goOn:
		case <-stream.Context().Done():
		}
		send(t, stream, chunk("p9", true, free("bo", 8)))
		return hold(stream)
	}})
	until(t, floor.states, is(onduty.Stale))
	if floor.Size() != 2 || floor.Position() != "p1" {
		t.Errorf("meanwhile %d at %q", floor.Size(), floor.Position())
	}
	close(goOn)
	until(t, floor.states, is(onduty.Current))
	var told []string
	for len(floor.changes) > 0 {
		one := next(t, floor.changes)
		told = append(told, one.Kind.String()+" "+one.StaffID)
	}
	if want := []string{"ADDED kim", "ADDED lea", "ADDED bo", "LEFT lea"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// A position that the server cannot read, as one of another version, leads to a new snapshot too.
func TestFloorResyncsWhereItsPositionCannotBeRead(t *testing.T) {
	floor := watchScript(t, &scripted{watch: func(number int, request watchRequest, stream watchStream) error {
		if request.GetResumeAfter() != "" {
			made, err := status.New(codes.InvalidArgument, "not a position").WithDetails(
				&errdetails.ErrorInfo{Reason: "POSITION_MALFORMED", Domain: "onduty.dev"})
			if err != nil {
				t.Error(err)
			}
			return made.Err()
		}
		send(t, stream, chunk("p", true, free("kim", int64(number))))
		if number == 1 {
			return nil
		}
		return hold(stream)
	}})
	until(t, floor.changes, func(change onduty.Change) bool { return change.Revision == 3 })
	if err := floor.WaitCurrent(soon(t)); err != nil {
		t.Error(err)
	}
}

// A refused token that is fixed text ends the floor, and waiting fails with that error.
func TestFloorGivesUpOnAFixedToken(t *testing.T) {
	script := &scripted{watch: func(int, watchRequest, watchStream) error { return status.Error(codes.Unauthenticated, "no") }}
	floor := watchScriptWith(t, script, onduty.Options{Token: "old"}, quick)
	var access *onduty.AccessError
	if err := floor.WaitCurrent(soon(t)); !errors.As(err, &access) {
		t.Errorf("got %v", err)
	}
	if got := next(t, floor.states); got != onduty.Failed || floor.State() != onduty.Failed {
		t.Errorf("told %v, is %v", got, floor.State())
	}
	late := make(chan onduty.FloorState, 1)
	floor.OnState(func(state onduty.FloorState) { late <- state })
	if got := next(t, late); got != onduty.Failed {
		t.Errorf("a later handler was told %v", got)
	}
}

// A refused token of a function is asked for again.
func TestFloorAsksATokenFunctionAgain(t *testing.T) {
	var refused atomic.Value
	script := &scripted{watch: func(number int, _ watchRequest, stream watchStream) error {
		got := strings.Join(header(stream.Context(), "authorization"), " and ")
		if number == 1 {
			refused.Store(got)
			return status.Error(codes.Unauthenticated, "too old")
		}
		if got == refused.Load() || !strings.HasPrefix(got, "Bearer ") {
			t.Errorf("after %q the token was %q", refused.Load(), got)
		}
		send(t, stream, chunk("p1", true))
		return hold(stream)
	}}
	var asked atomic.Int32
	token := func(context.Context) (string, error) { return fmt.Sprint(asked.Add(1)), nil }
	floor := watchScriptWith(t, script, onduty.Options{TokenFunc: token}, quick)
	if err := floor.WaitCurrent(soon(t)); err != nil {
		t.Error(err)
	}
}

// A stream without a frame for three bookmark intervals is ended and opened again; after the trust limit nobody is available,
// until there is a frame again.
func TestFloorDoesNotTrustSilence(t *testing.T) {
	var quiet atomic.Bool
	ended := make(chan struct{}, 100)
	script := &scripted{watch: func(_ int, request watchRequest, stream watchStream) error {
		if request.GetResumeAfter() == "" {
			send(t, stream, chunk("p1", true, free("kim", 1)))
		}
		bookmarks := time.NewTicker(50 * time.Millisecond)
		defer bookmarks.Stop()
		for {
			select {
			case <-bookmarks.C:
				if !quiet.Load() {
					send(t, stream, bookmark("p2"))
				}
			case <-stream.Context().Done():
				if quiet.Load() {
					ended <- struct{}{}
				}
				return stream.Context().Err()
			}
		}
	}}
	options := quick
	options.BookmarkInterval, options.TrustLimit = time.Second, time.Second
	floor := watchScriptWith(t, script, onduty.Options{}, options)
	isAvailable := func() bool { return len(floor.Available("")) == 1 }
	becomes(t, "available", isAvailable)
	quiet.Store(true)
	becomes(t, "nobody", func() bool { return len(floor.Available("")) == 0 })
	if floor.Size() != 1 {
		t.Errorf("the floor has %v", floor.All())
	}
	next(t, ended) // 3 s of silence
	until(t, floor.states, is(onduty.Stale))
	quiet.Store(false)
	becomes(t, "available again", isAvailable)
	until(t, floor.states, is(onduty.Current))
}

// The server's wish to be left alone for a while is kept.
func TestFloorWaitsAsAskedBeforeItComesBack(t *testing.T) {
	const asked = 300 * time.Millisecond
	came := make(chan time.Time, 10)
	watchScript(t, &scripted{watch: func(number int, _ watchRequest, stream watchStream) error {
		came <- time.Now()
		if number > 1 {
			return hold(stream)
		}
		send(t, stream, chunk("p1", true), &ondutyv1.WatchStaffResponse{Event: &ondutyv1.WatchStaffResponse_GoingAway{
			GoingAway: &ondutyv1.GoingAway{ReconnectAfter: durationpb.New(asked)},
		}})
		return nil
	}})
	if first, second := next(t, came), next(t, came); second.Sub(first) < asked {
		t.Errorf("it came back after %v", second.Sub(first))
	}
}

// A handler that panics is reported, and the others are told all the same.
func TestPanickingHandlerHarmsNothing(t *testing.T) {
	reports := make(chan error, 10)
	script := &scripted{watch: func(_ int, _ watchRequest, stream watchStream) error {
		send(t, stream, chunk("p1", true, free("kim", 1)))
		return hold(stream)
	}}
	options := quick
	options.OnError = func(err error) { reports <- err }
	floor, err := onduty.NewRouterClient(connect(t, onduty.Options{Target: serve(t, script, nil)})).Floor(nil, options)
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan onduty.Change, 1)
	floor.OnChange(func(onduty.Change) { panic("oh") })
	floor.OnChange(func(change onduty.Change) { told <- change })
	next(t, reports)
	next(t, told)
}

// A handler sees the change in the view, and Close waits for the handler that runs; nothing is told afterwards. It is the same
// for a handler that is there before the snapshot and for one that comes later.
func TestCloseWaitsForHandlers(t *testing.T) {
	for name, isLate := range map[string]bool{"early": false, "late": true} {
		t.Run(name, func(t *testing.T) { closeWaitsForHandler(t, isLate) })
	}
}

func closeWaitsForHandler(t *testing.T, isLate bool) {
	script := &scripted{begin: make(chan struct{}), watch: func(_ int, _ watchRequest, stream watchStream) error {
		send(t, stream, chunk("p1", true, free("kim", 1), free("lea", 2)))
		return hold(stream)
	}}
	floor, err := onduty.NewRouterClient(connect(t, onduty.Options{Target: serve(t, script, nil)})).Floor(nil, quick)
	if err != nil {
		t.Fatal(err)
	}
	if isLate {
		close(script.begin)
		if err := floor.WaitCurrent(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
	running, goOn := make(chan struct{}, 10), make(chan struct{})
	var told, finished atomic.Int32
	floor.OnChange(func(change onduty.Change) {
		if seen, known := floor.Get(change.StaffID); told.Add(1) == 1 && (!known || seen != change.After) {
			t.Errorf("the view shows %v", seen)
		}
		running <- struct{}{}
		<-goOn
		time.Sleep(10 * time.Millisecond) // so that a Close that does not wait is seen
		finished.Add(1)
	})
	if !isLate {
		close(script.begin)
	}
	next(t, running)
	closed := make(chan struct{})
	go func() {
		floor.Close()
		floor.Close()
		close(closed)
	}()
	becomes(t, "closed", func() bool { return floor.State() == onduty.Closed }) // from when a Close begins to wait
	close(goOn)
	<-closed
	if told.Load() != 1 || finished.Load() != 1 || len(floor.Available("")) != 0 {
		t.Errorf("%d were told, %d have heard it, %v are available", told.Load(), finished.Load(), floor.Available(""))
	}
	var root *onduty.OndutyError
	if err := floor.WaitCurrent(soon(t)); !errors.As(err, &root) || root.Code != "CANCELLED" {
		t.Errorf("waiting gave %v", err)
	}
}

// Waiting ends with its context: TimedOutError, with how the last attempt went.
func TestWaitingForAFloorHasADeadline(t *testing.T) {
	floor := watchScript(t, &scripted{watch: func(int, watchRequest, watchStream) error {
		return status.Error(codes.Unavailable, "not now")
	}})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	var late *onduty.TimedOutError
	if err := floor.WaitCurrent(ctx); !errors.As(err, &late) || floor.State() != onduty.Connecting {
		t.Errorf("got %v, state %v", err, floor.State())
	}
}

// A handler that comes late is told whom the floor has already.
func TestLateHandlerIsToldWhoIsThere(t *testing.T) {
	floor := watchScript(t, &scripted{watch: func(_ int, _ watchRequest, stream watchStream) error {
		send(t, stream, chunk("p1", true, free("kim", 1)))
		return hold(stream)
	}})
	if err := floor.WaitCurrent(soon(t)); err != nil {
		t.Fatal(err)
	}
	late := make(chan onduty.Change, 1)
	floor.OnChange(func(change onduty.Change) { late <- change })
	if got := next(t, late); got.Kind != onduty.Added || got.StaffID != "kim" {
		t.Errorf("told %+v", got)
	}
}
