from google.protobuf import descriptor_pb2 as _descriptor_pb2
from onduty.v1 import staff_pb2 as _staff_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
ROLES_FIELD_NUMBER: _ClassVar[int]
roles: _descriptor.FieldDescriptor
