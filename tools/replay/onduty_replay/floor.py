"""Makes a server ready for a replay and leaves it as it was: people, break reason, policy, clock, sums; plays no call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from google.protobuf.field_mask_pb2 import FieldMask

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    server_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
from onduty_replay.accounting import ServerTimes
from onduty_replay.names import counted, status_name
from onduty_replay.pace import MICROSECONDS
from onduty_replay.plan import StaffPlan
from onduty_replay.timeline import WRAP_UP_SECONDS
from onduty_replay.wire import ReplayError, RequestRefusedError, ServerFailedError, Wire

BREAK_REASON: Final = "rest"
FIRST_ANSWER_SECONDS: Final = 5.0
"""How long the server may take to answer at all."""
CLOCK_SAMPLES: Final = 5
OTHER_ADDRESS: Final = "127.0.0.1:50052"
"""Where a rehearsal server could be, beside one for real work at the default port."""

CLAIM_SECONDS: Final = 20
GRACE_SECONDS: Final = 60
CALL_AGE_SECONDS: Final = 4 * 3600
CLAIM_FLOOR_SECONDS: Final = 10
"""Real seconds: these three guard against parts that went silent. The speed shrinks what is planned, but not how long a
request takes, so below these floors they would strike at requests that are merely under way."""
GRACE_FLOOR_SECONDS: Final = 10
CALL_AGE_FLOOR_SECONDS: Final = 60

DIRECTIONS: Final = (
    staff_pb2.DIRECTION_INBOUND,
    staff_pb2.DIRECTION_OUTBOUND,
    staff_pb2.DIRECTION_INTERNAL,
    staff_pb2.DIRECTION_TRANSFER,
)
_SCALED: Final = (
    "after_call_work.enabled",
    "after_call_work.countdown",
    "after_call_work.directions",
    "after_call_work.return_to",
    "claim_ttl",
    "disconnect_grace",
    "max_call_age",
)


@dataclass(frozen=True, slots=True)
class ScaledPolicy:
    """A tenant's policy while a replay runs."""

    before: policy_pb2.Policy
    revision: int
    """Of the scaled policy: whoever changes it meanwhile is not overruled at the end."""
    countdown: int
    """The wrap-up's, in microseconds of the server's clock."""


async def check_server(wire: Wire) -> None:
    """Make sure that the server is there, is a rehearsal server, and holds nothing in the tenant. Nothing is changed.

    Raises:
        ReplayError: it is not, or it does.
    """
    wire.patience_seconds, patience = FIRST_ANSWER_SECONDS, wire.patience_seconds
    try:
        rehearsal = await is_rehearsal_server(wire)
    except ServerFailedError as failed:
        raise ReplayError(f"no server to play to at {wire.address}: {failed}") from failed
    wire.patience_seconds = patience
    if not rehearsal:
        raise ReplayError(
            f"the server at {wire.address} is not a rehearsal server: real staff may be at work there, so nothing was changed."
            f"\nStart one beside it: onduty serve --rehearsal --listen {OTHER_ADDRESS}"
            f"\nthen give this command --server {OTHER_ADDRESS}"
        )
    await _check_empty(wire)


async def is_rehearsal_server(wire: Wire) -> bool:
    """Whether the server says of itself that it is not for real work; one that cannot say so is for real work."""
    try:
        info = await wire.ask(wire.server.GetServerInfo, server_service_pb2.GetServerInfoRequest())
    except ServerFailedError as failed:
        if failed.code != "UNIMPLEMENTED":
            raise
        return False
    return bool(info.rehearsal)


async def _check_empty(wire: Wire) -> None:
    listed = await wire.ask(wire.router.ListStaff, router_service_pb2.ListStaffRequest(page_size=1))
    reasons = await wire.ask(
        wire.workspace.ListBreakReasons, workspace_service_pb2.ListBreakReasonsRequest(include_disabled=True)
    )
    policy = await wire.ask(wire.admin.GetPolicy, admin_service_pb2.GetPolicyRequest())
    own = [reason for reason in reasons.break_reasons if not reason.built_in]
    holds = [
        *([f"{listed.total_size} staff"] if listed.total_size else []),
        *([counted(len(own), "break reason")] if own else []),
        *(["a policy of its own"] if policy.revision else []),
    ]
    if holds:
        raise ReplayError(
            f"the tenant {wire.tenant} is not empty: it has {' and '.join(holds)}, perhaps of an earlier replay."
            "\nNothing was changed. Leave out --tenant, and the replay has a new one of its own; or name a new one."
        )


async def make_people(wire: Wire, people: Sequence[StaffPlan]) -> None:
    """Create the people.

    Raises:
        ReplayError: one cannot be created.
    """
    batch = admin_service_pb2.BatchCreateStaffRequest(request_id=wire.request_id())
    for person in people:
        item = batch.requests.add(staff_id=person.staff_id, display_name=person.staff_id.title())
        item.skill_groups.extend(staff_pb2.SkillGroup(name=name) for name in person.skill_groups)
        item.request_id = wire.request_id()
    created: admin_service_pb2.BatchCreateStaffResponse = await wire.ask(wire.admin.BatchCreateStaff, batch)
    for person, result in zip(people, created.results, strict=True):
        if result.HasField("error"):
            raise ReplayError(f"{person.staff_id} cannot be created: {result.error.message}")


async def make_break_reason(wire: Wire) -> None:
    """Create the break reason."""
    create = admin_service_pb2.CreateBreakReasonRequest(code=BREAK_REASON, display_name="Rest", request_id=wire.request_id())
    await wire.ask(wire.admin.CreateBreakReason, create)


async def scale_policy(wire: Wire, speed: int) -> ScaledPolicy:
    """Shorten the policy's times by the speed.

    Raises:
        ReplayError: the server does not take times so short.
    """
    asked = await wire.ask(wire.admin.GetPolicy, admin_service_pb2.GetPolicyRequest())
    request = admin_service_pb2.UpdatePolicyRequest(
        policy=_scaled(speed), update_mask=FieldMask(paths=_SCALED), request_id=wire.request_id()
    )
    try:
        updated: admin_service_pb2.UpdatePolicyResponse = await wire.ask(wire.admin.UpdatePolicy, request)
    except RequestRefusedError as refused:
        raise ReplayError(f"the server does not take a wrap-up of {WRAP_UP_SECONDS / speed:g} s: {refused}") from refused
    countdown = updated.policy.after_call_work.countdown.ToMicroseconds()
    return ScaledPolicy(asked.policy, updated.revision, countdown)


async def restore_policy(wire: Wire, scaled: ScaledPolicy) -> None:
    """Give the policy back the times that it had.

    Raises:
        ReplayError: somebody else has changed it meanwhile; it is left as it is.
    """
    request = admin_service_pb2.UpdatePolicyRequest(
        policy=scaled.before,
        update_mask=FieldMask(paths=_SCALED),
        request_id=wire.request_id(),
        expected_revision=scaled.revision,
    )
    try:
        await wire.ask(wire.admin.UpdatePolicy, request)
    except RequestRefusedError as refused:
        raise ReplayError(f"the policy was not restored: {refused}") from refused


async def server_clock(wire: Wire, staff_id: str) -> tuple[int, float, float]:
    """An instant by the server's clock, in microseconds since the epoch, and the event loop's time at that instant.

    The best of a few samples. The third value is how many seconds it may be off: half of the shortest way there and back.
    """
    loop = asyncio.get_running_loop()
    request = history_service_pb2.SummarizeTimeRequest(staff_ids=[staff_id])
    request.starts_at.FromMicroseconds(MICROSECONDS)
    best: tuple[float, int, float] | None = None
    for _ in range(CLOCK_SAMPLES):
        sent = loop.time()
        answer: history_service_pb2.SummarizeTimeResponse = await wire.ask(wire.history.SummarizeTime, request)
        received = loop.time()
        sample = (received - sent, answer.ends_at.ToMicroseconds(), (sent + received) / 2)
        best = min(best, sample) if best else sample
        request.starts_at.FromMicroseconds(sample[1] - MICROSECONDS)
    assert best
    return best[1], best[2], best[0] / 2


async def sign_everybody_out(wire: Wire, people: Sequence[StaffPlan]) -> None:
    """End this run's calls and sign out whoever is signed in, as after an interruption."""
    end_calls = router_service_pb2.ReconcileCallsRequest(source=wire.source, request_id=wire.request_id())
    await wire.ask(wire.router.ReconcileCalls, end_calls)
    batch = supervisor_service_pb2.BatchForceStatusRequest(request_id=wire.request_id())
    for staff in await _all_of(wire, people):
        if staff.status != staff_pb2.STATUS_OFFLINE:
            item = batch.requests.add(staff_id=staff.staff_id, immediately=True)
            item.choice.status = staff_pb2.STATUS_OFFLINE
            item.note, item.request_id = "the replay has ended early", wire.request_id()
    if batch.requests:
        await wire.ask(wire.supervisor.BatchForceStatus, batch)


async def summarize(wire: Wire, people: Sequence[StaffPlan], begun_at: int) -> dict[str, ServerTimes]:
    """What the server says of each person's time since ``begun_at`` (microseconds since the epoch)."""
    request = history_service_pb2.SummarizeTimeRequest(staff_ids=[person.staff_id for person in people])
    request.starts_at.FromMicroseconds(begun_at)
    request.page_size = 1_000
    found: dict[str, ServerTimes] = {}
    while True:
        page: history_service_pb2.SummarizeTimeResponse = await wire.ask(wire.history.SummarizeTime, request)
        found |= {staff.staff_id: _server_times(staff) for staff in page.staff}
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    return {person.staff_id: found.get(person.staff_id, ServerTimes({}, 0)) for person in people}


async def _all_of(wire: Wire, people: Sequence[StaffPlan]) -> list[staff_pb2.Staff]:
    request = router_service_pb2.ListStaffRequest(page_size=1_000)
    request.filter.staff_ids.extend(person.staff_id for person in people)
    listed: router_service_pb2.ListStaffResponse = await wire.ask(wire.router.ListStaff, request)
    return list(listed.staff)


def _scaled(speed: int) -> policy_pb2.Policy:
    policy = policy_pb2.Policy()
    wrap_up = policy.after_call_work
    wrap_up.enabled, wrap_up.return_to = True, policy_pb2.RETURN_TO_AVAILABLE
    wrap_up.countdown.FromMicroseconds(WRAP_UP_SECONDS * MICROSECONDS // speed)
    wrap_up.directions.extend(DIRECTIONS)
    policy.claim_ttl.FromMicroseconds(_guard(CLAIM_SECONDS, CLAIM_FLOOR_SECONDS, speed))
    policy.disconnect_grace.FromMicroseconds(_guard(GRACE_SECONDS, GRACE_FLOOR_SECONDS, speed))
    policy.max_call_age.FromMicroseconds(_guard(CALL_AGE_SECONDS, CALL_AGE_FLOOR_SECONDS, speed))
    return policy


def _guard(seconds: int, floor_seconds: int, speed: int) -> int:
    """Microseconds: the seconds by the speed, but no less than the floor."""
    return max(seconds * MICROSECONDS // speed, floor_seconds * MICROSECONDS)


def _server_times(staff: history_service_pb2.StaffTime) -> ServerTimes:
    microseconds: dict[str, int] = {}
    for time in staff.times:
        status = status_name(time.status)
        microseconds[status] = microseconds.get(status, 0) + time.time.ToMicroseconds()
    return ServerTimes(microseconds, sum(call.calls_started for call in staff.calls))
