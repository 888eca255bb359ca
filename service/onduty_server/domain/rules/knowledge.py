"""What a state knows of the leg that a fact is about.

What is the same leg
--------------------
Ids must be equal. An empty source or leg, of the fact or of what is known, fits any; what fits exactly goes first. So two
sources may use one call id, and a leg that telephony names late is bound to the call that was there without one.

What is earlier
---------------
A source's instants are compared with each other and with nothing else. A start that is no later than a remembered end of its
leg belongs to what ended; an end that is earlier than the start of a running leg belongs to an earlier life of it. A list is as
new as it says it is, whenever its calls began: what it has runs, if its leg did not end at that instant or later. Where either
has no instant the order of arrival decides, and a start that arrives within the policy's ``late_fact_window`` after an end is
taken for a late one. So does an end of an offer.

A clock is not believed where it says that what arrived later happened more than a day earlier: no fact is that late, so one of
the two instants is wrong (a clock that was set, a number that was not an instant), and the order of arrival decides.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model import commands
from onduty_server.domain.model.ended_legs import EndedLeg
from onduty_server.domain.model.state import CALL_BYTES_MOST, CALLS_MOST, Call, Offer
from onduty_server.domain.model.status import Instant, Micros, seconds
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.facts import Fact, Known

CLOCK_BELIEVED: Final[Micros] = seconds(24 * 3600)
"""How much earlier than a fact that has arrived one that arrives later can have happened by its source's clock."""

COUNTED_FROM: Final = 8
"""Fewer calls than this cannot have too many bytes, however long their ids are."""


class ReportedLeg(NamedTuple):
    """What a fact says of a leg: an empty ``source`` or ``leg`` is not said."""

    call_id: str
    source: str
    leg: str
    occurred_at: Instant | None


class Knowledge(NamedTuple):
    """What is known, and the running calls that the fact is about where it is RUNNING."""

    known: Known
    calls: tuple[Call, ...] = ()


# --- what is known ----------------------------------------------------------------------------------------------------


def known(draft: Draft, fact: Fact, reported: ReportedLeg) -> Knowledge:
    """What the state knows of the leg that a STARTED or ENDED fact is about."""
    running = matching(draft.calls, reported)
    if not reported.source and len({call.source for call in running}) > 1:
        return Knowledge(Known.SEVERAL)
    ended = _ended(draft, reported)
    if fact is Fact.ENDED:
        return _known_of_end(draft, reported, running, ended)
    if ended is Known.ENDED:
        return Knowledge(ended)
    if running:
        return Knowledge(Known.RUNNING, running)
    if _is_offered(draft.offer, reported):
        return Knowledge(Known.ON_OFFER)
    if ended is not Known.ENDED_JUST_NOW and over_the_limit(draft.calls):
        return Knowledge(Known.FULL)
    return Knowledge(ended or Known.UNKNOWN)


def _known_of_end(draft: Draft, reported: ReportedLeg, running: tuple[Call, ...], ended: Known | None) -> Knowledge:
    ending = tuple([call for call in running if not _began_later(call, reported, ended)])
    if ending:
        return Knowledge(Known.RUNNING, ending)
    if running:
        return Knowledge(Known.RUNNING_SINCE)
    if ended not in (Known.ENDED, Known.ENDED_JUST_NOW) and _is_offered(draft.offer, reported):
        return Knowledge(Known.ON_OFFER)
    return Knowledge(ended or Known.UNKNOWN)


def _began_later(call: Call, reported: ReportedLeg, ended: Known | None) -> bool:
    """Whether a running leg began after an end that is told: it did where that end was told before the leg began.

    An end of all legs is also older where some leg of the call ran later.
    """
    began_at, occurred_at = call.occurred_at if reported.leg else ran_at(call), reported.occurred_at
    if began_at is None or occurred_at is None or not _is_believed(began_at, occurred_at):
        return ended is Known.ENDED
    return occurred_at < began_at


def ran_at(call: Call) -> Instant | None:
    """The latest instant at which a source's clock says that a leg began, or that some leg of its call ran."""
    return max([instant for instant in (call.occurred_at, call.some_leg_ran_at) if instant is not None], default=None)


def is_older(arrives: Instant | None, arrived: Instant | None) -> bool:
    """Whether a fact that arrives happened before one that has arrived, by the source's clock where that is believed."""
    return arrives is not None and arrived is not None and arrives < arrived and _is_believed(arrived, arrives)


def _is_believed(arrived_first: Instant, arrived_later: Instant) -> bool:
    """Whether two instants of a source's clock can both be right, given which fact arrived first."""
    return arrived_first - arrived_later <= CLOCK_BELIEVED


def known_of_listed(draft: Draft, reported: ReportedLeg, command: commands.ReconcileCalls) -> Knowledge:
    """What the state knows of a call that a list has."""
    running = matching(draft.calls, reported)
    ended = _ended_by_list(draft, reported, command)
    if running and ended is not Known.ENDED:
        return Knowledge(Known.RUNNING, running)
    if ended in (Known.ENDED, Known.ENDED_JUST_NOW):
        return Knowledge(ended)
    if _is_offered(draft.offer, reported):
        return Knowledge(Known.ON_OFFER)
    return Knowledge(Known.FULL if at_the_limit(draft.calls) else ended or Known.UNKNOWN)


def known_of_unlisted(draft: Draft, call: Call, command: commands.ReconcileCalls) -> Knowledge:
    """What the state knows of a running call of the source that a list has not: whether it began after the list was taken."""
    if command.observed_by_server_at is not None:
        since = (call.began_again_at or call.started_at) > command.observed_by_server_at
    elif command.observed_at is None:
        since = False
    elif (known_at := ran_at(call)) is not None and _is_believed(known_at, command.observed_at):
        since = known_at >= command.observed_at
    else:
        since = _just_now(draft, call.started_at)
    return Knowledge(Known.RUNNING_SINCE) if since else Knowledge(Known.RUNNING, (call,))


# --- the same leg -----------------------------------------------------------------------------------------------------


def matching(calls: Iterable[Call], reported: ReportedLeg) -> tuple[Call, ...]:
    """The running legs that a fact is about: those that fit exactly, else one that names less, else none.

    Where no source is said and those that fit are of several, all of them fit: which one is meant is not known.
    """
    fitting = [call for call in calls if _fits(call, reported)]
    if not fitting:
        return ()
    if reported.source:
        fitting = [call for call in fitting if call.source == reported.source] or fitting
    elif len({call.source for call in fitting}) > 1:
        return tuple(fitting)
    if reported.leg:
        fitting = [call for call in fitting if call.leg == reported.leg] or fitting[:1]
    return tuple(fitting)


def _fits(one: Call | EndedLeg, reported: ReportedLeg) -> bool:
    return (
        one.call_id == reported.call_id
        and (not reported.source or one.source in ("", reported.source))
        and (not reported.leg or one.leg in ("", reported.leg))
    )


def _is_offered(offer: Offer | None, reported: ReportedLeg) -> bool:
    if offer is None or offer.call_id != reported.call_id:
        return False
    return not reported.source or offer.source in ("", reported.source)


# --- the order --------------------------------------------------------------------------------------------------------


def _ended(draft: Draft, reported: ReportedLeg) -> Known | None:
    """How a fact stands to the remembered ends of its leg; None where none is remembered."""
    ended = remembered(draft, reported)
    if reported.occurred_at is None:
        return _by_arrival(draft, ended)
    return _by_sources(draft, ended, reported)


def _ended_by_list(draft: Draft, reported: ReportedLeg, command: commands.ReconcileCalls) -> Known | None:
    """How a listed call stands to the remembered ends of its leg, given when the list was taken."""
    ended = remembered(draft, reported)
    if command.observed_at is not None:
        return _by_clock(draft, ended, command.observed_at)
    if ended and command.observed_by_server_at is not None:
        is_later = max(leg.arrived_at for leg in ended) > command.observed_by_server_at
        return Known.ENDED if is_later else Known.ENDED_EARLIER
    if _by_arrival(draft, ended) is Known.ENDED_JUST_NOW and reported.occurred_at is not None:
        return _by_sources(draft, ended, reported)
    return _by_arrival(draft, ended)


def remembered(draft: Draft, reported: ReportedLeg) -> list[EndedLeg]:
    """The remembered ends of the leg that a fact is about."""
    return [leg for leg in draft.ended_legs.of(reported.call_id) if _fits(leg, reported)]


def _by_sources(draft: Draft, ended: Sequence[EndedLeg], reported: ReportedLeg) -> Known | None:
    """By the clock of the source that reports; where it is not named, by all sources' clocks if they say the same.

    An end that names no source either goes first.
    """
    at, of_source = reported.occurred_at, dict[str, list[EndedLeg]]()
    assert at is not None, "there is an instant to compare with"
    if reported.source:
        return _by_clock(draft, ended, at)
    for leg in ended:
        of_source.setdefault(leg.source, []).append(leg)
    verdicts = {source: _by_clock(draft, legs, at) for source, legs in of_source.items()}
    if verdicts.get("") is Known.ENDED:
        return Known.ENDED
    return verdicts.popitem()[1] if len(set(verdicts.values())) == 1 else _by_arrival(draft, ended)


def _by_clock(draft: Draft, ended: Sequence[EndedLeg], at: Instant) -> Known | None:
    """By the source's clock as far as it says and is believed; by arrival where an end has no instant that does."""
    unknown = []
    for leg in ended:
        if leg.occurred_at is None or not _is_believed(leg.occurred_at, at):
            unknown.append(leg)
        elif leg.occurred_at >= at:
            return Known.ENDED
        elif not leg.is_exact:
            unknown.append(leg)
    if unknown:
        return _by_arrival(draft, unknown)
    return Known.ENDED_EARLIER if ended else None


def _by_arrival(draft: Draft, ended: Sequence[EndedLeg]) -> Known | None:
    if not ended:
        return None
    just_now = any(_just_now(draft, leg.arrived_at) for leg in ended)
    return Known.ENDED_JUST_NOW if just_now else Known.ENDED_EARLIER


def _just_now(draft: Draft, arrived_at: Instant) -> bool:
    return draft.now - arrived_at <= draft.policy.late_fact_window


# --- how many ---------------------------------------------------------------------------------------------------------


def at_the_limit(calls: Sequence[Call]) -> bool:
    """Whether there are as many calls as there may be."""
    return len(calls) >= CALLS_MOST or _bytes(calls) >= CALL_BYTES_MOST


def over_the_limit(calls: Sequence[Call]) -> bool:
    """Whether there are more calls than there may be: one is to be dropped before another starts."""
    return len(calls) > CALLS_MOST or _bytes(calls) > CALL_BYTES_MOST


def _bytes(calls: Sequence[Call]) -> int:
    if len(calls) < COUNTED_FROM:
        return 0
    return sum(len(f"{call.call_id}{call.source}{call.leg}{call.claim_id}".encode()) for call in calls)
