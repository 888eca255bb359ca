package onduty

// The errors of calls: a root with what each has, and a type a kind. How a failure becomes one of them is in errors_mapping.go;
// nothing here reads a gRPC status's details.

import (
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

// OndutyError is the root of every failure of a call, and the failure itself where no other type fits. Each of the other types
// wraps one: errors.As finds the kind, and the root as well.
//
// It wraps [context.DeadlineExceeded] and [context.Canceled] where they are the cause.
type OndutyError struct {
	// Code is the gRPC code's name, as "FAILED_PRECONDITION".
	Code string
	// Reason is the name in ErrorReason without its prefix, as "TRANSITION_REFUSED". Empty: the failure is not the service's own.
	Reason string
	// Message is the failure in words, for people.
	Message string
	// Metadata is that of the reason; the contract's ErrorReason says which keys. Nil: none.
	Metadata map[string]string
	// RequestID is the id of the mutation that failed. Empty where none was asked.
	RequestID string

	grpcCode codes.Code
	cause    error
}

// Error is the sentence for people.
func (e *OndutyError) Error() string {
	parts := []string{"onduty"}
	if e.Reason != "" {
		parts = append(parts, e.Reason)
	} else {
		parts = append(parts, e.Code)
	}
	return strings.Join(append(parts, e.Message), ": ")
}

// Unwrap gives the cause, nil where the answer itself was the failure.
func (e *OndutyError) Unwrap() error { return e.cause }

// GRPCStatus lets status.Code and status.FromError read the error.
func (e *OndutyError) GRPCStatus() *status.Status { return status.New(e.grpcCode, e.Message) }

// FieldViolation is a field at fault.
type FieldViolation struct {
	// Field is the field's path in the request.
	Field string
	// Description says what is wrong with it.
	Description string
}

// InvalidRequestError says that the request itself is wrong: INVALID_FIELD, MALFORMED_REQUEST, REQUEST_TOO_LARGE,
// REQUEST_ID_REUSED, BREAK_REASON_UNKNOWN, BREAK_REASON_DISABLED, PAGE_TOKEN_INVALID, QUERY_TOO_LONG, POSITION_MALFORMED.
type InvalidRequestError struct {
	*OndutyError
	// Violations are the fields at fault, up to 20. Empty where the reason is not about fields.
	Violations []FieldViolation
}

// Unwrap gives the root.
func (e *InvalidRequestError) Unwrap() error { return e.OndutyError }

// NotFoundError says that there is no such thing: STAFF_UNKNOWN, CLAIM_UNKNOWN.
type NotFoundError struct{ *OndutyError }

// Unwrap gives the root.
func (e *NotFoundError) Unwrap() error { return e.OndutyError }

// AlreadyExistsError says that the id or code is taken: STAFF_EXISTS, BREAK_REASON_EXISTS.
type AlreadyExistsError struct{ *OndutyError }

// Unwrap gives the root.
func (e *AlreadyExistsError) Unwrap() error { return e.OndutyError }

// RefusedError says that the present state does not allow what was asked; nothing changed: TRANSITION_REFUSED,
// STAFF_NOT_ASSIGNABLE, OFFER_GONE, STAFF_SIGNED_IN, BREAK_REASON_BUILT_IN, COLLEAGUES_HIDDEN, STAFF_NOT_DELETED.
type RefusedError struct {
	*OndutyError
	// Current is the present state. Nil where the server sent none.
	Current *ondutyv1.Staff
	// Requested is what was asked. Unspecified where the server sent none.
	Requested ondutyv1.Action
	// Allowed is what the present state allows. Nil where the server sent none.
	Allowed []ondutyv1.Action
}

// Unwrap gives the root.
func (e *RefusedError) Unwrap() error { return e.OndutyError }

// NobodyAvailableError says that none of the candidates, or nobody in the skill groups, can be given the call now:
// NOBODY_AVAILABLE.
type NobodyAvailableError struct {
	*OndutyError
	// Counts are all who were asked about, by status; nobody counts twice, and statuses that nobody has are left out.
	Counts []*ondutyv1.StatusCount
	// SkillGroups are the members of each group that was asked, in the order of the request. Empty with candidates.
	SkillGroups []*ondutyv1.SkillGroupSummary
}

// Unwrap gives the root.
func (e *NobodyAvailableError) Unwrap() error { return e.OndutyError }

// RevisionMismatchError says that there was a change since the expected revision; read again and decide anew: REVISION_MISMATCH.
type RevisionMismatchError struct {
	*OndutyError
	// Current is the staff member's present state. Nil where the server sent none.
	Current *ondutyv1.Staff
	// ExpectedRevision is the revision that was expected. Nil where the server did not say.
	ExpectedRevision *int64
}

// Unwrap gives the root.
func (e *RevisionMismatchError) Unwrap() error { return e.OndutyError }

// PositionError says that the position is of no use any more; watch or list afresh, without it: POSITION_TOO_OLD,
// POSITION_IN_FUTURE, POSITION_EPOCH_ENDED, POSITION_FOREIGN, POSITION_FILTER_CHANGED.
type PositionError struct{ *OndutyError }

// Unwrap gives the root.
func (e *PositionError) Unwrap() error { return e.OndutyError }

// ReplacedError says that a workspace attached with the same id, and took the place of this one; do not attach again by
// yourself: ATTACHMENT_REPLACED.
type ReplacedError struct {
	*OndutyError
	// WorkspaceID is the id that both have. Empty where the server did not say.
	WorkspaceID string
}

// Unwrap gives the root.
func (e *ReplacedError) Unwrap() error { return e.OndutyError }

// OverloadedError says that the server has too much to do for this caller, or for this staff member: WATCH_QUOTA,
// ATTACHMENT_QUOTA, OVERLOADED, RATE_LIMITED, WATCHER_TOO_SLOW.
type OverloadedError struct {
	*OndutyError
	// RetryAfter is how long the server asks to wait. 0 where it did not say.
	RetryAfter time.Duration
}

// Unwrap gives the root.
func (e *OverloadedError) Unwrap() error { return e.OndutyError }

// UnavailableError says that the service cannot be reached or cannot write now: JOURNAL_UNAVAILABLE, LEADER_UNAVAILABLE, DRAINING,
// ISSUER_UNAVAILABLE, and gRPC's UNAVAILABLE. Mutations were already retried.
type UnavailableError struct {
	*OndutyError
	// RetryAfter is how long the server asks to wait. 0 where it did not say.
	RetryAfter time.Duration
}

// Unwrap gives the root.
func (e *UnavailableError) Unwrap() error { return e.OndutyError }

// TimedOutError says that no answer came in time. The outcome is unknown: ask again with the same request id.
type TimedOutError struct{ *OndutyError }

// Unwrap gives the root.
func (e *TimedOutError) Unwrap() error { return e.OndutyError }

// AccessError says that the caller may not: UNAUTHENTICATED, PERMISSION_DENIED.
type AccessError struct{ *OndutyError }

// Unwrap gives the root.
func (e *AccessError) Unwrap() error { return e.OndutyError }

// UnsupportedError says that the server does not know the method: METHOD_UNKNOWN.
type UnsupportedError struct{ *OndutyError }

// Unwrap gives the root.
func (e *UnsupportedError) Unwrap() error { return e.OndutyError }

// InternalError says that the service has an unforeseen fault: INTERNAL.
type InternalError struct {
	*OndutyError
	// IncidentID names the fault in the server's log. Empty where the failure is not the service's own.
	IncidentID string
}

// Unwrap gives the root.
func (e *InternalError) Unwrap() error { return e.OndutyError }
