"""What every journal must hold about persons and sums. Part of ``journal_contract.py``."""

from typing import Any

import pytest
from adapters.journal_entries import JournalFactory, entry, history, person, staff, stay, sums

from onduty_server.domain.model.status import Direction, OfferEnd, Status
from onduty_server.past import (
    ConfigurationQuery,
    Counts,
    CutTalk,
    GroupStay,
    Life,
    PastState,
    Person,
    PersonQuery,
    Revision,
    Talk,
    TalkSum,
    TimeSum,
)
from onduty_server.ports import Journal, Key, RecordKind

ANNA = person("anna")


async def times(journal: Journal, *bounds: int, **query: Any) -> list[tuple]:
    """Times as tuples: person, interval, status, break reason, time."""
    return sorted(tuple(one) for one in (await sums(journal, *bounds, **query)).times)


class SumsContract:
    """Persons, time, calls and offers."""

    # --- persons ------------------------------------------------------------------------------------------------------

    async def test_persons_are_listed_by_id_and_age(self, journal: Journal):
        """Those who are there and those who were, with their first and last records."""
        older, newer, ben = person("anna"), person("anna", 1), person("ben")
        await journal.append([entry("ben", at=5)], [])
        await journal.append([entry("anna", at=10, person=older)], [])
        await journal.append([entry("anna", 2, at=20, person=older, life=Life.ENDS, state=b"last")], [])
        await journal.append([entry("anna", 3, at=30, person=newer), entry(staff("anna", "other"), at=30)], [])
        first = Person(older, "anna", Revision(2), 10, Revision(3), 20, b"last")
        second, third = Person(newer, "anna", Revision(4), 30), Person(ben, "ben", Revision(1), 5)

        async def found(**query: Any) -> list[Person]:
            return await journal.persons(PersonQuery("acme", **query))

        assert await found() == [first, second, third]
        assert await found(limit=1) == [first]
        assert await found(after=("anna", 2)) == [second, third]
        assert await found(after=("anna", 4)) == [third]
        assert await found(after=("ben", 1)) == []
        assert await found(staff_ids=("anna",)) == [second]
        assert await found(staff_ids=("anna", "nobody"), every_bearer=True) == [first, second]
        assert await found(person_ids=(older, ben)) == [first, third]
        assert await found(person_ids=("nobody",)) == []
        assert await found(alive_after=19) == [first, second, third]
        assert await found(alive_after=20) == [second, third]
        assert await found(through=Revision(3)) == [first, third]
        assert await found(staff_ids=("anna",), through=Revision(3)) == [first]
        assert await found(alive_after=20, through=Revision(2)) == [first, third]

    async def test_a_person_of_whom_nothing_is_left_is_forgotten(self, journal: Journal):
        """Once an id has another bearer, the one before is forgotten with the last record."""
        await journal.append([entry("anna", at=10), entry("anna", at=20, life=Life.ENDS)], [])
        await journal.append([entry("anna", 2, at=30, person=person("anna", 1))], [])
        await journal.forget("acme", 15, limit=10)
        assert [one.person_id for one in await journal.persons(PersonQuery("acme"))] == [ANNA, person("anna", 1)]
        await journal.forget("acme", 25, limit=10)
        assert [one.person_id for one in await journal.persons(PersonQuery("acme"))] == [person("anna", 1)]
        assert await history(journal, person_ids=(ANNA,)) == []

    # --- time ---------------------------------------------------------------------------------------------------------

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
        ],
    )
    @pytest.mark.parametrize("crowd", [0, 100])
    async def test_time_is_clipped(self, journal: Journal, start: int, end: int, total: int, crowd: int):
        """Of a stay from 100 to 200, what lies in the interval counts, whether one person is asked about or a crowd."""
        await journal.append([entry("anna", at=100), *(entry(f"staff-{number}", at=100) for number in range(crowd))], [])
        await journal.append([entry("anna", 1, at=200, closes=stay(100, Status.BUSY))], [])
        await journal.append([entry("anna", crowd + 2, at=250)], [])
        assert await times(journal, start, end) == ([TimeSum(ANNA, 0, Status.BUSY, "", total)] if total else [])
        assert await times(journal, start, end, staff_ids=("anna",)) == await times(journal, start, end)

    async def test_time_by_interval(self, journal: Journal):
        """A stay is divided among the intervals that it lies in, to the microsecond."""
        await journal.append([entry("anna", at=100)], [])
        await journal.append([entry("anna", 1, at=255, closes=stay(100, Status.BUSY))], [])
        await journal.append([entry("anna", 2, at=260, closes=stay(255, Status.ON_BREAK, "tea"))], [])
        assert await times(journal, 0, 110, 200, 300) == [
            (ANNA, 0, Status.BUSY, "", 10),
            (ANNA, 1, Status.BUSY, "", 90),
            (ANNA, 2, Status.BUSY, "", 55),
            (ANNA, 2, Status.ON_BREAK, "tea", 5),
        ]

    async def test_times_add_up_by_person_status_and_reason(self, journal: Journal):
        """Each has a row of its own; other tenants' time is not in it."""
        breaks, ben = Status.ON_BREAK, person("ben")
        stays = [(100, breaks, "lunch"), (110, Status.BUSY, ""), (130, breaks, "lunch"), (170, breaks, "coffee")]
        await journal.append([entry("ben"), entry("anna"), entry(staff("anna", "other"))], [])
        await journal.append([entry("ben", 1, at=200, closes=stay(190, Status.BUSY))], [])
        await journal.append([entry(staff("anna", "other"), 3, at=200, closes=stay(0, Status.BUSY))], [])
        ends = zip([110, 130, 170, 200], stays, strict=True)
        batch = [entry("anna", 2, at=at, closes=stay(since, status, reason)) for at, (since, status, reason) in ends]
        await journal.append(batch, [])
        assert {one[0]: one[1:] for one in await times(journal, 0, 1_000, staff_ids=("ben",))} == {
            ben: (0, Status.BUSY, "", 10)
        }
        assert [one for one in await times(journal, 0, 1_000) if one[0] == ANNA] == [
            (ANNA, 0, Status.BUSY, "", 20),
            (ANNA, 0, breaks, "coffee", 30),
            (ANNA, 0, breaks, "lunch", 50),
        ]

    async def test_sums_are_those_of_a_revision(self, journal: Journal):
        """What a later record closes, ends or begins is not in it; who has changed since has the state of then."""
        talk = Talk(Direction.INBOUND, 200)
        await journal.append([entry("anna", at=100), entry("ben", at=100)], [])
        await journal.append([entry("anna", 1, at=200, closes=stay(100, Status.BUSY), state=b"then")], [])
        await journal.append([entry("anna", 3, at=250, closes=stay(200), talks=(talk,), offer_made=True)], [])
        await journal.append([entry("anna", 4, at=260, closes=stay(250, Status.IN_LINE))], [])
        found = await sums(journal, 0, 300, until=Revision(3))
        assert sorted(found.times) == [(ANNA, 0, Status.BUSY, "", 100)]
        assert (found.talks, found.counts) == ([], [])
        assert found.states == {ANNA: PastState(b"then", b"private")}
        whole = await sums(journal, 0, 300)
        assert sorted(one.time for one in whole.times) == [10, 50, 100]
        assert whole.talks == [TalkSum(ANNA, 0, Direction.INBOUND, 50, 1)]
        assert whole.states == {}

    async def test_a_state_of_then_may_be_forgotten(self, journal: Journal):
        """It is said which one."""
        await journal.append([entry("anna", at=100), entry("ben", at=100)], [])
        await journal.append([entry("anna", 1, at=200), entry("ben", 2, at=200)], [])
        await journal.forget("acme", 150, limit=1)
        assert (await sums(journal, 160, 300, until=Revision(2))).states == {
            ANNA: None,
            person("ben"): PastState(b"state", b"private"),
        }

    async def test_time_by_skill_group(self, journal: Journal):
        """A stay counts for the groups it was in."""
        await journal.append([entry("anna", at=0, groups=("cards",))], [])
        regrouped = {"groups": ("cards",), "groups_after": ("cards", "loans"), "moved": False}
        await journal.append([entry("anna", 1, at=10, closes=stay(0, Status.BUSY), **regrouped)], [])
        await journal.append([entry("anna", 2, at=30, closes=stay(10, Status.BUSY), groups=("cards", "loans"))], [])
        assert await times(journal, 0, 100, skill_groups=("loans",)) == [(ANNA, 0, Status.BUSY, "", 20)]
        assert await times(journal, 0, 100, skill_groups=("cards", "loans")) == [(ANNA, 0, Status.BUSY, "", 30)]
        assert await times(journal, 0, 100, skill_groups=("nothing",)) == []
        assert await times(journal, 0, 100, within=("loans",)) == [(ANNA, 0, Status.BUSY, "", 20)]
        assert await times(journal, 0, 100, within=("loans",), skill_groups=("cards",)) == [(ANNA, 0, Status.BUSY, "", 20)]
        assert await times(journal, 0, 100, within=()) == []

    async def test_persons_are_found_by_groups_that_they_were_in(self, journal: Journal):
        """At any time up to the revision that is asked about; whoever was in none of them is not among them."""
        await journal.append([entry("anna", groups=("cards",)), entry("ben", groups=("loans",)), entry("cat")], [])
        await journal.append([entry("anna", 1, groups=("cards",), groups_after=("loans",))], [])
        await journal.append([entry("anna", 4, groups=("loans",))], [])

        async def found(**query: Any) -> list[str]:
            return [one.staff_id for one in await journal.persons(PersonQuery("acme", **query))]

        assert await found(within=("cards",)) == ["anna"]
        assert await found(within=("loans",)) == ["anna", "ben"]
        assert await found(within=("loans",), through=Revision(3)) == ["ben"]
        assert await found(within=("loans",), staff_ids=("anna", "cat")) == ["anna"]
        assert await found(within=()) == []

    async def test_two_bearers_of_an_id_are_not_mixed(self, journal: Journal):
        """Each has the time of the own records."""
        second = person("anna", 1)
        await journal.append([entry("anna", at=0), entry("anna", at=10, closes=stay(0), life=Life.ENDS)], [])
        await journal.append([entry("anna", 2, at=50, person=second)], [])
        await journal.append([entry("anna", 3, at=70, person=second, life=Life.GOES_ON, closes=stay(50))], [])
        found = {ANNA: 10, second: 20}
        assert {one[0]: one[4] for one in await times(journal, 0, 100)} == found
        assert {one[0]: one[4] for one in await times(journal, 0, 100, staff_ids=("anna",))} == {second: 20}
        assert {one[0]: one[4] for one in await times(journal, 0, 100, person_ids=(ANNA,))} == {ANNA: 10}

    async def test_a_clock_that_went_back_hides_nothing(self, journal: Journal):
        """History and sums find records by when they took effect, though later ones lie earlier."""
        await journal.append([entry("anna", at=1_000)], [])
        await journal.append([entry("anna", 1, at=9_000, closes=stay(1_000))], [])
        await journal.append([entry("ben", at=2_000)], [])
        await journal.append([entry("ben", 3, at=3_000, closes=stay(2_000), offer_made=True)], [])
        for staff_ids in ((), ("anna", "ben")):
            assert await history(journal, staff_ids=staff_ids, start=1_500, end=5_000) == [3, 4]
            found = await sums(journal, 2_500, 4_000, staff_ids=staff_ids)
            assert {one.person_id: one.time for one in found.times} == {ANNA: 1_500, person("ben"): 500}
            assert found.counts == [Counts(person("ben"), 0, made=1)]

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
        assert await times(journal, 0, 150) == [(ANNA, 0, Status.AVAILABLE, "", 50)]

    # --- calls and offers ---------------------------------------------------------------------------------------------

    async def test_offers_and_answered_calls_count_when_they_happened(self, journal: Journal):
        """``start <= changed_at < end``, by interval; who had none is not in it."""
        await journal.append([entry("anna", at=10, offer_made=True), entry("ben", at=10)], [])
        answered = (Direction.INBOUND,) * 32
        await journal.append([entry("anna", 1, at=20, answered=answered, offer_end=OfferEnd.ACCEPTED)], [])
        await journal.append([entry("anna", 3, at=30, offer_made=True, offer_end=OfferEnd.SUPERSEDED)], [])
        ends = (OfferEnd.DECLINED, OfferEnd.EXPIRED, OfferEnd.WITHDRAWN)
        await journal.append([entry("anna", 4, at=40, offer_end=end) for end in ends], [])
        assert sorted((await sums(journal, 10, 30, 40, 50)).counts) == [
            Counts(ANNA, 0, made=1, accepted=1, answered=(32, 0, 0, 0)),
            Counts(ANNA, 1, made=1, other=1),
            Counts(ANNA, 2, declined=1, missed=1, other=1),
        ]
        assert (await sums(journal, 11, 20)).counts == []

    async def test_talks_are_clipped_and_each_counts(self, journal: Journal):
        """By direction and interval; two at once count twice, and each begins once, also one without length."""
        await journal.append([entry("anna", at=10)], [])
        two = (Talk(Direction.INBOUND, 10), Talk(Direction.INBOUND, 20))
        await journal.append([entry("anna", 1, at=30, talks=two)], [])
        last = (Talk(Direction.OUTBOUND, 28), Talk(Direction.TRANSFER, 45))
        await journal.append([entry("anna", 2, at=45, talks=last)], [])
        assert sorted((await sums(journal, 0, 15, 30, 100)).talks) == [
            TalkSum(ANNA, 0, Direction.INBOUND, 5, 1),
            TalkSum(ANNA, 1, Direction.INBOUND, 25, 1),
            TalkSum(ANNA, 1, Direction.OUTBOUND, 2, 1),
            TalkSum(ANNA, 2, Direction.OUTBOUND, 15, 0),
            TalkSum(ANNA, 2, Direction.TRANSFER, 0, 1),
        ]
        assert (await sums(journal, 45, 50)).talks == [TalkSum(ANNA, 0, Direction.TRANSFER, 0, 1)]

    async def test_a_call_in_which_groups_changed_is_given_whole(self, journal: Journal):
        """With the stays by which it is to be divided; others count by the groups at their end."""
        in_line = Status.IN_LINE
        await journal.append([entry("anna", at=10, groups=("cards",))], [])
        moves = {"moved": False, "groups": ("cards",), "groups_after": ("loans",)}
        await journal.append([entry("anna", 1, at=20, closes=stay(10, in_line), **moves)], [])
        talks = (Talk(Direction.INBOUND, 12), Talk(Direction.INBOUND, 20))
        await journal.append([entry("anna", 2, at=30, closes=stay(20, in_line), groups=("loans",), talks=talks)], [])
        for group, in_cards in (("cards", True), ("loans", False)):
            found = await sums(journal, 0, 100, skill_groups=(group,))
            assert found.group_stays == [GroupStay(ANNA, 10, 20, in_cards)]
            assert found.cut_talks == [CutTalk(ANNA, Direction.INBOUND, 12, 30, not in_cards)]
            assert found.talks == ([] if in_cards else [TalkSum(ANNA, 0, Direction.INBOUND, 10, 1)])
        whole = await sums(journal, 0, 100)
        assert whole.talks == [TalkSum(ANNA, 0, Direction.INBOUND, 28, 2)]
        assert (whole.group_stays, whole.cut_talks) == ([], [])

    # --- where history begins -----------------------------------------------------------------------------------------

    async def test_history_says_where_it_is_whole(self, journal: Journal):
        """From just after the latest instant that was forgotten; never before. Each tenant has its own."""
        await journal.append([entry("anna", at=10), entry("anna", at=20), entry("anna", at=30)], [])
        assert await journal.complete_from("acme") is None
        assert await journal.complete_from("nobody") is None
        await journal.forget("acme", 15, limit=10)
        assert await journal.complete_from("acme") == 11
        await journal.forget("acme", 25, limit=10)
        await journal.forget("acme", 5, limit=10)
        assert [await journal.complete_from(tenant) for tenant in ("acme", "other")] == [21, None]

    # --- configuration ------------------------------------------------------------------------------------------------

    async def test_changes_of_configuration_are_found(self, journal: Journal):
        """By kind, subject and instant, in both directions, of one tenant; other records are not among them."""
        lunch = Key("acme", RecordKind.BREAK_REASON, "lunch")
        policy = Key("acme", RecordKind.POLICY, "")
        await journal.append([entry("anna", at=10, configuration=b"one"), entry("anna", at=10), entry(policy, at=15)], [])
        await journal.append([entry(lunch, at=20, configuration=b"four"), entry(policy, 3, at=30, configuration=b"five")], [])
        await journal.append([entry(Key("other", RecordKind.POLICY, ""), at=30, configuration=b"theirs")], [])

        async def found(**query: Any) -> list[bytes]:
            return [one.change for one in (await journal.configuration_changes(ConfigurationQuery("acme", **query))).changes]

        assert await found() == [b"one", b"four", b"five"]
        assert await found(newest_first=True) == [b"five", b"four", b"one"]
        assert await found(newest_first=True, after=Revision(5)) == [b"four", b"one"]
        assert await found(after=Revision(1), through=Revision(4)) == [b"four"]
        assert await found(kinds=(RecordKind.STAFF, RecordKind.POLICY)) == [b"one", b"five"]
        assert await found(subjects=("lunch",)) == [b"four"]
        assert await found(start=15, end=30) == [b"four"]
        page = await journal.configuration_changes(ConfigurationQuery("acme", bytes_most=7))
        assert ([one.revision for one in page.changes], page.more) == ([1, 4], True)

    async def test_changes_of_the_directory_are_found_by_groups(self, journal: Journal):
        """Before or after the change; the policy's are everybody's."""
        await journal.append([entry("anna", groups=("cards",), configuration=b"anna"), entry("ben", configuration=b"ben")], [])
        await journal.append([entry(Key("acme", RecordKind.POLICY, ""), configuration=b"policy")], [])
        await journal.append([entry("ben", 2, groups_after=("loans",), configuration=b"moved")], [])

        async def found(*within: str) -> list[bytes]:
            page = await journal.configuration_changes(ConfigurationQuery("acme", within=within))
            return [one.change for one in page.changes]

        assert await found("cards") == [b"anna", b"policy"]
        assert await found("loans") == [b"policy", b"moved"]
        assert await found() == [b"policy"]
