"""Keeps the metrics of a process as plain numbers, which the event loop changes and other threads may copy."""

import inspect
import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from onduty_server.metering import Read, Reading
from onduty_server.observability.catalogue import METRICS, OTHER, Metric, MetricKind

Labels = tuple[str, ...]


class CounterSeries:
    """A number that grows."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        """Zero."""
        self.value = 0

    def add(self, amount: int = 1) -> None:
        """So many more."""
        self.value += amount


class HistogramSeries:
    """Counts by bucket, the last for all beyond, and the sum of the values."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        """No value yet; ``bounds`` are upper ones, included."""
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """One more value."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value


class Recorder:
    """The meter of a server that is looked into. Every name must be in the catalogue, with as many labels as it has."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """What the catalogue knows the labels of is there, at zero."""
        self._now = now
        self.counters: dict[str, dict[Labels, CounterSeries]] = {}
        self.histograms: dict[str, dict[Labels, HistogramSeries]] = {}
        self._reads: dict[str, Read] = {}
        self._reads_aside: dict[str, Callable[[], Reading]] = {}
        for metric in METRICS.values():
            self._begin(metric)

    def _begin(self, metric: Metric) -> None:
        known: list[Labels] = [(value,) for value in metric.values] if metric.labels else [()]
        if metric.is_of_library:
            return
        if metric.kind is MetricKind.COUNTER:
            self.counters[metric.name] = {labels: CounterSeries() for labels in known}
        elif metric.kind is MetricKind.HISTOGRAM:
            self.histograms[metric.name] = {labels: HistogramSeries(metric.buckets) for labels in known}

    # --- for the work ---------------------------------------------------------------------------------------------------

    def counter(self, name: str, *labels: str) -> CounterSeries:
        """A series of a counter."""
        series = self.counters[name]
        return series.get(labels) or series.setdefault(_bounded(METRICS[name], labels, len(series)), CounterSeries())

    def distribution(self, name: str, *labels: str) -> HistogramSeries:
        """A series of a histogram."""
        series, metric = self.histograms[name], METRICS[name]
        return series.get(labels) or series.setdefault(_bounded(metric, labels, len(series)), HistogramSeries(metric.buckets))

    def gauge(self, name: str, read: Read) -> None:
        """Have a gauge read in the event loop whenever somebody looks."""
        assert METRICS[name].kind is MetricKind.GAUGE, name
        self._reads[name] = read

    def gauge_aside(self, name: str, read: Callable[[], Reading]) -> None:
        """Have a gauge read by the thread of whoever looks: it touches nothing of the event loop, and may ask the disk."""
        assert METRICS[name].kind is MetricKind.GAUGE, name
        self._reads_aside[name] = read

    def now(self) -> float:
        """Seconds of a steady clock."""
        return self._now()

    # --- for who looks --------------------------------------------------------------------------------------------------

    async def read_gauges(self) -> dict[str, Reading]:
        """All readings of the event loop, which calls this."""
        readings: dict[str, Reading] = {}
        for name, read in self._reads.items():
            reading = read()
            readings[name] = await reading if inspect.isawaitable(reading) else reading
        return readings

    def read_gauges_aside(self) -> dict[str, Reading]:
        """The others."""
        return {name: read() for name, read in self._reads_aside.items()}


OTHERS_AT: Final = 1
"""One series of the bound is that of all others."""


def _bounded(metric: Metric, labels: Labels, present: int) -> Labels:
    """The labels of a new series: those given, or OTHER where there are enough."""
    if len(labels) != len(metric.labels):
        raise ValueError(f"{metric.name} has the labels {metric.labels}, not {labels}")
    return labels if present < metric.series_most - OTHERS_AT else (OTHER,) * len(labels)
