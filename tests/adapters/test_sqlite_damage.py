"""A journal's file with a damaged bit: what is read is what was appended, or an error says which record is not."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from adapters.journal_entries import entry, latest, person

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.sqlite import JournalOpenError, SqliteJournal
from onduty_server.adapters.sqlite.inspection import verify
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.past import ConfigurationQuery, Erasure, HistoryQuery, Life, PendingErasure, PersonQuery
from onduty_server.ports import Key, Record, RecordDamagedError, RecordKind, Revision
from onduty_server.wire.codec import ProtobufCodec

POLICY = Key("acme", RecordKind.POLICY, "")
TOLD = r"revision {} of the journal is damaged.*onduty journal verify.*restore the newest backup"


async def made(path: Path, count: int = 0) -> bytes:
    """A journal: ana, ben who is deleted, a policy, and others; closed."""
    journal = await SqliteJournal.open(path)
    await journal.append(
        [
            entry("ana", state=b"state of ana", private=b"private of ana", change=b"change of ana"),
            entry("ben", state=b"state of ben", change=b"change of ben"),
            entry("ben", state=b"tombstone of ben", change=b"deletion of ben", life=Life.ENDS),
            entry(POLICY, state=b"a policy", configuration=b"why the policy"),
        ],
        [],
    )
    for number in range(count):
        await journal.append([entry(f"staff-{number}", state=b"%d" % number * 40, change=b"c%d" % number)], [])
    await journal.close()
    return path.read_bytes()


def damage(path: Path, text: bytes, bit: int = 3) -> None:
    """Flip one bit in the middle of these bytes, which stand in the file once."""
    content = bytearray(path.read_bytes())
    assert content.count(text) == 1
    content[content.index(text) + len(text) // 2] ^= 1 << bit
    path.write_bytes(content)


READS: dict[str, tuple[bytes, int, Callable[[SqliteJournal], object]]] = {
    "a record": (b"state of ana", 1, lambda journal: journal.record(Revision(1))),
    "its private part": (b"private of ana", 1, lambda journal: journal.record(Revision(1))),
    "records": (b"change of ana", 1, lambda journal: journal.records([Revision(2), Revision(1)])),
    "the log": (b"change of ben", 2, lambda journal: journal.read(Revision(0), 10)),
    "a tenant's log": (b"change of ben", 2, lambda journal: journal.read(Revision(0), 10, tenant="acme")),
    "the latest records": (b"a policy", 4, latest),
    "the history": (b"state of ben", 2, lambda journal: journal.history(HistoryQuery("acme"))),
    "configuration": (b"why the policy", 4, lambda journal: journal.configuration_changes(ConfigurationQuery("acme"))),
    "deleted persons": (b"tombstone of ben", 3, lambda journal: journal.persons(PersonQuery("acme"))),
}


@pytest.mark.parametrize(("text", "revision", "read"), READS.values(), ids=READS.keys())
async def test_a_damaged_record_is_told_when_it_is_read(journal_path: Path, text: bytes, revision: int, read: Callable):
    """With its revision and what to do. The other records are there as before, and verify names the same one."""
    await made(journal_path)
    damage(journal_path, text)
    assert [one for one in verify(journal_path, ProtobufCodec()).problems if f"revision {revision} is damaged" in one]
    journal = await SqliteJournal.open(journal_path)
    for _ in range(2):
        with pytest.raises(RecordDamagedError, match=TOLD.format(revision)) as told:
            await read(journal)
        assert told.value.revision == revision
    for other in {1, 2, 3, 4} - {revision}:
        assert (await journal.record(Revision(other))).revision == other
    await journal.append([entry("cleo")], [])
    await journal.close()


async def test_a_damaged_name_is_told_of_the_record(journal_path: Path):
    """Names stand once for all records; whose record it is counts as much as what is in it."""
    journal = await SqliteJournal.open(journal_path)
    await journal.append([entry("somebody")], [])
    await journal.close()
    content = journal_path.read_bytes()
    assert content.count(b"somebody") == 2, "in the table of names, and in its index"
    journal_path.write_bytes(content.replace(b"somebody", b"somebodx"))
    journal = await SqliteJournal.open(journal_path)
    with pytest.raises(RecordDamagedError, match="revision 1 "):
        await journal.record(Revision(1))
    await journal.close()


async def test_an_erasure_does_not_make_damage_right(journal_path: Path):
    """A record that is rewritten must have been right before."""
    await made(journal_path)
    damage(journal_path, b"state of ben")
    journal = await SqliteJournal.open(journal_path)
    pseudonym = person("ben", 9)
    order = Erasure(person("ben"), pseudonym, Revision(3), b"scrubbed", b"", b"", b"")
    await journal.append([entry(Key("acme", RecordKind.ERASURE, pseudonym), state=b"3", erases=order)], [])
    (pending,) = await journal.erasures()
    assert pending == PendingErasure("acme", pseudonym, "ben")
    with pytest.raises(RecordDamagedError, match="revision 2 "):
        await journal.erase(pending, ProtobufCodec(), limit=10)
    await journal.close()


async def test_no_flipped_bit_changes_what_is_read(journal_path: Path):
    """Anywhere in the file: a record comes back as it was or not at all; and where one is missing, verify says so."""
    whole = await made(journal_path, 60)
    journal = await SqliteJournal.open(journal_path)
    right = await journal.read(Revision(0), 100)
    await journal.close()
    rng, noticed = random.Random(11), 0
    for _ in range(60):
        flipped = bytearray(whole)
        flipped[rng.randrange(100, len(whole))] ^= 1 << rng.randrange(8)
        journal_path.write_bytes(flipped)
        found = await read_all(journal_path)
        if found != right:
            noticed += 1
            assert found is None or all(record in right for record in found)
            assert found is None or verify(journal_path, ProtobufCodec()).problems
        for suffix in ("-wal", "-shm", ".lock"):
            journal_path.with_name(journal_path.name + suffix).unlink(missing_ok=True)
    assert noticed


async def read_all(path: Path) -> list[Record] | None:
    """All records, or None where an error says that something is wrong."""
    try:
        journal = await SqliteJournal.open(path)
    except JournalOpenError:
        return None
    try:
        return await journal.read(Revision(0), 100)
    except (JournalUnavailableError, RecordDamagedError):
        return None
    finally:
        await journal.close()


def test_every_part_counts():
    """A checksum is of each part and of where one ends and the next begins."""
    parts = (7, 3, "acme", 1, "ana", b"state", b"private", b"change", b"configuration")
    others = [
        (8, 3, "acme", 1, "ana", b"state", b"private", b"change", b"configuration"),
        (7, 4, "acme", 1, "ana", b"state", b"private", b"change", b"configuration"),
        (7, 3, "acmd", 1, "ana", b"state", b"private", b"change", b"configuration"),
        (7, 3, "acme", 2, "ana", b"state", b"private", b"change", b"configuration"),
        (7, 3, "acme", 1, "anb", b"state", b"private", b"change", b"configuration"),
        (7, 3, "acme", 1, "ana", b"statep", b"rivate", b"change", b"configuration"),
        (7, 3, "acme", 1, "ana", b"state", b"privatec", b"hange", b"configuration"),
        (7, 3, "acme", 1, "ana", b"state", b"private", b"changec", b"onfiguration"),
        (7, 3, "acme", 1, "ana", b"state", b"private", b"change", b"configuratioo"),
        (-7, 3, "acme", 300, "ana", b"state", b"private", b"change", b"configuration"),
    ]
    sums = {checksum(*one) for one in [parts, *others]}
    assert len(sums) == len(others) + 1
