"""The page of metrics, from the catalogue."""

from generator.markdown import code, table
from onduty_server.observability.catalogue import SECTIONS, Metric, MetricKind

_HEAD = """# Metrics

What `/metrics` of the admin pages has ([how to look in](../sight.md)). Every label is bounded: none is about a person or a
call, and of tenants the fifty largest have series of their own. Histograms are of unary requests and of the service's own work,
never of streams. A refusal is an outcome, and no failure.

"""


def page() -> str:
    """The page."""
    parts = []
    for title, metrics in SECTIONS:
        rows = [[code(metric.name), _kind(metric), _labels(metric), metric.help, metric.action] for metric in metrics]
        parts.append(f"## {title}\n\n{table(['metric', 'kind', 'labels', 'what it says', 'what to do'], rows)}")
    return _HEAD + "\n".join(parts)


def _kind(metric: Metric) -> str:
    words = metric.kind.value
    if metric.kind is MetricKind.HISTOGRAM:
        words += f", {metric.buckets[0]:g} to {metric.buckets[-1]:g}"
    return f"{words}; with {metric.only} only" if metric.only else words


def _labels(metric: Metric) -> str:
    names = ", ".join(map(code, metric.labels))
    return f"{names}: {', '.join(map(code, metric.values))}" if metric.values else names
