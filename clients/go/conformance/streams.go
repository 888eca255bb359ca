package main

// The verbs stream.*: raw frames of the generated stubs' streams.

import (
	"context"
	"errors"
	"io"
	"sync"

	"google.golang.org/grpc"
)

// stream is one server stream; its frames go out as events.
type stream struct {
	name   string
	cancel context.CancelFunc
	ended  chan struct{}

	mu      sync.Mutex
	going   *sync.Cond
	paused  bool
	stopped bool
}

func (d *driver) openStream(asked request) (func() (object, error), error) {
	opened, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	method, err := findMethod(asked.Method)
	if err != nil {
		return nil, err
	}
	message := method.request()
	if err := readMessage(asked.Request, message); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	made := &stream{name: asked.Stream, cancel: cancel, ended: make(chan struct{})}
	made.going = sync.NewCond(&made.mu)
	enter(d, d.streams, asked.Stream, made)
	opened.mu.Lock()
	opened.streams[made] = struct{}{}
	opened.mu.Unlock()
	return func() (object, error) {
		d.tasks.Add(1)
		called, err := opened.NewStream(ctx, &grpc.StreamDesc{StreamName: method.name, ServerStreams: true}, method.path)
		if err == nil {
			err = errors.Join(called.SendMsg(message), called.CloseSend())
		}
		go func() {
			defer d.tasks.Done()
			d.readStream(opened, made, method, called, err)
		}()
		return object{}, nil
	}, nil
}

// readStream sends the frames and the end of a stream; failed is the error of its opening.
func (d *driver) readStream(from *connection, s *stream, method method, called grpc.ClientStream, failed error) {
	for failed == nil {
		frame := method.response()
		if failed = called.RecvMsg(frame); failed == nil && s.mayTell() {
			d.out.write(object{"event": "frame", "stream": s.name, "frame": messageJSON(frame)})
		}
	}
	s.mayTell()
	s.cancel()
	end := object{"event": "end", "stream": s.name, "error": nil}
	if !errors.Is(failed, io.EOF) && !s.wasStopped() {
		end["error"] = errorObject(failed)
	}
	d.out.write(end)
	from.mu.Lock()
	delete(from.streams, s)
	from.mu.Unlock()
	close(s.ended)
}

// mayTell waits while the stream is paused; false where it was stopped.
func (s *stream) mayTell() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.paused && !s.stopped {
		s.going.Wait()
	}
	return !s.stopped
}

func (s *stream) wasStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

func (s *stream) pause(paused bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = paused
	s.going.Broadcast()
}

// end cancels the stream and waits for its end.
func (s *stream) end() {
	s.mu.Lock()
	s.stopped = true
	s.going.Broadcast()
	s.mu.Unlock()
	s.cancel()
	<-s.ended
}

func (d *driver) pauseStream(asked request) (func() (object, error), error) {
	return d.setPaused(asked, true)
}

func (d *driver) resumeStream(asked request) (func() (object, error), error) {
	return d.setPaused(asked, false)
}

func (d *driver) setPaused(asked request, paused bool) (func() (object, error), error) {
	found, err := lookup(d, d.streams, "stream", asked.Stream)
	if err != nil {
		return nil, err
	}
	found.pause(paused)
	return now(object{})
}

func (d *driver) cancelStream(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.streams, "stream", asked.Stream)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		found.end()
		return object{}, nil
	}, nil
}
