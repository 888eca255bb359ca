"""Turns the calls of one staff member into what that person does, in order; reads no file and calls no server.

All instants are whole simulated seconds since the midnight that begins the plan's first day.

A person signs in two minutes before the first call and out half a minute after the last wrap-up. A call that begins while no
other lasts is claimed a second before it begins, rings, and is accepted as it begins; a call that begins during another cannot
be claimed and is reported. When a call ends as another begins, the end comes first. Wrap-up lasts thirty seconds, unless the
next call is nearer: then the person goes back to reception two seconds before it, or at once where less time is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final

SIGN_IN_SECONDS: Final = 120
"""How long before the first call of a shift a person signs in."""
WRAP_UP_SECONDS: Final = 30
READY_SECONDS: Final = 2
"""How long before the next call a person ends a wrap-up that would last longer."""
RING_SECONDS: Final = 1
SIGN_OUT_SECONDS: Final = 30
"""How long after the last wrap-up a person signs out."""
BREAK_GAP_SECONDS: Final = 20 * 60
"""A longer gap between calls has a break in it ..."""
BREAK_MARGIN_SECONDS: Final = 120
"""... from this long after the wrap-up until this long before the next call."""
SHIFT_GAP_SECONDS: Final = 4 * 3600
"""A longer gap between calls ends the shift."""


class Status(StrEnum):
    """The statuses that a plan knows, as the contract names them."""

    OFFLINE = "OFFLINE"
    AVAILABLE = "AVAILABLE"
    ON_BREAK = "ON_BREAK"
    IN_LINE = "IN_LINE"
    AFTER_CALL_WORK = "AFTER_CALL_WORK"


class Happening(Enum):
    """What happens to a person at an instant."""

    SIGN_IN = "sign-in"
    BACK_TO_RECEPTION = "back to reception"
    WRAP_UP_ENDS = "wrap-up ends by countdown"
    CLAIM = "claim"
    ACCEPT = "offer accepted"
    CALL_STARTED = "second call reported"
    CALL_ENDED = "call ended"
    BREAK_START = "break begins"
    BREAK_END = "break ends"
    SIGN_OUT = "sign-out"


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call served by a named person."""

    call_id: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """What is done for a person at an instant. ``call`` is set for steps about a call."""

    happening: Happening
    at: int
    call: PlannedCall | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A planned change of the visible status."""

    happening: Happening
    at: int
    before: Status
    after: Status


@dataclass(frozen=True, slots=True)
class Shift:
    """From a sign-in to the next sign-out. ``steps`` are to be done in order; ``boundaries`` are what they lead to."""

    steps: tuple[Step, ...]
    boundaries: tuple[Boundary, ...]

    @property
    def begins_at(self) -> int:
        """The sign-in."""
        return self.steps[0].at

    @property
    def ends_at(self) -> int:
        """The sign-out."""
        return self.steps[-1].at


@dataclass(frozen=True, slots=True)
class Span:
    """Calls of one person without a moment between them: each but the first begins before those before it have ended."""

    calls: tuple[PlannedCall, ...]

    @property
    def start(self) -> int:
        """When the first begins."""
        return self.calls[0].start

    @property
    def end(self) -> int:
        """When the last one ends."""
        return max(call.end for call in self.calls)


_CHANGES: Final = {
    Happening.SIGN_IN: (Status.OFFLINE, Status.AVAILABLE),
    Happening.BACK_TO_RECEPTION: (Status.AFTER_CALL_WORK, Status.AVAILABLE),
    Happening.WRAP_UP_ENDS: (Status.AFTER_CALL_WORK, Status.AVAILABLE),
    Happening.ACCEPT: (Status.AVAILABLE, Status.IN_LINE),
    Happening.BREAK_START: (Status.AVAILABLE, Status.ON_BREAK),
    Happening.BREAK_END: (Status.ON_BREAK, Status.AVAILABLE),
    Happening.SIGN_OUT: (Status.AVAILABLE, Status.OFFLINE),
}


def spans_of(calls: Sequence[PlannedCall]) -> list[Span]:
    """The calls grouped into spans, in order of time. A call that begins as another ends opens a new span."""
    ordered = sorted(calls, key=lambda call: (call.start, call.end, call.line))
    spans: list[list[PlannedCall]] = []
    end = 0
    for call in ordered:
        if spans and call.start < end:
            spans[-1].append(call)
            end = max(end, call.end)
        else:
            spans.append([call])
            end = call.end
    return [Span(tuple(members)) for members in spans]


def shifts_of(calls: Sequence[PlannedCall]) -> list[Shift]:
    """The shifts that one person works for these calls, in order of time."""
    shifts: list[list[Span]] = []
    for span in spans_of(calls):
        if shifts and span.start - shifts[-1][-1].end <= SHIFT_GAP_SECONDS:
            shifts[-1].append(span)
        else:
            shifts.append([span])
    return [_shift(spans) for spans in shifts]


def _shift(spans: Sequence[Span]) -> Shift:
    happenings = list(_happenings(spans))
    steps = tuple(step for step, _ in happenings if step.happening is not Happening.WRAP_UP_ENDS)
    boundaries = tuple(
        Boundary(step.happening, step.at, *change) for step, change in happenings if change is not None
    )  # fmt: skip
    return Shift(steps, boundaries)


_Happened = tuple[Step, tuple[Status, Status] | None]
"""A step with the change of the visible status that it makes, if it makes one."""


def _happened(happening: Happening, at: int, call: PlannedCall | None = None) -> _Happened:
    return Step(happening, at, call), _CHANGES.get(happening)


def _happenings(spans: Sequence[Span]) -> Iterator[_Happened]:
    yield _happened(Happening.SIGN_IN, spans[0].start - SIGN_IN_SECONDS)
    ready_at = spans[0].start - SIGN_IN_SECONDS
    for at, span in enumerate(spans):
        if at:
            ready_at = spans[at - 1].end
            yield from _between(ready_at, span.start)
        yield _happened(Happening.CLAIM, max(ready_at, span.start - RING_SECONDS), span.calls[0])
        yield from _during(span)
    wrapped_up_at = spans[-1].end + WRAP_UP_SECONDS
    yield _happened(Happening.WRAP_UP_ENDS, wrapped_up_at)
    yield _happened(Happening.SIGN_OUT, wrapped_up_at + SIGN_OUT_SECONDS)


def _between(end: int, next_start: int) -> Iterator[_Happened]:
    ready_at, wrapped_up_at = max(end, next_start - READY_SECONDS), end + WRAP_UP_SECONDS
    if ready_at < wrapped_up_at:
        yield _happened(Happening.BACK_TO_RECEPTION, ready_at)
        return
    yield _happened(Happening.WRAP_UP_ENDS, wrapped_up_at)
    if next_start - end > BREAK_GAP_SECONDS:
        yield _happened(Happening.BREAK_START, wrapped_up_at + BREAK_MARGIN_SECONDS)
        yield _happened(Happening.BREAK_END, next_start - BREAK_MARGIN_SECONDS)


def _during(span: Span) -> Iterator[_Happened]:
    """Starts and ends in order of time; at one instant ends first, but a call of no length starts before it ends."""
    events: list[tuple[int, int, int, int, Happening]] = []
    for at, call in enumerate(span.calls):
        start = Happening.CALL_STARTED if at else Happening.ACCEPT
        events.append((call.start, 1, at, 0, start))
        events.append((call.end, 0 if call.end > call.start else 1, at, 1, Happening.CALL_ENDED))
    events.sort(key=lambda event: event[:4])
    lasting = len(span.calls)
    for instant, _, at, _, happening in events:
        step, change = _happened(happening, instant, span.calls[at])
        if happening is Happening.CALL_ENDED:
            lasting -= 1
            change = None if lasting else (Status.IN_LINE, Status.AFTER_CALL_WORK)
        yield step, change
