"""What users of other products reported, each tried on the rules: the sequence of the report, and what is right.

``docs/field-reports.md`` has the table; a test's name says what it shows.
"""

import pytest
from domain_builders import BY_ADMIN, BY_ROUTER, Person, in_status, in_wrap_up, later, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.commands import SourceCall
from onduty_server.domain.model.errors import NotAssignableError
from onduty_server.domain.model.policy import ReturnTo, Rules
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import CALLS_MOST
from onduty_server.domain.model.status import Direction, FactOutcome, Instant, Status, WithdrawReason, seconds


@pytest.mark.parametrize("clock", [False, True])
@pytest.mark.parametrize("offered", [False, True])
def test_end_before_start_leaves_nobody_in_line(clock, offered):
    """A call whose end is known never runs: told before its start, with instants or without, on offer or not."""
    person = on_offer() if offered else in_status(Status.AVAILABLE)
    began, ended = (later(person.now, -9), later(person.now, -1)) if clock else (None, None)
    person.call_ends("c1", occurred_at=ended)
    assert person.state.offer is None
    person.call_starts("c1", occurred_at=began)
    assert (person.status, person.outcome) == (Status.AVAILABLE, FactOutcome.ENDED_BEFORE)


@pytest.mark.parametrize("ahead", [-2, 0, 5])
def test_call_handed_back_is_in_line(ahead):
    """Who gets a call back is in line, whatever the source's clock says beside the server's."""
    person = in_status(Status.AVAILABLE, wrap_up_enabled=False)

    def by_source() -> Instant:
        return later(person.now, ahead)

    person.call_starts("c2", occurred_at=by_source())
    began = person.call("c2").occurred_at
    person.wait(5)
    person.call_ends("c2", occurred_at=by_source())
    person.call_starts("c2", occurred_at=began)
    assert person.status is Status.AVAILABLE, "the first start again is no new call"
    person.wait(1)
    person.call_starts("c2", Direction.TRANSFER, occurred_at=by_source())
    assert (person.status, person.state.capabilities.assign_inbound) == (Status.IN_LINE, False)


def test_old_channels_late_end_leaves_the_call_that_came_back():
    """A call that comes back on a new channel stays, when the old channel's end arrives after it."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c2", leg="SIP/1")
    person.call_starts("c2", Direction.TRANSFER, leg="SIP/2")
    person.call_ends("c2", leg="SIP/1")
    assert (person.status, [call.leg for call in person.state.calls]) == (Status.IN_LINE, ["SIP/2"])


@pytest.mark.parametrize("by", ["source", "server"])
def test_list_that_is_a_moment_old_overwrites_nothing_newer(by):
    """Who hung up since a list was taken stays free, who answered since stays in line."""
    gone, talks = in_status(Status.AVAILABLE), in_status(Status.AVAILABLE)
    gone.call_starts("old", occurred_at=gone.now)
    for person in (gone, talks):
        person.wait(1)
    taken = gone.now
    for person in (gone, talks):
        person.wait(0.1)
    gone.call_ends("old", occurred_at=gone.now)
    talks.call_starts("new", occurred_at=talks.now)
    as_of = {"observed_at": taken} if by == "source" else {"observed_by_server_at": taken}
    assert gone.reconciled("old", **as_of) is None
    assert talks.reconciled(**as_of) is None
    assert (gone.call_ids(), talks.call_ids()) == ([], ["new"])


def test_call_that_its_source_confirms_is_not_reaped():
    """A call that is reconciled or told again and again does not reach its greatest age."""
    person = in_status(Status.AVAILABLE, max_call_age=seconds(60))
    person.call_starts("c1")
    for _ in range(20):
        assert person.wait(15) == []
        person.reconciled("c1")
        person.call_starts("c1")
    assert person.call_ids() == ["c1"]


def test_call_that_reached_its_greatest_age_is_a_call_when_told_again():
    """Who still talks after the greatest age is in line as soon as telephony says so again."""
    person = in_status(Status.AVAILABLE, max_call_age=seconds(60))
    person.call_starts("c1")
    person.wait(60)
    assert person.call_ids() == []
    person.call_starts("c1")
    assert (person.status, person.outcome) == (Status.IN_LINE, FactOutcome.APPLIED)


@pytest.mark.parametrize("ends", [("customer", "consultation"), ("consultation", "customer")])
def test_customers_wrap_up_survives_a_consultation(ends):
    """The wrap-up that a customer's call owes comes, whichever leg ends last."""
    person = in_status(Status.AVAILABLE, wrap_up_directions=frozenset({Direction.INBOUND}))
    person.call_starts("customer")
    person.call_starts("consultation", Direction.INTERNAL)
    for call_id in ends:
        person.call_ends(call_id)
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "customer"


def test_continued_wrap_up_survives_a_call():
    """Who said that the wrap-up goes on is not made AVAILABLE by a call in between."""
    person = in_status(Status.AFTER_CALL_WORK)
    person.continues()
    person.places("c2", Direction.INTERNAL)
    person.call_ends("c2")
    person.wait(3600)
    assert person.status is Status.AFTER_CALL_WORK


def test_unanswered_dialled_call_has_no_wrap_up_by_policy():
    """A tenant may say that calls which nobody answered are not wrapped up."""
    person = in_status(Status.AVAILABLE, wrap_up_unanswered=False)
    person.places("c1")
    person.call_ends("c1", answered=False)
    assert person.status is Status.AVAILABLE


def test_call_on_hold_is_a_call():
    """A held call can be told and seen, and is no after-call work."""
    person = in_status(Status.IN_LINE)
    person.call_starts("c0", on_hold=True)
    assert (person.status, person.call("c0").on_hold) == (Status.IN_LINE, True)


def test_two_switches_may_use_one_call_id():
    """What one switch tells of its call 17 is not about the call 17 of another."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("17", source="pbx-a")
    person.call_ends("17", source="pbx-b")
    assert (person.status, person.outcome) == (Status.IN_LINE, FactOutcome.NOT_KNOWN)
    person.wait(60)
    person.call_starts("17", source="pbx-b")
    person.call_ends("17", source="pbx-a")
    assert [(call.call_id, call.source) for call in person.state.calls] == [("17", "pbx-b")]
    person.wait(60)
    person.call_starts("17", source="pbx-a")
    assert person.call_ends("17", source="") is None
    assert person.outcome is FactOutcome.AMBIGUOUS


@pytest.mark.parametrize("clock", [False, True])
@pytest.mark.parametrize("at_once", [False, True])
def test_facts_told_twice_count_once(clock, at_once):
    """Twenty calls of one person, all facts told twice: twenty starts, also when the second telling comes after all."""
    person = in_status(Status.AVAILABLE, wrap_up_enabled=False)
    facts = []
    for number in range(20):
        began = later(person.now, number / 10)
        facts += [("start", number, began), ("end", number, later(began, 0.05))]
    told = [fact for fact in facts for _ in range(2)] if at_once else facts * 2
    for kind, number, at in told:
        occurred_at = at if clock else None
        if kind == "start":
            person.call_starts(f"c{number}", occurred_at=occurred_at)
        else:
            person.call_ends(f"c{number}", occurred_at=occurred_at)
    assert sum(change.calls_started for change in person.changes) == 20
    assert sum(change.time_in_previous is not None for change in person.changes[2:]) == 40


def test_nobody_without_a_desktop_is_offered_calls():
    """While nobody knows whether a vanished desktop comes back, no call is offered; back in time, the place in line is kept."""
    person = in_status(Status.AVAILABLE)
    person.attaches()
    waits = person.state.idle_since
    person.detaches()
    claim = commands.Claim("k9", "c9", None, Direction.INBOUND, "", BY_ROUTER)
    error = person.refuses(claim, NotAssignableError)
    assert "workspace" in str(error)
    person.wait(30)
    person.attaches()
    assert (person.state.capabilities.assign_inbound, person.state.idle_since) == (True, waits)


def test_supervisor_puts_somebody_back_on_for_good():
    """Forced AVAILABLE is as good as chosen: one more missed offer is the first."""
    person = on_offer()
    person.declines()
    person.is_claimed("k2")
    person.declines("k2")
    assert person.status is Status.ON_BREAK
    person.is_forced(Status.AVAILABLE)
    person.is_claimed("k3")
    person.declines("k3")
    assert (person.status, person.state.misses) == (Status.AVAILABLE, 1)


def test_break_is_as_long_as_it_is():
    """Calls made on a break do not put its limit off."""
    person = Person(return_to=ReturnTo.PRE_CALL, wrap_up_enabled=False)
    person.chooses(Status.ON_BREAK, "lunch")
    for number in range(4):
        person.wait(500)
        person.places(f"c{number}")
        person.call_ends(f"c{number}")
        person.fire()
    assert (person.status, person.state.overdue) == (Status.ON_BREAK, True)


def test_clock_that_jumps_for_a_moment_does_no_lasting_harm():
    """An hour ahead for one change: what begins afterwards lasts what it should."""
    person = in_status(Status.AVAILABLE)
    right = person.now
    person.now = later(right, 3600)
    person.is_claimed()
    person.now = right
    person.claim_withdrawn()
    person.is_claimed("k2", ttl_seconds=1)
    assert [change.claim_id for change in person.wait(1)] == ["k2"]


def test_reset_person_who_talks_is_in_line_when_told_again():
    """After a reset, telling the call again puts the person in line."""
    person = in_status(Status.IN_LINE)
    person.is_reset()
    person.call_starts("c0")
    assert person.status is Status.IN_LINE


def test_calls_of_one_person_are_bounded():
    """However many calls are told, a person has no more than there may be, and the state stays small."""
    person = in_status(Status.AVAILABLE)
    for number in range(500):
        person.call_starts(f"c{number}")
        person.fire()
    person.reconciled(*(SourceCall(f"d{number}", Direction.INBOUND) for number in range(500)))
    person.fire()
    assert len(person.state.calls) == CALLS_MOST


def test_break_is_not_made_longer_by_changing_its_reason():
    """The reason changed to and fro: the limit of the first one goes on where it was left."""
    person = Person()
    person.chooses(Status.ON_BREAK, "lunch")
    for _ in range(4):
        person.wait(500)
        person.chooses(Status.ON_BREAK, "coffee")
        person.chooses(Status.ON_BREAK, "lunch")
        person.fire()
    assert (person.status, person.state.overdue) == (Status.ON_BREAK, True)


def test_consultation_is_no_anomaly():
    """Where the policy allows it the desktop can place it in a call, and neither that nor its report is irregular."""
    person = in_status(Status.IN_LINE, in_line_consultation=True)
    person.places("c1", Direction.INTERNAL)
    person.call_starts("c1", Direction.INTERNAL)
    assert [(call.call_id, call.irregular) for call in person.state.calls] == [("c0", False), ("c1", False)]


def test_wall_clock_that_is_set_ends_no_timer_early():
    """The clock is set an hour ahead in a wrap-up: it has what it had left, and ends then."""
    person = in_status(Status.IN_LINE)
    person.call_ends("c0")
    person.wait(10)
    person.now = later(person.now, 3600)
    person.does(commands.ShiftInstants(seconds(3600)))
    assert person.wait(19) == []
    assert [change.status for change in person.wait(1)] == [Status.AVAILABLE]


def test_workspace_that_comes_back_is_not_counted_twice():
    """A desktop that attaches again before its old stream is known to be dead counts once, and no grace runs for that."""
    person = in_status(Status.AVAILABLE)
    person.attaches("old", own="desk")
    person.attaches("new", own="desk")
    person.detaches("old")
    assert [one.attachment_id for one in person.state.connection.attachments] == ["new"]
    assert person.state.capabilities.assign_inbound


def test_whoever_hands_a_call_over_wraps_up_and_is_free():
    """Two people share a call for a moment: the end of one is not that of the other."""
    first, second = in_status(Status.AVAILABLE), in_status(Status.AVAILABLE)
    first.call_starts("c1", leg="SIP/1")
    second.call_starts("c1", Direction.TRANSFER, leg="SIP/2")
    first.call_ends("c1", leg="SIP/1")
    assert first.status is Status.AFTER_CALL_WORK
    first.wait(30)
    assert (first.state.capabilities.assign_inbound, second.status) == (True, Status.IN_LINE)


def test_phone_that_never_rang_is_no_miss():
    """Where the router says that the phone could not be reached, nobody is taken off the line, however often it happens."""
    person = in_status(Status.AVAILABLE)
    for number in range(5):
        person.is_claimed(f"k{number}", f"c{number}")
        person.claim_withdrawn(f"k{number}", WithdrawReason.UNREACHABLE)
        person.wait(5)
    assert (person.status, person.state.misses) == (Status.AVAILABLE, 0)


def test_second_break_counts_from_its_own_beginning():
    """Break, back, break for the same reason: the second one has a beginning and a limit of its own."""
    person = Person()
    person.chooses(Status.ON_BREAK, "lunch")
    person.wait(100)
    person.chooses(Status.AVAILABLE)
    person.wait(10)
    person.chooses(Status.ON_BREAK, "lunch")
    assert (person.state.status_since, person.state.break_ends_at) == (person.now, later(person.now, 1800))


def test_end_of_a_break_says_which_break_it_was():
    """The change that ends a break names its reason and how long it was."""
    person = Person()
    person.chooses(Status.ON_BREAK, "coffee")
    person.wait(90)
    change = person.chooses(Status.AVAILABLE)
    assert change is not None
    assert (change.previous_status, change.previous_break_reason) == (Status.ON_BREAK, "coffee")
    assert change.time_in_previous == seconds(90)


def test_signing_in_to_a_break_is_one_change():
    """From OFFLINE straight to a break: one change, with both statuses and the reason."""
    person = Person()
    person.wait(10)
    person.chooses(Status.ON_BREAK, "lunch")
    changes = person.changes[1:]
    assert [(one.previous_status, one.status, one.break_reason) for one in changes] == [
        (Status.OFFLINE, Status.ON_BREAK, "lunch")
    ]


def test_time_in_a_call_begins_with_the_answer():
    """What it rang before is no time in the call."""
    person = on_offer()
    person.wait(8)
    person.accepts()
    assert (person.state.status_since, person.call("c1").started_at) == (person.now, person.now)


def test_each_change_goes_on_from_the_one_before():
    """Whatever happens, a change begins where the last one ended, and the times in between add up to the whole."""
    person = Person()
    begun = person.now
    for number in range(6):
        person.wait(3)
        person.chooses((Status.AVAILABLE, Status.BUSY, Status.ON_BREAK)[number % 3], "lunch" if number % 3 == 2 else "")
        person.call_starts(f"c{number}")
        person.wait(2)
        person.call_ends(f"c{number}")
        person.wait(number * 7)
    person.chooses(Status.OFFLINE)
    pairs = list(zip(person.changes, person.changes[1:], strict=False))
    assert all((a.status, a.break_reason) == (b.previous_status, b.previous_break_reason) for a, b in pairs)
    assert sum(change.time_in_previous or 0 for change in person.changes) == person.now - begun


@pytest.mark.parametrize("wraps_up", [False, True])
def test_supervisors_order_in_a_call_can_be_replaced_by_the_person(wraps_up):
    """What a supervisor sets in a call is the next choice; the last one to set it counts, and the history has both."""
    person = in_status(Status.IN_LINE)
    ordered = person.is_forced(Status.OFFLINE)
    if wraps_up:
        person.call_ends("c0")
        replaced = person.goes_back_to_reception()
    else:
        replaced = person.sets_next(Status.AVAILABLE)
        person.call_ends("c0")
        person.wait(30)
    assert ordered is not None
    assert replaced is not None
    assert (ordered.actor.role.name, replaced.actor.role.name) == ("SUPERVISOR", "WORKSPACE")
    assert person.status is Status.AVAILABLE


def test_supervisors_order_holds_at_once_where_it_is_to():
    """With "immediately" the order does not wait for the call, and there is nothing to replace."""
    person = in_status(Status.IN_LINE)
    person.is_forced(Status.OFFLINE, immediately=True)
    assert (person.status, person.state.next) == (Status.OFFLINE, None)


def test_next_break_keeps_its_reason_when_that_is_removed():
    """A break that was set for after the call begins all the same, with the reason it was set with."""
    person = in_wrap_up()
    person.sets_next(Status.ON_BREAK, "coffee")
    person.rules = Rules(person.rules.policy, {})
    person.wait(30)
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "coffee")


def test_groups_that_change_while_it_rings_leave_the_offer():
    """An offer is not taken back because the directory changed; the call can be answered."""
    person = on_offer()
    person.does(commands.UpdateStaff("Ada L.", (SkillGroup("support"),), BY_ADMIN))
    person.accepts()
    assert person.call_ids() == ["c1"]
