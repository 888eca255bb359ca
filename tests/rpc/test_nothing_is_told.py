"""What a caller could learn of others by answers, their lengths and the times that they take: nothing that this can measure.

A question about something foreign and one about nothing are asked in turn, in an order drawn anew for each pair. Their answers
must be the same but for the name that was asked for. Of the times it is only asked how often one takes longer than the other:
half of the time, within a bound that the noise of so many pairs exceeds about once in a hundred million runs. No time itself is
asserted. A question that does more work must be told apart by the same count, or the measure would be blind.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

import grpc
import pytest
from credentials import KeyFile, with_credential
from rpc_world import Client, World, refusal_of, serving

from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace

pytestmark = pytest.mark.slow

PAIRS: Final = 1_200
WARM_UP: Final = 100
BOUND: Final = 0.5 * 5.6 / PAIRS**0.5
"""How far the share of longer answers may be from a half: 5.6 times the deviation of so many throws of a coin."""
FOREIGN_STAFF: Final = 2_000

Ask = Callable[[], Awaitable[tuple[bytes, str]]]
"""Asks, and returns the answer's bytes with the name that was asked for taken out."""


@pytest.fixture
async def house(journal_path: Path, tmp_path: Path) -> AsyncIterator[tuple[World, KeyFile]]:
    """Two tenants under one roof: north is small, south has many; in north there are the groups sales and support."""
    keys = KeyFile(tmp_path / "keys.jsonl")
    keys.add("boss", "admin", "router", tenants=("north", "south"))
    keys.add("restricted", "router", "supervisor", skill_groups=["sales"])
    keys.add("desk", "workspace", staff_ids=["ana"])
    async with serving(journal_path, keys=str(keys.path), calls_per_caller=0, calls_per_tenant=0) as world:
        north, south = (with_credential(world.channel, keys.keys["boss"], tenant) for tenant in ("north", "south"))
        await north.create("ana", "sales")
        for number in range(200):
            await north.create(f"cat{number:03}", "support")
        await south.create_many(FOREIGN_STAFF, "cards")
        yield world, keys


def asking(client: Client, make: Callable[[str], Any], name: str) -> Ask:
    """A question about a name."""

    async def ask() -> tuple[bytes, str]:
        call = client.call(make(name), timeout=30)
        if await call.code() is grpc.StatusCode.OK:
            return (await call).SerializeToString(), ""
        refused = await refusal_of(call)
        text = f"{refused.code} {refused.reason} {refused.metadata} {refused.message} {refused.details}"
        return text.replace(name, "?").encode(), str(len(str(await call.trailing_metadata())))

    return ask


async def longer_share(one: Ask, other: Ask) -> float:
    """How often, of all pairs, the first takes longer than the second; their answers must be the same."""
    time = asyncio.get_running_loop().time
    longer = 0
    for number in range(WARM_UP + PAIRS):
        took: dict[Ask, float] = {}
        answers: list[tuple[bytes, str]] = []
        for ask in random.sample((one, other), 2):
            began = time()
            answers.append(await ask())
            took[ask] = time() - began
        assert answers[0] == answers[1]
        longer += number >= WARM_UP and took[one] > took[other]
    return longer / PAIRS


def person(kind: Any, **fields: Any) -> Callable[[str], Any]:
    """Makes a request about a person."""
    return lambda name: kind(staff_id=name, **fields)


def claim_by_group(name: str) -> Any:
    """A claim of a member of a group."""
    return router.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": name}]})


QUESTIONS: Final[Sequence[tuple[str, str, Callable[[str], Any], tuple[str, str]]]] = [
    ("a person of another group", "restricted", person(workspace.GetStaffRequest), ("cat100", "caz100")),
    ("a call of theirs", "restricted", person(router.ReportCallStartedRequest, call_id="c1"), ("cat100", "caz100")),
    ("a group of theirs", "restricted", claim_by_group, ("support", "suppert")),
    ("their status", "restricted", person(supervisor.ForceStatusRequest, choice={"status": 2}, note="x"), ("cat100", "caz100")),
    ("a person of another desk", "desk", person(workspace.GetStaffRequest), ("cat100", "caz100")),
]


@pytest.mark.parametrize(("about", "key_id", "make", "names"), QUESTIONS, ids=[question[0] for question in QUESTIONS])
async def test_nothing_is_told_of_people_and_groups(
    house: tuple[World, KeyFile], about: str, key_id: str, make: Callable[[str], Any], names: tuple[str, str]
):
    """Foreign or nobody: the same answer, of the same length, in the same time."""
    world, keys = house
    client = with_credential(world.channel, keys.keys[key_id])
    share = await longer_share(*(asking(client, make, name) for name in names))
    assert abs(share - 0.5) < BOUND, (about, share)


async def test_nothing_is_told_of_tenants(house: tuple[World, KeyFile]):
    """One that has thousands of people and one that nobody has: denied alike."""
    world, keys = house
    asks = []
    for tenant in ("south", "souts"):
        client = with_credential(world.channel, keys.keys["restricted"], tenant)
        asks.append(asking(client, lambda _name: router.ListStaffRequest(), tenant))
    share = await longer_share(*asks)
    assert abs(share - 0.5) < BOUND, share


async def test_nothing_is_told_of_keys(house: tuple[World, KeyFile]):
    """A key that begins like one that there is, and one that does not."""
    world, keys = house
    good = keys.keys["boss"]
    near, far = good[:-1] + ("0" if good[-1] != "0" else "1"), "onduty_key_" + "7" * 64
    asks = [asking(with_credential(world.channel, key), lambda _name: server.WhoAmIRequest(), key) for key in (near, far)]
    share = await longer_share(*asks)
    assert abs(share - 0.5) < BOUND, share


async def test_the_measure_sees_what_there_is_to_see(house: tuple[World, KeyFile]):
    """A page of a hundred people takes longer than a page of one, and the count says so."""
    world, keys = house
    client = with_credential(world.channel, keys.keys["boss"], "north")

    def asks(size: int) -> Ask:
        async def ask() -> tuple[bytes, str]:
            await client.listed(page_size=size)
            return b"", ""

        return ask

    assert await longer_share(asks(100), asks(1)) - 0.5 > BOUND
