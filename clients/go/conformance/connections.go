package main

// The verbs hello, connect, disconnect and errors.table.

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// connection is a connection of the client with the raw streams opened on it.
type connection struct {
	*onduty.Connection
	router *onduty.RouterClient

	mu      sync.Mutex
	streams map[*stream]struct{}
}

func (d *driver) hello(request) (func() (object, error), error) {
	return now(object{
		"language": "go", "client": onduty.Version,
		"features": []string{"call", "stream", "floor", "workspace", "outbox", "errors"},
	})
}

// now is the rest of a verb that has its answer already.
func now(answer object) (func() (object, error), error) {
	return func() (object, error) { return answer, nil }, nil
}

// times are the lengths of time in options, in seconds; absent ones have their default.
type times struct {
	CallTimeout      *float64 `json:"call_timeout"`
	BookmarkInterval *float64 `json:"bookmark_interval"`
	TrustLimit       *float64 `json:"trust_limit"`
	BackoffInitial   *float64 `json:"backoff_initial"`
	BackoffMax       *float64 `json:"backoff_max"`
}

// check refuses what the client's options cannot say: a zero there means the default.
func (t times) check() error {
	for _, one := range []*float64{t.CallTimeout, t.BookmarkInterval, t.TrustLimit, t.BackoffInitial, t.BackoffMax} {
		if one != nil && duration(*one) == 0 {
			return driverError("a length of time must be above zero")
		}
	}
	return nil
}

type connectOptions struct {
	times
	Target string `json:"target"`
	Tenant string `json:"tenant"`
	Actor  string `json:"actor"`
	Token  string `json:"token"`
	TLS    *struct {
		CAFile     string `json:"ca_file"`
		CertFile   string `json:"cert_file"`
		KeyFile    string `json:"key_file"`
		ServerName string `json:"server_name"`
	} `json:"tls"`
}

func (d *driver) connect(asked request) (func() (object, error), error) {
	var wanted connectOptions
	if err := json.Unmarshal(orEmpty(asked.Options), &wanted); err != nil {
		return nil, driverError("not options: %v", err)
	}
	if err := wanted.check(); err != nil {
		return nil, err
	}
	options := onduty.Options{
		Target: wanted.Target, Tenant: wanted.Tenant, Actor: wanted.Actor, Token: wanted.Token,
		CallTimeout: orZero(wanted.CallTimeout), BookmarkInterval: orZero(wanted.BookmarkInterval),
		TrustLimit: orZero(wanted.TrustLimit), BackoffInitial: orZero(wanted.BackoffInitial), BackoffMax: orZero(wanted.BackoffMax),
	}
	if wanted.TLS != nil {
		files := onduty.TLSOptions(*wanted.TLS)
		options.TLS = &files
	}
	made, err := onduty.Connect(options)
	if err != nil {
		return nil, err
	}
	opened := &connection{Connection: made, router: onduty.NewRouterClient(made), streams: map[*stream]struct{}{}}
	if _, err := lookup(d, d.connections, "connection", asked.Name); err == nil {
		_ = made.Close()
		return nil, driverError("the connection %q is open already", asked.Name)
	}
	enter(d, d.connections, asked.Name, opened)
	return now(object{})
}

func (d *driver) disconnect(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	forget(d, d.connections, asked.Connection)
	return func() (object, error) { return object{}, found.close() }, nil
}

// close ends the raw streams, then the client's connection with its floors and workspaces.
func (c *connection) close() error {
	c.mu.Lock()
	streams := make([]*stream, 0, len(c.streams))
	for one := range c.streams {
		streams = append(streams, one)
	}
	c.mu.Unlock()
	for _, one := range streams {
		one.end()
	}
	return c.Close()
}

func (d *driver) closeAll() {
	d.mu.Lock()
	open := make([]*connection, 0, len(d.connections))
	for name, one := range d.connections {
		open = append(open, one)
		delete(d.connections, name)
	}
	d.mu.Unlock()
	for _, one := range open {
		_ = one.close() // the driver ends; there is nobody to tell
	}
}

func (d *driver) errorsTable(request) (func() (object, error), error) {
	reasons := object{}
	for number, name := range ondutyv1.ErrorReason_name {
		if number == 0 {
			continue
		}
		reason := strings.TrimPrefix(name, "ERROR_REASON_")
		kind, err := kindOfReason(codes.Unknown, reason)
		if err != nil {
			return nil, err
		}
		reasons[reason] = kind
	}
	return now(object{"reasons": reasons})
}

func (d *driver) errorsKind(asked request) (func() (object, error), error) {
	var code codes.Code
	if err := code.UnmarshalJSON([]byte(strconv.Quote(asked.Code))); err != nil {
		return nil, driverError("no such code: %v", err)
	}
	kind, err := kindOfReason(code, asked.Reason)
	if err != nil {
		return nil, err
	}
	return now(object{"kind": kind})
}

func kindOfReason(code codes.Code, reason string) (string, error) {
	failed, err := status.New(code, "").WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: "onduty.dev"})
	if err != nil {
		return "", driverError("an error cannot be put together: %v", err)
	}
	return kindOf(onduty.ErrorFromStatus(failed)), nil
}

func orEmpty(form json.RawMessage) json.RawMessage {
	if len(form) == 0 {
		return json.RawMessage("{}")
	}
	return form
}
