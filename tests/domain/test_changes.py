"""Every change says why: cause, actor, request, note, call, and the status it came from."""

from collections.abc import Callable

import pytest
from domain_builders import BY_ADMIN, BY_STAFF, Person, chosen, in_status, in_wrap_up, later, on_offer, workspace

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor, Change, ChangeKind
from onduty_server.domain.model.commands import Command, Origin
from onduty_server.domain.model.state import CALLS_MOST
from onduty_server.domain.model.status import ActorRole, Cause, Direction, Status, WithdrawReason, seconds

ORIGIN = Origin(Actor(ActorRole.WORKSPACE, "ada"), request_id="r1", note="a note")


def _attached(person: Person) -> Person:
    person.attaches()
    return person


def _waits(person: Person, for_seconds: float) -> Change:
    (change,) = person.wait(for_seconds)
    return change


def _unreachable() -> Person:
    person = on_offer()
    person.claim_withdrawn(reason=WithdrawReason.UNREACHABLE)
    return person


def _too_many_calls(person: Person) -> Change | None:
    for number in range(CALLS_MOST + 1):
        person.call_starts(f"c{number}")
    return person.fire()[0]


CHANGES: dict[Cause, Callable[[], Change | None]] = {
    Cause.STAFF: lambda: in_status(Status.BUSY).chooses(Status.AVAILABLE),
    Cause.SUPERVISOR: lambda: in_status(Status.BUSY).is_forced(Status.AVAILABLE),
    Cause.RESET: lambda: in_status(Status.IN_LINE).is_reset(),
    Cause.CLAIM: lambda: in_status(Status.AVAILABLE).is_claimed(),
    Cause.OFFER_ACCEPTED: lambda: on_offer().accepts(),
    Cause.OFFER_DECLINED: lambda: on_offer().declines(),
    Cause.CLAIM_WITHDRAWN: lambda: on_offer().claim_withdrawn(),
    Cause.NO_ANSWER: lambda: _waits(on_offer(), 20),
    Cause.CALL_STARTED: lambda: in_status(Status.AVAILABLE).call_starts(),
    Cause.CALL_ENDED: lambda: in_status(Status.IN_LINE).call_ends("c0"),
    Cause.CALL_PLACED: lambda: in_status(Status.AVAILABLE).places(),
    Cause.CALL_LIMIT: lambda: _too_many_calls(in_status(Status.AVAILABLE)),
    Cause.CALL_AGE: lambda: _waits(in_status(Status.IN_LINE), 4 * 3600),
    Cause.RECONCILE: lambda: in_status(Status.IN_LINE).reconciled(),
    Cause.WRAP_UP_ENDED: lambda: _waits(in_wrap_up(), 30),
    Cause.ATTACHED: lambda: in_status(Status.AVAILABLE).attaches(),
    Cause.DETACHED: lambda: _attached(in_status(Status.AVAILABLE)).detaches(),
    Cause.DISCONNECTED: lambda: _waits(in_status(Status.AVAILABLE, require_attachment=True), 60),
    Cause.BREAK_LIMIT: lambda: _waits(_at_lunch(), 1800),
    Cause.ANSWERED_ELSEWHERE: lambda: on_offer().is_answered_elsewhere(),
    Cause.HOLD_OFF_ENDED: lambda: _waits(_unreachable(), 5),
    Cause.ADMIN: lambda: Person().does(commands.UpdateStaff("Ada L.", None, BY_ADMIN)),
    Cause.CLOCK: lambda: in_wrap_up().does(commands.ShiftInstants(seconds(3600))),
    Cause.POLICY: lambda: in_status(Status.ON_BREAK).under(break_internal_calls=True).told_policy(),
}
"""A change of every cause."""

BY_THE_SERVICE = {
    Cause.NO_ANSWER,
    Cause.CALL_LIMIT,
    Cause.CALL_AGE,
    Cause.WRAP_UP_ENDED,
    Cause.DISCONNECTED,
    Cause.BREAK_LIMIT,
    Cause.CLOCK,
    Cause.HOLD_OFF_ENDED,
}
"""The causes of deadlines, and of the clock's steps."""


def _at_lunch() -> Person:
    person = Person()
    person.chooses(Status.ON_BREAK, "lunch")
    return person


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.name)
def test_every_cause_is_given_to_its_change(cause: Cause):
    """Each cause is that of the change it is named after; there is none that nothing causes."""
    change = CHANGES[cause]()
    assert change is not None
    assert change.cause is cause


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.name)
def test_deadlines_are_the_services_own(cause: Cause):
    """What runs out by itself is done by the service; everything else by somebody."""
    change = CHANGES[cause]()
    assert change is not None
    assert (change.actor.role is ActorRole.SYSTEM) is (cause in BY_THE_SERVICE)


REQUESTS: list[tuple[Callable[[], Person], Command]] = [
    (lambda: in_status(Status.BUSY), commands.ChangeStatus(chosen(Status.AVAILABLE), ORIGIN)),
    (in_wrap_up, commands.BackToReception(ORIGIN)),
    (in_wrap_up, commands.ContinueAfterCallWork(ORIGIN)),
    (in_wrap_up, commands.SetNextStatus(chosen(Status.BUSY), ORIGIN)),
    (lambda: in_status(Status.BUSY), commands.PlaceCall("c1", Direction.OUTBOUND, "", ORIGIN)),
    (lambda: in_status(Status.AVAILABLE), commands.Claim("k1", "c1", None, Direction.INBOUND, "", ORIGIN)),
    (on_offer, commands.AcceptOffer("k1", ORIGIN)),
    (on_offer, commands.DeclineOffer("k1", ORIGIN)),
    (on_offer, commands.WithdrawClaim("k1", ORIGIN)),
    (lambda: in_status(Status.BUSY), commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", ORIGIN)),
    (lambda: in_status(Status.IN_LINE), commands.CallEnded("c0", ORIGIN)),
    (lambda: in_status(Status.IN_LINE), commands.ReconcileCalls("pbx", (), ORIGIN)),
    (lambda: in_status(Status.BUSY), commands.ForceStatus(chosen(Status.OFFLINE), immediately=False, origin=ORIGIN)),
    (lambda: in_status(Status.IN_LINE), commands.Reset(ORIGIN)),
    (lambda: in_status(Status.BUSY), commands.Attach(workspace(), ORIGIN)),
    (lambda: _attached(in_status(Status.BUSY)), commands.Detach("w1", "server-1", ORIGIN)),
    (lambda: in_status(Status.BUSY), commands.UpdateStaff("Ada L.", None, ORIGIN)),
    (Person, commands.DeleteStaff(ORIGIN)),
]


@pytest.mark.parametrize(("person", "command"), REQUESTS, ids=[type(command).__name__ for _, command in REQUESTS])
def test_change_carries_its_origin(person: Callable[[], Person], command: Command):
    """Actor, request id and note of a request are those of its change, and the change is about that person."""
    somebody = person()
    before = somebody.state
    change = somebody.changes_by(command)
    assert (change.actor, change.request_id, change.note) == (ORIGIN.actor, "r1", "a note")
    assert change.staff_id == "ada"
    assert (change.previous_status, change.previous_break_reason) == (before.status, before.break_reason)
    assert (change.status, change.break_reason) == (somebody.state.status, somebody.state.break_reason)
    assert change.changed_at == somebody.state.changed_at
    assert change.kind is (ChangeKind.DELETED if somebody.state.deleted else ChangeKind.CHANGED)


CALL_IDS = [
    pytest.param(in_wrap_up, commands.BackToReception(BY_STAFF), "c0", id="back to reception"),
    pytest.param(in_wrap_up, commands.ContinueAfterCallWork(BY_STAFF), "c0", id="continue"),
    pytest.param(in_wrap_up, commands.PlaceCall("c1", Direction.OUTBOUND, "", BY_STAFF), "c1", id="place"),
    pytest.param(on_offer, commands.AcceptOffer("k1", BY_STAFF), "c1", id="accept"),
    pytest.param(on_offer, commands.DeclineOffer("k1", BY_STAFF), "c1", id="decline"),
    pytest.param(on_offer, commands.WithdrawClaim("k1", BY_STAFF), "c1", id="withdraw"),
    pytest.param(on_offer, commands.CallEnded("c1", BY_STAFF), "c1", id="end while ringing"),
    pytest.param(on_offer, commands.ChangeStatus(chosen(Status.BUSY), BY_STAFF), "", id="change status"),
]


@pytest.mark.parametrize(("person", "command", "call_id"), CALL_IDS)
def test_change_names_its_call(person: Callable[[], Person], command: Command, call_id: str):
    """A change that is about a call names it; one that is not names none."""
    assert person().changes_by(command).call_id == call_id


def test_change_keeps_when_the_source_says_it_occurred():
    """The change of a reported start or end keeps the source's word; it takes effect by the server's clock all the same."""
    person = in_status(Status.AVAILABLE)
    said = later(person.now, -90)
    for change in (person.call_starts("c1", occurred_at=said), person.call_ends("c1", occurred_at=said)):
        assert change is not None
        assert (change.occurred_at, change.changed_at) == (said, person.now)


def test_change_without_a_sources_word_has_none():
    """Where no source said when, and where no source is asked, the change says nothing of it."""
    person = in_status(Status.AVAILABLE)
    for change in (person.call_starts("c1"), person.call_ends("c1"), person.chooses(Status.BUSY), person.places("c2")):
        assert change is not None
        assert change.occurred_at is None


def test_time_in_previous_counts_status_and_reason():
    """The time spent is that in the previous status and reason; changes beside it do not break it up."""
    person = in_status(Status.AVAILABLE)
    person.attaches()
    person.wait(10)
    person.is_claimed()
    person.wait(5)
    person.claim_withdrawn()
    person.wait(5)
    change = person.chooses(Status.ON_BREAK, "lunch")
    assert change is not None
    assert change.time_in_previous == seconds(22)
    assert [one.time_in_previous for one in person.changes[-4:-1]] == [None, None, None]


def test_origin_is_the_services_unless_said():
    """A command without an origin of its own is the service's, without request id and note."""
    assert commands.Expire().origin == Origin(Actor(ActorRole.SYSTEM), "", "")
