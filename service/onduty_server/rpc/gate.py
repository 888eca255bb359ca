"""The gate that every RPC passes: credential, role, size, parsing, behaviour, and the one place where errors leave.

Behaviours are written without gRPC: they take a ``Caller`` and a message and return bytes or a message, or yield frames.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from typing import Any, Final, NoReturn

import grpc
import structlog
from google.protobuf.message import DecodeError, Message

from onduty_server.auth.audit_log import AuditLog
from onduty_server.auth.authenticator import Authenticator
from onduty_server.domain.access.identity_rules import acting_role, check_roles
from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import (
    DrainingError,
    JournalUnavailableError,
    OndutyError,
    ThrottledError,
    WatcherTooSlowError,
)
from onduty_server.engine.watch.positions import Positions
from onduty_server.metering import UNMETERED, Meter
from onduty_server.observability.arrivals import Arrivals
from onduty_server.observability.limited import Limited
from onduty_server.rpc import large_requests
from onduty_server.rpc.audit_trail import AuditTrail, changes_configuration
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.error_map import (
    MalformedRequestError,
    MethodUnknownError,
    RequestTooLargeError,
    UnforeseenError,
    pushback_milliseconds,
    reason_of,
    status_of,
)
from onduty_server.rpc.large_requests import LargeRequests
from onduty_server.rpc.leases import Leases
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.method_policy import METHOD_POLICY, StreamKind
from onduty_server.rpc.methods import Method, Req, StreamMethod, UnaryMethod
from onduty_server.rpc.rates import RateLimits
from onduty_server.rpc.request_log import SlowCalls, tell_refusal
from onduty_server.rpc.request_meter import RefusalMeter, StreamEndMeter, UnaryMeter
from onduty_server.rpc.scans import Scans
from onduty_server.rpc.stalls import StalledWriteError, Write
from onduty_server.rpc.streams import Streams
from onduty_server.rpc.unread_answers import COUNTED_BYTES, UnreadAnswers
from onduty_server.tracing import CURRENT, UNTRACED, RequestTrace, Tracing

log = structlog.get_logger(__name__)

REQUEST_BYTES = 4 * 1024 * 1024
QUIET_TURNS = 5
QUIET_TURN_SECONDS = 0.005
DETAILS_KEY: Final = "grpc-status-details-bin"
PUSHBACK_KEY: Final = "grpc-retry-pushback-ms"
"""What gRPC's own retries wait for, of every refusal that asks for a wait."""


class Gate:
    """Lets calls in."""

    def __init__(
        self,
        authenticator: Authenticator,
        positions: Callable[[str], Positions],
        streams: Streams,
        limits: Limits,
        *,
        audit: AuditLog,
        meter: Meter = UNMETERED,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """``positions`` makes the positions of a tenant."""
        self._meter = meter
        self._tracing = tracing
        self.refusals = RefusalMeter(meter)
        self._trail = AuditTrail(audit)
        self._authenticator = authenticator
        self._leases = Leases(authenticator)
        self._positions = positions
        self._streams = streams
        self._draining = False
        self._entered = 0
        self._answering = 0
        self._arrivals = Arrivals()
        self._slow_calls = SlowCalls()
        self._unread = UnreadAnswers()
        self._large = LargeRequests()
        self._scans = Scans(limits.scans_per_caller)
        self._rates = None if limits.rates.are_open else RateLimits(limits.rates)
        self.limited = Limited()
        """What was refused because a limit was reached."""

    @property
    def entered(self) -> int:
        """How many unary calls have come in since the start."""
        return self._entered

    async def drain(self, within: float) -> None:
        """Turn calls away from now on, and wait up to ``within`` seconds until those let in are answered and no more come.

        The core drops calls that have reached it but not us when it is stopped; they get their turn here, to be told why.
        """
        self._draining = True
        loop = asyncio.get_running_loop()
        end, quiet, seen = loop.time() + within, 0, -1
        while quiet < QUIET_TURNS and loop.time() < end:
            quiet = quiet + 1 if not self._answering and seen == self._entered else 0
            seen = self._entered
            await asyncio.sleep(QUIET_TURN_SECONDS)

    async def _identify(self, method: str, context: CallContext) -> Identity:
        """As whom the method is called."""
        if self._draining:
            raise DrainingError
        identity = self._authenticator.authenticate(context, method)
        if not isinstance(identity, Identity):
            identity = await identity
        self._arrivals.seen(context.peer(), context.invocation_metadata() or (), identity, asyncio.get_running_loop().time())
        return identity

    def _enter(self, method: UnaryMethod[Req] | StreamMethod[Req], raw: bytes, identity: Identity) -> tuple[Caller, Req]:
        """Who calls, and the request. Who may not call the method learns nothing of what it would have said to the request."""
        now = asyncio.get_running_loop().time()
        if self._rates is not None:
            self._rates.call(identity, len(raw), now)
        policy = METHOD_POLICY[method.name]
        roles, role = policy.roles, None
        if identity.principal is not None:
            check_roles(identity.principal, roles, method.name)
        if len(raw) > REQUEST_BYTES:
            raise RequestTooLargeError(len(raw), REQUEST_BYTES)
        try:
            request = method.request_type.FromString(raw)
        except DecodeError as error:
            raise MalformedRequestError(method.request_type.DESCRIPTOR.full_name) from error
        if identity.principal is not None:
            role = acting_role(identity.principal, roles, _named_person(request), method.name)
        if self._rates is not None:
            self._rates.items(identity, sum(len(getattr(request, name)) for name in policy.items) or 1, now)
        return Caller(identity, role, self._positions(identity.tenant), method.name), request

    def handler(self, method: Method) -> "grpc.RpcMethodHandler[Any, Any]":
        """The handler to register. It takes and gives bytes; parsing and its errors are ours."""
        if isinstance(method, StreamMethod):
            return grpc.unary_stream_rpc_method_handler(self.stream(method))
        return grpc.unary_unary_rpc_method_handler(self.unary(method))

    def unary(self, method: UnaryMethod[Req]) -> Callable[[bytes, CallContext], Awaitable[bytes]]:
        """The handler of a unary method."""
        behaviour = method.behaviour
        scans = METHOD_POLICY[method.name].scans
        only_reads, time = method.only_reads(), asyncio.get_running_loop().time
        metered = UnaryMeter(self._meter, method.name, self.refusals)
        is_audited = changes_configuration(method.name, only_reads=only_reads)

        async def handle(raw: bytes, context: CallContext) -> bytes:
            began_at, identity, request = time(), None, None
            self._entered += 1
            self._answering += 1
            trace = self._begin_trace(method.name, context)
            try:
                identity = await self._identify(method.name, context)
                caller, request = self._enter(method, raw, identity)
                self._unread.check(caller.tenant, context)
                if scans or len(raw) > large_requests.COUNTED_BYTES:
                    with self._counted(identity, len(raw), scans=scans):
                        response = await behaviour(caller, request)
                else:
                    response = await behaviour(caller, request)
                answer = response if isinstance(response, bytes) else response.SerializeToString()
                if is_audited:
                    self._trail.changed(method.name, identity, request, context)
                if self._rates is not None:
                    self._rates.sent(identity, len(answer), time())
                if len(answer) > COUNTED_BYTES:
                    if only_reads:  # what changed something is done, and its answer is what the caller needs.
                        self._unread.check(caller.tenant, context, len(answer))
                    self._unread.sent(caller.tenant, context, len(answer))
            except OndutyError as error:
                failure = error
                if isinstance(error, JournalUnavailableError):
                    log.warning("call_failed_journal", method=method.name, error=str(error))
            except asyncio.CancelledError:
                metered.gone()
                self._end_trace(trace, "gone")
                raise
            except Exception as error:  # noqa: BLE001 - the outermost place: nothing of it may reach the caller.
                failure = _unforeseen(method.name, error)
            else:
                metered.answered()
                self._end_trace(trace, "ok")
                return answer
            finally:
                self._answering -= 1
                took = time() - began_at
                metered.took(took)
                self._slow_calls.took(method.name, took)
            metered.refused(failure)
            self._end_trace(trace, reason_of(failure))
            self._tell_refusal(method.name, identity, request, failure, context)
            del raw, request
            return await abort(context, failure)

        return handle

    def _begin_trace(self, method: str, context: CallContext) -> RequestTrace | None:
        if self._tracing is UNTRACED:
            return None
        trace = self._tracing.begin(method, context.invocation_metadata() or ())
        if trace is not None:
            CURRENT.set(trace)  # for the length of the call's own task.
        return trace

    def _end_trace(self, trace: RequestTrace | None, outcome: str) -> None:
        if trace is not None:
            self._tracing.end(trace, outcome)

    def stream(self, method: StreamMethod[Req]) -> Callable[[bytes, CallContext], Awaitable[None]]:
        """The handler of a server-streaming method."""
        behaviour = method.behaviour
        kind = METHOD_POLICY[method.name].stream
        assert kind is not None, "a stream has a quota"
        metered = StreamEndMeter(self._meter, method.name, self.refusals)

        async def handle(raw: bytes, context: CallContext) -> None:
            identity, request = None, None
            try:
                identity = await self._identify(method.name, context)
                caller, request = self._enter(method, raw, identity)
                holder = identity.actor_id if kind is StreamKind.WATCH else _person(request)
                lent = self._leases.held(identity.principal)
                with (
                    self._streams.admitted(kind, caller.tenant, holder, _gateway(identity)) as write,
                    self._counted(identity, 0, scans=METHOD_POLICY[method.name].scans),
                    lent as lease,
                ):
                    try:
                        async with aclosing(behaviour(caller, request)) as frames:
                            await _send(frames, context, write, self._payment(identity))
                    except WatcherTooSlowError as error:
                        lease.release()
                        metered.refused(error)
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
                        metered.ended("credential")
                        log.info("stream_ended", method=method.name, reason=lease.error.problem.name)
                        await abort(context, lease.error)  # likewise.
            except OndutyError as error:
                failure = error
            except asyncio.CancelledError:
                metered.ended("client")
                raise
            except Exception as error:  # noqa: BLE001 - the outermost place: nothing of it may reach the caller.
                if isinstance(error, grpc.aio.InternalError) or context.cancelled() or context.done():
                    metered.ended("client")
                    return  # the peer went away while a write was blocked, which may be told before the call is done
                failure = _unforeseen(method.name, error)
            else:
                metered.ended("done")
                return
            metered.refused(failure)
            self._tell_refusal(method.name, identity, request, failure, context)
            if isinstance(failure, DrainingError):
                log.info("stream_ended", method=method.name, reason=type(failure).__name__)
            del raw, request
            await abort(context, failure)

        return handle

    def _tell_refusal(
        self, method: str, identity: Identity | None, request: Message | None, failure: OndutyError, context: CallContext
    ) -> None:
        tell_refusal(method, identity, request, failure)
        self._trail.refused(method, identity, failure, context)
        if isinstance(failure, ThrottledError) and identity is not None:
            now = asyncio.get_running_loop().time()
            self.limited.refused(failure, tenant=identity.tenant, actor=identity.actor_id, now=now)

    @contextmanager
    def _counted(self, identity: Identity, size: int, *, scans: bool) -> Iterator[None]:
        """For the length of the block a large request is being answered, or a question about the past."""
        with ExitStack() as stack:
            if size > large_requests.COUNTED_BYTES:
                stack.enter_context(self._large.admitted(identity.tenant, size))
            if scans:
                stack.enter_context(self._scans.admitted(identity))
            yield

    def _payment(self, identity: Identity) -> Callable[[int], None] | None:
        """What counts the bytes of a stream's frames; None: they are not counted."""
        if self._rates is None:
            return None
        rates, time = self._rates, asyncio.get_running_loop().time
        return lambda size: rates.sent(identity, size, time())


async def _send(
    frames: AsyncGenerator[bytes, None], context: CallContext, write: Write, pay: Callable[[int], None] | None
) -> None:
    """Write every frame. A stream whose peer does not take one is told so, and says what comes of it."""
    time = asyncio.get_running_loop().time
    try:
        async for frame in frames:
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


def _gateway(identity: Identity) -> str:
    """Who opens a desktop's stream, where a credential says so."""
    return "" if identity.principal is None else identity.actor_id


def _named_person(request: Message) -> str | None:
    """Whom a request of a workspace is about; None where requests of its kind name nobody."""
    return _person(request) if "staff_id" in request.DESCRIPTOR.fields_by_name else None


def _person(request: Message) -> str:
    """Whom a request is about; empty where it names nobody."""
    return str(getattr(request, "staff_id", ""))


def _unforeseen(method: str, error: Exception) -> UnforeseenError:
    failure = UnforeseenError()
    log.error("call_failed_unforeseen", method=method, incident_id=failure.incident_id, exc_info=error)
    return failure


async def abort(context: CallContext, error: OndutyError) -> NoReturn:
    """End the call with an error of the catalogue. It does not return.

    gRPC keeps what ``abort`` raises, and with it the frames that it passes, until cyclic garbage is collected: callers drop the
    request first, and the error drops the frames that it has passed.
    """
    code, status = status_of(error)
    error.__traceback__ = error.__cause__ = error.__context__ = None
    trailers: list[tuple[str, str | bytes]] = [(DETAILS_KEY, status.SerializeToString())]
    if pushback := pushback_milliseconds(status):
        trailers.append((PUSHBACK_KEY, str(pushback)))
    await context.abort(code, status.message, tuple(trailers))


class UnknownMethods(grpc.GenericRpcHandler):
    """Answers calls to methods that no service has; register it last."""

    def service(self, handler_call_details: Any) -> "grpc.RpcMethodHandler[Any, Any]":
        """A handler that says so, whatever the method's shape: it neither reads requests nor writes answers."""
        method = handler_call_details.method

        async def handle(_requests: Any, context: CallContext) -> None:
            await abort(context, MethodUnknownError(method))

        return grpc.stream_stream_rpc_method_handler(handle)
