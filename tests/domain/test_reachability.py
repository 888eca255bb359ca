"""Which combinations of the regions can be reached at all, and that nobody is trapped in one.

The space is explored breadth-first from a new staff member, with one concrete person for each abstract state.
"""

import copy
import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest
from domain_builders import BY_ROUTER, BY_STAFF, BY_SUPERVISOR, Person, chosen, later, workspace

from onduty_server.domain.model import commands
from onduty_server.domain.model.commands import Command
from onduty_server.domain.model.errors import CallerError
from onduty_server.domain.model.policy import BreakLimitAction, NoAnswerStatus, ReturnTo
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import CHOOSABLE, Direction, Instant, Status, seconds
from onduty_server.domain.rules.deadlines import next_deadline

POLICIES = {
    "default": {},
    "no wrap-up": {"wrap_up_enabled": False},
    "capped wrap-up, back to the choice before": {"wrap_up_cap": seconds(60), "return_to": ReturnTo.PRE_CALL},
    "strict": {
        "require_attachment": True,
        "after_call_work_dial_out": False,
        "break_limit_action": BreakLimitAction.OFFLINE,
        "no_answer_misses": 1,
        "no_answer_status": NoAnswerStatus.BUSY,
    },
    "no grace": {"disconnect_grace": seconds(0)},
}


class Abstract(NamedTuple):
    """What is told apart of a state, in words; an empty word means there is none."""

    status: Status
    choice: str
    offer: str
    wrap_up: str
    next: str
    connection: str


def _abstract(state: StaffState) -> Abstract:
    wrap_up = connection = ""
    if state.wrap_up is not None:
        wrap_up = "open" if state.wrap_up.ends_at is None else "countdown"
    if state.connection.attachments:
        connection = "attached"
    elif state.connection.lapsed:
        connection = "lapsed"
    elif state.connection.offline_at is not None:
        connection = "grace"
    return Abstract(
        status=state.status,
        choice="out" if state.choice.status is Status.OFFLINE else "in",
        offer="offer" if state.offer else "",
        wrap_up=wrap_up,
        next="next" if state.next else "",
        connection=connection,
    )


ROOM = (
    # status, choice, offer, wrap-up, next, connection: the words that may stand together (from DESIGN's words on each region)
    ([Status.OFFLINE], ["out"], [""], [""], [""], ["", "attached"]),
    ([Status.AVAILABLE], ["in"], ["", "offer"], [""], [""], ["", "attached", "grace"]),
    ([Status.BUSY, Status.ON_BREAK], ["in"], [""], [""], [""], ["", "attached", "grace"]),
    ([Status.IN_LINE], ["in"], [""], [""], ["", "next"], ["", "attached", "grace", "lapsed"]),
    ([Status.IN_LINE], ["out"], [""], [""], ["", "next"], ["", "attached"]),
    ([Status.AFTER_CALL_WORK], ["in"], [""], ["countdown", "open"], ["", "next"], ["", "attached", "grace"]),
)
POSSIBLE = {Abstract(*words) for row in ROOM for words in itertools.product(*row)}
"""Every combination that the rules leave room for."""


def _own_commands() -> Iterator[Command]:
    """What staff do themselves."""
    for status in CHOOSABLE:
        yield commands.ChangeStatus(chosen(status), BY_STAFF)
    yield commands.BackToReception(BY_STAFF)
    yield commands.ContinueAfterCallWork(BY_STAFF)
    yield commands.SetNextStatus(chosen(Status.BUSY), BY_STAFF)
    yield commands.ClearNextStatus(BY_STAFF)
    yield commands.PlaceCall("c2", Direction.OUTBOUND, "pbx", BY_STAFF)
    yield commands.AcceptOffer("k1", BY_STAFF)
    yield commands.DeclineOffer("k1", BY_STAFF)
    yield commands.Attach(workspace(), BY_STAFF)
    yield commands.Detach("w1", "server-1", BY_STAFF)


def _telephony(state: StaffState) -> Iterator[Command]:
    """What telephony reports without anybody's help: calls end."""
    for call in state.calls:
        yield commands.CallEnded(call.call_id, BY_ROUTER)


def _others(state: StaffState) -> Iterator[Command]:
    """What routers and supervisors do."""
    if not state.calls:
        yield commands.CallStarted(commands.SourceCall("c1", Direction.INBOUND), "pbx", BY_ROUTER)
    yield commands.ReconcileCalls("pbx", (), BY_ROUTER)
    yield commands.Claim("k1", "c1", None, Direction.INBOUND, "pbx", BY_ROUTER)
    yield commands.WithdrawClaim("k1", BY_ROUTER)
    yield commands.ForceStatus(chosen(Status.OFFLINE), immediately=False, origin=BY_SUPERVISOR)
    yield commands.ForceStatus(chosen(Status.BUSY), immediately=True, origin=BY_SUPERVISOR)
    yield commands.Reset(BY_SUPERVISOR)


def _after(person: Person, those: Iterable[Command]) -> Iterator[Person]:
    """Where each command leads, a second later; and where the next deadline leads."""
    for command in those:
        other = copy.copy(person)
        other.changes = []
        other.now = later(person.now, 1)
        other.fire()
        try:
            other.does(command)
        except CallerError:
            continue
        yield other
    due = next_deadline(person.state)
    if due is not None:
        other = copy.copy(person)
        other.changes = []
        other.now = Instant(max(due.at, person.now))
        other.does(commands.Expire())
        yield other


class Space(NamedTuple):
    """The abstract states found, and which follow which without supervisors and routers."""

    found: set[Abstract]
    alone: dict[Abstract, set[Abstract]]


def _explore(**policy) -> Space:
    new = Person(**policy)
    start = _abstract(new.state)
    found, alone = {start}, {}
    waiting = deque([new])
    while waiting:
        person = waiting.popleft()
        here = _abstract(person.state)
        own = list(_after(person, [*_own_commands(), *_telephony(person.state)]))
        alone[here] = {_abstract(other.state) for other in own}
        for other in (*own, *_after(person, _others(person.state))):
            there = _abstract(other.state)
            if there not in found:
                found.add(there)
                waiting.append(other)
    return Space(found, alone)


def _trapped(space: Space, status: Status) -> set[Abstract]:
    """The abstract states from which the status cannot be reached alone."""
    escaped = {state for state in space.found if state.status is status}
    while more := {state for state in space.found - escaped if space.alone[state] & escaped}:
        escaped |= more
    return space.found - escaped


@pytest.fixture(scope="module", params=POLICIES.values(), ids=POLICIES.keys())
def space(request: pytest.FixtureRequest) -> Space:
    """The space under a policy."""
    return _explore(**request.param)


def test_every_possible_combination_is_reached_and_no_other():
    """Under the default policy exactly the combinations that DESIGN leaves room for can be reached."""
    assert _explore().found == POSSIBLE


def test_no_policy_reaches_an_impossible_combination(space: Space):
    """No policy brings a combination that the rules have no room for."""
    assert space.found <= POSSIBLE


def test_every_status_is_reached(space: Space):
    """Every status can be reached, but AFTER_CALL_WORK where the policy has no wrap-up."""
    reached = {state.status for state in space.found}
    assert reached >= set(Status) - {Status.AFTER_CALL_WORK}


def test_after_call_work_is_reached_only_where_the_policy_has_it():
    """Without wrap-up nobody is ever in AFTER_CALL_WORK; with it, somebody can be."""
    without, by_default = _explore(wrap_up_enabled=False), _explore()
    assert Status.AFTER_CALL_WORK not in {state.status for state in without.found}
    assert Status.AFTER_CALL_WORK in {state.status for state in by_default.found}


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.OFFLINE], ids=lambda status: status.name)
def test_nobody_is_trapped(space: Space, status: Status):
    """From everywhere AVAILABLE and OFFLINE are reached by one's own commands, calls ending and time alone."""
    assert _trapped(space, status) == set()


def test_time_alone_frees_everybody_from_a_call():
    """A call whose end nobody reports ends by itself, and what follows it too: no help is needed to leave IN_LINE."""
    person = Person()
    person.call_starts()
    person.wait(4 * 3600)
    assert person.status is Status.OFFLINE
