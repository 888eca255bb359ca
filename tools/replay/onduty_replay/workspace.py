"""One person's workspace: the attached stream, and all that it and the answers say; asks for nothing by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from onduty.v1 import history_service_pb2, staff_pb2, workspace_service_pb2
from onduty_client import OndutyError
from onduty_replay.accounting import StatusChange
from onduty_replay.names import cause_name, status_name
from onduty_replay.wire import TRANSIENT, ReplayError, ServerFailedError, Wire

FRAME_SECONDS: Final = 30.0
"""A stream without a frame for so long is taken for dead: bookmarks come at least every few seconds."""
STATE_SECONDS: Final = 30.0
"""How long a state is waited for."""
REATTACH_SECONDS: Final = 0.1
REATTACH_LIMIT: Final = 100
"""How often in a row a stream is opened again before giving up."""

_Seen = tuple[int, str, int]
"""Status, break reason and instant of the last change: what an answer and a frame about one revision must agree on."""


class Workspace:
    """What is known of one person, from the stream and from answers."""

    def __init__(self, wire: Wire, staff_id: str) -> None:
        """Nothing is sent before the workspace is attached."""
        self.staff_id = staff_id
        self.known = staff_pb2.Staff()
        """The newest state that a frame or an answer told."""
        self.told = staff_pb2.Staff()
        """The newest state that a frame of the stream told."""
        self.changes: list[StatusChange] = []
        """Every change of the visible status that the stream told, in order."""
        self.problems: list[str] = []
        """Broken promises of the stream, in words."""
        self._wire = wire
        self._frames: dict[int, _Seen] = {}
        self._answers: dict[int, _Seen] = {}
        self._last_revision = 0
        self._last_changed_at = 0
        self._news = asyncio.Event()

    @asynccontextmanager
    async def attached(self) -> AsyncIterator[None]:
        """A stream for the length of the block; at its end all that was answered has also been told."""
        self.told = staff_pb2.Staff()
        async with asyncio.TaskGroup() as group:
            reader = group.create_task(self._read_on())
            await self.until(lambda staff: staff.revision > 0, "the stream's first frame")
            yield
            await self.until(lambda staff: staff.revision >= self.known.revision, "the last change on the stream")
            reader.cancel()

    async def until(self, true_of: Callable[[staff_pb2.Staff], bool], what: str) -> None:
        """Wait until the stream has told a state of which this is true.

        Raises:
            ReplayError: it has not within ``STATE_SECONDS``.
        """
        try:
            async with asyncio.timeout(STATE_SECONDS):
                while not true_of(self.told):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise ReplayError(f"{self.staff_id}: waited {STATE_SECONDS:.0f} s for {what}") from None

    def note(self, staff: staff_pb2.Staff) -> None:
        """Take the state that an answer or a refusal told."""
        self._answers[staff.revision] = _seen(staff)
        if staff.revision > self.known.revision:
            self.known = staff

    def contradictions(self) -> list[str]:
        """Where stream and answers did not agree, beside the problems met before."""
        found = list(self.problems)
        for revision, answered in self._answers.items():
            if self._frames.get(revision) != answered:
                found.append(f"revision {revision}: an answer said {answered}, the stream {self._frames.get(revision)}")
        return found

    async def _read_on(self) -> None:
        failures = 0
        while failures < REATTACH_LIMIT:
            first = True
            async for frame in self._frames_of_one_stream():
                if frame.HasField("change"):
                    await self._take(frame.change, first=first)
                    first, failures = False, 0
            failures += 1
            self._wire.tally.reattached += 1
            await asyncio.sleep(REATTACH_SECONDS)
        raise ReplayError(f"{self.staff_id}: the workspace's stream ended {REATTACH_LIMIT} times in a row")

    async def _frames_of_one_stream(self) -> AsyncIterator[workspace_service_pb2.AttachResponse]:
        """Frames until the stream ends for a reason that allows another one."""
        self._wire.tally.rpcs["Attach"] += 1
        request = workspace_service_pb2.AttachRequest(staff_id=self.staff_id)
        try:
            async with self._wire.stream(self._wire.workspace.Attach, request) as stream:
                while True:
                    async with asyncio.timeout(FRAME_SECONDS):
                        frame = await stream.read()
                    if frame is None or frame.HasField("going_away"):
                        return
                    yield frame
        except TimeoutError:
            return
        except OndutyError as error:
            if error.code not in TRANSIENT:
                raise ServerFailedError("Attach", error) from error

    async def _take(self, change: staff_pb2.StaffChange, *, first: bool) -> None:
        revision = change.staff.revision
        if first and self._last_revision:
            await self._catch_up(revision)
        elif not first and revision <= self._last_revision:
            self.problems.append(f"the stream told revision {revision} after {self._last_revision}")
        if change.HasField("transition"):
            self._record([change.transition])
        self._frames[revision] = _seen(change.staff)
        self._last_revision = max(revision, self._last_revision)
        self._last_changed_at = max(change.staff.changed_at.ToMicroseconds(), self._last_changed_at)
        self.told = change.staff
        if revision > self.known.revision:
            self.known = change.staff
        self._news.set()

    def _record(self, transitions: Sequence[staff_pb2.Transition]) -> None:
        for transition in transitions:
            recorded = self.changes[-1].revision if self.changes else 0
            before = _words(transition.previous_status, transition.previous_break_reason)
            after = _words(transition.status, transition.break_reason)
            if before != after and transition.revision > recorded:
                self.changes.append(_status_change(transition, before, after))

    async def _catch_up(self, revision: int) -> None:
        """Read the changes that came while no stream was open."""
        request = history_service_pb2.ListTransitionsRequest(page_size=1_000)
        request.filter.staff_ids.append(self.staff_id)
        request.filter.starts_at.FromMicroseconds(self._last_changed_at)
        while True:
            page = await self._wire.ask(self._wire.history.ListTransitions, request)
            missed = [change for change in page.transitions if self._last_revision < change.revision <= revision]
            self._record(missed)
            for change in missed:
                self._frames[change.revision] = (change.status, change.break_reason, change.changed_at.ToMicroseconds())
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def _seen(staff: staff_pb2.Staff) -> _Seen:
    return staff.status, staff.break_reason, staff.changed_at.ToMicroseconds()


def _words(status: int, break_reason: str) -> tuple[str, str]:
    return status_name(status), break_reason


def _status_change(
    transition: staff_pb2.Transition, before: tuple[str, str], after: tuple[str, str]
) -> StatusChange:  # fmt: skip
    return StatusChange(
        revision=transition.revision,
        before=before,
        after=after,
        cause=cause_name(transition.cause),
        at=transition.changed_at.ToMicroseconds(),
        spent=transition.time_in_previous_status.ToMicroseconds(),
    )
