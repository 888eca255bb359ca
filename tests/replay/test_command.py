"""The command's arguments and what it says when it cannot play."""

from pathlib import Path

import pytest
from replay.call_rows import HEADER, row
from typer.testing import CliRunner

from onduty_cli.main import app as onduty
from onduty_replay.command import app

NOBODY = "127.0.0.1:1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One call."""
    path = tmp_path / "calls.tsv"
    path.write_text(f"{HEADER}\n{row()}\n")
    return path


def run(*arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_file_with_faults_is_not_played(file):
    """Each fault is told with its line, and no server is asked."""
    file.write_text(f"{HEADER}\n{row(date='x')}\n{row(outcome='?')}\n")
    result = run(file, "--server", NOBODY)
    assert result.exit_code == 2
    assert "line 2: date 'x'" in result.output
    assert "line 3: outcome '?'" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "FILE or --sample"),
        (("{file}", "--sample"), "FILE or --sample"),
        (("{file}", "--days", "240311", "--first-days", "1"), "not both"),
        (("{file}", "--days", "990101"), "no calls on 990101"),
        (("{file}", "--days", "noon"), "'noon' is not a date"),
        (("{file}", "--speed", "0"), "speed"),
        (("{file}", "--report", "/no/such/place/out.json"), "not a directory"),
        (("/no/such/file",), "cannot be played"),
    ],
)
def test_arguments_that_make_no_sense_are_told(file, arguments, words):
    """Nothing is sent."""
    result = run(*(argument.format(file=file) for argument in arguments), "--server", NOBODY)
    assert result.exit_code == 2
    assert words in result.output


def test_a_server_that_is_not_there_is_told(file, monkeypatch):
    """After a few seconds, with its address."""
    monkeypatch.setattr("onduty_replay.floor.FIRST_ANSWER_SECONDS", 0.2)
    result = run(file, "--server", NOBODY)
    assert result.exit_code == 3
    assert f"no server to play to at {NOBODY}" in result.output


def test_address_or_tenant_that_cannot_be_sent_is_wrong_usage(file):
    """Before anything is read or asked."""
    assert run(file, "--server", "nowhere").exit_code == 2
    assert run(file, "--server", NOBODY, "--tenant", "two\nlines").exit_code == 2


def test_old_command_says_where_the_replay_is():
    """Whoever types `onduty replay` reads which program it is now."""
    result = CliRunner().invoke(onduty, ["replay", "--sample"])
    assert result.exit_code == 2
    assert "the replay is a program of its own: onduty-replay" in result.output
