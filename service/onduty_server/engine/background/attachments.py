"""Reconciles the workspaces (desktops) that states have as attached with the streams that are open, and detaches the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

import structlog

from onduty_server.domain.model.commands import Command, Detach, Origin, RenewGrace
from onduty_server.domain.model.errors import StaffUnknownError
from onduty_server.domain.model.state import Attachment
from onduty_server.domain.model.status import Micros
from onduty_server.engine.background.attendance import Attendance
from onduty_server.engine.live.replica import Replica
from onduty_server.engine.write import transactions
from onduty_server.engine.write.job_queue import JobQueue
from onduty_server.replication import GRACE_LEAST

log = structlog.get_logger(__name__)

RECONCILE_SECONDS: Final = 5.0
DETACHED_AT_ONCE: Final = 256
NO_GRACE: Final = Micros(0)

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
        """``instance_id`` is this process. Without ``attendance`` every other one is gone."""
        self._replica = replica
        self._queue = queue
        self._instance_id = instance_id
        self.attendance: Attendance | None = None
        self.streams = OpenStreams()
        self._suspected: set[Held] = set()
        self.submit: Callable[[str, str, Command], Awaitable[object]] = self._submit_here
        """Has a command of the service itself decided, wherever that is done."""

    async def begin_graces(self) -> None:
        """Let go of workspaces held by processes that are gone, and have graces from before the start begin anew."""
        graces = [(tenant, staff_id, RenewGrace()) for tenant, staff_id in self._in_grace()]
        if self.attendance is not None:
            await self._submit(graces)
            return
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

    async def let_go_of_the_gone(self) -> None:
        """Let go of workspaces held by replicas that are gone; they have a moment to find another one."""
        attendance = self.attendance
        assert attendance is not None, "there are other replicas"
        instances = {attachment.instance_id for _, _, attachment in self._attached()} - {self._instance_id}
        gone = {instance_id for instance_id in instances if attendance.is_gone(instance_id)}
        if not gone:
            return
        lost = [held for held in self._attached() if held[2].instance_id in gone]
        log.warning("replicas_gone", replicas=sorted(gone), workspaces=len(lost))
        await self._submit([(tenant, staff_id, _detachment(attachment, GRACE_LEAST)) for tenant, staff_id, attachment in lost])

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
            await self.submit(tenant, staff_id, command)
        except StaffUnknownError:
            return

    async def _submit_here(self, tenant: str, staff_id: str, command: Command) -> object:
        return await self._queue.transact_own(transactions.act(tenant, staff_id, command, None), tenant)


def _detachment(attachment: Attachment, least_grace: Micros = NO_GRACE) -> Command:
    return Detach(attachment.attachment_id, attachment.instance_id, Origin(), least_grace)
