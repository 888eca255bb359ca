"""The catalogue of metrics holds to the rules of its trade."""

import re

import pytest

from onduty_server.observability.catalogue import METRICS, SECTIONS, Metric, MetricKind

OWN = [metric for metric in METRICS.values() if not metric.is_of_library]
UNITS = ("_seconds", "_bytes", "_total", "_timestamp_seconds", "_info")
COUNTED = {"onduty_batch_jobs", "onduty_batch_records", "onduty_queue_jobs", "onduty_journal_revision"}
"""Histograms and gauges of things that are counted; so are all gauges of the floor."""


def test_no_name_stands_twice():
    """Two entries of one name would hide each other."""
    assert len(METRICS) == sum(len(metrics) for _, metrics in SECTIONS)


@pytest.mark.parametrize("metric", OWN, ids=lambda metric: metric.name)
def test_names_and_words_are_as_prometheus_asks(metric: Metric):
    """A prefix, base units, `_total` for counters and nothing else; a sentence on what it is and one on what to do."""
    assert re.fullmatch(r"onduty(_[a-z]+)+", metric.name)
    assert metric.name.endswith("_total") is (metric.kind is MetricKind.COUNTER)
    assert metric.help.endswith(".")
    assert metric.action
    if metric.kind is MetricKind.HISTOGRAM:
        assert list(metric.buckets) == sorted(set(metric.buckets))
        assert metric.name.endswith("_seconds") or metric.name in COUNTED


@pytest.mark.parametrize("metric", OWN, ids=lambda metric: metric.name)
def test_no_label_is_about_a_person(metric: Metric):
    """Neither people, nor calls, nor what callers say of themselves."""
    assert not set(metric.labels) & {"staff", "staff_id", "call_id", "request_id", "actor", "peer", "name"}
