"""Who needs a look, who is shown, and in what order."""

import pytest

from onduty.v1.staff_pb2 import (
    STATUS_AFTER_CALL_WORK,
    STATUS_AVAILABLE,
    STATUS_BUSY,
    STATUS_IN_LINE,
    STATUS_ON_BREAK,
    Call,
    Capabilities,
    Connection,
    Offer,
    SkillGroup,
    Staff,
    Status,
)
from onduty_cli.moments import timestamp_of
from onduty_cli.watch.arrangement import arrange
from onduty_cli.watch.trouble import Limits, remarks, shown_status, trouble_of
from onduty_cli.watch.view import View

SECOND = 1_000_000
NOW = 10_000 * SECOND


def person(staff_id: str, status: Status = STATUS_AVAILABLE, *, lasting: int = 1, **fields: object) -> Staff:
    since = timestamp_of(NOW - lasting * SECOND)
    return Staff(staff_id=staff_id, status=status, status_started_at=since, **fields)  # type: ignore[arg-type]


def ringing(staff_id: str, *, left: int) -> Staff:
    offer = Offer(call_id="c", offered_at=timestamp_of(NOW - 5 * SECOND), expires_at=timestamp_of(NOW + left * SECOND))
    return person(staff_id, offer=offer)


FLOOR = [
    person(
        "waits",
        lasting=50,
        capabilities=Capabilities(assign_inbound=True),
        display_name="Zoë",
        skill_groups=[SkillGroup(name="sales", level=3)],
    ),
    person("new", lasting=2, capabilities=Capabilities(assign_inbound=True), display_name="ana"),
    person("busy", STATUS_BUSY, lasting=9_000, display_name="Max"),
    person("missed", STATUS_ON_BREAK, lasting=60, misses=2),
    person("talks", STATUS_IN_LINE, lasting=1_799, calls=[Call(call_id="c-1")]),
    person("talks-long", STATUS_IN_LINE, lasting=1_800),
    person("wraps-long", STATUS_AFTER_CALL_WORK, lasting=300),
    person("lost", connection=Connection(offline_at=timestamp_of(NOW + 9 * SECOND))),
    person("late", STATUS_ON_BREAK, lasting=400, overdue=True),
    ringing("rings", left=20),
    ringing("rings-out", left=4),
]


def ids(view: View, limits: Limits | None = None) -> list[str]:
    return [row.staff.staff_id for row in arrange(FLOOR, view, now=NOW, limits=limits or Limits()).rows]


def test_trouble_comes_first_by_how_soon_somebody_must_act():
    """Then by status, and within it the longest first."""
    assert ids(View()) == [
        "rings-out", "late", "lost", "wraps-long", "talks-long", "missed", "waits", "new", "rings", "talks", "busy",
    ]  # fmt: skip


def test_the_other_orders():
    """By name whatever its case, by status, by time in status."""
    assert ids(View(sort="name"))[:2] == ["new", "late"]
    assert ids(View(sort="status"))[0] == "waits"
    assert ids(View(sort="since"))[:2] == ["busy", "talks-long"]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View(status="RINGING"), ["rings-out", "rings"]),
        (View(status="can be assigned"), ["waits", "new"]),
        (View(search="ZOË"), ["waits"]),
        (View(search="talks"), ["talks-long", "talks"]),
        (View(group="sal"), ["waits"]),
        (View(group="nothing"), []),
    ],
)
def test_rows_are_narrowed(view: View, found: list[str]):
    """By status, by what can be assigned, by name or id, by group."""
    assert ids(view) == found


def test_the_whole_floor_is_counted_whatever_is_shown():
    """Ringing people are no AVAILABLE ones."""
    counted = arrange(FLOOR, View(search="nobody"), now=NOW, limits=Limits())
    assert (counted.everybody, counted.assignable, counted.troubled) == (11, 2, 6)
    assert dict(counted.counts)["RINGING"] == 2
    assert dict(counted.counts)["AVAILABLE"] == 3
    assert counted.groups == ["sales"]


def test_what_is_long_can_be_set():
    """Everybody's calls differ."""
    assert "talks" in ids(View(status="needs a look"), Limits(call=60 * SECOND))


def test_trouble_says_itself_in_words():
    """And the remarks do not say it again."""
    rings = ringing("kim", left=4)
    trouble = trouble_of(rings, NOW, Limits())
    assert trouble.words == "rings out in 4s"
    assert remarks(rings, NOW, trouble) == ["c"]
    assert remarks(rings, NOW) == ["4s, c"]
    assert shown_status(rings) == "RINGING"
    assert trouble_of(person("kim", STATUS_ON_BREAK, overdue=True), NOW, Limits()).words == "break OVERDUE"
