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

class CredentialKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CREDENTIAL_KIND_UNSPECIFIED: _ClassVar[CredentialKind]
    CREDENTIAL_KIND_KEY: _ClassVar[CredentialKind]
    CREDENTIAL_KIND_TOKEN: _ClassVar[CredentialKind]
    CREDENTIAL_KIND_CERTIFICATE: _ClassVar[CredentialKind]

class ReplicaRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPLICA_ROLE_UNSPECIFIED: _ClassVar[ReplicaRole]
    REPLICA_ROLE_LEADER: _ClassVar[ReplicaRole]
    REPLICA_ROLE_FOLLOWER: _ClassVar[ReplicaRole]
CREDENTIAL_KIND_UNSPECIFIED: CredentialKind
CREDENTIAL_KIND_KEY: CredentialKind
CREDENTIAL_KIND_TOKEN: CredentialKind
CREDENTIAL_KIND_CERTIFICATE: CredentialKind
REPLICA_ROLE_UNSPECIFIED: ReplicaRole
REPLICA_ROLE_LEADER: ReplicaRole
REPLICA_ROLE_FOLLOWER: ReplicaRole

class GetServerInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ("version", "build", "store_id", "epoch", "replica_id", "rehearsal", "started_at", "answered_at", "head", "position", "caller", "limits")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    BUILD_FIELD_NUMBER: _ClassVar[int]
    STORE_ID_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    REPLICA_ID_FIELD_NUMBER: _ClassVar[int]
    REHEARSAL_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_AT_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    version: str
    build: str
    store_id: str
    epoch: int
    replica_id: str
    rehearsal: bool
    started_at: _timestamp_pb2.Timestamp
    answered_at: _timestamp_pb2.Timestamp
    head: int
    position: str
    caller: CallerInfo
    limits: ServerLimits
    def __init__(self, version: _Optional[str] = ..., build: _Optional[str] = ..., store_id: _Optional[str] = ..., epoch: _Optional[int] = ..., replica_id: _Optional[str] = ..., rehearsal: bool = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., answered_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., head: _Optional[int] = ..., position: _Optional[str] = ..., caller: _Optional[_Union[CallerInfo, _Mapping]] = ..., limits: _Optional[_Union[ServerLimits, _Mapping]] = ...) -> None: ...

class WhoAmIRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class WhoAmIResponse(_message.Message):
    __slots__ = ("tenant", "actor_id", "credential_kind", "credential_id", "tenants", "roles", "staff_ids", "all_staff", "expires_at", "restricted_to_skill_groups", "skill_groups")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_KIND_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_ID_FIELD_NUMBER: _ClassVar[int]
    TENANTS_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    STAFF_IDS_FIELD_NUMBER: _ClassVar[int]
    ALL_STAFF_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    RESTRICTED_TO_SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    actor_id: str
    credential_kind: CredentialKind
    credential_id: str
    tenants: _containers.RepeatedScalarFieldContainer[str]
    roles: _containers.RepeatedScalarFieldContainer[_staff_pb2.ActorRole]
    staff_ids: _containers.RepeatedScalarFieldContainer[str]
    all_staff: bool
    expires_at: _timestamp_pb2.Timestamp
    restricted_to_skill_groups: bool
    skill_groups: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tenant: _Optional[str] = ..., actor_id: _Optional[str] = ..., credential_kind: _Optional[_Union[CredentialKind, str]] = ..., credential_id: _Optional[str] = ..., tenants: _Optional[_Iterable[str]] = ..., roles: _Optional[_Iterable[_Union[_staff_pb2.ActorRole, str]]] = ..., staff_ids: _Optional[_Iterable[str]] = ..., all_staff: bool = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., restricted_to_skill_groups: bool = ..., skill_groups: _Optional[_Iterable[str]] = ...) -> None: ...

class CallerInfo(_message.Message):
    __slots__ = ("tenant", "actor_id", "role")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    actor_id: str
    role: _staff_pb2.ActorRole
    def __init__(self, tenant: _Optional[str] = ..., actor_id: _Optional[str] = ..., role: _Optional[_Union[_staff_pb2.ActorRole, str]] = ...) -> None: ...

class ServerLimits(_message.Message):
    __slots__ = ("request_bytes", "batch_items", "page_size", "page_size_default", "filter_values", "id_length", "code_length", "name_length", "note_length", "skill_groups_per_staff", "workspaces_per_staff", "ended_calls_per_staff", "streams_per_caller", "waiting_requests", "claim_ttl_min", "claim_ttl_max", "bookmark_interval_min", "bookmark_interval_max", "request_id_kept", "watch_changes", "watch_bytes", "watch_age", "ping_interval_min", "stall_limit", "calls_per_staff", "workspaces_per_caller", "scans_per_caller", "calls_per_caller", "calls_per_tenant", "items_per_caller", "items_per_tenant", "bytes_per_caller", "bytes_per_tenant")
    REQUEST_BYTES_FIELD_NUMBER: _ClassVar[int]
    BATCH_ITEMS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    FILTER_VALUES_FIELD_NUMBER: _ClassVar[int]
    ID_LENGTH_FIELD_NUMBER: _ClassVar[int]
    CODE_LENGTH_FIELD_NUMBER: _ClassVar[int]
    NAME_LENGTH_FIELD_NUMBER: _ClassVar[int]
    NOTE_LENGTH_FIELD_NUMBER: _ClassVar[int]
    SKILL_GROUPS_PER_STAFF_FIELD_NUMBER: _ClassVar[int]
    WORKSPACES_PER_STAFF_FIELD_NUMBER: _ClassVar[int]
    ENDED_CALLS_PER_STAFF_FIELD_NUMBER: _ClassVar[int]
    STREAMS_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    WAITING_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    CLAIM_TTL_MIN_FIELD_NUMBER: _ClassVar[int]
    CLAIM_TTL_MAX_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_MIN_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_INTERVAL_MAX_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_KEPT_FIELD_NUMBER: _ClassVar[int]
    WATCH_CHANGES_FIELD_NUMBER: _ClassVar[int]
    WATCH_BYTES_FIELD_NUMBER: _ClassVar[int]
    WATCH_AGE_FIELD_NUMBER: _ClassVar[int]
    PING_INTERVAL_MIN_FIELD_NUMBER: _ClassVar[int]
    STALL_LIMIT_FIELD_NUMBER: _ClassVar[int]
    CALLS_PER_STAFF_FIELD_NUMBER: _ClassVar[int]
    WORKSPACES_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    SCANS_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    CALLS_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    CALLS_PER_TENANT_FIELD_NUMBER: _ClassVar[int]
    ITEMS_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    ITEMS_PER_TENANT_FIELD_NUMBER: _ClassVar[int]
    BYTES_PER_CALLER_FIELD_NUMBER: _ClassVar[int]
    BYTES_PER_TENANT_FIELD_NUMBER: _ClassVar[int]
    request_bytes: int
    batch_items: int
    page_size: int
    page_size_default: int
    filter_values: int
    id_length: int
    code_length: int
    name_length: int
    note_length: int
    skill_groups_per_staff: int
    workspaces_per_staff: int
    ended_calls_per_staff: int
    streams_per_caller: int
    waiting_requests: int
    claim_ttl_min: _duration_pb2.Duration
    claim_ttl_max: _duration_pb2.Duration
    bookmark_interval_min: _duration_pb2.Duration
    bookmark_interval_max: _duration_pb2.Duration
    request_id_kept: _duration_pb2.Duration
    watch_changes: int
    watch_bytes: int
    watch_age: _duration_pb2.Duration
    ping_interval_min: _duration_pb2.Duration
    stall_limit: _duration_pb2.Duration
    calls_per_staff: int
    workspaces_per_caller: int
    scans_per_caller: int
    calls_per_caller: int
    calls_per_tenant: int
    items_per_caller: int
    items_per_tenant: int
    bytes_per_caller: int
    bytes_per_tenant: int
    def __init__(self, request_bytes: _Optional[int] = ..., batch_items: _Optional[int] = ..., page_size: _Optional[int] = ..., page_size_default: _Optional[int] = ..., filter_values: _Optional[int] = ..., id_length: _Optional[int] = ..., code_length: _Optional[int] = ..., name_length: _Optional[int] = ..., note_length: _Optional[int] = ..., skill_groups_per_staff: _Optional[int] = ..., workspaces_per_staff: _Optional[int] = ..., ended_calls_per_staff: _Optional[int] = ..., streams_per_caller: _Optional[int] = ..., waiting_requests: _Optional[int] = ..., claim_ttl_min: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., claim_ttl_max: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., bookmark_interval_min: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., bookmark_interval_max: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., request_id_kept: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., watch_changes: _Optional[int] = ..., watch_bytes: _Optional[int] = ..., watch_age: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., ping_interval_min: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., stall_limit: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., calls_per_staff: _Optional[int] = ..., workspaces_per_caller: _Optional[int] = ..., scans_per_caller: _Optional[int] = ..., calls_per_caller: _Optional[int] = ..., calls_per_tenant: _Optional[int] = ..., items_per_caller: _Optional[int] = ..., items_per_tenant: _Optional[int] = ..., bytes_per_caller: _Optional[int] = ..., bytes_per_tenant: _Optional[int] = ...) -> None: ...

class ListReplicasRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListReplicasResponse(_message.Message):
    __slots__ = ("replicas",)
    REPLICAS_FIELD_NUMBER: _ClassVar[int]
    replicas: _containers.RepeatedCompositeFieldContainer[Replica]
    def __init__(self, replicas: _Optional[_Iterable[_Union[Replica, _Mapping]]] = ...) -> None: ...

class Replica(_message.Message):
    __slots__ = ("replica_id", "address", "role", "term", "head", "lag", "version", "watches", "workspaces", "started_at", "seen_ago")
    REPLICA_ID_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TERM_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    LAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WATCHES_FIELD_NUMBER: _ClassVar[int]
    WORKSPACES_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    SEEN_AGO_FIELD_NUMBER: _ClassVar[int]
    replica_id: str
    address: str
    role: ReplicaRole
    term: int
    head: int
    lag: _duration_pb2.Duration
    version: str
    watches: int
    workspaces: int
    started_at: _timestamp_pb2.Timestamp
    seen_ago: _duration_pb2.Duration
    def __init__(self, replica_id: _Optional[str] = ..., address: _Optional[str] = ..., role: _Optional[_Union[ReplicaRole, str]] = ..., term: _Optional[int] = ..., head: _Optional[int] = ..., lag: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., version: _Optional[str] = ..., watches: _Optional[int] = ..., workspaces: _Optional[int] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., seen_ago: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
