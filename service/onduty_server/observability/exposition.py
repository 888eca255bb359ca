"""Renders metrics in the forms that Prometheus reads, on the thread of whoever asks."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from onduty_server.metering import Reading
from onduty_server.observability.catalogue import METRICS, Metric, MetricKind
from onduty_server.observability.recorder import CounterSeries, HistogramSeries, Labels, Recorder


class Exposition:
    """The metrics of a recorder and of the process as text. It keeps nothing between two scrapes."""

    def __init__(self, recorder: Recorder) -> None:
        """``recorder`` may be written to at the same time."""
        self._recorder = recorder
        self._library = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._library)
        GCCollector(registry=self._library)

    def render(self, readings: Mapping[str, Reading], accept: str) -> tuple[bytes, str]:
        """The text and its content type, as an Accept header asks for; ``readings`` are those of the event loop."""
        encode, content_type = choose_encoder(accept)
        readings = {**readings, **self._recorder.read_gauges_aside()}
        scrape = CollectorRegistry(auto_describe=False)
        scrape.register(_Families([*self._families(readings), *self._library.collect()]))
        return encode(scrape), content_type

    def _families(self, readings: Mapping[str, Reading]) -> Iterator[Family]:
        for metric in METRICS.values():
            if metric.is_of_library:
                continue
            if metric.kind is MetricKind.COUNTER:
                yield _counter(metric, list(self._recorder.counters[metric.name].items()))
            elif metric.kind is MetricKind.HISTOGRAM:
                yield _histogram(metric, list(self._recorder.histograms[metric.name].items()))
            else:
                yield _gauge(metric, readings.get(metric.name, {}))


class _Families(Collector):
    """Families that were made before."""

    def __init__(self, families: Iterable[Family]) -> None:
        """As they are."""
        self._made = list(families)

    def collect(self) -> Iterable[Family]:
        """All of them."""
        return self._made


def _counter(metric: Metric, series: Iterable[tuple[Labels, CounterSeries]]) -> Family:
    family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, one in series:
        family.add_metric(labels, one.value)
    return family


def _gauge(metric: Metric, reading: Reading) -> Family:
    family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, value in reading.items():
        family.add_metric(labels, value)
    return family


def _histogram(metric: Metric, series: Iterable[tuple[Labels, HistogramSeries]]) -> Family:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    bounds = [*map(floatToGoString, metric.buckets), "+Inf"]
    for labels, one in series:
        family.add_metric(labels, list(zip(bounds, accumulate(tuple(one.counts)), strict=True)), one.total)
    return family
