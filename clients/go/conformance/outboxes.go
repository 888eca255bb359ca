package main

// The verbs outbox.*.

import (
	"context"
	"encoding/json"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func (d *driver) openOutbox(asked request) (func() (object, error), error) {
	from, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	var wanted struct {
		MostFacts   int     `json:"most_facts"`
		MostBytes   int     `json:"most_bytes"`
		KeepSeconds float64 `json:"keep_seconds"`
	}
	if err := json.Unmarshal(orEmpty(asked.Options), &wanted); err != nil {
		return nil, driverError("not options: %v", err)
	}
	opened, err := from.router.Outbox(onduty.OutboxOptions{
		MostFacts: wanted.MostFacts, MostBytes: wanted.MostBytes, Keep: duration(wanted.KeepSeconds),
		OnSettled: func(fact onduty.SettledFact) {
			event := object{"event": "settled", "outbox": asked.Outbox, "request_id": fact.RequestID(), "error": nil}
			if fact.Err != nil {
				event["error"] = errorObject(fact.Err)
			}
			d.out.write(event)
		},
	})
	if err != nil {
		return nil, err
	}
	enter(d, d.outboxes, asked.Outbox, opened)
	return now(object{})
}

func (d *driver) addToOutbox(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.outboxes, "outbox", asked.Outbox)
	if err != nil {
		return nil, err
	}
	event := &ondutyv1.CallEvent{}
	if err := readMessage(asked.Fact, event); err != nil {
		return nil, err
	}
	requestID, err := found.Add(event)
	if err != nil {
		return nil, err
	}
	return now(object{"request_id": requestID})
}

func (d *driver) flushOutbox(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.outboxes, "outbox", asked.Outbox)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		ctx, cancel := limited(asked.Timeout)
		defer cancel()
		return object{}, found.Flush(ctx)
	}, nil
}

func (d *driver) closeOutbox(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.outboxes, "outbox", asked.Outbox)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		ctx, cancel := context.WithTimeout(context.Background(), orZero(asked.Timeout))
		defer cancel()
		return object{"left": messagesJSON(found.Close(ctx))}, nil
	}, nil
}
