"""The workspace service: the calls and streams of one staff member's desktop."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

import structlog

from onduty.v1 import policy_pb2
from onduty.v1 import workspace_service_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import SYSTEM
from onduty_server.domain.model.errors import AttachmentReplacedError, OndutyError, StaffUnknownError
from onduty_server.domain.model.policy import BUILT_IN_REASON, NO_ANSWER_REASON
from onduty_server.domain.model.state import Attachment
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.engine.watch.change import Delivery
from onduty_server.ports import Revision
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.methods import Method, MethodTable
from onduty_server.rpc.pages import cut, name_after
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.rpc.servicers.colleague_watch import ColleagueWatch
from onduty_server.rpc.streams import bookmark_interval, farewell, telling_stalls
from onduty_server.wire import convert, splicing
from onduty_server.wire.configuration_messages import break_reason_message
from onduty_server.wire.fields import NAME_LENGTH, NOTE_LENGTH, Fields

log = structlog.get_logger(__name__)

DETACH_RETRY_SECONDS = 1.0


class WorkspaceServicer:
    """Behaviours of ``onduty.v1.WorkspaceService``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine
        self._numbers = itertools.count(1)
        self._departures: set[asyncio.Task[None]] = set()

    def methods(self) -> list[Method]:
        """The table of this service's methods."""
        table = MethodTable("WorkspaceService")
        return [
            table.unary("GetStaff", pb.GetStaffRequest, self.get_staff),
            table.unary("ChangeStatus", pb.ChangeStatusRequest, self.change_status),
            table.unary("BackToReception", pb.BackToReceptionRequest, self.back_to_reception),
            table.unary("ContinueAfterCallWork", pb.ContinueAfterCallWorkRequest, self.continue_after_call_work),
            table.unary("SetNextStatus", pb.SetNextStatusRequest, self.set_next_status),
            table.unary("ClearNextStatus", pb.ClearNextStatusRequest, self.clear_next_status),
            table.unary("PlaceCall", pb.PlaceCallRequest, self.place_call),
            table.unary("AcceptOffer", pb.AcceptOfferRequest, self.accept_offer),
            table.unary("DeclineOffer", pb.DeclineOfferRequest, self.decline_offer),
            table.unary("ListBreakReasons", pb.ListBreakReasonsRequest, self.list_break_reasons),
            table.stream("Attach", pb.AttachRequest, self.attach),
            table.stream("WatchColleagues", pb.WatchColleaguesRequest, self.watch_colleagues),
        ]

    # --- reading ------------------------------------------------------------------------------------------------------

    async def get_staff(self, caller: Caller, request: pb.GetStaffRequest) -> bytes:
        """The present state."""
        fields = Fields()
        fields.identifier("staff_id", request.staff_id)
        fields.done()
        await self._backend.present(caller, request.at_least)
        body = self._backend.staff_record(caller, request.staff_id).body
        return splicing.answer(body, self._backend.position(caller))

    async def list_break_reasons(self, caller: Caller, request: pb.ListBreakReasonsRequest) -> pb.ListBreakReasonsResponse:
        """The catalogue, by code."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        fields.done()
        await self._backend.at_least(caller, request.at_least)
        question = f"break reasons {request.include_disabled}"
        after = name_after(caller.positions, request.page_token, question)
        roster = self._engine.rosters.peek(caller.tenant)
        found = {
            code: break_reason_message(setting.value, setting.revision)
            for code, setting in roster.break_reasons.items()
            if setting.value is not None
        }
        found.setdefault(NO_ANSWER_REASON, break_reason_message(BUILT_IN_REASON))
        codes = sorted(code for code in found if code > after and (request.include_disabled or _choosable(found[code])))
        page, more = cut((found[code] for code in codes), size)
        return pb.ListBreakReasonsResponse(
            break_reasons=page,
            position=self._backend.position(caller),
            next_page_token=caller.positions.page_token(question, n=page[-1].code) if more else "",
        )

    # --- asking -------------------------------------------------------------------------------------------------------

    async def _ask(
        self, caller: Caller, request: Any, make: Callable[[Fields, commands.Origin], commands.Command], *, note: str = ""
    ) -> bytes:
        """Check, decide, commit, and answer with the state."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        fields.text("note", note, NOTE_LENGTH)
        command = make(fields, convert.origin(caller, fields, request, staff_id=staff_id, note=note))
        fields.done()
        answer = await self._backend.submit(caller, staff_id, command, request)
        return self._backend.response(caller, answer, staff_id)

    async def change_status(self, caller: Caller, request: pb.ChangeStatusRequest) -> bytes:
        """Choose a status."""

        def make(fields: Fields, origin: commands.Origin) -> commands.Command:
            return commands.ChangeStatus(convert.choice(fields, request), origin)

        return await self._ask(caller, request, make, note=request.note)

    async def back_to_reception(self, caller: Caller, request: pb.BackToReceptionRequest) -> bytes:
        """End the wrap-up."""
        return await self._ask(caller, request, lambda _fields, origin: commands.BackToReception(origin))

    async def continue_after_call_work(self, caller: Caller, request: pb.ContinueAfterCallWorkRequest) -> bytes:
        """Stop the countdown."""
        return await self._ask(caller, request, lambda _fields, origin: commands.ContinueAfterCallWork(origin))

    async def set_next_status(self, caller: Caller, request: pb.SetNextStatusRequest) -> bytes:
        """Set the choice after the call."""

        def make(fields: Fields, origin: commands.Origin) -> commands.Command:
            return commands.SetNextStatus(convert.choice(fields, request), origin)

        return await self._ask(caller, request, make)

    async def clear_next_status(self, caller: Caller, request: pb.ClearNextStatusRequest) -> bytes:
        """Take the next choice back."""
        return await self._ask(caller, request, lambda _fields, origin: commands.ClearNextStatus(origin))

    async def place_call(self, caller: Caller, request: pb.PlaceCallRequest) -> bytes:
        """Dial by hand."""
        return await self._ask(caller, request, lambda fields, _origin: convert.placed_call(caller, fields, request))

    async def accept_offer(self, caller: Caller, request: pb.AcceptOfferRequest) -> bytes:
        """Accept the offered call."""

        def make(fields: Fields, origin: commands.Origin) -> commands.Command:
            return commands.AcceptOffer(fields.claim_id(request.claim_id), origin)

        return await self._ask(caller, request, make)

    async def decline_offer(self, caller: Caller, request: pb.DeclineOfferRequest) -> bytes:
        """Decline the offered call."""

        def make(fields: Fields, origin: commands.Origin) -> commands.Command:
            return commands.DeclineOffer(fields.claim_id(request.claim_id), origin)

        return await self._ask(caller, request, make, note=request.note)

    # --- attaching ----------------------------------------------------------------------------------------------------

    async def attach(self, caller: Caller, request: pb.AttachRequest) -> AsyncGenerator[bytes, None]:
        """Hold the workspace attached for as long as the stream lives and no newer one takes its place."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        workspace_id = fields.optional_identifier("workspace_id", request.workspace_id)
        user_agent = fields.text("user_agent", request.user_agent, NAME_LENGTH)
        interval = bookmark_interval(fields, request, rehearsal=self._backend.rehearsal)
        fields.done()
        self._backend.staff_record(caller, staff_id)
        number, instance_id = f"{next(self._numbers)}", self._engine.instance_id
        attachment = Attachment(number, instance_id, workspace_id or f"{instance_id}-{number}", user_agent)
        origin = commands.Origin(caller.actor(staff_id))
        self._engine.attachments.streams.opened(caller.tenant, staff_id, attachment)
        attach = commands.Attach(attachment, origin)
        attaching = asyncio.ensure_future(self._backend.attach(caller, staff_id, attach))
        try:
            revision = await asyncio.shield(attaching)
            staff_filter = StaffFilter(staff_ids=frozenset({staff_id}))
            watcher = self._engine.watch(
                caller.tenant,
                staff_filter,
                Revision(revision - 1),
                holds=lambda: self._is_attached(caller, staff_id, attachment),
            )

            def batch_frames(batch: Delivery) -> list[bytes]:
                token = caller.positions.token(batch.through)
                return [splicing.attached(element, token) for element in batch.elements]

            following = self._backend.streams.follow(
                watcher,
                interval,
                frames=batch_frames,
                bookmark=lambda: splicing.attached_bookmark(caller.positions.token(watcher.cursor)),
                going_away=lambda: splicing.attached_going_away(caller.positions.token(watcher.cursor), farewell()),
            )
            with telling_stalls(lambda: watcher.cursor):
                async with aclosing(following) as frames:
                    async for frame in frames:
                        yield frame
                if watcher.holds():
                    return  # it has come of age, and was told so.
                if self._is_replaced(caller.tenant, staff_id, attachment):
                    raise AttachmentReplacedError(attachment.workspace_id)
                yield splicing.attached_going_away(caller.positions.token(watcher.cursor), farewell())
        finally:
            self._depart(caller, staff_id, attachment, attaching)

    def _is_attached(self, caller: Caller, staff_id: str, attachment: Attachment) -> bool:
        """Whether this stream is the workspace's: nothing has taken its place, and the caller may still see the staff member.

        Who is deleted is told so by it.
        """
        record = self._engine.rosters.peek(caller.tenant).staff.get(staff_id)
        if record is None:
            return True
        attachments = record.state.connection.attachments
        return self._backend.sees(caller, record) and any(_same_stream(held, attachment) for held in attachments)

    def _is_replaced(self, tenant: str, staff_id: str, attachment: Attachment) -> bool:
        record = self._engine.rosters.peek(tenant).staff.get(staff_id)
        held = () if record is None else record.state.connection.attachments
        return any(other.workspace_id == attachment.workspace_id and not _same_stream(other, attachment) for other in held)

    def _depart(self, caller: Caller, staff_id: str, attachment: Attachment, attaching: "asyncio.Future[Any]") -> None:
        """Detach in a task of its own: the stream's task may be cancelled. A draining server leaves it to the next start."""
        self._engine.attachments.streams.closed(caller.tenant, staff_id, attachment)
        if self._backend.streams.draining:
            attaching.cancel()
            return
        task = asyncio.create_task(self._detach(caller.tenant, staff_id, attachment, attaching))
        self._departures.add(task)
        task.add_done_callback(self._departures.discard)

    async def _detach(self, tenant: str, staff_id: str, attachment: Attachment, attaching: "asyncio.Future[Any]") -> None:
        await asyncio.wait((attaching,))
        if attaching.cancelled() or attaching.exception() is not None:
            return
        command = commands.Detach(attachment.attachment_id, attachment.instance_id, commands.Origin(SYSTEM))
        while not self._backend.streams.draining:
            try:
                await self._backend.detach(tenant, staff_id, command)
            except StaffUnknownError:
                return
            except OndutyError:
                await asyncio.sleep(DETACH_RETRY_SECONDS)
            else:
                return

    # --- colleagues ---------------------------------------------------------------------------------------------------

    def watch_colleagues(self, caller: Caller, request: pb.WatchColleaguesRequest) -> AsyncGenerator[bytes, None]:
        """What the staff member may see of colleagues, for as long as they may see it."""
        fields = Fields()
        staff_id = fields.identifier("staff_id", request.staff_id)
        interval = bookmark_interval(fields, request, rehearsal=self._backend.rehearsal)
        fields.done()
        return ColleagueWatch(self._backend, caller, staff_id).frames(request.resume_after, interval)

    async def close(self) -> None:
        """Wait for departures that are under way."""
        if self._departures:
            await asyncio.wait(tuple(self._departures))


def _choosable(reason: policy_pb2.BreakReason) -> bool:
    return reason.enabled and not reason.built_in


def _same_stream(known: Attachment, other: Attachment) -> bool:
    return (known.attachment_id, known.instance_id) == (other.attachment_id, other.instance_id)
