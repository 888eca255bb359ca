package onduty

// The facts that an outbox holds: what goes out next, what is settled, and how long to wait. It sends nothing and keeps no time.
//
// Of each call only the oldest fact is on the way, so that the facts of a call arrive in the order in which they were given.

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const (
	batchBytes = 1 << 20 // of one request; the server takes four times as much
	// longestFactWait is the longest wait between two attempts: a server that is back hears the first fact within a second.
	longestFactWait = 500 * time.Millisecond
)

// SettledFact is a fact that left an outbox: one of Taken and Err is set.
type SettledFact struct {
	// Event is the fact, with its request id: it can be given to an outbox again, as often as need be.
	Event *ondutyv1.CallEvent
	// Taken is what the service did with it.
	Taken *ondutyv1.ItemTaken
	// Err is why the service refused it, or why it was given up: code CANCELLED when the outbox was closed, DEADLINE_EXCEEDED
	// after Keep.
	Err error
}

// RequestID is the fact's own request id.
func (s SettledFact) RequestID() string { return factOf(s.Event).GetRequestId() }

// fact is what a start and an end have in common.
type fact interface {
	GetCallId() string
	GetRequestId() string
}

func factOf(event *ondutyv1.CallEvent) fact {
	if started := event.GetStarted(); started != nil {
		return started
	}
	return event.GetEnded()
}

// heldFact is a fact that is not settled yet.
type heldFact struct {
	event     *ondutyv1.CallEvent
	size      int
	order     int
	addedAt   time.Time
	lastError error
}

// factQueue is what an outbox holds, by call. It is not safe for concurrent use.
type factQueue struct {
	options OutboxOptions
	backoff backoff

	calls map[string][]*heldFact // of each call the facts that are held, the oldest first; never empty
	turns []string               // the calls, whose turn it is first
	added int

	count     int
	sizeBytes int
	lastError error
	// goesAlone: after a request that was refused as a whole facts go out one by one, so that one bad fact holds up no other.
	goesAlone bool
}

func newFactQueue(options OutboxOptions, initial time.Duration) *factQueue {
	return &factQueue{
		options: options, backoff: backoff{initial: min(initial, longestFactWait), most: longestFactWait}, calls: map[string][]*heldFact{},
	}
}

// add holds a copy of the event and gives its request id; a fact without one gets one.
func (q *factQueue) add(event *ondutyv1.CallEvent, now time.Time) (string, error) {
	if event.GetEvent() == nil {
		return "", localError(codes.InvalidArgument, "", "the event has no fact: set Started or Ended", nil)
	}
	copied := proto.CloneOf(event)
	if factOf(copied).GetRequestId() == "" {
		requestID := uuid.NewString()
		if started := copied.GetStarted(); started != nil {
			started.RequestId = requestID
		} else {
			copied.GetEnded().RequestId = requestID
		}
	}
	held := &heldFact{event: copied, size: proto.Size(copied), order: q.added, addedAt: now}
	if q.count >= q.options.MostFacts || q.sizeBytes+held.size > q.options.MostBytes {
		text := fmt.Sprintf("the outbox is full: it holds %d facts of %d bytes", q.count, q.sizeBytes)
		return "", localError(codes.ResourceExhausted, "", text, nil)
	}
	callID := factOf(copied).GetCallId()
	if len(q.calls[callID]) == 0 {
		q.turns = append(q.turns, callID)
	}
	q.calls[callID] = append(q.calls[callID], held)
	q.added, q.count, q.sizeBytes = q.added+1, q.count+1, q.sizeBytes+held.size
	return factOf(copied).GetRequestId(), nil
}

// batch is what goes out now: the oldest fact of each call, as much as one request holds.
func (q *factQueue) batch() []*heldFact {
	var found []*heldFact
	left := batchBytes
	for _, callID := range q.turns {
		oldest := q.calls[callID][0]
		left -= oldest.size
		if len(found) > 0 && (left < 0 || q.goesAlone || len(found) == mostEvents) {
			break
		}
		found = append(found, oldest)
	}
	return found
}

// answered says which facts of a batch are settled by the answer, and how long to wait before the next request.
func (q *factQueue) answered(batch []*heldFact, results []*ondutyv1.ItemResult) (settled []SettledFact, wait time.Duration) {
	q.goesAlone = false
	var asked time.Duration
	done := map[string]bool{}
	for number, result := range results[:min(len(results), len(batch))] {
		held := batch[number]
		err := itemError(result, factOf(held.event).GetRequestId())
		if err != nil && mayPass(err) {
			q.lastError, held.lastError = err, err
			asked = max(asked, retryAfter(err))
			continue
		}
		done[factOf(held.event).GetCallId()] = true
		settled = append(settled, SettledFact{Event: held.event, Taken: result.GetTaken(), Err: err})
	}
	q.drop(done)
	q.endTurn(batch)
	if len(settled) == len(batch) {
		q.backoff.reset()
		return settled, 0
	}
	return settled, q.backoff.next(asked)
}

// failed says the same where the request failed as a whole; what it took counts as waiting.
func (q *factQueue) failed(batch []*heldFact, err error, took time.Duration) (settled []SettledFact, wait time.Duration) {
	q.lastError = err
	for _, held := range batch {
		held.lastError = err
	}
	switch {
	case mayPass(err):
		return nil, max(0, q.backoff.next(0)-took) + retryAfter(err)
	case len(batch) > 1:
		q.goesAlone = true
		return nil, 0
	}
	q.drop(map[string]bool{factOf(batch[0].event).GetCallId(): true})
	return []SettledFact{{Event: batch[0].event, Err: err}}, 0
}

// expired gives up the facts that have been held for longer than Keep.
func (q *factQueue) expired(now time.Time) []SettledFact {
	var gone []SettledFact
	for _, callID := range append([]string(nil), q.turns...) {
		for len(q.calls[callID]) > 0 && now.Sub(q.calls[callID][0].addedAt) > q.options.Keep {
			held := q.calls[callID][0]
			text := fmt.Sprintf("not taken within %v; the last attempt: %v", q.options.Keep, held.lastError)
			gone = append(gone, givenUp(held, codes.DeadlineExceeded, text))
			q.drop(map[string]bool{callID: true})
		}
	}
	return gone
}

// giveUp gives up everything, in the order in which it was given.
func (q *factQueue) giveUp() []SettledFact {
	inOrder := make([]*heldFact, q.added)
	for _, facts := range q.calls {
		for _, held := range facts {
			inOrder[held.order] = held
		}
	}
	var left []SettledFact
	for _, held := range inOrder {
		if held != nil {
			left = append(left, givenUp(held, codes.Canceled, "the outbox was closed"))
		}
	}
	q.calls, q.turns, q.count, q.sizeBytes = map[string][]*heldFact{}, nil, 0, 0
	return left
}

func givenUp(held *heldFact, code codes.Code, text string) SettledFact {
	err := localError(code, "", text, nil)
	var root *OndutyError
	if errors.As(err, &root) {
		root.RequestID = factOf(held.event).GetRequestId()
	}
	return SettledFact{Event: held.event, Err: err}
}

// drop takes the oldest fact of these calls out.
func (q *factQueue) drop(callIDs map[string]bool) {
	isEmpty := false
	for callID := range callIDs {
		facts := q.calls[callID]
		q.count, q.sizeBytes = q.count-1, q.sizeBytes-facts[0].size
		if len(facts) == 1 {
			delete(q.calls, callID)
			isEmpty = true
			continue
		}
		q.calls[callID] = facts[1:]
	}
	if isEmpty {
		q.keepTurns(func(string) bool { return true })
	}
}

// endTurn puts the calls of the batch behind the others.
func (q *factQueue) endTurn(batch []*heldFact) {
	had := make(map[string]bool, len(batch))
	for _, held := range batch {
		had[factOf(held.event).GetCallId()] = true
	}
	before := q.turns
	q.keepTurns(func(callID string) bool { return !had[callID] })
	for _, callID := range before {
		if had[callID] && len(q.calls[callID]) > 0 {
			q.turns = append(q.turns, callID)
		}
	}
}

// keepTurns leaves the calls that have facts and that the caller keeps.
func (q *factQueue) keepTurns(keep func(callID string) bool) {
	var kept []string
	for _, callID := range q.turns {
		if len(q.calls[callID]) > 0 && keep(callID) {
			kept = append(kept, callID)
		}
	}
	q.turns = kept
}

// mayPass says whether the same fact may be taken later: all but what the service itself says for good of the fact.
func mayPass(err error) bool {
	var root *OndutyError
	if !errors.As(err, &root) || root.Reason == "" || root.Reason == "UNAUTHENTICATED" {
		return true
	}
	switch err.(type) {
	case *OndutyError, *UnavailableError, *OverloadedError, *TimedOutError, *InternalError:
		return true
	}
	return false
}
