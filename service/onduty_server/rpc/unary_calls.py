"""Unary calls: from bytes to bytes, each counted, timed, traced, and answered or refused."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from google.protobuf.message import Message

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import DrainingError, JournalUnavailableError, OndutyError
from onduty_server.metering import Meter
from onduty_server.rpc.admission import Admission
from onduty_server.rpc.audit_trail import changes_configuration
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.error_map import reason_of
from onduty_server.rpc.failing import Refusals, abort, unforeseen
from onduty_server.rpc.large_requests import COUNTED_BYTES as LARGE_BYTES
from onduty_server.rpc.method_policy import METHOD_POLICY
from onduty_server.rpc.methods import Req, UnaryMethod
from onduty_server.rpc.request_log import SlowCalls
from onduty_server.rpc.request_meter import RefusalMeter, UnaryMeter
from onduty_server.rpc.unread_answers import COUNTED_BYTES, UnreadAnswers
from onduty_server.tracing import CURRENT, UNTRACED, RequestTrace, Tracing

log = structlog.get_logger(__name__)

QUIET_TURNS: Final = 5
QUIET_TURN_SECONDS: Final = 0.005


class UnaryCalls:
    """All unary calls of the server."""

    def __init__(
        self, admission: Admission, refusals: Refusals, *, refusal_meter: RefusalMeter, meter: Meter, tracing: Tracing
    ) -> None:
        """None has come."""
        self._admission = admission
        self._refusals = refusals
        self._refusal_meter = refusal_meter
        self._meter = meter
        self._tracing = tracing
        self._slow_calls = SlowCalls()
        self._unread = UnreadAnswers()
        self._answering = 0
        self.entered = 0
        """How many have come in since the start."""
        self.draining = False

    async def drain(self, within: float) -> None:
        """Turn calls away from now on, and wait up to ``within`` seconds until those let in are answered and no more come.

        The core drops calls that have reached it but not us when it is stopped; they get their turn here, to be told why.
        """
        self.draining = True
        loop = asyncio.get_running_loop()
        end, quiet, seen = loop.time() + within, 0, -1
        while quiet < QUIET_TURNS and loop.time() < end:
            quiet = quiet + 1 if not self._answering and seen == self.entered else 0
            seen = self.entered
            await asyncio.sleep(QUIET_TURN_SECONDS)

    def handler(self, method: UnaryMethod[Req]) -> Callable[[bytes, CallContext], Awaitable[bytes]]:
        """What answers the calls of a method."""
        time, run = asyncio.get_running_loop().time, self._runner(method)
        meter = UnaryMeter(self._meter, method.name, self._refusal_meter)

        async def handle(raw: bytes, context: CallContext) -> bytes:
            began_at, call = time(), UnaryCall()
            self.entered += 1
            self._answering += 1
            trace = self._begin_trace(method.name, context)
            try:
                answer = await run(call, raw, context)
            except OndutyError as error:
                failure = error
                if isinstance(error, JournalUnavailableError):
                    log.warning("call_failed_journal", method=method.name, error=str(error))
            except asyncio.CancelledError:
                meter.gone()
                self._end_trace(trace, "gone")
                raise
            except Exception as error:  # noqa: BLE001 - the outermost place: nothing of it may reach the caller.
                failure = unforeseen(method.name, error)
            else:
                meter.answered()
                self._end_trace(trace, "ok")
                return answer
            finally:
                self._answering -= 1
                took = time() - began_at
                meter.took(took)
                self._slow_calls.took(method.name, took)
            meter.refused(failure)
            self._end_trace(trace, reason_of(failure))
            self._refusals.note(method.name, call.identity, call.request, failure, context)
            del raw, call
            return await abort(context, failure)

        return handle

    def _runner(self, method: UnaryMethod[Req]) -> "Callable[[UnaryCall, bytes, CallContext], Awaitable[bytes]]":
        admission, behaviour = self._admission, method.behaviour
        scans, only_reads = METHOD_POLICY[method.name].scans, method.only_reads()
        is_audited = changes_configuration(method.name, only_reads=only_reads)

        async def run(call: UnaryCall, raw: bytes, context: CallContext) -> bytes:
            if self.draining:
                raise DrainingError
            identity = call.identity = await admission.identify(method.name, context)
            caller, request = admission.enter(method, raw, identity, context)
            call.request = request
            self._unread.check(caller.tenant, context)
            if scans or len(raw) > LARGE_BYTES:
                with admission.counted(identity, len(raw), scans=scans):
                    response = await behaviour(caller, request)
            else:
                response = await behaviour(caller, request)
            answer = response if isinstance(response, bytes) else response.SerializeToString()
            if is_audited:
                self._refusals.trail.changed(method.name, identity, request, context)
            pay = admission.payment(identity, context)
            if pay is not None:
                pay(len(answer))
            if len(answer) > COUNTED_BYTES:
                self._note_large(caller, context, len(answer), only_reads=only_reads)
            return answer

        return run

    def _note_large(self, caller: Caller, context: CallContext, size: int, *, only_reads: bool) -> None:
        if only_reads:  # what changed something is done, and its answer is what the caller needs.
            self._unread.check(caller.tenant, context, size)
        self._unread.sent(caller.tenant, context, size)

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


class UnaryCall:
    """How far a call has come: as whom, and with what."""

    __slots__ = ("identity", "request")

    def __init__(self) -> None:
        """It has just come in."""
        self.identity: Identity | None = None
        self.request: Message | None = None
