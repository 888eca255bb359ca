"""What happened between two scrapes: rates, quantiles, and servers that began anew."""

import pytest
from prometheus_client.samples import Sample

from onduty_cli.top.figures import figures
from onduty_cli.top.scrapes import Scrape, Spell, quantile


def scrape(at: float, started: float = 1.0, **counts: float) -> Scrape:
    """A scrape with counters of requests by outcome."""
    samples = [Sample("onduty_requests_total", {"method": "A/B", "outcome": outcome}, n) for outcome, n in counts.items()]
    return Scrape("a:1", at, [*samples, Sample("process_start_time_seconds", {}, started)])


def test_rates_are_by_the_time_between():
    """By label, and all together."""
    spell = Spell(scrape(10, ok=100, refused=4), scrape(12, ok=160, refused=4))
    assert spell.rate("onduty_requests_total") == 30
    assert spell.rates("outcome", "onduty_requests_total") == {"ok": 30}


def test_a_server_that_began_anew_has_counted_from_zero():
    """Its figures are not taken for a fall."""
    spell = Spell(scrape(10, ok=1_000), scrape(12, started=11.0, ok=6))
    assert spell.rate("onduty_requests_total", outcome="ok") == 3


@pytest.mark.parametrize(
    ("part", "buckets", "expected"),
    [
        (0.5, [(1.0, 0), (2.0, 10), (float("inf"), 10)], 1.5),
        (0.99, [(1.0, 100), (float("inf"), 100)], 0.99),
        (0.99, [(1.0, 50), (float("inf"), 100)], 1.0),
        (0.5, [(1.0, 0), (float("inf"), 0)], None),
        (0.5, [], None),
    ],
)
def test_quantiles_are_reckoned_as_prometheus_does(part, buckets, expected):
    """Straight between two bounds; what is beyond the last bound is that bound; nothing of nothing."""
    assert quantile(part, buckets) == (expected if expected is None else pytest.approx(expected))


def test_of_a_server_that_does_not_answer_the_reason_alone_is_known():
    """No figure is made up."""
    server = figures(Spell(scrape(1, ok=1), Scrape("a:1", 2, fault="a:1 does not answer")), 100.0)
    assert server.fault == "a:1 does not answer"
    assert not server.requests
    assert server.up_seconds is None


def test_after_a_look_that_failed_nothing_is_counted():
    """All that a server counted since its start did not happen in the last two seconds."""
    spell = Spell(Scrape("a:1", 10, fault="a:1 does not answer"), scrape(12, ok=10_000_000))
    assert spell.rate("onduty_requests_total") == 0
    assert spell.rates("outcome", "onduty_requests_total") == {}
