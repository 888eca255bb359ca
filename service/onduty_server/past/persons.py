"""Questions for persons: who bore a staff id, and from when to when."""

from dataclasses import dataclass
from typing import NamedTuple

from onduty_server.domain.model.status import Instant
from onduty_server.past.identities import NO_REVISION, PersonId, Revision


class Person(NamedTuple):
    """A person with a past. ``last`` is the revision of the deletion, 0 for who is there; ``last_state`` its encoded state."""

    person_id: PersonId
    staff_id: str
    first: Revision
    began_at: Instant
    last: Revision = NO_REVISION
    ended_at: Instant | None = None
    last_state: bytes = b""


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """Which persons of a tenant, by staff id and first revision. Empty tuples and None do not restrict.

    ``through`` is the present that is asked about: persons created later are left out, and who was deleted later is there.
    ``staff_ids``: who has them at that present, or had them last; with ``every_bearer`` all who ever had them, but for those
    whose erasure is ordered. ``alive_after``: deleted after it, or not at all. ``within``: who was in one of these groups at
    any time; empty: nobody. ``after`` is the staff id and first revision to go on after.
    """

    tenant: str
    staff_ids: tuple[str, ...] = ()
    person_ids: tuple[PersonId, ...] = ()
    every_bearer: bool = False
    alive_after: Instant | None = None
    through: Revision | None = None
    after: tuple[str, Revision] | None = None
    limit: int = 1000
    within: tuple[str, ...] | None = None
