"""Replicas as real processes under load, while what can die dies: nothing acknowledged is lost, and it goes on by itself.

How long each takeover took is printed; how fast it is on a machine is no test.
"""

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from adapters.postgres_factory import PostgresFactory, postgres_factory
from held_port import HeldPort
from patience import PATIENCE_SECONDS
from postgres_server import PostgresServer
from proxy_thread import ProxyThread
from replica_load import PROBED, ReplicaLoad, check_nothing_is_lost
from replica_servers import ReplicaServer, ReplicaServers, replica_servers
from wait_until import wait_until

from onduty.v1 import staff_pb2, workspace_service_pb2

pytestmark = pytest.mark.slow


@pytest.fixture
def servers(postgres_address: str) -> Iterator[ReplicaServers]:
    """Starts replicas over a schema of their own."""
    with postgres_factory(postgres_address) as factory, replica_servers(factory) as made:
        yield made


def goes_on(load: ReplicaLoad, what: str) -> None:
    """Wait until more is acknowledged."""
    wait_until(load.more(), 2 * PATIENCE_SECONDS, what=f"more answers {what}")
    assert not load.failures, load.failures


def report(load: ReplicaLoad, what: str) -> None:
    """Say how long nothing was acknowledged to anybody."""
    say(f"{what}: {load.longest_silence():.2f} s without an answer, {len(load.acknowledged)} acknowledged")


def say(line: str) -> None:
    """Print a figure."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"\n{line}\n")


def report_takeover(server: ReplicaServer, what: str) -> None:
    """Say how long it takes from now until a change is acknowledged at a replica that is well."""
    began_at = time.monotonic()
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id=PROBED, choice={"status": staff_pb2.STATUS_AVAILABLE}, request_id=f"takeover-{began_at}"
    )

    def is_answered() -> bool:
        with contextlib.suppress(grpc.RpcError):
            return bool(server.stubs.workspace.ChangeStatus(request, timeout=PATIENCE_SECONDS).staff.revision)
        return False

    wait_until(is_answered, what="an answer")
    say(f"{what}: a change is acknowledged after {time.monotonic() - began_at:.2f} s")


def test_a_killed_leader(servers: ReplicaServers):
    """SIGKILL: another one leads, twice over."""
    three = [servers.start() for _ in range(3)]
    with ReplicaLoad(servers) as load:
        for _ in range(2):
            goes_on(load, "before")
            leader, others = servers.leader(), servers.followers()
            leader.process.send_signal(signal.SIGKILL)
            report_takeover(others[0], "leader killed")
            goes_on(load, "after")
    (left,) = servers.running()
    assert left in three
    check_nothing_is_lost(load, left, left)
    report(load, "leader killed")


def test_a_killed_follower(servers: ReplicaServers):
    """SIGKILL: its callers go elsewhere."""
    [servers.start() for _ in range(3)]
    with ReplicaLoad(servers) as load:
        goes_on(load, "before")
        servers.followers()[0].stop(signal.SIGKILL)
        goes_on(load, "after")
    leader, (other,) = servers.leader(), servers.followers()
    check_nothing_is_lost(load, leader, other)
    report(load, "follower killed")


def test_all_killed_and_started_again(servers: ReplicaServers):
    """SIGKILL to all at once: the next ones have everything."""
    [servers.start() for _ in range(3)]
    with ReplicaLoad(servers) as load:
        goes_on(load, "before")
        for server in servers.running():
            server.process.send_signal(signal.SIGKILL)
        first, second = servers.start(), servers.start()
        goes_on(load, "after")
    check_nothing_is_lost(load, first, second)


def test_a_stopped_leader_that_returns(servers: ReplicaServers):
    """SIGSTOP: another one leads. It comes back, believes for a moment that it leads, and follows."""
    [servers.start() for _ in range(3)]
    with ReplicaLoad(servers) as load:
        goes_on(load, "before")
        stopped, others = servers.leader(), servers.followers()
        stopped.process.send_signal(signal.SIGSTOP)
        report_takeover(others[0], "leader stopped")
        servers.leader(others)
        goes_on(load, "while it is stopped")
        stopped.process.send_signal(signal.SIGCONT)
        wait_until(stopped.follows, what="that it follows")
        goes_on(load, "when it is back")
    check_nothing_is_lost(load, stopped, others[0])


def test_a_killed_database(own_postgres: PostgresServer):
    """SIGKILL to all of its processes: replicas say that they do not serve, and go on by themselves."""
    with replica_servers(PostgresFactory(own_postgres.address)) as servers:
        three = [servers.start() for _ in range(3)]
        with ReplicaLoad(servers) as load:
            for _ in range(2):
                goes_on(load, "before")
                own_postgres.kill()
                own_postgres.start()
                goes_on(load, "after")
        check_nothing_is_lost(load, three[0], three[1])
        report(load, "database killed")


@contextmanager
def behind_proxy(servers: ReplicaServers) -> Iterator[tuple[ReplicaServer, ProxyThread]]:
    """A replica that others reach through a proxy only."""
    held = HeldPort()
    between = ProxyThread(held.port)
    try:
        yield servers.start("--replica-listen", held.address, advertise=between.proxy.address), between
    finally:
        between.close()
        held.close()


def test_a_partition_between_replicas(servers: ReplicaServers):
    """Both reach the database, and the follower does not reach the leader: it reads on, and its callers come again."""
    with behind_proxy(servers) as (leader, between):
        wait_until(lambda: leader.leads, what="that the first one leads")
        other = servers.start()
        with ReplicaLoad(servers) as load:
            goes_on(load, "before")
            between.call(between.proxy.black_hole)
            goes_on(load, "at the leader, while it is cut off")
            position = leader.info().position
            request = workspace_service_pb2.GetStaffRequest(staff_id="load-0", at_least=position)
            assert other.stubs.workspace.GetStaff(request, timeout=PATIENCE_SECONDS).staff.revision
            between.call(between.proxy.pass_on)
            goes_on(load, "afterwards")
        assert leader.leads, "the database was there all along"
        check_nothing_is_lost(load, leader, other)


def test_a_clock_that_is_a_minute_off(servers: ReplicaServers, tmp_path: Path):
    """Such a replica follows, and leads nobody, also where nobody else is there; with the clock right it leads."""
    wrong_clock = tmp_path / "clock"
    wrong_clock.write_text("60 0", encoding="ascii")
    right = servers.start()
    servers.leader()
    program = [sys.executable, str(Path(__file__).with_name("wall_clock_program.py")), str(wrong_clock), "serve"]
    wrong = servers.start_program(program)
    with ReplicaLoad(servers, callers=2) as load:
        goes_on(load, "with both")
    right.stop(signal.SIGKILL)
    wait_until(lambda: "does not lead" in wrong.output, what="that it says so")
    wait_until(wrong.follows, what="that it answers")
    another = servers.start()
    assert servers.leader([another]) is another
    check_nothing_is_lost(load, another, wrong)
