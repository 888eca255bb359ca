"""The statements, as text; runs nothing."""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from functools import cache
from typing import Final

from onduty_server.ports import HistoryQuery

RECORD: Final = "j.revision, j.previous, t.name, k.kind, k.name, j.state, j.private, j.change"
"""The columns of a ``Record``."""

OF_RECORD: Final = "CROSS JOIN keys k ON k.id = j.key_id CROSS JOIN tenants t ON t.id = j.tenant_id"
"""Where its key's parts come from. CROSS: in this order, as the journal is what is searched."""

HEADS_UNTIL: Final = "SELECT value FROM meta WHERE name = 'heads_until'"

TENANT_ID: Final = "SELECT id FROM tenants WHERE name = :tenant"

INSERT_TENANT: Final = "INSERT OR IGNORE INTO tenants (name) VALUES (:tenant)"

HEAD: Final = "SELECT ifnull(max(revision), 0) FROM journal"

LAST: Final = "SELECT revision, time_ceiling FROM journal ORDER BY revision DESC LIMIT 1"

HORIZON: Final = "SELECT ifnull((SELECT horizon FROM tenants WHERE name = :tenant), 0)"

LATEST: Final = f"""
WITH tail AS MATERIALIZED (
    SELECT key_id, max(revision) AS revision FROM journal NOT INDEXED WHERE revision > ({HEADS_UNTIL}) GROUP BY key_id
)
SELECT {RECORD} FROM journal j {OF_RECORD}
WHERE j.revision IN (
    SELECT revision FROM heads WHERE key_id NOT IN (SELECT key_id FROM tail) UNION ALL SELECT revision FROM tail
)
ORDER BY j.revision
"""

READ: Final = (
    f"SELECT {RECORD} FROM journal j NOT INDEXED {OF_RECORD} WHERE j.revision > :after ORDER BY j.revision LIMIT :limit"
)

READ_TENANT: Final = f"""
SELECT {RECORD} FROM journal j INDEXED BY journal_outline {OF_RECORD}
WHERE j.tenant_id = ({TENANT_ID}) AND j.revision > :after ORDER BY j.revision LIMIT :limit
"""

READ_ONE: Final = f"SELECT {RECORD} FROM journal j {OF_RECORD} WHERE j.revision = :revision"

BOUNDS: Final = "SELECT ifnull((SELECT min(revision) FROM journal), 1), ifnull((SELECT max(revision) FROM journal), 0) + 1"
"""The first revision and the next. Two searches; asked in one, SQLite scans."""

TIME_CEILING: Final = "SELECT time_ceiling FROM journal WHERE revision >= ? ORDER BY revision LIMIT 1"

OUTLINED: Final = "revision, key_id, changed_at, cause, closed_status, closed_reason, closed_since, calls_started"

_STAFF: Final = f"""
    SELECT id FROM keys WHERE tenant_id = ({TENANT_ID}) AND kind = 1 AND name IN (SELECT value FROM json_each(:staff_ids))
"""

CHAINS: Final = f"""
WITH RECURSIVE
staff AS MATERIALIZED ({_STAFF}),
tail AS MATERIALIZED (
    SELECT key_id, max(revision) AS revision FROM journal INDEXED BY journal_outline
    WHERE tenant_id = ({TENANT_ID}) AND revision > ({HEADS_UNTIL}) AND key_id IN staff GROUP BY key_id
),
found ({OUTLINED}, previous) AS (
    SELECT {OUTLINED}, previous FROM journal WHERE revision >= :first AND revision IN (
        SELECT coalesce(tail.revision, heads.revision) FROM staff
        LEFT JOIN tail ON tail.key_id = staff.id LEFT JOIN heads ON heads.key_id = staff.id
    )
    UNION ALL
    SELECT {", ".join(f"j.{column}" for column in OUTLINED.split(", "))}, j.previous
    FROM found f CROSS JOIN journal j ON j.revision = f.previous WHERE f.previous >= :first
    ORDER BY 1 DESC
)
"""
"""``found``: the records of ``:staff_ids`` from ``:first`` on, the newest first, along their chains."""

OUTLINE: Final = f"""
WITH found AS NOT MATERIALIZED (
    SELECT {OUTLINED} FROM journal INDEXED BY journal_outline
    WHERE tenant_id = ({TENANT_ID}) AND revision >= :first
    AND key_id NOT IN (SELECT id FROM keys WHERE tenant_id = ({TENANT_ID}) AND kind > 1)
    AND (:staff_ids IS NULL OR key_id IN ({_STAFF}))
)
"""
"""``found``: the staff records of ``:tenant`` from ``:first`` on, of ``:staff_ids`` or all."""

TIMES: Final = """
SELECT k.name, f.closed_status, f.closed_reason, f.total FROM (
    SELECT key_id, closed_status, closed_reason, sum(min(changed_at, :end) - max(closed_since, :start)) AS total
    FROM found WHERE min(changed_at, :end) > max(closed_since, :start)
    GROUP BY key_id, closed_status, closed_reason
) f CROSS JOIN keys k ON k.id = f.key_id ORDER BY 1, 2, 3
"""

CALLS: Final = """
SELECT k.name, f.calls FROM (
    SELECT key_id, sum(calls_started) AS calls
    FROM found WHERE calls_started > 0 AND changed_at >= :start AND changed_at < :end GROUP BY key_id
) f CROSS JOIN keys k ON k.id = f.key_id ORDER BY 1
"""

FORGETTABLE: Final = f"""
SELECT o.revision, o.previous, EXISTS (SELECT 1 FROM journal p WHERE p.revision = o.previous)
FROM journal o INDEXED BY journal_outline CROSS JOIN heads h ON h.key_id = o.key_id
WHERE o.tenant_id = ({TENANT_ID}) AND o.revision <= ({HEADS_UNTIL})
AND o.changed_at < :changed_before AND h.revision > o.revision
ORDER BY o.revision
"""
"""Records that are not their key's last, and whether the one before them is there. All, if the heads are up to date."""

ANSWER: Final = (
    f"SELECT fingerprint, revision, detail FROM answers WHERE tenant_id = ({TENANT_ID}) AND request_id = :request_id"
)

FORGET: Final = "DELETE FROM journal WHERE revision IN (SELECT value FROM json_each(:revisions))"

RAISE_HORIZON: Final = "UPDATE tenants SET horizon = max(horizon, :revision) WHERE name = :tenant"

FORGET_ANSWERS: Final = """
DELETE FROM answers WHERE (tenant_id, request_id) IN (
    SELECT tenant_id, request_id FROM answers INDEXED BY answers_by_time
    WHERE answered_at < :answered_before ORDER BY answered_at LIMIT :limit
)
"""

HEADS_UP_TO_DATE: Final = f"""
INSERT INTO heads SELECT key_id, max(revision) FROM journal NOT INDEXED WHERE revision > ({HEADS_UNTIL}) GROUP BY key_id
ON CONFLICT (key_id) DO UPDATE SET revision = excluded.revision
"""

RAISE_HEADS_UNTIL: Final = "UPDATE meta SET value = :revision WHERE name = 'heads_until'"

TAIL: Final = f"""
SELECT t.name, k.kind, k.name, j.revision FROM journal j NOT INDEXED {OF_RECORD}
WHERE j.revision > ({HEADS_UNTIL}) ORDER BY j.revision
"""

HEAD_OF_KEY: Final = f"""
SELECT revision FROM heads
WHERE key_id = (SELECT id FROM keys WHERE tenant_id = ({TENANT_ID}) AND kind = :kind AND name = :name)
"""


def history(query: HistoryQuery) -> str:
    """The records that match, with CHAINS or OUTLINE before it."""
    where = ["true"]
    if query.start is not None:
        where.append("changed_at >= :start")
    if query.end is not None:
        where.append("changed_at < :end")
    if query.causes:
        where.append("cause IN (SELECT value FROM json_each(:causes))")
    if query.status_changes_only:
        where.append("closed_status IS NOT NULL")
    if query.newest_first and query.after:
        where.append("revision < :after")
    order = "DESC" if query.newest_first else "ASC"
    return f"""
        SELECT {RECORD} FROM (
            SELECT revision FROM found WHERE {" AND ".join(where)} ORDER BY revision {order} LIMIT :limit
        ) page CROSS JOIN journal j ON j.revision = page.revision {OF_RECORD}
        ORDER BY page.revision {order}
    """


KEY_VALUES: Final = 3
ENTRY_VALUES: Final = 17
MARK_VALUES: Final = 6
"""How many values a row has in the statements below."""


@cache
def insert_keys(rows: int) -> str:
    """Insert (tenant_id, kind, name) where there is no such key."""
    return f"INSERT OR IGNORE INTO keys (tenant_id, kind, name) VALUES {_rows(KEY_VALUES, rows)}"


@cache
def insert_entries(rows: int) -> str:
    """Insert those whose ``expected`` is NULL, or is the revision of the key's head."""
    return f"""
        INSERT INTO journal (
            revision, tenant_id, key_id, previous, changed_at, recorded_at, time_ceiling,
            cause, closed_status, closed_reason, closed_since, calls_started, state, private, change
        )
        WITH batch (
            revision, tenant_id, kind, name, expected, previous, changed_at, recorded_at, time_ceiling,
            cause, closed_status, closed_reason, closed_since, calls_started, state, private, change
        ) AS (VALUES {_rows(ENTRY_VALUES, rows)})
        SELECT
            b.revision, b.tenant_id, k.id, b.previous, b.changed_at, b.recorded_at, b.time_ceiling,
            b.cause, b.closed_status, b.closed_reason, b.closed_since, b.calls_started, b.state, b.private, b.change
        FROM batch b CROSS JOIN keys k ON k.tenant_id = b.tenant_id AND k.kind = b.kind AND k.name = b.name
        WHERE b.expected IS NULL OR b.expected = ifnull((SELECT h.revision FROM heads h WHERE h.key_id = k.id), 0)
    """


@cache
def insert_marks(rows: int) -> str:
    """Insert (tenant_id, request_id, fingerprint, revision, detail, answered_at)."""
    return f"""
        INSERT INTO answers (tenant_id, request_id, fingerprint, revision, detail, answered_at)
        SELECT * FROM (VALUES {_rows(MARK_VALUES, rows)}) WHERE column1 IS NOT NULL
    """


def _rows(columns: int, rows: int) -> str:
    return ",".join([f"({','.join('?' * columns)})"] * rows)
