from onduty.v1 import access_pb2 as _access_pb2
from onduty.v1 import batch_pb2 as _batch_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ForceStatusRequest(_message.Message):
    __slots__ = ("staff_id", "choice", "note", "immediately", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    IMMEDIATELY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    choice: _staff_pb2.StatusChoice
    note: str
    immediately: bool
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., choice: _Optional[_Union[_staff_pb2.StatusChoice, _Mapping]] = ..., note: _Optional[str] = ..., immediately: bool = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    results: _containers.RepeatedCompositeFieldContainer[_batch_pb2.ItemResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[_batch_pb2.ItemResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("filter", "at_least", "page_size", "page_token")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    filter: _staff_pb2.StaffFilter
    at_least: str
    page_size: int
    page_token: str
    def __init__(self, filter: _Optional[_Union[_staff_pb2.StaffFilter, _Mapping]] = ..., at_least: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class GetStaffSummaryResponse(_message.Message):
    __slots__ = ("counts", "skill_groups", "position", "total", "next_page_token")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[_staff_pb2.StatusCount]
    skill_groups: _containers.RepeatedCompositeFieldContainer[_staff_pb2.SkillGroupSummary]
    position: str
    total: int
    next_page_token: str
    def __init__(self, counts: _Optional[_Iterable[_Union[_staff_pb2.StatusCount, _Mapping]]] = ..., skill_groups: _Optional[_Iterable[_Union[_staff_pb2.SkillGroupSummary, _Mapping]]] = ..., position: _Optional[str] = ..., total: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...
