"""Meters requests and streams: their outcomes, how long unary requests took, and the reasons of errors."""

from typing import Final

from onduty_server.domain.model.errors import (
    CallerError,
    DrainingError,
    OndutyError,
    ThrottledError,
    WatcherTooSlowError,
)
from onduty_server.metering import Meter
from onduty_server.observability.catalogue import OUTCOMES, STREAM_ENDS
from onduty_server.rpc.error_map import class_of, reason_of


def label_of(method: str) -> str:
    """A method's full name without the package: ``RouterService/ListStaff``."""
    return method.rpartition(".")[2]


def _outcome(error: OndutyError) -> str:
    kind = class_of(error)
    if issubclass(kind, CallerError):
        return "refused"
    return "later" if issubclass(kind, ThrottledError | DrainingError) else "failed"


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
