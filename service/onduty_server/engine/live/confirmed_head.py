"""Whether reads here are current: whether this process shows all that any replica had committed a moment ago.

A process that alone may write always knows. A replica knows by its looks at the store: once it shows what a look has found,
what it shows was current when that look began.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import NO_REVISION, Revision

CURRENT_SECONDS: Final = 1.0
"""Four looks: what was confirmed within this is shown as current."""

WAIT_SECONDS: Final = 2.0
"""The longest that a reader waits until the head is confirmed, or until a position is reached."""

_LOOKS_KEPT: Final = 16


class BehindError(JournalUnavailableError):
    """This replica does not show yet what it was asked for, or does not know whether it does."""


class ConfirmedHead(Protocol):
    """What readers ask before they call something current."""

    @property
    def is_current(self) -> bool:
        """Whether what is shown is known to be current."""

    async def confirm(self) -> None:
        """Return once what is shown is known to be current.

        Raises:
            BehindError: It is not within two seconds.
        """

    async def reach(self, revision: Revision) -> None:
        """Return once a revision is shown, or is known to be nowhere.

        Raises:
            BehindError: Neither is so within two seconds.
        """


class OwnHead(ConfirmedHead):
    """Of a process that alone writes."""

    is_current = True

    async def confirm(self) -> None:
        """See ``ConfirmedHead``."""

    async def reach(self, revision: Revision) -> None:
        """See ``ConfirmedHead``."""


class SharedHead(ConfirmedHead):
    """Of a replica. ``looked`` is told of each look, ``lost`` that memory shows something else for a while."""

    def __init__(self, head: Callable[[], Revision]) -> None:
        """``head`` is the revision that is shown; nothing is confirmed yet."""
        self._head = head
        self._looks: deque[tuple[float, Revision]] = deque(maxlen=_LOOKS_KEPT)
        self._confirmed_at = float("-inf")
        self._newest: tuple[float, Revision] = (float("-inf"), NO_REVISION)
        self._changed = asyncio.Event()

    @property
    def age_seconds(self) -> float:
        """For how long what is shown has not been confirmed."""
        head = self._head()
        while self._looks and self._looks[0][1] <= head:
            self._confirmed_at = self._looks.popleft()[0]
        return asyncio.get_running_loop().time() - self._confirmed_at

    @property
    def is_current(self) -> bool:
        """See ``ConfirmedHead``."""
        return self.age_seconds <= CURRENT_SECONDS

    def looked(self, began_at: float, head: Revision) -> None:
        """A look that began at a time of the event loop found a head."""
        self._looks.append((began_at, head))
        self._newest = (began_at, head)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def lost(self) -> None:
        """Nothing is confirmed any more."""
        self._looks.clear()
        self._confirmed_at = float("-inf")

    async def confirm(self) -> None:
        """See ``ConfirmedHead``."""
        if not self.is_current:
            await self._wait(lambda: self.is_current, "cannot confirm that what it shows is current")

    async def reach(self, revision: Revision) -> None:
        """See ``ConfirmedHead``."""
        if self._head() >= revision:
            return
        asked_at = asyncio.get_running_loop().time()

        def is_known() -> bool:
            looked_at, head = self._newest
            return self._head() >= revision or (looked_at >= asked_at and head < revision)

        await self._wait(is_known, f"does not show revision {revision} yet")

    async def _wait(self, condition: Callable[[], bool], what: str) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_SECONDS
        while not condition():
            if loop.time() >= until:
                raise BehindError(f"this replica {what}")
            try:
                await asyncio.wait_for(self._changed.wait(), min(until - loop.time(), 0.05))
            except TimeoutError:
                continue
