"""Opens the journal named, appends as many records as it is told (one), says "open", and stays until it is killed."""

import asyncio
import sys
from pathlib import Path

from adapters.journal_entries import answer_row, entry

from onduty_server.adapters.sqlite import SqliteJournal


async def main(path: Path, count: int = 1) -> None:
    """Hold it."""
    journal = await SqliteJournal.open(path)
    head = await journal.head()
    for number in range(head + 1, head + 1 + count):
        await journal.append([entry(f"staff-{number}", state=b"%d" % number * 100)], [answer_row(f"r-{number}", entry=0)])
    print("open", flush=True)  # noqa: T201 - the test waits for it.
    await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
