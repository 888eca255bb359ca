"""Admits a call or refuses it: who calls, whether they may, what they ask, and whether there is room for it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from google.protobuf.message import DecodeError, Message

from onduty_server.auth.authenticator import Authenticator
from onduty_server.domain.access.identity_rules import acting_role, check_roles
from onduty_server.domain.access.principal import Identity
from onduty_server.engine.watch.positions import Positions
from onduty_server.observability.arrivals import Arrivals
from onduty_server.rpc import large_requests
from onduty_server.rpc.call_context import CallContext
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.error_map import MalformedRequestError, RequestTooLargeError
from onduty_server.rpc.large_requests import LargeRequests
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.method_policy import METHOD_POLICY
from onduty_server.rpc.methods import Req, StreamMethod, UnaryMethod
from onduty_server.rpc.rates import RateLimits
from onduty_server.rpc.scans import Scans

REQUEST_BYTES: Final = 4 * 1024 * 1024


class Admission:
    """Lets calls in."""

    def __init__(self, authenticator: Authenticator, positions: Callable[[str], Positions], limits: Limits) -> None:
        """``positions`` makes the positions of a tenant."""
        self._authenticator = authenticator
        self._positions = positions
        self._arrivals = Arrivals()
        self._large = LargeRequests()
        self._scans = Scans(limits.scans_per_caller)
        self._rates = None if limits.rates.are_open else RateLimits(limits.rates)

    async def identify(self, method: str, context: CallContext) -> Identity:
        """As whom the method is called.

        Raises:
            OndutyError: The credential is missing, or is none.
        """
        identity = self._authenticator.authenticate(context, method)
        if not isinstance(identity, Identity):
            identity = await identity
        self._arrivals.seen(context.peer(), context.invocation_metadata() or (), identity, asyncio.get_running_loop().time())
        return identity

    def enter(self, method: UnaryMethod[Req] | StreamMethod[Req], raw: bytes, identity: Identity) -> tuple[Caller, Req]:
        """Who calls, and the request. Who may not call the method learns nothing of what it would have said to the request.

        Raises:
            OndutyError: A rate is reached, the role is another, or the bytes are too many or no request.
        """
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

    @contextmanager
    def counted(self, identity: Identity, size: int, *, scans: bool) -> Iterator[None]:
        """For the length of the block a large request is being answered, or a question about the past.

        Raises:
            OndutyError: There are as many as there may be.
        """
        with ExitStack() as stack:
            if size > large_requests.COUNTED_BYTES:
                stack.enter_context(self._large.admitted(identity.tenant, size))
            if scans:
                stack.enter_context(self._scans.admitted(identity))
            yield

    def payment(self, identity: Identity) -> Callable[[int], None] | None:
        """What counts the bytes that are answered; None: they are not counted."""
        if self._rates is None:
            return None
        rates, time = self._rates, asyncio.get_running_loop().time
        return lambda size: rates.sent(identity, size, time())


def _named_person(request: Message) -> str | None:
    """Whom a request of a workspace is about; None where requests of its kind name nobody."""
    return person_named(request) if "staff_id" in request.DESCRIPTOR.fields_by_name else None


def person_named(request: Message) -> str:
    """Whom a request is about; empty where it names nobody."""
    return str(getattr(request, "staff_id", ""))
