"""What was refused because a limit was reached: counted by the limit's name, and logged within a rate."""

from collections import Counter
from typing import Final

import structlog

from onduty_server.domain.model.errors import ThrottledError

log = structlog.get_logger(__name__)

APART_SECONDS: Final = 10.0
"""Each limit is told in the log at most so often; the next tells how many were left out."""


class Limited:
    """Counts refusals by limits. ``counts`` is for whoever shows numbers: the names are those of the contract's metadata."""

    def __init__(self) -> None:
        """None so far."""
        self.counts: Counter[str] = Counter()
        self._told: dict[str, tuple[float, int]] = {}

    def refused(self, error: ThrottledError, *, tenant: str, actor: str, now: float) -> None:
        """Somebody was refused; ``now`` is in seconds of a clock that never goes back."""
        bound = error.bound
        if not bound:
            return
        self.counts[bound] += 1
        told_at, told_count = self._told.get(bound, (float("-inf"), 0))
        if now - told_at < APART_SECONDS:
            return
        count = self.counts[bound]
        self._told[bound] = (now, count)
        log.warning("limit_reached", limit=bound, tenant=tenant, actor=actor, untold=count - told_count - 1)
