// Command conformance lets the conformance runner drive the Go client: a JSON object a line on standard input and output. It
// decides nothing about the service: each verb is a call of the client.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	onduty "onduty.dev/client"
)

func main() {
	driver := newDriver(os.Stdout)
	if err := driver.serve(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// object is a JSON object to write.
type object = map[string]any

// request is one line of the runner: its id and verb, and the parameters of all verbs.
type request struct {
	ID         json.RawMessage `json:"id"`
	Do         string          `json:"do"`
	Name       string          `json:"name"`
	Connection string          `json:"connection"`
	Options    json.RawMessage `json:"options"`
	Method     string          `json:"method"`
	Request    json.RawMessage `json:"request"`
	Timeout    *float64        `json:"timeout"`
	Stream     string          `json:"stream"`
	Floor      string          `json:"floor"`
	Filter     json.RawMessage `json:"filter"`
	Staff      json.RawMessage `json:"staff"`
	SkillGroup string          `json:"skill_group"`
	Workspace  string          `json:"workspace"`
	StaffID    string          `json:"staff_id"`
	Action     string          `json:"action"`
	Arguments  json.RawMessage `json:"arguments"`
	Outbox     string          `json:"outbox"`
	Fact       json.RawMessage `json:"fact"`
	Code       string          `json:"code"`
	Reason     string          `json:"reason"`
}

// verb carries out a request. What must be in place before the next line is read happens at once; the rest is the function that
// it gives back, if any, which runs in a goroutine of its own.
type verb func(request) (later func() (object, error), err error)

// driver has what the runner opened, by name.
type driver struct {
	out   *writer
	verbs map[string]verb
	tasks sync.WaitGroup

	mu          sync.Mutex
	connections map[string]*connection
	streams     map[string]*stream
	floors      map[string]*floor
	workspaces  map[string]*workspace
	outboxes    map[string]*onduty.Outbox
}

func newDriver(out io.Writer) *driver {
	d := &driver{
		out: &writer{to: out}, connections: map[string]*connection{}, streams: map[string]*stream{},
		floors: map[string]*floor{}, workspaces: map[string]*workspace{}, outboxes: map[string]*onduty.Outbox{},
	}
	d.verbs = map[string]verb{
		"hello": d.hello, "connect": d.connect, "disconnect": d.disconnect, "call": d.call, "errors.table": d.errorsTable,
		"stream.open": d.openStream, "stream.pause": d.pauseStream, "stream.resume": d.resumeStream, "stream.cancel": d.cancelStream,
		"floor.open": d.openFloor, "floor.wait": d.waitFloor, "floor.read": d.readFloor, "floor.available": d.availableOnFloor,
		"floor.learn": d.learnOnFloor,
		"floor.close": d.closeFloor, "workspace.open": d.openWorkspace, "workspace.wait": d.waitWorkspace,
		"outbox.open": d.openOutbox, "outbox.add": d.addToOutbox, "outbox.flush": d.flushOutbox, "outbox.close": d.closeOutbox,
		"errors.kind": d.errorsKind, "workspace.do": d.doInWorkspace, "workspace.read": d.readWorkspace, "workspace.close": d.closeWorkspace,
	}
	return d
}

// serve answers lines until the end of input, then closes everything.
func (d *driver) serve(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			d.handle(line)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	d.closeAll()
	d.tasks.Wait()
	return nil
}

func (d *driver) handle(line []byte) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		d.answer(asked.ID, nil, driverError("not a request: %v", err))
		return
	}
	do, known := d.verbs[asked.Do]
	if !known {
		d.answer(asked.ID, nil, driverError("no such verb: %q", asked.Do))
		return
	}
	later, err := do(asked)
	if later == nil {
		d.answer(asked.ID, nil, err)
		return
	}
	d.tasks.Add(1)
	go func() {
		defer d.tasks.Done()
		ok, err := later()
		d.answer(asked.ID, ok, err)
	}()
}

func (d *driver) answer(id json.RawMessage, ok object, err error) {
	if id == nil {
		id = json.RawMessage("null")
	}
	if err != nil {
		d.out.write(object{"id": id, "error": errorObject(err)})
		return
	}
	if ok == nil {
		ok = object{}
	}
	d.out.write(object{"id": id, "ok": ok})
}

// writer writes whole lines, each at once.
type writer struct {
	mu sync.Mutex
	to io.Writer
}

func (w *writer) write(value object) {
	line, err := json.Marshal(value)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance: cannot write an answer:", err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.to.Write(append(line, '\n')); err != nil {
		fmt.Fprintln(os.Stderr, "conformance: cannot write:", err)
	}
}

// requestError says that the driver itself cannot carry a request out.
type requestError string

func (e requestError) Error() string { return string(e) }

func driverError(format string, values ...any) error {
	return requestError(fmt.Sprintf(format, values...))
}

// lookup finds what was opened under a name.
func lookup[Thing any](d *driver, things map[string]Thing, kind, name string) (Thing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	thing, known := things[name]
	if !known {
		return thing, driverError("no %s %q is open", kind, name)
	}
	return thing, nil
}

// enter keeps what is opened under a name, in place of what had it before.
func enter[Thing any](d *driver, things map[string]Thing, name string, thing Thing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	things[name] = thing
}

func forget[Thing any](d *driver, things map[string]Thing, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(things, name)
}
