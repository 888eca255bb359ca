"""Simulated switches against a real server: two workers tell their facts, a router claims, and the truth is compared."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import grpc
from simulated_switch import Fact, Switch, Traffic, some_switches, talking

from onduty.v1 import (
    admin_service_pb2,
    admin_service_pb2_grpc,
    policy_pb2,
    router_service_pb2,
    router_service_pb2_grpc,
    staff_pb2,
    workspace_service_pb2,
    workspace_service_pb2_grpc,
)
from onduty_server.adapters.system_clock import SystemClock
from onduty_server.domain.model.status import Instant

WORKERS = 2
LONGEST_DELAY = 3.0
"""How many seconds late a fact is told at most; the policy's window for late facts is 10 s."""


@dataclass(frozen=True)
class Plan:
    """How many people, and how much happens for how long."""

    seed: int
    seconds: float
    people: int = 200
    per_second: float = 20
    claims_per_second: float = 5
    list_every: float = 2


@dataclass
class Outcome:
    """What was counted, and what was wrong, in words."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def play(address: str, plan: Plan) -> Outcome:
    """One round against the server at an address."""
    return await SwitchRound(address, plan).run()


class SwitchRound:
    """One run."""

    def __init__(self, address: str, plan: Plan) -> None:
        """Nothing happens before ``run``."""
        self._plan = plan
        self._chance = random.Random(plan.seed)
        self._channels = [grpc.aio.insecure_channel(address) for _ in range(WORKERS + 1)]
        self._routers = [router_service_pb2_grpc.RouterServiceStub(channel) for channel in self._channels]
        self._people = [f"p{number}" for number in range(plan.people)]
        self._switches = some_switches(self._tell)
        self._traffic = Traffic(self._switches, self._people, self._chance)
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._told: set[tuple[str, int]] = set()
        self._ended: dict[tuple[str, int], float] = {}
        self.outcome = Outcome()

    async def run(self) -> Outcome:
        """Hire everybody, play, wait until all has arrived, and compare."""
        try:
            await self._hire()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._every(self._plan.per_second, self._happen))
                group.create_task(self._every(1 / self._plan.list_every, self._list))
                group.create_task(self._every(self._plan.claims_per_second, self._claim))
            while self._on_their_way:
                await asyncio.gather(*self._on_their_way)
            await self._compare()
        finally:
            for channel in self._channels:
                await channel.close()
        return self.outcome

    async def _hire(self) -> None:
        admin = admin_service_pb2_grpc.AdminServiceStub(self._channels[0])
        desk = workspace_service_pb2_grpc.WorkspaceServiceStub(self._channels[0])
        policy = policy_pb2.Policy(after_call_work=policy_pb2.AfterCallWorkPolicy(enabled=False))
        request = admin_service_pb2.UpdatePolicyRequest(policy=policy)
        request.update_mask.paths.append("after_call_work.enabled")
        await admin.UpdatePolicy(request)
        for name in self._people:
            await admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id=name, skill_groups=[{"name": "all"}]))
            change = workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": staff_pb2.STATUS_AVAILABLE})
            await desk.ChangeStatus(change)

    async def _every(self, per_second: float, do: Callable[[], Awaitable[None]]) -> None:
        end = time.monotonic() + self._plan.seconds
        while time.monotonic() < end:
            await do()
            await asyncio.sleep(self._chance.expovariate(per_second))

    def _later(self, delay: float, send: Callable[[], Awaitable[None]]) -> None:
        async def wait_and_send() -> None:
            await asyncio.sleep(delay)
            await send()

        task = asyncio.create_task(wait_and_send())
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)

    # --- what happens, and is told ------------------------------------------------------------------------------------

    async def _happen(self) -> None:
        self._traffic.step(_now())
        self.outcome.counts["happenings"] += 1

    def _tell(self, switch: Switch, fact: Fact, _at: Instant) -> None:
        if not fact.started:
            self._ended[switch.name, fact.life] = time.monotonic()
        for worker, slowest in enumerate((0.5, LONGEST_DELAY)):
            self._later(self._chance.uniform(0, slowest), lambda worker=worker: self._report(worker, switch, fact))

    async def _report(self, worker: int, switch: Switch, fact: Fact) -> None:
        line, router = fact.line, self._routers[worker]
        shared = {"staff_id": line.staff_id, "call_id": line.call_id, "leg": line.leg, "source": switch.named_by(worker)}
        if fact.started:
            request = router_service_pb2.ReportCallStartedRequest(**shared, direction=fact.direction)
        else:
            request = router_service_pb2.ReportCallEndedRequest(**shared)
        if fact.occurred_at is not None:
            request.occurred_at.FromMicroseconds(fact.occurred_at)
        response = await (router.ReportCallStarted if fact.started else router.ReportCallEnded)(request)
        self.outcome.counts["facts"] += 1
        self.outcome.counts[f"facts {staff_pb2.FactOutcome.Name(response.outcome).removeprefix('FACT_OUTCOME_')}"] += 1
        if fact.started:
            self._told.add((switch.name, fact.life))

    async def _list(self) -> None:
        for switch in self._switches:
            taken = switch.listed(_now())
            request = router_service_pb2.ReconcileCallsRequest(source=switch.name)
            request.observed_at.FromMicroseconds(taken.observed_at)
            for line, direction, since in taken.lines:
                call = request.calls.add(staff_id=line.staff_id, call_id=line.call_id, leg=line.leg, direction=direction)
                if since is not None:
                    call.occurred_at.FromMicroseconds(since)
            self._later(self._chance.uniform(0.05, 0.5), lambda request=request: self._reconcile(request))

    async def _reconcile(self, request: router_service_pb2.ReconcileCallsRequest) -> None:
        response = await self._routers[0].ReconcileCalls(request)
        self.outcome.counts["lists"] += 1
        self.outcome.counts["calls started by lists"] += len(response.started)
        self.outcome.counts["calls ended by lists"] += len(response.ended)

    # --- what must hold -----------------------------------------------------------------------------------------------

    async def _claim(self) -> None:
        """Claim anybody who is free: it must be nobody who talked all the while, and of whom that was told."""
        began = time.monotonic()
        known = {
            line.staff_id: (switch.name, life.number)
            for switch in self._switches
            for line, life in switch.lines.items()
            if (switch.name, life.number) in self._told
        }
        try:
            claim = router_service_pb2.ClaimStaffRequest(
                call_id=f"claim-{began}", group_member={"skill_groups": [{"name": "all"}]}
            )
            claimed = await self._routers[-1].ClaimStaff(claim)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                raise
            self.outcome.counts["claims with nobody free"] += 1
            return
        self.outcome.counts["claims"] += 1
        life = known.get(claimed.staff.staff_id)
        if life is not None and life not in self._ended:
            self.outcome.wrong.append(f"{claimed.staff.staff_id} was claimed while talking ({life})")
        await self._routers[-1].WithdrawClaim(router_service_pb2.WithdrawClaimRequest(claim_id=claimed.claim_id))

    async def _compare(self) -> None:
        """At rest exactly those who talk are in line, with exactly their calls."""
        truth = talking(self._switches)
        page = await self._routers[0].ListStaff(router_service_pb2.ListStaffRequest(page_size=1_000))
        for staff in page.staff:
            known = {(call.source, call.call_id, call.leg) for call in staff.calls}
            wanted = truth.get(staff.staff_id, set())
            in_line = staff.status == staff_pb2.STATUS_IN_LINE
            if known != wanted or in_line is not bool(wanted):
                self.outcome.wrong.append(f"{staff.staff_id} has {sorted(known)} and talks {sorted(wanted)}")
        self.outcome.counts["people in calls at rest"] += len(truth)
        self.outcome.counts["people compared at rest"] += len(page.staff)


def _now() -> Instant:
    return SystemClock().now()
