import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from onduty.v1 import access_pb2 as _access_pb2
from onduty.v1 import batch_pb2 as _batch_pb2
from onduty.v1 import policy_pb2 as _policy_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateStaffRequest(_message.Message):
    __slots__ = ("staff_id", "display_name", "skill_groups", "request_id", "note")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    display_name: str
    skill_groups: _containers.RepeatedCompositeFieldContainer[_staff_pb2.SkillGroup]
    request_id: str
    note: str
    def __init__(self, staff_id: _Optional[str] = ..., display_name: _Optional[str] = ..., skill_groups: _Optional[_Iterable[_Union[_staff_pb2.SkillGroup, _Mapping]]] = ..., request_id: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class CreateStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class UpdateStaffRequest(_message.Message):
    __slots__ = ("staff_id", "display_name", "skill_groups", "update_mask", "request_id", "expected_revision", "note")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    display_name: str
    skill_groups: _containers.RepeatedCompositeFieldContainer[_staff_pb2.SkillGroup]
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    note: str
    def __init__(self, staff_id: _Optional[str] = ..., display_name: _Optional[str] = ..., skill_groups: _Optional[_Iterable[_Union[_staff_pb2.SkillGroup, _Mapping]]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class UpdateStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class DeleteStaffRequest(_message.Message):
    __slots__ = ("staff_id", "request_id", "expected_revision", "note")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    request_id: str
    expected_revision: int
    note: str
    def __init__(self, staff_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class DeleteStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class EraseStaffRequest(_message.Message):
    __slots__ = ("staff_id", "person_id", "note", "request_id")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    person_id: str
    note: str
    request_id: str
    def __init__(self, staff_id: _Optional[str] = ..., person_id: _Optional[str] = ..., note: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class EraseStaffResponse(_message.Message):
    __slots__ = ("pseudonyms", "transitions", "position", "replayed")
    PSEUDONYMS_FIELD_NUMBER: _ClassVar[int]
    TRANSITIONS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    pseudonyms: _containers.RepeatedScalarFieldContainer[str]
    transitions: int
    position: str
    replayed: bool
    def __init__(self, pseudonyms: _Optional[_Iterable[str]] = ..., transitions: _Optional[int] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class BatchCreateStaffRequest(_message.Message):
    __slots__ = ("requests", "request_id")
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[CreateStaffRequest]
    request_id: str
    def __init__(self, requests: _Optional[_Iterable[_Union[CreateStaffRequest, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchCreateStaffResponse(_message.Message):
    __slots__ = ("results", "position")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_batch_pb2.ItemResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[_batch_pb2.ItemResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class CreateBreakReasonRequest(_message.Message):
    __slots__ = ("code", "display_name", "enabled", "limit", "request_id", "note")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    code: str
    display_name: str
    enabled: bool
    limit: _duration_pb2.Duration
    request_id: str
    note: str
    def __init__(self, code: _Optional[str] = ..., display_name: _Optional[str] = ..., enabled: bool = ..., limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class CreateBreakReasonResponse(_message.Message):
    __slots__ = ("break_reason", "position", "replayed")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    break_reason: _policy_pb2.BreakReason
    position: str
    replayed: bool
    def __init__(self, break_reason: _Optional[_Union[_policy_pb2.BreakReason, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class UpdateBreakReasonRequest(_message.Message):
    __slots__ = ("code", "display_name", "enabled", "limit", "update_mask", "request_id", "expected_revision", "note")
    CODE_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    code: str
    display_name: str
    enabled: bool
    limit: _duration_pb2.Duration
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    note: str
    def __init__(self, code: _Optional[str] = ..., display_name: _Optional[str] = ..., enabled: bool = ..., limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class UpdateBreakReasonResponse(_message.Message):
    __slots__ = ("break_reason", "position", "replayed")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    break_reason: _policy_pb2.BreakReason
    position: str
    replayed: bool
    def __init__(self, break_reason: _Optional[_Union[_policy_pb2.BreakReason, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class DeleteBreakReasonRequest(_message.Message):
    __slots__ = ("code", "request_id", "expected_revision", "note")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    code: str
    request_id: str
    expected_revision: int
    note: str
    def __init__(self, code: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class DeleteBreakReasonResponse(_message.Message):
    __slots__ = ("break_reason", "position", "replayed")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    break_reason: _policy_pb2.BreakReason
    position: str
    replayed: bool
    def __init__(self, break_reason: _Optional[_Union[_policy_pb2.BreakReason, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

class GetPolicyRequest(_message.Message):
    __slots__ = ("at_least",)
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    at_least: str
    def __init__(self, at_least: _Optional[str] = ...) -> None: ...

class GetPolicyResponse(_message.Message):
    __slots__ = ("policy", "position", "revision")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.Policy
    position: str
    revision: int
    def __init__(self, policy: _Optional[_Union[_policy_pb2.Policy, _Mapping]] = ..., position: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class UpdatePolicyRequest(_message.Message):
    __slots__ = ("policy", "update_mask", "request_id", "expected_revision", "note")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.Policy
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    note: str
    def __init__(self, policy: _Optional[_Union[_policy_pb2.Policy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class UpdatePolicyResponse(_message.Message):
    __slots__ = ("policy", "position", "replayed", "revision")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.Policy
    position: str
    replayed: bool
    revision: int
    def __init__(self, policy: _Optional[_Union[_policy_pb2.Policy, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ..., revision: _Optional[int] = ...) -> None: ...
