"""Journal files for the contract suite."""

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from onduty_server.adapters.sqlite import SqliteJournal


@dataclass
class SqliteFactory:
    """A file, not there at first."""

    directory: Path
    number: int = 0
    numbers: count = field(default_factory=lambda: count(1))
    shared = False

    async def open(self) -> SqliteJournal:
        """Open it."""
        return await SqliteJournal.open(self.directory / f"journal-{self.number}.db")

    def another(self) -> "SqliteFactory":
        """A file beside it."""
        return SqliteFactory(self.directory, next(self.numbers), self.numbers)
