"""Streams of the server: admitted by quota, fed frame by frame, and ended by whichever side goes first."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import grpc
import structlog

from onduty_server.auth.authenticator import Authenticator
from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import DrainingError, OndutyError, WatcherTooSlowError
from onduty_server.metering import Meter
from onduty_server.rpc.admission import Admission, person_named
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.failing import Refusals, abort, unforeseen
from onduty_server.rpc.leases import Leases
from onduty_server.rpc.method_policy import METHOD_POLICY, StreamKind
from onduty_server.rpc.methods import Req, StreamMethod
from onduty_server.rpc.request_meter import RefusalMeter, StreamEndMeter
from onduty_server.rpc.stalls import StalledWriteError, Write
from onduty_server.rpc.streams import Streams

log = structlog.get_logger(__name__)


class StreamCalls:
    """All server-streaming calls."""

    def __init__(
        self,
        authenticator: Authenticator,
        admission: Admission,
        streams: Streams,
        refusals: Refusals,
        *,
        refusal_meter: RefusalMeter,
        meter: Meter,
    ) -> None:
        """None is open."""
        self._admission = admission
        self._streams = streams
        self._refusals = refusals
        self._refusal_meter = refusal_meter
        self._meter = meter
        self._leases = Leases(authenticator)

    def handler(self, method: StreamMethod[Req]) -> Callable[[bytes, CallContext], Awaitable[None]]:
        """What feeds the streams of a method."""
        admission, behaviour = self._admission, method.behaviour
        kind, scans = METHOD_POLICY[method.name].stream, METHOD_POLICY[method.name].scans
        assert kind is not None, "a stream has a quota"
        meter = StreamEndMeter(self._meter, method.name, self._refusal_meter)

        async def handle(raw: bytes, context: CallContext) -> None:
            identity, request = None, None
            try:
                identity = await admission.identify(method.name, context)
                caller, request = admission.enter(method, raw, identity, context)
                holder = identity.actor_id if kind is StreamKind.WATCH else person_named(request)
                lent = self._leases.held(identity.principal)
                with (
                    self._streams.admitted(kind, caller.tenant, holder, _gateway(identity)) as write,
                    admission.counted(identity, 0, scans=scans),
                    lent as lease,
                ):
                    try:
                        async with aclosing(behaviour(caller, request)) as frames:
                            await _send(frames, context, write, admission.payment(identity, context))
                    except WatcherTooSlowError as error:
                        lease.release()
                        meter.refused(error)
                        log.info(
                            "stream_ended",
                            method=method.name,
                            reason=type(error).__name__,
                            stalled=write.stalled,
                            stalled_so_far=self._streams.stalls.ended,
                        )
                        await abort(context, error)  # it waits behind what the peer has not read, and counts as open until then
                    except asyncio.CancelledError:
                        if lease.error is None or not lease.is_cause():
                            raise  # the peer went away.
                        meter.ended("credential")
                        log.info("stream_ended", method=method.name, reason=lease.error.problem.name)
                        await abort(context, lease.error)  # likewise.
            except OndutyError as error:
                failure = error
            except asyncio.CancelledError:
                meter.ended("client")
                raise
            except Exception as error:  # noqa: BLE001 - the outermost place: nothing of it may reach the caller.
                if isinstance(error, grpc.aio.InternalError) or context.cancelled() or context.done():
                    meter.ended("client")
                    return  # the peer went away while a write was blocked, which may be told before the call is done
                failure = unforeseen(method.name, error)
            else:
                meter.ended("done")
                return
            meter.refused(failure)
            self._refusals.note(method.name, identity, request, failure, context)
            if isinstance(failure, DrainingError):
                log.info("stream_ended", method=method.name, reason=type(failure).__name__)
            del raw, request
            await abort(context, failure)

        return handle


async def _send(
    frames: AsyncGenerator[bytes, None], context: CallContext, write: Write, pay: Callable[[int], None] | None
) -> None:
    """Write every frame. A stream whose peer does not take one is told so, and says what comes of it."""
    time, begun = asyncio.get_running_loop().time, False
    try:
        async for frame in frames:
            if not begun:
                await _begin(context)
                begun = True
            write.began_at = time()
            await context.write(frame)
            write.began_at = None
            if pay is not None:
                pay(len(frame))
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if not write.stalled or task is None or task.uncancel():
            raise  # the peer went away.
        write.began_at = None
        await frames.athrow(StalledWriteError())


async def _begin(context: CallContext) -> None:
    """Send the headers, whoever cancels the stream meanwhile.

    gRPC's server does not know that they are sent when it is cancelled while it sends them, as with the first frame. It would
    send them again with the error that follows, which the core refuses, and the call would never end.
    """
    beginning = asyncio.ensure_future(context.send_initial_metadata(()))
    try:
        await asyncio.shield(beginning)
    except asyncio.CancelledError:
        await asyncio.gather(beginning, return_exceptions=True)  # where they could not be sent, the peer has gone.
        raise


def _gateway(identity: Identity) -> str:
    """Who opens a desktop's stream, where a credential says so."""
    return "" if identity.principal is None else identity.actor_id
