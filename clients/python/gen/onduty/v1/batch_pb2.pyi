from google.rpc import status_pb2 as _status_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemResult(_message.Message):
    __slots__ = ("taken", "error")
    TAKEN_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    taken: ItemTaken
    error: _status_pb2.Status
    def __init__(self, taken: _Optional[_Union[ItemTaken, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ItemTaken(_message.Message):
    __slots__ = ("revision", "status", "replayed", "applied", "outcome")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    revision: int
    status: _staff_pb2.Status
    replayed: bool
    applied: bool
    outcome: _staff_pb2.FactOutcome
    def __init__(self, revision: _Optional[int] = ..., status: _Optional[_Union[_staff_pb2.Status, str]] = ..., replayed: bool = ..., applied: bool = ..., outcome: _Optional[_Union[_staff_pb2.FactOutcome, str]] = ...) -> None: ...
