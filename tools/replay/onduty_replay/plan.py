"""Turns checked call records into what is to be played, and into what the records themselves say; plays nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onduty_replay.names import counted
from onduty_replay.records import DAY_SECONDS, CallRecord, Interval, Outcome
from onduty_replay.timeline import (
    BREAK_GAP_SECONDS,
    BREAK_MARGIN_SECONDS,
    READY_SECONDS,
    RING_SECONDS,
    SHIFT_GAP_SECONDS,
    SIGN_IN_SECONDS,
    SIGN_OUT_SECONDS,
    WRAP_UP_SECONDS,
    Happening,
    PlannedCall,
    Shift,
    Status,
    shifts_of,
)

EVERYBODY: Final = "calls"
"""The skill group of every person of the records, beside one for each type of call that the person served."""
STAFF_LIMIT: Final = 1_000
"""People a plan may have: the contract's bound for one batch and one summary."""


@dataclass(frozen=True, slots=True)
class StaffPlan:
    """What one person does."""

    staff_id: str
    skill_groups: tuple[str, ...]
    calls: tuple[PlannedCall, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class HangUp:
    """A caller who gave up in the queue: somebody's workspace rings from ``rings_at``, the caller is gone at ``gone_at``."""

    call_id: str
    skill_group: str
    rings_at: int
    gone_at: int


@dataclass(frozen=True, slots=True)
class FileTimes:
    """What the records say of one person, in seconds, without the plan's steps: the figures that the server must reach."""

    seconds: dict[Status, int]
    """By status; OFFLINE is left out."""
    call_seconds: int
    """The calls' lengths added up."""
    overlap_seconds: int
    """How much of that was spent in a second or third call at once: ``call_seconds`` less IN_LINE."""


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows of each kind were read, and how many calls of each kind follow from them."""

    rows: int
    served: int
    unattributed: int
    """Served, but the file names nobody: not played."""
    unattributed_seconds: int
    phantom: int
    hung_up_in_queue: int
    never_queued: int
    """Hung up before the queue: not played."""
    zero_length: int
    """Served by a named person for no time, those without service times included."""
    without_service_times: int
    """Served by a named person, but the row has no service times: played as a call of no length at the queue's end."""
    past_midnight: int
    overlapping: int
    """Served by a named person who was in another call: reported, not claimed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is played. Instants are seconds since the midnight that begins ``first_day``."""

    first_day: date
    staff: tuple[StaffPlan, ...]
    hang_ups: tuple[HangUp, ...]
    counts: RowCounts

    @property
    def calls(self) -> int:
        """How many calls named people serve."""
        return sum(len(person.calls) for person in self.staff)


def plan_of(records: Sequence[CallRecord]) -> Plan:
    """The plan of the records.

    Raises:
        ValueError: there is nothing to play, or there are more people than one batch takes.
    """
    if not records:
        raise ValueError("the file has no calls")
    first_day = min(record.day for record in records)
    staff = tuple(_staff_plan(name, rows, first_day) for name, rows in sorted(_by_server(records).items()))
    if not staff:
        raise ValueError("the file names nobody who served a call")
    if len(staff) > STAFF_LIMIT:
        raise ValueError(
            f"the file names {counted(len(staff), 'person', 'people')}; at most {STAFF_LIMIT} can be played at once"
        )
    hang_ups = sorted(_hang_ups(records, first_day), key=lambda hang_up: (hang_up.rings_at, hang_up.call_id))
    return Plan(first_day, staff, tuple(hang_ups), _counts(records, staff))


def file_times(person: StaffPlan) -> FileTimes:
    """The seconds that the person's calls, and the gaps between them, stand for.

    Counted from the calls alone, not from the shifts' steps, so that each checks the other.
    """
    seconds = dict.fromkeys((Status.IN_LINE, Status.AFTER_CALL_WORK, Status.AVAILABLE, Status.ON_BREAK), 0)
    ended_at: int | None = None
    for call in sorted(person.calls, key=lambda call: (call.start, call.end)):
        if ended_at is None or call.start >= ended_at:
            _count_gap(seconds, None if ended_at is None else call.start - ended_at)
            ended_at = call.start
        seconds[Status.IN_LINE] += max(0, call.end - ended_at)
        ended_at = max(ended_at, call.end)
    _count_shift_end(seconds)
    call_seconds = sum(call.end - call.start for call in person.calls)
    return FileTimes(seconds, call_seconds, call_seconds - seconds[Status.IN_LINE])


def _count_gap(seconds: dict[Status, int], gap: int | None) -> None:
    """Add what a gap before a call stands for. None: the call is the person's first."""
    if gap is None or gap > SHIFT_GAP_SECONDS:
        if gap is not None:
            _count_shift_end(seconds)
        seconds[Status.AVAILABLE] += SIGN_IN_SECONDS
        return
    wrap_up = min(WRAP_UP_SECONDS, max(0, gap - READY_SECONDS))
    rest = gap - wrap_up - 2 * BREAK_MARGIN_SECONDS if gap > BREAK_GAP_SECONDS else 0
    seconds[Status.AFTER_CALL_WORK] += wrap_up
    seconds[Status.ON_BREAK] += rest
    seconds[Status.AVAILABLE] += gap - wrap_up - rest


def _count_shift_end(seconds: dict[Status, int]) -> None:
    seconds[Status.AFTER_CALL_WORK] += WRAP_UP_SECONDS
    seconds[Status.AVAILABLE] += SIGN_OUT_SECONDS


def _by_server(records: Iterable[CallRecord]) -> dict[str, list[CallRecord]]:
    rows: dict[str, list[CallRecord]] = {}
    for record in records:
        if record.outcome is Outcome.SERVED and record.server:
            rows.setdefault(record.server, []).append(record)
    return rows


def _staff_plan(name: str, rows: Sequence[CallRecord], first_day: date) -> StaffPlan:
    calls = tuple(_planned_call(row, first_day) for row in rows)
    groups = tuple(sorted({EVERYBODY, *(row.kind for row in rows)}))
    return StaffPlan(name, groups, calls, tuple(shifts_of(calls)))


def _planned_call(record: CallRecord, first_day: date) -> PlannedCall:
    midnight = _midnight(record, first_day)
    served = record.service or Interval(record.reached_at, record.reached_at)
    return PlannedCall(record.key, midnight + served.start, midnight + served.end, record.line)


def _midnight(record: CallRecord, first_day: date) -> int:
    return (record.day - first_day).days * DAY_SECONDS


def _hang_ups(records: Iterable[CallRecord], first_day: date) -> Iterable[HangUp]:
    for record in records:
        if record.outcome is Outcome.HUNG_UP and record.queued:
            midnight = _midnight(record, first_day)
            gone_at = midnight + record.queued.end
            rings_at = max(midnight + record.queued.start, gone_at - RING_SECONDS)
            yield HangUp(record.key, record.kind, rings_at, gone_at)


def _counts(records: Sequence[CallRecord], staff: Sequence[StaffPlan]) -> RowCounts:
    served = [record for record in records if record.outcome is Outcome.SERVED]
    hung_up = [record for record in records if record.outcome is Outcome.HUNG_UP]
    unattributed = [record for record in served if record.server is None]
    calls = [call for person in staff for call in person.calls]
    steps = [step for person in staff for shift in person.shifts for step in shift.steps]
    return RowCounts(
        rows=len(records),
        served=len(served),
        unattributed=len(unattributed),
        unattributed_seconds=sum(record.service.seconds for record in unattributed if record.service),
        phantom=sum(1 for record in records if record.outcome is Outcome.PHANTOM),
        hung_up_in_queue=sum(1 for record in hung_up if record.queued),
        never_queued=sum(1 for record in hung_up if not record.queued),
        zero_length=sum(1 for call in calls if call.end == call.start),
        without_service_times=sum(1 for record in served if record.server and not record.service),
        past_midnight=sum(1 for record in records if record.past_midnight),
        overlapping=sum(1 for step in steps if step.happening is Happening.CALL_STARTED),
    )
