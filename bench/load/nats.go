package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// natsSystem puts keys of a JetStream bucket and watches it with ordered consumers, which is what a bucket's watch is made
// of: with sync_interval "always" both the answer and the delivery come after the sync. Plain subscribers would see a
// message before it is stored, which is other work.
type natsSystem struct {
	plan fanoutPlan
	line *nats.Conn
	js   nats.JetStreamContext
}

const (
	natsBucket      = "bench"
	natsSubject     = "$KV." + natsBucket + "."
	natsAckDeadline = 30 * time.Second
	natsPendingMost = 1 << 20
	natsPendingRoom = 1 << 30
)

func openNats(plan fanoutPlan) (*natsSystem, error) {
	line, err := nats.Connect("nats://" + plan.target)
	if err != nil {
		return nil, err
	}
	js, err := line.JetStream(nats.PublishAsyncMaxPending(natsPendingMost))
	if err == nil {
		_, err = js.CreateKeyValue(&nats.KeyValueConfig{Bucket: natsBucket, Storage: nats.FileStorage})
	}
	if err != nil {
		line.Close()
		return nil, err
	}
	return &natsSystem{plan, line, js}, nil
}

func (n *natsSystem) close() { n.line.Close() }

func (n *natsSystem) write(ctx context.Context, first uint64, count int) error {
	waits := make([]nats.PubAckFuture, 0, count)
	for sequence := first; sequence < first+uint64(count); sequence++ {
		wait, err := n.js.PublishAsync(natsSubject+keyOf(sequence, n.plan.staff), payloadOf(sequence, n.plan.payload))
		if err != nil {
			return err
		}
		waits = append(waits, wait)
	}
	deadline := time.After(natsAckDeadline)
	for _, wait := range waits {
		select {
		case <-wait.Ok():
		case err := <-wait.Err():
			return err
		case <-deadline:
			return fmt.Errorf("nats did not answer within %s", natsAckDeadline)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

func (n *natsSystem) watch(ctx context.Context, ready func(), to *watcher) error {
	line, err := nats.Connect("nats://"+n.plan.target, nats.NoReconnect())
	if err != nil {
		return err
	}
	defer line.Close()
	js, err := line.JetStream()
	if err != nil {
		return err
	}
	var sampled [1]uint64
	subscription, err := js.Subscribe(natsSubject+">", func(message *nats.Msg) {
		if to.wants(0) {
			if sequence, ok := parseSequence(message.Data); ok {
				sampled[0] = sequence
				to.saw(1, len(message.Data), sampled[:])
				return
			}
		}
		to.saw(1, len(message.Data), nil)
	}, nats.OrderedConsumer(), nats.DeliverNew())
	if err != nil {
		return err
	}
	if err := subscription.SetPendingLimits(natsPendingMost, natsPendingRoom); err != nil {
		return err
	}
	ready()
	<-ctx.Done()
	return subscription.Unsubscribe() // or the server would keep the consumer for minutes, and it takes so many only
}
