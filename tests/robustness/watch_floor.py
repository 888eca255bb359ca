"""A server process that can be ended and started again, with what it told of itself in time; it judges nothing.

``WatchFloor`` reads the history while it grows, because the server forgets it. ``Reader`` reads one watch frame by frame.
"""

import asyncio
import inspect
import itertools
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from patience import PATIENCE_SECONDS
from robustness.crash_requests import Attempt
from robustness.watch_history import EVERY_CHANGE, Asked, Chosen, Fact, Frame, History, Item, Watch, revision_of, since_of
from robustness.watch_server import WatchServer
from robustness.watch_truth import Truth
from robustness.watch_validators import Finding
from robustness.watch_verdict import findings
from service_stubs import Stubs, error_details

from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    staff_pb2,
    workspace_service_pb2,
)

OWN_CONNECTION = (("grpc.use_local_subchannel_pool", 1),)
SIGNS_OF_FAULTS = ("Traceback", "unforeseen", "journal_failed")
TURNS = (staff_pb2.STATUS_OFFLINE, staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)
BOOKMARKS = Duration(seconds=1)


class EndedError(Exception):
    """The watch ended; how is in its record."""


class HistoryMissedError(Exception):
    """The machine was too busy to read the history before it was forgotten: nothing can be judged. Not the server's fault."""


def note_end(watch: Watch, error: Any) -> None:
    """How the server ended a watch: the reason that its error names, or the code."""
    info = error_details(error).get(error_details_pb2.ErrorInfo)
    watch.end = error.code().name if info is None else info.reason
    if info is not None:
        watch.end_metadata = dict(info.metadata)


def watch_request(
    watch: Watch, resume_after: str = "", at_least: str = "", bookmarks: Duration = BOOKMARKS
) -> router_service_pb2.WatchStaffRequest:
    """The request of a recorded watch; if nobody says else, with bookmarks as often as there can be."""
    return router_service_pb2.WatchStaffRequest(
        filter=watch.chosen.message(),
        resume_after=resume_after,
        at_least=at_least,
        delivery=watch.delivery,  # type: ignore[arg-type]
        bookmark_interval=bookmarks,
    )


def kept(attempt: Attempt, asked_at: float) -> Asked:
    """A request with what its answer showed."""
    answer = attempt.answer
    shown = [answer.staff] if hasattr(answer, "staff") else []
    name = getattr(attempt.request, "request_id", "")
    position = revision_of(getattr(answer, "position", ""))
    items = tuple(map(Item.of_staff, shown))
    return Asked(attempt.method, name, attempt.outcome.value, asked_at, time.monotonic(), position, items)


class Reader:
    """A watch that is read on demand."""

    def __init__(self, stubs: Stubs, watch: Watch, request: router_service_pb2.WatchStaffRequest) -> None:
        """It is asked for at once; what is not read waits in the connection and in the server."""
        self.watch = watch
        self.position = request.resume_after
        watch.end = "CANCELLED"
        self.call = stubs.router.WatchStaff(request)

    async def frame(self) -> Frame:
        """The next frame.

        Raises:
            EndedError: There is none.
        """
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                raw = await self.call.read()
        except grpc.aio.AioRpcError as error:
            note_end(self.watch, error)
            raise EndedError(self.watch.end) from error
        if raw is grpc.aio.EOF:
            self.watch.end = "OK"
            raise EndedError("OK")
        self.position = raw.position or self.position
        self.watch.frames.append(Frame.of(raw, time.monotonic()))
        return self.watch.frames[-1]

    async def began(self) -> Self:
        """Read the snapshot, or the bookmark that says that a resumed watch lives."""
        while (await self.frame()).position < 0:
            pass
        return self

    async def until(self, revision: int) -> Self:
        """Read until everything up to a revision was told."""
        while self.watch.through < revision:
            await self.frame()
        return self

    async def end(self) -> str:
        """Read until the watch ends; how it did."""
        try:
            while True:
                await self.frame()
        except EndedError:
            return self.watch.end

    def close(self) -> None:
        """Break it off."""
        self.call.cancel()


class WatchFloor:
    """A server on one journal file."""

    def __init__(self, journal: Path, knobs: Mapping[str, float], *flags: str) -> None:
        """Nothing runs yet; ``knobs`` are the bounds that ``watch_program.py`` knows."""
        self.journal = journal
        self._knobs = knobs
        self._flags = ("--rehearsal", "--log-level", "info", *flags)
        self._channels: list[Any] = []
        self._export_position = ""
        self._requests = itertools.count(1)
        self._turns: Counter[str] = Counter()
        self._numbers = itertools.count(1)
        self.server: WatchServer | None = None
        self.stubs: Any = None
        self.fresh: list[Fact] = []
        self.history = History()
        self.faults: list[Finding] = []

    # --- the server ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the server on the file as it is."""
        self.server = WatchServer(self.journal, self._knobs, *self._flags)
        await asyncio.to_thread(self.server.wait_ready)
        await self.close_connections()
        self.stubs = self.connect()

    async def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        """End the server. The connections stay, broken, until the next start: somebody may still be waiting on them."""
        server, self.server = self.server, None
        if server is None:
            return
        await asyncio.to_thread(server.stop, sig)
        if any(sign in server.output for sign in SIGNS_OF_FAULTS):
            self.faults.append(Finding("other", -1, f"the server logged:\n{server.output[-3000:]}"))

    async def restart(self, sig: signal.Signals) -> None:
        """End the server and start it again."""
        await self.stop(sig)
        await self.start()

    @property
    def running(self) -> WatchServer:
        """The server that runs."""
        assert self.server is not None, "start it first"
        return self.server

    def connect(self, *options: tuple[str, Any]) -> Stubs:
        """Stubs over a connection of their own."""
        channel = grpc.aio.insecure_channel(self.running.address, options=[*OWN_CONNECTION, *options])
        self._channels.append(channel)
        return Stubs(channel)

    async def close_connections(self) -> None:
        """Break off all connections."""
        channels, self._channels = self._channels, []
        for channel in channels:
            await channel.close()

    # --- asking -------------------------------------------------------------------------------------------------------

    async def ask(self, service: str, method: str, request: Any) -> Any:
        """Send a request that must be answered; the answer is kept."""
        attempt, asked_at = Attempt(service, method, request), time.monotonic()
        await attempt.send(self.stubs)
        assert not attempt.refusals, attempt
        assert attempt.answer is not None, attempt
        self.history.asked.append(kept(attempt, asked_at))
        return attempt.answer

    async def policy(self, **fields: Any) -> None:
        """Change the policy."""
        await self.ask("admin", "UpdatePolicy", admin_service_pb2.UpdatePolicyRequest(policy=policy_pb2.Policy(**fields)))

    async def create(self, *names: str, groups: Iterable[str] = ("cards",)) -> None:
        """Create staff."""
        pb = admin_service_pb2
        requests = [pb.CreateStaffRequest(staff_id=name, skill_groups=[{"name": group} for group in groups]) for name in names]
        await self.ask("admin", "BatchCreateStaff", pb.BatchCreateStaffRequest(requests=requests))

    async def change(self, name: str, status: int) -> workspace_service_pb2.ChangeStatusResponse:
        """Change a status."""
        request_id = f"change-{next(self._requests)}"
        request = workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": status}, request_id=request_id)  # type: ignore[arg-type]
        return await self.ask("workspace", "ChangeStatus", request)

    async def turn(self, *names: str, times: int = 1) -> int:
        """Change everybody's status so many times, all at once each time; the last revision.

        Three statuses in turn: also after a change that was lost with a server, the next one is a change.
        """
        answers: list[Any] = []
        for _ in range(times):
            self._turns.update(names)
            answers = await asyncio.gather(*(self.change(name, TURNS[self._turns[name] % len(TURNS)]) for name in names))
        return max(one.staff.revision for one in answers)

    async def delete(self, name: str) -> admin_service_pb2.DeleteStaffResponse:
        """Delete somebody who is OFFLINE."""
        return await self.ask("admin", "DeleteStaff", admin_service_pb2.DeleteStaffRequest(staff_id=name))

    def watch(
        self,
        chosen: Chosen | None = None,
        *,
        resume_after: str = "",
        at_least: str = "",
        delivery: int = EVERY_CHANGE,
        bookmarks: Duration = BOOKMARKS,
        stubs: Stubs | None = None,
    ) -> Reader:
        """Open a watch; it is kept."""
        chosen = chosen or Chosen()
        watch = Watch(next(self._numbers), chosen, delivery, revision_of(resume_after), revision_of(at_least), reader="test")
        watch.resume_since = since_of(resume_after)
        self.history.watches.append(watch)
        return Reader(stubs or self.stubs, watch, watch_request(watch, resume_after, at_least, bookmarks))

    async def too_old(self, position: str) -> bool:
        """Whether a position is older than what is kept. The refusal is kept among the watches."""
        reader = self.watch(resume_after=position)
        try:
            await reader.frame()
        except EndedError as error:
            if str(error) == "POSITION_TOO_OLD":
                return True
            raise
        reader.close()
        return False

    async def at_rest(self) -> bool:
        """Whether no deadline runs for anybody, so that nothing happens unless it is asked for."""
        listed = await self.stubs.router.ListStaff(
            router_service_pb2.ListStaffRequest(page_size=1_000), timeout=PATIENCE_SECONDS
        )
        assert not listed.next_page_token
        return not any(
            one.calls
            or one.HasField("offer")
            or one.wrap_up.HasField("ends_at")
            or one.connection.HasField("offline_at")
            or (one.HasField("break_ends_at") and not one.overdue)
            for one in listed.staff
        )

    # --- the history --------------------------------------------------------------------------------------------------

    async def read_history(self) -> int:
        """Read what is new of it; returns the revision up to which it is known. What was read is in ``fresh``.

        Raises:
            HistoryMissedError: It was forgotten before it was read.
        """
        request = history_service_pb2.ExportTransitionsRequest(resume_after=self._export_position)
        try:
            async for frame in self.stubs.history.ExportTransitions(request, timeout=60):
                self.fresh += map(Fact.of, frame.transitions)
                self._export_position = frame.position
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.OUT_OF_RANGE:
                raise HistoryMissedError(error.details()) from error
            raise
        return revision_of(self._export_position)

    async def whole_history(self) -> list[Fact]:
        """All that the server has kept."""
        found: list[Fact] = []
        async for frame in self.stubs.history.ExportTransitions(history_service_pb2.ExportTransitionsRequest(), timeout=60):
            found += map(Fact.of, frame.transitions)
        return found

    async def findings(self) -> list[Finding]:
        """Everything that is wrong with what was seen so far."""
        self.history.through = await self.read_history()
        self.history.facts.update({fact.revision: fact for fact in self.fresh})
        self.fresh = []
        return [*findings(self.history, Truth.of(self.history)), *self.faults]


@asynccontextmanager
async def watch_floor(journal: Path, knobs: Mapping[str, float], *flags: str) -> AsyncIterator[WatchFloor]:
    """A floor whose server runs, for the length of the block."""
    floor = WatchFloor(journal, knobs, *flags)
    try:
        await floor.start()
        yield floor
    finally:
        for channel_end in (floor.close_connections, floor.stop):
            await channel_end()


async def eventually(condition: Callable[[], Awaitable[bool] | bool], what: str) -> None:
    """Ask again until it is so, for a generous while."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (await found if inspect.isawaitable(found := condition()) else found):
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {PATIENCE_SECONDS} s")
        await asyncio.sleep(0.05)
