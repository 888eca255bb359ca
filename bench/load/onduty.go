package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// ondutySystem writes ChangeStatus requests one by one, or call facts in batches, and watches with WatchStaff.
type ondutySystem struct {
	plan  fanoutPlan
	run   string
	lines connections
	turn  atomic.Uint64
	busy  []atomic.Bool
}

const (
	writeConnections = 4
	// readerWindow is how much a reader that stops still takes in.
	readerWindow = 64 * 1024
	// changeTransition and transitionRequestID lead to the number in a watched change.
	changeTransition, transitionRequestID = 2, 10
	changesElement                        = 1
)

func openOnduty(ctx context.Context, plan fanoutPlan) (*ondutySystem, error) {
	lines, err := dialMany(plan.target, writeConnections)
	if err != nil {
		return nil, err
	}
	made := &ondutySystem{plan: plan, run: fmt.Sprintf("%016x", rand.Uint64()), lines: lines}
	if plan.batch > 1 {
		return made, endCalls(inTenant(ctx, plan.tenant), lines[0])
	}
	made.busy, err = statuses(ctx, unaryPlan{target: plan.target, tenant: plan.tenant, staff: plan.staff})
	return made, err
}

// endCalls ends what an earlier run left in progress, so that states are of one size.
func endCalls(ctx context.Context, line *grpc.ClientConn) error {
	body, err := proto.Marshal(&onduty.ReconcileCallsRequest{Source: "bench"})
	if err != nil {
		return err
	}
	return line.Invoke(ctx, "/onduty.v1.RouterService/ReconcileCalls", &frame{body}, &frame{}, raw)
}

func (o *ondutySystem) close() { o.lines.close() }

func (o *ondutySystem) requestID(sequence uint64) string {
	return string(appendSequence(nil, sequence)) + "-" + o.run
}

func (o *ondutySystem) write(ctx context.Context, first uint64, count int) error {
	var request proto.Message
	method := methodChange
	if o.plan.batch > 1 {
		method, request = methodEvents, o.facts(first, count)
	} else {
		request = o.change(first)
	}
	body, err := proto.Marshal(request)
	if err != nil {
		return err
	}
	line := o.lines[o.turn.Add(1)%uint64(len(o.lines))]
	return line.Invoke(inTenant(ctx, o.plan.tenant), method, &frame{body}, &frame{}, raw)
}

func (o *ondutySystem) change(sequence uint64) *onduty.ChangeStatusRequest {
	who := int(sequence % uint64(len(o.busy)))
	status := onduty.Status_STATUS_BUSY
	if o.busy[who].Load() {
		status = onduty.Status_STATUS_AVAILABLE
	}
	o.busy[who].Store(status == onduty.Status_STATUS_BUSY)
	return &onduty.ChangeStatusRequest{
		StaffId: staffID(who), Choice: &onduty.StatusChoice{Status: status}, RequestId: o.requestID(sequence),
	}
}

func (o *ondutySystem) facts(first uint64, count int) *onduty.ReportCallEventsRequest {
	request := &onduty.ReportCallEventsRequest{}
	for sequence := first; sequence < first+uint64(count); sequence++ {
		request.Events = append(request.Events, callEvent(o.run, sequence, o.plan.staff, o.requestID(sequence)))
	}
	return request
}

func (o *ondutySystem) watch(ctx context.Context, ready func(), to *watcher) error {
	line, err := dial(o.plan.target, readerWindow*boolToInt32(to.stops))
	if err != nil {
		return err
	}
	defer line.Close()
	stream, err := openStream(inTenant(ctx, o.plan.tenant), line, methodWatch, nil)
	if err != nil {
		return err
	}
	var told frame
	var sampled []uint64
	for {
		if err := stream.RecvMsg(&told); err != nil {
			return ended(err)
		}
		if chunk := only(told.b, watchChunk); chunk != nil {
			if number(chunk, chunkLast) == 0 {
				continue
			}
			ready()
			if to.stops {
				<-ctx.Done()
				return nil
			}
			continue
		}
		changes := only(told.b, watchChanges)
		if changes == nil {
			continue
		}
		count := 0
		sampled = sampled[:0]
		fields(changes, func(field protowire.Number, element []byte) {
			if field != changesElement {
				return
			}
			if to.wants(count) {
				if sequence, ok := parseSequence(only(only(element, changeTransition), transitionRequestID)); ok {
					sampled = append(sampled, sequence)
				}
			}
			count++
		})
		to.saw(count, len(told.b), sampled)
	}
}

func boolToInt32(value bool) int32 {
	if value {
		return 1
	}
	return 0
}

func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the server ended the stream")
	}
	return err
}
