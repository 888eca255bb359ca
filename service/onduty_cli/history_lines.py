"""Writes changes for a terminal: a line each where it fits, under a heading for each day; tables for pipes are elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from onduty.v1.staff_pb2 import ActorRole, Transition
from onduty_cli.flowing import flowing
from onduty_cli.history_tables import actor_words, from_to
from onduty_cli.moments import (
    clock_text,
    day_text,
    instant_of,
    length_of,
    span_text,
    time_of_day_text,
    zone_text,
)
from onduty_cli.output import printable
from onduty_cli.words import cause_words, short_name

_GAP = "  "
_WIDE_CELLS = 132
"""From this width on a line has the revision, milliseconds and the time in the previous status too."""


@dataclass(slots=True)
class HistoryLines:
    """Makes lines of pages of changes. ``width`` is the terminal's, in cells."""

    width: int
    _day: str = ""
    _who: int = 0
    _from_to: int = 0

    def of(self, page: Sequence[Transition]) -> Iterator[Text]:
        """Yields a page's lines; days go on over pages. Words are not broken unless one alone is wider than the line."""
        self._who = max(self._who, min(max((cell_len(printable(one.staff_id)) for one in page), default=0), self.width // 5))
        self._from_to = max(self._from_to, min(max((from_to(one).cell_len for one in page), default=0), 34))
        if not self._day and self.width >= _WIDE_CELLS:
            yield self._heading()
        for transition in page:
            instant = instant_of(transition.changed_at)
            day = day_text(instant)
            if day != self._day:
                if self._day:
                    yield Text()
                yield Text.assemble((day, "bold"), (f"  times in {zone_text(instant)}", "dim"))
                self._day = day
            yield from self._lines(transition, instant)

    def _heading(self) -> Text:
        who, statuses = f"{'who':<{self._who}}", f"{'from → to':<{self._from_to}}"
        return Text(_GAP.join((f"{'revision':>9}", f"{'time':<12}", who, statuses, f"{'lasted':>7}", "why")), "bold")

    def _lines(self, transition: Transition, instant: int) -> Iterator[Text]:
        is_wide = self.width >= _WIDE_CELLS
        time = time_of_day_text(instant) if is_wide else clock_text(instant)
        line = Text(f"{transition.revision:>9}{_GAP}{time}{_GAP}" if is_wide else f"{time}{_GAP}")
        rest_from = line.cell_len + self._who + self._from_to + 2 * len(_GAP)
        who = Text(printable(transition.staff_id))
        who.pad_right(max(self._who - who.cell_len, 0))
        statuses = from_to(transition)
        statuses.pad_right(max(self._from_to - statuses.cell_len, 0))
        line = Text.assemble(line, who, _GAP, statuses, _GAP)
        if is_wide:
            line.append(f"{_lasted(transition):>7}{_GAP}", style="dim")
            rest_from += 7 + len(_GAP)
        yield from flowing(line, _why(transition), width=self.width, indent=rest_from)


def _lasted(transition: Transition) -> str:
    if not transition.HasField("time_in_previous_status"):
        return ""
    return span_text(length_of(transition.time_in_previous_status))


def _why(transition: Transition) -> list[Text]:
    """Returns cause, actor, call and note as words; the part played is left out where the cause says it already."""
    cause = cause_words(transition.cause)
    role = short_name(ActorRole, transition.actor.role).lower()
    named = {"staff": "workspace", "supervisor": "supervisor", "reset": "supervisor", "admin": "admin"}.get(cause)
    actor = transition.actor.id if role in {named, "system"} else actor_words(transition.actor)
    said = cause + (f" by {actor}" if actor and actor != transition.staff_id else "")
    said += f", {transition.call_id}" if transition.call_id else ""
    words = [Text(word) for word in printable(said).split()]
    return words + [Text(word, style="italic") for word in printable(f"“{transition.note}”" if transition.note else "").split()]
