package main

import (
	"context"
	"encoding/binary"
	"errors"
)

// floorSystem watches streams of frames that the echo server built beforehand. Nothing is written: the frames come by the
// server's own clock, at a rate and of a size that the request names.
type floorSystem struct {
	target             string
	frameBytes, perSec int
}

func (f *floorSystem) close() {}

func (f *floorSystem) write(context.Context, uint64, int) error {
	return errors.New("the floor takes no writes")
}

func (f *floorSystem) watch(ctx context.Context, ready func(), to *watcher) error {
	line, err := dial(f.target, 0)
	if err != nil {
		return err
	}
	defer line.Close()
	request := binary.BigEndian.AppendUint32(nil, uint32(f.frameBytes))
	request = binary.BigEndian.AppendUint32(request, uint32(f.perSec))
	stream, err := openStream(ctx, line, methodStream, request)
	if err != nil {
		return err
	}
	var told frame
	for {
		if err := stream.RecvMsg(&told); err != nil {
			return ended(err)
		}
		ready()
		to.saw(1, len(told.b), nil)
	}
}
