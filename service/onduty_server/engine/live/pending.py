"""An entry on its way to the journal, with what its commit changes in memory."""

from collections.abc import Callable
from dataclasses import dataclass

from onduty_server.domain.model.state import StaffState
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.past import NO_REVISION, Revision
from onduty_server.ports import Entry


@dataclass(slots=True)
class PendingEntry:
    """An entry of a batch with what its commit changes in memory: a staff record, configuration, or something else.

    ``remembers`` is a record that differs by what is remembered only. ``revision`` is 0 until the commit.
    """

    entry: Entry
    staff: StaffRecord | None = None
    before: StaffState | None = None
    configure: Callable[[Roster, Revision], None] | None = None
    on_commit: Callable[[Revision], None] | None = None
    remembers: StaffRecord | None = None
    revision: Revision = NO_REVISION
