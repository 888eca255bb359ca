"""Takes the address of the admin pages, before anything is made for a server that cannot have it."""

import socket


class AdminAddressError(Exception):
    """The address of the admin listener cannot be had. The message says why."""


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        AdminAddressError: Another process has the address, or it is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise AdminAddressError(f"cannot listen on {host}:{port} for the admin pages: {error.strerror or error}") from error
