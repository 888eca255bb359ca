"""`onduty reconcile`, against a real server, and the lists it reads."""

import json
import re
from pathlib import Path

import pytest

from onduty_cli.call_list_file import ListedCall, read_call_list
from onduty_cli.call_list_parts import parts_of
from onduty_cli.failures import InputError
from onduty_cli.file_text import FileText

EXAMPLE = Path(__file__).parents[2] / "examples" / "calls-now.csv"


def seconds(text: str) -> int:
    """An instant as these lists have it: whole seconds."""
    return int(text) * 1_000_000


def listed(text: str) -> list[ListedCall]:
    """The calls of a list."""
    return read_call_list(FileText("list", text, "UTF-8"), seconds)


def call_ids(onduty, staff_id: str) -> list[str]:
    """The calls that a staff member has in progress."""
    return [call["call_id"] for call in onduty("staff", "show", staff_id, "--json").json["calls"]]


def test_list_starts_and_ends_what_it_must(onduty, kim):
    """What it lacks ends, what it has more starts, and the table says of each why."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("call", "start", kim, "c-2", "--source", "pbx")
    done = onduty("reconcile", "-", "--source", "pbx", stdin="staff_id,call_id\nkim,c-2\nkim,c-3\n")
    assert done.lines == [
        "result   staff  name       call  leg  why",
        "started  kim    Kim Novak  c-3        it was not in progress",
        "ended    kim    Kim Novak  c-1        the list does not have it",
    ]
    assert done.err == "1 started, 1 ended, 0 left alone, 1 in progress as before\n"
    assert call_ids(onduty, kim) == ["c-2", "c-3"]


def test_call_that_has_ended_is_left_alone(onduty, kim):
    """A list that still has it is a moment old."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("call", "end", kim, "c-1", "--source", "pbx")
    done = onduty("reconcile", "-", "--source", "pbx", "--json", stdin='{"staff_id": "kim", "call_id": "c-1"}\n')
    assert done.json == {
        "result": "left alone", "staff_id": "kim", "display_name": "Kim Novak", "call_id": "c-1", "leg": "",
        "why": "it has ended, and did not begin after that",
    }  # fmt: skip


def test_what_is_newer_than_the_list_is_left_alone(onduty, kim):
    """By the instant, or by a position that was read before."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    position = onduty("status", "next", kim, "busy", "--json").json["position"]
    onduty("call", "start", kim, "c-2", "--source", "pbx")
    heading = "staff_id,call_id\n"
    onduty("reconcile", "-", "--source", "pbx", "--observed-position", position, "--allow-empty", stdin=heading)
    assert call_ids(onduty, kim) == ["c-2"]
    onduty("reconcile", "-", "--source", "pbx", "--observed-at", "1h", "--allow-empty", stdin=heading)
    assert call_ids(onduty, kim) == ["c-2"]
    refused = onduty(
        "reconcile", "-", "--source", "pbx", "--observed-position", position, "--observed-at", "1h", "--allow-empty",
        stdin=heading, code=1,
    )  # fmt: skip
    assert refused.err == "refused: --observed-position: cannot be given with --observed-at\n"


def test_scope_leaves_other_people_alone(onduty, kim):
    """And a call of somebody else is no part of such a list."""
    onduty("staff", "add", "lee")
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("call", "start", "lee", "c-2", "--source", "pbx")
    onduty("reconcile", "-", "--source", "pbx", "--staff", "lee", "--allow-empty", stdin="")
    assert (call_ids(onduty, kim), call_ids(onduty, "lee")) == (["c-1"], [])
    refused = onduty("reconcile", "-", "--source", "pbx", "-s", "lee", stdin="staff_id,call_id\nkim,c-1\n", code=1)
    assert refused.err == "cannot use standard input: line 2: kim is none of those named with --staff\n"


def test_empty_list_ends_nothing_unless_it_is_meant(onduty, kim):
    """A pipe that broke must not hang up on everybody."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    refused = onduty("reconcile", "-", "--source", "pbx", stdin="", code=1).err
    assert refused == "cannot use standard input: it has no calls; with --allow-empty that ends every call in its scope\n"
    assert call_ids(onduty, kim) == ["c-1"]


def test_unknown_staff_are_named_and_the_rest_is_done(onduty, kim):
    """The exit code says that not all was done."""
    done = onduty("reconcile", "-", "--source", "pbx", "--csv", stdin="staff_id;call_id\nnobody;c-9\nkim;c-1\n", code=4)
    assert done.lines == [
        "result,staff_id,display_name,call_id,leg,why",
        "started,kim,Kim Novak,c-1,,it was not in progress",
        "unknown staff,nobody,,c-9,,there is no such staff member",
    ]
    assert done.err.splitlines()[-1] == "1 of unknown staff, passed over"


def test_fault_that_the_server_finds_is_told_by_line(onduty, kim):
    """A call that began after the list was taken."""
    text = "staff_id,call_id,occurred_at\n\nkim,c-1,2026-01-02T00:00:00Z\n"
    refused = onduty("reconcile", "-", "--source", "pbx", "--observed-at", "2026-01-01T00:00:00Z", stdin=text, code=1)
    assert refused.err == "refused: line 3 occurred_at: is after --observed-at\n"


def test_example_runs(onduty):
    """The list of the documentation."""
    for staff_id in ("ana", "ben"):
        onduty("staff", "add", staff_id)
    assert onduty("reconcile", str(EXAMPLE), "--source", "pbx-1").err.startswith("3 started, 0 ended")


def test_more_than_a_request_takes_is_told_in_parts(onduty, kim):
    """All its calls are told, and everybody else's end."""
    onduty("call", "start", kim, "c-0", "--source", "pbx")
    onduty("staff", "import", "-", stdin="staff_id\n" + "".join(f"s{number}\n" for number in range(41)))
    rows = [f"s{number}\tc-{number}-{call}\n" for number in range(41) for call in range(25)]
    done = onduty("reconcile", "-", "--source", "pbx", "--json", stdin="staff_id\tcall_id\n" + "".join(rows))
    assert done.err == "1025 started, 1 ended, 0 left alone, 0 in progress as before\n"
    assert call_ids(onduty, kim) == []


def test_table_and_json_lines_say_the_same():
    """Whatever separates the columns."""
    fields = {"staff_id": "kim", "call_id": "c-1", "direction": "outbound", "occurred_at": "7", "leg": "l"}
    for separator in ",;\t":
        table = f"{separator.join(fields)}\n{separator.join(fields.values())}\n"
        assert listed(table) == [ListedCall(2, "kim", "c-1", "DIRECTION_OUTBOUND", 7_000_000, "l")]
    assert listed(json.dumps(fields)) == [ListedCall(1, "kim", "c-1", "DIRECTION_OUTBOUND", 7_000_000, "l")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("call_id\nc-1\n", "line 1 must name columns of staff_id, call_id"),
        ("staff_id,call_id,dirction\n", "line 1: dirction is none of staff_id, .*did you mean direction"),
        ("staff_id,call_id\nkim,\n", "line 2: call_id is empty"),
        ("staff_id,call_id\nkim,c-1\nkim,c-1\n", "line 3: c-1 of kim is already on line 2"),
        ("staff_id,call_id,direction\nkim,c-1,up\n", "line 2: 'up' is none of inbound"),
        ("staff_id,call_id\nkim,c-1,x\n", "line 2 has 3 columns, the heading has 2"),
        ('{"staff_id": "kim", "call_id": 1}', "line 1: call_id must be a string, not 1"),
        ('{"staff_id": "kim"\n', "line 1 is no JSON object"),
        ('{"staff_id": "kim", "call_id": "c"}\n[]\n', "line 2 is no JSON object"),
    ],
)
def test_list_that_cannot_be_read_is_refused_whole(text: str, fault: str):
    """With the line at fault."""
    with pytest.raises(InputError) as caught:
        listed(text)
    assert re.search(fault, caught.value.fault)


def test_many_faults_are_counted():
    """Five are shown."""
    with pytest.raises(InputError) as caught:
        listed("staff_id,call_id\n" + "kim,\n" * 7)
    assert caught.value.fault.endswith("line 6: call_id is empty; and 2 more lines at fault")


def test_parts_have_all_calls_of_a_person_together():
    """Nobody is in two parts."""
    calls = [ListedCall(0, f"s{number % 90}", f"c-{number}", None, None, "") for number in range(1_800)]
    parts = list(parts_of(calls, ["idle"]))
    assert [len(part.calls) for part in parts] == [1_000, 800]
    assert sorted(staff_id for part in parts for staff_id in part.staff_ids) == sorted({"idle", *(c.staff_id for c in calls)})
