"""What every servicer is given, and how the engine's answer about one staff member becomes bytes."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from onduty.v1 import staff_pb2
from onduty.v1.batch_pb2 import ItemResult, ItemTaken
from onduty_server.domain.model.commands import Attach, Command, Detach, Origin
from onduty_server.domain.model.errors import (
    OndutyError,
    PageTokenInvalidError,
    PositionEpochEndedError,
    PositionInFutureError,
    StaffUnknownError,
)
from onduty_server.domain.model.skill_groups import names
from onduty_server.engine.engine import Engine
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.positions import Reached
from onduty_server.engine.write import transactions
from onduty_server.engine.write.jobs import Answer, JobBody, JobRequest
from onduty_server.metering import UNMETERED
from onduty_server.past import ConfigurationQuery
from onduty_server.ports import RecordKind, Revision
from onduty_server.rpc.caller import Caller, IdempotentRequest
from onduty_server.rpc.error_map import status_of
from onduty_server.rpc.forwarding.forwarder import Forwarder
from onduty_server.rpc.request_meter import RefusalMeter
from onduty_server.rpc.streams import Streams
from onduty_server.wire import convert, splicing
from onduty_server.wire.convert import BatchItem
from onduty_server.wire.fields import Fields

R = TypeVar("R")

DETAIL_BYTES_OF_A_BATCH: Final = 2 * 1024 * 1024
"""What the errors of a batch's items have together, before they tell ErrorInfo alone: clients take 4 MiB by default."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The engine, the open streams, whether lengths of time may be as short as in a rehearsal, and who counts refusals.

    ``forwarder`` is the way to whoever decides; None: this process does.
    """

    engine: Engine
    streams: Streams
    rehearsal: bool = False
    refusals: RefusalMeter = field(default_factory=lambda: RefusalMeter(UNMETERED))
    forwarder: Forwarder | None = None

    async def attach(self, caller: Caller, staff_id: str, command: Attach) -> Revision:
        """A workspace comes; returns the revision of the staff member, which is shown here.

        Raises:
            OndutyError: Refused, or not durable.
        """
        if self.forwarder is not None:
            self.staff_record(caller, staff_id)
            return await self.forwarder.attach(caller.tenant, staff_id, command)
        attach = transactions.held_to(caller.view, transactions.act(caller.tenant, staff_id, command, None))
        record = (await self.engine.transact(caller.tenant, attach)).staff
        assert record is not None, "attaching is never answered from memory"
        return record.revision

    async def detach(self, tenant: str, staff_id: str, command: Detach) -> None:
        """A workspace has gone.

        Raises:
            OndutyError: Not durable, or nobody has the id any more.
        """
        if self.forwarder is not None:
            await self.forwarder.submit_own(tenant, staff_id, command)
        else:
            await self.engine.submit_own(tenant, staff_id, command)

    async def at_least(self, caller: Caller, token: str) -> None:
        """Have the shown state be current, and at or after a position; an empty one is no demand.

        Raises:
            BehindError: It is not within two seconds.
            PositionError: The position is not one of this store, or nobody has reached it.
        """
        if not self.engine.confirmed.is_current:
            await self.engine.confirmed.confirm()
        if token:
            await self.reached(caller, token)

    async def reached(self, caller: Caller, token: str, mark: bytes | None = None) -> Reached:
        """What a position says, once it is shown here. ``mark`` is that of a filter; see ``Positions.reached``.

        Raises:
            BehindError: It is not within two seconds.
            PositionError: The position is not one of this store, or nobody has reached it.
        """
        try:
            reached = caller.positions.reached(token, self.engine.head, mark)
        except PositionInFutureError as error:
            await self.engine.confirmed.reach(Revision(error.requested))
            reached = caller.positions.reached(token, self.engine.head, mark)
        self.check_epoch(caller)
        return reached

    def check_epoch(self, caller: Caller) -> None:
        """Refuse to go on from a position after a wait in which history was cut: its revision is of another history now.

        Raises:
            PositionEpochEndedError: It was.
        """
        if caller.positions.epoch != self.engine.positions(caller.tenant).epoch:
            raise PositionEpochEndedError

    async def present(self, caller: Caller, token: str = "") -> None:
        """Have what is shown next be fit for it: no deadline has passed by more than a second, and a position is reached."""
        await self.engine.fire_overdue()
        await self.at_least(caller, token)

    async def refuse_after_erasure(self, caller: Caller, revision: Revision) -> None:
        """Refuse to go on from a page of the past when a person has been erased since: what is theirs has moved to another id.

        Raises:
            PageTokenInvalidError: An erasure has been ordered since the revision.
        """
        query = ConfigurationQuery(caller.tenant, (int(RecordKind.ERASURE),), after=revision, limit=1)
        if (await self.engine.journal.configuration_changes(query)).changes:
            raise PageTokenInvalidError

    def position(self, caller: Caller, revision: Revision | None = None) -> str:
        """A position that fits any filter: of a revision, or of the present."""
        return caller.positions.token(self.engine.head if revision is None else revision)

    def staff_record(self, caller: Caller, staff_id: str) -> StaffRecord:
        """The durable record of a staff member.

        Raises:
            StaffUnknownError: There is none that the caller may see.
        """
        found = self.engine.rosters.peek(caller.tenant).staff.get(staff_id)
        if found is None or not self.sees(caller, found):
            raise StaffUnknownError(staff_id)
        return found

    def sees(self, caller: Caller, record: StaffRecord) -> bool:
        """Whether the caller may see somebody."""
        view = caller.view
        return view is None or view.holds(names(record.state.skill_groups))

    def staff_filter(self, caller: Caller, fields: Fields, message: staff_pb2.StaffFilter) -> StaffFilter:
        """The filter that a request asks for, held to the caller's view."""
        asked, view = convert.staff_filter(fields, message), caller.view
        return asked if view is None else replace(asked, view=view)

    def body(self, caller: Caller, answer: Answer, staff_id: str = "") -> bytes:
        """The staff member's encoded state in an answer; for one given before whose record is gone, the present state."""
        if answer.staff is not None:
            return answer.staff.body
        if answer.record is not None:
            return self.engine.codec.state_with_revision(answer.record.state, answer.record.revision)
        return self.staff_record(caller, staff_id).body

    def staff_id(self, answer: Answer, body: bytes) -> str:
        """Whom an answer is about; only one that was given before has to be looked into."""
        if answer.staff is not None:
            return answer.staff.state.staff_id
        return staff_pb2.Staff.FromString(body).staff_id

    def asked(self, caller: Caller, staff_id: str, command: Command, request: Any, item: BatchItem | None = None) -> JobRequest:
        """A command for one staff member as a job, guarded and idempotent as the request says."""
        run = transactions.act(caller.tenant, staff_id, command, expected_revision(request))
        return caller.asked(run, request, item)

    def submit(self, caller: Caller, staff_id: str, command: Command, request: Any) -> Coroutine[Any, Any, Answer]:
        """Decide a command for one staff member and commit it, guarded and idempotent as the request says."""
        return self.commit(caller, self.asked(caller, staff_id, command, request))

    def transact(self, caller: Caller, run: JobBody, request: Any, *, cost: int = 1) -> Coroutine[Any, Any, Answer]:
        """Run a job that a request asks for; ``cost`` is about how many people it looks at."""
        asked = caller.asked(run, request)
        return self.engine.transact(caller.tenant, asked.body, asked.request, cost=cost)

    def commit(self, caller: Caller, asked: JobRequest) -> Coroutine[Any, Any, Answer]:
        """Run a job that ``Caller.asked`` made."""
        return self.engine.transact(caller.tenant, asked.body, asked.request)

    async def each(
        self, caller: Caller, batch: IdempotentRequest, requests: Sequence[R], prepare: Callable[[R, BatchItem], JobRequest]
    ) -> list[Answer | OndutyError]:
        """What comes of each item of a batch, in order; ``prepare`` makes it a job, or raises an OndutyError."""
        item = BatchItem(batch.request_id, Origin(caller.actor(), batch.request_id))
        asked: list[JobRequest | OndutyError] = []
        for request in requests:
            try:
                asked.append(prepare(request, item))
            except OndutyError as error:
                asked.append(error)
        return await self.engine.transact_all(caller.tenant, asked, caller.request_key(batch))

    def response(self, caller: Caller, answer: Answer, staff_id: str = "", extra: bytes = b"") -> bytes:
        """The encoded answer about one staff member."""
        return splicing.answer(
            self.body(caller, answer, staff_id),
            caller.positions.token(answer.through),
            replayed=answer.replayed,
            extra=extra,
        )

    def results(
        self,
        caller: Caller,
        requests: Sequence[R],
        answers: Sequence[Answer | OndutyError],
        whose: Callable[[R], str],
        outcome: Callable[[Answer], int] = lambda _: 0,
    ) -> list[ItemResult]:
        """The result of each item of a batch; ``whose`` tells whom an item is about, ``outcome`` what came of a fact."""
        results, left = [], DETAIL_BYTES_OF_A_BATCH
        for request, answer in zip(requests, answers, strict=True):
            if isinstance(answer, Answer):
                results.append(ItemResult(taken=self._taken(caller, answer, whose(request), outcome(answer))))
                continue
            self.refusals.refused(answer)
            error = status_of(answer)[1]
            left -= error.ByteSize()
            if left < 0:
                del error.details[1:]
            results.append(ItemResult(error=error))
        return results

    def _taken(self, caller: Caller, answer: Answer, staff_id: str, outcome: int) -> ItemTaken:
        if answer.staff is not None:
            revision, status = int(answer.staff.revision), int(answer.staff.state.status)
        else:
            staff = staff_pb2.Staff.FromString(self.body(caller, answer, staff_id))
            revision, status = staff.revision, int(staff.status)
        return ItemTaken(
            revision=revision,
            status=status,  # type: ignore[arg-type]
            replayed=answer.replayed,
            applied=answer.applied,
            outcome=outcome,  # type: ignore[arg-type]
        )


def expected_revision(request: Any) -> int | None:
    """The revision that a request expects; None for any."""
    return request.expected_revision if request.HasField("expected_revision") else None
