"""Whether an address can be listened on, and why not, asked before anything is opened for it."""

import errno
import socket
from collections.abc import Sequence
from typing import Any, Final

from onduty_server.config import split_address

PRIVILEGED_BELOW: Final = 1024
"""Ports that on most systems are not for everybody."""


class AddressInUseError(Exception):
    """The address cannot be bound. The message says why and what to do."""


def check_can_listen(address: str) -> None:
    """Bind ``address`` (host:port) for a moment. gRPC tells no cause, and writes lines of its own about it.

    Raises:
        AddressInUseError: Nothing of it can be bound.
    """
    host, port = split_address(address)
    try:
        found: Sequence[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise AddressInUseError(f"cannot listen on {address}: the name {host!r} leads nowhere ({cause})") from error
    failure: OSError | None = None
    for family, kind, protocol, _, place in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            failure = failure or error
        else:
            return
    if failure:
        raise AddressInUseError(f"cannot listen on {address}: {_why(failure, port)}") from failure


def _why(error: OSError, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} is in use by another program: stop it, or choose another with --listen or ONDUTY_LISTEN"
        case errno.EACCES if port < PRIVILEGED_BELOW:
            return f"permission denied: this user may not use port {port}, choose one from {PRIVILEGED_BELOW} on with --listen"
        case errno.EACCES:
            return f"permission denied: this user may not use port {port}"
        case errno.EADDRNOTAVAIL:
            return "it is not an address of this machine"
        case _:
            return f"{error.strerror}"
