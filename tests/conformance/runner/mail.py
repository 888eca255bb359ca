"""The events that a driver sends for one scenario, sorted by what they are about, and looked through in order.

It also holds every ``change`` event against the promise that no floor tells a revision twice.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final

EVENT_SECONDS: Final = 60.0

Event = dict[str, Any]


class NothingCameError(Exception):
    """What was waited for did not come in time."""


def _never(_event: Event) -> bool:
    return False


class Mail:
    """The events of one scenario."""

    def __init__(self, inbox: "asyncio.Queue[Event]", seen: Callable[[Event], None]) -> None:
        """``seen`` is told of every event once."""
        self._inbox = inbox
        self._seen = seen
        self._kept: dict[str, deque[Event]] = {}
        self._told: set[tuple[str, str, int]] = set()
        self.told_twice: list[Event] = []

    async def next(
        self,
        kind: str,
        wanted: Callable[[Event], bool],
        within: float = EVENT_SECONDS,
        *,
        until: Callable[[Event], bool] = _never,
    ) -> Event:
        """The first event of a kind that is wanted; those before it stay for others to look at. ``until`` gives it up.

        Raises:
            NothingCameError: None came within so many seconds.
        """
        kept = self._kept.setdefault(kind, deque())
        found = next(filter(wanted, kept), None)
        try:
            async with asyncio.timeout(within):
                while found is None:
                    event = self._keep(await self._inbox.get())
                    if event["event"] == kind and wanted(event):
                        found = event
                    elif until(event):
                        raise NothingCameError(f"{event!r:.500} came first")
        except TimeoutError:
            raise NothingCameError(f"no such event within {within:g} s; kept: {self._summary(kind)}") from None
        kept.remove(found)
        return found

    def take(self, kind: str) -> list[Event]:
        """Everything of a kind that came before what was asked for last, or has been kept since."""
        return list(self._kept.pop(kind, ()))

    def put_back(self, event: Event) -> None:
        """Let an event that was looked at be the first of its kind again."""
        self._kept[event["event"]].appendleft(event)

    def sort(self) -> None:
        """Take in what has come so far."""
        while not self._inbox.empty():
            self._keep(self._inbox.get_nowait())

    def begin_floor(self, name: str | None = None) -> None:
        """A floor of this name begins anew, or all of them on another store: revisions may come again."""
        self.sort()
        self._told = {one for one in self._told if name is not None and one[0] != name}

    def _keep(self, event: Event) -> Event:
        self._seen(event)
        if event["event"] == "change" and int(event["revision"]):
            key = (event["floor"], event["staff_id"], int(event["revision"]))
            if key in self._told:
                self.told_twice.append(event)
            self._told.add(key)
        self._kept.setdefault(event["event"], deque()).append(event)
        return event

    def _summary(self, kind: str) -> str:
        return ", ".join(f"{event!r:.200}" for event in list(self._kept.get(kind, ()))[-5:]) or "none"
