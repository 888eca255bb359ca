"""The statements, as text; runs nothing."""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from typing import Final

from onduty_server.adapters.postgres.append_arguments import TYPES

RECORD: Final = (
    "j.revision, j.previous, t.name, k.kind, k.name, j.state, j.private, j.change, coalesce(j.configuration, ''), j.checksum"
)
"""The columns of a ``Record``, and its checksum."""

OF_RECORD: Final = "JOIN keys k ON k.id = j.key_id JOIN tenants t ON t.id = j.tenant_id"
"""Where its key's parts come from."""

APPEND: Final = f"SELECT * FROM append_1(%s::int8, %s::text, {', '.join(f'%s::{one.name}' for one in TYPES)})"

TENANT_ID: Final = "SELECT id FROM tenants WHERE name = %(tenant)s"

HEAD: Final = "SELECT coalesce((SELECT revision FROM journal ORDER BY revision DESC LIMIT 1), 0)"

HORIZON: Final = "SELECT coalesce((SELECT horizon FROM tenants WHERE name = %(tenant)s), 0)"

COMPLETE_FROM: Final = "SELECT complete_from FROM tenants WHERE name = %(tenant)s"

LATEST: Final = f"""
DECLARE latest NO SCROLL CURSOR FOR SELECT {RECORD} FROM (
    SELECT (
        SELECT l.revision FROM journal l WHERE l.key_id = a.id AND l.revision > a.released ORDER BY l.revision DESC LIMIT 1
    ) AS revision FROM keys a
) last JOIN journal j ON j.revision = last.revision {OF_RECORD}
ORDER BY j.revision
"""

CHUNK: Final = 2_000
"""Records of a chunk of ``latest``."""

NEXT_LATEST: Final = f"FETCH FORWARD {CHUNK} FROM latest"

STANDING: Final = "j.standing, j.closed_status, j.groups, coalesce(j.groups_after, j.groups)"
"""The columns of a ``Standing``."""

READ: Final = f"""
SELECT {RECORD}, {STANDING} FROM journal j {OF_RECORD} WHERE j.revision > %(after)s ORDER BY j.revision LIMIT %(limit)s
"""

READ_TENANT: Final = f"""
SELECT {RECORD}, {STANDING} FROM journal j {OF_RECORD}
WHERE j.tenant_id = ({TENANT_ID}) AND j.revision > %(after)s ORDER BY j.revision LIMIT %(limit)s
"""

PLACES: Final = f"""
SELECT DISTINCT ON (j.key_id) k.name, j.standing, j.closed_status, j.groups
FROM journal j JOIN keys k ON k.id = j.key_id
WHERE j.tenant_id = ({TENANT_ID}) AND j.revision > %(at)s AND j.revision <= %(through)s
AND j.standing IS NOT NULL AND (j.closed_status IS NOT NULL OR j.standing & %(life)s <> 0)
ORDER BY j.key_id, j.revision
"""
"""The first record of each that closes a stay, begins a life or ends one: what it says of before."""

READ_SOME: Final = f"""
SELECT {RECORD} FROM unnest(%(revisions)s::int8[]) r (revision) JOIN journal j ON j.revision = r.revision {OF_RECORD}
"""

RECORDED_AT: Final = "SELECT recorded_at FROM journal WHERE revision <= %(revision)s ORDER BY revision DESC LIMIT 1"

ANSWERS: Final = """
SELECT r.tenant, r.request_id, a.fingerprint, a.revision, a.detail
FROM unnest(%(tenants)s::text[], %(requests)s::text[]) r (tenant, request_id)
JOIN tenants t ON t.name = r.tenant JOIN answers a ON a.tenant_id = t.id AND a.request_id = r.request_id
"""

FORGETTABLE: Final = f"""
SELECT o.revision, o.previous, o.changed_at, EXISTS (SELECT 1 FROM journal p WHERE p.revision = o.previous)
FROM journal o WHERE o.tenant_id = ({TENANT_ID}) AND o.changed_at < %(changed_before)s
AND EXISTS (SELECT 1 FROM journal n WHERE n.key_id = o.key_id AND n.revision > o.revision)
ORDER BY o.revision
"""
"""Records that are not their key's last, and whether the one before them is there."""

FORGET: Final = "DELETE FROM journal WHERE revision = ANY(%(revisions)s::int8[])"

FORGET_OTHER_CALLS: Final = "DELETE FROM other_calls WHERE revision = ANY(%(revisions)s::int8[])"

FORGET_PERSONS: Final = "DELETE FROM persons WHERE last = ANY(%(revisions)s::int8[])"

RAISE_HORIZON: Final = """
UPDATE tenants SET horizon = greatest(horizon, %(revision)s), complete_from = greatest(complete_from, %(complete_from)s)
WHERE name = %(tenant)s
"""

FORGET_ANSWERS: Final = """
DELETE FROM answers WHERE (tenant_id, request_id) IN (
    SELECT tenant_id, request_id FROM answers WHERE answered_at < %(answered_before)s ORDER BY answered_at LIMIT %(limit)s
)
"""
