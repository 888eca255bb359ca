"""Catches up a watcher of the latest states from the present states: everybody who changed while it was away, once each.

Theory of operation
-------------------
A walk is what a snapshot would be of those who changed after a revision, ``since``. Whom it concerns is settled when it
begins, as of one moment, ``through``: who matches the filter, and who does not, or is gone, and was in the view at ``since``.
Where they stood then, the ring tells if it reaches back so far, and else the journal, in one question. No change in between is
looked at. So a walk has one element a person at most, however far behind it began, and it ends.

Deliveries follow at the watcher's own pace, by ascending revision, all as of ``through``: who has changed again meanwhile comes
with the state of then, which the journal has. What a walk holds on to is ids and revisions. Mostly it is one delivery; watchers
who fell behind together walk together, and share it. In the middle of a longer walk a position has ``since`` too. A walk that
goes on from there does not know whom the first one had shown already: the view may be that at ``since`` or that at the
position, and whoever was in either comes as left.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from onduty_server.domain.model.errors import WatcherTooSlowError
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.status import Status
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import ColleagueFilter, StaffFilter
from onduty_server.engine.watch import selection
from onduty_server.engine.watch.catch_up import logged
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.ring import ChangeRing
from onduty_server.ports import Codec, Journal, Revision

LOOKED_AT_ONCE: Final = 2_000
"""So many people are looked at before the loop has its turn: some milliseconds."""

WalkKey = tuple[StaffFilter, Revision, Revision, Revision]
"""What tells a walk: its filter, after which revision it goes on, since when and through which one."""

Places = Mapping[str, tuple[tuple[str, ...], Status] | None]


class LatestStates:
    """A tenant's staff as they are, for watchers that missed changes and do not want them."""

    def __init__(
        self, tenant: str, roster: Roster, ring: ChangeRing, *, journal: Journal, codec: Codec, head: Callable[[], Revision]
    ) -> None:
        """``head`` is the revision that the roster shows."""
        self._tenant = tenant
        self._ring = ring
        self._head = head
        self.frames = ring.frames
        self.roster = roster
        self.journal = journal
        self.codec = codec

    async def walk(self, staff_filter: StaffFilter, after: Revision, since: Revision) -> "LatestWalk":
        """A walk over those who changed after ``after``, for a watcher whose view is that at ``since``.

        Raises:
            WatcherTooSlowError: What was at ``since`` is no longer kept.
            JournalUnavailableError: It is in the journal only, and that cannot be read.
        """
        through = self._head()
        changed, gone = self._changed(staff_filter, after), self._gone(staff_filter, after)
        if isinstance(staff_filter, ColleagueFilter):
            changed = [staff for staff in changed if staff.seen_at > since]
        due = [(staff.revision, staff.state.staff_id) for staff in changed]
        left = dict(gone)
        if not staff_filter.is_open:
            due, outside = await _parted(changed, staff_filter)
            left |= outside
            if left:
                views = [await self._places(view, through) for view in sorted({since, after})]
                left = {staff_id: revision for staff_id, revision in left.items() if _was_in(staff_filter, staff_id, views)}
        await self._check_kept(since)
        due += [(revision, staff_id) for staff_id, revision in left.items()]
        return LatestWalk(self, due, frozenset(left), key=(staff_filter, after, since, through))

    def _changed(self, staff_filter: StaffFilter, after: Revision) -> list[StaffRecord]:
        if staff_filter.staff_ids is None:
            return list(self.roster.changed_after(after))
        named = (self.roster.staff.get(staff_id) for staff_id in staff_filter.staff_ids)
        return [staff for staff in named if staff is not None and staff.revision > after]

    def _gone(self, staff_filter: StaffFilter, after: Revision) -> list[tuple[str, Revision]]:
        gone = self.roster.gone_after(after)
        return [departed for departed in gone if staff_filter.staff_ids is None or departed[0] in staff_filter.staff_ids]

    async def _places(self, view: Revision, through: Revision) -> Places:
        if self._ring.holds(view):
            return self._ring.places(view, through)
        return await self.journal.places(self._tenant, view, through)

    async def _check_kept(self, since: Revision) -> None:
        if not self._ring.holds(since) and since < await self.journal.horizon(self._tenant):
            raise WatcherTooSlowError(since)


async def _parted(
    changed: Iterable[StaffRecord], staff_filter: StaffFilter
) -> tuple[list[tuple[Revision, str]], dict[str, Revision]]:
    """Those who match, and the others."""
    inside: list[tuple[Revision, str]] = []
    outside: dict[str, Revision] = {}
    for number, staff in enumerate(changed, start=1):
        state = staff.state
        if staff_filter.matches(state.staff_id, names(state.skill_groups), state.status):
            inside.append((staff.revision, state.staff_id))
        else:
            outside[state.staff_id] = staff.revision
        if number % LOOKED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return inside, outside


def _was_in(staff_filter: StaffFilter, staff_id: str, views: Sequence[Places]) -> bool:
    """Whether somebody who does not match was in a view. Who is not among its places stood where they stand."""
    places = [view.get(staff_id) for view in views]
    return any(place is not None and staff_filter.matches(staff_id, *place) for place in places)


class _Picked(NamedTuple):
    """Somebody to be told; ``staff`` is None where the journal alone has the state of then."""

    revision: Revision
    staff_id: str
    staff: StaffRecord | None

    @property
    def size(self) -> int:
        """About how large the element is."""
        return selection.ELEMENT_BYTES if self.staff is None else len(self.staff.body) + len(self.staff.change or b"")


class LatestWalk:
    """One walk: who is to be told yet."""

    def __init__(
        self,
        states: LatestStates,
        due: Sequence[tuple[Revision, str]],
        left: frozenset[str],
        *,
        key: WalkKey,
    ) -> None:
        """``due`` are all who are to be told, in any order, ``left`` those of them who left the view."""
        self._states = states
        self._left = left
        self._key = key
        _, _, self._since, self._through = key
        ordered = sorted(due, reverse=True)  # two lists of what there is take a fifth of a list of pairs.
        self._revisions = [revision for revision, _ in ordered]
        self._staff_ids = [staff_id for _, staff_id in ordered]

    async def next(self) -> Delivery:
        """The next delivery, shared with those who walk the same.

        Raises:
            WatcherTooSlowError: A state that it should have is no longer kept.
            JournalUnavailableError: It is in the journal only, and that cannot be read.
        """
        key = (self._key, self._revisions[-1] if self._revisions else self._through)
        shared = self._states.frames.find(key)
        if shared is None:
            shared = await self._build()
            self._states.frames.keep(key, shared)
        else:
            while self._revisions and self._revisions[-1] <= shared.through:
                self._revisions.pop()
                self._staff_ids.pop()
        return shared

    async def _build(self) -> Delivery:
        picked: list[_Picked] = []
        size = 0
        while self._staff_ids and size < selection.LATEST_BYTES:
            person = self._pick(self._revisions.pop(), self._staff_ids.pop())
            picked.append(person)
            size += person.size
        stored = await self._states.journal.records([person.revision for person in picked if person.staff is None])
        codec, elements, conflated = self._states.codec, [], False
        for revision, staff_id, staff in picked:
            if staff is not None and staff.change is not None:
                previous, element = staff.previous, codec.element(staff.body, staff.change, revision)
                groups = names(staff.state.skill_groups)
            elif revision in stored:
                change = logged(stored[revision], codec)
                previous, element, groups = change.previous, change.element, change.groups
            else:
                raise WatcherTooSlowError(self._since)
            elements.append(self._marked(staff_id, revision, groups, element))
            conflated = conflated or previous > self._since
        if self._staff_ids:
            return Delivery(elements, picked[-1].revision, conflated, self._since)
        return Delivery(elements, self._through, conflated)

    def _marked(self, staff_id: str, revision: Revision, groups: tuple[str, ...], element: bytes) -> bytes:
        """The element as who walks may see it; ``groups`` are those of the state in it."""
        if staff_id not in self._left:
            return element
        if not self._key[0].shows(groups):
            return self._states.codec.left_view(staff_id, revision)
        return self._states.codec.mark_left(element)

    def _pick(self, revision: Revision, staff_id: str) -> _Picked:
        staff = self._states.roster.staff.get(staff_id)
        is_known = staff is not None and staff.revision == revision and staff.change is not None
        return _Picked(revision, staff_id, staff if is_known else None)
