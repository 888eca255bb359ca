"""The statements that look into a journal's file from outside, as text; runs nothing."""

from typing import Final

VERSION: Final = "PRAGMA user_version"

STORE_ID: Final = "SELECT value FROM meta WHERE name = 'store_id'"

EPOCH: Final = "SELECT value FROM meta WHERE name = 'epoch'"

HEADS_UNTIL: Final = "SELECT value FROM meta WHERE name = 'heads_until'"

TABLES: Final = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"

EXTENT: Final = """
SELECT count(*), ifnull(min(revision), 0), ifnull(max(revision), 0),
    (SELECT changed_at FROM journal ORDER BY revision LIMIT 1),
    (SELECT changed_at FROM journal ORDER BY revision DESC LIMIT 1)
FROM journal NOT INDEXED
"""

COUNT_ANSWERS: Final = "SELECT count(*) FROM answers"

LAST_STATES: Final = """
SELECT t.name, j.state, j.private FROM journal j NOT INDEXED
CROSS JOIN keys k ON k.id = j.key_id CROSS JOIN tenants t ON t.id = j.tenant_id
WHERE k.kind = :kind AND j.revision IN (SELECT max(revision) FROM journal NOT INDEXED GROUP BY key_id)
"""

BAD_ANSWERS: Final = """
SELECT count(*) FROM answers a LEFT JOIN tenants t ON t.id = a.tenant_id
WHERE t.id IS NULL OR a.revision > :head OR a.revision < 0
"""

HORIZONS: Final = "SELECT id, horizon FROM tenants"

RECORDS: Final = """
SELECT j.revision, j.tenant_id, j.key_id, j.previous, j.changed_at, j.recorded_at, j.time_ceiling,
    CASE WHEN t.id IS NOT NULL AND k.tenant_id = j.tenant_id THEN k.kind END, k.name, j.state, j.private, j.change, j.person,
    t.name, ifnull(j.configuration, x''), j.checksum
FROM journal j NOT INDEXED LEFT JOIN keys k ON k.id = j.key_id LEFT JOIN tenants t ON t.id = j.tenant_id
ORDER BY j.revision
"""

MOVING: Final = "SELECT person, new_key FROM erasures"

PERSONS: Final = "SELECT person FROM persons UNION SELECT pseudonym FROM erasures"

BAD_GROUPS: Final = """
SELECT count(*) FROM journal NOT INDEXED
WHERE (groups IS NOT NULL AND groups NOT IN (SELECT id FROM group_sets))
OR (groups_after IS NOT NULL AND groups_after NOT IN (SELECT id FROM group_sets))
"""

HEADS: Final = "SELECT key_id, revision FROM heads"

WRONG_HEADS: Final = """
SELECT count(*) FROM (
    SELECT key_id, max(revision) AS revision FROM journal NOT INDEXED
    WHERE revision <= :until AND (person IS NULL OR person NOT IN (SELECT person FROM erasures)) GROUP BY key_id
) last LEFT JOIN heads h ON h.key_id = last.key_id
WHERE h.revision IS NOT last.revision
"""
