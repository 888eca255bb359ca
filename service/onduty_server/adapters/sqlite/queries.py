"""The statements, as text; runs nothing."""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from functools import cache
from typing import Final

RECORD: Final = (
    "j.revision, j.previous, t.name, k.kind, k.name, j.state, j.private, j.change, ifnull(j.configuration, x''), j.checksum"
)
"""The columns of a ``Record``, and its checksum."""

OF_RECORD: Final = "CROSS JOIN keys k ON k.id = j.key_id CROSS JOIN tenants t ON t.id = j.tenant_id"
"""Where its key's parts come from. CROSS: in this order, as the journal is what is searched."""

HEADS_UNTIL: Final = "SELECT value FROM meta WHERE name = 'heads_until'"

TENANT_ID: Final = "SELECT id FROM tenants WHERE name = :tenant"

INSERT_GROUP_SET: Final = "INSERT OR IGNORE INTO group_sets (tenant_id, names) VALUES (?, ?)"

GROUP_SET: Final = "SELECT id FROM group_sets WHERE tenant_id = ? AND names = ?"

INSERT_OTHER_CALL: Final = "INSERT OR IGNORE INTO other_calls (tenant_id, call_id, revision, source) VALUES (?, ?, ?, ?)"

PERSON_BEGINS: Final = """
INSERT OR IGNORE INTO persons (person, tenant_id, key_id, first, began_at)
SELECT :person, tenant_id, key_id, revision, changed_at FROM journal WHERE revision = :revision
"""

PERSON_ENDS: Final = """
UPDATE persons SET last = :revision, ended_at = (SELECT changed_at FROM journal WHERE revision = :revision)
WHERE person = :person
"""

INSERT_TENANT: Final = "INSERT OR IGNORE INTO tenants (name) VALUES (:tenant)"

HEAD: Final = "SELECT ifnull(max(revision), 0) FROM journal"

LAST: Final = "SELECT revision, time_ceiling FROM journal ORDER BY revision DESC LIMIT 1"

COMPLETE_FROM: Final = "SELECT complete_from FROM tenants WHERE name = :tenant"

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

STANDING: Final = "j.standing, j.closed_status, j.groups, ifnull(j.groups_after, j.groups)"
"""The columns of a ``Standing``, with the numbers of sets of groups."""

READ: Final = f"""
SELECT {RECORD}, {STANDING} FROM journal j NOT INDEXED {OF_RECORD}
WHERE j.revision > :after ORDER BY j.revision LIMIT :limit
"""

READ_TENANT: Final = f"""
SELECT {RECORD}, {STANDING} FROM journal j INDEXED BY journal_outline {OF_RECORD}
WHERE j.tenant_id = ({TENANT_ID}) AND j.revision > :after ORDER BY j.revision LIMIT :limit
"""

PLACES: Final = f"""
SELECT k.name, j.standing, j.closed_status, j.groups FROM (
    SELECT key_id, min(revision), standing, closed_status, groups FROM journal INDEXED BY journal_outline
    WHERE tenant_id = ({TENANT_ID}) AND revision > :at AND revision <= :through
    AND standing IS NOT NULL AND (closed_status IS NOT NULL OR standing & :life)
    GROUP BY key_id
) j CROSS JOIN keys k ON k.id = j.key_id
"""
"""The first record of each that closes a stay, begins a life or ends one: what it says of before."""

GROUP_SETS: Final = "SELECT id, names FROM group_sets WHERE id > :after"

READ_ONE: Final = f"SELECT {RECORD} FROM journal j {OF_RECORD} WHERE j.revision = :revision"

READ_SOME: Final = f"""
SELECT {RECORD} FROM json_each(:revisions) r CROSS JOIN journal j ON j.revision = r.value {OF_RECORD}
"""

RECORDED_AT: Final = "SELECT recorded_at FROM journal NOT INDEXED WHERE revision <= :revision ORDER BY revision DESC LIMIT 1"

BOUNDS: Final = "SELECT ifnull((SELECT min(revision) FROM journal), 1), ifnull((SELECT max(revision) FROM journal), 0) + 1"
"""The first revision and the next. Two searches; asked in one, SQLite scans."""

TIME_CEILING: Final = "SELECT time_ceiling FROM journal WHERE revision >= ? ORDER BY revision LIMIT 1"

FORGETTABLE: Final = f"""
SELECT o.revision, o.previous, o.changed_at, EXISTS (SELECT 1 FROM journal p WHERE p.revision = o.previous)
FROM journal o INDEXED BY journal_outline CROSS JOIN heads h ON h.key_id = o.key_id
WHERE o.tenant_id = ({TENANT_ID}) AND o.revision <= ({HEADS_UNTIL})
AND o.changed_at < :changed_before AND h.revision > o.revision
ORDER BY o.revision
"""
"""Records that are not their key's last, and whether the one before them is there. All, if the heads are up to date."""

ANSWERS: Final = """
SELECT t.name, a.request_id, a.fingerprint, a.revision, a.detail
FROM json_each(:requests) r CROSS JOIN tenants t ON t.name = json_extract(r.value, '$[0]')
CROSS JOIN answers a ON a.tenant_id = t.id AND a.request_id = json_extract(r.value, '$[1]')
"""

FORGET: Final = "DELETE FROM journal WHERE revision IN (SELECT value FROM json_each(:revisions))"

FORGET_OTHER_CALLS: Final = "DELETE FROM other_calls WHERE revision IN (SELECT value FROM json_each(:revisions))"

FORGET_PERSONS: Final = "DELETE FROM persons WHERE last IN (SELECT value FROM json_each(:revisions))"

RAISE_HORIZON: Final = """
UPDATE tenants SET horizon = max(horizon, :revision), complete_from = max(ifnull(complete_from, 0), :complete_from)
WHERE name = :tenant
"""

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


KEY_VALUES: Final = 3
ENTRY_VALUES: Final = 27
ANSWER_VALUES: Final = 6
"""How many values a row has in the statements below."""


@cache
def insert_keys(rows: int) -> str:
    """Insert (tenant_id, kind, name) where there is no such key."""
    return f"INSERT OR IGNORE INTO keys (tenant_id, kind, name) VALUES {_rows(KEY_VALUES, rows)}"


_ENTRY_COLUMNS: Final = (
    "revision, tenant_id, previous, person, changed_at, recorded_at, time_ceiling, cause, moved, closed_status, closed_reason, "
    "closed_since, groups, groups_after, counts, talks, standing, call_id, source, state, private, change, configuration, "
    "checksum"
)


@cache
def insert_entries(rows: int) -> str:
    """Insert (kind, name, expected, and the columns above) where ``expected`` is NULL, or is the revision of the key's head."""
    chosen = ", ".join(f"b.{column}" for column in _ENTRY_COLUMNS.split(", "))
    return f"""
        INSERT INTO journal (key_id, {_ENTRY_COLUMNS})
        WITH batch (kind, name, expected, {_ENTRY_COLUMNS}) AS (VALUES {_rows(ENTRY_VALUES, rows)})
        SELECT k.id, {chosen}
        FROM batch b CROSS JOIN keys k ON k.tenant_id = b.tenant_id AND k.kind = b.kind AND k.name = b.name
        WHERE b.expected IS NULL OR b.expected = ifnull((SELECT h.revision FROM heads h WHERE h.key_id = k.id), 0)
    """


@cache
def insert_answers(rows: int) -> str:
    """Insert (tenant_id, request_id, fingerprint, revision, detail, answered_at)."""
    return f"""
        INSERT INTO answers (tenant_id, request_id, fingerprint, revision, detail, answered_at)
        SELECT * FROM (VALUES {_rows(ANSWER_VALUES, rows)}) WHERE column1 IS NOT NULL
    """


def _rows(columns: int, rows: int) -> str:
    return ",".join([f"({','.join('?' * columns)})"] * rows)
