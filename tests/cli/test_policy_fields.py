"""The policy's fields by their dotted names."""

import pytest

from onduty.v1 import policy_pb2, staff_pb2
from onduty_cli.policy_fields import policy_keys, policy_values, set_policy_value

VALUES = {
    "after_call_work.enabled": "true",
    "after_call_work.countdown": "45s",
    "after_call_work.directions": "inbound, transfer",
    "after_call_work.max_duration": "10m",
    "after_call_work.return_to": "pre-call",
    "after_call_work.unanswered": "false",
    "claim_ttl": "20s",
    "no_answer.misses": "3",
    "no_answer.status": "busy",
    "disconnect_grace": "1m30s",
    "require_attachment": "false",
    "max_call_age": "4h",
    "break_internal_calls": "true",
    "after_call_work_dial_out": "true",
    "after_call_work_internal_calls": "false",
    "retention": "180d",
    "break_limit_action": "offline",
    "late_fact_window": "30s",
    "hold_off.after_decline": "10s",
    "hold_off.after_miss": "20s",
    "hold_off.after_unreachable": "5s",
    "disconnect_grace_on_break": "8h",
    "in_line_consultation": "true",
    "colleagues": "own-groups",
}


def test_every_field_can_be_set_and_reads_back_as_written():
    """`policy show` writes what `policy set` takes, for all fields of the contract."""
    policy = policy_pb2.Policy()
    for key, value in VALUES.items():
        set_policy_value(policy, key, value)
    assert dict(policy_values(policy)) == VALUES
    assert policy_keys() == list(VALUES)


def test_enums_are_typed_in_any_case():
    """Short names, with hyphen or underline."""
    policy = policy_pb2.Policy()
    set_policy_value(policy, "no_answer.status", "On_Break")
    set_policy_value(policy, "after_call_work.directions", "INBOUND,internal")
    assert policy.no_answer.status == policy_pb2.NO_ANSWER_STATUS_ON_BREAK
    assert list(policy.after_call_work.directions) == [staff_pb2.DIRECTION_INBOUND, staff_pb2.DIRECTION_INTERNAL]


def test_none_is_a_value_of_an_enum_that_has_it():
    """It must not be taken for nothing."""
    policy = policy_pb2.Policy()
    set_policy_value(policy, "no_answer.status", "none")
    assert policy.no_answer.status == policy_pb2.NO_ANSWER_STATUS_NONE


def test_none_removes_a_duration_and_empties_a_list():
    """No cap, no directions."""
    policy = policy_pb2.Policy()
    set_policy_value(policy, "after_call_work.max_duration", "none")
    set_policy_value(policy, "after_call_work.directions", "none")
    assert dict(policy_values(policy))["after_call_work.max_duration"] == "none"
    assert not policy.after_call_work.directions


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("claim_tll", "5s", "did you mean claim_ttl"),
        ("xyz", "red", "see them all: onduty policy show"),
        ("after_call_work", "5s", "after_call_work.countdown"),
        ("claim_ttl", "5", "is not a duration"),
        ("no_answer.status", "lunch", "none, on-break, busy"),
        ("no_answer.status", "busy,none", "give one value"),
        ("no_answer.misses", "two", "whole number"),
        ("no_answer.misses", "99999999999", "out of range"),
        ("require_attachment", "maybe", "neither true nor false"),
    ],
)
def test_a_bad_key_or_value_says_what_is_right(key: str, value: str, said: str):
    """The message names the near keys, or the values there are."""
    with pytest.raises(ValueError, match=said):
        set_policy_value(policy_pb2.Policy(), key, value)
