package onduty

// The life of a live copy of what a watch shows: its state, its goroutine, its handlers, its end. What a frame changes in the copy
// is its source's; reading makes no call.

import (
	"context"
	"errors"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
)

// FloorState says how far a floor, or a copy of the colleagues, can be believed.
type FloorState int

// The states of a floor.
const (
	// Connecting: there was no snapshot yet.
	Connecting FloorState = iota + 1
	// Current: the view shows all that had happened when the stream was opened, and what happens since but for the time that
	// changes take to come.
	Current
	// Stale: the stream is broken or silent, or a new one brings what was missed; the view is the last one known.
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

// source is what a live copy is of. Its methods are called by the copy's goroutine, but for present, which locks for itself.
type source[Frame, Told any] interface {
	// open opens the watch after the position; empty: with a snapshot. What is left of a snapshot cut short is thrown away.
	open(ctx context.Context, resumeAfter string) (receiver[Frame], error)
	// take applies one frame and tells its handlers. It gives how long the server asks to wait after the end of this stream.
	take(*Frame) (asked time.Duration)
	// position is the frame's.
	position(*Frame) string
	// catchingUp says whether more of what had happened when the watch was opened is still to come after the frame.
	catchingUp(*Frame) bool
	// present is what a new handler is told: everybody, as added.
	present() []Told
	// isFinal says whether watching again after this error is of no use.
	isFinal(error) bool
	// failed is called before the copy is told to have failed.
	failed()
}

// liveCopy is what every live copy has.
type liveCopy[Frame, Told any] struct {
	name       string // for people, as "the floor"
	source     source[Frame, Told]
	connection *Connection
	options    Options
	tell       *handlers[Told]
	cancel     context.CancelFunc
	done       chan struct{} // closed when the goroutine has ended
	own        goroutine     // the goroutine

	mu        sync.RWMutex
	state     FloorState
	reached   string        // the position of the last frame that had one
	lastFrame time.Time     // zero: none came yet
	present   time.Time     // when the view was known to be the present last; zero: never
	failure   error         // why it is Failed
	lastBreak error         // how the last stream ended
	told      FloorState    // the last state whose handlers, and those of the changes before it, have been told
	news      chan struct{} // closed, and made anew, when told is another

	// Of the following goroutine alone.
	fresh    bool // the next stream begins with a snapshot, or the present one has yet to complete it
	hasBegun bool // a snapshot was complete
}

// begin watches in the background, until the end of the connection or Close.
func (l *liveCopy[Frame, Told]) begin(
	name string, source source[Frame, Told], connection *Connection, options FloorOptions,
) error {
	complete, err := options.over(connection.options)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	l.name, l.source, l.connection, l.options = name, source, connection, complete
	l.tell, l.cancel, l.done, l.news = newHandlers[Told](options.OnError), cancel, make(chan struct{}), make(chan struct{})
	l.state, l.told, l.fresh = Connecting, Connecting, true
	if err := connection.adopt(l); err != nil {
		cancel()
		return err
	}
	go l.run(ctx)
	return nil
}

// --- reading ---------------------------------------------------------------------------------------------------------

// WaitCurrent returns once the copy is Current and its handlers were told so. It fails with the error of a copy that has given up,
// and with a TimedOutError when ctx ends first; the copy goes on trying then.
func (l *liveCopy[Frame, Told]) WaitCurrent(ctx context.Context) error {
	for {
		l.mu.RLock()
		told, failure, lastBreak, news := l.told, l.failure, l.lastBreak, l.news
		l.mu.RUnlock()
		switch told {
		case Current:
			return nil
		case Failed:
			return failure
		case Closed:
			return localError(codes.Canceled, "", l.name+" is closed", nil)
		case Connecting, Stale:
		}
		select {
		case <-news:
		case <-ctx.Done():
			return waitError(ctx, l.name+" is not current yet", lastBreak)
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

// State says how far the copy can be believed.
func (l *liveCopy[Frame, Told]) State() FloorState {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.state
}

// Position is the position of the last frame that had one: what the view shows. Empty before the first snapshot.
func (l *liveCopy[Frame, Told]) Position() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.reached
}

// LastFrameAge is the time since the last frame came; false before the first.
func (l *liveCopy[Frame, Told]) LastFrameAge() (time.Duration, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.lastFrame.IsZero() {
		return 0, false
	}
	return time.Since(l.lastFrame), true
}

// LastError is why the last stream broke, or why the copy has failed. Nil: none broke. It stays when the copy is Current again.
func (l *liveCopy[Frame, Told]) LastError() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.lastBreak
}

// isTrusted says whether the view is new enough to be acted on. The lock is held.
func (l *liveCopy[Frame, Told]) isTrusted() bool {
	return l.state != Failed && l.state != Closed && time.Since(l.present) < l.options.TrustLimit
}

// --- the end ---------------------------------------------------------------------------------------------------------

// Close ends the stream and waits for handlers that run. It may be called twice. In a handler it begins the end and does not wait
// for it.
func (l *liveCopy[Frame, Told]) Close() {
	l.mu.Lock()
	l.state = Closed
	l.mu.Unlock()
	l.cancel()
	if l.own.isThis() {
		return
	}
	<-l.done
	l.connection.release(l)
}

func (l *liveCopy[Frame, Told]) end() { l.Close() }

func (l *liveCopy[Frame, Told]) runsHere() bool { return l.own.isThis() }
