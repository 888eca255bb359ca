"""What comes of facts: each cell of ``facts.TABLE`` that has an effect, carried out on the calls that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from onduty_server.domain.model import commands
from onduty_server.domain.model.ended_legs import EndedLeg
from onduty_server.domain.model.state import Call, OwedWrapUp
from onduty_server.domain.model.status import Cause, Direction, FactOutcome, Instant, OfferEnd
from onduty_server.domain.rules.assigning import ALSO_OPEN_BY, NEEDS
from onduty_server.domain.rules.draft import UNTOUCHED, Draft, Untouched
from onduty_server.domain.rules.facts import FORGIVING, OUTCOMES, TABLE, Fact, FactCell
from onduty_server.domain.rules.knowledge import (
    Knowledge,
    ReportedLeg,
    is_older,
    known,
    known_of_listed,
    known_of_unlisted,
    matching,
    ran_at,
    remembered,
)
from onduty_server.domain.rules.visible import capabilities

CONFIRMED_AGAIN: Final = 8
"""A confirmation renews a call's greatest age once an eighth of it has passed: a poll a second is not a change a second."""


class Report(NamedTuple):
    """A fact as the effects need it: what it says of which leg, and the running calls that it is about."""

    leg: ReportedLeg
    calls: tuple[Call, ...]
    direction: Direction | None = None
    on_hold: bool | None = None
    answered: bool | None = None


# --- commands ---------------------------------------------------------------------------------------------------------


def call_started(draft: Draft, command: commands.CallStarted) -> Untouched | None:
    """A call is in progress."""
    reported = reported_leg(command.call, command.source)
    draft.cause, draft.call_id, draft.occurred_at = Cause.CALL_STARTED, reported.call_id, reported.occurred_at
    return _apply(draft, Fact.STARTED, known(draft, Fact.STARTED, reported), reported, command.call)


def call_ended(draft: Draft, command: commands.CallEnded) -> Untouched | None:
    """A call ended."""
    reported = ReportedLeg(command.call_id, command.source, command.leg, command.occurred_at)
    draft.cause, draft.call_id, draft.occurred_at = Cause.CALL_ENDED, reported.call_id, reported.occurred_at
    return _apply(draft, Fact.ENDED, known(draft, Fact.ENDED, reported), reported, command)


def reconcile_calls(draft: Draft, command: commands.ReconcileCalls) -> None:
    """The source's other calls end, missing ones start; what follows a last call follows once, at the end."""
    draft.cause = Cause.RECONCILE
    listed = [reported_leg(call, command.source) for call in command.calls]
    named = {id(call) for reported in listed for call in matching(draft.calls, reported)}
    for call in [call for call in draft.calls if call.source == command.source and id(call) not in named]:
        reported = ReportedLeg(call.call_id, call.source, call.leg, command.observed_at)
        knowledge = known_of_unlisted(draft, call, command)
        _carry_out(draft, TABLE[Fact.UNLISTED][knowledge.known], Report(reported, knowledge.calls))
    # What names no leg speaks of all legs of its call, also of those that the same list names: these are there first.
    in_turn = sorted(range(len(listed)), key=lambda number: not listed[number].leg)
    for number in in_turn:
        reported = listed[number]
        _apply(draft, Fact.LISTED, known_of_listed(draft, reported, command), reported, command.calls[number])
    outcomes = dict(zip(in_turn, draft.outcomes, strict=True))
    draft.outcomes = [outcomes[number] for number in range(len(listed))]


def reported_leg(call: commands.SourceCall, source: str) -> ReportedLeg:
    """Which leg a source's call is."""
    return ReportedLeg(call.call_id, source, call.leg, call.occurred_at)


def _apply(
    draft: Draft, fact: Fact, knowledge: Knowledge, reported: ReportedLeg, saying: commands.SourceCall | commands.CallEnded
) -> Untouched | None:
    """Note what the teller of a fact is told, and carry it out."""
    cell = TABLE[fact][knowledge.known]
    draft.outcomes.append(OUTCOMES[cell])
    if isinstance(saying, commands.CallEnded):
        return _carry_out(draft, cell, Report(reported, knowledge.calls, answered=saying.answered))
    return _carry_out(draft, cell, Report(reported, knowledge.calls, saying.direction, saying.on_hold, saying.answered))


def _carry_out(draft: Draft, cell: FactCell, report: Report) -> Untouched | None:
    effect = EFFECTS.get(cell)
    if effect is None:
        return UNTOUCHED
    return effect(draft, report)


# --- effects ----------------------------------------------------------------------------------------------------------


def _start(draft: Draft, report: Report) -> None:
    direction = report.direction or Direction.INBOUND
    open_now = capabilities(draft.status(), draft.offer, draft.connection, draft.policy, draft.hold_off)
    regular = getattr(open_now, NEEDS[direction]) or getattr(open_now, ALSO_OPEN_BY.get(direction, ""), False)
    _begin(draft, report, irregular=not regular)
    if direction in FORGIVING:
        draft.forgive()


def _answer(draft: Draft, report: Report) -> None:
    offer = draft.end_offer(OfferEnd.ACCEPTED)
    reported = report.leg._replace(source=report.leg.source or offer.source)
    direction = report.direction or offer.direction
    _begin(draft, report._replace(leg=reported, direction=direction), claim_id=offer.claim_id)
    draft.forgive()


def _begin(draft: Draft, report: Report, *, irregular: bool = False, claim_id: str = "") -> None:
    reported = report.leg
    draft.start_call(
        reported.call_id,
        report.direction or Direction.INBOUND,
        reported.source,
        direction_assumed=report.direction is None,
        irregular=irregular,
        occurred_at=reported.occurred_at,
        claim_id=claim_id,
        leg=reported.leg,
        on_hold=bool(report.on_hold),
        hold_at=None if report.on_hold is None else reported.occurred_at,
        answered=report.answered,
    )


def _confirm(draft: Draft, report: Report) -> None:
    informed_calls = [informed(call, report) for call in report.calls]
    if informed_calls == list(report.calls):
        draft.outcomes[-1] = FactOutcome.REPEATED
    confirmed = {id(call): _renewed(draft, call, known) for call, known in zip(report.calls, informed_calls, strict=True)}
    draft.calls = tuple([confirmed.get(id(call), call) for call in draft.calls])


def informed(call: Call, report: Report) -> Call:
    """A running call with what a fact says that was not known: direction, source, leg, a later beginning, hold, answered."""
    reported = report.leg
    is_same_leg = reported.leg == call.leg or not call.leg
    says_hold = report.on_hold is not None and not is_older(reported.occurred_at, call.hold_at)
    return replace(
        call,
        direction=_direction(call, report),
        direction_assumed=call.direction_assumed and report.direction is None,
        source=call.source or reported.source,
        leg=call.leg or reported.leg,
        occurred_at=_later(call.occurred_at, reported.occurred_at) if is_same_leg else call.occurred_at,
        some_leg_ran_at=call.some_leg_ran_at if is_same_leg else _ran_at(call, reported.occurred_at),
        on_hold=bool(report.on_hold) if says_hold else call.on_hold,
        hold_at=_later(call.hold_at, reported.occurred_at) if says_hold else call.hold_at,
        answered=_answered(call, answered=report.answered),
    )


def _direction(call: Call, report: Report) -> Direction:
    """A call stays what telephony said first; a claimed one is what telephony said last, else what the claim said."""
    is_open = bool(call.claim_id) or call.direction_assumed
    return report.direction if is_open and report.direction is not None else call.direction


def _ran_at(call: Call, occurred_at: Instant | None) -> Instant | None:
    """When some leg of a call ran, by a fact that names none: it says nothing of when this one began."""
    is_later = occurred_at is not None and (call.occurred_at is None or occurred_at > call.occurred_at)
    return _later(call.some_leg_ran_at, occurred_at) if is_later else call.some_leg_ran_at


def _answered(call: Call, *, answered: bool | None) -> bool | None:
    """A call that was answered stays answered, whatever arrives late."""
    return call.answered if call.answered or answered is None else answered


def _later(one: Instant | None, other: Instant | None) -> Instant | None:
    known_instants = [instant for instant in (one, other) if instant is not None]
    return max(known_instants, default=None)


def _renewed(draft: Draft, before: Call, call: Call) -> Call:
    if before.occurred_at is not None and ran_at(before) != ran_at(call):
        call = replace(call, began_again_at=draft.now)
    age = draft.policy.max_call_age
    ends_by = draft.after(age)
    return replace(call, ends_by=ends_by) if ends_by - call.ends_by >= age // CONFIRMED_AGAIN else call


def _end(draft: Draft, report: Report) -> None:
    reported = report.leg
    for call in report.calls:
        # Where no leg is named all have ended, also one whose start has not arrived.
        leg, is_exact = reported.leg and (call.leg or reported.leg), reported.occurred_at is not None
        draft.remember(call.call_id, call.source or reported.source, leg, _ended_at(report), is_exact=is_exact)
    hang_up(draft, report.calls, answered=report.answered)


def _ended_at(report: Report) -> Instant | None:
    """When calls ended by their source's clock; where it did not say when, the latest beginning, before which they did not."""
    began_at = [call.occurred_at for call in report.calls if call.occurred_at is not None]
    return report.leg.occurred_at if report.leg.occurred_at is not None else max(began_at, default=None)


def hang_up(draft: Draft, calls: tuple[Call, ...], *, answered: bool | None = None) -> None:
    """Calls end. The latest to begin of those that owe a wrap-up is noted, and what follows a last call is to follow."""
    draft.drop_calls(calls)
    draft.hung_up = True
    for call in calls:
        was_answered = _answered(call, answered=answered)
        if was_answered and not call.answered:  # drop_calls has counted those that were known to be
            draft.calls_answered.append(call.direction)
        later = draft.owed is None or draft.owed.started_at <= call.started_at
        if later and draft.policy.owes_wrap_up(call.direction, answered=was_answered):
            draft.owed = OwedWrapUp(call.call_id, call.started_at)


def _withdraw(draft: Draft, report: Report) -> None:
    offer = draft.end_offer(OfferEnd.WITHDRAWN)
    _remember(draft, report._replace(leg=report.leg._replace(source=report.leg.source or offer.source)))


def _remember(draft: Draft, report: Report) -> None:
    reported = report.leg
    draft.remember(reported.call_id, reported.source, reported.leg, reported.occurred_at)


def _learn(draft: Draft, report: Report) -> Untouched | None:
    """An end that is told again says when it was, or that all legs ended, where that was not known."""
    reported, known = report.leg, remembered(draft, report.leg)
    says_when = reported.occurred_at is not None and not any(_is_settled(leg, reported.occurred_at) for leg in known)
    says_all = not reported.leg and all(leg.leg for leg in known)
    if not (says_when or says_all):
        return UNTOUCHED
    last = max(known, key=attrgetter("arrived_at"))
    draft.ended_legs = draft.ended_legs.plus(
        EndedLeg(reported.call_id, reported.source or last.source, reported.leg, last.arrived_at, reported.occurred_at)
    )
    return None


def _is_settled(leg: EndedLeg, at: Instant) -> bool:
    """Whether it is known when a leg ended, or that it was not so early."""
    return leg.occurred_at is not None and (leg.is_exact or leg.occurred_at > at)


def _remember_older(draft: Draft, report: Report) -> Untouched | None:
    """The end of an earlier life is remembered too: a leg that did not begin again is over."""
    reported = report.leg
    known = [leg.occurred_at for leg in remembered(draft, reported) if leg.leg in ("", reported.leg)]
    if any(reported.occurred_at == at or is_older(reported.occurred_at, at) for at in known):
        return UNTOUCHED
    _remember(draft, report)
    return None


EFFECTS: Final[Mapping[FactCell, Callable[[Draft, Report], Untouched | None]]] = MappingProxyType(
    {
        FactCell.START: _start,
        FactCell.ANSWER: _answer,
        FactCell.CONFIRM: _confirm,
        FactCell.END: _end,
        FactCell.WITHDRAW: _withdraw,
        FactCell.REMEMBER: _remember,
        FactCell.LEARN: _learn,
        FactCell.OLDER_THAN_RUNNING: _remember_older,
    }
)
"""The effect of every cell that has one."""
