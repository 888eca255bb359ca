"""A staff member as the engine holds it: the state, its revision, and its encoded bytes."""

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.rules.deadlines import Deadline, next_deadline
from onduty_server.ports import NO_REVISION, Revision


class StaffRecord:
    """One state of one staff member.

    While its batch is not committed ``revision`` is 0 and ``body`` has no revision in it; both are set at the commit, before
    anybody outside the committer sees it. ``previous`` is the revision that the key had before the batch.
    ``deadline`` is the one that fires first.

    ``change`` is the encoded change that led here, without its revision; None: the journal has it. ``seen_at`` is the revision
    of the last change of which colleagues may see anything, as far as this process knows.

    ``as_colleague`` is how colleagues see it, encoded; None until somebody asks.

    ``recorded`` is the revision of the last record about the staff member: that of the state, or of what was remembered since.
    ``shown_as`` is the record that has the public state: this one, or one that remembers less.
    """

    __slots__ = (
        "as_colleague",
        "body",
        "change",
        "deadline",
        "previous",
        "recorded",
        "revision",
        "seen_at",
        "shown_as",
        "state",
    )

    def __init__(
        self,
        state: StaffState,
        body: bytes,
        previous: Revision,
        revision: Revision = NO_REVISION,
        *,
        change: bytes | None = None,
    ) -> None:
        """``body`` is the encoded public state."""
        self.recorded = self.seen_at = revision
        self.change = change
        self.as_colleague: bytes | None = None
        self.shown_as = self
        self.state = state
        self.body = body
        self.previous = previous
        self.revision = revision
        self.deadline: Deadline | None = next_deadline(state)

    def remembering(self, state: StaffState) -> "StaffRecord":
        """The same with a state that remembers more; it is ``recorded`` when that is committed."""
        more = StaffRecord(state, self.body, self.previous, self.revision, change=self.change)
        more.recorded, more.shown_as = NO_REVISION, self.shown_as
        return more

    def remembered(self, recorded: Revision) -> None:
        """What it remembers is durable, and so is the record that has its public state."""
        shown = self.shown_as
        self.body, self.previous, self.revision, self.recorded = shown.body, shown.previous, shown.revision, recorded
        self.change, self.seen_at = shown.change, shown.seen_at
        self.shown_as = self
