"""Sums of made-up stories, held against a sum of every change; in pages of any size, while the story goes on.

``ONDUTY_SEARCH=500`` looks further, with so many stories.
"""

import asyncio
import os
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from fake_clock import FakeClock
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from rpc.sums_story import GROUPS, NAMES, Rows, Story, bounds_of, rows_of, wanted_rows
from rpc_world import Watch, World, serving
from unhurried import UNHURRIED

from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import staff_pb2
from onduty_server.engine import time_sums
from onduty_server.rpc import pages

SEARCH = int(os.environ.get("ONDUTY_SEARCH", "0"))

BEGINNINGS = {
    "Europe/Vienna": (datetime(2026, 3, 28, 20, 7, tzinfo=UTC), datetime(2026, 10, 24, 13, 2, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 11, tzinfo=UTC), datetime(2026, 10, 3, 12, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 7, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    "Asia/Kathmandu": (datetime(2026, 6, 1, tzinfo=UTC),),
}
"""Hours before clocks change, where they do: at midnight, in the night, by half an hour."""

BESIDE = 5_000_000_000
"""So many microseconds before the story may a period begin, and as many after it end."""

PAGES_MOST = 25


@dataclass
class Page:
    """An answer's page, and the head when it was asked for."""

    answer: pb.SummarizeTimeResponse
    head: int


class Inquiry:
    """A server with a story, and questions about it."""

    def __init__(self, world: World, clock: FakeClock, chance: random.Random, watch: Watch, zone: str) -> None:
        """``watch`` sees every change."""
        self.world = world
        self.clock = clock
        self.chance = chance
        self.watch = watch
        self.zone = zone
        self.story = Story(world.client, clock, chance)
        self.begun = clock.now()

    async def changes(self, until: int) -> list[staff_pb2.StaffChange]:
        """Every change up to a revision."""
        request = pb.ListTransitionsRequest(page_size=1, newest_first=True)
        (last,) = (await self.world.client.ask(request)).transitions
        await self.watch.until_revision(last.revision)
        return [change for change in self.watch.changes if change.staff.revision <= until]

    async def ask(self) -> None:
        """A question, whose pages are together what the sum of every change is."""
        chance = self.chance
        start, end = self._period()
        asked = {
            "starts_at": _stamp(start),
            "interval": chance.choice(list(pb.Interval.values())),
            "time_zone": self.zone,
            "skill_groups": chance.choice([(), (), *[(group,) for group in GROUPS], GROUPS]),
            "staff_ids": chance.choice([(), (), chance.sample(NAMES, 2)]),
        }
        if end is not None:
            asked["ends_at"] = _stamp(end)
        first = await self._page(asked, chance.choice([1, 2, 3, 1_000]))
        answer = first.answer
        start = max(start, answer.complete_from.ToMicroseconds() if answer.HasField("complete_from") else 0)
        bounds = bounds_of(start, answer.ends_at.ToMicroseconds(), asked["interval"], self.zone)
        wanted = wanted_rows(await self.changes(first.head), bounds, asked["skill_groups"], asked["staff_ids"])
        found = await self._rest(asked, answer, least=len(wanted) // PAGES_MOST)
        self._compare(asked, found, wanted)

    async def _page(self, asked: dict, size: int) -> Page:
        """The first page, asked for while nothing else happens."""
        while True:
            head = self.world.head
            answer = await self.world.client.ask(pb.SummarizeTimeRequest(page_size=size, **asked))
            if self.world.head == head:
                return Page(answer, head)

    async def _rest(self, asked: dict, page: pb.SummarizeTimeResponse, *, least: int) -> list[pb.StaffTime]:
        """All rows, the first page's included, while the story goes on."""
        rows, position, ends_at = list(page.staff), page.position, page.ends_at
        while page.next_page_token:
            if self.chance.random() < 0.5:
                await self.story.go_on(1)
            size = max(least, self.chance.choice([1, 2, 3, 7, 100]))
            request = pb.SummarizeTimeRequest(page_size=size, page_token=page.next_page_token, **asked)
            page = await self.world.client.ask(request)
            assert len(page.staff) <= size
            assert (page.position, page.ends_at) == (position, ends_at)
            rows += page.staff
        return rows

    def _period(self) -> tuple[int, int | None]:
        whole = max(1, self.clock.now() - self.begun)
        start = self.begun + self.chance.randrange(-BESIDE, whole)
        end = self.chance.choice([None, self.clock.now(), start + 1 + self.chance.randrange(whole + BESIDE)])
        return start, None if end is None or end <= start else end

    @staticmethod
    def _compare(asked: dict, rows: Sequence[pb.StaffTime], wanted: Rows) -> None:
        found = rows_of(rows)
        assert list(found) == list(wanted), asked
        for key, row in wanted.items():
            assert found[key] == row, (key, asked)


def _stamp(at: int) -> Timestamp:
    stamp = Timestamp()
    stamp.FromMicroseconds(at)
    return stamp


async def _look(seed: int, zone: str, beginning: datetime, *, forget: bool) -> None:
    chance, clock = random.Random(seed), FakeClock(round(beginning.timestamp()) * 1_000_000)
    with tempfile.TemporaryDirectory() as directory:
        async with serving(Path(directory) / "journal.db", clock=clock) as world, world.client.watch() as watch:
            await watch.began()
            inquiry = Inquiry(world, clock, chance, watch, zone)
            await inquiry.story.begin()
            await inquiry.story.go_on(chance.randrange(10, 50))
            listed = await world.client.transitions()
            assert [change.transition for change in await inquiry.changes(listed[-1].revision)] == listed
            if forget:
                clock.move(chance.randrange(86_400))
                await world.engine.retention.forget()
            for _ in range(4):
                with (
                    mock.patch.object(pages, "PAGE_BYTES", chance.choice([200, 1_000, 1 << 20])),
                    mock.patch.object(time_sums, "CHUNKS_MOST", chance.choice([1, 2, 8])),
                ):
                    await inquiry.ask()


@pytest.mark.timeout(900)
@settings(UNHURRIED, derandomize=not SEARCH, database=None, max_examples=SEARCH or examples(40))
@given(seed=st.integers(0, 2**32), zone=st.sampled_from(sorted(BEGINNINGS)), season=st.integers(0, 1), forget=st.booleans())
def test_pages_of_sums_are_the_sum_of_every_change(seed: int, zone: str, season: int, *, forget: bool) -> None:
    """Whoever comes, goes, changes groups and talks, in any period, interval, group and zone, as of the first page."""
    beginning = BEGINNINGS[zone][season % len(BEGINNINGS[zone])]
    asyncio.run(_look(seed, zone, beginning, forget=forget))
