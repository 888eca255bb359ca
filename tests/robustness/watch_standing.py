"""A watch that goes on for a whole run, over every end of the server; it records and judges nothing."""

import asyncio
import time

import grpc
from robustness.watch_crowd import Memory
from robustness.watch_floor import note_end, watch_request
from robustness.watch_history import Chosen, Frame, Watch, revision_of, since_of
from service_stubs import Stubs

REACH_SECONDS = 60
RESUME_SECONDS = 0.2


class Standing:
    """A watch that is resumed whenever it ends; each stretch is a watch of its own in ``done``."""

    def __init__(self, chosen: Chosen, delivery: int, memory: Memory) -> None:
        """Not open yet."""
        self._chosen, self._delivery, self._memory = chosen, delivery, memory
        self._position = ""
        self._task: asyncio.Task[None] | None = None
        self._stubs: Stubs | None = None
        self.done: list[Watch] = []
        self.moved = asyncio.Event()

    @property
    def position(self) -> str:
        """The last position."""
        return self._position

    @property
    def through(self) -> int:
        """The revision of the last position."""
        return revision_of(self._position)

    def open(self, stubs: Stubs) -> None:
        """Go on from the last position."""
        self._stubs = stubs
        self._task = asyncio.create_task(self._follow(stubs))

    async def close(self) -> None:
        """End the stretch."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait((task,))
            if not task.cancelled() and task.exception() is not None:
                raise task.exception()  # type: ignore[misc]

    async def reach(self, revision: int) -> bool:
        """Wait until everything up to a revision was told; False if that takes too long.

        A stream that the server has let go meanwhile, as it does with who did not read for a while, is resumed.
        """
        assert self._task is not None, "open it first"
        assert self._stubs is not None
        end = time.monotonic() + REACH_SECONDS
        while self.through < revision and time.monotonic() < end:
            if self._task.done():
                await self.close()
                await asyncio.sleep(RESUME_SECONDS)
                self.open(self._stubs)
            self.moved.clear()
            await asyncio.wait((asyncio.ensure_future(self.moved.wait()), self._task), timeout=1, return_when="FIRST_COMPLETED")
        return self.through >= revision

    async def _follow(self, stubs: Stubs) -> None:
        watch = Watch(next(self._memory.numbers), self._chosen, self._delivery, self.through, reader="standing")
        watch.resume_since = since_of(self._position)
        call = stubs.router.WatchStaff(watch_request(watch, self._position))
        watch.end = "CANCELLED"
        self.done.append(watch)
        try:
            while (frame := await call.read()) is not grpc.aio.EOF:
                watch.frames.append(Frame.of(frame, time.monotonic()))
                self._position = frame.position or self._position
                self.moved.set()
            watch.end = "OK"
        except grpc.aio.AioRpcError as error:
            note_end(watch, error)
        finally:
            call.cancel()
