"""Meters what comes of requests and streams: outcomes, how long unary requests took, and why what was refused."""

from typing import Final

import grpc

from onduty_server.domain.model.errors import (
    CallerError,
    DrainingError,
    JournalUnavailableError,
    LeaderUnavailableError,
    OndutyError,
    ThrottledError,
    WatcherTooSlowError,
)
from onduty_server.metering import Meter
from onduty_server.observability.catalogue import OUTCOMES, STREAM_ENDS
from onduty_server.rpc.error_map import ForwardedError, reason_of


def label_of(method: str) -> str:
    """A method's full name without the package: ``RouterService/ListStaff``."""
    return method.rpartition(".")[2]


_OUTCOMES_BY_CODE: Final = {
    grpc.StatusCode.UNAVAILABLE: "later",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "later",
    grpc.StatusCode.INTERNAL: "failed",
    grpc.StatusCode.UNKNOWN: "failed",
    grpc.StatusCode.DATA_LOSS: "failed",
}


_JOURNAL_REASONS: Final = frozenset(map(reason_of, (JournalUnavailableError(), LeaderUnavailableError(""))))


def _outcome(error: OndutyError) -> str:
    if isinstance(error, ForwardedError):
        is_journal = reason_of(error) in _JOURNAL_REASONS
        return "failed" if is_journal else _OUTCOMES_BY_CODE.get(error.code, "refused")
    if isinstance(error, CallerError):
        return "refused"
    return "later" if isinstance(error, ThrottledError | DrainingError) else "failed"


_FAULT_OF: Final = {"refused": "caller", "later": "later", "failed": "service"}


class RefusalMeter:
    """Errors by reason."""

    def __init__(self, meter: Meter) -> None:
        """None yet."""
        self._meter = meter

    def refused(self, error: OndutyError) -> str:
        """An error is answered; returns which outcome that is."""
        outcome = _outcome(error)
        self._meter.counter("onduty_refusals_total", reason_of(error), _FAULT_OF[outcome]).add()
        return outcome


class UnaryMeter:
    """One unary method."""

    def __init__(self, meter: Meter, method: str, refusals: RefusalMeter) -> None:
        """No request yet."""
        name = label_of(method)
        self._refusals = refusals
        self._outcomes = {outcome: meter.counter("onduty_requests_total", name, outcome) for outcome in OUTCOMES}
        self._answered = self._outcomes["ok"]
        self._seconds = meter.distribution("onduty_request_seconds", name)

    def took(self, seconds: float) -> None:
        """A request is over, whatever came of it."""
        self._seconds.observe(seconds)

    def answered(self) -> None:
        """It was answered."""
        self._answered.add()

    def refused(self, error: OndutyError) -> None:
        """It was answered with an error."""
        self._outcomes[self._refusals.refused(error)].add()

    def gone(self) -> None:
        """Its caller went away."""
        self._outcomes["gone"].add()


class StreamEndMeter:
    """Why streams of one method end."""

    def __init__(self, meter: Meter, method: str, refusals: RefusalMeter) -> None:
        """None has ended."""
        name = label_of(method)
        self._refusals = refusals
        self._ends = {reason: meter.counter("onduty_streams_ended_total", name, reason) for reason in STREAM_ENDS}

    def ended(self, reason: str) -> None:
        """One has ended, for a reason of the catalogue."""
        self._ends[reason].add()

    def refused(self, error: OndutyError) -> None:
        """One has ended with an error."""
        outcome = self._refusals.refused(error)
        if isinstance(error, DrainingError):
            self.ended("drained")
        elif isinstance(error, WatcherTooSlowError):
            self.ended("stalled")
        else:
            self.ended("failed" if outcome == "failed" else "refused")
