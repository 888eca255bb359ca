package onduty_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"

	onduty "onduty.dev/client"
	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// kinds is the contract's table.
var kinds = map[string]string{
	"INVALID_FIELD": "InvalidRequestError", "MALFORMED_REQUEST": "InvalidRequestError", "REQUEST_TOO_LARGE": "InvalidRequestError",
	"REQUEST_ID_REUSED": "InvalidRequestError", "BREAK_REASON_UNKNOWN": "InvalidRequestError",
	"BREAK_REASON_DISABLED": "InvalidRequestError", "PAGE_TOKEN_INVALID": "InvalidRequestError",
	"POSITION_MALFORMED": "InvalidRequestError", "QUERY_TOO_LONG": "InvalidRequestError",
	"STAFF_UNKNOWN": "NotFoundError", "CLAIM_UNKNOWN": "NotFoundError",
	"STAFF_EXISTS": "AlreadyExistsError", "BREAK_REASON_EXISTS": "AlreadyExistsError",
	"TRANSITION_REFUSED": "RefusedError", "STAFF_NOT_ASSIGNABLE": "RefusedError", "OFFER_GONE": "RefusedError",
	"STAFF_SIGNED_IN": "RefusedError", "BREAK_REASON_BUILT_IN": "RefusedError",
	"COLLEAGUES_HIDDEN": "RefusedError", "STAFF_NOT_DELETED": "RefusedError", "ATTACHMENT_REPLACED": "ReplacedError",
	"NOBODY_AVAILABLE": "NobodyAvailableError", "REVISION_MISMATCH": "RevisionMismatchError",
	"POSITION_TOO_OLD": "PositionError", "POSITION_IN_FUTURE": "PositionError", "POSITION_FOREIGN": "PositionError",
	"POSITION_FILTER_CHANGED": "PositionError", "POSITION_EPOCH_ENDED": "PositionError",
	"WATCH_QUOTA": "OverloadedError", "OVERLOADED": "OverloadedError", "WATCHER_TOO_SLOW": "OverloadedError",
	"ATTACHMENT_QUOTA": "OverloadedError", "RATE_LIMITED": "OverloadedError",
	"JOURNAL_UNAVAILABLE": "UnavailableError", "LEADER_UNAVAILABLE": "UnavailableError", "DRAINING": "UnavailableError", "ISSUER_UNAVAILABLE": "UnavailableError",
	"UNAUTHENTICATED": "AccessError", "PERMISSION_DENIED": "AccessError",
	"METHOD_UNKNOWN": "UnsupportedError", "INTERNAL": "InternalError",
}

func kindOf(err error) string {
	name := fmt.Sprintf("%T", err)
	return name[strings.LastIndex(name, ".")+1:]
}

func failedStatus(
	t *testing.T, code codes.Code, reason string, metadata map[string]string, details ...protoadapt.MessageV1,
) *status.Status {
	t.Helper()
	info := &errdetails.ErrorInfo{Reason: reason, Domain: "onduty.dev", Metadata: metadata}
	made, err := status.New(code, "in words").WithDetails(append([]protoadapt.MessageV1{info}, details...)...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// failure is the error of a call; that of an item with the same status is the same.
func failure(t *testing.T, code codes.Code, reason string, metadata map[string]string, details ...protoadapt.MessageV1) error {
	t.Helper()
	made := failedStatus(t, code, reason, metadata, details...)
	ofCall := onduty.ErrorFromStatus(made)
	ofItem := onduty.ErrorFromItem(&ondutyv1.ItemResult{Result: &ondutyv1.ItemResult_Error{Error: made.Proto()}})
	if kindOf(ofItem) != kindOf(ofCall) || ofItem.Error() != ofCall.Error() {
		t.Errorf("an item's error is %v, a call's %v", ofItem, ofCall)
	}
	return ofCall
}

// Every reason of the contract's enum has its kind: a new one fails here until it has.
func TestEveryReasonHasItsKind(t *testing.T) {
	for number, name := range ondutyv1.ErrorReason_name {
		if number == 0 {
			continue
		}
		reason := strings.TrimPrefix(name, "ERROR_REASON_")
		want, known := kinds[reason]
		if !known {
			t.Errorf("%s is not in the table of this test", reason)
		}
		// A code that is the root's: the kind comes from the reason alone.
		if got := kindOf(failure(t, codes.Aborted, reason, nil)); got != want {
			t.Errorf("%s is a %s, want %s", reason, got, want)
		}
	}
}

// A failure without a reason, or with one that the client does not know, goes by its gRPC code.
func TestFailureWithoutKnownReasonGoesByItsCode(t *testing.T) {
	for code, want := range map[codes.Code]string{
		codes.InvalidArgument: "InvalidRequestError", codes.NotFound: "NotFoundError", codes.AlreadyExists: "AlreadyExistsError",
		codes.FailedPrecondition: "RefusedError", codes.OutOfRange: "PositionError", codes.ResourceExhausted: "OverloadedError",
		codes.Unavailable: "UnavailableError", codes.DeadlineExceeded: "TimedOutError", codes.Unauthenticated: "AccessError",
		codes.PermissionDenied: "AccessError", codes.Unimplemented: "UnsupportedError", codes.Internal: "InternalError",
		codes.Unknown: "InternalError", codes.Aborted: "OndutyError", codes.Canceled: "OndutyError", codes.DataLoss: "OndutyError",
	} {
		if got := kindOf(onduty.ErrorFromStatus(status.New(code, ""))); got != want {
			t.Errorf("%v without a reason is a %s, want %s", code, got, want)
		}
		if got := kindOf(failure(t, code, "SOMETHING_NEW", nil)); got != want {
			t.Errorf("%v with a new reason is a %s, want %s", code, got, want)
		}
	}
}

// A reason of another domain is not the service's.
func TestReasonOfAnotherDomainIsNotTaken(t *testing.T) {
	made, _ := status.New(codes.Unavailable, "").WithDetails(&errdetails.ErrorInfo{Reason: "STAFF_UNKNOWN", Domain: "proxy"})
	var root *onduty.OndutyError
	if err := onduty.ErrorFromStatus(made); kindOf(err) != "UnavailableError" || !errors.As(err, &root) || root.Reason != "" {
		t.Errorf("got %v", err)
	}
}

// A detail that cannot be read says nothing, and the others count.
func TestUnreadableDetailIsPassedOver(t *testing.T) {
	told := failedStatus(t, codes.NotFound, "STAFF_UNKNOWN", nil).Proto()
	broken := &anypb.Any{TypeUrl: "type.googleapis.com/google.rpc.RetryInfo", Value: []byte{0xff}}
	unknown := &anypb.Any{TypeUrl: "type.googleapis.com/onduty.v1.OfANewerServer"}
	told.Details = append([]*anypb.Any{broken, unknown}, told.GetDetails()...)
	var root *onduty.OndutyError
	err := onduty.ErrorFromItem(&ondutyv1.ItemResult{Result: &ondutyv1.ItemResult_Error{Error: told}})
	if !errors.As(err, &root) || root.Reason != "STAFF_UNKNOWN" {
		t.Errorf("got %v", err)
	}
}

// The root is found in each kind, with code, reason, message and metadata, and gRPC's own reading of the status.
func TestRootIsFoundInEachKind(t *testing.T) {
	err := fmt.Errorf("while claiming: %w", failure(t, codes.NotFound, "STAFF_UNKNOWN", map[string]string{"staff_id": "kim"}))
	var root *onduty.OndutyError
	var kind *onduty.NotFoundError
	if !errors.As(err, &root) || !errors.As(err, &kind) {
		t.Fatalf("%v has no root or kind", err)
	}
	if root.Code != "NOT_FOUND" || root.Reason != "STAFF_UNKNOWN" || root.Message != "in words" || root.Metadata["staff_id"] != "kim" {
		t.Errorf("the root is %+v", root)
	}
	if status.Code(err) != codes.NotFound {
		t.Errorf("gRPC reads it as %v", status.Code(err))
	}
}

// A refusal carries the present state, what was asked and what is allowed.
func TestRefusalCarriesStateAndActions(t *testing.T) {
	err := failure(t, codes.FailedPrecondition, "TRANSITION_REFUSED", nil, protoadapt.MessageV1Of(&ondutyv1.TransitionRefusal{
		Current: &ondutyv1.Staff{StaffId: "kim"}, Requested: ondutyv1.Action_ACTION_PLACE_CALL,
		Allowed: []ondutyv1.Action{ondutyv1.Action_ACTION_CHANGE_TO_BUSY},
	}))
	var refused *onduty.RefusedError
	if !errors.As(err, &refused) || refused.Current.GetStaffId() != "kim" ||
		refused.Requested != ondutyv1.Action_ACTION_PLACE_CALL || len(refused.Allowed) != 1 {
		t.Errorf("got %+v", err)
	}
}

// The other details are in the fields of their kinds.
func TestDetailsAreInTheFields(t *testing.T) {
	wait := &errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)}
	var overloaded *onduty.OverloadedError
	if err := failure(t, codes.ResourceExhausted, "OVERLOADED", nil, wait); !errors.As(err, &overloaded) ||
		overloaded.RetryAfter != 1500*time.Millisecond {
		t.Errorf("got %+v", err)
	}
	var unavailable *onduty.UnavailableError
	if err := failure(t, codes.Unavailable, "DRAINING", nil, wait); !errors.As(err, &unavailable) ||
		unavailable.RetryAfter != 1500*time.Millisecond {
		t.Errorf("got %+v", err)
	}
	var internal *onduty.InternalError
	if err := failure(t, codes.Internal, "INTERNAL", map[string]string{"incident_id": "i-7"}); !errors.As(err, &internal) ||
		internal.IncidentID != "i-7" {
		t.Errorf("got %+v", err)
	}
	var invalid *onduty.InvalidRequestError
	fault := &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "ttl", Description: "too long"}}}
	if err := failure(t, codes.InvalidArgument, "INVALID_FIELD", nil, fault); !errors.As(err, &invalid) ||
		len(invalid.Violations) != 1 || invalid.Violations[0] != (onduty.FieldViolation{Field: "ttl", Description: "too long"}) {
		t.Errorf("got %+v", err)
	}
}

// A lost race, an empty group and a replaced workspace say what the server sent, or what the metadata has of it.
func TestRaceAndGroupAndWorkspaceAreInTheFields(t *testing.T) {
	var mismatch *onduty.RevisionMismatchError
	detail := protoadapt.MessageV1Of(&ondutyv1.RevisionMismatch{Current: &ondutyv1.Staff{Revision: 9}, ExpectedRevision: proto.Int64(0)})
	if err := failure(t, codes.Aborted, "REVISION_MISMATCH", nil, detail); !errors.As(err, &mismatch) ||
		mismatch.Current.GetRevision() != 9 || mismatch.ExpectedRevision == nil || *mismatch.ExpectedRevision != 0 {
		t.Errorf("got %+v", err)
	}
	metadata := map[string]string{"break_reason": "lunch", "expected_revision": "7"}
	if err := failure(t, codes.Aborted, "REVISION_MISMATCH", metadata); !errors.As(err, &mismatch) ||
		mismatch.Current != nil || mismatch.ExpectedRevision == nil || *mismatch.ExpectedRevision != 7 {
		t.Errorf("got %+v", err)
	}
	if err := failure(t, codes.Aborted, "REVISION_MISMATCH", nil); !errors.As(err, &mismatch) || mismatch.ExpectedRevision != nil {
		t.Errorf("got %+v", err)
	}
	var nobody *onduty.NobodyAvailableError
	group := protoadapt.MessageV1Of(&ondutyv1.NobodyAvailable{
		Counts: []*ondutyv1.StatusCount{{Count: 3}}, SkillGroups: []*ondutyv1.SkillGroupSummary{{SkillGroup: "sales"}},
	})
	if err := failure(t, codes.FailedPrecondition, "NOBODY_AVAILABLE", nil, group); !errors.As(err, &nobody) ||
		len(nobody.Counts) != 1 || len(nobody.SkillGroups) != 1 || nobody.SkillGroups[0].GetSkillGroup() != "sales" {
		t.Errorf("got %+v", err)
	}
	var replaced *onduty.ReplacedError
	if err := failure(t, codes.Aborted, "ATTACHMENT_REPLACED", map[string]string{"workspace_id": "desk-7"}); !errors.As(err, &replaced) ||
		replaced.WorkspaceID != "desk-7" {
		t.Errorf("got %+v", err)
	}
}

// A timeout is context.DeadlineExceeded as well, and no failure is no error.
func TestTimeoutWrapsTheContextsError(t *testing.T) {
	if err := onduty.ErrorFromStatus(status.New(codes.DeadlineExceeded, "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := onduty.ErrorFromStatus(status.New(codes.OK, "")); err != nil {
		t.Errorf("got %v", err)
	}
	for _, one := range []*ondutyv1.ItemResult{nil, {Result: &ondutyv1.ItemResult_Taken{}}} {
		if err := onduty.ErrorFromItem(one); err != nil {
			t.Errorf("got %v", err)
		}
	}
}
