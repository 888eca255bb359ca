"""What every servicer is given, and how an engine's answer about one person becomes bytes."""

from dataclasses import dataclass
from typing import Any

from onduty.v1 import staff_pb2
from onduty_server.domain.commands import Command
from onduty_server.domain.errors import StaffUnknownError
from onduty_server.engine.engine import Engine
from onduty_server.engine.standing import Standing
from onduty_server.engine.works import Answer
from onduty_server.ports import Revision
from onduty_server.rpc import frames
from onduty_server.rpc.calls import BatchItem, Caller
from onduty_server.rpc.streams import Streams


@dataclass(frozen=True, slots=True)
class Service:
    """The engine, the open streams, and whether lengths of time may be as short as in a rehearsal."""

    engine: Engine
    streams: Streams
    rehearsal: bool = False

    def at_least(self, caller: Caller, token: str) -> None:
        """Check that the shown state is at or after a position; an empty one is no demand."""
        if token:
            caller.positions.revision(token, self.engine.head)

    def position(self, caller: Caller, revision: Revision | None = None) -> str:
        """A position that fits any filter: of a revision, or of the present."""
        return caller.positions.token(self.engine.head if revision is None else revision)

    def standing(self, caller: Caller, staff_id: str) -> Standing:
        """The durable standing of a staff member.

        Raises:
            StaffUnknownError: There is none.
        """
        found = self.engine.rosters(caller.tenant).standings.get(staff_id)
        if found is None:
            raise StaffUnknownError(staff_id)
        return found

    def body(self, caller: Caller, answer: Answer, staff_id: str = "") -> bytes:
        """The staff member's encoded state in an answer; for one given before whose record is gone, the present state."""
        if answer.standing is not None:
            return answer.standing.body
        if answer.record is not None:
            return self.engine.codec.state_with_revision(answer.record.state, answer.record.revision)
        return self.standing(caller, staff_id).body

    def staff_id(self, answer: Answer, body: bytes) -> str:
        """Whom an answer is about; only one that was given before has to be looked into."""
        if answer.standing is not None:
            return answer.standing.state.staff_id
        return staff_pb2.Staff.FromString(body).staff_id

    async def submit(
        self, caller: Caller, staff_id: str, command: Command, request: Any, item: BatchItem | None = None
    ) -> Answer:
        """Decide a command for one staff member and commit it, guarded and idempotent as the request says."""
        return await self.engine.submit(
            caller.tenant,
            staff_id,
            command,
            expected=request.expected_revision,
            request=caller.request_key(request, item),
        )

    def told(self, caller: Caller, answer: Answer, staff_id: str = "", extra: bytes = b"") -> bytes:
        """The encoded answer about one staff member."""
        return frames.answer(
            self.body(caller, answer, staff_id),
            caller.positions.token(answer.through),
            replayed=answer.replayed,
            extra=extra,
        )
