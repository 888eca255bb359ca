"""`onduty status` and `onduty break(s)`, against a real server."""

import re

import pytest


@pytest.fixture
def in_call(onduty, kim) -> str:
    """A staff member with a call in progress."""
    onduty("call", "start", kim, "c-1")
    return kim


@pytest.fixture
def wrapping_up(onduty, in_call) -> str:
    """A staff member in after-call work."""
    onduty("call", "end", in_call, "c-1")
    return in_call


def status_of(onduty, staff_id: str) -> str:
    return onduty("staff", "show", staff_id, "--json").json["status"].removeprefix("STATUS_")


@pytest.mark.parametrize("status", ["available", "busy", "offline"])
def test_a_status_is_set(onduty, kim, status: str):
    """The answer says how the person stands now."""
    assert onduty("status", "set", kim, status).out.startswith(f"kim is {status.upper()} (revision ")


def test_a_break_needs_a_reason_of_the_catalogue(onduty, kim):
    """A reason that is not there is told with how to add it."""
    refused = onduty("break", kim, "lunch", code=1).err.splitlines()
    assert refused[0] == "refused: there is no break reason lunch"
    onduty("breaks", "add", "lunch", "--limit", "45m")
    assert onduty("break", kim, "lunch").out.startswith("kim is ON_BREAK lunch")
    onduty("status", "set", kim, "available")
    assert onduty("status", "set", kim, "on-break", "--reason", "lunch").out.startswith("kim is ON_BREAK lunch")
    assert re.search(r"\b4[34]m\d\ds\b", onduty("staff", "list").out)


def test_a_change_in_a_call_is_refused_with_what_is_allowed(onduty, in_call):
    """The second line says what was probably meant."""
    assert onduty("status", "set", in_call, "busy", code=1).err.splitlines() == [
        "refused: kim is IN_LINE; allowed now: set next status, clear next status",
        "To set what comes after the call: onduty status next kim STATUS",
    ]


def test_the_next_status_is_set_and_taken_back(onduty, in_call):
    """In a call it only waits."""
    assert ", next BUSY" in onduty("status", "next", in_call, "busy").out
    assert ", next " not in onduty("status", "next", in_call, "--clear").out
    assert status_of(onduty, in_call) == "IN_LINE"


def test_after_call_work_goes_on_until_it_is_ended_by_hand(onduty, wrapping_up):
    """`continue` stops the countdown, `back-to-reception` ends it."""
    assert "wrap-up open-ended" in onduty("status", "continue", wrapping_up).out
    assert onduty("status", "back-to-reception", wrapping_up).out.startswith("kim is AVAILABLE")
    assert "only in AFTER_CALL_WORK" in onduty("status", "back-to-reception", wrapping_up, code=1).err


def test_a_supervisor_forces_a_status_with_a_note(onduty, in_call):
    """In a call it comes next, unless it is wanted immediately."""
    assert ", next OFFLINE" in onduty("status", "force", in_call, "offline", "--note", "went home").out
    forced = onduty("status", "force", in_call, "busy", "--note", "the call hangs", "--immediately")
    assert forced.out.startswith("kim is BUSY (revision ")
    assert "the call hangs" in onduty("history", in_call).out


def test_a_supervisor_resets_a_stuck_status(onduty, in_call):
    """The choice from before the call is back."""
    assert onduty("status", "reset", in_call, "--note", "lost hang-up").out.startswith("kim is AVAILABLE (revision ")


def test_a_request_id_makes_a_repetition_harmless(onduty, kim):
    """The answer says that nothing new was done; the same id for something else is refused."""
    onduty("status", "set", kim, "busy", "--request-id", "r-1")
    onduty("status", "set", kim, "available")
    again = onduty("status", "set", kim, "busy", "--request-id", "r-1")
    assert again.out.endswith("answered before, nothing new was done\n")
    assert status_of(onduty, kim) == "AVAILABLE"
    assert "request id r-1 was used before" in onduty("status", "set", kim, "offline", "--request-id", "r-1", code=1).err


def test_the_answer_as_json_has_the_position(onduty, kim):
    """Programs get the whole answer."""
    answer = onduty("status", "set", kim, "busy", "--json").json
    assert answer["staff"]["status"] == "STATUS_BUSY"
    assert answer["position"]
    assert answer["replayed"] is False


def test_the_catalogue_of_breaks(onduty):
    """Reasons come, change, are disabled, enabled and deleted; the built-in one stays."""
    assert onduty("breaks", "add", "tea", "-n", "Tea", "--limit", "15m").out.startswith("added: tea (Tea), limit 15m")
    assert "limit 1h30m" in onduty("breaks", "update", "tea", "--limit", "1h30m").out
    assert "tea (Coffee), limit 1h30m" in onduty("breaks", "update", "tea", "--name", "Coffee").out
    assert "limit none" in onduty("breaks", "update", "tea", "--limit", "0").out
    assert "no, disabled" in onduty("breaks", "disable", "tea").out
    listed = {line.split()[0]: line for line in onduty("breaks", "list").lines[1:]}
    assert "by the system only" in listed["no-answer"]
    assert "no, disabled" in listed["tea"]
    assert "can be chosen: yes" in onduty("breaks", "enable", "tea").out
    assert onduty("breaks", "delete", "tea").out == "deleted: tea\n"
    assert "tea" not in onduty("breaks", "list").out
    assert "is built in" in onduty("breaks", "delete", "no-answer", code=1).err


def test_a_disabled_reason_cannot_be_chosen(onduty, kim):
    """The hint says how it comes back."""
    onduty("breaks", "add", "tea")
    onduty("breaks", "disable", "tea")
    refused = onduty("break", kim, "tea", code=1).err.splitlines()
    assert refused[0] == "refused: the break reason tea cannot be chosen"
    assert "onduty breaks enable tea" in refused[1]
