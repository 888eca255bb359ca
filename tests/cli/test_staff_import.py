"""`onduty staff import`, against a real server."""

from pathlib import Path

HEADING = "staff_id,display_name,skill_groups\n"


def groups_of(staff: dict) -> list[str]:
    return [group["name"] for group in staff["skill_groups"]]


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
    assert groups_of(found[7]) == ["group-1", "sales"]


def test_faults_are_told_with_their_lines_and_the_rest_is_imported(onduty, kim, tmp_path: Path):
    """Faults of the file and of the server, in the file's order; the exit code is 4."""
    text = HEADING + "ann,Ann,\nkim,Kim,\n,Nobody,\nbob,Bob,Bad Group\nann,Ann again,\nzoe,Zoë,sales\n"
    result = onduty("staff", "import", write(tmp_path, text), code=4)
    assert result.out == "2 added, 4 failed\n"
    assert [line.split(":")[0] for line in result.err.splitlines() if line.startswith("line")] == [
        "line 3",
        "line 4",
        "line 5",
        "line 6",
    ]
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
    assert onduty("staff", "import", "-", "--json", stdin="staff_id\nkim\n").json == {
        "created": 1, "skipped": 0, "failed": 0, "updated": 0, "unchanged": 0,
    }  # fmt: skip


def test_a_byte_order_mark_is_passed_over(onduty, tmp_path: Path):
    """Spreadsheets write one."""
    assert onduty("staff", "import", write(tmp_path, "\ufeffstaff_id\nkim\n")).out == "1 added, 0 failed\n"


def test_a_file_that_cannot_be_read_is_named(onduty, tmp_path: Path):
    """Missing, not text, or without the heading: nothing is imported."""
    assert "No such file" in onduty("staff", "import", str(tmp_path / "none.csv"), code=1).err
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\0\0")
    assert "it is not text" in onduty("staff", "import", str(tmp_path / "book.csv"), code=1).err
    assert "line 1 must name columns" in onduty("staff", "import", write(tmp_path, "kim,Kim\n"), code=1).err
    assert onduty("staff", "list", "--json").out == ""


def test_what_a_spreadsheet_writes_is_imported_and_what_was_recognised_is_said(onduty, tmp_path: Path):
    """Semicolons, Windows-1252, CR and LF, trailing empty columns."""
    (tmp_path / "excel.csv").write_bytes(
        "Staff ID;Display Name;Skill Groups;;\r\nzoe;Zoë;cards|loans;;\r\n;;;;\r\n".encode("cp1252")
    )
    done = onduty("staff", "import", str(tmp_path / "excel.csv"))
    assert "semicolons, Windows-1252, 1 row" in done.err
    found = onduty("staff", "show", "zoe", "--json").json
    assert (found["display_name"], groups_of(found)) == ("Zoë", ["cards", "loans"])


def test_a_repeated_import_names_what_would_help(onduty, kim, tmp_path: Path):
    """Once, after the lines."""
    said = onduty("staff", "import", write(tmp_path, HEADING + "kim,Kim,\n"), code=1).err
    assert said.count("--skip-existing") == said.count("--update") == 1


def test_an_update_changes_those_who_differ(onduty, kim, tmp_path: Path):
    """Names and groups; the others are not written again."""
    file = write(tmp_path, HEADING + "kim,Kim N.,cards\nlee,Lee,\n")
    assert onduty("staff", "import", file, "--update").out == "1 added, 1 updated, 0 unchanged, 0 failed\n"
    assert groups_of(onduty("staff", "show", "kim", "--json").json) == ["cards"]
    assert onduty("staff", "import", file, "--update").out == "0 added, 0 updated, 2 unchanged, 0 failed\n"


def test_an_update_leaves_alone_what_the_file_has_no_column_for(onduty, kim):
    """A file of names does not take anybody out of a group."""
    onduty("staff", "import", "-", "--update", stdin="staff_id,display_name\nkim,K\n")
    found = onduty("staff", "show", "kim", "--json").json
    assert (found["display_name"], groups_of(found)) == ("K", ["sales"])


def test_levels_are_imported_and_an_update_changes_them(onduty, tmp_path: Path):
    """A file that was exported says them too."""
    onduty("staff", "import", write(tmp_path, HEADING + "kim,Kim,cards:3;loans\n"))
    exported = onduty("staff", "list", "--csv").out
    assert onduty("staff", "import", "-", "--update", stdin=exported).out == "0 added, 0 updated, 1 unchanged, 0 failed\n"
    said = onduty("staff", "import", "-", "--update", stdin=HEADING + "kim,Kim,cards:4;loans\nlee,Lee,cards:high\n", code=4)
    assert said.out == "0 added, 1 updated, 0 unchanged, 1 failed\n"
    assert "line 3: skill_groups: 'cards:high' is not GROUP:LEVEL" in said.err
    assert onduty("staff", "show", "kim", "--json").json["skill_groups"][0] == {"name": "cards", "level": 4}


def test_a_dry_run_changes_nothing(onduty, kim, tmp_path: Path):
    """It says what would come."""
    file = write(tmp_path, HEADING + "kim,Other,\nlee,Lee,\n")
    said = onduty("staff", "import", file, "--update", "--dry-run").out
    assert said == "1 would be added, 1 would be updated, 0 unchanged, 0 failed\n"
    assert [one["display_name"] for one in onduty("staff", "list", "--json").jsons] == ["Kim Novak"]
