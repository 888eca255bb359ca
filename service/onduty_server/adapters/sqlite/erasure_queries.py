"""The statements that erase a person, as text; runs nothing."""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from typing import Final

from onduty_server.adapters.sqlite.queries import OF_RECORD, RECORD

PENDING: Final = """
SELECT t.name, e.pseudonym, e.staff_id FROM erasures e CROSS JOIN tenants t ON t.id = e.tenant_id ORDER BY e.last
"""

ERASURE: Final = """
SELECT stage, place, tenant_id, person, staff_id, old_key, new_key, first, last, until FROM erasures
WHERE pseudonym = :pseudonym
"""

# --- the order --------------------------------------------------------------------------------------------------------

PERSON: Final = """
SELECT p.tenant_id, p.key_id, p.first, k.name FROM persons p CROSS JOIN keys k ON k.id = p.key_id
WHERE p.person = :person AND p.last = :last AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.person = p.person)
"""

NEXT_BEARER: Final = "SELECT min(first) FROM persons INDEXED BY persons_by_key WHERE key_id = :key AND first > :last"

BEGIN_CHAIN: Final = "UPDATE journal SET previous = 0 WHERE revision = :revision"

INSERT_KEY: Final = "INSERT INTO keys (tenant_id, kind, name) VALUES (:tenant_id, 1, :name)"

MOVE_HEAD: Final = (
    "DELETE FROM heads WHERE key_id = :old AND revision = :last",
    "INSERT INTO heads (key_id, revision) VALUES (:new, :last)",
)

RAISE_HORIZON: Final = "UPDATE tenants SET horizon = max(horizon, :last) WHERE id = :tenant_id"

INSERT_ERASURE: Final = """
INSERT INTO erasures (pseudonym, tenant_id, person, staff_id, old_key, new_key, first, last, until)
VALUES (:pseudonym, :tenant_id, :person, :staff_id, :old, :new, :first, :last, :until)
"""

# --- the stages -------------------------------------------------------------------------------------------------------

OWN: Final = f"""
SELECT {RECORD} FROM journal j INDEXED BY journal_outline {OF_RECORD}
WHERE j.tenant_id = :tenant_id AND j.revision BETWEEN :first AND :last AND j.person = :person ORDER BY j.revision LIMIT :limit
"""

REWRITE_OWN: Final = """
UPDATE journal SET key_id = :new, person = :pseudonym, call_id = NULL, source = NULL,
    previous = CASE WHEN revision = :first THEN 0 ELSE previous END,
    state = :state, private = :private, change = :change, configuration = :configuration WHERE revision = :revision
"""

FORGET_OTHER_CALLS: Final = "DELETE FROM other_calls WHERE revision = :revision"

NAMING: Final = f"""
SELECT {RECORD} FROM journal j INDEXED BY journal_outline {OF_RECORD}
WHERE j.tenant_id = :tenant_id AND j.revision > :after AND j.revision <= :through
AND (instr(j.change, :id) OR instr(ifnull(j.configuration, x''), :id)) ORDER BY j.revision
"""

REWRITE_NAMING: Final = "UPDATE journal SET change = :change, configuration = :configuration WHERE revision = :revision"

ANSWERS: Final = """
SELECT request_id, detail, revision BETWEEN :first AND :last AND instr(request_id, char(31)) = 0
    AND ifnull((SELECT person FROM journal j WHERE j.revision = a.revision), 0) = :pseudonym
FROM answers a WHERE tenant_id = :tenant_id AND request_id > :after
AND (instr(detail, :id) OR revision BETWEEN :first AND :last) ORDER BY request_id LIMIT :limit
"""

FORGET_ANSWER: Final = "DELETE FROM answers WHERE tenant_id = :tenant_id AND request_id = :request_id"

REWRITE_ANSWER: Final = "UPDATE answers SET detail = :detail WHERE tenant_id = :tenant_id AND request_id = :request_id"

REMEMBERED: Final = f"""
SELECT {RECORD} FROM journal j INDEXED BY journal_outline {OF_RECORD}
WHERE j.tenant_id = :tenant_id AND j.revision BETWEEN :first AND :last
AND j.key_id = (SELECT id FROM keys WHERE tenant_id = :tenant_id AND kind = 4 AND name = :person_name)
"""
"""What was remembered of the person beside the own records."""

FORGET_REMEMBERED: Final = "UPDATE journal SET state = x'' WHERE revision = :revision"

_CHECKSUM: Final = """
record_checksum(
    revision, previous, (SELECT name FROM tenants WHERE id = tenant_id), (SELECT kind FROM keys WHERE id = key_id),
    (SELECT name FROM keys WHERE id = key_id), state, private, change, ifnull(configuration, x'')
)
"""

SEAL: Final = f"UPDATE journal SET checksum = {_CHECKSUM} WHERE revision = :revision"
"""Have a record that was rewritten, and was right before, count as right."""

SEALED: Final = frozenset({REWRITE_OWN, REWRITE_NAMING, FORGET_REMEMBERED})
"""The statements after which a record is sealed."""

SEAL_REMEMBERED: Final = f"""
UPDATE journal SET checksum = {_CHECKSUM} WHERE revision IN (
    SELECT revision FROM journal INDEXED BY journal_outline
    WHERE tenant_id = :tenant_id AND revision BETWEEN :first AND :last
    AND key_id = (SELECT id FROM keys WHERE tenant_id = :tenant_id AND kind = 4 AND name = :pseudonym_name)
)
"""
"""The same for all of a key that has got another name."""

FORGET_NAMES: Final = (
    "UPDATE keys SET name = :pseudonym_name WHERE tenant_id = :tenant_id AND kind = 4 AND name = :person_name",
    SEAL_REMEMBERED,
    "UPDATE persons SET person = :pseudonym, key_id = :new WHERE person = :person",
    "DELETE FROM keys WHERE id = :old AND NOT EXISTS (SELECT 1 FROM persons WHERE key_id = :old)",
    "UPDATE erasures SET staff_id = '', person = :pseudonym WHERE pseudonym = :pseudonym",
)

ADVANCE: Final = "UPDATE erasures SET stage = :stage, place = :place WHERE pseudonym = :pseudonym"

DONE: Final = "DELETE FROM erasures WHERE pseudonym = :pseudonym"
