"""The router service: watching and listing staff, claims, and facts about calls."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Final, TypeGuard

from onduty.v1 import router_service_pb2 as pb
from onduty_server.domain.model.errors import FieldViolation, InvalidFieldsError, PageTokenInvalidError, PositionTooOldError
from onduty_server.domain.model.status import FactOutcome, Instant
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.positions import Reached, filter_mark
from onduty_server.engine.write import transactions
from onduty_server.engine.write.jobs import Answer, JobRequest
from onduty_server.ports import Revision
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.pages import cut_by
from onduty_server.rpc.servicers.backend import Backend, expected_revision
from onduty_server.rpc.servicers.claims import Claims
from onduty_server.rpc.streams import bookmark_interval, farewell, marked, telling_stalls
from onduty_server.wire import convert, splicing
from onduty_server.wire.convert import BatchItem
from onduty_server.wire.fields import Fields

REVISIONS_END: Final = 2**63
TOTALS_END: Final = 2**31

Fact = pb.ReportCallStartedRequest | pb.ReportCallEndedRequest


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a page begins: after which id, and what the first page said of position and total."""

    after: str
    revision: Revision
    total: int


class RouterServicer:
    """Behaviours of ``onduty.v1.RouterService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine
        self._claims = Claims(backend)

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("RouterService")
        return [
            table.unary("ListStaff", pb.ListStaffRequest, self.list_staff),
            table.stream("WatchStaff", pb.WatchStaffRequest, self.watch_staff),
            table.unary("ClaimStaff", pb.ClaimStaffRequest, self._claims.claim_staff),
            table.unary("WithdrawClaim", pb.WithdrawClaimRequest, self._claims.withdraw_claim),
            table.unary("GetClaim", pb.GetClaimRequest, self._claims.get_claim),
            table.unary("ReportCallStarted", pb.ReportCallStartedRequest, self.report_call_started),
            table.unary("ReportCallEnded", pb.ReportCallEndedRequest, self.report_call_ended),
            table.unary("ReportCallEvents", pb.ReportCallEventsRequest, self.report_call_events),
            table.unary("ReconcileCalls", pb.ReconcileCallsRequest, self.reconcile_calls),
        ]

    # --- listing ------------------------------------------------------------------------------------------------------

    async def list_staff(self, caller: Caller, request: pb.ListStaffRequest) -> bytes:
        """A page of staff by id, as of now; a token carries on after an id, with the first page's position and total."""
        fields = Fields()
        staff_filter = self._backend.staff_filter(caller, fields, request.filter)
        size = fields.page_size("page_size", request.page_size)
        fields.done()
        await self._backend.present(caller, request.at_least)
        question = f"staff {filter_mark(staff_filter).hex()}"
        roster = self._engine.rosters.peek(caller.tenant)
        if request.page_token:
            start = _list_place(caller, request.page_token, question)
        else:
            total = len(roster.staff) if staff_filter.is_open else sum(1 for _ in roster.select(staff_filter))
            start = ListPlace("", self._engine.head, total)
        page, more = cut_by(roster.select_after(start.after, staff_filter), size, lambda record: len(record.body))
        token = ""
        if more:
            last = page[-1].state.staff_id
            token = caller.positions.page_token(question, n=last, r=start.revision, c=start.total)
        message = pb.ListStaffResponse(
            next_page_token=token,
            position=caller.positions.token(start.revision, filter_mark(staff_filter)),
            total_size=start.total,
        )
        return b"".join(splicing.field(1, record.body) for record in page) + message.SerializeToString()

    # --- watching -----------------------------------------------------------------------------------------------------

    async def watch_staff(self, caller: Caller, request: pb.WatchStaffRequest) -> AsyncGenerator[bytes, None]:
        """Snapshot or resume, then changes, bookmarks and the farewell."""
        fields = Fields()
        staff_filter = self._backend.staff_filter(caller, fields, request.filter)
        interval = bookmark_interval(fields, request, rehearsal=self._backend.rehearsal)
        delivery = pb.Delivery
        if request.delivery not in delivery.values():
            fields.fault("delivery", f"has no value {request.delivery}")
        if request.resume_after and request.at_least:
            fields.fault("at_least", "cannot be given with resume_after")
        fields.done()
        mark = filter_mark(staff_filter)
        (cursor, since), first = await self._begin(caller, request, staff_filter, mark)
        latest_only = request.delivery == pb.DELIVERY_LATEST_PER_STAFF
        watcher = self._engine.watch(caller.tenant, staff_filter, cursor, since=since, latest_only=latest_only)

        def batch_frames(batch: Delivery) -> list[bytes]:
            if batch.frame is None:
                token = caller.positions.token(batch.through, mark, batch.since)
                batch.frame = splicing.changes(batch.elements, token, conflated=batch.conflated)
            return [batch.frame]

        def here() -> str:
            return caller.positions.token(watcher.cursor, mark, watcher.since)

        following = self._backend.streams.follow(
            watcher,
            interval,
            frames=batch_frames,
            bookmark=lambda: splicing.bookmark(here()),
            going_away=lambda: splicing.going_away(here(), farewell()),
            catching_up=splicing.CATCHING_UP,
        )
        with telling_stalls(lambda: watcher.cursor):
            for frame in first:
                yield marked(frame, watcher, splicing.CATCHING_UP)
            async with aclosing(following) as frames:
                async for frame in frames:
                    yield frame

    async def _begin(
        self, caller: Caller, request: pb.WatchStaffRequest, staff_filter: StaffFilter, mark: bytes
    ) -> tuple[Reached, Any]:
        """Where the watch begins and its first frames: a snapshot, or a bookmark that says the resumed stream lives."""
        if request.resume_after:
            await self._backend.at_least(caller, "")
            reached = await self._backend.reached(caller, request.resume_after, mark)
            needed = reached.through if reached.since is None else reached.since
            if request.delivery != pb.DELIVERY_LATEST_PER_STAFF:
                reached = Reached(needed, None)  # what a walk over the latest states has left out is told from its beginning.
            horizon = await self._engine.journal.horizon(caller.tenant)
            self._backend.check_epoch(caller)
            if needed < horizon:
                raise PositionTooOldError(needed, horizon, self._engine.head)
            return reached, [splicing.bookmark(caller.positions.token(reached.through, mark, reached.since))]
        await self._backend.present(caller, request.at_least)
        # Nothing may be awaited between the head and the bodies: together they are one moment.
        cursor = self._engine.head
        bodies = [record.body for record in self._engine.rosters.peek(caller.tenant).select(staff_filter)]
        return Reached(cursor, None), splicing.snapshot(bodies, caller.positions.token(cursor, mark))

    # --- facts --------------------------------------------------------------------------------------------------------

    async def report_call_started(self, caller: Caller, request: pb.ReportCallStartedRequest) -> bytes:
        """A call started."""
        return await self._report(caller, request)

    async def report_call_ended(self, caller: Caller, request: pb.ReportCallEndedRequest) -> bytes:
        """A call ended."""
        return await self._report(caller, request)

    async def _report(self, caller: Caller, request: Fact) -> bytes:
        answer = await self._backend.commit(caller, self._fact(caller, request))
        extra = splicing.applied(changed=answer.applied) + splicing.outcome(_outcome(answer))
        return self._backend.response(caller, answer, request.staff_id, extra)

    def _fact(self, caller: Caller, request: Fact, item: BatchItem | None = None) -> JobRequest:
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        make = convert.call_started if isinstance(request, pb.ReportCallStartedRequest) else convert.call_ended
        command = make(caller, fields, request, item)
        fields.done()
        run = transactions.report(caller.tenant, staff_id, command, expected_revision(request))
        return caller.asked(run, request, item)

    async def report_call_events(self, caller: Caller, request: pb.ReportCallEventsRequest) -> pb.ReportCallEventsResponse:
        """Facts in order, each on its own."""
        fields = Fields()
        fields.batch("events", len(request.events))
        fields.optional_identifier("request_id", request.request_id)
        fields.done()
        facts = [_fact_of(event) for event in request.events]

        def prepare(fact: Fact | None, item: BatchItem) -> JobRequest:
            if fact is None:
                raise InvalidFieldsError((FieldViolation("event", "is required: set started or ended"),))
            return self._fact(caller, fact, item)

        answers = await self._backend.each(caller, request, facts, prepare)
        results = self._backend.results(caller, facts, answers, lambda fact: fact.staff_id if fact else "", _outcome)
        return pb.ReportCallEventsResponse(results=results, position=self._backend.position(caller))

    # --- reconciliation -----------------------------------------------------------------------------------------------

    async def reconcile_calls(self, caller: Caller, request: pb.ReconcileCallsRequest) -> pb.ReconcileCallsResponse:
        """Make a source's calls what it says they are."""
        fields = Fields()
        call_list = convert.call_list(fields, request)
        origin = convert.origin(caller, fields, request)
        fields.done()
        if request.observed_position:
            call_list = replace(call_list, observed_by_server_at=await self._instant_of(caller, request.observed_position))
        run, cost = transactions.reconcile(caller.tenant, call_list, origin), self._cost(caller, call_list)
        answer = await self._backend.transact(caller, run, request, cost=cost)
        told: dict[str, Any] = {}
        for name in transactions.RECONCILED:
            listed = answer.detail[name]
            told[name] = [_reconciled(*call) for call in listed]
            told[f"total_{name}"] = answer.detail.get("totals", {}).get(name, len(listed))
        position = caller.positions.token(answer.through)
        return pb.ReconcileCallsResponse(**told, position=position, replayed=answer.replayed)

    def _cost(self, caller: Caller, call_list: transactions.CallList) -> int:
        """How many people a list is about: those in it, and all who are in a call where it does not say of whom it is."""
        listed = len(call_list.calls) + len(call_list.staff_ids)
        return 1 + listed + (0 if call_list.staff_ids else len(self._engine.rosters.peek(caller.tenant).in_line))

    async def _instant_of(self, caller: Caller, token: str) -> Instant:
        """When a position of this store was the present: when the last record up to it was made.

        Raises:
            PositionError: The position is not one of this store, or its history is gone.
        """
        revision = (await self._backend.reached(caller, token)).through
        horizon = await self._engine.journal.horizon(caller.tenant)
        if horizon and revision <= horizon:
            raise PositionTooOldError(revision, horizon, self._engine.head)
        return await self._engine.journal.recorded_at(revision) or Instant(0)


def _list_place(caller: Caller, token: str, question: str) -> ListPlace:
    """The place that a token of a list names.

    Raises:
        PageTokenInvalidError: The token was not made for this question.
    """
    place = caller.positions.page_place(token, question)
    after, revision, total = place.get("n"), place.get("r"), place.get("c")
    if not isinstance(after, str) or not after or not _is_below(revision, REVISIONS_END) or not _is_below(total, TOTALS_END):
        raise PageTokenInvalidError
    return ListPlace(after, Revision(revision), total)


def _is_below(value: object, end: int) -> TypeGuard[int]:
    """Whether a part of a token is a number that the answer's field holds."""
    return isinstance(value, int) and 0 <= value < end


def _reconciled(staff_id: str, call_id: str, leg: str, outcome: int = 0) -> pb.ReconciledCall:
    return pb.ReconciledCall(staff_id=staff_id, call_id=call_id, leg=leg, outcome=outcome)  # type: ignore[arg-type]


def _outcome(answer: Answer) -> int:
    """What came of a fact. An answer without a word of it was applied."""
    return int(answer.detail.get("outcome", FactOutcome.APPLIED))


def _fact_of(event: pb.CallEvent) -> Fact | None:
    kind = event.WhichOneof("event")
    return None if kind is None else getattr(event, kind)
