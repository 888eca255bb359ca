"""Opens the journal named, appends one record, says "open", and stays until it is killed."""

import asyncio
import sys
from pathlib import Path

from adapters.journal_entries import entry

from onduty_server.adapters.sqlite import SqliteJournal


async def main(path: Path) -> None:
    """Hold it."""
    journal = await SqliteJournal.open(path)
    await journal.append([entry("anna")], [])
    print("open", flush=True)  # noqa: T201 - the test waits for it.
    await asyncio.Event().wait()


asyncio.run(main(Path(sys.argv[1])))
