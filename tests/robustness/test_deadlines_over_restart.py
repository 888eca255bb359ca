"""Deadlines are instants in the store: a killed server neither loses nor resets nor repeats them."""

import signal
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from google.protobuf.duration_pb2 import Duration
from patience import PATIENCE_SECONDS
from robustness.clock_server import clock_server
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    staff_pb2,
    workspace_service_pb2,
)
from onduty_server.adapters.system_clock import SystemClock

Place = tuple[str, int]
"""Whose deadline, and the cause its change names."""

EARLY, EARLY_STEP = 60.0, 30.0
LATE, LATE_STEP = 500.0, 0.1
"""The least length of the deadlines of either group, and what each is longer than the one before. None passes by itself."""
AFTER_AGE = 0.2
GRACE = 1.0
LEFT_SECONDS = 200.0
"""What is left of the late deadlines when the server is started again, then its clock is set to when they pass.

It is more than any test waits.
"""
CALL_SECONDS = PATIENCE_SECONDS

IN_GRACE = ("early-grace", "late-grace", "held")
"""Whose grace had passed by the start, whose ran, and whose workspace died with the server."""


@dataclass(frozen=True)
class Story:
    """What was set before the kill, and the history afterwards. Instants are microseconds since the epoch."""

    early: Mapping[Place, int]
    late: Mapping[Place, int]
    killed_at: int
    history: list[staff_pb2.Transition]
    history_after_second_kill: list[staff_pb2.Transition]

    def fired(self, places: Mapping[Place, int]) -> list[staff_pb2.Transition]:
        """The changes of these deadlines, by revision."""
        return [one for one in self.history if (one.staff_id, one.cause) in places]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Five kinds of deadlines set twice, a kill, a start by a clock on which the early ones have passed, and once more."""
    journal = tmp_path_factory.mktemp("deadlines") / "journal.db"
    with clock_server(journal, "--rehearsal") as first, stubs_of(first.address) as stubs:
        _create(stubs)
        late = _set_deadlines(stubs, "late", LATE, LATE_STEP)
        early = _set_deadlines(stubs, "early", EARLY, EARLY_STEP)
        held = _attach(stubs, "held")
        for group, places in (("early", early), ("late", late)):
            del places[f"{group}-grace", staff_pb2.CAUSE_DISCONNECTED]  # it begins anew
        _set_policy(stubs, countdown=AFTER_AGE, age=EARLY, grace=GRACE)
        killed_at = SystemClock().now()
        first.stop(signal.SIGKILL)
        held.cancel()
    for group, places in (("early", early), ("late", late)):
        aged_at = places[f"{group}-age", staff_pb2.CAUSE_CALL_AGE]
        places[f"{group}-age", staff_pb2.CAUSE_WRAP_UP_ENDED] = aged_at + _micros(AFTER_AGE)
    ahead = _seconds_until(min(late.values())) - LEFT_SECONDS
    assert ahead > _seconds_until(max(early.values()))
    with clock_server(journal, "--rehearsal", ahead_seconds=ahead) as second, stubs_of(second.address) as stubs:
        assert not _places(_export(stubs)) & set(late)
        ahead = _seconds_until(min(late.values()))
        second.move(ahead)
        expected = {*late, *((name, staff_pb2.CAUSE_DISCONNECTED) for name in IN_GRACE)}
        wait_until(lambda: _places(_export(stubs)) >= expected, PATIENCE_SECONDS, what="the firing of the late deadlines")
        history = _export(stubs)
        second.stop(signal.SIGKILL)
    with clock_server(journal, "--rehearsal", ahead_seconds=ahead) as third, stubs_of(third.address) as stubs:
        again = _export(stubs)
    return Story(early, late, killed_at, history, again)


def _create(stubs: Stubs) -> None:
    names = [f"{group}-{kind}" for group in ("early", "late") for kind in ("offer", "age", "wrap", "grace", "break")]
    for name in (*names, "held"):
        stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id=name), timeout=CALL_SECONDS)
        _change(stubs, name, staff_pb2.STATUS_AVAILABLE)
    for group, least in (("early", EARLY), ("late", LATE)):
        reason = admin_service_pb2.CreateBreakReasonRequest(code=group, limit=_length(least))
        stubs.admin.CreateBreakReason(reason, timeout=CALL_SECONDS)


def _set_deadlines(stubs: Stubs, group: str, least: float, step: float) -> dict[Place, int]:
    """One deadline of each kind, the first one set to pass last; returns when each passes."""
    pb = router_service_pb2
    _set_policy(stubs, countdown=least + 2 * step, age=least + 3 * step, grace=least + step)
    ttl = _length(least + 4 * step)
    offer = stubs.router.ClaimStaff(
        pb.ClaimStaffRequest(named={"staff_id": f"{group}-offer"}, call_id="o", ttl=ttl), timeout=CALL_SECONDS
    )
    age = stubs.router.ReportCallStarted(
        pb.ReportCallStartedRequest(staff_id=f"{group}-age", call_id="a"), timeout=CALL_SECONDS
    )
    stubs.router.ReportCallStarted(pb.ReportCallStartedRequest(staff_id=f"{group}-wrap", call_id="w"), timeout=CALL_SECONDS)
    wrap = stubs.router.ReportCallEnded(pb.ReportCallEndedRequest(staff_id=f"{group}-wrap", call_id="w"), timeout=CALL_SECONDS)
    _attach(stubs, f"{group}-grace").cancel()
    grace = wait_until(lambda: _with_grace(stubs, f"{group}-grace"), what="the grace")
    rest = _change(stubs, f"{group}-break", staff_pb2.STATUS_ON_BREAK, group)
    return {
        (f"{group}-offer", staff_pb2.CAUSE_NO_ANSWER): offer.staff.offer.expires_at.ToMicroseconds(),
        (f"{group}-age", staff_pb2.CAUSE_CALL_AGE): age.staff.calls[0].ends_at.ToMicroseconds(),
        (f"{group}-wrap", staff_pb2.CAUSE_WRAP_UP_ENDED): wrap.staff.wrap_up.ends_at.ToMicroseconds(),
        (f"{group}-grace", staff_pb2.CAUSE_DISCONNECTED): grace.connection.offline_at.ToMicroseconds(),
        (f"{group}-break", staff_pb2.CAUSE_BREAK_LIMIT): rest.break_ends_at.ToMicroseconds(),
    }


def _set_policy(stubs: Stubs, *, countdown: float, age: float, grace: float) -> None:
    policy = policy_pb2.Policy(
        after_call_work=policy_pb2.AfterCallWorkPolicy(countdown=_length(countdown)),
        max_call_age=_length(age),
        disconnect_grace=_length(grace),
    )
    stubs.admin.UpdatePolicy(admin_service_pb2.UpdatePolicyRequest(policy=policy), timeout=CALL_SECONDS)


def _attach(stubs: Stubs, name: str):
    stream = stubs.workspace.Attach(workspace_service_pb2.AttachRequest(staff_id=name), timeout=600)
    assert len(next(stream).change.staff.connection.workspaces) == 1
    return stream


def _with_grace(stubs: Stubs, name: str) -> staff_pb2.Staff | None:
    staff = stubs.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id=name), timeout=CALL_SECONDS).staff
    return staff if staff.connection.HasField("offline_at") else None


def _change(stubs: Stubs, name: str, status: int, reason: str = "") -> staff_pb2.Staff:
    request = workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": status, "break_reason": reason})
    return stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS).staff


def _export(stubs: Stubs) -> list[staff_pb2.Transition]:
    frames = stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=CALL_SECONDS)
    return [one for frame in frames for one in frame.transitions]


def _places(history: list[staff_pb2.Transition]) -> set[Place]:
    return {(one.staff_id, one.cause) for one in history}


def _length(seconds: float) -> Duration:
    duration = Duration()
    duration.FromMicroseconds(_micros(seconds))
    return duration


def _seconds_until(instant: int) -> float:
    return (instant - SystemClock().now()) / 1_000_000


def _micros(seconds: float) -> int:
    return round(seconds * 1_000_000)


def test_what_passed_while_the_server_was_down_fires_at_its_start(story: Story) -> None:
    """Every deadline that passed during the downtime is the first thing the new process does, before it lets go of the dead."""
    early = story.fired(story.early)
    let_go = next(one for one in story.history if one.staff_id == "held" and one.cause == staff_pb2.CAUSE_DETACHED)
    assert _places(early) == set(story.early)
    assert min(one.recorded_at.ToMicroseconds() for one in early) > story.killed_at
    assert max(one.revision for one in early) < let_go.revision


def test_what_passed_fires_in_the_order_of_the_instants(story: Story) -> None:
    """The deadlines that passed fire by their instants, also one that follows from another; not by who was set first."""
    fired = [(one.staff_id, one.cause) for one in story.fired(story.early)]
    assert fired == sorted(story.early, key=lambda place: story.early[place])
    assert fired != list(story.early)


def test_a_late_firing_bears_the_instant_of_the_deadline(story: Story) -> None:
    """``changed_at`` is when the deadline passed, not when the server came back; ``recorded_at`` tells the latter."""
    for one in story.fired(story.early):
        assert one.changed_at.ToMicroseconds() == story.early[one.staff_id, one.cause]
        assert one.recorded_at.ToMicroseconds() > one.changed_at.ToMicroseconds()


def test_what_is_still_to_come_fires_at_its_instant(story: Story) -> None:
    """A deadline that had not passed at the start keeps its instant, and fires neither before it nor long after it."""
    late = story.fired(story.late)
    assert _places(late) == set(story.late)
    for one in late:
        at = story.late[one.staff_id, one.cause]
        assert one.changed_at.ToMicroseconds() == at
        assert 0 <= one.recorded_at.ToMicroseconds() - at < _micros(PATIENCE_SECONDS)


def test_no_deadline_fires_twice(story: Story) -> None:
    """Each deadline has one change, and another kill and start adds none."""
    times = Counter((one.staff_id, one.cause) for one in story.fired({**story.early, **story.late}))
    assert set(times.values()) == {1}
    assert story.history_after_second_kill == story.history


@pytest.mark.parametrize("name", IN_GRACE)
def test_every_grace_counts_from_the_start(story: Story, name: str) -> None:
    """While no server ran nobody could come back: each is signed out a grace after the start, at that instant."""
    mine = {one.cause: one for one in story.history if one.staff_id == name}  # the last change of each cause
    let_go, signed_out = mine[staff_pb2.CAUSE_DETACHED], mine[staff_pb2.CAUSE_DISCONNECTED]
    assert let_go.changed_at.ToMicroseconds() > max(story.early.values())
    assert signed_out.changed_at.ToMicroseconds() - let_go.changed_at.ToMicroseconds() == _micros(GRACE)
    assert signed_out.status == staff_pb2.STATUS_OFFLINE
