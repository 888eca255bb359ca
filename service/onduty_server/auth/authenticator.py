"""What the gate asks of whoever checks credentials."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from onduty_server.auth.issuer_keys import IssuerKeys
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.access.principal import Identity, Principal


class Presented(Protocol):
    """The part of a call that can hold a credential; gRPC's context of a call is one."""

    def invocation_metadata(self) -> Sequence[tuple[str, str | bytes]] | None:
        """What the caller sent beside the request."""

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        """What the connection's TLS handshake showed."""


class Authenticator(Protocol):
    """Turns what a call presents into an identity."""

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """What has to be read again and again while the server serves."""

    @property
    def issuers(self) -> Sequence[IssuerKeys]:
        """Whose keys are had from an address or a file."""

    def authenticate(self, call: Presented, method: str) -> Identity | Awaitable[Identity]:
        """As whom ``method`` is called; to be awaited where something must be fetched first, as an issuer's keys.

        Raises:
            UnauthenticatedError: The credential is missing, invalid or has ended.
            PermissionDeniedError: It is valid, and not for the tenant or the actor that the metadata names.
            InvalidFieldsError: The metadata names a tenant or actor that cannot be one, or none where one is needed.
        """

    def check(self, principal: Principal) -> float | None:
        """The seconds for which a credential that was taken before is still good, as far as is known; None: without an end.

        Raises:
            UnauthenticatedError: It has expired, was revoked, or reaches less than it did.
        """

    def on_change(self, notify: Callable[[], None]) -> None:
        """Have ``notify`` called whenever credentials may have been revoked."""
