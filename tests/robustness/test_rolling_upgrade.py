"""Replicas of two successive versions serve together, while one after the other is replaced under load."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters.postgres_factory import postgres_factory
from older_service import BUILD, older_service
from patience import PATIENCE_SECONDS
from replica_load import ReplicaLoad, check_nothing_is_lost
from replica_servers import ReplicaServer, ReplicaServers, replica_servers
from wait_until import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture
def servers(postgres_address: str) -> Iterator[ReplicaServers]:
    """Starts replicas over a schema of their own."""
    with postgres_factory(postgres_address) as factory, replica_servers(factory) as made:
        yield made


@pytest.fixture
def older(tmp_path: Path) -> list[str]:
    """What has the older version serve."""
    return older_service(tmp_path)


def goes_on(load: ReplicaLoad, what: str) -> None:
    """Wait until more is acknowledged."""
    wait_until(load.more(), 2 * PATIENCE_SECONDS, what=f"more answers {what}")
    assert not load.failures, load.failures


def replace(servers: ReplicaServers, load: ReplicaLoad, gone: ReplicaServer, program: list[str] | None) -> ReplicaServer:
    """End a replica in order, and start one of another version in its place."""
    gone.stop(signal.SIGTERM)
    new = servers.start_program(program) if program else servers.start()
    goes_on(load, "with another version beside")
    return new


def test_an_upgrade_of_one_replica_after_the_other(servers: ReplicaServers, older: list[str]):
    """Followers first, then the leader: no call fails, and all that was acknowledged is there."""
    for _ in range(3):
        assert servers.start_program(older).info().build == BUILD
    with ReplicaLoad(servers) as load:
        goes_on(load, "before")
        newer = [replace(servers, load, follower, None) for follower in servers.followers()]
        newer.append(replace(servers, load, servers.leader(), None))
        assert servers.leader() in newer, "the older leader has handed over"
    assert BUILD not in {server.info().build for server in newer}
    check_nothing_is_lost(load, newer[0], newer[2])


def test_an_upgrade_that_is_taken_back(servers: ReplicaServers, older: list[str]):
    """The newer one leads, with older ones beside, and gives the lead to one of these."""
    newer = servers.start()
    servers.leader()
    others = [servers.start_program(older) for _ in range(2)]
    with ReplicaLoad(servers) as load:
        goes_on(load, "before")
        others.append(replace(servers, load, newer, older))
        assert servers.leader() in others
    check_nothing_is_lost(load, others[0], others[2])
