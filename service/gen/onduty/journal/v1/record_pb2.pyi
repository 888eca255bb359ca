from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StaffPrivate(_message.Message):
    __slots__ = ("attachments", "deleted", "ended", "owed", "interrupted", "offered_by_group", "hold_off_kind", "passed_over_at_micros", "breaks_left", "groups_since_micros", "staff_id", "grace_began_at_micros", "calls")
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    OFFERED_BY_GROUP_FIELD_NUMBER: _ClassVar[int]
    HOLD_OFF_KIND_FIELD_NUMBER: _ClassVar[int]
    PASSED_OVER_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    BREAKS_LEFT_FIELD_NUMBER: _ClassVar[int]
    GROUPS_SINCE_MICROS_FIELD_NUMBER: _ClassVar[int]
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    GRACE_BEGAN_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    deleted: bool
    ended: str
    owed: OwedWrapUp
    interrupted: InterruptedWrapUp
    offered_by_group: str
    hold_off_kind: int
    passed_over_at_micros: int
    breaks_left: _containers.RepeatedCompositeFieldContainer[BreakLeft]
    groups_since_micros: int
    staff_id: str
    grace_began_at_micros: int
    calls: _containers.RepeatedCompositeFieldContainer[CallPrivate]
    def __init__(self, attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., deleted: _Optional[bool] = ..., ended: _Optional[str] = ..., owed: _Optional[_Union[OwedWrapUp, _Mapping]] = ..., interrupted: _Optional[_Union[InterruptedWrapUp, _Mapping]] = ..., offered_by_group: _Optional[str] = ..., hold_off_kind: _Optional[int] = ..., passed_over_at_micros: _Optional[int] = ..., breaks_left: _Optional[_Iterable[_Union[BreakLeft, _Mapping]]] = ..., groups_since_micros: _Optional[int] = ..., staff_id: _Optional[str] = ..., grace_began_at_micros: _Optional[int] = ..., calls: _Optional[_Iterable[_Union[CallPrivate, _Mapping]]] = ...) -> None: ...

class CallPrivate(_message.Message):
    __slots__ = ("began_again_at_micros", "hold_at_micros", "some_leg_ran_at_micros", "direction_assumed")
    BEGAN_AGAIN_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    HOLD_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    SOME_LEG_RAN_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_ASSUMED_FIELD_NUMBER: _ClassVar[int]
    began_again_at_micros: int
    hold_at_micros: int
    some_leg_ran_at_micros: int
    direction_assumed: bool
    def __init__(self, began_again_at_micros: _Optional[int] = ..., hold_at_micros: _Optional[int] = ..., some_leg_ran_at_micros: _Optional[int] = ..., direction_assumed: _Optional[bool] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("attachment_id", "instance_id")
    ATTACHMENT_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    attachment_id: str
    instance_id: str
    def __init__(self, attachment_id: _Optional[str] = ..., instance_id: _Optional[str] = ...) -> None: ...

class OwedWrapUp(_message.Message):
    __slots__ = ("call_id", "started_at_micros")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    started_at_micros: int
    def __init__(self, call_id: _Optional[str] = ..., started_at_micros: _Optional[int] = ...) -> None: ...

class InterruptedWrapUp(_message.Message):
    __slots__ = ("call_id", "left_micros", "cap_left_micros")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    LEFT_MICROS_FIELD_NUMBER: _ClassVar[int]
    CAP_LEFT_MICROS_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    left_micros: int
    cap_left_micros: int
    def __init__(self, call_id: _Optional[str] = ..., left_micros: _Optional[int] = ..., cap_left_micros: _Optional[int] = ...) -> None: ...

class BreakLeft(_message.Message):
    __slots__ = ("break_reason", "left_micros")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    LEFT_MICROS_FIELD_NUMBER: _ClassVar[int]
    break_reason: str
    left_micros: int
    def __init__(self, break_reason: _Optional[str] = ..., left_micros: _Optional[int] = ...) -> None: ...

class ClockRecord(_message.Message):
    __slots__ = ("instance_id", "steps")
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    instance_id: str
    steps: _containers.RepeatedCompositeFieldContainer[ClockStep]
    def __init__(self, instance_id: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[ClockStep, _Mapping]]] = ...) -> None: ...

class ClockStep(_message.Message):
    __slots__ = ("revision", "at_micros", "by_micros", "owed")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    BY_MICROS_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    revision: int
    at_micros: int
    by_micros: int
    owed: bool
    def __init__(self, revision: _Optional[int] = ..., at_micros: _Optional[int] = ..., by_micros: _Optional[int] = ..., owed: _Optional[bool] = ...) -> None: ...
