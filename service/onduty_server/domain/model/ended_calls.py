"""The calls of a staff member that ended last, so that a late report of their start changes nothing; decides nothing.

They are one text and not a tuple of values: everybody has many of them, every change copies and stores them, and hardly ever
does anybody look one up.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from onduty_server.domain.model.status import Instant
from onduty_server.domain.model.values import value

ENDED_CALLS_KEPT: Final = 16
"""How many ended calls of one staff member are remembered."""

_CALL: Final = "\x1e"
_AT: Final = "\x1f"


class EndedCall(NamedTuple):
    """A call that ended."""

    call_id: str
    ended_at: Instant


@value
class EndedCalls:
    """Ended calls, the earliest first. ``text`` has for each a record separator, its id, a unit separator and the instant.

    Ids have no control characters (the edge sees to it), so none can be taken for another.
    """

    text: str = ""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.text)

    def __iter__(self) -> Iterator[EndedCall]:
        """One after the other."""
        for one in self.text.split(_CALL)[1:]:
            call_id, _, ended_at = one.partition(_AT)
            yield EndedCall(call_id, Instant(int(ended_at)))

    def ended_at(self, call_id: str) -> Instant | None:
        """When a call ended; None if it is not remembered."""
        start, end = self._find(call_id)
        if start < 0:
            return None
        return Instant(int(self.text[start + len(call_id) + 2 : end]))

    def plus(self, call_id: str, ended_at: Instant) -> "EndedCalls":
        """With one more; the earliest is forgotten when there are too many."""
        kept = self.text
        if kept.count(_CALL) >= ENDED_CALLS_KEPT:
            kept = kept[kept.index(_CALL, 1) :]
        return EndedCalls(f"{kept}{_CALL}{call_id}{_AT}{ended_at}")

    def without(self, call_id: str) -> "EndedCalls":
        """Without one, where it is remembered."""
        start, end = self._find(call_id)
        return self if start < 0 else EndedCalls(self.text[:start] + self.text[end:])

    def _find(self, call_id: str) -> tuple[int, int]:
        """Where a call's part begins and ends; it begins at -1 if there is none."""
        start = self.text.find(f"{_CALL}{call_id}{_AT}")
        end = self.text.find(_CALL, start + 1) if start >= 0 else 0
        return start, len(self.text) if end < 0 else end


NONE_ENDED: Final = EndedCalls()
