"""The statements about the past, as text: changes, persons, sums; runs nothing.

Each is a source of records, ``found``, and what is made of it. The source is chosen by what finds fewest: a call's records, a
few persons' chains, or the outline of all.
"""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from typing import Final

from onduty_server.adapters.columns import ACCEPTED, ANSWERED_SHIFT, DECLINED, END_MASK, END_SHIFT, EXPIRED, MADE_SHIFT
from onduty_server.adapters.sqlite.queries import HEADS_UNTIL, OF_RECORD, RECORD, TENANT_ID
from onduty_server.domain.model.status import Status
from onduty_server.past import ConfigurationQuery, HistoryQuery, groups_asked
from onduty_server.ports import RecordKind

_OUTLINED: Final = (
    "revision, person, changed_at, cause, moved, closed_status, closed_reason, closed_since, "
    "groups, groups_after, counts, talks"
)
_OUTLINED_J: Final = ", ".join(f"j.{column}" for column in _OUTLINED.split(", "))

_KEYS: Final = f"""
    SELECT id FROM keys WHERE tenant_id = ({TENANT_ID}) AND kind = 1 AND name IN (SELECT value FROM json_each(:staff_ids))
"""

_PEOPLE: Final = f"""
people AS MATERIALIZED (
    SELECT p.person, p.key_id, p.first, p.last FROM persons p
    WHERE p.key_id IN ({_KEYS})
    AND p.first = (
        SELECT max(q.first) FROM persons q INDEXED BY persons_by_key WHERE q.key_id = p.key_id AND q.first <= :bearers_at
    )
    UNION
    SELECT p.person, p.key_id, p.first, p.last FROM persons p
    WHERE p.person IN (SELECT value FROM json_each(:persons)) AND p.tenant_id = ({TENANT_ID})
)"""
"""Those who have ``:staff_ids`` at revision ``:bearers_at`` or had them last, and ``:persons``."""

OUTLINE: Final = f"""
WITH {_PEOPLE},
found AS NOT MATERIALIZED (
    SELECT {_OUTLINED} FROM journal INDEXED BY journal_outline
    WHERE tenant_id = ({TENANT_ID}) AND revision >= :first AND revision <= :through
    AND person IS NOT NULL AND (:everybody OR person IN (SELECT person FROM people))
)
"""
"""The staff records from ``:first`` to ``:through``, of these people or of everybody."""

CHAINS: Final = f"""
WITH RECURSIVE {_PEOPLE},
tail AS MATERIALIZED (
    SELECT key_id, max(revision) AS revision FROM journal INDEXED BY journal_outline
    WHERE tenant_id = ({TENANT_ID}) AND revision > ({HEADS_UNTIL})
    AND key_id IN (SELECT key_id FROM people WHERE last IS NULL) GROUP BY key_id
),
found ({_OUTLINED}, previous, oldest) AS NOT MATERIALIZED (
    SELECT {_OUTLINED_J}, j.previous, max(p.first, :first) FROM people p
    LEFT JOIN tail ON p.last IS NULL AND tail.key_id = p.key_id LEFT JOIN heads ON heads.key_id = p.key_id
    CROSS JOIN journal j ON j.revision = coalesce(p.last, tail.revision, heads.revision)
    WHERE j.revision >= :first
    UNION ALL
    SELECT {_OUTLINED_J}, j.previous, f.oldest
    FROM found f CROSS JOIN journal j ON j.revision = f.previous WHERE f.previous >= f.oldest
    ORDER BY 1 DESC
)
"""
"""The records of these people from ``:first`` on, the newest first, along their chains."""

CALLS: Final = f"""
WITH {_PEOPLE},
found AS MATERIALIZED (
    SELECT {_OUTLINED} FROM journal INDEXED BY journal_calls
    WHERE call_id IN (SELECT value FROM json_each(:call_ids)) AND tenant_id = ({TENANT_ID})
    AND (:source = '' OR source = :source) AND person IS NOT NULL
    AND (:everybody OR person IN (SELECT person FROM people))
    UNION
    SELECT {_OUTLINED_J} FROM other_calls o CROSS JOIN journal j ON j.revision = o.revision
    WHERE o.call_id IN (SELECT value FROM json_each(:call_ids)) AND o.tenant_id = ({TENANT_ID})
    AND (:source = '' OR o.source = :source) AND j.person IS NOT NULL
    AND (:everybody OR j.person IN (SELECT person FROM people))
)
"""
"""The staff records about ``:call_ids``, of ``:source`` if it is not empty."""

_OF_GROUPS: Final = f"""
    SELECT id FROM group_sets WHERE tenant_id = ({TENANT_ID})
    AND EXISTS (SELECT 1 FROM json_each(names) WHERE value IN (SELECT value FROM json_each(:skill_groups)))
    AND (:within IS NULL OR EXISTS (SELECT 1 FROM json_each(names) WHERE value IN (SELECT value FROM json_each(:within))))
"""

_OF_VIEW: Final = f"""
    SELECT id FROM group_sets WHERE tenant_id = ({TENANT_ID})
    AND EXISTS (SELECT 1 FROM json_each(names) WHERE value IN (SELECT value FROM json_each(:within)))
"""


def history(query: HistoryQuery) -> str:
    """The changes that match, with one of the sources before it."""
    where = ["revision >= :first", "revision <= :through"]
    if query.start is not None:
        where.append("changed_at >= :start")
    if query.end is not None:
        where.append("changed_at < :end")
    if query.causes:
        where.append("cause IN (SELECT value FROM json_each(:causes))")
    if query.status_changes_only:
        where.append("moved")
    if groups_asked(query) is not None:
        where.append(f"(groups IN ({_OF_GROUPS}) OR groups_after IN ({_OF_GROUPS}))")
    order = "DESC" if query.newest_first else "ASC"
    return f"""
        SELECT {RECORD} FROM (
            SELECT revision FROM found WHERE {" AND ".join(where)} ORDER BY revision {order} LIMIT :limit
        ) page CROSS JOIN journal j ON j.revision = page.revision {OF_RECORD}
        ORDER BY page.revision {order}
    """


def configuration_changes(query: ConfigurationQuery) -> str:
    """The changes of configuration that match."""
    where = ["j.revision > :after" if not query.newest_first else "(:after = 0 OR j.revision < :after)"]
    if query.start is not None:
        where.append("j.changed_at >= :start")
    if query.end is not None:
        where.append("j.changed_at < :end")
    if query.kinds:
        where.append("k.kind IN (SELECT value FROM json_each(:kinds))")
    if query.subjects:
        where.append("k.name IN (SELECT value FROM json_each(:subjects))")
    if query.within is not None:
        of_all = f"k.kind IN ({RecordKind.POLICY.value}, {RecordKind.BREAK_REASON.value})"
        where.append(f"({of_all} OR j.groups IN ({_OF_VIEW}) OR j.groups_after IN ({_OF_VIEW}))")
    return f"""
        SELECT {RECORD} FROM journal j INDEXED BY journal_configuration {OF_RECORD}
        WHERE j.tenant_id = ({TENANT_ID}) AND j.configuration IS NOT NULL AND j.revision <= :through
        AND {" AND ".join(where)} ORDER BY j.revision {"DESC" if query.newest_first else "ASC"} LIMIT :limit
    """


PERSONS: Final = f"""
SELECT p.person, k.name, p.first, p.began_at, ifnull(p.last, 0), p.ended_at
FROM keys k INDEXED BY sqlite_autoindex_keys_1 CROSS JOIN persons p INDEXED BY persons_by_key ON p.key_id = k.id
WHERE k.tenant_id = ({TENANT_ID}) AND k.kind = 1 AND k.name >= :after_name
AND (k.name > :after_name OR p.first > :after_first)
AND (:staff_ids IS NULL OR k.name IN (SELECT value FROM json_each(:staff_ids)))
AND (
    :staff_ids IS NULL OR :every_bearer
    OR p.first = (SELECT max(q.first) FROM persons q WHERE q.key_id = k.id AND q.first <= :through)
)
AND NOT (:every_bearer AND p.person IN (SELECT person FROM erasures))
AND (:persons IS NULL OR p.person IN (SELECT value FROM json_each(:persons)))
AND (p.ended_at IS NULL OR p.ended_at > :alive_after OR p.last > :through) AND p.first <= :through
AND (
    :within IS NULL
    OR p.person IN (
        SELECT person FROM journal INDEXED BY journal_outline WHERE tenant_id = ({TENANT_ID}) AND person IS NOT NULL
        AND revision <= :through AND (groups IN ({_OF_VIEW}) OR groups_after IN ({_OF_VIEW}))
    )
)
ORDER BY k.name, p.first LIMIT :limit
"""

COUNT_PERSONS: Final = f"SELECT count(*) FROM persons WHERE tenant_id = ({TENANT_ID})"

CHANGES_OF: Final = f"""
SELECT count(*) FROM journal INDEXED BY journal_outline
WHERE tenant_id = ({TENANT_ID}) AND revision BETWEEN :first AND :last AND person = :person
"""

# --- sums -------------------------------------------------------------------------------------------------------------

_BUCKETS: Final = """
, buckets (number, starts, ends) AS MATERIALIZED (
    SELECT key, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:buckets)
)"""


def _grouped(groups: bool) -> str:  # noqa: FBT001 - the one fact it is told.
    return f" AND groups IN ({_OF_GROUPS})" if groups else ""


# The sums are of rows that are made small first: what is grouped is sorted, and that costs more than all else.


def times(*, groups: bool) -> str:
    """Time by person, interval, status and break reason, with a source before it."""
    return f"""{_BUCKETS}
    SELECT person, number, status, reason, sum(amount) FROM (
        SELECT person, number, closed_status AS status, closed_reason AS reason,
            min(changed_at, ends) - max(closed_since, starts) AS amount
        FROM found CROSS JOIN buckets ON starts < changed_at AND ends > closed_since
        WHERE closed_status IS NOT NULL AND revision <= :until AND changed_at > closed_since{_grouped(groups)}
    ) GROUP BY 1, 2, 3, 4
    """


LATER: Final = """
SELECT later.person, j.previous FROM (SELECT person, min(revision) AS revision FROM found GROUP BY person) later
CROSS JOIN journal j ON j.revision = later.revision
"""
"""The last record before those of a source, of each person who has one there."""

_REGROUPED: Final = f"(closed_status = {Status.IN_LINE.value} AND NOT moved)"
"""The record ends a stay in line without a change of status. ``groups_after`` does not tell it: no groups are no set."""

GROUP_STAYS: Final = f"""
SELECT person, closed_since, changed_at, coalesce(groups IN ({_OF_GROUPS}), 0)
FROM found WHERE {_REGROUPED} AND revision <= :until AND changed_at >= :start
"""
"""Stays in line that a change of groups ended within the period or later, with a source before it; whether they count."""


def _ended(*, cut: bool) -> str:
    """Calls that ended, with a source before it; with ``cut``, and when the groups last changed before. Few records end two."""
    before = "PARTITION BY person ORDER BY revision ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    last_cut = f"max(changed_at) FILTER (WHERE {_REGROUPED}) OVER ({before})" if cut else "NULL"
    where = f"(talks IS NOT NULL OR {_REGROUPED})" if cut else "talks IS NOT NULL"
    columns = "revision, groups, changed_at AS until, last_cut"
    return f""", ending AS NOT MATERIALIZED (
        SELECT person, revision, changed_at, groups, talks, {last_cut} AS last_cut
        FROM found WHERE {where} AND changed_at >= :start AND revision <= :until
    ), ended AS NOT MATERIALIZED (
        SELECT person, substr(talks, 3, 1) + 0 AS direction, CAST(substr(talks, 5) AS INTEGER) AS since, {columns}
        FROM ending WHERE talks IS NOT NULL AND NOT instr(talks, '],[')
        UNION ALL
        SELECT person, json_extract(t.value, '$[0]'), json_extract(t.value, '$[1]'), {columns}
        FROM ending CROSS JOIN json_each(talks) t WHERE talks IS NOT NULL AND instr(talks, '],[')
    )"""


def talks(*, groups: bool, cut: bool) -> str:
    """Time in ended calls and how many began, by person, interval and direction, with a source before it.

    With ``cut``, calls in which the groups changed are left out.
    """
    whole = " AND (last_cut IS NULL OR last_cut <= since)" if cut else ""
    return f"""{_BUCKETS}{_ended(cut=cut)}
    SELECT person, number, direction, sum(amount), sum(begun) FROM (
        SELECT person, number, direction, min(until, ends) - max(since, starts) AS amount, since >= starts AS begun
        FROM ended CROSS JOIN buckets ON ends > since AND (starts < until OR starts <= since)
        WHERE until >= since{_grouped(groups)}{whole}
    ) GROUP BY 1, 2, 3
    """


CUT_TALKS: Final = f"""{_ended(cut=True)}
SELECT person, direction, since, until, coalesce(groups IN ({_OF_GROUPS}), 0) FROM ended WHERE last_cut > since AND since < :end
"""
"""Ended calls in which the groups changed, with a source before it; whether their end counts."""


def counts(*, groups: bool) -> str:
    """Offers and answered calls by person and interval, with a source before it."""
    answered = ", ".join(f"sum(counts >> {ANSWERED_SHIFT + 6 * number} & 63)" for number in range(4))
    ended = f"(counts >> {END_SHIFT} & {END_MASK})"
    return f"""{_BUCKETS}
    SELECT person, number, sum(counts >> {MADE_SHIFT} & 1),
        sum({ended} = {ACCEPTED}), sum({ended} = {DECLINED}), sum({ended} = {EXPIRED}),
        sum({ended} NOT IN (0, {ACCEPTED}, {DECLINED}, {EXPIRED})), {answered}
    FROM found CROSS JOIN buckets ON starts <= changed_at AND ends > changed_at
    WHERE counts IS NOT NULL AND revision <= :until{_grouped(groups)} GROUP BY 1, 2
    """
