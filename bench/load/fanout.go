package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A system takes keyed writes that are durable when Write returns, and shows each to every watcher.
type system interface {
	// write makes count changes, numbered from first, in one request of the system's own kind.
	write(ctx context.Context, first uint64, count int) error
	// watch follows all changes on a connection of its own. It calls ready once when it misses nothing any more, and seen
	// for every change, until the context ends.
	watch(ctx context.Context, ready func(), to *watcher) error
	close()
}

// fanoutPlan is an open loop: changes are due at a steady rate, whatever the system does.
type fanoutPlan struct {
	system, target, tenant string
	watchers, stopped      int
	rate, batch, writers   int
	staff, payload         int
	sampleEvery            int
	warm, length           time.Duration
	pid                    int
}

// fanoutResult is about the changes that were due within the measured time, and all their deliveries.
type fanoutResult struct {
	span
	Changes    int       `json:"changes"`
	Rate       float64   `json:"rate"`
	Delivered  int       `json:"delivered"`
	Frames     int       `json:"frames"`
	Bytes      int       `json:"bytes"`
	DueToAck   quantiles `json:"due_to_ack"`
	DueToSeen  quantiles `json:"due_to_seen"`
	AckToSeen  quantiles `json:"ack_to_seen"`
	SeenBefore float64   `json:"seen_before_ack"`
}

// deliveryDeadline bounds the wait for the last change to reach the last watcher.
const deliveryDeadline = 30 * time.Second

type fanoutRun struct {
	plan     fanoutPlan
	system   system
	begin    time.Time
	due, ack []atomic.Int64
	watchers []*watcher
	written  atomic.Int64
}

func fanout(ctx context.Context, plan fanoutPlan) (fanoutResult, error) {
	made, err := plan.open(ctx)
	if err != nil {
		return fanoutResult{}, err
	}
	defer made.close()
	total := plan.changes(plan.warm) + plan.changes(plan.length)
	run := &fanoutRun{plan: plan, system: made, begin: time.Now(), due: make([]atomic.Int64, total), ack: make([]atomic.Int64, total)}
	ctx, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer cancel(errDone)
	if err := run.startWatchers(ctx, cancel, &watching); err != nil {
		return fanoutResult{}, err
	}
	warm := plan.changes(plan.warm)
	if err := run.writeAll(ctx, 0, warm); err != nil {
		return fanoutResult{}, err
	}
	begin, before, err := run.mark()
	if err != nil {
		return fanoutResult{}, err
	}
	if err := run.writeAll(ctx, warm, total); err != nil {
		return fanoutResult{}, err
	}
	end, after, err := run.mark()
	return run.result(begin.to(end), before, after, warm), err
}

// changes is how many are due in a time, in whole requests.
func (plan fanoutPlan) changes(length time.Duration) int {
	return int(length.Seconds()*float64(plan.rate)) / plan.batch * plan.batch
}

func (run *fanoutRun) startWatchers(ctx context.Context, cancel context.CancelCauseFunc, watching *sync.WaitGroup) error {
	var ready sync.WaitGroup
	for n := range run.plan.watchers {
		one := &watcher{run: run, sampleEvery: run.plan.sampleEvery, offset: n, stops: n < run.plan.stopped}
		run.watchers = append(run.watchers, one)
		ready.Add(1)
		once := sync.OnceFunc(ready.Done)
		watching.Go(func() {
			defer once()
			if err := run.system.watch(ctx, once, one); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("watcher %d: %w", n, err))
			}
		})
	}
	ready.Wait()
	return context.Cause(ctx)
}

// writeAll makes changes from..to when they are due and waits until they are durable and every watcher has seen them.
func (run *fanoutRun) writeAll(ctx context.Context, from, to int) error {
	batches := make(chan int)
	var writing sync.WaitGroup
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for range run.plan.writers {
		writing.Go(func() {
			for first := range batches {
				if err := run.writeOne(ctx, first); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := run.pace(ctx, from, to, batches)
	close(batches)
	writing.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	return run.awaitDelivery(ctx, to)
}

// pace hands out each batch when it is due. When all writers are busy it waits, and the delay counts: changes are due by
// the clock, not when somebody is free.
func (run *fanoutRun) pace(ctx context.Context, from, to int, batches chan<- int) error {
	step := time.Duration(float64(run.plan.batch) / float64(run.plan.rate) * float64(time.Second))
	at := time.Now()
	for first := from; first < to; first += run.plan.batch {
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		for n := first; n < first+run.plan.batch; n++ {
			run.due[n].Store(int64(at.Sub(run.begin)))
		}
		select {
		case batches <- first:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		at = at.Add(step)
	}
	return nil
}

func (run *fanoutRun) writeOne(ctx context.Context, first int) error {
	if err := run.system.write(ctx, uint64(first), run.plan.batch); err != nil {
		return err
	}
	now := int64(time.Since(run.begin))
	for n := first; n < first+run.plan.batch; n++ {
		run.ack[n].Store(now)
	}
	run.written.Add(int64(run.plan.batch))
	return nil
}

func (run *fanoutRun) awaitDelivery(ctx context.Context, to int) error {
	end := time.Now().Add(deliveryDeadline)
	for !run.allSeen(to) {
		if time.Now().After(end) {
			return fmt.Errorf("after %s some watchers have not seen all %d changes", deliveryDeadline, to)
		}
		if err := sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func (run *fanoutRun) allSeen(count int) bool {
	for _, one := range run.watchers {
		if !one.stops && one.changes.Load() < int64(count) {
			return false
		}
	}
	return true
}

// counts are what the reading watchers have had so far.
type counts struct{ changes, frames, bytes int64 }

func (run *fanoutRun) mark() (reading, counts, error) {
	now, err := read(run.plan.pid)
	var sum counts
	for _, one := range run.watchers {
		if !one.stops {
			sum.changes += one.changes.Load()
			sum.frames += one.frames.Load()
			sum.bytes += one.bytes.Load()
		}
	}
	return now, sum, err
}

func (run *fanoutRun) result(passed span, before, after counts, warm int) fanoutResult {
	changes := len(run.due) - warm
	result := fanoutResult{
		span: passed, Changes: changes, Rate: float64(changes) / passed.Seconds,
		Delivered: int(after.changes - before.changes), Frames: int(after.frames - before.frames), Bytes: int(after.bytes - before.bytes),
	}
	var toAck, toSeen, ackToSeen []int64
	for n := warm; n < len(run.due); n++ {
		toAck = append(toAck, run.ack[n].Load()-run.due[n].Load())
	}
	early := 0
	for _, one := range run.watchers {
		one.mutex.Lock()
		for _, sample := range one.samples {
			if sample.sequence < uint64(warm) || one.stops {
				continue
			}
			toSeen = append(toSeen, sample.at-run.due[sample.sequence].Load())
			delay := sample.at - run.ack[sample.sequence].Load()
			if delay < 0 {
				early++
			}
			ackToSeen = append(ackToSeen, delay)
		}
		one.mutex.Unlock()
	}
	result.DueToAck, result.DueToSeen, result.AckToSeen = summarize(toAck), summarize(toSeen), summarize(ackToSeen)
	result.SeenBefore = float64(early) / float64(max(len(ackToSeen), 1))
	return result
}

// --- one watcher -------------------------------------------------------------------------------------------------------

type sample struct {
	sequence uint64
	at       int64
}

// watcher counts what one watcher is sent. It is fed by one goroutine.
type watcher struct {
	run                    *fanoutRun
	sampleEvery, offset    int
	stops                  bool
	changes, frames, bytes atomic.Int64
	mutex                  sync.Mutex
	samples                []sample
}

// wants says whether the change seen next is one whose delay is taken.
func (w *watcher) wants(index int) bool {
	return (int(w.changes.Load())+index+w.offset)%w.sampleEvery == 0
}

// saw tells that a frame of some bytes with some changes is here; sampled are the numbers of those that were wanted.
func (w *watcher) saw(changes, bytes int, sampled []uint64) {
	now := int64(time.Since(w.run.begin))
	w.mutex.Lock()
	for _, sequence := range sampled {
		if sequence < uint64(len(w.run.due)) {
			w.samples = append(w.samples, sample{sequence, now})
		}
	}
	w.mutex.Unlock()
	w.frames.Add(1)
	w.bytes.Add(int64(bytes))
	w.changes.Add(int64(changes))
}

func sleep(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
