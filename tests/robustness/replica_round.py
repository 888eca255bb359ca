"""A round: replicas under load and faults for a while, and what was observed of them."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import grpc
import psycopg
from adapters.postgres_factory import PostgresFactory
from replica_servers import CLIENT_SECONDS, ReplicaServer, replica_servers
from robustness.replica_callers import Caller, Scene, WatchingCaller
from robustness.replica_observations import Observations
from robustness.replica_validators import findings
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, history_service_pb2, staff_pb2, workspace_service_pb2
from onduty_server.engine.watch.positions import Positions

REPLICAS = 3
CALLERS = 5
CLAIMED = 20
WATCHERS = 2
PAUSE_SECONDS = (3.0, 6.0)
STOPPED_SECONDS = 4.5

ALL_FAULTS = ("kill_leader", "kill_follower", "stop_leader", "cut_off_the_leader")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round came to."""

    counts: Counter[str]
    wrong: list[str]


class Faults:
    """Kills, stops and cuts, one thing at a time."""

    def __init__(self, scene: Scene, factory: PostgresFactory, seed: int, start: Callable[[], ReplicaServer]) -> None:
        """``start`` starts one more replica."""
        self._scene = scene
        self._factory = factory
        self._dice = random.Random(f"faults-{seed}")
        self._start = start
        self.counts: Counter[str] = Counter()

    def run(self, seconds: float, kinds: Sequence[str]) -> None:
        """Do harm of these kinds for so long; of none, only wait."""
        end = time.monotonic() + seconds
        harms = [getattr(self, f"_{kind}") for kind in kinds]
        while not self._scene.ending.wait(self._dice.uniform(*PAUSE_SECONDS)) and time.monotonic() < end:
            if harms:
                self._dice.choice(harms)()

    def _kill_leader(self) -> None:
        self._kill(self._scene.servers.leader(), "leaders killed")

    def _kill_follower(self) -> None:
        self._kill(self._dice.choice(self._scene.servers.followers()), "followers killed")

    def _kill(self, server: ReplicaServer, what: str) -> None:
        server.stop(signal.SIGKILL)
        self.counts[what] += 1
        self._start()

    def _stop_leader(self) -> None:
        leader = self._scene.servers.leader()
        leader.process.send_signal(signal.SIGSTOP)
        self._scene.ending.wait(STOPPED_SECONDS)
        leader.process.send_signal(signal.SIGCONT)
        self.counts["leaders stopped"] += 1

    def _cut_off_the_leader(self) -> None:
        """The database ends the connection that holds the lead."""
        with suppress(psycopg.Error), self._factory.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
                " AND l.objid = 'head'::regclass::oid"
            )
        self.counts["leads cut"] += 1


def play(
    factory: PostgresFactory, *, seconds: float, seed: int, program: Sequence[str] = (), faults: Sequence[str] = ALL_FAULTS
) -> Outcome:
    """A round of so many seconds. ``program`` runs the replicas, where it is not `onduty`."""
    with replica_servers(factory) as servers:

        def start() -> ReplicaServer:
            return servers.start_program(program) if program else servers.start()

        for _ in range(REPLICAS):
            start()
        leader = servers.leader()
        info = leader.info()
        positions = Positions.of(info.store_id, info.epoch, info.caller.tenant)
        scene = Scene(servers, Observations(), positions, threading.Event(), [])
        _create_people(leader)
        harm = Faults(scene, factory, seed, start)
        watchers = [WatchingCaller(scene, seed + number) for number in range(WATCHERS)]
        _act(scene, [*(Caller(scene, number, seed) for number in range(CALLERS)), *watchers], harm, seconds, faults)
        _finish(scene, watchers)
    counts = Counter(
        {
            "answers": len(scene.seen.answers),
            "claims": sum(bool(answer.claim_id) for answer in scene.seen.answers),
            "refusals": len(scene.seen.refusals),
            "reads": len(scene.seen.reads),
            "states watched": sum(len(watched.states) for watched in scene.seen.watchers),
            "bookmarks": sum(len(watched.bookmarks) for watched in scene.seen.watchers),
            "watches": sum(watched.resumes for watched in scene.seen.watchers),
            "revisions": len(scene.seen.histories[0]),
        }
    )
    failures = [f"a caller failed: {failure!r}" for failure in scene.failures]
    return Outcome(counts + harm.counts, [*failures, *findings(scene.seen)])


def _create_people(server: ReplicaServer) -> None:
    """Those who change by themselves, and those who are claimed, whom nothing else changes."""
    for staff_id in [*(f"p-{number}" for number in range(CALLERS)), *(f"claimed-{number}" for number in range(CLAIMED))]:
        groups = [{"name": "claimed"}] if staff_id.startswith("claimed") else []
        request = admin_service_pb2.CreateStaffRequest(staff_id=staff_id, display_name="Person", skill_groups=groups)
        server.stubs.admin.CreateStaff(request, timeout=CLIENT_SECONDS)
        available = workspace_service_pb2.ChangeStatusRequest(staff_id=staff_id, choice={"status": staff_pb2.STATUS_AVAILABLE})
        server.stubs.workspace.ChangeStatus(available, timeout=CLIENT_SECONDS)


def _act(scene: Scene, actors: Sequence[Any], harm: Faults, seconds: float, faults: Sequence[str]) -> None:
    threads = [threading.Thread(target=actor.run, daemon=True) for actor in actors]
    for thread in threads:
        thread.start()
    harm.run(seconds, faults)
    scene.ending.set()
    for thread in threads:
        thread.join(2 * CLIENT_SECONDS)


def _finish(scene: Scene, watchers: Sequence[WatchingCaller]) -> None:
    """Have all come to rest, and take their histories."""
    running = scene.servers.running()
    scene.servers.leader()

    def heads() -> set[int]:
        with suppress(grpc.RpcError):
            return {server.info().head for server in running}
        return set()

    def rests() -> bool:
        before = heads()
        time.sleep(0.3)
        return len(before) == 1 and heads() == before

    wait_until(rests, what="that all show the same")
    (head,) = heads()
    for watcher in watchers:
        watcher.finish(head)
    for server in running:
        request = history_service_pb2.ExportTransitionsRequest()
        frames = server.stubs.history.ExportTransitions(request, timeout=CLIENT_SECONDS)
        changes = [change for frame in frames for change in frame.transitions]
        scene.seen.histories.append({change.revision: (change.staff_id, change.request_id) for change in changes})
