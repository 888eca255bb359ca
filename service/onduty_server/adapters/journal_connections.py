"""What a journal's connections can do, as protocols: one appends, others read. Each is of one thread, and blocks."""

from collections.abc import Sequence
from typing import Protocol

from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    ConfigurationQuery,
    HistoryQuery,
    PastPage,
    Person,
    PersonQuery,
    Place,
    Revision,
    Sums,
    SumsQuery,
)
from onduty_server.ports import Record, StoredAnswer


class Connection(Protocol):
    """A connection of one thread."""

    def close(self) -> None:
        """Disconnect."""


class RecordReader(Connection, Protocol):
    """Reads records; its methods are those of ``Journal``, and block."""

    def stop_query(self) -> None:
        """Make the query that is running fail, but none of a later call. For any thread."""

    def interrupt(self) -> None:
        """Make the query that is running fail, and all that follow. For any thread."""

    def head(self) -> Revision:
        """See ``Journal``."""

    def horizon(self, tenant: str) -> Revision:
        """See ``Journal``."""

    def complete_from(self, tenant: str) -> Instant | None:
        """See ``Journal``."""

    def next_latest(self) -> list[Record]:
        """The next chunk of ``Journal.latest``, as of the first call; empty after the last."""

    def read(self, after: Revision, limit: int, tenant: str | None) -> list[Record]:
        """See ``Journal``."""

    def places(self, tenant: str, at: Revision, through: Revision) -> dict[str, Place | None]:
        """See ``Journal``."""

    def record(self, revision: Revision) -> Record | None:
        """See ``Journal``."""

    def recorded_at(self, revision: Revision) -> Instant | None:
        """See ``Journal``."""

    def records(self, revisions: Sequence[Revision]) -> dict[Revision, Record]:
        """See ``Journal``."""

    def find_answers(self, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str], StoredAnswer]:
        """See ``Journal``."""


class PastReader(RecordReader, Protocol):
    """Reads the past too."""

    def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal``."""

    def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """See ``Journal``."""

    def persons(self, query: PersonQuery) -> list[Person]:
        """See ``Journal``."""

    def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal``."""

    def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal``."""

    def forgettable(self, tenant: str, changed_before: Instant, limit: int) -> list[tuple[int, Instant]]:
        """Up to ``limit`` records that ``Journal.forget`` may forget, as the writer takes them."""


class Appender(Connection, Protocol):
    """Writes."""

    def forget(self, tenant: str, records: Sequence[tuple[int, Instant]]) -> int:
        """Forget these records; returns how many there were."""

    def forget_answers(self, answered_before: Instant, limit: int) -> int:
        """See ``Journal``."""
