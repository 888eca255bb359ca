import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from onduty.v1 import policy_pb2 as _policy_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetStaffRequest(_message.Message):
    __slots__ = ("staff_id", "at_least")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    at_least: str
    def __init__(self, staff_id: _Optional[str] = ..., at_least: _Optional[str] = ...) -> None: ...

class GetStaffResponse(_message.Message):
    __slots__ = ("staff", "position")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ...) -> None: ...

class ChangeStatusRequest(_message.Message):
    __slots__ = ("staff_id", "status", "break_reason", "note", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    status: _staff_pb2.Status
    break_reason: str
    note: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., break_reason: _Optional[str] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class ChangeStatusResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class BackToReceptionRequest(_message.Message):
    __slots__ = ("staff_id", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class BackToReceptionResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class ContinueAfterCallWorkRequest(_message.Message):
    __slots__ = ("staff_id", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class ContinueAfterCallWorkResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class SetNextStatusRequest(_message.Message):
    __slots__ = ("staff_id", "status", "break_reason", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    status: _staff_pb2.Status
    break_reason: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., break_reason: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class SetNextStatusResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class ClearNextStatusRequest(_message.Message):
    __slots__ = ("staff_id", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class ClearNextStatusResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class PlaceCallRequest(_message.Message):
    __slots__ = ("staff_id", "call_id", "direction", "source", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    direction: _staff_pb2.Direction
    source: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., source: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class PlaceCallResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class AcceptOfferRequest(_message.Message):
    __slots__ = ("staff_id", "claim_id", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    claim_id: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class AcceptOfferResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class DeclineOfferRequest(_message.Message):
    __slots__ = ("staff_id", "claim_id", "note", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    claim_id: str
    note: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., claim_id: _Optional[str] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class DeclineOfferResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class ListBreakReasonsRequest(_message.Message):
    __slots__ = ("include_disabled", "at_least")
    INCLUDE_DISABLED_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    include_disabled: bool
    at_least: str
    def __init__(self, include_disabled: bool = ..., at_least: _Optional[str] = ...) -> None: ...

class ListBreakReasonsResponse(_message.Message):
    __slots__ = ("break_reasons", "position")
    BREAK_REASONS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    break_reasons: _containers.RepeatedCompositeFieldContainer[_policy_pb2.BreakReason]
    position: str
    def __init__(self, break_reasons: _Optional[_Iterable[_Union[_policy_pb2.BreakReason, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class AttachRequest(_message.Message):
    __slots__ = ("staff_id", "bookmark_interval")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    bookmark_interval: _duration_pb2.Duration
    def __init__(self, staff_id: _Optional[str] = ..., bookmark_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AttachResponse(_message.Message):
    __slots__ = ("position", "change", "bookmark", "going_away")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    position: str
    change: _staff_pb2.StaffChange
    bookmark: _staff_pb2.Bookmark
    going_away: _staff_pb2.GoingAway
    def __init__(self, position: _Optional[str] = ..., change: _Optional[_Union[_staff_pb2.StaffChange, _Mapping]] = ..., bookmark: _Optional[_Union[_staff_pb2.Bookmark, _Mapping]] = ..., going_away: _Optional[_Union[_staff_pb2.GoingAway, _Mapping]] = ...) -> None: ...
