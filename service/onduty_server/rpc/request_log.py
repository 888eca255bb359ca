"""Logs calls: refusals at debug, slow ones within a rate; never what was asked, or about whom."""

import asyncio
from typing import Any, Final

import structlog

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import OndutyError
from onduty_server.rpc.error_map import reason_of

log = structlog.get_logger(__name__)

SLOW_CALL_SECONDS: Final = 1.0
SLOW_CALLS_APART_SECONDS: Final = 1.0


class SlowCalls:
    """Tells of unary calls that took long, at most one a second; the next tells how many were left out."""

    def __init__(self) -> None:
        """None so far."""
        self._told_at = float("-inf")
        self._untold = 0

    def took(self, method: str, seconds: float) -> None:
        """A call is over."""
        if seconds < SLOW_CALL_SECONDS:
            return
        now = asyncio.get_running_loop().time()
        if now - self._told_at < SLOW_CALLS_APART_SECONDS:
            self._untold += 1
            return
        log.warning("call_slow", method=method, seconds=round(seconds, 3), untold=self._untold)
        self._told_at, self._untold = now, 0


def tell_refusal(method: str, identity: Identity | None, request: Any, error: OndutyError) -> None:
    """Log why a call was refused; identity and request are None where it did not come so far."""
    log.debug(
        "call_refused",
        method=method,
        reason=reason_of(error),
        tenant=identity.tenant if identity else "",
        actor=identity.actor_id if identity else "",
        request_id=getattr(request, "request_id", ""),
    )
