"""Runs the handlers of a user, so that one that fails harms nothing. It decides nothing about when they run."""

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

log = logging.getLogger("onduty_client")

E = TypeVar("E")

OnError = Callable[[Exception], None]
"""Gets what a handler raised. Without one it is logged."""


def run_handlers(handlers: Iterable[Callable[[E], object]], event: E, on_error: OnError | None) -> None:
    """Runs each handler with the event, one after another."""
    for handler in tuple(handlers):
        try:
            handler(event)
        except Exception as error:  # noqa: BLE001 - a handler may raise anything.
            _report(error, on_error)


async def run_async_handlers(
    handlers: Iterable[Callable[[E], Awaitable[None] | None]], event: E, on_error: OnError | None
) -> None:
    """Runs each handler with the event, one after another, and awaits what can be awaited."""
    for handler in tuple(handlers):
        try:
            answer = handler(event)
            if inspect.isawaitable(answer):
                await answer
        except Exception as error:  # noqa: BLE001 - a handler may raise anything.
            _report(error, on_error)


def _report(error: Exception, on_error: OnError | None) -> None:
    if on_error is None:
        log.error("a handler failed", exc_info=error)
        return
    try:
        on_error(error)
    except Exception:
        log.exception("on_error failed on %r", error)


def warn_of_lost(request_id: str, error: Exception) -> None:
    """A fact left an outbox without being taken, and nobody listens."""
    log.warning("the fact %s was not taken: %s", request_id, error)
