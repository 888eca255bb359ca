package main

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	onduty "onduty.dev/client/gen/onduty/v1"
)

const (
	itemsMost  = 1000
	groupCount = 20
	// breakReason is why somebody is on a break, where a measurement wants that.
	breakReason = "lunch"
)

// staffID names a staff member of the bench.
func staffID(number int) string { return fmt.Sprintf("staff-%06d", number) }

// seed creates staff in a tenant, each in two skill groups, and switches wrap-up off, so that a request makes one change
// and no timer makes another. With signIn they are signed in, AVAILABLE.
func seed(ctx context.Context, target, tenant string, count int, signIn, onBreak bool) error {
	connection, err := grpc.NewClient("passthrough:///"+target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithNoProxy(), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<26)))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx = inTenant(ctx, tenant)
	admin, supervisor := onduty.NewAdminServiceClient(connection), onduty.NewSupervisorServiceClient(connection)
	_, err = admin.UpdatePolicy(ctx, &onduty.UpdatePolicyRequest{
		Policy:     &onduty.Policy{AfterCallWork: &onduty.AfterCallWorkPolicy{Enabled: proto.Bool(false)}},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"after_call_work.enabled"}},
	})
	if err == nil && onBreak {
		_, err = admin.CreateBreakReason(ctx, &onduty.CreateBreakReasonRequest{Code: breakReason, DisplayName: "Lunch"})
	}
	for first := 0; err == nil && first < count; first += itemsMost {
		last := min(first+itemsMost, count)
		err = createStaff(ctx, admin, first, last)
		if err == nil && signIn {
			err = signStaffIn(ctx, supervisor, first, last, onBreak)
		}
	}
	return err
}

func createStaff(ctx context.Context, admin onduty.AdminServiceClient, first, last int) error {
	request := &onduty.BatchCreateStaffRequest{}
	for n := first; n < last; n++ {
		request.Requests = append(request.Requests, &onduty.CreateStaffRequest{
			StaffId:     staffID(n),
			DisplayName: fmt.Sprintf("Staff Member %d", n),
			SkillGroups: []*onduty.SkillGroup{
				{Name: fmt.Sprintf("group-%02d", n%groupCount)}, {Name: fmt.Sprintf("team-%02d", n/50%groupCount)},
			},
		})
	}
	answer, err := admin.BatchCreateStaff(ctx, request)
	if err != nil {
		return err
	}
	return firstRefusal(answer.Results)
}

func signStaffIn(ctx context.Context, supervisor onduty.SupervisorServiceClient, first, last int, onBreak bool) error {
	choice := &onduty.StatusChoice{Status: onduty.Status_STATUS_AVAILABLE}
	if onBreak {
		choice = &onduty.StatusChoice{Status: onduty.Status_STATUS_ON_BREAK, BreakReason: breakReason}
	}
	request := &onduty.BatchForceStatusRequest{}
	for n := first; n < last; n++ {
		request.Requests = append(request.Requests, &onduty.ForceStatusRequest{
			StaffId: staffID(n), Choice: choice, Note: "bench",
		})
	}
	answer, err := supervisor.BatchForceStatus(ctx, request)
	if err != nil {
		return err
	}
	return firstRefusal(answer.Results)
}

// firstRefusal is the error of the first item of a batch that was refused.
func firstRefusal(results []*onduty.ItemResult) error {
	for _, result := range results {
		if result.GetError() != nil {
			return errors.New(result.GetError().String())
		}
	}
	return nil
}
