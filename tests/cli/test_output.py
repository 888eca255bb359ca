"""What results look like, and that they cannot steer a terminal."""

import json

import pytest
from rich.text import Text

from onduty.v1 import staff_pb2
from onduty_cli.output import Output, json_line, plain_table, printable


def test_control_characters_do_not_reach_the_terminal():
    """A name or note with escape sequences shows marks instead; line breaks become spaces."""
    assert printable("a\x1b[2Jb\nc\td\x9b") == "a\ufffd[2Jb c d\ufffd"


def test_json_has_the_contracts_names_and_empty_fields():
    """Programs find the same keys in every object."""
    found = json.loads(json_line(staff_pb2.Staff(staff_id="kim", status=staff_pb2.STATUS_BUSY)))
    assert found["staff_id"] == "kim"
    assert found["status"] == "STATUS_BUSY"
    assert found["skill_groups"] == []
    assert found["overdue"] is False


def test_json_escapes_what_would_steer_a_terminal():
    """Also the control characters that JSON itself lets pass."""
    line = json_line(staff_pb2.Staff(display_name="a\x9bb\x7f\x1bż"))
    assert "\\u009b" in line
    assert not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in line)
    assert json.loads(line)["display_name"] == "a\x9bb\x7f\x1bż"


def test_a_table_in_a_pipe_is_neither_wrapped_nor_padded(capsys: pytest.CaptureFixture[str]):
    """Programs get one line a row, however long; wide characters count as two."""
    table = plain_table("staff", "seconds", "note")
    table.columns[1].justify = "right"
    table.add_row("kim", "7", "x" * 300)
    table.add_row(Text("李", style="red"), "12", "")
    Output(as_json=False).show(table)
    assert capsys.readouterr().out.splitlines() == [
        "staff  seconds  note",
        "kim          7  " + "x" * 300,
        "李          12",
    ]


def test_remarks_go_to_standard_error(capsys: pytest.CaptureFixture[str]):
    """Standard output has results only, and square brackets are not markup."""
    Output(as_json=False).remark("[red]see [/]")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "[red]see [/]\n"
