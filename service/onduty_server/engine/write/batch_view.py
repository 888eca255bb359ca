"""What a job of a batch reads: the durable states, overlaid by what earlier jobs and the present one have changed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from onduty_server.domain.model.policy import BreakReason, Policy, Rules
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import StaffState
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.roster import Roster
from onduty_server.engine.live.staff_record import StaffRecord
from onduty_server.engine.staff_filter import StaffView
from onduty_server.engine.write.overlay import Overlay
from onduty_server.past import Revision
from onduty_server.ports import Key


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """Configuration as a job left it: the value, and the entry of the batch or the durable revision that holds it."""

    value: BreakReason | Policy
    pending: PendingEntry | None
    durable: Revision

    @property
    def revision(self) -> Revision:
        """The revision of the record that holds the value; 0 if it never changed, or is not committed yet."""
        return self.durable if self.pending is None else self.pending.revision


class BatchView:
    """Reads through two overlays: the attempt's, then the batch's, then what is durable."""

    def __init__(self, rosters: Callable[[str], Roster]) -> None:
        """Shows what is durable, as nothing has changed."""
        self._rosters = rosters
        self._batch = Overlay()
        self._attempt = Overlay()
        self._view: StaffView | None = None

    @contextmanager
    def held_to(self, view: StaffView | None) -> Iterator[None]:
        """For the length of the block nobody exists but whom the view has; None: everybody does."""
        before, self._view = self._view, view
        try:
            yield
        finally:
            self._view = before

    @property
    def view(self) -> StaffView | None:
        """Whom the present job is held to; None: nobody in particular."""
        return self._view

    def sees(self, state: StaffState) -> bool:
        """Whether somebody exists for the present job."""
        return self._view is None or self._view.holds(names(state.skill_groups))

    def roster(self, tenant: str) -> Roster:
        """The durable roster under the view."""
        return self._rosters(tenant)

    def rules(self, tenant: str) -> Rules:
        """The tenant's rules in the view."""
        rules = self._attempt.rules.get(tenant) or self._batch.rules.get(tenant)
        return self._rosters(tenant).rules if rules is None else rules

    def staff(self, tenant: str, staff_id: str) -> StaffRecord | None:
        """The staff member's record, or None: there is no such staff member for the present job."""
        staff = self.anybody(tenant, staff_id)
        return staff if self._view is None or staff is None or self.sees(staff.state) else None

    def anybody(self, tenant: str, staff_id: str) -> StaffRecord | None:
        """The staff member's record, whoever the present job may see; or None."""
        key = (tenant, staff_id)
        attempt, batch = self._attempt.staff, self._batch.staff
        if key in attempt:
            return attempt[key]
        return batch[key] if key in batch else self._rosters(tenant).staff.get(staff_id)

    def touched(self, tenant: str) -> Iterable[StaffRecord]:
        """The records of a tenant that differ from the durable ones."""
        staff = self._batch.staff | self._attempt.staff
        return [record for (of, _), record in staff.items() if of == tenant and record is not None]

    def is_touched(self, tenant: str, staff_id: str) -> bool:
        """Whether the batch, the present attempt left out, has a record of its own."""
        return (tenant, staff_id) in self._batch.staff

    def setting(self, key: Key, value: BreakReason | Policy) -> ConfigValue:
        """A value of the view, with where it is held."""
        newest_first = (*reversed(self._attempt.pending), *reversed(self._batch.pending))
        pending = next((entry for entry in newest_first if entry.entry.key == key), None)
        return ConfigValue(value, pending, self._rosters(key.tenant).configured_revision(key))
