"""The table of facts: what comes of what telephony tells, by what is known of the leg that it is about.

Theory of operation
-------------------
A fact is about a leg of a call of a source. What is known of that leg is one of ``Known``: it runs, it is on offer, its end is
remembered, or nothing of that; ``knowledge`` finds out which. ``TABLE`` has a cell for every kind of fact and everything that
may be known: one named effect, or the reason why the fact is not applied. Facts are never refused.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from onduty_server.domain.model.status import Direction, FactOutcome


class Fact(Enum):
    """What telephony tells of a leg."""

    __hash__ = object.__hash__  # as that of Known.

    STARTED = "a call is in progress"
    ENDED = "a call ended"
    LISTED = "a list has the call"
    UNLISTED = "a list of its source has it not"


class Known(Enum):
    """What is known of the leg that a fact is about."""

    __hash__ = object.__hash__  # members are one of a kind; Enum's own hash is slow, and every fact is looked up by it.

    UNKNOWN = "nothing"
    ON_OFFER = "on offer"
    RUNNING = "in progress"
    RUNNING_SINCE = "in progress, and began later"
    ENDED = "ended then or later, by the source's clock"
    ENDED_JUST_NOW = "ended, and that arrived just now"
    ENDED_EARLIER = "ended earlier"
    SEVERAL = "calls of several sources"
    FULL = "nothing, and there are as many calls as there can be"


class FactCell(Enum):
    """What the table says: an effect, or why there is none."""

    __hash__ = object.__hash__  # as that of Known.

    START = "the call starts"
    ANSWER = "the offer is accepted, the call starts"
    CONFIRM = "the call is confirmed"
    END = "the call ends, and is remembered"
    WITHDRAW = "the offer is withdrawn, the end is remembered"
    REMEMBER = "the end is remembered"
    LEARN = "not applied: repeated; what it says of the end is remembered"
    ENDED_BEFORE = "not applied: it has ended"
    OLDER_THAN_RUNNING = "not applied: of an earlier life; the end is remembered"
    AMBIGUOUS = "not applied: ambiguous"
    CALLS_FULL = "not applied: too many calls"
    LEFT_ALONE = "left alone"
    NEVER = "-"


OUTCOMES: Final[Mapping[FactCell, FactOutcome]] = MappingProxyType(
    {
        FactCell.START: FactOutcome.APPLIED,
        FactCell.ANSWER: FactOutcome.APPLIED,
        FactCell.CONFIRM: FactOutcome.APPLIED,
        FactCell.END: FactOutcome.APPLIED,
        FactCell.WITHDRAW: FactOutcome.APPLIED,
        FactCell.REMEMBER: FactOutcome.NOT_KNOWN,
        FactCell.LEARN: FactOutcome.REPEATED,
        FactCell.ENDED_BEFORE: FactOutcome.ENDED_BEFORE,
        FactCell.OLDER_THAN_RUNNING: FactOutcome.OLDER_THAN_RUNNING,
        FactCell.AMBIGUOUS: FactOutcome.AMBIGUOUS,
        FactCell.CALLS_FULL: FactOutcome.CALLS_FULL,
    }
)
"""What the teller of a fact is told. A confirmation that tells nothing new is REPEATED."""

_COLUMNS: Final = tuple(Known)


def _row(*cells: FactCell) -> Mapping[Known, FactCell]:
    return MappingProxyType(dict(zip(_COLUMNS, cells, strict=True)))


_new, _answer, _same, _end, _gone, _note = (
    FactCell.START,
    FactCell.ANSWER,
    FactCell.CONFIRM,
    FactCell.END,
    FactCell.WITHDRAW,
    FactCell.REMEMBER,
)
_learn, _over, _older, _which, _full, _stay, _none = (
    FactCell.LEARN,
    FactCell.ENDED_BEFORE,
    FactCell.OLDER_THAN_RUNNING,
    FactCell.AMBIGUOUS,
    FactCell.CALLS_FULL,
    FactCell.LEFT_ALONE,
    FactCell.NEVER,
)

# fmt: off
TABLE: Final[Mapping[Fact, Mapping[Known, FactCell]]] = MappingProxyType({
    #                   UNKNOWN ON_OFFER RUNNING RUNNING_SINCE ENDED  ENDED_JUST_NOW ENDED_EARLIER SEVERAL FULL
    Fact.STARTED:  _row(_new,   _answer, _same,  _none,        _over, _over,         _new,         _which, _full),
    Fact.ENDED:    _row(_note,  _gone,   _end,   _older,       _learn, _learn,       _note,        _which, _none),
    Fact.LISTED:   _row(_new,   _answer, _same,  _none,        _over, _over,         _new,         _none,  _full),
    Fact.UNLISTED: _row(_none,  _none,   _end,   _stay,        _none, _none,         _none,        _none,  _none),
})
"""Every kind of fact, for everything that may be known."""
# fmt: on

FORGIVING: Final = frozenset({Direction.INBOUND, Direction.TRANSFER})
"""The directions whose calls, once they start, show that the person answers: misses are counted anew."""
