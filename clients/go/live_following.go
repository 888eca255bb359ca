package onduty

// How a live copy follows its watch: its goroutine, its states, its handlers.

import (
	"context"
	"errors"
	"time"
)

func (l *liveCopy[Frame, Told]) run(ctx context.Context) {
	l.own.enter()
	defer close(l.done)
	stream := follower[Frame]{
		open: func(ctx context.Context) (receiver[Frame], error) {
			resumeAfter := ""
			if !l.fresh {
				resumeAfter = l.Position()
			}
			return l.source.open(ctx, resumeAfter)
		},
		take:    l.take,
		broken:  l.broken,
		wake:    l.tell.wake,
		awake:   l.adoptHandlers,
		silence: silentIntervals * l.options.BookmarkInterval,
		backoff: backoff{initial: l.options.BackoffInitial, most: l.options.BackoffMax},
	}
	stream.run(ctx)
	for ctx.Err() == nil { // it gave up: whoever registers a handler is still told so
		select {
		case <-l.tell.wake:
			l.adoptHandlers()
		case <-ctx.Done():
		}
	}
	l.adoptHandlers()
	l.announce(Closed)
	l.connection.release(l)
}

// broken says what to do after a stream's end.
func (l *liveCopy[Frame, Told]) broken(err error) verdict {
	l.mu.Lock()
	l.lastBreak = streamEnd(err)
	l.mu.Unlock()
	afresh := mustWatchAfresh(err) && !l.fresh
	if !afresh && isFinal(err, l.options.TokenFunc != nil, l.hasBegun, l.source.isFinal) {
		l.source.failed()
		l.enter(Failed, err)
		return giveUp
	}
	if l.State() == Current {
		l.enter(Stale, nil)
	}
	if afresh {
		l.fresh = true
		return retryOnce
	}
	return retry
}

// mustWatchAfresh says whether the position is of no use any more. A server of another version may not read it at all.
func mustWatchAfresh(err error) bool {
	var position *PositionError
	var invalid *InvalidRequestError
	return errors.As(err, &position) || errors.As(err, &invalid) && invalid.Reason == "POSITION_MALFORMED"
}

// enter changes the state and tells it, unless it is the state already or the copy is closed.
func (l *liveCopy[Frame, Told]) enter(state FloorState, failure error) {
	l.mu.Lock()
	same := l.state == state || l.state == Closed
	if !same {
		l.state, l.failure = state, failure
	}
	l.mu.Unlock()
	if !same {
		l.announce(state)
	}
}

// announce tells the state to the handlers, then to whoever waits for it.
func (l *liveCopy[Frame, Told]) announce(state FloorState) {
	l.tell.state(state)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = state
	close(l.news)
	l.news = make(chan struct{})
}

// take applies one frame and tells its handlers.
func (l *liveCopy[Frame, Told]) take(frame *Frame) (asked time.Duration) {
	l.adoptHandlers()
	l.mu.Lock()
	l.lastFrame = time.Now()
	l.mu.Unlock()
	asked = l.source.take(frame)
	l.mu.Lock()
	l.reach(l.source.position(frame))
	isCurrent := !l.fresh && !l.source.catchingUp(frame)
	if isCurrent {
		l.present = l.lastFrame
	}
	l.mu.Unlock()
	l.hasBegun = l.hasBegun || !l.fresh
	if isCurrent {
		l.enter(Current, nil)
	}
	return asked
}

// reach keeps a frame's position, unless it is empty or the copy is closed. The lock is held.
func (l *liveCopy[Frame, Told]) reach(position string) {
	if position != "" && l.state != Closed {
		l.reached = position
	}
}

// tellAll tells changes that the view shows already, until the copy is closed.
func (l *liveCopy[Frame, Told]) tellAll(changes []Told) {
	for _, change := range changes {
		if l.State() == Closed {
			return
		}
		l.tell.change(change)
	}
}

// --- handlers --------------------------------------------------------------------------------------------------------

// OnState adds a handler. It is first told the present state where that is not Connecting, then every new one.
func (l *liveCopy[Frame, Told]) OnState(handler func(FloorState)) { l.tell.addState(handler) }

// adoptHandlers takes the handlers that were added meanwhile and brings them up to date.
func (l *liveCopy[Frame, Told]) adoptHandlers() {
	changes, states := l.tell.adopt()
	if len(changes) == 0 && len(states) == 0 {
		return
	}
	everybody, state := l.source.present(), l.State()
	for _, handler := range changes {
		for _, one := range everybody {
			if l.State() == Closed {
				return
			}
			l.tell.guard(func() { handler(one) })
		}
	}
	for _, handler := range states {
		if state != Connecting && state != Closed {
			l.tell.guard(func() { handler(state) })
		}
	}
}
