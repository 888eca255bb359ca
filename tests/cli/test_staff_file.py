"""Reading staff from CSV files."""

import pytest

from onduty_server.cli.failures import InputError
from onduty_server.cli.staff_file import FaultyRow, StaffRow, read_staff_rows


def read(text: str) -> list[StaffRow | FaultyRow]:
    return list(read_staff_rows(text.splitlines(keepends=True), name="staff.csv"))


def test_rows_come_with_the_line_they_begin_on():
    """Also after a row with a line break in a quoted name, and after empty lines."""
    text = 'staff_id,display_name,skill_groups\nkim,"Kim\nNovak",sales\n\nlee,Lee,\n'
    assert read(text) == [
        StaffRow(2, "kim", "Kim\nNovak", ("sales",)),
        StaffRow(5, "lee", "Lee", ()),
    ]


def test_groups_are_separated_by_semicolon_or_bar():
    """Spaces around them and empty ones are dropped."""
    text = "staff_id,skill_groups\na,sales;support\nb,sales| support |\n"
    assert [row.skill_groups for row in read(text)] == [("sales", "support"), ("sales", "support")]


def test_columns_may_stand_in_any_order_and_be_left_out():
    """Only staff_id must be there."""
    assert read("Display_Name, staff_id\nKim,kim\n") == [StaffRow(2, "kim", "Kim", ())]
    assert read("staff_id\nkim\n") == [StaffRow(2, "kim", "", ())]


def test_a_short_row_has_empty_cells_and_a_long_one_is_faulty():
    """A comma too many would shift the columns unseen."""
    assert read("staff_id,display_name\nkim\nlee,Lee,sales\n") == [
        StaffRow(2, "kim", "", ()),
        FaultyRow(3, "3 columns where the heading has 2"),
    ]


def test_a_row_without_an_id_and_an_id_twice_are_faulty():
    """The second one names the line of the first."""
    assert read("staff_id,display_name\n,Kim\nlee,Lee\nlee,Li\n") == [
        FaultyRow(2, "staff_id is empty"),
        StaffRow(3, "lee", "Lee", ()),
        FaultyRow(4, "lee is already on line 3"),
    ]


@pytest.mark.parametrize("text", ["", "kim,Kim\n", "staff_id,email\n", "staff_id,staff_id\n"])
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
