"""The journal in one SQLite file: the default, which needs nothing else."""

from onduty_server.adapters.sqlite.journal import SqliteJournal
from onduty_server.ports import JournalOpenError

__all__ = ["JournalOpenError", "SqliteJournal"]
