"""What every journal must hold about appending. Part of ``journal_contract.py``."""

import asyncio

import pytest
from adapters.journal_entries import JournalFactory, answer_of, answer_row, entry, latest, revisions, staff

from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import (
    EPOCH_BITS,
    DuplicateAnswersError,
    Journal,
    JournalLockedError,
    Key,
    Record,
    RecordKind,
    Revision,
    StaleEntriesError,
    StoredAnswer,
)


class AppendingContract:
    """Order, the guard, answers, durability."""

    async def test_revisions_start_at_one_and_have_no_gaps(self, journal: Journal):
        """Each entry gets the next revision, also across batches and after a refused one."""
        assert await journal.head() == 0
        assert await journal.append([entry("anna"), entry("ben")], []) == [1, 2]
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("cleo"), entry("anna")], [])
        assert await journal.append([entry("cleo")], []) == [3]
        assert await journal.head() == 3
        assert revisions(await journal.read(0, 10)) == [1, 2, 3]

    async def test_an_empty_batch_appends_nothing(self, journal: Journal):
        """No entries and no answers is no error."""
        assert await journal.append([], []) == []
        assert await journal.head() == 0

    async def test_a_record_is_what_was_appended(self, journal: Journal):
        """Key, bytes and the revision before it come back as they were."""
        await journal.append([entry("anna", state=b"1")], [])
        await journal.append([entry("anna", 1, state=b"\x00\xff", private=b"", change=b"")], [])
        record = await journal.record(2)
        assert record == Record(2, 1, Key("acme", RecordKind.STAFF, "anna"), b"\x00\xff", b"", b"")
        assert isinstance(record.key.kind, RecordKind)

    async def test_a_stale_entry_refuses_the_whole_batch(self, journal: Journal):
        """Neither the entries before it nor the answers are kept, and the error names all that are stale."""
        await journal.append([entry("anna"), entry("ben")], [])
        with pytest.raises(StaleEntriesError) as stale:
            await journal.append(
                [entry("cleo"), entry("ben", 2), entry("anna", 2), entry("ben", 1)], [answer_row("r", entry=0)]
            )
        assert stale.value.indexes == (2, 3)
        assert await journal.head() == 2
        assert await answer_of(journal, "acme", "r") is None
        assert revisions(await latest(journal)) == [1, 2]

    @pytest.mark.parametrize("expected", [1, 2, 4])
    async def test_the_guard_takes_only_the_last_revision(self, journal: Journal, expected: int):
        """A revision of the key that is not its last, and one that is not the key's at all, are stale."""
        await journal.append([entry("anna"), entry("anna"), entry("ben")], [])
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("ben", expected)], [])
        assert await journal.append([entry("ben", 3), entry("anna", 2)], []) == [4, 5]

    async def test_an_unknown_key_is_expected_at_zero(self, journal: Journal):
        """A revision expected of a key that has none is stale."""
        await journal.append([entry("anna")], [])
        with pytest.raises(StaleEntriesError) as stale:
            await journal.append([entry("ben", 1)], [])
        assert stale.value.indexes == (0,)

    async def test_entries_of_one_key_follow_each_other_in_a_batch(self, journal: Journal):
        """All carry the revision before the batch; each record names the one before it."""
        await journal.append([entry("anna")], [])
        assert await journal.append([entry("anna", 1), entry("ben"), entry("anna", 1), entry("anna", 1)], []) == [2, 3, 4, 5]
        assert [(r.revision, r.previous) for r in await journal.read(0, 10)] == [(1, 0), (2, 1), (3, 0), (4, 2), (5, 4)]
        assert revisions(await latest(journal)) == [3, 5]

    async def test_entries_of_one_key_must_agree_in_a_batch(self, journal: Journal):
        """A later one that expects what the earlier one makes is stale: the engine never means that."""
        await journal.append([entry("anna")], [])
        for batch in ([entry("anna", 1), entry("anna", 2)], [entry("ben"), entry("ben", 2)]):
            with pytest.raises(StaleEntriesError) as stale:
                await journal.append(batch, [])
            assert stale.value.indexes == (1,)
        assert await journal.head() == 1

    async def test_keys_differ_by_tenant_kind_and_name(self, journal: Journal):
        """The same name of another tenant or kind is another key; an empty name is one."""
        keys = [staff("x"), staff("x", "other"), Key("acme", RecordKind.BREAK_REASON, "x"), Key("acme", RecordKind.POLICY, "")]
        assert await journal.append([entry(key) for key in keys], []) == [1, 2, 3, 4]
        assert [record.key for record in await latest(journal)] == keys

    @pytest.mark.parametrize("name", ["Zoë Å", "Zoe\u0308", "山田太郎", "👩🏽‍💻", "a'b\"c%_\\", "ANNA", " anna "])
    async def test_names_are_taken_as_they_are(self, journal: Journal, name: str):
        """No folding of case, no normalization, no trimming, in keys, tenants and request ids."""
        other = name.strip().casefold() if name in {"ANNA", " anna "} else "Zoë"
        await journal.append([entry(staff(name, name)), entry(staff(other, name))], [answer_row(name, tenant=name, entry=0)])
        record = await journal.record(1)
        assert record.key == (name, RecordKind.STAFF, name)
        assert (await answer_of(journal, name, name)).revision == 1
        assert await answer_of(journal, name, other) is None
        assert revisions(await journal.read(0, 5, tenant=name)) == [1, 2]

    async def test_large_states_are_kept_whole(self, journal: Journal):
        """A state of several megabytes comes back byte by byte."""
        blob = bytes(range(256)) * 16_384
        await journal.append([entry("anna", state=blob, private=blob[1:], change=blob[2:])], [])
        record = await journal.record(1)
        assert (record.state, record.private, record.change) == (blob, blob[1:], blob[2:])

    @pytest.mark.parametrize("count", [2, 3, 255, 256, 257, 1_000])
    async def test_batches_of_any_size(self, journal: Journal, count: int):
        """Entries and answers keep their order and their places."""
        batch = [entry(f"staff-{number}", state=b"%d" % number) for number in range(count)]
        assert await journal.append(batch, [answer_row(f"r-{number}", entry=number) for number in range(count)]) == [
            *range(1, count + 1)
        ]
        assert [record.state for record in await journal.read(0, count)] == [b"%d" % number for number in range(count)]
        assert (await answer_of(journal, "acme", f"r-{count - 1}")).revision == count
        again = [entry(f"staff-{number}", number + 1) for number in range(count)]
        assert (await journal.append(again, []))[-1] == 2 * count

    async def test_an_answer_points_to_its_entry_or_to_a_revision(self, journal: Journal):
        """What is kept is the revision of the batch's entry, or the one given."""
        await journal.append([entry("anna")], [])
        await journal.append(
            [entry("ben"), entry("cleo")], [answer_row("a", entry=1, detail=b"d"), answer_row("b", revision=1)]
        )
        assert await answer_of(journal, "acme", "a") == StoredAnswer(b"print", 3, b"d")
        assert await answer_of(journal, "acme", "b") == StoredAnswer(b"print", 1, b"")
        assert await answer_of(journal, "acme", "c") is None
        assert await answer_of(journal, "other", "a") is None
        assert await answer_of(journal, "nobody", "a") is None

    async def test_answers_can_be_appended_alone(self, journal: Journal):
        """A command that changed nothing has an answer all the same."""
        await journal.append([entry("anna")], [])
        assert await journal.append([], [answer_row("a", revision=1)]) == []
        assert await journal.head() == 1
        assert (await answer_of(journal, "acme", "a")).revision == 1

    async def test_a_duplicate_answer_refuses_the_whole_batch(self, journal: Journal):
        """Nothing is appended, and the error brings the answer that is kept."""
        await journal.append([entry("anna")], [answer_row("a", entry=0, fingerprint=b"first", detail=b"d")])
        with pytest.raises(DuplicateAnswersError) as duplicate:
            await journal.append([entry("ben")], [answer_row("b", entry=0), answer_row("a", entry=0, fingerprint=b"second")])
        assert duplicate.value.stored == {1: StoredAnswer(b"first", 1, b"d")}
        assert await journal.head() == 1
        assert await answer_of(journal, "acme", "b") is None
        assert (await answer_of(journal, "acme", "a")).fingerprint == b"first"
        assert await journal.append([entry("ben")], [answer_row("b", entry=0)]) == [2]

    async def test_all_duplicates_of_a_batch_are_reported_at_once(self, journal: Journal):
        """However many requests are repeated, one refusal brings all their answers."""
        await journal.append([], [answer_row(f"r-{number}", fingerprint=b"%d" % number) for number in range(0, 1500, 2)])
        with pytest.raises(DuplicateAnswersError) as duplicate:
            await journal.append([entry("ben")], [answer_row(f"r-{number}") for number in range(1500)])
        assert duplicate.value.stored == {number: StoredAnswer(b"%d" % number, 0, b"") for number in range(0, 1500, 2)}
        assert await journal.head() == 0

    async def test_answers_are_found_in_bulk(self, journal: Journal):
        """Those that are kept, of whichever tenants; nothing for the others."""
        await journal.append([], [answer_row("a"), answer_row("b"), answer_row("a", tenant="other", fingerprint=b"2")])
        asked = [("acme", "a"), ("other", "a"), ("other", "b"), ("nobody", "a"), *(("acme", f"x-{n}") for n in range(2000))]
        assert await journal.find_answers(asked) == {
            ("acme", "a"): StoredAnswer(b"print", 0, b""),
            ("other", "a"): StoredAnswer(b"2", 0, b""),
        }
        assert await journal.find_answers([]) == {}

    async def test_records_are_read_in_bulk(self, journal: Journal):
        """Those that are there, by their revisions."""
        await journal.append([entry(f"staff-{number}") for number in range(1200)], [])
        records = await journal.records([Revision(number) for number in (0, 3, 1200, 1201, *range(5, 1100))])
        assert sorted(records) == [3, *range(5, 1100), 1200]
        assert records[Revision(3)] == await journal.record(Revision(3))

    async def test_a_duplicate_within_a_batch_refuses_it(self, journal: Journal):
        """The second is the duplicate; what it duplicates has no revision yet."""
        with pytest.raises(DuplicateAnswersError) as duplicate:
            await journal.append(
                [entry("anna")], [answer_row("a", entry=0, fingerprint=b"first"), answer_row("b"), answer_row("a")]
            )
        assert duplicate.value.stored == {2: StoredAnswer(b"first", 0, b"")}
        assert await journal.head() == 0
        assert await answer_of(journal, "acme", "a") is None

    async def test_tenants_have_request_ids_of_their_own(self, journal: Journal):
        """The same id of another tenant is no duplicate."""
        await journal.append([], [answer_row("a", fingerprint=b"1"), answer_row("a", tenant="other", fingerprint=b"2")])
        assert (await answer_of(journal, "other", "a")).fingerprint == b"2"

    async def test_what_was_acknowledged_is_there_after_reopening(self, journal_factory: JournalFactory):
        """Records, answers, the store's name and the guard outlive the process; revisions go on."""
        journal = await journal_factory.open()
        store_id, epoch = journal.store_id, journal.epoch
        await journal.append([entry("anna"), entry("ben")], [answer_row("a", entry=1)])
        await journal.close()
        journal = await journal_factory.open()
        assert (journal.store_id, journal.epoch) == (store_id, epoch)
        assert await journal.head() == 2
        assert (await answer_of(journal, "acme", "a")).revision == 2
        with pytest.raises(StaleEntriesError):
            await journal.append([entry("anna")], [])
        assert await journal.append([entry("anna", 1)], []) == [3]
        await journal.close()

    async def test_each_store_has_a_name_of_its_own(self, journal_factory: JournalFactory):
        """16 hex digits, so that positions of one store are never taken for another's; and an epoch, of 48 bits."""
        names, epochs = [], []
        for factory in (journal_factory, journal_factory.another()):
            journal = await factory.open()
            names.append(journal.store_id)
            epochs.append(journal.epoch)
            await journal.close()
        assert all(len(name) == 16 and int(name, 16) >= 0 for name in names)
        assert names[0] != names[1]
        assert all(0 < epoch < 1 << EPOCH_BITS for epoch in epochs)
        assert epochs[0] != epochs[1]

    async def test_close_is_idempotent(self, journal: Journal):
        """Also when called twice at once; after it, everything else fails as unavailable."""
        await journal.append([entry("anna")], [])
        await asyncio.gather(journal.close(), journal.close())
        await journal.close()
        for call in (journal.head(), journal.append([entry("ben")], []), journal.read(0, 1), latest(journal)):
            with pytest.raises(JournalUnavailableError):
                await call

    async def test_closing_waits_for_appends(self, journal_factory: JournalFactory):
        """An append that is under way when the journal is closed is not lost without a word."""
        journal = await journal_factory.open()
        append = asyncio.create_task(journal.append([entry("anna")], []))
        await asyncio.sleep(0)
        await journal.close()
        assert await append == [1]
        journal = await journal_factory.open()
        assert await journal.head() == 1
        await journal.close()

    async def test_a_storage_is_opened_as_often_as_it_may_be(self, journal_factory: JournalFactory):
        """A shared one twice, and both append in one order; another only once."""
        first = await journal_factory.open()
        if not journal_factory.shared:
            with pytest.raises(JournalLockedError):
                await journal_factory.open()
            await first.close()
            return
        second = await journal_factory.open()
        appends = [journal.append([entry(f"{n}-{i}")], []) for i in range(50) for n, journal in enumerate((first, second))]
        assert sorted(revision for (revision,) in await asyncio.gather(*appends)) == [*range(1, 101)]
        assert await first.head() == await second.head() == 100
        await first.close()
        await second.close()
