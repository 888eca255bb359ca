import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import access_pb2 as _access_pb2
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
    __slots__ = ("staff_id", "choice", "note", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    choice: _staff_pb2.StatusChoice
    note: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., choice: _Optional[_Union[_staff_pb2.StatusChoice, _Mapping]] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("staff_id", "choice", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    choice: _staff_pb2.StatusChoice
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., choice: _Optional[_Union[_staff_pb2.StatusChoice, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("include_disabled", "at_least", "page_size", "page_token")
    INCLUDE_DISABLED_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    include_disabled: bool
    at_least: str
    page_size: int
    page_token: str
    def __init__(self, include_disabled: bool = ..., at_least: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBreakReasonsResponse(_message.Message):
    __slots__ = ("break_reasons", "position", "next_page_token")
    BREAK_REASONS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    break_reasons: _containers.RepeatedCompositeFieldContainer[_policy_pb2.BreakReason]
    position: str
    next_page_token: str
    def __init__(self, break_reasons: _Optional[_Iterable[_Union[_policy_pb2.BreakReason, _Mapping]]] = ..., position: _Optional[str] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AttachRequest(_message.Message):
    __slots__ = ("staff_id", "bookmark_interval", "workspace_id", "user_agent")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    bookmark_interval: _duration_pb2.Duration
    workspace_id: str
    user_agent: str
    def __init__(self, staff_id: _Optional[str] = ..., bookmark_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., workspace_id: _Optional[str] = ..., user_agent: _Optional[str] = ...) -> None: ...

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

class WatchColleaguesRequest(_message.Message):
    __slots__ = ("staff_id", "resume_after", "bookmark_interval")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    resume_after: str
    bookmark_interval: _duration_pb2.Duration
    def __init__(self, staff_id: _Optional[str] = ..., resume_after: _Optional[str] = ..., bookmark_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class WatchColleaguesResponse(_message.Message):
    __slots__ = ("position", "snapshot_chunk", "changes", "bookmark", "going_away", "catching_up")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_CHUNK_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    CATCHING_UP_FIELD_NUMBER: _ClassVar[int]
    position: str
    snapshot_chunk: ColleaguesChunk
    changes: ColleagueChanges
    bookmark: _staff_pb2.Bookmark
    going_away: _staff_pb2.GoingAway
    catching_up: bool
    def __init__(self, position: _Optional[str] = ..., snapshot_chunk: _Optional[_Union[ColleaguesChunk, _Mapping]] = ..., changes: _Optional[_Union[ColleagueChanges, _Mapping]] = ..., bookmark: _Optional[_Union[_staff_pb2.Bookmark, _Mapping]] = ..., going_away: _Optional[_Union[_staff_pb2.GoingAway, _Mapping]] = ..., catching_up: bool = ...) -> None: ...

class Colleague(_message.Message):
    __slots__ = ("staff_id", "display_name", "skill_groups", "status", "status_started_at", "open_to_transfers")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STATUS_STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    OPEN_TO_TRANSFERS_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    display_name: str
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    status: _staff_pb2.Status
    status_started_at: _timestamp_pb2.Timestamp
    open_to_transfers: bool
    def __init__(self, staff_id: _Optional[str] = ..., display_name: _Optional[str] = ..., skill_groups: _Optional[_Iterable[str]] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., status_started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., open_to_transfers: bool = ...) -> None: ...

class ColleaguesChunk(_message.Message):
    __slots__ = ("colleagues", "last")
    COLLEAGUES_FIELD_NUMBER: _ClassVar[int]
    LAST_FIELD_NUMBER: _ClassVar[int]
    colleagues: _containers.RepeatedCompositeFieldContainer[Colleague]
    last: bool
    def __init__(self, colleagues: _Optional[_Iterable[_Union[Colleague, _Mapping]]] = ..., last: bool = ...) -> None: ...

class ColleagueChanges(_message.Message):
    __slots__ = ("changes",)
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[ColleagueChange]
    def __init__(self, changes: _Optional[_Iterable[_Union[ColleagueChange, _Mapping]]] = ...) -> None: ...

class ColleagueChange(_message.Message):
    __slots__ = ("colleague", "left")
    COLLEAGUE_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    colleague: Colleague
    left: bool
    def __init__(self, colleague: _Optional[_Union[Colleague, _Mapping]] = ..., left: bool = ...) -> None: ...
