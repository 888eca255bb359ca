"""The errors: what the server can send, and what becomes of it."""

import re
import string

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from onduty_process import ROOT

import onduty_client
from onduty.v1 import errors_pb2
from onduty.v1.staff_pb2 import ACTION_CLAIM, ACTION_PLACE_CALL, STATUS_BUSY, SkillGroupSummary, Staff, StatusCount
from onduty_client.error_map import CODE_ERRORS, DETAILS_KEY, REASON_ERRORS, error_class, error_of_item, error_of_status

REASONS = [name.removeprefix("ERROR_REASON_") for name, value in errors_pb2.ErrorReason.items() if value]


def status_with(*details, code: int = 9, message: str = "m") -> status_pb2.Status:
    status = status_pb2.Status(code=code, message=message)
    for detail in details:
        one = Any()
        one.Pack(detail)
        status.details.append(one)
    return status


def packed(*details) -> list[tuple[str, bytes]]:
    return [("other", "x"), (DETAILS_KEY, status_with(*details).SerializeToString())]


def info(reason: str, domain: str = "onduty.dev", **metadata: str) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo(reason=reason, domain=domain, metadata=metadata)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_an_error(reason: str):
    """A reason that is new in the contract needs a line in the table."""
    assert reason in REASON_ERRORS


def test_table_is_that_of_the_contract():
    """The page that all clients are held to has the same table, reason by reason."""
    page = (ROOT / "docs" / "client-contract.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+Error)` \| ([^|]*)\|", page, re.MULTILINE)
    said = {
        word: name for name, reasons in rows for word in re.findall(r"[A-Z_]{4,}", reasons.split(";")[0]) if word in REASONS
    }
    assert said == {reason: kind.__name__ for reason, kind in REASON_ERRORS.items()}


def test_errors_are_children_of_the_root():
    """One except clause takes them all, and none hides another."""
    kinds = {*REASON_ERRORS.values(), *CODE_ERRORS.values()}
    assert {kind.__bases__[0] for kind in kinds} == {onduty_client.OndutyError}
    assert issubclass(onduty_client.TimedOutError, TimeoutError)
    assert issubclass(onduty_client.UnavailableError, ConnectionError)
    assert {kind.__name__ for kind in kinds} <= set(onduty_client.__all__)


@pytest.mark.parametrize("code", [code.name for code in grpc.StatusCode])
def test_unknown_reason_goes_by_the_code(code: str):
    """As it goes where there is no reason."""
    assert (
        error_class("A_REASON_OF_TOMORROW", code) is error_class("", code) is CODE_ERRORS.get(code, onduty_client.OndutyError)
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NOT_FOUND", onduty_client.NotFoundError),
        ("ALREADY_EXISTS", onduty_client.AlreadyExistsError),
        ("FAILED_PRECONDITION", onduty_client.RefusedError),
        ("OUT_OF_RANGE", onduty_client.PositionError),
        ("RESOURCE_EXHAUSTED", onduty_client.OverloadedError),
        ("ABORTED", onduty_client.OndutyError),
    ],
)
def test_reason_of_a_newer_server_is_of_the_kind_of_its_code(code: str, kind: type):
    """A program that handles refusals handles those that are added later."""
    error = error_of_status(code, "", packed(info("A_REASON_OF_TOMORROW", staff_id="ana")))
    assert (type(error), error.reason, error.metadata) == (kind, "A_REASON_OF_TOMORROW", {"staff_id": "ana"})


def test_refusal_tells_the_state_and_what_is_allowed():
    """Typed, with the fields of every error."""
    refusal = errors_pb2.TransitionRefusal(
        current=Staff(staff_id="ana", status=STATUS_BUSY), requested=ACTION_CLAIM, allowed=[ACTION_PLACE_CALL]
    )
    trailing = packed(info("STAFF_NOT_ASSIGNABLE", staff_id="ana"), refusal)
    error = error_of_status("FAILED_PRECONDITION", "ana is BUSY", trailing, request_id="r1")
    assert isinstance(error, onduty_client.RefusedError)
    assert (error.code, error.reason, error.message) == ("FAILED_PRECONDITION", "STAFF_NOT_ASSIGNABLE", "ana is BUSY")
    assert (error.metadata, error.request_id) == ({"staff_id": "ana"}, "r1")
    assert (error.current.status, error.requested, error.allowed) == (STATUS_BUSY, ACTION_CLAIM, (ACTION_PLACE_CALL,))
    assert str(error) == "STAFF_NOT_ASSIGNABLE: ana is BUSY"


def test_refusal_without_detail_has_none():
    """The fields are absent, not made up."""
    error = error_of_status("FAILED_PRECONDITION", "", packed(info("BREAK_REASON_BUILT_IN")))
    assert (type(error), error.current, error.requested, error.allowed) == (onduty_client.RefusedError, None, None, None)


def test_other_details_are_typed():
    """Violations, waits, counts, the expected revision and the incident."""
    violation = error_details_pb2.BadRequest.FieldViolation(field="ttl", description="too long")
    bad = error_of_status(
        "INVALID_ARGUMENT", "", packed(info("INVALID_FIELD"), error_details_pb2.BadRequest(field_violations=[violation]))
    )
    assert bad.violations == (onduty_client.Violation("ttl", "too long"),)
    wait = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=1, nanos=500_000_000))
    assert error_of_status("UNAVAILABLE", "", packed(info("DRAINING"), wait)).retry_after == 1.5
    assert error_of_status("RESOURCE_EXHAUSTED", "", packed(info("OVERLOADED"), wait)).retry_after == 1.5
    counts = [StatusCount(status=STATUS_BUSY, count=2)]
    groups = [SkillGroupSummary(skill_group="cards", counts=counts, total=2)]
    detail = errors_pb2.NobodyAvailable(counts=counts, skill_groups=groups)
    nobody = error_of_status("FAILED_PRECONDITION", "", packed(info("NOBODY_AVAILABLE", skill_groups="cards"), detail))
    assert (nobody.counts, nobody.skill_groups) == (tuple(counts), tuple(groups))
    mismatch = errors_pb2.RevisionMismatch(current=Staff(revision=9), expected_revision=7)
    lost = error_of_status("ABORTED", "", packed(info("REVISION_MISMATCH"), mismatch))
    assert (lost.current.revision, lost.expected_revision) == (9, 7)
    policy = error_of_status("ABORTED", "", packed(info("REVISION_MISMATCH", expected_revision="3")))
    assert (policy.current, policy.expected_revision) == (None, 3)
    anew = error_of_status("ABORTED", "", packed(info("REVISION_MISMATCH"), errors_pb2.RevisionMismatch(expected_revision=0)))
    assert (anew.current, anew.expected_revision) == (None, 0)
    assert error_of_status("ABORTED", "", packed(info("REVISION_MISMATCH"))).expected_revision is None
    assert error_of_status("ABORTED", "", packed(info("ATTACHMENT_REPLACED", workspace_id="w1"))).workspace_id == "w1"
    assert error_of_status("INTERNAL", "", packed(info("INTERNAL", incident_id="ab12"))).incident_id == "ab12"


def test_reason_of_another_domain_is_not_ours():
    """A proxy's own error goes by its code."""
    error = error_of_status("UNAVAILABLE", "", packed(info("STAFF_UNKNOWN", domain="proxy")))
    assert (type(error), error.reason) == (onduty_client.UnavailableError, "")


@pytest.mark.parametrize("trailing", [None, [], [(DETAILS_KEY, b"\xff\xff")], [(DETAILS_KEY, string.printable.encode())]])
def test_details_that_cannot_be_read_leave_code_and_words(trailing):
    """Whatever is on the wire, the caller gets an error of the tree."""
    error = error_of_status("NOT_FOUND", "no", trailing)
    assert (type(error), error.code, error.message) == (onduty_client.NotFoundError, "NOT_FOUND", "no")


def test_detail_that_cannot_be_read_hides_no_other():
    """The reason is known all the same."""
    status = status_with(info("STAFF_UNKNOWN"))
    status.details.insert(0, Any(type_url="type.googleapis.com/google.rpc.BadRequest", value=b"\xff\xff"))
    assert error_of_item(status).reason == "STAFF_UNKNOWN"


def test_item_of_a_batch_has_the_same_errors():
    """With code, reason, violations and refusal, as the same request on its own."""
    violation = error_details_pb2.BadRequest.FieldViolation(field="call_id", description="is required")
    bad = status_with(info("INVALID_FIELD"), error_details_pb2.BadRequest(field_violations=[violation]), code=3, message="bad")
    error = error_of_item(bad, request_id="r")
    assert (type(error), error.code, error.message, error.request_id) == (
        onduty_client.InvalidRequestError,
        "INVALID_ARGUMENT",
        "bad",
        "r",
    )
    assert error.violations == (onduty_client.Violation("call_id", "is required"),)
    refusal = errors_pb2.TransitionRefusal(current=Staff(staff_id="ana"), allowed=[ACTION_PLACE_CALL])
    refused = error_of_item(status_with(info("TRANSITION_REFUSED"), refusal))
    assert (type(refused), refused.current.staff_id, refused.allowed) == (
        onduty_client.RefusedError,
        "ana",
        (ACTION_PLACE_CALL,),
    )
    lost = error_of_item(status_with(info("REVISION_MISMATCH"), errors_pb2.RevisionMismatch(expected_revision=7), code=10))
    assert (type(lost), lost.expected_revision) == (onduty_client.RevisionMismatchError, 7)


@pytest.mark.parametrize(("code", "name"), [(3, "INVALID_ARGUMENT"), (1, "CANCELLED"), (99, "UNKNOWN")])
def test_item_goes_by_its_code_without_details(code: int, name: str):
    """Also by one that gRPC does not have."""
    error = error_of_item(status_pb2.Status(code=code))
    assert (error.code, type(error)) == (name, error_class("", name))
