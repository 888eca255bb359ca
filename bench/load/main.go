// Command load makes the load of the bench and measures it: one measurement a run, one line of JSON on standard output.
// It starts no server and judges no figure.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

// longest bounds a run, whatever was asked for.
const longest = 5 * time.Minute

type command func(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error)

var commands = map[string]command{
	"seed":     seedCommand,
	"unary":    unaryCommand,
	"fanout":   fanoutCommand,
	"stream":   streamCommand,
	"snapshot": snapshotCommand,
	"burst":    burstCommand,
	"catchup":  catchUpCommand,
	"desktops": desktopsCommand,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		names := []string{}
		for name := range commands {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "load: name a measurement: %v\n", names)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	result, err := commands[os.Args[1]](ctx, flag.NewFlagSet(os.Args[1], flag.ExitOnError), os.Args[2:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(result)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "load %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

func seedCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	target := flags.String("target", "", "host:port of the server")
	tenant := flags.String("tenant", "", "tenant")
	staff := flags.Int("staff", 1000, "how many staff")
	signIn := flags.Bool("sign-in", true, "sign them in")
	onBreak := flags.Bool("on-break", false, "to a break")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	begin := time.Now()
	err := seed(ctx, *target, *tenant, *staff, *signIn, *onBreak)
	return map[string]float64{"seconds": time.Since(begin).Seconds()}, err
}

func unaryCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan unaryPlan
	flags.StringVar(&plan.target, "target", "", "host:port of the server")
	flags.StringVar(&plan.tenant, "tenant", "", "tenant")
	flags.StringVar(&plan.kind, "kind", "", "echo, change, events, get, list, sums or policy")
	flags.IntVar(&plan.callers, "callers", 1, "concurrent callers")
	flags.IntVar(&plan.batch, "batch", 100, "facts a request")
	flags.IntVar(&plan.staff, "staff", 1000, "staff who take turns")
	flags.IntVar(&plan.rate, "rate", 0, "requests a second; 0: as fast as they are answered")
	timing(flags, &plan.warm, &plan.length, &plan.pid)
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return unary(ctx, plan)
}

func fanoutCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan fanoutPlan
	flags.StringVar(&plan.system, "system", "onduty", "onduty, redis, nats or etcd")
	flags.StringVar(&plan.target, "target", "", "host:port of the server")
	flags.StringVar(&plan.tenant, "tenant", "", "tenant")
	flags.IntVar(&plan.watchers, "watchers", 100, "watchers, each with a connection of its own")
	flags.IntVar(&plan.stopped, "stopped", 0, "how many of them stop reading")
	flags.IntVar(&plan.rate, "rate", 1000, "changes a second")
	flags.IntVar(&plan.batch, "batch", 1, "changes a request")
	flags.IntVar(&plan.writers, "writers", 64, "requests in flight at most")
	flags.IntVar(&plan.staff, "staff", 1000, "keys that take turns")
	flags.IntVar(&plan.payload, "payload", 360, "bytes of a change (peers; Onduty's are its own)")
	flags.IntVar(&plan.sampleEvery, "sample-every", 1, "take the delay of one change in so many")
	timing(flags, &plan.warm, &plan.length, &plan.pid)
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return fanout(ctx, plan)
}

func streamCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan fanoutPlan
	var perSecond, frameBytes int
	flags.StringVar(&plan.target, "target", "", "host:port of the echo server")
	flags.IntVar(&plan.watchers, "watchers", 100, "watchers, each with a connection of its own")
	flags.IntVar(&perSecond, "frames", 30, "frames a second")
	flags.IntVar(&frameBytes, "frame-bytes", 36_000, "bytes of a frame")
	timing(flags, &plan.warm, &plan.length, &plan.pid)
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	plan.sampleEvery = 1
	return stream(ctx, plan, &floorSystem{plan.target, frameBytes, perSecond})
}

func snapshotCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	target := flags.String("target", "", "host:port of the server")
	tenant := flags.String("tenant", "", "tenant")
	pid := flags.Int("pid", 0, "the server's process, for its CPU time")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return snapshot(ctx, *target, *tenant, *pid)
}

func burstCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan burstPlan
	flags.StringVar(&plan.target, "target", "", "host:port of the server")
	flags.StringVar(&plan.tenant, "tenant", "", "tenant")
	flags.StringVar(&plan.run, "run", "", "what the request ids begin with")
	flags.IntVar(&plan.count, "count", 512, "requests at once")
	flags.BoolVar(&plan.busy, "busy", true, "which status is chosen")
	flags.IntVar(&plan.pid, "pid", 0, "the server's process, for its CPU time")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return burst(ctx, plan)
}

func catchUpCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan catchUpPlan
	flags.StringVar(&plan.target, "target", "", "host:port of the server")
	flags.StringVar(&plan.tenant, "tenant", "", "tenant")
	flags.IntVar(&plan.watchers, "watchers", 20, "watchers that come back, again and again")
	flags.Uint64Var(&plan.after, "after", 0, "the revision that they have seen")
	flags.DurationVar(&plan.length, "length", 3*time.Second, "time")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return catchUp(ctx, plan)
}

func desktopsCommand(ctx context.Context, flags *flag.FlagSet, arguments []string) (any, error) {
	var plan desktopsPlan
	flags.StringVar(&plan.target, "target", "", "host:port of the server")
	flags.StringVar(&plan.tenant, "tenant", "", "tenant")
	flags.IntVar(&plan.count, "count", 10_000, "desktops, each with a connection of its own")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	return desktops(ctx, plan)
}

// timing defines the flags of every measurement: when it begins, how long it takes, and whose CPU time it reads.
func timing(flags *flag.FlagSet, warm, length *time.Duration, pid *int) {
	flags.DurationVar(warm, "warm", time.Second, "time before measuring")
	flags.DurationVar(length, "length", 3*time.Second, "time of measuring")
	flags.IntVar(pid, "pid", 0, "the server's process, for its CPU time")
}
