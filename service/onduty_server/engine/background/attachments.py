"""Lets go of workspaces whose stream is not there: of processes that are gone, and of streams whose end was not recorded."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

import structlog

from onduty_server.domain.model.commands import Command, Detach, Origin, RenewGrace
from onduty_server.domain.model.errors import StaffUnknownError
from onduty_server.domain.model.state import Attachment
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write import transactions
from onduty_server.engine.write.job_queue import JobQueue

log = structlog.get_logger(__name__)

RECONCILE_SECONDS: Final = 5.0
DETACHED_AT_ONCE: Final = 256

Held = tuple[str, str, str]
"""Tenant, staff id and attachment id."""


class OpenStreams:
    """The workspaces whose streams are open in this process."""

    def __init__(self) -> None:
        """None yet."""
        self._open: set[Held] = set()

    def opened(self, tenant: str, staff_id: str, attachment: Attachment) -> None:
        """A stream begins, before its workspace is attached."""
        self._open.add((tenant, staff_id, attachment.attachment_id))

    def closed(self, tenant: str, staff_id: str, attachment: Attachment) -> None:
        """A stream has ended."""
        self._open.discard((tenant, staff_id, attachment.attachment_id))

    def holds(self, tenant: str, staff_id: str, attachment: Attachment) -> bool:
        """Whether the workspace's stream is open."""
        return (tenant, staff_id, attachment.attachment_id) in self._open

    def __len__(self) -> int:
        """How many streams are open."""
        return len(self._open)


class AttachmentReconciler:
    """Compares who is attached with the streams that are open."""

    def __init__(self, replica: Replica, queue: JobQueue, instance_id: str) -> None:
        """``instance_id`` is this process."""
        self._replica = replica
        self._queue = queue
        self._instance_id = instance_id
        self.streams = OpenStreams()
        self._suspected: set[Held] = set()

    async def begin_graces(self) -> None:
        """Let go of workspaces held by processes that are gone, and have graces from before the start begin anew."""
        graces = [(tenant, staff_id, RenewGrace()) for tenant, staff_id in self._in_grace()]
        dead = [held for held in self._attached() if held[2].instance_id != self._instance_id]
        detachments = [(tenant, staff_id, _detachment(attachment)) for tenant, staff_id, attachment in dead]
        await self._submit([*graces, *detachments])

    async def step(self) -> None:
        """Let go of workspaces of this process that had no stream the last time either."""
        own = [held for held in self._attached() if held[2].instance_id == self._instance_id]
        without = {
            (tenant, staff_id, attachment_id.attachment_id): (tenant, staff_id, attachment_id)
            for tenant, staff_id, attachment_id in own
            if not self.streams.holds(tenant, staff_id, attachment_id)
        }
        lost = [without[held] for held in sorted(self._suspected & without.keys())]
        self._suspected = set(without)
        if lost:
            log.warning("workspaces_without_stream", workspaces=len(lost))
        await self._submit([(tenant, staff_id, _detachment(attachment)) for tenant, staff_id, attachment in lost])

    def _attached(self) -> Iterator[tuple[str, str, Attachment]]:
        for tenant, roster in self._replica.rosters.items():
            for staff_id in list(roster.attached):
                staff = roster.staff.get(staff_id)
                for attachment in () if staff is None else staff.state.connection.attachments:
                    yield tenant, staff_id, attachment

    def _in_grace(self) -> Iterator[tuple[str, str]]:
        for tenant, roster in self._replica.rosters.items():
            for staff_id, staff in list(roster.staff.items()):
                if staff.state.connection.offline_at is not None:
                    yield tenant, staff_id

    async def _submit(self, asked: Sequence[tuple[str, str, Command]]) -> None:
        for start in range(0, len(asked), DETACHED_AT_ONCE):
            await asyncio.gather(*(self._act(*request) for request in asked[start : start + DETACHED_AT_ONCE]))

    async def _act(self, tenant: str, staff_id: str, command: Command) -> None:
        try:
            await self._queue.transact_own(transactions.act(tenant, staff_id, command, None), tenant)
        except StaffUnknownError:
            return


def _detachment(attachment: Attachment) -> Command:
    return Detach(attachment.attachment_id, attachment.instance_id, Origin())
