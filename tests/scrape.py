"""Reads the admin pages of a server as Prometheus would."""

import asyncio
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from onduty_server.observability.catalogue import METRICS

ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """An answer."""

    status: int
    text: str
    content_type: str = ""


def page(address: str, path: str, *, cafile: str = "") -> Page:
    """A page of the admin listener; encrypted where there is an authority to trust."""
    context = ssl.create_default_context(cafile=cafile) if cafile else None
    scheme = "https" if cafile else "http"
    try:
        with urllib.request.urlopen(f"{scheme}://{address}{path}", timeout=ANSWER_SECONDS, context=context) as answer:
            return Page(answer.status, answer.read().decode(), answer.headers["content-type"])
    except urllib.error.HTTPError as error:
        with error:
            return Page(error.code, error.read().decode())


def admin_address(log: Iterable[str]) -> str:
    """Where a server has its admin pages, from its log in JSON."""
    events = [json.loads(line) for line in log if line.startswith("{")]
    return next(event["admin"] for event in events if event["event"] == "serving")


Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


class Scrape:
    """The samples of one scrape."""

    def __init__(self, text: str) -> None:
        """As the text says."""
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples: Samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in self.families.values()
            for sample in family.samples
        }

    @property
    def names(self) -> set[str]:
        """The metrics that have samples, by their names in the catalogue."""
        return {metric_of(name) for name, _ in self.samples}

    def value(self, name: str, **labels: str) -> float:
        """One sample; KeyError where there is none."""
        return self.samples[name, tuple(sorted(labels.items()))]

    def labels(self, label: str) -> set[str]:
        """All values that a label has anywhere."""
        return {value for _, labels in self.samples for name, value in labels if name == label}


def metric_of(sample: str) -> str:
    """The metric that a sample is of: without what a histogram adds."""
    for ending in ("_bucket", "_count", "_sum"):
        base = sample.removesuffix(ending)
        if base != sample and base in METRICS:
            return base
    return sample


async def scraped(address: str) -> Scrape:
    """What a server says of itself, asked from within its own event loop."""
    return Scrape((await asyncio.to_thread(page, address, "/metrics")).text)
