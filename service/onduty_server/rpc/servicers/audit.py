"""The listing of the audit log: a tenant's entries, and those about the server where it has no more than one tenant."""

from onduty.v1 import admin_service_pb2 as pb
from onduty_server.auth.audit_entries import AuditEntry, AuditKind
from onduty_server.auth.audit_log import AuditLog
from onduty_server.domain.model.errors import PageTokenInvalidError
from onduty_server.domain.model.status import Instant
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.pages import cut
from onduty_server.wire.fields import Fields
from onduty_server.wire.history_fields import period
from onduty_server.wire.primitives import put

KINDS_MOST = 20


class AuditListing:
    """The behaviour of ``ListAuditEntries``."""

    def __init__(self, audit: AuditLog, *, one_tenant: bool) -> None:
        """``one_tenant``: whoever administrates it administrates the server."""
        self._audit = audit
        self._one_tenant = one_tenant

    async def list_audit_entries(self, caller: Caller, request: pb.ListAuditEntriesRequest) -> pb.ListAuditEntriesResponse:
        """A page of entries."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        start, end = period(fields, request)
        kinds = {
            fields.enum(f"kinds[{number}]", value, AuditKind)
            for number, value in enumerate(fields.bounded("kinds", request.kinds, KINDS_MOST))
        }
        fields.done()
        question = f"audit {start} {end} {sorted(kinds)} {request.newest_first}"
        after = _number(caller, request.page_token, question)
        found = (
            entry_message(entry)
            for entry in self._audit.listed(after=after, newest_first=request.newest_first)
            if self._is_told(caller, entry)
            and (not kinds or entry.kind in kinds)
            and (start is None or entry.at >= start)
            and (end is None or entry.at < end)
        )
        page, more = cut(found, size)
        token = caller.positions.page_token(question, n=page[-1].number) if more else ""
        return pb.ListAuditEntriesResponse(entries=page, next_page_token=token)

    def _is_told(self, caller: Caller, entry: AuditEntry) -> bool:
        return entry.tenant == caller.tenant or (not entry.tenant and (self._one_tenant or caller.identity.principal is None))


def _number(caller: Caller, token: str, question: str) -> int:
    """After which entry a page begins; 0: the first page.

    Raises:
        PageTokenInvalidError: The token was not made for this question.
    """
    if not token:
        return 0
    number = caller.positions.page_place(token, question).get("n")
    if not isinstance(number, int) or number < 1:
        raise PageTokenInvalidError
    return number


def entry_message(entry: AuditEntry) -> pb.AuditEntry:
    """An entry as the contract has it."""
    message = pb.AuditEntry(
        number=entry.number,
        kind=int(entry.kind),  # type: ignore[arg-type]
        tenant=entry.tenant,
        actor_id=entry.actor_id,
        credential_kind=entry.credential_kind,
        credential_id=entry.credential_id,
        peer=entry.peer,
        method=entry.method,
        reason=entry.reason,
        problem=entry.problem,
        subject=entry.subject,
        detail=entry.detail,
        request_id=entry.request_id,
        count=entry.count,
    )
    put(Instant(entry.at), message.at)
    return message
