"""What results look like, and that they cannot steer a terminal."""

import io
import json

import pytest
from rich.console import Console
from rich.text import Text

from onduty.v1 import staff_pb2
from onduty_cli.output import Output, json_line, plain_table, printable
from onduty_cli.time_table import narrow


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


def on_terminal(columns: int) -> Output:
    output = Output(as_json=False)
    output.is_terminal = True
    output.console = Console(file=io.StringIO(), width=columns, highlight=False, markup=False, emoji=False)
    return output


def test_a_table_on_a_terminal_is_broken_between_words():
    """A status is whole at 80 columns, and who has little to say has it on one line."""
    table = plain_table("staff", "name", "status", "for", "also", "groups")
    lost = "workspace lost, offline in 17s"
    table.add_row("eva", "Eva Lindqvist", Text("AFTER_CALL_WORK"), "1h02m03s", lost, "cards english:3")
    output = on_terminal(80)
    output.show(table)
    shown = output.console.file.getvalue()
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert all(words in shown for words in ("Eva Lindqvist", "AFTER_CALL_WORK", "1h02m03s", "workspace", "english:3"))


def test_it_is_known_whether_a_table_has_room():
    """By its longest words; a pipe has room for all."""
    table = plain_table("a" * 30, "b" * 30)
    table.add_row("c", "d e")
    assert on_terminal(62).has_room_for(table)
    assert not on_terminal(61).has_room_for(table)
    assert Output(as_json=False).has_room_for(table)


def test_rows_become_blocks_where_a_terminal_has_no_room_for_their_ids():
    """What is empty is left out; nothing is cut."""
    table = plain_table("id", "actor", "expires")
    table.add_row("a" * 20, "b" * 20, "never")
    table.add_row("c" * 20, "", "never")
    output = on_terminal(40)
    output.show(table, else_blocks=True)
    assert [line.split() for line in output.console.file.getvalue().splitlines()] == [
        ["id", "a" * 20], ["actor", "b" * 20], ["expires", "never"], [], ["id", "c" * 20], ["expires", "never"],
    ]  # fmt: skip


def test_times_without_room_leave_out_names_and_shares():
    """The others keep their places."""
    table = plain_table("staff", "name", "status", "time", "share")
    table.add_row("kim", "Kim Novak", "BUSY", "1h", "12%")
    output = on_terminal(40)
    output.show(narrow(table))
    assert [line.split() for line in output.console.file.getvalue().splitlines()] == [
        ["staff", "status", "time"], ["kim", "BUSY", "1h"],
    ]  # fmt: skip
