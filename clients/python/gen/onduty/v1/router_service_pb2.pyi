import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import errors_pb2 as _errors_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Delivery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_UNSPECIFIED: _ClassVar[Delivery]
    DELIVERY_EVERY_CHANGE: _ClassVar[Delivery]
    DELIVERY_LATEST_PER_STAFF: _ClassVar[Delivery]

class FactOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_OUTCOME_UNSPECIFIED: _ClassVar[FactOutcome]
    FACT_OUTCOME_APPLIED: _ClassVar[FactOutcome]
    FACT_OUTCOME_REPEATED: _ClassVar[FactOutcome]
    FACT_OUTCOME_ENDED_BEFORE: _ClassVar[FactOutcome]
    FACT_OUTCOME_OLDER_THAN_RUNNING: _ClassVar[FactOutcome]
    FACT_OUTCOME_NOT_KNOWN: _ClassVar[FactOutcome]
    FACT_OUTCOME_AMBIGUOUS: _ClassVar[FactOutcome]
    FACT_OUTCOME_CALLS_FULL: _ClassVar[FactOutcome]
DELIVERY_UNSPECIFIED: Delivery
DELIVERY_EVERY_CHANGE: Delivery
DELIVERY_LATEST_PER_STAFF: Delivery
FACT_OUTCOME_UNSPECIFIED: FactOutcome
FACT_OUTCOME_APPLIED: FactOutcome
FACT_OUTCOME_REPEATED: FactOutcome
FACT_OUTCOME_ENDED_BEFORE: FactOutcome
FACT_OUTCOME_OLDER_THAN_RUNNING: FactOutcome
FACT_OUTCOME_NOT_KNOWN: FactOutcome
FACT_OUTCOME_AMBIGUOUS: FactOutcome
FACT_OUTCOME_CALLS_FULL: FactOutcome

class ListStaffRequest(_message.Message):
    __slots__ = ("filter", "page_size", "page_token", "at_least")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    filter: _staff_pb2.StaffFilter
    page_size: int
    page_token: str
    at_least: str
    def __init__(self, filter: _Optional[_Union[_staff_pb2.StaffFilter, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., at_least: _Optional[str] = ...) -> None: ...

class ListStaffResponse(_message.Message):
    __slots__ = ("staff", "next_page_token", "position", "total_size")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    staff: _containers.RepeatedCompositeFieldContainer[_staff_pb2.Staff]
    next_page_token: str
    position: str
    total_size: int
    def __init__(self, staff: _Optional[_Iterable[_Union[_staff_pb2.Staff, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., position: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class WatchStaffRequest(_message.Message):
    __slots__ = ("filter", "resume_after", "delivery", "bookmark_interval", "at_least")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    filter: _staff_pb2.StaffFilter
    resume_after: str
    delivery: Delivery
    bookmark_interval: _duration_pb2.Duration
    at_least: str
    def __init__(self, filter: _Optional[_Union[_staff_pb2.StaffFilter, _Mapping]] = ..., resume_after: _Optional[str] = ..., delivery: _Optional[_Union[Delivery, str]] = ..., bookmark_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., at_least: _Optional[str] = ...) -> None: ...

class WatchStaffResponse(_message.Message):
    __slots__ = ("position", "snapshot_chunk", "changes", "bookmark", "going_away")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_CHUNK_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    position: str
    snapshot_chunk: SnapshotChunk
    changes: Changes
    bookmark: _staff_pb2.Bookmark
    going_away: _staff_pb2.GoingAway
    def __init__(self, position: _Optional[str] = ..., snapshot_chunk: _Optional[_Union[SnapshotChunk, _Mapping]] = ..., changes: _Optional[_Union[Changes, _Mapping]] = ..., bookmark: _Optional[_Union[_staff_pb2.Bookmark, _Mapping]] = ..., going_away: _Optional[_Union[_staff_pb2.GoingAway, _Mapping]] = ...) -> None: ...

class SnapshotChunk(_message.Message):
    __slots__ = ("staff", "last")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    staff: _containers.RepeatedCompositeFieldContainer[_staff_pb2.Staff]
    last: bool
    def __init__(self, staff: _Optional[_Iterable[_Union[_staff_pb2.Staff, _Mapping]]] = ..., last: bool = ...) -> None: ...

class Changes(_message.Message):
    __slots__ = ("changes", "conflated")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    CONFLATED_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[_staff_pb2.StaffChange]
    conflated: bool
    def __init__(self, changes: _Optional[_Iterable[_Union[_staff_pb2.StaffChange, _Mapping]]] = ..., conflated: bool = ...) -> None: ...

class ClaimStaffRequest(_message.Message):
    __slots__ = ("call_id", "staff_id", "skill_group", "ttl", "request_id", "expected_revision", "direction", "source")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUP_FIELD_NUMBER: _ClassVar[int]
    TTL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    staff_id: str
    skill_group: str
    ttl: _duration_pb2.Duration
    request_id: str
    expected_revision: int
    direction: _staff_pb2.Direction
    source: str
    def __init__(self, call_id: _Optional[str] = ..., staff_id: _Optional[str] = ..., skill_group: _Optional[str] = ..., ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., source: _Optional[str] = ...) -> None: ...

class ClaimStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed", "claim_id")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    claim_id: str
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., claim_id: _Optional[str] = ...) -> None: ...

class WithdrawClaimRequest(_message.Message):
    __slots__ = ("claim_id", "request_id", "expected_revision")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    request_id: str
    expected_revision: int
    def __init__(self, claim_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class WithdrawClaimResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed", "applied")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    applied: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., applied: bool = ...) -> None: ...

class ReportCallStartedRequest(_message.Message):
    __slots__ = ("staff_id", "call_id", "direction", "source", "occurred_at", "request_id", "expected_revision", "leg", "on_hold", "answered")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    ON_HOLD_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    direction: _staff_pb2.Direction
    source: str
    occurred_at: _timestamp_pb2.Timestamp
    request_id: str
    expected_revision: int
    leg: str
    on_hold: bool
    answered: bool
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., source: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., leg: _Optional[str] = ..., on_hold: bool = ..., answered: bool = ...) -> None: ...

class ReportCallStartedResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed", "applied", "outcome")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    applied: bool
    outcome: FactOutcome
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., applied: bool = ..., outcome: _Optional[_Union[FactOutcome, str]] = ...) -> None: ...

class ReportCallEndedRequest(_message.Message):
    __slots__ = ("staff_id", "call_id", "source", "occurred_at", "request_id", "expected_revision", "leg", "answered")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    source: str
    occurred_at: _timestamp_pb2.Timestamp
    request_id: str
    expected_revision: int
    leg: str
    answered: bool
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., source: _Optional[str] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., leg: _Optional[str] = ..., answered: bool = ...) -> None: ...

class ReportCallEndedResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed", "applied", "outcome")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    applied: bool
    outcome: FactOutcome
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., applied: bool = ..., outcome: _Optional[_Union[FactOutcome, str]] = ...) -> None: ...

class ReportCallEventsRequest(_message.Message):
    __slots__ = ("events", "request_id")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[CallEvent]
    request_id: str
    def __init__(self, events: _Optional[_Iterable[_Union[CallEvent, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CallEvent(_message.Message):
    __slots__ = ("started", "ended")
    STARTED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    started: ReportCallStartedRequest
    ended: ReportCallEndedRequest
    def __init__(self, started: _Optional[_Union[ReportCallStartedRequest, _Mapping]] = ..., ended: _Optional[_Union[ReportCallEndedRequest, _Mapping]] = ...) -> None: ...

class ReportCallEventsResponse(_message.Message):
    __slots__ = ("results", "position")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[CallEventResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[CallEventResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class CallEventResult(_message.Message):
    __slots__ = ("taken", "error")
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    taken: CallEventTaken
    error: _errors_pb2.ItemError
    def __init__(self, taken: _Optional[_Union[CallEventTaken, _Mapping]] = ..., error: _Optional[_Union[_errors_pb2.ItemError, _Mapping]] = ...) -> None: ...

class CallEventTaken(_message.Message):
    __slots__ = ("applied", "revision", "status", "replayed", "outcome")
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    applied: bool
    revision: int
    status: _staff_pb2.Status
    replayed: bool
    outcome: FactOutcome
    def __init__(self, applied: bool = ..., revision: _Optional[int] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., replayed: bool = ..., outcome: _Optional[_Union[FactOutcome, str]] = ...) -> None: ...

class ReconcileCallsRequest(_message.Message):
    __slots__ = ("source", "calls", "request_id", "observed_at", "observed_position", "staff_ids")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OBSERVED_AT_FIELD_NUMBER: _ClassVar[int]
    OBSERVED_POSITION_FIELD_NUMBER: _ClassVar[int]
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    source: str
    calls: _containers.RepeatedCompositeFieldContainer[SourceCall]
    request_id: str
    observed_at: _timestamp_pb2.Timestamp
    observed_position: str
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, source: _Optional[str] = ..., calls: _Optional[_Iterable[_Union[SourceCall, _Mapping]]] = ..., request_id: _Optional[str] = ..., observed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., observed_position: _Optional[str] = ..., staff_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SourceCall(_message.Message):
    __slots__ = ("staff_id", "call_id", "direction", "occurred_at", "leg")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    direction: _staff_pb2.Direction
    occurred_at: _timestamp_pb2.Timestamp
    leg: str
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., leg: _Optional[str] = ...) -> None: ...

class ReconcileCallsResponse(_message.Message):
    __slots__ = ("ended", "started", "unknown_staff", "position", "replayed", "not_started")
    ENDED_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    NOT_STARTED_FIELD_NUMBER: _ClassVar[int]
    ended: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    started: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    unknown_staff: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    position: str
    replayed: bool
    not_started: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    def __init__(self, ended: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., started: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., unknown_staff: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., position: _Optional[str] = ..., replayed: bool = ..., not_started: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ...) -> None: ...

class ReconciledCall(_message.Message):
    __slots__ = ("staff_id", "call_id", "leg", "outcome")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    leg: str
    outcome: FactOutcome
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., leg: _Optional[str] = ..., outcome: _Optional[_Union[FactOutcome, str]] = ...) -> None: ...
