"""The numbers behind the metrics: what may be asked for, what stays bounded, and how they are rendered."""

import pytest
from scrape import Scrape

from onduty_server.observability.catalogue import METRICS, OTHER, MetricKind
from onduty_server.observability.exposition import Exposition
from onduty_server.observability.recorder import Recorder


@pytest.fixture
def recorder() -> Recorder:
    """One that has recorded nothing."""
    return Recorder()


def rendered(recorder: Recorder) -> Scrape:
    """What Prometheus would read."""
    return Scrape(Exposition(recorder).render({}, "")[0].decode())


def test_a_series_is_the_same_whoever_asks_for_it(recorder: Recorder):
    """So that a counter may be asked for in place."""
    recorder.counter("onduty_refusals_total", "OVERLOADED", "later").add()
    recorder.counter("onduty_refusals_total", "OVERLOADED", "later").add(2)
    assert rendered(recorder).value("onduty_refusals_total", reason="OVERLOADED", fault="later") == 3


def test_what_the_catalogue_does_not_know_cannot_be_recorded(recorder: Recorder):
    """A misspelt name, or labels that the metric does not have, is a fault of the code."""
    with pytest.raises(KeyError):
        recorder.counter("onduty_refusal_total")
    with pytest.raises(ValueError, match="labels"):
        recorder.counter("onduty_refusals_total", "OVERLOADED")
    with pytest.raises(AssertionError):
        recorder.gauge("onduty_changes_total", dict)


def test_series_are_bounded(recorder: Recorder):
    """Beyond the bound there is one series for all others."""
    most = METRICS["onduty_refusals_total"].series_most
    for number in range(most + 10):
        recorder.counter("onduty_refusals_total", f"REASON_{number}", "caller").add()
    scrape = rendered(recorder)
    assert len(scrape.labels("reason")) == most
    assert scrape.value("onduty_refusals_total", reason=OTHER, fault=OTHER) == 11


def test_known_values_are_there_from_the_start(recorder: Recorder):
    """A rate of what never happened is zero, and not nothing."""
    scrape = rendered(recorder)
    for metric in METRICS.values():
        if metric.values and metric.kind is not MetricKind.GAUGE:
            assert scrape.labels(metric.labels[0]) >= set(metric.values), metric.name


def test_a_bucket_includes_its_bound(recorder: Recorder):
    """As Prometheus has it: less than or equal; the buckets add up."""
    series = recorder.distribution("onduty_journal_commit_seconds")
    for value in (0.001, 0.0011, 99.0):
        series.observe(value)
    scrape, name = rendered(recorder), "onduty_journal_commit_seconds"
    assert [scrape.value(f"{name}_bucket", le=bound) for bound in ("0.0005", "0.001", "0.0025", "10.0", "+Inf")] == [
        0,
        1,
        2,
        2,
        3,
    ]
    assert scrape.value(f"{name}_count") == 3
    assert scrape.value(f"{name}_sum") == pytest.approx(99.0021)
