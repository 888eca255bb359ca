"""The answers that are kept under request ids: making them at a commit, finding them later, and giving them once more."""

from collections.abc import Callable, Sequence

from onduty_server.engine.desk import Desk
from onduty_server.engine.idempotency import (
    BatchAnswers,
    ItemAnswer,
    Place,
    RecentAnswers,
    pack_detail,
    pack_part,
    unpack_detail,
)
from onduty_server.engine.works import Answer, Work
from onduty_server.ports import NO_REVISION, Journal, Mark, Revision, StoredAnswer

Owner = Work | BatchAnswers
"""Whose answer a mark keeps: of one work, or of the items of a batch."""


class KeptAnswers:
    """The answers of one store."""

    def __init__(self, journal: Journal, head: Callable[[], Revision]) -> None:
        """``head`` tells the revision that is shown."""
        self._journal = journal
        self._head = head
        self._recent = RecentAnswers()

    def recent(self, place: Place) -> StoredAnswer | None:
        """An answer that is at hand; the journal may have others."""
        return self._recent.find(place)

    async def find(self, place: Place) -> StoredAnswer | None:
        """The answer to a tenant's request id, wherever it is."""
        return self._recent.find(place) or await self._journal.find_answer(*place)

    async def learn(self, batch: BatchAnswers) -> None:
        """Tell a batch all that its items were answered before."""
        while (part := await self.find(batch.place)) is not None:
            batch.learn(part)

    def forget_recent(self) -> None:
        """Have no answer at hand any more."""
        self._recent = RecentAnswers()

    def keep(self, mark: Mark, owner: Owner, revision: Revision) -> None:
        """A mark is durable; ``revision`` is the one that its answer shows."""
        self._recent.keep((mark.tenant, mark.request_id), StoredAnswer(mark.fingerprint, revision, mark.detail))
        if isinstance(owner, BatchAnswers):
            owner.kept()

    async def replay(self, stored: StoredAnswer) -> Answer:
        """An answer once more. It shows the state as it was then."""
        detail = unpack_detail(stored.detail)
        record = await self._journal.record(stored.revision) if stored.revision else None
        applied = bool(detail.pop("applied", True))
        forgotten = bool(stored.revision) and record is None
        return Answer(applied=applied, detail=detail, through=self._head(), replayed=True, record=record, forgotten=forgotten)


def marks_of(desk: Desk, works: Sequence[Work]) -> list[tuple[Mark, Owner]]:
    """The answers to keep of works that were decided: of each with a request id that was not refused; a mark a batch."""
    answered = [one for one in works if one.answer is not None and (one.request is not None or one.company.batch is not None)]
    if not answered:
        return []
    entry_of = {id(one.standing or one): number for number, one in enumerate(desk.pending)}
    marks: list[tuple[Mark, Owner]] = []
    items: dict[BatchAnswers, list[ItemAnswer]] = {}
    for work in answered:
        request, batch, answer = work.request, work.company.batch, work.answer
        assert answer is not None, "works that were refused have been left out"
        entry, revision = _shown(answer, entry_of)
        detail = answer.detail if answer.applied else {**answer.detail, "applied": False}
        if request is not None:
            mark = Mark(work.tenant, request.request_id, request.fingerprint, desk.now, revision, entry, pack_detail(detail))
            marks.append((mark, work))
        elif batch is not None:
            items.setdefault(batch, []).append(ItemAnswer(work.number, work.fingerprint, entry, revision, detail))
    for batch, found in items.items():
        first = min((one.entry for one in found if one.entry is not None), default=None)
        mark = Mark(*batch.place, b"", desk.now, NO_REVISION, first, pack_part(found, first or 0))
        marks.append((mark, batch))
    return marks


def _shown(answer: Answer, entry_of: dict[int, int]) -> tuple[int | None, Revision]:
    """The entry of the batch that an answer shows, or the revision where it shows none of them."""
    if answer.standing is not None:
        return entry_of.get(id(answer.standing.shown_as)), answer.standing.revision
    if answer.configured is not None:
        return entry_of.get(id(answer.configured.pending)), answer.configured.revision
    return None, NO_REVISION
