"""Erases deleted persons from the journal in slices: the order is a record of a batch, the work goes on until it is done.

What was ordered is carried out also after a restart. It rewrites nothing itself: the journal does.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable

import structlog

from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.errors import CallerError, StaffNotDeletedError, StaffUnknownError
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.jobs import Answer, JobBody
from onduty_server.engine.write.transactions import new_person_id
from onduty_server.past import Erasure, PendingErasure, Person, PersonId, PersonQuery, RecordParts, looks_like_person_id
from onduty_server.ports import Codec, Journal

log = structlog.get_logger(__name__)

ERASED_AT_ONCE = 500
REST_SECONDS = 0.005
"""Between two slices: others get their turn."""

FINISHED_WITHIN_SECONDS = 60.0
"""As long as who ordered an erasure waits for its end."""


class Erasing:
    """Prepares the orders and carries them out."""

    def __init__(self, journal: Journal, codec: Codec, on_erased: Callable[[str], None]) -> None:
        """Carries nothing out by itself; ``on_erased`` gets the tenant of each erasure that is finished."""
        self._on_erased = on_erased
        self._journal = journal
        self._codec = codec
        self._wake = asyncio.Event()
        self._done = asyncio.Condition()

    # --- orders -------------------------------------------------------------------------------------------------------

    async def persons(self, tenant: str, staff_id: str, person_id: str) -> list[Person]:
        """The deleted persons who had an id, or the one of them who is named.

        Raises:
            StaffUnknownError: Nobody had it.
            StaffNotDeletedError: The only one has it now.
        """
        named = (PersonId(person_id),) if person_id else ()
        query = PersonQuery(tenant, staff_ids=(staff_id,), every_bearer=True, person_ids=named)
        bearers = await self._journal.persons(query)
        deleted = [person for person in bearers if person.last]
        if not deleted:
            raise StaffNotDeletedError(staff_id) if bearers else StaffUnknownError(staff_id)
        return deleted

    async def pseudonyms(self, tenant: str, staff_ids: Iterable[str]) -> frozenset[str]:
        """Which of some ids stand for persons who were erased: nobody else can have these. Few ids have their form."""
        alike = tuple({staff_id for staff_id in staff_ids if looks_like_person_id(staff_id)})
        if not alike:
            return frozenset()
        persons = await self._journal.persons(PersonQuery(tenant, staff_ids=alike, every_bearer=True))
        return frozenset(person.staff_id for person in persons if person.person_id == person.staff_id)

    async def order(self, tenant: str, staff_id: str, person_id: str, origin: Origin) -> JobBody:
        """A work that orders the erasure of the deleted persons who had an id, or of the one of them who is named.

        The work is refused where there is none, so that a request that was answered before gets its answer all the same.
        """
        try:
            persons = await self.persons(tenant, staff_id, person_id)
            return await self._ordering(tenant, persons, origin)
        except (StaffUnknownError, StaffNotDeletedError) as error:
            return _refusing(error)

    async def _ordering(self, tenant: str, persons: list[Person], origin: Origin) -> JobBody:
        erasures, changes = [], 0
        for person in persons:
            changes += await self._journal.changes_of(tenant, person)
            erasures.append(await self._erasure(person))

        def run(batch: Batch) -> Answer:
            ordered = {entry.entry.erases.last for entry in batch.pending if entry.entry.erases is not None}
            for person, erasure in zip(persons, erasures, strict=True):
                if erasure.last in ordered or erasure.last in batch.roster(tenant).erased:
                    raise StaffUnknownError(person.staff_id)
                batch.put_erasure(tenant, erasure, origin)
            pseudonyms = [erasure.pseudonym for erasure in erasures]
            return Answer(detail={"pseudonyms": pseudonyms, "transitions": changes})

        return run

    async def _erasure(self, person: Person) -> Erasure:
        record = await self._journal.record(person.last)
        if record is None:  # forgotten, or erased, since it was looked up.
            raise StaffUnknownError(person.staff_id)
        pseudonym = new_person_id()
        parts = self._codec.scrub(RecordParts(record.state, record.private, record.change, record.configuration), pseudonym)
        return Erasure(person.person_id, pseudonym, person.last, *parts)

    # --- work ---------------------------------------------------------------------------------------------------------

    async def finish(self, pseudonyms: list[str]) -> None:
        """Return when nothing is left of what these stand for, or after a minute: what is ordered goes on in any case."""
        wanted = set(pseudonyms)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISHED_WITHIN_SECONDS):
                await self._wait_for(wanted)

    async def _wait_for(self, wanted: set[str]) -> None:
        async with self._done:
            while wanted & {erasure.pseudonym for erasure in await self._journal.erasures()}:
                self._wake.set()
                await self._done.wait()

    async def step(self) -> None:
        """Carry out what is ordered, and what an earlier process left; then wait for an order."""
        for erasure in await self._journal.erasures():
            await self._carry_out(erasure)
        await self._wake.wait()
        self._wake.clear()

    async def _carry_out(self, erasure: PendingErasure) -> None:
        is_left = True
        while is_left:
            is_left = await self._journal.erase(erasure, self._codec, limit=ERASED_AT_ONCE)
            await asyncio.sleep(REST_SECONDS)
        self._on_erased(erasure.tenant)
        log.info("erased_person", pseudonym=erasure.pseudonym)
        async with self._done:
            self._done.notify_all()


def _refusing(error: CallerError) -> JobBody:
    def run(_batch: Batch) -> Answer:
        raise error

    return run
