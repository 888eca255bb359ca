"""What every journal must hold about reading. Part of ``journal_contract.py``."""

import asyncio
import random

from adapters.journal_entries import entry, latest, revisions, staff

from onduty_server.ports import Journal


class ReadingContract:
    """The latest records, reading on, single records, readers beside a writer."""

    async def test_an_empty_journal_answers_everything_with_nothing(self, journal: Journal):
        """No record, no horizon, no chunk."""
        assert await journal.horizon("acme") == 0
        assert await latest(journal) == []
        assert await journal.read(0, 10) == await journal.read(0, 10, tenant="acme") == []
        assert await journal.record(1) is None
        assert await journal.record(0) is None

    async def test_latest_is_the_last_record_of_every_key(self, journal: Journal):
        """By ascending revision, over all tenants."""
        await journal.append([entry("anna"), entry("ben"), entry(staff("anna", "other"))], [])
        await journal.append([entry("anna", 1, state=b"new")], [])
        records = await latest(journal)
        assert [(r.revision, r.key) for r in records] == [(2, staff("ben")), (3, staff("anna", "other")), (4, staff("anna"))]
        assert records[-1].state == b"new"
        assert records[-1].previous == 1

    async def test_when_a_revision_was_recorded(self, journal: Journal):
        """That of the newest kept record up to it, of whichever tenant and kind; None where none is kept."""
        assert await journal.recorded_at(1) is None
        await journal.append([entry("anna", at=10), entry("ben", at=20, recorded_at=25)], [])
        await journal.append([entry("anna", 1, at=30)], [])
        assert [await journal.recorded_at(revision) for revision in (0, 1, 2, 3, 9)] == [None, 10, 25, 30, 30]
        assert await journal.forget("acme", 15, limit=10) == 1
        assert [await journal.recorded_at(revision) for revision in (1, 2)] == [None, 25]

    async def test_latest_comes_in_chunks(self, journal: Journal):
        """Many keys make several chunks, in order, none empty, nothing twice."""
        for start in range(0, 5_000, 1_000):
            await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
        await journal.append([entry("staff-3", 4)], [])
        chunks = [chunk async for chunk in journal.latest()]
        assert len(chunks) > 1
        assert all(chunks)
        assert [revision for chunk in chunks for revision in revisions(chunk)] == [1, 2, 3, *range(5, 5_002)]

    async def test_latest_is_as_of_one_moment(self, journal: Journal):
        """What is appended and forgotten while the chunks are read is not in them."""
        for start in range(0, 5_000, 1_000):
            await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
        chunks = journal.latest()
        seen = revisions(await anext(chunks))
        await journal.append([entry("staff-0", 1, at=2_000), entry("staff-4999", 5_000, at=2_000), entry("new")], [])
        assert await journal.forget("acme", 1_500, limit=10_000) == 2
        async for chunk in chunks:
            seen += revisions(chunk)
        assert seen == [*range(1, 5_001)]

    async def test_latest_can_be_left_early(self, journal: Journal):
        """Dropping it half-way keeps nothing from going on."""
        for start in range(0, 3_000, 1_000):
            await journal.append([entry(f"staff-{number}") for number in range(start, start + 1_000)], [])
        chunks = journal.latest()
        await anext(chunks)
        await chunks.aclose()
        assert await journal.append([entry("more")], []) == [3_001]
        assert len(await latest(journal)) == 3_001

    async def test_read_goes_on_after_a_revision(self, journal: Journal):
        """In order, up to the limit, nothing after the end."""
        await journal.append([entry(f"staff-{number}") for number in range(10)], [])
        assert revisions(await journal.read(0, 4)) == [1, 2, 3, 4]
        assert revisions(await journal.read(4, 100)) == [5, 6, 7, 8, 9, 10]
        assert await journal.read(10, 100) == await journal.read(99, 100) == []

    async def test_read_of_one_tenant(self, journal: Journal):
        """Only its records count towards the limit; an unknown tenant has none."""
        tenants = ["acme", "other", "other", "acme", "other", "acme"]
        await journal.append([entry(staff(f"staff-{n}", tenant)) for n, tenant in enumerate(tenants)], [])
        assert revisions(await journal.read(0, 2, tenant="acme")) == [1, 4]
        assert revisions(await journal.read(4, 2, tenant="acme")) == [6]
        assert revisions(await journal.read(1, 9, tenant="other")) == [2, 3, 5]
        assert await journal.read(0, 9, tenant="nobody") == []

    async def test_readers_see_committed_prefixes_only(self, journal: Journal):
        """While batches are appended, every read ends with a batch's last record, and reading on skips nothing."""
        rng = random.Random(1)
        sizes = [rng.randint(1, 40) for _ in range(60)]

        async def write() -> None:
            for batch, size in enumerate(sizes):
                fate = [b"last" if number == size - 1 else b"more" for number in range(size)]
                await journal.append([entry(f"{batch}-{n}", state=state) for n, state in enumerate(fate)], [])

        async def follow(tenant: str | None) -> None:
            position = 0
            while position < sum(sizes):
                records = await journal.read(position, 10_000, tenant=tenant)
                assert revisions(records) == [*range(position + 1, position + 1 + len(records))]
                assert not records or records[-1].state == b"last"
                position += len(records)
                assert await journal.head() >= position

        async with asyncio.timeout(60):
            await asyncio.gather(write(), follow(None), follow("acme"))

    async def test_the_writer_reads_what_it_wrote(self, journal: Journal):
        """An acknowledged append is seen by every read that begins after it."""
        for number in range(1, 50):
            await journal.append([entry(f"staff-{number}")], [])
            reads = await asyncio.gather(journal.head(), journal.read(number - 1, 5), journal.record(number), latest(journal))
            assert reads[0] == number
            assert revisions(reads[1]) == [number]
            assert reads[2].revision == number
            assert len(reads[3]) == number
