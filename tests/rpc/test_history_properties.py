"""Filters of the history, held against every change of a made-up story; in pages of any size, and as an export.

``ONDUTY_SEARCH=500`` looks further, with so many stories.
"""

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_clock import FakeClock
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from rpc.sums_story import CALLS, GROUPS, NAMES, SOURCES, Story, is_same_call
from rpc_world import Client, serving
from unhurried import UNHURRIED

from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import staff_pb2

SEARCH = int(os.environ.get("ONDUTY_SEARCH", "0"))
NOBODY = staff_pb2.StaffChange()


class Step(NamedTuple):
    """A change, and the one before it of the same person; ``NOBODY`` before the first."""

    before: staff_pb2.StaffChange
    change: staff_pb2.StaffChange

    @property
    def transition(self) -> staff_pb2.Transition:
        """Why."""
        return self.change.transition

    def groups(self) -> set[str]:
        """Those before and after it."""
        return {group.name for one in self for group in one.staff.skill_groups}

    def calls(self) -> Iterator[tuple[str, str]]:
        """The calls that it is about, each with its source."""
        named = {self.transition.call_id} - {""}
        if named:
            yield self.transition.source, self.transition.call_id
        for calls, others in ((self._running(1), self._running(0)), (self._running(0), self._running(1))):
            for call in calls:
                if not any(is_same_call(call, other) for other in others):
                    named.add(call.call_id)
                    yield call.source, call.call_id
        if self.transition.HasField("ended_offer") and self.transition.ended_offer.call_id not in named:
            yield self.before.staff.offer.source, self.transition.ended_offer.call_id

    def _running(self, number: int) -> Sequence[staff_pb2.Call]:
        gone = self[number].transition.kind == staff_pb2.TRANSITION_KIND_DELETED
        return () if gone else self[number].staff.calls

    def is_of_status(self) -> bool:
        """Whether the visible status or break reason changed, began or ended."""
        one = self.transition
        same = (one.previous_status, one.previous_break_reason) == (one.status, one.break_reason)
        return not same or one.kind != staff_pb2.TRANSITION_KIND_CHANGED


def steps_of(changes: Sequence[staff_pb2.StaffChange]) -> list[Step]:
    """Every change beside the one before it."""
    last: dict[str, staff_pb2.StaffChange] = {}
    steps = []
    for change in changes:
        person_id = change.transition.person_id
        steps.append(Step(last.get(person_id, NOBODY), change))
        last[person_id] = change
    return steps


def matches(step: Step, asked: pb.TransitionFilter, bearers: dict[str, str]) -> bool:
    """Whether a change is one of those asked for; ``bearers`` are the persons who have an id, or had it last."""
    one = step.transition
    calls = [source for source, call_id in step.calls() if call_id in asked.call_ids]
    return (
        (not asked.staff_ids or one.person_id in {bearers.get(name) for name in asked.staff_ids})
        and (not asked.skill_groups or not step.groups().isdisjoint(asked.skill_groups))
        and (not asked.call_ids or (bool(calls) if not asked.source else asked.source in calls))
        and (not asked.causes or one.cause in asked.causes)
        and (not asked.status_changes_only or step.is_of_status())
        and (not asked.HasField("starts_at") or one.changed_at.ToMicroseconds() >= asked.starts_at.ToMicroseconds())
        and (not asked.HasField("ends_at") or one.changed_at.ToMicroseconds() < asked.ends_at.ToMicroseconds())
    )


def question(chance: random.Random, steps: Sequence[Step]) -> pb.TransitionFilter:
    """Some of the filters together."""
    asked = pb.TransitionFilter(status_changes_only=chance.random() < 0.2)
    if chance.random() < 0.4:
        asked.staff_ids.extend(chance.sample(NAMES, 2))
    if chance.random() < 0.4:
        asked.skill_groups.append(chance.choice(GROUPS))
    if chance.random() < 0.4:
        asked.call_ids.extend(chance.sample(CALLS, 2))
        asked.source = chance.choice(SOURCES)
    if chance.random() < 0.3:
        asked.causes.extend({chance.choice(steps).transition.cause for _ in range(3)})
    first, last = sorted(chance.choice(steps).transition.changed_at.ToMicroseconds() for _ in range(2))
    if chance.random() < 0.3:
        asked.starts_at.FromMicroseconds(first)
    if chance.random() < 0.3:
        asked.ends_at.FromMicroseconds(last + 1)
    return asked


async def listed(client: Client, story: Story, asked: pb.TransitionFilter, chance: random.Random) -> list[staff_pb2.Transition]:
    """All pages, the newest change first, while the story goes on."""
    found, token = [], ""
    while True:
        size = chance.choice([1, 2, 5, 100])
        request = pb.ListTransitionsRequest(filter=asked, newest_first=True, page_size=size, page_token=token)
        page = await client.ask(request)
        found += page.transitions
        token = page.next_page_token
        if not token:
            return found
        await story.go_on(1)


async def exported(client: Client, asked: pb.TransitionFilter) -> list[staff_pb2.Transition]:
    """All frames."""
    async with client.open(pb.ExportTransitionsRequest(filter=asked)) as stream:
        return list(chain.from_iterable(frame.transitions for frame in await stream.rest()))


async def _look(seed: int) -> None:
    chance, clock = random.Random(seed), FakeClock()
    with tempfile.TemporaryDirectory() as directory:
        async with serving(Path(directory) / "journal.db", clock=clock) as world, world.client.watch() as watch:
            await watch.began()
            story = Story(world.client, clock, chance)
            await story.begin()
            await story.go_on(chance.randrange(10, 50))
            for _ in range(4):
                whole = await exported(world.client, pb.TransitionFilter())
                await watch.until_revision(whole[-1].revision)
                steps = [step for step in steps_of(watch.changes) if step.transition.revision <= whole[-1].revision]
                bearers = {step.transition.staff_id: step.transition.person_id for step in steps}
                asked = question(chance, steps)
                wanted = [step.transition for step in steps if matches(step, asked, bearers)]
                now = await exported(world.client, asked)
                assert [one for one in now if one.revision <= whole[-1].revision] == wanted, asked
                pages = await listed(world.client, story, asked, chance)
                assert [one for one in pages[::-1] if one.revision <= whole[-1].revision] == wanted, asked


@pytest.mark.timeout(900)
@settings(UNHURRIED, derandomize=not SEARCH, database=None, max_examples=SEARCH or examples(20))
@given(seed=st.integers(0, 2**32))
def test_what_is_listed_and_exported_is_what_matches(seed: int) -> None:
    """By person, groups of then, call and source, cause, status and period, whatever happens between two pages."""
    asyncio.run(_look(seed))
