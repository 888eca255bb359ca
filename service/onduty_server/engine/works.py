"""Works: what the writer decides in batches, and what their callers are told; decides nothing itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onduty_server.domain.status import Instant
from onduty_server.domain.values import value
from onduty_server.engine.deadline_queue import DeadlineQueue
from onduty_server.engine.desk import Desk, Setting
from onduty_server.engine.idempotency import RequestKey
from onduty_server.engine.standing import Standing
from onduty_server.ports import NO_REVISION, Record, Revision

FIRED_AT_ONCE = 2_000


@dataclass(slots=True)
class Answer:
    """What came of a work.

    ``standing`` is the staff member it was about (None: none, or the answer is about configuration), ``applied`` whether
    something changed, ``detail`` what else the caller is told (JSON values), ``through`` the store's revision afterwards.
    ``configured`` is set where the answer is about configuration. ``record`` is set instead of these two where the answer was
    given before; it is None then if there was no record yet (a default was told), or if it was ``forgotten`` since.
    """

    standing: Standing | None = None
    applied: bool = True
    configured: Setting | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    through: Revision = NO_REVISION
    replayed: bool = False
    record: Record | None = None
    forgotten: bool = False


Run = Callable[[Desk], Answer]
"""A work: it acts on the desk and answers, or raises a CallerError and leaves no trace."""


@value
class Asked:
    """A work that a caller asks for; ``request`` makes it idempotent."""

    run: Run
    request: RequestKey | None = None


class Company:
    """The works that one caller waits for together. ``future`` is done when all are, and cancelled when the caller is gone."""

    __slots__ = ("future", "left")

    def __init__(self, future: "asyncio.Future[None]", left: int = 1) -> None:
        """``left`` works are to be waited for."""
        self.left = left
        self.future = future

    def leave(self) -> None:
        """One is done; the last one tells the caller, who may be gone."""
        self.left -= 1
        if not self.left and not self.future.done():
            self.future.set_result(None)


class Work:
    """A work that waits for its batch. ``place`` is its tenant and request id."""

    __slots__ = ("answer", "company", "failure", "place", "request", "run", "settled", "tenant")

    def __init__(self, tenant: str, run: Run, request: RequestKey | None, company: Company) -> None:
        """A work of a tenant."""
        self.tenant = tenant
        self.run = run
        self.request = request
        self.place = (tenant, "" if request is None else request.request_id)
        self.company = company
        self.answer: Answer | None = None
        self.failure: Exception | None = None
        self.settled = False

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.company.future.cancelled()

    def settle(self, through: Revision) -> None:
        """What came of it is there, for good: ``answer``, or ``failure``."""
        if self.settled:
            return
        self.settled = True
        if self.answer is not None:
            self.answer.through = through
        self.company.leave()


class Firing:
    """The work that fires what is due, a bounded number at once. It may be run again: what it took it first puts back."""

    def __init__(self, deadlines: DeadlineQueue) -> None:
        """A firing that has not run."""
        self._deadlines = deadlines
        self._taken: list[tuple[Instant, str, str]] = []
        self.fired = 0

    def __call__(self, desk: Desk) -> Answer:
        """Fire in the order of the instants; what becomes due by it fires in its turn."""
        for taken in self._taken:
            self._deadlines.push(*taken)
        self._taken = []
        self.fired = 0
        while self.fired < FIRED_AT_ONCE and (due := self._deadlines.pop_due(desk.now)) is not None:
            self._taken.append(due)
            _, tenant, staff_id = due
            standing = desk.standing(tenant, staff_id)
            next_one = None if standing is None else standing.deadline
            if standing is not None and next_one is not None and next_one.at <= desk.now:
                next_one = desk.fire(tenant, standing).deadline
                self.fired += 1
            if next_one is not None:
                self._deadlines.push(next_one.at, tenant, staff_id)
        return Answer(applied=bool(self.fired))
