"""Plays the callers who hung up in the queue: somebody rings for a moment, nobody answers; it deals with no served call."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from onduty.v1 import router_service_pb2, staff_pb2
from onduty_replay.metronome import Metronome
from onduty_replay.plan import HangUp
from onduty_replay.wire import RequestRefusedError, Wire
from onduty_replay.workspace import Workspace

RINGING_LIMIT: Final = 32
"""Callers who ring at once; the next one waits, as requests must not pile up without a bound."""


class Switchboard:
    """The router as far as it deals with callers who hang up."""

    def __init__(self, wire: Wire, workspaces: Mapping[str, Workspace], metronome: Metronome) -> None:
        """``workspaces`` are told what the answers say of their owners."""
        self._wire = wire
        self._workspaces = workspaces
        self._metronome = metronome
        self._lines = asyncio.Semaphore(RINGING_LIMIT)

    async def play(self, hang_ups: Sequence[HangUp]) -> None:
        """Every caller, in order of time."""
        async with asyncio.TaskGroup() as callers:
            for hang_up in hang_ups:
                await self._metronome.until(hang_up.rings_at)
                await self._lines.acquire()
                callers.create_task(self._ring_on_a_line(hang_up))

    async def _ring_on_a_line(self, hang_up: HangUp) -> None:
        try:
            await self._ring(hang_up)
        finally:
            self._lines.release()

    async def _ring(self, hang_up: HangUp) -> None:
        wire = self._wire
        request = router_service_pb2.ClaimStaffRequest(
            call_id=wire.call_id(hang_up.call_id),
            group_member=router_service_pb2.GroupMember(
                skill_groups=[router_service_pb2.SkillGroupLevel(name=hang_up.skill_group)]
            ),
            source=wire.source,
            request_id=wire.request_id(),
        )
        try:
            answer: router_service_pb2.ClaimStaffResponse = await wire.ask(wire.router.ClaimStaff, request)
        except RequestRefusedError as refused:
            self._take_nobody_available(refused)
            return
        self._note(answer.staff)
        await self._metronome.until(hang_up.gone_at)
        await self._withdraw(answer.claim_id)

    def _take_nobody_available(self, refused: RequestRefusedError) -> None:
        if refused.reason != "NOBODY_AVAILABLE" or refused.assignable:
            self._wire.tally.surprises.append(f"a caller who hung up: {refused}")
            return
        explanation = "nobody of the group could be assigned when the caller rang; the refusal's counts say so"
        self._wire.tally.nobody_available += 1
        self._wire.tally.refusals[refused.rpc, refused.reason, explanation] += 1

    async def _withdraw(self, claim_id: str) -> None:
        wire = self._wire
        request = router_service_pb2.WithdrawClaimRequest(
            claim_id=claim_id, reason=router_service_pb2.WITHDRAW_REASON_CALLER_GONE, request_id=wire.request_id()
        )
        try:
            answer: router_service_pb2.WithdrawClaimResponse = await wire.ask(wire.router.WithdrawClaim, request)
        except RequestRefusedError as refused:
            if refused.reason != "CLAIM_UNKNOWN":
                wire.tally.surprises.append(f"a caller who hung up: {refused}")
                return
            wire.tally.superseded += 1
            wire.tally.refusals[refused.rpc, refused.reason, "the person had left before the caller hung up"] += 1
            return
        if answer.applied:
            wire.tally.withdrawn += 1
            self._note(answer.staff)
        else:
            wire.tally.superseded += 1

    def _note(self, staff: staff_pb2.Staff) -> None:
        if workspace := self._workspaces.get(staff.staff_id):
            workspace.note(staff)
