package onduty_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// Of many routers that claim the same person at once one wins, and the others are told who won it from them.
func TestClaimRaceHasOneWinner(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	signIn(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	const routers = 20
	outcomes := make(chan error, routers)
	var racing sync.WaitGroup
	for number := range routers {
		racing.Add(1)
		go func() {
			defer racing.Done()
			_, err := router.Claim(soon(t), onduty.ClaimParams{CallID: fmt.Sprint("c-", number), StaffID: "kim", TTL: lasting})
			outcomes <- err
		}()
	}
	racing.Wait()
	won := 0
	for range routers {
		err := <-outcomes
		var refused *onduty.RefusedError
		switch {
		case err == nil:
			won++
		case !errors.As(err, &refused) || refused.Reason != "STAFF_NOT_ASSIGNABLE" || refused.Current.GetOffer() == nil:
			t.Errorf("refused with %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

// A claim on a group in which nobody is free says how the group stands.
func TestClaimOnABusyGroupTellsTheCounts(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	_, err := onduty.NewRouterClient(connection).Claim(soon(t), onduty.ClaimParams{CallID: "c-1", SkillGroup: "sales"})
	var nobody *onduty.NobodyAvailableError
	if !errors.As(err, &nobody) || nobody.SkillGroup != "sales" || len(nobody.Counts) != 1 || nobody.Counts[0].GetCount() != 2 {
		t.Errorf("got %+v", err)
	}
}

// A claim is for one target: both are refused by the client, none by the service.
func TestClaimNeedsOneTarget(t *testing.T) {
	router := onduty.NewRouterClient(connected(t))
	var invalid *onduty.InvalidRequestError
	if _, err := router.Claim(soon(t), onduty.ClaimParams{CallID: "c", StaffID: "kim", SkillGroup: "sales"}); !errors.As(err, &invalid) {
		t.Errorf("both: %v", err)
	}
	if _, err := router.Claim(soon(t), onduty.ClaimParams{CallID: "c"}); !errors.As(err, &invalid) || len(invalid.Violations) == 0 {
		t.Errorf("none: %v", err)
	}
}

// The same request id gives the same claim again, and a withdrawn one changes nothing twice.
func TestClaimAndWithdrawAreIdempotent(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	signIn(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	claim := func() *ondutyv1.ClaimStaffResponse {
		made, err := router.Claim(soon(t), onduty.ClaimParams{CallID: "c-1", SkillGroup: "sales", TTL: lasting},
			onduty.WithRequestID("claim-1"))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	first, again := claim(), claim()
	if first.GetReplayed() || !again.GetReplayed() || first.GetClaimId() != again.GetClaimId() {
		t.Errorf("first %v, again %v", first, again)
	}
	for _, applied := range []bool{true, false} {
		if got, err := router.Withdraw(soon(t), first.GetClaimId()); err != nil || got.GetApplied() != applied {
			t.Errorf("withdrew: %v, %v", got, err)
		}
	}
}

// A revision that no longer holds is a mismatch, with the present state.
func TestExpectedRevisionGuards(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	fact := onduty.CallFact{StaffID: "kim", CallID: "c-1", Source: "pbx", OccurredAt: time.Now()}
	_, err := onduty.NewRouterClient(connection).CallStarted(soon(t), fact, onduty.WithExpectedRevision(1<<40))
	var mismatch *onduty.RevisionMismatchError
	if !errors.As(err, &mismatch) || mismatch.ExpectedRevision != 1<<40 || mismatch.Current.GetStaffId() != "kim" {
		t.Errorf("got %+v", err)
	}
}

func started(staffID, callID string) *ondutyv1.CallEvent {
	return &ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Started{
		Started: &ondutyv1.ReportCallStartedRequest{StaffId: staffID, CallId: callID, Source: "pbx"},
	}}
}

func ended(staffID, callID string) *ondutyv1.CallEvent {
	return &ondutyv1.CallEvent{Event: &ondutyv1.CallEvent_Ended{
		Ended: &ondutyv1.ReportCallEndedRequest{StaffId: staffID, CallId: callID, Source: "pbx"},
	}}
}

// More than 1,000 facts go out in several requests; each has its result, in order, and repeating the report changes nothing.
func TestReportTakesMoreThanOneRequestHolds(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	var events []*ondutyv1.CallEvent
	for number := range 600 {
		call := fmt.Sprint("c-", number)
		events = append(events, started("kim", call), ended("kim", call))
	}
	events[1150] = started("nobody", "c-x")
	router := onduty.NewRouterClient(connection)
	for _, replayed := range []bool{false, true} {
		report, err := router.Report(soon(t), events, onduty.WithRequestID("day-1"))
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Results) != len(events) || report.Position == "" {
			t.Fatalf("%d results at %q", len(report.Results), report.Position)
		}
		for number, one := range report.Results {
			if number != 1150 && (one.Err != nil || one.Taken.GetReplayed() != replayed) {
				t.Errorf("event %d: %v, %v", number, one.Taken, one.Err)
			}
		}
		var unknown *onduty.NotFoundError
		if err := report.Results[1150].Err; !errors.As(err, &unknown) || unknown.Reason != "STAFF_UNKNOWN" ||
			unknown.RequestID != "day-1/2" {
			t.Errorf("the bad one: %v", err)
		}
	}
}

// A report of nothing is refused as the service refuses it.
func TestReportOfNothingIsRefused(t *testing.T) {
	var invalid *onduty.InvalidRequestError
	report, err := onduty.NewRouterClient(connected(t)).Report(soon(t), nil)
	if !errors.As(err, &invalid) || len(report.Results) != 0 {
		t.Errorf("got %v, %v", report, err)
	}
}

// Reconciling ends the calls that the source no longer has, and starts the missing ones.
func TestReconcileEndsAndStarts(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	router := onduty.NewRouterClient(connection)
	if _, err := router.CallStarted(soon(t), onduty.CallFact{StaffID: "kim", CallID: "old", Source: "pbx"}); err != nil {
		t.Fatal(err)
	}
	got, err := router.Reconcile(soon(t), "pbx", []*ondutyv1.SourceCall{{StaffId: "lea", CallId: "new"}})
	if err != nil || len(got.GetEnded()) != 1 || len(got.GetStarted()) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}

// Everybody is listed, over as many pages as it takes, with a position that shows what was written before.
func TestListGoesOverAllPages(t *testing.T) {
	connection := connected(t)
	admin := ondutyv1.NewAdminServiceClient(connection)
	const pages, size = 3, 900
	var position string
	for page := range pages {
		request := &ondutyv1.BatchCreateStaffRequest{}
		for number := range size {
			staff := &ondutyv1.Staff{StaffId: fmt.Sprintf("s-%d-%04d", page, number)}
			request.Requests = append(request.Requests, &ondutyv1.CreateStaffRequest{Staff: staff})
		}
		made, err := admin.BatchCreateStaff(soon(t), request)
		if err != nil {
			t.Fatal(err)
		}
		position = made.GetPosition()
	}
	list, err := onduty.NewRouterClient(connection).ListStaff(soon(t), nil, position)
	if err != nil || len(list.Staff) != pages*size || list.Position == "" {
		t.Fatalf("%d listed at %q: %v", len(list.Staff), list.Position, err)
	}
	for number, one := range list.Staff[1:] {
		if one.GetStaffId() <= list.Staff[number].GetStaffId() {
			t.Fatalf("%s comes after %s", one.GetStaffId(), list.Staff[number].GetStaffId())
		}
	}
}
