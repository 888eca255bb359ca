"""When a stream that is to be kept open counts as dead, and what follows its end. Pure: it opens and waits for nothing."""

from dataclasses import dataclass
from typing import Final

from onduty.v1.staff_pb2 import GoingAway
from onduty_client.backoff import Backoff
from onduty_client.errors import (
    AccessError,
    InvalidRequestError,
    OndutyError,
    OverloadedError,
    UnavailableError,
    UnsupportedError,
)
from onduty_client.options import StreamOptions

SILENT_INTERVALS: Final = 3
"""A frame must come within so many bookmark intervals."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the stream again after ``wait_seconds``."""

    wait_seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not open the stream again: waiting cannot mend this."""

    error: OndutyError


class Lifeline:
    """The rules by which one stream is kept open over breaks."""

    def __init__(
        self,
        times: StreamOptions,
        *,
        token_may_change: bool,
        final_errors: tuple[type[OndutyError], ...] = (),
        backoff: Backoff | None = None,
    ) -> None:
        """``token_may_change``: UNAUTHENTICATED is tried again. ``final_errors`` end it beside those that always do."""
        self.silence_seconds = times.bookmark_interval * SILENT_INTERVALS
        self._token_may_change = token_may_change
        self._final = (AccessError, InvalidRequestError, UnsupportedError, *final_errors)
        self._backoff = backoff or Backoff(times.backoff_initial, times.backoff_max)
        self._asked_seconds = 0.0
        # It has carried what it was opened for: from then on only the service itself can end it.
        self.has_begun = False

    def opened(self) -> None:
        """The stream is being opened: what the last one asked for has been done."""
        self._asked_seconds = 0.0

    def heard(self, going_away: GoingAway | None) -> None:
        """A frame came; ``going_away`` is what it carries, if it is a farewell."""
        self._backoff.start_anew()
        if going_away is not None:
            length = going_away.reconnect_after
            self._asked_seconds = length.seconds + length.nanos / 1e9

    def ended(self, error: OndutyError | None) -> Reopen | GiveUp:
        """What to do after the stream's end; ``error`` is None where the server ended it without one."""
        if error is not None and self._is_final(error):
            return GiveUp(error)
        asked = self._asked_seconds
        if isinstance(error, OverloadedError | UnavailableError):
            asked = max(asked, error.retry_after or 0.0)
        return Reopen(self._backoff.next_wait(asked))

    def silence_error(self) -> UnavailableError:
        """The error of a stream on which no frame came in time."""
        return UnavailableError(f"no frame came within {self.silence_seconds:g} s", code="UNAVAILABLE")

    def _is_final(self, error: OndutyError) -> bool:
        """Whether waiting cannot mend it: a stray status, as of a proxy, that has no reason passes."""
        may_pass = error.code == "UNAUTHENTICATED" and self._token_may_change
        is_told = bool(error.reason) or not self.has_begun
        return isinstance(error, self._final) and is_told and not may_pass
