// Command router gives the calls whose ids it reads, one a line, to the staff of one skill group, longest idle first. It asks the
// service for a claim only when its own floor shows somebody available, and it learns from the floor what became of each call.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/google/uuid"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const again = time.Second // between attempts of a call to the service that failed

// desk has the calls in hand. Everything happens in the goroutine of serve.
type desk struct {
	router  *onduty.RouterClient
	floor   *onduty.Floor
	group   string
	talk    time.Duration
	waiting []string                                // not offered to anybody, the first to serve in front
	offered map[string]*ondutyv1.ClaimStaffResponse // by call
	talking map[string]string                       // the staff member by call
	asked   claiming                                // the claim whose answer is still to come, if there is one

	followed map[string]int64 // by staff member: the revision of the last change
}

// claiming is a claim that may have been taken or not.
type claiming struct{ call, requestID string }

func main() {
	server := flag.String("server", "", "host:port of the service")
	tenant := flag.String("tenant", "", "the tenant, if not the default one")
	group := flag.String("skill-group", "", "whose staff take the calls")
	talk := flag.Float64("talk", 0, "seconds until a call's end is reported; 0: telephony reports it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, onduty.Options{Target: *server, Tenant: *tenant}, *group, time.Duration(*talk*float64(time.Second))); err != nil {
		fmt.Fprintln(os.Stderr, "router:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, options onduty.Options, group string, talk time.Duration) error {
	connection, err := onduty.Connect(options)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	router := onduty.NewRouterClient(connection)
	floor, err := router.Floor(&ondutyv1.StaffFilter{SkillGroups: []string{group}}, onduty.FloorOptions{})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // first of all at the end: it lets go of handlers that wait
	changes, calls := make(chan onduty.Change), make(chan string)
	pass := func(change onduty.Change) {
		select {
		case changes <- change:
		case <-ctx.Done():
		}
	}
	floor.OnChange(pass)
	floor.OnState(func(onduty.FloorState) { pass(onduty.Change{}) }) // after a break there may be somebody available
	go read(ctx, calls)
	d := &desk{
		router: router, floor: floor, group: group, talk: talk,
		offered: map[string]*ondutyv1.ClaimStaffResponse{}, talking: map[string]string{}, followed: map[string]int64{},
	}
	return d.serve(ctx, changes, calls)
}

func read(ctx context.Context, calls chan<- string) {
	defer close(calls)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		select {
		case calls <- lines.Text():
		case <-ctx.Done():
			return
		}
	}
}

// serve returns when the input has ended and no call is left, or when ctx ends.
func (d *desk) serve(ctx context.Context, changes <-chan onduty.Change, calls <-chan string) error {
	for calls != nil || d.asked.call != "" || len(d.waiting)+len(d.offered)+len(d.talking) > 0 {
		var retry <-chan time.Time
		for d.asked.call != "" || len(d.waiting) > 0 && len(d.floor.Available(d.group)) > 0 {
			err := d.offer(ctx)
			var nobody *onduty.NobodyAvailableError
			if errors.As(err, &nobody) {
				break // another router was quicker, or the floor has yet to show our last claim: its next change says
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, "router:", err)
				retry = time.After(again)
				break
			}
		}
		select {
		case call, open := <-calls:
			if !open {
				calls = nil
			} else if call != "" {
				d.waiting = append(d.waiting, call)
			}
		case change := <-changes:
			if d.floor.State() == onduty.Failed {
				return d.floor.WaitCurrent(ctx)
			}
			d.follow(ctx, change)
		case <-retry:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// offer claims somebody for the first call that waits. After a failure the same claim is asked for again, with its request id and
// whoever is available: it may have been taken.
func (d *desk) offer(ctx context.Context) error {
	if d.asked.call == "" {
		d.asked = claiming{d.waiting[0], uuid.NewString()}
		d.waiting = d.waiting[1:]
	}
	call := d.asked.call
	members := onduty.MemberTerms{SkillGroups: onduty.Groups(d.group)}
	claim, err := d.router.ClaimMember(ctx, call, members, onduty.ClaimTerms{}, onduty.WithRequestID(d.asked.requestID))
	var nobody *onduty.NobodyAvailableError
	switch {
	case err == nil:
		d.asked, d.offered[call] = claiming{}, claim
		staffID := claim.GetStaff().GetStaffId()
		fmt.Println(call, "offered", staffID)
		early := claim.GetReplayed() || claim.GetAlreadyOffered() // what came of it may have been told already
		if now, known := d.floor.Get(staffID); known && early {
			d.follow(ctx, onduty.Change{StaffID: staffID, After: now, Revision: now.GetRevision()})
		}
	case errors.As(err, &nobody):
		d.asked, d.waiting = claiming{}, append([]string{call}, d.waiting...)
	}
	return err
}

// follow learns from a change of the floor what became of the staff member's calls.
func (d *desk) follow(ctx context.Context, change onduty.Change) {
	if change.Revision != 0 && change.Revision <= d.followed[change.StaffID] {
		return
	}
	d.followed[change.StaffID] = change.Revision
	inCall := func(id string) bool {
		return slices.ContainsFunc(change.After.GetCalls(), func(one *ondutyv1.Call) bool { return one.GetCallId() == id })
	}
	for call, claim := range d.offered {
		isOlder := change.Revision != 0 && change.Revision <= claim.GetStaff().GetRevision()
		if claim.GetStaff().GetStaffId() != change.StaffID || isOlder || change.After.GetOffer().GetClaimId() == claim.GetClaimId() {
			continue
		}
		delete(d.offered, call)
		switch {
		case inCall(call):
			fmt.Println(call, "answered", change.StaffID)
			d.talking[call] = change.StaffID
			if d.talk > 0 {
				go d.hangUp(ctx, call, change.StaffID)
			}
		case change.Transition.GetEndedOffer().GetEnd() == ondutyv1.OfferEnd_OFFER_END_WITHDRAWN:
			fmt.Println(call, "ended", change.StaffID) // the caller hung up
		default:
			fmt.Println(call, "missed", change.StaffID)
			d.waiting = append([]string{call}, d.waiting...)
		}
	}
	for call, staffID := range d.talking {
		if staffID == change.StaffID && !inCall(call) {
			fmt.Println(call, "ended", staffID)
			delete(d.talking, call)
		}
	}
}

// hangUp reports the call's end when it is over, until the service has taken it.
func (d *desk) hangUp(ctx context.Context, call, staffID string) {
	id := uuid.NewString()
	for wait := d.talk; ; wait = again {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
		if _, err := d.router.CallEnded(ctx, onduty.CallFact{StaffID: staffID, CallID: call}, onduty.WithRequestID(id)); err == nil {
			return
		}
	}
}
