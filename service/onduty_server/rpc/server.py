"""The gRPC server in one view: services, health, reflection, limits of the core, and how it ends."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import grpc
import structlog
from grpc_health.v1 import health_pb2_grpc

from onduty_server.auth.audit_log import AuditLog
from onduty_server.auth.authenticator import Authenticator
from onduty_server.engine.engine import Engine
from onduty_server.metering import UNMETERED, Meter
from onduty_server.observability.limited import Limited
from onduty_server.replication import ReplicaReport
from onduty_server.rpc.addresses import AddressInUseError, check_can_listen
from onduty_server.rpc.admission import REQUEST_BYTES
from onduty_server.rpc.failing import UnknownMethods
from onduty_server.rpc.forwarding.forwarder import Forwarder
from onduty_server.rpc.gate import Gate
from onduty_server.rpc.health import HEALTH, Health
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.methods import Method
from onduty_server.rpc.reflection import Reflection
from onduty_server.rpc.servicers.admin import AdminServicer
from onduty_server.rpc.servicers.audit import AuditListing
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.rpc.servicers.history import HistoryServicer
from onduty_server.rpc.servicers.replicas import own_report
from onduty_server.rpc.servicers.router import RouterServicer
from onduty_server.rpc.servicers.server_info import ServerServicer
from onduty_server.rpc.servicers.supervisor import SupervisorServicer
from onduty_server.rpc.servicers.workspace import WorkspaceServicer
from onduty_server.rpc.streams import Streams
from onduty_server.rpc.tls import ListenerTls
from onduty_server.tracing import UNTRACED, Tracing

log = structlog.get_logger(__name__)

SERVICES: Final = (
    "onduty.v1.WorkspaceService",
    "onduty.v1.RouterService",
    "onduty.v1.SupervisorService",
    "onduty.v1.AdminService",
    "onduty.v1.HistoryService",
    "onduty.v1.ServerService",
)

PENDING_CALLS_MOST: Final = 100_000
"""Calls that the core has taken and we have not."""

CALLS_OF_CONNECTION: Final = 40_000
"""Calls that a connection has under way beside its streams. It lies above any burst: near it the core resets calls without a
word."""

LEAST_AGE_GRACE_MS: Final = 60_000
"""What calls get at the least that run on a connection which has come of age."""

LAST_CALLS_SECONDS: Final = 1.0
"""What unary calls get at the least, also where streams took all the time of the drain."""


def channel_options(limits: Limits) -> list[tuple[str, Any]]:
    """The options of the core.

    ``so_reuseport`` off: a second server on the same port must fail, not share it. ``ping_timeout_ms`` beside the keepalive
    options: without it a peer that vanished is noticed only after a minute. The receive limit, which the core holds against
    the decompressed request, is above the service's own, so that one that is a little too large gets a typed error, and a small
    one does not become a huge one. From 1,000 calls that wait for us on, the core would answer some with CANCELLED: the bounds
    on waiting are the queue's, which say so. A connection has room for all desktops of a tenant, which a gateway may hold.
    """
    return [
        ("grpc.so_reuseport", 0),
        ("grpc.keepalive_time_ms", round(limits.keepalive_time * 1000)),
        ("grpc.keepalive_timeout_ms", round(limits.keepalive_timeout * 1000)),
        ("grpc.http2.ping_timeout_ms", round(limits.keepalive_timeout * 1000)),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", round(limits.least_ping_interval * 1000)),
        ("grpc.max_receive_message_length", REQUEST_BYTES + REQUEST_BYTES // 4),
        ("grpc.max_concurrent_streams", limits.streams_per_tenant + CALLS_OF_CONNECTION),
        ("grpc.server.max_pending_requests", PENDING_CALLS_MOST),
        ("grpc.server.max_pending_requests_hard_limit", 2 * PENDING_CALLS_MOST),
        ("grpc.server_handshake_timeout_ms", round(limits.handshake_timeout * 1000)),
        *([("grpc.max_allowed_incoming_connections", limits.connections)] if limits.connections else []),
        *(_age_options(limits.connection_age) if limits.connection_age else []),
    ]


def _age_options(age_seconds: float) -> list[tuple[str, Any]]:
    """The core varies the age by a tenth. What runs then may end by itself: streams are told to go before the grace is over."""
    age = round(age_seconds * 1000)
    return [("grpc.max_connection_age_ms", age), ("grpc.max_connection_age_grace_ms", max(age, LEAST_AGE_GRACE_MS))]


class Server:
    """A server over a started engine. ``start`` binds, ``stop`` drains; the engine is stopped by who started it."""

    def __init__(
        self,
        engine: Engine,
        authenticator: Authenticator,
        limits: Limits,
        *,
        audit: AuditLog,
        tls: ListenerTls | None = None,
        rehearsal: bool = False,
        one_tenant: bool = False,
        meter: Meter = UNMETERED,
        tracing: Tracing = UNTRACED,
        forwarder: Forwarder | None = None,
    ) -> None:
        """Build the services; nothing is bound yet. Call it inside the running event loop. Without ``tls`` it is plain text.

        ``forwarder`` is the way to whoever decides; None: this process does.
        """
        self.authenticator = authenticator
        self.tls = tls
        self._limits = limits
        self._streams = Streams(limits, meter)
        self._streams.is_current = lambda: engine.confirmed.is_current
        engine.on_reload = self._streams.dismiss
        self._gate = Gate(authenticator, engine.positions, self._streams, limits, audit=audit, meter=meter, tracing=tracing)
        self.forwarder = forwarder
        started_at = engine.clock.now()
        self.report: Callable[[], ReplicaReport] = lambda: own_report(engine, self._streams.quotas, started_at)
        backend = Backend(engine, self._streams, rehearsal, self._gate.refusals, forwarder)
        self._workspaces = WorkspaceServicer(backend)
        servicers = (
            self._workspaces,
            RouterServicer(backend),
            SupervisorServicer(backend),
            AdminServicer(backend, AuditListing(audit, one_tenant=one_tenant)),
            HistoryServicer(backend),
            ServerServicer(backend, limits, self.report),
        )
        self.methods_here: list[Method] = [method for servicer in servicers for method in servicer.methods()]
        self.methods = self.methods_here if forwarder is None else list(map(forwarder.deciding, self.methods_here))
        self._server = grpc.aio.server(options=channel_options(limits))
        self._add_services()
        self._health = Health(SERVICES, self._streams.quotas)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._reflection = Reflection((*SERVICES, HEALTH), self._streams.quotas)
        self._server.add_generic_rpc_handlers(self._reflection.handlers())
        self._server.add_generic_rpc_handlers((UnknownMethods(),))
        engine.on_health = lambda healthy: self._health.tell(serving=healthy)

    def _add_services(self) -> None:
        by_service: dict[str, dict[str, Any]] = {}
        for method in self.methods:
            _, backend, name = method.name.split("/")
            by_service.setdefault(backend, {})[name] = self._gate.handler(method)
        handlers = [grpc.method_handlers_generic_handler(name, methods) for name, methods in by_service.items()]
        self._server.add_generic_rpc_handlers(tuple(handlers))

    @property
    def draining(self) -> bool:
        """Whether it is going away."""
        return self._streams.draining

    @property
    def limited(self) -> Limited:
        """What was refused because a limit was reached."""
        return self._gate.limited

    # --- life ---------------------------------------------------------------------------------------------------------

    async def start(self, address: str, *, beside: str = "") -> int:
        """Bind ``address`` (host:port; port 0 lets the system choose) and serve; returns the port.

        ``beside`` is the path of a Unix socket that is served too, in plain text: for a gateway of the same user. Empty: none.

        Raises:
            AddressInUseError: Another process has it, or it cannot be bound for another reason, which is told.
        """
        try:
            if self.tls is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, self.tls.credentials)
        except RuntimeError as error:
            await asyncio.to_thread(check_can_listen, address)
            raise AddressInUseError(f"cannot listen on {address}: {error}") from error
        if not port or (beside and not self._server.add_insecure_port(f"unix:{beside}")):
            raise AddressInUseError(f"cannot listen on {address if not port else beside}")
        await self._server.start()
        return int(port)

    async def stop(self) -> None:
        """Drain: not serving, farewell on every stream, unary calls to their end, then close."""
        loop = asyncio.get_running_loop()
        end, least = loop.time() + self._limits.drain, min(LAST_CALLS_SECONDS, self._limits.drain)
        self._health.drain()
        self._reflection.drain()
        log.info("draining", streams=self._streams.count, seconds=self._limits.drain)
        left = await self._streams.drain(self._limits.drain)
        if left:
            log.warning("streams_cut", count=left)
        await self._gate.drain(max(end - loop.time(), least))
        await self._workspaces.close()
        await self._server.stop(max(end - loop.time(), least))
        log.info("drained", streams_cut=left, calls=self._gate.entered)
