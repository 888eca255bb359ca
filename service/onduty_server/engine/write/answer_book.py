"""Idempotency: knows which requests are under way and which were answered, and gives repeated ones their first answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from onduty_server.domain.model.errors import JournalUnavailableError, RequestIdReusedError
from onduty_server.engine.write.answers import (
    AnswerCache,
    BatchAnswers,
    ItemAnswer,
    RequestKey,
    RequestPlace,
    pack_detail,
    pack_part,
    unpack_detail,
)
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.jobs import Answer, Job, JobRequest
from onduty_server.ports import NO_REVISION, AnswerRow, Journal, Revision, StoredAnswer

REPEATS_LIKELY_BATCHES: Final = 256
"""For so many batches after a start, and after a repeat that the cache did not have, ids are looked up before deciding."""

Owner = Job | BatchAnswers
"""Whose answer a row keeps: of one job, or of the items of a batch."""

JobPlace = tuple[str, str, int]
"""Tenant, request id, and the number of an item; -1 for a request of its own."""


class AnswerBook:
    """Answers each request once. ``answers`` explains how."""

    def __init__(self, journal: Journal, head: Callable[[], Revision]) -> None:
        """``head`` is the revision that is shown."""
        self._journal = journal
        self._head = head
        self._cache = AnswerCache()
        self._under_way: dict[JobPlace, Job] = {}
        self._batches: dict[RequestPlace, BatchAnswers] = {}
        self._look_up_left = REPEATS_LIKELY_BATCHES

    # --- asking -------------------------------------------------------------------------------------------------------

    def begin_batch(self, tenant: str, key: RequestKey) -> BatchAnswers:
        """What is known of a batch, to be handed back to ``end_batch``. Two calls with one id share it.

        Raises:
            RequestIdReusedError: Another batch with this id is under way.
        """
        place = (tenant, key.request_id)
        batch_answers = self._batches.get(place)
        if batch_answers is not None:
            key.check(batch_answers.key.fingerprint)
        else:
            batch_answers = self._batches[place] = BatchAnswers(tenant, key)
            while (part := self._cache.find(batch_answers.next_place)) is not None:
                batch_answers.learn(part)
        batch_answers.users += 1
        return batch_answers

    def end_batch(self, batch_answers: BatchAnswers) -> None:
        """A call with this batch has its answers."""
        batch_answers.users -= 1
        if not batch_answers.users:
            self._batches.pop((batch_answers.tenant, batch_answers.key.request_id), None)

    def recall(
        self, tenant: str, request: JobRequest, number: int, batch_answers: BatchAnswers | None
    ) -> Job | StoredAnswer | None:
        """The job under way or the recent answer of an earlier request with this id; None: nothing is known of one here.

        Raises:
            RequestIdReusedError: It had other content.
        """
        if request.request is None and batch_answers is None:
            return None
        key, job_place = _identity(tenant, request, number, batch_answers)
        job = self._under_way.get(job_place)
        if job is not None:
            key.check(job.fingerprint)
            return job
        stored = self._cache.find((tenant, key.request_id)) if batch_answers is None or request.request else None
        if batch_answers is not None and request.request is None:
            stored = batch_answers.answer(number)
        if stored is not None:
            key.check(stored.fingerprint)
        return stored

    def begin(self, job: Job) -> None:
        """A job is under way."""
        if job.place is not None or job.batch_answers is not None:
            self._under_way[_place_of(job)] = job

    def end(self, job: Job) -> None:
        """A job is finished."""
        if job.place is not None or job.batch_answers is not None:
            self._under_way.pop(_place_of(job), None)

    # --- for the committer --------------------------------------------------------------------------------------------

    async def look_up_if_likely(self, jobs: Sequence[Job]) -> None:
        """Find earlier answers of a whole batch before it is decided, while repeats are likely."""
        if self._look_up_left > 0:
            self._look_up_left -= 1
            if await self.look_up(jobs):
                self.expect_repeats()

    async def look_up(self, jobs: Iterable[Job]) -> bool:
        """Find the answers that the journal has of jobs: they are ``stored`` then. Returns whether there was any.

        Raises:
            JournalUnavailableError: The journal cannot be read.
        """
        asked = [job for job in jobs if job.is_idempotent and not job.looked_up and job.stored is None]
        if not asked:
            return False
        batches = {job.batch_answers for job in asked if job.batch_answers is not None}
        places = [job.place for job in asked if job.place is not None]
        stored = await self._journal.find_answers([*places, *(batch.next_place for batch in batches)])
        await self._learn({batch: part for batch in batches if (part := stored.get(batch.next_place)) is not None})
        for job in asked:
            job.looked_up = True
            job.stored = stored.get(job.place) if job.place is not None else None
        self.recall_items(asked)
        return any(job.stored is not None for job in asked)

    def recall_items(self, jobs: Iterable[Job]) -> None:
        """Have items whose batch knows their answers by now be answered with these."""
        for job in jobs:
            if job.batch_answers is not None and job.stored is None:
                job.stored = job.batch_answers.answer(job.number)

    async def learn(self, repeats: dict[int, StoredAnswer], rows: Sequence[tuple[AnswerRow, Owner]]) -> None:
        """An append was refused because these rows, by number, have an answer already."""
        self.expect_repeats()
        parts: dict[BatchAnswers, StoredAnswer] = {}
        for number, stored in repeats.items():
            owner = rows[number][1]
            if isinstance(owner, BatchAnswers):
                parts[owner] = stored
            else:
                owner.stored = stored
        await self._learn(parts)

    async def _learn(self, parts: dict[BatchAnswers, StoredAnswer]) -> None:
        """Have batches learn a part, and all that follow it."""
        while parts:
            for batch, part in parts.items():
                batch.learn(part)
            later = await self._journal.find_answers([batch.next_place for batch in parts])
            parts = {batch: later[batch.next_place] for batch in parts if batch.next_place in later}

    def expect_repeats(self) -> None:
        """For a while, look ids up before deciding."""
        self._look_up_left = REPEATS_LIKELY_BATCHES

    def keep(self, rows: Sequence[tuple[AnswerRow, Owner]], revisions: Sequence[Revision]) -> None:
        """Rows are durable with the entries that have these revisions."""
        for row, owner in rows:
            revision = row.revision if row.entry is None else revisions[row.entry]
            stored = StoredAnswer(row.fingerprint, revision, row.detail)
            self._cache.keep((row.tenant, row.request_id), stored)
            if isinstance(owner, BatchAnswers):
                owner.learn(stored)

    def forget_recent(self) -> None:
        """Evict the cache: the journal rewrites answers."""
        self._cache.clear()

    # --- answering ----------------------------------------------------------------------------------------------------

    async def answer_again(self, repeats: Sequence[Job]) -> None:
        """Have jobs that are ``stored`` be answered with that, all at once; with other content than then they are refused.

        Raises:
            JournalUnavailableError: The journal cannot be read.
        """
        same = [job for job in repeats if job.stored is not None and job.stored.fingerprint == job.fingerprint]
        answers = await self.replay([job.stored for job in same if job.stored is not None])
        for job in repeats:
            job.answer, job.failure = None, RequestIdReusedError(_request_id(job))
        for job, answer in zip(same, answers, strict=True):
            job.answer, job.failure = answer, None

    async def replay(self, stored: Sequence[StoredAnswer]) -> list[Answer]:
        """Answers once more, each with the state as it was then.

        Raises:
            JournalUnavailableError: The journal cannot be read.
        """
        records = await self._journal.records([answer.revision for answer in stored if answer.revision])
        answers = []
        for answer in stored:
            detail, record = unpack_detail(answer.detail), records.get(answer.revision)
            applied = bool(detail.pop("applied", True))
            forgotten = bool(answer.revision) and record is None
            answers.append(
                Answer(applied=applied, detail=detail, through=self._head(), replayed=True, record=record, forgotten=forgotten)
            )
        return answers


def repeated(answer: Answer) -> Answer:
    """The answer of a job for a caller who joined it."""
    return replace(answer, replayed=True)


def fail_unread(jobs: Iterable[Job], error: JournalUnavailableError) -> None:
    """Jobs were refused, and the journal cannot say whether they were answered before."""
    for job in jobs:
        job.fail(error)


def _identity(tenant: str, request: JobRequest, number: int, batch_answers: BatchAnswers | None) -> tuple[RequestKey, JobPlace]:
    if request.request is not None:
        return request.request, (tenant, request.request.request_id, -1)
    assert batch_answers is not None, "an idempotent request has an id of its own, or its batch has one"
    request_id = batch_answers.key.request_id
    return RequestKey(request_id, request.fingerprint), (tenant, request_id, number)


def _place_of(job: Job) -> JobPlace:
    return job.tenant, _request_id(job), -1 if job.place is not None else job.number


def _request_id(job: Job) -> str:
    if job.place is not None:
        return job.place[1]
    assert job.batch_answers is not None, "an idempotent job has a place of its own, or one in its batch"
    return job.batch_answers.key.request_id


# --- rows -------------------------------------------------------------------------------------------------------------


def rows_of(batch: Batch, jobs: Sequence[Job]) -> list[tuple[AnswerRow, Owner]]:
    """The answers to keep of jobs that were decided: of each with a request id that was not refused; one row a batch."""
    answered = [(job, job.answer) for job in jobs if job.answer is not None and job.is_idempotent]
    if not answered:
        return []
    entry_of = {id(pending.staff or pending): number for number, pending in enumerate(batch.pending)}
    rows: list[tuple[AnswerRow, Owner]] = []
    items: dict[BatchAnswers, list[ItemAnswer]] = {}
    for job, answer in answered:
        entry, revision = _shown(answer, entry_of)
        detail = answer.detail if answer.applied else {**answer.detail, "applied": False}
        if job.place is not None:
            row = AnswerRow(*job.place, job.fingerprint, batch.now, revision, entry, pack_detail(detail))
            rows.append((row, job))
        elif job.batch_answers is not None:
            item = ItemAnswer(job.number, job.fingerprint, entry, revision, detail)
            items.setdefault(job.batch_answers, []).append(item)
    for batch_answers, kept in items.items():
        first = min((item.entry for item in kept if item.entry is not None), default=None)
        part = pack_part(kept, first or 0)
        fingerprint = batch_answers.key.fingerprint
        kept_row = AnswerRow(*batch_answers.next_place, fingerprint, batch.now, NO_REVISION, first, part)
        rows.append((kept_row, batch_answers))
    return rows


def _shown(answer: Answer, entry_of: dict[int, int]) -> tuple[int | None, Revision]:
    """The entry of the batch that an answer shows, or the revision where it shows none of them."""
    if answer.staff is not None:
        return entry_of.get(id(answer.staff.shown_as)), answer.staff.revision
    if answer.configured is not None:
        return entry_of.get(id(answer.configured.pending)), answer.configured.revision
    return None, NO_REVISION
