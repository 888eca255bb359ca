"""Appends batches to the journal named, as fast as it can, and prints the last revision of each that was acknowledged.

Each batch has a number, and each of its records says which, its place, and how many there are.
"""

import asyncio
import random
import sys
from pathlib import Path

from adapters.journal_entries import answer_row, entry

from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.ports import Journal


async def append(journal: Journal, worker: int, seed: int) -> None:
    """One of several that append at once."""
    rng = random.Random(f"{seed} {worker}")
    last: dict[str, int] = {}
    for number in range(1_000_000):
        size = rng.choice([1, 1, 1, 2, 5, 40])
        names = [f"{seed}-{worker}-{rng.randrange(20)}-{place % 3}" for place in range(size)]
        batch = [
            entry(name, last.get(name, 0), state=f"{worker} {number} {place} {size}".encode())
            for place, name in enumerate(names)
        ]
        revisions = await journal.append(batch, [answer_row(f"{seed}-{worker}-{number}", entry=size - 1)])
        last.update(zip(names, revisions, strict=True))
        print(revisions[-1], f"{seed}-{worker}-{number}", flush=True)  # noqa: T201 - the test reads it.


async def main(path: Path, seed: int) -> None:
    """Append until killed."""
    journal = await SqliteJournal.open(path)
    await asyncio.gather(*(append(journal, worker, seed) for worker in range(3)))


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
