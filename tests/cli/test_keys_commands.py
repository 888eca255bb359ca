"""`onduty keys` on real files, and the commands that show a key to a real server."""

import json
import os
import stat
import sys
import threading
from pathlib import Path

import prepared
import pytest
from running_server import RunningServer, running_server
from typed_server import ended_server, environment

from onduty_server.auth import keys_file
from onduty_server.auth.private_file import change_file

COMMAND = [sys.executable, "-m", "onduty_cli"]
OF_ROUTER = ("--id", "router-1", "--role", "router", "--tenant", "default")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the keys are."""
    return tmp_path / "keys.jsonl"


def run(*arguments: object, code: int = 0, **variables: str) -> str:
    """What a command writes, standard output first; it is held to the exit code."""
    command = [*COMMAND, *map(str, arguments)]
    done = prepared.run(command, env=environment(variables), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr if code else done.stdout


def new_key(file: Path, *arguments: str) -> str:
    """A new key, as the last line has it."""
    return run("keys", "new", "--file", file, *arguments).splitlines()[-1]


# --- the file ---------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_only_its_hash_is_kept(file: Path):
    """Alone on the only line of standard output; the file is for its owner only, whatever the umask is."""
    before = os.umask(0)
    try:
        out = run("keys", "new", "--file", file, *OF_ROUTER)
    finally:
        os.umask(before)
    (key,) = out.splitlines()
    assert key.startswith(keys_file.KEY_PREFIX)
    assert len(key) == len(keys_file.KEY_PREFIX) + 64
    assert key not in file.read_text(encoding="utf-8")
    assert keys_file.hash_of(key) in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_keys_are_listed_without_what_could_be_used(file: Path):
    """What they reach and whether they are in force; neither key nor hash."""
    key = new_key(file, *OF_ROUTER, "--expires", "90d")
    new_key(file, "--id", "desk-ana", "--role", "workspace", "--tenant", "default", "--staff", "ana", "--actor", "desk")
    run("keys", "revoke", "desk-ana", "--file", file)
    table = run("keys", "list", "--file", file)
    assert "router-1" in table
    assert key not in table
    router, desk = (json.loads(line) for line in run("keys", "list", "--file", file, "--json").splitlines())
    assert (router["state"], router["roles"], router["actor"]) == ("in force", ["router"], "router-1")
    assert (desk["state"], desk["staff_ids"], desk["actor"]) == ("revoked", ["ana"], "desk")
    assert "sha256" not in router


def test_a_key_can_be_restricted_to_skill_groups(file: Path):
    """The list says to which; a key that administrates cannot be."""
    new_key(file, "--id", "sales", "--role", "supervisor", "--tenant", "default", "--group", "sales", "--group", "vip")
    new_key(file, *OF_ROUTER)
    sales, routers = (json.loads(line) for line in run("keys", "list", "--file", file, "--json").splitlines())
    assert sales["skill_groups"] == ["sales", "vip"]
    assert "skill_groups" not in routers
    assert "sales, vip" in run("keys", "list", "--file", file)
    refused = run("keys", "new", "--file", file, "--id", "x", "--role", "admin", "--tenant", "t", "--group", "g", code=2)
    assert "the role admin cannot be restricted" in " ".join(refused.split())


def test_a_revoked_line_stays_and_its_id_is_not_used_again(file: Path):
    """So that nobody takes one key for another in a history; other lines and comments stay as they are."""
    file.write_text("# routers\n", encoding="utf-8")
    new_key(file, *OF_ROUTER)
    new_key(file, "--id", "router-2", "--role", "router", "--tenant", "default")
    before = file.read_text(encoding="utf-8").splitlines()
    run("keys", "revoke", "router-1", "--file", file)
    comment, first, second = file.read_text(encoding="utf-8").splitlines()
    assert (comment, second) == (before[0], before[2])
    assert json.loads(first)["revoked_at"]
    assert "never used again" in run("keys", "new", "--file", file, *OF_ROUTER, code=1)
    assert "there is no key" in run("keys", "revoke", "router-9", "--file", file, code=1)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--role", "boss", "--tenant", "default"), "none of workspace, router"),
        (("--role", "workspace", "--tenant", "default"), "needs either staff_ids or"),
        (("--role", "router", "--tenant", "default", "--all-staff"), "no other role"),
        (("--role", "router", "--tenant", "default", "--expires", "yesterday"), "must end in the future"),
        (("--role", "router", "--tenant", "default", "--expires", "soon"), "neither a duration"),
        (("--role", "router"), "--tenant"),
        (("--tenant", "default"), "--role"),
    ],
)
def test_what_would_make_no_good_key_is_wrong_usage(file: Path, arguments: tuple[str, ...], fault: str):
    """It is said before anything is written."""
    said = run("keys", "new", "--file", file, "--id", "x", *arguments, code=2)
    assert fault.split(maxsplit=1)[0] in said
    assert not file.exists()


def test_a_file_that_is_none_of_keys_is_left_as_it_is(file: Path):
    """The line is told, and nothing that is in it."""
    file.write_text('{"id": "secret-name"\n', encoding="utf-8")
    said = run("keys", "new", "--file", file, *OF_ROUTER, code=1)
    assert "line 1" in said
    assert "secret-name" not in said
    assert file.read_text(encoding="utf-8") == '{"id": "secret-name"\n'


def test_a_file_that_others_may_read_is_warned_of(file: Path):
    """By the command and by the server."""
    new_key(file, *OF_ROUTER)
    file.chmod(0o644)
    done = prepared.run(
        [*COMMAND, "keys", "list", "--file", str(file)],
        env=environment({}), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "chmod 600" in done.stderr


def test_changes_at_once_all_come_about(file: Path):
    """Each waits for the one before, and none is lost."""

    def change() -> None:
        for _ in range(20):
            change_file(file, lambda content: content + b"#\n")

    threads = [threading.Thread(target=change) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_bytes() == b"#\n" * 80


# --- with a server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def server(file: Path, journal_path: Path):
    """A server on loopback that asks for keys, and the administrator's key."""
    key = new_key(file, "--id", "admin", "--role", "admin", "--tenant", "default")
    with running_server(journal_path, flags=["--keys", str(file), "--sample"]) as running:
        yield running, key


@pytest.mark.parametrize("how", ["file", "environment", "command"])
def test_commands_show_the_key_from_anywhere(server: tuple[RunningServer, str], tmp_path: Path, how: str):
    """A file, the environment, or a command that prints it; whoami says what it reaches."""
    running, key = server
    path = tmp_path / "token"
    path.write_text(key + "\n", encoding="utf-8")
    arguments: tuple[object, ...] = {
        "file": ("--token-file", path),
        "environment": (),
        "command": ("--token-command", f"cat '{path}'"),
    }[how]
    variables = {"ONDUTY_TOKEN": key} if how == "environment" else {}
    said = run("whoami", "--server", running.address, *arguments, **variables)
    assert "key admin" in said
    assert "admin" in said
    assert run("staff", "add", "kim", "--server", running.address, *arguments, **variables)
    told = json.loads(run("whoami", "--json", "--server", running.address, *arguments, **variables))
    assert (told["actor_id"], told["roles"]) == ("admin", ["ACTOR_ROLE_ADMIN"])


def test_a_refusal_says_what_to_do(server: tuple[RunningServer, str], tmp_path: Path):
    """Without a key, with a wrong one, and with one that does not reach so far."""
    running, key = server
    assert "--token-file" in run("staff", "list", "--server", running.address, code=1)
    assert "look for a misspelling" in run("staff", "list", "--server", running.address, code=1, ONDUTY_TOKEN=key[:-1] + "x")
    said = run("status", "set", "ana", "available", "--server", running.address, code=1, ONDUTY_TOKEN=key)
    assert "it needs the role WORKSPACE, and the credential has ADMIN" in said
    assert "onduty whoami" in said
    assert "the command of --token-command ended with 3" in run(
        "whoami", "--server", running.address, "--token-command", "sh -c 'exit 3'", code=1
    )


def test_a_key_is_not_sent_over_the_network_in_plain_text(tmp_path: Path):
    """Only loopback takes it without TLS."""
    said = run("whoami", "--server", "192.0.2.1:50051", code=2, ONDUTY_TOKEN="x")
    assert "plain text" in said


def test_no_key_is_in_any_log(server: tuple[RunningServer, str]):
    """Neither those that are good nor those that are not."""
    running, key = server
    run("whoami", "--server", running.address, ONDUTY_TOKEN=key)
    run("whoami", "--server", running.address, code=1, ONDUTY_TOKEN="onduty_key_wrong")
    running.stop()
    assert key not in running.output
    assert "onduty_key_wrong" not in running.output


def test_a_server_does_not_start_on_a_bad_file_of_keys(file: Path, journal_path: Path):
    """There is no last good one yet: it says which line is wrong."""
    file.write_text("nonsense\n", encoding="utf-8")
    ended = ended_server("--listen", "127.0.0.1:0", "--journal", str(journal_path), "--keys", str(file))
    assert ended.returncode == 1
    assert "line 1: it is not a JSON object" in ended.stdout + ended.stderr
    assert not journal_path.exists()


# --- the audit log ----------------------------------------------------------------------------------------------------


def test_the_audit_log_is_shown_by_the_server_and_by_its_file(file: Path, tmp_path: Path):
    """The same entries either way: a refusal, a change, and the keys; as a table, as JSON, and by kind."""
    admin = new_key(file, "--id", "admin", "--role", "admin", "--tenant", "default")
    router = new_key(file, *OF_ROUTER)
    with running_server(tmp_path / "journal.db", flags=("--keys", str(file), "--tenants", "default")) as server:
        access = {"ONDUTY_SERVER": server.address, "ONDUTY_TOKEN": admin}
        run("staff", "add", "kim", **access)
        run("staff", "add", "ben", code=1, ONDUTY_SERVER=server.address, ONDUTY_TOKEN=router)
        table = run("audit", **access)
        refused = [json.loads(line) for line in run("audit", "--kind", "refused", "--json", **access).splitlines()]
        listed = [json.loads(line) for line in run("audit", "--json", **access).splitlines()]
    assert "CreateStaff kim" in table
    assert [(one["actor_id"], one["problem"]) for one in refused] == [("router-1", "ROLE")]
    read = [json.loads(line) for line in run("audit", "--json", "--file", tmp_path / "journal.db.audit").splitlines()]
    assert read == listed
    newest = run("audit", "--json", "--newest-first", "--kind", "configuration", "--file", tmp_path / "journal.db.audit")
    assert [json.loads(line)["subject"] for line in newest.splitlines()] == ["kim"]
    assert "cannot be read" in run("audit", "--file", tmp_path / "none", code=1)
