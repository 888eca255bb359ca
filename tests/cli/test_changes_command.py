"""`onduty changes`, `staff erase`, and the past by intervals, calls and persons, against a real server."""

import csv
import io
import re


def test_changes_say_who_why_and_what(onduty, kim):
    """In a table, and as JSON and CSV."""
    onduty("policy", "set", "claim_ttl=9s")
    assert any(re.search(r"updated policy +admin.* claim_ttl: .*9s", line) for line in onduty("changes").lines)
    change = onduty("changes", "--kind", "policy", "--json").jsons[-1]
    assert (change["action"], change["fields"][0]["path"]) == ("CONFIGURATION_ACTION_UPDATED", "claim_ttl")
    rows = list(csv.DictReader(io.StringIO(onduty("changes", kim, "--csv").out)))
    assert [(row["kind"], row["subject"], row["action"]) for row in rows] == [("STAFF", kim, "CREATED")]


def test_no_changes_are_told_beside_the_results(onduty):
    """Standard output stays empty."""
    result = onduty("changes", "nobody")
    assert (result.out, "no changes found" in result.err) == ("", True)


def test_a_deleted_person_is_erased(onduty, kim):
    """With --yes only; then history names the pseudonym, and the id is free."""
    onduty("status", "set", kim, "offline")
    onduty("staff", "delete", kim)
    assert "cannot be undone" in onduty("staff", "erase", kim, "--note", "asked for", code=2).err
    erased = onduty("staff", "erase", kim, "--note", "asked for", "--yes").out
    assert re.fullmatch(r"erased: \d+ changes of the history now under the pseudonym \w+\n", erased)
    told = onduty("history", "--all", "--json").jsons
    assert not any(kim in (one["staff_id"], one["actor"]["id"]) for one in told)
    assert onduty("changes", "--json").jsons[-1]["action"] == "CONFIGURATION_ACTION_ERASED"
    onduty("staff", "add", kim)


def test_who_is_there_is_not_erased(onduty, kim):
    """The server refuses it."""
    assert "delete" in onduty("staff", "erase", kim, "--note", "asked for", "--yes", code=1).err


def test_history_of_a_call_and_a_person(onduty, kim):
    """By --call and --source; by --person also of who had the id before."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("call", "end", kim, "c-1", "--source", "pbx")
    told = onduty("history", "--call", "c-1", "--source", "pbx", "--json").jsons
    assert [one["cause"] for one in told] == ["CAUSE_CALL_STARTED", "CAUSE_CALL_ENDED"]
    assert onduty("history", "--call", "c-2").out == ""
    person = told[0]["person_id"]
    assert len(onduty("history", "--person", person, "--json").jsons) == len(onduty("history", kim, "--json").jsons)


def test_time_by_hour_of_a_zone(onduty, kim):
    """A line for each interval, which says when it begins."""
    rows = list(csv.DictReader(io.StringIO(onduty("time", "--by", "hour", "--zone", "Asia/Kathmandu", "--csv").out)))
    assert rows
    assert all(re.search(r"T\d\d:00:00\.000000\+05:45$", row["starts_at"]) for row in rows)
    assert {row["staff_id"] for row in rows} == {kim}
    assert all(row["person_id"] for row in rows)


def test_time_of_a_group(onduty, kim):
    """What was done as a member of it."""
    assert onduty("time", "--group", "sales", "--csv").out
    assert "no time found" in onduty("time", "--group", "loans").err
