package onduty

// How a status, of a call or of one item of a batch, becomes an error of the tree. This file decides nothing about retrying.

import (
	"context"
	"errors"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ondutyv1 "onduty.dev/client/gen/onduty/v1"
)

const (
	errorDomain  = "onduty.dev"
	reasonPrefix = "ERROR_REASON_"
)

// details are what comes with a failure beside the root's fields.
type details struct {
	violations []FieldViolation
	refusal    *ondutyv1.TransitionRefusal
	mismatch   *ondutyv1.RevisionMismatch
	nobody     *ondutyv1.NobodyAvailable
	retryAfter time.Duration
}

// kind makes the error of one type.
type kind func(*OndutyError, details) error

func rootError(root *OndutyError, _ details) error { return root }

func invalidRequestError(root *OndutyError, with details) error {
	return &InvalidRequestError{OndutyError: root, Violations: with.violations}
}

func notFoundError(root *OndutyError, _ details) error { return &NotFoundError{root} }

func alreadyExistsError(root *OndutyError, _ details) error { return &AlreadyExistsError{root} }

func refusedError(root *OndutyError, with details) error {
	return &RefusedError{
		OndutyError: root,
		Current:     with.refusal.GetCurrent(),
		Requested:   with.refusal.GetRequested(),
		Allowed:     with.refusal.GetAllowed(),
	}
}

func nobodyAvailableError(root *OndutyError, with details) error {
	return &NobodyAvailableError{
		OndutyError: root, Counts: with.nobody.GetCounts(), SkillGroups: with.nobody.GetSkillGroups(),
	}
}

func revisionMismatchError(root *OndutyError, with details) error {
	made := &RevisionMismatchError{OndutyError: root, Current: with.mismatch.GetCurrent()}
	if with.mismatch != nil {
		made.ExpectedRevision = with.mismatch.ExpectedRevision
	} else if told, err := strconv.ParseInt(root.Metadata["expected_revision"], 10, 64); err == nil {
		made.ExpectedRevision = &told // the metadata says it as well
	}
	return made
}

func positionError(root *OndutyError, _ details) error { return &PositionError{root} }

func replacedError(root *OndutyError, _ details) error {
	return &ReplacedError{OndutyError: root, WorkspaceID: root.Metadata["workspace_id"]}
}

func overloadedError(root *OndutyError, with details) error {
	return &OverloadedError{OndutyError: root, RetryAfter: with.retryAfter}
}

func unavailableError(root *OndutyError, with details) error {
	return &UnavailableError{OndutyError: root, RetryAfter: with.retryAfter}
}

func timedOutError(root *OndutyError, _ details) error { return &TimedOutError{root} }

func accessError(root *OndutyError, _ details) error { return &AccessError{root} }

func unsupportedError(root *OndutyError, _ details) error { return &UnsupportedError{root} }

func internalError(root *OndutyError, _ details) error {
	return &InternalError{OndutyError: root, IncidentID: root.Metadata["incident_id"]}
}

// kindOfReason has every reason of the contract; a test holds it against the enum.
var kindOfReason = map[ondutyv1.ErrorReason]kind{
	ondutyv1.ErrorReason_ERROR_REASON_INVALID_FIELD:           invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_MALFORMED_REQUEST:       invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_REQUEST_TOO_LARGE:       invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_REQUEST_ID_REUSED:       invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_BREAK_REASON_UNKNOWN:    invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_BREAK_REASON_DISABLED:   invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_PAGE_TOKEN_INVALID:      invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_QUERY_TOO_LONG:          invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_MALFORMED:      invalidRequestError,
	ondutyv1.ErrorReason_ERROR_REASON_STAFF_UNKNOWN:           notFoundError,
	ondutyv1.ErrorReason_ERROR_REASON_CLAIM_UNKNOWN:           notFoundError,
	ondutyv1.ErrorReason_ERROR_REASON_STAFF_EXISTS:            alreadyExistsError,
	ondutyv1.ErrorReason_ERROR_REASON_BREAK_REASON_EXISTS:     alreadyExistsError,
	ondutyv1.ErrorReason_ERROR_REASON_TRANSITION_REFUSED:      refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_STAFF_NOT_ASSIGNABLE:    refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_OFFER_GONE:              refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_STAFF_SIGNED_IN:         refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_BREAK_REASON_BUILT_IN:   refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_COLLEAGUES_HIDDEN:       refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_STAFF_NOT_DELETED:       refusedError,
	ondutyv1.ErrorReason_ERROR_REASON_NOBODY_AVAILABLE:        nobodyAvailableError,
	ondutyv1.ErrorReason_ERROR_REASON_REVISION_MISMATCH:       revisionMismatchError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_TOO_OLD:        positionError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_IN_FUTURE:      positionError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_EPOCH_ENDED:    positionError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_FOREIGN:        positionError,
	ondutyv1.ErrorReason_ERROR_REASON_POSITION_FILTER_CHANGED: positionError,
	ondutyv1.ErrorReason_ERROR_REASON_ATTACHMENT_REPLACED:     replacedError,
	ondutyv1.ErrorReason_ERROR_REASON_WATCH_QUOTA:             overloadedError,
	ondutyv1.ErrorReason_ERROR_REASON_ATTACHMENT_QUOTA:        overloadedError,
	ondutyv1.ErrorReason_ERROR_REASON_OVERLOADED:              overloadedError,
	ondutyv1.ErrorReason_ERROR_REASON_RATE_LIMITED:            overloadedError,
	ondutyv1.ErrorReason_ERROR_REASON_WATCHER_TOO_SLOW:        overloadedError,
	ondutyv1.ErrorReason_ERROR_REASON_JOURNAL_UNAVAILABLE:     unavailableError,
	ondutyv1.ErrorReason_ERROR_REASON_LEADER_UNAVAILABLE:      unavailableError,
	ondutyv1.ErrorReason_ERROR_REASON_DRAINING:                unavailableError,
	ondutyv1.ErrorReason_ERROR_REASON_ISSUER_UNAVAILABLE:      unavailableError,
	ondutyv1.ErrorReason_ERROR_REASON_UNAUTHENTICATED:         accessError,
	ondutyv1.ErrorReason_ERROR_REASON_PERMISSION_DENIED:       accessError,
	ondutyv1.ErrorReason_ERROR_REASON_METHOD_UNKNOWN:          unsupportedError,
	ondutyv1.ErrorReason_ERROR_REASON_INTERNAL:                internalError,
}

// kindOfCode is for failures without a reason, or with one of a newer server. The codes left out are the root's.
var kindOfCode = map[codes.Code]kind{
	codes.InvalidArgument:    invalidRequestError,
	codes.NotFound:           notFoundError,
	codes.AlreadyExists:      alreadyExistsError,
	codes.FailedPrecondition: refusedError,
	codes.OutOfRange:         positionError,
	codes.ResourceExhausted:  overloadedError,
	codes.Unavailable:        unavailableError,
	codes.DeadlineExceeded:   timedOutError,
	codes.Unauthenticated:    accessError,
	codes.PermissionDenied:   accessError,
	codes.Unimplemented:      unsupportedError,
	codes.Internal:           internalError,
	codes.Unknown:            internalError,
}

var codeNames = map[codes.Code]string{
	codes.OK: "OK", codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN", codes.InvalidArgument: "INVALID_ARGUMENT",
	codes.DeadlineExceeded: "DEADLINE_EXCEEDED", codes.NotFound: "NOT_FOUND", codes.AlreadyExists: "ALREADY_EXISTS",
	codes.PermissionDenied: "PERMISSION_DENIED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION", codes.Aborted: "ABORTED", codes.OutOfRange: "OUT_OF_RANGE",
	codes.Unimplemented: "UNIMPLEMENTED", codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
	codes.DataLoss: "DATA_LOSS", codes.Unauthenticated: "UNAUTHENTICATED",
}

// ErrorFromStatus makes the error of the tree for a status that is not OK; nil for one that is. The connection does it for every
// call; this is for statuses that come by another way.
func ErrorFromStatus(failure *status.Status) error { return errorOf(failure, "", nil) }

// ErrorFromItem makes the error of the tree for one item of a batch, the one that the same request would have had on its own; nil
// for an item that was taken, and for nil.
func ErrorFromItem(item *ondutyv1.ItemResult) error { return itemError(item, "") }

func errorOf(failure *status.Status, requestID string, cause error) error {
	if failure.Code() == codes.OK {
		return nil
	}
	root := newRoot(failure.Code(), failure.Message(), requestID, cause)
	var with details
	for _, detail := range failure.Details() {
		with.take(root, detail)
	}
	return makeError(root, with)
}

func (d *details) take(root *OndutyError, detail any) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		if detail.GetDomain() == errorDomain {
			root.Reason, root.Metadata = detail.GetReason(), detail.GetMetadata()
		}
	case *errdetails.BadRequest:
		for _, one := range detail.GetFieldViolations() {
			d.violations = append(d.violations, FieldViolation{one.GetField(), one.GetDescription()})
		}
	case *errdetails.RetryInfo:
		d.retryAfter = detail.GetRetryDelay().AsDuration()
	case *ondutyv1.TransitionRefusal:
		d.refusal = detail
	case *ondutyv1.RevisionMismatch:
		d.mismatch = detail
	case *ondutyv1.NobodyAvailable:
		d.nobody = detail
	}
}

func itemError(item *ondutyv1.ItemResult, requestID string) error {
	if item.GetError() == nil {
		return nil
	}
	return errorOf(status.FromProto(item.GetError()), requestID, nil)
}

func newRoot(code codes.Code, message, requestID string, cause error) *OndutyError {
	name, known := codeNames[code]
	if !known {
		name = "UNKNOWN"
	}
	if cause == nil && code == codes.DeadlineExceeded {
		cause = context.DeadlineExceeded
	}
	return &OndutyError{Code: name, Message: message, RequestID: requestID, grpcCode: code, cause: cause}
}

func makeError(root *OndutyError, with details) error {
	reason := ondutyv1.ErrorReason(ondutyv1.ErrorReason_value[reasonPrefix+root.Reason])
	for _, make := range []kind{kindOfReason[reason], kindOfCode[root.grpcCode]} {
		if make != nil {
			return make(root, with)
		}
	}
	return rootError(root, with)
}

// callError makes the error of a call that failed under ctx. Errors that are of the tree already stay as they are. isOver: the
// connection was closed, which ends its calls.
func callError(ctx context.Context, err error, requestID string, isOver bool) error {
	var known *OndutyError
	if err == nil {
		return nil
	}
	if errors.As(err, &known) {
		known.RequestID = requestID
		return err
	}
	failure := status.Convert(err)
	if failure.Code() == codes.Canceled && ctx.Err() == nil && !isOver {
		failure = unasked(failure)
	}
	var cause error
	if failure.Code() == codes.Canceled || failure.Code() == codes.DeadlineExceeded {
		cause = ctx.Err()
	}
	return errorOf(failure, requestID, cause)
}

// unasked is what a Canceled means that nobody asked for: a server that has too many calls, or a proxy that goes away.
func unasked(failure *status.Status) *status.Status {
	told := failure.Proto()
	told.Code = int32(codes.Unavailable)
	return status.FromProto(told)
}

// localError is a failure that the client finds itself, before any call.
func localError(code codes.Code, reason, message string, cause error) error {
	root := newRoot(code, message, "", cause)
	root.Reason = reason
	return makeError(root, details{})
}

// retryAfter is what the server asked for with the error; 0 where it asked for nothing.
func retryAfter(err error) time.Duration {
	var overloaded *OverloadedError
	var unavailable *UnavailableError
	switch {
	case errors.As(err, &overloaded):
		return overloaded.RetryAfter
	case errors.As(err, &unavailable):
		return unavailable.RetryAfter
	}
	return 0
}
