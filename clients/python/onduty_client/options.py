"""What a connection and a floor are told, and the bounds it is held to; it opens nothing."""

import math
import os
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from onduty_client.version import __version__

Token = str | Callable[[], str | Awaitable[str]]
"""A bearer token, or a function that gives the present one. Only an ``AsyncConnection`` takes a function that is awaited."""

USER_AGENT: Final = f"onduty-client-python/{__version__}"
"""What the client says it is, with every call and of every workspace."""
DAY_SECONDS: Final = 86_400.0
PAGE_SIZE: Final = 1_000
"""How many a page holds where all pages are read: the most that the server gives."""

_TARGET = re.compile(r"^(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:/\[\]]+)):(?P<port>\d{1,5})$")
_PRINTABLE = re.compile(r"^[!-~](?:[ -~]{0,126}[!-~])?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsOptions:
    """How the connection is encrypted. Files are PEM and are read when the connection is made."""

    ca_file: str | os.PathLike[str] | None = None
    """Whom to trust. None: the system's roots."""
    cert_file: str | os.PathLike[str] | None = None
    """The client's own certificate, for mutual TLS; needs ``key_file``."""
    key_file: str | os.PathLike[str] | None = None
    """The key of ``cert_file``, without a password."""
    server_name: str = ""
    """The name that the server's certificate must have. Empty: the host of the target."""


@dataclass(frozen=True, slots=True)
class ConnectionOptions:
    """Where and as whom to connect. Times are seconds."""

    target: str
    """``host:port``; an IPv6 address in brackets."""
    tenant: str = field(default="", kw_only=True)
    """Sent as ``onduty-tenant``. Empty: not sent."""
    actor: str = field(default="", kw_only=True)
    """Who acts, sent as ``onduty-actor``: the history names it. 1-128 printable ASCII characters. Empty: not sent."""
    token: Token | None = field(default=None, kw_only=True, repr=False)
    """Asked for every call and every stream. Over plain text it is refused unless the target is a loopback address."""
    tls: TlsOptions | None = field(default=None, kw_only=True)
    """None: plain text."""
    call_timeout: float = field(default=5.0, kw_only=True)
    """The deadline of every unary call, above 0."""
    bookmark_interval: float = field(default=5.0, kw_only=True)
    """How often a quiet stream says that it lives, 1-60."""
    trust_limit: float = field(default=30.0, kw_only=True)
    """A floor that has heard nothing for so long calls nobody available; above 0."""
    backoff_initial: float = field(default=0.2, kw_only=True)
    """The first wait between attempts of a stream, above 0."""
    backoff_max: float = field(default=10.0, kw_only=True)
    """The longest such wait, not below ``backoff_initial``."""
    facts_fail_fast: bool = field(default=False, kw_only=True)
    """Calls that report facts fail at once where the server is not reached, instead of waiting for it within their deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxOptions:
    """How much an outbox holds, and for how long."""

    most_facts: int = 10_000
    """It holds so many facts and is full then, 1 or more."""
    most_bytes: int = 16 * 1024 * 1024
    """It holds so many bytes of facts and is full then, 1 or more."""
    keep_seconds: float = DAY_SECONDS
    """A fact that was not taken for so long is given up, above 0 and up to a day: the server knows request ids for so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorOptions:
    """What one floor does otherwise than its connection says. None: as the connection."""

    bookmark_interval: float | None = None
    trust_limit: float | None = None
    backoff_initial: float | None = None
    backoff_max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """The times of one stream that is kept open, in seconds and within their bounds."""

    bookmark_interval: float
    trust_limit: float
    backoff_initial: float
    backoff_max: float


def check_options(options: ConnectionOptions) -> None:
    """Holds the options to their bounds; files are not looked at.

    Raises:
        ValueError: A field is out of its bounds; the text names it.
    """
    found = _TARGET.match(options.target)
    if not found or not 1 <= int(found["port"]) <= 65_535:
        raise ValueError(f"target must be host:port with a port of 1-65535, not {options.target!r}")
    if options.tenant and not _PRINTABLE.match(options.tenant):
        raise ValueError("tenant must be 1-128 printable ASCII characters without blanks around them")
    check_actor(options.actor)
    if isinstance(options.token, str) and not options.token:
        raise ValueError("token must not be empty; leave it out to send none")
    if options.token is not None and options.tls is None and not is_loopback(found["six"] or found["host"]):
        raise ValueError(f"token over plain text is refused: {options.target} is not a loopback address, set tls")
    _check_above_zero("call_timeout", options.call_timeout)
    stream_options(options, None)
    if options.tls and bool(options.tls.cert_file) != bool(options.tls.key_file):
        raise ValueError("tls needs cert_file and key_file together")


def check_actor(actor: str) -> None:
    """Holds who acts to its bounds; empty is nobody.

    Raises:
        ValueError: It is out of them.
    """
    if actor and not _PRINTABLE.match(actor):
        raise ValueError("actor must be 1-128 printable ASCII characters without blanks around them")


def stream_options(options: ConnectionOptions, own: FloorOptions | None) -> StreamOptions:
    """The times of a stream: its own where they are given, else the connection's.

    Raises:
        ValueError: A time is out of its bounds; the text names it.
    """
    own = own or FloorOptions()
    times = StreamOptions(
        bookmark_interval=options.bookmark_interval if own.bookmark_interval is None else own.bookmark_interval,
        trust_limit=options.trust_limit if own.trust_limit is None else own.trust_limit,
        backoff_initial=options.backoff_initial if own.backoff_initial is None else own.backoff_initial,
        backoff_max=options.backoff_max if own.backoff_max is None else own.backoff_max,
    )
    if not 1 <= times.bookmark_interval <= 60:
        raise ValueError(f"bookmark_interval must be 1-60 s, not {times.bookmark_interval}")
    _check_above_zero("trust_limit", times.trust_limit)
    _check_above_zero("backoff_initial", times.backoff_initial)
    if not times.backoff_initial <= times.backoff_max < math.inf:
        raise ValueError(f"backoff_max must not be below backoff_initial, and finite, not {times.backoff_max}")
    return times


def check_outbox_options(options: OutboxOptions) -> None:
    """Holds the options to their bounds.

    Raises:
        ValueError: A field is out of its bounds; the text names it.
    """
    if options.most_facts < 1:
        raise ValueError(f"most_facts must be 1 or more, not {options.most_facts}")
    if options.most_bytes < 1:
        raise ValueError(f"most_bytes must be 1 or more, not {options.most_bytes}")
    if not 0 < options.keep_seconds <= DAY_SECONDS:
        raise ValueError(f"keep_seconds must be above 0 and up to {DAY_SECONDS:g} s, not {options.keep_seconds}")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very address or name."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_above_zero(name: str, seconds: float) -> None:
    if not 0 < seconds < math.inf:
        raise ValueError(f"{name} must be above 0 s and finite, not {seconds}")
