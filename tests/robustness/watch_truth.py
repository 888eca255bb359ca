"""What happened, worked out from the journal's history: who was where at every revision, and what a watch had to be told of it.

It reads facts and the skill groups that states showed; it knows nothing of frames.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from robustness.watch_history import Chosen, Fact, History, Item

from onduty.v1 import staff_pb2


class Side(NamedTuple):
    """What filters look at, before or after a change."""

    groups: frozenset[str] | None
    status: int


class GroupsUnknownError(Exception):
    """Nothing that was seen tells the skill groups that somebody had; a filter by groups cannot be judged."""


class Expected(NamedTuple):
    """A change that a watch has to be told."""

    fact: Fact
    left: bool


class Truth:
    """All facts up to ``through``, with the states on both sides of each. Facts and evidence are added as they come."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.through = 0
        self.facts: dict[int, Fact] = {}
        self.revisions: list[int] = []
        self.by_staff: dict[str, list[int]] = defaultdict(list)
        self.states: dict[int, str] = {}
        self.groups_shown: dict[int, frozenset[str]] = {}
        self.contradictions: list[str] = []
        self._groups: dict[int, frozenset[str] | None] = {}

    @classmethod
    def of(cls, history: History) -> "Truth":
        """Everything in a history."""
        truth = cls()
        truth.learn(history.facts.values(), history.through)
        truth.groups_shown.update({revision: frozenset(groups) for revision, groups in history.groups.items()})
        truth.see(history.shown())
        return truth

    def learn(self, facts: Iterable[Fact], through: int) -> None:
        """Take in the next facts, by ascending revision, complete up to ``through``."""
        for fact in facts:
            if self.revisions and fact.revision <= self.revisions[-1]:
                self.contradictions.append(f"the history goes back from {self.revisions[-1]} to {fact}")
                continue
            self.facts[fact.revision] = fact
            if fact.groups is not None:
                self.groups_shown[fact.revision] = frozenset(fact.groups)
            self.revisions.append(fact.revision)
            self.by_staff[fact.staff_id].append(fact.revision)
        self.through = max(self.through, through)
        self._groups.clear()

    def see(self, items: Iterable[Item]) -> None:
        """Take in states that were shown: two of one revision must be the same."""
        for item in items:
            if self.states.setdefault(item.revision, item.state) != item.state:
                self.contradictions.append(f"two states were shown for revision {item.revision} of {item.staff_id}")
            self.groups_shown[item.revision] = frozenset(item.groups)
        self._groups.clear()

    # --- around a change ----------------------------------------------------------------------------------------------

    def after(self, fact: Fact) -> Side | None:
        """The state after a change, None after a deletion."""
        return None if fact.deleted else Side(self._groups_after(fact), fact.status)

    def before(self, fact: Fact) -> Side | None:
        """The state before a change, None before a creation."""
        if fact.created:
            return None
        if fact.previous_groups is not None:
            return Side(frozenset(fact.previous_groups), fact.previous_status)
        return Side(self._groups_after(fact), fact.previous_status)

    def previous(self, fact: Fact) -> Fact | None:
        """The change of the same staff member before this one."""
        chain = self.by_staff[fact.staff_id]
        index = bisect_right(chain, fact.revision) - 2
        return self.facts[chain[index]] if index >= 0 else None

    def _groups_after(self, fact: Fact) -> frozenset[str] | None:
        if fact.revision not in self._groups:
            self._work_out_groups(fact.staff_id)
        return self._groups[fact.revision]

    def _work_out_groups(self, staff_id: str) -> None:
        """Groups stay from one change of them to the next: any state shown between, or the next change, tells them."""
        stretch: list[int] = []
        for revision in self.by_staff[staff_id]:
            fact = self.facts[revision]
            if fact.created or fact.previous_groups is not None:
                self._settle(stretch, None if fact.created else fact.previous_groups)
                stretch = []
            stretch.append(revision)
        self._settle(stretch, None)

    def _settle(self, stretch: list[int], told_later: tuple[str, ...] | None) -> None:
        found = {self.groups_shown[one] for one in stretch if one in self.groups_shown}
        if told_later is not None and stretch:
            found.add(frozenset(told_later))
        if len(found) > 1:
            self.contradictions.append(f"skill groups between {stretch[0]} and {stretch[-1]} were shown as {found}")
        groups = next(iter(found), None)
        self._groups.update(dict.fromkeys(stretch, groups))

    # --- what a watch must be told ------------------------------------------------------------------------------------

    def inside(self, chosen: Chosen, staff_id: str, side: Side | None) -> bool:
        """Whether a state is in a filter.

        Raises:
            GroupsUnknownError: It depends on groups that nobody was shown.
        """
        if side is None:
            return False
        if side.groups is None:
            if chosen.skill_groups:
                raise GroupsUnknownError(staff_id)
            return chosen.matches(staff_id, frozenset(), side.status)
        return chosen.matches(staff_id, side.groups, side.status)

    def between(self, after: int, through: int) -> Iterator[Fact]:
        """The facts after a revision, up to another."""
        for index in range(bisect_right(self.revisions, after), bisect_right(self.revisions, through)):
            yield self.facts[self.revisions[index]]

    def expected(self, chosen: Chosen, after: int, through: int) -> list[Expected]:
        """What an EVERY_CHANGE watch must be told of the facts after a revision, up to another."""
        found = []
        for fact in self.between(after, through):
            left = self.left(chosen, fact, self.before(fact))
            if left is not None:
                found.append(Expected(fact, left))
        return found

    def left(self, chosen: Chosen, fact: Fact, before: Side | None) -> bool | None:
        """Whether a change is told as left to who knew the state ``before``; None if it is not told."""
        if chosen.is_open:
            return fact.deleted
        if self.inside(chosen, fact.staff_id, self.after(fact)):
            return False
        return True if self.inside(chosen, fact.staff_id, before) else None

    def changes_again(self, staff_id: str, after: int, through: int) -> bool:
        """Whether somebody changes after a revision, up to another."""
        chain = self.by_staff.get(staff_id, [])
        return bisect_right(chain, after) < bisect_right(chain, through)

    def latest(self, chosen: Chosen, after: int, through: int) -> dict[str, Expected]:
        """What a conflated frame must tell of the facts after a revision, up to another, by staff."""
        first: dict[str, Fact] = {}
        last: dict[str, Fact] = {}
        for fact in self.between(after, through):
            first.setdefault(fact.staff_id, fact)
            last[fact.staff_id] = fact
        found = {}
        for staff_id, fact in last.items():
            before = self.before(first[staff_id])
            left = self.left(chosen, fact, before)
            if left is not None and not (left and before is None):  # who came and went in between need not be lost.
                found[staff_id] = Expected(fact, left)
        return found

    def view(self, chosen: Chosen, revision: int) -> dict[str, int]:
        """Who is in a filter at a revision, with the revision of the last change of each."""
        found = {}
        for staff_id in chosen.staff_ids or tuple(self.by_staff):
            chain = self.by_staff.get(staff_id, [])
            index = bisect_right(chain, revision) - 1
            if index >= 0 and self.inside(chosen, staff_id, self.after(self.facts[chain[index]])):
                found[staff_id] = chain[index]
        return found


def described(fact: Fact) -> str:
    """A fact in a line."""
    names = [staff_pb2.Status.Name(one).removeprefix("STATUS_") for one in (fact.previous_status, fact.status)]
    marks = "".join(f" {mark}" for mark in ("created", "deleted") if getattr(fact, mark))
    groups = "" if fact.previous_groups is None else f" groups were {','.join(fact.previous_groups) or 'none'}"
    return f"{fact.revision} {fact.staff_id} {names[0]} -> {names[1]}{marks}{groups}"
