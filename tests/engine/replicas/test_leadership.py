"""One replica decides, and another when it cannot: over a real database."""

import asyncio
from contextlib import suppress

import pytest
from adapters.postgres_factory import PostgresFactory
from engine_floor import TENANT
from fake_clock import FakeClock
from replica_floor import ReplicaFloor, Replicas

from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError, StaffExistsError
from onduty_server.domain.model.status import Status
from onduty_server.engine.live.confirmed_head import BehindError
from onduty_server.replication import NotLeadingError


async def created_by_the_leader(replicas: Replicas) -> tuple[ReplicaFloor, ReplicaFloor]:
    """A leader that has created ana, and a follower that shows her."""
    leader = await (await replicas.start()).until_it_leads()
    follower = await replicas.start()
    await leader.create("ana")
    await follower.until_it_shows(leader.engine.head)
    return leader, follower


async def test_one_leads_and_the_other_follows(replicas: Replicas):
    """What the leader commits, the follower shows; it decides nothing itself."""
    leader, follower = await created_by_the_leader(replicas)
    await leader.choose("ana")
    await follower.until_it_shows(leader.engine.head)
    assert follower.state("ana") == leader.state("ana")
    assert follower.state("ana").status is Status.AVAILABLE
    with pytest.raises(NotLeadingError):
        await follower.choose("ana")
    address = leader.leadership.address
    await follower.until_it(lambda: follower.leadership.leader_address == address, "it knows where the leader is")


async def test_a_leader_that_hands_over_is_followed_at_once(replicas: Replicas):
    """The other one takes the lead with a greater term and everything that was acknowledged."""
    leader, follower = await created_by_the_leader(replicas)
    term = leader.leadership.term
    answers = [asyncio.create_task(leader.create(f"p{number}")) for number in range(20)]
    await asyncio.sleep(0)
    await leader.leadership.hand_over()
    await asyncio.gather(*answers)
    await follower.until_it_leads()
    assert follower.leadership.term > term
    assert {f"p{number}" for number in range(20)} <= follower.engine.rosters(TENANT).staff.keys()
    with pytest.raises(NotLeadingError):
        await leader.create("ben")
    await follower.create("ben")
    await leader.until_it_shows(follower.engine.head)


async def depose(leader: ReplicaFloor, follower: ReplicaFloor, factory: PostgresFactory) -> None:
    """Have the follower take the lead without the leader's noticing: it looks no more, as one that was stopped."""
    await leader.engine.supervisor.stop()
    with factory.connect() as connection:
        connection.execute("UPDATE lease SET renewed_at = '-infinity'")
    await follower.until_it_leads()
    assert leader.leadership.leads


async def test_a_deposed_leader_does_not_write(replicas: Replicas, factory: PostgresFactory):
    """It believes that it leads, and is told by the database that it does not."""
    leader, follower = await created_by_the_leader(replicas)
    await depose(leader, follower, factory)
    with pytest.raises(JournalUnavailableError):
        await leader.choose("ana")
    assert follower.state("ana").status is Status.OFFLINE


async def test_a_deposed_leader_does_not_refuse(replicas: Replicas, factory: PostgresFactory):
    """A refusal writes nothing, and is held against the term all the same: the new leader may have changed what it rests on."""
    leader, follower = await created_by_the_leader(replicas)
    with pytest.raises(StaffExistsError):
        await leader.create("ana")
    await depose(leader, follower, factory)
    with pytest.raises(JournalUnavailableError):
        await leader.create("ana")


@pytest.mark.slow
async def test_a_deposed_leader_does_not_say_that_it_is_current(replicas: Replicas, factory: PostgresFactory):
    """It has looked at nothing for a while: a reader waits in vain."""
    leader, follower = await created_by_the_leader(replicas)
    await depose(leader, follower, factory)
    await leader.until_it(lambda: not leader.engine.confirmed.is_current, "it knows nothing any more")
    with pytest.raises(BehindError):
        await leader.engine.confirmed.confirm()


async def test_a_replica_whose_clock_is_wrong_does_not_lead(replicas: Replicas):
    """A minute off: it follows, and leads nobody; another one does."""
    wrong = await replicas.start(clock=FakeClock())
    right = await (await replicas.start()).until_it_leads()
    await right.create("ana")
    await wrong.until_it_shows(right.engine.head)
    await right.leadership.hand_over()
    await right.until_it(lambda: wrong.sharing.head.is_current, "it looks on")
    assert not wrong.leadership.applies_itself


async def test_a_takeover_loses_and_doubles_nothing(replicas: Replicas, factory: PostgresFactory):
    """Under load, with the leader's connections cut again and again: what was acknowledged is there, once."""
    floors = [await replicas.start() for _ in range(3)]
    acknowledged: list[str] = []
    ending = asyncio.Event()

    async def load(name: str) -> None:
        number = 0
        while not ending.is_set():
            number += 1
            for floor in floors:
                with suppress(JournalUnavailableError):
                    await floor.create(f"{name}-{number}")
                    acknowledged.append(f"{name}-{number}")
                    break
            else:
                await asyncio.sleep(0.01)

    loads = [asyncio.create_task(load(f"load-{number}")) for number in range(4)]
    for _ in range(3):
        before = len(acknowledged)
        await floors[0].until_it(lambda before=before: len(acknowledged) > before + 40, "something is acknowledged")
        with factory.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
                " AND l.objid = 'head'::regclass::oid"
            )
    ending.set()
    with suppress(OndutyError):
        await asyncio.gather(*loads)
    head = max(floor.engine.head for floor in floors)
    for floor in floors:
        await floor.until_it_shows(head)
        assert set(acknowledged) <= floor.engine.rosters(TENANT).staff.keys()
    assert len(acknowledged) == len(set(acknowledged))
