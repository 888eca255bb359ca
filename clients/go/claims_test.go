package onduty_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// ofSales are the members of the group in which create puts everybody.
var ofSales = onduty.MemberTerms{SkillGroups: onduty.Groups("sales")}

// Of many routers that claim the same person at once one wins, and the others are told who won it from them.
func TestClaimRaceHasOneWinner(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	signIn(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	const routers = 20
	outcomes := make(chan error, routers)
	var racing sync.WaitGroup
	for number := range routers {
		racing.Add(1)
		go func() {
			defer racing.Done()
			_, err := router.Claim(soon(t), fmt.Sprint("c-", number), "kim", onduty.ClaimTerms{TTL: lasting})
			outcomes <- err
		}()
	}
	racing.Wait()
	won := 0
	for range routers {
		err := <-outcomes
		var refused *onduty.RefusedError
		switch {
		case err == nil:
			won++
		case !errors.As(err, &refused) || refused.Reason != "STAFF_NOT_ASSIGNABLE" || refused.Current.GetOffer() == nil:
			t.Errorf("refused with %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

// A claim on a group in which nobody is free says how the group stands.
func TestClaimOnABusyGroupTellsTheCounts(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	_, err := onduty.NewRouterClient(connection).ClaimMember(soon(t), "c-1", ofSales, onduty.ClaimTerms{})
	var nobody *onduty.NobodyAvailableError
	if !errors.As(err, &nobody) || len(nobody.Counts) != 1 || nobody.Counts[0].GetCount() != 2 ||
		len(nobody.SkillGroups) != 1 || nobody.SkillGroups[0].GetSkillGroup() != "sales" || nobody.SkillGroups[0].GetTotal() != 2 {
		t.Errorf("got %+v", err)
	}
}

// What the service must have of a claim and does not get, it names.
func TestClaimWithoutATargetIsRefused(t *testing.T) {
	router := onduty.NewRouterClient(connected(t))
	_, named := router.Claim(soon(t), "c", "", onduty.ClaimTerms{})
	_, first := router.ClaimFirst(soon(t), "c", nil, onduty.ClaimTerms{})
	_, member := router.ClaimMember(soon(t), "c", onduty.MemberTerms{}, onduty.ClaimTerms{})
	for _, err := range []error{named, first, member} {
		var invalid *onduty.InvalidRequestError
		if !errors.As(err, &invalid) || len(invalid.Violations) == 0 {
			t.Errorf("got %v", err)
		}
	}
}

// Each way to claim says the same of the call and its own of whom: what is not given is not sent.
func TestClaimsAskForTheirTargets(t *testing.T) {
	asked := make(chan *ondutyv1.ClaimStaffRequest, 1)
	script := &scripted{claimed: func(request *ondutyv1.ClaimStaffRequest) (*ondutyv1.ClaimStaffResponse, error) {
		asked <- request
		return &ondutyv1.ClaimStaffResponse{ClaimId: "claim-1", AlreadyOffered: true}, nil
	}}
	router := onduty.NewRouterClient(connect(t, onduty.Options{Target: serve(t, script, nil)}))
	terms := onduty.ClaimTerms{
		TTL: time.Minute, Direction: ondutyv1.Direction_DIRECTION_TRANSFER, Source: "pbx", AnotherOffer: true,
	}
	members := onduty.MemberTerms{
		SkillGroups: onduty.Groups("cards", "loans"), RequiredGroups: []*ondutyv1.SkillGroupLevel{{Name: "dutch", MinLevel: 60}},
		ExcludeStaffIDs: []string{"ana"}, Order: ondutyv1.ClaimOrder_CLAIM_ORDER_HIGHEST_LEVEL,
	}
	id, guard := onduty.WithRequestID("r-1"), onduty.WithExpectedRevision(0)
	for _, one := range []struct {
		claim  func() (*ondutyv1.ClaimStaffResponse, error)
		target string
	}{
		{func() (*ondutyv1.ClaimStaffResponse, error) { return router.Claim(soon(t), "c-1", "kim", terms, id) },
			`named {staff_id: "kim"}`},
		{func() (*ondutyv1.ClaimStaffResponse, error) {
			return router.Claim(soon(t), "c-1", "kim", terms, id, guard)
		},
			`named {staff_id: "kim" expected_revision: 0}`},
		{func() (*ondutyv1.ClaimStaffResponse, error) {
			return router.ClaimFirst(soon(t), "c-1", []string{"lea", "kim"}, terms, id)
		}, `candidates {staff_ids: "lea" staff_ids: "kim"}`},
		{func() (*ondutyv1.ClaimStaffResponse, error) {
			return router.ClaimMember(soon(t), "c-1", members, terms, id)
		},
			`group_member {skill_groups {name: "cards"} skill_groups {name: "loans"}
			 required_groups {name: "dutch" min_level: 60} exclude_staff_ids: "ana" order: CLAIM_ORDER_HIGHEST_LEVEL}`},
	} {
		if got, err := one.claim(); err != nil || !got.GetAlreadyOffered() {
			t.Fatalf("%v, %v", got, err)
		}
		want := &ondutyv1.ClaimStaffRequest{}
		text := `call_id: "c-1" ttl {seconds: 60} direction: DIRECTION_TRANSFER source: "pbx" another_offer: true request_id: "r-1"`
		if err := prototext.Unmarshal([]byte(text+one.target), want); err != nil {
			t.Fatal(err)
		}
		if got := next(t, asked); !proto.Equal(got, want) {
			t.Errorf("asked %v, want %v", got, want)
		}
	}
}

// The same request id gives the same claim again, and a withdrawn one changes nothing twice.
func TestClaimAndWithdrawAreIdempotent(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	signIn(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	claim := func() *ondutyv1.ClaimStaffResponse {
		made, err := router.ClaimMember(soon(t), "c-1", ofSales, onduty.ClaimTerms{TTL: lasting}, onduty.WithRequestID("claim-1"))
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	first, again := claim(), claim()
	if first.GetReplayed() || !again.GetReplayed() || first.GetClaimId() != again.GetClaimId() {
		t.Errorf("first %v, again %v", first, again)
	}
	for _, applied := range []bool{true, false} {
		if got, err := router.Withdraw(soon(t), first.GetClaimId(), ondutyv1.WithdrawReason_WITHDRAW_REASON_CALLER_GONE); err != nil || got.GetApplied() != applied {
			t.Errorf("withdrew: %v, %v", got, err)
		}
	}
}

// Of several the first who can be given the call is claimed; where the call is on offer already that offer is the answer, unless
// another one is asked for.
func TestClaimFirstTakesWhoCan(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim", "lea")
	signIn(t, connection, "lea")
	router := onduty.NewRouterClient(connection)
	terms, both := onduty.ClaimTerms{TTL: lasting}, []string{"kim", "lea"}
	first, err := router.ClaimFirst(soon(t), "c-1", both, terms)
	if err != nil || first.GetStaff().GetStaffId() != "lea" || first.GetAlreadyOffered() {
		t.Fatalf("%v, %v", first, err)
	}
	again, err := router.ClaimFirst(soon(t), "c-1", both, terms)
	if err != nil || again.GetClaimId() != first.GetClaimId() || !again.GetAlreadyOffered() {
		t.Errorf("%v, %v", again, err)
	}
	terms.AnotherOffer = true
	var nobody *onduty.NobodyAvailableError
	if _, err := router.ClaimFirst(soon(t), "c-1", both, terms); !errors.As(err, &nobody) || len(nobody.SkillGroups) != 0 ||
		len(nobody.Counts) != 2 {
		t.Errorf("got %+v", err)
	}
}

// Levels, preference and those who are passed over say who of several groups is claimed.
func TestClaimMemberGoesByItsTerms(t *testing.T) {
	connection := connected(t)
	admin := ondutyv1.NewAdminServiceClient(connection)
	for id, groups := range map[string][]*ondutyv1.SkillGroup{
		"kim": {{Name: "cards", Level: 40}}, "lea": {{Name: "cards", Level: 90}, {Name: "dutch"}}, "bo": {{Name: "loans"}},
	} {
		if _, err := admin.CreateStaff(soon(t), &ondutyv1.CreateStaffRequest{StaffId: id, SkillGroups: groups}); err != nil {
			t.Fatal(err)
		}
		signIn(t, connection, id)
	}
	router := onduty.NewRouterClient(connection)
	preferred := []*ondutyv1.SkillGroupLevel{{Name: "cards", MinLevel: 60}, {Name: "loans"}}
	for _, one := range []struct {
		members      onduty.MemberTerms
		staff, group string
	}{
		{onduty.MemberTerms{SkillGroups: preferred, RequiredGroups: onduty.Groups("dutch")}, "lea", "cards"},
		{onduty.MemberTerms{SkillGroups: preferred, ExcludeStaffIDs: []string{"lea"}}, "bo", "loans"},
		{onduty.MemberTerms{SkillGroups: onduty.Groups("cards")}, "kim", "cards"},
	} {
		got, err := router.ClaimMember(soon(t), "c-"+one.staff, one.members, onduty.ClaimTerms{TTL: lasting})
		if err != nil || got.GetStaff().GetStaffId() != one.staff || got.GetSkillGroup() != one.group {
			t.Errorf("%v, %v; want %s of %s", got, err, one.staff, one.group)
		}
	}
}

// A claim is read while it is outstanding, and after its end; one that never was is not found.
func TestGetClaimTellsTheEnd(t *testing.T) {
	connection := connected(t)
	create(t, connection, "kim")
	signIn(t, connection, "kim")
	router := onduty.NewRouterClient(connection)
	made, err := router.Claim(soon(t), "c-1", "kim", onduty.ClaimTerms{TTL: lasting})
	if err != nil {
		t.Fatal(err)
	}
	read := func(end ondutyv1.OfferEnd) {
		t.Helper()
		got, err := router.GetClaim(soon(t), made.GetClaimId(), made.GetPosition())
		if err != nil || got.GetClaim().GetStaffId() != "kim" || got.GetClaim().GetCallId() != "c-1" || got.GetClaim().GetEnd() != end {
			t.Errorf("%v, %v", got, err)
		}
	}
	read(ondutyv1.OfferEnd_OFFER_END_UNSPECIFIED)
	unreachable := ondutyv1.WithdrawReason_WITHDRAW_REASON_UNREACHABLE
	if got, err := router.Withdraw(soon(t), made.GetClaimId(), unreachable); err != nil || got.GetStaff().GetHoldOffEndsAt() == nil {
		t.Errorf("%v, %v", got, err)
	}
	read(ondutyv1.OfferEnd_OFFER_END_WITHDRAWN)
	var unknown *onduty.NotFoundError
	if _, err := router.GetClaim(soon(t), "never", ""); !errors.As(err, &unknown) || unknown.Reason != "CLAIM_UNKNOWN" {
		t.Errorf("got %v", err)
	}
}
