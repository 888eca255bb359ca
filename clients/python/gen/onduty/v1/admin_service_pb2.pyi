import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from onduty.v1 import access_pb2 as _access_pb2
from onduty.v1 import batch_pb2 as _batch_pb2
from onduty.v1 import policy_pb2 as _policy_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AuditKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUDIT_KIND_UNSPECIFIED: _ClassVar[AuditKind]
    AUDIT_KIND_ACCESS_REFUSED: _ClassVar[AuditKind]
    AUDIT_KIND_CREDENTIALS_CHANGED: _ClassVar[AuditKind]
    AUDIT_KIND_CERTIFICATE_LOADED: _ClassVar[AuditKind]
    AUDIT_KIND_CONFIGURATION_CHANGED: _ClassVar[AuditKind]
    AUDIT_KIND_SERVER_STARTED: _ClassVar[AuditKind]
    AUDIT_KIND_FILE_REFUSED: _ClassVar[AuditKind]
AUDIT_KIND_UNSPECIFIED: AuditKind
AUDIT_KIND_ACCESS_REFUSED: AuditKind
AUDIT_KIND_CREDENTIALS_CHANGED: AuditKind
AUDIT_KIND_CERTIFICATE_LOADED: AuditKind
AUDIT_KIND_CONFIGURATION_CHANGED: AuditKind
AUDIT_KIND_SERVER_STARTED: AuditKind
AUDIT_KIND_FILE_REFUSED: AuditKind

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

class ListAuditEntriesRequest(_message.Message):
    __slots__ = ("kinds", "starts_at", "ends_at", "newest_first", "page_size", "page_token")
    KINDS_FIELD_NUMBER: _ClassVar[int]
    STARTS_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_AT_FIELD_NUMBER: _ClassVar[int]
    NEWEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[AuditKind]
    starts_at: _timestamp_pb2.Timestamp
    ends_at: _timestamp_pb2.Timestamp
    newest_first: bool
    page_size: int
    page_token: str
    def __init__(self, kinds: _Optional[_Iterable[_Union[AuditKind, str]]] = ..., starts_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., newest_first: bool = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAuditEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[AuditEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[AuditEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AuditEntry(_message.Message):
    __slots__ = ("number", "at", "kind", "tenant", "actor_id", "credential_kind", "credential_id", "peer", "method", "reason", "problem", "subject", "detail", "request_id", "count")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_KIND_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    number: int
    at: _timestamp_pb2.Timestamp
    kind: AuditKind
    tenant: str
    actor_id: str
    credential_kind: str
    credential_id: str
    peer: str
    method: str
    reason: str
    problem: str
    subject: str
    detail: str
    request_id: str
    count: int
    def __init__(self, number: _Optional[int] = ..., at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[AuditKind, str]] = ..., tenant: _Optional[str] = ..., actor_id: _Optional[str] = ..., credential_kind: _Optional[str] = ..., credential_id: _Optional[str] = ..., peer: _Optional[str] = ..., method: _Optional[str] = ..., reason: _Optional[str] = ..., problem: _Optional[str] = ..., subject: _Optional[str] = ..., detail: _Optional[str] = ..., request_id: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...
