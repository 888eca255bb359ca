"""A staff member as the engine holds it: the state, its place in the order, and its bytes; decides nothing."""

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.rules.deadlines import Deadline, next_deadline
from onduty_server.ports import NO_REVISION, Revision


class Standing:
    """One state of one staff member.

    While its batch is not committed ``revision`` is 0 and ``body`` has no revision in it; both are set at the commit, before
    anybody outside the writer sees the standing. ``previous`` is the revision that the key had before the batch.
    ``deadline`` is the one that fires first.
    """

    __slots__ = ("body", "deadline", "previous", "revision", "state")

    def __init__(self, state: StaffState, body: bytes, previous: Revision, revision: Revision = NO_REVISION) -> None:
        """A standing; ``body`` is the encoded public state."""
        self.state = state
        self.body = body
        self.previous = previous
        self.revision = revision
        self.deadline: Deadline | None = next_deadline(state)
