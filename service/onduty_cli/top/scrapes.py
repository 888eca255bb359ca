"""Scrapes of one server's metrics, and what happened between two of them; it knows no metric by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from prometheus_client.samples import Sample


@dataclass(frozen=True, slots=True)
class Scrape:
    """One server at one moment. ``at`` is in seconds of a steady clock; without ``samples``, ``fault`` says why."""

    address: str
    at: float
    samples: Sequence[Sample] = ()
    wrong: Sequence[str] = ()
    """The checks of readiness that do not hold, each with its reason."""
    fault: str = ""

    def value(self, name: str, **labels: str) -> float | None:
        """The sum of a metric's samples that have these labels; None where it has none."""
        found = [sample.value for sample in self._of(name, labels)]
        return sum(found) if found else None

    def by(self, label: str, name: str) -> dict[str, float]:
        """A metric's samples, added up by the values of one label."""
        sums: dict[str, float] = defaultdict(float)
        for sample in self._of(name, {}):
            sums[sample.labels.get(label, "")] += sample.value
        return dict(sums)

    def label(self, name: str, label: str) -> str:
        """The value of a label of a metric's first sample; empty where it has none."""
        return next((sample.labels.get(label, "") for sample in self._of(name, {})), "")

    def _of(self, name: str, labels: Mapping[str, str]) -> Iterable[Sample]:
        wanted = labels.items()
        return (sample for sample in self.samples if sample.name == name and wanted <= sample.labels.items())


class Times(NamedTuple):
    """How long something took within a spell, in seconds; None where it did not happen."""

    p50: float | None
    p99: float | None


NEVER = Times(None, None)


class Spell:
    """The time between two scrapes of one server."""

    def __init__(self, before: Scrape, after: Scrape) -> None:
        """A server that was started anew in between has counted from zero since."""
        self.seconds = max(after.at - before.at, 1e-3)
        started = [scrape.value("process_start_time_seconds") for scrape in (before, after)]
        was_started = None not in started and started[0] != started[1]
        nothing_known = started[0] is None  # it did not answer the last time: there is nothing to count from.
        self._before = Scrape(before.address, before.at) if was_started else after if nothing_known else before
        self.after = after

    def rate(self, name: str, **labels: str) -> float:
        """By how much a counter grew a second."""
        return self._grown(self._before.value(name, **labels), self.after.value(name, **labels)) / self.seconds

    def rates(self, label: str, name: str) -> dict[str, float]:
        """The same by the values of one label, those alone that grew."""
        before, after = self._before.by(label, name), self.after.by(label, name)
        grown = {value: self._grown(before.get(value), now) / self.seconds for value, now in after.items()}
        return {value: rate for value, rate in grown.items() if rate > 0}

    @staticmethod
    def _grown(before: float | None, after: float | None) -> float:
        return max((after or 0.0) - (before or 0.0), 0.0)

    def mean(self, name: str) -> float | None:
        """The mean of what a histogram took in."""
        count = self.rate(f"{name}_count")
        return self.rate(f"{name}_sum") / count if count else None

    def times(self, name: str, **labels: str) -> Times:
        """The median and the 99th percentile of what a histogram took in."""
        buckets = [(float(bound), rate) for bound, rate in self._cumulative(name, labels)]
        return Times(quantile(0.5, buckets), quantile(0.99, buckets))

    def _cumulative(self, name: str, labels: Mapping[str, str]) -> Iterable[tuple[str, float]]:
        def bounds(scrape: Scrape) -> dict[str, float]:
            sums: dict[str, float] = defaultdict(float)
            for sample in scrape.samples:
                if sample.name == f"{name}_bucket" and labels.items() <= sample.labels.items():
                    sums[sample.labels["le"]] += sample.value
            return sums

        before = bounds(self._before)
        return ((bound, count - before.get(bound, 0.0)) for bound, count in bounds(self.after).items())


def quantile(part: float, buckets: Iterable[tuple[float, float]]) -> float | None:
    """A quantile of cumulative counts by upper bound, as Prometheus reckons it; None where nothing was counted.

    Beyond the last bound it is that bound.
    """
    ordered = sorted(buckets)
    if not ordered or ordered[-1][1] <= 0:
        return None
    wanted = part * ordered[-1][1]
    lower, below = 0.0, 0.0
    for bound, count in ordered:
        if count >= wanted:
            return lower if bound == float("inf") else lower + (bound - lower) * (wanted - below) / max(count - below, 1e-12)
        lower, below = bound, count
    return lower
