"""A floor's snapshot is cut short, its server restarts or is another: in the end it equals the server's list.

That no change is told twice is checked at the end of each test, by the room.
"""

import asyncio

from conformance.fault_room import PATIENCE_SECONDS, TENANT, FaultRoom

from onduty.v1.staff_pb2 import STATUS_BUSY, STATUS_OFFLINE


async def test_snapshot_cut_short_is_thrown_away(room: FaultRoom):
    """Cut again and again in the middle of a large snapshot, a floor shows nobody until it has everybody."""
    await room.create_staff(4_000)
    cuts = [20_000, 150_000, 300_000, 450_000, 600_000]
    room.proxy.cuts_after_bytes.extend(cuts)
    await room.open_floor()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while room.proxy.cuts_after_bytes:
            shown = (await room.read_floor())["staff"]
            if room.proxy.cuts_after_bytes:  # otherwise the whole snapshot may have come before the answer.
                assert shown == []
            await asyncio.sleep(0.01)
    await room.settled()
    assert room.proxy.accepted > len(cuts)
    await room.streams_are(1)


async def test_second_snapshot_cut_short_leaves_the_view(room: FaultRoom):
    """While a floor must watch afresh and the new snapshot is cut short, it shows the old view, whole."""
    await room.create_staff(2_000)
    await room.open_floor()
    await room.settled()
    room.proxy.black_hole()
    room.proxy.cut()
    changed = [f"staff-{number:04}" for number in range(0, 2_000, 100)]
    for status in (STATUS_BUSY, STATUS_OFFLINE):
        for staff_id in changed:
            await room.change(staff_id, status)
    await room.server.forget(TENANT)
    room.proxy.cuts_after_bytes.extend([100_000, 200_000, 300_000])
    room.proxy.pass_on()
    room.proxy.cut()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while room.proxy.cuts_after_bytes:
            assert len((await room.read_floor())["staff"]) == 2_000
            await asyncio.sleep(0.01)
    await room.settled()
    told = [await room.mail.next("change", lambda event: event["kind"] == "CHANGED") for _ in changed]
    assert sorted(event["staff_id"] for event in told) == changed
    assert not any(event.get("cause") for event in told)


async def test_server_restart_loses_nothing(room: FaultRoom):
    """Over a restart a floor resumes: what changed after it is told once, with its cause, and nobody else is told again."""
    await room.create_staff(300)
    await room.open_floor()
    await room.settled()
    before = [await room.mail.next("change", lambda event: event["kind"] == "ADDED") for _ in range(300)]
    await room.server.restart()
    revisions = [await room.change(f"staff-{number:04}", STATUS_BUSY) for number in range(10)]
    for revision in revisions:
        assert (await room.change_told(revision))["cause"] == "CAUSE_SUPERVISOR"
    await room.settled()
    assert len({event["staff_id"] for event in before}) == 300
    await room.streams_are(1)


async def test_empty_journal_on_the_same_address_is_shown(room: FaultRoom):
    """When another store answers at the same address, the floor drops whom it does not have and shows whom it has."""
    await room.create_staff(100)
    await room.open_floor()
    await room.settled()
    await room.server.empty()
    room.mail.begin_floor()
    await room.create_staff(3)
    left = [await room.mail.next("change", lambda event: event["kind"] == "LEFT") for _ in range(97)]
    assert {int(event["revision"]) for event in left} == {0}
    await room.settled()
    assert len((await room.read_floor())["staff"]) == 3
