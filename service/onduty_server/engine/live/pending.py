"""An entry on its way to the journal, with what its commit changes in memory."""

from collections.abc import Callable
from dataclasses import dataclass

from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import StaffState
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.watch.change import LoggedChange
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

    def logged(self, staff: StaffRecord, element: bytes) -> LoggedChange:
        """The change as watchers get it: of the committed record, encoded as an element of a frame."""
        state, before = staff.state, self.before
        return LoggedChange(
            staff.revision,
            staff.previous,
            state.staff_id,
            element,
            names(state.skill_groups),
            state.status,
            None if before is None else (names(before.skill_groups), before.status),
            state.deleted,
            self.entry.facets.seen,
        )
