package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

// play gives a driver all lines at once and gathers what it wrote, answers by id and events in order.
func play(t *testing.T, lines ...string) (answers map[float64]map[string]any, events []map[string]any) {
	t.Helper()
	var written bytes.Buffer
	if err := newDriver(&written).serve(strings.NewReader(strings.Join(lines, "\n"))); err != nil {
		t.Fatal(err)
	}
	answers = map[float64]map[string]any{}
	for line := range strings.Lines(written.String()) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if id, answered := one["id"].(float64); answered {
			answers[id] = one
		} else {
			events = append(events, one)
		}
	}
	return answers, events
}

func wantKind(t *testing.T, answer map[string]any, kind string) {
	t.Helper()
	failed, _ := answer["error"].(map[string]any)
	if failed["kind"] != kind {
		t.Errorf("answered %v, want the kind %s", answer, kind)
	}
}

// The driver says who it is, and maps every reason of the enum.
func TestDriverSaysWhoItIsAndWhatErrorsItMaps(t *testing.T) {
	answers, _ := play(t, `{"id": 1, "do": "hello"}`, `{"id": 2, "do": "errors.table"}`)
	hello, _ := answers[1]["ok"].(map[string]any)
	if hello["language"] != "go" {
		t.Errorf("hello: %v", answers[1])
	}
	table, _ := answers[2]["ok"].(map[string]any)
	reasons, _ := table["reasons"].(map[string]any)
	if len(reasons) != len(ondutyv1.ErrorReason_name)-1 || reasons["OFFER_GONE"] != "RefusedError" {
		t.Errorf("the table is %v", reasons)
	}
}

// What the driver cannot carry out is an error of its own, and harms nothing.
func TestDriverRefusesWhatItCannotDo(t *testing.T) {
	answers, _ := play(t,
		`{"id": 1, "do": "dance"}`,
		`{"id": 2, "do": "call", "connection": "none", "method": "RouterService/ListStaff"}`,
		`{"id": 3, "do": "connect", "name": "a", "options": {"target": "nowhere"}}`,
		`{"id": 4, "do": "connect", "name": "a", "options": {"target": "127.0.0.1:1", "trust_limit": 0}}`,
		`{"id": 5, "do": "connect", "name": "a", "options": {"target": "127.0.0.1:1"}}`,
		`{"id": 6, "do": "call", "connection": "a", "method": "RouterService/Dance"}`,
		`{"id": 7, "do": "call", "connection": "a", "method": "RouterService/ListStaff", "request": {"colour": "red"}}`,
	)
	for _, id := range []float64{1, 2, 3, 4, 6, 7} {
		wantKind(t, answers[id], "DriverError")
	}
	if answers[5]["ok"] == nil {
		t.Errorf("connecting: %v", answers[5])
	}
}

// Whatever is open at the end of input is closed, and every request is answered.
func TestDriverClosesEverythingAtTheEnd(t *testing.T) {
	address, tenant := realserver.Shared(t)
	connect, _ := json.Marshal(map[string]any{
		"id": 1, "do": "connect", "name": "a", "options": map[string]any{"target": address, "tenant": tenant},
	})
	answers, events := play(t, string(connect),
		`{"id": 2, "do": "floor.open", "connection": "a", "floor": "f"}`,
		`{"id": 3, "do": "stream.open", "connection": "a", "stream": "s", "method": "RouterService/WatchStaff"}`,
		`{"id": 4, "do": "workspace.open", "connection": "a", "workspace": "w", "staff_id": "kim"}`,
		`{"id": 5, "do": "workspace.wait", "workspace": "w"}`,
	)
	for id := float64(1); id <= 4; id++ {
		if answers[id]["ok"] == nil {
			t.Errorf("answered %v", answers[id])
		}
	}
	if answers[5]["error"] == nil { // there is no kim, or it was detached first
		t.Errorf("answered %v", answers[5])
	}
	ends := 0
	for _, one := range events {
		if one["event"] == "end" || one["event"] == "floor_state" && one["state"] == "CLOSED" {
			ends++
		}
	}
	if ends != 2 {
		t.Errorf("the events were %v", events)
	}
}
