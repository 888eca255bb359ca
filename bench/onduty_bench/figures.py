"""The bench's own arithmetic: medians, ratios, bars and what holds. It measures nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType
from typing import Any, Literal

MICROS = 1e6


def ratio(subject: float, floor: float) -> float:
    """How many times the floor.

    Raises:
        ValueError: The floor is not above 0: then there is nothing to compare with.
    """
    if floor <= 0:
        raise ValueError("the floor must be above 0")
    return subject / floor


def paired_ratio(subject: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of rounds that ran next to each other, so that a drift of the machine cancels.

    Raises:
        ValueError: There are no rounds, or not as many of one as of the other.
    """
    if not subject or len(subject) != len(floor):
        raise ValueError("rounds must come in pairs")
    return median(ratio(one, other) for one, other in zip(subject, floor, strict=True))


def per_op_micros(cpu_seconds: float, count: int) -> float:
    """CPU microseconds for each of ``count``; 0 for none."""
    return cpu_seconds * MICROS / count if count else 0.0


def marginal_micros(watched: "Cost", alone: "Cost") -> float:
    """CPU microseconds of a delivery: what a change costs with watchers, less what it costs without, by deliveries."""
    if not watched.delivered:
        return 0.0
    extra = watched.cpu_seconds - alone.cpu_seconds * watched.changes / alone.changes
    return extra * MICROS / watched.delivered


@dataclass(frozen=True, slots=True)
class Use:
    """CPU that was used, at the most in any round: by the server in cores, by the generator as a share (0-1) of its cores.

    A closed loop says something about the server where its use is near 1; a generator near 1 was the bottleneck itself.
    """

    server: float
    generator: float

    @classmethod
    def of(cls, runs: Iterable[Mapping[str, Any]]) -> "Use":
        """Of the runs that made a figure."""
        known = list(runs)
        server = max(one["server_cpu"] / one["seconds"] for one in known)
        return cls(server, max(one["generator_share"] for one in known))


@dataclass(frozen=True, slots=True)
class Cost:
    """What a server's process used for some changes and their deliveries."""

    cpu_seconds: float
    changes: int
    delivered: int


@dataclass(frozen=True, slots=True)
class Bar:
    """What a value must be: at least or at most ``limit``, and less than the value of each of the peers in ``below``."""

    kind: Literal["at least", "at most"]
    limit: float
    below: tuple[str, ...] = ()

    def holds(self, value: float, peers: Mapping[str, float] = MappingProxyType({})) -> bool:
        """Whether the value passes. A value that equals the limit does; one that equals a peer's does not.

        ``peers`` are values by name; a peer without one is not looked at.
        """
        passes = value >= self.limit if self.kind == "at least" else value <= self.limit
        return passes and all(value < peers[name] for name in self.below if name in peers)

    def text(self, unit: str) -> str:
        """As people write it."""
        sign = "≥" if self.kind == "at least" else "≤"
        peers = f", below {' and '.join(self.below)}" if self.below else ""
        return f"{sign} {self.limit:g} {unit}{peers}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``peer_values`` are the same figure of other systems and of the floor, in the same unit.

    ``use`` is what the processes used meanwhile.
    """

    measurement: str
    name: str
    title: str
    value: float
    unit: str
    bar: Bar | None = None
    peer_values: Mapping[str, float] = field(default_factory=dict)
    use: "Use | None" = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Whether the bar holds; None where there is none."""
        return None if self.bar is None else self.bar.holds(self.value, self.peer_values)

    def as_json(self) -> dict[str, Any]:
        """The row as ``bench.json`` holds it."""
        return {
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "bar": self.bar.text(self.unit) if self.bar else None,
            "holds": self.holds,
            "peer_values": {name: rounded(value) for name, value in self.peer_values.items()},
            "measurement": self.measurement,
            "title": self.title,
            "server_use": rounded(self.use.server) if self.use else None,
            "generator_use": rounded(self.use.generator) if self.use else None,
            "detail": rounded_all(self.detail),
        }


def counted(count: int, what: str) -> str:
    """A number of things in words: "1 watcher", "1,000 watchers"."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def rounded(value: float) -> float:
    """To four significant digits: more would pretend."""
    return float(f"{value:.4g}")


def rounded_all(value: Any) -> Any:
    """Every number in it, however deep."""
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, Mapping):
        return {key: rounded_all(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded_all(one) for one in value]
    return value
