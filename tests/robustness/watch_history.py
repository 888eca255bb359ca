"""What a run of watches saw: every answer, every frame, and the journal's own account of what happened; it judges nothing."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf.message import Message

from onduty.v1 import router_service_pb2, staff_pb2

NONE = -1
"""In place of a revision: there is none."""

EVERY_CHANGE = int(router_service_pb2.DELIVERY_EVERY_CHANGE)
LATEST_PER_STAFF = int(router_service_pb2.DELIVERY_LATEST_PER_STAFF)


def digest(message: Message) -> str:
    """Tells two messages apart."""
    return hashlib.blake2b(message.SerializeToString(deterministic=True), digest_size=8).hexdigest()


def revision_of(position: str) -> int:
    """The revision in a position, which is its last eight bytes. Tests look into it; clients must not."""
    return int.from_bytes(base64.urlsafe_b64decode(position)[-8:], "big") if position else NONE


def since_of(position: str) -> int:
    """Since when a walk over the latest states goes on whose middle a position is; NONE if it is in the middle of none.

    Such a position has two revisions after its 22 bytes of names: that one, and the one of every position.
    """
    packed = base64.urlsafe_b64decode(position)
    return int.from_bytes(packed[-16:-8], "big") if len(packed) == 22 + 16 else NONE


def position_at(position: str, revision: int) -> str:
    """The position that the same stream would have had at another revision."""
    return base64.urlsafe_b64encode(base64.urlsafe_b64decode(position)[:-8] + revision.to_bytes(8, "big")).decode()


class Chosen(NamedTuple):
    """A watch's filter. An empty kind does not restrict."""

    staff_ids: frozenset[str] = frozenset()
    skill_groups: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether everybody is in."""
        return not any(self)

    def matches(self, staff_id: str, groups: frozenset[str], status: int) -> bool:
        """Whether somebody with these properties is in."""
        return (
            (not self.staff_ids or staff_id in self.staff_ids)
            and (not self.statuses or status in self.statuses)
            and (not self.skill_groups or not self.skill_groups.isdisjoint(groups))
        )

    def message(self) -> staff_pb2.StaffFilter:
        """The filter as it is asked for."""
        return staff_pb2.StaffFilter(
            staff_ids=sorted(self.staff_ids), skill_groups=sorted(self.skill_groups), statuses=sorted(self.statuses)
        )


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


class Fact(NamedTuple):
    """A change as the journal's history has it. ``previous_groups`` and ``groups`` are None where it left the groups alone."""

    revision: int
    staff_id: str
    previous_status: int
    previous_reason: str
    status: int
    reason: str
    previous_groups: tuple[str, ...] | None
    created: bool
    deleted: bool
    digest: str
    groups: tuple[str, ...] | None = None

    @classmethod
    def of(cls, one: staff_pb2.Transition) -> "Fact":
        """From the exported change."""
        change = one.skill_groups_change
        created, deleted = (one.kind == kind for kind in (staff_pb2.TRANSITION_KIND_CREATED, staff_pb2.TRANSITION_KIND_DELETED))
        regrouped = one.HasField("skill_groups_change")
        groups, after = (
            tuple(group.name for group in groups) if regrouped else None for groups in (change.before, change.after)
        )
        before = (int(one.previous_status), one.previous_break_reason, int(one.status), one.break_reason)
        return cls(
            one.revision,
            one.staff_id,
            *before,
            groups,
            created,
            deleted,
            digest(one),
            after,
        )


class Item(NamedTuple):
    """A state as a frame or an answer showed it. What comes of a change is empty in snapshots and answers."""

    revision: int
    staff_id: str
    groups: tuple[str, ...]
    status: int
    state: str
    left: bool = False
    previous_status: int = 0
    previous_reason: str = ""
    reason: str = ""
    change: str = ""

    @classmethod
    def of_staff(cls, staff: staff_pb2.Staff) -> "Item":
        """From a state alone."""
        return cls(
            staff.revision,
            staff.staff_id,
            tuple(group.name for group in staff.skill_groups),
            int(staff.status),
            digest(staff),
            reason=staff.break_reason,
        )

    @classmethod
    def of_change(cls, one: staff_pb2.StaffChange) -> "Item":
        """From a change with its state; the revision is the change's."""
        told = one.transition
        shown = cls.of_staff(one.staff)
        return shown._replace(
            revision=told.revision,
            left=one.left,
            previous_status=int(told.previous_status),
            previous_reason=told.previous_break_reason,
            change=digest(told),
        )


class Frame(NamedTuple):
    """A frame of a watch: its kind is the field of the contract. ``at`` is in seconds of the reader's clock.

    ``since`` is set in the middle of a walk over the latest states: see ``since_of``.
    """

    kind: str
    position: int = NONE
    items: tuple[Item, ...] = ()
    last: bool = False
    conflated: bool = False
    at: float = 0.0
    since: int = NONE

    @classmethod
    def of(cls, frame: router_service_pb2.WatchStaffResponse, at: float) -> "Frame":
        """From the wire."""
        items: Iterable[Item] = map(Item.of_change, frame.changes.changes)
        if frame.HasField("snapshot_chunk"):
            items = map(Item.of_staff, frame.snapshot_chunk.staff)
        last, conflated = frame.snapshot_chunk.last, frame.changes.conflated
        kind, since = frame.WhichOneof("event") or "", since_of(frame.position)
        return cls(kind, revision_of(frame.position), tuple(items), last, conflated, at, since)


class Step(NamedTuple):
    """Frames, each with its number, that together bring a view from the revision ``at`` to the last frame's position.

    A walk over the latest states is one step of many frames, all of which show people as of its end. The view may have been
    that at ``also`` as well.
    """

    frames: tuple[tuple[int, Frame], ...]
    at: int
    also: int = NONE

    @property
    def is_whole(self) -> bool:
        """Whether it came to its end."""
        return self.frames[-1][1].since == NONE


@dataclass(slots=True)
class Watch:
    """A watch from its opening to its end, as its reader saw it.

    ``resume_since`` is set where it was resumed in the middle of a walk over the latest states.
    """

    number: int
    chosen: Chosen = field(default_factory=Chosen)
    delivery: int = EVERY_CHANGE
    resume_after: int = NONE
    at_least: int = NONE
    frames: list[Frame] = field(default_factory=list)
    end: str = ""
    end_metadata: dict[str, str] = field(default_factory=dict)
    opened_at: float = 0.0
    ended_at: float = 0.0
    reader: str = ""
    resume_since: int = NONE

    @property
    def start(self) -> int:
        """The revision that the changes follow: of the position resumed from or of the snapshot; NONE before there is one."""
        if self.resume_since != NONE and self.delivery != LATEST_PER_STAFF:
            return self.resume_since
        if self.resume_after != NONE:
            return self.resume_after
        return next((frame.position for frame in self.frames if frame.kind == "snapshot_chunk" and frame.last), NONE)

    @property
    def through(self) -> int:
        """The greatest position told; ``start`` if none was."""
        return max([self.start, *(frame.position for frame in self.frames)])

    def changes(self) -> Iterator[tuple[int, Item]]:
        """Every change with the number of its frame."""
        for number, frame in enumerate(self.frames):
            if frame.kind == "changes":
                for item in frame.items:
                    yield number, item

    def told(self) -> Iterator[tuple[int, Frame, int]]:
        """The frames after the start, each with its number and the position before it."""
        at = self.start if self.resume_after != NONE else NONE
        for number, frame in enumerate(self.frames):
            if frame.kind == "snapshot_chunk":
                at = frame.position if frame.last else at
            elif at != NONE:
                yield number, frame, at
                at = max(at, frame.position)

    def steps(self) -> Iterator[Step]:
        """The frames after the start by steps. The last one may have been cut off."""
        frames: list[tuple[int, Frame]] = []
        begins, also = NONE, self.resume_since
        for number, frame, at in self.told():
            begins = begins if frames else at
            frames.append((number, frame))
            if frame.since == NONE:
                yield Step(tuple(frames), begins, also)
                frames, also = [], NONE
        if frames:
            yield Step(tuple(frames), begins, also)


class Asked(NamedTuple):
    """A request that changes something, with its answer. ``shown`` is the state in the answer. Seconds of the asker's clock."""

    method: str
    request_id: str
    outcome: str
    asked_at: float
    answered_at: float
    position: int = NONE
    shown: tuple[Item, ...] = ()


@dataclass
class History:
    """All of it. ``facts`` are complete up to ``through``. ``groups`` were shown before what is in here, by revision."""

    facts: dict[int, Fact] = field(default_factory=dict)
    groups: dict[int, tuple[str, ...]] = field(default_factory=dict)
    through: int = 0
    watches: list[Watch] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def shown(self) -> Iterator[Item]:
        """Every state that anybody was shown."""
        for watch in self.watches:
            for frame in watch.frames:
                yield from frame.items
        for one in self.asked:
            yield from one.shown

    def save(self, path: Path) -> None:
        """Write it down, a JSON line a record."""
        with path.open("w", encoding="utf-8") as out:
            out.write(json.dumps({"through": self.through}) + "\n")
            out.write(json.dumps({"groups": list(self.groups.items())}) + "\n")
            for fact in self.facts.values():
                out.write(json.dumps({"fact": fact}) + "\n")
            for one in self.asked:
                out.write(json.dumps({"asked": one}) + "\n")
            for watch in self.watches:
                out.write(json.dumps({"watch": _as_json(watch)}) + "\n")

    @classmethod
    def load(cls, path: Path) -> "History":
        """Read what ``save`` wrote."""
        history = cls()
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                ((kind, content),) = json.loads(line).items()
                history._take(kind, content)
        return history

    def _take(self, kind: str, content: Any) -> None:
        if kind == "through":
            self.through = content
        elif kind == "groups":
            self.groups = {revision: tuple(groups) for revision, groups in content}
        elif kind == "fact":
            *rest, groups, created, deleted, told, after = content
            self.facts[rest[0]] = Fact(*rest, _tuple(groups), created, deleted, told, _tuple(after))
        elif kind == "asked":
            *rest, shown = content
            self.asked.append(Asked(*rest, tuple(map(_item, shown))))
        else:
            self.watches.append(_watch(content))


def _as_json(watch: Watch) -> dict[str, Any]:
    content = {name: getattr(watch, name) for name in Watch.__slots__}
    return {**content, "chosen": [sorted(kind) for kind in watch.chosen]}


def _item(content: list[Any]) -> Item:
    item = Item(*content)
    return item._replace(groups=tuple(item.groups))


def _frame(content: list[Any]) -> Frame:
    frame = Frame(*content)
    return frame._replace(items=tuple(map(_item, frame.items)))


def _watch(content: dict[str, Any]) -> Watch:
    chosen = Chosen(*map(frozenset, content.pop("chosen")))
    frames = [_frame(one) for one in content.pop("frames")]
    return Watch(**content, chosen=chosen, frames=frames)
