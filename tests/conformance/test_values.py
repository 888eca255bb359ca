"""Bindings and matchers of scenarios: what fills, what matches, and how a mismatch is told."""

import pytest
from conformance.runner.values import UnboundError, at_path, differences, fill


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("$name", {"a": [1, 2]}),
        ("$name.a", [1, 2]),
        ("$name.a[1]", 2),
        ("$name[$key]", [1, 2]),
        ("to $key", "to a"),
        ({"x": ["$key"]}, {"x": ["a"]}),
        ({"$repeat": 2, "of": "call-$i"}, ["call-0", "call-1"]),
        ({"$merge": "$name", "b": 1}, {"a": [1, 2], "b": 1}),
        ("costs 5", "costs 5"),
    ],
)
def test_names_are_filled_in(value, filled):
    """A name alone becomes its value, of whatever type; within a text it becomes its words."""
    assert fill(value, {"name": {"a": [1, 2]}, "key": "a"}) == filled


@pytest.mark.parametrize("value", ["$nobody", "$name.b", "$name.a[7]"])
def test_what_is_not_bound_is_told(value):
    """A name that is not bound, or a place that is not there, is a fault of the scenario."""
    with pytest.raises(UnboundError):
        fill(value, {"name": {"a": []}})


def test_a_path_looks_inside_answers():
    """Fields by name, items by number."""
    assert at_path({"staff": {"calls": [{"call_id": "x"}]}}, "staff.calls.0.call_id") == "x"


MATCHING = [
    ({"a": 1}, {"a": "1", "b": 2}),
    ({"a": False, "b": "", "c": 0, "d": [], "e": {"f": 0}}, {}),
    ("<any>", None),
    ({"a": "<absent>"}, {"a": ""}),
    ({"a": "<absent>"}, {"a": "STATUS_UNSPECIFIED"}),
    ({"a": "<present>"}, {"a": {}}),
    ("<1..30>", "29.5s"),
    ("<above 7>", "8"),
    ("<not A>", "B"),
    ("<30..30 after 2030-01-01T00:00:00Z>", "2030-01-01T00:00:30.000000Z"),
    ({"<length>": 2}, [1, 2]),
    ({"<each>": {"a": 1}}, [{"a": 1}, {"a": 1, "b": 2}]),
    ({"<some>": [{"a": 2}, {"a": 1}]}, [{"a": 1}, {"a": 3}, {"a": 2}]),
    ("266", 266),
]


@pytest.mark.parametrize(("expected", "found"), MATCHING)
def test_what_matches(expected, found):
    """An expectation is a subset; defaults may be missing; matchers stand for what is not known beforehand."""
    assert differences(expected, found) == []


MISMATCHING = [
    ({"a": 1}, {"a": 2}),
    ({"a": 1}, {}),
    ({"a": True}, {"a": 1}),
    ({"a": []}, {"a": [1]}),
    ({"a": [1]}, {}),
    ({"a": "<absent>"}, {"a": "x"}),
    ({"a": "<absent>"}, {"a": {}}),
    ({"a": "<present>"}, {"a": ""}),
    ("<1..30>", "31s"),
    ("<1..30>", "soon"),
    ("<above 7>", "7"),
    ("<not A>", "A"),
    ("<30..30 after 2030-01-01T00:00:00Z>", "2030-01-01T00:00:31Z"),
    ({"<length>": 2}, [1]),
    ({"<each>": {"a": 1}}, [{"a": 1}, {"a": 2}]),
    ({"<some>": [{"a": 4}]}, [{"a": 1}]),
    ({"a": {"b": 1}}, {"a": "x"}),
    ("AVAILABLE", "BUSY"),
]


@pytest.mark.parametrize(("expected", "found"), MISMATCHING)
def test_what_does_not_match(expected, found):
    """Each of these is a mismatch, so that no matcher lets everything through."""
    assert differences(expected, found) != []


def test_a_mismatch_names_its_place():
    """The line says where, what was expected and what was found."""
    assert differences({"staff": {"calls": [{"call_id": "x"}]}}, {"staff": {"calls": [{"call_id": "y"}]}}) == [
        "staff.calls[0].call_id should be 'x', and is 'y'"
    ]
