"""Takes a person out of encoded records and answers, so that what is left still adds up."""

import json
from typing import Any

from onduty.journal.v1 import record_pb2
from onduty.v1 import history_service_pb2, staff_pb2
from onduty_server.past import PersonId, RecordParts

_KEPT_OF_STATE = (
    "status",
    "break_reason",
    "status_started_at",
    "changed_at",
    "choice",
    "capabilities",
    "connection",
    "skill_groups",
)
_KEPT_OF_CHANGE = (
    "previous_status",
    "previous_break_reason",
    "status",
    "break_reason",
    "cause",
    "changed_at",
    "recorded_at",
    "time_in_previous_status",
    "skill_groups_change",
    "kind",
    "calls_started",
)
"""What says nothing of who it was. All else goes, what later releases add included."""


class ProtobufScrubber:
    """The scrubber port over the contract's own messages."""

    def scrub(self, parts: RecordParts, pseudonym: PersonId) -> RecordParts:
        """A record of the person, with the pseudonym for the id, and neither name, note, call, claim, request nor actor."""
        old, extra = staff_pb2.Staff.FromString(parts.state), record_pb2.StaffPrivate.FromString(parts.private)
        state = staff_pb2.Staff(staff_id=pseudonym, person_id=pseudonym)
        _copy(old, state, _KEPT_OF_STATE)
        del state.connection.workspaces[:]
        private = record_pb2.StaffPrivate(deleted=extra.deleted, groups_since_micros=extra.groups_since_micros)
        return RecordParts(
            state.SerializeToString(),
            private.SerializeToString(),
            _scrubbed_change(parts.change, pseudonym) if parts.change else b"",
            _scrubbed_configuration(parts.configuration, pseudonym) if parts.configuration else b"",
        )

    def scrub_actor(self, parts: RecordParts, staff_id: str, pseudonym: PersonId) -> RecordParts | None:
        """A record of somebody else, with the pseudonym where the id names the actor; None: it names nobody there."""
        change = staff_pb2.Transition.FromString(parts.change)
        configuration = history_service_pb2.ConfigurationChange.FromString(parts.configuration)
        named = [record for record in (change, configuration) if record.actor.id == staff_id]
        if not named:
            return None
        for record in named:
            record.actor.id = pseudonym
        return parts._replace(
            change=change.SerializeToString() if parts.change else b"",
            configuration=configuration.SerializeToString() if parts.configuration else b"",
        )

    def scrub_answer(self, detail: bytes, staff_id: str) -> bytes | None:
        """An answer's detail without what it says about the id; None: it says nothing."""
        if not detail:
            return None
        answer = json.loads(detail)
        kept = _without(answer, staff_id)
        return None if kept == answer else json.dumps(kept, separators=(",", ":")).encode()


def _copy(old: Any, new: Any, names: tuple[str, ...]) -> None:
    for descriptor, value in old.ListFields():
        if descriptor.name not in names:
            continue
        if descriptor.message_type is None:
            setattr(new, descriptor.name, value)
        elif descriptor.is_repeated:
            getattr(new, descriptor.name).extend(value)
        else:
            getattr(new, descriptor.name).CopyFrom(value)


def _scrubbed_change(change: bytes, pseudonym: PersonId) -> bytes:
    old = staff_pb2.Transition.FromString(change)
    new = staff_pb2.Transition(staff_id=pseudonym, person_id=pseudonym)
    _copy(old, new, _KEPT_OF_CHANGE)
    new.actor.role = old.actor.role
    if old.HasField("ended_offer"):
        new.ended_offer.end = old.ended_offer.end
    return new.SerializeToString()


def _scrubbed_configuration(configuration: bytes, pseudonym: PersonId) -> bytes:
    """That the entry changed, by what role and when; not who did it: a person may have changed the own entry."""
    old = history_service_pb2.ConfigurationChange.FromString(configuration)
    new = history_service_pb2.ConfigurationChange(kind=old.kind, subject=pseudonym, action=old.action)
    new.actor.role = old.actor.role
    new.changed_at.CopyFrom(old.changed_at)
    return new.SerializeToString()


def _is_about(value: Any, staff_id: str) -> bool:
    return (isinstance(value, list) and staff_id in value) or (isinstance(value, dict) and staff_id in value.values())


def _without(value: Any, staff_id: str) -> Any:
    """A JSON value without lists and objects in a list that hold the id, and without values that are the id."""
    if isinstance(value, list):
        return [_without(item, staff_id) for item in value if item != staff_id and not _is_about(item, staff_id)]
    if isinstance(value, dict):
        others = ((name, item) for name, item in value.items() if staff_id != name)
        return {name: _without(item, staff_id) for name, item in others if item != staff_id}
    return value
