"""The domain's words are the contract's words, and every word has a use."""

import inspect
import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from enum import IntEnum
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
from domain_builders import BY_STAFF, Person, in_status, on_offer
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from onduty.v1 import policy_pb2, router_service_pb2, staff_pb2
from onduty_server.domain.model import change, commands, errors, policy, state, status
from onduty_server.domain.model.policy import BreakLimitAction, Colleagues, NoAnswerStatus, ReturnTo
from onduty_server.domain.model.state import Capabilities
from onduty_server.domain.model.status import (
    CHOOSABLE,
    Action,
    ActorRole,
    Cause,
    ClaimOrder,
    Direction,
    FactOutcome,
    OfferEnd,
    Status,
    WithdrawReason,
)
from onduty_server.domain.rules import deadlines, decide
from onduty_server.domain.rules.requests import CHANGE_TO

ROOT = Path(__file__).resolve().parents[2]

CONTRACT: dict[type[IntEnum], EnumTypeWrapper] = {
    Status: staff_pb2.Status,
    Direction: staff_pb2.Direction,
    Cause: staff_pb2.Cause,
    ActorRole: staff_pb2.ActorRole,
    OfferEnd: staff_pb2.OfferEnd,
    ClaimOrder: router_service_pb2.ClaimOrder,
    WithdrawReason: router_service_pb2.WithdrawReason,
    Action: staff_pb2.Action,
    FactOutcome: staff_pb2.FactOutcome,
    ReturnTo: policy_pb2.ReturnTo,
    NoAnswerStatus: policy_pb2.NoAnswerStatus,
    BreakLimitAction: policy_pb2.BreakLimitAction,
    Colleagues: policy_pb2.Colleagues,
}
"""Every closed set that is on the wire, with its enum in the contract."""


def _classes(module: ModuleType) -> dict[str, type]:
    """The classes that a module or package defines itself."""
    return {
        name: found
        for name, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__.startswith(module.__name__)
    }


# --- enums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ours", CONTRACT, ids=lambda ours: ours.__name__)
def test_enum_is_the_contracts(ours: type[IntEnum]):
    """A domain enum has the contract's names and numbers, without the prefix and the value for "not set"."""
    theirs = CONTRACT[ours]
    prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", ours.__name__).upper() + "_"
    expected = {name.removeprefix(prefix): number for name, number in theirs.items() if number != 0}
    assert {member.name: member.value for member in ours} == expected
    assert theirs.Name(0) == f"{prefix}UNSPECIFIED"


def test_every_enum_on_the_wire_is_held_to_the_contract():
    """No enum of the domain's vocabulary is left out of the comparison."""
    ours = {found for module in (status, policy) for found in _classes(module).values() if issubclass(found, IntEnum)}
    assert ours == set(CONTRACT)


def test_capabilities_are_the_contracts():
    """The capabilities are the contract's fields."""
    assert [field.name for field in fields(Capabilities)] == [field.name for field in staff_pb2.Capabilities.DESCRIPTOR.fields]


def test_choosable_statuses_are_those_the_system_does_not_set():
    """Staff choose OFFLINE, AVAILABLE, BUSY and ON_BREAK; the system sets the others."""
    assert {status.name for status in CHOOSABLE} == {"OFFLINE", "AVAILABLE", "BUSY", "ON_BREAK"}


def test_every_status_has_its_action():
    """Asking for a status is an action of its own, of the same name."""
    assert {status.name: action.name for status, action in CHANGE_TO.items()} == {
        status.name: f"CHANGE_TO_{status.name}" for status in Status
    }


# --- values -----------------------------------------------------------------------------------------------------------

VALUES = [
    found
    for module in (change, commands, deadlines, errors, policy, state)
    for found in _classes(module).values()
    if is_dataclass(found) and not issubclass(found, Exception)
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_values_cannot_be_altered(value: type):
    """States, commands and configuration are values: Python refuses to alter one, or the type checker does (``values``)."""
    parameters = value.__dataclass_params__
    assert parameters.frozen or parameters.unsafe_hash
    assert "__dict__" not in dir(value)


@pytest.mark.slow
def test_the_type_checker_refuses_to_alter_a_value(tmp_path: Path):
    """What ``value`` makes is immutable to the type checker, which sees all of the service."""
    altering = tmp_path / "altering.py"
    altering.write_text(
        "from onduty_server.domain.model.state import OFFLINE\nOFFLINE.break_reason = 'lunch'\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "mypy", str(altering)]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=500, check=False)

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert 'Property "break_reason" defined in "Choice" is read-only' in checked.stdout


# --- commands ---------------------------------------------------------------------------------------------------------


def test_every_command_has_an_effect():
    """``decide`` knows what comes of every command, and of nothing else."""
    assert set(decide.EFFECTS) == set(get_args(commands.Command))


def test_every_command_class_can_be_decided_or_creates():
    """Every command class is one that ``decide`` takes, but the one for somebody who does not exist yet."""
    with_origin = {found for found in _classes(commands).values() if "origin" in {field.name for field in fields(found)}}
    assert with_origin == {*get_args(commands.Command), commands.CreateStaff}


# --- errors -----------------------------------------------------------------------------------------------------------

NO_OWN_PLACE = {"OndutyError", "CallerError", "ThrottledError", "ServiceError", "BreakReasonError", "PositionError"}
"""The roots and groups, of which none is raised itself."""


def _tree() -> set[str]:
    """The error classes named in the tree on top of the module, with its shorthands written out."""
    text = errors.__doc__ or ""
    names = set(re.findall(r"\b[A-Z]\w+Error\b", text))
    names |= {f"BreakReason{part}Error" for part in re.findall(r"-(\w+)Error\b", text)}
    (positions,) = re.findall(r"Position errors\s+(.*)", text)
    names |= {f"Position{part}Error" for part in positions.split(", ")}
    return names - {f"{part}Error" for part in re.findall(r"-(\w+)Error\b", text)}


def test_every_error_in_the_tree_exists_and_no_other():
    """The tree on top of the module names every error class."""
    ours = {name for name, found in _classes(errors).items() if issubclass(found, Exception)}
    assert _tree() | NO_OWN_PLACE == ours


def test_every_error_is_somebodys():
    """Every error is in one of the three branches: the caller's to mend, too much at once, or ours."""
    branches = (errors.CallerError, errors.ThrottledError, errors.ServiceError)
    for found in _classes(errors).values():
        if issubclass(found, errors.OndutyError) and found is not errors.OndutyError:
            assert sum(issubclass(found, branch) for branch in branches) == 1, found


SENTENCES = [
    (
        errors.InvalidFieldsError((errors.FieldViolation("a", "is too long"), errors.FieldViolation("b", "is empty"))),
        "a is too long; b is empty",
    ),
    (
        errors.InvalidFieldsError(tuple(errors.FieldViolation(field, "must be given") for field in "abcde")),
        "a must be given; b must be given; c must be given; and 2 more",
    ),
    (errors.StaffUnknownError("ada"), "there is no staff member 'ada'"),
    (errors.StaffExistsError("ada"), "staff member 'ada' exists already"),
    (
        errors.TransitionRefusedError(Person().state, Action.PLACE_CALL, (Action.CHANGE_TO_BUSY, Action.CHANGE_TO_AVAILABLE)),
        "'ada' is OFFLINE: PLACE_CALL is refused; allowed: CHANGE_TO_BUSY, CHANGE_TO_AVAILABLE",
    ),
    (
        errors.TransitionRefusedError(
            in_status(Status.IN_LINE).state, Action.PLACE_CALL, (Action.PLACE_CALL,), only="INTERNAL"
        ),
        "'ada' is IN_LINE: PLACE_CALL is refused (only INTERNAL is allowed); allowed: PLACE_CALL",
    ),
    (errors.TransitionRefusedError(Person().state, None, ()), "'ada' is OFFLINE: this is refused; allowed: nothing"),
    (errors.NotAssignableError(Person().state, Action.CLAIM, ()), "'ada' is OFFLINE: no call can be assigned"),
    (
        errors.NotAssignableError(on_offer().state, Action.CLAIM, (), barred="with an offer outstanding"),
        "'ada' is AVAILABLE with an offer outstanding: no call can be assigned",
    ),
    (
        errors.NotAssignableError(in_status(Status.BUSY).state, Action.CLAIM, (), direction=Direction.TRANSFER),
        "'ada' is BUSY: no TRANSFER call can be assigned",
    ),
    (errors.OfferGoneError(Person().state, None, (), claim_id="k1"), "claim 'k1' is no longer on offer to 'ada'"),
    (
        errors.StaffSignedInError(in_status(Status.BUSY).state, None, ()),
        "'ada' is BUSY: sign out or force OFFLINE before deleting",
    ),
    (
        errors.NobodyAvailableError(
            {Status.BUSY: (2, 0), Status.OFFLINE: (1, 0)},
            (
                errors.GroupCounts("sales", {Status.BUSY: (2, 0), Status.OFFLINE: (1, 0)}),
                errors.GroupCounts("support", {}),
            ),
        ),
        "nobody can be given the call: 'sales' has BUSY 2, OFFLINE 1; 'support' has no members",
    ),
    (errors.NobodyAvailableError({Status.BUSY: (2, 0)}), "none of the candidates can be given the call"),
    (errors.ClaimUnknownError("k1"), "claim 'k1' is not outstanding, or ended too long ago to be known"),
    (errors.RevisionMismatchError("staff", "ada", 3, revision=5), "staff 'ada' is at revision 5, not 3"),
    (errors.RequestIdReusedError("r1"), "request_id 'r1' was used before for a request with other content"),
    (errors.BreakReasonUnknownError("nap"), "there is no break reason 'nap'"),
    (
        errors.BreakReasonDisabledError("nap"),
        "break reason 'nap' cannot be chosen: it is disabled or reserved for the service",
    ),
    (errors.BreakReasonExistsError("nap"), "break reason 'nap' exists already"),
    (errors.BreakReasonBuiltInError("nap"), "break reason 'nap' is built in: it cannot be disabled or deleted"),
    (errors.PositionTooOldError(1, 5, 9), "position 1 is older than the kept history (from 5): watch afresh"),
    (errors.PositionInFutureError(9, 5), "position 9 is ahead of this store (5): watch afresh"),
    (errors.PositionEpochEndedError(), "the position is of a history that was cut, as by restoring a backup: watch afresh"),
    (errors.QueryTooLongError(30.0), "this takes longer than 30 s: ask for a shorter interval or fewer people"),
    (errors.PositionForeignError(), "the position belongs to another store or tenant: watch afresh"),
    (
        errors.PositionFilterChangedError(),
        "the position was given out for another filter: use the same filter, or watch afresh",
    ),
    (errors.PositionMalformedError(), "the position is not one this service made: pass it on exactly as received"),
    (
        errors.PageTokenInvalidError(),
        "the page token was not made for this request, or its pages are no longer kept: list afresh",
    ),
    (errors.WatcherTooSlowError(7), "the watcher fell behind the kept changes after revision 7: watch again"),
    (errors.WatchQuotaError(16), "more than 16 streams are open: close some first"),
    (errors.AttachmentQuotaError(16), "more than 16 workspaces are attached: close some first"),
    (errors.AttachmentReplacedError("desk-7"), "workspace 'desk-7' has attached again: this is its older stream"),
    (errors.ColleaguesHiddenError(), "the policy lets nobody see colleagues"),
    (errors.StaffNotDeletedError("kim"), "staff member 'kim' is in the directory: delete them before erasing"),
    (errors.OverloadedError(1000), "more than 1000 commands are waiting: slow down and retry"),
    (
        errors.UnauthenticatedError(errors.CredentialProblem.EXPIRED),
        "the credential has expired: get a new one",
    ),
    (
        errors.PermissionDeniedError("Attach", errors.AccessProblem.ROLE, "it needs the role WORKSPACE"),
        "Attach is not allowed: it needs the role WORKSPACE",
    ),
    (errors.JournalUnavailableError("disk full"), "disk full"),
    (errors.LeaderUnavailableError("no replica leads"), "no replica leads"),
    (errors.DrainingError(), "the server is shutting down: retry on another, or in a moment"),
    (
        errors.RateLimitedError(100, 1.5, "calls_per_caller"),
        "more than 100 calls a second of one caller are asked for (calls_per_caller): slow down and retry",
    ),
    (
        errors.IssuerUnavailableError(),
        "tokens cannot be checked yet, as their issuer has not answered: retry in a moment",
    ),
]
"""Every error with the sentence that is made of its fields."""


@pytest.mark.parametrize(("error", "sentence"), SENTENCES, ids=lambda value: type(value).__name__)
def test_error_says_its_sentence(error: errors.OndutyError, sentence: str):
    """An error's sentence is made of its fields and says what to do."""
    assert str(error) == sentence


def test_every_error_has_its_sentence():
    """No error that can be raised is without a sentence of its own."""
    raised = {name for name, found in _classes(errors).items() if issubclass(found, Exception)} - NO_OWN_PLACE
    assert {type(error).__name__ for error, _ in SENTENCES} == raised


def test_refusal_has_no_revision_until_it_is_known():
    """The domain knows no revisions: the one of a refusal is filled in by who does."""
    error = Person().refuses(commands.BackToReception(BY_STAFF), errors.TransitionRefusedError)
    assert error.revision == 0
