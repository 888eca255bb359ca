package onduty

import (
	"errors"
	"testing"
	"time"

	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func factOfCall(callID string) *ondutyv1.CallEvent {
	return &ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Started{
		Started: &ondutyv1.ReportCallStartedRequest{StaffId: "ana", CallId: callID},
	}}
}

func endOfCall(callID string) *ondutyv1.CallEvent {
	return &ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Ended{
		Ended: &ondutyv1.ReportCallEndedRequest{StaffId: "ana", CallId: callID},
	}}
}

func newQueue(t *testing.T, options OutboxOptions, events ...*ondutyv1.CallEvent) *factQueue {
	t.Helper()
	complete, err := options.complete()
	if err != nil {
		t.Fatal(err)
	}
	queue := newFactQueue(complete, 200*time.Millisecond)
	for _, event := range events {
		if _, err := queue.add(event, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	return queue
}

func goingOut(queue *factQueue) string {
	told := ""
	for _, held := range queue.batch() {
		if held.event.GetEnded() != nil {
			told += "-"
		}
		told += factOf(held.event).GetCallId()
	}
	return told
}

func answers(codesOrOK ...codes.Code) []*ondutyv1.ItemResult {
	var results []*ondutyv1.ItemResult
	for _, code := range codesOrOK {
		result := &ondutyv1.ItemResult{Result: &ondutyv1.ItemResult_Taken{Taken: &ondutyv1.ItemTaken{}}}
		if code != codes.OK {
			result = &ondutyv1.ItemResult{Result: &ondutyv1.ItemResult_Error{Error: &rpcstatus.Status{Code: int32(code)}}}
		}
		results = append(results, result)
	}
	return results
}

// Of a call only the oldest fact is on the way; other calls do not wait for it.
func TestFactsOfACallGoOutInOrder(t *testing.T) {
	queue := newQueue(t, OutboxOptions{}, factOfCall("a"), endOfCall("a"), factOfCall("b"))
	for _, step := range []struct {
		goes  string
		comes []*ondutyv1.ItemResult
	}{
		{"ab", answers(codes.Unavailable, codes.OK)}, {"a", answers(codes.OK)}, {"-a", answers(codes.OK)}, {"", nil},
	} {
		if got := goingOut(queue); got != step.goes {
			t.Fatalf("%q goes out, not %q", got, step.goes)
		}
		queue.answered(queue.batch(), step.comes)
	}
	if queue.count != 0 || queue.sizeBytes != 0 {
		t.Errorf("%d facts of %d bytes are left", queue.count, queue.sizeBytes)
	}
}

// A fact is repeated with the same request id, and the caller's message is left as it is.
func TestRepeatedFactKeepsItsRequestID(t *testing.T) {
	event := factOfCall("a")
	queue := newQueue(t, OutboxOptions{}, event)
	first := factOf(queue.batch()[0].event).GetRequestId()
	queue.failed(queue.batch(), localError(codes.Unavailable, "", "gone", nil), 0)
	if again := factOf(queue.batch()[0].event).GetRequestId(); first == "" || again != first || event.GetStarted().GetRequestId() != "" {
		t.Errorf("%q, then %q", first, again)
	}
}

// A full outbox refuses, by count and by bytes.
func TestFullOutboxRefuses(t *testing.T) {
	for _, options := range []OutboxOptions{{MostFacts: 1}, {MostBytes: 80}} {
		queue := newQueue(t, options, factOfCall("a"))
		_, err := queue.add(factOfCall("b"), time.Time{})
		var full *OverloadedError
		if !errors.As(err, &full) || full.Reason != "" {
			t.Errorf("got %v", err)
		}
		queue.answered(queue.batch(), answers(codes.OK))
		if _, err := queue.add(factOfCall("b"), time.Time{}); err != nil {
			t.Error(err)
		}
	}
}

// A fact is given up only for what the service itself says of it.
func TestStrayStatusKeepsAFact(t *testing.T) {
	for _, one := range []struct {
		code   codes.Code
		reason string
		stays  bool
	}{
		{codes.Unavailable, "", true},
		{codes.Unimplemented, "", true},
		{codes.PermissionDenied, "", true},
		{codes.InvalidArgument, "", true},
		{codes.Unauthenticated, "UNAUTHENTICATED", true},
		{codes.Unavailable, "JOURNAL_UNAVAILABLE", true},
		{codes.ResourceExhausted, "NEVER_HEARD_OF", true},
		{codes.Aborted, "NEVER_HEARD_OF", true},
		{codes.NotFound, "STAFF_UNKNOWN", false},
		{codes.FailedPrecondition, "NEVER_HEARD_OF", false},
		{codes.InvalidArgument, "INVALID_FIELD", false},
	} {
		if got := mayPass(localError(one.code, one.reason, "no", nil)); got != one.stays {
			t.Errorf("%v %q: stays %v", one.code, one.reason, got)
		}
	}
}

// Where a request is refused as a whole its facts go out one by one, and the bad one alone is told.
func TestOneBadFactHoldsUpNoOther(t *testing.T) {
	queue := newQueue(t, OutboxOptions{}, factOfCall("a"), factOfCall("b"))
	tooLarge := localError(codes.ResourceExhausted, "REQUEST_TOO_LARGE", "large", nil)
	if settled, wait := queue.failed(queue.batch(), tooLarge, 0); len(settled) != 0 || wait != 0 {
		t.Fatalf("%v after %v", settled, wait)
	}
	settled, _ := queue.failed(queue.batch(), tooLarge, 0)
	if len(settled) != 1 || factOf(settled[0].Event).GetCallId() != "a" || settled[0].Err != tooLarge || goingOut(queue) != "b" {
		t.Errorf("%v, then %q", settled, goingOut(queue))
	}
}

// What was not taken for too long is told; what is younger stays.
func TestFactIsGivenUpInTheEnd(t *testing.T) {
	queue := newQueue(t, OutboxOptions{Keep: 10 * time.Second})
	for number, callID := range []string{"a", "b"} {
		if _, err := queue.add(factOfCall(callID), time.Unix(int64(5*number), 0)); err != nil {
			t.Fatal(err)
		}
	}
	gone := queue.expired(time.Unix(11, 0))
	var late *TimedOutError
	if len(gone) != 1 || !errors.As(gone[0].Err, &late) || late.RequestID != gone[0].RequestID() || queue.count != 1 {
		t.Errorf("got %v", gone)
	}
}

// What is left at the end is told in the order in which it was given.
func TestWhatIsLeftIsInOrder(t *testing.T) {
	queue := newQueue(t, OutboxOptions{}, factOfCall("a"), factOfCall("b"), endOfCall("a"))
	told := ""
	for _, one := range queue.giveUp() {
		told += factOf(one.Event).GetCallId()
	}
	if told != "aba" || queue.count != 0 {
		t.Errorf("%q is told", told)
	}
}

// A server that is back hears of it within a second, however long it was away.
func TestWaitsOfFactsStayShort(t *testing.T) {
	queue := newQueue(t, OutboxOptions{}, factOfCall("a"))
	lost := localError(codes.Unavailable, "", "gone", nil)
	for range 20 {
		if _, wait := queue.failed(queue.batch(), lost, 0); wait <= 0 || wait > longestFactWait {
			t.Errorf("waits %v", wait)
		}
	}
	if _, wait := queue.failed(queue.batch(), lost, 5*time.Second); wait != 0 {
		t.Errorf("waits %v after a long attempt", wait)
	}
}
