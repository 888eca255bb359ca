package onduty

// How a workspace stays attached, and who is told of new states. It makes no call but Attach.

import (
	"context"
	"errors"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// attachment is one Attach until its Detach, over any number of streams.
type attachment struct {
	workspace *WorkspaceClient
	cancel    context.CancelFunc
	done      chan struct{}
	own       goroutine // the following one

	// Of the following goroutine alone.
	first    bool // the next frame is the first of its stream
	hasBegun bool // it was attached
}

func (a *attachment) end() { a.workspace.end(a) }

// runsHere says whether a handler of the workspace asks, in whatever goroutine.
func (a *attachment) runsHere() bool { return a.own.isThis() || a.workspace.teller.isThis() }

// Attach attaches in the background, and stays attached over breaks until Detach. It does nothing where it is attached or trying
// already. It fails where the connection is closed. A workspace that attaches with the same id elsewhere ends it for good, with a
// ReplacedError; Attach takes the place back.
func (w *WorkspaceClient) Attach() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.attachment != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	made := &attachment{workspace: w, cancel: cancel, done: make(chan struct{})}
	if err := w.connection.adopt(made); err != nil {
		cancel()
		return err
	}
	w.attachment, w.ended, w.lastBreak, w.over = made, nil, nil, false
	go made.run(ctx)
	return nil
}

// Detach ends the attachment and waits for handlers that run; the policy's grace begins for the staff member. It may be called
// twice. In a handler it begins the end and does not wait for it. Attach attaches anew from then on, also before the old stream
// has ended.
func (w *WorkspaceClient) Detach() {
	w.mu.Lock()
	present := w.attachment
	w.mu.Unlock()
	if present != nil {
		w.end(present)
	}
}

func (w *WorkspaceClient) end(which *attachment) {
	w.mu.Lock()
	if w.attachment == which {
		w.attachment = nil
	}
	w.mu.Unlock()
	which.cancel()
	if !which.runsHere() {
		<-which.done
	}
}

// WaitAttached returns once the workspace is attached. It fails with the error that ended the attachment, and with a
// TimedOutError when ctx ends first; the workspace goes on trying then.
func (w *WorkspaceClient) WaitAttached(ctx context.Context) error {
	for {
		w.mu.Lock()
		attached, trying, ended, lastBreak, news := w.now.Attached, w.attachment != nil, w.ended, w.lastBreak, w.news
		w.mu.Unlock()
		switch {
		case attached:
			return nil
		case ended != nil:
			return ended
		case !trying:
			return localError(codes.Canceled, "", "the workspace is detached", nil)
		}
		select {
		case <-news:
		case <-ctx.Done():
			return waitError(ctx, "the workspace is not attached yet", lastBreak)
		}
	}
}

// Err is why the attachment ended by itself: as a ReplacedError, or a NotFoundError of a staff member who was deleted. Nil while it
// lives or tries, and after Detach. Handlers that are told of the end find it.
func (w *WorkspaceClient) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

// OnState adds a handler, which gets each new state. Handlers run one at a time, in the goroutine that learned of the state;
// the next frame waits for them. One that panics is logged and harms nothing.
func (w *WorkspaceClient) OnState(handler func(WorkspaceState)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.onState = append(slices.Clone(w.onState), handler)
}

// States gives a channel with the latest state: the present one if one is known, then each new one. Whoever is slow misses the
// states between; the latest is always there. It is closed when the attachment or ctx ends, and at once after the attachment has
// ended. It may be asked for before Attach.
func (w *WorkspaceClient) States(ctx context.Context) <-chan WorkspaceState {
	w.mu.Lock()
	defer w.mu.Unlock()
	channel := make(chan WorkspaceState, 1)
	if w.now.Staff != nil {
		channel <- w.now
	}
	if w.attachment == nil && w.over {
		close(channel)
		return channel
	}
	w.channels[channel] = context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.leave(channel)
	})
	return channel
}

// leave closes a channel, if it is not closed yet. The lock is held.
func (w *WorkspaceClient) leave(channel chan WorkspaceState) {
	if stop, open := w.channels[channel]; open {
		stop()
		close(channel)
		delete(w.channels, channel)
	}
}

// --- the stream ------------------------------------------------------------------------------------------------------

func (a *attachment) run(ctx context.Context) {
	w := a.workspace
	a.own.enter()
	options := w.connection.options
	stream := follower[ondutyv1.AttachResponse]{
		open: func(ctx context.Context) (receiver[ondutyv1.AttachResponse], error) {
			a.first = true
			return w.stub.Attach(ctx, &ondutyv1.AttachRequest{
				StaffId: w.staffID, WorkspaceId: w.workspaceID, UserAgent: w.userAgent,
				BookmarkInterval: durationpb.New(options.BookmarkInterval),
			})
		},
		take:    a.take,
		broken:  a.broken,
		silence: silentIntervals * options.BookmarkInterval,
		backoff: backoff{initial: options.BackoffInitial, most: options.BackoffMax},
	}
	stream.run(ctx)
	a.cancel()
	a.lost()
	w.mu.Lock()
	if a.isPresent() {
		w.attachment, w.over = nil, true
		for channel := range w.channels {
			w.leave(channel)
		}
		w.sign()
	}
	w.mu.Unlock()
	w.connection.release(a)
	close(a.done)
}

func (a *attachment) broken(err error) verdict {
	w := a.workspace
	final := isFinal(err, w.connection.options.TokenFunc != nil, a.hasBegun, func(err error) bool {
		var unknown *NotFoundError
		var replaced *ReplacedError
		return errors.As(err, &unknown) || errors.As(err, &replaced)
	})
	w.mu.Lock()
	if a.isPresent() {
		w.lastBreak = streamEnd(err)
		if final {
			w.ended = err
		}
	}
	w.mu.Unlock()
	a.lost()
	if final {
		return giveUp
	}
	return retry
}

func (a *attachment) take(frame *ondutyv1.AttachResponse) (asked time.Duration) {
	w, came, change := a.workspace, time.Now(), frame.GetChange()
	first := a.first
	a.first, a.hasBegun = false, true
	if change.GetLeft() {
		w.mu.Lock()
		w.ended = localError(codes.NotFound, "STAFF_UNKNOWN", "the staff member was deleted", nil)
		w.mu.Unlock()
		a.cancel()
		return 0
	}
	w.set(true, func(now *WorkspaceState) bool {
		if w.attachment != a {
			return false // it was detached meanwhile
		}
		changed := !now.Attached
		now.Attached = true
		if first {
			w.clock = serverClock{}
		}
		w.clock.observe(change.GetTransition().GetRecordedAt(), came)
		if staff := change.GetStaff(); staff != nil && (first || staff.GetRevision() > now.Staff.GetRevision()) {
			now.Staff, changed = staff, true
		}
		return changed
	})
	return frame.GetGoingAway().GetReconnectAfter().AsDuration()
}

// --- telling ---------------------------------------------------------------------------------------------------------

// learn takes a state that a call's answer brought; the higher revision wins.
func (w *WorkspaceClient) learn(staff *ondutyv1.Staff) {
	w.set(false, func(now *WorkspaceState) bool {
		if staff.GetRevision() <= now.Staff.GetRevision() {
			return false
		}
		now.Staff = staff
		return true
	})
}

// isPresent says whether nothing has been attached since. The lock is held.
func (a *attachment) isPresent() bool {
	return a.workspace.attachment == a || a.workspace.attachment == nil
}

// lost says that the stream does not live.
func (a *attachment) lost() {
	a.workspace.set(true, func(now *WorkspaceState) bool {
		if !a.isPresent() {
			return false
		}
		changed := now.Attached
		now.Attached = false
		return changed
	})
}

// set changes the state under the lock and tells it where change says so. Where another goroutine is telling, that one tells
// this state after its own, so that each handler hears all states in order; waiting says whether to wait for it.
func (w *WorkspaceClient) set(waiting bool, change func(*WorkspaceState) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !change(&w.now) {
		return
	}
	w.publish()
	w.sign()
	if len(w.onState) == 0 {
		return
	}
	w.queue = append(w.queue, w.now)
	if !w.telling {
		w.tell()
	}
	for waiting && w.telling && !w.teller.isThis() {
		w.told.Wait()
	}
}

// publish puts the state into the channels, in place of what nobody has taken. The lock is held.
func (w *WorkspaceClient) publish() {
	for channel := range w.channels {
		select {
		case <-channel:
		default: // it was empty
		}
		channel <- w.now // there is room: nobody else sends, because of the lock
	}
}

// tell runs the handlers for what is in the queue. The lock is held, but not while they run.
func (w *WorkspaceClient) tell() {
	w.telling = true
	w.teller.enter()
	for len(w.queue) > 0 {
		state, handlers := w.queue[0], w.onState
		w.queue = w.queue[1:]
		w.mu.Unlock()
		for _, handler := range handlers {
			guard(logError, func() { handler(state) })
		}
		w.mu.Lock()
	}
	w.telling = false
	w.teller.leave()
	w.told.Broadcast()
}

// sign wakes whoever waits for news. The lock is held.
func (w *WorkspaceClient) sign() {
	close(w.news)
	w.news = make(chan struct{})
}
