"""Requests as commands, with every field checked."""

from dataclasses import replace
from functools import cache
from typing import Any, Protocol

from google.protobuf.message import Message

from onduty.v1 import router_service_pb2, staff_pb2
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import Direction, Instant, Status
from onduty_server.domain.model.values import value
from onduty_server.domain.rules.refusals import reason_fault
from onduty_server.engine.staff_filter import EVERYBODY, StaffFilter
from onduty_server.engine.write.transactions import CallList, ListedCall
from onduty_server.wire.fields import BATCH_MOST, GROUPS_MOST, NOTE_LENGTH, Fields

_DIALLED = (Direction.OUTBOUND, Direction.INTERNAL)


@value
class BatchItem:
    """The batch that a request is an item of. ``batch_id`` is the batch's request id, empty if it has none.

    ``origin`` is that of items which have no request id and no note of their own: their changes tell the batch's.
    """

    batch_id: str
    origin: commands.Origin


class Acting(Protocol):
    """Who calls."""

    def actor(self, staff_id: str = "") -> Actor:
        """The actor that changes will name; a workspace acts for ``staff_id`` unless its credential says who it is."""


def origin(
    caller: Acting, fields: Fields, request: Any, *, staff_id: str = "", note: str = "", item: BatchItem | None = None
) -> commands.Origin:
    """Who asks; checks request_id and, where the message has it, expected_revision.

    An item of a batch without a request id of its own has the batch's, so that its change tells it.
    """
    request_id = fields.optional_identifier("request_id", request.request_id)
    if _is_guarded(request.__class__):
        fields.revision(request)
    if item is not None and not request_id:
        if not note:
            return item.origin
        request_id = item.batch_id
    return commands.Origin(caller.actor(staff_id), request_id, note)


@cache
def _is_guarded(kind: type[Message]) -> bool:
    """Whether requests of this kind may say which revision they expect."""
    return "expected_revision" in kind.DESCRIPTOR.fields_by_name


def note(fields: Fields, request: Any, *, required: bool = False) -> str:
    """The request's note."""
    return fields.text("note", request.note, NOTE_LENGTH, required=required)


def choice(fields: Fields, request: Any) -> Choice:
    """The chosen status. Whether it can be chosen, and whether the reason exists, the domain says."""
    chosen = request.choice
    status = fields.enum("choice.status", chosen.status, Status)
    if chosen.break_reason:
        fields.code("choice.break_reason", chosen.break_reason)
    found = Choice(status, chosen.break_reason)
    if chosen.status:
        fields.beside_others(reason_fault(found))
    return found


def direction(fields: Fields, value: int, default: Direction, among: tuple[Direction, ...] = tuple(Direction)) -> Direction:
    """A call's direction, one of those that make sense here."""
    found = fields.enum("direction", value, Direction, default=default)
    if found not in among:
        fields.fault("direction", f"must be one of {', '.join(member.name for member in among)}")
    return found


def placed_call(caller: Acting, fields: Fields, request: Any) -> commands.PlaceCall:
    """A call dialled by hand."""
    return commands.PlaceCall(
        fields.identifier("call_id", request.call_id),
        direction(fields, request.direction, Direction.OUTBOUND, _DIALLED),
        fields.optional_identifier("source", request.source),
        origin(caller, fields, request, staff_id=request.staff_id),
    )


def source_call(fields: Fields, request: Any) -> commands.SourceCall:
    """A call as its source knows it."""
    call_id = fields.identifier("call_id", request.call_id)
    kind = direction(fields, request.direction, Direction.INBOUND) if request.direction else None
    leg = fields.optional_identifier("leg", request.leg)
    return commands.SourceCall(call_id, kind, occurred_at(fields, request), leg)


def occurred_at(fields: Fields, request: Any) -> Instant | None:
    """The source's word on when a fact happened."""
    return fields.instant("occurred_at", request.occurred_at) if request.HasField("occurred_at") else None


def _said(request: Any, name: str) -> bool | None:
    """An optional flag; None where it is not set."""
    return getattr(request, name) if request.HasField(name) else None


def call_list(fields: Fields, request: router_service_pb2.ReconcileCallsRequest) -> CallList:
    """A source's list of calls, and as of when and of whom it is. Its ``observed_position`` is the servicer's to look up."""
    source = fields.identifier("source", request.source)
    observed_at = fields.instant("observed_at", request.observed_at) if request.HasField("observed_at") else None
    if observed_at is not None and request.observed_position:
        fields.fault("observed_position", "cannot be given with observed_at")
    scope = staff_ids(fields, "staff_ids", request.staff_ids)
    named = frozenset(scope)
    calls = [
        _listed_call(fields, f"calls[{number}]", call, named, observed_at)
        for number, call in enumerate(fields.bounded("calls", request.calls, BATCH_MOST))
    ]
    if len({(listed.staff_id, listed.call.call_id, listed.call.leg) for listed in calls}) < len(calls):
        fields.fault("calls", "name a call of one staff member twice")
    return CallList(source, tuple(calls), scope, observed_at)


def _listed_call(
    fields: Fields, name: str, call: router_service_pb2.SourceCall, scope: frozenset[str], observed_at: Instant | None
) -> ListedCall:
    item = Fields()
    listed = ListedCall(item.identifier("staff_id", call.staff_id), source_call(item, call))
    if scope and call.staff_id and call.staff_id not in scope:
        item.fault("staff_id", "is not among staff_ids")
    if observed_at is not None and listed.call.occurred_at is not None and listed.call.occurred_at > observed_at:
        item.fault("occurred_at", "is after observed_at")
    for fault in item.faults:
        fields.fault(f"{name}.{fault.field}", fault.description)
    return listed


def call_started(caller: Acting, fields: Fields, request: Any, item: BatchItem | None = None) -> commands.CallStarted:
    """A report that a call is in progress."""
    call = replace(source_call(fields, request), on_hold=_said(request, "on_hold"), answered=_said(request, "answered"))
    source = fields.optional_identifier("source", request.source)
    return commands.CallStarted(call, source, origin(caller, fields, request, item=item))


def call_ended(caller: Acting, fields: Fields, request: Any, item: BatchItem | None = None) -> commands.CallEnded:
    """A report that a call ended."""
    return commands.CallEnded(
        fields.identifier("call_id", request.call_id),
        origin(caller, fields, request, item=item),
        occurred_at(fields, request),
        fields.optional_identifier("source", request.source),
        fields.optional_identifier("leg", request.leg),
        _said(request, "answered"),
    )


def staff_filter(fields: Fields, message: staff_pb2.StaffFilter) -> StaffFilter:
    """A filter; empty kinds do not restrict."""
    if not message.ByteSize():
        return EVERYBODY
    for number, staff_id in enumerate(fields.bounded("filter.staff_ids", message.staff_ids, BATCH_MOST)):
        fields.identifier(f"filter.staff_ids[{number}]", staff_id)
    for number, group in enumerate(fields.bounded("filter.skill_groups", message.skill_groups, GROUPS_MOST)):
        fields.code(f"filter.skill_groups[{number}]", group)
    numbers = fields.bounded("filter.statuses", message.statuses, BATCH_MOST)
    statuses = {fields.enum(f"filter.statuses[{n}]", value, Status) for n, value in enumerate(numbers)}
    return StaffFilter(
        frozenset(message.staff_ids) or None, frozenset(message.skill_groups) or None, frozenset(statuses) or None
    )


def staff_ids(fields: Fields, name: str, values: Any) -> tuple[str, ...]:
    """A list of staff ids without repeats."""
    bounded = fields.bounded(name, values, BATCH_MOST)
    return tuple(dict.fromkeys(fields.identifier(f"{name}[{number}]", value) for number, value in enumerate(bounded)))
