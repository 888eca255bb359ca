"""The statements about the past, as text: changes, persons, sums; runs nothing.

Each is a source of records, ``found``, and what is made of it. The source is chosen by what finds fewest: a call's records, a
few persons' own, or the tenant's in their order.
"""

# ruff: noqa: S608 - every statement is put together from the constants of this module; values are bound.

from typing import Final

from onduty_server.adapters.columns import ACCEPTED, ANSWERED_SHIFT, DECLINED, END_MASK, END_SHIFT, EXPIRED, MADE_SHIFT
from onduty_server.adapters.postgres.queries import OF_RECORD, RECORD, TENANT_ID
from onduty_server.domain.model.status import Status
from onduty_server.past import ConfigurationQuery, HistoryQuery, PersonQuery, groups_asked
from onduty_server.ports import RecordKind

_OUTLINED: Final = (
    "j.revision, j.person, j.changed_at, j.cause, j.moved, j.closed_status, j.closed_reason, j.closed_since, j.groups, "
    "j.groups_after, j.counts, j.talks"
)

_PEOPLE: Final = f"""
people AS MATERIALIZED (
    SELECT p.person, p.key_id, p.first, p.last FROM persons p
    JOIN keys k ON k.id = p.key_id AND k.tenant_id = ({TENANT_ID}) AND k.kind = 1 AND k.name = ANY(%(staff_ids)s::text[])
    WHERE p.first = (SELECT max(q.first) FROM persons q WHERE q.key_id = p.key_id AND q.first <= %(bearers_at)s)
    UNION
    SELECT p.person, p.key_id, p.first, p.last FROM persons p
    WHERE p.person = ANY(%(persons)s::int8[]) AND p.tenant_id = ({TENANT_ID})
)"""
"""Those who have ``staff_ids`` at revision ``bearers_at`` or had them last, and ``persons``."""

_THEIRS: Final = "AND j.person IN (SELECT person FROM people)"


def outline(*, everybody: bool) -> str:
    """The staff records from ``first`` to ``through``, of these people or of everybody."""
    return f"""
    WITH {_PEOPLE}, found AS (
        SELECT {_OUTLINED} FROM journal j
        WHERE j.tenant_id = ({TENANT_ID}) AND j.revision >= %(first)s AND j.revision <= %(through)s
        AND j.person IS NOT NULL {"" if everybody else _THEIRS}
    )
    """


OWN: Final = f"""
WITH {_PEOPLE}, found AS (
    SELECT {_OUTLINED} FROM people p JOIN journal j ON j.key_id = p.key_id
    AND j.revision >= greatest(p.first, %(first)s) AND j.revision <= least(p.last, %(through)s)
)
"""
"""The records of these people from ``first`` on, by their keys."""


def calls(*, everybody: bool) -> str:
    """The staff records about ``call_ids``, of ``source`` if it is not empty."""
    theirs = "" if everybody else _THEIRS
    return f"""
    WITH {_PEOPLE}, found AS (
        SELECT {_OUTLINED} FROM journal j
        WHERE j.call_id = ANY(%(call_ids)s::text[]) AND j.tenant_id = ({TENANT_ID})
        AND %(source)s IN ('', j.source) AND j.person IS NOT NULL {theirs}
        UNION
        SELECT {_OUTLINED} FROM other_calls o JOIN journal j ON j.revision = o.revision
        WHERE o.call_id = ANY(%(call_ids)s::text[]) AND o.tenant_id = ({TENANT_ID})
        AND %(source)s IN ('', o.source) AND j.person IS NOT NULL {theirs}
    )
    """


def _counting(column: str) -> str:
    """Whether a set of groups is one that is asked for, and is within what may be seen."""
    return f"({column} && %(skill_groups)s::text[] AND (%(within)s::text[] IS NULL OR {column} && %(within)s::text[]))"


_IN_VIEW: Final = f"""
SELECT person FROM journal WHERE tenant_id = ({TENANT_ID}) AND person IS NOT NULL AND revision <= %(through)s
AND (groups && %(within)s::text[] OR groups_after && %(within)s::text[])
"""
"""Who was in one of the groups ``within`` at any time."""


def history(query: HistoryQuery) -> str:
    """The changes that match, with one of the sources before it."""
    where = ["revision >= %(first)s", "revision <= %(through)s"]
    if query.start is not None:
        where.append("changed_at >= %(start)s")
    if query.end is not None:
        where.append("changed_at < %(end)s")
    if query.causes:
        where.append("cause = ANY(%(causes)s::int2[])")
    if query.status_changes_only:
        where.append("moved")
    if groups_asked(query) is not None:
        where.append(f"({_counting('groups')} OR {_counting('groups_after')})")
    order = "DESC" if query.newest_first else "ASC"
    return f"""
        SELECT {RECORD} FROM (
            SELECT revision FROM found WHERE {" AND ".join(where)} ORDER BY revision {order} LIMIT %(limit)s
        ) page JOIN journal j ON j.revision = page.revision {OF_RECORD}
        ORDER BY j.revision {order}
    """


def configuration_changes(query: ConfigurationQuery) -> str:
    """The changes of configuration that match."""
    where = ["j.revision > %(after)s" if not query.newest_first else "(%(after)s = 0 OR j.revision < %(after)s)"]
    if query.start is not None:
        where.append("j.changed_at >= %(start)s")
    if query.end is not None:
        where.append("j.changed_at < %(end)s")
    if query.kinds:
        where.append("k.kind = ANY(%(kinds)s::int2[])")
    if query.subjects:
        where.append("k.name = ANY(%(subjects)s::text[])")
    if query.within is not None:
        of_all = f"k.kind IN ({RecordKind.POLICY.value}, {RecordKind.BREAK_REASON.value})"
        where.append(f"({of_all} OR j.groups && %(within)s::text[] OR j.groups_after && %(within)s::text[])")
    return f"""
        SELECT {RECORD} FROM journal j {OF_RECORD}
        WHERE j.tenant_id = ({TENANT_ID}) AND j.configuration IS NOT NULL AND j.revision <= %(through)s
        AND {" AND ".join(where)} ORDER BY j.revision {"DESC" if query.newest_first else "ASC"} LIMIT %(limit)s
    """


def persons(query: PersonQuery) -> str:
    """The persons that match."""
    where = []
    if query.staff_ids:
        where.append("k.name = ANY(%(staff_ids)s::text[])")
        if not query.every_bearer:
            where.append("p.first = (SELECT max(q.first) FROM persons q WHERE q.key_id = k.id AND q.first <= %(through)s)")
    if query.every_bearer:
        where.append("p.person NOT IN (SELECT person FROM erasures)")
    if query.person_ids:
        where.append("p.person = ANY(%(persons)s::int8[])")
    if query.alive_after is not None:
        where.append("(p.ended_at IS NULL OR p.ended_at > %(alive_after)s OR p.last > %(through)s)")
    if query.within is not None:
        where.append(f"p.person IN ({_IN_VIEW})")
    return f"""
    SELECT p.person, k.name, p.first, p.began_at, coalesce(p.last, 0), p.ended_at
    FROM keys k JOIN persons p ON p.key_id = k.id
    WHERE k.tenant_id = ({TENANT_ID}) AND k.kind = 1 AND p.first <= %(through)s
    AND (k.name, p.first) > (%(after_name)s::text COLLATE "C", %(after_first)s::int8)
    AND k.name >= %(after_name)s {"".join(f" AND {one}" for one in where)}
    ORDER BY k.name, p.first LIMIT %(limit)s
    """


COUNT_PERSONS: Final = f"SELECT count(*) FROM persons WHERE tenant_id = ({TENANT_ID})"

CHANGES_OF: Final = f"""
SELECT count(*) FROM journal
WHERE tenant_id = ({TENANT_ID}) AND revision BETWEEN %(first)s AND %(last)s AND person = %(person)s
"""

FIRST_SINCE: Final = "SELECT first_since_1(%(start)s)"

# --- sums -------------------------------------------------------------------------------------------------------------

_BUCKETS: Final = """
, buckets AS MATERIALIZED (
    SELECT starts, ends, (n - 1)::int4 AS number
    FROM unnest(%(starts)s::int8[], %(ends)s::int8[]) WITH ORDINALITY b (starts, ends, n)
)"""


def _grouped(groups: bool) -> str:  # noqa: FBT001 - the one fact it is told.
    return f" AND {_counting('groups')}" if groups else ""


def times(*, groups: bool) -> str:
    """Time by person, interval, status and break reason, with a source before it."""
    return f"""{_BUCKETS}
    SELECT person, number, closed_status, closed_reason,
        sum(least(changed_at, ends) - greatest(closed_since, starts))::int8
    FROM found JOIN buckets ON starts < changed_at AND ends > closed_since
    WHERE closed_status IS NOT NULL AND revision <= %(until)s AND changed_at > closed_since{_grouped(groups)}
    GROUP BY 1, 2, 3, 4
    """


LATER: Final = """
SELECT later.person, j.previous FROM (SELECT person, min(revision) AS revision FROM found GROUP BY person) later
JOIN journal j ON j.revision = later.revision
"""
"""The last record before those of a source, of each person who has one there."""

_REGROUPED: Final = f"(closed_status = {Status.IN_LINE.value} AND NOT moved)"
"""The record ends a stay in line without a change of status. ``groups_after`` does not tell it: no groups are NULL there."""

_COUNTING: Final = f"coalesce({_counting('groups')}, false)"

GROUP_STAYS: Final = f"""
SELECT person, closed_since, changed_at, {_COUNTING}
FROM found WHERE {_REGROUPED} AND revision <= %(until)s AND changed_at >= %(start)s
"""
"""Stays in line that a change of groups ended within the period or later, with a source before it; whether they count."""


def _ended(*, cut: bool) -> str:
    """Calls that ended, with a source before it; with ``cut``, and when the groups last changed before."""
    before = "PARTITION BY person ORDER BY revision ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    last_cut = f"max(changed_at) FILTER (WHERE {_REGROUPED}) OVER ({before})" if cut else "NULL::int8"
    where = f"(talks IS NOT NULL OR {_REGROUPED})" if cut else "talks IS NOT NULL"
    return f""", ending AS (
        SELECT person, changed_at, groups, talks, {last_cut} AS last_cut
        FROM found WHERE {where} AND changed_at >= %(start)s AND revision <= %(until)s
    ), ended AS (
        SELECT person, (t ->> 0)::int2 AS direction, (t ->> 1)::int8 AS since, groups, changed_at AS until, last_cut
        FROM ending CROSS JOIN jsonb_array_elements(talks) t WHERE talks IS NOT NULL
    )"""


def talks(*, groups: bool, cut: bool) -> str:
    """Time in ended calls and how many began, by person, interval and direction, with a source before it.

    With ``cut``, calls in which the groups changed are left out.
    """
    whole = " AND (last_cut IS NULL OR last_cut <= since)" if cut else ""
    return f"""{_BUCKETS}{_ended(cut=cut)}
    SELECT person, number, direction, sum(least(until, ends) - greatest(since, starts))::int8,
        count(*) FILTER (WHERE since >= starts)
    FROM ended JOIN buckets ON ends > since AND (starts < until OR starts <= since)
    WHERE until >= since{_grouped(groups)}{whole} GROUP BY 1, 2, 3
    """


CUT_TALKS: Final = f"""{_ended(cut=True)}
SELECT person, direction, since, until, {_COUNTING} FROM ended WHERE last_cut > since AND since < %(end)s
"""
"""Ended calls in which the groups changed, with a source before it; whether their end counts."""


def counts(*, groups: bool) -> str:
    """Offers and answered calls by person and interval, with a source before it."""
    answered = ", ".join(f"sum(counts >> {ANSWERED_SHIFT + 6 * number} & 63)::int8" for number in range(4))
    ended = f"(counts >> {END_SHIFT} & {END_MASK})"
    return f"""{_BUCKETS}
    SELECT person, number, sum(counts >> {MADE_SHIFT} & 1)::int8,
        count(*) FILTER (WHERE {ended} = {ACCEPTED}), count(*) FILTER (WHERE {ended} = {DECLINED}),
        count(*) FILTER (WHERE {ended} = {EXPIRED}),
        count(*) FILTER (WHERE {ended} NOT IN (0, {ACCEPTED}, {DECLINED}, {EXPIRED})), {answered}
    FROM found JOIN buckets ON starts <= changed_at AND ends > changed_at
    WHERE counts IS NOT NULL AND revision <= %(until)s{_grouped(groups)} GROUP BY 1, 2
    """
