"""Makes the sample journal that every later version must open and replay: ``make_sample_journal.py PATH`` (a .gz file).

To be run again only while no version has been released that wrote another form. What happens in it is told in ``STORY``; the
test beside it holds a server to that.
"""

import asyncio
import gzip
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from engine_floor import BUSY, ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.adapters.sqlite.backup import back_up
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.policy import BreakReason
from onduty_server.domain.model.state import OFFLINE, Choice
from onduty_server.domain.model.status import ActorRole, Direction, Status, seconds
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answers import RequestKey
from onduty_server.wire.codec import ProtobufCodec

STORY = """ana works a call to its end, with a request id, and is in wrap-up; ben is on a break with a limit; chi is in a call;
dan was deleted, and another dan is there; eve was deleted and erased; everybody's groups but chi's changed once."""


async def tell(floor: Floor) -> None:
    """Have all of it happen."""
    admin = commands.Origin(Actor(ActorRole.ADMIN, "root"), note="sample")
    reason = BreakReason("lunch", "Lunch", limit=seconds(1800))
    await floor.engine.transact(TENANT, transactions.create_break_reason(TENANT, reason, admin))
    await floor.create("ana", "ben", "chi", "dan", "eve")
    for name in ("ana", "ben", "dan", "eve"):
        await floor.submit(name, commands.UpdateStaff(f"{name.title()} Sample", None, admin))
        floor.clock.move(60)
    await floor.choose("ana", request=RequestKey("sample-1", b"content"))
    await floor.claim("ana", "claim-1", "call-1")
    await floor.submit("ana", commands.CallStarted(commands.SourceCall("call-1", Direction.INBOUND), "pbx", ORIGIN))
    floor.clock.move(300)
    await floor.submit("ana", commands.CallEnded("call-1", ORIGIN, source="pbx"))
    await floor.choose("ben", Choice(Status.ON_BREAK, "lunch"))
    await floor.choose("chi")
    await floor.submit("chi", commands.CallStarted(commands.SourceCall("call-2", Direction.TRANSFER), "pbx", ORIGIN))
    for name in ("dan", "eve"):
        await floor.choose(name, BUSY)
        await floor.choose(name, OFFLINE)
        await floor.submit(name, commands.DeleteStaff(admin))
    await floor.create("dan")
    run = await floor.engine.erasing.order(TENANT, "eve", "", admin)
    answer = await floor.engine.transact(TENANT, run)
    await floor.engine.erasing.finish(answer.detail["pseudonyms"])


async def make(target: Path) -> None:
    """Make the sample."""
    with tempfile.TemporaryDirectory() as directory:
        path, copy = Path(directory, "journal.db"), Path(directory, "copy.db")
        async with opened(path, FakeClock()) as floor:
            await tell(floor)
            back_up(path, copy, ProtobufCodec(), copying=lambda _done, _of: None, verifying=lambda _done, _of: None)
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("VACUUM")
        target.write_bytes(gzip.compress(copy.read_bytes(), mtime=0))


if __name__ == "__main__":
    asyncio.run(make(Path(sys.argv[1])))
