"""A small router: gives the calls it reads, a call id a line, to the staff of one skill group, longest idle first.

It asks the server only when its own floor shows somebody available, and learns from the floor what became of each call.
"""

import argparse
import asyncio
import contextlib
import signal
import sys
import threading
import uuid
from collections import deque
from collections.abc import Awaitable, Callable

from onduty_client import (
    AsyncConnection,
    AsyncRouterClient,
    ConnectionOptions,
    FloorChange,
    NobodyAvailableError,
    TimedOutError,
    UnavailableError,
)

AGAIN_SECONDS = 1


async def until_answered(ask: Callable[[str], Awaitable[object]]) -> None:
    """Ask until there is an answer: under one request id it is done once, however many answers got lost."""
    request_id = str(uuid.uuid4())
    while True:
        with contextlib.suppress(UnavailableError, TimedOutError):
            await ask(request_id)
            return
        await asyncio.sleep(AGAIN_SECONDS)


class Router:
    """Calls wait in line, are offered, answered and ended; one that is missed waits in front again."""

    def __init__(self, router: AsyncRouterClient, group: str, talk: float) -> None:
        self.client, self.group, self.talk = router, group, talk
        self.waiting: deque[str] = deque()
        self.staff_of: dict[str, str] = {}  # the calls that are offered or answered
        self.answered: set[str] = set()
        self.places = threading.Semaphore(100)  # how many calls may be in hand
        self.input_ended = False
        self.wake = asyncio.Event()
        self.tasks = asyncio.TaskGroup()

    def read(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in sys.stdin:
            if call := line.strip():
                self.places.acquire()
                loop.call_soon_threadsafe(self.add, call)
        loop.call_soon_threadsafe(self.add, "")

    def add(self, call: str) -> None:
        self.waiting.extend([call] if call else [])
        self.input_ended |= not call
        self.wake.set()

    def on_change(self, change: FloorChange) -> None:
        offered = change.after.offer.call_id if change.after else ""
        talking = {call.call_id for call in change.after.calls} if change.after else set()
        if offered in self.staff_of and not self.staff_of[offered]:
            self.tell(offered, "offered", change.staff_id)
        for call in [call for call, staff in self.staff_of.items() if staff == change.staff_id]:
            if call in talking and call not in self.answered:
                self.answered.add(call)
                self.tell(call, "answered", change.staff_id)
                if self.talk:
                    self.tasks.create_task(self.end(call, change.staff_id))
            elif call in self.answered and call not in talking:
                self.tell(call, "ended", "")
                self.places.release()
            elif call not in talking and call != offered:
                self.tell(call, "missed", "")
                self.waiting.appendleft(call)
        self.wake.set()

    def tell(self, call: str, what: str, staff_now: str) -> None:
        print(call, what, staff_now or self.staff_of[call], flush=True)
        if staff_now:
            self.staff_of[call] = staff_now
        else:
            del self.staff_of[call]
            self.answered.discard(call)

    async def end(self, call: str, staff: str) -> None:
        await asyncio.sleep(self.talk)
        await until_answered(lambda request_id: self.client.call_ended(staff, call, request_id=request_id))

    async def claim(self, call: str) -> None:
        await until_answered(lambda request_id: self.client.claim_member(call, self.group, request_id=request_id))

    async def run(self) -> None:
        on_state = lambda _state: self.wake.set()  # noqa: E731
        async with self.client.floor(on_change=self.on_change, on_state=on_state) as floor, self.tasks:
            while not (self.input_ended and not self.waiting and not self.staff_of):
                self.wake.clear()
                if self.waiting and floor.available(self.group):
                    call = self.waiting.popleft()
                    self.staff_of[call] = ""
                    try:
                        await self.claim(call)
                        continue
                    except NobodyAvailableError:  # wait for the floor to change
                        del self.staff_of[call]
                        self.waiting.appendleft(call)
                await self.wake.wait()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="host:port")
    parser.add_argument("--tenant", default="")
    parser.add_argument("--skill-group", required=True)
    parser.add_argument("--talk", type=float, default=0, help="seconds until the call's end; 0: telephony reports it")
    given = parser.parse_args()
    loop, this_task = asyncio.get_running_loop(), asyncio.current_task()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, this_task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        async with AsyncConnection(ConnectionOptions(given.server, tenant=given.tenant)) as connection:
            router = Router(AsyncRouterClient(connection), given.skill_group, given.talk)
            threading.Thread(target=router.read, args=(loop,), daemon=True).start()
            await router.run()


asyncio.run(main())
