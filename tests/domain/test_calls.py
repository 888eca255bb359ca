"""Facts of telephony: never refused, applied once, flagged irregular where the table would have refused the call."""

from dataclasses import replace

import pytest
from domain_builders import Person, in_status, later, on_offer

from onduty_server.domain.model.ended_legs import LEGS_KEPT
from onduty_server.domain.model.status import Cause, Direction, FactOutcome, Status, seconds

IRREGULAR = """
status           INBOUND    OUTBOUND   INTERNAL   TRANSFER
OFFLINE          irregular  irregular  irregular  irregular
AVAILABLE        -          -          -          -
BUSY             irregular  -          -          -
ON_BREAK         irregular  -          irregular  irregular
IN_LINE          irregular  irregular  irregular  irregular
AFTER_CALL_WORK  irregular  -          irregular  irregular
"""
"""Which calls DESIGN's capabilities bar in which status, under the default policy."""


def _cells() -> list[tuple[Status, Direction, bool]]:
    head, *rows = (line.split() for line in IRREGULAR.strip().splitlines())
    return [
        (Status[row[0]], Direction[name], word == "irregular")
        for row in rows
        for name, word in zip(head[1:], row[1:], strict=True)
    ]


@pytest.mark.parametrize(("status", "direction", "irregular"), _cells())
def test_start_is_applied_in_every_status(status: Status, direction: Direction, irregular):
    """A reported call puts the person in line from every status, and is irregular where it should not have been."""
    person = in_status(status)
    change = person.call_starts("c9", direction)
    assert change is not None
    assert person.status is Status.IN_LINE
    assert person.call("c9").irregular is irregular
    assert (change.cause, change.call_id, change.calls_started) == (Cause.CALL_STARTED, "c9", 1)


@pytest.mark.parametrize("direction", Direction, ids=lambda direction: direction.name)
def test_only_inbound_is_irregular_with_an_offer_outstanding(direction: Direction):
    """While an offer is outstanding, another inbound call is irregular; other calls are not."""
    person = on_offer()
    person.call_starts("c9", direction)
    assert person.call("c9").irregular is (direction is Direction.INBOUND)


@pytest.mark.parametrize(
    ("status", "direction", "policy"),
    [
        (Status.ON_BREAK, Direction.INTERNAL, {"break_internal_calls": True}),
        (Status.ON_BREAK, Direction.TRANSFER, {"break_internal_calls": True}),
        (Status.AFTER_CALL_WORK, Direction.INTERNAL, {"after_call_work_internal_calls": True}),
        (Status.AFTER_CALL_WORK, Direction.TRANSFER, {"after_call_work_internal_calls": True}),
    ],
)
def test_policy_makes_a_call_regular(status: Status, direction: Direction, policy):
    """A call that the policy allows is regular."""
    person = in_status(status, **policy)
    person.call_starts("c9", direction)
    assert not person.call("c9").irregular


def test_policy_makes_a_call_irregular():
    """Where the policy bars dialling in after-call work, a dialled call that telephony reports is irregular."""
    person = in_status(Status.AFTER_CALL_WORK, after_call_work_dial_out=False)
    person.call_starts("c9", Direction.OUTBOUND)
    assert person.call("c9").irregular


def test_call_goes_by_the_servers_clock():
    """A call begins when the server hears of it; the source's word is kept beside it."""
    person = in_status(Status.AVAILABLE)
    earlier = later(person.now, -90)
    person.call_starts("c1", occurred_at=earlier)
    call = person.call("c1")
    assert (call.started_at, call.occurred_at) == (person.now, earlier)
    assert person.state.status_since == person.now


# --- several calls ----------------------------------------------------------------------------------------------------


def test_in_line_lasts_until_the_last_call_ends():
    """With two calls, the end of one leaves the person in line; the end of the other does not."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.wait(10)
    person.call_starts("c2", Direction.TRANSFER)
    person.wait(10)
    change = person.call_ends("c1")
    assert change is not None
    assert (person.status, person.call_ids(), change.time_in_previous) == (Status.IN_LINE, ["c2"], None)
    person.wait(10)
    change = person.call_ends("c2")
    assert change is not None
    assert (person.status, change.time_in_previous) == (Status.AFTER_CALL_WORK, seconds(30))


def test_calls_are_kept_oldest_first():
    """Calls in progress stand in the order in which they began."""
    person = in_status(Status.AVAILABLE)
    for call_id in ("c3", "c1", "c2"):
        person.call_starts(call_id)
    person.call_ends("c1")
    assert person.call_ids() == ["c3", "c2"]


def test_second_call_leaves_the_time_in_line():
    """A second call changes the calls, not the status or its beginning."""
    person = in_status(Status.IN_LINE)
    since = person.state.status_since
    change = person.call_starts("c9")
    assert change is not None
    assert (person.state.status_since, change.time_in_previous) == (since, None)


# --- facts twice, late or unknown -------------------------------------------------------------------------------------


def test_repeated_start_changes_nothing():
    """The same report again changes nothing."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=person.now)
    assert person.call_starts("c1", occurred_at=person.now) is None


def test_repeated_start_with_another_direction_changes_nothing():
    """A call stays what it was reported as first."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", Direction.INBOUND)
    assert person.call_starts("c1", Direction.TRANSFER) is None
    assert person.call("c1").direction is Direction.INBOUND


def test_repeated_end_changes_nothing():
    """The end of a call that has ended changes nothing."""
    person = in_status(Status.IN_LINE)
    person.call_ends("c0")
    assert person.call_ends("c0") is None


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_end_of_an_unknown_call_is_remembered(status: Status):
    """The end of a call nobody heard of makes no change in any status, and is remembered once."""
    person = in_status(status)
    before = person.state
    assert person.call_ends("c9") is None
    assert person.state == replace(before, ended_legs=person.state.ended_legs)
    assert [leg.call_id for leg in person.state.ended_legs][-1] == "c9"
    assert person.outcome is FactOutcome.NOT_KNOWN
    assert person.call_ends("c9") is None
    assert person.outcome is FactOutcome.REPEATED


def test_end_of_another_call_leaves_the_offer():
    """While an offer is outstanding, the end of some other call leaves it."""
    person = on_offer()
    person.call_ends("c9")
    assert person.state.offer is not None


def test_late_start_of_an_ended_call_changes_nothing():
    """A start that arrives after the call's end does not begin the call again."""
    person = in_status(Status.IN_LINE)
    started_at = later(person.now, -3)
    person.call_ends("c0")
    person.wait(1)
    assert person.call_starts("c0") is None
    assert person.call_starts("c0", occurred_at=started_at) is None
    assert person.status is Status.AFTER_CALL_WORK


def test_start_at_the_instant_of_the_end_is_late():
    """A call that began no later than it ended is the one that ended."""
    person = in_status(Status.IN_LINE)
    person.call_ends("c0")
    assert person.call_starts("c0", occurred_at=person.now) is None


def test_start_after_the_end_is_a_new_call():
    """A call whose id was used before, and that began after that call's end, is a new call."""
    person = in_status(Status.IN_LINE)
    person.call_ends("c0")
    person.wait(40)
    person.call_starts("c0", occurred_at=later(person.now, -1))
    assert person.call_ids() == ["c0"]
    person.call_ends("c0")
    assert [ended.call_id for ended in person.state.ended_legs] == ["c0"]


def test_ended_calls_are_remembered_up_to_a_bound():
    """So many ended calls are remembered, the oldest forgotten first."""
    person = in_status(Status.AVAILABLE)
    for number in range(LEGS_KEPT + 3):
        person.call_starts(f"c{number}")
        person.call_ends(f"c{number}")
    assert [ended.call_id for ended in person.state.ended_legs] == [f"c{n}" for n in range(3, LEGS_KEPT + 3)]


def test_forgotten_call_can_begin_again():
    """Beyond the bound a late start is taken for a new call: a fact is rather applied than lost."""
    person = in_status(Status.AVAILABLE)
    for number in range(LEGS_KEPT + 1):
        person.call_starts(f"c{number}")
        person.call_ends(f"c{number}")
    person.call_starts("c0")
    assert person.call_ids() == ["c0"]


def test_dialled_call_may_take_the_id_of_an_ended_one():
    """A call dialled by hand is new, whatever its id."""
    person = in_status(Status.AFTER_CALL_WORK)
    person.places("c0")
    assert person.call_ids() == ["c0"]
    assert person.call_starts("c0") is not None
    assert person.call("c0").source == "pbx"


# --- a call's source --------------------------------------------------------------------------------------------------


def test_first_fact_names_the_source_of_a_dialled_call():
    """A call dialled without a source gets it, and the source's instant, from the first fact; nothing else changes."""
    person = in_status(Status.AVAILABLE)
    person.places("c1")
    began = person.now
    person.wait(2)
    change = person.call_starts("c1", Direction.INBOUND, source="pbx", occurred_at=began)
    assert change is not None
    assert (change.calls_started, change.time_in_previous) == (0, None)
    call = person.call("c1")
    assert (call.source, call.occurred_at, call.direction, call.started_at) == ("pbx", began, Direction.OUTBOUND, began)
    assert call.ends_by == began + seconds(4 * 3600)


def test_another_source_means_another_call():
    """Two sources may use one id: what one of them says is about its own call."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", source="pbx")
    person.call_starts("c1", source="other", occurred_at=person.now)
    assert [(call.source, call.occurred_at) for call in person.state.calls] == [("pbx", None), ("other", person.now)]


def test_fact_without_a_source_does_not_take_the_call():
    """A fact that names no source leaves the call without one."""
    person = in_status(Status.AVAILABLE)
    person.places("c1")
    assert person.call_starts("c1", source="") is None


def test_fact_without_a_source_leaves_the_calls_source():
    """A fact that names no source tells its instant all the same, and leaves the call with its source."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", source="pbx")
    person.call_starts("c1", source="", occurred_at=person.now)
    assert (person.call("c1").source, person.call("c1").occurred_at) == ("pbx", person.now)


def test_sources_instant_is_kept_with_an_accepted_call():
    """A call that began by an accepted offer still learns when its source says it began."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed(source="pbx")
    person.accepts()
    began = person.now
    person.wait(1)
    person.call_starts("c1", source="pbx", occurred_at=began)
    assert person.call("c1").occurred_at == began


def test_sources_latest_instant_counts():
    """A later beginning of a running call is that of its later life; an earlier one changes nothing."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1", occurred_at=person.now)
    change = person.call_starts("c1", occurred_at=later(person.now, 1))
    assert change is not None
    assert (change.calls_started, person.call("c1").occurred_at) == (0, later(person.now, 1))
    assert person.call_starts("c1", occurred_at=person.now) is None


# --- lost hang-ups ----------------------------------------------------------------------------------------------------


def test_call_ends_by_itself_at_its_maximum_age():
    """A call whose end nobody reports ends at the policy's maximum age, 4 h by default, and what follows a call follows."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    began = person.now
    assert person.call("c1").ends_by == later(began, 4 * 3600)
    person.wait(4 * 3600 - 1)
    assert person.status is Status.IN_LINE
    (change,) = person.wait(1)
    assert (change.cause, change.call_id, person.status) == (Cause.CALL_AGE, "c1", Status.AFTER_CALL_WORK)


def test_maximum_age_is_the_policys():
    """The policy sets the age for calls that begin under it."""
    person = in_status(Status.AVAILABLE, max_call_age=seconds(60))
    person.places("c1")
    assert [change.cause for change in person.wait(60)] == [Cause.CALL_AGE]


def test_maximum_age_ends_one_call_only():
    """Of two calls only the one that is too old ends."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.wait(100)
    person.call_starts("c2")
    person.wait(4 * 3600 - 100)
    assert (person.status, person.call_ids()) == (Status.IN_LINE, ["c2"])


def test_late_end_after_the_maximum_age_moves_nothing():
    """A hang-up that is reported after all moves nothing any more."""
    person: Person = in_status(Status.IN_LINE)
    person.wait(4 * 3600)
    assert person.call_ends("c0") is None
    assert person.outcome is FactOutcome.NOT_KNOWN
