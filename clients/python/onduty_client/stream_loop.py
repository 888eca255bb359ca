"""Keeps a stream open in a thread of its own, as a machine's rules say: it waits, reads and cancels, and decides nothing."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from google.protobuf.message import Message

from onduty_client.connection import Connection
from onduty_client.errors import InternalError, OndutyError
from onduty_client.lifeline import GiveUp, Reopen
from onduty_client.machine import Machine
from onduty_client.services import StreamMethod
from onduty_client.silence import STUCK_SECONDS
from onduty_client.stream import Stream

log = logging.getLogger("onduty_client")

Q = TypeVar("Q", bound=Message)
F = TypeVar("F")


class _ReplacedError(Exception):
    """This thread came back from a read that it was given up for; another one goes on in its place."""


class StreamLoop(Generic[Q, F]):
    """One thread from ``start`` until ``close``, or until the machine has ended.

    gRPC does not always end a read that was cancelled: on the oldest supported versions one that began while the server
    said farewell may block for ever. A thread that is stuck so is left behind, and another one goes on.
    """

    def __init__(
        self,
        connection: Connection,
        method: StreamMethod[Q, F],
        machine: Machine[Q, F],
        *,
        lock: threading.RLock,
        tell: Callable[[], None],
        now: Callable[[], float],
        name: str,
    ) -> None:
        """``lock`` guards the machine; ``tell`` runs the handlers of what it gathered; ``now`` is its clock."""
        self._connection = connection
        self._method = method
        self._machine = machine
        self._lock = lock
        self._tell = tell
        self._now = now
        self._name = name
        self._closing = threading.Event()
        # The stream that is open, and whether the thread waits for its next frame; guarded by the lock.
        self._stream: Stream[F] | None = None
        self._is_reading = False
        # The thread that keeps the stream; None once it is left behind at the end. Guarded by the lock.
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread."""
        with self._lock:
            self._go_on(Reopen(0.0))

    def close(self) -> None:
        """Cancels the stream and waits for handlers that run, but for the one that calls this. May be called twice."""
        with self._lock:
            self._closing.set()
            self._machine.close()
            if self._stream is not None:
                self._stream.cancel()
            thread = self._thread
        while thread is not None and thread.is_alive() and thread is not threading.current_thread():
            thread.join(STUCK_SECONDS)
            with self._lock:
                if thread.is_alive() and self._is_reading:
                    log.warning("a cancelled stream does not end; its thread is left behind")
                    self._thread = thread = None

    @property
    def _is_over(self) -> bool:
        return self._closing.is_set() or self._machine.has_ended

    def _go_on(self, step: Reopen | GiveUp) -> None:
        self._thread = threading.Thread(target=self._run, args=(step,), name=self._name, daemon=True)
        self._thread.start()

    def _run(self, step: Reopen | GiveUp) -> None:
        try:
            while True:
                self._tell()
                if isinstance(step, GiveUp) or self._is_over or self._closing.wait(step.wait_seconds):
                    return
                step = self._one_stream()
        except _ReplacedError:
            return
        except Exception as error:
            log.exception("a stream cannot be kept open")
            with self._lock:
                self._machine.fail(InternalError(f"the client cannot go on: {error!r}", code="INTERNAL"))
            self._tell()

    def _one_stream(self) -> Reopen | GiveUp:
        with self._lock:
            request = self._machine.open()
        failure = None
        stream: Stream[F] | None = None
        try:
            stream = self._connection.stream(self._method, request)
            self._keep(stream)
            self._read_all(stream)
        except OndutyError as error:
            failure = error
        finally:
            if stream is not None:
                stream.cancel()
        return self._ended(failure)

    def _ended(self, failure: OndutyError | None) -> Reopen | GiveUp:
        with self._lock:
            self._stream = None
            # A machine that has ended knows why, and what its stream says of its own end is no news.
            return Reopen(0.0) if self._is_over else self._machine.end(failure)

    def _keep(self, stream: Stream[F]) -> None:
        with self._lock:
            self._stream = stream
            if self._closing.is_set():
                stream.cancel()

    def _read_all(self, stream: Stream[F]) -> None:
        while not self._is_over:
            frame = self._read(stream)
            if frame is None:
                return
            with self._lock:
                self._machine.take(frame, self._now())
            self._tell()

    def _read(self, stream: Stream[F]) -> F | None:
        self._is_reading = True
        silence = self._machine.silence_seconds
        with self._connection.silence.within(silence, stream.cancel, self._leave_behind) as alarm:
            try:
                frame = stream.read()
            except OndutyError:
                self._came_back()
                if alarm.rang:
                    raise self._machine.silence_error() from None
                raise
        self._came_back()
        return frame

    def _came_back(self) -> None:
        with self._lock:
            if threading.current_thread() is not self._thread:
                raise _ReplacedError
            self._is_reading = False

    def _leave_behind(self) -> None:
        """The thread is stuck in a read that was cancelled long ago: another one goes on."""
        with self._lock:
            if not self._is_reading or self._closing.is_set():
                return
            log.warning("a cancelled stream does not end; its thread is left behind")
            self._is_reading = False
            self._go_on(self._ended(self._machine.silence_error()))
