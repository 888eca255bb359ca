"""What one server bears, as its settings say; what every server takes alike stands beside what checks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Times are seconds."""

    streams_per_caller: int = 2_000
    """Watches of one caller of one tenant."""
    streams_per_tenant: int = 15_000
    """Streams of each kind (watches, workspaces, watches of colleagues) of one tenant."""
    streams: int = 50_000
    """Streams of each kind of all tenants."""
    keepalive_time: float = 20.0
    keepalive_timeout: float = 10.0
    least_ping_interval: float = 10.0
    drain: float = 5.0
    stall: float = 60.0
