"""The bench's arithmetic, which every verdict rests on."""

import pytest
from onduty_bench.figures import (
    Bar,
    Cost,
    Row,
    Use,
    marginal_micros,
    paired_ratio,
    per_op_micros,
    ratio,
    rounded_all,
)


def row(value: float, bar: Bar | None, **peers: float) -> Row:
    return Row("m", "m.row", "a row", value, "µs", bar, peers)


def test_ratio_needs_a_floor():
    """A floor of nothing is a failed measurement, not an endless ratio."""
    with pytest.raises(ValueError, match="floor"):
        ratio(1.0, 0.0)


def test_paired_ratio_is_the_median_of_the_rounds_ratios():
    """A machine that slowed down for both in one round changes nothing."""
    assert paired_ratio([80, 40, 79], [100, 50, 100]) == 0.8


def test_paired_ratio_refuses_unequal_rounds():
    """A round without its floor cannot be judged."""
    with pytest.raises(ValueError, match="pairs"):
        paired_ratio([1.0, 2.0], [1.0])


def test_cost_by_operation_is_in_microseconds():
    """Two seconds for a thousand are two milliseconds each; none cost nothing."""
    assert per_op_micros(2.0, 1000) == 2000
    assert per_op_micros(2.0, 0) == 0


def test_marginal_cost_leaves_the_writes_out():
    """What the writes cost without watchers is taken off in proportion, and the rest is shared by the deliveries."""
    watched, alone = Cost(3.0, 1_000, 100_000), Cost(4.0, 2_000, 0)
    assert marginal_micros(watched, alone) == pytest.approx(10.0)


def test_marginal_cost_without_deliveries_is_nothing():
    """There is nothing to share it by."""
    assert marginal_micros(Cost(1.0, 10, 0), Cost(1.0, 10, 0)) == 0


@pytest.mark.parametrize(
    ("bar", "value", "holds"),
    [
        (Bar("at least", 0.75), 0.75, True),
        (Bar("at least", 0.75), 0.749, False),
        (Bar("at most", 1.0), 1.0, True),
        (Bar("at most", 1.0), 1.001, False),
    ],
)
def test_bar_includes_its_limit(bar: Bar, value: float, holds: bool):
    """A value that is exactly the limit passes."""
    assert row(value, bar).holds is holds


def test_bar_below_peers_must_beat_each():
    """One peer that is as good is enough to miss it."""
    bar = Bar("at most", 1.0, below=("redis", "etcd"))
    assert row(0.5, bar, redis=0.6, etcd=0.7).holds is True
    assert row(0.5, bar, redis=0.5, etcd=0.7).holds is False


def test_only_the_named_peers_count():
    """Nothing can be below what sending bytes costs, and some peers are shown for comparison only."""
    assert row(0.5, Bar("at most", 1.0, below=("redis", "etcd")), floor=0.3, nats=0.4, redis=0.6).holds is True


def test_bar_below_peers_holds_by_its_limit_where_there_are_none():
    """Without peers only the number is left."""
    assert row(0.5, Bar("at most", 1.0, below=("redis", "etcd"))).holds is True


def test_row_without_a_bar_has_no_verdict():
    """It is told for itself."""
    assert row(5.0, None).holds is None


def test_row_is_judged_before_it_is_rounded():
    """A value just over the limit does not pass because four digits hide it."""
    told = row(1.00001, Bar("at most", 1.0)).as_json()
    assert told["value"] == 1.0
    assert told["holds"] is False


def test_json_of_a_row_has_what_readers_count_on():
    """The fields that programs read."""
    told = row(0.51234, Bar("at most", 1.0, below=("redis", "etcd")), redis=0.61234).as_json()
    expected = {"name": "m.row", "value": 0.5123, "unit": "µs", "bar": "≤ 1 µs, below redis and etcd", "holds": True}
    assert {name: told[name] for name in expected} == expected
    assert told["peer_values"] == {"redis": 0.6123}


def test_use_is_the_most_of_any_round():
    """A bottleneck in one round must show."""
    runs = [
        {"server_cpu": 1.0, "seconds": 2.0, "generator_share": 0.9},
        {"server_cpu": 2.0, "seconds": 2.0, "generator_share": 0.1},
    ]
    assert Use.of(runs) == Use(1.0, 0.9)


def test_rounding_goes_deep_and_leaves_counts_alone():
    """Whole numbers are exact."""
    assert rounded_all({"a": [1.23456, 123456], "b": "x"}) == {"a": [1.235, 123456], "b": "x"}
