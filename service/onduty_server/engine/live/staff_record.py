"""A staff member as the engine holds it: the state, its revision, and its encoded bytes."""

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.rules.deadlines import Deadline, next_deadline
from onduty_server.ports import NO_REVISION, Revision


class StaffRecord:
    """One state of one staff member.

    While its batch is not committed ``revision`` is 0 and ``body`` has no revision in it; both are set at the commit, before
    anybody outside the committer sees it. ``previous`` is the revision that the key had before the batch.
    ``deadline`` is the one that fires first.

    ``as_colleague`` is how colleagues see it, encoded; None until somebody asks.

    ``recorded`` is the revision of the last record about the staff member: that of the state, or of what was remembered since.
    ``shown_as`` is the record that has the public state: this one, or one that remembers less.
    """

    __slots__ = ("as_colleague", "body", "deadline", "previous", "recorded", "revision", "shown_as", "state")

    def __init__(self, state: StaffState, body: bytes, previous: Revision, revision: Revision = NO_REVISION) -> None:
        """``body`` is the encoded public state."""
        self.recorded = revision
        self.as_colleague: bytes | None = None
        self.shown_as = self
        self.state = state
        self.body = body
        self.previous = previous
        self.revision = revision
        self.deadline: Deadline | None = next_deadline(state)

    def remembering(self, state: StaffState) -> "StaffRecord":
        """The same with a state that remembers more; it is ``recorded`` when that is committed."""
        more = StaffRecord(state, self.body, self.previous, self.revision)
        more.recorded, more.shown_as = NO_REVISION, self.shown_as
        return more

    def remembered(self, recorded: Revision) -> None:
        """What it remembers is durable, and so is the record that has its public state."""
        shown = self.shown_as
        self.body, self.previous, self.revision, self.recorded = shown.body, shown.previous, shown.revision, recorded
        self.shown_as = self
