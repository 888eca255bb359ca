"""Forty people at their desks, played by one task: they accept, decline or miss what is offered to them. It claims nobody."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Any, Final

import grpc
from google.protobuf.duration_pb2 import Duration
from service_stubs import Stubs

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)

PEOPLE: Final = 40
GROUP: Final = "desk"
ACCEPTED, DECLINED = 0.85, 0.95
"""Of all offers 85 % are accepted, 10 % declined, and the others missed."""
SLOWEST_ANSWER_SECONDS: Final = 0.05
CLAIM_SECONDS: Final = 0.5
WRAP_UP_SECONDS: Final = 0.05


class StaffSimulation:
    """The people of one tenant. Use ``playing``; ``failures`` holds what they could not do."""

    def __init__(self, address: str, tenant: str, seed: int = 1) -> None:
        """They are created when ``playing`` begins."""
        self._metadata = (("onduty-tenant", tenant),)
        self._channel = grpc.aio.insecure_channel(address)
        self._chance = random.Random(seed)
        self._answering: set[asyncio.Task[None]] = set()
        self._seen: set[str] = set()
        self.stubs = Stubs(self._channel)
        self.failures: list[str] = []

    @contextlib.asynccontextmanager
    async def playing(self, people: int = PEOPLE) -> AsyncIterator["StaffSimulation"]:
        """Create the people, sign them in, and let them answer for the length of the block."""
        await self._prepare([f"desk-{number:02}" for number in range(people)])
        watching = asyncio.create_task(self._answer_offers())
        try:
            yield self
        finally:
            tasks = (watching, *self._answering)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._channel.close()

    async def history(self) -> list[staff_pb2.Transition]:
        """Every change so far, in order."""
        found: list[staff_pb2.Transition] = []
        request = history_service_pb2.ListTransitionsRequest(page_size=1000)
        while True:
            answer = await self._call(self.stubs.history.ListTransitions, request)
            found += answer.transitions
            request.page_token = answer.next_page_token
            if not request.page_token:
                return found

    async def _prepare(self, ids: list[str]) -> None:
        policy = policy_pb2.Policy(
            claim_ttl=_length(CLAIM_SECONDS),
            after_call_work=policy_pb2.AfterCallWorkPolicy(countdown=_length(WRAP_UP_SECONDS)),
            no_answer=policy_pb2.NoAnswerPolicy(status=policy_pb2.NO_ANSWER_STATUS_NONE),
        )
        await self._call(self.stubs.admin.UpdatePolicy, admin_service_pb2.UpdatePolicyRequest(policy=policy))
        create = [
            admin_service_pb2.CreateStaffRequest(staff_id=one, skill_groups=[staff_pb2.SkillGroup(name=GROUP)]) for one in ids
        ]
        await self._call(self.stubs.admin.BatchCreateStaff, admin_service_pb2.BatchCreateStaffRequest(requests=create))
        force = [
            supervisor_service_pb2.ForceStatusRequest(
                staff_id=one, choice=staff_pb2.StatusChoice(status=staff_pb2.STATUS_AVAILABLE), note="morning"
            )
            for one in ids
        ]
        await self._call(self.stubs.supervisor.BatchForceStatus, supervisor_service_pb2.BatchForceStatusRequest(requests=force))

    async def _answer_offers(self) -> None:
        watch = self.stubs.router.WatchStaff(router_service_pb2.WatchStaffRequest(), metadata=self._metadata)
        async for frame in watch:
            for change in frame.changes.changes:
                offer = change.staff.offer
                if offer.claim_id and offer.claim_id not in self._seen:
                    self._seen.add(offer.claim_id)
                    task = asyncio.create_task(self._answer(change.staff.staff_id, offer.claim_id))
                    self._answering.add(task)
                    task.add_done_callback(self._answering.discard)

    async def _answer(self, staff_id: str, claim_id: str) -> None:
        await asyncio.sleep(self._chance.uniform(0, SLOWEST_ANSWER_SECONDS))
        how = self._chance.random()
        try:
            if how < ACCEPTED:
                accept = workspace_service_pb2.AcceptOfferRequest(staff_id=staff_id, claim_id=claim_id)
                await self._call(self.stubs.workspace.AcceptOffer, accept)
            elif how < DECLINED:
                decline = workspace_service_pb2.DeclineOfferRequest(staff_id=staff_id, claim_id=claim_id)
                await self._call(self.stubs.workspace.DeclineOffer, decline)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:  # on a busy machine the offer may be gone already.
                self.failures.append(f"{staff_id}: {error.details()}")

    async def _call(self, method: Any, request: Any) -> Any:
        return await method(request, metadata=self._metadata, timeout=60)


def _length(seconds: float) -> Duration:
    return Duration(seconds=int(seconds), nanos=round(seconds % 1 * 1e9))
