"""`onduty journal` on real files: of a server under load, of one that was killed, of nobody, and damaged ones."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import prepared
import pytest
from running_server import RunningServer, running_server
from service_stubs import stubs_of
from typed_server import environment

from onduty.v1 import staff_pb2, workspace_service_pb2
from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.sqlite import schema
from onduty_server.adapters.sqlite.erasure_queries import SEAL

COMMAND = [sys.executable, "-m", "onduty_cli", "journal"]


def journal(*arguments: object, code: int = 0, **options: object) -> "subprocess.CompletedProcess[str]":
    """Run a command of `onduty journal` and hold it to the exit code."""
    command = [*COMMAND, *map(str, arguments)]
    done = prepared.run(command, env=environment({}), capture_output=True, text=True, timeout=120, check=False, **options)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def contents(path: Path) -> dict[str, object]:
    return json.loads(journal("info", path, "--json").stdout)


@contextlib.contextmanager
def changing(server: RunningServer) -> Iterator[list[int]]:
    """Staff who go to and fro for the length of the block; the revisions that were acknowledged so far."""
    acknowledged: list[int] = []
    stop, begun = threading.Event(), threading.Event()

    def change() -> None:
        with stubs_of(server.address) as stubs:
            while not stop.is_set():
                for status in (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY):
                    request = workspace_service_pb2.ChangeStatusRequest(
                        staff_id="ana", choice=staff_pb2.StatusChoice(status=status)
                    )
                    acknowledged.append(stubs.workspace.ChangeStatus(request, timeout=60).staff.revision)
                if len(acknowledged) > 100:
                    begun.set()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        assert begun.wait(60)
        yield acknowledged
    finally:
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of some changes whose server was stopped in order; tests copy it."""
    path = tmp_path_factory.mktemp("stopped") / "journal.db"
    with running_server(path, flags=["--sample"]) as server, changing(server):
        pass
    return path


@pytest.fixture
def copy(stopped: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copy(stopped, tmp_path / "copy.db"))


# --- backup -----------------------------------------------------------------------------------------------------------


def test_a_backup_under_load_holds_all_that_was_acknowledged_before(journal_path: Path, tmp_path: Path) -> None:
    """It verifies, is one file for its owner only, whatever the umask, and a server serves from it."""
    backup = tmp_path / "backup.db"
    with running_server(journal_path, flags=["--sample"]) as server:
        with changing(server) as acknowledged:
            before = acknowledged[-1]
            done = journal("backup", backup, "--journal", journal_path, umask=0)
            after = acknowledged[-1]
        assert after > before, "there was no load"
    assert "backed up to" in done.stderr
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup.db"]
    held = contents(backup)
    assert before <= held["head"] <= after + 1
    assert held["staff"] == 5
    journal("verify", backup)
    with running_server(backup) as restored:
        assert f"5 staff, {held['head']:,} changes" in restored.output


def test_a_backup_of_a_killed_servers_journal_has_its_last_change(journal_path: Path, tmp_path: Path) -> None:
    """What is only in the write-ahead log that was left behind is in the copy."""
    with running_server(journal_path, flags=["--sample"]) as server:
        with changing(server) as acknowledged:
            pass
        server.stop(signal.SIGKILL)
    assert journal_path.with_name("journal.db-wal").exists()
    journal("backup", tmp_path / "backup.db", "--journal", journal_path)
    assert contents(tmp_path / "backup.db")["head"] == acknowledged[-1]


def test_a_backup_that_is_there_is_replaced_only_by_force(stopped: Path, tmp_path: Path) -> None:
    """Without --force it stays byte by byte, and how to replace it is said."""
    backup = tmp_path / "backup.db"
    backup.write_text("another")
    assert "is there already" in journal("backup", backup, "--journal", stopped, code=1).stderr
    assert backup.read_text() == "another"
    journal("backup", backup, "--journal", stopped, "--force")
    assert contents(backup)["staff"] == 5


@pytest.mark.parametrize("what", ["a journal that is not there", "no journal", "the journal itself", "no such directory"])
def test_a_wrong_path_is_told_and_nothing_is_made(stopped: Path, tmp_path: Path, what: str) -> None:
    """Exit code 1, one line, and the directory is as it was."""
    source, target, told = stopped, tmp_path / "backup.db", ""
    match what:
        case "a journal that is not there":
            source, told = tmp_path / "nope.db", "there is no journal at"
        case "no journal":
            source, told = tmp_path / "text", "is not a journal"
            source.write_text("Dear diary,\n" * 20)
        case "the journal itself":
            target, told = stopped, "is the journal itself"
        case _:
            target, told = tmp_path / "missing" / "backup.db", "its directory does not exist"
    before = sorted(tmp_path.rglob("*")), sorted(stopped.parent.iterdir()), stopped.read_bytes()
    done = journal("backup", target, "--journal", source, "--force", code=1)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (sorted(tmp_path.rglob("*")), sorted(stopped.parent.iterdir()), stopped.read_bytes()) == before


def test_a_backup_never_replaces_a_journal_in_use(stopped: Path, journal_path: Path) -> None:
    """Not even by force: a file with a log beside it belongs to a server, or to one that was killed."""
    with running_server(journal_path, flags=["--sample"]) as server:
        done = journal("backup", journal_path, "--journal", stopped, "--force", code=1)
        assert "is a journal in use" in done.stderr
        assert server.process.poll() is None


def test_what_a_killed_backup_left_behind_is_in_nobodys_way(stopped: Path, tmp_path: Path) -> None:
    """A file that was never finished has no backup's name, and the next backup uses and removes it."""
    left = tmp_path / ".backup.db.unfinished"
    left.write_bytes(b"half of a page")
    journal("backup", tmp_path / "backup.db", "--journal", stopped)
    assert [path.name for path in tmp_path.iterdir()] == ["backup.db"]


# --- verify -----------------------------------------------------------------------------------------------------------


def _without_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(2 * 4096)
        file.write(bytes(4096))


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _changed_by(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return change


def _rewritten_by(statement: str) -> Callable[[Path], None]:
    """With the checksum that fits, as a fault of ours would have it."""

    def change(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            database.create_function("record_checksum", 9, checksum)
            database.execute(statement)
            database.execute(SEAL, {"revision": 20})

    return change


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_without_page, "damaged"),
        (_cut, "damaged"),
        (_changed_by("DELETE FROM journal WHERE revision = 20"), "revision 20 is missing"),
        (_changed_by("DELETE FROM journal WHERE revision BETWEEN 20 AND 30"), "revisions 20 to 30 are missing"),
        (_changed_by("UPDATE journal SET state = x'ff' WHERE revision = 20"), "revision 20 is damaged"),
        (_changed_by("UPDATE journal SET change = x'ff' WHERE revision = 20"), "revision 20 is damaged"),
        (_changed_by("UPDATE journal SET configuration = x'ff' WHERE revision = 20"), "revision 20 is damaged"),
        (_changed_by("UPDATE keys SET name = 'anb' WHERE name = 'ana'"), "revision 9 is damaged"),
        (_rewritten_by("UPDATE journal SET state = x'ff' WHERE revision = 20"), "revision 20 cannot be decoded"),
        (_changed_by("UPDATE journal SET previous = 3 WHERE revision = 20"), "revision 20 should follow revision 19"),
        (_changed_by("UPDATE journal SET time_ceiling = 0 WHERE revision = 20"), "revision 20 is out of the order of time"),
        (_changed_by("UPDATE journal SET key_id = 999 WHERE revision = 20"), "revision 20 belongs to nobody"),
        (_changed_by("DROP TABLE answers"), "cannot be read to its end"),
        (_changed_by("DROP INDEX answers_by_time"), "the table or index answers_by_time is missing"),
        (_changed_by("CREATE TABLE bookmarks (url TEXT)"), "another program: bookmarks"),
        (_changed_by("UPDATE meta SET value = 99999 WHERE name = 'heads_until'"), "of a later journal"),
        (_changed_by("DELETE FROM meta WHERE name = 'store_id'"), "the store has no id"),
        (_changed_by("DELETE FROM meta WHERE name = 'epoch'"), "the store has no epoch"),
        (_changed_by("INSERT INTO answers VALUES (1, 'r', x'00', 99999, x'', 1)"), "1 kept answers name"),
    ],
)
def test_damage_is_found_and_told(copy: Path, spoil: Callable[[Path], None], told: str) -> None:
    """Exit code 1, with what is wrong; the file is not changed by the look at it."""
    spoil(copy)
    before = copy.read_bytes()
    done = journal("verify", copy, code=1)
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert copy.read_bytes() == before


def test_a_server_does_not_start_on_a_damaged_state(copy: Path) -> None:
    """It says which revision is damaged and what to do, in a line."""
    _changed_by("UPDATE journal SET state = x'ff' WHERE revision = (SELECT max(revision) FROM journal)")(copy)
    words = [sys.executable, "-m", "onduty_cli", "serve", "--listen", "127.0.0.1:0", "--journal", str(copy)]
    done = prepared.run(words, env=environment({}), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "is damaged, as its checksum says" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_journal_of_an_unread_form_can_be_deleted(copy: Path) -> None:
    """Who has one from before the first release gets rid of it, and is told why nobody reads it."""
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.FORMS_NOT_READ}")
    assert "before the first release" in journal("info", copy, code=1).stderr
    done = journal("delete", "--journal", copy, "--yes")
    assert "before the first release" in done.stdout
    assert not copy.exists()


def test_flipped_bytes_never_crash_it(copy: Path) -> None:
    """Wherever a byte is damaged: it says so or finds the file sound, and never ends in a traceback."""
    content, found = copy.read_bytes(), 0
    for place in range(120, len(content), len(content) // 12):
        copy.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        done = prepared.run([*COMMAND, "verify", str(copy)], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in {0, 1}
        assert "Traceback" not in done.stderr
        found += done.returncode
    assert found


def test_a_sound_journal_verifies_and_its_contents_are_shown(stopped: Path) -> None:
    """Head, oldest revision, staff and changes; nothing is left beside the file."""
    done = journal("verify", stopped)
    assert "nothing is wrong" in done.stderr
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in done.stdout.splitlines()}
    held = contents(stopped)
    assert shown["head"].startswith(f"revision {held['head']} of ")
    assert shown["oldest"].startswith("revision 1 of ")
    assert shown["staff"] == "5"
    assert held["changes"] == held["head"]
    assert [path.name for path in stopped.parent.iterdir()] == ["journal.db"]


def test_a_file_without_its_log_is_told(journal_path: Path, tmp_path: Path) -> None:
    """A running server's file that was copied alone is older than it should be: verify says what to look for."""
    with running_server(journal_path, flags=["--sample"]):
        alone = Path(shutil.copy(journal_path, tmp_path / "alone.db"))
        done = prepared.run([*COMMAND, "verify", str(alone)], capture_output=True, text=True, timeout=120, check=False)
    assert "no write-ahead log beside it" in done.stderr or done.returncode == 1


# --- restore ----------------------------------------------------------------------------------------------------------


def epoch_of(path: Path) -> int:
    return contents(path)["epoch"]


def test_a_restored_backup_is_served_and_has_a_new_epoch(journal_path: Path, tmp_path: Path) -> None:
    """It is for its owner only, whatever the umask. What it replaced is kept whole, with what was only in its log."""
    backup = tmp_path / "backup.db"
    with running_server(journal_path, flags=["--sample"]) as server:
        journal("backup", backup, "--journal", journal_path)
        with changing(server) as acknowledged:
            pass
        server.stop(signal.SIGKILL)
    before = epoch_of(journal_path)
    assert epoch_of(backup) == before
    done = journal("restore", backup, "--to", journal_path, "--force", umask=0)
    assert "restored to" in done.stderr
    replaced = journal_path.with_name("journal.db.replaced-1")
    assert f"the journal that was there is {replaced}" in done.stderr.replace("\n", " ")
    assert sorted(path.name for path in journal_path.parent.iterdir() if path.name.startswith("journal")) == [
        "journal.db",
        "journal.db.replaced-1",
        "journal.db.replaced-1-wal",
    ]
    assert stat.S_IMODE(journal_path.stat().st_mode) == 0o600
    assert epoch_of(journal_path) != before
    assert epoch_of(backup) == before
    assert contents(replaced)["head"] == acknowledged[-1]
    with running_server(journal_path) as server:
        assert f"5 staff, {contents(backup)['head']:,} changes" in server.output


def test_each_restore_begins_an_epoch_and_keeps_what_it_replaced(stopped: Path, tmp_path: Path) -> None:
    """Twice the same backup is two histories; nothing that was kept is replaced."""
    backup, place = tmp_path / "backup.db", tmp_path / "place.db"
    journal("backup", backup, "--journal", stopped)
    epochs = {epoch_of(backup)}
    for _ in range(3):
        journal("restore", backup, "--to", place, "--force")
        epochs.add(epoch_of(place))
    assert len(epochs) == 4
    assert sorted(path.name for path in tmp_path.glob("place*")) == ["place.db", "place.db.replaced-1", "place.db.replaced-2"]


def test_a_restore_refuses_while_a_server_has_the_journal(stopped: Path, journal_path: Path) -> None:
    """Also by force; the server goes on."""
    with running_server(journal_path, flags=["--sample"]) as server:
        done = journal("restore", stopped, "--to", journal_path, "--force", code=1)
        assert f"in use by process {server.process.pid}" in done.stderr
        assert server.process.poll() is None
    assert not list(journal_path.parent.glob("*replaced*"))


def test_a_restore_replaces_nothing_without_force(stopped: Path, copy: Path) -> None:
    """What is there stays byte by byte, and how to replace it is said."""
    before = copy.read_bytes()
    assert "--force" in journal("restore", stopped, "--to", copy, code=1).stderr
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_damaged_backup_is_not_restored(stopped: Path, copy: Path) -> None:
    """It is verified before anything is replaced."""
    place = copy.with_name("place.db")
    shutil.copy(stopped, place)
    _changed_by("DELETE FROM journal WHERE revision = 20")(copy)
    done = journal("restore", copy, "--to", place, "--force", code=1)
    assert "revision 20 is missing" in done.stderr
    assert place.read_bytes() == stopped.read_bytes()
    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name, place.name]


def test_the_default_journals_directory_is_made_by_a_restore(stopped: Path, tmp_path: Path) -> None:
    """On a fresh machine; for the owner only. One that was named must be there."""
    own = tmp_path / "state"
    command = [*COMMAND, "restore", str(stopped)]
    done = prepared.run(
        command, env=environment({"XDG_STATE_HOME": str(own)}), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE((own / "onduty").stat().st_mode) == 0o700
    assert stat.S_IMODE((own / "onduty" / "onduty.db").stat().st_mode) == 0o600
    done = journal("restore", stopped, "--to", tmp_path / "missing" / "journal.db", code=1)
    assert "its directory does not exist" in done.stderr


def test_a_finished_backup_is_not_emptied_by_the_next_one(stopped: Path, tmp_path: Path) -> None:
    """A backup that was killed after its copy got its name leaves two names of one file."""
    backup = tmp_path / "backup.db"
    journal("backup", backup, "--journal", stopped)
    os.link(backup, tmp_path / ".backup.db.unfinished")
    kept = tmp_path / "kept.db"
    os.link(backup, kept)
    journal("backup", backup, "--journal", stopped, "--force")
    assert contents(kept)["staff"] == contents(backup)["staff"] == 5


def test_one_goes_on_without_what_is_missing_as_the_refusal_says(journal_path: Path, tmp_path: Path) -> None:
    """A server whose write-ahead log is gone does not start. What is left is restored, with a new epoch; the rest is kept."""
    with running_server(journal_path, flags=["--sample"]):
        pass
    before = contents(journal_path)
    with running_server(journal_path) as server:
        with changing(server) as acknowledged:
            pass
        server.stop(signal.SIGKILL)
    log = journal_path.with_name("journal.db-wal")
    log.rename(tmp_path / "away")
    for command in (["serve", "--listen", "127.0.0.1:0", "--journal"], ["journal", "verify"]):
        words = [sys.executable, "-m", "onduty_cli", *command, str(journal_path)]
        done = prepared.run(words, env=environment({}), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 1
        assert f"up to {acknowledged[-1]:,} were acknowledged, but it ends at {before['head']:,}" in done.stderr
    journal("backup", tmp_path / "left.db", "--journal", journal_path)
    journal("restore", tmp_path / "left.db", "--to", journal_path, "--force")
    after = contents(journal_path)
    assert after["head"] == before["head"]
    assert after["epoch"] != before["epoch"]
    with running_server(journal_path) as server:
        assert "5 staff" in server.output


# --- delete -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "y\n", "yes"])
def test_nothing_is_deleted_without_a_yes(copy: Path, answer: str) -> None:
    """Only the whole word does it, also at the end of the input; what would go is said with its path and count."""
    done = journal("delete", "--journal", copy, input=answer, code=0 if answer.strip() else 1)
    assert f"This deletes for good: {copy}" in done.stdout
    assert "5 staff, " in done.stdout
    assert copy.exists() == (answer != "yes")


def test_a_journal_in_use_is_not_deleted(journal_path: Path) -> None:
    """The process that has it is named, and it goes on."""
    with running_server(journal_path, flags=["--sample"]) as server:
        done = journal("delete", "--journal", journal_path, "--yes", code=1)
        assert f"in use by process {server.process.pid}" in done.stderr
        assert journal_path.exists()
    journal("delete", "--journal", journal_path, "--yes")
    assert list(journal_path.parent.iterdir()) == []


def test_deleting_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    """Beginning afresh twice does no harm; what is no journal is left alone."""
    assert "nothing to delete" in journal("delete", "--journal", tmp_path / "nope.db", "--yes").stderr
    text = tmp_path / "text"
    text.write_text("Dear diary,\n" * 20)
    assert "is not a journal" in journal("delete", "--journal", text, "--yes", code=1).stderr
    assert text.exists()
