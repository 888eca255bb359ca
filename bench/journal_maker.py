"""Makes a journal with a month of history by the server's own engine, on a clock that it moves itself; it serves nobody.

Run it with the interpreter and the packages of the server. A turn: some staff sign in or out or take a break, calls start,
minutes pass, the calls end, wrap-up runs out. Turns are spread evenly over the days before now.
"""

import argparse
import asyncio
import gc
import random
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import SYSTEM
from onduty_server.domain.model.errors import TransitionRefusedError
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import AVAILABLE, Choice
from onduty_server.domain.model.status import Direction, Instant, Micros, Status, seconds
from onduty_server.engine.engine import Engine
from onduty_server.engine.write import transactions
from onduty_server.wire.codec import ProtobufCodec

TENANT: Final = "default"
DAYS: Final = 30
CREATED_AT_ONCE: Final = 500
CALLS_A_TURN: Final = 300
MOVES_A_TURN: Final = 100
CALL_SECONDS: Final = 240
WRAP_UP_SECONDS: Final = 31
ORIGIN: Final = commands.Origin(SYSTEM)


class SteppedClock:
    """Shows what it was set to. Nobody is woken by it: deadlines are fired by who moves it."""

    def __init__(self, at: Instant) -> None:
        """Stands at ``at``."""
        self._at = at

    def start_from(self, _last: Instant) -> None:
        """It stands where it was set."""

    def now(self) -> Instant:
        """The instant it was set to."""
        return self._at

    @property
    def divergence(self) -> Micros:
        """There is no other clock."""
        return Micros(0)

    @property
    def step_due(self) -> Micros:
        """Nothing to follow."""
        return Micros(0)

    def step(self, by: Micros) -> None:
        """Step forward, as the engine says."""
        self._at = Instant(self._at + by)

    def move(self, length: float) -> None:
        """Go on by seconds."""
        self._at = Instant(self._at + seconds(length))

    def cpu(self) -> Micros:
        """None: batches are not held open."""
        return Micros(0)

    async def sleep_until(self, _at: Instant) -> None:
        """Never return; who waits is cancelled at the end."""
        await asyncio.Event().wait()


class Month:
    """The staff and what happens to them."""

    def __init__(self, engine: Engine, clock: SteppedClock, staff: int) -> None:
        """Over a started engine."""
        self._engine = engine
        self._clock = clock
        self._names = [f"staff-{number:06d}" for number in range(staff)]
        self._chance = random.Random(1)
        self._calls = 0

    async def create(self) -> None:
        """Everybody, signed in."""
        for start in range(0, len(self._names), CREATED_AT_ONCE):
            names = self._names[start : start + CREATED_AT_ONCE]
            await asyncio.gather(*(self._create(number, name) for number, name in enumerate(names, start)))
            await self._ask((name, commands.ChangeStatus(AVAILABLE, ORIGIN)) for name in names)

    async def _create(self, number: int, name: str) -> None:
        groups = (SkillGroup(f"group-{number % 20:02d}"), SkillGroup(f"team-{number // 50 % 20:02d}"))
        command = commands.CreateStaff(name, f"Staff Member {number}", groups, ORIGIN)
        await self._engine.transact(TENANT, transactions.create_staff(TENANT, command))

    async def turn(self) -> None:
        """One turn; the clock is where its wrap-ups have ended."""
        movers = self._chance.sample(self._names, MOVES_A_TURN)
        choices = (AVAILABLE, AVAILABLE, Choice(Status.BUSY), Choice(Status.OFFLINE))
        await self._ask((name, commands.ChangeStatus(self._chance.choice(choices), ORIGIN)) for name in movers)
        talkers = self._chance.sample(self._names, CALLS_A_TURN)
        first, self._calls = self._calls, self._calls + len(talkers)
        ids = [f"call-{number}" for number in range(first, self._calls)]
        await self._ask(
            (name, commands.CallStarted(commands.SourceCall(call, Direction.INBOUND), "bench", ORIGIN))
            for name, call in zip(talkers, ids, strict=True)
        )
        self._clock.move(CALL_SECONDS)
        await self._ask((name, commands.CallEnded(call, ORIGIN)) for name, call in zip(talkers, ids, strict=True))
        self._clock.move(WRAP_UP_SECONDS)
        await self._engine.deadline_loop.fire_due()

    async def _ask(self, commands: Iterable[tuple[str, commands.Command]]) -> None:
        answers = await asyncio.gather(
            *(self._engine.submit(TENANT, name, command) for name, command in commands), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, TransitionRefusedError):
                raise answer


async def make(path: Path, staff: int, rows: int) -> int:
    """Make the journal; returns how many rows it has, which is about ``rows``."""
    end = Instant(time.clock_gettime_ns(time.CLOCK_REALTIME) // 1000 - seconds(2 * (CALL_SECONDS + WRAP_UP_SECONDS)))
    clock = SteppedClock(Instant(end - seconds(DAYS * 24 * 3600)))
    journal = await SqliteJournal.open(path)
    engine = Engine(journal, ProtobufCodec(), clock)
    try:
        await engine.start()
        month = Month(engine, clock, staff)
        await month.create()
        while engine.head < rows:
            before = engine.head
            await month.turn()
            turns_left = max((rows - engine.head) / (engine.head - before), 1)
            clock.move(max((end - clock.now()) / seconds(1) / turns_left, 0) if engine.head < rows else 0)
        return engine.head
    finally:
        await engine.stop()
        await journal.close()


def main() -> None:
    """Read the command line and make it."""
    parser = argparse.ArgumentParser(description="Make a journal with a month of history.")
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--staff", type=int, required=True)
    parser.add_argument("--rows", type=int, required=True)
    asked = parser.parse_args()
    gc.set_threshold(100_000)
    print(asyncio.run(make(asked.journal, asked.staff, asked.rows)))


if __name__ == "__main__":
    main()
