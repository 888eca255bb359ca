"""The README's commands: run in order against a real server, with grpcurl and with buf."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from readme_blocks import (
    ADDRESS,
    README,
    ROOT,
    SECONDS_MOST,
    Block,
    Shell,
    differences,
    fences,
    for_buf,
    last_read,
    patient,
    runnable_blocks,
)
from running_server import RunningServer, running_server
from wait_until import wait_until

from onduty_server.cli.main import app

PROGRAMS = Path(sys.executable).parent
TOOLS = ROOT / ".tools"
ONDUTY_LINE = re.compile(r"^(?:\.venv/bin/)?onduty (?P<words>.*?)$", re.MULTILINE)
PATIENCE_SECONDS = 60
MAKE_LINE = re.compile(r"\bmake ([a-z][a-z-]*)")


@pytest.fixture
def grpcurl() -> Path:
    """The grpcurl program; where there is none the test is skipped, but not in continuous integration."""
    found = TOOLS / "grpcurl"
    if not found.exists():
        elsewhere = shutil.which("grpcurl")
        if elsewhere is None:
            if os.environ.get("CI"):
                pytest.fail("grpcurl is not installed: make grpcurl")
            pytest.skip("grpcurl is not installed: make grpcurl")
        found = Path(elsewhere)
    return found


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server as `make run` starts it, on a port and a journal of its own."""
    with running_server(tmp_path / "readme.db", flags=["--sample"]) as running:
        yield running


def shell(server: RunningServer, directory: Path, *tools: Path) -> Shell:
    """A terminal in the checkout with the README's paths put right."""
    (directory / "shell").mkdir()
    for program in (*(tool / "grpcurl" for tool in tools), PROGRAMS / "buf"):
        patient(program, directory / "patient")
    replacements = {
        ADDRESS: server.address,
        ".venv/bin/onduty ": f"ONDUTY_SERVER={server.address} {PROGRAMS / 'onduty'} ",
        ".venv/bin/": f"{PROGRAMS}/",
        "var/onduty.db": str(server.journal),
        "onduty-backup.db": str(directory / "backup.db"),
    }
    return Shell(directory / "shell", replacements, [directory / "patient", PROGRAMS])


def run_and_compare(terminal: Shell, block: Block) -> None:
    """Run a block; fail with what it wrote where that is not what the README says.

    What its last command reads is read again until it is so.
    """
    outcome = terminal.run(block)
    reading = last_read(block)
    end = time.monotonic() + PATIENCE_SECONDS
    while reading and outcome.exit_code == 0 and differences(block, outcome) and time.monotonic() < end:
        outcome = terminal.run(reading)
    if faults := differences(block, outcome):
        pytest.fail("\n".join((f"README.md:{block.line}: {'; '.join(faults)}", outcome.out, outcome.err)), pytrace=False)


def printed_lines(server: RunningServer) -> list[str]:
    """The first steps, which the server prints just after it has said that it serves."""

    def lines() -> list[str]:
        return [line.strip() for line in server.output.splitlines() if line.strip().startswith("grpcurl ")]

    wait_until(lambda: len(lines()) == 3, what="three lines for grpcurl")
    return lines()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_blocks_run_as_shown_with_grpcurl(sample_server: RunningServer, tmp_path: Path, grpcurl: Path):
    """Every runnable block ends as the README says and shows what the README shows."""
    terminal = shell(sample_server, tmp_path, grpcurl.parent)
    for block in runnable_blocks():
        run_and_compare(terminal, block)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_blocks_run_alike_with_buf(sample_server: RunningServer, tmp_path: Path):
    """The same lines, translated to `buf curl`, end and answer alike."""
    terminal = shell(sample_server, tmp_path)
    for block in map(for_buf, runnable_blocks()):
        run_and_compare(terminal, block)


def test_backup_of_the_readme_can_be_served(sample_server: RunningServer, tmp_path: Path):
    """What the backup line copies from a running server is a journal that a server starts on."""
    block = next(one for one in runnable_blocks() if "backup" in one.text)
    run_and_compare(shell(sample_server, tmp_path), block)
    with running_server(tmp_path / "backup.db") as restored:
        assert '"staff": 5' in restored.output


def test_printed_first_steps_run(sample_server: RunningServer, tmp_path: Path, grpcurl: Path):
    """The three lines that the server prints at its start work when they are copied."""
    for line in printed_lines(sample_server):
        command = line.replace("grpcurl ", f"{patient(grpcurl, tmp_path / 'patient')} ", 1)
        done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True, timeout=SECONDS_MOST)
        assert done.returncode == (68 if "WatchStaff" in line else 0), done.stderr
        assert '"ana"' in done.stdout


def test_every_onduty_line_names_a_command_and_its_options():
    """Lines that are not run, such as the replay, still name commands and options that exist."""
    lines = [
        found["words"]
        for _, language, text in fences(README.read_text(encoding="utf-8"))
        if language in {"sh", "shell"}
        for found in ONDUTY_LINE.finditer(text)
    ]
    assert any(line.startswith("replay") for line in lines)
    for line in lines:
        command = typer.main.get_command(app)
        words = line.split()
        while hasattr(command, "list_commands"):
            assert words[0] in command.list_commands(None), line
            command = command.get_command(None, words.pop(0))
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_every_make_target_named_exists():
    """The README, CONTRIBUTING and the pages name no make target that the Makefile does not have."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    pages = [README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        named = set(MAKE_LINE.findall(" ".join(re.findall(r"`[^`\n]*`", text)))) | {
            found for _, language, block in fences(text) if language == "shell" for found in MAKE_LINE.findall(block)
        }
        assert named <= targets, f"{page.name} names {sorted(named - targets)}"
