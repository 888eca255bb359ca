"""How a request that is traced says how far it is, as a port: the stages it passes, each with its instant."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final, Protocol

from onduty_server.domain.model.status import Instant


class RequestTrace:
    """One request that is traced. ``stages`` are those it has reached, with their instants, in their order."""

    __slots__ = ("stages",)

    def __init__(self) -> None:
        """It has come in."""
        self.stages: list[tuple[str, Instant]] = []

    def reached(self, stage: str, at: Instant) -> None:
        """A stage has ended."""
        self.stages.append((stage, at))


CURRENT: Final[ContextVar[RequestTrace | None]] = ContextVar("onduty_request_trace", default=None)
"""The trace of the request that the present task serves; None: it is not traced."""

QUEUE: Final = "queue"
DECIDE: Final = "decide"
COMMIT: Final = "commit"
PUBLISH: Final = "publish"
STAGES: Final = (QUEUE, DECIDE, COMMIT, PUBLISH)
"""What a request that changes something passes: it waits for its batch, is decided, is written, and is shown."""

Metadata = Sequence[tuple[str, str | bytes]]


class Tracing(Protocol):
    """Says which requests are traced, and sends what came of them."""

    def begin(self, method: str, metadata: Metadata) -> RequestTrace | None:
        """A request has come in; its trace, or None where it is not one of the sample."""

    def end(self, trace: RequestTrace, outcome: str) -> None:
        """It was answered: ``outcome`` is ``ok``, or the reason of its error."""


class Untraced:
    """Traces nothing."""

    def begin(self, _method: str, _metadata: Metadata) -> RequestTrace | None:
        """None."""
        return None

    def end(self, trace: RequestTrace, outcome: str) -> None:
        """Nothing began."""


UNTRACED: Final = Untraced()
