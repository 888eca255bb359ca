"""Forwards what changes anything to the leader, this replica or another, and holds it for a while where nobody leads.

Theory of operation
-------------------
A call that the leader has not begun with is asked again, of the next leader, until its time is over. One that it may have
decided is asked again only if it has a request id, or is one that may be repeated: the answer is then the first one. The
answer, or the failure, is the leader's, byte for byte.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import grpc
import structlog
from google.protobuf.message import Message

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import JournalUnavailableError, LeaderUnavailableError
from onduty_server.engine.background.leadership import Leadership
from onduty_server.engine.engine import Engine
from onduty_server.ports import Revision
from onduty_server.replication import NotLeadingError
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.forwarding import callers
from onduty_server.rpc.forwarding.failures import forwarded_error
from onduty_server.rpc.forwarding.link import LeaderLink, LeaderSilentError, Outcome, Undecided
from onduty_server.rpc.methods import Method, UnaryMethod

log = structlog.get_logger(__name__)

R = TypeVar("R")

HOLD_SECONDS: Final = 5.0
"""How long a call waits for a leader."""

ASK_AGAIN_SECONDS: Final = 0.1
"""How soon a call is tried again where nothing says that there is a leader."""

SHOWN_SECONDS: Final = 0.1
"""An answer waits so long at most until this replica shows what it tells."""

Credentials = Callable[[], "grpc.ChannelCredentials | None"]


class Forwarder:
    """One replica's way to the leader. Use ``run`` beside the server."""

    def __init__(self, engine: Engine, credentials: Credentials) -> None:
        """``credentials`` makes those of a connection to another replica; it gives None where TLS is off."""
        assert engine.sharing is not None, "there are other replicas"
        self._engine = engine
        self._secret = engine.sharing.store.secret
        self._leadership: Leadership = engine.sharing.leadership
        self._credentials = credentials
        self._link: LeaderLink | None = None
        self._linked = asyncio.Event()

    # --- the way to the leader ----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep a stream to whoever leads; it never ends by itself."""
        while True:
            address = self._leadership.leader_address
            if not address:
                await self._leadership.changed(1.0)
                continue
            holding = asyncio.create_task(self._hold(address))
            try:
                while not holding.done() and self._leadership.leader_address == address:
                    changing = asyncio.ensure_future(self._leadership.changed(1.0))
                    await asyncio.wait((holding, changing), return_when=asyncio.FIRST_COMPLETED)
                    changing.cancel()
            finally:
                holding.cancel()
                await asyncio.gather(holding, return_exceptions=True)
            await asyncio.sleep(ASK_AGAIN_SECONDS)

    async def _hold(self, address: str) -> None:
        link = self._link = LeaderLink(address, self._secret, self._credentials())
        try:
            await link.run(self._linked.set)
        except grpc.RpcError as error:
            log.warning("leader_not_reached", address=address, error=_described(error))
        except LeaderSilentError as error:
            log.warning("leader_not_reached", address=address, error=str(error))
        finally:
            self._linked.clear()
            self._link = None

    # --- what is decided ----------------------------------------------------------------------------------------------

    def deciding(self, method: Method) -> Method:
        """The same method, decided by whoever leads; one that only reads, or streams, is answered here."""
        if not isinstance(method, UnaryMethod) or method.only_reads():
            return method
        here = method.behaviour

        async def decide(caller: Caller, request: Any) -> bytes | Message:
            message = pb.ForwardedCall(
                method=method.name,
                request=request.SerializeToString(),
                caller=callers.encoded(caller.identity, caller.role),
            )
            is_repeatable = bool(getattr(request, "request_id", ""))
            answer = await self._decide(caller.tenant, message, lambda: here(caller, request), is_repeatable=is_repeatable)
            return answer.response if isinstance(answer, pb.ForwardedAnswer) else answer

        return UnaryMethod(method.name, method.request_type, decide)

    async def attach(self, tenant: str, staff_id: str, command: commands.Attach) -> Revision:
        """A workspace comes; returns the revision of the staff member, which is shown here.

        Raises:
            OndutyError: Refused, or nobody leads.
        """
        one, actor = command.attachment, command.origin.actor
        workspace = pb.ForwardedWorkspace(
            tenant=tenant,
            staff_id=staff_id,
            attachment_id=one.attachment_id,
            instance_id=one.instance_id,
            workspace_id=one.workspace_id,
            user_agent=one.user_agent,
            actor_role=int(actor.role),
            actor_id=actor.actor_id,
        )

        async def here() -> Revision:
            answer = await self._engine.submit(tenant, staff_id, command)
            assert answer.staff is not None, "attaching is never answered from memory"
            return answer.staff.revision

        answer = await self._decide(tenant, pb.ForwardedCall(workspace=workspace), here, is_repeatable=True)
        if not isinstance(answer, pb.ForwardedAnswer):
            return answer
        await self._engine.confirmed.reach(Revision(answer.revision))
        return Revision(answer.revision)

    async def submit_own(self, tenant: str, staff_id: str, command: commands.Command) -> None:
        """Have a workspace of this replica let go, whoever leads; anything else is decided here.

        Raises:
            OndutyError: Refused, or nobody leads.
        """

        async def here() -> None:
            await self._engine.submit_own(tenant, staff_id, command)

        if not isinstance(command, commands.Detach):
            await here()
            return
        workspace = pb.ForwardedWorkspace(
            tenant=tenant,
            staff_id=staff_id,
            attachment_id=command.attachment_id,
            instance_id=command.instance_id,
            detaches=True,
        )
        await self._decide(tenant, pb.ForwardedCall(workspace=workspace), here, is_repeatable=True)

    async def _decide(
        self, tenant: str, message: pb.ForwardedCall, here: Callable[[], Awaitable[R]], *, is_repeatable: bool
    ) -> R | pb.ForwardedAnswer:
        loop = asyncio.get_running_loop()
        until, may_be_decided = loop.time() + HOLD_SECONDS, False
        while True:
            if self._leadership.leads:
                try:
                    return await here()
                except NotLeadingError:
                    outcome: Outcome = Undecided.NOT_SENT
                except JournalUnavailableError:
                    if not is_repeatable:
                        raise
                    outcome = Undecided.LOST
            else:
                outcome = await self._ask(tenant, message)
            if isinstance(outcome, pb.ForwardedAnswer):
                return await self._answered(outcome)
            may_be_decided = may_be_decided or outcome is Undecided.LOST
            if may_be_decided and not is_repeatable:
                raise LeaderUnavailableError("the leader was lost while it had the request", may_be_decided)
            if loop.time() >= until:
                raise LeaderUnavailableError("no replica leads, or it cannot be reached", may_be_decided)
            await self._wait(until - loop.time())

    async def _ask(self, tenant: str, message: pb.ForwardedCall) -> Outcome:
        if self._link is None:
            return Undecided.NOT_SENT
        answer = await self._link.ask(tenant, message)
        if isinstance(answer, pb.ForwardedAnswer):
            match answer.WhichOneof("answer"):
                case "not_leading":
                    return Undecided.NOT_SENT
                case "lost":
                    return Undecided.LOST
        return answer

    async def _answered(self, answer: pb.ForwardedAnswer) -> pb.ForwardedAnswer:
        """An answer, once what it tells is shown here as well: who asks here next sees it."""
        if answer.WhichOneof("answer") == "failure":
            raise forwarded_error(answer.failure)
        if answer.head > self._engine.head:
            with suppress(TimeoutError, JournalUnavailableError):
                await asyncio.wait_for(self._engine.confirmed.reach(Revision(answer.head)), SHOWN_SECONDS)
        return answer

    async def _wait(self, seconds: float) -> None:
        """Wait for a leader, or for a way to it."""
        waits = [asyncio.ensure_future(self._leadership.changed(seconds)), asyncio.ensure_future(self._linked.wait())]
        if self._linked.is_set():
            waits.pop().cancel()
        await asyncio.wait(waits, timeout=min(seconds, ASK_AGAIN_SECONDS), return_when=asyncio.FIRST_COMPLETED)
        for waiting in waits:
            waiting.cancel()


def _described(error: grpc.RpcError) -> str:
    return str(getattr(error, "details", lambda: error)() or error)
