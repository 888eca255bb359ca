"""What every journal must hold about erasing. Part of ``journal_contract.py``."""

import pytest
from adapters.journal_entries import (
    JournalFactory,
    answer_of,
    answer_row,
    entry,
    history,
    latest,
    person,
    revisions,
    staff,
    stay,
    sums,
)

from onduty_server.domain.model.status import Direction
from onduty_server.past import CallName, Erasure, Life, PendingErasure, PersonId, PersonQuery, RecordParts, Revision, Talk
from onduty_server.ports import Entry, Journal, Key, RecordKind, StaleEntriesError

ANNA, Q = person("anna"), PersonId("00000000000000aa")


class Scrubber:
    """Replaces parts by marks of what was done to them."""

    def scrub(self, parts: RecordParts, pseudonym: PersonId) -> RecordParts:
        """The pseudonym alone."""
        return RecordParts(b"scrubbed", b"", pseudonym.encode() if parts.change else b"", parts.configuration and b"erased")

    def scrub_actor(self, parts: RecordParts, staff_id: str, pseudonym: PersonId) -> RecordParts | None:
        """A change that says who made it."""
        if b"by:" + staff_id.encode() not in parts.change:
            return None
        return parts._replace(change=parts.change.replace(staff_id.encode(), pseudonym.encode()))

    def scrub_answer(self, detail: bytes, staff_id: str) -> bytes | None:
        """The id cut out."""
        return detail.replace(staff_id.encode(), b"") if staff_id.encode() in detail else None


def order(last: int, name: str = "anna", who: PersonId = ANNA, pseudonym: PersonId = Q) -> Entry:
    """The order to erase a person whose last record has this revision."""
    erasure = Erasure(who, pseudonym, Revision(last), b"scrubbed", b"", pseudonym.encode(), b"")
    return entry(Key("acme", RecordKind.ERASURE, pseudonym), at=5_000, state=str(last).encode(), erases=erasure, change=b"")


async def erased(journal: Journal, limit: int = 100) -> int:
    """Carry out what is ordered; how many steps it took."""
    steps = 0
    for one in await journal.erasures():
        steps += 1
        while await journal.erase(one, Scrubber(), limit=limit):
            steps += 1
    return steps


async def life(journal: Journal, name: str = "anna", *, records: int = 5, expected: int = 0, **facets: object) -> int:
    """A life of some records, from creation to deletion; the last revision."""
    facets = {"calls": (CallName("pbx", f"call-{name}"), CallName("pbx", f"other-{name}")), **facets}
    for number in range(records):
        end = Life.ENDS if number == records - 1 else Life.BEGINS if not number else Life.GOES_ON
        closes = stay(1_000 + number * 10 - 10) if number else None
        one = entry(name, expected, at=1_000 + number * 10, closes=closes, life=end, change=b"by:" + name.encode(), **facets)
        (expected,) = await journal.append([one], [])
    return expected


class ErasingContract:
    """What goes, what stays, and that it goes on."""

    async def test_what_stays_adds_up_under_the_pseudonym(self, journal: Journal):
        """Times, calls and their number are as before; the id is unknown."""
        last = await life(journal, talks=(Talk(Direction.INBOUND, 1_000),))
        before = await sums(journal, 0, 10_000)
        await journal.append([order(last)], [])
        await erased(journal)
        after = await sums(journal, 0, 10_000)
        assert [one._replace(person_id=ANNA) for one in after.times] == before.times
        assert [one._replace(person_id=ANNA) for one in after.talks] == before.talks
        assert [one._replace(person_id=ANNA) for one in after.counts] == before.counts
        assert {one.person_id for one in after.times} == {Q}
        (who,) = await journal.persons(PersonQuery("acme"))
        assert (who.person_id, who.staff_id, who.first, who.last, who.last_state) == (Q, Q, 1, 5, b"scrubbed")
        assert await history(journal, staff_ids=("anna",)) == []
        assert await history(journal, person_ids=(ANNA,)) == []
        assert await history(journal, call_ids=("call-anna", "other-anna")) == []
        assert await history(journal, person_ids=(Q,)) == [1, 2, 3, 4, 5]
        for record in await journal.read(0, 5):
            assert (record.key, record.state, record.private, record.change) == (staff(Q), b"scrubbed", b"", Q.encode())

    async def test_the_id_is_free_at_once(self, journal: Journal):
        """Somebody new begins without a record before, also while the erasure is under way, and keeps what is theirs."""
        last = await life(journal)
        await journal.append([order(last)], [])
        second = person("anna", 1)
        assert await journal.append([entry("anna", 0, person=second, change=b"by:anna")], []) == [7]
        assert [one.key for one in await latest(journal) if one.key.kind is RecordKind.STAFF] == [staff(Q), staff("anna")]
        await erased(journal)
        assert (await journal.record(7)).previous == 0
        assert (await journal.record(7)).change == b"by:anna"
        assert await history(journal, staff_ids=("anna",)) == [7]
        await journal.append([entry("anna", 7, person=second, life=Life.GOES_ON)], [])
        assert await history(journal, staff_ids=("anna",)) == [7, 8]

    async def test_an_earlier_bearer_is_erased_alone(self, journal: Journal):
        """Who has the id now keeps it, and all records."""
        first = await life(journal)
        second = person("anna", 1)
        last = await life(journal, expected=first, person=second)
        await journal.append([order(first)], [])
        await erased(journal, limit=2)
        assert await history(journal, staff_ids=("anna",)) == [6, 7, 8, 9, 10]
        assert (await journal.record(6)).previous == 0
        assert (await journal.record(6)).change == b"by:anna"
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("anna", 0)], [])
        await journal.append([entry("anna", last, person=person("anna", 2))], [])
        assert [one.person_id for one in await journal.persons(PersonQuery("acme"))] == [Q, second, person("anna", 2)]

    async def test_who_named_the_id_as_actor_names_the_pseudonym(self, journal: Journal):
        """In records from the time when the person had it, not in others."""
        await journal.append([entry("ben", change=b"by:anna before")], [])
        last = await life(journal)
        await journal.append([entry("ben", 1, change=b"by:anna then"), entry(staff("ben", "other"), change=b"by:anna")], [])
        await journal.append([entry("anna", last, person=person("anna", 1))], [])
        await journal.append([entry("ben", 7, change=b"by:anna after")], [])
        await journal.append([order(last)], [])
        await erased(journal)
        changes = {one.revision: one.change for one in await journal.read(0, 100) if one.key.name == "ben"}
        assert changes == {1: b"by:anna before", 7: f"by:{Q} then".encode(), 8: b"by:anna", 10: b"by:anna after"}

    async def test_kept_answers_forget_the_person(self, journal: Journal):
        """Those that show the person's records go; of others what they say of the id."""
        last = await life(journal)
        await journal.append(
            [], [answer_row("own", revision=last), answer_row("told", detail=b'["anna",1]'), answer_row("mine", detail=b"[2]")]
        )
        await journal.append([], [answer_row("theirs", tenant="other", detail=b'["anna"]')])
        await journal.append([order(last)], [answer_row("order", entry=0)])
        await erased(journal)
        assert await answer_of(journal, "acme", "own") is None
        assert (await answer_of(journal, "acme", "told")).detail == b'["",1]'
        assert (await answer_of(journal, "acme", "mine")).detail == b"[2]"
        assert (await answer_of(journal, "other", "theirs")).detail == b'["anna"]'
        assert (await answer_of(journal, "acme", "order")).revision == last + 1

    async def test_an_order_outlives_the_journal(self, journal_factory: JournalFactory):
        """At every step it may be opened anew, and goes on."""
        journal = await journal_factory.open()
        last = await life(journal, records=7)
        await journal.append([order(last)], [])
        steps = 0
        while True:
            await journal.close()
            journal = await journal_factory.open()
            pending = await journal.erasures()
            if not pending:
                break
            assert pending[0][:2] == ("acme", Q)
            await journal.erase(pending[0], Scrubber(), limit=2)
            steps += 1
        assert steps > 5
        assert revisions(await latest(journal)) == [7, 8]
        assert await history(journal, person_ids=(Q,)) == [1, 2, 3, 4, 5, 6, 7]
        await journal.close()

    async def test_nothing_is_left_to_do_twice(self, journal: Journal):
        """What is finished is not pending; going on with it does nothing."""
        last = await life(journal)
        await journal.append([order(last)], [])
        (one,) = await journal.erasures()
        assert one == PendingErasure("acme", Q, "anna")
        await erased(journal)
        assert await journal.erasures() == []
        assert await journal.erase(one, Scrubber(), limit=10) is False

    async def test_who_is_there_cannot_be_erased(self, journal: Journal):
        """Nor who is erased, nor with another last record: the entry is stale, and nothing of the batch is there."""
        await journal.append([entry("anna")], [])
        last = await life(journal, "ben")
        for wrong in (order(1), order(last - 1, "ben", person("ben"))):
            with pytest.raises(StaleEntriesError):
                await journal.append([entry("cleo"), wrong], [])
        assert await journal.erasures() == []
        await journal.append([order(last, "ben", person("ben"))], [])
        with pytest.raises(StaleEntriesError):
            await journal.append([order(last, "ben", person("ben"), PersonId("00000000000000bb"))], [])
        await erased(journal)
        assert await journal.head() == last + 1

    async def test_the_horizon_rises_to_the_last_record(self, journal: Journal):
        """Who reads on from before it would never learn that the person is gone. History stays whole."""
        last = await life(journal)
        await journal.append([order(last)], [])
        assert (await journal.horizon("acme"), await journal.complete_from("acme")) == (last, None)

    async def test_erasing_beside_forgetting_and_appends(self, journal: Journal):
        """Heads, chains and what is forgotten fit together afterwards."""
        last = await life(journal, records=20)
        await journal.append([order(last)], [])
        (one,) = await journal.erasures()
        await journal.erase(one, Scrubber(), limit=5)
        await journal.append([entry("anna", 0, at=6_000, person=person("anna", 1))], [])
        await journal.forget("acme", 1_100, limit=100)
        await erased(journal)
        await journal.forget("acme", 1_150, limit=100)
        assert await history(journal, person_ids=(Q,)) == [16, 17, 18, 19, 20]
        await journal.append([entry("anna", 22, at=6_001, person=person("anna", 1), life=Life.GOES_ON)], [])
        assert await history(journal, staff_ids=("anna",)) == [22, 23]
        assert await journal.changes_of("acme", (await journal.persons(PersonQuery("acme")))[0]) == 5
