"""Chooses and orders the rows of the live table; it is pure, and shows nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onduty.v1.staff_pb2 import Staff
from onduty_cli.skill_groups import group_names
from onduty_cli.watch.trouble import (
    SHOWN_STATUSES,
    Limits,
    Trouble,
    is_assignable,
    shown_since,
    shown_status,
    trouble_of,
)
from onduty_cli.watch.view import CAN_BE_ASSIGNED, EVERYBODY, NEEDS_A_LOOK, View, groups_meant


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the table shows them."""

    staff: Staff
    status: str
    """The shown status's short name."""
    since: int
    """Since when the shown status lasts, in microseconds since the epoch."""
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows that were asked for, in order, and what the whole floor counts."""

    rows: Sequence[Row]
    everybody: int
    assignable: int
    troubled: int
    counts: Sequence[tuple[str, int]]
    """How many have each shown status, in the order of tables; those that nobody has are left out."""
    groups: Sequence[str]
    """The skill groups there are, sorted."""


def arrange(staff: Iterable[Staff], view: View, *, now: int, limits: Limits) -> Arrangement:
    """Returns the floor as the view wants it at ``now``, in microseconds since the epoch."""
    rows = [_row(member, now, limits) for member in staff]
    counted = Counter(row.status for row in rows)
    groups = sorted({group for row in rows for group in group_names(row.staff.skill_groups)})
    return Arrangement(
        rows=sorted(_wanted(rows, view, groups), key=_ORDERS[view.sort]),
        everybody=len(rows),
        assignable=sum(is_assignable(row.staff) for row in rows),
        troubled=sum(bool(row.trouble) for row in rows),
        counts=sorted(counted.items(), key=lambda item: _rank(item[0])),
        groups=groups,
    )


def _row(staff: Staff, now: int, limits: Limits) -> Row:
    return Row(staff, shown_status(staff), shown_since(staff), trouble_of(staff, now, limits))


def _wanted(rows: Iterable[Row], view: View, groups: Sequence[str]) -> Iterable[Row]:
    sought = view.search.strip().casefold()
    meant = set(groups_meant(view.group, groups)) if view.group.strip() else None
    for row in rows:
        if not _has_status(row, view.status) or (meant is not None and meant.isdisjoint(group_names(row.staff.skill_groups))):
            continue
        if sought in row.staff.staff_id.casefold() or sought in row.staff.display_name.casefold():
            yield row


def _has_status(row: Row, wanted: str) -> bool:
    if wanted == EVERYBODY:
        return True
    if wanted == NEEDS_A_LOOK:
        return bool(row.trouble)
    return is_assignable(row.staff) if wanted == CAN_BE_ASSIGNED else row.status == wanted


def _rank(status: str) -> int:
    return SHOWN_STATUSES.index(status) if status in SHOWN_STATUSES else len(SHOWN_STATUSES)


_ORDERS: dict[str, Callable[[Row], Any]] = {
    # The longest first: who has waited longest to be looked at, or for a call.
    "trouble": lambda row: (row.trouble.kind, _rank(row.status), row.since, row.staff.staff_id),
    "name": lambda row: ((row.staff.display_name or row.staff.staff_id).casefold(), row.staff.staff_id),
    "status": lambda row: (_rank(row.status), row.since, row.staff.staff_id),
    "since": lambda row: (row.since, row.staff.staff_id),
}
