"""Whose turn it is: every tenant gets one, and the service's own jobs are never refused."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model.errors import OverloadedError
from onduty_server.engine.write import fair_queue
from onduty_server.engine.write.fair_queue import FairQueue
from onduty_server.engine.write.jobs import Answer, Job, JobGroup, JobRequest


def job(tenant: str, number: int = 0, cost: int = 1) -> Job:
    """A job that does nothing."""
    return Job(tenant, JobRequest(lambda _batch: Answer(), cost=cost), JobGroup(), number)


def numbers(jobs: list[Job], tenant: str) -> list[int]:
    """The numbers of a tenant's jobs."""
    return [one.number for one in jobs if one.tenant == tenant]


async def test_a_tenant_that_floods_does_not_keep_another_waiting() -> None:
    """However many jobs one tenant has waiting, the other's is in the next batch."""
    queue = FairQueue()
    for number in range(10_000):
        queue.append(job("flood", number))
    queue.append(job("quiet"))
    batch = queue.take(512)
    assert numbers(batch, "quiet") == [0]
    assert numbers(batch, "flood") == list(range(511))


async def test_heavy_jobs_count_for_what_they_cost() -> None:
    """A tenant's jobs that look at a thousand people each do not take the turns of one whose jobs look at one."""
    queue = FairQueue()
    for number in range(50):
        queue.append(job("heavy", number, cost=1000))
        queue.append(job("light", number))
    taken: list[Job] = []
    while len(numbers(taken, "light")) < 50:
        taken += queue.take(512)
    assert len(numbers(taken, "heavy")) <= 2


async def test_callers_fill_no_more_than_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone a tenant fills half of the bound; one that comes later finds room; own jobs always do."""
    monkeypatch.setattr(fair_queue, "JOBS_MOST", 12)
    queue = FairQueue()
    for tenant, room in (("a", 6), ("b", 3), ("c", 2)):
        for _ in range(room):
            queue.check_room(tenant)
            queue.append(job(tenant))
        with pytest.raises(OverloadedError):
            queue.check_room(tenant)
    for _ in range(100):
        queue.append_own(job("", 1))
    assert len(queue) == 111


@UNHURRIED
@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(1, 700)), max_size=60),
    st.integers(1, 600),
    st.integers(1, 5),
)
def test_every_job_has_its_turn_in_its_tenants_order(asked: list[tuple[str, int]], cost_most: int, taken_first: int) -> None:
    """Nothing is lost, doubled or overtaken by its own tenant's, whatever the jobs cost."""

    async def check() -> None:
        queue, taken = FairQueue(), []
        for number, (tenant, cost) in enumerate(asked):
            one = job(tenant, number, cost)
            queue.append(one) if tenant else queue.append_own(one)
            if number % taken_first == 0:
                taken += queue.take(cost_most)
        while queue:
            batch = queue.take(cost_most)
            assert batch, "somebody waits, and somebody is taken"
            taken += batch
        assert sorted(one.number for one in taken) == list(range(len(asked)))
        for tenant in {tenant for tenant, _ in asked}:
            assert numbers(taken, tenant) == sorted(numbers(taken, tenant))

    asyncio.run(check())
