from onduty.v1 import errors_pb2 as _errors_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ForceStatusRequest(_message.Message):
    __slots__ = ("staff_id", "status", "break_reason", "note", "immediately", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    IMMEDIATELY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    status: _staff_pb2.Status
    break_reason: str
    note: str
    immediately: bool
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., break_reason: _Optional[str] = ..., note: _Optional[str] = ..., immediately: bool = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class ForceStatusResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class BatchForceStatusRequest(_message.Message):
    __slots__ = ("requests", "request_id")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[ForceStatusRequest]
    request_id: str
    def __init__(self, requests: _Optional[_Iterable[_Union[ForceStatusRequest, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchForceStatusResponse(_message.Message):
    __slots__ = ("results", "position")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[ForceStatusResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[ForceStatusResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class ForceStatusResult(_message.Message):
    __slots__ = ("response", "error")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    response: ForceStatusResponse
    error: _errors_pb2.ItemError
    def __init__(self, response: _Optional[_Union[ForceStatusResponse, _Mapping]] = ..., error: _Optional[_Union[_errors_pb2.ItemError, _Mapping]] = ...) -> None: ...

class ResetStaffRequest(_message.Message):
    __slots__ = ("staff_id", "note", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    note: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class ResetStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class GetStaffSummaryRequest(_message.Message):
    __slots__ = ("filter", "at_least")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    filter: _staff_pb2.StaffFilter
    at_least: str
    def __init__(self, filter: _Optional[_Union[_staff_pb2.StaffFilter, _Mapping]] = ..., at_least: _Optional[str] = ...) -> None: ...

class GetStaffSummaryResponse(_message.Message):
    __slots__ = ("counts", "skill_groups", "position", "total")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[_errors_pb2.StatusCount]
    skill_groups: _containers.RepeatedCompositeFieldContainer[SkillGroupSummary]
    position: str
    total: int
    def __init__(self, counts: _Optional[_Iterable[_Union[_errors_pb2.StatusCount, _Mapping]]] = ..., skill_groups: _Optional[_Iterable[_Union[SkillGroupSummary, _Mapping]]] = ..., position: _Optional[str] = ..., total: _Optional[int] = ...) -> None: ...

class SkillGroupSummary(_message.Message):
    __slots__ = ("skill_group", "counts", "total")
    SKILL_GROUP_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    skill_group: str
    counts: _containers.RepeatedCompositeFieldContainer[_errors_pb2.StatusCount]
    total: int
    def __init__(self, skill_group: _Optional[str] = ..., counts: _Optional[_Iterable[_Union[_errors_pb2.StatusCount, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...
