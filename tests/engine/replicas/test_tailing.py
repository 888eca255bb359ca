"""What a replica shows, and what it says of that."""

import asyncio

import pytest
from adapters.postgres_factory import PostgresFactory
from engine_floor import TENANT
from replica_floor import ReplicaFloor, Replicas

from onduty_server.domain.model.status import Status
from onduty_server.engine.background.tailing import Tail
from onduty_server.engine.live.confirmed_head import BehindError, SharedHead
from onduty_server.engine.staff_filter import StaffFilter
from onduty_server.ports import Revision


async def both(replicas: Replicas) -> tuple[ReplicaFloor, ReplicaFloor]:
    """A leader and a follower."""
    leader = await (await replicas.start()).until_it_leads()
    return leader, await replicas.start(leads=False)


async def test_a_watch_at_a_follower_has_every_change_once(replicas: Replicas):
    """In the order of the revisions, as at the leader."""
    leader, follower = await both(replicas)
    watchers = [floor.engine.watch(TENANT, StaffFilter(), Revision(0)) for floor in (leader, follower)]
    await leader.create("ana", "ben")
    for _ in range(20):
        await leader.choose("ana")
        await leader.create(f"p{leader.engine.head}")
    seen: list[list[bytes]] = []
    for floor, watcher in zip((leader, follower), watchers, strict=True):
        await floor.until_it_shows(leader.engine.head)
        elements: list[bytes] = []
        until = asyncio.get_running_loop().time() + 30
        while watcher.cursor < leader.engine.head:
            batch = await watcher.next(until)
            assert batch is not None
            elements.extend(batch.elements)
        seen.append(elements)
        watcher.close()
    assert seen[0] == seen[1]


async def test_a_position_that_is_not_shown_yet_is_waited_for(replicas: Replicas):
    """Whoever asks with it sees what was acknowledged, or is told to come again; one that is nowhere is known to be."""
    leader, follower = await both(replicas)
    await leader.create("ana")
    for _ in range(10):
        answer = await leader.choose("ana")
        await follower.engine.confirmed.reach(answer.through)
        assert follower.engine.head >= answer.through
    await follower.engine.confirmed.reach(Revision(leader.engine.head + 1_000))
    assert follower.engine.head == leader.engine.head


@pytest.mark.slow
async def test_who_looks_no_more_is_not_current(replicas: Replicas, monkeypatch: pytest.MonkeyPatch):
    """It says so, is out of touch, and is current again by itself when it can look."""
    leader, follower = await both(replicas)
    await follower.until_it(lambda: follower.engine.healthy, "it is in touch")
    looking, step = asyncio.Event(), Tail.step

    async def waiting(tail: Tail) -> None:
        if tail is follower.sharing.tail:
            while not looking.is_set():
                await asyncio.sleep(0.05)
                tail.tell()
        await step(tail)

    monkeypatch.setattr(follower.sharing.tail, "step", lambda: waiting(follower.sharing.tail))
    await follower.engine.supervisor.stop()
    follower.engine.supervisor._stopping = False
    follower.engine.supervisor.start("tail", follower.sharing.tail.step)
    await follower.until_it(lambda: not follower.engine.healthy, "it says that it does not serve")
    assert not follower.engine.confirmed.is_current
    with pytest.raises(BehindError):
        await follower.engine.confirmed.confirm()
    await leader.create("ana")
    looking.set()
    await follower.until_it(lambda: follower.engine.healthy, "it is in touch again")
    await follower.engine.confirmed.confirm()
    await follower.until_it_shows(leader.engine.head)


async def test_a_history_that_was_cut_is_shown_anew(replicas: Replicas, factory: PostgresFactory):
    """As by a standby without the tail: all show what there is now, in another epoch, and who watches is sent away."""
    leader, follower = await both(replicas)
    await leader.create("ana")
    kept = leader.engine.head
    await leader.choose("ana")
    await follower.until_it_shows(leader.engine.head)
    sent_away: list[ReplicaFloor] = []
    for floor in (leader, follower):
        floor.engine.on_reload = lambda floor=floor: sent_away.append(floor)
    epoch = leader.engine.epoch
    with factory.connect() as connection:
        await leader.engine.supervisor.stop()
        await leader.leadership.step_down("the test says so")
        connection.execute("DELETE FROM journal WHERE revision > %s", [kept])
        connection.execute("UPDATE meta SET value = 'elsewhere' WHERE name = 'origin'")
    another = await (await replicas.start()).until_it_leads()
    assert another.engine.epoch != epoch
    await follower.until_it(lambda: follower.engine.epoch == another.engine.epoch, "it shows the new epoch")
    assert follower.state("ana").status is Status.OFFLINE
    assert sent_away in ([follower], [follower, follower])
    await another.choose("ana")
    await follower.until_it_shows(another.engine.head)
    assert follower.state("ana") == another.state("ana")


async def test_what_a_look_found_counts_from_when_it_began():
    """Once it is shown; a look that found more is not confirmed before that."""
    head = Revision(5)
    shared = SharedHead(lambda: head)
    now = asyncio.get_running_loop().time()
    shared.looked(now, Revision(6))
    assert not shared.is_current
    head = Revision(6)
    assert shared.is_current
    shared.lost()
    assert not shared.is_current
