"""The command's arguments and what it says when it cannot play."""

from pathlib import Path

import pytest
import typer
from replay.call_rows import HEADER, row
from typer.testing import CliRunner

from onduty_replay.command import replay

NOBODY = "127.0.0.1:1"


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """The command alone."""
    alone = typer.Typer()
    alone.command()(replay)
    return alone


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One call."""
    path = tmp_path / "calls.tsv"
    path.write_text(f"{HEADER}\n{row()}\n")
    return path


def run(app: typer.Typer, *arguments: object):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_file_with_faults_is_not_played(app, file):
    """Each fault is told with its line, and no server is asked."""
    file.write_text(f"{HEADER}\n{row(date='x')}\n{row(outcome='?')}\n")
    result = run(app, file, "--server", NOBODY)
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
def test_arguments_that_make_no_sense_are_told(app, file, arguments, words):
    """Nothing is sent."""
    result = run(app, *(argument.format(file=file) for argument in arguments), "--server", NOBODY)
    assert result.exit_code == 2
    assert words in result.output


def test_a_server_that_is_not_there_is_told(app, file, monkeypatch):
    """After a few seconds, with its address."""
    monkeypatch.setattr("onduty_replay.floor.FIRST_ANSWER_SECONDS", 0.2)
    result = run(app, file, "--server", NOBODY)
    assert result.exit_code == 3
    assert f"no server to play to at {NOBODY}" in result.output
