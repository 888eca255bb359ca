import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Status(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STATUS_UNSPECIFIED: _ClassVar[Status]
    STATUS_OFFLINE: _ClassVar[Status]
    STATUS_AVAILABLE: _ClassVar[Status]
    STATUS_BUSY: _ClassVar[Status]
    STATUS_ON_BREAK: _ClassVar[Status]
    STATUS_IN_LINE: _ClassVar[Status]
    STATUS_AFTER_CALL_WORK: _ClassVar[Status]

class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_UNSPECIFIED: _ClassVar[Direction]
    DIRECTION_INBOUND: _ClassVar[Direction]
    DIRECTION_OUTBOUND: _ClassVar[Direction]
    DIRECTION_INTERNAL: _ClassVar[Direction]
    DIRECTION_TRANSFER: _ClassVar[Direction]

class Action(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTION_UNSPECIFIED: _ClassVar[Action]
    ACTION_CHANGE_TO_AVAILABLE: _ClassVar[Action]
    ACTION_CHANGE_TO_BUSY: _ClassVar[Action]
    ACTION_CHANGE_TO_ON_BREAK: _ClassVar[Action]
    ACTION_CHANGE_TO_OFFLINE: _ClassVar[Action]
    ACTION_CHANGE_TO_IN_LINE: _ClassVar[Action]
    ACTION_CHANGE_TO_AFTER_CALL_WORK: _ClassVar[Action]
    ACTION_BACK_TO_RECEPTION: _ClassVar[Action]
    ACTION_CONTINUE_AFTER_CALL_WORK: _ClassVar[Action]
    ACTION_SET_NEXT_STATUS: _ClassVar[Action]
    ACTION_CLEAR_NEXT_STATUS: _ClassVar[Action]
    ACTION_PLACE_CALL: _ClassVar[Action]
    ACTION_CLAIM: _ClassVar[Action]

class Cause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAUSE_UNSPECIFIED: _ClassVar[Cause]
    CAUSE_STAFF: _ClassVar[Cause]
    CAUSE_SUPERVISOR: _ClassVar[Cause]
    CAUSE_RESET: _ClassVar[Cause]
    CAUSE_CLAIM: _ClassVar[Cause]
    CAUSE_OFFER_ACCEPTED: _ClassVar[Cause]
    CAUSE_OFFER_DECLINED: _ClassVar[Cause]
    CAUSE_CLAIM_WITHDRAWN: _ClassVar[Cause]
    CAUSE_NO_ANSWER: _ClassVar[Cause]
    CAUSE_CALL_STARTED: _ClassVar[Cause]
    CAUSE_CALL_ENDED: _ClassVar[Cause]
    CAUSE_CALL_PLACED: _ClassVar[Cause]
    CAUSE_CALL_AGE: _ClassVar[Cause]
    CAUSE_RECONCILE: _ClassVar[Cause]
    CAUSE_WRAP_UP_ENDED: _ClassVar[Cause]
    CAUSE_ATTACHED: _ClassVar[Cause]
    CAUSE_DETACHED: _ClassVar[Cause]
    CAUSE_DISCONNECTED: _ClassVar[Cause]
    CAUSE_BREAK_LIMIT: _ClassVar[Cause]
    CAUSE_ADMIN: _ClassVar[Cause]
    CAUSE_POLICY: _ClassVar[Cause]
    CAUSE_CALL_LIMIT: _ClassVar[Cause]
    CAUSE_HOLD_OFF_ENDED: _ClassVar[Cause]
    CAUSE_ANSWERED_ELSEWHERE: _ClassVar[Cause]
    CAUSE_CLOCK: _ClassVar[Cause]

class ActorRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACTOR_ROLE_UNSPECIFIED: _ClassVar[ActorRole]
    ACTOR_ROLE_SYSTEM: _ClassVar[ActorRole]
    ACTOR_ROLE_WORKSPACE: _ClassVar[ActorRole]
    ACTOR_ROLE_ROUTER: _ClassVar[ActorRole]
    ACTOR_ROLE_SUPERVISOR: _ClassVar[ActorRole]
    ACTOR_ROLE_ADMIN: _ClassVar[ActorRole]

class OfferEnd(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OFFER_END_UNSPECIFIED: _ClassVar[OfferEnd]
    OFFER_END_ACCEPTED: _ClassVar[OfferEnd]
    OFFER_END_DECLINED: _ClassVar[OfferEnd]
    OFFER_END_WITHDRAWN: _ClassVar[OfferEnd]
    OFFER_END_EXPIRED: _ClassVar[OfferEnd]
    OFFER_END_SUPERSEDED: _ClassVar[OfferEnd]
    OFFER_END_ELSEWHERE: _ClassVar[OfferEnd]

class TransitionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRANSITION_KIND_UNSPECIFIED: _ClassVar[TransitionKind]
    TRANSITION_KIND_CHANGED: _ClassVar[TransitionKind]
    TRANSITION_KIND_CREATED: _ClassVar[TransitionKind]
    TRANSITION_KIND_DELETED: _ClassVar[TransitionKind]

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
STATUS_UNSPECIFIED: Status
STATUS_OFFLINE: Status
STATUS_AVAILABLE: Status
STATUS_BUSY: Status
STATUS_ON_BREAK: Status
STATUS_IN_LINE: Status
STATUS_AFTER_CALL_WORK: Status
DIRECTION_UNSPECIFIED: Direction
DIRECTION_INBOUND: Direction
DIRECTION_OUTBOUND: Direction
DIRECTION_INTERNAL: Direction
DIRECTION_TRANSFER: Direction
ACTION_UNSPECIFIED: Action
ACTION_CHANGE_TO_AVAILABLE: Action
ACTION_CHANGE_TO_BUSY: Action
ACTION_CHANGE_TO_ON_BREAK: Action
ACTION_CHANGE_TO_OFFLINE: Action
ACTION_CHANGE_TO_IN_LINE: Action
ACTION_CHANGE_TO_AFTER_CALL_WORK: Action
ACTION_BACK_TO_RECEPTION: Action
ACTION_CONTINUE_AFTER_CALL_WORK: Action
ACTION_SET_NEXT_STATUS: Action
ACTION_CLEAR_NEXT_STATUS: Action
ACTION_PLACE_CALL: Action
ACTION_CLAIM: Action
CAUSE_UNSPECIFIED: Cause
CAUSE_STAFF: Cause
CAUSE_SUPERVISOR: Cause
CAUSE_RESET: Cause
CAUSE_CLAIM: Cause
CAUSE_OFFER_ACCEPTED: Cause
CAUSE_OFFER_DECLINED: Cause
CAUSE_CLAIM_WITHDRAWN: Cause
CAUSE_NO_ANSWER: Cause
CAUSE_CALL_STARTED: Cause
CAUSE_CALL_ENDED: Cause
CAUSE_CALL_PLACED: Cause
CAUSE_CALL_AGE: Cause
CAUSE_RECONCILE: Cause
CAUSE_WRAP_UP_ENDED: Cause
CAUSE_ATTACHED: Cause
CAUSE_DETACHED: Cause
CAUSE_DISCONNECTED: Cause
CAUSE_BREAK_LIMIT: Cause
CAUSE_ADMIN: Cause
CAUSE_POLICY: Cause
CAUSE_CALL_LIMIT: Cause
CAUSE_HOLD_OFF_ENDED: Cause
CAUSE_ANSWERED_ELSEWHERE: Cause
CAUSE_CLOCK: Cause
ACTOR_ROLE_UNSPECIFIED: ActorRole
ACTOR_ROLE_SYSTEM: ActorRole
ACTOR_ROLE_WORKSPACE: ActorRole
ACTOR_ROLE_ROUTER: ActorRole
ACTOR_ROLE_SUPERVISOR: ActorRole
ACTOR_ROLE_ADMIN: ActorRole
OFFER_END_UNSPECIFIED: OfferEnd
OFFER_END_ACCEPTED: OfferEnd
OFFER_END_DECLINED: OfferEnd
OFFER_END_WITHDRAWN: OfferEnd
OFFER_END_EXPIRED: OfferEnd
OFFER_END_SUPERSEDED: OfferEnd
OFFER_END_ELSEWHERE: OfferEnd
TRANSITION_KIND_UNSPECIFIED: TransitionKind
TRANSITION_KIND_CHANGED: TransitionKind
TRANSITION_KIND_CREATED: TransitionKind
TRANSITION_KIND_DELETED: TransitionKind
FACT_OUTCOME_UNSPECIFIED: FactOutcome
FACT_OUTCOME_APPLIED: FactOutcome
FACT_OUTCOME_REPEATED: FactOutcome
FACT_OUTCOME_ENDED_BEFORE: FactOutcome
FACT_OUTCOME_OLDER_THAN_RUNNING: FactOutcome
FACT_OUTCOME_NOT_KNOWN: FactOutcome
FACT_OUTCOME_AMBIGUOUS: FactOutcome
FACT_OUTCOME_CALLS_FULL: FactOutcome

class Capabilities(_message.Message):
    __slots__ = ("assign_inbound", "dial_out", "internal_calls", "change_status", "consult")
    ASSIGN_INBOUND_FIELD_NUMBER: _ClassVar[int]
    DIAL_OUT_FIELD_NUMBER: _ClassVar[int]
    INTERNAL_CALLS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_STATUS_FIELD_NUMBER: _ClassVar[int]
    CONSULT_FIELD_NUMBER: _ClassVar[int]
    assign_inbound: bool
    dial_out: bool
    internal_calls: bool
    change_status: bool
    consult: bool
    def __init__(self, assign_inbound: bool = ..., dial_out: bool = ..., internal_calls: bool = ..., change_status: bool = ..., consult: bool = ...) -> None: ...

class Call(_message.Message):
    __slots__ = ("call_id", "direction", "source", "started_at", "irregular", "occurred_at", "ends_at", "claim_id", "leg", "on_hold", "answered")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    IRREGULAR_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    LEG_FIELD_NUMBER: _ClassVar[int]
    ON_HOLD_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    direction: Direction
    source: str
    started_at: _timestamp_pb2.Timestamp
    irregular: bool
    occurred_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    claim_id: str
    leg: str
    on_hold: bool
    answered: bool
    def __init__(self, call_id: _Optional[str] = ..., direction: _Optional[_Union[Direction, str]] = ..., source: _Optional[str] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., irregular: bool = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., claim_id: _Optional[str] = ..., leg: _Optional[str] = ..., on_hold: bool = ..., answered: bool = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("claim_id", "call_id", "expires_at", "offered_at", "direction", "source")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    OFFERED_AT_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    call_id: str
    expires_at: _timestamp_pb2.Timestamp
    offered_at: _timestamp_pb2.Timestamp
    direction: Direction
    source: str
    def __init__(self, claim_id: _Optional[str] = ..., call_id: _Optional[str] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., offered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., direction: _Optional[_Union[Direction, str]] = ..., source: _Optional[str] = ...) -> None: ...

class WrapUp(_message.Message):
    __slots__ = ("call_id", "started_at", "ends_at", "capped_at")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    CAPPED_AT_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    started_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    capped_at: _timestamp_pb2.Timestamp
    def __init__(self, call_id: _Optional[str] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., capped_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StatusChoice(_message.Message):
    __slots__ = ("status", "break_reason")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    status: Status
    break_reason: str
    def __init__(self, status: _Optional[_Union[Status, str]] = ..., break_reason: _Optional[str] = ...) -> None: ...

class SkillGroup(_message.Message):
    __slots__ = ("name", "level")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    name: str
    level: int
    def __init__(self, name: _Optional[str] = ..., level: _Optional[int] = ...) -> None: ...

class AttachedWorkspace(_message.Message):
    __slots__ = ("workspace_id", "user_agent", "attached_at")
    WORKSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    ATTACHED_AT_FIELD_NUMBER: _ClassVar[int]
    workspace_id: str
    user_agent: str
    attached_at: _timestamp_pb2.Timestamp
    def __init__(self, workspace_id: _Optional[str] = ..., user_agent: _Optional[str] = ..., attached_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Connection(_message.Message):
    __slots__ = ("workspaces", "offline_at", "lapsed")
    WORKSPACES_FIELD_NUMBER: _ClassVar[int]
    OFFLINE_AT_FIELD_NUMBER: _ClassVar[int]
    LAPSED_FIELD_NUMBER: _ClassVar[int]
    workspaces: _containers.RepeatedCompositeFieldContainer[AttachedWorkspace]
    offline_at: _timestamp_pb2.Timestamp
    lapsed: bool
    def __init__(self, workspaces: _Optional[_Iterable[_Union[AttachedWorkspace, _Mapping]]] = ..., offline_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lapsed: bool = ...) -> None: ...

class Staff(_message.Message):
    __slots__ = ("staff_id", "display_name", "skill_groups", "status", "break_reason", "status_started_at", "capabilities", "calls", "offer", "wrap_up", "next", "connection", "idle_started_at", "revision", "changed_at", "choice", "break_ends_at", "overdue", "misses", "last_call_ended_at", "hold_off_ends_at", "person_id")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    STATUS_STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_FIELD_NUMBER: _ClassVar[int]
    IDLE_STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    BREAK_ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    MISSES_FIELD_NUMBER: _ClassVar[int]
    LAST_CALL_ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    HOLD_OFF_ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    display_name: str
    skill_groups: _containers.RepeatedCompositeFieldContainer[SkillGroup]
    status: Status
    break_reason: str
    status_started_at: _timestamp_pb2.Timestamp
    capabilities: Capabilities
    calls: _containers.RepeatedCompositeFieldContainer[Call]
    offer: Offer
    wrap_up: WrapUp
    next: StatusChoice
    connection: Connection
    idle_started_at: _timestamp_pb2.Timestamp
    revision: int
    changed_at: _timestamp_pb2.Timestamp
    choice: StatusChoice
    break_ends_at: _timestamp_pb2.Timestamp
    overdue: bool
    misses: int
    last_call_ended_at: _timestamp_pb2.Timestamp
    hold_off_ends_at: _timestamp_pb2.Timestamp
    person_id: str
    def __init__(self, staff_id: _Optional[str] = ..., display_name: _Optional[str] = ..., skill_groups: _Optional[_Iterable[_Union[SkillGroup, _Mapping]]] = ..., status: _Optional[_Union[Status, str]] = ..., break_reason: _Optional[str] = ..., status_started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., capabilities: _Optional[_Union[Capabilities, _Mapping]] = ..., calls: _Optional[_Iterable[_Union[Call, _Mapping]]] = ..., offer: _Optional[_Union[Offer, _Mapping]] = ..., wrap_up: _Optional[_Union[WrapUp, _Mapping]] = ..., next: _Optional[_Union[StatusChoice, _Mapping]] = ..., connection: _Optional[_Union[Connection, _Mapping]] = ..., idle_started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., revision: _Optional[int] = ..., changed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., choice: _Optional[_Union[StatusChoice, _Mapping]] = ..., break_ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., overdue: bool = ..., misses: _Optional[int] = ..., last_call_ended_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., hold_off_ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., person_id: _Optional[str] = ...) -> None: ...

class EndedOffer(_message.Message):
    __slots__ = ("claim_id", "call_id", "end")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    call_id: str
    end: OfferEnd
    def __init__(self, claim_id: _Optional[str] = ..., call_id: _Optional[str] = ..., end: _Optional[_Union[OfferEnd, str]] = ...) -> None: ...

class Actor(_message.Message):
    __slots__ = ("role", "id")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    role: ActorRole
    id: str
    def __init__(self, role: _Optional[_Union[ActorRole, str]] = ..., id: _Optional[str] = ...) -> None: ...

class SkillGroupsChange(_message.Message):
    __slots__ = ("before", "after")
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    before: _containers.RepeatedCompositeFieldContainer[SkillGroup]
    after: _containers.RepeatedCompositeFieldContainer[SkillGroup]
    def __init__(self, before: _Optional[_Iterable[_Union[SkillGroup, _Mapping]]] = ..., after: _Optional[_Iterable[_Union[SkillGroup, _Mapping]]] = ...) -> None: ...

class Transition(_message.Message):
    __slots__ = ("revision", "staff_id", "previous_status", "previous_break_reason", "status", "break_reason", "cause", "actor", "call_id", "request_id", "note", "changed_at", "time_in_previous_status", "recorded_at", "ended_offer", "claim_id", "skill_groups_change", "kind", "person_id", "source", "calls_started", "occurred_at")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_STATUS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    TIME_IN_PREVIOUS_STATUS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDED_OFFER_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_CHANGE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CALLS_STARTED_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_AT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    staff_id: str
    previous_status: Status
    previous_break_reason: str
    status: Status
    break_reason: str
    cause: Cause
    actor: Actor
    call_id: str
    request_id: str
    note: str
    changed_at: _timestamp_pb2.Timestamp
    time_in_previous_status: _duration_pb2.Duration
    recorded_at: _timestamp_pb2.Timestamp
    ended_offer: EndedOffer
    claim_id: str
    skill_groups_change: SkillGroupsChange
    kind: TransitionKind
    person_id: str
    source: str
    calls_started: int
    occurred_at: _timestamp_pb2.Timestamp
    def __init__(self, revision: _Optional[int] = ..., staff_id: _Optional[str] = ..., previous_status: _Optional[_Union[Status, str]] = ..., previous_break_reason: _Optional[str] = ..., status: _Optional[_Union[Status, str]] = ..., break_reason: _Optional[str] = ..., cause: _Optional[_Union[Cause, str]] = ..., actor: _Optional[_Union[Actor, _Mapping]] = ..., call_id: _Optional[str] = ..., request_id: _Optional[str] = ..., note: _Optional[str] = ..., changed_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., time_in_previous_status: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., recorded_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ended_offer: _Optional[_Union[EndedOffer, _Mapping]] = ..., claim_id: _Optional[str] = ..., skill_groups_change: _Optional[_Union[SkillGroupsChange, _Mapping]] = ..., kind: _Optional[_Union[TransitionKind, str]] = ..., person_id: _Optional[str] = ..., source: _Optional[str] = ..., calls_started: _Optional[int] = ..., occurred_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StaffChange(_message.Message):
    __slots__ = ("staff", "transition", "left")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    TRANSITION_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    staff: Staff
    transition: Transition
    left: bool
    def __init__(self, staff: _Optional[_Union[Staff, _Mapping]] = ..., transition: _Optional[_Union[Transition, _Mapping]] = ..., left: bool = ...) -> None: ...

class StaffFilter(_message.Message):
    __slots__ = ("staff_ids", "skill_groups", "statuses")
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    statuses: _containers.RepeatedScalarFieldContainer[Status]
    def __init__(self, staff_ids: _Optional[_Iterable[str]] = ..., skill_groups: _Optional[_Iterable[str]] = ..., statuses: _Optional[_Iterable[_Union[Status, str]]] = ...) -> None: ...

class Bookmark(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GoingAway(_message.Message):
    __slots__ = ("reconnect_after",)
    RECONNECT_AFTER_FIELD_NUMBER: _ClassVar[int]
    reconnect_after: _duration_pb2.Duration
    def __init__(self, reconnect_after: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class StatusCount(_message.Message):
    __slots__ = ("status", "count", "assignable")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNABLE_FIELD_NUMBER: _ClassVar[int]
    status: Status
    count: int
    assignable: int
    def __init__(self, status: _Optional[_Union[Status, str]] = ..., count: _Optional[int] = ..., assignable: _Optional[int] = ...) -> None: ...

class SkillGroupSummary(_message.Message):
    __slots__ = ("skill_group", "counts", "total")
    SKILL_GROUP_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    skill_group: str
    counts: _containers.RepeatedCompositeFieldContainer[StatusCount]
    total: int
    def __init__(self, skill_group: _Optional[str] = ..., counts: _Optional[_Iterable[_Union[StatusCount, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...
