"""A committed change as watchers get it, and a delivery of several."""

from dataclasses import dataclass, field
from typing import Any

from onduty_server.domain.model.status import Status
from onduty_server.domain.model.values import value
from onduty_server.ports import NO_REVISION, Revision


@value
class LoggedChange:
    """One change, encoded, with what filters look at before and after it. ``was`` is None for a new staff member.

    ``previous`` is the revision of the same staff member's change before this one. ``seen`` says whether colleagues may see
    anything of it.
    """

    revision: Revision
    previous: Revision
    staff_id: str
    element: bytes
    groups: tuple[str, ...]
    status: Status
    was: tuple[tuple[str, ...], Status] | None
    deleted: bool = False
    seen: bool = True


@dataclass(slots=True)
class Delivery:
    """What a watcher is sent at once: elements by ascending revision, all of them up to ``through``.

    Watchers with the same filter and cursor get the same batch; ``frame`` keeps what the edge made of it, for all of them.
    ``since`` is set within a walk over the latest states: changes after it are left out where a later one of the same staff
    member is to come. ``first`` is the revision of the first element of what was cut from a ring, and ``committed_at`` the
    event loop's time at which that was committed, or a little before; None where it is not known.
    """

    elements: list[bytes]
    through: Revision
    conflated: bool = False
    since: Revision | None = None
    frame: Any = field(default=None)
    first: Revision = NO_REVISION
    committed_at: float | None = None
