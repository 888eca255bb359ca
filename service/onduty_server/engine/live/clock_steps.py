"""Steps of the server's clock: recorded in the journal before they count, then carried over to everybody's deadlines.

Theory of operation
-------------------
The clock says by how much it should step, and waits. A step is a record of the journal like any other; when it is durable, and
not before, the present steps with it. From then on whoever's last record is older owes the step: their deadlines stand as they
did before it. What they owe is settled before anything else is decided about them (``Batch.current``), so no deadline fires
early; a loop settles it for everybody, a slice at a time. A crash on the way loses nothing: revisions tell who owes what. When
all is carried over, another record says so.

The steps stay in that record, with what time a start found to have passed: history does not grow old by either.
"""

from typing import Final

from onduty_server.domain.model.status import Instant, Micros
from onduty_server.ports import NO_REVISION, Clock, ClockRecord, ClockStep, Revision

STEPS_KEPT: Final = 64
"""How many steps are remembered. Two are at least a minute apart, and a clock that is set needs one."""


class ClockSteps:
    """What is recorded of the clock. ``revision`` is that of its last record."""

    def __init__(self, clock: Clock, instance_id: str) -> None:
        """Nothing yet; ``instance_id`` is this process."""
        self._clock = clock
        self._instance_id = instance_id
        self.revision = NO_REVISION
        self.kept: tuple[ClockStep, ...] = ()
        self.to_carry_over: tuple[ClockStep, ...] = ()

    def owed(self, recorded: Revision) -> Micros:
        """By how much the deadlines of somebody whose last record is this one are to be moved."""
        return Micros(sum([step.by for step in self.to_carry_over if recorded < step.revision]))

    def kept_since(self, now: Instant, retention: Micros) -> Instant:
        """When what has grown older than ``retention`` took effect: time that no server saw pass makes nothing older."""
        since = now - retention
        return Instant(since - sum(step.by for step in self.kept if step.at > since))

    # --- records ------------------------------------------------------------------------------------------------------

    def step(self, now: Instant, by: Micros) -> ClockRecord:
        """The record of a step that the present takes at ``now``."""
        return self._record(*self.kept, ClockStep(NO_REVISION, Instant(now + by), by, is_owed=True))

    def gap(self, now: Instant, unseen: Micros) -> ClockRecord:
        """The record of time that has passed while no server ran: deadlines have passed with it."""
        return self._record(*self.kept, ClockStep(NO_REVISION, now, unseen, is_owed=False))

    def all_carried_over(self) -> ClockRecord:
        """The record that says that nobody owes anything."""
        return self._record(*[step._replace(is_owed=False) for step in self.kept])

    def _record(self, *steps: ClockStep) -> ClockRecord:
        return ClockRecord(self._instance_id, steps[-STEPS_KEPT:])

    # --- what is durable ----------------------------------------------------------------------------------------------

    def committed(self, record: ClockRecord, revision: Revision) -> None:
        """A record of this process is durable: the present takes its step."""
        self.show(record, revision)
        for step in record.steps:
            if step.revision == NO_REVISION and step.is_owed:
                self._clock.step(step.by)

    def adopt(self, record: ClockRecord, revision: Revision) -> None:
        """Take in a record that the journal has, of an append whose end was not seen, or of another process."""
        if record.instance_id == self._instance_id:
            self.committed(record, revision)
        else:
            self.show(record, revision)

    def show(self, record: ClockRecord, revision: Revision) -> None:
        """Take in a record from before the start, whose steps the present has taken already."""
        self.revision = revision
        self.kept = tuple([step._replace(revision=step.revision or revision) for step in record.steps])
        self.to_carry_over = tuple([step for step in self.kept if step.is_owed])
