"""A round: replicas under load and faults for a while, and what was observed of them."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import grpc
import psycopg
from adapters.postgres_factory import PostgresFactory
from proxy_thread import ProxyThread
from replica_servers import CLIENT_SECONDS, ReplicaServer, replica_servers
from robustness import replica_linearizability
from robustness.replica_callers import SHARED, Caller, Scene, WatchingCaller
from robustness.replica_observations import Observations
from robustness.replica_validators import findings
from robustness.replica_ways import ReplicasBehindProxies
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, history_service_pb2, staff_pb2, workspace_service_pb2
from onduty_server.engine.watch.positions import Positions

REPLICAS = 3
CALLERS = 5
CLAIMED = 20
WATCHERS = 2
PAUSE_SECONDS = (3.0, 6.0)
STOPPED_SECONDS = 4.5

AWAY_SECONDS = 4.5
"""Longer than a lease lasts."""
SLOW_SECONDS = 6.0
ONE_WAY_SECONDS = 0.025
"""50 ms there and back."""
CUTS = 12
BETWEEN_CUTS_SECONDS = (0.05, 0.4)

ALL_FAULTS = (
    "kill_leader",
    "kill_follower",
    "stop_leader",
    "cut_off_the_leader",
    "partition_leader_from_database",
    "partition_follower_from_database",
    "black_hole_forwarding",
    "slow_database",
    "cut_in_the_middle_of_commits",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round came to."""

    counts: Counter[str]
    harms: Counter[str]
    wrong: list[str]


class Faults:
    """Kills, stops and cuts, one thing at a time."""

    def __init__(
        self,
        scene: Scene,
        factory: PostgresFactory,
        seed: int,
        start: Callable[[], ReplicaServer],
        behind: ReplicasBehindProxies,
    ) -> None:
        """``start`` starts one more replica; ``behind`` knows their proxies."""
        self._scene = scene
        self._behind = behind
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

    # --- the ways -----------------------------------------------------------------------------------------------------

    def _partition_leader_from_database(self) -> None:
        """It reaches the database no more, and no connection ends; the others do."""
        self._silence(self._behind.ways(self._scene.servers.leader()).to_database, "leaders parted from the database")

    def _partition_follower_from_database(self) -> None:
        follower = self._dice.choice(self._scene.servers.followers())
        self._silence(self._behind.ways(follower).to_database, "followers parted from the database")

    def _black_hole_forwarding(self) -> None:
        """What others send to the leader is accepted, and never answered."""
        self._silence(self._behind.ways(self._scene.servers.leader()).from_replicas, "forwarding silenced")

    def _silence(self, way: ProxyThread, what: str) -> None:
        way.call(way.proxy.black_hole)
        self._scene.ending.wait(AWAY_SECONDS)
        way.call(way.proxy.pass_on)
        self.counts[what] += 1

    def _slow_database(self) -> None:
        proxies = [self._behind.ways(server).to_database.proxy for server in self._scene.servers.running()]
        for proxy in proxies:
            proxy.delay_seconds = ONE_WAY_SECONDS
        self._scene.ending.wait(SLOW_SECONDS)
        for proxy in proxies:
            proxy.delay_seconds = 0.0
        self.counts["database slowed"] += 1

    def _cut_in_the_middle_of_commits(self) -> None:
        """The leader's connections end in place of an answer of the database, many times over."""
        way = self._behind.ways(self._scene.servers.leader()).to_database
        for _ in range(CUTS):
            way.cut_at_the_next_answer()
            self.counts["answers of the database cut"] += 1
            if self._scene.ending.wait(self._dice.uniform(*BETWEEN_CUTS_SECONDS)):
                break
        way.proxy.cuts_after_bytes.clear()


def play(
    factory: PostgresFactory, *, seconds: float, seed: int, program: Sequence[str] = (), faults: Sequence[str] = ALL_FAULTS
) -> Outcome:
    """A round of so many seconds. ``program`` runs the replicas, where it is not `onduty`."""
    with replica_servers(factory) as servers, ExitStack() as stack:
        behind = ReplicasBehindProxies(servers, _port_of(factory), stack)

        def start() -> ReplicaServer:
            return behind.start(program)

        for _ in range(REPLICAS):
            start()
        leader = servers.leader()
        info = leader.info()
        positions = Positions.of(info.store_id, info.epoch, info.caller.tenant)
        scene = Scene(servers, Observations(), positions, threading.Event(), [])
        _create_people(leader)
        harm = Faults(scene, factory, seed, start, behind)
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
    if not replica_linearizability.missing():
        failures += replica_linearizability.unlinearizable(scene.seen)
    return Outcome(counts, harm.counts, [*failures, *findings(scene.seen)])


def _port_of(factory: PostgresFactory) -> int:
    return int(psycopg.conninfo.conninfo_to_dict(factory.address)["port"] or 0)


def _create_people(server: ReplicaServer) -> None:
    """Those who change by themselves, and those who are claimed, whom nothing else changes."""
    names = {"p": CALLERS, "shared": SHARED, "claimed": CLAIMED}
    for staff_id in [f"{name}-{number}" for name, count in names.items() for number in range(count)]:
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
