"""What `onduty serve` refuses to start on, how it says so, and that it leaves what it found as it was."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from certificates import Authority
from running_server import RunningServer, running_server
from service_stubs import stubs_of
from typed_server import ended_server, typed_server

from onduty.v1 import router_service_pb2

ANY_PORT = ("--listen", "127.0.0.1:0")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that was there before."""
    with running_server(tmp_path_factory.mktemp("first") / "journal.db", flags=["--sample"]) as running:
        yield running


def _staff(server: RunningServer) -> list[str]:
    with stubs_of(server.address) as stubs:
        listed = stubs.router.ListStaff(router_service_pb2.ListStaffRequest(), timeout=60)
    return [one.staff_id for one in listed.staff]


def _everything_in(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def _start_on(journal: Path, **options: object) -> "subprocess.CompletedProcess[str]":
    return ended_server(*ANY_PORT, "--journal", str(journal), **options)


def _refusal(ended: "subprocess.CompletedProcess[str]") -> str:
    """Why the server did not start, as the one event of its log that says so."""
    events = [json.loads(line) for line in ended.stderr.splitlines()]
    (refusal,) = [event["error"] for event in events if event["event"] == "start_failed"]
    return refusal


# --- what another process has -----------------------------------------------------------------------------------------


def test_a_second_server_on_the_same_journal_refuses(first: RunningServer) -> None:
    """It ends with exit code 1, names the file and the process that has it, and the first one goes on unharmed."""
    second = _start_on(Path(first.journal))
    assert second.returncode == 1
    assert second.stdout == ""
    assert f"{first.journal} is in use by process {first.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr
    assert _staff(first) == ["ana", "ben", "chi", "dov", "eva"]


def test_a_second_server_on_the_same_journal_by_another_name_refuses(first: RunningServer, tmp_path: Path) -> None:
    """A link to the journal is the same journal."""
    link = tmp_path / "link.db"
    link.symlink_to(first.journal)
    second = _start_on(link)
    assert second.returncode == 1
    assert f"in use by process {first.process.pid}" in second.stderr


def test_a_second_server_on_the_same_port_refuses(first: RunningServer, journal_path: Path) -> None:
    """Exit code 1 and one line with the cause; it does not share the port with the first one, and makes no journal."""
    second = ended_server("--listen", first.address, "--journal", str(journal_path))
    assert second.returncode == 1
    port = first.address.rpartition(":")[2]
    assert _refusal(second) == (
        f"cannot listen on {first.address}: port {port} is in use by another program:"
        " stop it, or choose another with --listen or ONDUTY_LISTEN"
    )
    assert not journal_path.exists()
    assert _staff(first) == ["ana", "ben", "chi", "dov", "eva"]


def test_a_journal_whose_server_was_killed_is_free(journal_path: Path) -> None:
    """The lock ends with its process, however that ends: the next server starts on the same file."""
    with running_server(journal_path) as killed:
        killed.stop(signal.SIGKILL)
        with running_server(journal_path) as next_one:
            assert _staff(next_one) == []


# --- who could reach it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", "192.0.2.1:50051"])
def test_an_open_server_refuses_to_be_reached_from_other_machines(journal_path: Path, address: str) -> None:
    """Without TLS and authentication only loopback is served: exit code 2, with what to do, and nothing was made."""
    ended = ended_server("--listen", address, "--journal", str(journal_path))
    assert ended.returncode == 2
    assert f"{address} can be reached from other machines" in ended.stderr
    assert "needs TLS (--tls-cert, --tls-key) and credentials of callers (--keys, " in ended.stderr
    assert "--insecure" in ended.stderr
    assert "127.0.0.1" in ended.stderr
    assert not journal_path.exists()


def test_who_says_insecure_is_served_on_every_address(journal_path: Path) -> None:
    """With --insecure in so many words the server starts on 0.0.0.0."""
    with typed_server("--listen", "0.0.0.0:0", "--journal", str(journal_path), "--insecure", "--sample") as server:
        assert server.address.startswith("0.0.0.0:")
        server.address = server.address.replace("0.0.0.0", "127.0.0.1")
        assert len(_staff(server)) == 5


def test_what_an_open_server_means_is_said_at_every_start(journal_path: Path) -> None:
    """With --insecure each start warns, in words that say what anybody on the network may do; on loopback none does."""
    for _ in range(2):
        with typed_server("--listen", "0.0.0.0:0", "--journal", str(journal_path), "--insecure") as server:
            (told,) = [json.loads(line) for line in server.log if '"event": "insecure"' in line]
        assert told["level"] == "warning"
        assert "no authentication" in told["meaning"]
        assert "no TLS" in told["meaning"]
        assert "anybody who reaches this address may" in told["meaning"]
    with typed_server(*ANY_PORT, "--journal", str(journal_path), "--insecure") as server:
        assert '"event": "insecure"' not in server.output


def test_a_port_that_is_not_for_this_user_is_told_so(journal_path: Path) -> None:
    """Not "in use": permission denied, and what to choose; nothing was made."""
    without = ("setpriv", "--bounding-set", "-net_bind_service")
    if shutil.which("setpriv") is None or subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user cannot lay down its powers here: permissions are not tested")
    lowest = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not lowest.exists() or int(lowest.read_text()) <= 81:
        pytest.skip("every user may use every port here")
    ended = ended_server("--listen", "127.0.0.1:81", "--journal", str(journal_path), through=without)
    assert ended.returncode == 1
    assert _refusal(ended).startswith("cannot listen on 127.0.0.1:81: permission denied: this user may not use port 81")
    assert not journal_path.exists()


def test_an_address_of_another_machine_is_told_so(journal_path: Path) -> None:
    """An address that no interface here has: that is the cause that is told, and no journal is made."""
    ended = ended_server("--listen", "192.0.2.1:50051", "--insecure", "--journal", str(journal_path))
    assert ended.returncode == 1
    assert _refusal(ended) == "cannot listen on 192.0.2.1:50051: it is not an address of this machine"
    assert not journal_path.exists()


# --- what is no journal -----------------------------------------------------------------------------------------------


def _directory(path: Path) -> None:
    path.mkdir()


def _text(path: Path) -> None:
    path.write_text("Dear diary,\n" * 20)


def _short_text(path: Path) -> None:
    path.write_text("x")


def _other_database(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer_release(path: Path) -> None:
    with running_server(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA user_version = 99")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (_directory, "is a directory"),
        (_text, "is not a journal, nor any SQLite database"),
        (_short_text, "is not a journal, nor any SQLite database"),
        (_other_database, "is a SQLite database of another program"),
        (_newer_release, "was written by a newer release"),
        (_pipe, "is not a regular file"),
    ],
)
def test_what_is_no_journal_is_refused_and_left_as_it_was(tmp_path: Path, make: object, told: str) -> None:
    """Exit code 1, one line that names the path and says what it is, and not a byte changed or file left beside it."""
    path = tmp_path / "journal.db"
    make(path)
    before = _everything_in(tmp_path)
    ended = _start_on(path)
    assert ended.returncode == 1
    assert f"{path} {told}" in _refusal(ended)
    assert _everything_in(tmp_path) == before


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    """An absolute path into a directory that is not there: exit code 1, and the directory is asked for, not made."""
    journal = tmp_path / "missing" / "journal.db"
    ended = _start_on(journal)
    assert ended.returncode == 1
    assert f"{journal} cannot be made, as its directory does not exist" in ended.stderr
    assert not (tmp_path / "missing").exists()


# --- what cannot be written -------------------------------------------------------------------------------------------


@pytest.fixture
def bound_by_permissions() -> Sequence[str]:
    """What to put before a command so that permissions hold for it: nothing, or for the superuser a loss of powers."""
    if os.geteuid() != 0:
        return ()
    without = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
    if shutil.which("setpriv") is None or subprocess.run([*without, "true"], capture_output=True, check=False).returncode:
        pytest.skip("the superuser cannot lay down its powers here: permissions are not tested")
    return without


def test_a_journal_that_may_not_be_written_is_refused(tmp_path: Path, bound_by_permissions: Sequence[str]) -> None:
    """A file without write permission: exit code 1 and what to change; the file stays as it was."""
    journal = tmp_path / "journal.db"
    with running_server(journal):
        pass
    journal.chmod(0o444)
    before = _everything_in(tmp_path)
    ended = _start_on(journal, through=bound_by_permissions)
    assert ended.returncode == 1
    assert f"{journal} cannot be read and written by this user" in ended.stderr
    assert _everything_in(tmp_path) == before


def test_a_directory_that_may_not_be_written_is_refused(tmp_path: Path, bound_by_permissions: Sequence[str]) -> None:
    """SQLite keeps files beside the journal: a directory without write permission is refused with that reason."""
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(0o555)
    journal = place / "journal.db"
    ended = _start_on(journal, through=bound_by_permissions)
    assert ended.returncode == 1
    assert f"{journal} is in a directory that this user cannot write" in ended.stderr
    assert list(place.iterdir()) == []


def test_a_read_only_file_system_is_refused(tmp_path: Path) -> None:
    """On a mount that is read-only, even for the superuser: exit code 1 and the path."""
    place, mount = tmp_path / "place", shutil.which("mount")
    place.mkdir()
    with running_server(place / "journal.db"):
        pass
    before = _everything_in(place)
    if mount is None or subprocess.run([mount, "--bind", place, place], capture_output=True, check=False).returncode:
        pytest.skip("this user cannot mount: the read-only file system is not tested")
    try:
        subprocess.run([mount, "-o", "remount,bind,ro", place], check=True)
        ended = _start_on(place / "journal.db")
    finally:
        subprocess.run(["umount", place], check=True)
    assert ended.returncode == 1
    assert f"{place / 'journal.db'} cannot be read and written" in ended.stderr
    assert _everything_in(place) == before


# --- what makes it safe ----------------------------------------------------------------------------------------------


def test_with_tls_and_keys_other_machines_are_served(journal_path: Path, tmp_path: Path) -> None:
    """No flag is needed for it, and nothing is warned of; either alone is not enough."""
    authority = Authority(tmp_path)
    cert, key = authority.write("server", authority.pair("127.0.0.1"))
    keys = tmp_path / "keys.jsonl"
    keys.touch(0o600)
    listen = ("--listen", "0.0.0.0:0", "--journal", str(journal_path))
    of_tls = ("--tls-cert", str(cert), "--tls-key", str(key))
    for given, missing in ((of_tls, "needs credentials of callers"), (("--keys", str(keys)), "needs TLS (")):
        ended = ended_server(*listen, *given)
        assert ended.returncode == 2
        assert missing in ended.stderr
    with typed_server(*listen, *of_tls, "--keys", str(keys)) as server:
        server.stop()
    assert '"event": "insecure"' not in server.output
    (told,) = [json.loads(line) for line in server.log if '"event": "serving"' in line]
    assert (told["tls"], told["credentials"]) == (True, True)
    assert told["certificate_expires_at"]


def test_settings_of_tls_that_do_not_agree_are_told_together(journal_path: Path) -> None:
    """Each is a mistake of the configuration."""
    ended = ended_server("--journal", str(journal_path), "--tls-cert", "a.pem", "--tls-client-auth", "required")
    assert ended.returncode == 2
    assert "tls_cert, tls_key: one needs the other" in ended.stderr
    assert "tls_client_ca, tls_client_auth:" in ended.stderr
