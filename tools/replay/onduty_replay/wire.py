"""Sends requests to a running server and repeats what may be repeated; knows nothing of plans."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import grpc.aio
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from onduty.v1 import (
    admin_service_pb2_grpc,
    errors_pb2,
    history_service_pb2_grpc,
    router_service_pb2_grpc,
    server_service_pb2_grpc,
    staff_pb2,
    supervisor_service_pb2_grpc,
    workspace_service_pb2_grpc,
)
from onduty_cli.refusals import DOMAIN
from onduty_replay.tally import Tally

Answer = TypeVar("Answer")

ATTEMPT_SECONDS: Final = 10.0
"""The deadline of one attempt."""
PATIENCE_SECONDS: Final = 30.0
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 1.0

_CHANNEL_OPTIONS: Final = (
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    # The address is a server of one's own network; a web proxy in the environment is not meant for it.
    ("grpc.enable_http_proxy", 0),
)

TRANSIENT: Final = frozenset(
    {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}
)
"""Every request that changes something has a request id, so a repeat after these cannot be applied twice."""
_REFUSALS: Final = frozenset(
    {
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.ABORTED,
    }
)


class ReplayError(Exception):
    """The replay cannot go on. The text is for the person who started it."""


class ServerFailedError(ReplayError):
    """The server did not answer, or answered with a fault of its own."""

    def __init__(self, rpc: str, code: grpc.StatusCode, text: str) -> None:
        """Build the sentence."""
        self.code = code
        super().__init__(f"{rpc} failed with {code.name}: {text}")


class RefusedError(ReplayError):
    """The server refused a request. ``current`` is the staff member's state, where the refusal carries it."""

    def __init__(self, rpc: str, error: grpc.aio.AioRpcError) -> None:
        """Read the error's details."""
        self.rpc = rpc
        self.code = error.code()
        self.reason = ""
        self.current: staff_pb2.Staff | None = None
        self.assignable = 0
        """How many could be assigned a call, where the refusal says that nobody can."""
        status = rpc_status.from_call(error)
        for detail in status.details if status else ():
            self._read(detail)
        super().__init__(f"{rpc} was refused with {self.reason or self.code.name}: {error.details()}")

    def _read(self, detail: Any) -> None:
        info, refusal = error_details_pb2.ErrorInfo(), errors_pb2.TransitionRefusal()
        nobody = errors_pb2.NobodyAvailable()
        if detail.Unpack(info) and info.domain == DOMAIN:
            self.reason = info.reason
        elif detail.Unpack(refusal):
            self.current = refusal.current
        elif detail.Unpack(nobody):
            self.assignable = sum(count.assignable for count in nobody.counts)


class Wire:
    """A channel to the server with the contract's five services."""

    def __init__(self, address: str, *, tenant: str | None, tally: Tally, attempt_seconds: float = ATTEMPT_SECONDS) -> None:
        """Nothing is sent before the first request. Without a tenant the run has one of its own, which nobody has used."""
        self.run = secrets.token_hex(4)
        """Sets this run's request, call and source ids apart from those of every other run."""
        self.address = address
        self.tenant = tenant or f"rehearsal-{self.run}"
        self.metadata = (("onduty-tenant", self.tenant),)
        self.tally = tally
        self.patience_seconds = PATIENCE_SECONDS
        """For how long a request is repeated while the server cannot be reached."""
        self._attempt_seconds = attempt_seconds
        self._requests = 0
        self._channel = grpc.aio.insecure_channel(address, options=_CHANNEL_OPTIONS)
        generated: Any  # protoc makes no types for its gRPC modules.
        generated = workspace_service_pb2_grpc
        self.workspace: Any = generated.WorkspaceServiceStub(self._channel)
        generated = router_service_pb2_grpc
        self.router: Any = generated.RouterServiceStub(self._channel)
        generated = supervisor_service_pb2_grpc
        self.supervisor: Any = generated.SupervisorServiceStub(self._channel)
        generated = admin_service_pb2_grpc
        self.admin: Any = generated.AdminServiceStub(self._channel)
        generated = history_service_pb2_grpc
        self.history: Any = generated.HistoryServiceStub(self._channel)
        generated = server_service_pb2_grpc
        self.server: Any = generated.ServerServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        """Keep the channel for the length of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the channel."""
        await self._channel.close(None)

    @property
    def source(self) -> str:
        """The telephony source that owns this run's calls."""
        return f"replay-{self.run}"

    def call_id(self, key: str) -> str:
        """The call id of a record in this run."""
        return f"{self.run}-{key}"

    def request_id(self) -> str:
        """A request id that no other request has."""
        self._requests += 1
        return f"replay-{self.run}-{self._requests}"

    async def ask(self, method: Callable[..., Awaitable[Answer]], request: Message) -> Answer:
        """The answer to a request, which is repeated as it is while the server cannot be reached.

        Raises:
            RefusedError: the server will not do it.
            ServerFailedError: the server cannot do it, or could not be reached for so long.
        """
        rpc = type(request).__name__.removesuffix("Request")
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + self.patience_seconds, FIRST_PAUSE_SECONDS
        while True:
            self.tally.rpcs[rpc] += 1
            try:
                attempt_seconds = min(self._attempt_seconds, self.patience_seconds)
                return await method(request, timeout=attempt_seconds, metadata=self.metadata)
            except grpc.aio.AioRpcError as error:
                if error.code() in _REFUSALS:
                    raise RefusedError(rpc, error) from error
                if error.code() not in TRANSIENT or loop.time() + pause > until:
                    raise ServerFailedError(rpc, error.code(), error.details() or "") from error
                self.tally.retries[error.code().name] += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
