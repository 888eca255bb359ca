"""Nothing comes any more, and nobody says so: a floor notices, trusts nobody, and recovers.

That no change is told twice is checked at the end of each test, by the room.
"""

import pytest
from conformance.fault_room import FaultRoom

from onduty.v1.staff_pb2 import STATUS_BUSY

REPLACED_SECONDS = 180.0
"""A ping after 15 s of silence and 10 s for its answer, and what a busy machine takes."""


async def test_silence_is_noticed_and_ends(room: FaultRoom):
    """In a black hole a floor turns stale, then trusts nobody; after it, it is current again with what it missed."""
    await room.create_staff(20)
    await room.open_floor(trust_limit=2)
    await room.settled()
    await room.available_are(20)
    room.proxy.black_hole()
    revision = await room.change("staff-0000", STATUS_BUSY)
    await room.state_told("STALE")
    await room.available_are(0)
    assert len((await room.read_floor())["staff"]) == 20
    room.proxy.pass_on()
    await room.change_told(revision)
    await room.settled()
    await room.available_are(19)


@pytest.mark.conformance
@pytest.mark.timeout(900)
async def test_connection_that_died_in_silence_is_replaced(room: FaultRoom):
    """A connection over which nothing comes any more, and which nobody ended, is given up by keepalive and replaced."""
    await room.create_staff(5)
    await room.open_floor()
    await room.settled()
    room.proxy.forsake()
    revision = await room.change("staff-0000", STATUS_BUSY)
    await room.change_told(revision, within=REPLACED_SECONDS)
    await room.settled()
