"""The gate that every RPC passes: credential, role, size, parsing, behaviour, and the errors that leave.

Behaviours are written without gRPC: they take a ``Caller`` and a message and return bytes or a message, or yield frames.
"""

from collections.abc import Callable

import grpc

from onduty_server.auth.audit_log import AuditLog
from onduty_server.auth.authenticator import Authenticator
from onduty_server.engine.watch.positions import Positions
from onduty_server.metering import UNMETERED, Meter
from onduty_server.observability.limited import Limited
from onduty_server.rpc.admission import Admission
from onduty_server.rpc.failing import Refusals
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.methods import Method, StreamMethod
from onduty_server.rpc.request_meter import RefusalMeter
from onduty_server.rpc.stream_calls import StreamCalls
from onduty_server.rpc.streams import Streams
from onduty_server.rpc.unary_calls import UnaryCalls
from onduty_server.tracing import UNTRACED, Tracing


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
        self.refusals = RefusalMeter(meter)
        self.admission = Admission(authenticator, positions, limits)
        noted = Refusals(audit)
        self.unary = UnaryCalls(self.admission, noted, refusal_meter=self.refusals, meter=meter, tracing=tracing)
        self.streams = StreamCalls(authenticator, self.admission, streams, noted, refusal_meter=self.refusals, meter=meter)
        self.limited: Limited = noted.limited

    @property
    def entered(self) -> int:
        """How many unary calls have come in since the start."""
        return self.unary.entered

    async def drain(self, within: float) -> None:
        """Turn unary calls away from now on, and wait up to ``within`` seconds for those let in; streams end before."""
        await self.unary.drain(within)

    def handler(self, method: Method) -> "grpc.RpcMethodHandler[bytes, bytes]":
        """The handler to register. It takes and gives bytes; parsing and its errors are ours."""
        if isinstance(method, StreamMethod):
            return grpc.unary_stream_rpc_method_handler(self.streams.handler(method))
        return grpc.unary_unary_rpc_method_handler(self.unary.handler(method))
