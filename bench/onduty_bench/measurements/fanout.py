"""What a delivered change costs the server, with many watchers, beside the peers at the same work and a floor of bytes.

Every change is a keyed write that is synced before it is answered or seen, and every watcher has a connection of its own.
Two ways of writing: many changes in a request, as telephony reports, and one change in a request. A delivery's cost is what
a change costs with watchers less what it costs without, by the watchers; the whole is told beside it. Under the load of
watchers commits grow and writes get cheaper, so the difference can understate: Onduty is never judged by less than the floor.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from onduty_bench import peers
from onduty_bench.bench import TENANT, Bench, Measurement, middle
from onduty_bench.figures import Bar, Cost, Row, Use, marginal_micros, per_op_micros
from onduty_bench.measurements import systems
from onduty_bench.measurements.systems import ONDUTY
from onduty_bench.settings import Settings

WATCHERS = 100
STAFF = 10_000
WRITERS = 256
SAMPLE_EVERY = 8
FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Way:
    """How changes are written."""

    name: str
    title: str
    rate: int
    batch: int
    bar: Bar | None


WAYS = (
    Way("batched", "3,000 changes/s, 100 a request", 3_000, 100, Bar("at most", 1.0, below=("nats", "etcd"))),
    Way("single", "1,000 changes/s, 1 a request", 1_000, 1, None),
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rounds of one system in one way: with watchers, and without."""

    watched: list[dict[str, Any]]
    alone: list[dict[str, Any]]

    def marginal(self) -> float:
        """CPU microseconds of a delivery alone."""
        return median(marginal_micros(_cost(one), _cost(two)) for one, two in zip(self.watched, self.alone, strict=True))

    def total(self) -> float:
        """CPU microseconds of all the work, by delivery."""
        return median(per_op_micros(one["server_cpu"], one["delivered"]) for one in self.watched)

    def bytes_of_change(self) -> int:
        """How large a change is at a watcher."""
        return round(float(median(one["bytes"] / max(one["delivered"], 1) for one in self.watched)))

    def detail(self) -> dict[str, float]:
        """What else is known."""
        return {
            "changes_per_second": middle(self.watched, "rate"),
            "due_to_seen_p50_ms": middle(self.watched, "due_to_seen", "p50_ms"),
            "due_to_seen_p99_ms": middle(self.watched, "due_to_seen", "p99_ms"),
            "write_cpu_micros": median(per_op_micros(one["server_cpu"], one["changes"]) for one in self.alone),
            "bytes_per_change": self.bytes_of_change(),
            "server_use": Use.of(self.watched).server,
            "generator_use": Use.of(self.watched).generator,
        }


def _cost(told: dict[str, Any]) -> Cost:
    return Cost(told["server_cpu"], told["changes"], told["delivered"])


def _ways(settings: Settings) -> tuple[Way, ...]:
    return WAYS[:1] if settings.quick else WAYS


def _measure(bench: Bench) -> list[Row]:
    sizes: dict[str, int] = {}
    with bench.folder() as folder:
        found, failed = systems.of_each(lambda name: _system(bench, name, folder, sizes))
        floors = _floors(bench, folder, found[ONDUTY])
    rows = []
    for way in _ways(bench.settings):
        of_way = {name: ways[way.name] for name, ways in found.items()}
        rows += _rows(way, of_way, floors[way.name], failed)
    return rows


def _system(bench: Bench, name: str, folder: Path, sizes: dict[str, int]) -> dict[str, Pairs]:
    """Every way for one system. Onduty comes first and fills ``sizes``: peers carry values of the same length."""
    found = {}
    with systems.serving(bench, name, folder, STAFF) as server:
        for way in _ways(bench.settings):
            flags = {"system": name, "rate": way.rate, "batch": way.batch, "staff": STAFF, "tenant": TENANT, "writers": WRITERS}
            flags |= {"payload": sizes.get(way.name, 0), "sample_every": SAMPLE_EVERY}
            pairs = Pairs([], [])
            for number in bench.rounds():
                about = f"{name}, {way.name}, {number}"
                pairs.watched.append(bench.load("fanout", server, about, watchers=WATCHERS, **flags))
                pairs.alone.append(bench.load("fanout", server, f"{about}, nobody watching", watchers=0, **flags))
            sizes.setdefault(way.name, pairs.bytes_of_change())
            found[way.name] = pairs
    return found


def _floors(bench: Bench, folder: Path, onduty: dict[str, Pairs]) -> dict[str, dict[str, Any]]:
    """As many frames of the same size as Onduty sent, built beforehand and sent by gRPC alone."""
    floors = {}
    with bench.echo(folder) as floor:
        for way, pairs in onduty.items():
            per_second = median(one["frames"] / one["seconds"] / WATCHERS for one in pairs.watched)
            in_frame = median(one["delivered"] / max(one["frames"], 1) for one in pairs.watched)
            size = median(one["bytes"] / max(one["frames"], 1) for one in pairs.watched)
            flags = {"watchers": WATCHERS, "frames": max(round(per_second), 1), "frame_bytes": round(size)}
            told = [bench.load("stream", floor, f"{FLOOR}, {way}, {number}", **flags) for number in bench.rounds()]
            micros = median(per_op_micros(one["server_cpu"], one["frames"]) for one in told)
            floors[way] = {
                "micros": micros / in_frame,
                "micros_per_frame": micros,
                "frames_per_second": per_second,
                "changes_per_frame": in_frame,
                "bytes_per_frame": size,
            }
    return floors


def _rows(way: Way, of_way: dict[str, Pairs], floor: dict[str, Any], failed: dict[str, str]) -> list[Row]:
    mine = of_way[ONDUTY]
    others = {name: pairs for name, pairs in of_way.items() if name != ONDUTY}
    use = Use.of((*mine.watched, *mine.alone))
    detail = {
        "watchers": WATCHERS,
        "asked_rate": way.rate,
        "difference_micros": mine.marginal(),
        "floor": floor,
        "systems": {name: pairs.detail() for name, pairs in of_way.items()},
        "work": {peer.name: peer.work for peer in peers.PEERS},
        "absent": peers.absent(),
        "failed": failed,
    }
    title = f"{WATCHERS} watchers, {way.title}: server CPU of a delivery"
    gaps = {"failed": failed, "absent": peers.absent()}
    marginal = {FLOOR: floor["micros"], **{name: pairs.marginal() for name, pairs in others.items()}}
    whole = {name: pairs.total() for name, pairs in others.items()}
    return [
        Row(
            "fanout",
            f"fanout.{way.name}.delivery",
            title,
            max(mine.marginal(), floor["micros"]),
            "µs",
            way.bar,
            marginal,
            use,
            detail,
        ),
        Row("fanout", f"fanout.{way.name}.total", f"{title}, writes included", mine.total(), "µs", None, whole, use, gaps),
    ]


def _steps(settings: Settings) -> int:
    count, ways = len(systems.names()), len(_ways(settings))
    return count + 2 * settings.rounds * ways * count + settings.rounds * ways


FANOUT = Measurement("fanout", "server CPU of a delivered change, beside the peers", _steps, _measure)
