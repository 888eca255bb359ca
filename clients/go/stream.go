package onduty

// Keeps one server stream open: opens it, reads it, watches for silence, and opens it again after breaks. It knows nothing of
// what the frames say.

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc/codes"
)

// silentIntervals is how many bookmark intervals may pass without a frame.
const silentIntervals = 3

// receiver is an open stream.
type receiver[Frame any] interface {
	Recv() (*Frame, error)
}

// follower runs in one goroutine of its own; its functions are called from that goroutine alone, one at a time.
type follower[Frame any] struct {
	open    func(context.Context) (receiver[Frame], error)
	take    func(*Frame) time.Duration // a frame; how long the server asks to wait after the end of this stream
	broken  func(error) verdict        // a stream has ended; io.EOF: by the server, without an error
	wake    <-chan struct{}            // calls awake; nil: never
	awake   func()
	silence time.Duration
	backoff backoff
}

// verdict is what to do after a stream's end.
type verdict int

const (
	retry     verdict = iota // open it again after a wait
	retryOnce                // open it again at once
	giveUp
)

// run returns when ctx ends or broken gives up.
func (f *follower[Frame]) run(ctx context.Context) {
	for ctx.Err() == nil {
		asked, err := f.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		switch f.broken(err) {
		case giveUp:
			return
		case retryOnce:
			continue
		case retry:
			f.rest(ctx, f.backoff.next(max(asked, retryAfter(err))))
		}
	}
}

// rest waits; what wakes the follower meanwhile is served.
func (f *follower[Frame]) rest(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return
		case <-f.wake:
			f.awake()
		case <-ctx.Done():
			return
		}
	}
}

// follow reads one stream to its end. The next frame is not read before take has returned.
func (f *follower[Frame]) follow(ctx context.Context) (asked time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	frames, ended, turn := make(chan *Frame), make(chan error, 1), make(chan struct{}, 1)
	go func() { ended <- f.read(ctx, frames, turn) }()
	finished := false
	defer func() {
		cancel()
		if !finished {
			<-ended
		}
	}()
	timer := time.NewTimer(f.silence)
	defer timer.Stop()
	for {
		select {
		case frame := <-frames:
			f.backoff.reset()
			asked = max(asked, f.take(frame))
			timer.Reset(f.silence) // a slow handler is no silence of the server
			turn <- struct{}{}
		case err := <-ended:
			finished = true
			return asked, err
		case <-timer.C:
			return asked, localError(codes.Unavailable, "", "the stream went silent", nil)
		case <-f.wake:
			f.awake()
		case <-ctx.Done():
			return asked, ctx.Err()
		}
	}
}

func (f *follower[Frame]) read(ctx context.Context, frames chan<- *Frame, turn <-chan struct{}) error {
	stream, err := f.open(ctx)
	if err != nil {
		return err
	}
	for {
		frame, err := stream.Recv()
		if err != nil {
			return err
		}
		select {
		case frames <- frame:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-turn:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// isFinal says whether trying again is of no use: for what the service itself says, and for a stray status, as of a proxy, only where
// the stream has never carried what it was opened for. With a token function a refused token is of use: the next one may be better.
func isFinal(err error, hasTokenFunc, hasBegun bool, also func(error) bool) bool {
	var root *OndutyError
	if hasBegun && (!errors.As(err, &root) || root.Reason == "") {
		return false
	}
	return endsStreams(err, hasTokenFunc) || also(err)
}

func endsStreams(err error, hasTokenFunc bool) bool {
	var access *AccessError
	var invalid *InvalidRequestError
	var unsupported *UnsupportedError
	if errors.As(err, &access) {
		return !hasTokenFunc || access.grpcCode != codes.Unauthenticated
	}
	return errors.As(err, &invalid) || errors.As(err, &unsupported)
}

// streamEnd is the error of a stream's end, for people: a stream that the server ended without one is unavailable.
func streamEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return localError(codes.Unavailable, "", "the server ended the stream", nil)
	}
	return err
}
