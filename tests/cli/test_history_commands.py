"""`onduty history`, `time`, `summary` and `policy`, against a real server."""

import re
import time

import pytest


@pytest.fixture
def busy_day(onduty, kim) -> str:
    """A staff member with a few changes behind them."""
    onduty("breaks", "add", "lunch")
    onduty("break", kim, "lunch")
    onduty("status", "set", kim, "available")
    onduty("call", "start", kim, "c-1")
    onduty("call", "end", kim, "c-1")
    return kim


def test_history_tells_who_changed_from_what_to_what_and_why(onduty, busy_day):
    """Oldest first, with time in the previous status, cause, actor and call."""
    heading, *rows = onduty("history", busy_day).lines
    assert heading.split("  ")[0] == "revision"
    told = [row.split()[6:] for row in rows]
    assert [row.split()[3] for row in rows] == ["kim"] * 6
    assert told[0][:2] == ["created", "OFFLINE"]
    assert told[2][:4] == ["AVAILABLE", "→", "ON_BREAK", "lunch"]
    assert re.match(r"AVAILABLE → IN_LINE \d+s ", " ".join(told[4]))
    assert "call started" in rows[4]
    assert rows[4].rstrip().endswith("c-1")
    revisions = [int(row.split()[0]) for row in rows]
    assert revisions == sorted(revisions)


def test_the_latest_changes_are_shown_and_the_rest_is_hinted_at(onduty, busy_day):
    """In their order, or the newest on top."""
    all_of_them = [change["revision"] for change in onduty("history", "--all", "--json").jsons]
    limited = onduty("history", "--limit", "2")
    assert [line.split()[0] for line in limited.lines[1:]] == all_of_them[-2:]
    assert "the latest 2; for more: --limit N or --all" in limited.err
    newest = onduty("history", "--limit", "2", "--newest-first", "--json").jsons
    assert [change["revision"] for change in newest] == all_of_them[:-3:-1]
    assert "the latest" not in onduty("history", "--limit", "6").err


def test_a_limit_beyond_a_page_goes_through_several(onduty, tmp_path):
    """Pages hold 1,000 changes."""
    rows = "staff_id\n" + "".join(f"s{number}\n" for number in range(1_200))
    onduty("staff", "import", "-", stdin=rows)
    assert len(onduty("history", "--limit", "1100", "--json").lines) == 1_100
    assert len(onduty("history", "--all").lines) == 1_201


def test_history_is_narrowed_by_person_time_and_kind(onduty, busy_day):
    """Changes that left the status as it was can be left out."""
    onduty("staff", "add", "lee")
    onduty("staff", "update", busy_day, "--name", "K.")
    everything = onduty("history", busy_day, "--json").jsons
    changes = onduty("history", busy_day, "--status-changes", "--json").jsons
    assert everything[-1]["cause"] == "CAUSE_ADMIN"
    assert everything[-1] not in changes
    assert onduty("history", "--since", "1h", "--until", "30m").out == ""
    assert len(onduty("history", "--since", "1h", "--json").jsons) == len(everything) + 1


def test_no_changes_are_told_beside_the_results(onduty):
    """Standard output stays empty."""
    result = onduty("history")
    assert result.out == ""
    assert "no changes found" in result.err


def test_time_is_summed_by_status_with_totals(onduty, busy_day):
    """Each person and all together; reasons of breaks apart."""
    onduty("staff", "add", "lee")
    lines = onduty("time", "--since", "1h").lines
    assert lines[0].split() == ["staff", "name", "status", "time", "share", "calls"]
    assert any(re.match(r"kim +Kim Novak +ON_BREAK lunch", line) for line in lines)
    totals = [line.split() for line in lines if " total " in line]
    assert [total[0] for total in totals] == ["kim", "lee", "all"]
    assert totals[0][-1] == "1"


def test_time_as_json_is_a_line_a_person(onduty, busy_day):
    """As the contract has it."""
    (found,) = onduty("time", busy_day, "--json").jsons
    assert found["staff_id"] == "kim"
    assert [call["calls_started"] for call in found["calls"]] == [1]
    assert {one["status"] for one in found["times"]} >= {"STATUS_AVAILABLE", "STATUS_ON_BREAK"}


def test_an_interval_without_time_says_so(onduty, busy_day):
    """It lies before the first change."""
    assert "no time found" in onduty("time", "--since", "2h", "--until", "1h").err


def test_the_summary_counts_by_status_and_group(onduty, kim):
    """With how many could be claimed now."""
    onduty("staff", "add", "lee", "--group", "sales", "--group", "support")
    heading, *rows = onduty("summary").lines
    assert heading.split()[:6] == ["group", "staff", "can", "be", "assigned", "AVAILABLE"]
    assert [row.split()[:4] for row in rows] == [
        ["sales", "2", "1", "1"],
        ["support", "1", "0", "0"],
        ["all", "2", "1", "1"],
    ]
    assert onduty("summary", "--group", "support", "--json").json["total"] == 1


def test_the_policy_is_shown_complete_and_changed_by_fields(onduty):
    """What is not named stays; what is shown can be set."""
    before = dict(line.split(maxsplit=1) for line in onduty("policy", "show").lines[1:])
    assert before["after_call_work.countdown"] == "30s"
    assert before["after_call_work.directions"] == "inbound, outbound, internal, transfer"
    assert before["max_call_age"] == "4h"
    onduty("policy", "set", "after_call_work.countdown=45s", "no_answer.status=BUSY", "after_call_work.directions=inbound")
    after = dict(line.split(maxsplit=1) for line in onduty("policy", "show").lines[1:])
    changed = {key: value for key, value in after.items() if before[key] != value}
    assert changed == {
        "after_call_work.countdown": "45s",
        "after_call_work.directions": "inbound",
        "no_answer.status": "busy",
    }


def test_everything_the_policy_shows_can_be_set(onduty):
    """A policy can be carried from one tenant to another."""
    shown = [line.split(maxsplit=1) for line in onduty("policy", "show").lines[1:]]
    onduty("policy", "set", *(f"{key}={value}" for key, value in shown))
    assert [line.split(maxsplit=1) for line in onduty("policy", "show").lines[1:]] == shown


def test_a_policy_out_of_bounds_is_refused_by_the_server(onduty):
    """The field is named as it is set."""
    assert "after_call_work.countdown" in onduty("policy", "set", "after_call_work.countdown=2h", code=1).err


def test_history_shows_local_time(onduty, kim, monkeypatch: pytest.MonkeyPatch):
    """In the zone of whoever looks."""
    monkeypatch.setenv("TZ", "EARLY-14")
    time.tzset()
    there = onduty("history").lines[1].split()[1:3]
    monkeypatch.setenv("TZ", "LATE+11")
    time.tzset()
    here = onduty("history").lines[1].split()[1:3]
    monkeypatch.undo()
    time.tzset()
    assert there > here
    assert there[1][3:] == here[1][3:]
