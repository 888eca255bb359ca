"""A real Prometheus beside replicas over a real PostgreSQL: it sees that nobody leads, one is behind or gone, two lead."""

import contextlib
import itertools
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from adapters.postgres_factory import PostgresFactory
from postgres_server import PostgresServer
from prometheus_server import Prometheus, prometheus
from repeating import repeated
from replica_servers import ReplicaServers, replica_servers
from running_server import running_server
from scrape import admin_address, page
from wait_until import wait_until

from onduty.v1 import admin_service_pb2

pytestmark = pytest.mark.slow

FLAGS = ["--admin", "127.0.0.1:0", "--log-format", "json"]
CALL_SECONDS = 60
HELD_SECONDS = 1.3


@pytest.fixture
def scene(own_postgres: PostgresServer, tmp_path: Path) -> Iterator[tuple[PostgresServer, ReplicaServers, Prometheus]]:
    """Three replicas and their Prometheus."""
    factory = PostgresFactory(own_postgres.address)
    with replica_servers(factory, FLAGS) as servers:
        three = [servers.start() for _ in range(3)]
        servers.leader()
        with prometheus(tmp_path, *(admin_address(one.log) for one in three)) as watching:
            wait_until(lambda: watching.value("onduty_replicas") == [3, 3, 3], what="all three see each other")
            yield own_postgres, servers, watching


def test_replicas_alert_when_the_database_or_one_of_them_is_gone(scene: tuple[PostgresServer, ReplicaServers, Prometheus]):
    """First nothing fires and one leads; then the database answers nothing; then one replica is killed."""
    database, servers, watching = scene
    wait_until(lambda: watching.value("sum(onduty_replica_leads)") == [1], what="one leads")
    wait_until(lambda: not watching.firing(), what="nothing fires")
    for one in servers.running():
        assert page(admin_address(one.log), "/readyz").status == 200
    database.pause()
    try:
        watching.until_fires("OndutyReplicaBehind")
        assert watching.until_fires("OndutyNoLeader")["severity"] == "critical"
        assert watching.until_fires("OndutyNotReady")
    finally:
        database.resume()
    watching.until_clear("OndutyNoLeader", "OndutyReplicaBehind", "OndutyNotReady")
    wait_until(lambda: watching.value("onduty_replicas") == [3, 3, 3], what="all three see each other again")
    servers.followers()[0].stop(signal.SIGKILL)
    watching.until_fires("OndutyReplicaGone")
    watching.until_fires("OndutyDown")
    watching.until_clear("OndutyReplicaGone")


def test_a_slow_database_alerts(scene: tuple[PostgresServer, ReplicaServers, Prometheus]):
    """Somebody holds a lock that appends need, again and again, for longer than a second."""
    database, servers, watching = scene
    stubs, turns = servers.leader().stubs, itertools.count()

    def add_somebody() -> None:
        request = admin_service_pb2.CreateStaffRequest(staff_id=f"s-{next(turns)}", display_name="Kim")
        stubs.admin.CreateStaff(request, timeout=CALL_SECONDS)

    def hold() -> None:
        with psycopg.connect(database.address, options=f"-c search_path={schema}") as connection:
            connection.execute("LOCK TABLE head IN ACCESS EXCLUSIVE MODE")
            connection.execute("SELECT pg_sleep(%s)", [HELD_SECONDS])

    schema = servers._flags[servers._flags.index("--postgres-schema") + 1]
    with repeated(add_somebody):
        with repeated(hold):
            watching.until_fires("OndutyJournalSlow")
        watching.until_clear("OndutyJournalSlow")


def test_two_servers_of_copies_of_one_journal_alert(tmp_path: Path):
    """Somebody copies the file and starts a server on each: both decide for one store."""
    first, second = tmp_path / "journal.db", tmp_path / "copy.db"
    with running_server(first, flags=FLAGS):
        pass
    shutil.copy(first, second)
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(running_server(first, flags=FLAGS))
        other = stack.enter_context(running_server(second, flags=FLAGS))
        watching = stack.enter_context(prometheus(tmp_path, *(admin_address(server.log) for server in (one, other))))
        assert watching.until_fires("OndutyLeadersSeveral")["severity"] == "critical"
        other.stop()
        watching.until_clear("OndutyLeadersSeveral")
