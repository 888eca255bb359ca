package main

import (
	"bufio"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// desktopsPlan keeps workspaces attached, as the page of a staff member does: each comes back by itself when its stream ends.
type desktopsPlan struct {
	target, tenant string
	count          int
}

// herdEvent is one line of what the desktops tell while they run. A line that the caller writes asks for the next one.
type herdEvent struct {
	Attached int       `json:"attached"`
	Seconds  float64   `json:"seconds"`
	Back     quantiles `json:"back"`
	Offline  int       `json:"offline"`
}

// staffStatus is the number of a staff member's status.
const staffStatus = 4

// comeBackFrom and comeBackTo bound how long a desktop waits before it comes back, by chance between them.
const (
	comeBackFrom = 200 * time.Millisecond
	comeBackTo   = 2 * time.Second
	// openAtOnce bounds how many sign in at once in the morning; after a break nobody waits for the others.
	openAtOnce = 200
)

type herd struct {
	plan     desktopsPlan
	attached atomic.Int64
	began    time.Time
	mutex    sync.Mutex
	broke    time.Time
	back     []int64
	full     chan struct{}
}

// desktops attaches all, tells when they are; then, for every line that it reads, awaits that all are back after a break.
func desktops(ctx context.Context, plan desktopsPlan) (any, error) {
	run := &herd{plan: plan, began: time.Now(), full: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancelCause(inTenant(ctx, plan.tenant))
	defer cancel(errDone)
	var desks sync.WaitGroup
	gate := make(chan struct{}, openAtOnce)
	for n := range plan.count {
		desks.Go(func() { run.desk(ctx, n, gate) })
	}
	lines := bufio.NewScanner(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		select {
		case <-run.full:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		told, err := run.event(ctx)
		if err == nil {
			err = out.Encode(told)
		}
		if err != nil {
			return nil, err
		}
		if !lines.Scan() || lines.Text() == "end" {
			break
		}
	}
	cancel(errDone)
	desks.Wait()
	return herdEvent{}, nil
}

// event is how long it took since the break, or since the beginning; and who is OFFLINE now.
func (run *herd) event(ctx context.Context) (herdEvent, error) {
	run.mutex.Lock()
	from := run.began
	if !run.broke.IsZero() {
		from = run.broke
	}
	told := herdEvent{Attached: int(run.attached.Load()), Seconds: time.Since(from).Seconds(), Back: summarize(run.back)}
	run.broke, run.back = time.Time{}, nil
	run.mutex.Unlock()
	_, err := list(ctx, run.plan.target, func(body []byte) {
		if number(body, staffStatus) == uint64(onduty.Status_STATUS_OFFLINE) {
			told.Offline++
		}
	})
	return told, err
}

// desk is one desktop for as long as the context lives.
func (run *herd) desk(ctx context.Context, n int, gate chan struct{}) {
	params := grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: comeBackFrom, Multiplier: 1.6, Jitter: 0.2, MaxDelay: comeBackTo}}
	line, err := grpc.NewClient("passthrough:///"+run.plan.target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithNoProxy(), grpc.WithReadBufferSize(1024), grpc.WithWriteBufferSize(1024), grpc.WithDefaultCallOptions(raw),
		grpc.WithConnectParams(params), grpc.WithInitialWindowSize(1<<16), grpc.WithInitialConnWindowSize(1<<16))
	if err != nil {
		return
	}
	defer line.Close()
	who := staffID(n)
	request := marshalled(&onduty.AttachRequest{StaffId: who, WorkspaceId: "desk-" + who})
	gate <- struct{}{}
	opened := func() { <-gate }
	for ctx.Err() == nil {
		run.attach(ctx, line, request, opened)
		opened = func() {}
		wait := comeBackFrom + time.Duration(rand.Int64N(int64(comeBackTo-comeBackFrom)))
		if sleep(ctx, wait) != nil {
			return
		}
	}
}

func (run *herd) attach(ctx context.Context, line *grpc.ClientConn, request []byte, opened func()) {
	once := sync.OnceFunc(opened)
	defer once()
	stream, err := line.NewStream(ctx, &streamShape, methodAttach, raw, grpc.WaitForReady(true))
	if err != nil || stream.SendMsg(&frame{request}) != nil || stream.CloseSend() != nil {
		return
	}
	var told frame
	if stream.RecvMsg(&told) != nil {
		return
	}
	once()
	run.arrived()
	for stream.RecvMsg(&told) == nil {
	}
	run.left()
}

func (run *herd) arrived() {
	run.mutex.Lock()
	if !run.broke.IsZero() {
		run.back = append(run.back, int64(time.Since(run.broke)))
	}
	run.mutex.Unlock()
	if run.attached.Add(1) == int64(run.plan.count) {
		select {
		case run.full <- struct{}{}:
		default:
		}
	}
}

func (run *herd) left() {
	run.attached.Add(-1)
	run.mutex.Lock()
	if run.broke.IsZero() {
		run.broke = time.Now()
	}
	run.mutex.Unlock()
}
