"""Waiting jobs, taken in fair turns: a queue a tenant, and one for the service's own, which callers cannot fill."""

from collections import deque
from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from onduty_server.domain.model.errors import OverloadedError

JOBS_MOST: Final = 40_000
"""Callers' jobs that may wait, of all tenants together."""

TURN: Final = 64
"""What a tenant's jobs may cost in one turn, before it is the next tenant's."""

OWN_PART: Final = 0.5
"""The part of a batch that the service's own jobs take at most, while callers' jobs wait as well."""


class Costed(Protocol):
    """What can wait: something of a tenant, with a cost."""

    @property
    def tenant(self) -> str:
        """Whose it is."""

    @property
    def cost(self) -> int:
        """What it costs: 1 for the least."""


J = TypeVar("J", bound=Costed)


class FairQueue(Generic[J]):
    """Jobs by tenant, in the order in which each tenant's came.

    A tenant may have as many jobs waiting as there is room left for others: alone it fills half of the bound, two take a third
    each, and a tenant that comes later always finds room.
    """

    def __init__(self) -> None:
        """Empty."""
        self._own: deque[J] = deque()
        self._tenants: dict[str, deque[J]] = {}
        self._credit: dict[str, int] = {}
        self._turns: deque[str] = deque()
        self._callers = 0

    def __len__(self) -> int:
        """How many jobs wait."""
        return self._callers + len(self._own)

    @property
    def callers(self) -> int:
        """How many of them are callers'."""
        return self._callers

    def __iter__(self) -> Iterator[J]:
        """All that wait: the service's own, then each tenant's in their order."""
        yield from self._own
        for waiting in self._tenants.values():
            yield from waiting

    def check_room(self, tenant: str) -> None:
        """Raises OverloadedError where one more job of a tenant is too many."""
        waiting = self._tenants.get(tenant)
        if waiting is not None and len(waiting) >= JOBS_MOST - self._callers:
            raise OverloadedError(len(waiting))

    def append(self, job: J) -> None:
        """Add a caller's job."""
        waiting = self._tenants.get(job.tenant)
        if waiting is None:
            waiting = self._tenants[job.tenant] = deque()
            self._credit[job.tenant] = 0
            self._turns.append(job.tenant)
        waiting.append(job)
        self._callers += 1

    def append_own(self, job: J) -> None:
        """Add a job of the service itself: there is always room."""
        self._own.append(job)

    def take(self, cost_most: int) -> list[J]:
        """The jobs whose turn it is, up to a cost together; at least one if any waits."""
        jobs: list[J] = []
        left = self._take_own(jobs, int(cost_most * OWN_PART) if self._callers else cost_most, cost_most)
        while self._turns and (left > 0 or not jobs):
            tenant = self._turns[0]
            waiting = self._tenants[tenant]
            credit = self._credit[tenant] + TURN
            while waiting and (left > 0 or not jobs) and waiting[0].cost <= credit:
                job = waiting.popleft()
                credit -= job.cost
                left -= job.cost
                self._callers -= 1
                jobs.append(job)
            self._end_turn(tenant, credit)
        return jobs

    def _take_own(self, jobs: list[J], own_most: int, cost_most: int) -> int:
        """Take own jobs; returns what is left of the cost."""
        while self._own and own_most > 0:
            job = self._own.popleft()
            own_most -= job.cost
            cost_most -= job.cost
            jobs.append(job)
        return cost_most

    def _end_turn(self, tenant: str, credit: int) -> None:
        self._turns.popleft()
        if self._tenants[tenant]:
            self._credit[tenant] = credit
            self._turns.append(tenant)
        else:
            del self._tenants[tenant], self._credit[tenant]

    def take_all(self) -> list[J]:
        """All jobs, which nobody is going to decide."""
        jobs = list(self)
        self._own.clear()
        self._tenants.clear()
        self._credit.clear()
        self._turns.clear()
        self._callers = 0
        return jobs
