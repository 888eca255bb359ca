"""Batches that come again: their items' answers are kept as one, in as many parts as there were commits."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from engine_floor import BUSY, ORIGIN, TENANT, Floor, counted, opened
from fake_clock import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import JournalUnavailableError, OndutyError, RequestIdReusedError, StaffUnknownError
from onduty_server.domain.model.state import AVAILABLE, Choice
from onduty_server.domain.model.status import Status
from onduty_server.engine.write import committer, transactions
from onduty_server.engine.write.answers import AnswerCache, BatchAnswers, ItemAnswer, RequestKey, pack_part, unpack_detail
from onduty_server.engine.write.jobs import Answer, JobRequest
from onduty_server.ports import Revision, StoredAnswer

NAMES = ("ana", "ben", "cem", "dan", "eva")


def choosing(name: str, choice: Choice = AVAILABLE, *, content: str = "") -> JobRequest:
    """An item without a request id of its own."""
    run = transactions.act(TENANT, name, commands.ChangeStatus(choice, ORIGIN), None)
    return JobRequest(run, None, (content or name).encode())


async def batch(floor: Floor, items: Sequence[JobRequest | OndutyError], batch_id: str = "b-1") -> list[Answer | OndutyError]:
    """Ask for a batch."""
    return await floor.engine.transact_all(TENANT, items, RequestKey(batch_id, b"%d" % len(items)) if batch_id else None)


def revisions(answers: Sequence[Answer | OndutyError]) -> list[int | type]:
    """Of each item the revision that it was told, or the kind of its refusal."""
    told: list[int | type] = []
    for one in answers:
        if isinstance(one, OndutyError):
            told.append(type(one))
        else:
            shown = one.record if one.staff is None else one.staff
            assert shown is not None
            told.append(shown.revision)
    return told


def replayed(answers: Sequence[Answer | OndutyError]) -> list[bool]:
    """Of each answered item whether it was answered before."""
    return [one.replayed for one in answers if isinstance(one, Answer)]


def kept(journal: Path) -> list[tuple[str, int]]:
    """The request ids that have an answer in the journal, and the answers' revisions, in order."""
    with closing(sqlite3.connect(journal)) as connection:
        return connection.execute("SELECT request_id, revision FROM answers ORDER BY request_id").fetchall()


async def test_a_batch_keeps_one_answer(journal_path: Path, floor: Floor) -> None:
    """However many items it has; an item with a request id of its own has its own answer."""
    await floor.create(*NAMES)
    own = JobRequest(choosing("eva").body, RequestKey("own", b"eva"))
    await batch(floor, [*map(choosing, NAMES[:4]), own])

    assert kept(journal_path) == [("b-1\x1f#0", 6), ("own", 10)]


async def test_batches_and_others_in_one_commit(journal_path: Path, clock: FakeClock) -> None:
    """Each is told its own revisions, then and later."""
    items = {"b-1": [choosing("ana"), choosing("ben")], "b-2": [choosing("cem"), choosing("ana"), choosing("dan")]}
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        sizes = counted(floor)
        await asyncio.gather(floor.choose("eva"), batch(floor, items["b-1"]), batch(floor, items["b-2"], "b-2"))
        assert sizes == [5]
    async with opened(journal_path, clock) as floor:
        sizes = counted(floor)
        found = await asyncio.gather(*(batch(floor, asked, batch_id) for batch_id, asked in items.items()))
        assert floor.engine.head == 10

    assert [revisions(one) for one in found] == [[7, 8], [9, 7, 10]]
    assert [one.applied for one in found[1] if isinstance(one, Answer)] == [True, False, True]


async def test_no_answer_is_kept_of_a_batch_without_an_id_or_with_nothing_done(journal_path: Path, floor: Floor) -> None:
    """Refusals are not kept, and what cannot be asked for again need not be."""
    await floor.create("ana")
    await batch(floor, [choosing("ana")], "")
    await batch(floor, [choosing("nobody")])

    assert kept(journal_path) == []


@pytest.mark.parametrize("restart", [False, True])
async def test_the_same_batch_gets_its_first_answers(journal_path: Path, clock: FakeClock, restart: bool) -> None:
    """What changed something and what did not, whatever happened since; nothing is done again."""
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        await floor.choose("ben")
        items = [choosing("ana", BUSY), choosing("ben"), choosing("ana"), choosing("cem")]
        first = await batch(floor, items)
        await floor.choose("ana", BUSY)
        if not restart:
            again = await batch(floor, items)
            head = floor.engine.head
    if restart:
        async with opened(journal_path, clock) as floor:
            again = await batch(floor, items)
            head = floor.engine.head

    assert [one.applied for one in first if isinstance(one, Answer)] == [True, False, True, True]
    assert revisions(again) == revisions(first) == [7, 6, 8, 9]
    assert [one.applied for one in again if isinstance(one, Answer)] == [True, False, True, True]
    assert (replayed(first), replayed(again)) == ([False] * 4, [True] * 4)
    assert head == 10


async def test_a_batch_over_several_commits(journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each commit keeps a part; the batch that comes again finds all of them."""
    monkeypatch.setattr(committer, "BATCH_COST", 2)
    items = [choosing(name) for name in NAMES]
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        sizes = counted(floor)
        first = await batch(floor, items)
        again = await batch(floor, items)

    assert sizes == [2, 2, 1]
    assert kept(journal_path) == [("b-1\x1f#0", 6), ("b-1\x1f#1", 8), ("b-1\x1f#2", 10)]
    async with opened(journal_path, clock) as floor:
        after = await batch(floor, items)
        assert floor.engine.head == 10
    assert revisions(first) == revisions(again) == revisions(after) == [6, 7, 8, 9, 10]
    assert replayed(again) == replayed(after) == [True] * 5


@pytest.mark.parametrize("restart", [False, True])
async def test_a_batch_that_was_done_in_part_is_finished(
    journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, restart: bool
) -> None:
    """The journal failed between two commits of a batch: what was done is answered, the rest is done, and kept as well."""
    monkeypatch.setattr(committer, "BATCH_COST", 2)
    items = [choosing(name) for name in NAMES]
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        append, appended = floor.engine.journal.append, []

        async def failing(entries, answer_rows):
            if appended:
                raise JournalUnavailableError("the disk is gone")
            appended.append(len(entries))
            return await append(entries, answer_rows)

        floor.engine.journal.append = failing
        first = await batch(floor, items)
        floor.engine.journal.append = append
        assert revisions(first) == [6, 7] + [JournalUnavailableError] * 3
        if not restart:
            await floor.until(lambda: floor.engine.healthy)
            second = await batch(floor, items)
    async with opened(journal_path, clock) as floor:
        if restart:
            second = await batch(floor, items)
        third = await batch(floor, items)
        assert floor.engine.head == 10

    assert revisions(second) == revisions(third) == [6, 7, 8, 9, 10]
    assert replayed(second) == [True, True, False, False, False]
    assert replayed(third) == [True] * 5


@pytest.mark.parametrize("restart", [False, True])
async def test_a_refused_item_is_decided_anew(journal_path: Path, clock: FakeClock, restart: bool) -> None:
    """It may be mended; then its answer is a further part, and the batch that comes once more knows all."""
    items = [choosing("ana"), choosing("new"), choosing("ben")]
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        first = await batch(floor, items)
        assert revisions(await batch(floor, items)) == [6, StaffUnknownError, 7]
        await floor.create("new")
        if not restart:
            second = await batch(floor, items)
    async with opened(journal_path, clock) as floor:
        if restart:
            second = await batch(floor, items)
        third = await batch(floor, items)

    assert revisions(first) == [6, StaffUnknownError, 7]
    assert revisions(second) == revisions(third) == [6, 9, 7]
    assert replayed(second) == [True, False, True]
    assert replayed(third) == [True] * 3
    assert kept(journal_path) == [("b-1\x1f#0", 6), ("b-1\x1f#1", 9)]


async def test_an_item_that_would_be_refused_now_gets_its_answer(journal_path: Path, clock: FakeClock) -> None:
    """All of them are refused, so nothing is appended that would tell of the first time."""
    items = [
        JobRequest(transactions.create_staff(TENANT, commands.CreateStaff(name, "", (), ORIGIN)), None, b"new")
        for name in NAMES
    ]
    async with opened(journal_path, clock) as floor:
        first = await batch(floor, items)
    async with opened(journal_path, clock) as floor:
        again = await batch(floor, items)

        assert revisions(again) == revisions(first) == [1, 2, 3, 4, 5]
        assert replayed(again) == [True] * 5
        assert floor.engine.head == 5


async def test_a_refusal_that_cannot_be_looked_up_is_no_refusal(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have been done before; the caller is told to ask again. The other items have their answers."""
    await floor.create("ana")

    async def failing(_requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        raise JournalUnavailableError("the disk is gone")

    floor.engine.queue._book._look_up_left = 0
    monkeypatch.setattr(floor.engine.journal, "find_answers", failing)
    told = await batch(floor, [choosing("ana"), choosing("nobody")])

    assert revisions(told) == [2, JournalUnavailableError]


@pytest.mark.parametrize("where", ["at hand", "in the journal", "under way"])
async def test_an_item_with_other_content_is_refused(journal_path: Path, clock: FakeClock, where: str) -> None:
    """It alone; the refusal names the batch's id."""
    items, other = [choosing("ana"), choosing("ben")], [choosing("ana", content="another"), choosing("ben")]
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        if where == "under way":
            _, told = await asyncio.gather(batch(floor, items), batch(floor, other))
        else:
            await batch(floor, items)
        if where == "at hand":
            told = await batch(floor, other)
    async with opened(journal_path, clock) as floor:
        if where == "in the journal":
            told = await batch(floor, other)
        assert floor.engine.head == 7

    assert revisions(told) == [RequestIdReusedError, 7]
    assert isinstance(told[0], RequestIdReusedError)
    assert told[0].request_id == "b-1"


@pytest.mark.parametrize("where", ["at hand", "in the journal", "at the commit", "under way"])
async def test_a_batch_with_other_items_is_refused_whole(journal_path: Path, clock: FakeClock, where: str) -> None:
    """What it has more is not taken either: half of it would be done."""
    items, longer = [choosing("ana"), choosing("ben")], [choosing("ana"), choosing("ben"), choosing("cem")]
    async with opened(journal_path, clock) as floor:
        await floor.create(*NAMES)
        if where == "under way":
            _, answers = await asyncio.gather(batch(floor, items), batch(floor, longer))
        else:
            await batch(floor, items)
        if where == "at hand":
            answers = await batch(floor, longer)
    async with opened(journal_path, clock) as floor:
        if where == "at the commit":
            floor.engine.queue._book._look_up_left = 0
        if where in ("in the journal", "at the commit"):
            answers = await batch(floor, longer)
        assert floor.engine.head == 7
        assert (await floor.choose("cem")).applied

    assert revisions(answers) == [RequestIdReusedError] * 3


async def test_many_at_the_same_time_have_one_effect(floor: Floor) -> None:
    """Of equal batches one is done; the others wait for it. An item refused then and possible now is done once, too."""
    await floor.create(*NAMES)
    items = [choosing("ana"), choosing("new"), choosing("ben")]
    answers = await asyncio.gather(*(batch(floor, items) for _ in range(6)))
    await floor.create("new")
    later = await asyncio.gather(*(batch(floor, items) for _ in range(6)))

    assert sorted(replayed(one) for one in answers) == [[False, False], *([[True, True]] * 5)]
    assert [revisions(one) for one in later] == [[6, 9, 7]] * 6
    assert sorted(replayed(one)[1] for one in later) == [False] + [True] * 5
    assert not floor.engine.queue._book._batches


@pytest.mark.parametrize("turns", range(6))
async def test_a_batch_whose_caller_gave_up_is_done_once(floor: Floor, turns: int) -> None:
    """Whether the first attempt was taken or not, the second has the one effect."""
    await floor.create(*NAMES)
    items = [choosing(name, BUSY) for name in NAMES]
    gone = asyncio.create_task(batch(floor, items))
    for _ in range(turns):
        await asyncio.sleep(0)
    gone.cancel()
    again = await batch(floor, items)

    assert revisions(again) == [6, 7, 8, 9, 10]
    assert floor.engine.head == 10
    await floor.until(lambda: not floor.engine.queue._book._batches)


async def test_a_batch_that_is_no_longer_at_hand_is_found_in_the_journal(floor: Floor) -> None:
    """Memory holds a bounded number of answers; the commit finds the part that is there and asks no item twice."""
    floor.engine.queue._book._cache = AnswerCache(bytes_most=1)
    await floor.create(*NAMES, "new")
    items = [choosing("ana"), choosing("new", BUSY)]
    await batch(floor, items)
    await batch(floor, [choosing("ben")], "b-2")
    again = await batch(floor, items)

    assert (revisions(again), replayed(again)) == ([7, 8], [True, True])
    assert floor.engine.head == 9


async def test_batches_of_tenants_are_apart(floor: Floor) -> None:
    """The same batch id in another tenant is another batch."""
    await floor.create("ana")
    await batch(floor, [choosing("ana")])
    create = transactions.create_staff("other", commands.CreateStaff("ana", "", (), ORIGIN))
    (other,) = await floor.engine.transact_all("other", [JobRequest(create, None, b"ana")], RequestKey("b-1", b"1"))

    assert isinstance(other, Answer)
    assert not other.replayed


async def test_an_error_among_the_items_keeps_its_place(floor: Floor) -> None:
    """What was found at fault before is told where it stands, and moves no item's place."""
    await floor.create(*NAMES)
    fault = StaffUnknownError("nobody")
    first = await batch(floor, [choosing("ana"), fault, choosing("ben")])
    again = await batch(floor, [choosing("ana"), fault, choosing("ben")])

    assert first[1] is again[1] is fault
    assert revisions([first[0], first[2]]) == revisions([again[0], again[2]]) == [6, 7]


@UNHURRIED
@given(
    st.lists(
        st.builds(
            ItemAnswer,
            st.integers(0, 999),
            st.binary(max_size=16),
            st.one_of(st.none(), st.integers(40, 600)),
            st.integers(0, 1 << 53).map(Revision),
            st.dictionaries(st.text(), st.one_of(st.booleans(), st.text(), st.lists(st.text()))),
        ),
        unique_by=lambda one: one.number,
        max_size=20,
    )
)
def test_parts_tell_what_was_packed(items: list[ItemAnswer]) -> None:
    """A part is read as it was written, its revisions counted from the part's own."""
    known = BatchAnswers("t", RequestKey("b", b""))
    known.learn(StoredAnswer(b"", Revision(1000), pack_part(items, 40)))

    for one in items:
        found = known.answer(one.number)
        assert found is not None
        assert found.fingerprint == one.fingerprint
        assert found.revision == (one.revision if one.entry is None else 1000 + one.entry - 40)
        assert unpack_detail(found.detail) == one.detail
    assert known.answer(1000) is None
    assert known.next_place == ("t", "b\x1f#1")


def test_what_an_earlier_part_says_counts() -> None:
    """An answer that was given once is not replaced."""
    known = BatchAnswers("t", RequestKey("b", b""))
    for revision in (5, 9):
        part = pack_part([ItemAnswer(0, b"x", 0, Revision(0), {}), ItemAnswer(revision, b"x", 1, Revision(0), {})], 0)
        known.learn(StoredAnswer(b"", Revision(revision), part))

    assert {number: known.answer(number).revision for number in (0, 5, 9)} == {0: 5, 5: 6, 9: 10}  # type: ignore[union-attr]


async def test_refused_and_unapplied_items_of_equal_staff(floor: Floor) -> None:
    """An item that changed nothing shows the state that the item before it in the same commit made."""
    await floor.create("ana")
    items = [choosing("ana", BUSY, content="1"), choosing("ana", BUSY, content="2")]
    first = await batch(floor, items)
    again = await batch(floor, items)

    assert revisions(first) == revisions(again) == [2, 2]
    assert [one.applied for one in again if isinstance(one, Answer)] == [True, False]
    assert floor.state("ana").status is Status.BUSY


async def test_a_batch_that_comes_while_another_has_just_been_done_is_its_repeat(floor: Floor) -> None:
    """Between the commit of an item and its caller's answer a second call finds it done, not under way and not new."""
    await floor.create("ana", "ben")
    book = floor.engine.queue._book
    held = book.begin_batch(TENANT, RequestKey("b-1", b"2"))  # a first call that has not got its answers yet
    items = [choosing("ana"), choosing("ben")]
    await batch(floor, items)
    again = await batch(floor, items)
    book.end_batch(held)

    assert replayed(again) == [True, True]
    assert floor.engine.head == 4
