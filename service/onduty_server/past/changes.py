"""Questions for changes of staff and of configuration, and the pages that answer them."""

from dataclasses import dataclass
from typing import NamedTuple

from onduty_server.domain.model.status import Cause, Instant
from onduty_server.past.identities import NO_REVISION, PersonId, Revision


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which staff records of a tenant. Empty tuples and None do not restrict; an empty ``within`` leaves nothing.

    ``staff_ids`` are the persons who have these ids at revision ``bearers_at`` (None: now), or had them last; ``person_ids``
    any. ``skill_groups``: the person was in one of them before or after the change; ``within``: and in one of these at the same
    time. ``call_ids``: the change is about one of
    them, of ``source`` unless empty. ``start <= changed_at < end``. ``after`` excludes revisions up to it (with
    ``newest_first``: from it on, 0 meaning none), ``through`` those beyond it. ``limit`` is 1-10,000 records, ``bytes_most``
    what their changes have together; one comes in any case.
    """

    tenant: str
    staff_ids: tuple[str, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    skill_groups: tuple[str, ...] = ()
    call_ids: tuple[str, ...] = ()
    source: str = ""
    start: Instant | None = None
    end: Instant | None = None
    causes: tuple[Cause, ...] = ()
    status_changes_only: bool = False
    after: Revision = NO_REVISION
    through: Revision | None = None
    bearers_at: Revision | None = None
    newest_first: bool = False
    limit: int = 1000
    bytes_most: int = 1 << 30
    within: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ConfigurationQuery:
    """Which changes of configuration of a tenant; fields as in ``HistoryQuery``. ``kinds`` are numbers of ``RecordKind``.

    With ``within`` only those changes of staff who were in one of these groups before or after, and no erasures.
    """

    tenant: str
    kinds: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    after: Revision = NO_REVISION
    through: Revision | None = None
    newest_first: bool = False
    limit: int = 1000
    bytes_most: int = 1 << 30
    within: tuple[str, ...] | None = None


class PastChange(NamedTuple):
    """A change as it was encoded, without its revision."""

    revision: Revision
    change: bytes


class PastPage(NamedTuple):
    """Changes in the order that was asked for, and whether there are more."""

    changes: list[PastChange]
    more: bool
