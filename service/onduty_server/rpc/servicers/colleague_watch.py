"""A stream of colleagues: what one staff member may see of others. It ends when they may see something else."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Final, NamedTuple

from onduty.v1 import staff_pb2
from onduty.v1 import workspace_service_pb2 as pb
from onduty_server.domain.model.errors import ColleaguesHiddenError, PositionTooOldError
from onduty_server.domain.model.policy import Colleagues
from onduty_server.domain.model.skill_groups import names
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import ColleagueFilter
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.positions import Reached, filter_mark
from onduty_server.ports import Revision
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.rpc.streams import AT_ONCE, farewell, marked, telling_stalls
from onduty_server.wire import splicing

LEFT: Final = bytes([2 << 3, 1])
"""The field ``left = 2`` of a change."""


class View(NamedTuple):
    """Whom a staff member may see: nobody where ``chosen`` is None."""

    chosen: ColleagueFilter | None


def view_of(roster: Roster, staff_id: str) -> View | None:
    """What the staff member may see now; None where there is no such person."""
    own = roster.staff.get(staff_id)
    if own is None:
        return None
    match roster.rules.policy.colleagues:
        case Colleagues.ALL:
            return View(ColleagueFilter())
        case Colleagues.OWN_GROUPS:
            return View(ColleagueFilter(skill_groups=frozenset(names(own.state.skill_groups))))
        case Colleagues.NOBODY:
            return View(None)


class SharedChanges:
    """A batch as colleagues see it: one frame for all who watch alike, and another for who is in it and left out."""

    def __init__(self, elements: list[bytes], position: str) -> None:
        """``elements`` are encoded StaffChanges."""
        self._position = position
        self._changes = [_change(staff_pb2.StaffChange.FromString(element)) for element in elements]
        self._names = {name for name, _ in self._changes}
        self._frame = self._frame_of(self._changes)

    def without(self, staff_id: str) -> list[bytes]:
        """The frames for this person."""
        if staff_id not in self._names:
            return [self._frame]
        others = [change for change in self._changes if change[0] != staff_id]
        return [self._frame_of(others)] if others else []

    def _frame_of(self, changes: list[tuple[str, bytes]]) -> bytes:
        return splicing.changes((change for _, change in changes), self._position, conflated=False)


def _change(change: staff_pb2.StaffChange) -> tuple[str, bytes]:
    staff = change.staff
    if change.left:
        return staff.staff_id, splicing.field(1, pb.Colleague(staff_id=staff.staff_id).SerializeToString()) + LEFT
    return staff.staff_id, splicing.field(1, colleague(staff).SerializeToString())


def colleague(staff: staff_pb2.Staff) -> pb.Colleague:
    """What colleagues see of a staff member, as the codec makes it of a state."""
    barred = staff.HasField("offer") or staff.HasField("hold_off_ends_at") or staff.connection.HasField("offline_at")
    return pb.Colleague(
        staff_id=staff.staff_id,
        display_name=staff.display_name,
        skill_groups=[group.name for group in staff.skill_groups],
        status=staff.status,
        status_started_at=staff.status_started_at,
        open_to_transfers=staff.capabilities.internal_calls and not barred,
    )


class ColleagueWatch:
    """The watch of one staff member."""

    def __init__(self, backend: Backend, caller: Caller, staff_id: str) -> None:
        """What they may see is what they may see now.

        Raises:
            StaffUnknownError, ColleaguesHiddenError
        """
        self._backend, self._caller, self._staff_id = backend, caller, staff_id
        self._roster = backend.engine.rosters.peek(caller.tenant)
        backend.staff_record(caller, staff_id)
        self._view = view_of(self._roster, staff_id)
        if self._view is None or self._view.chosen is None:
            raise ColleaguesHiddenError
        self._chosen = self._view.chosen
        self._mark = filter_mark(self._chosen)

    def _holds(self) -> bool:
        own = self._roster.staff.get(self._staff_id)
        is_reached = own is None or self._backend.sees(self._caller, own)
        return is_reached and view_of(self._roster, self._staff_id) == self._view

    def _token(self, revision: Revision, since: Revision | None) -> str:
        return self._caller.positions.token(revision, self._mark, since)

    async def frames(self, resume_after: str, interval: float) -> AsyncGenerator[bytes, None]:
        """A snapshot or a bookmark, then changes and bookmarks, then the farewell."""
        (cursor, since), first = await self._begin(resume_after)
        watcher = self._backend.engine.watch(
            self._caller.tenant, self._chosen, cursor, since=since, latest_only=True, holds=self._holds
        )
        following = self._backend.streams.follow(
            watcher,
            interval,
            frames=self._batch_frames,
            bookmark=lambda: splicing.bookmark(self._token(watcher.cursor, watcher.since)),
            going_away=lambda: splicing.going_away(self._token(watcher.cursor, watcher.since), farewell()),
            catching_up=splicing.CATCHING_UP,
        )
        with telling_stalls(lambda: watcher.cursor):
            for frame in first:
                if not self._holds():
                    break
                yield marked(frame, watcher, splicing.CATCHING_UP)
            async with aclosing(following) as frames:
                async for frame in frames:
                    yield frame
            if not watcher.holds():  # else it has come of age, and was told so.
                yield splicing.going_away("", AT_ONCE)

    async def _begin(self, resume_after: str) -> tuple[Reached, Iterator[bytes]]:
        engine = self._backend.engine
        if resume_after:
            await self._backend.at_least(self._caller, "")
            reached = await self._backend.reached(self._caller, resume_after, self._mark)
            needed = reached.through if reached.since is None else reached.since
            horizon = await engine.journal.horizon(self._caller.tenant)
            self._backend.check_epoch(self._caller)
            if needed < horizon:
                raise PositionTooOldError(needed, horizon, engine.head)
            return reached, iter([splicing.bookmark(self._token(*reached))])
        await self._backend.present(self._caller)
        # Nothing may be awaited between the head and the bodies: together they are one moment.
        cursor = engine.head
        others = [staff for staff in self._roster.select(self._chosen) if staff.state.staff_id != self._staff_id]
        return Reached(cursor, None), splicing.snapshot((self._body(staff) for staff in others), self._token(cursor, None))

    def _body(self, record: StaffRecord) -> bytes:
        if record.as_colleague is None:
            record.as_colleague = self._backend.engine.codec.encode_colleague(record.state)
        return record.as_colleague

    def _batch_frames(self, batch: Delivery) -> list[bytes]:
        if batch.frame is None:
            batch.frame = SharedChanges(batch.elements, self._token(batch.through, batch.since))
        shared: SharedChanges = batch.frame
        return shared.without(self._staff_id)
