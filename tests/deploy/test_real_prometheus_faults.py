"""A real Prometheus beside a server in which faults are planted: what only a sick machine or a fault of ours brings about."""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from prometheus_server import Prometheus, prometheus
from repeating import repeated
from running_server import RunningServer, until_the_end
from scrape import admin_address
from service_stubs import Stubs, stubs_of

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("faulty_program.py")
CALL_SECONDS = 60
SOON = Duration(nanos=200_000_000)


class FaultyServer(RunningServer):
    """A server process whose faults are in a file."""

    stubs: Stubs

    def __init__(self, folder: Path) -> None:
        """Start it, without faults."""
        self.journal = folder / "journal.db"
        self._faults = folder / "faults.json"
        self.plant()
        flags = ["--listen", "127.0.0.1:0", "--journal", str(self.journal), "--sample", "--rehearsal"]
        flags += ["--admin", "127.0.0.1:0", "--log-format", "json"]
        self._start([sys.executable, str(PROGRAM), str(self._faults), "serve", *flags])

    def plant(self, **faults: Any) -> None:
        """These faults, and no others."""
        written = self._faults.with_suffix(".new")
        written.write_text(json.dumps(faults), encoding="utf-8")
        written.replace(self._faults)

    @contextlib.contextmanager
    def planted(self, **faults: Any) -> Iterator[None]:
        """These faults for the length of the block."""
        self.plant(**faults)
        try:
            yield
        finally:
            self.plant()

    def offer(self, staff_id: str) -> None:
        """Make somebody available, and offer a call that is not answered."""
        choice = {"status": staff_pb2.STATUS_AVAILABLE}
        changing = workspace_service_pb2.ChangeStatusRequest(staff_id=staff_id, choice=choice)
        self.stubs.workspace.ChangeStatus(changing, timeout=CALL_SECONDS)
        claim = router_service_pb2.ClaimStaffRequest(call_id="c-1", named={"staff_id": staff_id}, ttl=SOON)
        self.stubs.router.ClaimStaff(claim, timeout=CALL_SECONDS)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FaultyServer, Prometheus]]:
    """One for all tests: each leaves it without faults."""
    folder = tmp_path_factory.mktemp("faults")
    with until_the_end(FaultyServer(folder)) as server, stubs_of(server.address) as stubs:
        server.stubs = stubs
        with prometheus(folder, admin_address(server.log)) as watching:
            yield server, watching


def test_a_slow_disk_alerts(scene: tuple[FaultyServer, Prometheus]):
    """Slow, very slow, and what is due comes late by it."""
    server, watching = scene
    with repeated(lambda: server.offer("ana")):
        with server.planted(commit_seconds=1.6):
            assert watching.until_fires("OndutyJournalSlow")["severity"] == "warning"
            assert watching.until_fires("OndutyJournalVerySlow")["severity"] == "critical"
            assert watching.until_fires("OndutyDeadlinesLate")["kind"] == "OFFER"
        watching.until_clear("OndutyJournalVerySlow", "OndutyJournalSlow", "OndutyDeadlinesLate")


def test_a_loop_that_does_not_get_on_alerts(scene: tuple[FaultyServer, Prometheus]):
    """And clears once it works again."""
    server, watching = scene
    with server.planted(loop=True):
        watching.until_fires("OndutyLoopsFailing")
    watching.until_clear("OndutyLoopsFailing")


def test_somebody_whose_deadlines_fail_alerts(scene: tuple[FaultyServer, Prometheus]):
    """Nobody else is held up, and it clears when they can be carried out."""
    server, watching = scene
    with server.planted(staff="ben"):
        server.offer("ben")
        watching.until_fires("OndutyStaffQuarantined")
    watching.until_clear("OndutyStaffQuarantined")


def test_a_wall_clock_that_is_wrong_alerts(scene: tuple[FaultyServer, Prometheus]):
    """Until it is right again."""
    server, watching = scene
    with server.planted(wall_seconds=30):
        watching.until_fires("OndutyClockOff")
    watching.until_clear("OndutyClockOff")
