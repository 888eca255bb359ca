"""Tentative changes over the durable state, in layers that are merged or dropped."""

from onduty_server.domain.model.policy import Rules
from onduty_server.engine.live.pending import PendingEntry
from onduty_server.engine.live.quarantine import StaffKey
from onduty_server.engine.live.staff_record import StaffRecord


class Overlay:
    """Changes over what lies below: a deleted staff member is None, ``pending`` has the entries in their order."""

    __slots__ = ("pending", "rules", "staff")

    def __init__(self) -> None:
        """Nothing changed."""
        self.staff: dict[StaffKey, StaffRecord | None] = {}
        self.rules: dict[str, Rules] = {}
        self.pending: list[PendingEntry] = []

    def merge(self, above: "Overlay") -> None:
        """Take over all changes of the overlay above, which is empty afterwards."""
        if above.pending:
            self.staff.update(above.staff)
            self.rules.update(above.rules)
            self.pending += above.pending
            above.drop()

    def drop(self) -> None:
        """Forget all changes."""
        self.staff.clear()
        self.rules.clear()
        self.pending.clear()
