"""An engine over a real journal file and a clock that the test moves, with short words for what tests ask of it."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fake_clock import FakeClock

from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import AVAILABLE, OFFLINE, Choice, StaffState
from onduty_server.domain.model.status import ActorRole, Direction, Status
from onduty_server.engine.engine import Engine
from onduty_server.engine.write import transactions
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.choosing import Wanted
from onduty_server.engine.write.claims import Claimed
from onduty_server.engine.write.jobs import Answer
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import AnswerRow, Entry, Revision
from onduty_server.wire.codec import ProtobufCodec

TENANT = "default"
ORIGIN = commands.Origin(Actor(ActorRole.WORKSPACE, "test"))
BUSY = Choice(Status.BUSY)
NAMES = [f"p{number}" for number in range(8)]


class Floor:
    """An engine with short words for what tests ask of it."""

    def __init__(self, engine: Engine, clock: FakeClock) -> None:
        """Over a started engine."""
        self.engine = engine
        self.clock = clock

    async def create(self, *names: str, groups: tuple[str, ...] = ("sales",)) -> None:
        """Create staff, OFFLINE."""
        for name in names:
            command = commands.CreateStaff(name, name.title(), tuple(SkillGroup(group) for group in groups), ORIGIN)
            await self.engine.transact(TENANT, transactions.create_staff(TENANT, command))

    async def submit(
        self, name: str, command: commands.Command, *, expected: int | None = None, request: RequestKey | None = None
    ) -> Answer:
        """Submit a command."""
        return await self.engine.submit(TENANT, name, command, expected=expected, request=request)

    async def choose(self, name: str, choice: Choice = AVAILABLE, **how: object) -> Answer:
        """Change the status."""
        return await self.submit(name, commands.ChangeStatus(choice, ORIGIN), **how)  # type: ignore[arg-type]

    async def claim(self, name: str, claim_id: str = "claim-1", call_id: str = "call-1") -> Answer:
        """Claim a named staff member."""
        return await self.submit(name, claim(claim_id, call_id))

    async def claim_member(self, call_id: str = "call-1", request: RequestKey | None = None) -> Answer:
        """Claim a member of the group sales."""
        wanted, claimed = Wanted((SkillGroup("sales"),)), Claimed(call_id, Direction.INBOUND, ORIGIN)
        return await self.engine.transact(TENANT, self.engine.claims(TENANT).group_member(wanted, claimed), request)

    def state(self, name: str) -> StaffState:
        """The durable state."""
        return self.engine.rosters(TENANT).staff[name].state

    def revision(self, name: str) -> int:
        """The revision of the durable state."""
        return self.engine.rosters(TENANT).staff[name].revision

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the loop run until a condition holds; fails after half a minute."""
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.001)


def claim(claim_id: str = "claim-1", call_id: str = "call-1") -> commands.Claim:
    """A claim with the policy's time to live."""
    return commands.Claim(claim_id, call_id, None, Direction.INBOUND, "", ORIGIN)


async def random_change(floor: Floor, dice: random.Random) -> None:
    """One change of anybody: status, groups, deletion or creation."""
    name = dice.choice(NAMES)
    known = floor.engine.rosters(TENANT).staff.get(name)
    if known is None:
        await floor.create(name, groups=(dice.choice(("red", "blue", "green")),))
    elif known.state.status is Status.OFFLINE and dice.random() < 0.2:
        await floor.submit(name, commands.DeleteStaff(ORIGIN))
    elif dice.random() < 0.25:
        groups = tuple(SkillGroup(group) for group in sorted(dice.sample(("red", "blue", "green"), dice.randint(0, 2))))
        await floor.submit(name, commands.UpdateStaff(None, groups, ORIGIN))
    else:
        await floor.choose(name, dice.choice((AVAILABLE, BUSY, OFFLINE)))


def counted(floor: Floor) -> list[int]:
    """The sizes of the batches that are appended from now on, those that fail included."""
    sizes: list[int] = []
    append = floor.engine.journal.append

    async def counting(entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        sizes.append(len(entries))
        return await append(entries, answer_rows)

    floor.engine.journal.append = counting  # type: ignore[method-assign]
    return sizes


@asynccontextmanager
async def opened(path: Path, clock: FakeClock, meter: Meter = UNMETERED) -> AsyncIterator[Floor]:
    """An engine over the journal at a path, started; stopped and closed afterwards."""
    journal = await SqliteJournal.open(path)
    engine = Engine(journal, ProtobufCodec(), clock, meter=meter)
    try:
        await engine.start()
        yield Floor(engine, clock)
    finally:
        await engine.stop()
        await journal.close()
