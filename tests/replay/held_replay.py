"""`onduty-replay` that stands still at the end of its first call, says "in a call", and goes on at a line of its input.

Nothing that guards against silence ends meanwhile, however long it stands still or the server is away.
"""

import asyncio
import sys

from onduty_replay import floor, wire, workspace
from onduty_replay.command import main
from onduty_replay.staff_player import StaffPlayer

end_call = StaffPlayer._call_ended
first = iter([True])


async def hold_then_end_call(player, step):
    """As without this program, but for the first one."""
    if next(first, False):
        loop, go_on = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(sys.stdin, go_on.set)
        print("in a call", flush=True)  # noqa: T201 - the test waits for it.
        await go_on.wait()
        loop.remove_reader(sys.stdin)
    await end_call(player, step)


StaffPlayer._call_ended = hold_then_end_call
floor.CLAIM_FLOOR_SECONDS = floor.GRACE_FLOOR_SECONDS = floor.CALL_AGE_FLOOR_SECONDS = 300
wire.PATIENCE_SECONDS = workspace.STATE_SECONDS = 100
workspace.REATTACH_LIMIT = 10_000
main()
