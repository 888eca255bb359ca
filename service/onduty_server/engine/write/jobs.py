"""Jobs: what callers and the service itself ask the committer for, and their outcomes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from onduty_server.domain.model.errors import OndutyError
from onduty_server.domain.model.values import value
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.write.answers import BatchAnswers, RequestKey, RequestPlace
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.batch_view import ConfigValue
from onduty_server.ports import NO_REVISION, Record, Revision, StoredAnswer
from onduty_server.tracing import CURRENT, RequestTrace

NO_TENANT: Final = ""
"""The tenant of jobs that are about no tenant in particular; callers' tenants have names."""


@dataclass(slots=True)
class Answer:
    """The outcome of a job.

    ``staff`` is the staff member it was about (None: nobody, or the answer is about configuration), ``applied`` whether
    something changed, ``detail`` what else the caller gets (JSON values), ``through`` the store's revision afterwards.
    ``configured`` is set where the answer is about configuration. A ``replayed`` answer has ``record`` instead of these two; it
    is None if there was no record yet (a default was shown), or if it was ``forgotten`` since.
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
"""What a job does: it changes the batch's view and answers, or raises what refuses it; then nothing of it is kept."""


@value
class JobRequest:
    """A job that a caller asks for.

    ``request`` makes it idempotent. Where it has none and is an item of a batch with a request id, its number in the batch and
    ``fingerprint``, which identifies its content, do. ``cost`` is about how many people it looks at.
    """

    body: JobBody
    request: RequestKey | None = None
    fingerprint: bytes = b""
    cost: int = 1


class JobGroup:
    """The jobs that one caller waits for together.

    ``future`` is done when no job is left, and cancelled when the caller is gone. ``is_own``: it is the service itself.
    """

    __slots__ = ("entered_at", "future", "is_own", "left", "trace")

    def __init__(self, entered_at: float = 0.0, *, is_own: bool = False) -> None:
        """No job has joined yet; ``entered_at`` is in seconds of the meter's clock."""
        self.entered_at = entered_at
        self.is_own = is_own
        self.trace: RequestTrace | None = None if is_own else CURRENT.get()
        self.left = 0
        self.future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """A job is finished; the last one wakes the caller, who may be gone."""
        self.left -= 1
        if not self.left and not self.future.done():
            self.future.set_result(None)


class Job:
    """A job that waits for its batch, with all who wait for it: a request that comes twice is one job.

    A finished job has an ``answer`` or a ``failure``. ``stored`` is the answer that its request was given before.
    ``batch_answers`` is set for an item, number ``number``, of a batch that keeps one answer; ``place`` is where the job's own
    answer is kept, None where it has none.
    """

    __slots__ = (
        "answer",
        "batch_answers",
        "body",
        "cost",
        "failure",
        "fingerprint",
        "finished",
        "groups",
        "looked_up",
        "number",
        "place",
        "stored",
        "tenant",
    )

    def __init__(
        self, tenant: str, request: JobRequest, group: JobGroup, number: int = 0, batch_answers: BatchAnswers | None = None
    ) -> None:
        """A job of a tenant, for a first caller."""
        own = request.request
        self.tenant = tenant
        self.body = request.body
        self.cost = request.cost
        self.place: RequestPlace | None = None if own is None else (tenant, own.request_id)
        self.fingerprint = request.fingerprint if own is None else own.fingerprint
        self.batch_answers = batch_answers if own is None else None
        self.number = number
        self.groups: list[JobGroup] = []
        self.answer: Answer | None = None
        self.stored: StoredAnswer | None = None
        self.failure: Exception | None = None
        self.looked_up = False
        self.finished = False
        self.join(group)

    def join(self, group: JobGroup) -> None:
        """One more caller waits for it."""
        self.groups.append(group)
        group.left += 1

    @property
    def is_idempotent(self) -> bool:
        """Whether its answer is kept."""
        return self.place is not None or self.batch_answers is not None

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody waits for it any more."""
        for group in self.groups:  # noqa: SIM110 - a generator would cost more than all the rest of it.
            if not group.future.cancelled():
                return False
        return True

    def finish(self, through: Revision) -> None:
        """Resolve it: its callers are told when all that they wait for is finished."""
        self.finished = True
        if self.answer is not None:
            self.answer.through = through
        for group in self.groups:
            group.leave()

    def fail(self, error: Exception) -> None:
        """Have it end with an error."""
        self.answer, self.failure = None, error


Outcome = Answer | OndutyError
"""What the caller of one of several jobs gets."""
