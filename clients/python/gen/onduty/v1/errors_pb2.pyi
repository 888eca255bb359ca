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

class StatusCount(_message.Message):
    __slots__ = ("status", "count", "assignable")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNABLE_FIELD_NUMBER: _ClassVar[int]
    status: _staff_pb2.Status
    count: int
    assignable: int
    def __init__(self, status: _Optional[_Union[_staff_pb2.Status, str]] = ..., count: _Optional[int] = ..., assignable: _Optional[int] = ...) -> None: ...

class NobodyAvailable(_message.Message):
    __slots__ = ("skill_group", "counts")
    SKILL_GROUP_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    skill_group: str
    counts: _containers.RepeatedCompositeFieldContainer[StatusCount]
    def __init__(self, skill_group: _Optional[str] = ..., counts: _Optional[_Iterable[_Union[StatusCount, _Mapping]]] = ...) -> None: ...

class FieldFault(_message.Message):
    __slots__ = ("field", "description")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    field: str
    description: str
    def __init__(self, field: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("code", "reason", "message", "metadata", "fields", "refusal")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    code: int
    reason: ErrorReason
    message: str
    metadata: _containers.ScalarMap[str, str]
    fields: _containers.RepeatedCompositeFieldContainer[FieldFault]
    refusal: TransitionRefusal
    def __init__(self, code: _Optional[int] = ..., reason: _Optional[_Union[ErrorReason, str]] = ..., message: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ..., fields: _Optional[_Iterable[_Union[FieldFault, _Mapping]]] = ..., refusal: _Optional[_Union[TransitionRefusal, _Mapping]] = ...) -> None: ...
