"""Reads the past on a reader's connection: changes, persons and sums; each as of one moment."""

import json
import sqlite3
from typing import Any, Final

from onduty_server.adapters.checksums import record
from onduty_server.adapters.columns import person_name, person_number
from onduty_server.adapters.past_answers import add_states, page, sums_of
from onduty_server.adapters.sqlite import past_queries as queries
from onduty_server.adapters.sqlite.queries import BOUNDS, TIME_CEILING
from onduty_server.adapters.sqlite.reader import Reader, records
from onduty_server.domain.model.status import Instant
from onduty_server.past import (
    ConfigurationQuery,
    HistoryQuery,
    PastChange,
    PastPage,
    Person,
    PersonQuery,
    Revision,
    Sums,
    SumsQuery,
    groups_asked,
)

_FAR: Final = (1 << 63) - 1
"""After all revisions and instants."""

_STEP_FACTOR: Final = 12
"""Following a chain costs so many times as much as a scan of the outline, a record."""


class PastReader(Reader):
    """A reader that knows the past too."""

    def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal.history``."""
        values = {
            **_page_values(query),
            **_people(query.tenant, query.staff_ids, [person_number(one) for one in query.person_ids]),
            "bearers_at": _FAR if query.bearers_at is None else query.bearers_at,
            "call_ids": json.dumps(query.call_ids),
            "source": query.source,
            "skill_groups": json.dumps(groups_asked(query)),
            "within": _within(query),
            "causes": json.dumps([int(cause) for cause in query.causes]),
        }
        with self.snapshot() as connection:
            values["first"] = 0 if query.start is None else _first_since(connection, query.start)
            if query.newest_first:
                values["through"] = min(values["through"], query.after - 1) if query.after else values["through"]
            else:
                values["first"] = max(values["first"], query.after + 1)
            source = queries.CALLS if query.call_ids else self._source(connection, values, query.staff_ids, query.person_ids)
            rows = map(record, connection.execute(source + queries.history(query), values))
            changes = (PastChange(found.revision, found.change) for found in rows)
            return page(changes, query.limit, query.bytes_most)

    def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """See ``Journal.configuration_changes``."""
        named = {"kinds": json.dumps(query.kinds), "subjects": json.dumps(query.subjects), "within": _within(query)}
        values = {**_page_values(query), **named}
        with self.reading() as connection:
            rows = map(record, connection.execute(queries.configuration_changes(query), values))
            changes = (PastChange(found.revision, found.configuration) for found in rows)
            return page(changes, query.limit, query.bytes_most)

    def persons(self, query: PersonQuery) -> list[Person]:
        """See ``Journal.persons``."""
        name, first = query.after or ("", 0)
        values = {
            "tenant": query.tenant,
            "staff_ids": json.dumps(query.staff_ids) if query.staff_ids else None,
            "persons": json.dumps([person_number(one) for one in query.person_ids]) if query.person_ids else None,
            "every_bearer": query.every_bearer,
            "alive_after": -1 if query.alive_after is None else query.alive_after,
            "through": _FAR if query.through is None else query.through,
            "after_name": name,
            "after_first": first,
            "within": _within(query),
            "limit": query.limit,
        }
        with self.snapshot() as connection:
            rows = connection.execute(queries.PERSONS, values).fetchall()
            ends = {last: found.state for last, found in records(connection, [row[4] for row in rows if row[4]]).items()}
        return [
            Person(person_name(number), staff_id, Revision(first), began_at, Revision(last), ended_at, ends.get(last, b""))
            for number, staff_id, first, began_at, last, ended_at in rows
        ]

    def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal.changes_of``."""
        number = person_number(person.person_id)
        values = {"tenant": tenant, "first": person.first, "last": person.last or _FAR, "person": number}
        with self.reading() as connection:
            (count,) = connection.execute(queries.CHANGES_OF, values).fetchone()
        return int(count)

    def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal.sums``."""
        start, end = query.bounds[0], query.bounds[-1]
        values = {
            **_people(query.tenant, (), [person_number(one.person_id) for one in query.persons]),
            "through": query.through,
            "until": query.until,
            "start": start,
            "end": end,
            "skill_groups": json.dumps(groups_asked(query)),
            "within": _within(query),
            "buckets": json.dumps(list(zip(query.bounds, query.bounds[1:], strict=False))),
        }
        grouped = groups_asked(query) is not None
        with self.snapshot() as connection:
            values["first"] = _first_since(connection, start)
            source = self._source(connection, values, (), query.persons) if query.persons else queries.OUTLINE
            (everybody,) = connection.execute(queries.COUNT_PERSONS, values).fetchone()
            values["everybody"] = len(query.persons) == everybody  # looking up each one's person costs a third of a scan
            found = sums_of(lambda statement: connection.execute(source + statement, values), queries, grouped=grouped)
            later = connection.execute(source + queries.LATER, {**values, "first": query.until + 1}).fetchall()
            states = records(connection, [Revision(before) for _, before in later])
        add_states(found, later, states)
        return found

    def _source(self, connection: sqlite3.Connection, values: dict[str, Any], *people: tuple[Any, ...]) -> str:
        """The better source of these people's records, which are everybody's if none are named."""
        named = sum(map(len, people))
        if not named:
            return queries.OUTLINE
        (everybody,) = connection.execute(queries.COUNT_PERSONS, values).fetchone()
        return queries.CHAINS if named * _STEP_FACTOR <= everybody or named == 1 else queries.OUTLINE


def _page_values(query: HistoryQuery | ConfigurationQuery) -> dict[str, Any]:
    return {
        "tenant": query.tenant,
        "start": query.start,
        "end": query.end,
        "after": query.after,
        "through": _FAR if query.through is None else query.through,
        "limit": query.limit + 1,  # one more tells that there is more.
    }


def _within(query: HistoryQuery | ConfigurationQuery | PersonQuery | SumsQuery) -> str | None:
    return None if query.within is None else json.dumps(query.within)


def _people(tenant: str, staff_ids: tuple[str, ...], persons: list[int]) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "staff_ids": json.dumps(staff_ids),
        "persons": json.dumps(persons),
        "bearers_at": _FAR,
        "everybody": not staff_ids and not persons,
    }


def _first_since(connection: sqlite3.Connection, instant: Instant) -> int:
    """A revision before which no record changed anything at the instant or later, found by halving."""
    low, high = connection.execute(BOUNDS).fetchone()
    while low < high:
        middle = (low + high) // 2
        (ceiling,) = connection.execute(TIME_CEILING, (middle,)).fetchone()
        if ceiling >= instant:
            high = middle
        else:
            low = middle + 1
    return int(low)
