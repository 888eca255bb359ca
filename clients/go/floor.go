package onduty

// A live copy of the staff that match a filter: opening it, reading it, and what the frames of its watch do to it. What is the
// same for every live copy is in live_copy.go.

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// FloorOptions are those of one floor, or of one copy of the colleagues; a field that is zero has the connection's value.
type FloorOptions struct {
	// BookmarkInterval is how often a quiet stream says that it lives, 1 s to 60 s.
	BookmarkInterval time.Duration
	// TrustLimit is how long a floor that hears nothing still calls somebody available, and a copy of the colleagues somebody open
	// to transfers.
	TrustLimit time.Duration
	// BackoffInitial is the first wait between attempts.
	BackoffInitial time.Duration
	// BackoffMax is the longest wait between attempts.
	BackoffMax time.Duration
	// OnError is told of handlers that panicked. Nil: they are logged with log/slog.
	OnError func(error)
}

func (o FloorOptions) over(base Options) (Options, error) {
	for _, one := range []struct {
		value  time.Duration
		target *time.Duration
	}{
		{o.BookmarkInterval, &base.BookmarkInterval},
		{o.TrustLimit, &base.TrustLimit},
		{o.BackoffInitial, &base.BackoffInitial},
		{o.BackoffMax, &base.BackoffMax},
	} {
		if one.value != 0 {
			*one.target = one.value
		}
	}
	if o.BackoffMax == 0 {
		base.BackoffMax = max(base.BackoffMax, base.BackoffInitial)
	}
	return base, checkTimes(base)
}

// Floor is a live copy of the staff that match a filter. Reading it makes no call. It is made by [RouterClient.Floor] and lives
// until Close.
type Floor struct {
	liveCopy[ondutyv1.WatchStaffResponse, Change]
	filter *ondutyv1.StaffFilter
	view   *floorView
}

// Floor opens a floor over the staff that match the filter (nil: all). It watches in the background at once. The error is an
// *OptionError, or says that the connection is closed.
func (r *RouterClient) Floor(filter *ondutyv1.StaffFilter, options FloorOptions) (*Floor, error) {
	floor := &Floor{filter: proto.CloneOf(filter), view: newFloorView()}
	if err := floor.begin("the floor", floorSource{floor, r.stub}, r.connection, options); err != nil {
		return nil, err
	}
	return floor, nil
}

// --- reading ---------------------------------------------------------------------------------------------------------

// Available gives the staff to whom an inbound call may be assigned, longest idle first, without a call to the server. An empty
// group means all. It gives nobody before the first snapshot, after TrustLimit without a frame, and when Failed or Closed.
func (f *Floor) Available(skillGroup string) []*ondutyv1.Staff {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if !f.view.complete || !f.isTrusted() {
		return nil
	}
	return f.view.available(skillGroup)
}

// Get gives one staff member; false where the view has none of this id.
func (f *Floor) Get(staffID string) (*ondutyv1.Staff, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	staff := f.view.get(staffID)
	return staff, staff != nil
}

// All gives everybody in the view, by id.
func (f *Floor) All() []*ondutyv1.Staff {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.view.all()
}

// Size is how many staff the view has.
func (f *Floor) Size() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.view.staff)
}

// Learn shows the state that an answer told, as that of a claim, at once: Available names nobody who has just been claimed. Who is
// not in the view, and what is not newer, is passed over. The change itself is told when the stream brings it.
func (f *Floor) Learn(staff *ondutyv1.Staff) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.view.learn(proto.CloneOf(staff))
}

// OnChange adds a handler. It is first told Added for everybody whom the view has already, then every change. Handlers run one
// at a time, in the floor's own goroutine; the next frame waits for them. One that panics is reported and harms nothing.
func (f *Floor) OnChange(handler func(Change)) { f.tell.addChange(handler) }

// --- following -------------------------------------------------------------------------------------------------------

// floorSource follows the watch for the floor.
type floorSource struct {
	*Floor
	stub ondutyv1.RouterServiceClient
}

func (f floorSource) open(ctx context.Context, resumeAfter string) (receiver[ondutyv1.WatchStaffResponse], error) {
	f.mu.Lock()
	f.view.dropSnapshot()
	f.mu.Unlock()
	return f.stub.WatchStaff(ctx, &ondutyv1.WatchStaffRequest{
		Filter: f.filter, ResumeAfter: resumeAfter, BookmarkInterval: durationpb.New(f.options.BookmarkInterval),
	})
}

func (f floorSource) position(frame *ondutyv1.WatchStaffResponse) string { return frame.GetPosition() }

func (f floorSource) catchingUp(frame *ondutyv1.WatchStaffResponse) bool {
	return frame.GetCatchingUp()
}

func (f floorSource) isFinal(error) bool { return false }

func (f floorSource) failed() {} // the view stays as it was last known

func (f floorSource) present() []Change {
	f.mu.RLock()
	defer f.mu.RUnlock()
	added := make([]Change, 0, len(f.view.staff))
	for _, shown := range f.view.all() {
		one := f.view.told(shown.GetStaffId())
		added = append(added, Change{Kind: Added, StaffID: one.GetStaffId(), After: one, Revision: one.GetRevision()})
	}
	return added
}

func (f floorSource) take(frame *ondutyv1.WatchStaffResponse) (asked time.Duration) {
	switch event := frame.GetEvent().(type) {
	case *ondutyv1.WatchStaffResponse_SnapshotChunk:
		f.takeChunk(event.SnapshotChunk, frame.GetPosition())
	case *ondutyv1.WatchStaffResponse_Changes:
		f.takeChanges(event.Changes.GetChanges(), frame.GetPosition())
	case *ondutyv1.WatchStaffResponse_GoingAway:
		asked = event.GoingAway.GetReconnectAfter().AsDuration()
	}
	return asked
}

func (f *Floor) takeChunk(chunk *ondutyv1.SnapshotChunk, position string) {
	f.mu.Lock()
	changes := f.view.addChunk(chunk)
	if chunk.GetLast() {
		f.fresh = false
		f.reach(position)
	}
	f.mu.Unlock()
	f.tellAll(changes)
}

func (f *Floor) takeChanges(changes []*ondutyv1.StaffChange, position string) {
	for number, one := range changes {
		f.mu.Lock()
		if f.state == Closed {
			f.mu.Unlock()
			return
		}
		change, news := f.view.apply(one)
		if number == len(changes)-1 {
			f.reach(position) // before the handlers: what they see and what they could resume after belong together
		}
		f.mu.Unlock()
		if news {
			f.tell.change(change)
		}
	}
}
