package onduty_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// A revision that no longer holds is a mismatch, with the present state.
func TestExpectedRevisionGuards(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	fact := onduty.CallFact{StaffID: "kim", CallID: "c-1", Source: "pbx", OccurredAt: time.Now()}
	_, err := onduty.NewRouterClient(connection).CallStarted(soon(t), fact, onduty.WithExpectedRevision(1<<40))
	var mismatch *onduty.RevisionMismatchError
	if !errors.As(err, &mismatch) || mismatch.ExpectedRevision == nil || *mismatch.ExpectedRevision != 1<<40 || mismatch.Current.GetStaffId() != "kim" {
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
			id := fmt.Sprintf("s-%d-%04d", page, number)
			request.Requests = append(request.Requests, &ondutyv1.CreateStaffRequest{StaffId: id})
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
