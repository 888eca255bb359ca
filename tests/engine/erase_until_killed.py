"""Orders an erasure in the journal named, unless one is under way, and carries it out one record at a time until it is killed.

Prints "going" when the order is durable, and "done" at the end.
"""

import asyncio
import sys
from pathlib import Path

from engine_floor import ORIGIN, TENANT, opened
from fake_clock import FakeClock

from onduty_server.adapters.sqlite import journal as sqlite_journal
from onduty_server.engine.background import erasing


async def main(path: Path, staff_id: str) -> None:
    """Go on until killed."""
    sqlite_journal._REWRITTEN_AT_ONCE = 1
    erasing.ERASED_AT_ONCE = 5
    async with opened(path, FakeClock()) as floor:
        pending = [one.pseudonym for one in await floor.engine.journal.erasures()]
        if not pending and staff_id:
            run = await floor.engine.erasing.order(TENANT, staff_id, "", ORIGIN)
            pending = (await floor.engine.transact(TENANT, run)).detail["pseudonyms"]
        print("going", flush=True)  # noqa: T201 - the test reads it.
        await floor.engine.erasing.finish(pending)
        print("done", flush=True)  # noqa: T201 - the test reads it.


asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
