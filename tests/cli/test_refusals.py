"""What the service says of a failure, as it is on the wire."""

import pytest
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2

from onduty.v1 import errors_pb2, staff_pb2
from onduty_cli.explanations import explain
from onduty_cli.refusals import refusal_of_item


def status(code: int, reason: str, *details: object, domain: str = "onduty.dev", **metadata: str) -> status_pb2.Status:
    made = status_pb2.Status(code=code, message="in words")
    for detail in (error_details_pb2.ErrorInfo(reason=reason, domain=domain, metadata=metadata), *details):
        made.details.add().Pack(detail)
    return made


def test_the_error_of_an_item_reads_as_if_asked_alone():
    """Batches explain their items with the same words."""
    failure = refusal_of_item(status(6, "STAFF_EXISTS", staff_id="kim"))
    assert failure.code == "ALREADY_EXISTS"
    assert explain(failure)[0] == "refused: staff member kim exists already"


def test_an_item_has_the_details_too():
    """The state as it is and what is allowed, and every field at fault."""
    kim = staff_pb2.Staff(staff_id="kim", status=staff_pb2.STATUS_IN_LINE)
    refused = refusal_of_item(status(9, "TRANSITION_REFUSED", errors_pb2.TransitionRefusal(current=kim)))
    assert explain(refused)[0] == "refused: kim is IN_LINE; allowed now: nothing"
    fault = error_details_pb2.BadRequest.FieldViolation(field="note", description="is too long")
    bad = refusal_of_item(status(3, "INVALID_FIELD", error_details_pb2.BadRequest(field_violations=[fault])))
    assert bad.field_faults == (("note", "is too long"),)


def test_a_reason_of_another_domain_is_not_the_services():
    """It is a proxy's."""
    assert refusal_of_item(status(14, "STAFF_UNKNOWN", domain="proxy")).reason == ""


def test_a_detail_that_cannot_be_read_hides_no_other():
    """The reason is known all the same."""
    made = status(5, "STAFF_UNKNOWN", staff_id="kim")
    made.details.insert(0, Any(type_url="type.googleapis.com/google.rpc.BadRequest", value=b"\xff\xff"))
    assert refusal_of_item(made).reason == "STAFF_UNKNOWN"


@pytest.mark.parametrize(("code", "name"), [(13, "INTERNAL"), (1, "CANCELLED"), (99, "UNKNOWN")])
def test_an_item_without_details_has_its_codes_name(code: int, name: str):
    """Also one that gRPC does not have."""
    assert refusal_of_item(status_pb2.Status(code=code)).code == name
