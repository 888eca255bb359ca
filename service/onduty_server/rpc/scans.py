"""Bounds how many questions about the past one caller has in progress; a tenant's turns are the adapters' matter."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import OverloadedError


class Scans:
    """Counts them while they are answered."""

    def __init__(self, most: int) -> None:
        """``most`` are those of one caller of a tenant."""
        self._most = most
        self._open: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def admitted(self, identity: Identity) -> Iterator[None]:
        """One is under way for the length of the block.

        Raises:
            OverloadedError: The caller has too many.
        """
        caller = (identity.tenant, identity.actor_id)
        if self._open[caller] >= self._most:
            raise OverloadedError(self._most, "questions about the past of one caller are under way", "scans_per_caller")
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]
