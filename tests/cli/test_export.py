"""`onduty export`: the whole history in a file, in three forms with the same columns, gone on with where it was ended."""

import csv
import json
import os
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest

from onduty_cli.connection import Session
from onduty_cli.failures import UnreachableError
from onduty_cli.sheets import TRANSITIONS

MANY = 1_500
"""More than one frame of an export."""
COLUMNS = list(TRANSITIONS.columns)
NOTE = 'Ärger, "sehr"\nviel'


@pytest.fixture
def history(onduty, kim: str) -> list[dict[str, object]]:
    """A day with every kind of letter, as `history` has it, oldest first."""
    onduty("call", "start", kim, "c-1")
    onduty("call", "end", kim, "c-1")
    onduty("status", "force", kim, "busy", "--note", NOTE.replace("\n", " "))
    onduty("staff", "add", "zoë", "--name", "Zoë")
    return list(csv.DictReader(onduty("history", "--all", "--csv").out.splitlines()))


def parquet():
    """The library's part for Parquet; the test is skipped without it, and fails in CI."""
    if os.environ.get("CI"):
        import_module("pyarrow.parquet")
    return pytest.importorskip("pyarrow.parquet", reason="pyarrow is not here (requirements/parquet.txt)")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_csv_is_what_history_shows(onduty, history, tmp_path: Path):
    """Row for row; nothing is left beside the file."""
    assert "in " in onduty("export", str(tmp_path / "all.csv")).err
    assert rows_of(tmp_path / "all.csv") == history
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


def test_json_lines_have_the_columns_with_their_types(onduty, history, tmp_path: Path):
    """A flat object a line."""
    onduty("export", str(tmp_path / "all.jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [COLUMNS] * len(history)
    assert [str(row["revision"]) for row in rows] == [row["revision"] for row in history]
    assert isinstance(rows[0]["created"], bool)


def test_parquet_has_the_columns_with_their_types(onduty, history, tmp_path: Path):
    """Instants are instants in UTC, numbers are numbers, and what is not known is null."""
    read = parquet().read_table
    onduty("export", str(tmp_path / "all.parquet"))
    table = read(tmp_path / "all.parquet")
    assert table.column_names == COLUMNS
    assert str(table.schema.field("changed_at").type) == "timestamp[us, tz=UTC]"
    rows = table.to_pylist()
    assert [row["changed_at"] for row in rows] == [datetime.fromisoformat(str(row["changed_at"])) for row in history]
    assert [row["note"] for row in rows] == [row["note"] for row in history]
    assert rows[0]["previous_seconds"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["all.parquet"]


def test_filters_are_those_of_history(onduty, history, tmp_path: Path):
    """By staff and period."""
    onduty("export", str(tmp_path / "kim.csv"), "kim", "--status-changes")
    assert {row["staff_id"] for row in rows_of(tmp_path / "kim.csv")} == {"kim"}
    onduty("export", str(tmp_path / "none.csv"), "--until", "2020-01-01")
    assert (tmp_path / "none.csv").read_text(encoding="utf-8").splitlines() == [",".join(COLUMNS)]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_was_ended_in_its_middle_goes_on(onduty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str):
    """The same command again goes on after what is kept, also behind half a row; the file is as if written in one go."""
    if form == "parquet":
        parquet()
    rows = "".join(f"s{number},Person {number}\n" for number in range(MANY))
    onduty("staff", "import", "-", stdin="staff_id,display_name\n" + rows)
    whole, broken = tmp_path / f"whole.{form}", tmp_path / f"broken.{form}"
    onduty("export", str(whole))
    with monkeypatch.context() as patched:
        patched.setattr(Session, "frames", breaking(Session.frames))
        assert "are kept" in onduty("export", str(broken), "--since", "1d", code=3).err
    assert not broken.exists()
    with (tmp_path / f"broken.{form}.part").open("ab") as part:
        part.write(b'{"half of a')
    assert "is of an export of something else" in onduty("export", str(broken), code=1).err
    assert "goes on after" in onduty("export", str(broken), "--since", "1d").err
    if form == "parquet":
        assert parquet().read_table(broken).equals(parquet().read_table(whole))
    else:
        assert broken.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [broken.name, whole.name]


def breaking(frames):
    """A session's streams, but that they end with the connection after the first frame."""

    def broken(session, method, request, *, however_long: bool = False):
        for number, frame in enumerate(frames(session, method, request, however_long=however_long)):
            if number == 1:
                raise UnreachableError("127.0.0.1:1", "it went away")
            yield frame

    return broken


def test_a_file_is_replaced_only_when_told(onduty, history, tmp_path: Path):
    """And an ending that says no form is refused before anything is asked."""
    (tmp_path / "mine.csv").write_text("mine")
    assert "--force" in onduty("export", str(tmp_path / "mine.csv"), code=2).err
    assert (tmp_path / "mine.csv").read_text() == "mine"
    onduty("export", str(tmp_path / "mine.csv"), "--force")
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8").startswith("revision,")
    assert ".parquet" in onduty("export", str(tmp_path / "all.xlsx"), code=2).err


def test_without_pyarrow_it_says_what_to_install(onduty, history, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Before anything is written."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "requirements/parquet.txt" in onduty("export", str(tmp_path / "all.parquet"), code=1).err
    assert list(tmp_path.iterdir()) == []
