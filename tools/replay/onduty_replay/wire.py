"""Sends requests to a running server and repeats what may be repeated; knows nothing of plans."""

import asyncio
import secrets
from types import TracebackType
from typing import Final, Self, TypeVar

from google.protobuf.message import Message

from onduty.v1 import staff_pb2
from onduty_client import (
    AlreadyExistsError,
    AsyncConnection,
    AsyncStream,
    ConnectionOptions,
    InvalidRequestError,
    NobodyAvailableError,
    NotFoundError,
    OndutyError,
    RefusedError,
    RevisionMismatchError,
)
from onduty_client.services import StreamMethod, UnaryMethod
from onduty_replay.tally import Tally

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer")

ATTEMPT_SECONDS: Final = 10.0
"""The deadline of one attempt."""
PATIENCE_SECONDS: Final = 30.0
FIRST_PAUSE_SECONDS: Final = 0.05
LONGEST_PAUSE_SECONDS: Final = 1.0

TRANSIENT: Final = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"})
"""Every request that changes something has a request id, so a repeat after these cannot be applied twice."""
_REFUSALS: Final = (
    AlreadyExistsError,
    InvalidRequestError,
    NobodyAvailableError,
    NotFoundError,
    RefusedError,
    RevisionMismatchError,
)


class ReplayError(Exception):
    """The replay cannot go on. The text is for the person who started it."""


class ServerFailedError(ReplayError):
    """The server did not answer, or answered with a fault of its own. ``code`` is the gRPC code's name."""

    def __init__(self, rpc: str, error: OndutyError) -> None:
        """Build the sentence."""
        self.code = error.code
        super().__init__(f"{rpc} failed with {error.code}: {error.message}")


class RequestRefusedError(ReplayError):
    """The server refused a request. ``current`` is the staff member's state, where the refusal carries it."""

    def __init__(self, rpc: str, error: OndutyError) -> None:
        """Read the error."""
        self.rpc = rpc
        self.code = error.code
        self.reason = error.reason
        self.current: staff_pb2.Staff | None = error.current if isinstance(error, RefusedError) else None
        self.assignable = 0
        """How many could be assigned a call, where the refusal says that nobody can."""
        if isinstance(error, NobodyAvailableError):
            self.assignable = sum(count.assignable for count in error.counts)
        super().__init__(f"{rpc} was refused with {error.reason or error.code}: {error.message}")


class Wire:
    """A connection to the server with the contract's services."""

    def __init__(self, address: str, *, tenant: str | None, tally: Tally, attempt_seconds: float = ATTEMPT_SECONDS) -> None:
        """Nothing is sent before the first request. Without a tenant the run has one of its own, which nobody has used."""
        self.run = secrets.token_hex(4)
        """Sets this run's request, call and source ids apart from those of every other run."""
        self.address = address
        self.tenant = tenant or f"rehearsal-{self.run}"
        self.tally = tally
        self.patience_seconds = PATIENCE_SECONDS
        """For how long a request is repeated while the server cannot be reached."""
        self._attempt_seconds = attempt_seconds
        self._requests = 0
        self._connection = AsyncConnection(ConnectionOptions(address, tenant=self.tenant, call_timeout=attempt_seconds))
        services = self._connection.services
        self.workspace = services.workspace
        self.router = services.router
        self.supervisor = services.supervisor
        self.admin = services.admin
        self.history = services.history
        self.server = services.server

    async def __aenter__(self) -> Self:
        """Keep the channel for the length of the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self._connection.close()

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

    def stream(self, method: StreamMethod[Request, Answer], request: Request) -> AsyncStream[Answer]:
        """A stream of answers, opened by ``async with``; it is not opened again when it ends."""
        return self._connection.stream(method, request)

    async def ask(self, method: UnaryMethod[Request, Answer], request: Request) -> Answer:
        """The answer to a request, which is repeated as it is while the server cannot be reached.

        Raises:
            RequestRefusedError: the server will not do it.
            ServerFailedError: the server cannot do it, or could not be reached for so long.
        """
        rpc = type(request).__name__.removesuffix("Request")
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + self.patience_seconds, FIRST_PAUSE_SECONDS
        while True:
            self.tally.rpcs[rpc] += 1
            try:
                attempt_seconds = min(self._attempt_seconds, self.patience_seconds)
                return await self._connection.call(method, request, timeout=attempt_seconds)
            except OndutyError as error:
                if isinstance(error, _REFUSALS):
                    raise RequestRefusedError(rpc, error) from error
                if error.code not in TRANSIENT or loop.time() + pause > until:
                    raise ServerFailedError(rpc, error) from error
                self.tally.retries[error.code] += 1
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
