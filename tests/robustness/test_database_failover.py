"""The database dies, and its standby takes its place, under replicas that serve."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import suppress

import grpc
import pytest
from adapters.postgres_factory import PostgresFactory
from patience import PATIENCE_SECONDS
from postgres_server import PostgresServer
from postgres_standby import PostgresStandby
from replica_load import ReplicaLoad, check_nothing_is_lost
from replica_servers import CLIENT_SECONDS, ReplicaServer, replica_servers
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, router_service_pb2, staff_pb2

pytestmark = pytest.mark.slow


@pytest.fixture
def standby(own_postgres: PostgresServer) -> Iterator[PostgresStandby]:
    """One that follows the test's server."""
    made = PostgresStandby(own_postgres)
    try:
        made.start()
        yield made
    finally:
        made.remove()


def goes_on(load: ReplicaLoad, what: str) -> None:
    """Wait until more is acknowledged."""
    wait_until(load.more(), 2 * PATIENCE_SECONDS, what=f"more answers {what}")
    assert not load.failures, load.failures


def test_a_synchronous_standby_takes_over(own_postgres: PostgresServer, standby: PostgresStandby):
    """The primary is killed, the standby promoted: all that was acknowledged is there."""
    standby.make_synchronous()
    with replica_servers(PostgresFactory(standby.addresses())) as servers:
        three = [servers.start() for _ in range(3)]
        with ReplicaLoad(servers) as load:
            goes_on(load, "before")
            own_postgres.kill()
            standby.promote()
            goes_on(load, "after")
        check_nothing_is_lost(load, three[0], three[1])
        check_nothing_is_lost(load, three[2], three[0])


# --- a standby without the tail ---------------------------------------------------------------------------------------


class Board:
    """Shows all staff of one replica by a watch, which it begins again wherever it ends."""

    def __init__(self, server: ReplicaServer) -> None:
        """Watches at once, in a thread of its own."""
        self._server = server
        self._position = ""
        self._ending = threading.Event()
        self._stream: grpc.Call | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.shown: dict[str, int] = {}
        self.times_afresh = 0
        self._thread.start()

    def close(self) -> None:
        """Watch no more."""
        self._ending.set()
        if self._stream is not None:
            self._stream.cancel()
        self._thread.join(CLIENT_SECONDS)

    def _run(self) -> None:
        while not self._ending.wait(0.05):
            try:
                self._watch()
            except grpc.RpcError as error:
                if error.code() is grpc.StatusCode.OUT_OF_RANGE:
                    self._position = ""

    def _watch(self) -> None:
        request = router_service_pb2.WatchStaffRequest(resume_after=self._position, bookmark_interval={"seconds": 1})
        self._stream = stream = self._server.stubs.router.WatchStaff(request)
        chunks: dict[str, int] = {}
        for frame in stream:
            match frame.WhichOneof("event"):
                case "snapshot_chunk":
                    chunks.update((staff.staff_id, staff.revision) for staff in frame.snapshot_chunk.staff)
                    if frame.snapshot_chunk.last:
                        self.shown, self.times_afresh = chunks, self.times_afresh + 1
                case "changes":
                    self.shown.update((change.staff.staff_id, change.staff.revision) for change in frame.changes.changes)
            self._position = frame.position or self._position


def listed(server: ReplicaServer) -> dict[str, int]:
    """Whom a replica shows, with their revisions; nobody where it does not answer."""
    with suppress(grpc.RpcError):
        answer = server.stubs.router.ListStaff(router_service_pb2.ListStaffRequest(page_size=1000), timeout=CLIENT_SECONDS)
        return {staff.staff_id: staff.revision for staff in answer.staff}
    return {}


def create(server: ReplicaServer, staff_id: str) -> staff_pb2.Staff:
    """Somebody new."""
    request = admin_service_pb2.CreateStaffRequest(staff_id=staff_id)
    return server.stubs.admin.CreateStaff(request, timeout=CLIENT_SECONDS).staff


def test_a_standby_without_the_newest_changes_takes_over(own_postgres: PostgresServer, standby: PostgresStandby):
    """What it lacks is gone everywhere, in a new epoch: who watches begins afresh, and nobody is shown who is not there."""
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(replica_servers(PostgresFactory(standby.addresses())))
        three = [servers.start() for _ in range(3)]
        kept = create(servers.leader(), "kept")
        epoch = three[0].info().epoch
        wait_until(lambda: _has_replayed(own_postgres, standby), what="that the standby has everything")
        standby.stop()
        boards = [Board(server) for server in three]
        for board in boards:
            stack.callback(board.close)
        create(servers.leader(), "ghost")
        wait_until(lambda: all("ghost" in board.shown for board in boards), what="that all show who will be a ghost")
        own_postgres.kill()
        standby.start()
        standby.promote()
        wait_until(lambda: all({"kept"} == listed(server).keys() for server in three), what="no ghosts")
        with ReplicaLoad(servers) as load:
            goes_on(load, "after")
        check_nothing_is_lost(load, three[0], three[1])
        wait_until(lambda: len({str(listed(server)) for server in three}) == 1, what="that all show the same")
        wait_until(lambda: all(board.shown == listed(three[0]) for board in boards), what="that boards show it too")
        assert all(board.times_afresh == 2 for board in boards)
        assert boards[0].shown[kept.staff_id] == kept.revision
        assert {server.info().epoch for server in three} != {epoch}
        assert len({server.info().epoch for server in three}) == 1


def _has_replayed(primary: PostgresServer, standby: PostgresStandby) -> bool:
    (written,) = primary.ask("SELECT pg_current_wal_lsn()::text")
    (replayed,) = standby.ask("SELECT pg_last_wal_replay_lsn()::text")
    return _place(replayed) >= _place(written)


def _place(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)
