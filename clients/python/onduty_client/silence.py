"""Cancels streams on which nothing comes in time, for threads that block on them. It opens and reads no stream.

A thread that waits for a frame cannot also look at a clock: gRPC's blocking streams have no wait with a deadline. So one
thread a connection watches for all of them. It runs from the first stream to the connection's end.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from onduty_client import clock

STUCK_SECONDS: Final = 2.0
"""A read that lasts so long after it was cancelled will never end."""


class Alarm:
    """One wait for a frame: by when, and what to do when it did not come."""

    def __init__(self, at: float, cancel: Callable[[], None], give_up: Callable[[], None]) -> None:
        """``at``: by ``clock.monotonic``. ``give_up`` is for a wait that ``cancel`` did not end."""
        self.at = at
        self.rang = False
        self._steps = [give_up, cancel]

    def next_step(self) -> Callable[[], None]:
        """What is to be done now."""
        self.rang = True
        self.at += STUCK_SECONDS
        return self._steps.pop()

    @property
    def is_done(self) -> bool:
        """There is nothing more to do."""
        return not self._steps


class SilenceWatch:
    """The waits that are under way, and the thread that ends those that last too long."""

    def __init__(self) -> None:
        """No thread runs yet."""
        self._changed = threading.Condition()
        self._alarms: set[Alarm] = set()
        self._thread: threading.Thread | None = None
        # When the thread will look by itself; None while it waits to be woken.
        self._looks_at: float | None = None
        self._closed = False

    @contextmanager
    def within(self, seconds: float, cancel: Callable[[], None], give_up: Callable[[], None]) -> Iterator[Alarm]:
        """For the length of the block: ``cancel`` is called when it lasts longer than ``seconds``, and the alarm has rung.

        ``give_up`` is called when it still lasts two seconds later.
        """
        alarm = Alarm(clock.monotonic() + seconds, cancel, give_up)
        with self._changed:
            self._alarms.add(alarm)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="onduty-silence", daemon=True)
                self._thread.start()
            if self._looks_at is None or alarm.at < self._looks_at:
                self._changed.notify()
        try:
            yield alarm
        finally:
            with self._changed:
                self._alarms.discard(alarm)

    def close(self) -> None:
        """Ends the thread and waits for its end. May be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                due = self._take_due()
                if not due:
                    if self._closed:
                        return
                    self._wait()
            for step in due:
                step()

    def _take_due(self) -> list[Callable[[], None]]:
        now = clock.monotonic()
        due = [alarm for alarm in self._alarms if alarm.at <= now]
        steps = [alarm.next_step() for alarm in due]
        self._alarms.difference_update(alarm for alarm in due if alarm.is_done)
        return steps

    def _wait(self) -> None:
        self._looks_at = min((alarm.at for alarm in self._alarms), default=None)
        self._changed.wait(None if self._looks_at is None else max(0.0, self._looks_at - clock.monotonic()))
