"""Runs the web side until it is asked to stop."""

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path

from onduty_client.options import TlsOptions
from onduty_web.application import application
from onduty_web.exchange import CallLimits, Drain
from onduty_web.guard import GuardRules
from onduty_web.listener import Listener, ListenerLimits
from onduty_web.upstream import Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """What the web side serves, and to whom."""

    target: str
    """The service: ``host:port``, or ``unix:PATH``."""
    tls: TlsOptions | None = None
    """How the service is reached. None: plain text."""
    certificate: tuple[Path, Path] | None = None
    """The gateway's own chain and key, as PEM. None: plain HTTP."""
    rules: GuardRules = field(default_factory=GuardRules)
    calls: CallLimits = field(default_factory=CallLimits)
    listener: ListenerLimits = field(default_factory=ListenerLimits)


async def run(options: WebOptions, bound: socket.socket, stop: asyncio.Event) -> None:
    """Serves on a bound socket until ``stop`` is set, and drains then.

    Raises:
        ValueError: A file that the options name cannot be used.
    """
    drain = Drain()
    upstream = Upstream(options.target, options.tls)
    try:
        site = application(upstream, options.calls, drain, options.rules)
        listener = Listener(site, drain, options.listener, certificate=options.certificate)
        await listener.serve(bound, stop)
    finally:
        await upstream.close()
