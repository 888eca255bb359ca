"""Reading staff from CSV files."""

from pathlib import Path

import pytest

from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText
from onduty_cli.sheets import STAFF
from onduty_cli.staff_file import FaultyRow, StaffRow, read_staff_ids, read_staff_rows


def read(text: str) -> list[StaffRow | FaultyRow]:
    return list(read_staff_rows(FileText("staff.csv", text, "UTF-8")))


def test_rows_come_with_the_line_they_begin_on():
    """Also after a row with a line break in a quoted name, and after empty lines."""
    text = 'staff_id,display_name,skill_groups\nkim,"Kim\nNovak",sales\n\nlee,Lee,\n'
    assert read(text) == [
        StaffRow(2, "kim", "Kim\nNovak", (("sales", 0),)),
        StaffRow(5, "lee", "Lee", ()),
    ]


def test_groups_are_separated_by_semicolon_or_bar():
    """Spaces around them and empty ones are dropped."""
    text = "staff_id,skill_groups\na,sales;support\nb,sales| support:7 |\n"
    assert [row.skill_groups for row in read(text)] == [(("sales", 0), ("support", 0)), (("sales", 0), ("support", 7))]


def test_columns_may_stand_in_any_order_and_be_left_out():
    """Only staff_id must be there."""
    assert read("Display_Name, staff_id\nKim,kim\n") == [StaffRow(2, "kim", "Kim", ())]
    assert read("staff_id\nkim\n") == [StaffRow(2, "kim", "", ())]


def test_a_short_row_has_empty_cells_and_a_long_one_is_faulty():
    """A comma too many would shift the columns unseen."""
    assert read("staff_id,display_name\nkim\nlee,Lee,sales\n") == [
        StaffRow(2, "kim", "", ()),
        FaultyRow(3, "3 columns where the heading has 2; the first beyond is 'sales'"),
    ]


def test_a_row_without_an_id_and_an_id_twice_are_faulty():
    """The second one names the line of the first."""
    assert read("staff_id,display_name\n,Kim\nlee,Lee\nlee,Li\n") == [
        FaultyRow(2, "staff_id is empty"),
        StaffRow(3, "lee", "Lee", ()),
        FaultyRow(4, "lee is already on line 3"),
    ]


@pytest.mark.parametrize("text", ["", "kim,Kim\n", "staff_id,staff_id\n"])
def test_a_file_without_the_heading_is_refused(text: str):
    """It could not be told what the columns are."""
    with pytest.raises(InputError) as refused:
        read(text)
    assert "must name columns of staff_id, display_name, skill_groups" in refused.value.fault


def test_broken_quotes_are_refused_with_their_line():
    """The rest of the file cannot be trusted."""
    with pytest.raises(InputError) as refused:
        read('staff_id\nkim\n"lee"x\n')
    assert refused.value.fault.startswith("line 3: ")


def test_a_column_that_is_not_known_is_named_with_what_was_probably_meant():
    """It would be lost unseen."""
    with pytest.raises(InputError) as refused:
        read("staff_id,display_nme\n")
    assert refused.value.fault.endswith("display_nme is none; did you mean display_name?")


def test_headings_may_differ_in_case_and_blanks():
    """Spreadsheets are written for people."""
    assert read("Staff ID;Name;Skill-Groups;;\nkim;Kim;sales|cards;;\n") == [
        StaffRow(2, "kim", "Kim", (("sales", 0), ("cards", 0)))
    ]


def test_an_id_with_a_blank_is_faulty_with_a_proposal():
    """It is nearly always a name in the wrong column."""
    assert read("staff_id\nZoë Ángel\n") == [
        FaultyRow(2, "staff_id 'Zoë Ángel' has a blank; an id has none; did you mean zoe, and a column display_name?")
    ]


def test_the_columns_of_a_written_list_are_passed_over():
    """What `staff list --csv` writes can be imported elsewhere."""
    heading = ",".join(STAFF.columns)
    assert read(f"{heading}\r\nkim,Kim,a;b,AVAILABLE,,,true\r\n") == [StaffRow(2, "kim", "Kim", (("a", 0), ("b", 0)))]


@pytest.mark.parametrize("text", ["ann\n# gone\n\n bob \n", "Name;Staff ID\nAnn;ann\nBob;bob\n", "staff_id\r\nann\r\nbob\r\n"])
def test_ids_are_read_from_lines_or_from_a_column(tmp_path: Path, text: str):
    """For commands that take several staff."""
    (tmp_path / "ids").write_text(text, newline="")
    assert read_staff_ids(tmp_path / "ids") == ["ann", "bob"]
