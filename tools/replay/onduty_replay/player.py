"""Runs a whole replay: everybody at once, each in order, and the server left as it was; shows nothing."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from onduty_replay import floor
from onduty_replay.accounting import StaffAccount, count_faults, settle
from onduty_replay.metronome import Metronome
from onduty_replay.pace import MICROSECONDS, Pace, PlayedTime, played_time_of
from onduty_replay.plan import Plan
from onduty_replay.staff_player import StaffPlayer
from onduty_replay.switchboard import Switchboard
from onduty_replay.tally import Tally
from onduty_replay.wire import ReplayError, Wire
from onduty_replay.workspace import Workspace

LEAD_SECONDS: Final = 0.2
"""Between reading the server's clock and the first step."""
SHOW_SECONDS: Final = 0.2
CLEANING_SECONDS: Final = 5.0
"""How long each request may take that leaves the server as it was after a replay that failed."""


class InterruptedReplayError(ReplayError):
    """Somebody ended the replay before its end, with the signal."""

    def __init__(self, number: signal.Signals, tenant: str) -> None:
        """Build the sentence."""
        self.signal = number
        super().__init__(f"ended by {number.name}; in the tenant {tenant} everybody was signed out and the policy restored")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay has come."""

    played: float
    total: int
    simulated: int
    """Seconds since the midnight that begins the plan's first day."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a complete replay leaves."""

    plan: Plan
    speed: int
    accounts: tuple[StaffAccount, ...]
    tally: Tally
    real_seconds: float

    @property
    def faults(self) -> list[str]:
        """What should not be, in words: unexpected answers, broken promises, counts that do not add up."""
        of_people = [f"{person.staff_id}: {problem}" for person in self.accounts for problem in person.problems]
        return [*self.tally.surprises, *of_people, *count_faults(self.plan, self.tally, self.accounts)]

    @property
    def is_explained(self) -> bool:
        """No second is unexplained and nothing is as it should not be."""
        return not self.faults and all(account.is_explained for account in self.accounts)


Show = Callable[[Progress, Tally], None]


async def play(plan: Plan, wire: Wire, *, speed: int, show: Show) -> Replayed:
    """Play the plan through a server that ``floor.check_server`` has let pass, and settle the accounts.

    Raises:
        ReplayError: it cannot be played, or not to its end. Everybody is signed out and the policy restored all the same,
            as far as the server can be reached; the error's notes say what could not be.
    """
    await floor.make_people(wire, plan.staff)
    await floor.make_break_reason(wire)
    scaled = await floor.scale_policy(wire, speed)
    try:
        replayed = await _Run(plan, wire, speed, scaled.countdown).play(show)
    except BaseException as error:
        wire.patience_seconds = CLEANING_SECONDS
        await _attempt(error, floor.sign_everybody_out(wire, plan.staff))
        await _attempt(error, floor.restore_policy(wire, scaled))
        raise
    await floor.restore_policy(wire, scaled)
    return replayed


async def _attempt(error: BaseException, cleaning: Awaitable[None]) -> None:
    try:
        await cleaning
    except ReplayError as failed:
        error.add_note(f"and the server was not left as it was: {failed}")


class _Run:
    def __init__(self, plan: Plan, wire: Wire, speed: int, countdown: int) -> None:
        self._plan = plan
        self._wire = wire
        self._speed = speed
        self._countdown = countdown
        self._played: PlayedTime = played_time_of(plan)
        self._workspaces = {person.staff_id: Workspace(wire, person.staff_id) for person in plan.staff}

    async def play(self, show: Show) -> Replayed:
        clock, loop_time, off_seconds = await floor.server_clock(self._wire, self._plan.staff[0].staff_id)
        pace = Pace(self._speed, self._played, clock + round(LEAD_SECONDS * MICROSECONDS))
        metronome = Metronome(pace, loop_time + LEAD_SECONDS, off_seconds=off_seconds)
        await self._play_all(metronome, show)
        real_seconds = asyncio.get_running_loop().time() - loop_time
        return Replayed(self._plan, self._speed, await self._settle(pace), self._wire.tally, real_seconds)

    async def _play_all(self, metronome: Metronome, show: Show) -> None:
        try:
            async with asyncio.TaskGroup() as background:
                showing = background.create_task(self._show(metronome, show))
                waiting = background.create_task(_fail_on_signal(self._wire.tenant))
                await self._play_people(metronome)
                showing.cancel()
                waiting.cancel()
        except* ReplayError as errors:
            raise _first_of(errors) from None

    async def _play_people(self, metronome: Metronome) -> None:
        hung_up = frozenset(self._wire.call_id(hang_up.call_id) for hang_up in self._plan.hang_ups)
        async with asyncio.TaskGroup() as players:
            for person in self._plan.staff:
                player = StaffPlayer(
                    person,
                    self._workspaces[person.staff_id],
                    self._wire,
                    metronome=metronome,
                    hung_up_call_ids=hung_up,
                )
                players.create_task(player.play(), name=person.staff_id)
            switchboard = Switchboard(self._wire, self._workspaces, metronome)
            players.create_task(switchboard.play(self._plan.hang_ups), name="switchboard")

    async def _settle(self, pace: Pace) -> tuple[StaffAccount, ...]:
        times = await floor.summarize(self._wire, self._plan.staff, pace.begun_at)
        return tuple(
            settle(
                person,
                self._workspaces[person.staff_id].changes,
                times[person.staff_id],
                pace=pace,
                countdown=self._countdown,
                contradictions=self._workspaces[person.staff_id].contradictions(),
            )
            for person in self._plan.staff
        )

    async def _show(self, metronome: Metronome, show: Show) -> None:
        while True:
            played = metronome.played_seconds
            show(Progress(played, self._played.total, self._played.simulated(played)), self._wire.tally)
            await asyncio.sleep(SHOW_SECONDS)


async def _fail_on_signal(tenant: str) -> None:
    """Raise when the process is told to end. A second signal has its usual effect."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[signal.Signals] = loop.create_future()

    def tell(number: signal.Signals) -> None:
        if not told.done():
            told.set_result(number)

    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup leaves it: whose terminal goes, but who plays on.
        signals.append(signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, tell, number)
    try:
        number_told = await told
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
    raise InterruptedReplayError(number_told, tenant)


def _first_of(errors: BaseExceptionGroup[ReplayError]) -> ReplayError:
    first = errors.exceptions[0]
    return _first_of(first) if isinstance(first, BaseExceptionGroup) else first
