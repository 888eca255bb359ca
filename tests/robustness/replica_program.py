"""Runs ``onduty serve`` with a fault planted, as ``python replica_program.py FAULT serve --listen ...``.

What checks replicas must find each of them.
"""

import asyncio
import itertools
import sys
from collections.abc import Callable
from typing import Any

from onduty_server.adapters.postgres import PostgresJournal
from onduty_server.engine.background.leadership import Leadership, Role
from onduty_server.engine.background.tailing import Tail
from onduty_server.engine.engine import Engine
from onduty_server.engine.live.confirmed_head import SharedHead
from onduty_server.engine.watch.positions import Positions
from onduty_server.engine.watch.rings import Rings
from onduty_server.engine.write.batch import Batch

TAKEN_BEFORE_A_SKIP = 40
ASLEEP_SECONDS = 8.0
WRITTEN_AFTER_SECONDS = 0.5


def refuses_when_deposed() -> None:
    """A leader goes on for a while to believe that it leads, and asks nobody before it refuses."""
    saw, append, doubted_at = Leadership.saw, PostgresJournal.append, [0.0]

    def seeing(self: Leadership, look: Any, *, clock_ahead: Any) -> None:
        now = asyncio.get_running_loop().time()
        if self.role is not Role.LEADING or look.term == self.term:
            doubted_at[0] = now
        if now - doubted_at[0] <= ASLEEP_SECONDS and look.term > self.term and self.role is Role.LEADING:
            return
        saw(self, look, clock_ahead=clock_ahead)

    async def appending(self: PostgresJournal, entries: Any, answer_rows: Any) -> Any:
        return await append(self, entries, answer_rows) if entries or answer_rows else []

    async def renewing(self: Leadership) -> None:
        if self.role is not Role.FOLLOWING:
            await self._store.renew_lead()

    _plant(Leadership, saw=seeing, lost=lambda _self: None, renew=renewing)
    _plant(Leadership, leads=property(lambda self: self.role is Role.LEADING))
    _plant(PostgresJournal, append=appending)
    _plant(Engine, _append_failed=lambda _self, _error: None)


def skips_a_revision() -> None:
    """A follower shows a change, and does not send it to those who watch."""
    publish, numbers = Rings.publish, itertools.count(1)

    def publishing(self: Rings, published: dict[str, list[Any]]) -> None:
        taken = {
            tenant: [change for change in changes if next(numbers) % TAKEN_BEFORE_A_SKIP]
            for tenant, changes in published.items()
        }
        publish(self, taken)

    _plant(Rings, publish=publishing)


def sends_bookmarks_unconfirmed() -> None:
    """A follower that looks at nothing for a while says that it is current all the same."""
    step = Tail.step

    async def stepping(self: Tail) -> None:
        if not self._leadership.applies_itself:
            await asyncio.sleep(ASLEEP_SECONDS)
        await step(self)

    _plant(Tail, step=stepping)
    _plant(SharedHead, is_current=property(lambda _self: True))


def answers_before_it_shows() -> None:
    """A read does not wait for the position that it was asked for."""
    reached = Positions.reached
    _plant(Positions, reached=lambda self, token, head, mark=None: reached(self, token, max(head, 1 << 62), mark))  # type: ignore[type-var,arg-type]


def acknowledges_before_it_writes() -> None:
    """A leader says that a change is durable, and has it written half a second later: who kills it loses changes."""
    append, last = PostgresJournal.append, [0]
    writing: list[asyncio.Task[Any]] = []

    async def write(before: list[asyncio.Task[Any]], journal: PostgresJournal, *batch: Any) -> Any:
        await asyncio.sleep(WRITTEN_AFTER_SECONDS)
        if before:
            await asyncio.wait(before)
        return await append(journal, *batch)

    async def appending(self: PostgresJournal, entries: Any, answer_rows: Any) -> Any:
        if not entries:
            return await append(self, entries, answer_rows)
        if all(task.done() for task in writing):
            last[0] = await self.head()
        writing[:] = [asyncio.create_task(write(writing[:], self, entries, answer_rows))]
        first, last[0] = last[0] + 1, last[0] + len(entries)
        return list(range(first, last[0] + 1))

    _plant(PostgresJournal, append=appending)


def offers_a_call_twice() -> None:
    """Who claims a call does not look whether it is with somebody."""
    _plant(Batch, offered=lambda _self, _tenant, _call_id: [])


def _plant(kind: type, **parts: Any) -> None:
    for name, part in parts.items():
        assert hasattr(kind, name), f"{kind.__name__} has no {name} any more: plant the fault anew"
        setattr(kind, name, part)


FAULTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (
        refuses_when_deposed,
        skips_a_revision,
        sends_bookmarks_unconfirmed,
        answers_before_it_shows,
        acknowledges_before_it_writes,
        offers_a_call_twice,
    )
}


def main() -> None:
    """The program."""
    FAULTS[sys.argv.pop(1)]()
    from onduty_cli.main import main as onduty

    onduty()


if __name__ == "__main__":
    main()
