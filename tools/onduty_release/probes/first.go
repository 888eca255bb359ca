// Signs somebody in, sees it on the floor, and claims the person for a call: what a first program does, with the module alone.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	staffID := os.Args[2]
	connection, err := onduty.Connect(onduty.Options{Target: os.Args[1]})
	check(err)
	defer connection.Close()
	desk := onduty.NewWorkspaceClient(connection, staffID)
	check(desk.Attach())
	check(desk.WaitAttached(ctx))
	_, err = desk.ChangeStatus(ctx, ondutyv1.Status_STATUS_AVAILABLE, "", "")
	check(err)
	fmt.Println(staffID, "signed in")

	router := onduty.NewRouterClient(connection)
	floor, err := router.Floor(nil, onduty.FloorOptions{})
	check(err)
	check(floor.WaitCurrent(ctx))
	for !shows(floor, staffID) {
		check(ctx.Err())
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("the floor shows", staffID)
	claim, err := router.Claim(ctx, "call-"+staffID, staffID, onduty.ClaimTerms{})
	check(err)
	fmt.Println(claim.GetStaff().GetStaffId(), "is offered", claim.GetStaff().GetOffer().GetCallId())
	_, err = router.Withdraw(ctx, claim.GetClaimId(), ondutyv1.WithdrawReason_WITHDRAW_REASON_CALLER_GONE)
	check(err)
	_, err = desk.ChangeStatus(ctx, ondutyv1.Status_STATUS_OFFLINE, "", "")
	check(err)
}

func shows(floor *onduty.Floor, staffID string) bool {
	for _, staff := range floor.Available("") {
		if staff.GetStaffId() == staffID {
			return true
		}
	}
	return false
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
