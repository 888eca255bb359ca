"""Workspaces that come and go."""

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import WatchQuotaError
from onduty_server.domain.model.state import WORKSPACES_MOST, Connection
from onduty_server.domain.model.status import Cause, Status
from onduty_server.domain.rules.draft import Draft


def attach(draft: Draft, command: commands.Attach) -> None:
    """A workspace is attached; no grace runs any more."""
    if len(draft.connection.attachments) >= WORKSPACES_MOST:
        raise WatchQuotaError(WORKSPACES_MOST)
    draft.cause = Cause.ATTACHED
    draft.connection = Connection((*draft.connection.attachments, command.attachment))


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
    draft.connection = Connection(left, draft.connection.offline_at, draft.connection.lapsed)
    if not left and draft.choice.status is not Status.OFFLINE:
        draft.grace_from_now()
