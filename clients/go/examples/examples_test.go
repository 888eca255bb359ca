package examples_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// lasting is longer than any test: a deadline of this length does not run out in one.
const lasting = 10 * time.Minute

// binaries is the folder of the built examples; TestMain makes and removes it.
var binaries string

func TestMain(m *testing.M) {
	var err error
	if binaries, err = os.MkdirTemp("", "onduty-go-"); err != nil {
		panic(err)
	}
	code := realserver.Main(m)
	_ = os.RemoveAll(binaries)
	os.Exit(code)
}

var build = sync.OnceValue(func() error {
	printed, err := exec.Command("go", "build", "-o", binaries, "./router", "./workspace").CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, printed)
	}
	return nil
})

// program is a running example; its lines come one by one.
type program struct {
	t       *testing.T
	process *exec.Cmd
	input   io.WriteCloser
	lines   chan string
}

func start(t *testing.T, example string, arguments ...string) *program {
	t.Helper()
	if err := build(); err != nil {
		t.Fatal(err)
	}
	made := &program{t: t, process: exec.Command(filepath.Join(binaries, example), arguments...), lines: make(chan string, 100)}
	made.process.Stderr = os.Stderr
	output, err := made.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if made.input, err = made.process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := made.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = made.process.Process.Kill() }) // after its end this does nothing
	go func() {
		defer close(made.lines)
		for scanner := bufio.NewScanner(output); scanner.Scan(); {
			made.lines <- scanner.Text()
		}
	}()
	return made
}

func (p *program) write(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.input, text); err != nil {
		p.t.Fatal(err)
	}
}

// line takes the next line, which must come.
func (p *program) line() string {
	p.t.Helper()
	select {
	case got, open := <-p.lines:
		if !open {
			p.t.Fatal("it ended without a further line")
		}
		return got
	case <-time.After(patience):
		p.t.Fatal("it said nothing more")
	}
	panic("not reached")
}

// wants takes the next lines and holds them against those wanted.
func (p *program) wants(wanted ...string) {
	p.t.Helper()
	for _, want := range wanted {
		if got := p.line(); got != want {
			p.t.Fatalf("it said %q, want %q", got, want)
		}
	}
}

// ends waits for the program's end without further lines.
func (p *program) ends() {
	p.t.Helper()
	p.input.Close()
	select {
	case line, open := <-p.lines:
		if open {
			p.t.Fatalf("it said %q at the end", line)
		}
	case <-time.After(patience):
		p.t.Fatal("it did not end")
	}
	if err := p.process.Wait(); err != nil {
		p.t.Errorf("it ended with %v", err)
	}
}

// house is a tenant of the test's own, in which no offer, wrap-up or absence runs out.
type house struct {
	t          *testing.T
	arguments  []string
	connection *onduty.Connection
	router     *onduty.RouterClient
}

func newHouse(t *testing.T, staffIDs ...string) *house {
	t.Helper()
	address, tenant := realserver.Shared(t)
	connection, err := onduty.Connect(onduty.Options{Target: address, Tenant: tenant, CallTimeout: patience})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	admin := ondutyv1.NewAdminServiceClient(connection)
	policy := &ondutyv1.Policy{
		ClaimTtl: durationpb.New(lasting), DisconnectGrace: durationpb.New(lasting),
		AfterCallWork: &ondutyv1.AfterCallWorkPolicy{Countdown: durationpb.New(lasting)},
	}
	paths := []string{"claim_ttl", "disconnect_grace", "after_call_work.countdown"}
	if _, err := admin.UpdatePolicy(context.Background(), &ondutyv1.UpdatePolicyRequest{
		Policy: policy, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
	}); err != nil {
		t.Fatal(err)
	}
	for _, id := range staffIDs {
		person := &ondutyv1.CreateStaffRequest{StaffId: id, SkillGroups: []*ondutyv1.SkillGroup{{Name: "sales"}}}
		if _, err := admin.CreateStaff(context.Background(), person); err != nil {
			t.Fatal(err)
		}
	}
	return &house{t, []string{"--server", address, "--tenant", tenant}, connection, onduty.NewRouterClient(connection)}
}

func (h *house) desk(staffID string) *onduty.WorkspaceClient {
	return onduty.NewWorkspaceClient(h.connection, staffID)
}

func (h *house) signIn(staffID string) {
	h.t.Helper()
	if _, err := h.desk(staffID).ChangeStatus(context.Background(), ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
		h.t.Fatal(err)
	}
}

// offerOf is the claim that the staff member has at hand.
func (h *house) offerOf(staffID string) string {
	h.t.Helper()
	stub := ondutyv1.NewWorkspaceServiceClient(h.connection)
	got, err := stub.GetStaff(context.Background(), &ondutyv1.GetStaffRequest{StaffId: staffID})
	if err != nil {
		h.t.Fatal(err)
	}
	return got.GetStaff().GetOffer().GetClaimId()
}

func (h *house) accept(staffID string) {
	h.t.Helper()
	if _, err := h.desk(staffID).Accept(context.Background(), h.offerOf(staffID)); err != nil {
		h.t.Fatal(err)
	}
}

// The router waits for somebody to be available, offers a missed call to the next, and ends when every call has ended.
func TestRouterServesCalls(t *testing.T) {
	house := newHouse(t, "kim", "lea")
	router := start(t, "router", append(house.arguments, "--skill-group", "sales")...)
	router.write("c-1\nc-2\n")
	house.signIn("kim")
	router.wants("c-1 offered kim")
	house.signIn("lea")
	router.wants("c-2 offered lea")
	house.accept("lea")
	router.wants("c-2 answered lea")
	if _, err := house.desk("kim").Decline(context.Background(), house.offerOf("kim"), ""); err != nil {
		t.Fatal(err)
	}
	router.wants("c-1 missed kim", "c-1 offered kim")
	house.accept("kim")
	router.wants("c-1 answered kim")
	router.input.Close()
	for call, staffID := range map[string]string{"c-1": "kim", "c-2": "lea"} {
		if _, err := house.router.CallEnded(context.Background(), onduty.CallFact{StaffID: staffID, CallID: call}); err != nil {
			t.Fatal(err)
		}
		router.wants(call + " ended " + staffID)
	}
	router.ends()
}

// With a time to talk the router reports the calls' ends itself.
func TestRouterEndsCallsItself(t *testing.T) {
	house := newHouse(t, "kim")
	house.signIn("kim")
	router := start(t, "router", append(house.arguments, "--skill-group", "sales", "--talk", "0.05")...)
	router.write("c-1\n")
	router.wants("c-1 offered kim")
	house.accept("kim")
	router.wants("c-1 answered kim", "c-1 ended kim")
	router.ends()
}

// A signal ends the router cleanly, also with a call in hand.
func TestRouterEndsOnASignal(t *testing.T) {
	house := newHouse(t, "kim")
	house.signIn("kim")
	router := start(t, "router", append(house.arguments, "--skill-group", "sales")...)
	router.write("c-1\n")
	router.wants("c-1 offered kim")
	if err := router.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	router.ends()
}

var countdown = regexp.MustCompile(`^\d+ s of wrap-up left$`)

// The workspace takes one call from signing in to signing out, and shows its countdown.
func TestWorkspaceTakesOneCall(t *testing.T) {
	house := newHouse(t, "kim")
	desk := start(t, "workspace", append(house.arguments, "--staff-id", "kim")...)
	if first := desk.line(); first != "AVAILABLE" { // before it there may be OFFLINE
		if first != "OFFLINE" {
			t.Errorf("it said %q", first)
		}
		desk.wants("AVAILABLE")
	}
	if _, err := house.router.Claim(context.Background(), "c-1", "kim", onduty.ClaimTerms{}); err != nil {
		t.Fatal(err)
	}
	desk.wants("IN_LINE")
	if _, err := house.router.CallEnded(context.Background(), onduty.CallFact{StaffID: "kim", CallID: "c-1"}); err != nil {
		t.Fatal(err)
	}
	desk.wants("AFTER_CALL_WORK")
	for range 2 {
		if line := desk.line(); !countdown.MatchString(line) {
			t.Errorf("it said %q", line)
		}
	}
	desk.wants("AVAILABLE", "OFFLINE")
	desk.ends()
}
