"""What a state knows of the leg that a fact is about.

What is the same leg
--------------------
Ids must be equal. An empty source or leg, of the fact or of what is known, fits any; what fits exactly goes first. So two
sources may use one call id, and a leg that telephony names late is bound to the call that was there without one.

What is earlier
---------------
A source's instants are compared with each other and with nothing else. A start that is no later than a remembered end of its
leg belongs to what ended; an end that is earlier than the start of a running leg belongs to an earlier life of it. Where either
has no instant the order of arrival decides, and a start that arrives within the policy's ``late_fact_window`` after an end is
taken for a late one.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model import commands
from onduty_server.domain.model.ended_legs import EndedLeg
from onduty_server.domain.model.state import CALL_BYTES_MOST, CALLS_MOST, Call, Offer
from onduty_server.domain.model.status import Instant
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.facts import Fact, Known

COUNTED_FROM: Final = 8
"""Fewer calls than this cannot have too many bytes, however long their ids are."""


class Told(NamedTuple):
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


def known(draft: Draft, fact: Fact, told: Told) -> Knowledge:
    """What the state knows of the leg that a STARTED or ENDED fact is about."""
    running = matching(draft.calls, told)
    if not told.source and len({call.source for call in running}) > 1:
        return Knowledge(Known.SEVERAL)
    ended = _ended(draft, told)
    if fact is Fact.ENDED:
        return _known_of_end(draft, told, running, ended)
    if ended is Known.ENDED:
        return Knowledge(ended)
    if running:
        return Knowledge(Known.RUNNING, running)
    if _is_offered(draft.offer, told):
        return Knowledge(Known.ON_OFFER)
    if ended is not Known.ENDED_JUST_NOW and over_the_limit(draft.calls):
        return Knowledge(Known.FULL)
    return Knowledge(ended or Known.UNKNOWN)


def _known_of_end(draft: Draft, told: Told, running: tuple[Call, ...], ended: Known | None) -> Knowledge:
    ending = tuple([call for call in running if not _began_later(call, told.occurred_at, ended)])
    if ending:
        return Knowledge(Known.RUNNING, ending)
    if running:
        return Knowledge(Known.RUNNING_SINCE)
    if ended is not Known.ENDED and _is_offered(draft.offer, told):
        return Knowledge(Known.ON_OFFER)
    return Knowledge(ended or Known.UNKNOWN)


def _began_later(call: Call, occurred_at: Instant | None, ended: Known | None) -> bool:
    """Whether a running leg began after an end that is told: it did where that end was told before the leg began."""
    if call.occurred_at is None or occurred_at is None:
        return ended is Known.ENDED
    return occurred_at < call.occurred_at


def known_of_listed(draft: Draft, told: Told, command: commands.ReconcileCalls) -> Knowledge:
    """What the state knows of a call that a list has."""
    running = matching(draft.calls, told)
    ended = _ended_by_list(draft, told, command)
    if running and ended is not Known.ENDED:
        return Knowledge(Known.RUNNING, running)
    if ended in (Known.ENDED, Known.ENDED_JUST_NOW):
        return Knowledge(ended)
    if _is_offered(draft.offer, told):
        return Knowledge(Known.ON_OFFER)
    return Knowledge(Known.FULL if at_the_limit(draft.calls) else ended or Known.UNKNOWN)


def known_of_unlisted(draft: Draft, call: Call, command: commands.ReconcileCalls) -> Knowledge:
    """What the state knows of a running call of the source that a list has not: whether it began after the list was taken."""
    if command.observed_by_server_at is not None:
        since = call.started_at >= command.observed_by_server_at
    elif command.observed_at is None:
        since = False
    elif call.occurred_at is not None:
        since = call.occurred_at >= command.observed_at
    else:
        since = _just_now(draft, call.started_at)
    return Knowledge(Known.RUNNING_SINCE) if since else Knowledge(Known.RUNNING, (call,))


# --- the same leg -----------------------------------------------------------------------------------------------------


def matching(calls: Iterable[Call], told: Told) -> tuple[Call, ...]:
    """The running legs that a fact is about: those that fit exactly, else one that names less, else none.

    Where those that name less are of several sources, all of them fit: which one is meant is not said.
    """
    fitting = [call for call in calls if _fits(call, told)]
    if not fitting:
        return ()
    exact = [call for call in fitting if call.source == told.source] if told.source else []
    fitting = exact or fitting
    if told.leg:
        several = len({call.source for call in fitting}) > 1
        fitting = [call for call in fitting if call.leg == told.leg] or (fitting if several else fitting[:1])
    return tuple(fitting)


def _fits(one: Call | EndedLeg, told: Told) -> bool:
    return (
        one.call_id == told.call_id
        and (not told.source or one.source in ("", told.source))
        and (not told.leg or one.leg in ("", told.leg))
    )


def _is_offered(offer: Offer | None, told: Told) -> bool:
    if offer is None or offer.call_id != told.call_id:
        return False
    return not told.source or offer.source in ("", told.source)


# --- the order --------------------------------------------------------------------------------------------------------


def _ended(draft: Draft, told: Told) -> Known | None:
    """How a fact stands to the remembered ends of its leg; None where none is remembered."""
    ended = _remembered(draft, told)
    return _by_clock(ended, told) or _by_arrival(draft, ended)


def _ended_by_list(draft: Draft, told: Told, command: commands.ReconcileCalls) -> Known | None:
    """How a listed call stands to the remembered ends of its leg, given when the list was taken."""
    ended = _remembered(draft, told)
    by_clock = _by_clock(ended, told)
    if by_clock is not None:
        return by_clock
    if command.observed_by_server_at is not None:
        return _by_instants([leg.arrived_at for leg in ended], command.observed_by_server_at)
    if command.observed_at is not None and all(leg.occurred_at is not None for leg in ended):
        return _by_instants([leg.occurred_at for leg in ended if leg.occurred_at is not None], command.observed_at)
    return _by_arrival(draft, ended)


def _remembered(draft: Draft, told: Told) -> list[EndedLeg]:
    return [leg for leg in draft.ended_legs.of(told.call_id) if _fits(leg, told)]


def _by_clock(ended: Sequence[EndedLeg], told: Told) -> Known | None:
    """By the source's clock, where there is an instant to compare with."""
    if told.occurred_at is None or (not told.source and len({leg.source for leg in ended}) > 1):
        return None
    return _by_instants([leg.occurred_at for leg in ended if leg.occurred_at is not None], told.occurred_at)


def _by_instants(ended_at: Sequence[Instant], at: Instant) -> Known | None:
    if not ended_at:
        return None
    return Known.ENDED if max(ended_at) >= at else Known.ENDED_EARLIER


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
