"""The changes of the watch test: the crash test's callers at a steady rate with bursts, kept as short as they can be judged."""

import asyncio
import contextlib
import random
import time
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from robustness.crash_load import Load, ServerGoneError, set_up
from robustness.crash_requests import Attempt, Outcome
from robustness.watch_floor import kept
from robustness.watch_history import Asked
from service_stubs import Stubs

from onduty.v1 import admin_service_pb2, policy_pb2, staff_pb2, workspace_service_pb2

NOISE_TENANT = (("onduty-tenant", "elsewhere"),)
NOISE_SECONDS = 0.05
BURST_EVERY_SECONDS = 3.0
BURST_SECONDS = 0.3


def set_up_floor(retention_seconds: float) -> list[Attempt]:
    """The requests that make the floor, on which history is kept for so long."""
    retention = Duration()
    retention.FromMicroseconds(round(retention_seconds * 1_000_000))
    policy = policy_pb2.Policy(retention=retention)
    update = admin_service_pb2.UpdatePolicyRequest(policy=policy, request_id="setup-retention")
    return [*set_up(), Attempt("admin", "UpdatePolicy", update)]


class WatchLoad(Load):
    """Callers of every kind until ``end``, or until the server is gone; ``asked`` has what they asked and were told."""

    def __init__(self, stubs: Stubs, rng: random.Random, name: str, *, per_second: float) -> None:
        """About so many requests a second, and now and then as many as the server takes."""
        super().__init__(stubs, rng, name)
        self.asked: list[Asked] = []
        self.positions: list[str] = []
        self._gap = 1 / per_second
        self._next = self._begun = time.monotonic()
        self._ended = False

    def end(self) -> None:
        """Ask nothing more; ``run`` returns when what is asked is answered."""
        self._ended = True

    async def run(self) -> None:
        """Everybody at once, and somebody in another tenant beside."""
        noise = asyncio.create_task(self._noise())
        try:
            await super().run()
        finally:
            noise.cancel()
            await asyncio.gather(noise, return_exceptions=True)

    async def ask(self, service: str, method: str, request: Any) -> Any:
        """Send a request in its turn; its answer, or None where it was refused."""
        await self._turn()
        if self._ended:
            raise ServerGoneError
        attempt, asked_at = Attempt(service, method, request), time.monotonic()
        outcome = await attempt.send(self._stubs)
        self.asked.append(kept(attempt, asked_at))
        if outcome is Outcome.OPEN:
            raise ServerGoneError
        if outcome is Outcome.ANSWERED and self._rng.random() < 0.05:
            self.positions.append(attempt.answer.position)
        return attempt.answer

    async def _turn(self) -> None:
        now = time.monotonic()
        if (now - self._begun) % BURST_EVERY_SECONDS < BURST_SECONDS:
            self._next = now
            return
        self._next = max(self._next + self._gap, now)
        await asyncio.sleep(self._next - now)

    async def _workspace(self) -> None:
        """A desktop that comes and goes."""
        while not self._ended:
            request = workspace_service_pb2.AttachRequest(staff_id=self._anybody())
            stream = self._stubs.workspace.Attach(request)
            try:
                async with asyncio.timeout(self._rng.uniform(0.1, 1.5)):
                    async for _ in stream:
                        pass
            except TimeoutError:
                pass
            except grpc.aio.AioRpcError:
                return
            finally:
                stream.cancel()

    async def _noise(self) -> None:
        """Changes of another tenant, whose revisions lie between ours and whose staff have names like ours."""
        pb = workspace_service_pb2
        creation = admin_service_pb2.CreateStaffRequest(staff_id="staff-00", skill_groups=[{"name": "sales"}])
        with contextlib.suppress(grpc.aio.AioRpcError):
            await self._stubs.admin.CreateStaff(creation, metadata=NOISE_TENANT)
        statuses = [staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY]
        with contextlib.suppress(grpc.aio.AioRpcError):
            while True:
                statuses.reverse()
                request = pb.ChangeStatusRequest(staff_id="staff-00", choice={"status": statuses[0]})
                await self._stubs.workspace.ChangeStatus(request, metadata=NOISE_TENANT)
                await asyncio.sleep(NOISE_SECONDS)
