"""Asks the server over the Python client's connection, and makes its errors failures of a command; it shows nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self, TypeVar

from google.protobuf.message import Message

from onduty.v1.router_service_pb2 import WatchStaffRequest, WatchStaffResponse
from onduty_cli.access import NO_ACCESS, Access
from onduty_cli.actor import user_name
from onduty_cli.failures import CommandError, NoAnswerError, UnreachableError
from onduty_cli.refusals import refusal_of
from onduty_client.connection import Connection
from onduty_client.errors import OndutyError
from onduty_client.options import ConnectionOptions
from onduty_client.services import StreamMethod, UnaryMethod

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer")

_OF_A_USER: Final = frozenset({"onduty/v1/supervisor_service.proto", "onduty/v1/admin_service.proto"})
"""Whose calls name the user of the machine where nobody else is named as the one who acts."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to ask."""

    server: str
    """``host:port``."""
    tenant: str
    """Empty: the server's default."""
    timeout_seconds: float
    actor: str = ""
    """Who acts, told with every call."""
    names_user: bool = False
    """Where ``actor`` is empty, the user of this machine acts. Only calls of supervisors and administrators tell it: the change
    of a workspace is the staff member's own, and a router is a program. With a credential nobody is told: it says who acts."""
    access: Access = NO_ACCESS
    """With what credential, and how encrypted."""


_NO_HANDSHAKE = "no TLS connection came about: its certificate is not trusted, or it speaks no TLS"


class Session:
    """The services behind one connection. Used in a with block; closing it ends every stream."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Prepare the connection; it is made with the first request.

        Raises:
            ValueError: The server's address, the tenant, the actor or a file of TLS cannot be used.
        """
        self.endpoint = endpoint
        access = endpoint.access
        options = ConnectionOptions(
            endpoint.server, tenant=endpoint.tenant, actor=endpoint.actor, token=access.token, tls=access.tls
        )
        self._connection = Connection(options)
        self._has_credential = access.token is not None or bool(access.tls and access.tls.cert_file)
        services = self._connection.services
        self.workspace = services.workspace
        self.router = services.router
        self.supervisor = services.supervisor
        self.admin = services.admin
        self.history = services.history
        self.server = services.server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends every stream and request; again, it does nothing."""
        self._connection.close()

    def call(self, method: UnaryMethod[Request, Answer], request: Request) -> Answer:
        """Asks with the endpoint's timeout, again where the server cannot be reached, and returns the answer.

        Raises:
            RefusedError: The service answered with an error.
            UnreachableError: Nobody answered.
            NoAnswerError: The connection stands but no answer came.
        """
        names_user = self.endpoint.names_user and not self.endpoint.actor and not self._has_credential
        actor = user_name() if names_user and request.DESCRIPTOR.file.name in _OF_A_USER else ""
        try:
            return self._connection.call(method, request, timeout=self.endpoint.timeout_seconds, actor=actor)
        except OndutyError as error:
            raise self._failure_of(error) from error

    def watch(self, request: WatchStaffRequest, *, timeout_seconds: float | None = None) -> Iterator[WatchStaffResponse]:
        """Yields the frames of a watch until the server ends it; closing the iterator ends the stream.

        Raises:
            RefusedError, UnreachableError, NoAnswerError: As ``call``.
        """
        yield from self._stream(self.router.WatchStaff, request, timeout_seconds)

    def frames(
        self, method: StreamMethod[Request, Answer], request: Request, *, however_long: bool = False
    ) -> Iterator[Answer]:
        """Yields the frames of a stream that is read for as long as a request may take, or ``however_long`` it takes.

        Raises:
            RefusedError, UnreachableError, NoAnswerError: As ``call``.
        """
        yield from self._stream(method, request, None if however_long else self.endpoint.timeout_seconds)

    def _stream(
        self, method: StreamMethod[Request, Answer], request: Request, timeout_seconds: float | None
    ) -> Iterator[Answer]:
        try:
            with self._connection.stream(method, request, timeout=timeout_seconds) as stream:
                yield from stream
        except OndutyError as error:
            raise self._failure_of(error) from error

    def _why_unreachable(self, detail: str) -> str:
        """What gRPC says, which says little where the one side speaks TLS and the other does not, or is not trusted."""
        if self.endpoint.access.tls is not None:
            return f"{detail}; its certificate may not be trusted, or it speaks no TLS" if detail != "OK" else _NO_HANDSHAKE
        return f"{detail}; if it speaks TLS, say --tls or --ca-file" if "closed" in detail.lower() else detail

    def _failure_of(self, error: OndutyError) -> CommandError:
        if not error.reason and error.code == "UNAVAILABLE":
            return UnreachableError(self.endpoint.server, self._why_unreachable(error.message.rsplit(": ", 1)[-1].strip("[]")))
        if not error.reason and error.code == "DEADLINE_EXCEEDED":
            if self._connection.is_connected():
                return NoAnswerError(self.endpoint.server, self.endpoint.timeout_seconds)
            return UnreachableError(self.endpoint.server, f"no connection within {self.endpoint.timeout_seconds:g} s")
        return refusal_of(error)
