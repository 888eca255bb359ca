"""The rhythm of waking: at once while there is little to do, together and with a rest under load."""

import asyncio

import pytest

from onduty_server.engine.watch import pacer
from onduty_server.engine.watch.pacer import BroadcastPacer, Waiter


class Rhythm:
    """Rounds with one watcher after another that waits, is woken and is sent to work."""

    def __init__(self) -> None:
        """Nobody waits."""
        self.begun = 0
        self.others = 0
        self.rounds = BroadcastPacer(self._begin)

    def _begin(self) -> int:
        self.begun += 1
        return self.others

    def wait(self, before: Waiter | None = None) -> Waiter:
        """A watcher waits."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self.rounds.wait(waiter, before)
        return waiter


async def test_who_waits_is_woken_at_once() -> None:
    """The first change after a quiet time is told without any delay, and leaves nothing untold."""
    rhythm = Rhythm()
    one, other = rhythm.wait(), rhythm.wait()
    rhythm.rounds.published(3)

    assert one.done()
    assert other.done()
    assert rhythm.rounds.fresh == 0


async def test_changes_during_a_round_wait_for_its_end_and_a_rest() -> None:
    """While somebody is being served no new round begins; it begins by itself when all are back and have rested."""
    rhythm = Rhythm()
    one, other = rhythm.wait(), rhythm.wait()
    rhythm.rounds.published(1)
    rhythm.rounds.published(5)
    first = rhythm.wait(one)
    begun_before_all_are_back = rhythm.begun
    second = rhythm.wait(other)
    async with asyncio.timeout(30):
        await asyncio.gather(first, second)

    assert begun_before_all_are_back == 1
    assert rhythm.begun == 2
    assert rhythm.rounds.fresh == 0


async def test_who_does_not_come_back_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round in which somebody stops reading is over after a while, and the others are served again."""
    monkeypatch.setattr(pacer, "LONGEST_ROUND_SECONDS", 0.05)
    rhythm = Rhythm()
    one, _stuck = rhythm.wait(), rhythm.wait()
    rhythm.rounds.published(1)
    again = rhythm.wait(one)
    rhythm.rounds.published(1)
    async with asyncio.timeout(30):
        await again

    assert rhythm.begun == 2


async def test_a_newcomer_does_not_end_the_round_of_others() -> None:
    """Only those who were woken are waited for."""
    rhythm = Rhythm()
    rhythm.wait()
    rhythm.rounds.published(1)
    rhythm.wait()
    rhythm.wait()
    rhythm.rounds.published(1)

    assert rhythm.begun == 1
    assert rhythm.rounds.fresh == 1


async def test_changes_that_nobody_waits_for_are_told_of_at_once() -> None:
    """Without a waiting watcher every batch is a round of its own, so that whoever comes sees everything."""
    rhythm = Rhythm()
    for _ in range(3):
        rhythm.rounds.published(2)

    assert rhythm.begun == 3
    assert rhythm.rounds.fresh == 0


async def _rest(monkeypatch: pytest.MonkeyPatch, *, seconds: float, carried: int = 1, watchers: int = 1) -> float:
    """How long the rest is after a round of so many seconds, in a loop whose time only this moves."""
    loop, now = asyncio.get_running_loop(), 1024.0
    monkeypatch.setattr(loop, "time", lambda: now)
    rhythm = Rhythm()
    waiters = [rhythm.wait() for _ in range(watchers)]
    rhythm.rounds.published(carried)
    now += seconds
    for waiter in waiters:
        rhythm.wait(waiter)
    return rhythm.rounds._rests_until - now


async def test_the_rest_grows_with_what_a_round_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a round of few changes the rest is as long as the round; after one of many it is longer."""
    length = 1 / 1024  # such floating-point numbers add up exactly.

    assert await _rest(monkeypatch, seconds=length, carried=1) == length * pacer.LEAST_REST
    assert await _rest(monkeypatch, seconds=length, carried=10_000) == length * pacer.MOST_REST


@pytest.mark.parametrize(("watchers", "counted"), [(1, 0.002), (20, 0.002), (1_000, 0.1)])
async def test_a_pause_of_the_process_is_not_rested_for(monkeypatch: pytest.MonkeyPatch, watchers: int, counted: float) -> None:
    """Of a round that took three seconds only what its frames may have taken counts: watchers are told right after it."""
    assert await _rest(monkeypatch, seconds=3.0, watchers=watchers) == pytest.approx(counted)


async def test_others_who_are_woken_make_a_round_with_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody waits here: changes of a busy time are told together."""
    monkeypatch.setattr(pacer, "COUNTED_SECONDS_LEAST", 60.0)
    rhythm = Rhythm()
    rhythm.others = 50
    rhythm.rounds.published(1)
    rhythm.rounds.published(1)
    assert (rhythm.begun, rhythm.rounds.fresh) == (1, 1)
    async with asyncio.timeout(30):
        while rhythm.begun < 2:
            await asyncio.sleep(0)
    assert rhythm.rounds.fresh == 0
