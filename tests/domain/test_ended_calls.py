"""The ended calls of a staff member, held against a plain list of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.ended_calls import ENDED_CALLS_KEPT, EndedCall, EndedCalls
from onduty_server.domain.model.status import Instant

ids = st.sampled_from(["c1", "c11", "1", "11", "c", "call one", "é", "2"]) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=8
)
steps = st.lists(st.tuples(st.sampled_from(["plus", "without"]), ids, st.integers(0, 10**16).map(Instant)), max_size=60)


@UNHURRIED
@given(steps)
def test_they_are_a_bounded_list(taken: list[tuple[str, str, Instant]]):
    """Adding, taking away, looking up and going through them give what a list of the last 16 would give."""
    ended, wanted = EndedCalls(), list[EndedCall]()
    for step, call_id, at in taken:
        if step == "without":
            ended, wanted = ended.without(call_id), [one for one in wanted if one.call_id != call_id]
        elif all(one.call_id != call_id for one in wanted):  # a call that starts again is taken away first
            ended, wanted = ended.plus(call_id, at), [*wanted, EndedCall(call_id, at)][-ENDED_CALLS_KEPT:]
        assert list(ended) == wanted
        assert bool(ended) == bool(wanted)
        assert ended.ended_at(call_id) == next((one.ended_at for one in wanted if one.call_id == call_id), None)


@pytest.mark.parametrize("call_id", ["c", "1", "c12", "", "c1\x1f5"])
def test_a_part_of_an_id_is_not_the_id(call_id: str):
    """What is not a whole id is not found and takes nothing away."""
    ended = EndedCalls().plus("c1", Instant(5))

    assert ended.ended_at(call_id) is None
    assert ended.without(call_id) == ended
