"""Every cell of the table of facts, each driven through ``decide`` from a real state.

The expectation is written down here, one word a cell; nothing is read from ``facts.TABLE``.
"""

import itertools
from collections.abc import Callable

import pytest
from domain_builders import BY_ROUTER, T0, Person, in_status, later, on_offer

from onduty_server.domain.model.commands import CallStarted, SourceCall
from onduty_server.domain.model.state import CALLS_MOST
from onduty_server.domain.model.status import Cause, Direction, FactOutcome, OfferEnd, Status, seconds
from onduty_server.domain.rules.effects.facts import EFFECTS
from onduty_server.domain.rules.facts import OUTCOMES, TABLE, Fact, FactCell, Known

DESIGN_TABLE = """
known            STARTED             ENDED               LISTED        UNLISTED
UNKNOWN          start               remember            start         -
ON_OFFER         answer              withdraw            answer        -
RUNNING          confirm             end                 confirm       end
RUNNING_SINCE    -                   older-than-running  -             left-alone
ENDED            ended-before        learn               ended-before  -
ENDED_JUST_NOW   ended-before        learn               ended-before  -
ENDED_EARLIER    start               remember            start         -
SEVERAL          ambiguous           ambiguous           -             -
FULL             calls-full          -                   calls-full    -
"""


def _cells() -> list[tuple[Fact, Known, FactCell]]:
    head, *rows = (line.split() for line in DESIGN_TABLE.strip().splitlines())
    found = []
    for row in rows:
        for name, word in zip(head[1:], row[1:], strict=True):
            cell = FactCell.NEVER if word == "-" else FactCell[word.upper().replace("-", "_")]
            found.append((Fact[name], Known[row[0]], cell))
    return found


CELLS = _cells()
REACHED = [pytest.param(*cell, id=f"{cell[0].name}-{cell[1].name}") for cell in CELLS if cell[2] is not FactCell.NEVER]


def test_table_says_what_is_written_here():
    """The code's table is this one, cell by cell, and has no further rows or columns."""
    found = {(fact, known): cell for fact, row in TABLE.items() for known, cell in row.items()}
    assert found == {(fact, known): cell for fact, known, cell in CELLS}


def test_every_cell_has_an_effect_or_a_reason():
    """What a cell says is carried out, or told as the reason why it is not."""
    silent = {FactCell.NEVER, FactCell.LEFT_ALONE}
    assert set(FactCell) - silent == set(OUTCOMES)
    assert {cell for cell, outcome in OUTCOMES.items() if outcome is FactOutcome.APPLIED} | {
        FactCell.REMEMBER,
        FactCell.LEARN,
        FactCell.OLDER_THAN_RUNNING,
    } == set(EFFECTS)


# --- a state for everything that may be known -------------------------------------------------------------------------


def _running() -> Person:
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=later(person.now, -10))
    return person


def _ended(ago: float = 5, *, clock: bool = True) -> Person:
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=later(person.now, -20) if clock else None)
    person.call_ends("c1", occurred_at=later(person.now, -ago) if clock else None)
    return person


def _full() -> Person:
    person = in_status(Status.AVAILABLE)
    for number in range(CALLS_MOST + 1):
        person.call_starts(f"other-{number}")
    return person


def _several() -> Person:
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", source="pbx")
    person.call_starts("c1", source="other")
    return person


STATES: dict[Known, Callable[[], Person]] = {
    Known.UNKNOWN: lambda: in_status(Status.AVAILABLE),
    Known.ON_OFFER: on_offer,
    Known.RUNNING: _running,
    Known.RUNNING_SINCE: _running,
    Known.ENDED: _ended,
    Known.ENDED_JUST_NOW: lambda: _ended(clock=False),
    Known.ENDED_EARLIER: lambda: _ended(8),
    Known.SEVERAL: _several,
    Known.FULL: _full,
}
OCCURRED = {Known.RUNNING_SINCE: -15.0, Known.ENDED: -6.0, Known.ENDED_EARLIER: -2.0, Known.RUNNING: -3.0}
"""When the fact happened by the source's clock, beside now."""


def _told(person: Person, fact: Fact, known: Known) -> None:
    at = later(person.now, OCCURRED[known]) if known in OCCURRED else None
    source = "" if known is Known.SEVERAL else "pbx"
    match fact:
        case Fact.STARTED:
            person.call_starts("c1", occurred_at=at, source=source)
        case Fact.ENDED:
            person.call_ends("c1", occurred_at=at, source=source)
        case Fact.LISTED:
            others = [call.call_id for call in person.state.calls if call.call_id != "c1"]
            person.reconciled(*others, SourceCall("c1", Direction.INBOUND, at))
        case Fact.UNLISTED:
            person.reconciled(observed_at=at)


@pytest.mark.parametrize(("fact", "known", "cell"), REACHED)
def test_cell(fact: Fact, known: Known, cell: FactCell):
    """What is told of a leg of which this is known does what the table says, and nothing else."""
    person = STATES[known]()
    before, changes = person.state, len(person.changes)
    _told(person, fact, known)
    running = "c1" in person.call_ids()
    match cell:
        case FactCell.START:
            assert (running, person.last.calls_started) == (True, 1)
        case FactCell.ANSWER:
            assert (running, person.last.ended_offer and person.last.ended_offer.end) == (True, OfferEnd.ACCEPTED)
        case FactCell.CONFIRM:
            assert (running, sum(change.calls_started for change in person.changes[changes:])) == (True, 0)
        case FactCell.END:
            assert (running, person.status) == (False, Status.AFTER_CALL_WORK)
            assert [leg.call_id for leg in person.state.ended_legs] == ["c1"]
        case FactCell.WITHDRAW:
            assert (person.state.offer, person.last.ended_offer and person.last.ended_offer.end) == (None, OfferEnd.WITHDRAWN)
            assert [leg.call_id for leg in person.state.ended_legs] == ["c1"]
        case FactCell.REMEMBER:
            assert (person.state.calls, len(person.changes)) == (before.calls, changes)
            assert [leg.call_id for leg in person.state.ended_legs] == ["c1"]
        case FactCell.OLDER_THAN_RUNNING:
            assert (person.state.calls, len(person.changes)) == (before.calls, changes)
            assert [leg.call_id for leg in person.state.ended_legs] == ["c1"]
        case _:
            assert person.state == before
            assert len(person.changes) == changes
    if fact in (Fact.STARTED, Fact.ENDED):
        assert person.outcome is OUTCOMES[cell]


# --- the order of facts -----------------------------------------------------------------------------------------------

LIVES = [("started", 10), ("ended", 20), ("started", 30), ("ended", 40)]
"""Two lives of one leg, as its source's clock has them."""


def _facts(person: Person, facts: list[tuple[str, int]], skew: float, leg: str = "") -> None:
    for kind, at in facts:
        person.wait(0.01)
        occurred_at = later(person.changes[0].changed_at, at + skew)
        if kind == "started":
            person.call_starts("c1", occurred_at=occurred_at, leg=leg)
        else:
            person.call_ends("c1", occurred_at=occurred_at, leg=leg)


@pytest.mark.parametrize("skew", [-3600, -2, 0, 5, 3600], ids=lambda skew: f"{skew}s")
@pytest.mark.parametrize("lives", [1, 2, 3, 4])
def test_facts_in_any_order_and_number_come_out_right(lives, skew):
    """Whoever talks by the source's own clock is IN_LINE, in whatever order and however often its facts arrive."""
    told = LIVES[:lives]
    twice = told[-2:] if not skew else told[-1:]
    for order in itertools.permutations(told + twice):
        person = in_status(Status.AVAILABLE)
        _facts(person, list(order), skew)
        assert (person.status is Status.IN_LINE) is (told[-1][0] == "started"), order


@pytest.mark.parametrize("order", list(itertools.permutations(["start a", "end a", "start b"])), ids="-".join)
def test_hand_back_on_a_new_channel(order):
    """A call that comes back on a new channel is in progress, whenever the old channel's end comes."""
    person = in_status(Status.AVAILABLE)
    for word in order:
        kind, leg = word.split()
        (person.call_starts if kind == "start" else person.call_ends)("c1", leg=leg)
    assert person.status is Status.IN_LINE
    assert [call.leg for call in person.state.calls] == ["b"]


def test_late_start_without_a_clock_is_late_within_the_window_only():
    """Without instants to compare, a start just after the end is a late one; later it is a new call."""
    for waited, started in ((9.9, False), (10.1, True)):
        person = in_status(Status.IN_LINE)
        person.call_ends("c0")
        person.wait(waited)
        person.call_starts("c0")
        assert (person.call_ids() == ["c0"]) is started


def test_end_without_a_clock_happened_after_its_start():
    """A call whose end did not say when ended no earlier than it began: a late start of it is late for ever."""
    person = in_status(Status.AVAILABLE)
    began = later(person.now, -30)
    person.call_starts("c1", occurred_at=began)
    person.call_ends("c1")
    person.wait(3600)
    assert person.call_starts("c1", occurred_at=began) is None
    assert person.outcome is FactOutcome.ENDED_BEFORE


def test_leg_is_bound_to_the_call_that_was_there_without_one():
    """A call dialled by hand has the leg and the source of the first fact that names them."""
    person = in_status(Status.AVAILABLE)
    person.places("c1")
    person.call_starts("c1", leg="a")
    assert [(call.source, call.leg) for call in person.state.calls] == [("pbx", "a")]
    person.call_starts("c1", leg="b")
    assert [call.leg for call in person.state.calls] == ["a", "b"]


def test_fact_without_a_leg_is_about_all_of_them():
    """The end of a call without a leg ends every leg of that call with this person."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", leg="a")
    person.call_starts("c1", leg="b")
    person.call_ends("c1")
    assert person.status is Status.AFTER_CALL_WORK


# --- hold, answered, age, number --------------------------------------------------------------------------------------


def test_hold_is_told_and_shown_and_changes_nothing_else():
    """A call on hold is in progress; a fact without a word of it leaves it held."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    may = person.state.capabilities
    assert person.call_starts("c1", on_hold=True) is not None
    assert person.outcome is FactOutcome.APPLIED
    assert person.call_starts("c1") is None
    assert (person.call("c1").on_hold, person.status, person.state.capabilities) == (True, Status.IN_LINE, may)
    person.call_starts("c1", on_hold=False)
    assert not person.call("c1").on_hold


def test_answered_stays_answered():
    """That a call was answered is shown, and not taken back by what arrives late."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", Direction.OUTBOUND, answered=False)
    person.call_starts("c1", answered=True)
    assert person.call_starts("c1", answered=False) is None
    assert person.call("c1").answered is True


def test_call_that_is_confirmed_does_not_age():
    """Repeats and reconciliations renew a call's age, each by at most one change an eighth of it."""
    for confirm in (lambda person: person.call_starts("c1"), lambda person: person.reconciled("c1")):
        person = in_status(Status.AVAILABLE, max_call_age=seconds(80))
        person.call_starts("c1")
        changes = [confirm(person) for _ in range(400) if person.wait(1) == []]
        assert (len(changes), person.status) == (400, Status.IN_LINE)
        assert sum(change is not None for change in changes) == 40
        assert [change.cause for change in person.wait(80)] == [Cause.CALL_AGE]


def test_one_call_too_many_drops_the_oldest_irregular_one():
    """Beyond the bound the oldest irregular call is dropped, by a change of its own; where none is, the oldest."""
    person = _full()
    (change,) = person.fire()
    assert (change.cause, change.call_id, len(person.state.calls)) == (Cause.CALL_LIMIT, "other-1", CALLS_MOST)
    assert person.call_starts("other-1") is None, "a repeat of the dropped one does not begin it again"


def test_list_never_makes_more_calls_than_there_may_be():
    """A list with too many calls of one person starts as many as there may be."""
    person = in_status(Status.AVAILABLE)
    person.reconciled(*(f"c{number}" for number in range(1000)))
    assert (len(person.state.calls), person.fire()) == (CALLS_MOST, [])


# --- lists ------------------------------------------------------------------------------------------------------------


def test_list_leaves_alone_what_began_or_ended_at_or_after_it():
    """What happened at the list's instant or after it, by the source's clock, is newer than the list."""
    for after in (0, 1):
        person = in_status(Status.AVAILABLE)
        taken = later(person.now, -60)
        person.call_starts("old", occurred_at=later(taken, -10))
        person.call_ends("old", occurred_at=later(taken, after))
        person.call_starts("new", occurred_at=later(taken, after))
        assert person.reconciled("old", observed_at=taken) is None
        assert person.call_ids() == ["new"]


def test_list_by_the_servers_clock_leaves_alone_what_arrived_since():
    """With a position of the store, what arrived after it is newer than the list."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("old")
    person.wait(1)
    taken = person.now
    person.wait(0.001)
    person.call_ends("old")
    person.call_starts("new")
    assert person.reconciled("old", observed_by_server_at=taken) is None
    person.wait(1)
    person.reconciled("other", observed_by_server_at=person.now)
    assert person.call_ids() == ["other"]


def test_list_with_an_instant_leaves_alone_what_just_arrived_without_one():
    """Of calls without an instant of their source, a list leaves alone those that arrived within the window."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.wait(9)
    assert person.reconciled(observed_at=person.now) is None
    person.wait(2)
    assert person.reconciled(observed_at=person.now) is not None


def test_late_fact_about_what_a_list_ended():
    """A call that a list ended stays ended, by the list's instant."""
    person = in_status(Status.AVAILABLE)
    began = later(person.now, -60)
    person.call_starts("c1", occurred_at=began)
    person.reconciled(observed_at=later(began, 30))
    person.wait(60)
    assert person.call_starts("c1", occurred_at=began) is None
    assert person.call_starts("c1", occurred_at=later(began, 40)) is not None


def test_list_without_a_leg_is_about_all_legs():
    """A listed call without a leg keeps every leg of it; one with a leg keeps that one."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", leg="a")
    person.call_starts("c1", leg="b")
    assert person.reconciled("c1") is None
    person.reconciled(SourceCall("c1", Direction.INBOUND, leg="b"))
    assert [call.leg for call in person.state.calls] == ["b"]


def test_list_that_names_a_call_with_and_without_a_leg_says_the_same_twice():
    """What a list says of a call without a leg holds for the legs that it names too, in whatever order it names them."""
    for order in itertools.permutations(
        [SourceCall("c1", answered=False), SourceCall("c1", leg="a", on_hold=True), SourceCall("c1", leg="b")]
    ):
        person = in_status(Status.AVAILABLE)
        assert person.reconciled(*order) is not None
        assert sorted((call.leg, call.answered, call.on_hold) for call in person.state.calls) == [
            ("a", False, True),
            ("b", False, False),
        ]
        assert person.reconciled(*order) is None


def test_list_taken_when_the_call_was_the_last_news_ends_it():
    """A position that is the call's own start is before the list: nothing else has to happen for the list to end it."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    taken = person.now
    person.wait(20)
    person.reconciled(observed_by_server_at=taken)
    assert person.call_ids() == []
    person.reconciled("c1", observed_by_server_at=person.now)
    assert person.call_ids() == ["c1"], "an end that is the position itself is before the list too"


def test_list_from_before_a_call_was_handed_back_leaves_it_alone():
    """A call that began again after the position runs on, also where its first end was not told."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=later(T0, 1))
    taken = person.now
    person.wait(1)
    person.call_starts("c1", occurred_at=later(T0, 9))
    assert person.reconciled(observed_by_server_at=taken) is None
    person.wait(1)
    assert person.reconciled(observed_by_server_at=person.now) is not None


def test_list_that_is_newer_than_an_end_starts_the_call_again():
    """A wrong end, as of a list taken while the switch was starting, hides somebody's call to the next list at most."""
    for by_position in (False, True):
        person = in_status(Status.AVAILABLE)
        call = SourceCall("c1", Direction.INBOUND, person.now)
        person.call_starts("c1", occurred_at=person.now)
        for calls in ((), (call,)):
            person.wait(20)
            instant = {"observed_by_server_at" if by_position else "observed_at": person.now}
            assert person.reconciled(*calls, **instant) is not None
            person.wait(1)
        assert person.status is Status.IN_LINE
        assert person.reconciled(call, **{**instant, next(iter(instant)): later(person.now, -15)}) is None, "it is confirmed"


def test_call_told_again_after_a_reset_is_a_new_call():
    """Whatever was remembered of its end: a reset repairs that too."""
    person = in_status(Status.AVAILABLE)
    began_at = person.now
    person.call_starts("c1", occurred_at=began_at)
    person.call_ends("c1", occurred_at=later(began_at, 10))
    assert person.call_starts("c1", occurred_at=began_at) is None
    person.is_reset()
    assert person.call_starts("c1", occurred_at=began_at) is not None


def test_fact_without_a_leg_is_no_beginning_of_a_leg():
    """The late end of a leg ends it, though some leg of its call ran later; the end of all legs does not."""
    for on_hold in (None, True):
        person = in_status(Status.AVAILABLE)
        began_at = person.now
        person.call_starts("c1", leg="a", occurred_at=began_at)
        person.call_starts("c1", occurred_at=later(began_at, 5), on_hold=on_hold)
        person.call_starts("c1", leg="b", occurred_at=later(began_at, 5))
        person.call_ends("c1", occurred_at=later(began_at, 4))
        assert [call.leg for call in person.state.calls] == ["a", "b"]
        person.call_ends("c1", leg="a", occurred_at=later(began_at, 4))
        assert [call.leg for call in person.state.calls] == ["b"]
        assert person.reconciled(observed_at=later(began_at, 3)) is None
        person.call_ends("c1", leg="b", occurred_at=later(began_at, 9))
        assert not person.state.calls


def test_direction_that_nobody_said_is_told_later():
    """A call without one counts as inbound until a fact says it; what was said first stays."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", None)
    assert person.call("c1").direction is Direction.INBOUND
    assert person.call_starts("c1", Direction.OUTBOUND) is not None
    assert person.call_starts("c1", Direction.INBOUND) is None
    assert person.call("c1").direction is Direction.OUTBOUND


def test_end_of_all_legs_holds_for_legs_not_told_yet():
    """An end that names no leg is remembered for every leg of the call, in whatever order starts and end arrive."""
    for clock in (True, False):
        person = in_status(Status.AVAILABLE)
        began, ended = (later(T0, 1), later(T0, 5)) if clock else (None, None)
        person.call_starts("c1", leg="a", occurred_at=began)
        person.call_ends("c1", occurred_at=ended)
        assert person.call_starts("c1", leg="b", occurred_at=began) is None
        assert person.outcome is FactOutcome.ENDED_BEFORE
    person.wait(60)
    assert person.call_starts("c1", leg="b") is not None


def test_end_that_is_told_again_says_what_was_not_known():
    """A repeated end's instant, and that it was of all legs, are remembered though the repeat changes nothing."""
    person = in_status(Status.AVAILABLE)
    person.call_ends("c1")
    assert person.call_ends("c1", occurred_at=later(T0, 9)) is None
    assert person.outcome is FactOutcome.REPEATED
    person.call_ends("c2", leg="a", occurred_at=later(T0, 9))
    person.call_ends("c2", occurred_at=later(T0, 8))
    assert person.outcome is FactOutcome.REPEATED
    person.wait(60)
    assert person.call_starts("c1", occurred_at=later(T0, 1)) is None
    assert person.call_starts("c2", leg="b", occurred_at=later(T0, 8)) is None
    assert person.call_starts("c2", leg="a", occurred_at=later(T0, 9)) is None
    assert person.call_starts("c2", leg="b", occurred_at=later(T0, 9)) is not None


def test_end_without_an_instant_is_no_older_than_it_arrived():
    """What is known of the clock from an earlier end, or from the beginning, does not date it."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=T0)
    person.call_ends("c1", occurred_at=later(T0, 1))
    person.wait(30)
    person.call_ends("c1")
    person.wait(2)
    assert person.call_starts("c1", occurred_at=later(T0, 31)) is None, "within the window it is late"
    person.wait(20)
    assert person.call_starts("c1", occurred_at=later(T0, 1)) is None, "what was known stays known"
    assert person.call_starts("c1", occurred_at=later(T0, 31)) is not None

    person.call_starts("c2", occurred_at=T0)
    person.call_ends("c2")
    person.wait(2)
    assert person.reconciled(SourceCall("c1"), SourceCall("c2"), observed_at=later(T0, 40)) is None
    assert person.call_ids() == ["c1"]
    assert person.call_ends("c2", occurred_at=later(T0, 50)) is None
    person.wait(20)
    assert person.call_starts("c2", occurred_at=later(T0, 45)) is None, "the repeat said when"


CENTURY = 100 * 365 * 24 * 3600


@pytest.mark.parametrize("absurd", [-CENTURY, CENTURY, 25 * 3600])
def test_instant_that_cannot_be_right_holds_nobody_in_a_call(absurd: float):
    """Where the clock and the order of arrival differ by more than a day the order of arrival decides."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=later(T0, absurd))
    person.wait(60)
    assert person.call_ends("c1", occurred_at=later(T0, 60)) is not None
    person.call_starts("c2", occurred_at=later(T0, absurd))
    person.wait(60)
    person.reconciled(observed_at=later(T0, 120))
    assert person.call_ids() == []
    person.call_starts("c3", occurred_at=T0)
    assert person.call_ends("c3", occurred_at=later(T0, absurd)) is not None


@pytest.mark.parametrize("absurd", [-CENTURY, CENTURY, 25 * 3600])
def test_instant_of_an_end_that_cannot_be_right_hides_no_later_call(absurd: float):
    """Who talks is IN_LINE, whatever an earlier end of the same id said; a start right behind it is taken for a late one."""
    for by_list in (False, True):
        person = in_status(Status.AVAILABLE)
        person.call_ends("c1", occurred_at=later(T0, absurd))
        person.wait(60)
        began = later(T0, 60)
        if by_list:
            person.reconciled(SourceCall("c1", Direction.INBOUND, began), observed_at=later(began, 1))
        else:
            person.call_starts("c1", occurred_at=began)
        assert person.call_ids() == ["c1"]
        person.call_ends("c1", occurred_at=later(began, 5))
        assert person.call_ids() == []
        assert person.call_starts("c1", occurred_at=began) is None


def test_hold_is_told_by_the_source_in_its_own_order():
    """What is older than what is known of a call says nothing about its hold."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", None, occurred_at=T0)
    person.call_starts("c1", None, occurred_at=later(T0, 8), on_hold=False)
    assert person.call_starts("c1", None, occurred_at=later(T0, 5), on_hold=True) is None
    assert not person.state.calls[0].on_hold
    assert person.call_starts("c1", None, occurred_at=later(T0, 9), on_hold=True) is not None
    assert person.state.calls[0].on_hold


def test_hold_that_comes_late_counts_where_nothing_later_spoke_of_hold():
    """A later fact about something else says nothing about the hold."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", None, occurred_at=T0)
    person.call_starts("c1", None, occurred_at=later(T0, 3), answered=True)
    assert person.call_starts("c1", None, occurred_at=later(T0, 2), on_hold=True) is not None
    assert person.state.calls[0].on_hold
    assert person.call_starts("c1", None, occurred_at=later(T0, 1), on_hold=False) is None


def test_end_that_comes_twice_withdraws_no_offer_made_in_between():
    """Without instants a repeat is known by the window: a call handed back by a claim goes on ringing."""
    person = in_status(Status.AVAILABLE, wrap_up_enabled=False)
    person.call_starts("c1")
    person.call_ends("c1")
    person.is_claimed("c1")
    assert person.call_ends("c1") is None
    assert person.state.offer is not None
    person.wait(11)
    assert person.call_ends("c1") is not None
    assert person.state.offer is None


def test_leg_without_a_source_does_not_choose_between_sources():
    """An end that names a leg and no source ends neither of two sources' calls, not even where one of them has that leg."""
    person = in_status(Status.AVAILABLE)
    person.does(CallStarted(SourceCall("c1"), "pbx", BY_ROUTER))
    person.does(CallStarted(SourceCall("c1"), "other", BY_ROUTER))
    assert person.call_ends("c1", source="", leg="a") is None
    assert len(person.state.calls) == 2
    person.does(CallStarted(SourceCall("c1", leg="a"), "other", BY_ROUTER))
    assert person.call_ends("c1", source="", leg="a") is None
    assert person.outcome is FactOutcome.AMBIGUOUS
    assert [call.source for call in person.state.calls] == ["pbx", "other"]


def test_late_start_without_a_source_among_ends_of_several():
    """It belongs to what ended where an end without a source says so, or the ends of all sources do."""
    person = in_status(Status.AVAILABLE)
    person.call_ends("c1", leg="a", occurred_at=later(T0, 5))
    person.call_ends("c1", source="", leg="a", occurred_at=later(T0, 9))
    person.call_ends("c2", occurred_at=later(T0, 5))
    person.call_ends("c2", source="other", occurred_at=later(T0, 9))
    person.wait(60)
    assert person.call_starts("c1", source="", leg="a", occurred_at=later(T0, 7)) is None
    assert person.call_starts("c2", source="", occurred_at=later(T0, 4)) is None
    assert person.outcome is FactOutcome.ENDED_BEFORE
    assert person.call_starts("c2", source="", occurred_at=later(T0, 7)) is not None, "they differ: arrival decides"


def test_origin_of_a_fact_is_kept():
    """A fact's change says who told it."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    assert person.last.actor == BY_ROUTER.actor
