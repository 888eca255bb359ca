"""Delivers facts about calls in the end, for threads. What goes out when says ``fact_queue``; this sends, waits and tells."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from onduty.v1.router_service_pb2 import CallEvent
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction
from onduty_client import clock
from onduty_client import router_requests as requests
from onduty_client.connection import Connection
from onduty_client.errors import OndutyError, TimedOutError
from onduty_client.fact_queue import FactQueue, HeldFact, SettledFact, known_error
from onduty_client.handlers import OnError, run_handlers, warn_of_lost
from onduty_client.options import OutboxOptions, check_outbox_options, stream_options
from onduty_client.router_requests import Instant

OnSettled = Callable[[SettledFact], object]


class Outbox:
    """Holds facts until the service has taken them, and repeats them meanwhile; ``RouterClient.outbox`` makes it.

    It delivers in a thread of its own. The facts of one call arrive in the order in which they were given, each once: each has
    one request id. Any thread may give it facts. It holds them in memory only: after the end of the program reconcile.
    """

    def __init__(
        self,
        connection: Connection,
        options: OutboxOptions | None = None,
        *,
        on_settled: OnSettled | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Begin to deliver. ``on_settled`` gets each fact that leaves the outbox, taken or not, in the outbox's thread.

        Raises:
            ValueError: An option is out of its bounds.
            OndutyError: The connection is closed.
        """
        chosen = options or OutboxOptions()
        check_outbox_options(chosen)
        self._connection = connection
        self._queue = FactQueue(chosen, stream_options(connection.options, None))
        self._on_settled = [on_settled] if on_settled else []
        self._on_error = on_error
        self._changed = threading.Condition()
        self._closing = False
        self._stopping = False
        self._under_way: Callable[[], object] | None = None
        self._left: tuple[CallEvent, ...] = ()
        # Facts that have left the queue and of which the handlers are still to be told.
        self._untold = 0
        connection.adopt(self)
        self._thread = threading.Thread(target=self._run, name="onduty-outbox", daemon=True)
        self._thread.start()

    # --- giving facts ---------------------------------------------------------------------------------------------------

    def call_started(
        self,
        staff_id: str,
        call_id: str,
        *,
        direction: Direction = DIRECTION_UNSPECIFIED,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        on_hold: bool | None = None,
        answered: bool | None = None,
        request_id: str = "",
    ) -> str:
        """Holds the fact that a call is in progress, and returns its request id. It waits for nothing.

        Say ``occurred_at``: the fact may come late.

        Raises:
            OverloadedError: The outbox is full. It has no reason then.
            OndutyError: It is closed.
        """
        started = requests.call_started_request(
            staff_id,
            call_id,
            direction=direction,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            on_hold=on_hold,
            answered=answered,
            expected_revision=None,
            request_id=request_id,
        )
        return self.add(CallEvent(started=started))

    def call_ended(
        self,
        staff_id: str,
        call_id: str,
        *,
        source: str = "",
        leg: str = "",
        occurred_at: Instant | None = None,
        answered: bool | None = None,
        request_id: str = "",
    ) -> str:
        """Holds the fact that a call, or one leg of it, ended, and returns its request id. Fails as ``call_started`` does."""
        ended = requests.call_ended_request(
            staff_id,
            call_id,
            source=source,
            leg=leg,
            occurred_at=occurred_at,
            answered=answered,
            expected_revision=None,
            request_id=request_id,
        )
        return self.add(CallEvent(ended=ended))

    def add(self, event: CallEvent) -> str:
        """Holds a fact, also one that another outbox had left, and returns its request id. Fails as ``call_started`` does."""
        with self._changed:
            if self._closing:
                raise OndutyError("the outbox is closed", code="CANCELLED")
            request_id = self._queue.add(event, clock.monotonic())
            self._changed.notify_all()
        return request_id

    # --- reading --------------------------------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """How many facts it holds."""
        return self._queue.count

    @property
    def size_bytes(self) -> int:
        """How many bytes these have."""
        return self._queue.size_bytes

    @property
    def is_closed(self) -> bool:
        """It was closed."""
        return self._closing

    @property
    def last_error(self) -> OndutyError | None:
        """Why the last attempt that failed did; None where none did."""
        return self._queue.last_error

    def flush(self, timeout: float = 30.0) -> None:
        """Waits until everything is settled and told.

        Raises:
            TimedOutError: It still holds facts after ``timeout`` seconds; it goes on delivering them.
            OndutyError: It was closed with facts in it.
        """
        with self._changed:
            done = self._changed.wait_for(self._is_settled, timeout)
            if self._left:
                raise OndutyError("the outbox was closed", code="CANCELLED")
            if not done:
                text = f"the outbox still holds {self._queue.count} facts after {timeout:g} s"
                raise TimedOutError(text, code="DEADLINE_EXCEEDED") from self._queue.last_error

    # --- the end --------------------------------------------------------------------------------------------------------

    def close(self, timeout: float | None = None) -> tuple[CallEvent, ...]:
        """Delivers for ``timeout`` seconds more what it holds, then ends. Returns what is left; ``on_settled`` is told it too.

        None: the connection's ``call_timeout``. A fact that is left can be given to another outbox. May be called twice.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            if self._thread is not threading.current_thread():
                wait = self._connection.options.call_timeout if timeout is None else timeout
                self._changed.wait_for(self._is_settled, wait)
            self._stopping = True
            self._changed.notify_all()
            if self._under_way is not None:
                self._under_way()
        if self._thread is not threading.current_thread():
            self._thread.join()
        return self._left

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # --- delivering -----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        wait = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, wait)
                self._changed.wait_for(lambda: self._queue.count or self._closing)
                if self._stopping or not self._queue.count:
                    break
                gone = self._untold_of(self._queue.expired(clock.monotonic()))
                batch = self._queue.batch()
            self._tell(gone)
            wait = self._deliver(batch) if batch else 0.0
        with self._changed:
            left = self._untold_of(self._queue.given_up())
            self._left = tuple(one.event for one in left)
            self._stopping = True
        self._tell(left)
        self._connection.release(self)

    def _deliver(self, batch: list[HeldFact]) -> float:
        """One attempt; how long to wait before the next one."""
        request, began_at = self._queue.request(batch), clock.monotonic()
        try:
            pending = self._connection.begin(self._connection.services.router.ReportCallEvents, request, wait_for_ready=True)
            with self._changed:
                self._under_way = pending.cancel
                if self._stopping:
                    pending.cancel()
            response = pending.result()
        except Exception as error:  # noqa: BLE001 - whatever it is, the facts are kept.
            with self._changed:
                settled, wait = self._queue.failed(batch, known_error(error), clock.monotonic() - began_at)
                self._untold_of(settled)
        else:
            results = tuple(requests.report_results(request, response))
            with self._changed:
                settled, wait = self._queue.answered(batch, results)
                self._untold_of(settled)
        finally:
            self._under_way = None
        self._tell(settled)
        return wait

    def _is_settled(self) -> bool:
        return not self._queue.count and not self._untold

    def _untold_of(self, settled: list[SettledFact]) -> list[SettledFact]:
        """Counts what is to be told; the lock is held."""
        self._untold += len(settled)
        return settled

    def _tell(self, settled: list[SettledFact]) -> None:
        for one in settled:
            run_handlers(self._on_settled, one, self._on_error)
            if one.error is not None and not self._on_settled:
                warn_of_lost(one.request_id, one.error)
        with self._changed:
            self._untold -= len(settled)
            self._changed.notify_all()
