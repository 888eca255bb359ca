import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReturnTo(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETURN_TO_UNSPECIFIED: _ClassVar[ReturnTo]
    RETURN_TO_AVAILABLE: _ClassVar[ReturnTo]
    RETURN_TO_PRE_CALL: _ClassVar[ReturnTo]

class BreakLimitAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BREAK_LIMIT_ACTION_UNSPECIFIED: _ClassVar[BreakLimitAction]
    BREAK_LIMIT_ACTION_NONE: _ClassVar[BreakLimitAction]
    BREAK_LIMIT_ACTION_OFFLINE: _ClassVar[BreakLimitAction]

class NoAnswerStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NO_ANSWER_STATUS_UNSPECIFIED: _ClassVar[NoAnswerStatus]
    NO_ANSWER_STATUS_NONE: _ClassVar[NoAnswerStatus]
    NO_ANSWER_STATUS_ON_BREAK: _ClassVar[NoAnswerStatus]
    NO_ANSWER_STATUS_BUSY: _ClassVar[NoAnswerStatus]

class Colleagues(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLLEAGUES_UNSPECIFIED: _ClassVar[Colleagues]
    COLLEAGUES_NOBODY: _ClassVar[Colleagues]
    COLLEAGUES_OWN_GROUPS: _ClassVar[Colleagues]
    COLLEAGUES_ALL: _ClassVar[Colleagues]
RETURN_TO_UNSPECIFIED: ReturnTo
RETURN_TO_AVAILABLE: ReturnTo
RETURN_TO_PRE_CALL: ReturnTo
BREAK_LIMIT_ACTION_UNSPECIFIED: BreakLimitAction
BREAK_LIMIT_ACTION_NONE: BreakLimitAction
BREAK_LIMIT_ACTION_OFFLINE: BreakLimitAction
NO_ANSWER_STATUS_UNSPECIFIED: NoAnswerStatus
NO_ANSWER_STATUS_NONE: NoAnswerStatus
NO_ANSWER_STATUS_ON_BREAK: NoAnswerStatus
NO_ANSWER_STATUS_BUSY: NoAnswerStatus
COLLEAGUES_UNSPECIFIED: Colleagues
COLLEAGUES_NOBODY: Colleagues
COLLEAGUES_OWN_GROUPS: Colleagues
COLLEAGUES_ALL: Colleagues

class AfterCallWorkPolicy(_message.Message):
    __slots__ = ("enabled", "countdown", "directions", "max_duration", "return_to", "unanswered")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    COUNTDOWN_FIELD_NUMBER: _ClassVar[int]
    DIRECTIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_DURATION_FIELD_NUMBER: _ClassVar[int]
    RETURN_TO_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    countdown: _duration_pb2.Duration
    directions: _containers.RepeatedScalarFieldContainer[_staff_pb2.Direction]
    max_duration: _duration_pb2.Duration
    return_to: ReturnTo
    unanswered: bool
    def __init__(self, enabled: bool = ..., countdown: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., directions: _Optional[_Iterable[_Union[_staff_pb2.Direction, str]]] = ..., max_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., return_to: _Optional[_Union[ReturnTo, str]] = ..., unanswered: bool = ...) -> None: ...

class NoAnswerPolicy(_message.Message):
    __slots__ = ("misses", "status")
    MISSES_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    misses: int
    status: NoAnswerStatus
    def __init__(self, misses: _Optional[int] = ..., status: _Optional[_Union[NoAnswerStatus, str]] = ...) -> None: ...

class HoldOffPolicy(_message.Message):
    __slots__ = ("after_decline", "after_miss", "after_unreachable")
    AFTER_DECLINE_FIELD_NUMBER: _ClassVar[int]
    AFTER_MISS_FIELD_NUMBER: _ClassVar[int]
    AFTER_UNREACHABLE_FIELD_NUMBER: _ClassVar[int]
    after_decline: _duration_pb2.Duration
    after_miss: _duration_pb2.Duration
    after_unreachable: _duration_pb2.Duration
    def __init__(self, after_decline: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., after_miss: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., after_unreachable: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Policy(_message.Message):
    __slots__ = ("after_call_work", "claim_ttl", "no_answer", "disconnect_grace", "require_attachment", "max_call_age", "break_internal_calls", "after_call_work_dial_out", "after_call_work_internal_calls", "retention", "break_limit_action", "late_fact_window", "hold_off", "disconnect_grace_on_break", "in_line_consultation", "colleagues")
    AFTER_CALL_WORK_FIELD_NUMBER: _ClassVar[int]
    CLAIM_TTL_FIELD_NUMBER: _ClassVar[int]
    NO_ANSWER_FIELD_NUMBER: _ClassVar[int]
    DISCONNECT_GRACE_FIELD_NUMBER: _ClassVar[int]
    REQUIRE_ATTACHMENT_FIELD_NUMBER: _ClassVar[int]
    MAX_CALL_AGE_FIELD_NUMBER: _ClassVar[int]
    BREAK_INTERNAL_CALLS_FIELD_NUMBER: _ClassVar[int]
    AFTER_CALL_WORK_DIAL_OUT_FIELD_NUMBER: _ClassVar[int]
    AFTER_CALL_WORK_INTERNAL_CALLS_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    BREAK_LIMIT_ACTION_FIELD_NUMBER: _ClassVar[int]
    LATE_FACT_WINDOW_FIELD_NUMBER: _ClassVar[int]
    HOLD_OFF_FIELD_NUMBER: _ClassVar[int]
    DISCONNECT_GRACE_ON_BREAK_FIELD_NUMBER: _ClassVar[int]
    IN_LINE_CONSULTATION_FIELD_NUMBER: _ClassVar[int]
    COLLEAGUES_FIELD_NUMBER: _ClassVar[int]
    after_call_work: AfterCallWorkPolicy
    claim_ttl: _duration_pb2.Duration
    no_answer: NoAnswerPolicy
    disconnect_grace: _duration_pb2.Duration
    require_attachment: bool
    max_call_age: _duration_pb2.Duration
    break_internal_calls: bool
    after_call_work_dial_out: bool
    after_call_work_internal_calls: bool
    retention: _duration_pb2.Duration
    break_limit_action: BreakLimitAction
    late_fact_window: _duration_pb2.Duration
    hold_off: HoldOffPolicy
    disconnect_grace_on_break: _duration_pb2.Duration
    in_line_consultation: bool
    colleagues: Colleagues
    def __init__(self, after_call_work: _Optional[_Union[AfterCallWorkPolicy, _Mapping]] = ..., claim_ttl: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., no_answer: _Optional[_Union[NoAnswerPolicy, _Mapping]] = ..., disconnect_grace: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., require_attachment: bool = ..., max_call_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., break_internal_calls: bool = ..., after_call_work_dial_out: bool = ..., after_call_work_internal_calls: bool = ..., retention: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., break_limit_action: _Optional[_Union[BreakLimitAction, str]] = ..., late_fact_window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., hold_off: _Optional[_Union[HoldOffPolicy, _Mapping]] = ..., disconnect_grace_on_break: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., in_line_consultation: bool = ..., colleagues: _Optional[_Union[Colleagues, str]] = ...) -> None: ...

class BreakReason(_message.Message):
    __slots__ = ("code", "display_name", "enabled", "limit", "built_in", "revision")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    BUILT_IN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    code: str
    display_name: str
    enabled: bool
    limit: _duration_pb2.Duration
    built_in: bool
    revision: int
    def __init__(self, code: _Optional[str] = ..., display_name: _Optional[str] = ..., enabled: bool = ..., limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., built_in: bool = ..., revision: _Optional[int] = ...) -> None: ...
