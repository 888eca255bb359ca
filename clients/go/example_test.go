package onduty_test

import (
	"context"
	"errors"
	"fmt"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// A router keeps a live copy of its group, and claims somebody when the copy shows one.
func ExampleRouterClient() {
	ctx := context.Background()
	connection, err := onduty.Connect(onduty.Options{Target: "127.0.0.1:50051"})
	if err != nil {
		return // an *onduty.OptionError
	}
	defer func() { _ = connection.Close() }()
	router := onduty.NewRouterClient(connection)
	floor, err := router.Floor(&ondutyv1.StaffFilter{SkillGroups: []string{"cards"}}, onduty.FloorOptions{})
	if err != nil {
		return
	}
	floor.OnChange(func(change onduty.Change) {
		fmt.Println(change.Kind, change.StaffID, change.After.GetStatus())
	})
	if err := floor.WaitCurrent(ctx); err != nil || len(floor.Available("cards")) == 0 {
		return
	}
	claim, err := router.ClaimMember(ctx, "call-1", onduty.MemberTerms{SkillGroups: onduty.Groups("cards")}, onduty.ClaimTerms{})
	var nobody *onduty.NobodyAvailableError
	switch {
	case errors.As(err, &nobody):
		fmt.Println("another router was quicker:", nobody.Counts)
	case err == nil:
		fmt.Println("offered to", claim.GetStaff().GetStaffId())
	}
}

// A workspace attaches, signs in, and accepts what is offered.
func ExampleWorkspaceClient() {
	ctx := context.Background()
	connection, err := onduty.Connect(onduty.Options{Target: "127.0.0.1:50051"})
	if err != nil {
		return
	}
	defer func() { _ = connection.Close() }()
	desk := onduty.NewWorkspaceClient(connection, "ana")
	states := desk.States(ctx) // the latest state, bounded to one
	if err := errors.Join(desk.Attach(), desk.WaitAttached(ctx)); err != nil {
		return
	}
	if _, err := desk.ChangeStatus(ctx, ondutyv1.Status_STATUS_AVAILABLE, "", ""); err != nil {
		return
	}
	for state := range states { // ends with the attachment
		if state.Staff.GetOffer() != nil {
			_, err = desk.Accept(ctx, "") // the offer of the known state
			fmt.Println("accepted:", err)
		}
		if left, counting := desk.RemainingWrapUp(); counting {
			fmt.Println("wrap-up ends in", left)
		}
	}
}
