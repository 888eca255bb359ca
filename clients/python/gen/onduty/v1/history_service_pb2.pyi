import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import access_pb2 as _access_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Interval(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INTERVAL_UNSPECIFIED: _ClassVar[Interval]
    INTERVAL_QUARTER_HOUR: _ClassVar[Interval]
    INTERVAL_HALF_HOUR: _ClassVar[Interval]
    INTERVAL_HOUR: _ClassVar[Interval]
    INTERVAL_DAY: _ClassVar[Interval]

class ConfigurationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIGURATION_KIND_UNSPECIFIED: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_POLICY: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_BREAK_REASON: _ClassVar[ConfigurationKind]
    CONFIGURATION_KIND_STAFF: _ClassVar[ConfigurationKind]

class ConfigurationAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFIGURATION_ACTION_UNSPECIFIED: _ClassVar[ConfigurationAction]
    CONFIGURATION_ACTION_CREATED: _ClassVar[ConfigurationAction]
    CONFIGURATION_ACTION_UPDATED: _ClassVar[ConfigurationAction]
    CONFIGURATION_ACTION_DELETED: _ClassVar[ConfigurationAction]
    CONFIGURATION_ACTION_ERASED: _ClassVar[ConfigurationAction]
INTERVAL_UNSPECIFIED: Interval
INTERVAL_QUARTER_HOUR: Interval
INTERVAL_HALF_HOUR: Interval
INTERVAL_HOUR: Interval
INTERVAL_DAY: Interval
CONFIGURATION_KIND_UNSPECIFIED: ConfigurationKind
CONFIGURATION_KIND_POLICY: ConfigurationKind
CONFIGURATION_KIND_BREAK_REASON: ConfigurationKind
CONFIGURATION_KIND_STAFF: ConfigurationKind
CONFIGURATION_ACTION_UNSPECIFIED: ConfigurationAction
CONFIGURATION_ACTION_CREATED: ConfigurationAction
CONFIGURATION_ACTION_UPDATED: ConfigurationAction
CONFIGURATION_ACTION_DELETED: ConfigurationAction
CONFIGURATION_ACTION_ERASED: ConfigurationAction

class TransitionFilter(_message.Message):
    __slots__ = ("staff_ids", "person_ids", "skill_groups", "call_ids", "source", "starts_at", "ends_at", "causes", "status_changes_only")
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    CALL_IDS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    STATUS_CHANGES_ONLY_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    person_ids: _containers.RepeatedScalarFieldContainer[str]
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    call_ids: _containers.RepeatedScalarFieldContainer[str]
    source: str
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    causes: _containers.RepeatedScalarFieldContainer[_staff_pb2.Cause]
    status_changes_only: bool
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ..., person_ids: _Optional[_Iterable[str]] = ..., skill_groups: _Optional[_Iterable[str]] = ..., call_ids: _Optional[_Iterable[str]] = ..., source: _Optional[str] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., causes: _Optional[_Iterable[_Union[_staff_pb2.Cause, str]]] = ..., status_changes_only: bool = ...) -> None: ...

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
    __slots__ = ("transitions", "next_page_token", "position", "complete_from")
    TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FROM_FIELD_NUMBER: _ClassVar[int]
    transitions: _containers.RepeatedCompositeFieldContainer[_staff_pb2.Transition]
    next_page_token: str
    position: str
    complete_from: _timestamp_pb2.Timestamp
    def __init__(self, transitions: _Optional[_Iterable[_Union[_staff_pb2.Transition, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., position: _Optional[str] = ..., complete_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

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
    __slots__ = ("staff_ids", "person_ids", "skill_groups", "starts_at", "ends_at", "interval", "time_zone", "page_size", "page_token", "at_least")
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    PERSON_IDS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    person_ids: _containers.RepeatedScalarFieldContainer[str]
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    interval: Interval
    time_zone: str
    page_size: int
    page_token: str
    at_least: str
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ..., person_ids: _Optional[_Iterable[str]] = ..., skill_groups: _Optional[_Iterable[str]] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., interval: _Optional[_Union[Interval, str]] = ..., time_zone: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., at_least: _Optional[str] = ...) -> None: ...

class SummarizeTimeResponse(_message.Message):
    __slots__ = ("staff", "ends_at", "position", "complete_from", "next_page_token")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FROM_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    staff: _containers.RepeatedCompositeFieldContainer[StaffTime]
    ends_at: _timestamp_pb2.Timestamp
    position: str
    complete_from: _timestamp_pb2.Timestamp
    next_page_token: str
    def __init__(self, staff: _Optional[_Iterable[_Union[StaffTime, _Mapping]]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., position: _Optional[str] = ..., complete_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class StaffTime(_message.Message):
    __slots__ = ("staff_id", "person_id", "display_name", "starts_at", "ends_at", "times", "calls", "offers")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    TIMES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    person_id: str
    display_name: str
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    times: _containers.RepeatedCompositeFieldContainer[StatusTime]
    calls: _containers.RepeatedCompositeFieldContainer[CallTime]
    offers: OfferCounts
    def __init__(self, staff_id: _Optional[str] = ..., person_id: _Optional[str] = ..., display_name: _Optional[str] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., times: _Optional[_Iterable[_Union[StatusTime, _Mapping]]] = ..., calls: _Optional[_Iterable[_Union[CallTime, _Mapping]]] = ..., offers: _Optional[_Union[OfferCounts, _Mapping]] = ...) -> None: ...

class StatusTime(_message.Message):
    __slots__ = ("status", "break_reason", "time")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    status: _staff_pb2.Status
    break_reason: str
    time: _duration_pb2.Duration
    def __init__(self, status: _Optional[_Union[_staff_pb2.Status, str]] = ..., break_reason: _Optional[str] = ..., time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CallTime(_message.Message):
    __slots__ = ("direction", "calls_started", "talk_time", "calls_answered")
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    CALLS_STARTED_FIELD_NUMBER: _ClassVar[int]
    TALK_TIME_FIELD_NUMBER: _ClassVar[int]
    CALLS_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    direction: _staff_pb2.Direction
    calls_started: int
    talk_time: _duration_pb2.Duration
    calls_answered: int
    def __init__(self, direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., calls_started: _Optional[int] = ..., talk_time: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., calls_answered: _Optional[int] = ...) -> None: ...

class OfferCounts(_message.Message):
    __slots__ = ("made", "accepted", "declined", "missed", "other")
    MADE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    made: int
    accepted: int
    declined: int
    missed: int
    other: int
    def __init__(self, made: _Optional[int] = ..., accepted: _Optional[int] = ..., declined: _Optional[int] = ..., missed: _Optional[int] = ..., other: _Optional[int] = ...) -> None: ...

class ListConfigurationChangesRequest(_message.Message):
    __slots__ = ("kinds", "subjects", "starts_at", "ends_at", "page_size", "page_token", "newest_first", "at_least")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    SUBJECTS_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NEWEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[ConfigurationKind]
    subjects: _containers.RepeatedScalarFieldContainer[str]
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    page_size: int
    page_token: str
    newest_first: bool
    at_least: str
    def __init__(self, kinds: _Optional[_Iterable[_Union[ConfigurationKind, str]]] = ..., subjects: _Optional[_Iterable[str]] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., newest_first: bool = ..., at_least: _Optional[str] = ...) -> None: ...

class ListConfigurationChangesResponse(_message.Message):
    __slots__ = ("changes", "next_page_token", "position", "complete_from")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FROM_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[ConfigurationChange]
    next_page_token: str
    position: str
    complete_from: _timestamp_pb2.Timestamp
    def __init__(self, changes: _Optional[_Iterable[_Union[ConfigurationChange, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., position: _Optional[str] = ..., complete_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConfigurationChange(_message.Message):
    __slots__ = ("revision", "kind", "subject", "action", "actor", "note", "request_id", "changed_at", "fields")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    kind: ConfigurationKind
    subject: str
    action: ConfigurationAction
    actor: _staff_pb2.Actor
    note: str
    request_id: str
    changed_at: _timestamp_pb2.Timestamp
    fields: _containers.RepeatedCompositeFieldContainer[FieldChange]
    def __init__(self, revision: _Optional[int] = ..., kind: _Optional[_Union[ConfigurationKind, str]] = ..., subject: _Optional[str] = ..., action: _Optional[_Union[ConfigurationAction, str]] = ..., actor: _Optional[_Union[_staff_pb2.Actor, _Mapping]] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., changed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., fields: _Optional[_Iterable[_Union[FieldChange, _Mapping]]] = ...) -> None: ...

class FieldChange(_message.Message):
    __slots__ = ("path", "before", "after")
    PATH_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    path: str
    before: str
    after: str
    def __init__(self, path: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...
