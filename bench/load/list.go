package main

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// list reads all staff, page after page, and gives each one's bytes to visit. It returns how many there were.
func list(ctx context.Context, target string, visit func(body []byte)) (int, error) {
	connection, err := dial(target, 0)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	count, token := 0, ""
	for {
		body, err := proto.Marshal(&onduty.ListStaffRequest{PageSize: 1000, PageToken: token})
		if err != nil {
			return count, err
		}
		var answer frame
		if err := connection.Invoke(ctx, methodList, &frame{body}, &answer, raw); err != nil {
			return count, err
		}
		fields(answer.b, func(field protowire.Number, content []byte) {
			if field == 1 {
				count++
				visit(content)
			}
		})
		if token = string(only(answer.b, 2)); token == "" {
			return count, nil
		}
	}
}

// snapshotResult is how long it took a new watcher, and a client that lists page by page, to have everybody.
type snapshotResult struct {
	span
	Staff        int     `json:"staff"`
	Chunks       int     `json:"chunks"`
	Bytes        int     `json:"bytes"`
	FirstSeconds float64 `json:"first_seconds"`
	ListStaff    int     `json:"list_staff"`
	ListSeconds  float64 `json:"list_seconds"`
}

// snapshot opens a watch on a connection that is up and reads to the snapshot's last chunk; then it lists.
func snapshot(ctx context.Context, target, tenant string, pid int) (snapshotResult, error) {
	var result snapshotResult
	ctx, cancel := context.WithCancel(inTenant(ctx, tenant))
	defer cancel()
	connection, err := dial(target, 0)
	if err != nil {
		return result, err
	}
	defer connection.Close()
	if err := settle(ctx, connection); err != nil {
		return result, err
	}
	begin, err := read(pid)
	if err != nil {
		return result, err
	}
	if err := result.follow(ctx, connection, begin.at); err != nil {
		return result, err
	}
	end, err := read(pid)
	if err != nil {
		return result, err
	}
	result.span = begin.to(end)
	asked := time.Now()
	result.ListStaff, err = list(ctx, target, func([]byte) {})
	result.ListSeconds = time.Since(asked).Seconds()
	return result, err
}

const (
	watchPosition, watchChunk, watchChanges = 1, 2, 3
	chunkStaff, chunkLast                   = 1, 2
)

func (result *snapshotResult) follow(ctx context.Context, connection connection, begin time.Time) error {
	stream, err := openStream(ctx, connection, methodWatch, nil)
	if err != nil {
		return err
	}
	var told frame
	for {
		if err := stream.RecvMsg(&told); err != nil {
			return err
		}
		if result.Chunks == 0 {
			result.FirstSeconds = time.Since(begin).Seconds()
		}
		chunk := only(told.b, watchChunk)
		if chunk == nil {
			return errors.New("a frame that is no chunk came before the snapshot's end")
		}
		result.Chunks++
		result.Bytes += len(told.b)
		fields(chunk, func(field protowire.Number, _ []byte) {
			if field == chunkStaff {
				result.Staff++
			}
		})
		if number(chunk, chunkLast) != 0 {
			return nil
		}
	}
}
