"""One stream from a replica to the leader: calls go out in batches and in fair turns, and answers come as they are there."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import grpc

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.engine.write.fair_queue import FairQueue

METHOD: Final = "/onduty.replicas.v1.ForwardingService/Forward"
SECRET_KEY: Final = "onduty-store-secret"  # noqa: S105 - the name of it.

BATCH_COST: Final = 512
"""What a message of calls costs at most, unless one call alone is more: about a megabyte."""

COST_BYTES: Final = 2_048
"""A call costs one, and one for so many bytes."""

CHANNEL_OPTIONS: Final = (
    ("grpc.keepalive_time_ms", 1_000),
    ("grpc.keepalive_timeout_ms", 1_000),
    ("grpc.http2.ping_timeout_ms", 1_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_retries", 0),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
)
"""A leader that has vanished is noticed within two seconds."""


class Undecided(Enum):
    """Why a call has no answer."""

    NOT_SENT = "nothing of it was decided"
    LOST = "nobody knows whether it was decided"


OPENING_SECONDS: Final = 1.0
"""The leader has so long to take a connection, and so long to take the stream."""

ANSWER_SECONDS: Final = 15.0
"""The leader decides sooner or gives an append up (``APPEND_SECONDS_MOST``): one that says nothing for so long is lost."""


Outcome = pb.ForwardedAnswer | Undecided


@dataclass(slots=True, eq=False)
class WaitingCall:
    """A call on its way."""

    tenant: str
    message: pb.ForwardedCall
    cost: int
    future: "asyncio.Future[Outcome]"

    def resolve(self, outcome: Outcome) -> None:
        """It has an outcome; the caller may be gone."""
        if not self.future.done():
            self.future.set_result(outcome)


class LeaderSilentError(Exception):
    """The leader's address takes no connection, or no stream, in time."""


class LeaderLink:
    """A stream to one address. ``run`` holds it until it breaks."""

    def __init__(self, address: str, secret: str, credentials: grpc.ChannelCredentials | None) -> None:
        """Connects in ``run``."""
        self.address = address
        self._secret = secret
        self._credentials = credentials
        self._waiting: FairQueue[WaitingCall] = FairQueue()
        self._sent: dict[int, WaitingCall] = {}
        self._numbers = itertools.count(1)
        self._wake = asyncio.Event()
        self.is_open = False

    async def ask(self, tenant: str, message: pb.ForwardedCall) -> Outcome:
        """Have a call decided.

        Raises:
            OverloadedError: Too many of the tenant wait.
        """
        if not self.is_open:
            return Undecided.NOT_SENT
        self._waiting.check_room(tenant)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        message.number = next(self._numbers)
        call = WaitingCall(tenant, message, 1 + len(message.request) // COST_BYTES, future)
        self._waiting.append(call)
        self._wake.set()
        alarm = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._give_up_call, call)
        try:
            return await future
        finally:
            alarm.cancel()
            self._sent.pop(message.number, None)

    def _give_up_call(self, call: WaitingCall) -> None:
        """The leader has not answered in time: what was never written to it was not decided."""
        call.resolve(Undecided.LOST if call.message.number in self._sent else Undecided.NOT_SENT)

    async def run(self, on_open: Callable[[], None]) -> None:
        """Hold the stream until it breaks or the task is cancelled; then nothing of it is under way any more.

        Raises:
            grpc.RpcError, LeaderSilentError: It broke, or was never there.
        """
        channel = self._channel()
        try:
            await asyncio.wait_for(channel.channel_ready(), OPENING_SECONDS)
            stream: Any = channel.stream_stream(METHOD)(metadata=((SECRET_KEY, self._secret),))
            await asyncio.wait_for(stream.initial_metadata(), OPENING_SECONDS)
            self.is_open = True
            on_open()
            await self._carry(stream)
        except TimeoutError as error:
            raise LeaderSilentError("it does not answer") from error
        finally:
            self.is_open = False
            self._give_up()
            await channel.close()

    async def _carry(self, stream: Any) -> None:
        writing = asyncio.create_task(self._write(stream))
        try:
            while (raw := await stream.read()) is not grpc.aio.EOF:
                self._take(pb.ForwardResponse.FromString(raw))
        finally:
            writing.cancel()
            stream.cancel()
            await asyncio.gather(writing, return_exceptions=True)

    async def _write(self, stream: Any) -> None:
        while True:
            self._wake.clear()
            if not self._waiting:
                await self._wake.wait()
            calls = [call for call in self._waiting.take(BATCH_COST) if not call.future.done()]
            if calls:
                self._sent.update((call.message.number, call) for call in calls)
                await stream.write(pb.ForwardRequest(calls=[call.message for call in calls]).SerializeToString())

    def _take(self, response: pb.ForwardResponse) -> None:
        for answer in response.answers:
            call = self._sent.pop(answer.number, None)
            if call is not None:
                call.resolve(answer)

    def _give_up(self) -> None:
        """Nobody gets an answer over this stream any more."""
        for call in self._waiting.take_all():
            call.resolve(Undecided.NOT_SENT)
        for call in tuple(self._sent.values()):
            call.resolve(Undecided.LOST)

    def _channel(self) -> grpc.aio.Channel:
        options: Any = CHANNEL_OPTIONS
        if self._credentials is None:
            return grpc.aio.insecure_channel(self.address, options=options)
        return grpc.aio.secure_channel(self.address, self._credentials, options=options)
