"""Checks of request fields that collect every fault before any of them is reported."""

import re
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.v1.staff_pb2 import SkillGroup
from onduty_server.domain.model import skill_groups
from onduty_server.domain.model.errors import FieldViolation, InvalidFieldsError
from onduty_server.domain.model.policy import Bounds
from onduty_server.domain.model.status import SECOND, Instant, Micros
from onduty_server.wire.primitives import instant, micros

ID_LENGTH = 128
CLAIM_ID_LENGTH = 160
CODE_LENGTH = 64
NAME_LENGTH = 200
NOTE_LENGTH = 1_000
GROUPS_MOST = 100
BATCH_MOST = 1_000
PAGE_DEFAULT = 100
QUOTED_LENGTH = 64
LATEST_INSTANT = Instant(253_402_300_800 * SECOND - 1)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CODE = re.compile(rf"[a-z0-9._-]{{1,{CODE_LENGTH}}}")

E = TypeVar("E", bound=int)
V = TypeVar("V")


@lru_cache(maxsize=64)
def _members(kind: Hashable) -> Mapping[int, Any]:
    """The members of an enum by their numbers: asking the enum itself takes five times as long."""
    return {int(member): member for member in kind}  # type: ignore[attr-defined]


class Fields:
    """The faults of one request (or one item of a batch) so far."""

    def __init__(self) -> None:
        """No fault yet."""
        self.faults: list[FieldViolation] = []
        self._beside: list[FieldViolation] = []

    def fault(self, name: str, description: str) -> None:
        """Note a fault."""
        self.faults.append(FieldViolation(name, description))

    def beside_others(self, fault: FieldViolation | None) -> None:
        """Note a fault that is named where there are others. Alone it is the rules' to find, after what goes before it."""
        if fault is not None:
            self._beside.append(fault)

    def done(self) -> None:
        """Raises InvalidFieldsError where there was a fault."""
        if self.faults:
            named = {fault.field for fault in self.faults}
            raise InvalidFieldsError((*self.faults, *[fault for fault in self._beside if fault.field not in named]))

    # --- text ---------------------------------------------------------------------------------------------------------

    def identifier(self, name: str, value: str, most: int = ID_LENGTH) -> str:
        """A required id: 1-128 characters without control characters."""
        if not value:
            self.fault(name, "is required")
        elif len(value) > most or not value.isprintable():
            self.optional_identifier(name, value, most)
        return value

    def claim_id(self, value: str) -> str:
        """A required claim id, which the server made: it is longer than a staff id, which it contains."""
        return self.identifier("claim_id", value, CLAIM_ID_LENGTH)

    def optional_identifier(self, name: str, value: str, most: int = ID_LENGTH) -> str:
        """An id or nothing."""
        if len(value) > most:
            self.fault(name, f"has {len(value)} characters; at most {most} are allowed")
        elif not value.isprintable() and _CONTROL.search(value):
            self.fault(name, "has control characters")
        return value

    def code(self, name: str, value: str) -> str:
        """A required code: 1-64 of [a-z0-9._-]."""
        if not value:
            self.fault(name, "is required")
        elif not _CODE.fullmatch(value):
            self.fault(name, "must be 1-64 characters of a-z, 0-9, '.', '_' and '-'")
        return value

    def text(self, name: str, value: str, most: int, *, required: bool = False) -> str:
        """Free text of bounded length."""
        if required and not value.strip():
            self.fault(name, "is required")
        elif len(value) > most:
            self.fault(name, f"has {len(value)} characters; at most {most} are allowed")
        elif not value.isprintable() and _CONTROL.search(value.replace("\n", "").replace("\t", "")):
            self.fault(name, "has control characters")
        return value

    def skill_groups(self, name: str, values: Sequence[SkillGroup]) -> tuple[skill_groups.SkillGroup, ...]:
        """Skill groups: at most 100, sorted by name. One that is named again must have the same level."""
        found: dict[str, int] = {}
        for number, group in enumerate(self.bounded(name, values, BATCH_MOST)):
            self.code(f"{name}[{number}].name", group.name)
            level = self.level(f"{name}[{number}].level", group.level)
            if found.setdefault(group.name, level) != level:
                self.fault(f"{name}[{number}].level", f"is {level}, and {found[group.name]} before for the same group")
        if len(found) > GROUPS_MOST:
            self.fault(name, f"has {len(found)} values; at most {GROUPS_MOST} are allowed")
        return tuple([skill_groups.SkillGroup(*group) for group in sorted(found.items())])

    def level(self, name: str, value: int) -> int:
        """A level in a skill group, 0-100."""
        if not 0 <= value <= skill_groups.LEVEL_MOST:
            self.fault(name, f"is {value}; 0 to {skill_groups.LEVEL_MOST} are allowed")
        return value

    # --- numbers ------------------------------------------------------------------------------------------------------

    def enum(self, name: str, value: int, kind: type[E], *, default: E | None = None) -> E:
        """A known enum number; 0 is ``default``, or a fault without one."""
        if value == 0:
            if default is not None:
                return default
            self.fault(name, "is required")
            return next(iter(kind))  # type: ignore[call-overload,no-any-return]
        members: Any = kind
        found: E | None = _members(members).get(value)
        if found is None:
            self.fault(name, f"has no value {value}")
            return next(iter(kind))  # type: ignore[call-overload,no-any-return]
        return found

    def revision(self, request: Message, name: str = "expected_revision", *, path: str = "") -> int | None:
        """The revision that a request expects: 0 or more, or None for any. ``path``: where it is, if not at the top."""
        if not request.HasField(name):
            return None
        value: int = getattr(request, name)
        if value < 0:
            self.fault(path or name, "is negative")
        return value

    def page_size(self, name: str, value: int) -> int:
        """1-1,000; 0 means 100, larger values are cut."""
        if value < 0:
            self.fault(name, "is negative")
        return min(value, BATCH_MOST) if value > 0 else PAGE_DEFAULT

    def batch(self, name: str, count: int) -> None:
        """A batch's length."""
        if not 1 <= count <= BATCH_MOST:
            self.fault(name, f"has {count} items; 1-{BATCH_MOST} are allowed")

    def bounded(self, name: str, values: Sequence[V], most: int) -> Sequence[V]:
        """The values, or none of them where there are too many: nobody is to look at millions one by one."""
        if len(values) <= most:
            return values
        self.fault(name, f"has {len(values)} values; at most {most} are allowed")
        return ()

    # --- time ---------------------------------------------------------------------------------------------------------

    def duration(self, name: str, value: Duration, bounds: Bounds, *, rehearsal: bool = False) -> Micros:
        """A length of time within its bounds."""
        length = Micros(0)
        if not _is_sound(value):
            self.fault(name, "is not a valid duration")
            return length
        length = micros(value)
        if value.seconds < 0 or value.nanos < 0 or not bounds.allow(length, rehearsal=rehearsal):
            none = ", or 0 for none" if bounds.zero_is_none else ""
            self.fault(name, f"is {_seconds(length)}; {_seconds(bounds.least)} to {_seconds(bounds.most)} are allowed{none}")
        return length

    def instant(self, name: str, value: Timestamp) -> Instant:
        """An instant from 1970 to 9999."""
        micros = instant(value) if 0 <= value.nanos < 1_000_000_000 else Instant(-1)
        if not 0 <= micros <= LATEST_INSTANT:
            self.fault(name, "is not a valid instant between the years 1970 and 9999")
            return Instant(0)
        return micros


def _is_sound(value: Duration) -> bool:
    """What protobuf says of a duration: nanos below a second, and of the same sign as the seconds."""
    return (
        abs(value.seconds) <= 315_576_000_000
        and abs(value.nanos) < 1_000_000_000
        and (value.seconds == 0 or value.nanos == 0 or (value.seconds > 0) == (value.nanos > 0))
    )


def quoted(text: str) -> str:
    """A caller's text as part of a description; cut, since errors must stay small."""
    return repr(text if len(text) <= QUOTED_LENGTH else f"{text[:QUOTED_LENGTH]}...")


def _seconds(length: Micros) -> str:
    return f"{length / SECOND:g} s"
