package main

import (
	"context"
	"fmt"
	"sync"
)

func (plan fanoutPlan) open(ctx context.Context) (system, error) {
	switch plan.system {
	case "onduty":
		return openOnduty(ctx, plan)
	case "redis":
		return openRedis(ctx, plan)
	case "nats":
		return openNats(plan)
	case "etcd":
		return openEtcd(plan)
	}
	return nil, fmt.Errorf("no system %q", plan.system)
}

// stream measures what comes by itself for a length of time.
func stream(ctx context.Context, plan fanoutPlan, source system) (fanoutResult, error) {
	run := &fanoutRun{plan: plan, system: source}
	ctx, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel(errDone)
	if err := run.startWatchers(ctx, cancel, &watching); err != nil {
		return fanoutResult{}, err
	}
	if err := sleep(ctx, plan.warm); err != nil {
		return fanoutResult{}, err
	}
	begin, before, err := run.mark()
	if err != nil {
		return fanoutResult{}, err
	}
	if err := sleep(ctx, plan.length); err != nil {
		return fanoutResult{}, err
	}
	end, after, err := run.mark()
	return run.result(begin.to(end), before, after, 0), err
}
