"""Load on replicas, and whether all that they acknowledged is there, once, and the same everywhere."""

import itertools
import random
import threading
import time
from collections.abc import Callable

import grpc
from replica_servers import CLIENT_SECONDS, ReplicaServer, ReplicaServers
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, history_service_pb2, staff_pb2, workspace_service_pb2

STATUSES = (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)
AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED}
"""What may be asked again with its request id."""

CALL_SECONDS = 8.0

PROBED = "probed"
"""Somebody whom no caller changes."""


class ReplicaLoad:
    """Callers, each of whom changes somebody of its own, over and over, at whichever replica answers."""

    def __init__(self, servers: ReplicaServers, callers: int = 4) -> None:
        """Nobody calls yet."""
        self._servers = servers
        self._callers = callers
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.acknowledged: dict[str, int] = {}
        self.acknowledged_at: list[float] = []
        self.failures: list[BaseException] = []
        self.repeats = 0

    def __enter__(self) -> "ReplicaLoad":
        admin = self._servers.leader().stubs.admin
        for staff_id in [PROBED, *(f"load-{number}" for number in range(self._callers))]:
            admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id=staff_id), timeout=CLIENT_SECONDS)
        for number in range(self._callers):
            self._threads.append(threading.Thread(target=self._call, args=(number,), daemon=True))
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(3 * CLIENT_SECONDS)

    def _call(self, number: int) -> None:
        dice = random.Random(number)
        try:
            for turn in itertools.count():
                if self._ending.is_set():
                    return
                self._insist(f"load-{number}", turn, dice)
        except BaseException as error:  # noqa: BLE001 - is raised where the test looks.
            self.failures.append(error)

    def _insist(self, staff_id: str, turn: int, dice: random.Random) -> None:
        request_id = f"{staff_id}-{turn}"
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=staff_id, choice={"status": STATUSES[turn % 2]}, request_id=request_id
        )
        while not self._ending.is_set():
            server = dice.choice(self._servers.running() or self._servers.all)
            try:
                answer = server.stubs.workspace.ChangeStatus(request, timeout=CALL_SECONDS)
            except (grpc.RpcError, ValueError) as error:
                if isinstance(error, grpc.RpcError) and error.code() not in AGAIN:
                    raise
                self.repeats += 1
                time.sleep(0.02)
                continue
            self.acknowledged[request_id] = answer.staff.revision
            self.acknowledged_at.append(time.monotonic())
            return

    def more(self, count: int = 20) -> Callable[[], bool]:
        """A condition: so many more changes are acknowledged."""
        wanted = len(self.acknowledged) + count
        return lambda: len(self.acknowledged) >= wanted or bool(self.failures)

    def longest_silence(self) -> float:
        """The longest time without an acknowledged change, in seconds."""
        times = sorted(self.acknowledged_at)
        return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def check_nothing_is_lost(load: ReplicaLoad, server: ReplicaServer, other: ReplicaServer) -> None:
    """All that was acknowledged is in the history, once, with the revision that was answered; and is answered so elsewhere."""
    assert not load.failures, load.failures
    newest = max(load.acknowledged.values())
    wait_until(lambda: server.info().head >= newest, what="that the replica shows everything")
    frames = server.stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=CLIENT_SECONDS)
    made = [(one.request_id, one.revision) for frame in frames for one in frame.transitions if one.request_id]
    assert len(made) == len(dict(made)), "a request was carried out twice"
    lost = load.acknowledged.items() - dict(made).items()
    assert not lost, lost
    staff_id, _, turn = max(load.acknowledged, key=load.acknowledged.__getitem__).rpartition("-")
    again = workspace_service_pb2.ChangeStatusRequest(
        staff_id=staff_id, choice={"status": STATUSES[int(turn) % 2]}, request_id=f"{staff_id}-{turn}"
    )
    answer = other.stubs.workspace.ChangeStatus(again, timeout=CLIENT_SECONDS)
    assert answer.replayed
    assert answer.staff.revision == load.acknowledged[f"{staff_id}-{turn}"]
