package main

// Requests as calls of the hand-written client. What its parameters cannot say (an explicit zero, an instant out of range) is
// left to the generated stub.

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// given is what all mutations may have.
type given interface {
	GetRequestId() string
}

type guarded interface {
	given
	GetExpectedRevision() int64
}

func optionsOf(message given) []onduty.CallOption {
	options := []onduty.CallOption{onduty.WithRequestID(message.GetRequestId())}
	if one, ok := message.(guarded); ok {
		options = append(options, onduty.WithExpectedRevision(one.GetExpectedRevision()))
	}
	return options
}

// askByHand makes the call through the hand-written client; false where that has no such method or cannot say it.
func (c *connection) askByHand(ctx context.Context, message proto.Message) (proto.Message, error, bool) {
	switch m := message.(type) {
	case *ondutyv1.ClaimStaffRequest:
		return c.claim(ctx, m)
	case *ondutyv1.WithdrawClaimRequest:
		return done(c.router.Withdraw(ctx, m.GetClaimId(), optionsOf(m)...))
	case *ondutyv1.ReportCallStartedRequest:
		if !plain(m.GetOccurredAt()) {
			return nil, nil, false
		}
		return done(c.router.CallStarted(ctx, onduty.CallFact{
			StaffID: m.GetStaffId(), CallID: m.GetCallId(), Direction: m.GetDirection(), Source: m.GetSource(),
			OccurredAt: instant(m.GetOccurredAt()), Leg: m.GetLeg(), OnHold: m.OnHold, Answered: m.Answered,
		}, optionsOf(m)...))
	case *ondutyv1.ReportCallEndedRequest:
		if !plain(m.GetOccurredAt()) {
			return nil, nil, false
		}
		return done(c.router.CallEnded(ctx, onduty.CallFact{
			StaffID: m.GetStaffId(), CallID: m.GetCallId(), Source: m.GetSource(), OccurredAt: instant(m.GetOccurredAt()),
			Leg: m.GetLeg(), Answered: m.Answered,
		}, optionsOf(m)...))
	case *ondutyv1.ReportCallEventsRequest:
		return done(c.report(ctx, m))
	case *ondutyv1.ReconcileCallsRequest:
		if !plain(m.GetObservedAt()) {
			return nil, nil, false
		}
		options := append(optionsOf(m), onduty.WithObservedPosition(m.GetObservedPosition()), onduty.WithStaff(m.GetStaffIds()...))
		if m.GetObservedAt() != nil {
			options = append(options, onduty.WithObservedAt(m.GetObservedAt().AsTime()))
		}
		return done(c.router.Reconcile(ctx, m.GetSource(), m.GetCalls(), options...))
	case *ondutyv1.ListStaffRequest:
		return c.list(ctx, m)
	}
	return c.askWorkspace(ctx, message)
}

func done[Response proto.Message](response Response, err error) (proto.Message, error, bool) {
	return response, err, true
}

func (c *connection) claim(ctx context.Context, m *ondutyv1.ClaimStaffRequest) (proto.Message, error, bool) {
	ttl := m.GetTtl()
	if m.GetTarget() != nil && m.GetStaffId()+m.GetSkillGroup() == "" || ttl != nil && (!ttl.IsValid() || ttl.AsDuration() == 0) {
		return nil, nil, false
	}
	return done(c.router.Claim(ctx, onduty.ClaimParams{
		CallID: m.GetCallId(), StaffID: m.GetStaffId(), SkillGroup: m.GetSkillGroup(), TTL: ttl.AsDuration(),
		Direction: m.GetDirection(), Source: m.GetSource(),
	}, optionsOf(m)...))
}

func (c *connection) list(ctx context.Context, m *ondutyv1.ListStaffRequest) (proto.Message, error, bool) {
	if m.GetPageSize() != 0 || m.GetPageToken() != "" {
		return nil, nil, false
	}
	list, err := c.router.ListStaff(ctx, m.GetFilter(), m.GetAtLeast())
	if err != nil {
		return nil, err, true
	}
	size := int32(len(list.Staff))
	return &ondutyv1.ListStaffResponse{Staff: list.Staff, Position: list.Position, TotalSize: size}, nil, true
}

// report puts the answer together again from the client's results.
func (c *connection) report(ctx context.Context, m *ondutyv1.ReportCallEventsRequest) (*ondutyv1.ReportCallEventsResponse, error) {
	report, err := c.router.Report(ctx, m.GetEvents(), optionsOf(m)...)
	if err != nil {
		return nil, err
	}
	response := &ondutyv1.ReportCallEventsResponse{Position: report.Position}
	for _, one := range report.Results {
		result := &ondutyv1.CallEventResult{Result: &ondutyv1.CallEventResult_Taken{Taken: one.Taken}}
		if one.Err != nil {
			result.Result = &ondutyv1.CallEventResult_Error{Error: itemOf(one.Err)}
		}
		response.Results = append(response.Results, result)
	}
	return response, nil
}

func itemOf(err error) *ondutyv1.ItemError {
	var root *onduty.OndutyError
	if !errors.As(err, &root) {
		return &ondutyv1.ItemError{Message: err.Error()}
	}
	item := &ondutyv1.ItemError{
		Code:    int32(status.Code(err)),
		Reason:  ondutyv1.ErrorReason(ondutyv1.ErrorReason_value["ERROR_REASON_"+root.Reason]),
		Message: root.Message, Metadata: root.Metadata,
	}
	var invalid *onduty.InvalidRequestError
	if errors.As(err, &invalid) {
		for _, one := range invalid.Violations {
			item.Fields = append(item.Fields, &ondutyv1.FieldFault{Field: one.Field, Description: one.Description})
		}
	}
	var refused *onduty.RefusedError
	if errors.As(err, &refused) && (refused.Current != nil || refused.Allowed != nil) {
		item.Refusal = &ondutyv1.TransitionRefusal{
			Current: refused.Current, Requested: refused.Requested, Allowed: refused.Allowed,
		}
	}
	return item
}

// plain says whether the client's parameters can say the instant.
func plain(at *timestamppb.Timestamp) bool { return at == nil || at.IsValid() && !at.AsTime().IsZero() }

func instant(at *timestamppb.Timestamp) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.AsTime()
}

// askWorkspace makes the call of a workspace; false as with askByHand.
func (c *connection) askWorkspace(ctx context.Context, message proto.Message) (proto.Message, error, bool) {
	switch m := message.(type) {
	case *ondutyv1.ChangeStatusRequest:
		return done(c.of(m).ChangeStatus(ctx, m.GetStatus(), m.GetBreakReason(), m.GetNote(), optionsOf(m)...))
	case *ondutyv1.SetNextStatusRequest:
		return done(c.of(m).SetNextStatus(ctx, m.GetStatus(), m.GetBreakReason(), optionsOf(m)...))
	case *ondutyv1.ClearNextStatusRequest:
		return done(c.of(m).ClearNextStatus(ctx, optionsOf(m)...))
	case *ondutyv1.BackToReceptionRequest:
		return done(c.of(m).BackToReception(ctx, optionsOf(m)...))
	case *ondutyv1.ContinueAfterCallWorkRequest:
		return done(c.of(m).ContinueWrapUp(ctx, optionsOf(m)...))
	case *ondutyv1.PlaceCallRequest:
		return done(c.of(m).PlaceCall(ctx, m.GetCallId(), m.GetDirection(), m.GetSource(), optionsOf(m)...))
	case *ondutyv1.AcceptOfferRequest:
		if m.GetClaimId() != "" {
			return done(c.of(m).Accept(ctx, m.GetClaimId(), optionsOf(m)...))
		}
	case *ondutyv1.DeclineOfferRequest:
		if m.GetClaimId() != "" {
			return done(c.of(m).Decline(ctx, m.GetClaimId(), m.GetNote(), optionsOf(m)...))
		}
	case *ondutyv1.ListBreakReasonsRequest:
		if !m.GetIncludeDisabled() && m.GetAtLeast() == "" {
			return done(onduty.NewWorkspaceClient(c.Connection, "").BreakReasons(ctx))
		}
	}
	return nil, nil, false
}

// of is a client for the staff member that the request names.
func (c *connection) of(message interface{ GetStaffId() string }) *onduty.WorkspaceClient {
	return onduty.NewWorkspaceClient(c.Connection, message.GetStaffId())
}
