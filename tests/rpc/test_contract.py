"""What every request and answer of the contract has in common, read from its descriptors; each exception says why."""

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from rpc_world import METHODS, SERVICES

from onduty.v1 import policy_pb2, router_service_pb2, staff_pb2
from onduty_server.domain.model import policy, status
from onduty_server.domain.model.status import Action

READING = {
    "GetStaff": "reads",
    "ListBreakReasons": "reads",
    "ListStaff": "reads",
    "WatchStaff": "reads",
    "GetStaffSummary": "reads",
    "GetPolicy": "reads",
    "ListTransitions": "reads",
    "ExportTransitions": "reads",
    "SummarizeTime": "reads",
    "GetServerInfo": "reads",
    "WhoAmI": "reads",
    "ListReplicas": "reads",
    "GetClaim": "reads",
    "ListConfigurationChanges": "reads",
    "ListAuditEntries": "reads",
    "WatchColleagues": "reads",
    "Attach": "lives as long as its stream; there is nothing to repeat",
}
NOT_GUARDED = {
    "CreateStaff": "there is no revision before",
    "CreateBreakReason": "there is no revision before",
    "BatchCreateStaff": "names several; there is no revision before",
    "BatchForceStatus": "names several; its items are guarded each",
    "ReportCallEvents": "names several; its items are guarded each",
    "ReconcileCalls": "names several",
    "ClaimStaff": "its target is guarded",
    "EraseStaff": "nobody is there whose revision could change",
}
TELLS_NO_STATE = {
    "BatchCreateStaff": "a result each, which has the state",
    "BatchForceStatus": "a result each, which has the state",
    "ReportCallEvents": "up to 1,000 results: revision and status instead of the state",
    "ReconcileCalls": "about several: the calls that changed",
    "CreateBreakReason": "about a break reason",
    "UpdateBreakReason": "about a break reason",
    "DeleteBreakReason": "about a break reason",
    "UpdatePolicy": "about the policy",
    "EraseStaff": "about who is no longer there",
}
NOT_MARKED_AS_REPLAYED = {
    "BatchCreateStaff": "each result says it",
    "BatchForceStatus": "each result says it",
    "ReportCallEvents": "each result says it",
}
WITHOUT_AT_LEAST = {
    "Attach": "its first frame shows the change that attaching made",
    "WatchColleagues": "begins with the present, or continues with resume_after",
    "GetServerInfo": "tells what this server shows now, which is what one asks it for",
    "ExportTransitions": "ends at the present, and continues with resume_after",
    "WhoAmI": "tells nothing of the store",
    "ListReplicas": "tells of servers, and nothing that is in the store",
    "ListAuditEntries": "tells nothing of the store",
}
WITHOUT_POSITION = {
    "WhoAmI": "tells nothing of the store",
    "ListReplicas": "tells of servers, and nothing that is in the store",
    "ListAuditEntries": "tells nothing of the store",
}
MUTATING = [name for name in METHODS if name.rpartition("/")[2] not in READING]
STAFF = [name for name in MUTATING if name.rpartition("/")[2] not in TELLS_NO_STATE]


def _short(method: str) -> str:
    return method.rpartition("/")[2]


def _type_of(message: Descriptor, name: str) -> int | None:
    field = message.fields_by_name.get(name)
    return None if field is None else field.type


def test_the_exceptions_are_of_methods_that_exist():
    """No exception outlives its method."""
    known = {_short(name) for name in METHODS}
    for exceptions in (READING, NOT_GUARDED, TELLS_NO_STATE, NOT_MARKED_AS_REPLAYED, WITHOUT_AT_LEAST, WITHOUT_POSITION):
        assert exceptions.keys() <= known


@pytest.mark.parametrize("method", MUTATING)
def test_every_mutating_request_has_a_request_id(method: str):
    """Any change can be asked for again without fear."""
    assert _type_of(METHODS[method].input_type, "request_id") == FieldDescriptor.TYPE_STRING


@pytest.mark.parametrize("method", sorted(set(METHODS) - set(MUTATING)))
def test_no_reading_request_has_a_request_id(method: str):
    """Where nothing changes there is nothing to repeat."""
    assert "request_id" not in METHODS[method].input_type.fields_by_name


@pytest.mark.parametrize("method", MUTATING)
def test_every_mutating_request_about_one_thing_can_be_guarded(method: str):
    """A request that names one staff member, claim, break reason or policy can name its revision."""
    guarded = _type_of(METHODS[method].input_type, "expected_revision") == FieldDescriptor.TYPE_INT64
    assert guarded == (_short(method) not in NOT_GUARDED)


@pytest.mark.parametrize("method", STAFF)
def test_every_answer_about_one_person_has_the_state_the_position_and_whether_it_is_a_repeat(method: str):
    """Staff, position and replayed are fields 1, 2 and 3 of every such answer."""
    answer = METHODS[method].output_type
    named = {number: (field.name, field.type) for number, field in answer.fields_by_number.items()}
    assert named[1] == ("staff", FieldDescriptor.TYPE_MESSAGE)
    assert answer.fields_by_name["staff"].message_type is staff_pb2.Staff.DESCRIPTOR
    assert named[2] == ("position", FieldDescriptor.TYPE_STRING)
    assert named[3] == ("replayed", FieldDescriptor.TYPE_BOOL)


@pytest.mark.parametrize("method", MUTATING)
def test_every_mutating_answer_has_a_position(method: str):
    """Whoever changed something can read what they wrote."""
    assert _type_of(METHODS[method].output_type, "position") == FieldDescriptor.TYPE_STRING


@pytest.mark.parametrize("method", MUTATING)
def test_every_mutating_answer_tells_a_repeat(method: str):
    """An answer given again says so, unless its items do."""
    marked = _type_of(METHODS[method].output_type, "replayed") == FieldDescriptor.TYPE_BOOL
    assert marked == (_short(method) not in NOT_MARKED_AS_REPLAYED)


@pytest.mark.parametrize("method", sorted(set(METHODS) - set(MUTATING)))
def test_every_reading_request_can_demand_a_position(method: str):
    """Reads can be told what they must see."""
    demands = _type_of(METHODS[method].input_type, "at_least") == FieldDescriptor.TYPE_STRING
    assert demands == (_short(method) not in WITHOUT_AT_LEAST)


@pytest.mark.parametrize("method", sorted(set(METHODS) - set(MUTATING)))
def test_every_reading_answer_has_a_position(method: str):
    """Reads say what they have seen."""
    tells = _type_of(METHODS[method].output_type, "position") == FieldDescriptor.TYPE_STRING
    assert tells == (_short(method) not in WITHOUT_POSITION)


def test_every_result_of_a_batch_is_an_answer_or_an_error():
    """The results of the batches have the same shape."""
    batches = [name for name in METHODS if _short(name) in NOT_MARKED_AS_REPLAYED]
    assert len(batches) == 3
    for name in batches:
        result = METHODS[name].output_type.fields_by_name["results"].message_type
        (choice,) = result.oneofs
        assert choice.name == "result"
        taken, error = choice.fields
        assert error.message_type.full_name == "google.rpc.Status"
        assert "replayed" in taken.message_type.fields_by_name


def test_every_request_and_answer_is_of_one_rpc():
    """Messages are not shared, so that each RPC can grow on its own."""
    inputs = [method.input_type.full_name for method in METHODS.values()]
    outputs = [method.output_type.full_name for method in METHODS.values()]
    assert len(set(inputs)) == len(inputs)
    assert len(set(outputs)) == len(outputs)
    for service in SERVICES:
        for method in service.methods:
            assert method.input_type.name == f"{method.name}Request"
            assert method.output_type.name == f"{method.name}Response"


@pytest.mark.parametrize(
    ("ours", "theirs", "prefix"),
    [
        (status.Status, staff_pb2.Status, "STATUS_"),
        (status.Direction, staff_pb2.Direction, "DIRECTION_"),
        (status.Cause, staff_pb2.Cause, "CAUSE_"),
        (status.ActorRole, staff_pb2.ActorRole, "ACTOR_ROLE_"),
        (status.OfferEnd, staff_pb2.OfferEnd, "OFFER_END_"),
        (Action, staff_pb2.Action, "ACTION_"),
        (policy.ReturnTo, policy_pb2.ReturnTo, "RETURN_TO_"),
        (policy.NoAnswerStatus, policy_pb2.NoAnswerStatus, "NO_ANSWER_STATUS_"),
        (policy.BreakLimitAction, policy_pb2.BreakLimitAction, "BREAK_LIMIT_ACTION_"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_the_contract_and_the_domain_number_alike(ours, theirs, prefix):
    """Converting an enum at the edge is a cast."""
    assert {f"{prefix}{one.name}": int(one) for one in ours} == {name: number for name, number in theirs.items() if number}


def test_the_watch_numbers_its_deliveries_from_every_change():
    """The zero of Delivery is read as EVERY_CHANGE, the safe one."""
    assert router_service_pb2.Delivery.items()[:2] == [("DELIVERY_UNSPECIFIED", 0), ("DELIVERY_EVERY_CHANGE", 1)]
