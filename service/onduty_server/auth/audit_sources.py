"""What the audit log tells of files and addresses of credentials: what is in force, and what has changed in it."""

from collections.abc import Iterator, Sequence
from typing import Any

from onduty_server.auth.audit_entries import AuditEntry, AuditKind
from onduty_server.auth.audit_log import AuditLog
from onduty_server.auth.grants import Grants
from onduty_server.auth.grants_file import Grant
from onduty_server.auth.issuer_keys import IssuerKeys
from onduty_server.auth.signing_keys import SigningKeys
from onduty_server.auth.tls_files import TlsFiles
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.domain.model.status import Instant

IDS_TOLD = 20


def follow_files(audit: AuditLog, files: Sequence[WatchedFiles[Any]]) -> None:
    """Tell the log what each file holds now, and from now on whenever it has changed or is refused."""
    for file in files:
        _Source(audit, file).loaded()


def follow_issuer(audit: AuditLog, keys: IssuerKeys) -> None:
    """Tell the log of an issuer's keys, now and whenever an address has given others."""
    if keys.files:
        return  # a file tells for itself.

    def told() -> None:
        audit.add(_entry(AuditKind.CREDENTIALS_CHANGED, "issuer's keys", _ids(keys.current)))

    told()
    keys.on_change(told)


class _Source:
    """One file, as it was told last."""

    def __init__(self, audit: AuditLog, file: WatchedFiles[Any]) -> None:
        self._audit = audit
        self._file = file
        self._before: Any = None
        file.on_change(self.loaded)
        file.on_refusal(self._refused)

    def loaded(self) -> None:
        """Its content is in force."""
        current = self._file.current
        for entry in _entries(self._file.what, self._before, current):
            self._audit.add(entry)
        self._before = current

    def _refused(self, fault: str) -> None:
        self._audit.add(_entry(AuditKind.FILE_REFUSED, self._file.what, fault))


def _entries(what: str, before: Any, current: Any) -> Iterator[AuditEntry]:
    if isinstance(current, Grants):
        yield from _changed_grants(what, None if before is None else before.grants, current.grants)
    elif isinstance(current, TlsFiles):
        yield _entry(AuditKind.CERTIFICATE_LOADED, what, f"SHA-256 {current.fingerprint}, expires_at {current.expires_at}")
    elif isinstance(current, SigningKeys):
        yield _entry(AuditKind.CREDENTIALS_CHANGED, what, _ids(current))
    else:
        yield _entry(AuditKind.CREDENTIALS_CHANGED, what, "read" if before is None else "changed")


def _changed_grants(what: str, before: Sequence[Grant] | None, current: Sequence[Grant]) -> Iterator[AuditEntry]:
    """An entry for each credential that has changed, in each tenant that it is or was for; at the start how many there are."""
    if before is None:
        tenants = sorted({tenant for grant in current for tenant in grant.tenants})
        for tenant in tenants:
            count = sum(tenant in grant.tenants and grant.revoked_at is None for grant in current)
            yield _entry(AuditKind.CREDENTIALS_CHANGED, what, f"{count} are read", tenant)
        return
    old, new = ({grant.grant_id: grant for grant in grants} for grants in (before, current))
    for grant_id in sorted(old.keys() | new.keys()):
        was, now = old.get(grant_id), new.get(grant_id)
        if was == now:
            continue
        for tenant in sorted((was.tenants if was else frozenset()) | (now.tenants if now else frozenset())):
            entry = _entry(AuditKind.CREDENTIALS_CHANGED, what, _what_changed(was, now), tenant)
            yield AuditEntry(entry.at, entry.kind, tenant=tenant, subject=what, credential_id=grant_id, detail=entry.detail)


def _what_changed(was: Grant | None, now: Grant | None) -> str:
    if was is None:
        return "added"
    if now is None:
        return "removed"
    return "revoked" if was.revoked_at is None and now.revoked_at is not None else "changed"


def _ids(keys: SigningKeys) -> str:
    ids = keys.ids
    more = f" and {len(ids) - IDS_TOLD} more" if len(ids) > IDS_TOLD else ""
    return f"key ids {', '.join(ids[:IDS_TOLD])}{more}" if ids else "none yet"


def _entry(kind: AuditKind, subject: str, detail: str, tenant: str = "") -> AuditEntry:
    return AuditEntry(Instant(0), kind, tenant=tenant, subject=subject, detail=detail)
