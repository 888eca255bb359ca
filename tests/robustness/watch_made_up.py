"""A small day on a floor with watches of it, made up without a server, for tests that break it on purpose."""

from collections.abc import Sequence

from robustness.watch_history import EVERY_CHANGE, LATEST_PER_STAFF, NONE, Asked, Chosen, Fact, Frame, History, Item, Watch
from robustness.watch_truth import Truth

from onduty.v1 import staff_pb2

OFFLINE = int(staff_pb2.STATUS_OFFLINE)
AVAILABLE = int(staff_pb2.STATUS_AVAILABLE)
BUSY = int(staff_pb2.STATUS_BUSY)
CARDS, LOANS = ("cards",), ("loans",)

ALL = Chosen()
FREE = Chosen(statuses=frozenset({AVAILABLE}))
OF_CARDS = Chosen(skill_groups=frozenset(CARDS))
ANA = Chosen(staff_ids=frozenset({"ana"}))

STORY: Sequence[tuple[int, str, int, tuple[str, ...]]] = (
    (1, "ana", OFFLINE, CARDS),
    (2, "ben", OFFLINE, LOANS),
    (4, "ana", AVAILABLE, CARDS),
    (5, "ben", AVAILABLE, LOANS),
    (6, "chi", OFFLINE, CARDS),
    (8, "ana", BUSY, CARDS),
    (9, "ana", AVAILABLE, CARDS),
    (10, "ben", AVAILABLE, CARDS),
    (11, "ana", OFFLINE, CARDS),
    (13, "ana", NONE, CARDS),
    (14, "ben", BUSY, CARDS),
    (15, "ana", OFFLINE, LOANS),
    (16, "chi", AVAILABLE, CARDS),
    (17, "chi", BUSY, CARDS),
    (18, "ben", AVAILABLE, CARDS),
)
"""Revision, person, status (NONE: deleted) and groups. What is missing between is another tenant's."""

END = 20


def happened() -> History:
    """The facts of the story."""
    history = History(through=END)
    before: dict[str, tuple[int, tuple[str, ...]]] = {}
    for revision, name, status, groups in STORY:
        known = before.get(name)
        deleted = status == NONE
        now = (OFFLINE if deleted else status, groups)
        old = known or (0, groups)
        changed = known is not None and known[1] != groups
        history.facts[revision] = Fact(
            *(revision, name, old[0], "", now[0], ""), old[1] if changed else None, known is None, deleted, f"change-{revision}"
        )
        before[name] = now
        if deleted:
            del before[name]
    return history


GROUPS_AT = {19: CARDS, **{revision: groups for revision, _, _, groups in STORY}}


def item(fact: Fact, *, left: bool = False, in_snapshot: bool = False) -> Item:
    """A fact as a frame shows it."""
    shown = Item(fact.revision, fact.staff_id, GROUPS_AT[fact.revision], fact.status, f"state-{fact.revision}")
    if in_snapshot:
        return shown
    return shown._replace(left=left, previous_status=fact.previous_status, change=fact.digest)


def watch(
    truth: Truth, chosen: Chosen = ALL, *, after: int = NONE, at: int = 5, each: int = 2, end: str = "CANCELLED"
) -> Watch:
    """What a watch is told that begins with a snapshot ``at`` a revision, or is resumed ``after`` one.

    A frame carries ``each`` changes; bookmarks come after every second frame.
    """
    seen = Watch(1, chosen, EVERY_CHANGE, after, end=end, reader="made-up")
    if after != NONE:
        seen.frames.append(Frame("bookmark", after))
    else:
        states = [item(truth.facts[one], in_snapshot=True) for one in truth.view(chosen, at).values()]
        seen.frames += [
            Frame("snapshot_chunk", NONE, tuple(states[:1])),
            Frame("snapshot_chunk", at, tuple(states[1:]), last=True),
        ]
    expected = truth.expected(chosen, seen.start, END)
    for start in range(0, len(expected), each):
        part = expected[start : start + each]
        items = tuple(item(one.fact, left=one.left) for one in part)
        seen.frames.append(Frame("changes", part[-1].fact.revision, items))
        if start % (2 * each):
            seen.frames.append(Frame("bookmark", part[-1].fact.revision))
    seen.frames.append(Frame("bookmark", END))
    return seen


def lagging_watch(truth: Truth, chosen: Chosen = ALL, *, at: int = 5, stops: Sequence[int] = (11, END)) -> Watch:
    """What a LATEST_PER_STAFF watch is told whose frames bring it up to these revisions."""
    seen = watch(truth, chosen, at=at)
    seen.delivery = LATEST_PER_STAFF
    seen.frames = [frame for frame in seen.frames if frame.kind == "snapshot_chunk"]
    for stop in stops:
        wanted = sorted(truth.latest(chosen, at, stop).values(), key=lambda one: one.fact.revision)
        items = tuple(item(one.fact, left=one.left) for one in wanted)
        seen.frames.append(Frame("changes", stop, items, conflated=True))
        at = stop
    return seen


def walking_watch(truth: Truth, chosen: Chosen = ALL, *, at: int = 5, end: int = END) -> Watch:
    """What a LATEST_PER_STAFF watch is told that catches up in a walk of one person a frame."""
    seen = lagging_watch(truth, chosen, at=at, stops=(end,))
    walk = seen.frames.pop()
    for one in walk.items:
        seen.frames.append(walk._replace(position=one.revision, items=(one,), since=at))
    seen.frames[-1] = seen.frames[-1]._replace(position=end, since=NONE)
    return seen


def answered(fact: Fact) -> Asked:
    """An answer that showed a fact."""
    return Asked("ChangeStatus", "r1", "answered", 0.0, 0.0, fact.revision, (item(fact, in_snapshot=True),))
