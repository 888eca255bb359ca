"""Closing from everywhere: in handlers, twice at once, while something is opened; both kinds of client."""

import asyncio

import pytest
from kinds import World
from onduty_process import LONG

import onduty_client
from onduty_client import FloorState


async def test_after_a_handler_has_closed_it_nothing_is_told(world: World):
    """What is left of the frame is not told, the floor is not current, and waiting says that it is closed."""
    connection = world.connect()
    await world.create(connection, *(f"s{number}" for number in range(5)))
    told: list = []
    floors: list = []

    def close_it(change) -> None:
        told.append(change.staff_id)
        if world.kind.name == "blocking":
            floors[0].close()

    async def close_it_async(change) -> None:
        close_it(change)
        await floors[0].close()

    handler = close_it if world.kind.name == "blocking" else close_it_async
    router = world.kind.router(connection)
    floors.append(await world.do(router.floor, on_state=told.append))
    await world.do(floors[0].wait_current, LONG)
    floors[0].on_change(handler)
    await world.create(connection, "late", "later")
    await world.until(lambda: FloorState.CLOSED in told)
    assert told == [FloorState.CURRENT, "late", FloorState.CLOSED]
    with pytest.raises(onduty_client.OndutyError) as closed:
        await world.do(floors[0].wait_current, LONG)
    assert closed.value.code == "CANCELLED"


async def test_a_handler_and_somebody_else_may_close_the_connection(world: World):
    """At the same time: neither waits for the other for ever."""
    connection = world.connect()
    inside = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def close_async(_state) -> None:
        inside.set()
        await connection.close()

    def close(_state) -> None:
        loop.call_soon_threadsafe(inside.set)
        connection.close()

    router = world.kind.router(connection)
    await world.do(router.floor, on_state=close if world.kind.name == "blocking" else close_async)
    async with asyncio.timeout(LONG):
        await inside.wait()
        await world.do(connection.close)


async def test_nothing_is_opened_on_a_connection_that_is_closing(world: World):
    """A floor that comes too late is refused, and does not live on."""
    connection = world.connect()
    router = world.kind.router(connection)
    refusals: list[str] = []

    def open_another(state) -> None:
        if state is FloorState.CLOSED:
            try:
                router.floor()
            except onduty_client.OndutyError as error:
                refusals.append(error.code)

    floor = await world.do(router.floor, on_state=open_another)
    await world.do(floor.wait_current, LONG)
    await world.do(connection.close)
    assert refusals == ["CANCELLED"]
