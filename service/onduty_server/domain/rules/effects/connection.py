"""Workspaces that come and go."""

from dataclasses import replace

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import AttachmentQuotaError
from onduty_server.domain.model.state import WORKSPACES_MOST, Attachment, Connection
from onduty_server.domain.model.status import Cause, Status
from onduty_server.domain.rules.draft import Draft


def attach(draft: Draft, command: commands.Attach) -> None:
    """A workspace is attached, in place of an older stream of its own; no grace runs any more."""
    attached = replace(command.attachment, attached_at=draft.now)
    others = [one for one in draft.connection.attachments if not _same_workspace(one, attached)]
    if len(others) >= WORKSPACES_MOST:
        raise AttachmentQuotaError(WORKSPACES_MOST)
    draft.cause = Cause.ATTACHED
    draft.connection = Connection((*others, attached))


def _same_workspace(one: Attachment, other: Attachment) -> bool:
    return bool(one.workspace_id) and one.workspace_id == other.workspace_id


def begin_grace_anew(draft: Draft) -> None:
    """A grace that runs begins anew: while no server ran, no workspace could come back."""
    draft.cause = Cause.DETACHED
    if draft.connection.offline_at is not None:
        draft.grace_from_now()


def renew_grace(draft: Draft, _command: commands.RenewGrace) -> None:
    """The server has started: a grace from before its start begins anew."""
    begin_grace_anew(draft)


def detach(draft: Draft, command: commands.Detach) -> None:
    """Workspaces are gone; with the last one the grace begins for those who are signed in."""
    draft.cause = Cause.DETACHED
    had = draft.connection.attachments
    left = tuple(
        one
        for one in had
        if one.instance_id != command.instance_id or (command.attachment_id and one.attachment_id != command.attachment_id)
    )
    if len(left) == len(had):
        return
    draft.connection = replace(draft.connection, attachments=left)
    if not left and draft.choice.status is not Status.OFFLINE:
        draft.grace_from_now(command.least_grace)
