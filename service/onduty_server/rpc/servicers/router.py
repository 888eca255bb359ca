"""The router service: watching and listing staff, claims, and facts about calls."""

from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from onduty.v1 import router_service_pb2 as pb
from onduty_server.domain.model.errors import FieldViolation, InvalidFieldsError, PageTokenInvalidError, PositionTooOldError
from onduty_server.domain.model.status import FactOutcome, Instant
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.change import Delivery
from onduty_server.engine.watch.positions import filter_mark
from onduty_server.engine.write import transactions
from onduty_server.engine.write.jobs import Answer, JobRequest
from onduty_server.ports import Revision
from onduty_server.rpc.gate import Caller, Method, method_table
from onduty_server.rpc.pages import PAGE_BYTES, cut_by
from onduty_server.rpc.servicers.backend import Backend, expected_revision
from onduty_server.rpc.servicers.claims import Claims
from onduty_server.rpc.streams import bookmark_interval, farewell, telling_stalls
from onduty_server.wire import convert, splicing
from onduty_server.wire.convert import BatchItem
from onduty_server.wire.fields import Fields

Fact = pb.ReportCallStartedRequest | pb.ReportCallEndedRequest

PAGED_LISTS_KEPT = 16


class RouterServicer:
    """Behaviours of ``onduty.v1.RouterService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine
        self._lists: OrderedDict[tuple[str, StaffFilter, Revision], list[tuple[str, bytes]]] = OrderedDict()
        self._claims = Claims(backend)

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        return method_table(
            "RouterService",
            [
                ("ListStaff", pb.ListStaffRequest, self.list_staff, False),
                ("WatchStaff", pb.WatchStaffRequest, self.watch_staff, True),
                ("ClaimStaff", pb.ClaimStaffRequest, self._claims.claim_staff, False),
                ("WithdrawClaim", pb.WithdrawClaimRequest, self._claims.withdraw_claim, False),
                ("GetClaim", pb.GetClaimRequest, self._claims.get_claim, False),
                ("ReportCallStarted", pb.ReportCallStartedRequest, self.report_call_started, False),
                ("ReportCallEnded", pb.ReportCallEndedRequest, self.report_call_ended, False),
                ("ReportCallEvents", pb.ReportCallEventsRequest, self.report_call_events, False),
                ("ReconcileCalls", pb.ReconcileCallsRequest, self.reconcile_calls, False),
            ],
        )

    # --- listing ------------------------------------------------------------------------------------------------------

    async def list_staff(self, caller: Caller, request: pb.ListStaffRequest) -> bytes:
        """A page of staff by id; all pages of a list show one revision."""
        fields = Fields()
        chosen = convert.staff_filter(fields, request.filter)
        size = fields.page_size("page_size", request.page_size)
        fields.done()
        await self._backend.present(caller, request.at_least)
        question = f"staff {filter_mark(chosen).hex()}"
        revision, start = self._engine.head, 0
        if request.page_token:
            place = caller.positions.page_place(request.page_token, question)
            if not isinstance(place.get("r"), int) or not isinstance(place.get("n"), int) or place["n"] < 0:
                raise PageTokenInvalidError
            revision, start = Revision(place["r"]), place["n"]
        listed = self._listed(caller.tenant, chosen, revision)
        page, rest = cut_by(listed[start:], size, lambda one: len(one[1]))
        message = pb.ListStaffResponse(
            next_page_token=caller.positions.page_token(question, r=revision, n=start + len(page)) if rest else "",
            position=caller.positions.token(revision, filter_mark(chosen)),
            total_size=len(listed),
        )
        return b"".join(splicing.field(1, body) for _, body in page) + message.SerializeToString()

    def _listed(self, tenant: str, chosen: StaffFilter, revision: Revision) -> list[tuple[str, bytes]]:
        """The whole list at a revision: kept while its pages are read, or made if the revision is the present one."""
        key = (tenant, chosen, revision)
        found = self._lists.get(key)
        if found is None:
            if revision != self._engine.head:
                raise PageTokenInvalidError
            selected = self._engine.rosters.peek(tenant).select(chosen)
            found = sorted((one.state.staff_id, one.body) for one in selected)
            self._lists[key] = found
            if len(self._lists) > PAGED_LISTS_KEPT:
                self._lists.popitem(last=False)
        else:
            self._lists.move_to_end(key)
        return found

    # --- watching -----------------------------------------------------------------------------------------------------

    async def watch_staff(self, caller: Caller, request: pb.WatchStaffRequest) -> AsyncGenerator[bytes, None]:
        """Snapshot or resume, then changes, bookmarks and the farewell."""
        fields = Fields()
        chosen = convert.staff_filter(fields, request.filter)
        interval = bookmark_interval(fields, request, rehearsal=self._backend.rehearsal)
        delivery = pb.Delivery
        if request.delivery not in delivery.values():
            fields.fault("delivery", f"has no value {request.delivery}")
        if request.resume_after and request.at_least:
            fields.fault("at_least", "cannot be given with resume_after")
        fields.done()
        mark = filter_mark(chosen)
        cursor, first = await self._begin(caller, request, chosen, mark)
        watcher = self._engine.watch(
            caller.tenant, chosen, cursor, latest_only=request.delivery == pb.DELIVERY_LATEST_PER_STAFF
        )

        def batch_frames(batch: Delivery) -> list[bytes]:
            if batch.frame is None:
                token = caller.positions.token(batch.through, mark)
                batch.frame = splicing.changes(batch.elements, token, conflated=batch.conflated)
            return [batch.frame]

        def here() -> str:
            return caller.positions.token(watcher.cursor, mark)

        following = self._backend.streams.follow(
            watcher,
            interval,
            frames=batch_frames,
            bookmark=lambda: splicing.bookmark(here()),
            going_away=lambda: splicing.going_away(here(), farewell()),
        )
        with telling_stalls(lambda: watcher.cursor):
            for frame in first:
                yield frame
            async with aclosing(following) as told:
                async for frame in told:
                    yield frame

    async def _begin(
        self, caller: Caller, request: pb.WatchStaffRequest, chosen: StaffFilter, mark: bytes
    ) -> tuple[Revision, Any]:
        """Where the watch begins and its first frames: a snapshot, or a bookmark that says the resumed stream lives."""
        if request.resume_after:
            cursor = caller.positions.revision(request.resume_after, self._engine.head, mark)
            horizon = await self._engine.journal.horizon(caller.tenant)
            if cursor < horizon:
                raise PositionTooOldError(cursor, horizon, self._engine.head)
            return cursor, [splicing.bookmark(caller.positions.token(cursor, mark))]
        await self._backend.present(caller, request.at_least)
        # Nothing may be awaited between the head and the bodies: together they are one moment.
        cursor = self._engine.head
        bodies = [record.body for record in self._engine.rosters.peek(caller.tenant).select(chosen)]
        return cursor, splicing.snapshot(bodies, caller.positions.token(cursor, mark))

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
        return self._backend.told(caller, answer, request.staff_id, extra)

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

        answers = await self._backend.each(caller, request.request_id, facts, prepare)
        results = self._backend.results(caller, facts, answers, lambda fact: fact.staff_id if fact else "", _outcome)
        return pb.ReportCallEventsResponse(results=results, position=self._backend.position(caller))

    # --- reconciliation -----------------------------------------------------------------------------------------------

    async def reconcile_calls(self, caller: Caller, request: pb.ReconcileCallsRequest) -> pb.ReconcileCallsResponse:
        """Make a source's calls what it says they are."""
        fields = Fields()
        told = convert.call_list(fields, request)
        origin = convert.origin(caller, fields, request)
        fields.done()
        if request.observed_position:
            told = replace(told, observed_by_server_at=await self._instant_of(caller, request.observed_position))
        answer = await self._engine.transact(
            caller.tenant, transactions.reconcile(caller.tenant, told, origin), caller.request_key(request)
        )
        detail = answer.detail
        lists = {name: detail[name] for name in ("ended", "started", "unknown_staff", "not_started")}
        return pb.ReconcileCallsResponse(
            **_within_a_page(lists),
            total_ended=len(lists["ended"]),
            total_started=len(lists["started"]),
            total_unknown_staff=len(lists["unknown_staff"]),
            total_not_started=len(lists["not_started"]),
            position=caller.positions.token(answer.through),
            replayed=answer.replayed,
        )

    async def _instant_of(self, caller: Caller, token: str) -> Instant:
        """When a position of this store was the present: when the last record up to it was made.

        Raises:
            PositionError: The position is not one of this store, or its history is gone.
        """
        revision = caller.positions.revision(token, self._engine.head)
        horizon = await self._engine.journal.horizon(caller.tenant)
        if horizon and revision <= horizon:
            raise PositionTooOldError(revision, horizon, self._engine.head)
        return await self._engine.journal.recorded_at(revision) or Instant(0)


def _within_a_page(lists: dict[str, list[Any]]) -> dict[str, Any]:
    """The first of what reconciling changed, as much of it as an answer holds."""
    told: dict[str, list[pb.ReconciledCall]] = {name: [] for name in lists}
    left = PAGE_BYTES
    for name, found in lists.items():
        for one in found:
            message = _reconciled(*one)
            left -= message.ByteSize()
            if left < 0:
                return told
            told[name].append(message)
    return told


def _reconciled(staff_id: str, call_id: str, leg: str, outcome: int = 0) -> pb.ReconciledCall:
    return pb.ReconciledCall(staff_id=staff_id, call_id=call_id, leg=leg, outcome=outcome)  # type: ignore[arg-type]


def _outcome(answer: Answer) -> int:
    """What came of a fact. An answer without a word of it was applied."""
    return int(answer.detail.get("outcome", FactOutcome.APPLIED))


def _fact_of(event: pb.CallEvent) -> Fact | None:
    kind = event.WhichOneof("event")
    return None if kind is None else getattr(event, kind)
