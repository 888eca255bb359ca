"""The table of claims: what a call of a direction needs to be open, and what bars every call; it does nothing itself.

Theory of operation
-------------------
A claim is granted where the status opens what the call's direction needs (``NEEDS``) and nothing bars the person (``BARS``).
The first is a matter of status and policy alone: everybody in a status is alike. The second is the person's own.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from onduty_server.domain.model.state import Connection, HoldOff, Offer
from onduty_server.domain.model.status import Direction, Status

NEEDS: Final[Mapping[Direction, str]] = MappingProxyType(
    {
        Direction.INBOUND: "assign_inbound",
        Direction.TRANSFER: "internal_calls",
        Direction.INTERNAL: "internal_calls",
        Direction.OUTBOUND: "dial_out",
    }
)
"""The capability that a call of a direction needs, to be claimed for it and so as not to be irregular."""

ALSO_OPEN_BY: Final[Mapping[Direction, str]] = MappingProxyType({Direction.INTERNAL: "consult"})
"""Another capability that keeps a call from being irregular: an internal call beside the one in progress is a consultation."""


class Bar(NamedTuple):
    """What bars every call. ``words`` say what ``holds`` finds."""

    words: str
    holds: Callable[[Offer | None, Connection, HoldOff | None], bool]


BARS: Final = (
    Bar("with an offer outstanding", lambda offer, _connection, _hold_off: offer is not None),
    Bar("but the workspace is gone", lambda _offer, connection, _hold_off: connection.offline_at is not None),
    Bar("but held off", lambda _offer, _connection, hold_off: hold_off is not None),
)
"""Everything that bars every call, whatever its direction."""

TURN: Final = (Status.AVAILABLE, Status.BUSY, Status.AFTER_CALL_WORK, Status.ON_BREAK)
"""The statuses that may be open to calls, in the order in which a claim by group goes through them.

Who waits for calls goes first, then who is at the desk, then those whom a call takes away from something.
"""

ANSWERED_BY: Final[Mapping[Direction, frozenset[Direction]]] = MappingProxyType(
    {
        Direction.INBOUND: frozenset(Direction),
        Direction.OUTBOUND: frozenset(Direction),
        Direction.INTERNAL: frozenset(Direction) - {Direction.OUTBOUND},
        Direction.TRANSFER: frozenset(Direction) - {Direction.INBOUND, Direction.OUTBOUND},
    }
)
"""With which directions a call that starts for somebody else answers an offer of each direction.

Who hands a call over has it as INBOUND or OUTBOUND, and who rings a colleague up may have it as OUTBOUND: a late word of theirs
is no answer. A start that says no direction is one.
"""


def is_barred(offer: Offer | None, connection: Connection, hold_off: HoldOff | None) -> bool:
    """Whether any of ``BARS`` holds, found at once: every change asks."""
    return offer is not None or hold_off is not None or connection.offline_at is not None


def bar(offer: Offer | None, connection: Connection, hold_off: HoldOff | None) -> Bar | None:
    """What bars every call, or None."""
    return next((one for one in BARS if one.holds(offer, connection, hold_off)), None)
