"""Job bodies: one command for one person, and those that are more: reconciliation, directory, catalogue and policy.

Each function makes a body for ``Engine.transact``. It looks people up in the batch's view and hands it commands; rules stay in
the domain.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import (
    BreakReasonBuiltInError,
    BreakReasonExistsError,
    BreakReasonUnknownError,
    RevisionMismatchError,
)
from onduty_server.domain.model.policy import BreakReason, Policy
from onduty_server.domain.model.status import FactOutcome, Instant, Micros
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import StaffView
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.batch_view import ConfigValue
from onduty_server.engine.write.facets import turnover
from onduty_server.engine.write.jobs import Answer, JobBody
from onduty_server.past import PersonId
from onduty_server.ports import Key, RecordKind


def held_to(view: StaffView | None, body: JobBody) -> JobBody:
    """The same job for who sees nobody but whom the view has; None: everybody."""
    if view is None:
        return body

    def run(batch: Batch) -> Answer:
        with batch.held_to(view):
            return body(batch)

    return run


def act(tenant: str, staff_id: str, command: commands.Command, expected: int | None) -> JobBody:
    """One command for one staff member."""

    def run(batch: Batch) -> Answer:
        staff, applied = batch.act(tenant, staff_id, command, expected)
        return Answer(staff, applied)

    return run


TAKEN: Final = frozenset({FactOutcome.APPLIED, FactOutcome.REPEATED})
"""What comes of a listed call that is in progress afterwards."""

LISTED_BYTES: Final = 128 * 1024
"""What the lists of an answer to a reconciliation have together where they are kept, as answers with a request id are."""


# --- facts -----------------------------------------------------------------------------------------------------------


def report(tenant: str, staff_id: str, fact: commands.CallStarted | commands.CallEnded, expected: int | None) -> JobBody:
    """A fact about one staff member; the answer's detail has its ``outcome`` where it was not applied."""

    def run(batch: Batch) -> Answer:
        staff, _, (outcome,) = batch.decide(tenant, staff_id, fact, expected)
        if outcome is FactOutcome.APPLIED:
            return Answer(staff)
        return Answer(staff, applied=False, detail={"outcome": int(outcome)})

    return run


# --- reconciliation ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call that a source says it has, and whose it is."""

    staff_id: str
    call: commands.SourceCall


RECONCILED: Final = ("ended", "started", "unknown_staff", "not_started")
"""The lists of an answer to a reconciliation."""

ReconciledCall = tuple[str, str, str] | tuple[str, str, str, int]
"""Staff id, call id and leg; of a call that was not started, the outcome too."""


@dataclass(frozen=True, slots=True)
class CallList:
    """A list of a source's calls: of these staff only (empty: of all), as it was at an instant by one of the two clocks."""

    source: str
    calls: tuple[ListedCall, ...]
    staff_ids: tuple[str, ...] = ()
    observed_at: Instant | None = None
    observed_by_server_at: Instant | None = None


def reconcile(tenant: str, call_list: CallList, origin: commands.Origin) -> JobBody:
    """Make a source's calls what it says they are, for all whom the list is about in one batch.

    The answer's detail has what ``started``, ``ended`` and was ``not_started``, and the ``unknown_staff``: staff id, call id
    and leg, with the outcome for those not started; of each as much as an answer lists, and the ``totals``.
    """

    def run(batch: Batch) -> Answer:
        calls_of = _calls_by_staff(batch, tenant, call_list)
        unknown: list[ReconciledCall] = [
            (listed.staff_id, listed.call.call_id, listed.call.leg)
            for listed in call_list.calls
            if listed.staff_id not in calls_of
        ]
        unknown += [(name, "", "") for name in call_list.staff_ids if batch.staff(tenant, name) is None]
        started: list[ReconciledCall] = []
        ended: list[ReconciledCall] = []
        passed_over: list[ReconciledCall] = []
        for staff_id, calls in calls_of.items():
            before = batch.current(tenant, staff_id).state
            command = commands.ReconcileCalls(
                call_list.source, calls, origin, call_list.observed_at, call_list.observed_by_server_at
            )
            staff, _, outcomes = batch.decide(tenant, staff_id, command)
            passed_over += [
                (staff_id, call.call_id, call.leg, int(outcome))
                for call, outcome in zip(calls, outcomes, strict=True)
                if outcome not in TAKEN
            ]
            began, gone = turnover(before.calls, staff.state.calls)
            started += [(staff_id, call.call_id, call.leg) for call in began]
            ended += [(staff_id, call.call_id, call.leg) for call in gone]
        found = {"ended": ended, "started": started, "unknown_staff": unknown, "not_started": passed_over}
        return Answer(applied=bool(started or ended), detail=_listed(found))

    return run


def _listed(found: dict[str, list[ReconciledCall]]) -> dict[str, Any]:
    """The first of what was found, as much of it as an answer lists, and how many there are of each."""
    listed: dict[str, Any] = {"totals": {name: len(calls) for name, calls in found.items()}, **{name: [] for name in found}}
    left = LISTED_BYTES
    for name, calls in found.items():
        for call in calls:
            left -= len(json.dumps(call))  # as answers are kept
            if left < 0:
                return listed
            listed[name].append(call)
    return listed


def _calls_by_staff(batch: Batch, tenant: str, call_list: CallList) -> dict[str, tuple[commands.SourceCall, ...]]:
    """The listed calls of everybody whom the list is about and who is known, in a fixed order."""
    found: dict[str, list[commands.SourceCall]] = {}
    for listed in call_list.calls:
        found.setdefault(listed.staff_id, []).append(listed.call)
    names = call_list.staff_ids or [staff.state.staff_id for staff in _with_calls_of(batch, tenant, call_list.source)]
    for name in names:
        found.setdefault(name, [])
    return {name: tuple(calls) for name, calls in found.items() if batch.staff(tenant, name) is not None}


def _with_calls_of(batch: Batch, tenant: str, source: str) -> list[StaffRecord]:
    roster = batch.roster(tenant)
    names = set(roster.in_line)
    names.update(staff.state.staff_id for staff in batch.touched(tenant))
    found = (batch.staff(tenant, name) for name in sorted(names))
    return [staff for staff in found if staff is not None and any(call.source == source for call in staff.state.calls)]


# --- directory --------------------------------------------------------------------------------------------------------


def create_staff(tenant: str, command: commands.CreateStaff) -> JobBody:
    """Create a staff member."""
    return lambda batch: Answer(batch.create(tenant, replace(command, person_id=new_person_id())))


def new_person_id() -> PersonId:
    """A person id that nobody has had."""
    return PersonId(f"{secrets.randbits(63):016x}")


# --- catalogue and policy ---------------------------------------------------------------------------------------------


def create_break_reason(tenant: str, reason: BreakReason, origin: commands.Origin) -> JobBody:
    """Add a reason to the catalogue."""

    def run(batch: Batch) -> Answer:
        if batch.rules(tenant).break_reason(reason.code) is not None:
            raise BreakReasonExistsError(reason.code)
        batch.put_break_reason(tenant, reason, origin)
        return Answer(configured=batch.setting(_reason_key(tenant, reason.code), reason))

    return run


@dataclass(frozen=True, slots=True)
class ReasonUpdate:
    """New values of a break reason; None leaves a field as it is."""

    code: str
    display_name: str | None = None
    enabled: bool | None = None
    limit: Micros | None = None


def update_break_reason(tenant: str, update: ReasonUpdate, expected: int | None, origin: commands.Origin) -> JobBody:
    """Change a reason. The built-in one can have another name and limit, but stays enabled."""

    def run(batch: Batch) -> Answer:
        known = _known_reason(batch, tenant, update.code, expected)
        if known.built_in and update.enabled is False:
            raise BreakReasonBuiltInError(update.code)
        wanted = BreakReason(
            known.code,
            known.display_name if update.display_name is None else update.display_name,
            known.enabled if update.enabled is None else update.enabled,
            known.limit if update.limit is None else update.limit,
        )
        if wanted != known:
            batch.put_break_reason(tenant, wanted, origin)
        return Answer(configured=batch.setting(_reason_key(tenant, update.code), wanted), applied=wanted != known)

    return run


def delete_break_reason(tenant: str, code: str, expected: int | None, origin: commands.Origin) -> JobBody:
    """Take a reason out of the catalogue."""

    def run(batch: Batch) -> Answer:
        known = _known_reason(batch, tenant, code, expected)
        if known.built_in:
            raise BreakReasonBuiltInError(code)
        batch.put_break_reason(tenant, known, origin, deleted=True)
        gone = {"display_name": known.display_name, "enabled": known.enabled, "limit": known.limit}
        return Answer(configured=batch.setting(_reason_key(tenant, code), known), detail={"deleted": gone})

    return run


def _known_reason(batch: Batch, tenant: str, code: str, expected: int | None) -> BreakReason:
    known = batch.rules(tenant).break_reason(code)
    if known is None:
        raise BreakReasonUnknownError(code)
    _guard("break reason", code, expected, batch, batch.setting(_reason_key(tenant, code), known))
    return known


def _reason_key(tenant: str, code: str) -> Key:
    return Key(tenant, RecordKind.BREAK_REASON, code)


def update_policy(tenant: str, change: Callable[[Policy], Policy], expected: int | None, origin: commands.Origin) -> JobBody:
    """Change the policy. Whom it concerns it is applied to afterwards."""
    key = Key(tenant, RecordKind.POLICY, "")

    def run(batch: Batch) -> Answer:
        known = batch.rules(tenant).policy
        _guard("policy", "", expected, batch, batch.setting(key, known))
        wanted = change(known)
        if wanted == known:
            return Answer(configured=batch.setting(key, wanted), applied=False)
        batch.put_policy(tenant, wanted, origin)
        return Answer(configured=batch.setting(key, wanted))

    return run


def _guard(kind: str, name: str, expected: int | None, batch: Batch, present: ConfigValue) -> None:
    if expected is not None and present.revision != expected:
        mismatch = RevisionMismatchError(kind, name, expected)
        batch.refusals.append((mismatch, present))
        raise mismatch
