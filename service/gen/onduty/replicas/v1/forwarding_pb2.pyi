from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ForwardRequest(_message.Message):
    __slots__ = ("calls",)
    CALLS_FIELD_NUMBER: _ClassVar[int]
    calls: _containers.RepeatedCompositeFieldContainer[ForwardedCall]
    def __init__(self, calls: _Optional[_Iterable[_Union[ForwardedCall, _Mapping]]] = ...) -> None: ...

class ForwardedCall(_message.Message):
    __slots__ = ("number", "method", "request", "caller", "workspace")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_FIELD_NUMBER: _ClassVar[int]
    number: int
    method: str
    request: bytes
    caller: bytes
    workspace: ForwardedWorkspace
    def __init__(self, number: _Optional[int] = ..., method: _Optional[str] = ..., request: _Optional[bytes] = ..., caller: _Optional[bytes] = ..., workspace: _Optional[_Union[ForwardedWorkspace, _Mapping]] = ...) -> None: ...

class ForwardedCaller(_message.Message):
    __slots__ = ("tenant", "actor_id", "role", "principal")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    actor_id: str
    role: int
    principal: ForwardedPrincipal
    def __init__(self, tenant: _Optional[str] = ..., actor_id: _Optional[str] = ..., role: _Optional[int] = ..., principal: _Optional[_Union[ForwardedPrincipal, _Mapping]] = ...) -> None: ...

class ForwardedPrincipal(_message.Message):
    __slots__ = ("kind", "credential_id", "tenants", "roles", "actor_id", "staff_ids", "all_staff", "skill_groups", "all_skill_groups", "expires_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    TENANTS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    ALL_STAFF_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    ALL_SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    credential_id: str
    tenants: _containers.RepeatedScalarFieldContainer[str]
    roles: _containers.RepeatedScalarFieldContainer[int]
    actor_id: str
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    all_staff: bool
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    all_skill_groups: bool
    expires_at: int
    def __init__(self, kind: _Optional[str] = ..., credential_id: _Optional[str] = ..., tenants: _Optional[_Iterable[str]] = ..., roles: _Optional[_Iterable[int]] = ..., actor_id: _Optional[str] = ..., staff_ids: _Optional[_Iterable[str]] = ..., all_staff: _Optional[bool] = ..., skill_groups: _Optional[_Iterable[str]] = ..., all_skill_groups: _Optional[bool] = ..., expires_at: _Optional[int] = ...) -> None: ...

class ForwardedWorkspace(_message.Message):
    __slots__ = ("tenant", "staff_id", "attachment_id", "instance_id", "workspace_id", "user_agent", "actor_role", "actor_id", "detaches")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    ATTACHMENT_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_ID_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ROLE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    DETACHES_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    staff_id: str
    attachment_id: str
    instance_id: str
    workspace_id: str
    user_agent: str
    actor_role: int
    actor_id: str
    detaches: bool
    def __init__(self, tenant: _Optional[str] = ..., staff_id: _Optional[str] = ..., attachment_id: _Optional[str] = ..., instance_id: _Optional[str] = ..., workspace_id: _Optional[str] = ..., user_agent: _Optional[str] = ..., actor_role: _Optional[int] = ..., actor_id: _Optional[str] = ..., detaches: _Optional[bool] = ...) -> None: ...

class ForwardResponse(_message.Message):
    __slots__ = ("answers",)
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[ForwardedAnswer]
    def __init__(self, answers: _Optional[_Iterable[_Union[ForwardedAnswer, _Mapping]]] = ...) -> None: ...

class ForwardedAnswer(_message.Message):
    __slots__ = ("number", "response", "failure", "not_leading", "lost", "head", "revision")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    NOT_LEADING_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    number: int
    response: bytes
    failure: ForwardedFailure
    not_leading: bool
    lost: bool
    head: int
    revision: int
    def __init__(self, number: _Optional[int] = ..., response: _Optional[bytes] = ..., failure: _Optional[_Union[ForwardedFailure, _Mapping]] = ..., not_leading: _Optional[bool] = ..., lost: _Optional[bool] = ..., head: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class ForwardedFailure(_message.Message):
    __slots__ = ("status",)
    STATUS_FIELD_NUMBER: _ClassVar[int]
    status: bytes
    def __init__(self, status: _Optional[bytes] = ...) -> None: ...
