package onduty_test

import (
	"testing"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
	"onduty.dev/client/internal/realserver"
)

// The server tells version, store and limits, and as whom it understood the connection.
func TestServerInfoTellsTheServerAndTheCaller(t *testing.T) {
	address, tenant := realserver.Shared(t)
	connection := connect(t, onduty.Options{Target: address, Tenant: tenant, Actor: "lea"})
	info, err := connection.ServerInfo(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	if info.GetVersion() == "" || len(info.GetStoreId()) != 16 || info.GetLimits().GetBatchItems() != 1000 {
		t.Errorf("got %v", info)
	}
	if caller := info.GetCaller(); caller.GetTenant() != tenant || caller.GetActorId() != "lea" {
		t.Errorf("got %v", caller)
	}
}

// The history names the connection's actor for what a supervisor did.
func TestHistoryNamesTheActor(t *testing.T) {
	address, tenant := realserver.Shared(t)
	connection := connect(t, onduty.Options{Target: address, Tenant: tenant, Actor: "lea"})
	staff := &ondutyv1.CreateStaffRequest{StaffId: "ana"}
	if _, err := ondutyv1.NewAdminServiceClient(connection).CreateStaff(soon(t), staff); err != nil {
		t.Fatal(err)
	}
	force := &ondutyv1.ForceStatusRequest{StaffId: "ana", Choice: &ondutyv1.StatusChoice{Status: ondutyv1.Status_STATUS_BUSY}, Note: "because"}
	if _, err := ondutyv1.NewSupervisorServiceClient(connection).ForceStatus(soon(t), force); err != nil {
		t.Fatal(err)
	}
	newest := &ondutyv1.ListTransitionsRequest{NewestFirst: true, PageSize: 1}
	found, err := ondutyv1.NewHistoryServiceClient(connection).ListTransitions(soon(t), newest)
	if err != nil || len(found.GetTransitions()) != 1 {
		t.Fatalf("got %v, %v", found, err)
	}
	if actor := found.GetTransitions()[0].GetActor(); actor.GetId() != "lea" {
		t.Errorf("got %v", actor)
	}
}
