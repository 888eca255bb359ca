"""Rate limits of callers and tenants: token buckets of calls, items and bytes a second."""

import random
import sys
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, NamedTuple

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import RateLimitedError
from onduty_server.rpc.peers import network_of

BURST_SECONDS: Final = 5.0
"""What was not used for so long may be used at once: a gateway's desktops come back together."""
BUCKETS_BYTES: Final = 16 * 1024 * 1024
"""Of one limit: of some 35,000 owners. The bucket that was used last longest ago goes first; it is full again, or nearly, when
its owner comes."""
BUCKET_BYTES: Final = 350
"""What a bucket takes beside its owner's name: two numbers, their pair, and its place in the dictionary."""
JITTER: Final = 0.25
"""Those who were refused together do not come again together."""
LEAST_WAIT_SECONDS: Final = 0.05
BETWEEN: Final = "\x1f"
"""Joins tenant and actor; names have no control characters, so it cannot collide."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What may be asked for a second, by one caller of a tenant and by a tenant; 0: as much as it likes."""

    calls_per_caller: int = 0
    calls_per_tenant: int = 0
    items_per_caller: int = 0
    items_per_tenant: int = 0
    bytes_per_caller: int = 0
    bytes_per_tenant: int = 0

    @property
    def are_open(self) -> bool:
        """Whether nothing is limited."""
        return not any(getattr(self, name) for name in Rates.__slots__)


class Buckets:
    """The buckets of one limit, each with what its owner may still use and since when it has been so.

    A bucket that is not empty gives whatever is asked for, and may owe afterwards: so a batch that is larger than a bucket is
    taken, and paid for before the next.
    """

    def __init__(self, bound: str, per_second: int) -> None:
        """``bound`` is the limit's name; ``per_second`` is above 0."""
        self.bound = bound
        self.per_second = per_second
        self._most = per_second * BURST_SECONDS
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.size = 0
        """The bytes of all buckets, about."""

    def level(self, owner: str, now: float) -> float:
        """What the owner may use now; ``now`` is in seconds of a clock that never goes back."""
        bucket = self._levels.get(owner)
        if bucket is None:
            return self._most
        level, since = bucket
        return min(self._most, level + (now - since) * self.per_second)

    def take(self, owner: str, amount: int, now: float) -> None:
        """The owner uses so much."""
        if owner not in self._levels:
            self.size += _size(owner)
        self._levels[owner] = (self.level(owner, now) - amount, now)
        self._levels.move_to_end(owner)
        while self.size > BUCKETS_BYTES:
            self.size -= _size(self._levels.popitem(last=False)[0])

    def check(self, owner: str, now: float) -> None:
        """See whether the owner may use anything.

        Raises:
            RateLimitedError: Not before a while.
        """
        level = self.level(owner, now)
        if level <= 0:
            wait = (1 - level) / self.per_second * random.uniform(1, 1 + JITTER)  # noqa: S311 - it spreads load, and guards nothing.
            raise RateLimitedError(self.per_second, max(wait, LEAST_WAIT_SECONDS), self.bound)


def _size(owner: str) -> int:
    return BUCKET_BYTES + sys.getsizeof(owner)


class Payer(NamedTuple):
    """Whose buckets a call is paid from: of a caller and of a tenant."""

    caller: str
    tenant: str


def payer_of(identity: Identity, peer: str) -> Payer:
    """Who pays for a call of an identity over a connection; ``peer`` is gRPC's name of that.

    On an open server names are what callers say, and one who takes another each time would never pay: the network that it
    calls from does.
    """
    if identity.principal is None:
        return Payer(network_of(peer), identity.tenant)
    return Payer(f"{identity.tenant}{BETWEEN}{identity.actor_id}", identity.tenant)


class RateLimits:
    """All rates of a server. Whatever a call asks for counts for its caller and for its tenant."""

    def __init__(self, rates: Rates) -> None:
        """Nobody has used anything."""
        self._calls = _pair("calls", rates.calls_per_caller, rates.calls_per_tenant)
        self._items = _pair("items", rates.items_per_caller, rates.items_per_tenant)
        self._bytes = _pair("bytes", rates.bytes_per_caller, rates.bytes_per_tenant)

    def call(self, payer: Payer, size: int, now: float) -> None:
        """A call comes in, with a request of so many bytes.

        Raises:
            RateLimitedError: Of calls, or of bytes, too many have come.
        """
        for kind in (self._calls, self._bytes):
            _check(kind, payer, now)
        _take(self._calls, payer, 1, now)
        _take(self._bytes, payer, size, now)

    def items(self, payer: Payer, count: int, now: float) -> None:
        """A request has so many items, one at the least.

        Raises:
            RateLimitedError: Too many have come.
        """
        _check(self._items, payer, now)
        _take(self._items, payer, count, now)

    def sent(self, payer: Payer, size: int, now: float) -> None:
        """So many bytes are answered, which is paid for before the next call."""
        _take(self._bytes, payer, size, now)


_Pair = tuple[Buckets | None, Buckets | None]
"""Of callers, and of tenants."""


def _pair(what: str, per_caller: int, per_tenant: int) -> _Pair:
    callers = Buckets(f"{what}_per_caller", per_caller) if per_caller else None
    return callers, Buckets(f"{what}_per_tenant", per_tenant) if per_tenant else None


def _check(kind: _Pair, payer: Payer, now: float) -> None:
    of_caller, of_tenant = kind
    if of_caller is not None:
        of_caller.check(payer.caller, now)
    if of_tenant is not None:
        of_tenant.check(payer.tenant, now)


def _take(kind: _Pair, payer: Payer, amount: int, now: float) -> None:
    of_caller, of_tenant = kind
    if of_caller is not None:
        of_caller.take(payer.caller, amount, now)
    if of_tenant is not None:
        of_tenant.take(payer.tenant, amount, now)
