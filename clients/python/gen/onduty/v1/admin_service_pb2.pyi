from google.protobuf import field_mask_pb2 as _field_mask_pb2
from onduty.v1 import errors_pb2 as _errors_pb2
from onduty.v1 import policy_pb2 as _policy_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateStaffRequest(_message.Message):
    __slots__ = ("staff", "request_id")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    request_id: str
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("staff", "update_mask", "request_id", "expected_revision")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("staff_id", "request_id", "expected_revision")
    STAFF_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    staff_id: str
    request_id: str
    expected_revision: int
    def __init__(self, staff_id: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class DeleteStaffResponse(_message.Message):
    __slots__ = ("staff", "position", "replayed")
    STAFF_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    staff: _staff_pb2.Staff
    position: str
    replayed: bool
    def __init__(self, staff: _Optional[_Union[_staff_pb2.Staff, _Mapping]] = ..., position: _Optional[str] = ..., replayed: bool = ...) -> None: ...

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
    results: _containers.RepeatedCompositeFieldContainer[CreateStaffResult]
    position: str
    def __init__(self, results: _Optional[_Iterable[_Union[CreateStaffResult, _Mapping]]] = ..., position: _Optional[str] = ...) -> None: ...

class CreateStaffResult(_message.Message):
    __slots__ = ("response", "error")
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    response: CreateStaffResponse
    error: _errors_pb2.ItemError
    def __init__(self, response: _Optional[_Union[CreateStaffResponse, _Mapping]] = ..., error: _Optional[_Union[_errors_pb2.ItemError, _Mapping]] = ...) -> None: ...

class CreateBreakReasonRequest(_message.Message):
    __slots__ = ("break_reason", "request_id")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    break_reason: _policy_pb2.BreakReason
    request_id: str
    def __init__(self, break_reason: _Optional[_Union[_policy_pb2.BreakReason, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

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
    __slots__ = ("break_reason", "update_mask", "request_id", "expected_revision")
    BREAK_REASON_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    break_reason: _policy_pb2.BreakReason
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    def __init__(self, break_reason: _Optional[_Union[_policy_pb2.BreakReason, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("code", "request_id", "expected_revision")
    CODE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    code: str
    request_id: str
    expected_revision: int
    def __init__(self, code: _Optional[str] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("policy", "update_mask", "request_id", "expected_revision")
    POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.Policy
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    expected_revision: int
    def __init__(self, policy: _Optional[_Union[_policy_pb2.Policy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

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
