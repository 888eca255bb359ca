"""gRPC health: of the server ("") and of each service, with watches that end when the server goes."""

import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from onduty_server.domain.model.errors import WatchQuotaError
from onduty_server.rpc.gate import abort
from onduty_server.rpc.quotas import StreamQuotas

HEALTH: Final = "grpc.health.v1.Health"

_Response = health_pb2.HealthCheckResponse


class Health(health_pb2_grpc.HealthServicer):  # type: ignore[misc]
    """The health service. The library's own has watches without an end, which would hold a shutdown up."""

    def __init__(self, services: Iterable[str], quotas: StreamQuotas) -> None:
        """Nothing serves yet."""
        self._quotas = quotas
        self._statuses = dict.fromkeys(("", *services), _Response.NOT_SERVING)
        self._changed = asyncio.Event()
        self._draining = False

    def tell(self, *, serving: bool) -> None:
        """Set the health of everything; does nothing while draining."""
        if not self._draining:
            self._set(_Response.SERVING if serving else _Response.NOT_SERVING)

    def drain(self) -> None:
        """NOT_SERVING from now on; watches are told so and then end."""
        self._draining = True
        self._set(_Response.NOT_SERVING)

    def _set(self, status: int) -> None:
        self._statuses = dict.fromkeys(self._statuses, status)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's name.
        """The present health; NOT_FOUND for what is not there."""
        status = self._statuses.get(request.service)
        if status is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"there is no service {request.service!r}")
        return _Response(status=status)

    async def List(self, _request: Any, _context: Any) -> Any:  # noqa: N802 - the contract's name.
        """The present health of everything."""
        return health_pb2.HealthListResponse(
            statuses={name: _Response(status=status) for name, status in self._statuses.items()}
        )

    async def Watch(self, request: Any, context: Any) -> None:  # noqa: N802 - the contract's name.
        """The present health and each change of it; SERVICE_UNKNOWN for what is not there. It ends when the server goes."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._quotas.probing())
            except WatchQuotaError as error:
                await abort(context, error)
            await self._follow(request, context)

    async def _follow(self, request: Any, context: Any) -> None:
        last_status = None
        while True:
            # All three of one moment: a drain that begins while a frame is written is told by the next turn.
            changed, draining = self._changed, self._draining
            status = self._statuses.get(request.service, _Response.SERVICE_UNKNOWN)
            if status != last_status:
                last_status = status
                await context.write(_Response(status=status))
            if draining:
                return  # not with an error: gRPC's core may drop a frame that is not read yet when an error follows
            await changed.wait()
