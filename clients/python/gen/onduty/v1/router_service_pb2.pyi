import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import access_pb2 as _access_pb2
from onduty.v1 import batch_pb2 as _batch_pb2
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

class ClaimOrder(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLAIM_ORDER_UNSPECIFIED: _ClassVar[ClaimOrder]
    CLAIM_ORDER_LONGEST_IDLE: _ClassVar[ClaimOrder]
    CLAIM_ORDER_LONGEST_SINCE_CALL: _ClassVar[ClaimOrder]
    CLAIM_ORDER_HIGHEST_LEVEL: _ClassVar[ClaimOrder]

class WithdrawReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WITHDRAW_REASON_UNSPECIFIED: _ClassVar[WithdrawReason]
    WITHDRAW_REASON_CALLER_GONE: _ClassVar[WithdrawReason]
    WITHDRAW_REASON_UNREACHABLE: _ClassVar[WithdrawReason]
    WITHDRAW_REASON_OTHER: _ClassVar[WithdrawReason]
DELIVERY_UNSPECIFIED: Delivery
DELIVERY_EVERY_CHANGE: Delivery
DELIVERY_LATEST_PER_STAFF: Delivery
CLAIM_ORDER_UNSPECIFIED: ClaimOrder
CLAIM_ORDER_LONGEST_IDLE: ClaimOrder
CLAIM_ORDER_LONGEST_SINCE_CALL: ClaimOrder
CLAIM_ORDER_HIGHEST_LEVEL: ClaimOrder
WITHDRAW_REASON_UNSPECIFIED: WithdrawReason
WITHDRAW_REASON_CALLER_GONE: WithdrawReason
WITHDRAW_REASON_UNREACHABLE: WithdrawReason
WITHDRAW_REASON_OTHER: WithdrawReason

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
    __slots__ = ("position", "snapshot_chunk", "changes", "bookmark", "going_away", "catching_up")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_CHUNK_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_FIELD_NUMBER: _ClassVar[int]
    GOING_AWAY_FIELD_NUMBER: _ClassVar[int]
    CATCHING_UP_FIELD_NUMBER: _ClassVar[int]
    position: str
    snapshot_chunk: SnapshotChunk
    changes: Changes
    bookmark: _staff_pb2.Bookmark
    going_away: _staff_pb2.GoingAway
    catching_up: bool
    def __init__(self, position: _Optional[str] = ..., snapshot_chunk: _Optional[_Union[SnapshotChunk, _Mapping]] = ..., changes: _Optional[_Union[Changes, _Mapping]] = ..., bookmark: _Optional[_Union[_staff_pb2.Bookmark, _Mapping]] = ..., going_away: _Optional[_Union[_staff_pb2.GoingAway, _Mapping]] = ..., catching_up: bool = ...) -> None: ...

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

class SkillGroupLevel(_message.Message):
    __slots__ = ("name", "min_level")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MIN_LEVEL_FIELD_NUMBER: _ClassVar[int]
    name: str
    min_level: int
    def __init__(self, name: _Optional[str] = ..., min_level: _Optional[int] = ...) -> None: ...

class NamedStaff(_message.Message):
    __slots__ = ("staff_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class Candidates(_message.Message):
    __slots__ = ("staff_ids",)
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GroupMember(_message.Message):
    __slots__ = ("skill_groups", "required_groups", "exclude_staff_ids", "order")
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_GROUPS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    skill_groups: _containers.RepeatedCompositeFieldContainer[SkillGroupLevel]
    required_groups: _containers.RepeatedCompositeFieldContainer[SkillGroupLevel]
    exclude_staff_ids: _containers.RepeatedScalarFieldContainer[str]
    order: ClaimOrder
    def __init__(self, skill_groups: _Optional[_Iterable[_Union[SkillGroupLevel, _Mapping]]] = ..., required_groups: _Optional[_Iterable[_Union[SkillGroupLevel, _Mapping]]] = ..., exclude_staff_ids: _Optional[_Iterable[str]] = ..., order: _Optional[_Union[ClaimOrder, str]] = ...) -> None: ...

class ClaimStaffRequest(_message.Message):
    __slots__ = ("call_id", "named", "candidates", "group_member", "ttl", "request_id", "direction", "source", "another_offer")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    NAMED_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    GROUP_MEMBER_FIELD_NUMBER: _ClassVar[int]
    TTL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ANOTHER_OFFER_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    named: NamedStaff
    candidates: Candidates
    group_member: GroupMember
    ttl: _duration_pb2.Duration
    request_id: str
    direction: _staff_pb2.Direction
    source: str
    another_offer: bool
    def __init__(self, call_id: _Optional[str] = ..., named: _Optional[_Union[NamedStaff, _Mapping]] = ..., candidates: _Optional[_Union[Candidates, _Mapping]] = ..., group_member: _Optional[_Union[GroupMember, _Mapping]] = ..., ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., source: _Optional[str] = ..., another_offer: bool = ...) -> None: ...

class ClaimStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed", "claim_id", "skill_group", "already_offered")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUP_FIELD_NUMBER: _ClassVar[int]
    ALREADY_OFFERED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    claim_id: str
    skill_group: str
    already_offered: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., claim_id: _Optional[str] = ..., skill_group: _Optional[str] = ..., already_offered: bool = ...) -> None: ...

class WithdrawClaimRequest(_message.Message):
    __slots__ = ("claim_id", "request_id", "expected_revision", "reason")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    request_id: str
    expected_revision: int
    reason: WithdrawReason
    def __init__(self, claim_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., reason: _Optional[_Union[WithdrawReason, str]] = ...) -> None: ...

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

class GetClaimRequest(_message.Message):
    __slots__ = ("claim_id", "at_least")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    at_least: str
    def __init__(self, claim_id: _Optional[str] = ..., at_least: _Optional[str] = ...) -> None: ...

class GetClaimResponse(_message.Message):
    __slots__ = ("claim", "position")
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    claim: Claim
    position: str
    def __init__(self, claim: _Optional[_Union[Claim, _Mapping]] = ..., position: _Optional[str] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("claim_id", "staff_id", "call_id", "source", "direction", "offered_at", "expires_at", "end", "ended_at")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    OFFERED_AT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    staff_id: str
    call_id: str
    source: str
    direction: _staff_pb2.Direction
    offered_at: _timestamp_pb2.Timestamp
    expires_at: _timestamp_pb2.Timestamp
    end: _staff_pb2.OfferEnd
    ended_at: _timestamp_pb2.Timestamp
    def __init__(self, claim_id: _Optional[str] = ..., staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., source: _Optional[str] = ..., direction: _Optional[_Union[_staff_pb2.Direction, str]] = ..., offered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end: _Optional[_Union[_staff_pb2.OfferEnd, str]] = ..., ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

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
    outcome: _staff_pb2.FactOutcome
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., applied: bool = ..., outcome: _Optional[_Union[_staff_pb2.FactOutcome, str]] = ...) -> None: ...

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
    outcome: _staff_pb2.FactOutcome
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., applied: bool = ..., outcome: _Optional[_Union[_staff_pb2.FactOutcome, str]] = ...) -> None: ...

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
    results: _containers.RepeatedCompositeFieldContainer[_batch_pb2.ItemResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[_batch_pb2.ItemResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("ended", "started", "unknown_staff", "position", "replayed", "not_started", "total_ended", "total_started", "total_unknown_staff", "total_not_started")
    ENDED_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    NOT_STARTED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_ENDED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_STARTED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_UNKNOWN_STAFF_FIELD_NUMBER: _ClassVar[int]
    TOTAL_NOT_STARTED_FIELD_NUMBER: _ClassVar[int]
    ended: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    started: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    unknown_staff: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    position: str
    replayed: bool
    not_started: _containers.RepeatedCompositeFieldContainer[ReconciledCall]
    total_ended: int
    total_started: int
    total_unknown_staff: int
    total_not_started: int
    def __init__(self, ended: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., started: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., unknown_staff: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., position: _Optional[str] = ..., replayed: bool = ..., not_started: _Optional[_Iterable[_Union[ReconciledCall, _Mapping]]] = ..., total_ended: _Optional[int] = ..., total_started: _Optional[int] = ..., total_unknown_staff: _Optional[int] = ..., total_not_started: _Optional[int] = ...) -> None: ...

class ReconciledCall(_message.Message):
    __slots__ = ("staff_id", "call_id", "leg", "outcome")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    call_id: str
    leg: str
    outcome: _staff_pb2.FactOutcome
    def __init__(self, staff_id: _Optional[str] = ..., call_id: _Optional[str] = ..., leg: _Optional[str] = ..., outcome: _Optional[_Union[_staff_pb2.FactOutcome, str]] = ...) -> None: ...
