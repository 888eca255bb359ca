"""Ends streams whose credential ends: it expires, is revoked, or reaches less than it did."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from onduty_server.auth.authenticator import Authenticator
from onduty_server.domain.access.principal import Principal
from onduty_server.domain.model.errors import UnauthenticatedError

CHECKED_SECONDS: Final = 60.0
"""A credential is looked at again at least so often: the clock that its end goes by may have been set."""
LEAST_SECONDS: Final = 0.01


class Lease:
    """One stream's hold on its credential. ``error`` says why it has ended; the stream's task is cancelled then."""

    __slots__ = ("_alarm", "error", "task")

    def __init__(self, task: "asyncio.Task[object] | None") -> None:
        """It lasts."""
        self.task = task
        self.error: UnauthenticatedError | None = None
        self._alarm: asyncio.TimerHandle | None = None

    def is_cause(self) -> bool:
        """Whether the cancellation that the stream's task has met is this lease's, and nobody else's too."""
        return self.error is not None and self.task is not None and not self.task.uncancel()

    def end(self, error: UnauthenticatedError) -> None:
        """The credential has ended."""
        if self.error is None and self.task is not None:
            self.error = error
            self.task.cancel()

    def release(self) -> None:
        """The stream ends by itself: its credential may end when it likes."""
        self.task = None
        if self._alarm is not None:
            self._alarm.cancel()

    def set_alarm(self, alarm: asyncio.TimerHandle) -> None:
        """Look at the credential again then."""
        self._alarm = alarm


class Leases:
    """The leases of all open streams."""

    def __init__(self, authenticator: Authenticator) -> None:
        """No stream is open."""
        self._authenticator = authenticator
        self._of: dict[Principal, set[Lease]] = {}
        authenticator.on_change(self._check_all)

    @contextmanager
    def held(self, principal: Principal | None) -> Iterator[Lease]:
        """The calling task is a stream for the length of the block; it is cancelled when the credential ends.

        Without a principal the lease lasts.
        """
        lease = Lease(asyncio.current_task())
        if principal is None:
            yield lease
            return
        leases = self._of.setdefault(principal, set())
        leases.add(lease)
        self._check(principal, lease)
        try:
            yield lease
        finally:
            lease.release()
            leases.discard(lease)
            if not leases:
                self._of.pop(principal, None)

    def _check(self, principal: Principal, lease: Lease) -> None:
        try:
            left = self._authenticator.check(principal)
        except UnauthenticatedError as error:
            lease.end(error)
            return
        if left is not None:
            wait = min(max(left, LEAST_SECONDS), CHECKED_SECONDS)
            lease.set_alarm(asyncio.get_running_loop().call_later(wait, self._check, principal, lease))

    def _check_all(self) -> None:
        for principal, leases in tuple(self._of.items()):
            try:
                self._authenticator.check(principal)
            except UnauthenticatedError as error:
                for lease in leases:
                    lease.end(error)
