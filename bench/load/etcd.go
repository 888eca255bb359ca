package main

import (
	"context"
	"errors"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
)

// etcdSystem puts a key, or several in one Txn, and watches the keys' prefix, on one connection a watcher. Its messages are
// few and small, so they are written by field number; the numbers are those of etcd's published contract.
type etcdSystem struct {
	plan  fanoutPlan
	lines connections
	turn  atomic.Uint64
}

const (
	etcdPut   = "/etcdserverpb.KV/Put"
	etcdTxn   = "/etcdserverpb.KV/Txn"
	etcdWatch = "/etcdserverpb.Watch/Watch"

	putKey, putValue                      = 1, 2
	txnSuccess, operationPut              = 2, 2
	watchCreate, createKey, createEnd     = 1, 1, 2
	watchedCreated, watchedCanceled       = 3, 4
	watchedEvent, eventKeyValue, keyValue = 11, 2, 5
)

func openEtcd(plan fanoutPlan) (*etcdSystem, error) {
	lines, err := dialMany(plan.target, writeConnections)
	return &etcdSystem{plan: plan, lines: lines}, err
}

func (e *etcdSystem) close() { e.lines.close() }

func appendField(to []byte, number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), content)
}

func (e *etcdSystem) write(ctx context.Context, first uint64, count int) error {
	line := e.lines[e.turn.Add(1)%uint64(len(e.lines))]
	if count == 1 {
		return line.Invoke(ctx, etcdPut, &frame{e.put(first)}, &frame{}, raw)
	}
	var request []byte
	for sequence := first; sequence < first+uint64(count); sequence++ {
		request = appendField(request, txnSuccess, appendField(nil, operationPut, e.put(sequence)))
	}
	return line.Invoke(ctx, etcdTxn, &frame{request}, &frame{}, raw)
}

func (e *etcdSystem) put(sequence uint64) []byte {
	request := appendField(nil, putKey, []byte(keyOf(sequence, e.plan.staff)))
	return appendField(request, putValue, payloadOf(sequence, e.plan.payload))
}

func (e *etcdSystem) watch(ctx context.Context, ready func(), to *watcher) error {
	line, err := dial(e.plan.target, 0)
	if err != nil {
		return err
	}
	defer line.Close()
	stream, err := line.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, etcdWatch, raw)
	if err != nil {
		return err
	}
	create := appendField(appendField(nil, createKey, []byte("staff.")), createEnd, []byte("staff/"))
	if err := stream.SendMsg(&frame{appendField(nil, watchCreate, create)}); err != nil {
		return err
	}
	var told frame
	var sampled []uint64
	for {
		if err := stream.RecvMsg(&told); err != nil {
			return ended(err)
		}
		if number(told.b, watchedCanceled) != 0 {
			return errors.New("etcd cancelled the watch")
		}
		if number(told.b, watchedCreated) != 0 {
			ready()
			continue
		}
		count := 0
		sampled = sampled[:0]
		fields(told.b, func(field protowire.Number, event []byte) {
			if field != watchedEvent {
				return
			}
			if to.wants(count) {
				if sequence, ok := parseSequence(only(only(event, eventKeyValue), keyValue)); ok {
					sampled = append(sampled, sequence)
				}
			}
			count++
		})
		to.saw(count, len(told.b), sampled)
	}
}
