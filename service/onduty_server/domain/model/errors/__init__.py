"""Everything that can go wrong, as one tree of exceptions with fields; knows no wire codes.

OndutyError
├── CallerError                   the caller's to mend; sending the request again unchanged will not help
│   ├── InvalidFieldsError        fields out of their bounds, all of them at once
│   ├── StaffUnknownError / StaffExistsError / StaffSignedInError / StaffNotDeletedError
│   ├── TransitionRefusedError    the status does not allow it
│   │   ├── NotAssignableError    a claim on someone who cannot be assigned
│   │   └── OfferGoneError        an answer to an offer that is not outstanding
│   ├── NobodyAvailableError      a claim on a group or on candidates, none of whom can be given the call
│   ├── ClaimUnknownError
│   ├── RevisionMismatchError     the expected revision no longer holds
│   ├── RequestIdReusedError
│   ├── BreakReasonUnknownError / -DisabledError / -ExistsError / -BuiltInError
│   ├── Position errors           TooOld, InFuture, Foreign, FilterChanged, Malformed
│   ├── PageTokenInvalidError
│   ├── AttachmentReplacedError   the workspace has a newer stream
│   ├── ColleaguesHiddenError     the policy lets nobody see colleagues
│   └── UnauthenticatedError / PermissionDeniedError
├── ThrottledError                too much at once; the same request may succeed later
│   ├── OverloadedError           too many commands or bytes wait
│   ├── WatchQuotaError / AttachmentQuotaError
│   └── WatcherTooSlowError       a peer that did not read; it watches again
└── ServiceError                  ours; the same request may succeed later
    ├── JournalUnavailableError
    └── DrainingError
"""

from onduty_server.domain.model.errors.access import (
    AttachmentReplacedError,
    ColleaguesHiddenError,
    PageTokenInvalidError,
    PermissionDeniedError,
    PositionError,
    PositionFilterChangedError,
    PositionForeignError,
    PositionInFutureError,
    PositionMalformedError,
    PositionTooOldError,
    UnauthenticatedError,
)
from onduty_server.domain.model.errors.branches import (
    CallerError,
    OndutyError,
    ServiceError,
    ThrottledError,
)
from onduty_server.domain.model.errors.later import (
    AttachmentQuotaError,
    DrainingError,
    JournalUnavailableError,
    OverloadedError,
    WatcherTooSlowError,
    WatchQuotaError,
)
from onduty_server.domain.model.errors.refusals import (
    BreakReasonBuiltInError,
    BreakReasonDisabledError,
    BreakReasonError,
    BreakReasonExistsError,
    BreakReasonUnknownError,
    ClaimUnknownError,
    FieldViolation,
    GroupCounts,
    InvalidFieldsError,
    NobodyAvailableError,
    NotAssignableError,
    OfferGoneError,
    RequestIdReusedError,
    RevisionMismatchError,
    StaffExistsError,
    StaffNotDeletedError,
    StaffSignedInError,
    StaffUnknownError,
    TransitionRefusedError,
)

__all__ = [
    "AttachmentQuotaError",
    "AttachmentReplacedError",
    "BreakReasonBuiltInError",
    "BreakReasonDisabledError",
    "BreakReasonError",
    "BreakReasonExistsError",
    "BreakReasonUnknownError",
    "CallerError",
    "ClaimUnknownError",
    "ColleaguesHiddenError",
    "DrainingError",
    "FieldViolation",
    "GroupCounts",
    "InvalidFieldsError",
    "JournalUnavailableError",
    "NobodyAvailableError",
    "NotAssignableError",
    "OfferGoneError",
    "OndutyError",
    "OverloadedError",
    "PageTokenInvalidError",
    "PermissionDeniedError",
    "PositionError",
    "PositionFilterChangedError",
    "PositionForeignError",
    "PositionInFutureError",
    "PositionMalformedError",
    "PositionTooOldError",
    "RequestIdReusedError",
    "RevisionMismatchError",
    "ServiceError",
    "StaffExistsError",
    "StaffNotDeletedError",
    "StaffSignedInError",
    "StaffUnknownError",
    "ThrottledError",
    "TransitionRefusedError",
    "UnauthenticatedError",
    "WatchQuotaError",
    "WatcherTooSlowError",
]
