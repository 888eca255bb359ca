"""The remembered ends of a staff member's calls, held against a plain list of them."""

import pytest
from domain_builders import T0, later
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.ended_legs import BYTES_MOST, KEPT_FOR, LEGS_KEPT, LEGS_KEPT_FOR_LONG, EndedLeg, EndedLegs
from onduty_server.domain.model.status import Instant, seconds

words = st.sampled_from(["c1", "c11", "1", "11", "c", "call one", "é", "2"]) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1, max_size=8
)
instants = st.integers(0, 10**16).map(Instant)
legs = st.builds(EndedLeg, words, st.just("") | words, st.just("") | words, instants, st.none() | instants, st.booleans()).map(
    lambda leg: leg if leg.occurred_at is not None else leg._replace(is_exact=True)
)


def _is_said_by(known: EndedLeg, new: EndedLeg) -> bool:
    """Whether a later end makes a known one needless: of the same leg, or of all legs and no earlier by the source's clock."""
    if known[:3] == new[:3]:
        return True
    is_of_all = known[:2] == new[:2] and not new.leg
    return is_of_all and (known.occurred_at is None or (new.occurred_at is not None and known.occurred_at <= new.occurred_at))


def _with_what_was_known(wanted: list[EndedLeg], new: EndedLeg) -> EndedLeg:
    """The end as it is kept: when the source last said that the leg ended is not forgotten."""
    known = [one.occurred_at for one in wanted if one[:3] == new[:3] and one.occurred_at is not None]
    if not known or (new.occurred_at is not None and new.is_exact):
        return new
    return new._replace(occurred_at=max(known[0], new.occurred_at or known[0]), is_exact=False)


@UNHURRIED
@given(st.lists(legs, max_size=60))
def test_they_are_a_list(taken: list[EndedLeg]):
    """Adding, looking up and going through them give what a list of the same would give, as far as it is kept."""
    ended, wanted = EndedLegs(), list[EndedLeg]()
    for new in taken:
        ended = ended.plus(new)
        wanted = [*(one for one in wanted if not _is_said_by(one, new)), _with_what_was_known(wanted, new)]
        kept = list(ended)
        assert kept[-LEGS_KEPT_FOR_LONG:] == wanted[-LEGS_KEPT_FOR_LONG:]
        assert set(kept) <= set(wanted)
        wanted = kept
        assert bool(ended)
        assert ended.of(new.call_id) == [one for one in wanted if one.call_id == new.call_id]


@pytest.mark.parametrize("call_id", ["c", "1", "c12", "", "c1\x1f5"])
def test_a_part_of_an_id_is_not_the_id(call_id: str):
    """What is not a whole id is not found."""
    assert EndedLegs().plus(EndedLeg("c1", "pbx", "", Instant(5))).of(call_id) == []


def test_end_of_all_legs_says_what_the_end_of_each_said():
    """The end of a call without a leg takes the place of the ends of its legs; the same call of another source stays."""
    ended = EndedLegs()
    for leg in ("a", "b"):
        ended = ended.plus(EndedLeg("c1", "pbx", leg, T0))
    ended = ended.plus(EndedLeg("c1", "other", "a", T0)).plus(EndedLeg("c1", "pbx", "", later(T0, 1)))
    assert [(one.source, one.leg) for one in ended] == [("other", "a"), ("pbx", "")]


def _burst(count: int, apart_seconds: float) -> EndedLegs:
    ended = EndedLegs()
    for number in range(count):
        ended = ended.plus(EndedLeg(f"c{number}", "pbx", "", later(T0, number * apart_seconds)))
    return ended


def test_many_of_the_last_hour_are_kept():
    """Of a burst so many are remembered, the oldest forgotten first."""
    kept = [one.call_id for one in _burst(LEGS_KEPT + 10, 1)]
    assert kept == [f"c{number}" for number in range(10, LEGS_KEPT + 10)]


def test_a_few_are_kept_however_old():
    """The last few are remembered even if they are older than an hour; of the others only those of the last hour."""
    apart = KEPT_FOR / seconds(1) / 4
    kept = [one.call_id for one in _burst(30, apart)]
    assert kept == [f"c{number}" for number in range(30 - LEGS_KEPT_FOR_LONG, 30)]


def test_text_is_bounded_by_bytes():
    """Ids of the greatest length make fewer of them remembered, and the last one always is."""
    ended = EndedLegs()
    for number in range(LEGS_KEPT):
        ended = ended.plus(EndedLeg(f"{number:03}" + "\U0001f4de" * 125, "\U0001f4de" * 128, "\U0001f4de" * 128, T0))
    assert len(ended.text.encode()) <= BYTES_MOST
    assert [one.call_id[:3] for one in ended][-1] == f"{LEGS_KEPT - 1:03}"
