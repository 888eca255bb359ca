from google.rpc import error_details_pb2 as _error_details_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_FIELD: _ClassVar[ErrorReason]
    ERROR_REASON_MALFORMED_REQUEST: _ClassVar[ErrorReason]
    ERROR_REASON_REQUEST_TOO_LARGE: _ClassVar[ErrorReason]
    ERROR_REASON_REQUEST_ID_REUSED: _ClassVar[ErrorReason]
    ERROR_REASON_STAFF_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_STAFF_EXISTS: _ClassVar[ErrorReason]
    ERROR_REASON_TRANSITION_REFUSED: _ClassVar[ErrorReason]
    ERROR_REASON_STAFF_NOT_ASSIGNABLE: _ClassVar[ErrorReason]
    ERROR_REASON_NOBODY_AVAILABLE: _ClassVar[ErrorReason]
    ERROR_REASON_OFFER_GONE: _ClassVar[ErrorReason]
    ERROR_REASON_CLAIM_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_REVISION_MISMATCH: _ClassVar[ErrorReason]
    ERROR_REASON_BREAK_REASON_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_BREAK_REASON_DISABLED: _ClassVar[ErrorReason]
    ERROR_REASON_BREAK_REASON_EXISTS: _ClassVar[ErrorReason]
    ERROR_REASON_BREAK_REASON_BUILT_IN: _ClassVar[ErrorReason]
    ERROR_REASON_STAFF_SIGNED_IN: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_TOO_OLD: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_IN_FUTURE: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_FOREIGN: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_FILTER_CHANGED: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_MALFORMED: _ClassVar[ErrorReason]
    ERROR_REASON_PAGE_TOKEN_INVALID: _ClassVar[ErrorReason]
    ERROR_REASON_WATCHER_TOO_SLOW: _ClassVar[ErrorReason]
    ERROR_REASON_WATCH_QUOTA: _ClassVar[ErrorReason]
    ERROR_REASON_OVERLOADED: _ClassVar[ErrorReason]
    ERROR_REASON_JOURNAL_UNAVAILABLE: _ClassVar[ErrorReason]
    ERROR_REASON_DRAINING: _ClassVar[ErrorReason]
    ERROR_REASON_UNAUTHENTICATED: _ClassVar[ErrorReason]
    ERROR_REASON_PERMISSION_DENIED: _ClassVar[ErrorReason]
    ERROR_REASON_INTERNAL: _ClassVar[ErrorReason]
    ERROR_REASON_METHOD_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_ATTACHMENT_QUOTA: _ClassVar[ErrorReason]
    ERROR_REASON_ATTACHMENT_REPLACED: _ClassVar[ErrorReason]
    ERROR_REASON_COLLEAGUES_HIDDEN: _ClassVar[ErrorReason]
    ERROR_REASON_STAFF_NOT_DELETED: _ClassVar[ErrorReason]
    ERROR_REASON_POSITION_EPOCH_ENDED: _ClassVar[ErrorReason]
    ERROR_REASON_QUERY_TOO_LONG: _ClassVar[ErrorReason]
    ERROR_REASON_RATE_LIMITED: _ClassVar[ErrorReason]
    ERROR_REASON_ISSUER_UNAVAILABLE: _ClassVar[ErrorReason]
    ERROR_REASON_LEADER_UNAVAILABLE: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_INVALID_FIELD: ErrorReason
ERROR_REASON_MALFORMED_REQUEST: ErrorReason
ERROR_REASON_REQUEST_TOO_LARGE: ErrorReason
ERROR_REASON_REQUEST_ID_REUSED: ErrorReason
ERROR_REASON_STAFF_UNKNOWN: ErrorReason
ERROR_REASON_STAFF_EXISTS: ErrorReason
ERROR_REASON_TRANSITION_REFUSED: ErrorReason
ERROR_REASON_STAFF_NOT_ASSIGNABLE: ErrorReason
ERROR_REASON_NOBODY_AVAILABLE: ErrorReason
ERROR_REASON_OFFER_GONE: ErrorReason
ERROR_REASON_CLAIM_UNKNOWN: ErrorReason
ERROR_REASON_REVISION_MISMATCH: ErrorReason
ERROR_REASON_BREAK_REASON_UNKNOWN: ErrorReason
ERROR_REASON_BREAK_REASON_DISABLED: ErrorReason
ERROR_REASON_BREAK_REASON_EXISTS: ErrorReason
ERROR_REASON_BREAK_REASON_BUILT_IN: ErrorReason
ERROR_REASON_STAFF_SIGNED_IN: ErrorReason
ERROR_REASON_POSITION_TOO_OLD: ErrorReason
ERROR_REASON_POSITION_IN_FUTURE: ErrorReason
ERROR_REASON_POSITION_FOREIGN: ErrorReason
ERROR_REASON_POSITION_FILTER_CHANGED: ErrorReason
ERROR_REASON_POSITION_MALFORMED: ErrorReason
ERROR_REASON_PAGE_TOKEN_INVALID: ErrorReason
ERROR_REASON_WATCHER_TOO_SLOW: ErrorReason
ERROR_REASON_WATCH_QUOTA: ErrorReason
ERROR_REASON_OVERLOADED: ErrorReason
ERROR_REASON_JOURNAL_UNAVAILABLE: ErrorReason
ERROR_REASON_DRAINING: ErrorReason
ERROR_REASON_UNAUTHENTICATED: ErrorReason
ERROR_REASON_PERMISSION_DENIED: ErrorReason
ERROR_REASON_INTERNAL: ErrorReason
ERROR_REASON_METHOD_UNKNOWN: ErrorReason
ERROR_REASON_ATTACHMENT_QUOTA: ErrorReason
ERROR_REASON_ATTACHMENT_REPLACED: ErrorReason
ERROR_REASON_COLLEAGUES_HIDDEN: ErrorReason
ERROR_REASON_STAFF_NOT_DELETED: ErrorReason
ERROR_REASON_POSITION_EPOCH_ENDED: ErrorReason
ERROR_REASON_QUERY_TOO_LONG: ErrorReason
ERROR_REASON_RATE_LIMITED: ErrorReason
ERROR_REASON_ISSUER_UNAVAILABLE: ErrorReason
ERROR_REASON_LEADER_UNAVAILABLE: ErrorReason

class TransitionRefusal(_message.Message):
    __slots__ = ("current", "requested", "allowed")
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    REQUESTED_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    current: _staff_pb2.Staff
    requested: _staff_pb2.Action
    allowed: _containers.RepeatedScalarFieldContainer[_staff_pb2.Action]
    def __init__(self, current: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., requested: _Optional[_Union[_staff_pb2.Action, str]] = ..., allowed: _Optional[_Iterable[_Union[_staff_pb2.Action, str]]] = ...) -> None: ...

class RevisionMismatch(_message.Message):
    __slots__ = ("current", "expected_revision")
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    current: _staff_pb2.Staff
    expected_revision: int
    def __init__(self, current: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class NobodyAvailable(_message.Message):
    __slots__ = ("counts", "skill_groups")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[_staff_pb2.StatusCount]
    skill_groups: _containers.RepeatedCompositeFieldContainer[_staff_pb2.SkillGroupSummary]
    def __init__(self, counts: _Optional[_Iterable[_Union[_staff_pb2.StatusCount, _Mapping]]] = ..., skill_groups: _Optional[_Iterable[_Union[_staff_pb2.SkillGroupSummary, _Mapping]]] = ...) -> None: ...

class ErrorDetails(_message.Message):
    __slots__ = ("error_info", "bad_request", "retry_info", "transition_refusal", "revision_mismatch", "nobody_available")
    ERROR_INFO_FIELD_NUMBER: _ClassVar[int]
    BAD_REQUEST_FIELD_NUMBER: _ClassVar[int]
    RETRY_INFO_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_REFUSAL_FIELD_NUMBER: _ClassVar[int]
    REVISION_MISMATCH_FIELD_NUMBER: _ClassVar[int]
    NOBODY_AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    error_info: _error_details_pb2.ErrorInfo
    bad_request: _error_details_pb2.BadRequest
    retry_info: _error_details_pb2.RetryInfo
    transition_refusal: TransitionRefusal
    revision_mismatch: RevisionMismatch
    nobody_available: NobodyAvailable
    def __init__(self, error_info: _Optional[_Union[_error_details_pb2.ErrorInfo, _Mapping]] = ..., bad_request: _Optional[_Union[_error_details_pb2.BadRequest, _Mapping]] = ..., retry_info: _Optional[_Union[_error_details_pb2.RetryInfo, _Mapping]] = ..., transition_refusal: _Optional[_Union[TransitionRefusal, _Mapping]] = ..., revision_mismatch: _Optional[_Union[RevisionMismatch, _Mapping]] = ..., nobody_available: _Optional[_Union[NobodyAvailable, _Mapping]] = ...) -> None: ...
