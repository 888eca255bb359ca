package main

// The verbs workspace.*.

import (
	"context"
	"encoding/json"
	"strconv"

	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

type workspace struct{ *onduty.WorkspaceClient }

func (d *driver) openWorkspace(asked request) (func() (object, error), error) {
	from, err := lookup(d, d.connections, "connection", asked.Connection)
	if err != nil {
		return nil, err
	}
	opened := onduty.NewWorkspaceClient(from.Connection, asked.StaffID)
	enter(d, d.workspaces, asked.Workspace, &workspace{opened})
	opened.OnState(func(state onduty.WorkspaceState) {
		event := object{"event": "workspace_state", "workspace": asked.Workspace, "attached": state.Attached}
		if state.Staff != nil {
			event["status"], event["revision"] = state.Staff.GetStatus().String(), state.Staff.GetRevision()
		}
		d.out.write(event)
	})
	if err := opened.Attach(); err != nil {
		return nil, err
	}
	return now(object{})
}

func (d *driver) waitWorkspace(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.workspaces, "workspace", asked.Workspace)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		ctx, cancel := limited(asked.Timeout)
		defer cancel()
		return object{}, found.WaitAttached(ctx)
	}, nil
}

// arguments are those of all methods of a workspace.
type arguments struct {
	Status           string          `json:"status"`
	BreakReason      string          `json:"break_reason"`
	Reason           string          `json:"reason"`
	Note             string          `json:"note"`
	ClaimID          string          `json:"claim_id"`
	CallID           string          `json:"call_id"`
	Direction        string          `json:"direction"`
	Source           string          `json:"source"`
	RequestID        string          `json:"request_id"`
	ExpectedRevision json.RawMessage `json:"expected_revision"`
	IncludeDisabled  bool            `json:"include_disabled"`
	AtLeast          string          `json:"at_least"`
}

// options are the call's options; 64-bit numbers come as text or as numbers.
func (a arguments) options() ([]onduty.CallOption, error) {
	options := []onduty.CallOption{onduty.WithRequestID(a.RequestID)}
	text := string(a.ExpectedRevision)
	if text == "" || text == "null" {
		return options, nil
	}
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, driverError("not a revision: %s", text)
	}
	return append(options, onduty.WithExpectedRevision(revision)), nil
}

// value finds an enum's number by its name; an empty name is the unset value.
func value[Enum ~int32](numbers map[string]int32, name string) (Enum, error) {
	if name == "" {
		return 0, nil
	}
	number, known := numbers[name]
	if !known {
		return 0, driverError("no such enum value: %q", name)
	}
	return Enum(number), nil
}

func (d *driver) doInWorkspace(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.workspaces, "workspace", asked.Workspace)
	if err != nil {
		return nil, err
	}
	var given arguments
	if err := json.Unmarshal(orEmpty(asked.Arguments), &given); err != nil {
		return nil, driverError("not arguments: %v", err)
	}
	return func() (object, error) {
		ctx, cancel := limited(asked.Timeout)
		defer cancel()
		response, err := found.do(ctx, asked.Action, given)
		if err != nil {
			return nil, err
		}
		if response == nil {
			return object{"response": object{}}, nil
		}
		return object{"response": messageJSON(response)}, nil
	}, nil
}

// do carries out the method of this name.
func (w *workspace) do(ctx context.Context, action string, given arguments) (proto.Message, error) {
	options, err := given.options()
	if err != nil {
		return nil, err
	}
	status, err := value[ondutyv1.Status](ondutyv1.Status_value, given.Status)
	if err != nil {
		return nil, err
	}
	direction, err := value[ondutyv1.Direction](ondutyv1.Direction_value, given.Direction)
	if err != nil {
		return nil, err
	}
	switch action {
	case "attach":
		return nil, w.Attach()
	case "detach":
		w.Detach()
		return nil, nil
	case "change_status":
		return w.ChangeStatus(ctx, status, given.BreakReason, given.Note, options...)
	case "take_break":
		return w.TakeBreak(ctx, given.Reason, given.Note, options...)
	case "set_next_status":
		return w.SetNextStatus(ctx, status, given.BreakReason, options...)
	case "clear_next_status":
		return w.ClearNextStatus(ctx, options...)
	case "back_to_reception":
		return w.BackToReception(ctx, options...)
	case "continue_wrap_up":
		return w.ContinueWrapUp(ctx, options...)
	case "accept":
		return w.Accept(ctx, given.ClaimID, options...)
	case "decline":
		return w.Decline(ctx, given.ClaimID, given.Note, options...)
	case "place_call":
		return w.PlaceCall(ctx, given.CallID, direction, given.Source, options...)
	case "break_reasons":
		return breakReasons(ctx, w.WorkspaceClient, given.IncludeDisabled, given.AtLeast)
	}
	return nil, driverError("no such action: %q", action)
}

func (d *driver) readWorkspace(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.workspaces, "workspace", asked.Workspace)
	if err != nil {
		return nil, err
	}
	read := object{
		"attached": found.Attached(), "staff": nil,
		"remaining_wrap_up": secondsOrNull(found.RemainingWrapUp()), "remaining_offer": secondsOrNull(found.RemainingOffer()),
	}
	if staff := found.State(); staff != nil {
		read["staff"] = messageJSON(staff)
	}
	return now(read)
}

func (d *driver) closeWorkspace(asked request) (func() (object, error), error) {
	found, err := lookup(d, d.workspaces, "workspace", asked.Workspace)
	if err != nil {
		return nil, err
	}
	return func() (object, error) {
		found.Detach()
		return object{}, nil
	}, nil
}
