"""The statements that look into a store from outside, as text; runs nothing."""

from typing import Final

EXTENT: Final = """
SELECT count(*), coalesce(min(revision), 0), coalesce(max(revision), 0),
    (SELECT changed_at FROM journal ORDER BY revision LIMIT 1),
    (SELECT changed_at FROM journal ORDER BY revision DESC LIMIT 1)
FROM journal
"""

SIZE: Final = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8 FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
"""

COUNT_ANSWERS: Final = "SELECT count(*) FROM answers"

LAST_STATES: Final = """
DECLARE walk NO SCROLL CURSOR FOR
SELECT t.name, j.state, j.private FROM keys k JOIN tenants t ON t.id = k.tenant_id
JOIN journal j ON j.revision = (SELECT l.revision FROM journal l WHERE l.key_id = k.id ORDER BY l.revision DESC LIMIT 1)
WHERE k.kind = 1
"""

BAD_ANSWERS: Final = """
SELECT count(*) FROM answers a LEFT JOIN tenants t ON t.id = a.tenant_id
WHERE t.id IS NULL OR a.revision > %(head)s OR a.revision < 0
"""

HORIZONS: Final = "SELECT id, horizon FROM tenants"

MOVING: Final = "SELECT person, new_key FROM erasures"

PERSONS: Final = "SELECT person, first FROM persons UNION ALL SELECT pseudonym, first FROM erasures"

RECORDS: Final = """
DECLARE walk NO SCROLL CURSOR FOR
SELECT j.revision, j.tenant_id, j.key_id, j.previous, j.changed_at, j.recorded_at, j.time_ceiling,
    CASE WHEN t.id IS NOT NULL AND k.tenant_id = j.tenant_id THEN k.kind END, k.name, j.state, j.private, j.change, j.person,
    t.name, coalesce(j.configuration, ''), j.checksum
FROM journal j LEFT JOIN keys k ON k.id = j.key_id LEFT JOIN tenants t ON t.id = j.tenant_id
ORDER BY j.revision
"""

WALK: Final = "FETCH FORWARD 2000 FROM walk"

END_WALK: Final = "CLOSE walk"
"""What a long answer is fetched by: it is read in pieces, and needs no room for all of it."""

TABLES: Final = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'i')
UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
"""

EXPECTED_TABLES: Final = frozenset(
    {
        *("meta", "head", "tenants", "keys", "journal", "other_calls", "persons", "erasures", "answers"),
        *("journal_by_key", "journal_by_tenant", "journal_calls", "journal_configuration", "other_calls_by_revision"),
        *("persons_by_key", "persons_by_end", "persons_by_tenant", "answers_by_time"),
        *("append_1", "sealed_1", "first_since_1", "begin_erasure_1"),
    }
)
"""What must be there; a newer release may have more."""
