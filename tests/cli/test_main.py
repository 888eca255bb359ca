"""The command line as a whole: help, version, completion, exit codes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer.main
from patience import PATIENCE_SECONDS
from typer.testing import CliRunner

from onduty_cli.late_commands import unwrapped
from onduty_cli.main import app
from onduty_cli.start_command import start_command

UNREACHABLE = "127.0.0.1:1"
PROGRAM = str(Path(sys.executable).with_name("onduty"))


def commands() -> Iterator[tuple[str, ...]]:
    """The path of every command and group."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while waiting:
        path, command = waiting.pop()
        yield path
        names = command.list_commands(None) if hasattr(command, "list_commands") else []
        waiting += [((*path, name), command.get_command(None, name)) for name in names]


COMMANDS = sorted(commands())
CLIENT_COMMANDS = [
    path
    for path in COMMANDS
    if path
    and path[0] not in {"serve", "web", "journal", "keys", "config", "doctor", "bundle", "top"}
    and path not in {(g,) for g in ("staff", "status", "breaks", "call", "policy")}
]


def run(*arguments: str, env: dict[str, str] | None = None) -> typer.testing.Result:
    return CliRunner(env={"TERMINAL_WIDTH": "200", **(env or {})}).invoke(app, arguments)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]):
    """No command fails to explain itself."""
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("path", CLIENT_COMMANDS, ids=" ".join)
def test_every_client_command_shows_an_example_and_its_connection(path: tuple[str, ...]):
    """The example is a line that can be typed; every command takes the server on itself."""
    help_text = run(*path, "--help").stdout
    assert f"Example: onduty {' '.join(path)}" in help_text
    for option in (
        "--server",
        "--tenant",
        "--timeout",
        "--json",
        "--zone",
        "ONDUTY_SERVER",
        "ONDUTY_TENANT",
        "ONDUTY_ZONE",
        "--token-file",
    ):
        assert option in help_text


def test_the_commands_are_those_that_are_documented():
    """A command that comes or goes must be meant."""
    assert {" ".join(path) for path in COMMANDS if path} == {
        "serve", "web", "watch", "colleagues", "summary", "history", "export", "time", "changes", "audit", "break",
        "staff", "staff add", "staff update", "staff import", "staff list", "staff show", "staff delete", "staff erase",
        "status", "status set", "status back-to-reception", "status continue", "status next", "status force", "status reset",
        "breaks", "breaks list", "breaks add", "breaks update", "breaks enable", "breaks disable", "breaks delete",
        "call", "call start", "call end", "call claim", "call accept", "call decline", "call withdraw", "call place",
        "call show-claim", "call hold", "reconcile",
        "policy", "policy show", "policy set",
        "journal", "journal backup", "journal restore", "journal verify", "journal info", "journal copy", "journal delete",
        "version", "whoami", "replicas", "keys", "keys new", "keys list", "keys revoke",
        "config", "config print", "doctor", "bundle", "check", "top",
    }  # fmt: skip


def test_the_help_tells_the_exit_codes():
    """Scripts need them."""
    told = " ".join(run("--help").stdout.split())
    assert "Exit codes: 0 done; 1 refused, failed, or not found; 2 wrong usage; 3 server not reachable; 4 of several" in told


LOADED = """
import sys, typer.main
from onduty_cli.main import app
typer.main.get_command(app).get_command(None, sys.argv[1])
print(*sys.modules)
"""


def loaded_by(command: str) -> set[str]:
    """The modules that are there when a command is about to run, in a process of its own."""
    program = [sys.executable, "-c", LOADED, command]
    told = subprocess.run(program, check=True, capture_output=True, text=True, timeout=PATIENCE_SECONDS).stdout
    return set(told.split())


@pytest.mark.parametrize("command", ["status", "watch", "version", "break"])
def test_a_client_command_does_not_load_the_server(command: str):
    """Half of its starting time would go there; completion would wait at every key."""
    loaded = loaded_by(command)
    assert "onduty_cli.client_command" in loaded
    assert not loaded & {"onduty_server.compose", "onduty_server.config", "pydantic_settings", "structlog"}


@pytest.mark.parametrize(
    ("command", "other"),
    [
        ("serve", "onduty_cli.client_command"),
        ("serve", "rich.progress"),
        ("journal", "onduty_server.engine.engine"),
        ("version", "onduty_cli.watch.command"),
        ("status", "onduty_cli.staff_commands"),
    ],
)
def test_no_command_loads_another(command: str, other: str):
    """Each pays for itself alone; a server's start is what an outage lasts."""
    assert other not in loaded_by(command)


def test_the_version_is_the_packages():
    """And nothing else is written."""
    assert run("--version").stdout == f"onduty {version('onduty')}\n"


@pytest.mark.parametrize(
    ("option", "value", "variable"),
    [
        ("--server", "nowhere", "ONDUTY_SERVER"),
        ("--zone", "Nowhere", "ONDUTY_ZONE"),
        ("--tenant", "é", "ONDUTY_TENANT"),
        ("--actor", " lea", "ONDUTY_ACTOR"),
    ],
)
def test_the_variable_is_blamed_only_where_the_value_is_from_it(option: str, value: str, variable: str):
    """Whoever typed the option looks there, and not for a variable that is not set."""
    typed = run("staff", "list", option, value)
    assert f"Invalid value for '{option}': " in typed.output
    assert variable not in typed.output
    assert f"(env var: '{variable}')" in run("staff", "list", env={variable: value}).output
    assert typed.exit_code == 2


def test_without_arguments_the_help_is_shown():
    """A newcomer types the bare name first."""
    assert "Usage: onduty" in run().output


def completions(line: str) -> list[str]:
    """What bash offers at the end of a line."""
    words = line.split(" ")
    env = {
        **os.environ,
        "_ONDUTY_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    return subprocess.run([PROGRAM], check=False, env=env, capture_output=True, text=True, timeout=60).stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("onduty br", ["break", "breaks"]),
        ("onduty status set kim o", ["on-break", "offline"]),
        ("onduty staff list --status in", ["in-line"]),
        ("onduty policy set no_answer", ["no_answer.misses=", "no_answer.status="]),
    ],
)
def test_the_shell_completes_commands_and_values(line: str, offered: list[str]):
    """Statuses and policy keys are offered as well as commands."""
    assert completions(line) == offered


def test_completion_can_be_installed(tmp_path: Path):
    """`--install-completion` finds out the shell and writes its script into the home directory."""
    shell = ["bash", "-c", f"{PROGRAM} --install-completion; exit $?"]
    env = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(shell, check=False, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "_ONDUTY_COMPLETE" in (tmp_path / ".bash_completions" / "onduty.sh").read_text()


def test_completion_where_the_home_cannot_be_written(tmp_path: Path):
    """It says so, and what else can be done, without a traceback."""
    home = tmp_path / "home"
    home.write_text("not a folder")
    shell = ["bash", "-c", f"{PROGRAM} --install-completion; exit $?"]
    done = subprocess.run(shell, check=False, env={**os.environ, "HOME": str(home)}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("cannot install the completion: ")
    assert done.stderr.endswith("To put it in place by hand: onduty --show-completion\n")


def test_help_is_cut_into_lines_for_the_terminal():
    """A paragraph is filled; examples and indented lines stay as they are."""
    text = """First.

    A paragraph over
    two lines.
      indented
    Example: one
    Example: two
    """
    assert unwrapped(text) == "First.\n\nA paragraph over two lines.\n  indented\nExample: one\nExample: two"


@pytest.mark.parametrize(
    "arguments", [[], ["staff"], ["staff", "import"], ["history"], ["serve"], ["status", "set"]], ids=" ".join
)
def test_help_says_nothing_of_types_that_nobody_types(arguments: list[str]):
    """A flag has no value, and an argument with a name has its name."""
    shown = run(*arguments, "--help").stdout
    assert "--help" in shown
    assert "<bool>" not in shown
    assert "<list" not in shown


def test_a_server_that_is_not_there_ends_with_3_and_says_how_to_start_one():
    """Also `watch` ends: a wrong address is likelier than a restart."""
    for command in (["staff", "list"], ["watch", "--plain"], ["watch", "--once"]):
        result = run(*command, "--server", UNREACHABLE)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert result.stderr.splitlines()[0] == f"cannot reach Onduty at {UNREACHABLE} (Connection refused)"
        assert start_command() in result.stderr.splitlines()[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["status", "set", "kim", "in-line"], "only the system sets in-line"),
        (["status", "set", "kim", "lunch"], "choose one of available, busy, on-break, offline"),
        (["status", "set", "kim", "on-break"], "needs --reason"),
        (["status", "set", "kim", "busy", "--reason", "lunch"], "goes with on-break only"),
        (["status", "next", "kim"], "either a STATUS or --clear"),
        (["status", "next", "kim", "busy", "--clear"], "either a STATUS or --clear"),
        (["status", "force", "kim", "busy"], "--note"),
        (["staff", "update", "kim"], "--name"),
        (["staff", "list", "--status", "lunch"], "is none of available"),
        (["staff", "list", "--server", "localhost"], "write HOST:PORT"),
        (["staff", "list", "--timeout", "0"], "--timeout"),
        (["staff", "list", "--tenant", "żółw"], "printable ASCII"),
        (["call", "claim", "--call", "c"], "either --staff or --group"),
        (["call", "claim", "--call", "c", "--staff", "k", "--group", "g"], "either --staff or --group"),
        (["call", "claim", "--call", "c", "--group", "g", "--ttl", "5"], "is not a duration"),
        (["call", "start", "kim", "c", "--direction", "up"], "is none of inbound"),
        (["breaks", "update", "lunch"], "--limit"),
        (["history", "--since", "lunch"], "is not an instant"),
        (["history", "--limit", "0"], "--limit"),
        (["policy", "set", "claim_ttl"], "write KEY=VALUE"),
        (["policy", "set", "claim_ttl=5s", "claim_ttl=6s"], "each key once"),
        (["policy", "set", "claim_tll=5s"], "did you mean claim_ttl"),
        (["watch", "--once", "--resume-after", "p"], "--resume-after"),
        (["staff", "lsit"], "there is no command 'lsit'; did you mean list?"),
        (["staus"], "did you mean status"),
        (["changes", "--kind", "staf"], "Invalid value for '--kind': 'staf' is not one of"),
        (["history", "--limit", "0"], "it must be at least 1"),
        (["history", "--limit", "some"], "it is not a whole number"),
        (["summary", "--timeout", "0"], "it must be at least 0.001"),
        (["summary", "--timeout", "long"], "it is not a number"),
        (["break", "kim"], "Missing argument 'REASON'. See `onduty breaks list`."),
        (["call", "accept", "kim"], "`onduty staff show STAFF_ID` shows the one on offer"),
        (["status", "set", "kim", "availabl"], "choose one of available, busy, on-break, offline; did you mean available?"),
        (["help"], "onduty COMMAND --help"),
        (["--server", "X", "version"], "options stand behind the command"),
        (["status", "kim", "available"], "there is no command 'kim'; there are set,"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(arguments: list[str], said: str):
    """Without asking any server."""
    result = run(*arguments, env={"ONDUTY_SERVER": UNREACHABLE})
    assert result.exit_code == 2, result.output
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_client_command_imports_nothing_of_the_server_and_no_views():
    """It starts quickly: what serves, what watches and asyncio's half of the client are for others to pay."""
    command = [sys.executable, "-X", "importtime", "-m", "onduty_cli", "status", "set", "--help"]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stderr
    imported = {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
    assert {name for name in imported if name.startswith("onduty_server")} == {"onduty_server", "onduty_server.variables"}
    assert not {name for name in imported if name.startswith(("onduty_client.async", "onduty_client.view", "onduty_cli.watch"))}
