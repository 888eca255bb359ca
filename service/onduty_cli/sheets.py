"""What the commands' tables are called and made of when programs read them: columns for CSV, objects for JSON.

A column that stands here keeps its name and its meaning; new ones are added at the right.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.v1 import history_service_pb2, policy_pb2, staff_pb2, workspace_service_pb2
from onduty_cli.moments import MICROSECONDS, instant_of, iso_text, length_of
from onduty_cli.skill_groups import membership_texts
from onduty_cli.words import STATUS_ORDER, short_name

Item = TypeVar("Item")
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Item]):
    """A table for programs. Instants have the chosen zone's offset, lengths of time are seconds, lists have semicolons."""

    columns: Mapping[str, Callable[[Item], Cell]]
    """The columns' names, in their order, with what stands there for an item."""
    object_of: Callable[[Item], Mapping[str, Any]]
    """The item as a JSON object."""

    def cells_of(self, item: Item) -> list[Cell]:
        """Returns a row of the table."""
        return [cell_of(item) for cell_of in self.columns.values()]


def message_object(message: Message) -> dict[str, Any]:
    """Returns a message as JSON has it, with the contract's field names and its empty fields."""
    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def at(holder: Message, field: str) -> str:
    """Returns an instant of a message in ISO 8601; empty if it is absent."""
    instant: Timestamp = getattr(holder, field)
    return iso_text(instant_of(instant)) if holder.HasField(field) else ""


def seconds_of(holder: Message, field: str) -> float | None:
    """Returns a length of time of a message in seconds; None if it is absent."""
    length: Duration = getattr(holder, field)
    return length_of(length) / MICROSECONDS if holder.HasField(field) else None


def _status(status: int) -> str:
    return short_name(staff_pb2.Status, status) if status else ""


STAFF: Sheet[staff_pb2.Staff] = Sheet(
    {
        "staff_id": lambda one: one.staff_id,
        "display_name": lambda one: one.display_name,
        "skill_groups": lambda one: ";".join(membership_texts(one.skill_groups)),
        "status": lambda one: _status(one.status),
        "break_reason": lambda one: one.break_reason,
        "status_started_at": lambda one: at(one, "status_started_at"),
        "can_be_assigned": lambda one: one.capabilities.assign_inbound,
        "can_dial_out": lambda one: one.capabilities.dial_out,
        "can_get_internal_calls": lambda one: one.capabilities.internal_calls,
        "calls": lambda one: ";".join(call.call_id for call in one.calls),
        "offered_call": lambda one: one.offer.call_id,
        "next_status": lambda one: _status(one.next.status),
        "next_break_reason": lambda one: one.next.break_reason,
        "wrap_up_ends_at": lambda one: at(one.wrap_up, "ends_at"),
        "break_ends_at": lambda one: at(one, "break_ends_at"),
        "break_overdue": lambda one: one.overdue,
        "misses": lambda one: one.misses,
        "revision": lambda one: one.revision,
    },
    message_object,
)
"""`staff list` and `staff show`."""


COLLEAGUES: Sheet[workspace_service_pb2.Colleague] = Sheet(
    {
        "staff_id": lambda one: one.staff_id,
        "display_name": lambda one: one.display_name,
        "skill_groups": lambda one: ";".join(one.skill_groups),
        "status": lambda one: _status(one.status),
        "status_started_at": lambda one: at(one, "status_started_at"),
        "open_to_transfers": lambda one: one.open_to_transfers,
    },
    message_object,
)
"""`colleagues`."""


class NamedTransition(NamedTuple):
    """A change with the name of whom it changed; empty where the directory has none any more."""

    transition: staff_pb2.Transition
    display_name: str


TRANSITIONS: Sheet[NamedTransition] = Sheet(
    {
        "revision": lambda one: one.transition.revision,
        "changed_at": lambda one: at(one.transition, "changed_at"),
        "staff_id": lambda one: one.transition.staff_id,
        "display_name": lambda one: one.display_name,
        "previous_status": lambda one: _status(one.transition.previous_status),
        "previous_break_reason": lambda one: one.transition.previous_break_reason,
        "status": lambda one: _status(one.transition.status),
        "break_reason": lambda one: one.transition.break_reason,
        "previous_seconds": lambda one: seconds_of(one.transition, "time_in_previous_status"),
        "cause": lambda one: short_name(staff_pb2.Cause, one.transition.cause),
        "actor_role": lambda one: short_name(staff_pb2.ActorRole, one.transition.actor.role),
        "actor_id": lambda one: one.transition.actor.id,
        "call_id": lambda one: one.transition.call_id,
        "note": lambda one: one.transition.note,
        "created": lambda one: one.transition.kind == staff_pb2.TRANSITION_KIND_CREATED,
        "deleted": lambda one: one.transition.kind == staff_pb2.TRANSITION_KIND_DELETED,
        "person_id": lambda one: one.transition.person_id,
        "source": lambda one: one.transition.source,
    },
    lambda one: {**message_object(one.transition), "display_name": one.display_name},
)
"""`history`."""


def calls_started(times: history_service_pb2.StaffTime) -> int:
    """Returns how many calls of any direction began."""
    return sum(call.calls_started for call in times.calls)


class PersonTime(NamedTuple):
    """The sums of one person, over a period or an interval of it: a day's date, or the beginning of a shorter one."""

    times: history_service_pb2.StaffTime
    display_name: str
    part: str = ""
    first_sign_in: str = ""
    last_sign_out: str = ""


class StatusSeconds(NamedTuple):
    """One line of the sums: a person and a status, with its break reason."""

    person: PersonTime
    status: int
    break_reason: str
    seconds: float


def status_seconds(people: Iterable[PersonTime]) -> Iterable[StatusSeconds]:
    """Yields a line for each person and status; the statuses in the order of the tables."""
    for person in people:
        for time in sorted(person.times.times, key=lambda one: status_rank(one.status, one.break_reason)):
            yield StatusSeconds(person, time.status, time.break_reason, length_of(time.time) / MICROSECONDS)


def status_rank(status: int, break_reason: str) -> tuple[int, str]:
    """Returns what sorts statuses as the tables have them."""
    return (STATUS_ORDER.index(status) if status in STATUS_ORDER else len(STATUS_ORDER)), break_reason


_TIME_COLUMNS: dict[str, Callable[[StatusSeconds], Cell]] = {
    "staff_id": lambda one: one.person.times.staff_id,
    "display_name": lambda one: one.person.display_name,
    "status": lambda one: _status(one.status),
    "break_reason": lambda one: one.break_reason,
    "seconds": lambda one: round(one.seconds, 6),
    "calls_started": lambda one: calls_started(one.person.times),
    "calls_answered": lambda one: sum(call.calls_answered for call in one.person.times.calls),
}
_SIGN_IN_COLUMNS: dict[str, Callable[[StatusSeconds], Cell]] = {
    "first_sign_in": lambda one: one.person.first_sign_in,
    "last_sign_out": lambda one: one.person.last_sign_out,
}


_PERSON_COLUMNS: dict[str, Callable[[StatusSeconds], Cell]] = {
    "person_id": lambda one: one.person.times.person_id,
    "talk_seconds": lambda one: sum(length_of(call.talk_time) for call in one.person.times.calls) / MICROSECONDS,
    "offers_made": lambda one: one.person.times.offers.made,
    "offers_accepted": lambda one: one.person.times.offers.accepted,
    "offers_declined": lambda one: one.person.times.offers.declined,
    "offers_missed": lambda one: one.person.times.offers.missed,
}


def _unused(one: StatusSeconds) -> Mapping[str, Any]:
    raise NotImplementedError("sums are written as JSON by person")


def time_sheet(*, by: str, sign_ins: bool) -> Sheet[StatusSeconds]:
    """Returns the columns of `time`, a row for each person, interval and status; JSON has ``person_object``."""
    part: dict[str, Callable[[StatusSeconds], Cell]] = {part_column(by): lambda one: one.person.part} if by else {}
    return Sheet({**part, **_TIME_COLUMNS, **(_SIGN_IN_COLUMNS if sign_ins else {}), **_PERSON_COLUMNS}, _unused)


def part_column(by: str) -> str:
    """What the column of the interval is called."""
    return "day" if by == "day" else "starts_at"


def person_object(person: PersonTime, *, by: str, sign_ins: bool) -> dict[str, Any]:
    """Returns the sums of one person as a JSON object: the contract's, with the name."""
    said = {**message_object(person.times), "display_name": person.display_name}
    if by == "day":
        said["day"] = person.part
    if sign_ins:
        said |= {"first_sign_in": person.first_sign_in or None, "last_sign_out": person.last_sign_out or None}
    return said


CHANGES: Sheet[history_service_pb2.ConfigurationChange] = Sheet(
    {
        "revision": lambda one: one.revision,
        "changed_at": lambda one: at(one, "changed_at"),
        "kind": lambda one: short_name(history_service_pb2.ConfigurationKind, one.kind),
        "subject": lambda one: one.subject,
        "action": lambda one: short_name(history_service_pb2.ConfigurationAction, one.action),
        "actor_role": lambda one: short_name(staff_pb2.ActorRole, one.actor.role),
        "actor_id": lambda one: one.actor.id,
        "note": lambda one: one.note,
        "request_id": lambda one: one.request_id,
        "fields": lambda one: ";".join(f"{field.path}: {field.before} -> {field.after}" for field in one.fields),
    },
    message_object,
)
"""`changes`."""


class GroupCounts(NamedTuple):
    """How many there are of a skill group, by status; an empty name stands for all staff."""

    skill_group: str
    total: int
    counts: Mapping[int, staff_pb2.StatusCount]

    @property
    def assignable(self) -> int:
        """How many a router could claim now."""
        return sum(count.assignable for count in self.counts.values())

    def count(self, status: int) -> int:
        """How many have the status."""
        return self.counts[status].count if status in self.counts else 0


def _count_of(status: int) -> Callable[[GroupCounts], Cell]:
    return lambda one: one.count(status)


SUMMARY: Sheet[GroupCounts] = Sheet(
    {
        "skill_group": lambda one: one.skill_group,
        "staff": lambda one: one.total,
        "can_be_assigned": lambda one: one.assignable,
        **{short_name(staff_pb2.Status, status).lower(): _count_of(status) for status in STATUS_ORDER},
    },
    lambda one: {"skill_group": one.skill_group, "staff": one.total},
)
"""`summary`; the row of all staff comes last, with an empty skill_group."""

BREAK_REASONS: Sheet[policy_pb2.BreakReason] = Sheet(
    {
        "code": lambda one: one.code,
        "display_name": lambda one: one.display_name,
        "limit_seconds": lambda one: seconds_of(one, "limit"),
        "enabled": lambda one: one.enabled,
        "built_in": lambda one: one.built_in,
    },
    message_object,
)
"""`breaks list`."""

POLICY: Sheet[tuple[str, str]] = Sheet(
    {"key": lambda one: one[0], "value": lambda one: one[1]}, lambda one: {"key": one[0], "value": one[1]}
)
"""`policy show`; the values are written as `policy set` takes them."""
