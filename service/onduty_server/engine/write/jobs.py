"""Works: what the writer decides in batches, and what their callers are told; decides nothing itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onduty_server.domain.model.status import Instant
from onduty_server.domain.model.values import value
from onduty_server.engine.live.deadlines import DeadlineQueue
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.answers import BatchAnswers, RequestKey
from onduty_server.engine.write.batch import Batch, ConfigValue
from onduty_server.ports import NO_REVISION, Record, Revision, StoredAnswer

FIRED_AT_ONCE = 500
"""How many people a firing looks at: some 20 ms, in which nobody else is decided about."""


@dataclass(slots=True)
class Answer:
    """What came of a work.

    ``standing`` is the staff member it was about (None: none, or the answer is about configuration), ``applied`` whether
    something changed, ``detail`` what else the caller is told (JSON values), ``through`` the store's revision afterwards.
    ``configured`` is set where the answer is about configuration. ``record`` is set instead of these two where the answer was
    given before; it is None then if there was no record yet (a default was told), or if it was ``forgotten`` since.
    """

    staff: StaffRecord | None = None
    applied: bool = True
    configured: ConfigValue | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    through: Revision = NO_REVISION
    replayed: bool = False
    record: Record | None = None
    forgotten: bool = False


JobBody = Callable[[Batch], Answer]
"""A work: it acts on the desk and answers, or raises a CallerError and leaves no trace."""


@value
class JobRequest:
    """A work that a caller asks for.

    ``request`` makes it idempotent. Where it has none and is an item of a batch with a request id, its place in the batch and
    ``fingerprint``, which tells its content, do.
    """

    run: JobBody
    request: RequestKey | None = None
    fingerprint: bytes = b""


class JobGroup:
    """The works that one caller waits for together, and the batch that they are items of, if it has a request id.

    ``left`` says how many works are not settled, ``future`` is done when none is, and cancelled when the caller is gone.
    """

    __slots__ = ("batch_answers", "future", "left")

    def __init__(self, future: "asyncio.Future[None]", batch_answers: BatchAnswers | None = None) -> None:
        """No work has joined yet."""
        self.left = 0
        self.future = future
        self.batch_answers = batch_answers

    def leave(self) -> None:
        """One is done; the last one tells the caller, who may be gone."""
        self.left -= 1
        if not self.left and not self.future.done():
            self.future.set_result(None)


class Job:
    """A work that waits for its batch; ``number`` is its place among those of its company.

    When it is settled it has an ``answer``, or ``stored``, the answer that it was given before, or a ``failure``.
    """

    __slots__ = ("answer", "failure", "fingerprint", "job_group", "number", "request", "run", "settled", "stored", "tenant")

    def __init__(self, tenant: str, asked: JobRequest, job_group: JobGroup, number: int = 0) -> None:
        """A work of a tenant; it joins its company."""
        self.tenant = tenant
        self.run = asked.run
        self.request = asked.request
        self.fingerprint = asked.fingerprint
        self.job_group = job_group
        self.number = number
        self.answer: Answer | None = None
        self.stored: StoredAnswer | None = None
        self.failure: Exception | None = None
        self.settled = False
        job_group.left += 1

    @property
    def key(self) -> RequestKey | None:
        """What makes it idempotent: its own request id, or that of its batch."""
        batch_answers = self.job_group.batch_answers
        return (
            self.request
            if self.request is not None or batch_answers is None
            else RequestKey(batch_answers.request_id, self.fingerprint)
        )

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.job_group.future.cancelled()

    def settle(self, through: Revision) -> None:
        """What came of it is there, for good."""
        if self.settled:
            return
        self.settled = True
        if self.answer is not None:
            self.answer.through = through
        self.job_group.leave()


class Firing:
    """The work that fires what is due, a bounded number at once. It may be run again: what it took it first puts back."""

    def __init__(self, deadlines: DeadlineQueue) -> None:
        """A firing that has not run."""
        self._deadlines = deadlines
        self._taken: list[tuple[Instant, str, str]] = []
        self.fired = 0
        self.is_done = True

    def __call__(self, batch: Batch) -> Answer:
        """Fire in the order of the instants; what becomes due by it fires in its turn. ``is_done``: nothing more is due."""
        for taken in self._taken:
            self._deadlines.push(*taken)
        self._taken = []
        self.fired, self.is_done = 0, True
        while (due := self._deadlines.pop_due(batch.now)) is not None:
            self._taken.append(due)
            _, tenant, staff_id = due
            staff = batch.staff(tenant, staff_id)
            if staff is not None:
                staff = batch.settled(tenant, staff)
            next_one = None if staff is None else staff.deadline
            if staff is not None and next_one is not None and next_one.at <= batch.now:
                next_one = batch.fire(tenant, staff).deadline
                self.fired += 1
            if next_one is not None:
                self._deadlines.push(next_one.at, tenant, staff_id)
            if len(self._taken) >= FIRED_AT_ONCE:
                self.is_done = False
                break
        return Answer(applied=bool(self.fired))
