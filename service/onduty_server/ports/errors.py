"""What a journal refuses, and why it cannot be opened or read."""

from onduty_server.past import Revision
from onduty_server.ports.records import StoredAnswer


class StaleEntriesError(Exception):
    """The keys of entries have other last revisions than expected. Nothing of the batch was appended."""

    def __init__(self, indexes: tuple[int, ...]) -> None:
        """``indexes`` are those of all such entries of the batch, ascending."""
        super().__init__(f"stale entries: {', '.join(map(str, indexes))}")
        self.indexes = indexes


class DuplicateAnswersError(Exception):
    """Answers are kept already for request ids of the batch. Nothing of it was appended."""

    def __init__(self, stored: dict[int, StoredAnswer]) -> None:
        """``stored`` has the kept answers, by the index of each such row of the batch."""
        super().__init__(f"answered before: {', '.join(map(str, stored))}")
        self.stored = stored


class RecordDamagedError(Exception):
    """A record in the storage is not what was appended. The others may be right; the damage is for a person to look at."""

    def __init__(self, revision: Revision) -> None:
        """``revision`` is that of the record."""
        super().__init__(
            f"revision {revision} of the journal is damaged, as its checksum says: look at the disk, see with "
            "`onduty journal verify` what else is, and restore the newest backup that verifies"
        )
        self.revision = revision


class JournalOpenError(Exception):
    """The storage is no journal, or cannot be opened. The message says why and what to do."""


class JournalLockedError(Exception):
    """Another process holds the journal. The message says which and, where known, by which process."""
