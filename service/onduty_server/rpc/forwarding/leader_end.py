"""The leader's end of forwarding: decides calls that other replicas took, on a listener of its own."""

import asyncio
import hmac
from collections.abc import Callable, Iterable
from typing import Any, Final

import grpc
import structlog

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import SYSTEM, Actor
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError, StaffUnknownError
from onduty_server.domain.model.state import Attachment
from onduty_server.domain.model.status import ActorRole
from onduty_server.engine.engine import Engine
from onduty_server.replication import NotLeadingError
from onduty_server.rpc.addresses import AddressInUseError
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.error_map import MethodUnknownError, UnforeseenError
from onduty_server.rpc.forwarding import callers
from onduty_server.rpc.forwarding.failures import failure_message
from onduty_server.rpc.forwarding.link import METHOD, SECRET_KEY
from onduty_server.rpc.methods import Method, UnaryMethod

log = structlog.get_logger(__name__)

OPTIONS: Final = (
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 2_000),
    ("grpc.keepalive_timeout_ms", 2_000),
    ("grpc.http2.ping_timeout_ms", 2_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 100),
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)

ANSWERS_MOST: Final = 512
"""Answers of one message."""


class ForwardingServer:
    """Listens for other replicas. ``start`` binds, ``stop`` ends it."""

    def __init__(self, engine: Engine, methods: Iterable[Method], secret: str) -> None:
        """``methods`` as they are decided here."""
        self._engine = engine
        self._methods = {method.name: method for method in methods if isinstance(method, UnaryMethod)}
        self._secret = secret.encode()
        self._server = grpc.aio.server(options=OPTIONS)
        _, service, name = METHOD.split("/")
        handler: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(self._forward)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: handler}),))

    async def start(self, address: str, credentials: grpc.ServerCredentials | None) -> int:
        """Bind an address; returns the port.

        Raises:
            AddressInUseError: It cannot be bound.
        """
        try:
            if credentials is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, credentials)
        except RuntimeError as error:
            raise AddressInUseError(f"cannot listen on {address} for other replicas: {error}") from error
        await self._server.start()
        return int(port)

    async def stop(self, within: float) -> None:
        """End all streams, in at most so many seconds."""
        await self._server.stop(within)

    async def _forward(self, requests: Any, context: Any) -> None:
        given = dict(context.invocation_metadata() or ()).get(SECRET_KEY, "")
        if not hmac.compare_digest(str(given).encode(), self._secret):
            log.warning("replica_refused", peer=context.peer())
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "this is not a replica of the same store")
        await context.send_initial_metadata(())
        answers = _Answers()
        writing = asyncio.create_task(answers.write(context))
        deciding: set[asyncio.Task[None]] = set()
        try:
            async for raw in requests:
                for call in pb.ForwardRequest.FromString(raw).calls:
                    task = asyncio.create_task(self._answer(call, answers.add))
                    deciding.add(task)
                    task.add_done_callback(deciding.discard)
        finally:
            writing.cancel()
            for task in tuple(deciding):
                task.cancel()

    async def _answer(self, call: pb.ForwardedCall, add: Callable[[pb.ForwardedAnswer], None]) -> None:
        answer = pb.ForwardedAnswer(number=call.number)
        try:
            if call.method:
                answer.response = await self._decide(call)
            else:
                answer.revision = await self._workspace(call.workspace)
                answer.response = b""
        except NotLeadingError:
            answer.not_leading = True
        except JournalUnavailableError as error:
            log.warning("call_failed_journal", method=call.method, error=str(error))
            answer.lost = True
        except OndutyError as error:
            answer.failure.CopyFrom(failure_message(error))
        except Exception:
            failure = UnforeseenError()
            log.exception("call_failed_unforeseen", method=call.method, incident_id=failure.incident_id)
            answer.failure.CopyFrom(failure_message(failure))
        answer.head = self._engine.head
        add(answer)

    async def _decide(self, call: pb.ForwardedCall) -> bytes:
        method = self._methods.get(call.method)
        if method is None:
            raise MethodUnknownError(call.method)
        identity, role = callers.decoded(call.caller)
        caller = Caller(identity, role, self._engine.positions(identity.tenant), method.name)
        response = await method.behaviour(caller, method.request_type.FromString(call.request))
        return response if isinstance(response, bytes) else response.SerializeToString()

    async def _workspace(self, message: pb.ForwardedWorkspace) -> int:
        """A workspace of another replica comes or goes; returns the revision of the staff member."""
        if message.detaches:
            command = commands.Detach(message.attachment_id, message.instance_id, commands.Origin(SYSTEM))
            await self._engine.submit_own(message.tenant, message.staff_id, command)
            return 0
        attachment = Attachment(message.attachment_id, message.instance_id, message.workspace_id, message.user_agent)
        origin = commands.Origin(Actor(ActorRole(message.actor_role), message.actor_id))
        answer = await self._engine.submit(message.tenant, message.staff_id, commands.Attach(attachment, origin))
        if answer.staff is None:
            raise StaffUnknownError(message.staff_id)
        return answer.staff.revision


class _Answers:
    """Answers that wait for their turn on the stream."""

    def __init__(self) -> None:
        self._waiting: list[pb.ForwardedAnswer] = []
        self._wake = asyncio.Event()

    def add(self, answer: pb.ForwardedAnswer) -> None:
        self._waiting.append(answer)
        self._wake.set()

    async def write(self, context: Any) -> None:
        while True:
            self._wake.clear()
            if not self._waiting:
                await self._wake.wait()
            answers, self._waiting = self._waiting[:ANSWERS_MOST], self._waiting[ANSWERS_MOST:]
            await context.write(pb.ForwardResponse(answers=answers).SerializeToString())
