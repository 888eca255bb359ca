"""Setting the status of several staff at once, against a real server."""

import csv
import io
import json

import pytest


@pytest.fixture
def floor(onduty) -> list[str]:
    """Forty staff in the group cards, all offline."""
    ids = [f"s{number:02}" for number in range(40)]
    onduty("staff", "import", "-", stdin="staff_id,skill_groups\n" + "".join(f"{one},cards\n" for one in ids))
    return ids


def statuses(onduty) -> set[str]:
    return {one["status"] for one in onduty("staff", "list", "--json").jsons}


def test_a_whole_group_signs_in(onduty, floor):
    """With a row for each."""
    done = onduty("status", "set", "--all-of-group", "cards", "available", "--json").jsons
    assert [one["staff_id"] for one in done] == floor
    assert {(one["result"], one["status"]) for one in done} == {("done", "AVAILABLE")}
    assert statuses(onduty) == {"STATUS_AVAILABLE"}


def test_several_are_named(onduty, floor):
    """The status comes last, as for one."""
    heading, *rows = onduty("status", "set", "s01", "s02", "busy").lines
    assert heading.split() == ["staff", "name", "result", "status", "error"]
    assert [row.split() for row in rows] == [["s01", "done", "BUSY"], ["s02", "done", "BUSY"]]


def test_ids_come_from_standard_input(onduty, floor):
    """A line each; nobody twice."""
    done = onduty("status", "set", "--from", "-", "busy", "--csv", stdin="s01\n\ns02\ns01\n")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["staff_id"], row["status"]) for row in rows] == [("s01", "BUSY"), ("s02", "BUSY")]


def test_a_part_that_fails_is_told_by_row_and_exit_code(onduty, floor):
    """4: some were done. 1: nobody was."""
    done = onduty("status", "set", "s01", "nobody", "busy", "--json", code=4)
    assert [one["result"] for one in done.jsons] == ["done", "refused"]
    assert "nobody" in done.jsons[1]["error"]
    assert "1 done, 1 not" in done.err
    onduty("status", "set", "nobody", "no-one", "busy", code=1)


def test_several_are_forced_in_one_request_each_with_the_note(onduty, floor):
    """Those who are not there do not hold up the rest."""
    onduty("status", "set", "--all-of-group", "cards", "available")
    forced = onduty("status", "force", "--all-of-group", "cards", "nobody", "offline", "--note", "end of the day", code=4)
    assert "40 done, 1 not" in forced.err
    assert statuses(onduty) == {"STATUS_OFFLINE"}
    assert onduty("history", "s07", "--json").jsons[-1]["note"] == "end of the day"


def test_a_dry_run_changes_nobody(onduty, floor):
    """It says whom it would concern, and who is not there."""
    said = onduty("status", "set", "s01", "nobody", "available", "--dry-run", "--json", code=4)
    assert [one["result"] for one in said.jsons] == ["would be asked for", "would be refused"]
    assert statuses(onduty) == {"STATUS_OFFLINE"}


def test_a_request_id_makes_a_repeated_batch_harmless(onduty, floor):
    """What came after the first time stays."""
    onduty("status", "set", "s01", "s02", "busy", "--request-id", "morning")
    onduty("status", "set", "s01", "available")
    onduty("status", "set", "s01", "s02", "busy", "--request-id", "morning")
    assert onduty("staff", "show", "s01", "--json").json["status"] == "STATUS_AVAILABLE"


def test_an_unknown_group_is_told_with_what_was_probably_meant(onduty, floor):
    """Nobody is changed."""
    said = onduty("status", "set", "--all-of-group", "crads", "available", code=1).err.splitlines()
    assert said[:2] == ["unknown: there is no skill group crads", "Did you mean cards?"]


def test_nobody_named_is_wrong_usage(onduty):
    """With the ways to name somebody."""
    assert "--all-of-group" in onduty("status", "set", "available", code=2).err


def test_the_result_of_one_stays_a_sentence(onduty, floor):
    """And the contract's answer as JSON."""
    assert json.loads(onduty("status", "set", "s01", "busy", "--json").out)["staff"]["status"] == "STATUS_BUSY"
