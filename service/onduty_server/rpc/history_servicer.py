"""The history service: pages, export and time in statuses. It converts and asks the journal; it decides nothing."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace

from onduty.v1 import history_service_pb2 as pb
from onduty_server.adapters.codec import duration
from onduty_server.domain.model.errors import PageTokenInvalidError, PositionTooOldError
from onduty_server.domain.model.status import Cause, Instant, Micros, Status
from onduty_server.engine.roster import StaffFilter
from onduty_server.ports import NO_REVISION, HistoryQuery, Record, Revision
from onduty_server.rpc import convert, frames
from onduty_server.rpc.calls import Caller, Method, method_table
from onduty_server.rpc.fields import BATCH_MOST, Fields
from onduty_server.rpc.service import Service
from onduty_server.rpc.streams import telling_stalls

EXPORT_RECORDS = 1_000
EXPORT_BYTES = 1024 * 1024
MOVED_MOST = 10_000
LOOK_AGAIN_SECONDS = 0.002


class HistoryServicer:
    """Behaviours of ``onduty.v1.HistoryService``."""

    def __init__(self, service: Service) -> None:
        """Needs the running engine."""
        self._service = service
        self._engine = service.engine

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        return method_table(
            "HistoryService",
            [
                ("ListTransitions", pb.ListTransitionsRequest, self.list_transitions, False),
                ("ExportTransitions", pb.ExportTransitionsRequest, self.export_transitions, True),
                ("SummarizeTime", pb.SummarizeTimeRequest, self.summarize_time, False),
            ],
        )

    # --- changes ------------------------------------------------------------------------------------------------------

    async def list_transitions(self, caller: Caller, request: pb.ListTransitionsRequest) -> bytes:
        """A page of changes."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        query = _query(fields, caller.tenant, request.filter, newest_first=request.newest_first)
        fields.done()
        self._service.at_least(caller, request.at_least)
        question = f"transitions {request.newest_first} {request.filter.SerializeToString(deterministic=True).hex()}"
        head = self._engine.head  # the journal may be ahead of what is shown
        after = _place(caller, request.page_token, question, head)
        if request.newest_first and not after:
            after = Revision(head + 1)
        # One more than the page tells whether there is another.
        records = await self._engine.journal.history(_from(query, after, size + 1))
        page = [record for record in records[:size] if record.revision <= head]
        more = caller.positions.page_token(question, r=page[-1].revision) if len(records) > size and page else ""
        message = pb.ListTransitionsResponse(next_page_token=more, position=caller.positions.token(head))
        return self._transitions(page) + message.SerializeToString()

    def _transitions(self, records: Iterable[Record]) -> bytes:
        """The repeated field ``transitions = 1``."""
        codec = self._engine.codec
        return b"".join(frames.field(1, codec.change_with_revision(one.change, one.revision)) for one in records)

    async def export_transitions(self, caller: Caller, request: pb.ExportTransitionsRequest) -> AsyncGenerator[bytes, None]:
        """Every change that matches, up to the present."""
        fields = Fields()
        query = _query(fields, caller.tenant, request.filter, newest_first=False)
        fields.done()
        after = NO_REVISION
        if request.resume_after:
            after = caller.positions.revision(request.resume_after, self._engine.head)
            horizon = await self._engine.journal.horizon(caller.tenant)
            if after < horizon:
                raise PositionTooOldError(after, horizon, self._engine.head)
        end = self._engine.head
        done = False
        with telling_stalls(lambda: after):
            while not done:
                records = await self._engine.journal.history(_from(query, after, EXPORT_RECORDS))
                shown = [record for record in records if record.revision <= end]
                frame = _within(shown, EXPORT_BYTES)
                done = len(frame) == len(shown) and (len(records) < EXPORT_RECORDS or len(shown) < len(records))
                after = end if done else frame[-1].revision
                yield self._transitions(frame) + frames.field(2, caller.positions.token(after).encode())

    # --- time ---------------------------------------------------------------------------------------------------------

    async def summarize_time(self, caller: Caller, request: pb.SummarizeTimeRequest) -> pb.SummarizeTimeResponse:
        """Seconds by staff, status and break reason, clipped to the interval."""
        fields = Fields()
        wanted = convert.staff_ids(fields, "staff_ids", request.staff_ids)
        start = Instant(0)
        if request.HasField("starts_at"):
            start = fields.instant("starts_at", request.starts_at)
        else:
            fields.fault("starts_at", "is required")
        now = self._engine.clock.now()
        end = fields.instant("ends_at", request.ends_at) if request.HasField("ends_at") else now
        if end <= start and not fields.faults:
            fields.fault("ends_at", "must be after starts_at")
        fields.done()
        self._service.at_least(caller, request.at_least)
        head = self._engine.head
        sums = await self._sum(caller.tenant, wanted, start, end, now)
        staff = [
            pb.StaffTime(
                staff_id=staff_id,
                times=[
                    pb.StatusTime(status=int(status), break_reason=reason, time=duration(Micros(total)))  # type: ignore[arg-type]
                    for (status, reason), total in sorted(sums.of(staff_id).items())
                ],
            )
            for staff_id in sums.names()
        ]
        response = pb.SummarizeTimeResponse(staff=staff, position=caller.positions.token(head))
        response.ends_at.FromMicroseconds(end)
        return response

    async def _sum(self, tenant: str, wanted: tuple[str, ...], start: Instant, end: Instant, now: Instant) -> "Sums":
        """Closed intervals from the journal, open ones from the roster.

        Where a change is in the one and not in the other, time would be counted twice or not at all: those who changed
        meanwhile are looked at again, until both show the same of everybody.
        """
        sums = Sums()
        asked = wanted
        while True:
            head = self._engine.head
            opened = self._open_intervals(tenant, asked)
            totals = await self._engine.journal.totals(tenant, asked, start, end)
            query = HistoryQuery(tenant, staff_ids=asked, status_changes_only=True, after=head, limit=MOVED_MOST)
            moved = await self._engine.journal.history(query)
            if len(moved) < MOVED_MOST:
                names = {record.key.name for record in moved}
                for one in totals.times:
                    if one.staff_id not in names:
                        sums.add(one.staff_id, one.status, one.break_reason, one.total)
                for staff_id, status, reason, since in opened:
                    if staff_id not in names:
                        sums.add(staff_id, status, reason, min(end, now) - max(start, since))
                sums.calls.update((one.staff_id, one.calls_started) for one in totals.calls if one.staff_id not in names)
                if not names:
                    return sums
                asked = tuple(sorted(names))
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    def _open_intervals(self, tenant: str, asked: tuple[str, ...]) -> list[tuple[str, Status, str, Instant]]:
        """Present status and break reason of these staff (of all, if none are named), and since when."""
        chosen = StaffFilter(staff_ids=frozenset(asked) or None)
        states = (one.state for one in self._engine.rosters(tenant).select(chosen))
        return [(state.staff_id, state.status, state.break_reason, state.status_since) for state in states]


class Sums:
    """Time by staff, and by status and break reason, in microseconds."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._times: dict[str, dict[tuple[Status, str], int]] = {}
        self.calls: dict[str, int] = {}

    def add(self, staff_id: str, status: Status, reason: str, total: int) -> None:
        """Add time; none or less is no time."""
        if total > 0:
            times = self._times.setdefault(staff_id, {})
            times[status, reason] = times.get((status, reason), 0) + total

    def names(self) -> list[str]:
        """Who has time or calls."""
        return sorted({*self._times, *self.calls})

    def of(self, staff_id: str) -> dict[tuple[Status, str], int]:
        """One staff member's times."""
        return self._times.get(staff_id, {})


def _query(fields: Fields, tenant: str, message: pb.TransitionFilter, *, newest_first: bool) -> HistoryQuery:
    start = fields.instant("filter.starts_at", message.starts_at) if message.HasField("starts_at") else None
    end = fields.instant("filter.ends_at", message.ends_at) if message.HasField("ends_at") else None
    if start is not None and end is not None and end <= start and not fields.faults:
        fields.fault("filter.ends_at", "must be after starts_at")
    causes = fields.bounded("filter.causes", message.causes, BATCH_MOST)
    return HistoryQuery(
        tenant,
        staff_ids=convert.staff_ids(fields, "filter.staff_ids", message.staff_ids),
        start=start,
        end=end,
        causes=tuple(fields.enum(f"filter.causes[{n}]", value, Cause) for n, value in enumerate(causes)),
        status_changes_only=message.status_changes_only,
        newest_first=newest_first,
    )


def _within(records: list[Record], most: int) -> list[Record]:
    """The first records whose changes together have at most so many bytes, but at least one."""
    size = 0
    for number, record in enumerate(records):
        size += len(record.change)
        if number and size > most:
            return records[:number]
    return records


def _from(query: HistoryQuery, after: Revision, limit: int) -> HistoryQuery:
    return replace(query, after=after, limit=limit)


def _place(caller: Caller, token: str, question: str, head: Revision) -> Revision:
    if not token:
        return NO_REVISION
    place = caller.positions.page_place(token, question).get("r")
    if not isinstance(place, int) or not 1 <= place <= head:
        raise PageTokenInvalidError
    return Revision(place)
