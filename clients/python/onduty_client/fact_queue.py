"""The facts that an outbox holds: what goes out next, what is settled, and how long to wait. Pure: no I/O, no clock.

Of each call only the oldest fact is on the way, so that the facts of a call arrive in the order in which they were given.
``now`` is an argument, in seconds of a clock that never goes back.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from onduty.v1.batch_pb2 import ItemTaken
from onduty.v1.router_service_pb2 import CallEvent, ReportCallEndedRequest, ReportCallEventsRequest, ReportCallStartedRequest
from onduty_client.backoff import Backoff
from onduty_client.errors import (
    InternalError,
    OndutyError,
    OverloadedError,
    TimedOutError,
    UnavailableError,
)
from onduty_client.options import OutboxOptions, StreamOptions
from onduty_client.request_id import new_request_id
from onduty_client.router_requests import BATCH_MOST

BATCH_BYTES: Final = 1024 * 1024
"""One request holds so much; the server takes four times as much."""
LONGEST_WAIT_SECONDS: Final = 0.5
"""Between two attempts: a server that is back is to hear the first fact within a second."""
_PASSING: Final = (UnavailableError, OverloadedError, TimedOutError, InternalError)


@dataclass(frozen=True, slots=True)
class SettledFact:
    """A fact that left the outbox: one of ``taken`` and ``error`` is set."""

    event: CallEvent
    """The fact, with its request id: it can be given to an outbox again, as often as need be."""
    taken: ItemTaken | None = None
    """What the service did with it."""
    error: OndutyError | None = None
    """Why the service refused it, or why it was given up: code CANCELLED when the outbox was closed, DEADLINE_EXCEEDED after
    ``keep_seconds``."""

    @property
    def request_id(self) -> str:
        """The fact's own request id."""
        return fact_of(self.event).request_id


@dataclass(eq=False, slots=True)
class HeldFact:
    """A fact that is not settled yet."""

    event: CallEvent
    size: int
    added_at: float
    last_error: OndutyError | None = field(default=None)


def fact_of(event: CallEvent) -> ReportCallStartedRequest | ReportCallEndedRequest:
    """The fact of an event."""
    return event.started if event.HasField("started") else event.ended


def may_pass(error: OndutyError) -> bool:
    """Whether the same fact may be taken later: all but what the service itself says for good of the fact."""
    return not error.reason or error.reason == "UNAUTHENTICATED" or type(error) is OndutyError or isinstance(error, _PASSING)


def known_error(error: Exception) -> OndutyError:
    """The error of an attempt that failed in whatever way."""
    return error if isinstance(error, OndutyError) else InternalError(f"the attempt failed: {error!r}", code="INTERNAL")


class FactQueue:
    """What is held, by call."""

    def __init__(self, options: OutboxOptions, times: StreamOptions) -> None:
        """Nothing is held yet."""
        self._options = options
        # Each call with the facts of it that are held, the oldest first; whose turn it is, first.
        self._calls: dict[str, deque[HeldFact]] = {}
        self._backoff = Backoff(min(times.backoff_initial, LONGEST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        # After a request that was refused as a whole facts go out one by one, so that one bad fact holds up no other.
        self._goes_alone = False
        self.count = 0
        self.size_bytes = 0
        self.last_error: OndutyError | None = None

    def add(self, event: CallEvent, now: float) -> str:
        """Holds a fact and gives its request id; a fact without one gets one. The message is copied.

        Raises:
            ValueError: The event has no fact.
            OverloadedError: There is no room for it.
        """
        if event.WhichOneof("event") is None:
            raise ValueError("the event has no fact: set started or ended")
        held = CallEvent()
        held.CopyFrom(event)
        fact = fact_of(held)
        fact.request_id = fact.request_id or new_request_id()
        size = held.ByteSize()
        if self.count >= self._options.most_facts or self.size_bytes + size > self._options.most_bytes:
            text = f"the outbox is full: it holds {self.count} facts of {self.size_bytes} bytes"
            raise OverloadedError(text, code="RESOURCE_EXHAUSTED", request_id=fact.request_id)
        self._calls.setdefault(fact.call_id, deque()).append(HeldFact(held, size, now))
        self.count += 1
        self.size_bytes += size
        return fact.request_id

    def batch(self) -> list[HeldFact]:
        """What goes out now: the oldest fact of each call, as much as one request holds."""
        found: list[HeldFact] = []
        left = BATCH_BYTES
        for facts in self._calls.values():
            left -= facts[0].size
            if found and (left < 0 or self._goes_alone or len(found) == BATCH_MOST):
                break
            found.append(facts[0])
        return found

    def request(self, batch: Sequence[HeldFact]) -> ReportCallEventsRequest:
        """The request of a batch. Each fact is idempotent by its own id."""
        return ReportCallEventsRequest(events=[held.event for held in batch])

    def answered(
        self, batch: Sequence[HeldFact], results: Sequence[ItemTaken | OndutyError]
    ) -> tuple[list[SettledFact], float]:
        """The request was answered. Says which facts are settled, and the seconds to wait before the next request."""
        self._goes_alone = False
        settled, asked, all_settled = [], 0.0, len(results) == len(batch)
        for held, result in zip(batch, results, strict=False):
            if isinstance(result, OndutyError) and may_pass(result):
                self.last_error = held.last_error = result
                asked, all_settled = max(asked, _asked(result)), False
                self._to_the_end(held)
            else:
                error = result if isinstance(result, OndutyError) else None
                settled.append(self._settle(held, None if error else result, error))  # type: ignore[arg-type]
        if all_settled:
            self._backoff.start_anew()
            return settled, 0.0
        return settled, self._backoff.next_wait(asked)

    def failed(self, batch: Sequence[HeldFact], error: OndutyError, took_seconds: float) -> tuple[list[SettledFact], float]:
        """The request failed as a whole after so long. Says as ``answered`` does; what it took counts as waiting."""
        self.last_error = error
        for held in batch:
            held.last_error = error
        if may_pass(error):
            return [], max(0.0, self._backoff.next_wait() - took_seconds) + _asked(error)
        if len(batch) > 1:
            self._goes_alone = True
            return [], 0.0
        return [self._settle(batch[0], None, error)], 0.0

    def expired(self, now: float) -> list[SettledFact]:
        """Gives up the facts that have been held for longer than ``keep_seconds``."""
        oldest = now - self._options.keep_seconds
        gone = []
        for facts in tuple(self._calls.values()):
            while facts and facts[0].added_at < oldest:
                held = facts[0]
                text = f"not taken within {self._options.keep_seconds:g} s; the last attempt: {held.last_error}"
                gone.append(self._settle(held, None, TimedOutError(text, code="DEADLINE_EXCEEDED", request_id=_id(held))))
        return gone

    def given_up(self) -> list[SettledFact]:
        """Gives up everything, in the order in which it was given."""
        left = sorted(self._held(), key=lambda held: held.added_at)
        self._calls.clear()
        self.count = self.size_bytes = 0
        text = "the outbox was closed"
        return [SettledFact(one.event, None, OndutyError(text, code="CANCELLED", request_id=_id(one))) for one in left]

    def _held(self) -> Iterator[HeldFact]:
        for facts in self._calls.values():
            yield from facts

    def _settle(self, held: HeldFact, taken: ItemTaken | None, error: OndutyError | None) -> SettledFact:
        facts = self._to_the_end(held)
        facts.popleft()
        self.count -= 1
        self.size_bytes -= held.size
        if not facts:
            del self._calls[fact_of(held.event).call_id]
        return SettledFact(held.event, taken, error)

    def _to_the_end(self, held: HeldFact) -> deque[HeldFact]:
        """It was this call's turn."""
        call_id = fact_of(held.event).call_id
        facts = self._calls.pop(call_id)
        self._calls[call_id] = facts
        return facts


def _id(held: HeldFact) -> str:
    return fact_of(held.event).request_id


def _asked(error: OndutyError) -> float:
    return error.retry_after or 0.0 if isinstance(error, OverloadedError | UnavailableError) else 0.0
