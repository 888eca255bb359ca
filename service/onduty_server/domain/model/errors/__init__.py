"""Everything that can go wrong, as one tree of exceptions with fields; knows no wire codes.

OndutyError
├── CallerError                   the request cannot be granted; sending it again unchanged will not help
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
│   ├── Position errors           TooOld, InFuture, EpochEnded, Foreign, FilterChanged, Malformed
│   ├── PageTokenInvalidError / QueryTooLongError
│   ├── AttachmentReplacedError
│   ├── ColleaguesHiddenError     the policy lets nobody see colleagues
│   └── UnauthenticatedError / PermissionDeniedError
├── ThrottledError                more than there is room for now; the same request may succeed later
│   ├── OverloadedError           too many requests wait
│   ├── WatchQuotaError / AttachmentQuotaError / RateLimitedError
│   └── WatcherTooSlowError
└── ServiceError                  ours; the same request may succeed later
    ├── JournalUnavailableError
    │   └── LeaderUnavailableError    no replica decides just now
    ├── IssuerUnavailableError    tokens cannot be checked yet
    └── DrainingError
"""

from onduty_server.domain.model.errors.access import (
    AccessProblem,
    ColleaguesHiddenError,
    CredentialProblem,
    Holder,
    PermissionDeniedError,
    UnauthenticatedError,
)
from onduty_server.domain.model.errors.base import (
    CallerError,
    FieldViolation,
    InvalidFieldsError,
    OndutyError,
    ServiceError,
    ThrottledError,
)
from onduty_server.domain.model.errors.later import (
    AttachmentQuotaError,
    DrainingError,
    IssuerUnavailableError,
    JournalUnavailableError,
    LeaderUnavailableError,
    OverloadedError,
    RateLimitedError,
    WatcherTooSlowError,
    WatchQuotaError,
)
from onduty_server.domain.model.errors.positions import (
    PageTokenInvalidError,
    PositionEpochEndedError,
    PositionError,
    PositionFilterChangedError,
    PositionForeignError,
    PositionInFutureError,
    PositionMalformedError,
    PositionTooOldError,
)
from onduty_server.domain.model.errors.refusals import (
    AttachmentReplacedError,
    BreakReasonBuiltInError,
    BreakReasonDisabledError,
    BreakReasonError,
    BreakReasonExistsError,
    BreakReasonUnknownError,
    ClaimUnknownError,
    GroupCounts,
    NobodyAvailableError,
    NotAssignableError,
    OfferGoneError,
    QueryTooLongError,
    RequestIdReusedError,
    RevisionMismatchError,
    StaffExistsError,
    StaffNotDeletedError,
    StaffSignedInError,
    StaffUnknownError,
    TransitionRefusedError,
)

__all__ = [
    "AccessProblem",
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
    "CredentialProblem",
    "DrainingError",
    "FieldViolation",
    "GroupCounts",
    "Holder",
    "InvalidFieldsError",
    "IssuerUnavailableError",
    "JournalUnavailableError",
    "LeaderUnavailableError",
    "NobodyAvailableError",
    "NotAssignableError",
    "OfferGoneError",
    "OndutyError",
    "OverloadedError",
    "PageTokenInvalidError",
    "PermissionDeniedError",
    "PositionEpochEndedError",
    "PositionError",
    "PositionFilterChangedError",
    "PositionForeignError",
    "PositionInFutureError",
    "PositionMalformedError",
    "PositionTooOldError",
    "QueryTooLongError",
    "RateLimitedError",
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
