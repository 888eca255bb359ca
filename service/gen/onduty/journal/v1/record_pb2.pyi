from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StaffPrivate(_message.Message):
    __slots__ = ("attachments", "ended_calls", "deleted", "ended")
    ATTACHMENTS_FIELD_NUMBER: _ClassVar[int]
    ENDED_CALLS_FIELD_NUMBER: _ClassVar[int]
    DELETED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    attachments: _containers.RepeatedCompositeFieldContainer[Attachment]
    ended_calls: _containers.RepeatedCompositeFieldContainer[EndedCall]
    deleted: bool
    ended: str
    def __init__(self, attachments: _Optional[_Iterable[_Union[Attachment, _Mapping]]] = ..., ended_calls: _Optional[_Iterable[_Union[EndedCall, _Mapping]]] = ..., deleted: _Optional[bool] = ..., ended: _Optional[str] = ...) -> None: ...

class Attachment(_message.Message):
    __slots__ = ("attachment_id", "instance_id")
    ATTACHMENT_ID_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    attachment_id: str
    instance_id: str
    def __init__(self, attachment_id: _Optional[str] = ..., instance_id: _Optional[str] = ...) -> None: ...

class EndedCall(_message.Message):
    __slots__ = ("call_id", "ended_at_micros")
    CALL_ID_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_MICROS_FIELD_NUMBER: _ClassVar[int]
    call_id: str
    ended_at_micros: int
    def __init__(self, call_id: _Optional[str] = ..., ended_at_micros: _Optional[int] = ...) -> None: ...
