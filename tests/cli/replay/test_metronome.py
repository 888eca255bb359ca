"""Waiting for simulated instants, and judging the server's."""

import asyncio

from onduty_server.cli.replay.metronome import Metronome
from onduty_server.cli.replay.pace import Pace, PlayedTime

BEGUN_AT = 1_700_000_000_000_000


def metronome(*, speed: int = 1000, begun: float = 50.0) -> Metronome:
    return Metronome(Pace(speed, PlayedTime([(100, 200)]), BEGUN_AT), begun)


async def test_it_waits_for_a_simulated_second():
    """At speed 1000 a hundred simulated seconds are a tenth of a real one."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await metronome(begun=begun).until(140)
    assert loop.time() - begun >= 0.1


async def test_what_has_passed_is_not_waited_for():
    """Somebody who is late goes on at once, and does not fall behind further."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(1):
        await metronome(begun=loop.time() - 1000).until(140)


async def test_played_seconds_end_with_the_plan():
    """What is shown never exceeds the whole."""
    assert metronome(begun=asyncio.get_running_loop().time() - 1000).played_seconds == 220


def test_an_instant_within_its_request_is_possible():
    """The event loop's 50 s is the server's BEGUN_AT: a request from 51.0 to 51.1 s is a second later there."""
    assert metronome().could_be(BEGUN_AT + 1_050_000, 51.0, 51.1)


def test_an_instant_outside_its_request_is_not():
    """Neither before it was sent nor after it was answered, beyond what clocks may differ by."""
    assert not metronome().could_be(BEGUN_AT + 950_000, 51.0, 51.1)
    assert not metronome().could_be(BEGUN_AT + 1_150_000, 51.0, 51.1)


def test_lateness_is_in_milliseconds_of_the_server():
    """Played second 60 + 0 at speed 1000 is 60 ms after the beginning."""
    assert metronome().lateness_ms(100, BEGUN_AT + 62_500) == 2.5
