"""An index of the watchers of named staff, so that a change wakes those who named its staff member, and nobody else."""

import asyncio
from collections.abc import Iterable

from onduty_server.engine.watch.pacer import Waiter


class NamedWatcher:
    """A watcher of these staff members. ``is_fresh``: one of them has changed since it last began to wait."""

    __slots__ = ("_future", "is_fresh", "staff_ids")

    def __init__(self, staff_ids: frozenset[str]) -> None:
        """It does not wait."""
        self.staff_ids = staff_ids
        self.is_fresh = False
        self._future: Waiter | None = None

    def wait(self) -> Waiter:
        """A future that is done when somebody of its staff has changed, at once if that is so already."""
        future: Waiter = asyncio.get_running_loop().create_future()
        self._future = future
        if self.is_fresh:
            self.wake()
        return future

    def wake(self) -> None:
        """Have it look, now or when it next waits."""
        self.is_fresh = True
        if self._future is not None:
            if not self._future.done():
                self._future.set_result(None)
            self._future = None
            self.is_fresh = False


class NamedWatchers:
    """All of them, by the staff that they name. What a change costs grows with those who named its staff member alone."""

    def __init__(self) -> None:
        """None yet."""
        self._of: dict[str, set[NamedWatcher]] = {}
        self._to_wake: set[NamedWatcher] = set()

    def register(self, staff_ids: frozenset[str]) -> NamedWatcher:
        """A watcher of these staff, until it is handed to ``leave``."""
        watcher = NamedWatcher(staff_ids)
        for staff_id in staff_ids:
            self._of.setdefault(staff_id, set()).add(watcher)
        return watcher

    def leave(self, watcher: NamedWatcher) -> None:
        """Forget a watcher."""
        self._to_wake.discard(watcher)
        for staff_id in watcher.staff_ids:
            watchers = self._of.get(staff_id)
            if watchers is not None:
                watchers.discard(watcher)
                if not watchers:
                    del self._of[staff_id]

    def changed(self, staff_ids: Iterable[str]) -> None:
        """Staff members have changed: who named them is to be woken."""
        for staff_id in staff_ids:
            watchers = self._of.get(staff_id)
            if watchers:
                self._to_wake |= watchers

    def look_again(self, watcher: NamedWatcher) -> None:
        """A watcher is to be woken with the next ones, whoever has changed."""
        self._to_wake.add(watcher)

    def wake(self) -> int:
        """Wake those who are to be woken; returns how many."""
        to_wake, self._to_wake = self._to_wake, set()
        for watcher in to_wake:
            watcher.wake()
        return len(to_wake)

    def __len__(self) -> int:
        """How many names are watched, each as often as there are watchers of it."""
        return sum(map(len, self._of.values()))
