package onduty_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

func newOutbox(t *testing.T, connection *onduty.Connection, options onduty.OutboxOptions) *onduty.Outbox {
	t.Helper()
	outbox, err := onduty.NewRouterClient(connection).Outbox(options)
	if err != nil {
		t.Fatal(err)
	}
	return outbox
}

func staffOf(t *testing.T, connection *onduty.Connection, staffID string) *ondutyv1.Staff {
	t.Helper()
	answer, err := ondutyv1.NewWorkspaceServiceClient(connection).GetStaff(soon(t), &ondutyv1.GetStaffRequest{StaffId: staffID})
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetStaff()
}

// Facts are taken and told, in the order given; a refused one is told and holds up no other.
func TestFactsAreTakenAndTold(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	told := make(chan onduty.SettledFact, 10)
	outbox := newOutbox(t, connection, onduty.OutboxOptions{OnSettled: func(one onduty.SettledFact) { told <- one }})
	fact := onduty.CallFact{StaffID: "kim", CallID: "c-1"}
	_, err1 := outbox.CallStarted(onduty.CallFact{StaffID: "nobody", CallID: "c-0"})
	id, err2 := outbox.CallStarted(fact)
	mine, err3 := outbox.CallEnded(fact, onduty.WithRequestID("mine"))
	if err := errors.Join(err1, err2, err3, outbox.Flush(soon(t))); err != nil {
		t.Fatal(err)
	}
	var unknown *onduty.NotFoundError
	if refused := <-told; !errors.As(refused.Err, &unknown) {
		t.Errorf("got %v", refused)
	}
	for _, wanted := range []string{id, mine} {
		if one := <-told; one.RequestID() != wanted || one.Taken.GetOutcome() != ondutyv1.FactOutcome_FACT_OUTCOME_APPLIED {
			t.Errorf("got %v, not %s", one, wanted)
		}
	}
}

// Facts that are given while the server is away are taken once, in order, when it is back: nobody is left in a call.
func TestFactsOutliveAnOutage(t *testing.T) {
	server := realserver.Start(t)
	connection := connect(t, onduty.Options{Target: server.Address, CallTimeout: time.Second})
	outbox := newOutbox(t, connection, onduty.OutboxOptions{})
	var people []string
	for number := range 5 {
		people = append(people, fmt.Sprint("staff-", number))
	}
	create(t, connection, people...)
	give := func(one func(onduty.CallFact, ...onduty.CallOption) (string, error)) {
		t.Helper()
		for _, staffID := range people {
			if _, err := one(onduty.CallFact{StaffID: staffID, CallID: "c-" + staffID}); err != nil {
				t.Fatal(err)
			}
		}
	}
	give(outbox.CallStarted)
	server.Stop(t)
	give(outbox.CallEnded)
	becomes(t, "an attempt has failed", func() bool { return outbox.LastError() != nil })
	server.Resume(t)
	if err := outbox.Flush(soon(t)); err != nil {
		t.Fatal(err)
	}
	for _, staffID := range people {
		if staff := staffOf(t, connection, staffID); staff.GetStatus() == ondutyv1.Status_STATUS_IN_LINE || staff.GetRevision() < 3 {
			t.Errorf("%v", staff)
		}
	}
}

// What is left at the end is given back and told; another outbox delivers it under the same request id.
func TestWhatIsLeftIsGivenBack(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	told := make(chan onduty.SettledFact, 1)
	away := connect(t, onduty.Options{Target: "127.0.0.1:1"})
	outbox := newOutbox(t, away, onduty.OutboxOptions{OnSettled: func(one onduty.SettledFact) { told <- one }})
	id, err := outbox.CallStarted(onduty.CallFact{StaffID: "kim", CallID: "c-1"})
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	left := outbox.Close(ended)
	var root *onduty.OndutyError
	if one := <-told; len(left) != 1 || one.RequestID() != id || !errors.As(one.Err, &root) || root.Code != "CANCELLED" {
		t.Fatalf("%v is left, %v told", left, one)
	}
	if _, err := outbox.Add(left[0]); err == nil {
		t.Error("a closed outbox takes a fact")
	}
	second := newOutbox(t, connection, onduty.OutboxOptions{})
	again, err := second.Add(left[0])
	if err := errors.Join(err, second.Flush(soon(t))); err != nil || again != id {
		t.Fatal(again, err)
	}
	if staff := staffOf(t, connection, "kim"); staff.GetStatus() != ondutyv1.Status_STATUS_IN_LINE {
		t.Errorf("%v", staff)
	}
}

// The end of a connection delivers first what was given just before it.
func TestEndOfAConnectionDeliversFirst(t *testing.T) {
	server := realserver.Start(t)
	connection, closing := connect(t, onduty.Options{Target: server.Address}), connect(t, onduty.Options{Target: server.Address})
	create(t, connection, "kim")
	if _, err := newOutbox(t, closing, onduty.OutboxOptions{}).CallStarted(onduty.CallFact{StaffID: "kim", CallID: "c-1"}); err != nil {
		t.Fatal(err)
	}
	if err := closing.Close(); err != nil {
		t.Fatal(err)
	}
	if staff := staffOf(t, connection, "kim"); staff.GetStatus() != ondutyv1.Status_STATUS_IN_LINE {
		t.Errorf("%v", staff)
	}
}

// Facts that are reported by hand wait for a server that is not reached, unless they are to fail fast; claims do not wait.
func TestFactsWaitForTheServerAndClaimsDoNot(t *testing.T) {
	fact := onduty.CallFact{StaffID: "kim", CallID: "c-1"}
	away := onduty.NewRouterClient(connect(t, onduty.Options{Target: "127.0.0.1:1", CallTimeout: 3 * time.Second}))
	_, err := away.CallStarted(t.Context(), fact)
	var late *onduty.TimedOutError
	if !errors.As(err, &late) {
		t.Errorf("a fact: %v", err)
	}
	_, err = away.Claim(t.Context(), "c-1", "kim", onduty.ClaimTerms{})
	wantUnavailable(t, err)
	quick := connect(t, onduty.Options{Target: "127.0.0.1:1", CallTimeout: 3 * time.Second, FactsFailFast: true})
	_, err = onduty.NewRouterClient(quick).CallEnded(t.Context(), fact)
	wantUnavailable(t, err)
}

// A handler may close everything; nothing waits for itself.
func TestHandlerMayCloseTheConnection(t *testing.T) {
	server := realserver.Start(t)
	for name, begin := range map[string]func(*onduty.Connection, func()) error{
		"outbox": func(connection *onduty.Connection, end func()) error {
			outbox, err := onduty.NewRouterClient(connection).Outbox(onduty.OutboxOptions{OnSettled: func(onduty.SettledFact) { end() }})
			if err != nil {
				return err
			}
			_, err = outbox.CallStarted(onduty.CallFact{StaffID: "nobody", CallID: "c-1"})
			return err
		},
		"floor": func(connection *onduty.Connection, end func()) error {
			floor, err := onduty.NewRouterClient(connection).Floor(nil, onduty.FloorOptions{})
			if err != nil {
				return err
			}
			floor.OnState(func(onduty.FloorState) { end() })
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			connection := connect(t, onduty.Options{Target: server.Address})
			done := make(chan error, 1)
			if err := begin(connection, func() {
				select {
				case done <- connection.Close():
				default: // it was told once more
				}
			}); err != nil {
				t.Fatal(err)
			}
			if err := next(t, done); err != nil {
				t.Error(err)
			}
			if err := connection.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
