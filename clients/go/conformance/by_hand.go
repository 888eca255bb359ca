package main

// Requests as calls of the hand-written client. What its parameters cannot say (an explicit zero, an instant out of range) is
// left to the generated stub.

import (
	"context"
	"errors"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/timestamppb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// given is what all mutations may have.
type given interface {
	proto.Message
	GetRequestId() string
}

// optionsOf are the options that the request has: its request id, and the expected revision where it is set.
func optionsOf(message given) []onduty.CallOption {
	options := []onduty.CallOption{onduty.WithRequestID(message.GetRequestId())}
	reflected := message.ProtoReflect()
	if field := reflected.Descriptor().Fields().ByName("expected_revision"); field != nil && reflected.Has(field) {
		options = append(options, onduty.WithExpectedRevision(reflected.Get(field).Int()))
	}
	return options
}

// askByHand makes the call through the hand-written client; false where that has no such method or cannot say it.
func (c *connection) askByHand(ctx context.Context, message proto.Message) (proto.Message, error, bool) {
	switch m := message.(type) {
	case *ondutyv1.ClaimStaffRequest:
		return c.claim(ctx, m)
	case *ondutyv1.WithdrawClaimRequest:
		return done(c.router.Withdraw(ctx, m.GetClaimId(), m.GetReason(), optionsOf(m)...))
	case *ondutyv1.GetClaimRequest:
		return done(c.router.GetClaim(ctx, m.GetClaimId(), m.GetAtLeast()))
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
	if ttl != nil && (!ttl.IsValid() || ttl.AsDuration() == 0) {
		return nil, nil, false
	}
	terms := onduty.ClaimTerms{
		TTL: ttl.AsDuration(), Direction: m.GetDirection(), Source: m.GetSource(), AnotherOffer: m.GetAnotherOffer(),
	}
	options := optionsOf(m)
	switch target := m.GetTarget().(type) {
	case *ondutyv1.ClaimStaffRequest_Named:
		if expected := target.Named.ExpectedRevision; expected != nil {
			options = append(options, onduty.WithExpectedRevision(*expected))
		}
		return done(c.router.Claim(ctx, m.GetCallId(), target.Named.GetStaffId(), terms, options...))
	case *ondutyv1.ClaimStaffRequest_Candidates:
		return done(c.router.ClaimFirst(ctx, m.GetCallId(), target.Candidates.GetStaffIds(), terms, options...))
	case *ondutyv1.ClaimStaffRequest_GroupMember:
		members := onduty.MemberTerms{
			SkillGroups: target.GroupMember.GetSkillGroups(), RequiredGroups: target.GroupMember.GetRequiredGroups(),
			ExcludeStaffIDs: target.GroupMember.GetExcludeStaffIds(), Order: target.GroupMember.GetOrder(),
		}
		return done(c.router.ClaimMember(ctx, m.GetCallId(), members, terms, options...))
	}
	return nil, nil, false
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
		result := &ondutyv1.ItemResult{Result: &ondutyv1.ItemResult_Taken{Taken: one.Taken}}
		if one.Err != nil {
			failed, err := statusOf(one.Err)
			if err != nil {
				return nil, err
			}
			result.Result = &ondutyv1.ItemResult_Error{Error: failed}
		}
		response.Results = append(response.Results, result)
	}
	return response, nil
}

// statusOf is the status that the error was made of, as far as the error tells it.
func statusOf(failure error) (*rpcstatus.Status, error) {
	var root *onduty.OndutyError
	if !errors.As(failure, &root) {
		return nil, driverError("an item failed with another error: %v", failure)
	}
	var details []protoadapt.MessageV1
	if root.Reason != "" {
		info := &errdetails.ErrorInfo{Reason: root.Reason, Domain: "onduty.dev", Metadata: root.Metadata}
		details = append(details, info)
	}
	if detail := detailOf(failure); detail != nil {
		details = append(details, protoadapt.MessageV1Of(detail))
	}
	made, err := status.New(status.Code(failure), root.Message).WithDetails(details...)
	if err != nil {
		return nil, driverError("an item's error cannot be put together: %v", err)
	}
	return made.Proto(), nil
}

// detailOf is what the error has beside the root's fields; nil where it has nothing.
func detailOf(failure error) proto.Message {
	switch failure := failure.(type) {
	case *onduty.InvalidRequestError:
		bad := &errdetails.BadRequest{}
		for _, one := range failure.Violations {
			violation := &errdetails.BadRequest_FieldViolation{Field: one.Field, Description: one.Description}
			bad.FieldViolations = append(bad.FieldViolations, violation)
		}
		if len(bad.FieldViolations) > 0 {
			return bad
		}
	case *onduty.RefusedError:
		if failure.Current != nil || failure.Allowed != nil {
			return &ondutyv1.TransitionRefusal{Current: failure.Current, Requested: failure.Requested, Allowed: failure.Allowed}
		}
	case *onduty.RevisionMismatchError:
		if failure.Current != nil {
			return &ondutyv1.RevisionMismatch{Current: failure.Current, ExpectedRevision: failure.ExpectedRevision}
		}
	}
	return nil
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
		if to := m.GetChoice(); to != nil {
			return done(c.of(m).ChangeStatus(ctx, to.GetStatus(), to.GetBreakReason(), m.GetNote(), optionsOf(m)...))
		}
	case *ondutyv1.SetNextStatusRequest:
		if to := m.GetChoice(); to != nil {
			return done(c.of(m).SetNextStatus(ctx, to.GetStatus(), to.GetBreakReason(), optionsOf(m)...))
		}
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
		if m.GetPageSize() == 0 && m.GetPageToken() == "" {
			return done(breakReasons(ctx, onduty.NewWorkspaceClient(c.Connection, ""), m.GetIncludeDisabled(), m.GetAtLeast()))
		}
	}
	return nil, nil, false
}

// breakReasons puts the answer together again from the client's list.
func breakReasons(
	ctx context.Context, of *onduty.WorkspaceClient, includeDisabled bool, atLeast string,
) (*ondutyv1.ListBreakReasonsResponse, error) {
	list, err := of.BreakReasons(ctx, includeDisabled, atLeast)
	if err != nil {
		return nil, err
	}
	return &ondutyv1.ListBreakReasonsResponse{BreakReasons: list.BreakReasons, Position: list.Position}, nil
}

// of is a client for the staff member that the request names.
func (c *connection) of(message interface{ GetStaffId() string }) *onduty.WorkspaceClient {
	return onduty.NewWorkspaceClient(c.Connection, message.GetStaffId())
}
