package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// burstPlan is a number of ChangeStatus requests that are sent at once, each about somebody else.
type burstPlan struct {
	target, tenant, run string
	count, pid          int
	busy                bool
}

// burstResult says how many of the answers were first ones, and how many replayed.
type burstResult struct {
	span
	Made     int64     `json:"made"`
	Replayed int64     `json:"replayed"`
	Latency  quantiles `json:"latency"`
}

func burst(ctx context.Context, plan burstPlan) (burstResult, error) {
	ctx, cancel := context.WithCancelCause(inTenant(ctx, plan.tenant))
	defer cancel(nil)
	lines, err := dialMany(plan.target, mostConnections)
	if err != nil {
		return burstResult{}, err
	}
	defer lines.close()
	for _, line := range lines {
		if err := settle(ctx, line); err != nil {
			return burstResult{}, err
		}
	}
	var made, replayed atomic.Int64
	latencies := make([]int64, plan.count)
	requests := make([]frame, plan.count)
	for n := range plan.count {
		requests[n] = frame{changeRequest(plan.run, uint64(n), n, plan.busy)}
	}
	begin, err := read(plan.pid)
	if err != nil {
		return burstResult{}, err
	}
	var calling sync.WaitGroup
	for n := range plan.count {
		calling.Go(func() {
			var answer frame
			if err := lines[n%len(lines)].Invoke(ctx, methodChange, &requests[n], &answer, raw); err != nil {
				cancel(fmt.Errorf("request %d: %w", n, err))
				return
			}
			latencies[n] = int64(time.Since(begin.at))
			if number(answer.b, answerReplayed) != 0 {
				replayed.Add(1)
			} else {
				made.Add(1)
			}
		})
	}
	calling.Wait()
	end, err := read(plan.pid)
	if err == nil {
		err = context.Cause(ctx)
	}
	return burstResult{begin.to(end), made.Load(), replayed.Load(), summarize(latencies)}, err
}
