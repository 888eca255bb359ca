package main

import (
	"bufio"
	"bytes"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client/gen/onduty/v1"
)

// A change's number is found in the bytes of a frame where the contract's own code has put it.
func TestTheNumberOfAChangeIsFoundInAFrame(t *testing.T) {
	id := string(appendSequence(nil, 42)) + "-run"
	body, err := proto.Marshal(&onduty.WatchStaffResponse{Event: &onduty.WatchStaffResponse_Changes{Changes: &onduty.Changes{
		Changes: []*onduty.StaffChange{{Staff: &onduty.Staff{StaffId: "ana"}, Transition: &onduty.Transition{RequestId: id}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	element := only(only(body, watchChanges), changesElement)
	sequence, ok := parseSequence(only(only(element, changeTransition), transitionRequestID))
	if !ok || sequence != 42 {
		t.Fatalf("found %d, %t", sequence, ok)
	}
}

// The last chunk of a snapshot is told by its flag.
func TestTheLastChunkIsKnown(t *testing.T) {
	chunk := &onduty.SnapshotChunk{Staff: []*onduty.Staff{{StaffId: "ana"}}, Last: true}
	body, err := proto.Marshal(&onduty.WatchStaffResponse{Event: &onduty.WatchStaffResponse_SnapshotChunk{SnapshotChunk: chunk}})
	if err != nil {
		t.Fatal(err)
	}
	if number(only(body, watchChunk), chunkLast) != 1 {
		t.Fatal("the flag was not seen")
	}
}

// Text that does not begin with a number of the right length has none.
func TestForeignTextHasNoNumber(t *testing.T) {
	for _, text := range []string{"", "12", "00000000x042"} {
		if _, ok := parseSequence([]byte(text)); ok {
			t.Errorf("%q has one", text)
		}
	}
}

// Quantiles are of the nearest rank, in milliseconds.
func TestQuantilesAreOfTheNearestRank(t *testing.T) {
	nanos := make([]int64, 0, 100)
	for n := int64(100); n > 0; n-- {
		nanos = append(nanos, n*1_000_000)
	}
	if got := summarize(nanos); got != (quantiles{100, 50, 90, 99, 100}) {
		t.Fatalf("got %+v", got)
	}
	if got := summarize(nil); got != (quantiles{}) {
		t.Fatalf("of none: %+v", got)
	}
}

// The clock of a process goes on while it works, and that of one that is gone is a failure.
func TestTheClockOfAProcessIsRead(t *testing.T) {
	before, err := cpuSeconds(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for after == before {
		if after, err = cpuSeconds(os.Getpid()); err != nil {
			t.Fatal(err)
		}
	}
	if after < before {
		t.Fatalf("%v after %v", after, before)
	}
	if _, err := cpuSeconds(1 << 22); err == nil {
		t.Fatal("a process that is not there has a clock")
	}
}

// Each request of a row of facts changes something: a call that starts ends when it is the person's turn again.
func TestCallsStartAndEndByTurns(t *testing.T) {
	started, ended := callEvent("run", 3, 10, "").GetStarted(), callEvent("run", 13, 10, "").GetEnded()
	if started == nil || ended == nil || started.CallId != ended.CallId || started.StaffId != ended.StaffId {
		t.Fatalf("started %v, ended %v", started, ended)
	}
}

// Changes are due in whole requests.
func TestOnlyWholeRequestsAreDue(t *testing.T) {
	plan := fanoutPlan{rate: 3000, batch: 100}
	if got := plan.changes(50_000_000); got != 100 {
		t.Fatalf("got %d", got)
	}
}

// A nested reply of Redis is one reply, and an error in it is an error.
func TestRedisRepliesAreReadWhole(t *testing.T) {
	reader := bufio.NewReader(strings.NewReader("*3\r\n+OK\r\n:1\r\n$2\r\nok\r\n-ERR no\r\n"))
	if err := redisReply(reader); err != nil {
		t.Fatal(err)
	}
	if err := redisReply(reader); err == nil {
		t.Fatal("the error was passed over")
	}
}

// A command is as Redis reads it.
func TestRedisCommandsAreWellFormed(t *testing.T) {
	if got := redisCommand(nil, "GET", "a"); !bytes.Equal(got, []byte("*2\r\n$3\r\nGET\r\n$1\r\na\r\n")) {
		t.Fatalf("%q", got)
	}
}
