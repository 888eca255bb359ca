"""What every journal must hold about the past. Part of ``journal_contract.py``."""

import pytest
from adapters.journal_entries import JournalFactory, entry, history, staff, stay

from onduty_server.domain.model.status import Cause, Status
from onduty_server.ports import CallsTotal, HistoryQuery, Journal, Key, RecordKind, StatusTotal


class HistoryContract:
    """Filters, paging, totals."""

    @pytest.fixture
    async def past(self, journal: Journal) -> Journal:
        """Two staff, another tenant's, a policy.

        === ======= ==== ======= =======
        rev key      at  cause   closes
        === ======= ==== ======= =======
        1   anna     10  ADMIN
        2   ben      10  ADMIN
        3   policy   15  ADMIN
        4   anna     20  STAFF   10-20
        5   other's  25  STAFF   10-25
        6   anna     30  CLAIM
        7   ben      40  STAFF   10-40
        8   anna     40  RESET   20-40
        === ======= ==== ======= =======
        """
        policy = Key("acme", RecordKind.POLICY, "")
        await journal.append([entry("anna", at=10, cause=Cause.ADMIN), entry("ben", at=10, cause=Cause.ADMIN)], [])
        await journal.append([entry(policy, at=15, cause=Cause.ADMIN)], [])
        await journal.append([entry("anna", 1, at=20, cause=Cause.STAFF, closes=stay(10))], [])
        await journal.append([entry(staff("anna", "other"), at=25, cause=Cause.STAFF, closes=stay(10))], [])
        await journal.append([entry("anna", 4, at=30, cause=Cause.CLAIM)], [])
        await journal.append([entry("ben", 2, at=40, cause=Cause.STAFF, closes=stay(10))], [])
        await journal.append([entry("anna", 6, at=40, cause=Cause.RESET, closes=stay(20))], [])
        return journal

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, [1, 2, 4, 6, 7, 8]),
            ({"tenant": "other"}, [5]),
            ({"tenant": "nobody"}, []),
            ({"staff_ids": ("anna",)}, [1, 4, 6, 8]),
            ({"staff_ids": ("ben", "anna")}, [1, 2, 4, 6, 7, 8]),
            ({"staff_ids": ("ben", "nobody")}, [2, 7]),
            ({"staff_ids": ("nobody",)}, []),
            ({"staff_ids": ("ben", *(f"nobody-{number}" for number in range(100)))}, [2, 7]),
            ({"start": 20}, [4, 6, 7, 8]),
            ({"start": 21}, [6, 7, 8]),
            ({"end": 20}, [1, 2]),
            ({"end": 21}, [1, 2, 4]),
            ({"start": 20, "end": 40}, [4, 6]),
            ({"start": 41}, []),
            ({"end": 0}, []),
            ({"causes": (Cause.STAFF,)}, [4, 7]),
            ({"causes": (Cause.CLAIM, Cause.RESET)}, [6, 8]),
            ({"causes": (Cause.POLICY,)}, []),
            ({"status_changes_only": True}, [4, 7, 8]),
            ({"after": 4}, [6, 7, 8]),
            ({"after": 8}, []),
            ({"limit": 2}, [1, 2]),
            ({"after": 2, "limit": 2}, [4, 6]),
            ({"newest_first": True}, [8, 7, 6, 4, 2, 1]),
            ({"newest_first": True, "limit": 2}, [8, 7]),
            ({"newest_first": True, "after": 7}, [6, 4, 2, 1]),
            ({"newest_first": True, "after": 7, "limit": 1}, [6]),
            ({"newest_first": True, "after": 1}, []),
            ({"staff_ids": ("anna",), "newest_first": True, "limit": 3}, [8, 6, 4]),
            ({"staff_ids": ("anna",), "after": 4}, [6, 8]),
            ({"staff_ids": ("anna",), "after": 8}, []),
            ({"staff_ids": ("anna", "ben"), "after": 7}, [8]),
            ({"staff_ids": ("anna",), "start": 20, "end": 40, "causes": (Cause.CLAIM,)}, [6]),
            ({"staff_ids": ("anna",), "start": 41}, []),
            ({"staff_ids": ("anna",), "status_changes_only": True, "newest_first": True, "limit": 1}, [8]),
        ],
    )
    async def test_history_filters(self, past: Journal, query: dict, found: list[int]):
        """Each filter alone and some together; configuration records are never in it."""
        assert await history(past, **query) == found

    async def test_history_is_of_staff_only(self, journal: Journal):
        """Neither policies nor break reasons are in it, though they bear a staff member's name."""
        await journal.append([entry(Key("acme", kind, "anna"), cause=Cause.ADMIN) for kind in RecordKind], [])
        assert await history(journal) == await history(journal, staff_ids=("anna",)) == [1]

    async def test_history_returns_whole_records(self, past: Journal):
        """What it finds is what ``record`` gives."""
        for query in (HistoryQuery("acme"), HistoryQuery("acme", staff_ids=("anna", "ben"), newest_first=True)):
            for record in await past.history(query):
                assert record == await past.record(record.revision)

    @pytest.mark.parametrize("staff_ids", [(), ("anna",), tuple(f"staff-{n}" for n in range(20))])
    @pytest.mark.parametrize("newest_first", [False, True])
    async def test_pages_cover_all_once(self, journal: Journal, staff_ids: tuple[str, ...], newest_first: bool):
        """Going on after the last of a page loses and repeats nothing, also when records are appended meanwhile."""
        names = ["anna", *(f"staff-{number}" for number in range(20))]
        last = dict.fromkeys(names, 0)

        async def append(rounds: int) -> None:
            for _ in range(rounds):
                revisions = await journal.append([entry(name, last[name], at=max(last.values())) for name in names], [])
                last.update(zip(names, revisions, strict=True))

        await append(5)
        everything = await history(journal, staff_ids=staff_ids, newest_first=newest_first)
        pages: list[int] = []
        while page := await history(
            journal, staff_ids=staff_ids, newest_first=newest_first, after=pages[-1] if pages else 0, limit=7
        ):
            pages += page
            if len(pages) == 7:
                await append(1)
        assert len(everything) == 5 * len(staff_ids or names)
        assert pages == (everything if newest_first else await history(journal, staff_ids=staff_ids))

    @pytest.mark.parametrize(
        ("start", "end", "total"),
        [
            (100, 200, 100),  # the interval itself.
            (0, 1_000, 100),  # it is wholly inside.
            (120, 180, 60),  # it is around.
            (0, 150, 50),
            (150, 1_000, 50),
            (0, 101, 1),
            (199, 1_000, 1),
            (0, 100, 0),  # it only touches.
            (200, 1_000, 0),
            (0, 50, 0),  # it is outside.
            (300, 1_000, 0),
            (150, 150, 0),  # nothing is asked.
        ],
    )
    @pytest.mark.parametrize("staff_ids", [(), ("anna",), ("anna", *map(str, range(100)))])
    async def test_totals_are_clipped(self, journal: Journal, start: int, end: int, total: int, staff_ids: tuple[str, ...]):
        """Of a stay from 100 to 200, what lies in the interval counts; no total is zero."""
        await journal.append([entry("anna", at=100)], [])
        await journal.append([entry("anna", 1, at=200, closes=stay(100, Status.BUSY))], [])
        await journal.append([entry("anna", 2, at=250)], [])
        found = await journal.totals("acme", staff_ids, start, end)
        assert found.times == ([StatusTotal("anna", Status.BUSY, "", total)] if total else [])
        assert found.calls == []

    async def test_totals_add_up_by_staff_status_and_reason(self, journal: Journal):
        """Each has a row of its own, by staff, status and reason in order; other tenants' time is not in it."""
        breaks = Status.ON_BREAK
        stays = [(100, breaks, "lunch"), (110, Status.BUSY, ""), (130, breaks, "lunch"), (170, breaks, "coffee")]
        await journal.append([entry("ben"), entry("anna"), entry(staff("anna", "other"))], [])
        await journal.append([entry("ben", 1, at=200, closes=stay(190, Status.BUSY))], [])
        await journal.append([entry(staff("anna", "other"), 3, at=200, closes=stay(0, Status.BUSY))], [])
        ends = [110, 130, 170, 200]
        batch = [
            entry("anna", 2, at=at, closes=stay(since, status, reason))
            for at, (since, status, reason) in zip(ends, stays, strict=True)
        ]
        await journal.append(batch, [])
        found = await journal.totals("acme", (), 0, 1_000)
        assert found.times == [
            ("anna", Status.BUSY, "", 20),
            ("anna", breaks, "coffee", 30),
            ("anna", breaks, "lunch", 50),
            ("ben", Status.BUSY, "", 10),
        ]
        assert all(isinstance(total.status, Status) for total in found.times)
        assert (await journal.totals("acme", ("ben",), 0, 1_000)).times == [("ben", Status.BUSY, "", 10)]
        assert (await journal.totals("acme", ("nobody",), 0, 1_000)).times == []

    async def test_calls_count_when_they_began(self, journal: Journal):
        """``start <= changed_at < end``, summed by staff; who had none is not in it."""
        await journal.append([entry("anna", at=10, calls_started=1), entry("ben", at=10), entry("cleo", calls_started=1)], [])
        await journal.append([entry("anna", 1, at=20, calls_started=3)], [])
        await journal.append([entry("anna", 4, at=30, calls_started=1)], [])

        async def calls(start: int, end: int, *staff_ids: str) -> list[CallsTotal]:
            return (await journal.totals("acme", staff_ids, start, end)).calls

        assert await calls(0, 100) == [("anna", 5)]
        assert await calls(10, 30) == await calls(10, 30, "anna", "ben") == [("anna", 4)]
        assert await calls(11, 30) == [("anna", 3)]
        assert await calls(0, 2_000, "cleo") == [("cleo", 1)]
        assert await calls(31, 100) == await calls(0, 10) == []

    async def test_a_clock_that_went_back_hides_nothing(self, journal: Journal):
        """History and totals find records by when they took effect, though later ones lie earlier."""
        await journal.append([entry("anna", at=1_000)], [])
        await journal.append([entry("anna", 1, at=9_000, closes=stay(1_000))], [])
        await journal.append([entry("ben", at=2_000)], [])
        await journal.append([entry("ben", 3, at=3_000, closes=stay(2_000), calls_started=1)], [])
        for staff_ids in ((), ("anna", "ben")):
            assert await history(journal, staff_ids=staff_ids, start=1_500, end=5_000) == [3, 4]
            found = await journal.totals("acme", staff_ids, 2_500, 4_000)
            assert found.times == [("anna", Status.AVAILABLE, "", 1_500), ("ben", Status.AVAILABLE, "", 500)]
            assert found.calls == [("ben", 1)]

    async def test_a_clock_that_went_back_between_runs_hides_nothing(self, journal_factory: JournalFactory):
        """The same, where the journal was opened anew between the two times."""
        journal = await journal_factory.open()
        await journal.append([entry("anna", at=9_000)], [])
        await journal.close()
        journal = await journal_factory.open()
        for number in range(5):
            await journal.append([entry(f"staff-{number}", at=2_000)], [])
        assert await history(journal, start=8_000) == await history(journal, staff_ids=("anna",), start=8_000) == [1]
        await journal.close()

    async def test_a_change_recorded_late_counts_when_it_took_effect(self, journal: Journal):
        """A deadline that passed while the service was down lies before its recording."""
        await journal.append([entry("anna", at=100)], [])
        await journal.append([entry("anna", 1, at=200, recorded_at=9_000, closes=stay(100))], [])
        assert await history(journal, start=150, end=300) == [2]
        assert await history(journal, start=201) == []
        assert (await journal.totals("acme", (), 0, 150)).times == [("anna", Status.AVAILABLE, "", 50)]
