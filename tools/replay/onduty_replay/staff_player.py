"""Plays one person's shifts in the planned order; it never looks ahead and never skips.

It is the person's workspace, and the router and telephony as far as they deal with that person.
"""

import asyncio
from collections.abc import Awaitable, Callable, Set
from typing import Final, TypeVar

from google.protobuf.message import Message

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2
from onduty_client.services import AboutStaff, UnaryMethod
from onduty_replay.floor import BREAK_REASON
from onduty_replay.metronome import Metronome
from onduty_replay.pace import MARGIN_SECONDS
from onduty_replay.plan import StaffPlan
from onduty_replay.timeline import Happening, PlannedCall, Shift, Step
from onduty_replay.wire import RequestRefusedError, Wire
from onduty_replay.workspace import Workspace

CLAIM_ATTEMPTS: Final = 20
"""How often one call's claim is tried; each refusal waits for its cause to end."""
ATTACH_SECONDS: Final = MARGIN_SECONDS - 1
"""Simulated seconds before the sign-in at which the workspace attaches."""


Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=AboutStaff)


class StaffPlayer:
    """One person's day after day."""

    def __init__(
        self,
        person: StaffPlan,
        workspace: Workspace,
        wire: Wire,
        *,
        metronome: Metronome,
        hung_up_call_ids: Set[str],
    ) -> None:
        """``hung_up_call_ids`` are the calls that may ring at this person for a moment and that nobody answers."""
        self._person = person
        self._workspace = workspace
        self._wire = wire
        self._tally = wire.tally
        self._metronome = metronome
        self._hung_up_call_ids = hung_up_call_ids
        self._claim_id = ""
        self._do: dict[Happening, Callable[[Step], Awaitable[None]]] = {
            Happening.SIGN_IN: self._sign_in,
            Happening.BACK_TO_RECEPTION: self._leave_wrap_up,
            Happening.CLAIM: self._claim,
            Happening.ACCEPT: self._accept,
            Happening.CALL_STARTED: self._second_call,
            Happening.CALL_ENDED: self._call_ended,
            Happening.BREAK_START: self._break_start,
            Happening.BREAK_END: self._break_end,
            Happening.SIGN_OUT: self._sign_out,
        }

    async def play(self) -> None:
        """Every shift, each with its workspace attached."""
        for shift in self._person.shifts:
            await self._metronome.until(shift.begins_at - ATTACH_SECONDS)
            async with self._workspace.attached():
                await self._play_shift(shift)

    async def _play_shift(self, shift: Shift) -> None:
        for step in shift.steps:
            await self._metronome.until(step.at)
            try:
                await self._do[step.happening](step)
            except RequestRefusedError as refused:
                if refused.current:
                    self._workspace.note(refused.current)
                self._surprise(step, str(refused))

    async def _sign_in(self, step: Step) -> None:
        await self._change(step, staff_pb2.STATUS_AVAILABLE)

    async def _break_start(self, step: Step) -> None:
        await self._leave_wrap_up(step)
        await self._change(step, staff_pb2.STATUS_ON_BREAK, BREAK_REASON)

    async def _break_end(self, step: Step) -> None:
        await self._change(step, staff_pb2.STATUS_AVAILABLE)

    async def _sign_out(self, step: Step) -> None:
        await self._leave_wrap_up(step)
        await self._change(step, staff_pb2.STATUS_OFFLINE)

    async def _change(self, step: Step, status: staff_pb2.Status, break_reason: str = "") -> None:
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=self._person.staff_id,
            choice=staff_pb2.StatusChoice(status=status, break_reason=break_reason),
            request_id=self._wire.request_id(),
        )
        await self._ask(step, self._wire.workspace.ChangeStatus, request)

    async def _leave_wrap_up(self, step: Step) -> None:
        """End a wrap-up that still lasts; the countdown may be quicker."""
        if self._workspace.known.status != staff_pb2.STATUS_AFTER_CALL_WORK:
            return
        request = workspace_service_pb2.BackToReceptionRequest(
            staff_id=self._person.staff_id, request_id=self._wire.request_id()
        )
        try:
            await self._ask(step, self._wire.workspace.BackToReception, request)
        except RequestRefusedError as refused:
            if not refused.current or refused.current.status != staff_pb2.STATUS_AVAILABLE:
                raise
            self._workspace.note(refused.current)
            self._explain(refused, "the countdown had ended the wrap-up while the request was on its way")
        else:
            self._tally.back_to_reception += 1

    async def _claim(self, step: Step) -> None:
        call = _call_of(step)
        await self._leave_wrap_up(step)
        self._claim_id = ""
        for _ in range(CLAIM_ATTEMPTS):
            request = router_service_pb2.ClaimStaffRequest(
                call_id=self._wire.call_id(call.call_id),
                named=router_service_pb2.NamedStaff(staff_id=self._person.staff_id),
                source=self._wire.source,
                request_id=self._wire.request_id(),
            )
            try:
                answer = await self._ask(step, self._wire.router.ClaimStaff, request)
            except RequestRefusedError as refused:
                await self._wait_to_be_assignable(refused)
                continue
            self._claim_id = answer.claim_id
            return

    async def _wait_to_be_assignable(self, refused: RequestRefusedError) -> None:
        current = refused.current
        if not current or refused.reason != "STAFF_NOT_ASSIGNABLE":
            raise refused
        ringing = current.offer.call_id
        if ringing and ringing in self._hung_up_call_ids:
            explanation = "the call of a caller who hung up was ringing there; claimed again when it stopped"
        elif not ringing and current.status == staff_pb2.STATUS_AVAILABLE and not current.connection.workspaces:
            explanation = "the workspace was on its way back to a server that had gone; claimed again when it was there"
        else:
            raise refused
        self._workspace.note(current)
        self._explain(refused, explanation)
        # A workspace that comes back is a change too. The stream's state may still be the one of before the server went.
        least = current.revision if ringing else current.revision + 1
        await self._workspace.until(
            lambda staff: staff.revision >= least and (not ringing or staff.offer.call_id != ringing), "a claim to be possible"
        )

    async def _accept(self, step: Step) -> None:
        if not self._claim_id:
            self._tally.calls_not_claimed += 1
            await self._report_started(step)
            return
        claim_id, self._claim_id = self._claim_id, ""
        await self._workspace.until(lambda staff: staff.offer.claim_id == claim_id, f"the offer {claim_id}")
        request = workspace_service_pb2.AcceptOfferRequest(
            staff_id=self._person.staff_id, claim_id=claim_id, request_id=self._wire.request_id()
        )
        await self._ask(step, self._wire.workspace.AcceptOffer, request)
        self._tally.offers_accepted += 1

    async def _second_call(self, step: Step) -> None:
        call_id = self._wire.call_id(_call_of(step).call_id)
        staff = await self._report_started(step)
        if any(call.call_id == call_id and call.irregular for call in staff.calls):
            self._tally.irregular += 1
        else:
            self._surprise(step, f"{call_id} was not flagged irregular")

    async def _report_started(self, step: Step) -> staff_pb2.Staff:
        request = router_service_pb2.ReportCallStartedRequest(
            staff_id=self._person.staff_id,
            call_id=self._wire.call_id(_call_of(step).call_id),
            direction=staff_pb2.DIRECTION_INBOUND,
            source=self._wire.source,
            request_id=self._wire.request_id(),
        )
        answer: router_service_pb2.ReportCallStartedResponse = await self._ask(
            step, self._wire.router.ReportCallStarted, request
        )
        if not answer.applied:
            self._surprise(step, f"the start of {request.call_id} changed nothing")
        return answer.staff

    async def _call_ended(self, step: Step) -> None:
        request = router_service_pb2.ReportCallEndedRequest(
            staff_id=self._person.staff_id,
            call_id=self._wire.call_id(_call_of(step).call_id),
            source=self._wire.source,
            request_id=self._wire.request_id(),
        )
        answer = await self._ask(step, self._wire.router.ReportCallEnded, request)
        self._tally.calls_ended += 1
        if not answer.applied:
            self._surprise(step, f"the end of {request.call_id} changed nothing")

    async def _ask(self, step: Step, method: UnaryMethod[Request, Answer], request: Request) -> Answer:
        """The answer, with its state taken and its instant held against the time that the request took."""
        loop = asyncio.get_running_loop()
        sent = loop.time()
        answer = await self._wire.ask(method, request)
        self._workspace.note(answer.staff)
        changed_at = answer.staff.changed_at.ToMicroseconds()
        if not self._metronome.could_be(changed_at, sent, loop.time()):
            self._surprise(step, f"the change is said to have been at {changed_at} us, before or after the request")
        self._tally.lateness_ms = self._metronome.lateness_ms(step.at, changed_at)
        return answer

    def _surprise(self, step: Step, text: str) -> None:
        self._tally.surprises.append(f"{self._person.staff_id}, {step.happening.value}: {text}")

    def _explain(self, refused: RequestRefusedError, explanation: str) -> None:
        self._tally.refusals[refused.rpc, refused.reason, explanation] += 1


def _call_of(step: Step) -> PlannedCall:
    assert step.call, "a step about a call has the call"
    return step.call
