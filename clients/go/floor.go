package onduty

// A live copy of the staff that match a filter: opening it, reading it, ending it. How it follows the watch is in
// floor_following.go; reading makes no call.

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// FloorState says how far a floor can be believed.
type FloorState int

// The states of a floor.
const (
	// Connecting: there was no snapshot yet.
	Connecting FloorState = iota + 1
	// Current: the view is the server's, but for the time that changes take to come.
	Current
	// Stale: the stream is broken or silent; the view is the last one known.
	Stale
	// Failed: the server will not have this watch; see WaitCurrent for the error.
	Failed
	// Closed: Close was called.
	Closed
)

// String is the name, as "CURRENT".
func (s FloorState) String() string {
	names := [...]string{"UNKNOWN", "CONNECTING", "CURRENT", "STALE", "FAILED", "CLOSED"}
	if s < 0 || int(s) >= len(names) {
		return names[0]
	}
	return names[s]
}

// FloorOptions are those of one floor; a field that is zero has the connection's value.
type FloorOptions struct {
	// BookmarkInterval is how often a quiet stream says that it lives, 1 s to 60 s.
	BookmarkInterval time.Duration
	// TrustLimit is how long a floor that hears nothing still calls somebody available.
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
	connection *Connection
	filter     *ondutyv1.StaffFilter
	options    Options
	tell       *handlers
	cancel     context.CancelFunc
	done       chan struct{} // closed when the goroutine has ended

	mu        sync.RWMutex
	view      *floorView
	state     FloorState
	position  string
	lastFrame time.Time     // zero: none came yet
	failure   error         // why it is Failed
	lastBreak error         // how the last stream ended
	told      FloorState    // the last state whose handlers, and those of the changes before it, have been told
	news      chan struct{} // closed, and made anew, when told is another

	// Of the following goroutine alone.
	fresh bool // the next stream begins with a snapshot, or the present one has yet to complete it
}

// Floor opens a floor over the staff that match the filter (nil: all). It watches in the background at once. The error is an
// *OptionError, or says that the connection is closed.
func (r *RouterClient) Floor(filter *ondutyv1.StaffFilter, options FloorOptions) (*Floor, error) {
	complete, err := options.over(r.connection.options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	floor := &Floor{
		connection: r.connection, filter: proto.CloneOf(filter), options: complete, tell: newHandlers(options.OnError),
		cancel: cancel, done: make(chan struct{}), news: make(chan struct{}),
		view: newFloorView(), state: Connecting, told: Connecting, fresh: true,
	}
	if err := r.connection.adopt(floor); err != nil {
		cancel()
		return nil, err
	}
	go floor.run(ctx)
	return floor, nil
}

// --- reading ---------------------------------------------------------------------------------------------------------

// WaitCurrent returns once the floor is Current and its handlers were told so. It fails with the error of a floor that has given
// up, and with a TimedOutError when ctx ends first; the floor goes on trying then.
func (f *Floor) WaitCurrent(ctx context.Context) error {
	for {
		f.mu.RLock()
		told, failure, lastBreak, news := f.told, f.failure, f.lastBreak, f.news
		f.mu.RUnlock()
		switch told {
		case Current:
			return nil
		case Failed:
			return failure
		case Closed:
			return localError(codes.Canceled, "", "the floor is closed", nil)
		case Connecting, Stale:
		}
		select {
		case <-news:
		case <-ctx.Done():
			return waitError(ctx, "the floor is not current yet", lastBreak)
		}
	}
}

// waitError is the failure of a wait that its context ended; last is how the last attempt went, nil where there was none.
func waitError(ctx context.Context, message string, last error) error {
	if last != nil {
		message += "; the last attempt: " + last.Error()
	}
	code := codes.Canceled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		code = codes.DeadlineExceeded
	}
	return localError(code, "", message, ctx.Err())
}

// Available gives the staff to whom an inbound call may be assigned, longest idle first, without a call to the server. An empty
// group means all. It gives nobody before the first snapshot, after TrustLimit without a frame, and when Failed or Closed.
func (f *Floor) Available(skillGroup string) []*ondutyv1.Staff {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if !f.view.complete || f.state == Failed || f.state == Closed || time.Since(f.lastFrame) >= f.options.TrustLimit {
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

// State says how far the floor can be believed.
func (f *Floor) State() FloorState {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.state
}

// Position is the position of the last frame that had one: what the view shows. Empty before the first snapshot.
func (f *Floor) Position() string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.position
}

// LastFrameAge is the time since the last frame came; false before the first.
func (f *Floor) LastFrameAge() (time.Duration, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.lastFrame.IsZero() {
		return 0, false
	}
	return time.Since(f.lastFrame), true
}

// --- life ------------------------------------------------------------------------------------------------------------

// Close ends the stream and waits for handlers that run. It may be called twice. From inside a handler call it in a goroutine of
// its own: it waits for the handler.
func (f *Floor) Close() {
	f.mu.Lock()
	f.state = Closed
	f.mu.Unlock()
	f.cancel()
	<-f.done
	f.connection.release(f)
}

func (f *Floor) end() { f.Close() }
