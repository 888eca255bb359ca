"""Addresses to listen on: `HOST:PORT`, and whether only this machine can reach one."""

import ipaddress
from typing import Annotated

from pydantic import AfterValidator


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``HOST:PORT`` or ``[HOST]:PORT``.

    Raises:
        ValueError: It is not one.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit():
        raise ValueError("must be HOST:PORT, as 127.0.0.1:50051")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very address or name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(address: str) -> bool:
    """Whether only this machine can reach an address; so too where there is none."""
    return not address or is_loopback(split_address(address)[0])


def _address(value: str) -> str:
    host, port = split_address(value)
    if not host:
        raise ValueError("needs a host before the port, as 127.0.0.1:50051")
    if not 0 <= port <= 65_535:
        raise ValueError("the port must be between 0 and 65535")
    return value


def _address_or_none(value: str) -> str:
    return _address(value) if value else value


Address = Annotated[str, AfterValidator(_address)]
"""A setting that is an address."""

MaybeAddress = Annotated[str, AfterValidator(_address_or_none)]
"""A setting that is an address, or empty."""
