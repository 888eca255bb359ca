"""Waiting for simulated instants, and judging the server's."""

import asyncio
from types import SimpleNamespace

import pytest

from onduty.v1 import history_service_pb2
from onduty_replay.floor import server_clock
from onduty_replay.metronome import Metronome
from onduty_replay.pace import Pace, PlayedTime

BEGUN_AT = 1_700_000_000_000_000


def metronome(*, speed: int = 1000, begun: float = 50.0, off_seconds: float = 0.0) -> Metronome:
    return Metronome(Pace(speed, PlayedTime([(100, 200)]), BEGUN_AT), begun, off_seconds=off_seconds)


async def test_it_waits_for_a_simulated_second():
    """At speed 1000 a hundred simulated seconds are a tenth of a real one."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await metronome(begun=begun).until(140)
    assert loop.time() - begun >= 0.1


async def test_what_has_passed_is_not_waited_for():
    """Somebody who is late goes on at once, and does not fall behind further."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(30):
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


def test_a_clock_that_was_read_badly_is_given_more():
    """Neither before nor after beyond what the reading left open."""
    read_badly = metronome(off_seconds=0.1)
    assert read_badly.could_be(BEGUN_AT + 900_000, 51.0, 51.1)
    assert read_badly.could_be(BEGUN_AT + 1_200_000, 51.0, 51.1)
    assert not read_badly.could_be(BEGUN_AT + 850_000, 51.0, 51.1)
    assert not read_badly.could_be(BEGUN_AT + 1_250_000, 51.0, 51.1)


async def test_the_clock_is_read_as_well_as_the_quickest_answer_allows(monkeypatch):
    """Half of the way there and back is how far the reading may be off."""
    loop, now, ways = asyncio.get_running_loop(), [50.0], iter([0.4, 0.1, 0.3, 0.2, 0.5])
    monkeypatch.setattr(loop, "time", lambda: now[0])

    async def ask(method, request) -> history_service_pb2.SummarizeTimeResponse:
        now[0] += next(ways)
        answer = history_service_pb2.SummarizeTimeResponse()
        answer.ends_at.FromMicroseconds(BEGUN_AT + round(now[0] * 1_000_000))
        return answer

    wire = SimpleNamespace(ask=ask, history=SimpleNamespace(SummarizeTime=None))
    instant, loop_time, off_seconds = await server_clock(wire, "FERN")
    assert instant == BEGUN_AT + 50_500_000
    assert (loop_time, off_seconds) == (pytest.approx(50.45), pytest.approx(0.05))


def test_lateness_is_in_milliseconds_of_the_server():
    """Played second 60 + 0 at speed 1000 is 60 ms after the beginning."""
    assert metronome().lateness_ms(100, BEGUN_AT + 62_500) == 2.5
