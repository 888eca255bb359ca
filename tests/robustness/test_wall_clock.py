"""A whole server on a machine whose wall clock is wrong: a wrap-up of 30 s lasts 30 s of the time that passes."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from patience import PATIENCE_SECONDS
from running_server import RunningServer, until_the_end
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    server_service_pb2,
    staff_pb2,
    workspace_service_pb2,
)
from onduty_server.adapters.system_clock import SystemClock

PROGRAM = Path(__file__).with_name("wall_clock_program.py")
HOUR = 3600.0
YEAR = 365 * 24 * HOUR
COUNTDOWN = 600.0
"""So long that none passes by itself while a test runs."""
NEAR = 60.0
"""Two instants nearer than this are the same to these tests, which may run slowly."""


class Machine:
    """A machine whose clocks a test sets."""

    def __init__(self, directory: Path) -> None:
        """Right clocks, and no journal yet."""
        self.journal = directory / "journal.db"
        self._file = directory / "clocks"
        self.wrong, self.passed = 0.0, 0.0

    def set(self, *, wrong: float | None = None, passes: float = 0.0) -> None:
        """The wall clock is wrong by so many seconds; so many more seconds have passed."""
        self.wrong = self.wrong if wrong is None else wrong
        self.passed += passes
        written = self._file.with_suffix(".new")
        written.write_text(f"{self.wrong} {self.passed}", encoding="ascii")
        written.replace(self._file)

    def true_time(self) -> float:
        """What a right wall clock would show."""
        return SystemClock().now() / 1e6 + self.passed

    @contextlib.contextmanager
    def server(self) -> Iterator["Server"]:
        """A server on the machine for the length of the block."""
        self.set()
        with until_the_end(Server(self)) as server, stubs_of(server.address) as stubs:
            server.stubs = stubs
            yield server


class Server(RunningServer):
    """A server process, and short words for what these tests ask of it."""

    stubs: Stubs

    def __init__(self, machine: Machine) -> None:
        """Start it."""
        self.machine = machine
        self.journal = machine.journal
        program = [sys.executable, str(PROGRAM), str(machine._file), "serve"]
        self._start([*program, "--listen", "127.0.0.1:0", "--journal", str(machine.journal)])

    def now(self) -> float:
        """The server's present."""
        answer = self.stubs.server.GetServerInfo(server_service_pb2.GetServerInfoRequest(), timeout=PATIENCE_SECONDS)
        return answer.answered_at.ToMicroseconds() / 1e6

    def staff(self) -> staff_pb2.Staff:
        """Ana as she is."""
        request = workspace_service_pb2.GetStaffRequest(staff_id="ana")
        return self.stubs.workspace.GetStaff(request, timeout=PATIENCE_SECONDS).staff

    def causes(self) -> list[int]:
        """The causes of all changes."""
        frames = self.stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=PATIENCE_SECONDS)
        return [one.cause for frame in frames for one in frame.transitions]

    def wrap_up(self) -> None:
        """Ana is there, talks, hangs up: the wrap-up begins."""
        if not self.causes():
            policy = {"after_call_work": {"countdown": Duration(seconds=int(COUNTDOWN))}}
            self.stubs.admin.UpdatePolicy(admin_service_pb2.UpdatePolicyRequest(policy=policy), timeout=PATIENCE_SECONDS)
            self.stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id="ana"), timeout=PATIENCE_SECONDS)
            choice = {"status": staff_pb2.STATUS_AVAILABLE}
            self.stubs.workspace.ChangeStatus(
                workspace_service_pb2.ChangeStatusRequest(staff_id="ana", choice=choice), timeout=PATIENCE_SECONDS
            )
        pb, call = router_service_pb2, {"staff_id": "ana", "call_id": f"c{len(self.causes())}", "source": "pbx"}
        self.stubs.router.ReportCallStarted(pb.ReportCallStartedRequest(**call), timeout=PATIENCE_SECONDS)
        self.stubs.router.ReportCallEnded(pb.ReportCallEndedRequest(**call), timeout=PATIENCE_SECONDS)
        assert self.staff().status == staff_pb2.STATUS_AFTER_CALL_WORK

    def left(self) -> float:
        """How many seconds the wrap-up has left by what the server shows."""
        staff = self.staff()
        assert staff.status == staff_pb2.STATUS_AFTER_CALL_WORK
        return staff.wrap_up.ends_at.ToMicroseconds() / 1e6 - self.now()

    def until_it_agrees(self) -> None:
        """Wait until the server's present is the wall clock's."""
        wait_until(lambda: abs(self.now() - self.machine.true_time() - self.machine.wrong) < 1, PATIENCE_SECONDS)

    def wraps_up_to_its_end(self, left: float) -> None:
        """The wrap-up lasts for about so much more of the time that passes: a hundredth longer while a clock is led back."""
        self.machine.set(passes=left - NEAR)
        assert 0 < self.left() <= NEAR + left / 100 + 1
        self.machine.set(passes=NEAR + left / 100)
        wait_until(lambda: self.staff().status == staff_pb2.STATUS_AVAILABLE, PATIENCE_SECONDS)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with right clocks."""
    return Machine(tmp_path)


def test_a_step_forward_in_a_wrap_up(machine: Machine) -> None:
    """The wall clock is set an hour ahead: the present follows, and the wrap-up has what it had left, also after a restart."""
    with machine.server() as server:
        server.wrap_up()
        machine.set(wrong=HOUR)
        server.until_it_agrees()
        wait_until(lambda: staff_pb2.CAUSE_CLOCK in server.causes(), PATIENCE_SECONDS)
        assert COUNTDOWN - NEAR < server.left() <= COUNTDOWN
        server.stop(signal.SIGKILL)
    with machine.server() as server:
        assert COUNTDOWN - 2 * NEAR < server.left() <= COUNTDOWN
        server.wraps_up_to_its_end(COUNTDOWN)
        assert server.causes().count(staff_pb2.CAUSE_CLOCK) == 1


def test_no_read_shows_a_passed_deadline_on_the_way(machine: Machine) -> None:
    """While the step is taken and carried over, no read shows a wrap-up that has ended, or is over too early."""
    with machine.server() as server:
        server.wrap_up()
        before = server.now()
        machine.set(wrong=HOUR)
        while (now := server.now()) - before < HOUR / 2:
            staff = server.staff()
            assert staff.status == staff_pb2.STATUS_AFTER_CALL_WORK
            assert staff.wrap_up.ends_at.ToMicroseconds() / 1e6 > now + COUNTDOWN - NEAR
        for _ in range(20):
            assert COUNTDOWN - NEAR < server.left() <= COUNTDOWN


def test_a_glitch_forward_and_back(machine: Machine) -> None:
    """A wall clock that is an hour ahead for a moment, in a change too, leaves no trace."""
    with machine.server() as server:
        machine.set(wrong=HOUR)
        server.wrap_up()
        machine.set(wrong=0)
        time_shown = server.now()
        assert abs(time_shown - machine.true_time()) < NEAR
        assert COUNTDOWN - NEAR < server.left() <= COUNTDOWN
        server.wraps_up_to_its_end(COUNTDOWN)
        assert staff_pb2.CAUSE_CLOCK not in server.causes()


def test_a_step_back_in_a_wrap_up(machine: Machine) -> None:
    """The wall clock is set an hour back: the wrap-up lasts as long as it was to, and the present does not go back."""
    with machine.server() as server:
        server.wrap_up()
        before = server.now()
        machine.set(wrong=-HOUR)
        assert server.now() >= before
        server.wraps_up_to_its_end(COUNTDOWN)
        assert server.now() >= before + COUNTDOWN - NEAR


def test_sleep_in_a_wrap_up(machine: Machine) -> None:
    """The machine sleeps for eight hours: who reads when it wakes is shown what became of the wrap-up, at its own instant."""
    with machine.server() as server:
        server.wrap_up()
        ends_at = server.staff().wrap_up.ends_at
        machine.set(passes=8 * HOUR)
        staff = server.staff()
        assert (staff.status, staff.status_started_at) == (staff_pb2.STATUS_AVAILABLE, ends_at)


@pytest.mark.parametrize("wrong", [-56 * YEAR, 80 * YEAR], ids=["1970", "2106"])
def test_a_first_start_with_a_date_that_cannot_be(machine: Machine, wrong: float) -> None:
    """Wrap-ups last as long as ever, and when the clock is set the present follows; what runs then keeps what it has left."""
    machine.set(wrong=wrong)
    with machine.server() as server:
        server.wrap_up()
        server.wraps_up_to_its_end(COUNTDOWN)
        server.wrap_up()
        machine.set(wrong=0)
        server.until_it_agrees()
        assert COUNTDOWN - NEAR < server.left() <= COUNTDOWN
        server.wraps_up_to_its_end(COUNTDOWN)


@pytest.mark.parametrize("wrong", [-56 * YEAR, 80 * YEAR], ids=["1970", "2106"])
def test_a_later_start_with_a_date_that_cannot_be(machine: Machine, wrong: float) -> None:
    """The present goes on from the journal; the wrap-up goes on with what it had left, and nothing is forgotten."""
    with machine.server() as server:
        server.wrap_up()
        known = server.causes()
        server.stop(signal.SIGKILL)
    machine.set(wrong=wrong)
    with machine.server() as server:
        assert COUNTDOWN - NEAR < server.left() <= COUNTDOWN
        assert abs(server.now() - machine.true_time()) < NEAR
        server.wraps_up_to_its_end(COUNTDOWN)
        assert server.causes()[: len(known)] == known
