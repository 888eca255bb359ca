"""`onduty staff import`, against a real server."""

from pathlib import Path

HEADING = "staff_id,display_name,skill_groups\n"


def write(folder: Path, text: str) -> str:
    file = folder / "staff.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_file_is_imported_in_batches(onduty, tmp_path: Path):
    """More rows than the contract takes at once."""
    rows = "".join(f"s{number:04},Staff {number},sales;group-{number % 3}\n" for number in range(2_345))
    assert onduty("staff", "import", write(tmp_path, HEADING + rows)).out == "2345 added, 0 failed\n"
    found = onduty("staff", "list", "--json").jsons
    assert len(found) == 2_345
    assert found[7]["skill_groups"] == ["group-1", "sales"]


def test_faults_are_told_with_their_lines_and_the_rest_is_imported(onduty, kim, tmp_path: Path):
    """Faults of the file and of the server, in the file's order; the exit code is 1."""
    text = HEADING + "ann,Ann,\nkim,Kim,\n,Nobody,\nbob,Bob,Bad Group\nann,Ann again,\nzoe,Zoë,sales\n"
    result = onduty("staff", "import", write(tmp_path, text), code=1)
    assert result.out == "2 added, 4 failed\n"
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["line 3", "line 4", "line 5", "line 6"]
    assert "kim exists already" in result.err
    assert "staff_id is empty" in result.err
    assert "skill_groups" in result.err
    assert "ann is already on line 2" in result.err
    assert onduty("staff", "show", "zoe", "--json").json["display_name"] == "Zoë"


def test_existing_staff_can_be_skipped(onduty, kim, tmp_path: Path):
    """They stay as they are, and the import does not fail: it can be repeated."""
    file = write(tmp_path, HEADING + "kim,Other,\nlee,Lee,\n")
    assert onduty("staff", "import", file, "--skip-existing").out == "1 added, 1 existed already, 0 failed\n"
    assert onduty("staff", "import", file, "--skip-existing").out == "0 added, 2 existed already, 0 failed\n"
    assert onduty("staff", "show", "kim", "--json").json["display_name"] == "Kim Novak"


def test_standard_input_and_json(onduty):
    """For scripts."""
    assert onduty("staff", "import", "-", "--json", stdin="staff_id\nkim\n").json == {"created": 1, "skipped": 0, "failed": 0}


def test_a_byte_order_mark_is_passed_over(onduty, tmp_path: Path):
    """Spreadsheets write one."""
    assert onduty("staff", "import", write(tmp_path, "\ufeffstaff_id\nkim\n")).out == "1 added, 0 failed\n"


def test_a_file_that_cannot_be_read_is_named(onduty, tmp_path: Path):
    """Missing, not text, or without the heading: nothing is imported."""
    assert "No such file" in onduty("staff", "import", str(tmp_path / "none.csv"), code=1).err
    (tmp_path / "latin.csv").write_bytes(b"staff_id,display_name\nzoe,Zo\xeb\n")
    assert "it is not UTF-8 text" in onduty("staff", "import", str(tmp_path / "latin.csv"), code=1).err
    assert "line 1 must name columns" in onduty("staff", "import", write(tmp_path, "kim,Kim\n"), code=1).err
    assert onduty("staff", "list", "--json").out == ""
