"""Answers calls that failed: each error as its gRPC status with details, noted and counted. No error leaves elsewhere."""

import asyncio
from typing import Any, Final, NoReturn

import grpc
import structlog
from google.protobuf.message import Message

from onduty_server.auth.audit_log import AuditLog
from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import OndutyError, ThrottledError
from onduty_server.observability.limited import Limited
from onduty_server.rpc.audit_trail import AuditTrail
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.error_map import MethodUnknownError, UnforeseenError, pushback_milliseconds, status_of
from onduty_server.rpc.request_log import tell_refusal

log = structlog.get_logger(__name__)

DETAILS_KEY: Final = "grpc-status-details-bin"
PUSHBACK_KEY: Final = "grpc-retry-pushback-ms"
"""What gRPC's own retries wait for, of every refusal that asks for a wait."""


class Refusals:
    """Notes what is refused: in the log, in the audit log, and by the limit that was reached."""

    def __init__(self, audit: AuditLog) -> None:
        """Nothing is."""
        self.trail = AuditTrail(audit)
        self.limited = Limited()
        """What was refused because a limit was reached."""

    def note(
        self, method: str, identity: Identity | None, request: Message | None, failure: OndutyError, context: CallContext
    ) -> None:
        """A call ends with an error. ``identity`` and ``request`` are None where it did not come so far."""
        tell_refusal(method, identity, request, failure)
        self.trail.refused(method, identity, failure, context)
        if isinstance(failure, ThrottledError) and identity is not None:
            now = asyncio.get_running_loop().time()
            self.limited.refused(failure, tenant=identity.tenant, actor=identity.actor_id, now=now)


def unforeseen(method: str, error: Exception) -> UnforeseenError:
    """What a caller is told of a fault of the service, which is logged under the incident's id."""
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
