"""The contract's enum values as people read and type them."""

import pytest

from onduty.v1 import staff_pb2
from onduty_cli import words


@pytest.mark.parametrize("text", ["on-break", "ON_BREAK", "On-Break", "STATUS_ON_BREAK", " on_break "])
def test_a_status_may_be_typed_in_any_case_with_any_joint(text: str):
    """Hyphen or underline, upper or lower case, with the contract's prefix or without."""
    assert words.full_name(staff_pb2.Status, text) == "STATUS_ON_BREAK"


@pytest.mark.parametrize("text", ["lunch", "", "unspecified", "STATUS_UNSPECIFIED"])
def test_what_is_no_status_is_none(text: str):
    """The contract's placeholder is not a status."""
    assert words.full_name(staff_pb2.Status, text) is None


def test_a_value_of_a_newer_server_is_shown_as_its_number():
    """A status this program does not know must not end it."""
    assert words.status_word(99) == "99"
    assert words.cause_words(99) == "99"


def test_typed_statuses_are_those_of_the_contract():
    """The lists for help and completion leave no status out."""
    assert set(words.CHOOSABLE + words.SET_BY_THE_SYSTEM) == set(words.typed_names(staff_pb2.Status))
    assert set(words.DIRECTIONS) == set(words.typed_names(staff_pb2.Direction))


def test_every_status_has_a_place_and_a_colour():
    """Tables know every status of the contract."""
    numbers = [number for number in staff_pb2.Status.values() if number]
    assert sorted(words.STATUS_ORDER) == sorted(numbers)
    assert set(words.STATUS_STYLES) == {words.status_word(number) for number in numbers}


def test_actions_are_told_in_words():
    """Statuses stay in capitals, the rest is plain English."""
    actions = [staff_pb2.ACTION_SET_NEXT_STATUS, staff_pb2.ACTION_CHANGE_TO_ON_BREAK]
    assert words.actions_in_words(actions) == "set next status, change to ON_BREAK"
    assert words.actions_in_words([]) == "nothing"
