package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// unaryPlan is a closed loop: each caller sends the next request when its last one was answered. With a rate it is an open one:
// requests are due by the clock, and their latency counts from there.
type unaryPlan struct {
	target, tenant, kind string
	callers, batch       int
	staff, rate          int
	warm, length         time.Duration
	pid                  int
}

// unaryResult counts what was answered within the measured time.
type unaryResult struct {
	span
	Ops     int       `json:"ops"`
	Changes int       `json:"changes"`
	Commits int       `json:"commits"`
	Latency quantiles `json:"latency"`
}

// A workload makes requests and says what an answer told. It is used by one caller at a time, or guards itself.
type workload interface {
	method() string
	next() []byte
	told(answer []byte, into *tally) error
}

// tally is what one caller saw within the measured time.
type tally struct {
	latencies []int64
	changes   int
	commits   map[uint64]struct{}
}

const mostConnections = 4

func unary(ctx context.Context, plan unaryPlan) (unaryResult, error) {
	load, err := plan.workload(ctx)
	if err != nil {
		return unaryResult{}, err
	}
	lines, err := dialMany(plan.target, min(plan.callers, mostConnections))
	if err != nil {
		return unaryResult{}, err
	}
	defer lines.close()
	ctx, cancel := context.WithCancelCause(inTenant(ctx, plan.tenant))
	defer cancel(nil)
	var measuring atomic.Bool
	due := plan.pace(ctx)
	tallies := make([]tally, plan.callers)
	var callers sync.WaitGroup
	for n := range plan.callers {
		tallies[n].commits = map[uint64]struct{}{}
		callers.Go(func() {
			if err := call(ctx, lines[n%len(lines)], load, due, &measuring, &tallies[n]); err != nil && ctx.Err() == nil {
				cancel(err)
			}
		})
	}
	passed, err := window(ctx, plan, &measuring)
	cancel(errDone)
	callers.Wait()
	if err != nil {
		return unaryResult{}, err
	}
	return collect(passed, tallies), nil
}

var errDone = errors.New("done")

func window(ctx context.Context, plan unaryPlan, measuring *atomic.Bool) (span, error) {
	if err := sleep(ctx, plan.warm); err != nil {
		return span{}, err
	}
	begin, err := read(plan.pid)
	if err != nil {
		return span{}, err
	}
	measuring.Store(true)
	if err := sleep(ctx, plan.length); err != nil {
		return span{}, err
	}
	measuring.Store(false)
	end, err := read(plan.pid)
	return begin.to(end), err
}

// pace tells when requests are due; nil where each is due when its caller is free.
func (plan unaryPlan) pace(ctx context.Context) <-chan time.Time {
	if plan.rate == 0 {
		return nil
	}
	due := make(chan time.Time, plan.rate)
	go func() {
		step := time.Second / time.Duration(plan.rate)
		for at := time.Now(); ; at = at.Add(step) {
			time.Sleep(time.Until(at))
			select {
			case due <- at:
			case <-ctx.Done():
				return
			}
		}
	}()
	return due
}

func call(ctx context.Context, line *grpc.ClientConn, load workload, due <-chan time.Time, measuring *atomic.Bool, mine *tally) error {
	var answer frame
	for ctx.Err() == nil {
		asked := time.Now()
		if due != nil {
			select {
			case asked = <-due:
			case <-ctx.Done():
				return nil
			}
		}
		request := frame{load.next()}
		if err := line.Invoke(ctx, load.method(), &request, &answer, raw); err != nil {
			return fmt.Errorf("%s: %w", load.method(), err)
		}
		if !measuring.Load() {
			continue
		}
		mine.latencies = append(mine.latencies, int64(time.Since(asked)))
		if err := load.told(answer.b, mine); err != nil {
			return err
		}
	}
	return nil
}

func collect(passed span, tallies []tally) unaryResult {
	result := unaryResult{span: passed}
	var latencies []int64
	commits := map[uint64]struct{}{}
	for _, one := range tallies {
		latencies = append(latencies, one.latencies...)
		result.Changes += one.changes
		for commit := range one.commits {
			commits[commit] = struct{}{}
		}
	}
	result.Ops, result.Commits, result.Latency = len(latencies), len(commits), summarize(latencies)
	return result
}

func (plan unaryPlan) workload(ctx context.Context) (workload, error) {
	run := fmt.Sprintf("%016x", rand.Uint64())
	switch plan.kind {
	case "echo":
		return &echo{run: run}, nil
	case "change":
		toggles, err := statuses(ctx, plan)
		return &change{run: run, toggles: toggles}, err
	case "events":
		line, err := dial(plan.target, 0)
		if err != nil {
			return nil, err
		}
		defer line.Close()
		return &events{run: run, staff: plan.staff, batch: plan.batch}, endCalls(inTenant(ctx, plan.tenant), line)
	case "list":
		return &fixed{methodList, marshalled(&onduty.ListStaffRequest{PageSize: 1000})}, nil
	case "sums":
		start := timestamppb.New(time.Now().Add(-sumsPeriod))
		return &fixed{methodSums, marshalled(&onduty.SummarizeTimeRequest{StartsAt: start, PageSize: 1000})}, nil
	case "get":
		return &fixed{methodGet, marshalled(&onduty.GetStaffRequest{StaffId: staffID(0)})}, nil
	case "policy":
		return &policy{}, nil
	}
	return nil, fmt.Errorf("no workload %q", plan.kind)
}

// --- the floor ---------------------------------------------------------------------------------------------------------

// echo sends what change sends, to a server that sends it back.
type echo struct {
	run     string
	counter atomic.Uint64
}

func (*echo) method() string { return methodEcho }

func (e *echo) next() []byte { return changeRequest(e.run, e.counter.Add(1), 0, true) }

func (*echo) told([]byte, *tally) error { return nil }

// --- what others may do meanwhile --------------------------------------------------------------------------------------

// sumsPeriod is a week: what a report asks for.
const sumsPeriod = 7 * 24 * time.Hour

// fixed sends the same request again and again.
type fixed struct {
	name string
	body []byte
}

func (f *fixed) method() string { return f.name }

func (f *fixed) next() []byte { return f.body }

func (*fixed) told([]byte, *tally) error { return nil }

// policy decides by turns whether who is ON_BREAK can be called by colleagues: where it is used that is everybody.
type policy struct{ counter atomic.Uint64 }

func (*policy) method() string { return methodPolicy }

func (p *policy) next() []byte {
	on := p.counter.Add(1)%2 == 0
	return marshalled(&onduty.UpdatePolicyRequest{
		Policy:     &onduty.Policy{BreakInternalCalls: &on},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"break_internal_calls"}},
	})
}

func (*policy) told([]byte, *tally) error { return nil }

func marshalled(message proto.Message) []byte {
	body, err := proto.Marshal(message)
	if err != nil {
		panic(err) // As for every message of ours.
	}
	return body
}

// --- ChangeStatus ------------------------------------------------------------------------------------------------------

// change lets one staff member after the other change between AVAILABLE and BUSY.
type change struct {
	run     string
	counter atomic.Uint64
	toggles []atomic.Bool
}

func (*change) method() string { return methodChange }

func (c *change) next() []byte {
	count := c.counter.Add(1)
	who := int(count % uint64(len(c.toggles)))
	busy := !c.toggles[who].Load()
	c.toggles[who].Store(busy)
	return changeRequest(c.run, count, who, busy)
}

func changeRequest(run string, count uint64, who int, busy bool) []byte {
	status := onduty.Status_STATUS_AVAILABLE
	if busy {
		status = onduty.Status_STATUS_BUSY
	}
	id := appendSequence([]byte(run), count)
	body, err := proto.Marshal(&onduty.ChangeStatusRequest{
		StaffId: staffID(who), Choice: &onduty.StatusChoice{Status: status}, RequestId: string(id),
	})
	if err != nil {
		panic(err) // A message of ours, of valid text, always has a form.
	}
	return body
}

const (
	answerStaff, answerReplayed = 1, 3
	staffChangedAt              = 15
	answerResults               = 1
	resultTaken, takenApplied   = 1, 4
)

// told counts commits by the instant of the change: works that are committed together are decided at one instant.
func (c *change) told(answer []byte, into *tally) error {
	if number(answer, answerReplayed) != 0 {
		return errors.New("an answer was replayed: the request made no change")
	}
	into.changes++
	into.commits[instant(only(only(answer, answerStaff), staffChangedAt))] = struct{}{}
	return nil
}

// instant is an encoded timestamp in nanoseconds.
func instant(timestamp []byte) uint64 {
	return number(timestamp, 1)*1_000_000_000 + number(timestamp, 2)
}

// statuses reads who is BUSY now, so that every request changes something.
func statuses(ctx context.Context, plan unaryPlan) ([]atomic.Bool, error) {
	toggles := make([]atomic.Bool, plan.staff)
	_, err := list(inTenant(ctx, plan.tenant), plan.target, func(body []byte) {
		var staff onduty.Staff
		var n int
		if proto.Unmarshal(body, &staff) != nil {
			return
		}
		if _, err := fmt.Sscanf(staff.StaffId, "staff-%d", &n); err == nil && n < len(toggles) {
			toggles[n].Store(staff.Status == onduty.Status_STATUS_BUSY)
		}
	})
	return toggles, err
}

// --- ReportCallEvents --------------------------------------------------------------------------------------------------

// events reports batches of facts: a call starts for one after the other, and ends when it is their turn again.
type events struct {
	run          string
	staff, batch int
	counter      atomic.Uint64
}

func (*events) method() string { return methodEvents }

func (e *events) next() []byte {
	first := e.counter.Add(uint64(e.batch)) - uint64(e.batch)
	body, err := proto.Marshal(e.request(first))
	if err != nil {
		panic(err) // As above.
	}
	return body
}

func (e *events) request(first uint64) *onduty.ReportCallEventsRequest {
	request := &onduty.ReportCallEventsRequest{
		RequestId: string(appendSequence([]byte(e.run), first)),
		Events:    make([]*onduty.CallEvent, 0, e.batch),
	}
	for sequence := first; sequence < first+uint64(e.batch); sequence++ {
		request.Events = append(request.Events, callEvent(e.run, sequence, e.staff, ""))
	}
	return request
}

// callEvent is fact number sequence of an endless row in which everybody's calls start and end by turns.
func callEvent(run string, sequence uint64, staff int, requestID string) *onduty.CallEvent {
	turn, who := sequence/uint64(staff), staffID(int(sequence%uint64(staff)))
	callID := fmt.Sprintf("%s-%d-%s", run, turn/2, who[len(who)-6:])
	if turn%2 == 0 {
		return &onduty.CallEvent{Event: &onduty.CallEvent_Started{Started: &onduty.ReportCallStartedRequest{
			StaffId: who, CallId: callID, Direction: onduty.Direction_DIRECTION_INBOUND, Source: "bench", RequestId: requestID,
		}}}
	}
	return &onduty.CallEvent{Event: &onduty.CallEvent_Ended{Ended: &onduty.ReportCallEndedRequest{
		StaffId: who, CallId: callID, Source: "bench", RequestId: requestID,
	}}}
}

// told makes sure that every fact changed something.
func (e *events) told(answer []byte, into *tally) error {
	applied := 0
	fields(answer, func(field protowire.Number, result []byte) {
		if field == answerResults && number(only(result, resultTaken), takenApplied) != 0 {
			applied++
		}
	})
	if applied != e.batch {
		return fmt.Errorf("%d of %d facts changed something", applied, e.batch)
	}
	into.changes += applied
	return nil
}
