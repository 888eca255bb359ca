"""Requests as commands: every field is checked here, and nothing else is done with it."""

from functools import cache
from typing import Any

from google.protobuf.message import Message

from onduty.v1 import router_service_pb2, staff_pb2
from onduty_server.domain.model import commands as ask
from onduty_server.domain.model.policy import CLAIM_TTL_BOUNDS
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import Direction, Micros, Status
from onduty_server.engine.roster import EVERYBODY, StaffFilter
from onduty_server.rpc.calls import BatchItem, Caller
from onduty_server.rpc.fields import BATCH_MOST, GROUPS_MOST, NOTE_LENGTH, Fields

_CLAIMABLE = (Direction.INBOUND, Direction.TRANSFER)
_DIALLED = (Direction.OUTBOUND, Direction.INTERNAL)


def origin(
    caller: Caller, fields: Fields, request: Any, *, staff_id: str = "", note: str = "", item: BatchItem | None = None
) -> ask.Origin:
    """Who asks; checks request_id and, where the message has it, expected_revision.

    An item of a batch without a request id of its own has the batch's, so that its change tells it.
    """
    request_id = fields.optional_identifier("request_id", request.request_id)
    if _is_guarded(request.__class__):
        fields.revision("expected_revision", request.expected_revision)
    if item is not None and not request_id:
        if not note:
            return item.origin
        request_id = item.batch_id
    return ask.Origin(caller.actor(staff_id), request_id, note)


@cache
def _is_guarded(kind: type[Message]) -> bool:
    """Whether requests of this kind may say which revision they expect."""
    return "expected_revision" in kind.DESCRIPTOR.fields_by_name


def note(fields: Fields, request: Any, *, required: bool = False) -> str:
    """The request's note."""
    return fields.text("note", request.note, NOTE_LENGTH, required=required)


def choice(fields: Fields, request: Any) -> Choice:
    """The chosen status. Whether it can be chosen, and whether the reason exists, the domain says."""
    status = fields.enum("status", request.status, Status)
    if request.break_reason:
        fields.code("break_reason", request.break_reason)
    return Choice(status, request.break_reason)


def direction(fields: Fields, value: int, default: Direction, among: tuple[Direction, ...] = tuple(Direction)) -> Direction:
    """A call's direction, one of those that make sense here."""
    found = fields.enum("direction", value, Direction, default=default)
    if found not in among:
        fields.fault("direction", f"must be one of {', '.join(one.name for one in among)}")
    return found


def claim(
    caller: Caller, fields: Fields, request: router_service_pb2.ClaimStaffRequest, claim_id: str, *, rehearsal: bool
) -> ask.Claim:
    """A claim; who is claimed is checked too."""
    target = request.WhichOneof("target")
    if target is None:
        fields.fault("target", "is required: set staff_id or skill_group")
    elif target == "staff_id":
        fields.identifier("staff_id", request.staff_id)
    else:
        fields.code("skill_group", request.skill_group)
        if request.expected_revision:
            fields.fault("expected_revision", "cannot be given with skill_group")
    ttl = None
    if request.HasField("ttl"):
        ttl = fields.duration("ttl", request.ttl, CLAIM_TTL_BOUNDS, rehearsal=rehearsal)
    return ask.Claim(
        claim_id,
        fields.identifier("call_id", request.call_id),
        None if ttl is None else Micros(ttl),
        direction(fields, request.direction, Direction.INBOUND, _CLAIMABLE),
        fields.optional_identifier("source", request.source),
        origin(caller, fields, request),
    )


def placed_call(caller: Caller, fields: Fields, request: Any) -> ask.PlaceCall:
    """A call dialled by hand."""
    return ask.PlaceCall(
        fields.identifier("call_id", request.call_id),
        direction(fields, request.direction, Direction.OUTBOUND, _DIALLED),
        fields.optional_identifier("source", request.source),
        origin(caller, fields, request, staff_id=request.staff_id),
    )


def source_call(fields: Fields, request: Any) -> ask.SourceCall:
    """A call as its source knows it."""
    at = fields.instant("occurred_at", request.occurred_at) if request.HasField("occurred_at") else None
    call_id = fields.identifier("call_id", request.call_id)
    return ask.SourceCall(call_id, direction(fields, request.direction, Direction.INBOUND), at)


def call_started(caller: Caller, fields: Fields, request: Any, item: BatchItem | None = None) -> ask.CallStarted:
    """A report that a call started."""
    call = source_call(fields, request)
    source = fields.optional_identifier("source", request.source)
    return ask.CallStarted(call, source, origin(caller, fields, request, item=item))


def call_ended(caller: Caller, fields: Fields, request: Any, item: BatchItem | None = None) -> ask.CallEnded:
    """A report that a call ended."""
    fields.optional_identifier("source", request.source)
    at = fields.instant("occurred_at", request.occurred_at) if request.HasField("occurred_at") else None
    return ask.CallEnded(fields.identifier("call_id", request.call_id), origin(caller, fields, request, item=item), at)


def staff_filter(fields: Fields, message: staff_pb2.StaffFilter) -> StaffFilter:
    """A filter; empty kinds do not restrict."""
    if not message.ByteSize():
        return EVERYBODY
    for number, staff_id in enumerate(fields.bounded("filter.staff_ids", message.staff_ids, BATCH_MOST)):
        fields.identifier(f"filter.staff_ids[{number}]", staff_id)
    for number, group in enumerate(fields.bounded("filter.skill_groups", message.skill_groups, GROUPS_MOST)):
        fields.code(f"filter.skill_groups[{number}]", group)
    chosen = fields.bounded("filter.statuses", message.statuses, BATCH_MOST)
    statuses = {fields.enum(f"filter.statuses[{n}]", value, Status) for n, value in enumerate(chosen)}
    return StaffFilter(
        frozenset(message.staff_ids) or None, frozenset(message.skill_groups) or None, frozenset(statuses) or None
    )


def staff_ids(fields: Fields, name: str, values: Any) -> tuple[str, ...]:
    """A list of staff ids without repeats."""
    bounded = fields.bounded(name, values, BATCH_MOST)
    return tuple(dict.fromkeys(fields.identifier(f"{name}[{number}]", value) for number, value in enumerate(bounded)))
