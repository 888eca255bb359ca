"""The load of the crash test: a floor's worth of concurrent callers of every kind; it judges nothing."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from robustness.crash_requests import BATCH_MARK, Attempt, Outcome
from service_stubs import Stubs

from onduty.v1 import (
    admin_service_pb2,
    policy_pb2,
    router_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)

STAFF = [f"staff-{number:02}" for number in range(40)]
MARKER = "marker"
GROUPS = ("sales", "support")
CHOICES = (
    (staff_pb2.STATUS_AVAILABLE, ""),
    (staff_pb2.STATUS_AVAILABLE, ""),
    (staff_pb2.STATUS_AVAILABLE, ""),
    (staff_pb2.STATUS_BUSY, ""),
    (staff_pb2.STATUS_ON_BREAK, "rest"),
    (staff_pb2.STATUS_ON_BREAK, "lunch"),
    (staff_pb2.STATUS_OFFLINE, ""),
)
SHORT = {
    "claim_ttl": Duration(nanos=200_000_000),
    "disconnect_grace": Duration(nanos=300_000_000),
    "max_call_age": Duration(seconds=1, nanos=500_000_000),
}
"""Lengths of time that let deadlines fire during a round and while the server is down."""


class ServerGoneError(Exception):
    """The connection broke: the server was killed."""


def set_up() -> list[Attempt]:
    """The requests that make the floor."""
    admin = admin_service_pb2
    wrap_up = policy_pb2.AfterCallWorkPolicy(countdown=Duration(nanos=150_000_000))
    policy = policy_pb2.Policy(after_call_work=wrap_up, no_answer=policy_pb2.NoAnswerPolicy(misses=3), **SHORT)
    reasons = [
        admin.CreateBreakReasonRequest(code="rest", limit=Duration(nanos=250_000_000), request_id="setup-rest"),
        admin.CreateBreakReasonRequest(code="lunch", request_id="setup-lunch"),
    ]
    creations = [_creation(name, f"setup-{name}", GROUPS[number % 2]) for number, name in enumerate(STAFF)]
    creations.append(_creation(MARKER, f"setup-{MARKER}"))  # in no skill group, so that no router claims it.
    return [
        Attempt("admin", "UpdatePolicy", admin.UpdatePolicyRequest(policy=policy, request_id="setup-policy")),
        *(Attempt("admin", "CreateBreakReason", one) for one in reasons),
        Attempt("admin", "BatchCreateStaff", admin.BatchCreateStaffRequest(requests=creations)),
    ]


def _creation(staff_id: str, request_id: str, *groups: str) -> admin_service_pb2.CreateStaffRequest:
    members = [{"name": group} for group in groups]
    return admin_service_pb2.CreateStaffRequest(
        staff_id=staff_id, display_name=staff_id.title(), skill_groups=members, request_id=request_id
    )


class Load:
    """Runs callers until the connection breaks, and keeps every request with what became of it."""

    def __init__(self, stubs: Stubs, rng: random.Random, name: str) -> None:
        """``name`` makes the ids of this round's requests and calls unique."""
        self._stubs = stubs
        self._rng = rng
        self._name = name
        self._numbers = itertools.count(1)
        self.attempts: list[Attempt] = []

    async def run(self) -> None:
        """Everybody at once; returns when the server is gone for all of them."""
        callers: list[Callable[[], Awaitable[None]]] = [
            *(self._desk,) * 4,
            *(self._router,) * 4,
            *(self._telephony,) * 3,
            *(self._batches,) * 2,
            self._crowd,
            self._reconciler,
            self._supervisor,
            self._directory,
            *(self._newcomers,) * 2,
        ]
        async with asyncio.TaskGroup() as group:
            for turn in callers:
                group.create_task(self._keep_on(turn))
            for _ in range(3):
                group.create_task(self._workspace())

    async def _keep_on(self, turn: Callable[[], Awaitable[None]]) -> None:
        with contextlib.suppress(ServerGoneError):
            while True:
                await turn()

    async def ask(self, service: str, method: str, request: Any) -> Any:
        """Send a request and return its answer, None where it was refused."""
        attempt = Attempt(service, method, request)
        self.attempts.append(attempt)
        if await attempt.send(self._stubs) is Outcome.OPEN:
            raise ServerGoneError
        return attempt.answer

    @property
    def acknowledged(self) -> int:
        """How many requests were granted so far."""
        return sum(one.outcome is Outcome.ANSWERED for one in self.attempts)

    def _id(self, kind: str) -> str:
        return f"{self._name}-{kind}-{next(self._numbers)}"

    def _anybody(self) -> str:
        return self._rng.choice(STAFF)

    # --- workspaces ---------------------------------------------------------------------------------------------------

    def _change(self, staff_id: str, **more: Any) -> workspace_service_pb2.ChangeStatusRequest:
        status, reason = self._rng.choice(CHOICES)
        request_id = self._id("change")
        return workspace_service_pb2.ChangeStatusRequest(
            staff_id=staff_id,
            choice={"status": status, "break_reason": reason},
            note=f"note of {request_id}",
            request_id=request_id,
            **more,
        )

    async def _desk(self) -> None:
        pb = workspace_service_pb2
        name = self._anybody()
        status, reason = self._rng.choice(CHOICES)
        match self._rng.randrange(10):
            case 0:
                await self.ask(
                    "workspace", "BackToReception", pb.BackToReceptionRequest(staff_id=name, request_id=self._id("back"))
                )
            case 1:
                request = pb.ContinueAfterCallWorkRequest(staff_id=name, request_id=self._id("continue"))
                await self.ask("workspace", "ContinueAfterCallWork", request)
            case 2:
                request = pb.SetNextStatusRequest(
                    staff_id=name, choice={"status": status, "break_reason": reason}, request_id=self._id("next")
                )
                await self.ask("workspace", "SetNextStatus", request)
            case 3:
                await self.ask(
                    "workspace", "ClearNextStatus", pb.ClearNextStatusRequest(staff_id=name, request_id=self._id("clear"))
                )
            case 4:
                request = pb.PlaceCallRequest(staff_id=name, call_id=self._id("dialled"), request_id=self._id("place"))
                if await self.ask("workspace", "PlaceCall", request) is not None:
                    await self._end(name, request.call_id)
            case 5:
                seen = await self.ask("workspace", "ChangeStatus", self._change(name))
                if seen is not None:
                    await self.ask("workspace", "ChangeStatus", self._change(name, expected_revision=seen.staff.revision))
            case _:
                await self.ask("workspace", "ChangeStatus", self._change(name))

    async def _crowd(self) -> None:
        """Many people change their status in the same moment."""
        names = self._rng.sample(STAFF, 12)
        asked = [self.ask("workspace", "ChangeStatus", self._change(name)) for name in names]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for one in answers:
            if isinstance(one, BaseException):
                raise one

    async def _workspace(self) -> None:
        """A desktop that is attached to somebody until the server dies."""
        request = workspace_service_pb2.AttachRequest(staff_id=self._anybody())
        stream = self._stubs.workspace.Attach(request)
        try:
            async for _ in stream:
                pass
        except grpc.aio.AioRpcError:
            return
        finally:
            stream.cancel()

    # --- routers and telephony ----------------------------------------------------------------------------------------

    async def _router(self) -> None:
        pb = router_service_pb2
        target: dict[str, Any] = {"group_member": {"skill_groups": [{"name": self._rng.choice(GROUPS)}]}}
        if self._rng.random() < 0.3:
            target = {"named": {"staff_id": self._anybody()}}
        call_id = self._id("offered")
        request = pb.ClaimStaffRequest(call_id=call_id, source="pbx", request_id=self._id("claim"), **target)
        claim = await self.ask("router", "ClaimStaff", request)
        if claim is None:
            await self.ask("workspace", "ChangeStatus", self._change(self._anybody()))
            return
        staff_id = claim.staff.staff_id
        answer = {"staff_id": staff_id, "claim_id": claim.claim_id}
        match self._rng.randrange(6):
            case 0:
                request_id = self._id("decline")
                declined = workspace_service_pb2.DeclineOfferRequest(
                    request_id=request_id, note=f"note of {request_id}", **answer
                )
                await self.ask("workspace", "DeclineOffer", declined)
            case 1:
                withdrawn = pb.WithdrawClaimRequest(claim_id=claim.claim_id, request_id=self._id("withdraw"))
                await self.ask("router", "WithdrawClaim", withdrawn)
            case 2:
                return  # nobody answers: the offer expires.
            case 3:
                await self._start(staff_id, call_id)
                await self._end(staff_id, call_id)
            case _:
                accepted = workspace_service_pb2.AcceptOfferRequest(request_id=self._id("accept"), **answer)
                await self.ask("workspace", "AcceptOffer", accepted)
                await self._end(staff_id, call_id)

    async def _start(self, staff_id: str, call_id: str) -> None:
        started = router_service_pb2.ReportCallStartedRequest
        request = started(staff_id=staff_id, call_id=call_id, source="pbx", request_id=self._id("start"))
        await self.ask("router", "ReportCallStarted", request)

    async def _end(self, staff_id: str, call_id: str) -> None:
        ended = router_service_pb2.ReportCallEndedRequest
        request = ended(staff_id=staff_id, call_id=call_id, source="pbx", request_id=self._id("end"))
        await self.ask("router", "ReportCallEnded", request)

    async def _telephony(self) -> None:
        staff_id, call_id = self._anybody(), self._id("call")
        await self._start(staff_id, call_id)
        if self._rng.random() < 0.8:
            await self._end(staff_id, call_id)

    async def _batches(self) -> None:
        """Facts in batches: with a request id of each item, or one of the batch."""
        pb = router_service_pb2
        one_id = self._rng.random() < 0.5
        events = []
        for _ in range(self._rng.randrange(1, 10)):
            staff_id, call_id = self._anybody(), self._id("call")
            for kind, message in (("started", pb.ReportCallStartedRequest), ("ended", pb.ReportCallEndedRequest)):
                own = {} if one_id else {"request_id": self._id(kind)}
                events.append(pb.CallEvent(**{kind: message(staff_id=staff_id, call_id=call_id, source="bulk", **own)}))
        batch_id = self._id(BATCH_MARK.strip("-")) if one_id else ""
        await self.ask("router", "ReportCallEvents", pb.ReportCallEventsRequest(events=events, request_id=batch_id))

    async def _reconciler(self) -> None:
        """A source that tells all its calls again and again."""
        pb = router_service_pb2
        calls = [pb.SourceCall(staff_id=name, call_id=f"trunk-{name}") for name in self._rng.sample(STAFF, 3)]
        request = pb.ReconcileCallsRequest(source="trunk", calls=calls, request_id=self._id("reconcile"))
        await self.ask("router", "ReconcileCalls", request)

    # --- supervisors and administrators -------------------------------------------------------------------------------

    def _force(self, staff_id: str) -> supervisor_service_pb2.ForceStatusRequest:
        status, reason = self._rng.choice(CHOICES)
        request_id = self._id("force")
        return supervisor_service_pb2.ForceStatusRequest(
            staff_id=staff_id,
            choice={"status": status, "break_reason": reason},
            note=f"note of {request_id}",
            immediately=self._rng.random() < 0.5,
            request_id=request_id,
        )

    async def _supervisor(self) -> None:
        pb = supervisor_service_pb2
        match self._rng.randrange(3):
            case 0:
                request_id = self._id("reset")
                reset = pb.ResetStaffRequest(staff_id=self._anybody(), note=f"note of {request_id}", request_id=request_id)
                await self.ask("supervisor", "ResetStaff", reset)
            case 1:
                batch = pb.BatchForceStatusRequest(requests=[self._force(name) for name in self._rng.sample(STAFF, 4)])
                await self.ask("supervisor", "BatchForceStatus", batch)
            case _:
                await self.ask("supervisor", "ForceStatus", self._force(self._anybody()))

    async def _directory(self) -> None:
        """Names and skill groups change, and so does the catalogue, whose records share the log."""
        pb = admin_service_pb2
        if self._rng.random() < 0.3:
            name = self._id("Lunch")
            request = pb.UpdateBreakReasonRequest(code="lunch", display_name=name, enabled=True, request_id=self._id("reason"))
            await self.ask("admin", "UpdateBreakReason", request)
            return
        update = pb.UpdateStaffRequest(
            staff_id=self._anybody(),
            display_name=self._id("Name"),
            skill_groups=[{"name": group} for group in self._rng.sample(GROUPS, self._rng.randint(1, 2))],
            request_id=self._id("update"),
        )
        await self.ask("admin", "UpdateStaff", update)

    async def _newcomers(self) -> None:
        """People come, sign in, and go again; some are created in a batch with one id."""
        pb = admin_service_pb2
        names = [self._id("newcomer") for _ in range(3)]
        if self._rng.random() < 0.5:
            await self.ask("admin", "CreateStaff", _creation(names[0], self._id("create"), "sales"))
        else:
            items = [_creation(name, "", "support") for name in names]
            await self.ask("admin", "BatchCreateStaff", pb.BatchCreateStaffRequest(requests=items, request_id=self._id("hire")))
        await self.ask("workspace", "ChangeStatus", self._change(names[0]))
        if self._rng.random() < 0.5:
            offline = supervisor_service_pb2.ForceStatusRequest(
                staff_id=names[0],
                choice={"status": staff_pb2.STATUS_OFFLINE},
                note="leaves",
                immediately=True,
                request_id=self._id("force"),
            )
            await self.ask("supervisor", "ForceStatus", offline)
            await self.ask("admin", "DeleteStaff", pb.DeleteStaffRequest(staff_id=names[0], request_id=self._id("delete")))
