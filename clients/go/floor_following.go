package onduty

// How a floor follows the watch: its goroutine, its frames, its handlers. What a frame changes is floor_view's.

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func (f *Floor) run(ctx context.Context) {
	defer close(f.done)
	stub := ondutyv1.NewRouterServiceClient(f.connection)
	stream := follower[ondutyv1.WatchStaffResponse]{
		open: func(ctx context.Context) (receiver[ondutyv1.WatchStaffResponse], error) {
			return stub.WatchStaff(ctx, f.request())
		},
		take:    f.take,
		broken:  f.broken,
		wake:    f.tell.wake,
		awake:   f.adoptHandlers,
		silence: silentIntervals * f.options.BookmarkInterval,
		backoff: backoff{initial: f.options.BackoffInitial, most: f.options.BackoffMax},
	}
	stream.run(ctx)
	for ctx.Err() == nil { // it gave up: whoever registers a handler is still told so
		select {
		case <-f.tell.wake:
			f.adoptHandlers()
		case <-ctx.Done():
		}
	}
	f.adoptHandlers()
	f.announce(Closed)
}

func (f *Floor) request() *ondutyv1.WatchStaffRequest {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.view.dropSnapshot()
	request := &ondutyv1.WatchStaffRequest{
		Filter: f.filter, BookmarkInterval: durationpb.New(f.options.BookmarkInterval),
	}
	if !f.fresh {
		request.ResumeAfter = f.position
	}
	return request
}

// broken says what to do after a stream's end.
func (f *Floor) broken(err error) verdict {
	f.mu.Lock()
	f.lastBreak = streamEnd(err)
	f.mu.Unlock()
	if isFinal(err, f.options.TokenFunc != nil) {
		f.enter(Failed, err)
		return giveUp
	}
	if f.State() == Current {
		f.enter(Stale, nil)
	}
	var position *PositionError
	if errors.As(err, &position) && !f.fresh {
		f.fresh = true
		return retryOnce
	}
	return retry
}

// enter changes the state and tells it, unless it is the state already or the floor is closed.
func (f *Floor) enter(state FloorState, failure error) {
	f.mu.Lock()
	same := f.state == state || f.state == Closed
	if !same {
		f.state, f.failure = state, failure
	}
	f.mu.Unlock()
	if !same {
		f.announce(state)
	}
}

// announce tells the state to the handlers, then to whoever waits for it.
func (f *Floor) announce(state FloorState) {
	f.tell.state(state)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = state
	close(f.news)
	f.news = make(chan struct{})
}

// --- frames ----------------------------------------------------------------------------------------------------------

// take applies one frame and tells its handlers.
func (f *Floor) take(frame *ondutyv1.WatchStaffResponse) (asked time.Duration) {
	f.adoptHandlers()
	f.mu.Lock()
	f.lastFrame = time.Now()
	f.mu.Unlock()
	switch event := frame.GetEvent().(type) {
	case *ondutyv1.WatchStaffResponse_SnapshotChunk:
		f.takeChunk(event.SnapshotChunk, frame.GetPosition())
	case *ondutyv1.WatchStaffResponse_Changes:
		f.takeChanges(event.Changes.GetChanges(), frame.GetPosition())
	case *ondutyv1.WatchStaffResponse_GoingAway:
		asked = event.GoingAway.GetReconnectAfter().AsDuration()
	}
	f.keepPosition(frame.GetPosition())
	if !f.fresh {
		f.enter(Current, nil)
	}
	return asked
}

func (f *Floor) takeChunk(chunk *ondutyv1.SnapshotChunk, position string) {
	f.mu.Lock()
	changes := f.view.addChunk(chunk)
	if chunk.GetLast() {
		f.fresh = false
		f.position = position
	}
	f.mu.Unlock()
	for _, change := range changes {
		if f.State() == Closed {
			return
		}
		f.tell.change(change)
	}
}

func (f *Floor) takeChanges(changes []*ondutyv1.StaffChange, position string) {
	for number, one := range changes {
		f.mu.Lock()
		if f.state == Closed {
			f.mu.Unlock()
			return
		}
		change, news := f.view.apply(one)
		if number == len(changes)-1 && position != "" {
			f.position = position // before the handlers: what they see and what they could resume after belong together
		}
		f.mu.Unlock()
		if news {
			f.tell.change(change)
		}
	}
}

func (f *Floor) keepPosition(position string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position != "" && f.state != Closed {
		f.position = position
	}
}

// --- handlers --------------------------------------------------------------------------------------------------------

// OnChange adds a handler. It is first told Added for everybody whom the view has already, then every change. Handlers run one
// at a time, in the floor's own goroutine; the next frame waits for them. One that panics is reported and harms nothing.
func (f *Floor) OnChange(handler func(Change)) { f.tell.addChange(handler) }

// OnState adds a handler. It is first told the present state where that is not Connecting, then every new one.
func (f *Floor) OnState(handler func(FloorState)) { f.tell.addState(handler) }

// adoptHandlers takes the handlers that were added meanwhile and brings them up to date.
func (f *Floor) adoptHandlers() {
	changes, states := f.tell.adopt()
	if len(changes) == 0 && len(states) == 0 {
		return
	}
	everybody, state := f.All(), f.State()
	for _, handler := range changes {
		for _, one := range everybody {
			if f.State() == Closed {
				return
			}
			f.tell.guard(func() {
				handler(Change{Kind: Added, StaffID: one.GetStaffId(), After: one, Revision: one.GetRevision()})
			})
		}
	}
	for _, handler := range states {
		if state != Connecting && state != Closed {
			f.tell.guard(func() { handler(state) })
		}
	}
}
