package onduty

// The claims of a router: the three ways to say whom to claim, and what becomes of a claim. Whom the service chooses is its own
// rule.

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// ClaimTerms are what every claim can say beside call and target. The zero value leaves all of it to the service.
type ClaimTerms struct {
	// TTL is how long the offer lasts, 1 s to 10 min. 0: the policy's claim_ttl.
	TTL time.Duration
	// Direction is the kind of the call; unspecified: INBOUND. It says what must be open to the staff member.
	Direction ondutyv1.Direction
	// Source is the telephony source that will report the call's end, up to 128 characters. May be empty.
	Source string
	// AnotherOffer claims also where the call is on offer already. Without it that offer is the answer, with already_offered set:
	// of ClaimFirst and ClaimMember whoever has it, of Claim where the named one has it.
	AnotherOffer bool
}

// MemberTerms say which members of skill groups a claim is for.
type MemberTerms struct {
	// SkillGroups are the groups in order of preference, 1-20: the first that has somebody who can be given the call. [Groups]
	// makes them of names.
	SkillGroups []*ondutyv1.SkillGroupLevel
	// RequiredGroups are those that whoever is chosen must be in as well, up to 20.
	RequiredGroups []*ondutyv1.SkillGroupLevel
	// ExcludeStaffIDs are passed over, up to 1,000, as those who declined the call.
	ExcludeStaffIDs []string
	// Order says whom to choose of several; unspecified: LONGEST_IDLE.
	Order ondutyv1.ClaimOrder
}

// Groups are the skill groups of these names, where any level will do.
func Groups(names ...string) []*ondutyv1.SkillGroupLevel {
	groups := make([]*ondutyv1.SkillGroupLevel, 0, len(names))
	for _, name := range names {
		groups = append(groups, &ondutyv1.SkillGroupLevel{Name: name})
	}
	return groups
}

// Claim claims one staff member, by id, for a call. Of any number of routers that claim the same person at once, one wins; the
// others get a RefusedError, whose Current says why.
func (r *RouterClient) Claim(
	ctx context.Context, callID, staffID string, terms ClaimTerms, options ...CallOption,
) (*ondutyv1.ClaimStaffResponse, error) {
	with := chosen(options)
	request := claimOf(callID, terms, with)
	request.Target = &ondutyv1.ClaimStaffRequest_Named{
		Named: &ondutyv1.NamedStaff{StaffId: staffID, ExpectedRevision: with.expectedRevision},
	}
	return r.stub.ClaimStaff(ctx, request)
}

// ClaimFirst claims the first of up to 100 staff members, the best first, who can be given the call. It fails with a
// NobodyAvailableError where none of them can.
func (r *RouterClient) ClaimFirst(
	ctx context.Context, callID string, staffIDs []string, terms ClaimTerms, options ...CallOption,
) (*ondutyv1.ClaimStaffResponse, error) {
	request := claimOf(callID, terms, chosen(options))
	request.Target = &ondutyv1.ClaimStaffRequest_Candidates{Candidates: &ondutyv1.Candidates{StaffIds: staffIDs}}
	return r.stub.ClaimStaff(ctx, request)
}

// ClaimMember claims a member of skill groups: of the first group that has somebody who can be given the call. It fails with a
// NobodyAvailableError, whose SkillGroups say what the members do, where nobody can.
func (r *RouterClient) ClaimMember(
	ctx context.Context, callID string, members MemberTerms, terms ClaimTerms, options ...CallOption,
) (*ondutyv1.ClaimStaffResponse, error) {
	request := claimOf(callID, terms, chosen(options))
	request.Target = &ondutyv1.ClaimStaffRequest_GroupMember{GroupMember: &ondutyv1.GroupMember{
		SkillGroups: members.SkillGroups, RequiredGroups: members.RequiredGroups,
		ExcludeStaffIds: members.ExcludeStaffIDs, Order: members.Order,
	}}
	return r.stub.ClaimStaff(ctx, request)
}

// claimOf is a claim that has no target yet.
func claimOf(callID string, terms ClaimTerms, with callOptions) *ondutyv1.ClaimStaffRequest {
	request := &ondutyv1.ClaimStaffRequest{
		CallId: callID, Direction: terms.Direction, Source: terms.Source, AnotherOffer: terms.AnotherOffer,
		RequestId: with.requestID,
	}
	if terms.TTL != 0 {
		request.Ttl = durationpb.New(terms.TTL)
	}
	return request
}

// Withdraw takes a claim back, as when the caller hung up. The reason may be unspecified; UNREACHABLE holds the staff member off
// for as long as the policy says. No miss is counted; a claim that has ended stays as it is.
func (r *RouterClient) Withdraw(
	ctx context.Context, claimID string, reason ondutyv1.WithdrawReason, options ...CallOption,
) (*ondutyv1.WithdrawClaimResponse, error) {
	with := chosen(options)
	return r.stub.WithdrawClaim(ctx, &ondutyv1.WithdrawClaimRequest{
		ClaimId: claimID, Reason: reason, RequestId: with.requestID, ExpectedRevision: with.expectedRevision,
	})
}

// GetClaim reads a claim at or after the position atLeast (empty: the present state): whether it is outstanding, or how it ended.
// It fails with a NotFoundError where the claim is not known, or forgotten.
func (r *RouterClient) GetClaim(ctx context.Context, claimID, atLeast string) (*ondutyv1.GetClaimResponse, error) {
	return r.stub.GetClaim(ctx, &ondutyv1.GetClaimRequest{ClaimId: claimID, AtLeast: atLeast})
}
