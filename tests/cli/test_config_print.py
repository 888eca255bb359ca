"""`onduty config print`: what a server would be started with, where each setting comes from, and secrets in files."""

import tomllib
from pathlib import Path

import pytest

from onduty_server.config import Settings, load_settings

SECRET = "postgresql://onduty:hunter2@db.example/onduty?sslmode=require"


def settings_of(onduty, *words: str) -> dict[str, dict[str, object]]:
    """What it shows, by setting."""
    return {one["setting"]: one for one in onduty("config", "print", "--json", *words).jsons}


def test_it_is_toml_of_every_setting(onduty):
    """What is not set stands in a comment."""
    printed = onduty("config", "print").out
    told = tomllib.loads(printed)
    unset = {name for name in Settings.model_fields if f"# {name} is not set" in printed.splitlines()}
    assert told.keys() | unset == Settings.model_fields.keys()
    assert (told["drain"], told["tenants"]) == (5.0, [])


@pytest.mark.parametrize("settings", ["", 'tenants = ["cards", "loans"]\njwt_algorithms = "ES256"\ncalls_per_caller = 7\n'])
def test_a_server_started_with_what_it_prints_has_the_same_settings(onduty, tmp_path: Path, settings: str):
    """Lists and what is not set included."""
    file, printed = tmp_path / "onduty.toml", tmp_path / "printed.toml"
    file.write_text(settings, encoding="utf-8")
    printed.write_text(onduty("config", "print", "--config", str(file)).out, encoding="utf-8")
    assert load_settings({}, printed) == load_settings({}, file)


def test_each_setting_says_where_it_comes_from(onduty, tmp_path: Path):
    """Variables win over the file, the file over the defaults."""
    file = tmp_path / "onduty.toml"
    file.write_text('drain = 7\nlog_level = "error"\n', encoding="utf-8")
    onduty.env["ONDUTY_LOG_LEVEL"] = "debug"
    told = settings_of(onduty, "--config", str(file))
    assert [told[name]["origin"] for name in ("drain", "log_level", "listen")] == [str(file), "ONDUTY_LOG_LEVEL", "default"]
    assert told["log_level"]["value"] == "debug"
    assert f"drain = 7.0  # {file}" in onduty("config", "print", "--origin", "--config", str(file)).lines


def test_a_secret_in_a_file_is_taken_and_not_shown(onduty, tmp_path: Path):
    """A password in the address of a database stays in its file, as a mounted secret does."""
    secret = tmp_path / "journal"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    onduty.env["ONDUTY_JOURNAL_FILE"] = str(secret)
    told = onduty("config", "print", "--origin").out
    assert "hunter2" not in told
    assert 'journal = "postgresql://onduty@db.example/onduty"  # ONDUTY_JOURNAL_FILE' in told.splitlines()


@pytest.mark.parametrize(
    ("content", "also", "fault"), [("", {}, "is empty"), ("a.db", {"ONDUTY_JOURNAL": "b.db"}, "is set as well")]
)
def test_a_file_that_is_no_secret_is_refused(onduty, tmp_path: Path, content: str, also: dict[str, str], fault: str):
    """Which of two is meant is not guessed."""
    secret = tmp_path / "journal"
    secret.write_text(content, encoding="utf-8")
    onduty.env.update({"ONDUTY_JOURNAL_FILE": str(secret), **also})
    told = onduty("config", "print", code=2).err
    assert "ONDUTY_JOURNAL_FILE: " in told
    assert fault in told


def test_mistakes_are_told_with_exit_code_2(onduty):
    """As a server would."""
    onduty.env["ONDUTY_DRAIN"] = "-1"
    assert "drain: " in onduty("config", "print", code=2).err
