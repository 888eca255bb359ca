package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
)

// redisSystem sets a key and publishes the value in one MULTI. With appendfsync always neither the answer nor the message
// leaves Redis before the write is synced. Watchers subscribe to the one channel.
type redisSystem struct {
	plan    fanoutPlan
	writers chan *redisWriter
}

const redisChannel = "changes"

// redisWriter is one connection; commands and answers take turns on it.
type redisWriter struct {
	line   net.Conn
	reader *bufio.Reader
}

func openRedis(ctx context.Context, plan fanoutPlan) (*redisSystem, error) {
	made := &redisSystem{plan, make(chan *redisWriter, plan.writers)}
	for range plan.writers {
		line, err := (&net.Dialer{}).DialContext(ctx, "tcp", plan.target)
		if err != nil {
			made.close()
			return nil, err
		}
		made.writers <- &redisWriter{line, bufio.NewReader(line)}
	}
	return made, nil
}

func (r *redisSystem) close() {
	for {
		select {
		case one := <-r.writers:
			one.line.Close()
		default:
			return
		}
	}
}

func (r *redisSystem) write(_ context.Context, first uint64, count int) error {
	one := <-r.writers
	defer func() { r.writers <- one }()
	request := redisCommand(nil, "MULTI")
	for sequence := first; sequence < first+uint64(count); sequence++ {
		payload := string(payloadOf(sequence, r.plan.payload))
		request = redisCommand(request, "SET", keyOf(sequence, r.plan.staff), payload)
		request = redisCommand(request, "PUBLISH", redisChannel, payload)
	}
	if _, err := one.line.Write(redisCommand(request, "EXEC")); err != nil {
		return err
	}
	for range 2 + 2*count {
		if err := redisReply(one.reader); err != nil {
			return err
		}
	}
	return nil
}

func (r *redisSystem) watch(ctx context.Context, ready func(), to *watcher) error {
	line, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.plan.target)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { line.Close() })
	defer stop()
	defer line.Close()
	reader := bufio.NewReaderSize(line, 256*1024)
	if _, err := line.Write(redisCommand(nil, "SUBSCRIBE", redisChannel)); err != nil {
		return err
	}
	if err := redisReply(reader); err != nil {
		return err
	}
	ready()
	head := fmt.Appendf(nil, "*3\r\n$7\r\nmessage\r\n$%d\r\n%s\r\n$%d\r\n", len(redisChannel), redisChannel, r.plan.payload)
	return redisMessages(reader, head, len(head)+r.plan.payload+2, to)
}

// redisMessages reads messages, all of one length and with one head, and tells of those that came together as one frame.
func redisMessages(reader *bufio.Reader, head []byte, length int, to *watcher) error {
	var sampled []uint64
	for {
		if _, err := reader.Peek(length); err != nil {
			return err
		}
		count := reader.Buffered() / length
		block, err := reader.Peek(count * length)
		if err != nil {
			return err
		}
		sampled = sampled[:0]
		for n := range count {
			message := block[n*length : (n+1)*length]
			if !bytes.HasPrefix(message, head) {
				return fmt.Errorf("redis sent %q", message[:len(head)])
			}
			if to.wants(n) {
				if sequence, ok := parseSequence(message[len(head):]); ok {
					sampled = append(sampled, sequence)
				}
			}
		}
		to.saw(count, count*length, sampled)
		if _, err := reader.Discard(count * length); err != nil {
			return err
		}
	}
}

func redisCommand(to []byte, words ...string) []byte {
	to = fmt.Appendf(to, "*%d\r\n", len(words))
	for _, word := range words {
		to = append(strconv.AppendInt(append(to, '$'), int64(len(word)), 10), '\r', '\n')
		to = append(append(to, word...), '\r', '\n')
	}
	return to
}

// redisReply reads one reply of any kind and passes it over, unless it is an error.
func redisReply(reader *bufio.Reader) error {
	line, err := reader.ReadSlice('\n')
	if err != nil {
		return err
	}
	line = bytes.TrimRight(line, "\r\n")
	if len(line) == 0 {
		return errors.New("redis sent an empty line")
	}
	switch line[0] {
	case '+', ':':
		return nil
	case '-':
		return fmt.Errorf("redis: %s", line[1:])
	}
	length, err := strconv.Atoi(string(line[1:]))
	if err != nil || length < 0 {
		return fmt.Errorf("redis sent %q", line)
	}
	if line[0] == '$' {
		_, err = reader.Discard(length + 2)
		return err
	}
	for range length {
		if err := redisReply(reader); err != nil {
			return err
		}
	}
	return nil
}
