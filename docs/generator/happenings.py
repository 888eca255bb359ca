"""What happens to a staff member without being asked, worked out by the service's own ``decide``; it draws nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from onduty_server.domain.model import commands as ask
from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.state import Attachment, Choice, StaffState
from onduty_server.domain.model.status import Direction, Instant, Status, seconds
from onduty_server.domain.rules.deadlines import next_deadline
from onduty_server.domain.rules.decide import create, decide

_BEGIN: Final = Instant(1_700_000_000_000_000)
_BREAK: Final = BreakReason("rest", limit=seconds(600))
_RULES: Final = Rules(Policy(), {_BREAK.code: _BREAK})
_ORIGIN: Final = ask.Origin()
_SOURCE: Final = "telephony"
_WORKSPACE: Final = Attachment("workspace", "server")
_FIRST_CALL: Final = ask.SourceCall("first", Direction.INBOUND)
_NEW_CALL: Final = ask.SourceCall("new", Direction.INBOUND)

Script = Callable[[StaffState], StaffState]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens. ``script`` plays it from a state, and returns an equal state where it cannot happen."""

    words: str
    script: Script


def _done(state: StaffState, *commands: ask.Command, at: Instant | None = None) -> StaffState:
    """The state after commands, all at one instant: by default that of the last change."""
    for command in commands:
        state = decide(state, command, _RULES, state.changed_at if at is None else at).state
    return state


def _passed(state: StaffState, until: Instant | None) -> StaffState:
    """The state after every deadline up to an instant."""
    while until is not None and (due := next_deadline(state)) is not None and due.at <= until:
        state = _done(state, ask.Expire(_ORIGIN), at=due.at)
    return state


# --- the states to begin from -----------------------------------------------------------------------------------------


def _in(status: Status) -> StaffState:
    state, _ = create(ask.CreateStaff("ana", "", (), _ORIGIN), _RULES, _BEGIN)
    if status in (Status.IN_LINE, Status.AFTER_CALL_WORK):
        state = _done(_in(Status.AVAILABLE), ask.CallStarted(_FIRST_CALL, _SOURCE, _ORIGIN))
        return state if status is Status.IN_LINE else _done(state, ask.CallEnded(_FIRST_CALL.call_id, _ORIGIN))
    reason = _BREAK.code if status is Status.ON_BREAK else ""
    return _done(state, ask.ChangeStatus(Choice(status, reason), _ORIGIN))


# --- what happens -----------------------------------------------------------------------------------------------------


def _last_call_ends(state: StaffState) -> StaffState:
    return _done(state, *(ask.CallEnded(call.call_id, _ORIGIN) for call in state.calls))


def _last_call_ends_without_wrap_up(state: StaffState) -> StaffState:
    rules = Rules(replace(_RULES.policy, wrap_up_enabled=False), _RULES.break_reasons)
    for call in state.calls:
        state = decide(state, ask.CallEnded(call.call_id, _ORIGIN), rules, state.changed_at).state
    return state


def _countdown_ends(state: StaffState) -> StaffState:
    return _passed(state, state.wrap_up.ends_at if state.wrap_up else None)


def _offers_missed(state: StaffState) -> StaffState:
    if not state.capabilities.assign_inbound:
        return state
    for number in range(_RULES.policy.no_answer_misses):
        claim = ask.Claim(f"claim-{number}", f"call-{number}", None, Direction.INBOUND, _SOURCE, _ORIGIN)
        state = _done(state, claim)
        assert state.offer is not None, "the claim was taken"
        state = _passed(state, state.offer.expires_at)
    return state


def _workspace_vanishes(state: StaffState) -> StaffState:
    state = _done(state, ask.Attach(_WORKSPACE, _ORIGIN), ask.Detach("workspace", "server", _ORIGIN))
    return _passed(state, state.connection.offline_at)


def _call_too_old(state: StaffState) -> StaffState:
    return _passed(state, state.calls[0].ends_by) if state.calls else state


def _break_too_long(state: StaffState) -> StaffState:
    return _passed(state, state.break_ends_at)


HAPPENINGS: Final = (
    Happening("a call starts", lambda state: _done(state, ask.CallStarted(_NEW_CALL, _SOURCE, _ORIGIN))),
    Happening("the last call ends", _last_call_ends),
    Happening("the last call ends, no wrap-up by policy", _last_call_ends_without_wrap_up),
    Happening("the wrap-up countdown ends", _countdown_ends),
    Happening("offers missed in a row", _offers_missed),
    Happening("the workspace stays away", _workspace_vanishes),
    Happening("a call reaches its maximum age", _call_too_old),
    Happening("a break passes its limit", _break_too_long),
    Happening("telephony reconciles to no calls", lambda state: _done(state, ask.ReconcileCalls(_SOURCE, (), _ORIGIN))),
    Happening("a supervisor resets", lambda state: _done(state, ask.Reset(_ORIGIN))),
)
"""In the order of the page."""


def outcome(happening: Happening, status: Status) -> Status | None:
    """The visible status afterwards, or None where it cannot happen or changes nothing."""
    before = _in(status)
    after = happening.script(before)
    return None if _same(before, after) else after.status


def _same(before: StaffState, after: StaffState) -> bool:
    """Whether nothing but the marks of time differs."""
    return replace(after, changed_at=before.changed_at) == before


def changes(statuses: Iterable[Status]) -> Iterator[tuple[Happening, Status, Status]]:
    """Every happening from every status in which it has an outcome."""
    for one in HAPPENINGS:
        for status in statuses:
            after = outcome(one, status)
            if after is not None:
                yield one, status, after
