"""The statements that erase a person, as text; runs nothing."""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from typing import Final

from onduty_server.adapters.postgres.queries import OF_RECORD, RECORD

PENDING: Final = """
SELECT t.name, e.pseudonym, e.staff_id FROM erasures e JOIN tenants t ON t.id = e.tenant_id ORDER BY e.last
"""

ERASURE: Final = """
SELECT e.stage, e.place, e.tenant_id, t.name, e.person, e.staff_id, e.old_key, e.new_key, e.first, e.last, e.until
FROM erasures e JOIN tenants t ON t.id = e.tenant_id WHERE e.pseudonym = %(pseudonym)s
"""

OWN: Final = f"""
SELECT {RECORD} FROM journal j {OF_RECORD}
WHERE j.tenant_id = %(tenant_id)s AND j.revision BETWEEN %(first)s AND %(last)s AND j.person = %(person)s
ORDER BY j.revision LIMIT %(limit)s
"""

REWRITE_OWN: Final = """
UPDATE journal SET key_id = %(new)s, person = %(pseudonym)s, call_id = NULL, source = NULL, previous = %(previous)s,
    state = %(state)s, private = %(private)s, change = %(change)s, configuration = %(configuration)s, checksum = %(checksum)s
WHERE revision = %(revision)s
"""

FORGET_OTHER_CALLS: Final = "DELETE FROM other_calls WHERE revision = %(revision)s"

NAMING: Final = f"""
SELECT {RECORD} FROM journal j {OF_RECORD}
WHERE j.tenant_id = %(tenant_id)s AND j.revision > %(after)s AND j.revision <= %(through)s
AND (position(%(id)s::bytea IN j.change) > 0 OR position(%(id)s::bytea IN coalesce(j.configuration, '')) > 0)
ORDER BY j.revision
"""

REWRITE_NAMING: Final = """
UPDATE journal SET change = %(change)s, configuration = %(configuration)s, checksum = %(checksum)s WHERE revision = %(revision)s
"""

ANSWERS: Final = """
SELECT a.request_id, a.detail, a.revision BETWEEN %(first)s AND %(last)s AND strpos(a.request_id, chr(31)) = 0
    AND coalesce((SELECT j.person FROM journal j WHERE j.revision = a.revision), 0) = %(pseudonym)s
FROM answers a WHERE a.tenant_id = %(tenant_id)s AND a.request_id > %(after)s
AND (position(%(id)s::bytea IN a.detail) > 0 OR a.revision BETWEEN %(first)s AND %(last)s)
ORDER BY a.request_id LIMIT %(limit)s
"""

FORGET_ANSWER: Final = "DELETE FROM answers WHERE tenant_id = %(tenant_id)s AND request_id = %(request_id)s"

REWRITE_ANSWER: Final = """
UPDATE answers SET detail = %(detail)s WHERE tenant_id = %(tenant_id)s AND request_id = %(request_id)s
"""

REMEMBERED: Final = f"""
SELECT {RECORD} FROM journal j {OF_RECORD}
WHERE k.tenant_id = %(tenant_id)s AND k.kind = 4 AND k.name = %(person_name)s
"""
"""What was remembered of the person beside the own records."""

REWRITE_REMEMBERED: Final = """
UPDATE journal SET state = '', checksum = %(checksum)s WHERE revision = %(revision)s
"""

FORGET_NAMES: Final = (
    "UPDATE keys SET name = %(pseudonym_name)s WHERE tenant_id = %(tenant_id)s AND kind = 4 AND name = %(person_name)s",
    "UPDATE persons SET person = %(pseudonym)s, key_id = %(new)s WHERE person = %(person)s",
    "DELETE FROM keys WHERE id = %(old)s AND NOT EXISTS (SELECT 1 FROM persons WHERE key_id = %(old)s)",
    "UPDATE erasures SET staff_id = '', person = %(pseudonym)s WHERE pseudonym = %(pseudonym)s",
)

ADVANCE: Final = "UPDATE erasures SET stage = %(stage)s, place = %(place)s WHERE pseudonym = %(pseudonym)s"

DONE: Final = "DELETE FROM erasures WHERE pseudonym = %(pseudonym)s"

SWEEP: Final = "VACUUM journal, keys, persons, answers, other_calls, erasures"
"""Has the dead rows of all this leave the tables. What is in archives of the log and in backups is in theirs."""
