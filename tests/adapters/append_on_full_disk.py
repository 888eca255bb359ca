"""Appends to the journal named until the system refuses to let its files grow, then on after they may; asserts all the way.

It runs as a process of its own, as the limit is the process's.
"""

import asyncio
import resource
import sqlite3
import sys
from pathlib import Path

from adapters.journal_entries import answer_of, answer_row, entry, latest, revisions, staff

from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import Journal


async def append(journal: Journal, name: str, acknowledged: list[int]) -> bool:
    """Append two records, one of a new tenant, with an answer; whether that went well. If not, nothing is there."""
    try:
        batch = [entry(staff(name, tenant=name), state=bytes(3_000)), entry(f"{name}+")]
        acknowledged += await journal.append(batch, [answer_row(name, entry=0)])
    except JournalUnavailableError as unavailable:
        error = unavailable
    else:
        return True
    assert isinstance(error.__cause__, sqlite3.Error)
    assert "append to" in str(error)
    assert await journal.head() == len(acknowledged)
    assert await answer_of(journal, "acme", name) is None
    return False


async def main(path: Path) -> None:
    """Fill it, fail, recover; three times, as the WAL is in another state each time."""
    journal = await SqliteJournal.open(path)
    acknowledged: list[int] = []
    number = 0
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for spare in (0, 1_000, 30_000):
        most = max(file.stat().st_size for file in path.parent.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (most + spare, hard))
        failures = 0
        while failures < 5:
            done = await append(journal, f"{spare}-{number}", acknowledged)
            number, failures = number + done, failures + (not done)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        for _ in range(20):
            assert await append(journal, f"{spare}-{number}", acknowledged)
            number += 1
    await journal.close()
    journal = await SqliteJournal.open(path)
    assert acknowledged == [*range(1, len(acknowledged) + 1)]
    records = await journal.read(0, 10_000)
    assert revisions(await latest(journal)) == revisions(records) == acknowledged
    assert all(record.key.tenant == record.key.name for record in records[::2])
    await journal.close()


asyncio.run(main(Path(sys.argv[1])))
