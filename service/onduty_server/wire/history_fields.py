"""The fields that requests about the past have in common."""

from typing import Any

from onduty_server.domain.model.status import Instant
from onduty_server.past import PersonId, looks_like_person_id
from onduty_server.wire import convert
from onduty_server.wire.fields import BATCH_MOST, GROUPS_MOST, Fields


def period(fields: Fields, message: Any, prefix: str = "") -> tuple[Instant | None, Instant | None]:
    """``starts_at`` and ``ends_at``, which are in this order; None: not set."""
    start = fields.instant(f"{prefix}starts_at", message.starts_at) if message.HasField("starts_at") else None
    end = fields.instant(f"{prefix}ends_at", message.ends_at) if message.HasField("ends_at") else None
    if start is not None and end is not None and end <= start and not fields.faults:
        fields.fault(f"{prefix}ends_at", "must be after starts_at")
    return start, end


def whose(fields: Fields, message: Any, prefix: str = "") -> tuple[tuple[str, ...], tuple[PersonId, ...]]:
    """``staff_ids`` or ``person_ids``."""
    staff_ids = convert.staff_ids(fields, f"{prefix}staff_ids", message.staff_ids)
    bounded = fields.bounded(f"{prefix}person_ids", message.person_ids, BATCH_MOST)
    person_ids = tuple([person_id(fields, f"{prefix}person_ids[{number}]", person) for number, person in enumerate(bounded)])
    if staff_ids and person_ids:
        fields.fault(f"{prefix}person_ids", "cannot be given with staff_ids")
    return staff_ids, person_ids


def person_id(fields: Fields, name: str, value: str) -> PersonId:
    """A person id, in the form the service makes them."""
    if not looks_like_person_id(value):
        fields.fault(name, "is not a person id: 16 hexadecimal digits, as the service made it")
    return PersonId(value)


def skill_groups(fields: Fields, name: str, values: Any) -> tuple[str, ...]:
    """Names of skill groups, each once."""
    bounded = fields.bounded(name, values, GROUPS_MOST)
    return tuple(dict.fromkeys(fields.code(f"{name}[{number}]", group) for number, group in enumerate(bounded)))
