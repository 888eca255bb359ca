"""The typed details of errors: states, violations and counts as messages, cut to what clients can receive."""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.message import Message
from google.rpc import error_details_pb2

from onduty.v1 import errors_pb2, staff_pb2
from onduty_server.domain.model import errors
from onduty_server.domain.model.status import Status
from onduty_server.ports import Revision
from onduty_server.wire.codec import ProtobufCodec

DETAIL_BYTES: Final = 3_000
"""Details travel in trailing metadata, of which clients take 8 KiB; a larger state goes without its lists."""
CALLS_SHOWN: Final = 3
VIOLATIONS_SHOWN: Final = 20

_CODEC = ProtobufCodec()


def staff_message(error: errors.TransitionRefusedError | errors.RevisionMismatchError) -> staff_pb2.Staff | None:
    """The present state an error tells, with its revision."""
    if error.current is None:
        return None
    body = _CODEC.state_with_revision(_CODEC.encode_state(error.current), Revision(error.revision))
    message = staff_pb2.Staff.FromString(body)
    if len(body) > DETAIL_BYTES:
        message.ClearField("skill_groups")
        del message.calls[CALLS_SHOWN:]
        while message.calls and message.ByteSize() > DETAIL_BYTES:
            del message.calls[-1]
    return message


def refusal(error: errors.TransitionRefusedError) -> list[Message]:
    """The details of a refused transition: the present state, and what is allowed in it."""
    detail = errors_pb2.TransitionRefusal(
        current=staff_message(error),
        requested=error.requested or 0,  # type: ignore[arg-type]
        allowed=[int(action) for action in error.allowed],  # type: ignore[misc]
    )
    return [detail]


def refused_metadata(error: errors.TransitionRefusedError) -> dict[str, Any]:
    """Who was refused, and in which status."""
    return {"staff_id": error.current.staff_id, "current_status": error.current.status.name}


def field_violations(error: errors.InvalidFieldsError) -> list[Message]:
    """The fields that are wrong, as many as fit."""
    bad_request = error_details_pb2.BadRequest()
    for violation in error.violations[:VIOLATIONS_SHOWN]:
        bad_request.field_violations.add(field=violation.field, description=violation.description)
        if bad_request.ByteSize() > DETAIL_BYTES:
            del bad_request.field_violations[-1]
            break
    return [bad_request]


def mismatch(error: errors.RevisionMismatchError) -> list[Message]:
    """The present state, for who expected another."""
    if error.current is None:
        return []
    return [errors_pb2.RevisionMismatch(current=staff_message(error), expected_revision=error.expected)]


def mismatch_metadata(error: errors.RevisionMismatchError) -> dict[str, Any]:
    """What was expected, and what there is."""
    kind = {"staff member": "staff_id", "break reason": "break_reason"}.get(error.kind)
    named = {kind: error.key} if kind else {}
    return {**named, "expected_revision": error.expected, "current_revision": error.revision}


def nobody_available(error: errors.NobodyAvailableError) -> list[Message]:
    """How many staff are in which status, over all and by group, as many groups as fit."""
    detail = errors_pb2.NobodyAvailable(counts=status_counts(error.counts))
    for group in error.groups:
        counts = status_counts(group.counts)
        detail.skill_groups.add(skill_group=group.skill_group, counts=counts, total=sum(count.count for count in counts))
    while detail.ByteSize() > DETAIL_BYTES:
        del detail.skill_groups[-1]
    return [detail]


def status_counts(counts: Mapping[Status, tuple[int, int]]) -> list[staff_pb2.StatusCount]:
    """Counts, all and assignable ones, as the contract's messages."""
    return [
        staff_pb2.StatusCount(status=int(status), count=count, assignable=assignable)  # type: ignore[arg-type]
        for status, (count, assignable) in counts.items()
    ]
