"""A server whose journal is in PostgreSQL: what dies, what is refused, what the commands show."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import prepared
import pytest
from adapters.postgres_factory import PostgresFactory, postgres_factory
from google.protobuf.json_format import MessageToDict
from patience import PATIENCE_SECONDS
from postgres_server import PostgresServer
from running_server import RunningServer, running_server
from service_stubs import Stubs, stubs_of
from typed_server import ended_server, environment
from wait_until import wait_until

from onduty.v1 import history_service_pb2, staff_pb2, workspace_service_pb2

pytestmark = pytest.mark.slow

STATUSES = (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)


@pytest.fixture
def factory(postgres_address: str) -> Iterator[PostgresFactory]:
    """A schema in the server of all tests."""
    with postgres_factory(postgres_address) as made:
        yield made


def flags(factory: PostgresFactory) -> list[str]:
    return ["--postgres-schema", factory.schema]


def change(stubs: Stubs, number: int) -> staff_pb2.Staff:
    """A change of ana's, with a request id of its own."""
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id="ana", choice={"status": STATUSES[number % 2]}, request_id=f"change-{number}"
    )
    return stubs.workspace.ChangeStatus(request, timeout=PATIENCE_SECONDS).staff


def insist(stubs: Stubs, number: int) -> staff_pb2.Staff:
    """The same, over and over while the journal fails."""

    def answered() -> staff_pb2.Staff | None:
        try:
            return change(stubs, number)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            return None

    return wait_until(answered, what="an answer")


def requests_in_history(stubs: Stubs) -> dict[str, int]:
    """The revision of each change by its request id; fails where one is there twice."""
    frames = stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=PATIENCE_SECONDS)
    made = [(one.request_id, one.revision) for frame in frames for one in frame.transitions if one.request_id]
    assert len(made) == len(dict(made)), made
    return dict(made)


def journal(*arguments: object, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """A command of `onduty journal`, held to its exit code."""
    command = [sys.executable, "-m", "onduty_cli", "journal", *map(str, arguments)]
    done = prepared.run(command, env=environment({}), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_server_outlives_its_database(own_postgres: PostgresServer):
    """Killed twice under it: what was acknowledged is there, once, and the server heals by itself."""
    acknowledged: dict[str, int] = {}
    with running_server(own_postgres.address, flags=["--sample"]) as server, stubs_of(server.address) as stubs:
        for number in range(60):
            if number % 20 == 10:
                own_postgres.kill()
                with pytest.raises(grpc.RpcError) as refused:
                    change(stubs, number)
                assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
                own_postgres.start()
            acknowledged[f"change-{number}"] = insist(stubs, number).revision
        assert acknowledged.items() == requests_in_history(stubs).items()
        assert server.stop(signal.SIGTERM) == 0


def test_a_killed_server_loses_nothing(factory: PostgresFactory):
    """The next one has all that was acknowledged, and a repeated request its first answer; the lock is free at once."""
    acknowledged: dict[str, int] = {}
    for start in (0, 20, 40):
        with running_server(factory.address, flags=[*flags(factory), "--sample"]) as server, stubs_of(server.address) as stubs:
            assert acknowledged.items() <= requests_in_history(stubs).items()
            if start:
                assert MessageToDict(change(stubs, start - 1))["revision"] == str(acknowledged[f"change-{start - 1}"])
            for number in range(start, start + 20):
                acknowledged[f"change-{number}"] = change(stubs, number).revision
            server.stop(signal.SIGKILL)


def test_a_second_server_is_refused(factory: PostgresFactory):
    """In words, and the first one does not notice."""
    address = factory.address.replace("onduty@", "onduty:geheim@")
    with running_server(address, flags=[*flags(factory), "--sample"]) as server, stubs_of(server.address) as stubs:
        ended = RunningServer(address, flags=flags(factory))
        assert ended.process.wait(PATIENCE_SECONDS) == 1
        assert ended.stop() == 1
        assert "is in use by a server on" in ended.output
        assert change(stubs, 1).revision > 0
        assert "geheim" not in server.output + ended.output


def test_an_address_that_leads_nowhere_is_said(factory: PostgresFactory):
    """With what the database, or the system, says of it; and nothing of the password."""
    ended = ended_server("--listen", "127.0.0.1:0", "--journal", "postgresql://me:geheim@127.0.0.1:1/onduty")
    assert ended.returncode == 1
    assert "the journal in postgresql://me@127.0.0.1:1/onduty cannot be opened" in ended.stdout + ended.stderr
    ended = ended_server("--listen", "127.0.0.1:0", "--journal", "mysql://me:geheim@there/onduty")
    assert ended.returncode == 2
    assert "does not know 'mysql' journals" in ended.stdout + ended.stderr
    assert "geheim" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("command", [["backup", "x.db"], ["restore", "x.db"], ["delete", "--yes"]])
def test_commands_for_files_say_that_it_is_none(command: list[str]):
    """Where the environment names a database, they refuse in words, without its password."""
    place = {"ONDUTY_JOURNAL": "postgresql://me:geheim@127.0.0.1:1/onduty"}
    line = [sys.executable, "-m", "onduty_cli", "journal", *command]
    done = prepared.run(line, env=environment(place), capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert done.returncode == 1
    assert "postgresql://me@127.0.0.1:1/onduty is no file" in " ".join(done.stderr.split())
    assert "geheim" not in done.stdout + done.stderr


def test_a_journal_moves_to_the_database_and_back(factory: PostgresFactory, journal_path: Path, tmp_path: Path):
    """With positions, request ids and history as they were; commands show and verify it on both sides."""
    with running_server(journal_path, flags=["--sample"]) as server, stubs_of(server.address) as stubs:
        first = change(stubs, 0)
    schema, back = flags(factory), tmp_path / "back.db"
    assert "copied to" in journal("copy", journal_path, factory.address, *schema).stderr
    with running_server(factory.address, flags=schema) as server, stubs_of(server.address) as stubs:
        assert change(stubs, 0) == first
        second = change(stubs, 1)
        journal("copy", factory.address, back, *schema, code=1)
        held = json.loads(journal("info", factory.address, *schema, "--json").stdout)
        assert (held["head"], held["staff"]) == (second.revision, 5)
        assert "nothing is wrong" in journal("verify", factory.address, *schema).stderr
    journal("copy", factory.address, back, *schema)
    with running_server(back) as server, stubs_of(server.address) as stubs:
        assert (change(stubs, 0), change(stubs, 1)) == (first, second)
    with factory.connect() as other:
        other.execute("UPDATE journal SET state = 'x' WHERE revision = 3")
    assert "revision 3 is damaged" in journal("verify", factory.address, *schema, code=1).stderr
