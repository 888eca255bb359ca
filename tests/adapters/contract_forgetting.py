"""What every journal must hold about forgetting. Part of ``journal_contract.py``."""

import asyncio

import pytest
from adapters.journal_entries import JournalFactory, answer_of, answer_row, entry, history, latest, revisions, staff, stay, sums

from onduty_server.domain.model.status import Status
from onduty_server.ports import Journal, Key, RecordKind, StaleEntriesError


async def _chain(journal: Journal, name: str, count: int, *, tenant: str = "acme", first_at: int = 10) -> list[int]:
    """``count`` records of one staff member, 10 apart."""
    last, made = 0, []
    for number in range(count):
        (last,) = await journal.append([entry(staff(name, tenant), last, at=first_at + 10 * number)], [])
        made.append(last)
    return made


class ForgettingContract:
    """What is forgotten, what stays, and the horizon."""

    async def test_old_records_are_forgotten_but_never_the_last_of_a_key(self, journal: Journal):
        """Also of configuration; the others are all there."""
        policy = Key("acme", RecordKind.POLICY, "")
        await _chain(journal, "anna", 4)
        await _chain(journal, "ben", 1)
        await journal.append([entry(policy, at=10), entry(policy, at=20)], [])
        assert await journal.forget("acme", 30, limit=100) == 3
        assert revisions(await journal.read(0, 100)) == [3, 4, 5, 7]
        assert revisions(await latest(journal)) == [4, 5, 7]
        assert await journal.record(1) is None
        assert (await journal.record(3)).previous == 2
        assert await journal.forget("acme", 30, limit=100) == 0

    async def test_the_instant_itself_is_kept(self, journal: Journal):
        """Forgotten is what took effect before it."""
        await _chain(journal, "anna", 3)
        assert await journal.forget("acme", 10, limit=100) == 0
        assert await journal.forget("acme", 11, limit=100) == 1

    async def test_the_horizon_is_the_newest_forgotten(self, journal: Journal):
        """All records after it are there; it never falls."""
        await _chain(journal, "anna", 3)
        await _chain(journal, "ben", 3)
        assert await journal.horizon("acme") == 0
        await journal.forget("acme", 15, limit=100)
        assert await journal.horizon("acme") == 4
        await journal.append([entry("anna", 3, at=100)], [])
        await journal.forget("acme", 25, limit=100)
        assert await journal.horizon("acme") == 5
        assert revisions(await journal.read(5, 10)) == [6, 7]
        await journal.forget("acme", 0, limit=100)
        assert await journal.horizon("acme") == 5

    async def test_the_horizon_is_the_tenants(self, journal: Journal):
        """What one tenant forgets is missing from nobody else's history."""
        await _chain(journal, "anna", 3, tenant="other")
        await _chain(journal, "anna", 3)
        await journal.forget("acme", 1_000, limit=100)
        assert [await journal.horizon(tenant) for tenant in ("acme", "other", "nobody")] == [5, 0, 0]
        await journal.forget("other", 1_000, limit=100)
        assert [await journal.horizon(tenant) for tenant in ("acme", "other")] == [5, 2]
        assert revisions(await journal.read(0, 10)) == [3, 6]

    async def test_forgetting_has_a_limit(self, journal: Journal):
        """Called again, it goes on."""
        await _chain(journal, "anna", 10)
        assert [await journal.forget("acme", 1_000, limit=4) for _ in range(4)] == [4, 4, 1, 0]
        assert revisions(await journal.read(0, 100)) == [10]

    async def test_many_are_forgotten_in_one_call(self, journal: Journal):
        """However large the limit, all at once or in slices."""
        await journal.append([entry("anna") for _ in range(1_000)], [])
        await journal.append([entry("anna", 1_000) for _ in range(1_000)], [])
        assert await journal.forget("acme", 2_000, limit=10_000) == 1_999
        assert await journal.horizon("acme") == 1_999
        assert revisions(await journal.read(0, 10)) == [2_000]

    async def test_tenants_are_forgotten_apart(self, journal: Journal):
        """Another tenant's records stay; an unknown tenant has none."""
        await _chain(journal, "anna", 3, tenant="other")
        await _chain(journal, "anna", 3)
        assert await journal.forget("nobody", 1_000, limit=100) == 0
        assert await journal.forget("acme", 1_000, limit=100) == 2
        assert revisions(await journal.read(0, 100)) == [1, 2, 3, 6]

    async def test_revisions_are_not_used_again(self, journal_factory: JournalFactory):
        """Neither after forgetting nor after reopening; the guard still knows the last."""
        journal = await journal_factory.open()
        await _chain(journal, "anna", 5)
        await journal.forget("acme", 1_000, limit=100)
        await journal.close()
        journal = await journal_factory.open()
        assert await journal.horizon("acme") == 4
        assert await journal.head() == 5
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("anna", 4)], [])
        assert await journal.append([entry("anna", 5), entry("ben")], []) == [6, 7]
        await journal.close()

    async def test_history_and_sums_know_only_what_is_kept(self, journal: Journal):
        """The kept part is whole, in every way of asking."""
        last = 0
        for number in range(1, 6):
            closes = stay(10 * number - 10) if last else None
            (last,) = await journal.append([entry("anna", last, at=10 * number, closes=closes)], [])
        await journal.forget("acme", 30, limit=100)
        for staff_ids in ((), ("anna",)):
            assert await history(journal, staff_ids=staff_ids) == [3, 4, 5]
            assert await history(journal, staff_ids=staff_ids, newest_first=True) == [5, 4, 3]
            (found,) = (await sums(journal, 0, 100, staff_ids=staff_ids)).times
            assert (found.status, found.time) == (Status.AVAILABLE, 30)

    async def test_forgetting_beside_appends(self, journal: Journal):
        """Both get on, and nothing of either is lost."""
        await journal.append([entry("anna") for _ in range(1_000)], [])

        async def append() -> None:
            last = 1_000
            for _ in range(50):
                (last,) = await journal.append([entry("anna", last, at=5_000)], [])

        forgotten, _ = await asyncio.gather(journal.forget("acme", 2_000, limit=600), append())
        assert forgotten == 600
        assert await journal.head() == 1_050
        assert revisions(await journal.read(await journal.horizon("acme"), 1_000)) == [*range(601, 1_051)]

    async def test_answers_are_forgotten_by_age(self, journal: Journal):
        """Those older than an instant, up to the limit; then their ids are free."""
        await journal.append([entry("anna")], [answer_row(f"r-{number}", at=number, entry=0) for number in range(10)])
        assert await journal.forget_answers(0, limit=100) == 0
        assert await journal.forget_answers(5, limit=3) == 3
        assert await journal.forget_answers(5, limit=100) == 2
        assert await journal.forget_answers(5, limit=100) == 0
        kept = [number for number in range(10) if await answer_of(journal, "acme", f"r-{number}")]
        assert kept == [5, 6, 7, 8, 9]
        await journal.append([], [answer_row("r-0", at=20)])
        assert await journal.head() == 1
        assert await journal.horizon("acme") == 0

    async def test_many_answers_are_forgotten_in_one_call(self, journal: Journal):
        """However large the limit."""
        await journal.append([], [answer_row(f"r-{number}") for number in range(1_000)])
        assert await journal.forget_answers(2_000, limit=10_000) == 1_000
        assert await answer_of(journal, "acme", "r-999") is None
