"""One gRPC channel on asyncio: metadata, deadlines, retries and errors of every call. It knows no rule of any service."""

import asyncio
import inspect
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast
from weakref import WeakSet

import grpc
from google.protobuf.message import Message

from onduty.v1.server_service_pb2 import GetServerInfoRequest, GetServerInfoResponse
from onduty_client.async_stream import AsyncStream, was_cancelled_elsewhere
from onduty_client.channel import call_metadata, channel_options, credentials, identified, token_failure
from onduty_client.error_map import error_of_status
from onduty_client.errors import OndutyError
from onduty_client.options import ConnectionOptions, check_actor, check_options
from onduty_client.services import Services, StreamMethod, UnaryMethod

Q = TypeVar("Q", bound=Message)
A = TypeVar("A")


class _Closable(Protocol):
    def close(self) -> Coroutine[Any, Any, object]: ...


class AsyncConnection:
    """A connection for the tasks of one event loop. Make it inside the loop, and close it: ``async with`` does.

    ``services`` has the generated stubs; their methods are called by ``call`` and ``stream``.
    """

    def __init__(self, options: ConnectionOptions) -> None:
        """Check the options and prepare the channel; it connects with the first call.

        Raises:
            ValueError: An option is out of its bounds, or a file of ``tls`` cannot be used.
            RuntimeError: There is no running event loop.
        """
        asyncio.get_running_loop()
        check_options(options)
        self.options = options
        settings = channel_options(options)
        if options.tls is None:
            self._channel = grpc.aio.insecure_channel(options.target, options=settings)
        else:
            self._channel = grpc.aio.secure_channel(options.target, credentials(options.tls), options=settings)
        self.services = Services(self._channel)
        # What was opened on this connection and is not closed yet, in order.
        self._open: dict[_Closable, None] = {}
        self._streams: WeakSet[AsyncStream[Any]] = WeakSet()
        # From the beginning of the end nothing is opened; from the end of what was opened nothing is called.
        self._ending: asyncio.Task[None] | None = None
        # The tasks that run handlers now, each as often as it does.
        self._telling: Counter[asyncio.Task[Any] | None] = Counter()
        self._closed = False

    async def call(
        self,
        method: UnaryMethod[Q, A],
        request: Q,
        *,
        timeout: float | None = None,
        actor: str = "",
        wait_for_ready: bool = False,
    ) -> A:
        """Calls a method of ``services`` and returns its answer. A mutation without request id gets one.

        Args:
            method: As ``connection.services.admin.CreateStaff``.
            request: Left as it is.
            timeout: Seconds; None: the connection's ``call_timeout``.
            actor: Who acts, for a program that acts for several; held to the bounds of the option. Empty: the connection's.
            wait_for_ready: Where the server is not reached, wait for it within the deadline instead of failing.

        Raises:
            OndutyError: The call failed.
            ValueError: ``actor`` is out of its bounds.
        """
        check_actor(actor)
        sent, request_id = identified(request)
        metadata, seconds = await self._metadata(actor), timeout or self.options.call_timeout
        try:
            answering = method(sent, timeout=seconds, metadata=metadata, wait_for_ready=wait_for_ready)
            return await cast(Any, answering)  # type: ignore[no-any-return]
        except grpc.aio.AioRpcError as error:
            if self._closed and error.code() is grpc.StatusCode.CANCELLED:
                raise _closed(request_id) from error
            details = error.details() or ""
            raise error_of_status(error.code().name, details, error.trailing_metadata(), request_id=request_id) from error
        except asyncio.CancelledError:
            if was_cancelled_elsewhere():
                raise _closed(request_id) from None
            raise

    def is_connected(self) -> bool:
        """Whether the channel has been connected and, as far as is known, still is. Asks nobody.

        After a ``TimedOutError`` it tells a server that was not reached from one that did not answer.
        """
        return self._channel.get_state() in {grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.IDLE}

    async def server_info(self, *, timeout: float | None = None) -> GetServerInfoResponse:
        """What the server is: version, store, limits, and as whom it understood this connection.

        Raises:
            OndutyError: The call failed; ``UnsupportedError`` by a server that is older than this call.
        """
        return await self.call(self.services.server.GetServerInfo, GetServerInfoRequest(), timeout=timeout)

    def stream(self, method: StreamMethod[Q, A], request: Q, *, timeout: float | None = None) -> AsyncStream[A]:
        """A stream of a method of ``services``, opened by ``async with``. It has no deadline unless one is given."""

        async def make_call() -> Any:
            return method(request, timeout=timeout, metadata=await self._metadata())

        stream: AsyncStream[A] = AsyncStream(make_call)
        self._streams.add(stream)
        return stream

    async def close(self) -> None:
        """Ends outboxes, floors and attachments made from it, then the channel with all its calls. May be called twice.

        An outbox with facts in it delivers for ``call_timeout`` more. A handler of the connection's that closes it begins the
        end and does not wait for it: the end waits for the handler.
        """
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(), name="onduty-close")
        if asyncio.current_task() not in self._telling:
            await asyncio.shield(self._ending)

    async def _end(self) -> None:
        for one in tuple(self._open):
            await one.close()
        self._closed = True
        for stream in tuple(self._streams):  # older channels leave one alone that nobody reads at this moment.
            stream.cancel()
        await self._channel.close()

    def adopt(self, opened: _Closable) -> None:
        """Something that is to be closed with the connection.

        Raises:
            OndutyError: The connection is closed.
        """
        if self._ending is not None:
            raise _closed("")
        self._open[opened] = None

    def release(self, closed: _Closable) -> None:
        """Something that was adopted has been closed."""
        self._open.pop(closed, None)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """For the length of the block handlers run in this task: it does not wait for the connection's end."""
        task = asyncio.current_task()
        self._telling[task] += 1
        try:
            yield
        finally:
            self._telling[task] -= 1
            if not self._telling[task]:
                del self._telling[task]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise _closed("")

    async def _metadata(self, actor: str = "") -> Any:
        self._check_open()
        token = self.options.token
        if callable(token):
            try:
                given = token()
                token = (await given if inspect.isawaitable(given) else given) or ""
            except Exception as error:
                raise token_failure(error) from error
            self._check_open()
        return grpc.aio.Metadata(*call_metadata(self.options, token, actor))


def _closed(request_id: str) -> OndutyError:
    return OndutyError("the connection is closed", code="CANCELLED", request_id=request_id)
