"""What every journal must hold about the past. Part of ``journal_contract.py``."""

import pytest
from adapters.journal_entries import entry, history, person, staff, stay

from onduty_server.domain.model.status import Cause
from onduty_server.past import CallName, HistoryQuery, Life, Revision
from onduty_server.ports import Journal, Key, RecordKind


class HistoryContract:
    """Filters and paging."""

    @pytest.fixture
    async def past(self, journal: Journal) -> Journal:
        """Two staff, another tenant's, a policy.

        === ======= ==== ======= ======= ====================
        rev key      at  cause   closes  about
        === ======= ==== ======= ======= ====================
        1   anna     10  ADMIN
        2   ben      10  ADMIN
        3   policy   15  ADMIN
        4   anna     20  STAFF   10-20   in cards
        5   other's  25  STAFF   10-25   in cards, call c-1
        6   anna     30  CLAIM           cards to loans, c-1
        7   ben      40  STAFF   10-40   call c-1
        8   anna     40  RESET   20-40   in loans; three calls
        === ======= ==== ======= ======= ====================
        """
        policy = Key("acme", RecordKind.POLICY, "")
        await journal.append([entry("anna", at=10, cause=Cause.ADMIN), entry("ben", at=10, cause=Cause.ADMIN)], [])
        await journal.append([entry(policy, at=15, cause=Cause.ADMIN)], [])
        await journal.append([entry("anna", 1, at=20, cause=Cause.STAFF, closes=stay(10), groups=("cards",))], [])
        theirs = {"groups": ("cards",), "calls": (CallName("pbx", "c-1"),)}
        await journal.append([entry(staff("anna", "other"), at=25, cause=Cause.STAFF, closes=stay(10), **theirs)], [])
        moved = {"groups": ("cards",), "groups_after": ("loans", "main"), "calls": (CallName("pbx", "c-1"),)}
        await journal.append([entry("anna", 4, at=30, cause=Cause.CLAIM, **moved)], [])
        await journal.append([entry("ben", 2, at=40, cause=Cause.STAFF, closes=stay(10), calls=(CallName("", "c-1"),))], [])
        several = {"groups": ("loans", "main"), "calls": tuple(CallName("x", f"c-{number}") for number in (1, 2, 3))}
        await journal.append([entry("anna", 6, at=40, cause=Cause.RESET, closes=stay(20), **several)], [])
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
            ({"through": Revision(6)}, [1, 2, 4, 6]),
            ({"through": Revision(6), "newest_first": True}, [6, 4, 2, 1]),
            ({"staff_ids": ("anna",), "through": Revision(6), "after": 1}, [4, 6]),
            ({"person_ids": (person("anna"),)}, [1, 4, 6, 8]),
            ({"person_ids": (person("ben"), "not-a-person")}, [2, 7]),
            ({"person_ids": (person(staff("anna", "other")),)}, []),
            ({"skill_groups": ("cards",)}, [4, 6]),
            ({"skill_groups": ("loans", "nothing")}, [6, 8]),
            ({"skill_groups": ("cards",), "staff_ids": ("anna",), "status_changes_only": True}, [4]),
            ({"within": ("cards",)}, [4, 6]),
            ({"within": ()}, []),
            ({"within": ("main",), "skill_groups": ("cards",)}, []),
            ({"within": ("main",), "skill_groups": ("loans",)}, [6, 8]),
            ({"within": ("cards",), "staff_ids": ("ben",)}, []),
            ({"call_ids": ("c-1",)}, [6, 7, 8]),
            ({"call_ids": ("c-2", "c-3")}, [8]),
            ({"call_ids": ("c-1",), "source": "pbx"}, [6]),
            ({"call_ids": ("c-2",), "source": "pbx"}, []),
            ({"call_ids": ("c-1",), "staff_ids": ("ben",)}, [7]),
            ({"call_ids": ("c-1",), "newest_first": True, "limit": 2}, [8, 7]),
            ({"call_ids": ("c-1",), "start": 40}, [7, 8]),
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

    @pytest.mark.parametrize("crowd", [0, 100])
    async def test_an_id_is_whose_it_was_at_a_revision(self, journal: Journal, crowd: int):
        """However long the way to the records: of one person among many, or among few."""
        await journal.append([entry("anna", life=Life.BEGINS), *(entry(f"staff-{number}") for number in range(crowd))], [])
        (last,) = await journal.append([entry("anna", 1, life=Life.ENDS)], [])
        (first,) = await journal.append([entry("anna", last, person=person("anna", 1))], [])
        asked = {"staff_ids": ("anna",)}
        assert await history(journal, **asked) == await history(journal, **asked, bearers_at=first) == [first]
        assert await history(journal, **asked, bearers_at=last) == [1, last]

    async def test_history_is_of_staff_only(self, journal: Journal):
        """Neither policies nor break reasons are in it, though they bear a staff member's name."""
        await journal.append([entry(Key("acme", kind, "anna"), cause=Cause.ADMIN) for kind in RecordKind], [])
        assert await history(journal) == await history(journal, staff_ids=("anna",)) == [1]

    async def test_history_returns_the_changes(self, past: Journal):
        """What it finds is what ``record`` has as the change."""
        for query in (HistoryQuery("acme"), HistoryQuery("acme", staff_ids=("anna", "ben"), newest_first=True)):
            for found in (await past.history(query)).changes:
                assert found.change == (await past.record(found.revision)).change

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

    @pytest.mark.parametrize("newest_first", [False, True])
    async def test_pages_are_cut_by_bytes_too(self, journal: Journal, newest_first: bool):
        """A page has what fits, but one change in any case, and says whether there are more."""
        for number, size in enumerate((10, 10, 50, 10)):
            await journal.append([entry(f"staff-{number}", change=bytes(size))], [])

        async def page(after: int, bytes_most: int) -> tuple[list[int], bool]:
            query = HistoryQuery("acme", newest_first=newest_first, after=Revision(after), bytes_most=bytes_most)
            found = await journal.history(query)
            return [one.revision for one in found.changes], found.more

        if newest_first:
            assert await page(0, 20) == ([4], True)
            assert await page(4, 20) == ([3], True)
            assert await page(3, 20) == ([2, 1], False)
        else:
            assert await page(0, 20) == ([1, 2], True)
            assert await page(2, 20) == ([3], True)
            assert await page(3, 20) == ([4], False)

    async def test_an_id_used_again_is_another_person(self, journal: Journal):
        """By the id one finds who has it, or had it last; each has a past of its own."""
        first, second = person("anna"), person("anna", 1)
        await journal.append([entry("anna", person=first), entry("anna", person=first, life=Life.ENDS)], [])
        assert await history(journal, staff_ids=("anna",)) == [1, 2]
        await journal.append([entry("anna", 2, person=second), entry("anna", 2, person=second, life=Life.GOES_ON)], [])
        assert await history(journal, staff_ids=("anna",)) == [3, 4]
        assert await history(journal, person_ids=(first,)) == [1, 2]
        assert await history(journal, person_ids=(first, second)) == [1, 2, 3, 4]
        await journal.append([entry("anna", 4, person=second, life=Life.ENDS)], [])
        assert await history(journal, staff_ids=("anna",), newest_first=True) == [5, 4, 3]
