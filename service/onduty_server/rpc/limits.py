"""What one server bears, as its settings say; what every server takes alike stands beside what checks it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Times are seconds."""

    streams_per_caller: int = 2_000
    keepalive_time: float = 20.0
    keepalive_timeout: float = 10.0
    least_ping_interval: float = 10.0
    drain: float = 5.0
    stall: float = 60.0
