"""The legs of calls that ended for a staff member, so that what is told late or twice about them changes nothing.

They are one text and not a tuple of values: everybody has many of them, every change copies and stores them, and they are
looked up only when a fact comes.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Instant, Micros, seconds
from onduty_server.domain.model.values import value

LEGS_KEPT: Final = 64
"""How many ended legs of one staff member are remembered at most."""

LEGS_KEPT_FOR_LONG: Final = 16
"""How many of them are remembered however long ago they ended; the others for ``KEPT_FOR`` only."""

KEPT_FOR: Final[Micros] = seconds(3600)

BYTES_MOST: Final = 12 * 1024
"""How long the text may be. Ids of usual lengths never come near it."""

_LEG: Final = "\x1e"
_PART: Final = "\x1f"
_NOT_BEFORE: Final = "+"
"""Behind an instant before which the end was not."""


class EndedLeg(NamedTuple):
    """A leg that ended. ``arrived_at`` is by the server's clock, ``occurred_at`` the source's word (None: it did not say).

    Without ``is_exact`` the source did not say of the last end when it was. ``occurred_at`` is then an instant before which it
    was not, as the leg's beginning or an earlier end.
    An empty ``leg`` stands for all legs of the call, an empty ``source`` for a call that no source had named.
    """

    call_id: str
    source: str
    leg: str
    arrived_at: Instant
    occurred_at: Instant | None = None
    is_exact: bool = True


@value
class EndedLegs:
    """Ended legs, the last to arrive last. In ``text`` each is a record separator and its parts between unit separators.

    Ids have no control characters (the edge sees to it), so none can be taken for another.
    """

    text: str = ""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.text)

    def __iter__(self) -> Iterator[EndedLeg]:
        """One after the other."""
        return map(_leg, self.text.split(_LEG)[1:])

    def of(self, call_id: str) -> list[EndedLeg]:
        """The ended legs of calls with this id, of whichever source."""
        if f"{_LEG}{call_id}{_PART}" not in self.text:
            return []
        return [leg for leg in self if leg.call_id == call_id]

    def plus(self, ended: EndedLeg) -> "EndedLegs":
        """With one more, which replaces what was known of the same leg; the oldest are forgotten where there are too many.

        When the source last said that the leg ended stays known where the new end does not say when.
        """
        kept = self.text
        if f"{_LEG}{ended.call_id}{_PART}" in kept:
            legs = [(one, _leg(one)) for one in kept.split(_LEG)[1:]]
            kept = "".join([_LEG + one for one, leg in legs if not _replaces(ended, leg)])
            for _, leg in legs:
                if leg[:3] == ended[:3] and leg.occurred_at is not None and (ended.occurred_at is None or not ended.is_exact):
                    ended = ended._replace(
                        occurred_at=max(leg.occurred_at, ended.occurred_at or leg.occurred_at), is_exact=False
                    )
        kept += _LEG + _text(ended)
        count = kept.count(_LEG)
        while count > 1 and _is_too_much(kept, count, Instant(ended.arrived_at - KEPT_FOR)):
            kept = kept[kept.index(_LEG, 1) :]
            count -= 1
        return EndedLegs(kept)

    def shifted(self, by: Micros) -> "EndedLegs":
        """As if all had arrived so much later, which keeps their ages where the server's clock takes a step."""
        later = (leg._replace(arrived_at=Instant(leg.arrived_at + by)) for leg in self)
        return EndedLegs("".join([_LEG + _text(leg) for leg in later]))


NONE_ENDED: Final = EndedLegs()


def _leg(text: str) -> EndedLeg:
    call_id, source, leg, arrived_at, occurred_at = text.split(_PART)
    known, is_exact = occurred_at.rstrip(_NOT_BEFORE), not occurred_at.endswith(_NOT_BEFORE)
    return EndedLeg(call_id, source, leg, Instant(int(arrived_at)), Instant(int(known)) if known else None, is_exact)


def _text(ended: EndedLeg) -> str:
    occurred_at = "" if ended.occurred_at is None else f"{ended.occurred_at}{'' if ended.is_exact else _NOT_BEFORE}"
    return _PART.join((ended.call_id, ended.source, ended.leg, str(ended.arrived_at), occurred_at))


def _replaces(ended: EndedLeg, known: EndedLeg) -> bool:
    """Whether a new entry says all that a known one does: the same leg, or all legs of the same call, no earlier."""
    if (ended.call_id, ended.source) != (known.call_id, known.source):
        return False
    if ended.leg == known.leg:
        return True
    if known.occurred_at is None:
        return not ended.leg
    return not ended.leg and ended.occurred_at is not None and ended.occurred_at >= known.occurred_at


def _is_too_much(text: str, count: int, since: Instant) -> bool:
    """Whether the first is to be forgotten: there are too many, or enough others and it arrived before an instant."""
    if count > LEGS_KEPT or _size(text) > BYTES_MOST:
        return True
    return count > LEGS_KEPT_FOR_LONG and _leg(text[1 : text.index(_LEG, 1)]).arrived_at < since


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
