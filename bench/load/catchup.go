package main

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// catchUpPlan lets watchers come back from a revision long ago, read up to the present, and come back again.
type catchUpPlan struct {
	target, tenant string
	watchers       int
	after          uint64
	length         time.Duration
}

type catchUpResult struct {
	span
	Changes int64 `json:"changes"`
	Rounds  int64 `json:"rounds"`
}

func catchUp(ctx context.Context, plan catchUpPlan) (catchUpResult, error) {
	ctx, cancel := context.WithTimeoutCause(inTenant(ctx, plan.tenant), plan.length, errDone)
	defer cancel()
	present, err := position(ctx, plan)
	if err != nil {
		return catchUpResult{}, err
	}
	head := binary.BigEndian.Uint64(present[len(present)-8:])
	binary.BigEndian.PutUint64(present[len(present)-8:], plan.after)
	request := marshalled(&onduty.WatchStaffRequest{ResumeAfter: base64.URLEncoding.EncodeToString(present)})
	begin, err := read(0)
	if err != nil {
		return catchUpResult{}, err
	}
	var result catchUpResult
	var watching sync.WaitGroup
	var failed atomic.Value
	var changes, rounds atomic.Int64
	for range plan.watchers {
		watching.Go(func() {
			for ctx.Err() == nil {
				if err := comeBack(ctx, plan.target, request, head, &changes); err != nil && ctx.Err() == nil {
					failed.Store(err)
					return
				}
				rounds.Add(1)
			}
		})
	}
	watching.Wait()
	end, err := read(0)
	if problem, ok := failed.Load().(error); ok {
		err = problem
	}
	result.span, result.Changes, result.Rounds = begin.to(end), changes.Load(), rounds.Load()
	return result, err
}

// position is the present one, as bytes of which the last eight are the revision.
func position(ctx context.Context, plan catchUpPlan) ([]byte, error) {
	line, err := dial(plan.target, 0)
	if err != nil {
		return nil, err
	}
	defer line.Close()
	body, err := proto.Marshal(&onduty.ListStaffRequest{PageSize: 1})
	if err != nil {
		return nil, err
	}
	var answer frame
	if err := line.Invoke(ctx, methodList, &frame{body}, &answer, raw); err != nil {
		return nil, err
	}
	return base64.URLEncoding.DecodeString(string(only(answer.b, 3)))
}

func comeBack(ctx context.Context, target string, request []byte, head uint64, changes *atomic.Int64) error {
	line, err := dial(target, 0)
	if err != nil {
		return err
	}
	defer line.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := openStream(ctx, line, methodWatch, request)
	if err != nil {
		return err
	}
	return readTo(stream, head, changes)
}

func readTo(stream grpc.ClientStream, head uint64, changes *atomic.Int64) error {
	var told frame
	for {
		if err := stream.RecvMsg(&told); err != nil {
			return err
		}
		fields(only(told.b, watchChanges), func(field protowire.Number, _ []byte) {
			if field == changesElement {
				changes.Add(1)
			}
		})
		at, err := base64.URLEncoding.DecodeString(string(only(told.b, watchPosition)))
		if err != nil || len(at) < 8 {
			return errors.New("a frame has no position")
		}
		if binary.BigEndian.Uint64(at[len(at)-8:]) >= head {
			return nil
		}
	}
}
