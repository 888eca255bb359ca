// Command workspace is a staff member's desktop for one call: it signs in, takes the first offer, wraps up for two seconds and
// signs out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const (
	wrapUpSeconds = 2
	callTimeout   = time.Minute // there is nothing better to do than to wait for a slow service
)

func main() {
	server := flag.String("server", "", "host:port of the service")
	tenant := flag.String("tenant", "", "the tenant, if not the default one")
	staffID := flag.String("staff-id", "", "whose desktop this is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options := onduty.Options{Target: *server, Tenant: *tenant, CallTimeout: callTimeout}
	if err := run(ctx, options, *staffID); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "workspace:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, options onduty.Options, staffID string) error {
	connection, err := onduty.Connect(options)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	desk := onduty.NewWorkspaceClient(connection, staffID)
	states := desk.States(ctx)
	if err := desk.Attach(); err != nil {
		return err
	}
	if err := desk.WaitAttached(ctx); err != nil {
		return err
	}
	if _, err := desk.ChangeStatus(ctx, ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
		return err
	}
	if err := takeOneCall(ctx, desk, states); err != nil {
		return err
	}
	_, err = desk.ChangeStatus(ctx, ondutyv1.Status_STATUS_OFFLINE, "", "")
	if err == nil {
		fmt.Println("OFFLINE")
	}
	return err
}

// takeOneCall returns when a call and its wrap-up are over.
func takeOneCall(ctx context.Context, desk *onduty.WorkspaceClient, states <-chan onduty.WorkspaceState) error {
	var shown ondutyv1.Status
	var talked bool
	for {
		select {
		case state, open := <-states:
			if !open {
				return desk.WaitAttached(ctx) // it says why the attachment ended
			}
			status := state.Staff.GetStatus()
			if status != shown {
				fmt.Println(strings.TrimPrefix(status.String(), "STATUS_"))
				shown = status
			}
			talked = talked || status == ondutyv1.Status_STATUS_IN_LINE
			switch {
			case talked && status == ondutyv1.Status_STATUS_AFTER_CALL_WORK:
				if err := wrapUp(ctx, desk); err != nil {
					return err
				}
			case talked && status != ondutyv1.Status_STATUS_IN_LINE:
				return nil
			case state.Staff.GetOffer() != nil && !talked:
				if _, err := desk.Accept(ctx, state.Staff.GetOffer().GetClaimId()); unlessRefused(err) != nil {
					return err
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func wrapUp(ctx context.Context, desk *onduty.WorkspaceClient) error {
	for range wrapUpSeconds {
		if left, counting := desk.RemainingWrapUp(); counting {
			fmt.Printf("%.0f s of wrap-up left\n", left.Seconds())
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, err := desk.BackToReception(ctx)
	return unlessRefused(err)
}

// unlessRefused passes over refusals: the offer has gone, or the wrap-up has ended, in the meantime.
func unlessRefused(err error) error {
	var refused *onduty.RefusedError
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
