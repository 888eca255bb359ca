"""Works: a command for one person, and those that are more: reconciliation, directory, catalogue and policy.

Each function makes a work for ``Engine.transact``. They look things up and hand commands to the desk; rules stay in the domain.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from onduty_server.domain.model import commands as ask
from onduty_server.domain.model.errors import (
    BreakReasonBuiltInError,
    BreakReasonExistsError,
    BreakReasonUnknownError,
    RevisionMismatchError,
)
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import FactOutcome, Instant, Micros
from onduty_server.domain.rules.effects.supervision import policy_concerns
from onduty_server.engine.desk import Desk, Setting
from onduty_server.engine.standing import Standing
from onduty_server.engine.works import Answer, Run
from onduty_server.past import PersonId
from onduty_server.ports import Key, RecordKind


def act(tenant: str, staff_id: str, command: ask.Command, expected: int | None) -> Run:
    """One command for one staff member."""

    def run(desk: Desk) -> Answer:
        standing, applied = desk.act(tenant, staff_id, command, expected)
        return Answer(standing, applied)

    return run


TAKEN: Final = frozenset({FactOutcome.APPLIED, FactOutcome.REPEATED})
"""What comes of a listed call that is in progress afterwards."""


# --- facts -----------------------------------------------------------------------------------------------------------


def report(tenant: str, staff_id: str, fact: ask.CallStarted | ask.CallEnded, expected: int | None) -> Run:
    """A fact about one staff member; the answer's detail has its ``outcome`` where it was not applied."""

    def run(desk: Desk) -> Answer:
        standing, _, (outcome,) = desk.decide(tenant, staff_id, fact, expected)
        if outcome is FactOutcome.APPLIED:
            return Answer(standing)
        return Answer(standing, applied=False, detail={"outcome": int(outcome)})

    return run


# --- reconciliation ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToldCall:
    """A call that a source says it has, and whose it is."""

    staff_id: str
    call: ask.SourceCall


@dataclass(frozen=True, slots=True)
class CallList:
    """A list of a source's calls: of these staff only (empty: of all), as it was at an instant by one of the two clocks."""

    source: str
    calls: tuple[ToldCall, ...]
    staff_ids: tuple[str, ...] = ()
    observed_at: Instant | None = None
    observed_by_server_at: Instant | None = None


def reconcile(tenant: str, told: CallList, origin: ask.Origin) -> Run:
    """Make a source's calls what it says they are, for all whom the list is about in one batch.

    The answer's detail has what ``started``, ``ended`` and was ``not_started``, and the ``unknown_staff``: staff id, call id
    and leg, with the outcome for those not started.
    """

    def run(desk: Desk) -> Answer:
        calls_of = _calls_by_staff(desk, tenant, told)
        unknown = [(one.staff_id, one.call.call_id, one.call.leg) for one in told.calls if one.staff_id not in calls_of]
        unknown += [(name, "", "") for name in told.staff_ids if desk.standing(tenant, name) is None]
        started, ended, passed_over = [], [], []
        for staff_id, calls in calls_of.items():
            before = desk.current(tenant, staff_id).state
            command = ask.ReconcileCalls(told.source, calls, origin, told.observed_at, told.observed_by_server_at)
            standing, _, outcomes = desk.decide(tenant, staff_id, command)
            passed_over += [
                (staff_id, call.call_id, call.leg, int(outcome))
                for call, outcome in zip(calls, outcomes, strict=True)
                if outcome not in TAKEN
            ]
            after = standing.state
            started += [(staff_id, *leg) for leg in sorted(_legs(after) - _legs(before))]
            ended += [(staff_id, *leg) for leg in sorted(_legs(before) - _legs(after))]
        detail = {"started": started, "ended": ended, "unknown_staff": unknown, "not_started": passed_over}
        return Answer(applied=bool(started or ended), detail=detail)

    return run


def _calls_by_staff(desk: Desk, tenant: str, told: CallList) -> dict[str, tuple[ask.SourceCall, ...]]:
    """The listed calls of everybody whom the list is about and who is known, in a fixed order."""
    found: dict[str, list[ask.SourceCall]] = {}
    for one in told.calls:
        found.setdefault(one.staff_id, []).append(one.call)
    names = told.staff_ids or [standing.state.staff_id for standing in _with_calls_of(desk, tenant, told.source)]
    for name in names:
        found.setdefault(name, [])
    return {name: tuple(calls) for name, calls in found.items() if desk.standing(tenant, name) is not None}


def _legs(state: StaffState) -> set[tuple[str, str]]:
    return {(call.call_id, call.leg) for call in state.calls}


def _with_calls_of(desk: Desk, tenant: str, source: str) -> list[Standing]:
    roster = desk.roster(tenant)
    names = set(roster.in_line)
    names.update(standing.state.staff_id for standing in desk.touched(tenant))
    found = (desk.standing(tenant, name) for name in sorted(names))
    return [one for one in found if one is not None and any(call.source == source for call in one.state.calls)]


# --- directory --------------------------------------------------------------------------------------------------------


def create_staff(tenant: str, command: ask.CreateStaff) -> Run:
    """Create a staff member."""
    return lambda desk: Answer(desk.create(tenant, replace(command, person_id=new_person_id())))


def new_person_id() -> PersonId:
    """A person id that nobody has had."""
    return PersonId(f"{secrets.randbits(63):016x}")


# --- catalogue and policy ---------------------------------------------------------------------------------------------


def create_break_reason(tenant: str, reason: BreakReason, origin: ask.Origin) -> Run:
    """Add a reason to the catalogue."""

    def run(desk: Desk) -> Answer:
        if desk.rules(tenant).break_reason(reason.code) is not None:
            raise BreakReasonExistsError(reason.code)
        desk.put_break_reason(tenant, reason, origin)
        return Answer(configured=desk.setting(_reason_key(tenant, reason.code), reason))

    return run


@dataclass(frozen=True, slots=True)
class ReasonUpdate:
    """New values of a break reason; None leaves a field as it is."""

    code: str
    display_name: str | None = None
    enabled: bool | None = None
    limit: Micros | None = None


def update_break_reason(tenant: str, update: ReasonUpdate, expected: int | None, origin: ask.Origin) -> Run:
    """Change a reason. The built-in one can have another name and limit, but stays enabled."""

    def run(desk: Desk) -> Answer:
        known = _known_reason(desk, tenant, update.code, expected)
        if known.built_in and update.enabled is False:
            raise BreakReasonBuiltInError(update.code)
        wanted = BreakReason(
            known.code,
            known.display_name if update.display_name is None else update.display_name,
            known.enabled if update.enabled is None else update.enabled,
            known.limit if update.limit is None else update.limit,
        )
        if wanted != known:
            desk.put_break_reason(tenant, wanted, origin)
        return Answer(configured=desk.setting(_reason_key(tenant, update.code), wanted), applied=wanted != known)

    return run


def delete_break_reason(tenant: str, code: str, expected: int | None, origin: ask.Origin) -> Run:
    """Take a reason out of the catalogue."""

    def run(desk: Desk) -> Answer:
        known = _known_reason(desk, tenant, code, expected)
        if known.built_in:
            raise BreakReasonBuiltInError(code)
        desk.put_break_reason(tenant, known, origin, deleted=True)
        gone = {"display_name": known.display_name, "enabled": known.enabled, "limit": known.limit}
        return Answer(configured=desk.setting(_reason_key(tenant, code), known), detail={"deleted": gone})

    return run


def _known_reason(desk: Desk, tenant: str, code: str, expected: int | None) -> BreakReason:
    known = desk.rules(tenant).break_reason(code)
    if known is None:
        raise BreakReasonUnknownError(code)
    _guard("break reason", code, expected, desk, desk.setting(_reason_key(tenant, code), known))
    return known


def _reason_key(tenant: str, code: str) -> Key:
    return Key(tenant, RecordKind.BREAK_REASON, code)


def update_policy(tenant: str, change: Callable[[Policy], Policy], expected: int | None, origin: ask.Origin) -> Run:
    """Change the policy, and whatever it changes for signed-in staff, in one batch."""
    key = Key(tenant, RecordKind.POLICY, "")
    command = ask.ApplyPolicy(origin)

    def run(desk: Desk) -> Answer:
        known = desk.rules(tenant).policy
        _guard("policy", "", expected, desk, desk.setting(key, known))
        wanted = change(known)
        if wanted == known:
            return Answer(configured=desk.setting(key, wanted), applied=False)
        desk.put_policy(tenant, wanted, origin)
        configured = desk.setting(key, wanted)
        names = {standing.state.staff_id for standing in desk.touched(tenant)}
        for staff_id in (*desk.roster(tenant).standings, *sorted(names - desk.roster(tenant).standings.keys())):
            standing = desk.standing(tenant, staff_id)
            if standing is not None and policy_concerns(standing.state, wanted):
                desk.act(tenant, staff_id, command)
        return Answer(configured=configured)

    return run


def _guard(kind: str, name: str, expected: int | None, desk: Desk, present: Setting) -> None:
    if expected is not None and present.revision != expected:
        mismatch = RevisionMismatchError(kind, name, expected)
        desk.unsettled.append((mismatch, present))
        raise mismatch
