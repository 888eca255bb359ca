"""Statuses that the service never sent, and reasons that nobody knows: nothing ends for them, and nothing is lost."""

from collections.abc import AsyncIterator

import grpc
import pytest
from conformance.fault_room import PATIENCE_SECONDS, QUICK, TENANT, FaultRoom, eventually
from conformance.runner.driver import ErrorAnswer
from conformance.stray_relay import Stray, StrayRelay

from onduty.v1.staff_pb2 import STATUS_BUSY, STATUS_OFFLINE

_C = grpc.StatusCode
STRAYS = [
    Stray(_C.UNIMPLEMENTED),
    Stray(_C.PERMISSION_DENIED),
    Stray(_C.UNAUTHENTICATED),
    Stray(_C.INVALID_ARGUMENT),
    Stray(_C.NOT_FOUND),
    Stray(_C.FAILED_PRECONDITION),
    Stray(_C.DATA_LOSS),
    Stray(_C.PERMISSION_DENIED, "PERMISSION_DENIED", "proxy.example"),
    Stray(_C.UNAVAILABLE, "NEVER_HEARD_OF"),
    Stray(_C.ABORTED, "NEVER_HEARD_OF"),
    Stray(_C.CANCELLED),
]
"""What a proxy makes of a deployment, and what a later server may say."""
POSITIONS = [
    Stray(_C.OUT_OF_RANGE, "NEVER_HEARD_OF"),
    Stray(_C.OUT_OF_RANGE, "POSITION_TOO_OLD"),
    Stray(_C.INVALID_ARGUMENT, "POSITION_MALFORMED"),
    Stray(_C.INVALID_ARGUMENT, "POSITION_FOREIGN"),
    Stray(_C.INVALID_ARGUMENT, "POSITION_FILTER_CHANGED"),
]
ATTEMPTS = 4
"""Of a call that fails in a way that may pass."""


@pytest.fixture
async def relay(room: FaultRoom) -> AsyncIterator[StrayRelay]:
    """The relay before the room's server, with a connection of the driver to it, called ``floor``."""
    running = await StrayRelay(room.server.address).start()
    options = {"target": running.address, "tenant": TENANT, "call_timeout": 10, **QUICK}
    await room.ask("connect", name="floor", options=options)
    yield running
    await room.ask("disconnect", connection="floor")
    await running.stop()


async def open_floor(room: FaultRoom) -> None:
    await room.ask("floor.open", connection="floor", floor="floor", filter={}, options=QUICK)


async def refused(room: FaultRoom, verb: str, **parameters: object) -> dict:
    with pytest.raises(ErrorAnswer) as refusal:
        await room.ask(verb, **parameters)
    return refusal.value.fields


async def test_a_floor_goes_on_after_stray_statuses(room: FaultRoom, relay: StrayRelay):
    """Each of them several times, as it comes back: it is current again, and tells what it missed."""
    await room.create_staff(1)
    await open_floor(room)
    await room.settled()
    for number, stray in enumerate([*STRAYS, *POSITIONS]):
        relay.strays["WatchStaff"].extend([stray] if stray in POSITIONS else [stray] * 2)
        relay.end_streams()
        revision = await room.change("staff-0000", STATUS_BUSY if number % 2 else STATUS_OFFLINE)
        await eventually(lambda: _all_sent(relay, "WatchStaff"), f"{stray} was sent")
        await room.settled()
        await room.change_told(revision)


async def test_a_floor_is_current_only_when_it_has_caught_up(room: FaultRoom, relay: StrayRelay):
    """Back after a break it first tells what it missed, and is current at once where it missed nothing."""
    await room.create_staff(2)
    await open_floor(room)
    await room.settled()
    await room.state_told("CURRENT")
    for missed in (3, 0):
        relay.hold_back()
        relay.end_streams()
        await room.state_told("STALE")
        statuses = [STATUS_BUSY, STATUS_OFFLINE, STATUS_BUSY][:missed]
        revisions = [await room.change("staff-0001", status) for status in statuses]
        relay.let_on()
        await room.state_told("CURRENT")
        assert sorted(room.changes_told_so_far()) == revisions


@pytest.mark.conformance
async def test_what_the_service_says_ends_a_floor(room: FaultRoom, relay: StrayRelay):
    """A refusal with the service's own reason is final."""
    await room.create_staff(1)
    await open_floor(room)
    await room.settled()
    relay.strays["WatchStaff"].append(Stray(_C.PERMISSION_DENIED, "PERMISSION_DENIED"))
    relay.end_streams()
    await room.state_told("FAILED")
    error = await refused(room, "floor.wait", floor="floor", timeout=PATIENCE_SECONDS)
    assert (error["kind"], error["reason"]) == ("AccessError", "PERMISSION_DENIED")


@pytest.mark.conformance
async def test_a_stray_status_before_the_first_snapshot_ends_a_floor(room: FaultRoom, relay: StrayRelay):
    """Then the address or the credential is wrong, and whoever waits is told."""
    relay.strays["WatchStaff"].append(Stray(_C.UNIMPLEMENTED))
    await open_floor(room)
    error = await refused(room, "floor.wait", floor="floor", timeout=PATIENCE_SECONDS)
    assert (error["kind"], error["reason"]) == ("UnsupportedError", "")


@pytest.mark.conformance
async def test_a_workspace_stays_attached_after_stray_statuses(room: FaultRoom, relay: StrayRelay):
    """It attaches again, whatever a proxy answered meanwhile."""
    await room.create_staff(1)
    await room.ask("workspace.open", connection="floor", workspace="desk", staff_id="staff-0000")
    await room.ask("workspace.wait", workspace="desk", timeout=PATIENCE_SECONDS)
    for stray in STRAYS:
        relay.strays["Attach"].extend([stray] * 2)
        relay.end_streams()
        await eventually(lambda: _all_sent(relay, "Attach"), f"{stray} was sent")
        await room.ask("workspace.wait", workspace="desk", timeout=PATIENCE_SECONDS)


async def test_facts_are_delivered_after_stray_statuses(room: FaultRoom, relay: StrayRelay):
    """None is given up for them; what the service refuses with a reason of its own is told."""
    await room.create_staff(1)
    await room.ask("outbox.open", connection="floor", outbox="facts", options={})
    relay.strays["ReportCallEvents"].extend(STRAYS)
    for fact in ({"started": {"request_id": "first"}}, {"ended": {"request_id": "second"}}):
        for fields in fact.values():
            fields |= {"staff_id": "staff-0000", "call_id": "call"}
        await room.ask("outbox.add", outbox="facts", fact=fact)
    await room.ask("outbox.flush", outbox="facts", timeout=PATIENCE_SECONDS)
    told = [await room.mail.next("settled", lambda _: True, PATIENCE_SECONDS) for _ in range(2)]
    assert [(one["request_id"], one["error"]) for one in told] == [("first", None), ("second", None)]
    assert not relay.strays["ReportCallEvents"]


@pytest.mark.conformance
@pytest.mark.parametrize(
    ("stray", "kind"),
    [
        (Stray(_C.FAILED_PRECONDITION, "NEVER_HEARD_OF"), "RefusedError"),
        (Stray(_C.NOT_FOUND, "NEVER_HEARD_OF"), "NotFoundError"),
        (Stray(_C.RESOURCE_EXHAUSTED, "NEVER_HEARD_OF"), "OverloadedError"),
        (Stray(_C.OUT_OF_RANGE, "NEVER_HEARD_OF"), "PositionError"),
        (Stray(_C.ABORTED, "NEVER_HEARD_OF"), "OndutyError"),
        (Stray(_C.NOT_FOUND, "STAFF_UNKNOWN", "proxy.example"), "NotFoundError"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.code.name,
)
async def test_a_reason_that_nobody_knows_goes_by_its_code(room: FaultRoom, relay: StrayRelay, stray: Stray, kind: str):
    """Over the wire too; a reason of another domain is none."""
    relay.strays["GetStaff"].append(stray)
    request = {"staff_id": "staff-0000"}
    error = await refused(room, "call", connection="floor", method="WorkspaceService/GetStaff", request=request)
    assert (error["kind"], error["code"]) == (kind, stray.code.name)
    assert error["reason"] == (stray.reason if stray.domain == "onduty.dev" else "")


async def test_a_call_that_nobody_cancelled_is_made_again(room: FaultRoom, relay: StrayRelay):
    """A server with too many calls ends some as CANCELLED: a fact that is told by a plain call is not lost by it."""
    await room.create_staff(1)
    relay.strays["ReportCallStarted"].append(Stray(_C.CANCELLED))
    request = {"staff_id": "staff-0000", "call_id": "call"}
    told = await room.ask("call", connection="floor", method="RouterService/ReportCallStarted", request=request)
    assert told["response"]["staff"]["status"] == "STATUS_IN_LINE"
    assert not relay.strays["ReportCallStarted"]


async def test_a_call_that_is_cancelled_again_and_again_is_unavailable(room: FaultRoom, relay: StrayRelay):
    """CANCELLED is what the program asked for itself, and nothing else."""
    relay.strays["GetStaff"].extend([Stray(_C.CANCELLED)] * ATTEMPTS)
    request = {"staff_id": "staff-0000"}
    error = await refused(room, "call", connection="floor", method="WorkspaceService/GetStaff", request=request)
    assert (error["kind"], error["code"], error["reason"]) == ("UnavailableError", "UNAVAILABLE", "")
    assert not relay.strays["GetStaff"]


async def test_a_stream_that_nobody_cancelled_is_unavailable(room: FaultRoom, relay: StrayRelay):
    """One that is opened by hand says so; one that its program ends has no error."""
    for stray, code in ((Stray(_C.CANCELLED), "UNAVAILABLE"), (None, None)):
        relay.strays["WatchStaff"].extend([stray] if stray else [])
        await room.ask("stream.open", connection="floor", stream="watch", method="RouterService/WatchStaff", request={})
        if stray is None:
            await room.ask("stream.cancel", stream="watch")
        end = await room.mail.next("end", lambda _: True, PATIENCE_SECONDS)
        assert (end["error"] or {}).get("code") == code


async def _all_sent(relay: StrayRelay, method: str) -> bool:
    return not relay.strays[method]
