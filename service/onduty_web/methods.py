"""The methods that the gateway serves, read from descriptors; it knows none by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    server_service_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)

_CONTRACT: Final = (
    admin_service_pb2.DESCRIPTOR,
    history_service_pb2.DESCRIPTOR,
    router_service_pb2.DESCRIPTOR,
    server_service_pb2.DESCRIPTOR,
    supervisor_service_pb2.DESCRIPTOR,
    workspace_service_pb2.DESCRIPTOR,
)


@dataclass(frozen=True, slots=True)
class RpcMethod:
    """A method of a service."""

    path: str
    """As in ``/onduty.v1.ServerService/WhoAmI``, for HTTP and gRPC alike."""
    request: type[Message]
    response: type[Message]
    streams_requests: bool
    streams_responses: bool
    is_read: bool
    """It has no side effects: it may be called by GET."""


def methods_of(files: Iterable[FileDescriptor]) -> Mapping[str, RpcMethod]:
    """The methods of every service in ``files``, by path."""
    services: Iterable[ServiceDescriptor] = (one for file in files for one in file.services_by_name.values())
    return {
        (path := f"/{service.full_name}/{method.name}"): RpcMethod(
            path,
            GetMessageClass(method.input_type),
            GetMessageClass(method.output_type),
            method.client_streaming,
            method.server_streaming,
            method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS,
        )
        for service in services
        for method in service.methods
    }


def contract() -> Mapping[str, RpcMethod]:
    """The methods of ``onduty.v1``."""
    return methods_of(_CONTRACT)
