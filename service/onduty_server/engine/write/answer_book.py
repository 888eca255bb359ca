"""The answers that are kept under request ids: making them at a commit, finding them later, and giving them once more."""

from collections.abc import Callable, Sequence

from onduty_server.engine.write.answers import (
    AnswerCache,
    BatchAnswers,
    ItemAnswer,
    Place,
    pack_detail,
    pack_part,
    unpack_detail,
)
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.jobs import Answer, Job
from onduty_server.ports import NO_REVISION, AnswerRow, Journal, Revision, StoredAnswer

Owner = Job | BatchAnswers
"""Whose answer a mark keeps: of one work, or of the items of a batch."""


class AnswerBook:
    """The answers of one store."""

    def __init__(self, journal: Journal, head: Callable[[], Revision]) -> None:
        """``head`` tells the revision that is shown."""
        self._journal = journal
        self._head = head
        self._recent = AnswerCache()

    def recent(self, place: Place) -> StoredAnswer | None:
        """An answer that is at hand; the journal may have others."""
        return self._recent.find(place)

    async def find(self, place: Place) -> StoredAnswer | None:
        """The answer to a tenant's request id, wherever it is."""
        return self._recent.find(place) or await self._journal.find_answer(*place)

    async def learn(self, batch_answers: BatchAnswers) -> None:
        """Tell a batch all that its items were answered before."""
        while (part := await self.find(batch_answers.place)) is not None:
            batch_answers.learn(part)

    def forget_recent(self) -> None:
        """Have no answer at hand any more."""
        self._recent = AnswerCache()

    def keep(self, answer_row: AnswerRow, owner: Owner, revision: Revision) -> None:
        """A mark is durable; ``revision`` is the one that its answer shows."""
        self._recent.keep(
            (answer_row.tenant, answer_row.request_id), StoredAnswer(answer_row.fingerprint, revision, answer_row.detail)
        )
        if isinstance(owner, BatchAnswers):
            owner.kept()

    async def replay(self, stored: StoredAnswer) -> Answer:
        """An answer once more. It shows the state as it was then."""
        detail = unpack_detail(stored.detail)
        record = await self._journal.record(stored.revision) if stored.revision else None
        applied = bool(detail.pop("applied", True))
        forgotten = bool(stored.revision) and record is None
        return Answer(applied=applied, detail=detail, through=self._head(), replayed=True, record=record, forgotten=forgotten)


def marks_of(batch: Batch, jobs: Sequence[Job]) -> list[tuple[AnswerRow, Owner]]:
    """The answers to keep of works that were decided: of each with a request id that was not refused; a mark a batch."""
    answered = [
        one for one in jobs if one.answer is not None and (one.request is not None or one.job_group.batch_answers is not None)
    ]
    if not answered:
        return []
    entry_of = {id(one.staff or one): number for number, one in enumerate(batch.pending)}
    answer_rows: list[tuple[AnswerRow, Owner]] = []
    items: dict[BatchAnswers, list[ItemAnswer]] = {}
    for job in answered:
        request, batch_answers, answer = job.request, job.job_group.batch_answers, job.answer
        assert answer is not None, "works that were refused have been left out"
        entry, revision = _shown(answer, entry_of)
        detail = answer.detail if answer.applied else {**answer.detail, "applied": False}
        if request is not None:
            answer_row = AnswerRow(
                job.tenant, request.request_id, request.fingerprint, batch.now, revision, entry, pack_detail(detail)
            )
            answer_rows.append((answer_row, job))
        elif batch_answers is not None:
            items.setdefault(batch_answers, []).append(ItemAnswer(job.number, job.fingerprint, entry, revision, detail))
    for batch_answers, found in items.items():
        first = min((one.entry for one in found if one.entry is not None), default=None)
        answer_row = AnswerRow(*batch_answers.place, b"", batch.now, NO_REVISION, first, pack_part(found, first or 0))
        answer_rows.append((answer_row, batch_answers))
    return answer_rows


def _shown(answer: Answer, entry_of: dict[int, int]) -> tuple[int | None, Revision]:
    """The entry of the batch that an answer shows, or the revision where it shows none of them."""
    if answer.staff is not None:
        return entry_of.get(id(answer.staff.shown_as)), answer.staff.revision
    if answer.configured is not None:
        return entry_of.get(id(answer.configured.pending)), answer.configured.revision
    return None, NO_REVISION
