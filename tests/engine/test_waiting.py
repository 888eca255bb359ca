"""The order of the longest idle."""

from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.status import Instant
from onduty_server.engine.roster import Waiting

PLACES = st.tuples(st.integers(0, 50).map(Instant), st.sampled_from("abcdef"))


@UNHURRIED
@given(st.sets(PLACES, max_size=30), st.lists(st.tuples(st.booleans(), PLACES, st.integers(0, 99)), max_size=200))
def test_it_is_what_a_sorted_list_would_be(
    loaded: set[tuple[Instant, str]], steps: list[tuple[bool, tuple[Instant, str], int]]
) -> None:
    """Whoever comes and goes, in whatever order, after a start with some."""
    waiting, expected = Waiting(), set(loaded)
    for place in loaded:
        waiting.add_late(place)
    waiting.order()
    for comes, place, number in steps:
        if comes and place not in expected:
            waiting.add(place)
            expected.add(place)
        elif not comes and expected:
            gone = sorted(expected)[number % len(expected) if number % 2 else 0]
            waiting.remove(gone)
            expected.remove(gone)
        assert list(waiting) == sorted(expected)


def test_who_has_left_is_not_kept() -> None:
    """With as many coming as going, the list does not grow."""
    waiting = Waiting()
    for number in range(10_000):
        waiting.add((Instant(number), "a"))
        if number >= 10:
            waiting.remove((Instant(number - 10), "a"))

    assert len(list(waiting)) == 10
    assert len(waiting._places) <= 21
