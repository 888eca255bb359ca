"""The README's commands run in order against a real server, and what all pages name exists."""

import re
import subprocess
from pathlib import Path

import typer.main
from page_terminal import run_and_compare, shell
from readme_blocks import README, ROOT, SECONDS_MOST, fences, runnable_blocks
from running_server import RunningServer
from wait_until import wait_until

from onduty_cli.main import app
from onduty_replay.command import app as replay

ONDUTY_LINE = re.compile(r"^(?:\.venv/bin/)?onduty(?P<replay>-replay)? (?P<words>.*?)$", re.MULTILINE)
MAKE_LINE = re.compile(r"(?:^|&& |; |=\S+ )make ([a-z][a-z-]*)", re.MULTILINE)


def printed_lines(server: RunningServer) -> list[str]:
    """The first steps, which the server prints just after it has said that it serves."""

    def lines() -> list[str]:
        return [line.strip() for line in server.output.splitlines() if re.match(r"  \S.*onduty", line)]

    wait_until(lambda: len(lines()) == 6, what="six lines for onduty")
    return lines()


def test_blocks_run_as_shown(sample_server: RunningServer, tmp_path: Path, grpcurl: Path):
    """Every runnable block of the README ends as it says and shows what it shows."""
    terminal = shell(sample_server, tmp_path, grpcurl.parent)
    blocks = runnable_blocks(README)
    assert len(blocks) >= 2
    for block in blocks:
        run_and_compare(terminal, block, "README.md")


def test_printed_first_steps_run(sample_server: RunningServer):
    """The lines that the server prints at its start work when they are copied; the last one watches until it is ended."""
    *steps, watch = printed_lines(sample_server)
    for line in (*steps, f"{watch} --once"):
        done = subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True, timeout=SECONDS_MOST)
        assert done.returncode == 0, done.stderr
        assert "ana" in done.stdout


def pages() -> list[Path]:
    """The pages that people read first, and all of docs."""
    return [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_onduty_line_names_a_command_and_its_options():
    """Lines that are not run, such as the replay, still name commands and options that exist."""
    lines = [
        (replay if found["replay"] else app, found["words"].split("#")[0])
        for page in pages()
        for _, language, text in fences(page.read_text(encoding="utf-8"))
        if language in {"sh", "shell"}
        for found in ONDUTY_LINE.finditer(text)
    ]
    assert any(program is replay for program, _ in lines)
    for program, line in lines:
        command = typer.main.get_command(program)
        words = line.split()
        while hasattr(command, "list_commands"):
            assert words[0] in command.list_commands(None), line
            command = command.get_command(None, words.pop(0))
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known | {"--help"}, line


def test_every_make_target_named_exists():
    """The README, CONTRIBUTING and the pages name no make target that the Makefile does not have."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    for page in pages():
        text = page.read_text(encoding="utf-8")
        named = set(MAKE_LINE.findall("\n".join(re.findall(r"`([^`\n]*)`", text)))) | {
            found for _, language, block in fences(text) if language == "shell" for found in MAKE_LINE.findall(block)
        }
        assert named <= targets, f"{page.name} names {sorted(named - targets)}"
