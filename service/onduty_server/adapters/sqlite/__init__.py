"""The journal in one SQLite file: the default, which needs nothing else."""

from onduty_server.adapters.sqlite.file_checks import JournalOpenError
from onduty_server.adapters.sqlite.journal import SqliteJournal

__all__ = ["JournalOpenError", "SqliteJournal"]
