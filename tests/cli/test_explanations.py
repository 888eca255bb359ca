"""What people are told when a request fails."""

import pytest

from onduty.v1 import errors_pb2, staff_pb2
from onduty_cli.explanations import explain
from onduty_cli.failures import InputError, ItemsError, NoAnswerError, RefusedError, UnreachableError
from onduty_cli.start_command import start_command

REASONS = [name.removeprefix("ERROR_REASON_") for name, number in errors_pb2.ErrorReason.items() if number]


def refused(reason: str, **metadata: str) -> RefusedError:
    return RefusedError("FAILED_PRECONDITION", "the server's words", reason, metadata)


@pytest.mark.parametrize("reason", REASONS)
def test_every_error_of_the_catalogue_has_its_own_words(reason: str):
    """No error falls back to the server's raw text, and none needs more than two lines."""
    lines = explain(refused(reason))
    assert 1 <= len(lines) <= 2
    assert lines[0].startswith(("refused: ", "failed: ", "unknown: "))
    assert reason not in lines[0]


def test_a_refused_transition_tells_the_status_and_what_is_allowed():
    """And how to get what was probably meant."""
    failure = refused("TRANSITION_REFUSED")
    failure.refusal = errors_pb2.TransitionRefusal(
        current=staff_pb2.Staff(staff_id="kim", status=staff_pb2.STATUS_IN_LINE),
        requested=staff_pb2.ACTION_CHANGE_TO_BUSY,
        allowed=[staff_pb2.ACTION_SET_NEXT_STATUS, staff_pb2.ACTION_CLEAR_NEXT_STATUS],
    )
    assert explain(failure) == (
        "refused: kim is IN_LINE; allowed now: set next status, clear next status",
        "To set what comes after the call: onduty status next kim STATUS",
    )


@pytest.mark.parametrize(
    ("status", "requested", "hint"),
    [
        (staff_pb2.STATUS_OFFLINE, staff_pb2.ACTION_PLACE_CALL, "onduty status set kim available"),
        (staff_pb2.STATUS_BUSY, staff_pb2.ACTION_BACK_TO_RECEPTION, "only in AFTER_CALL_WORK"),
        (staff_pb2.STATUS_BUSY, staff_pb2.ACTION_SET_NEXT_STATUS, "onduty status set kim STATUS"),
        (staff_pb2.STATUS_BUSY, staff_pb2.ACTION_CHANGE_TO_IN_LINE, "Only the system"),
        (staff_pb2.STATUS_AFTER_CALL_WORK, staff_pb2.ACTION_PLACE_CALL, "onduty staff show kim"),
    ],
)
def test_a_refusal_says_what_to_do_next(status: staff_pb2.Status, requested: staff_pb2.Action, hint: str):
    """The second line fits what was asked and the status that refused it."""
    failure = refused("TRANSITION_REFUSED")
    failure.refusal = errors_pb2.TransitionRefusal(current=staff_pb2.Staff(staff_id="kim", status=status), requested=requested)
    assert hint in explain(failure)[1]


def test_a_command_to_type_is_quoted():
    """An id with a space can be pasted into a shell as it is."""
    first, second = explain(refused("STAFF_UNKNOWN", staff_id="kim's"))
    assert first == "unknown: there is no staff member kim's"
    assert second.endswith("""onduty staff add 'kim'"'"'s'""")


def test_an_unknown_id_that_looks_like_a_name_is_proposed_as_one():
    """The command that is proposed is not refused in its turn."""
    _, second = explain(refused("STAFF_UNKNOWN", staff_id="Kim Novak"))
    assert second.endswith("onduty staff add kim --name 'Kim Novak'")


def test_nobody_available_does_not_blame_what_does_not_hold():
    """Who can be assigned calls is left out by what the claim asks for beside, as a level."""
    failure = refused("NOBODY_AVAILABLE", skill_groups="sales")
    for assignable, said in ((1, "1 can be assigned calls, but not by this claim"), (0, "on offer, held off or")):
        count = staff_pb2.StatusCount(status=staff_pb2.STATUS_AVAILABLE, count=3, assignable=assignable)
        failure.nobody = errors_pb2.NobodyAvailable(counts=[count])
        assert said in explain(failure)[0]


def test_nobody_available_tells_how_many_are_where():
    """The counts by status come from the server."""
    failure = refused("NOBODY_AVAILABLE", skill_groups="sales,loans")
    failure.nobody = errors_pb2.NobodyAvailable(counts=[staff_pb2.StatusCount(status=staff_pb2.STATUS_BUSY, count=2)])
    assert explain(failure) == (
        "refused: nobody in sales or loans can take a call now: 2 BUSY",
        "Try again, or watch: onduty watch --group sales --group loans",
    )


def test_of_candidates_nobody_available_names_no_group():
    """There was none to ask for."""
    failure = refused("NOBODY_AVAILABLE", skill_groups="")
    failure.nobody = errors_pb2.NobodyAvailable(counts=[staff_pb2.StatusCount(status=staff_pb2.STATUS_BUSY, count=2)])
    assert explain(failure)[0] == "refused: none of them can take a call now: 2 BUSY"


def test_a_group_without_members_is_told_apart_from_a_busy_one():
    """Without counts the group has nobody at all."""
    assert explain(refused("NOBODY_AVAILABLE", skill_groups="sale"))[0] == "refused: nobody is in skill group sale"


def test_a_bad_field_is_named_with_its_fault():
    """Every field at fault is told, in one line."""
    failure = refused("INVALID_FIELD")
    failure.field_faults = (("staff_id", "must not be empty"), ("note", "is too long"))
    assert explain(failure) == ("refused: staff_id: must not be empty; note: is too long",)


def test_a_server_that_is_not_there_tells_how_to_start_one():
    """The exit code tells it apart from a refusal."""
    failure = UnreachableError("127.0.0.1:1", "Connection refused")
    assert start_command() in explain(failure)[1]
    assert "--server" in explain(failure)[1]
    assert failure.exit_code == 3


def test_no_answer_in_time_warns_that_it_may_have_been_done():
    """A change may have been made: repeating it blindly would be wrong."""
    failure = NoAnswerError("127.0.0.1:1", 0.5)
    assert "within 0.5 s; a change may have been made or not" in explain(failure)[0]
    assert failure.exit_code == 3


def test_a_server_that_is_not_onduty_is_suspected():
    """Its error has no reason of the catalogue."""
    assert "Is it an Onduty server" in explain(RefusedError("UNIMPLEMENTED", "Method not found!"))[1]


def test_an_error_of_a_newer_server_is_told_as_it_is():
    """A reason this program does not know falls back to the server's words."""
    assert explain(refused("BRAND_NEW")) == ("failed: BRAND_NEW: the server's words",)


def test_a_file_that_cannot_be_used_is_named():
    """One line is enough."""
    assert explain(InputError("staff.csv", "No such file")) == ("cannot use staff.csv: No such file",)


def test_items_that_were_reported_already_are_not_told_again():
    """Only the exit code is left to say."""
    assert explain(ItemsError(3)) == ()
    assert ItemsError(3).exit_code == 1
