"""The generated clients of a server over one channel, and what an error says of itself; for tests against real servers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from onduty.v1 import errors_pb2
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.history_service_pb2_grpc import HistoryServiceStub
from onduty.v1.router_service_pb2_grpc import RouterServiceStub
from onduty.v1.server_service_pb2_grpc import ServerServiceStub
from onduty.v1.supervisor_service_pb2_grpc import SupervisorServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub

DETAILS_KEY = "grpc-status-details-bin"
DETAIL_TYPES: tuple[type[Message], ...] = (
    error_details_pb2.ErrorInfo,
    error_details_pb2.RetryInfo,
    error_details_pb2.BadRequest,
    errors_pb2.TransitionRefusal,
    errors_pb2.RevisionMismatch,
    errors_pb2.NobodyAvailable,
)


class Stubs:
    """The services over a channel, blocking or of asyncio."""

    def __init__(self, channel: Any) -> None:
        """The channel stays the caller's to close."""
        self.channel = channel
        self.workspace = WorkspaceServiceStub(channel)
        self.router = RouterServiceStub(channel)
        self.supervisor = SupervisorServiceStub(channel)
        self.admin = AdminServiceStub(channel)
        self.history = HistoryServiceStub(channel)
        self.server = ServerServiceStub(channel)


class _InTenant(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Names a tenant in every call."""

    def __init__(self, tenant: str) -> None:
        self._metadata = (("onduty-tenant", tenant),)

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(client_call_details._replace(metadata=self._metadata), request)

    intercept_unary_stream = intercept_unary_unary


@contextmanager
def stubs_of(address: str, *, tenant: str = "") -> Iterator[Stubs]:
    """Blocking stubs over a connection of their own for the length of the block, in a tenant where one is named."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(address, options=options) as channel:
        yield Stubs(grpc.intercept_channel(channel, _InTenant(tenant)) if tenant else channel)


def error_details(error: Any) -> dict[type[Message], Any]:
    """The typed details of an error, by type."""
    found: dict[type[Message], Any] = {}
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY:
            for packed in status_pb2.Status.FromString(value).details:
                for kind in DETAIL_TYPES:
                    if packed.Is(kind.DESCRIPTOR):
                        found[kind] = message = kind()
                        packed.Unpack(message)
    return found


def error_reason(error: Any) -> str:
    """The reason that an error names, empty where it names none."""
    info = error_details(error).get(error_details_pb2.ErrorInfo)
    return "" if info is None else str(info.reason)


def refused(call: Callable[..., Any], request: Message, **options: Any) -> Any:
    """The error of a call that must fail."""
    try:
        answer = call(request, timeout=options.pop("timeout", 30), **options)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"{type(request).__name__} was granted: {answer}")
