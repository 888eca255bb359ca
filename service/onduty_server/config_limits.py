"""The limits of a server as its settings make them, with the rates that hold where callers show credentials."""

from typing import TYPE_CHECKING, Final

from onduty_server.rpc.limits import Limits
from onduty_server.rpc.rates import Rates

if TYPE_CHECKING:
    from onduty_server.config import Settings

USUAL_RATES: Final = Rates(
    calls_per_caller=2_000,
    calls_per_tenant=10_000,
    items_per_caller=20_000,
    items_per_tenant=100_000,
    bytes_per_caller=64 * 1024 * 1024,
    bytes_per_tenant=256 * 1024 * 1024,
)
"""In force where callers show credentials. An open server is for trying out, and its callers' names are what they say."""


def limits_of(settings: "Settings") -> Limits:
    """The limits of a server with these settings."""
    return Limits(
        streams_per_caller=settings.streams_per_caller,
        streams_per_tenant=settings.streams_per_tenant,
        streams=settings.streams,
        workspaces_per_caller=settings.workspaces_per_caller,
        scans_per_caller=settings.scans_per_caller,
        connections=settings.connections,
        connection_age=settings.connection_age,
        handshake_timeout=settings.handshake_timeout,
        keepalive_time=settings.keepalive_time,
        keepalive_timeout=settings.keepalive_timeout,
        least_ping_interval=settings.least_ping_interval,
        drain=settings.drain,
        stall=settings.watch_stall_limit,
        rates=_rates(settings),
    )


def _rates(settings: "Settings") -> Rates:
    usual = USUAL_RATES if settings.asks_for_credentials else Rates()
    given = {name: getattr(settings, name) for name in Rates.__slots__}
    return Rates(**{name: getattr(usual, name) if value is None else value for name, value in given.items()})
