"""The order of the longest idle."""

from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.status import Instant
from onduty_server.engine.live.skill_group_index import NEVER, IdleQueue, Slot

SLOTS = st.builds(Slot, st.sampled_from([NEVER, Instant(1)]), st.integers(0, 50).map(Instant), st.sampled_from("abcdef"))


@UNHURRIED
@given(st.sets(SLOTS, max_size=30), st.lists(st.tuples(st.booleans(), SLOTS, st.integers(0, 99)), max_size=200))
def test_it_is_what_a_sorted_list_would_be(loaded: set[Slot], steps: list[tuple[bool, Slot, int]]) -> None:
    """Whoever comes and goes, in whatever order, after a start with some."""
    queue, expected = IdleQueue(), set(loaded)
    for slot in loaded:
        queue.add_late(slot)
    queue.order()
    for comes, slot, number in steps:
        if comes and slot not in expected:
            queue.add(slot)
            expected.add(slot)
        elif not comes and expected:
            gone = sorted(expected)[number % len(expected) if number % 2 else 0]
            queue.remove(gone)
            expected.remove(gone)
        assert list(queue) == sorted(expected)


def test_who_has_left_is_not_kept() -> None:
    """With as many coming as going, the list does not grow."""
    queue = IdleQueue()
    for number in range(10_000):
        queue.add(Slot(NEVER, Instant(number), "a"))
        if number >= 10:
            queue.remove(Slot(NEVER, Instant(number - 10), "a"))

    assert len(queue) == len(list(queue)) == 10
    assert len(queue._slots) <= 21
