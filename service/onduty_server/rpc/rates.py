"""Rate limits of callers and tenants: token buckets of calls, items and bytes a second."""

import random
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from onduty_server.domain.access.principal import Identity
from onduty_server.domain.model.errors import RateLimitedError

BURST_SECONDS: Final = 5.0
"""What was not used for so long may be used at once: a gateway's desktops come back together."""
BUCKETS_MOST: Final = 100_000
"""Of one limit. The bucket that was used last longest ago goes first; it is full again, or nearly, when its owner comes."""
JITTER: Final = 0.25
"""Those who were refused together do not come again together."""
LEAST_WAIT_SECONDS: Final = 0.05


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
        self._levels: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def level(self, owner: object, now: float) -> float:
        """What the owner may use now; ``now`` is in seconds of a clock that never goes back."""
        bucket = self._levels.get(owner)
        if bucket is None:
            return self._most
        level, since = bucket
        return min(self._most, level + (now - since) * self.per_second)

    def take(self, owner: object, amount: int, now: float) -> None:
        """The owner uses so much."""
        self._levels[owner] = (self.level(owner, now) - amount, now)
        self._levels.move_to_end(owner)
        if len(self._levels) > BUCKETS_MOST:
            self._levels.popitem(last=False)

    def check(self, owner: object, now: float) -> None:
        """See whether the owner may use anything.

        Raises:
            RateLimitedError: Not before a while.
        """
        level = self.level(owner, now)
        if level <= 0:
            wait = (1 - level) / self.per_second * random.uniform(1, 1 + JITTER)  # noqa: S311 - it spreads load, and guards nothing.
            raise RateLimitedError(self.per_second, max(wait, LEAST_WAIT_SECONDS), self.bound)


class RateLimits:
    """All rates of a server. Whatever an identity asks for counts for its actor and for its tenant."""

    def __init__(self, rates: Rates) -> None:
        """Nobody has used anything."""
        self._calls = _pair("calls", rates.calls_per_caller, rates.calls_per_tenant)
        self._items = _pair("items", rates.items_per_caller, rates.items_per_tenant)
        self._bytes = _pair("bytes", rates.bytes_per_caller, rates.bytes_per_tenant)

    def call(self, identity: Identity, size: int, now: float) -> None:
        """A call comes in, with a request of so many bytes.

        Raises:
            RateLimitedError: Of calls, or of bytes, too many have come.
        """
        for kind in (self._calls, self._bytes):
            _check(kind, identity, now)
        _take(self._calls, identity, 1, now)
        _take(self._bytes, identity, size, now)

    def items(self, identity: Identity, count: int, now: float) -> None:
        """A request has so many items, one at the least.

        Raises:
            RateLimitedError: Too many have come.
        """
        _check(self._items, identity, now)
        _take(self._items, identity, count, now)

    def sent(self, identity: Identity, size: int, now: float) -> None:
        """So many bytes are answered, which is paid for before the next call."""
        _take(self._bytes, identity, size, now)


_Pair = tuple[Buckets | None, Buckets | None]
"""Of callers, and of tenants."""


def _pair(what: str, per_caller: int, per_tenant: int) -> _Pair:
    callers = Buckets(f"{what}_per_caller", per_caller) if per_caller else None
    return callers, Buckets(f"{what}_per_tenant", per_tenant) if per_tenant else None


def _check(kind: _Pair, identity: Identity, now: float) -> None:
    of_caller, of_tenant = kind
    if of_caller is not None:
        of_caller.check((identity.tenant, identity.actor_id), now)
    if of_tenant is not None:
        of_tenant.check(identity.tenant, now)


def _take(kind: _Pair, identity: Identity, amount: int, now: float) -> None:
    of_caller, of_tenant = kind
    if of_caller is not None:
        of_caller.take((identity.tenant, identity.actor_id), amount, now)
    if of_tenant is not None:
        of_tenant.take(identity.tenant, amount, now)
