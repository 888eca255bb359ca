"""Explains every second by which the server's sums differ from the records; asks nobody and prints nothing.

Three accounts of the same time are held against each other:

* *file*: what the records stand for (``plan.file_times``), in simulated seconds;
* *server*: what ``SummarizeTime`` says, times the speed;
* *timing*: how late each planned change of a status took effect, by the instants that the workspace stream carried. A status
  lasts as much longer as its end was late, and as much shorter as its beginning was.

``file + timing`` must be ``server``, to the microsecond: the difference that is left is *unexplained*. The timing can only be
told if the person went through the planned statuses in the planned order, whatever the instants; the first change that is
not the planned one is named, and what follows it stays unexplained.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from onduty_replay.names import counted
from onduty_replay.pace import MICROSECONDS, Pace
from onduty_replay.plan import FileTimes, Plan, StaffPlan, file_times
from onduty_replay.tally import Tally
from onduty_replay.timeline import Boundary, Happening, Status

COUNTED: Final = (Status.IN_LINE, Status.AFTER_CALL_WORK, Status.AVAILABLE, Status.ON_BREAK)
"""The statuses that are accounted for. OFFLINE lasts before, between and after the shifts and has no planned length."""
_BY_STAFF_OR_COUNTDOWN: Final = frozenset({"STAFF", "WRAP_UP_ENDED"})
_CAUSES: Final[Mapping[Happening, frozenset[str]]] = {
    Happening.SIGN_IN: frozenset({"STAFF"}),
    Happening.BACK_TO_RECEPTION: _BY_STAFF_OR_COUNTDOWN,
    Happening.WRAP_UP_ENDS: _BY_STAFF_OR_COUNTDOWN,
    Happening.ACCEPT: frozenset({"OFFER_ACCEPTED", "CALL_STARTED"}),
    Happening.CALL_ENDED: frozenset({"CALL_ENDED"}),
    Happening.BREAK_START: frozenset({"STAFF"}),
    Happening.BREAK_END: frozenset({"STAFF"}),
    Happening.SIGN_OUT: frozenset({"STAFF"}),
}
"""By what a planned change may have come. Which of countdown and staff member ends a wrap-up is a matter of milliseconds."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of a person's visible status, as the workspace stream told it."""

    revision: int
    before: tuple[str, str]
    """Status and break reason."""
    after: tuple[str, str]
    cause: str
    at: int
    """Microseconds since the epoch by the server's clock."""
    spent: int
    """The time in the status before, as the server says, in microseconds."""


@dataclass(frozen=True, slots=True)
class ServerTimes:
    """What ``SummarizeTime`` says of one person."""

    microseconds: Mapping[str, int]
    """By status, break reasons added up."""
    calls_started: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late one planned change took effect."""

    happening: Happening
    before: Status
    after: Status
    simulated: int
    """Simulated microseconds; negative: early."""


@dataclass(frozen=True, slots=True)
class Account:
    """One status of one person, or a sum of such, in simulated microseconds."""

    status: str
    file: int
    server: int
    timing: int

    @property
    def difference(self) -> int:
        """Server less file."""
        return self.server - self.file

    @property
    def unexplained(self) -> int:
        """What is left of the difference without the timing."""
        return self.difference - self.timing

    @property
    def is_explained(self) -> bool:
        """There is no rest: all times are whole microseconds."""
        return not self.unexplained


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """All of one person."""

    staff_id: str
    accounts: tuple[Account, ...]
    calls_in_file: int
    calls_at_server: int
    file: FileTimes
    lateness: tuple[Lateness, ...]
    wrap_ups_by_countdown: int
    breaks: int
    problems: tuple[str, ...]

    @property
    def is_explained(self) -> bool:
        """Nothing is left over."""
        calls_agree = self.calls_in_file == self.calls_at_server
        return calls_agree and not self.problems and all(account.is_explained for account in self.accounts)


def settle(
    person: StaffPlan,
    changes: Sequence[StatusChange],
    server: ServerTimes,
    *,
    pace: Pace,
    countdown: int,
    contradictions: Iterable[str] = (),
) -> StaffAccount:
    """The account of one person. ``countdown`` is the wrap-up's, in microseconds of the server's clock."""
    boundaries = [boundary for shift in person.shifts for boundary in shift.boundaries]
    matched, mismatches = _match(boundaries, changes)
    lateness = tuple(
        Lateness(boundary.happening, boundary.before, boundary.after, pace.lateness(boundary.at, change.at))
        for boundary, change in matched
    )
    file = file_times(person)
    return StaffAccount(
        staff_id=person.staff_id,
        accounts=_accounts(file, server, lateness, pace.speed),
        calls_in_file=len(person.calls),
        calls_at_server=server.calls_started,
        file=file,
        lateness=lateness,
        wrap_ups_by_countdown=sum(change.cause == "WRAP_UP_ENDED" for change in changes),
        breaks=sum(change.after[0] == Status.ON_BREAK for change in changes),
        problems=(*mismatches, *_incoherences(changes, countdown), *contradictions),
    )


def total(people: Sequence[StaffAccount]) -> tuple[Account, ...]:
    """The accounts of all people added up, by status."""
    sums: dict[str, Account] = {}
    for account in (account for person in people for account in person.accounts):
        known = sums.get(account.status, Account(account.status, 0, 0, 0))
        sums[account.status] = Account(
            account.status,
            known.file + account.file,
            known.server + account.server,
            known.timing + account.timing,
        )
    return tuple(sums.values())


def count_faults(plan: Plan, tally: Tally, people: Sequence[StaffAccount]) -> list[str]:
    """Where what was planned and what was met do not add up, in words."""
    wrap_ups = [late for person in people for late in person.lateness if late.after == Status.AFTER_CALL_WORK]
    by_countdown = sum(person.wrap_ups_by_countdown for person in people)
    rung = tally.withdrawn + tally.superseded + tally.nobody_available
    sums = (
        ("calls ended", plan.calls, tally.calls_ended),
        ("calls begun", plan.calls, tally.offers_accepted + tally.calls_not_claimed + plan.counts.overlapping),
        ("second calls flagged irregular", plan.counts.overlapping, tally.irregular),
        ("callers who hung up in the queue", plan.counts.hung_up_in_queue, rung),
        ("wrap-ups ended", len(wrap_ups), tally.back_to_reception + by_countdown),
    )
    return [f"{what}: {planned} planned, {met} met" for what, planned, met in sums if planned != met]


def _match(
    boundaries: Sequence[Boundary], changes: Sequence[StatusChange]
) -> tuple[list[tuple[Boundary, StatusChange]], list[str]]:
    """Planned and observed changes in pairs, up to the first pair that is not the same change."""
    matched: list[tuple[Boundary, StatusChange]] = []
    for boundary, change in zip(boundaries, changes, strict=False):
        if fault := _fault(boundary, change):
            return matched, [f"change {len(matched) + 1} (revision {change.revision}): {fault}"]
        matched.append((boundary, change))
    if len(boundaries) != len(changes):
        return matched, [f"{counted(len(boundaries), 'change')} of status planned, the stream told {len(changes)}"]
    return matched, []


def _fault(boundary: Boundary, change: StatusChange) -> str:
    planned, observed = (boundary.before, boundary.after), (change.before[0], change.after[0])
    if planned != observed:
        words = f"{' to '.join(planned)} ({boundary.happening.value})"
        return f"planned was {words}, the server went from {' to '.join(observed)} ({change.cause})"
    if change.cause not in _CAUSES[boundary.happening]:
        return f"{boundary.happening.value} came by {change.cause}"
    return ""


def _incoherences(changes: Sequence[StatusChange], countdown: int) -> list[str]:
    """Where the stream contradicts itself or the policy."""
    found: list[str] = []
    for earlier, later in itertools.pairwise(changes):
        spent = later.at - earlier.at
        if later.before != earlier.after:
            found.append(f"revision {later.revision} left {later.before}, but {earlier.after} was the last status told")
        if spent < 0 or spent != later.spent:
            found.append(f"revision {later.revision} says {later.spent} us in the status before; the instants say {spent}")
        if later.before[0] == Status.AFTER_CALL_WORK and _is_wrong_length(later, spent, countdown):
            found.append(f"revision {later.revision}: a wrap-up of {spent} us, the countdown is {countdown}")
    return found


def _is_wrong_length(change: StatusChange, spent: int, countdown: int) -> bool:
    return spent != countdown if change.cause == "WRAP_UP_ENDED" else spent > countdown


def _accounts(
    file: FileTimes, server: ServerTimes, lateness: Sequence[Lateness], speed: int
) -> tuple[Account, ...]:  # fmt: skip
    others = sorted(set(server.microseconds) - set(COUNTED) - {Status.OFFLINE})
    accounts = []
    for status in (*COUNTED, *others):
        ends = sum(late.simulated for late in lateness if late.before == status)
        begins = sum(late.simulated for late in lateness if late.after == status)
        accounts.append(
            Account(
                status=status,
                file=file.seconds.get(Status(status), 0) * MICROSECONDS if status in COUNTED else 0,
                server=server.microseconds.get(status, 0) * speed,
                timing=ends - begins,
            )
        )
    return tuple(accounts)
