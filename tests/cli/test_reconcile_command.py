"""`onduty reconcile`, against a real server."""

import json

import pytest


def reconcile(onduty, listed: str, *options: str, code: int = 0):
    """Reconcile the source pbx with a list on standard input."""
    return onduty("reconcile", "-", "--source", "pbx", *options, stdin=listed, code=code)


def test_the_sources_other_calls_end_and_missing_ones_start(onduty, kim):
    """The table says what came of which call, and the last line how many."""
    onduty("staff", "add", "lee")
    onduty("call", "start", kim, "old", "--source", "pbx")
    onduty("call", "start", "lee", "mine", "--source", "other")
    done = reconcile(onduty, "staff_id;call_id;direction\nlee;new;outbound\nnobody;lost;\n")
    rows = [line.split()[:3] for line in done.lines[1:]]
    assert rows == [["ended", kim, "old"], ["started", "lee", "new"], ["unknown", "staff", "nobody"]]
    assert done.err.splitlines()[-1] == "1 call ended, 1 started, 0 not started, 1 of unknown staff"
    calls = onduty("staff", "show", "lee", "--json").json["calls"]
    assert sorted((call["call_id"], call["direction"]) for call in calls) == [
        ("mine", "DIRECTION_INBOUND"),
        ("new", "DIRECTION_OUTBOUND"),
    ]


def test_an_empty_list_ends_all_calls_of_the_source(onduty, kim):
    """That is what it says."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    assert reconcile(onduty, "").err.startswith("1 call ended, ")


def test_a_list_of_named_staff_leaves_others_alone(onduty, kim):
    """And so does what is newer than the list."""
    onduty("staff", "add", "lee")
    for name in (kim, "lee"):
        onduty("call", "start", name, f"c-{name}", "--source", "pbx")
    done = reconcile(onduty, "staff_id,call_id\n", "--staff", "lee", "--json")
    assert [(one["result"], one["staff_id"]) for one in done.jsons] == [("ended", "lee")]
    assert reconcile(onduty, "", "--observed-at", "1h").err.startswith("0 calls ended, ")


def test_lines_of_json_and_of_csv_go_in_and_out(onduty, kim):
    """A JSON object a line is read; CSV is written with a heading."""
    listed = json.dumps({"staff_id": kim, "call_id": "c-1", "leg": "a", "occurred_at": "2026-01-01T00:00:00Z"})
    assert reconcile(onduty, listed + "\n", "--csv").out == f"result,staff_id,call_id,leg,why\nstarted,{kim},c-1,a,\n"


def test_what_ended_since_is_not_started_and_says_why(onduty, kim):
    """A list a moment old does not bring a call back."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("call", "end", kim, "c-1", "--source", "pbx")
    (row,) = reconcile(onduty, f"staff_id,call_id\n{kim},c-1\n", "--json").jsons
    assert (row["result"], row["call_id"], row["why"]) == ("not started", "c-1", "ended-before")


def test_a_list_of_any_length_is_sent_in_parts(onduty):
    """2,500 calls of 1,250 people: each part is about other people, and the same list again changes nothing."""
    names = [f"p{number:04}" for number in range(1250)]
    onduty("staff", "import", "-", stdin="staff_id\n" + "\n".join(names) + "\n")
    listed = "staff_id,call_id\n" + "".join(f"{name},{name}-{n}\n" for name in names for n in range(2))
    assert reconcile(onduty, listed).err.splitlines()[-1].startswith("0 calls ended, 2500 started, ")
    assert reconcile(onduty, listed).err.splitlines()[-1].startswith("0 calls ended, 0 started, ")
    assert reconcile(onduty, "staff_id,call_id\n").err.splitlines()[-1].startswith("2,500 calls ended, ")


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ("staff_id,cal_id\nkim,c\n", "did you mean call_id?"),
        ("call_id\nc\n", "it has no staff_id"),
        ("staff_id,call_id\nkim,\n,c\n", "line 2: call_id is empty; line 3: staff_id is empty"),
        ("staff_id,call_id,direction\nkim,c,inbund\n", "did you mean inbound?"),
        ("staff_id,call_id,occurred_at\nkim,c,noonish\n", "line 2: "),
        ('{"staff_id": "kim"}\n', "it has no call_id"),
        ('{"staff_id": \n', "line 1: not a JSON object"),
    ],
)
def test_a_faulty_list_changes_nothing_and_says_where(onduty, kim, listed: str, fault: str):
    """Nothing is sent before all of it is understood."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    done = reconcile(onduty, listed, code=1)
    assert fault in done.err
    assert onduty("staff", "show", kim, "--json").json["status"] == "STATUS_IN_LINE"


def test_one_moment_of_the_list_only(onduty):
    """By the source's clock or by the store's position, not both."""
    assert (
        "--observed-at or --observed-position"
        in reconcile(onduty, "", "--observed-at", "5s", "--observed-position", "x", code=2).err
    )
