"""Who calls: the identity, the role, the tenant's positions, and what makes a request idempotent."""

import hashlib
from functools import lru_cache
from typing import Protocol

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.status import ActorRole
from onduty_server.domain.model.values import value
from onduty_server.engine.watch.positions import Positions
from onduty_server.engine.write.answers import RequestKey
from onduty_server.engine.write.jobs import JobBody, JobRequest
from onduty_server.rpc.method_policy import SERVICE_ROLES
from onduty_server.wire.convert import BatchItem


class IdempotentRequest(Protocol):
    """A request message that can have an id."""

    request_id: str

    def SerializeToString(self, *, deterministic: bool = ...) -> bytes:  # noqa: N802 - protobuf's name.
        """The message's bytes."""


@lru_cache(maxsize=1024)
def _part_played(method: str) -> ActorRole:
    """The part that callers of a method play, by its service."""
    return SERVICE_ROLES[method.split("/")[1].rpartition(".")[2]]


@value
class Caller:
    """Who calls which method, in which tenant and role; on an open server there is no role."""

    identity: Identity
    role: ActorRole | None
    positions: Positions
    method: str

    @property
    def tenant(self) -> str:
        """The caller's tenant."""
        return self.identity.tenant

    def actor(self, staff_id: str = "") -> Actor:
        """The actor that changes will name.

        On an open server the role follows from the service, and callers say who they are. With a credential a workspace acts as
        its staff member, and everybody else as the credential says.
        """
        role = self.role or _part_played(self.method)
        own = staff_id if role is ActorRole.WORKSPACE else ""
        if self.identity.principal is not None and own:
            return Actor(role, own)
        return Actor(role, self.identity.actor_id or own)

    def request_key(self, request: IdempotentRequest) -> RequestKey | None:
        """The request's idempotency key, if it has a request id."""
        request_id = request.request_id
        return RequestKey(request_id, self._fingerprint(request)) if request_id else None

    def asked(self, run: JobBody, request: IdempotentRequest, item: BatchItem | None = None) -> JobRequest:
        """A work that a request asks for: idempotent by the request's own id, or by its place in a batch that has one."""
        if request.request_id or item is None or not item.batch_id:
            return JobRequest(run, self.request_key(request))
        return JobRequest(run, None, self._fingerprint(request))

    def batch_key(self, batch_id: str, count: int) -> RequestKey | None:
        """A batch's idempotency key, if it has a request id: with more or fewer items it is another batch."""
        return RequestKey(batch_id, _digest(b"%s%d" % (self.method.encode(), count))) if batch_id else None

    def _fingerprint(self, request: IdempotentRequest) -> bytes:
        return _digest(b"%s:%s" % (self.method.encode(), request.SerializeToString(deterministic=True)))


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=12).digest()
