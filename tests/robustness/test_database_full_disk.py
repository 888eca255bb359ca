"""The database's disk is full, under replicas that serve."""

import contextlib
from collections.abc import Iterator

import grpc
import pytest
from adapters.postgres_factory import PostgresFactory
from patience import PATIENCE_SECONDS
from postgres_server import PostgresServer, demand, missing
from replica_load import PROBED, ReplicaLoad, check_nothing_is_lost
from replica_servers import ReplicaServer, replica_servers
from small_disk import SmallDisk, small_disk
from wait_until import wait_until

from onduty.v1 import workspace_service_pb2

pytestmark = pytest.mark.slow

MEGABYTES = 160


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A disk that the database has for itself."""
    with small_disk(MEGABYTES) as made:
        yield made


@pytest.fixture
def database(disk: SmallDisk) -> Iterator[PostgresServer]:
    """A database on it, which has little room set aside."""
    demand(missing())
    server = PostgresServer(disk.folder)
    try:
        yield server.start(max_wal_size="32MB", wal_recycle="off", restart_after_crash="on")
    finally:
        server.remove()


def refuses(server: ReplicaServer, request: workspace_service_pb2.ChangeStatusRequest) -> bool:
    """Whether a change is refused as one that may be sent again."""
    try:
        server.stubs.workspace.ChangeStatus(request, timeout=PATIENCE_SECONDS)
    except grpc.RpcError as error:
        return error.code() is grpc.StatusCode.UNAVAILABLE
    return False


def test_a_full_disk(disk: SmallDisk, database: PostgresServer):
    """Changes are refused, and nothing that was acknowledged is lost; with room again, it goes on."""
    with replica_servers(PostgresFactory(database.address)) as servers:
        three = [servers.start() for _ in range(3)]
        with ReplicaLoad(servers) as load:
            _goes_on(load, "before")
            disk.fill()
            note = "x" * 100
            request = workspace_service_pb2.ChangeStatusRequest(staff_id=PROBED, choice={"status": 2}, note=note)
            wait_until(lambda: refuses(three[0], request), 2 * PATIENCE_SECONDS, what="that changes are refused")
            disk.make_room()
            _recover(database)
            _goes_on(load, "with room again")
        check_nothing_is_lost(load, three[0], three[1])


def _goes_on(load: ReplicaLoad, what: str) -> None:
    wait_until(load.more(), 2 * PATIENCE_SECONDS, what=f"more answers {what}")
    assert not load.failures, load.failures


def _recover(database: PostgresServer) -> None:
    """A database that could not write its log has ended: whoever runs it starts it again."""
    with contextlib.suppress(AssertionError):
        wait_until(database.answers, 5, what="an answer of the database")
        return
    database.start()
