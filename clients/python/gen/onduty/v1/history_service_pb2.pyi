import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TransitionFilter(_message.Message):
    __slots__ = ("staff_ids", "start_time", "end_time", "causes", "status_changes_only")
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    STATUS_CHANGES_ONLY_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    causes: _containers.RepeatedScalarFieldContainer[_staff_pb2.Cause]
    status_changes_only: bool
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., causes: _Optional[_Iterable[_Union[_staff_pb2.Cause, str]]] = ..., status_changes_only: bool = ...) -> None: ...

class ListTransitionsRequest(_message.Message):
    __slots__ = ("filter", "page_size", "page_token", "newest_first", "at_least")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NEWEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    filter: TransitionFilter
    page_size: int
    page_token: str
    newest_first: bool
    at_least: str
    def __init__(self, filter: _Optional[_Union[TransitionFilter, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., newest_first: bool = ..., at_least: _Optional[str] = ...) -> None: ...

class ListTransitionsResponse(_message.Message):
    __slots__ = ("transitions", "next_page_token", "position")
    TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    transitions: _containers.RepeatedCompositeFieldContainer[_staff_pb2.Transition]
    next_page_token: str
    position: str
    def __init__(self, transitions: _Optional[_Iterable[_Union[_staff_pb2.Transition, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., position: _Optional[str] = ...) -> None: ...

class ExportTransitionsRequest(_message.Message):
    __slots__ = ("filter", "resume_after")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    filter: TransitionFilter
    resume_after: str
    def __init__(self, filter: _Optional[_Union[TransitionFilter, _Mapping]] = ..., resume_after: _Optional[str] = ...) -> None: ...

class ExportTransitionsResponse(_message.Message):
    __slots__ = ("transitions", "position")
    TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    transitions: _containers.RepeatedCompositeFieldContainer[_staff_pb2.Transition]
    position: str
    def __init__(self, transitions: _Optional[_Iterable[_Union[_staff_pb2.Transition, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class SummarizeTimeRequest(_message.Message):
    __slots__ = ("staff_ids", "start_time", "end_time", "at_least")
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    at_least: str
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., at_least: _Optional[str] = ...) -> None: ...

class SummarizeTimeResponse(_message.Message):
    __slots__ = ("staff", "end_time", "position")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    staff: _containers.RepeatedCompositeFieldContainer[StaffTime]
    end_time: _timestamp_pb2.Timestamp
    position: str
    def __init__(self, staff: _Optional[_Iterable[_Union[StaffTime, _Mapping]]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., position: _Optional[str] = ...) -> None: ...

class StaffTime(_message.Message):
    __slots__ = ("staff_id", "times", "calls_started")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    TIMES_FIELD_NUMBER: _ClassVar[int]
    CALLS_STARTED_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    times: _containers.RepeatedCompositeFieldContainer[StatusTime]
    calls_started: int
    def __init__(self, staff_id: _Optional[str] = ..., times: _Optional[_Iterable[_Union[StatusTime, _Mapping]]] = ..., calls_started: _Optional[int] = ...) -> None: ...

class StatusTime(_message.Message):
    __slots__ = ("status", "break_reason", "seconds")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    status: _staff_pb2.Status
    break_reason: str
    seconds: float
    def __init__(self, status: _Optional[_Union[_staff_pb2.Status, str]] = ..., break_reason: _Optional[str] = ..., seconds: _Optional[float] = ...) -> None: ...
