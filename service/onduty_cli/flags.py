"""Names the contract's fields as they are typed at a command: its options and arguments; it explains no error."""

import re
from collections.abc import Collection
from dataclasses import replace

from onduty_cli.failures import RefusedError

_WORD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A word that can be a field's name and is no other word."""

_TYPED_AS: dict[str, tuple[str, ...]] = {
    "starts_at": ("--since",),
    "ends_at": ("--until",),
    "interval": ("--since",),
    "display_name": ("--name",),
    "skill_groups": ("--group",),
    "skill_group": ("--group",),
    "statuses": ("--status",),
    "staff_ids": ("STAFF_ID", "--staff"),
    "staff_id": ("STAFF_ID", "--staff"),
    "call_id": ("CALL_ID", "--call"),
    "claim_id": ("CLAIM_ID",),
    "status": ("STATUS",),
    "choice": ("STATUS",),
    "break_reason": ("--reason", "REASON"),
    "code": ("CODE",),
    "limit": ("--limit",),
    "note": ("--note",),
    "request_id": ("--request-id",),
    "source": ("--source",),
    "direction": ("--direction",),
    "observed_at": ("--observed-at",),
    "observed_position": ("--observed-position",),
    "ttl": ("--ttl",),
    "resume_after": ("--resume-after",),
}
"""By the name of a field, or of what holds it: how commands call it. A command has at most one of them."""


def as_typed(refused: RefusedError, typed: Collection[str]) -> RefusedError:
    """Returns the refusal with its fields called as the command that was run calls them.

    Args:
        refused: What the service answered.
        typed: The options and arguments of the command, as in ``--until`` and ``STAFF_ID``.
    """
    faults = refused.field_faults
    if not faults and "field" in refused.metadata:
        faults = ((refused.metadata["field"], refused.message),)
    if not faults:
        return refused
    named = ((_typed_name(field, typed), _with_typed_names(fault, typed)) for field, fault in faults)
    return replace(refused, field_faults=tuple(named))


def _with_typed_names(fault: str, typed: Collection[str]) -> str:
    """A fault may name another field, as in ``must be after starts_at``."""
    return _WORD.sub(lambda word: _typed_name(word[0], typed), fault)


def _typed_name(field: str, typed: Collection[str]) -> str:
    parts = [part.partition("[")[0] for part in reversed(field.split("."))]
    return next((name for part in parts for name in _TYPED_AS.get(part, ()) if name in typed), field)
