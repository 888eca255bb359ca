"""A round of the crash test: load, SIGKILL, restart on the same file, and every check that the ledger knows."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
from robustness.crash_ledger import Kind, Ledger
from robustness.crash_load import MARKER, STAFF, Load, set_up
from robustness.crash_requests import Attempt, Outcome
from running_server import RunningServer
from service_stubs import Stubs

from onduty.v1 import (
    history_service_pb2,
    router_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)

LOAD_SECONDS = (0.1, 0.6)
LEAST_ACKNOWLEDGED = 30
"""A server is not killed before it has answered so many requests."""
RECOVERY_SECONDS = (0.2, 0.6)
SIGNS_OF_FAULTS = ("Traceback", "unforeseen", "journal_failed")
REPLAYS = 25


class LiveWatch:
    """A watch that is open while the server is killed; it can be resumed from where it was."""

    def __init__(self, name: str, position: str, *staff_ids: str, begins_after: int = -1) -> None:
        """A watch of these staff, or of all, after ``position``, or with a snapshot.

        ``begins_after`` is set where a position is known to be at or after that revision, and no more is known of it.
        """
        self.name = name
        self.begins_after = begins_after
        self.chosen = staff_pb2.StaffFilter(staff_ids=staff_ids)
        self.position = position
        self.changes: list[staff_pb2.StaffChange] = []
        self.snapshot: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._began = asyncio.Event()

    def open(self, stubs: Stubs) -> "LiveWatch":
        """Follow until the server is gone."""
        self._task = asyncio.create_task(self._follow(stubs))
        return self

    async def _follow(self, stubs: Stubs, until: int = 0) -> None:
        request = router_service_pb2.WatchStaffRequest(filter=self.chosen, resume_after=self.position)
        stream = stubs.router.WatchStaff(request, timeout=60)
        try:
            async for frame in stream:
                self.snapshot.update({one.staff_id: one.revision for one in frame.snapshot_chunk.staff})
                self.changes += frame.changes.changes
                self.position = frame.position
                self._began.set()
                if until and self.changes and self.changes[-1].transition.revision >= until:
                    return
        except grpc.aio.AioRpcError as error:
            if until or error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
        finally:
            stream.cancel()

    def wants(self, revision: int, staff_id: str) -> bool:
        """Whether a change must be delivered: of the staff asked for, and not in the snapshot or before the position."""
        if self.begins_after >= 0:
            return revision >= self.changes[0].transition.revision
        if not self.chosen.staff_ids:
            return True
        return staff_id in self.chosen.staff_ids and revision > self.snapshot.get(staff_id, 0)

    async def began(self) -> None:
        """Wait until there is a position to resume after."""
        await asyncio.wait_for(self._began.wait(), 60)

    async def broken(self) -> None:
        """Wait until the stream has noticed that the server is gone."""
        assert self._task is not None, "open it first"
        await asyncio.wait_for(self._task, 60)

    async def resume(self, stubs: Stubs, until: int) -> None:
        """Go on from the last position up to a revision."""
        await asyncio.wait_for(self._follow(stubs, until), 60)


class CrashTest:
    """A server on one journal file that is killed again and again."""

    def __init__(self, journal: Path, seed: int) -> None:
        """``seed`` decides what is asked and when the server dies; who is first is still the machine's."""
        self._journal = journal
        self._rng = random.Random(seed)
        self.ledger = Ledger()
        self._server: RunningServer | None = None
        self._channel: Any = None
        self._stubs: Any = None
        self._position = ""
        self._covered = 0
        self._markers = 0
        self._answered: list[Attempt] = []

    @classmethod
    @asynccontextmanager
    async def on(cls, journal: Path, seed: int) -> AsyncIterator["CrashTest"]:
        """A test with its floor set up, for the length of the block."""
        test = cls(journal, seed)
        try:
            await test._start()
            test._position = (await test._stubs.supervisor.GetStaffSummary(_everybody())).position
            attempts = set_up()
            for attempt in attempts:
                assert await attempt.send(test._stubs) is Outcome.ANSWERED, attempt
            await test._check([], attempts)
            yield test
        finally:
            await test._stop(signal.SIGTERM)
            if test._channel is not None:
                await test._channel.close()

    async def round(self, number: int, *, while_down: Callable[[Path, Sequence[Attempt]], None] | None = None) -> None:
        """One kill and all that follows. ``while_down`` may do to the file what the checks must notice; it has the requests."""
        self.ledger.begin_round()
        load = Load(self._stubs, random.Random(self._rng.random()), f"r{number}")
        some = self._rng.sample(STAFF, 5)
        watches = [
            LiveWatch("a watch of all", self._position).open(self._stubs),
            LiveWatch("a watch of some", "", *some, MARKER).open(self._stubs),
        ]
        for watch in watches:
            await watch.began()
        running = asyncio.create_task(load.run())
        await asyncio.sleep(self._rng.uniform(*LOAD_SECONDS))
        while load.acknowledged < LEAST_ACKNOWLEDGED and not running.done():
            await asyncio.sleep(0.01)
        await self._stop(signal.SIGKILL)
        self.ledger.tally.kills += 1
        await asyncio.wait_for(running, 60)
        for watch in watches:
            await watch.broken()
        await self._channel.close()
        if while_down is not None:
            while_down(self._journal, load.attempts)
        if self._rng.random() < 0.25:
            await self._kill_in_recovery()
        self.ledger.tally.recovery_seconds.append(await self._start())
        await self._check(watches, load.attempts)

    # --- the server ---------------------------------------------------------------------------------------------------

    async def _start(self) -> float:
        """Start the server; returns the seconds until it served."""
        began = time.monotonic()
        self._server = RunningServer(self._journal, flags=["--rehearsal", "--log-level", "warning"])
        await asyncio.to_thread(self._server.wait_ready)
        took = time.monotonic() - began
        self._channel = grpc.aio.insecure_channel(self._server.address)
        self._stubs = Stubs(self._channel)
        return took

    async def _stop(self, sig: signal.Signals) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        await asyncio.to_thread(server.stop, sig)
        if any(sign in server.output for sign in SIGNS_OF_FAULTS):
            self.ledger.fault(Kind.OTHER, f"the server logged:\n{server.output[-2000:]}")

    async def _kill_in_recovery(self) -> None:
        """Kill a server that is starting, at whatever it does then."""
        server = RunningServer(self._journal, flags=["--rehearsal", "--log-level", "warning"])
        await asyncio.sleep(self._rng.uniform(*RECOVERY_SECONDS))
        await asyncio.to_thread(server.stop, signal.SIGKILL)
        self.ledger.tally.kills_in_recovery += 1

    # --- the checks ---------------------------------------------------------------------------------------------------

    async def _check(self, watches: Sequence[LiveWatch], attempts: list[Attempt]) -> None:
        ledger = self.ledger
        ledger.take_new(await self._export(self._position))
        opened = [one for one in attempts if one.outcome is Outcome.OPEN]
        applied = [ledger.was_applied(one) for one in opened]
        self._count(attempts, opened, applied)
        first = await self._mark()
        watches = [one for one in (*watches, *self._from_an_answer(attempts)) if await self._resumed(one, first)]
        retried = await self._retry(opened, applied)
        await self._replay_some()
        await self._mark()  # a listing tells its revision by its newest member, which a deletion just before would not be.
        listed = await self._list()
        seen = [await self._get(name) for name in self._rng.sample(STAFF, 5)]
        second = await self._mark()
        everything = LiveWatch("the watch for states", self._position)
        await everything.resume(self._stubs, second)
        await self._hold(everything, watches, first, second)
        ledger.check_attempts([one for one in attempts if one.outcome is not Outcome.OPEN] + retried)
        ledger.check_listing(listed)
        for state in seen:
            ledger.check_state("GetStaff", state)
        reasons = await self._stubs.workspace.ListBreakReasons(workspace_service_pb2.ListBreakReasonsRequest())
        ledger.check_reason(next(one for one in reasons.break_reasons if one.code == "lunch"), attempts)
        self._answered += [one for one in (*attempts, *retried) if one.outcome is Outcome.ANSWERED]
        self._answered = self._rng.sample(self._answered, min(len(self._answered), 500))
        self._position, self._covered = everything.position, everything.changes[-1].transition.revision

    async def _resumed(self, watch: LiveWatch, until: int) -> bool:
        """Whether a watch could go on from what it had; where it had more than there is now, that was lost."""
        try:
            await watch.resume(self._stubs, until)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.OUT_OF_RANGE:
                raise
            self.ledger.fault(Kind.LOST, f"{watch.name} cannot go on: {error.details()}")
            return False
        return True

    def _from_an_answer(self, attempts: Sequence[Attempt]) -> Iterator[LiveWatch]:
        """A watch from the position of an answer that was given before the kill."""
        answered = [one for one in attempts if one.outcome is Outcome.ANSWERED and one.service == "workspace"]
        if answered:
            chosen = self._rng.choice(answered).answer
            yield LiveWatch("a watch from an answer", chosen.position, begins_after=chosen.staff.revision)

    def _count(self, attempts: list[Attempt], opened: list[Attempt], applied: list[bool]) -> None:
        tally = self.ledger.tally
        tally.acknowledged += sum(one.outcome is Outcome.ANSWERED for one in attempts)
        tally.refused += sum(one.outcome is Outcome.REFUSED for one in attempts)
        tally.unacknowledged += len(opened)
        tally.applied_though_unacknowledged += sum(applied)

    async def _hold(self, everything: LiveWatch, watches: Sequence[LiveWatch], first: int, second: int) -> None:
        """Take in all that happened, and hold watches and the whole history against it."""
        ledger = self.ledger
        known = ledger.head
        whole = await self._export("")
        ledger.take_new([one for one in whole if one.revision > known])
        ledger.compare_export(whole)
        ledger.take_states(everything.changes)
        missing = [revision for revision in ledger.seen if self._covered < revision <= second]
        ledger.check_watch(everything.name, _through(everything.changes, second), missing)
        for watch in watches:
            expected = [one for one in missing if one <= first and watch.wants(one, ledger.seen[one].staff_id)]
            ledger.check_watch(watch.name, _through(watch.changes, first), expected)
            if watch.changes[0].transition.revision <= watch.begins_after:
                ledger.fault(Kind.OTHER, f"{watch.name} began with what it had, at {watch.begins_after}")

    async def _retry(self, opened: list[Attempt], applied: list[bool]) -> list[Attempt]:
        """Ask again what was not answered, twice: all that was done before must be told, and nothing done twice."""
        retried = []
        for attempt, was_applied in zip(opened, applied, strict=True):
            first, second = attempt.again(), attempt.again()
            for one in (first, second):
                self.ledger.tally.retries += 1
                if await one.send(self._stubs) is Outcome.OPEN:
                    self.ledger.fault(Kind.OTHER, f"a retry of {one.method} was not answered: {one.request}")
            if was_applied and not any(one.replayed for one in first.promises()):
                self.ledger.fault(Kind.DUPLICATED, f"{first.method} was done before the kill and again: {first.request}")
            if first.outcome is Outcome.ANSWERED:
                self._check_replay(first, second)
            retried += [first, second]
        return retried

    async def _replay_some(self) -> None:
        """Answers of all rounds are given again, whatever happened since."""
        for attempt in self._rng.sample(self._answered, min(len(self._answered), REPLAYS)):
            again = attempt.again()
            await again.send(self._stubs)
            self._check_replay(attempt, again)

    def _check_replay(self, first: Attempt, second: Attempt) -> None:
        if second.outcome is not Outcome.ANSWERED:
            self.ledger.fault(Kind.DUPLICATED, f"{first.method} was answered, then {second.refusals}: {first.request}")
        elif not second.replayed:
            self.ledger.fault(Kind.DUPLICATED, f"{first.method} was answered anew: {first.request}")
        elif not first.refusals and first.told() != second.told():
            self.ledger.fault(Kind.OTHER, f"{first.method} was answered {first.told()}, then {second.told()}")

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _mark(self) -> int:
        """Make a change that watches can be read up to; returns its revision."""
        self._markers += 1
        status = staff_pb2.STATUS_AVAILABLE if self._markers % 2 else staff_pb2.STATUS_BUSY
        request = workspace_service_pb2.ChangeStatusRequest(
            staff_id=MARKER, choice={"status": status}, request_id=f"mark-{self._markers}"
        )
        return (await self._stubs.workspace.ChangeStatus(request, timeout=60)).staff.revision

    async def _export(self, after: str) -> list[staff_pb2.Transition]:
        request = history_service_pb2.ExportTransitionsRequest(resume_after=after)
        found: list[staff_pb2.Transition] = []
        async for frame in self._stubs.history.ExportTransitions(request, timeout=60):
            found += frame.transitions
        return found

    async def _list(self) -> list[staff_pb2.Staff]:
        listed: list[staff_pb2.Staff] = []
        token = ""
        while True:
            request = router_service_pb2.ListStaffRequest(page_size=1000, page_token=token)
            page = await self._stubs.router.ListStaff(request, timeout=60)
            listed += page.staff
            token = page.next_page_token
            if not token:
                return listed

    async def _get(self, staff_id: str) -> staff_pb2.Staff:
        request = workspace_service_pb2.GetStaffRequest(staff_id=staff_id)
        return (await self._stubs.workspace.GetStaff(request, timeout=60)).staff


def _through(changes: Sequence[staff_pb2.StaffChange], revision: int) -> list[staff_pb2.StaffChange]:
    return [change for change in changes if change.transition.revision <= revision]


def _everybody() -> supervisor_service_pb2.GetStaffSummaryRequest:
    return supervisor_service_pb2.GetStaffSummaryRequest()
