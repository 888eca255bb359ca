"""A round of the watch test: load, a crowd of watchers, an ending, and every validator on what was seen."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from robustness.crash_load import STAFF
from robustness.crash_requests import Outcome
from robustness.watch_crowd import Crowd, Memory, Place
from robustness.watch_floor import WatchFloor, eventually, kept
from robustness.watch_history import EVERY_CHANGE, LATEST_PER_STAFF, NONE, Asked, Chosen, History, Watch, position_at
from robustness.watch_load import WatchLoad, set_up_floor
from robustness.watch_standing import Standing
from robustness.watch_truth import Truth
from robustness.watch_validators import VALIDATORS, Finding
from robustness.watch_verdict import acknowledged, coherent, excerpt

from onduty.v1 import staff_pb2

KNOBS = {
    "ring_changes": 250,
    "frame_changes": 60,
    "latest_bytes": 6 * 1024,
    "frame_bytes": 8 * 1024,
    "housekeeping_seconds": 0.4,
    "forgotten_at_once": 150,
    "tail_most": 300,
}
"""Bounds of the server that a round meets: a ring of about a second, frames of a few changes, forgetting all the time."""

FLAGS = ("--drain", "1", "--keepalive-time", "2", "--keepalive-timeout", "30", "--watch-stall-limit", "1.5")

HISTORY_READ_SECONDS = 0.5
END_SECONDS = 60
STANDING = (
    (Chosen(), EVERY_CHANGE),
    (Chosen(), LATEST_PER_STAFF),
    (Chosen(statuses=frozenset({int(staff_pb2.STATUS_AVAILABLE)})), EVERY_CHANGE),
    (Chosen(skill_groups=frozenset({"sales"})), LATEST_PER_STAFF),
    (Chosen(staff_ids=frozenset({STAFF[0]})), EVERY_CHANGE),
    (Chosen(staff_ids=frozenset({"nobody"})), EVERY_CHANGE),
)
"""Watches that go on for the whole run. The first one is told every state, which the judging of filters by group needs."""


class Ending(Enum):
    """How a round ends: with the server, or with everybody having been told everything."""

    KILL = signal.SIGKILL
    TERM = signal.SIGTERM
    QUIET = None


@dataclass(frozen=True)
class Plan:
    """How much is done. Times in seconds. A round goes on until the history has ``least_changes`` more."""

    seed: int = 1
    per_second: float = 150
    watchers: int = 12
    processes: int = 2
    round_seconds: tuple[float, float] = (3.0, 8.0)
    retention_seconds: float = 10.0
    least_changes: int = 0


@dataclass
class Tally:
    """The numbers of all rounds."""

    rounds: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    changes: int = 0
    answered: int = 0
    watches: int = 0
    resumed: int = 0
    from_before_the_server: int = 0
    frames: Counter[str] = field(default_factory=Counter)
    conflated: int = 0
    told: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    forgotten_up_to: int = 0
    findings: Counter[str] = field(default_factory=Counter)

    def count(self, watches: Sequence[Watch], asked: Sequence[Asked], started_at: int) -> None:
        """Add what a round saw; ``started_at`` is the revision that its server started at."""
        self.answered += sum(one.outcome == Outcome.ANSWERED.value for one in asked)
        self.watches += len(watches)
        for watch in watches:
            self.resumed += watch.resume_after != NONE
            self.from_before_the_server += NONE < watch.resume_after < started_at
            self.ends[watch.end] += 1
            if watch.end == "POSITION_TOO_OLD":
                self.forgotten_up_to = max(self.forgotten_up_to, int(watch.end_metadata.get("oldest_revision", 0)))
            for frame in watch.frames:
                self.frames[frame.kind] += 1
                self.conflated += frame.conflated
                self.told += len(frame.items)


class WatchTest:
    """A server on one journal file, its history as it is read in time, and what every round found."""

    def __init__(self, journal: Path, plan: Plan) -> None:
        """``plan.seed`` decides what is asked and when; who is first is still the machine's."""
        self._floor = WatchFloor(journal, KNOBS, *FLAGS)
        self._plan = plan
        self._rng = random.Random(plan.seed)
        self._memory = Memory()
        self._standing = [Standing(chosen, delivery, self._memory) for chosen, delivery in STANDING]
        self.truth = Truth()
        self.tally = Tally()
        self.findings: list[Finding] = []
        self.on_findings: Callable[[list[Finding], History], None] = lambda _found, _history: None

    @classmethod
    @asynccontextmanager
    async def on(cls, journal: Path, plan: Plan) -> AsyncIterator["WatchTest"]:
        """A test with its floor set up, for the length of the block."""
        test = cls(journal, plan)
        try:
            await test._floor.start()
            asked = []
            for attempt in set_up_floor(plan.retention_seconds):
                asked_at = time.monotonic()
                assert await attempt.send(test._floor.stubs) is Outcome.ANSWERED, attempt
                asked.append(kept(attempt, asked_at))
            test._open_standing()
            await test._judge([], asked, 0)
            test._open_standing()
            yield test
        finally:
            for one in test._standing:
                await one.close()
            await test._floor.stop()
            await test._floor.close_connections()

    async def round(self, number: int, ending: Ending | None = None) -> None:
        """One life of a server, or a part of it; chance decides how it ends where nobody says."""
        rng, floor, plan = random.Random(self._rng.random()), self._floor, self._plan
        load = WatchLoad(floor.stubs, random.Random(rng.random()), f"r{number}", per_second=plan.per_second)
        crowd = Crowd(floor.running.address, random.Random(rng.random()), self._memory, floor.journal.parent)
        started_at = self.truth.through
        loading = asyncio.create_task(load.run())
        crowding = asyncio.create_task(crowd.run(plan.watchers, plan.processes))
        await self._read_history_for(rng.uniform(*plan.round_seconds))
        while len(floor.fresh) < plan.least_changes and not loading.done():
            await self._read_history_for(HISTORY_READ_SECONDS)
        ending = ending or rng.choice((Ending.KILL, Ending.KILL, Ending.TERM, Ending.QUIET))
        self.tally.endings[ending.name.lower()] += 1
        if ending.value is None:
            load.end()
            await asyncio.wait_for(loading, END_SECONDS)
            await self._all_reached()
            crowd.end()
        else:
            crowd.end()
            await floor.stop(ending.value)
            await asyncio.wait_for(loading, END_SECONDS)
        await asyncio.wait_for(crowding, END_SECONDS)
        if ending.value is not None:
            await floor.start()
            for one in self._standing:
                await one.close()
            self._open_standing()
        for position in load.positions:
            self._memory.keep(Place(position, None), rng)
        await self._judge(crowd.watches, load.asked, started_at)
        self.tally.rounds += 1
        self._open_standing()

    def _open_standing(self) -> None:
        connection = self._floor.connect()
        for one in self._standing:
            one.open(connection)

    # --- the history --------------------------------------------------------------------------------------------------

    async def _read_history_for(self, seconds: float) -> None:
        """Read the history while it grows, before the server forgets it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(min(HISTORY_READ_SECONDS, max(0.0, end - time.monotonic())))
            await self._floor.read_history()

    async def _all_reached(self) -> None:
        """Wait until every standing watch has told all that there is; one that does not is starved."""
        head = await self._floor.read_history()
        for one in self._standing:
            if not await one.reach(head):
                text = f"it is at {one.through}, the history at {head}, and nothing comes"
                self._found([Finding("live", one.done[-1].number, text)], History(watches=[one.done[-1]]))

    # --- judging ------------------------------------------------------------------------------------------------------

    async def _judge(self, watches: list[Watch], asked: list[Asked], started_at: int) -> None:
        await self._all_reached()
        for one in self._standing:
            await one.close()
            watches = [*watches, *one.done]
            one.done = []
        through = await self._floor.read_history()
        history = History(watches=watches, asked=asked)
        self.truth.learn(self._floor.fresh, through)
        self._floor.fresh = []
        self.tally.changes = len(self.truth.facts)
        self.truth.see(history.shown())
        self.tally.count(watches, asked, started_at)
        faults, self._floor.faults = self._floor.faults, []
        self._found([*faults, *await asyncio.to_thread(lambda: list(self._checked(history)))], history)

    def _checked(self, history: History) -> Iterator[Finding]:
        for watch in history.watches:
            for check in VALIDATORS.values():
                yield from check(watch, self.truth)
        yield from acknowledged(history.asked, self.truth)

    def _found(self, found: list[Finding], history: History) -> None:
        if found:
            self.findings += found
            self.tally.findings.update(one.guarantee for one in found)
            history.facts, history.through = self.truth.facts, self.truth.through
            history.groups = {revision: tuple(sorted(groups)) for revision, groups in self.truth.groups_shown.items()}
            self.on_findings(found, history)

    async def forget(self) -> None:
        """Have the server forget what it may of all that has happened, while nobody asks for anything."""
        await eventually(self._floor.at_rest, "nothing happens any more")
        await self._all_reached()
        old = position_at(self._standing[0].position, self.truth.revisions[0])
        await self._floor.policy(retention=Duration(nanos=1_000_000))
        await eventually(lambda: self._floor.too_old(old), "the oldest position is forgotten")
        retention = Duration()
        retention.FromMicroseconds(round(self._plan.retention_seconds * 1_000_000))
        await self._floor.policy(retention=retention)
        await self._floor.read_history()

    async def finish(self) -> None:
        """Hold the journal, as it is at the end, against all that was ever read of it, and the listing against that."""
        found = list(coherent(self.truth))
        end = {fact.revision: fact for fact in await self._floor.whole_history()}
        for fact in end.values():
            if fact.revision <= self.truth.through and self.truth.facts.get(fact.revision) != fact:
                text = f"{fact} was {self.truth.facts.get(fact.revision)} before"
                found.append(Finding("durable", NONE, text, NONE, fact.revision))
        since = {fact.staff_id for fact in end.values() if fact.revision > self.truth.through}
        for name, chain in self.truth.by_staff.items():
            if chain[-1] not in end and name not in since:
                found.append(Finding("durable", NONE, f"the last change {chain[-1]} of {name} is gone", NONE, chain[-1]))
        self._found(found, History())


def told(found: Sequence[Finding], history: History, truth: Truth) -> list[str]:
    """The shortest excerpt of the first finding of each guarantee."""
    first: dict[str, Finding] = {}
    for one in found:
        first.setdefault(one.guarantee, one)
    return [line for one in first.values() for line in excerpt(one, history, truth)]
