"""The limits of one server that are configured; what every server takes alike stands beside what checks it."""

from dataclasses import dataclass, field

from onduty_server.rpc.rates import Rates


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Times are seconds."""

    streams_per_caller: int = 2_000
    """Watches of one caller of one tenant."""
    streams_per_tenant: int = 15_000
    """Streams of each kind (watches, workspaces, watches of colleagues) of one tenant."""
    streams: int = 50_000
    """Streams of each kind of all tenants."""
    workspaces_per_caller: int = 15_000
    """Attached workspaces of one caller of one tenant, as of a gateway."""
    scans_per_caller: int = 50
    """Questions about the past of one caller that wait or are being answered."""
    connections: int = 0
    """Connections in all; 0: as many as come."""
    connection_age: float = 0.0
    """After about so long a connection is ended politely, and streams that are as old with it; 0: never."""
    handshake_timeout: float = 20.0
    rates: Rates = field(default_factory=Rates)
    keepalive_time: float = 20.0
    keepalive_timeout: float = 10.0
    least_ping_interval: float = 10.0
    drain: float = 5.0
    stall: float = 60.0
