"""Reads the past on a reader's connection: changes, persons and sums; each as of one moment."""

from collections.abc import Sequence
from typing import Any, Final

from onduty_server.adapters.columns import person_name, person_number
from onduty_server.adapters.past_answers import add_states, page, sums_of
from onduty_server.adapters.postgres import past_queries as queries
from onduty_server.adapters.postgres.connecting import Database
from onduty_server.adapters.postgres.queries import READ_SOME
from onduty_server.adapters.postgres.reader import Reader, rows
from onduty_server.adapters.postgres.records import record, records
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

_SEARCH_FACTOR: Final = 12
"""Records found by their person's key cost so many times as much as those of a tenant read in their order."""


class PastReader(Reader):
    """A reader that knows the past too."""

    def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal.history``."""
        values = {
            **_page_values(query),
            **_people(query.tenant, query.staff_ids, [person_number(one) for one in query.person_ids]),
            "bearers_at": _FAR if query.bearers_at is None else query.bearers_at,
            "call_ids": list(query.call_ids),
            "source": query.source,
            "skill_groups": list(groups_asked(query) or ()),
            "within": _within(query),
            "causes": [int(cause) for cause in query.causes],
        }
        everybody = not query.staff_ids and not query.person_ids

        def question(connection: Database) -> PastPage:
            values["first"] = 0 if query.start is None else _first_since(connection, values)
            if query.newest_first:
                values["through"] = min(values["through"], query.after - 1) if query.after else values["through"]
            else:
                values["first"] = max(values["first"], query.after + 1)
            if query.call_ids:
                source = queries.calls(everybody=everybody)
            else:
                source = _source(connection, values, len(query.staff_ids) + len(query.person_ids))
            found = map(record, connection.execute(source + queries.history(query), values, binary=True))
            return page((PastChange(one.revision, one.change) for one in found), query.limit, query.bytes_most)

        return self.ask_as_of_one_moment(question)

    def configuration_changes(self, query: ConfigurationQuery) -> PastPage:
        """See ``Journal.configuration_changes``."""
        named = {"kinds": [int(kind) for kind in query.kinds], "subjects": list(query.subjects), "within": _within(query)}
        values = {**_page_values(query), **named}
        found = map(record, self.ask(lambda connection: rows(connection, queries.configuration_changes(query), values)))
        return page((PastChange(one.revision, one.configuration) for one in found), query.limit, query.bytes_most)

    def persons(self, query: PersonQuery) -> list[Person]:
        """See ``Journal.persons``."""
        name, first = query.after or ("", 0)
        values = {
            "tenant": query.tenant,
            "staff_ids": list(query.staff_ids),
            "persons": [person_number(one) for one in query.person_ids],
            "alive_after": query.alive_after,
            "through": _FAR if query.through is None else query.through,
            "after_name": name,
            "after_first": first,
            "within": _within(query),
            "limit": query.limit,
        }

        def question(connection: Database) -> list[Person]:
            found = rows(connection, queries.persons(query), values)
            ended = rows(connection, READ_SOME, {"revisions": [row[4] for row in found if row[4]]})
            ends = {one.revision: one.state for one in records(ended)}
            return [
                Person(person_name(number), staff_id, Revision(first), began_at, Revision(last), ended_at, ends.get(last, b""))
                for number, staff_id, first, began_at, last, ended_at in found
            ]

        return self.ask_as_of_one_moment(question)

    def changes_of(self, tenant: str, person: Person) -> int:
        """See ``Journal.changes_of``."""
        number = person_number(person.person_id)
        values = {"tenant": tenant, "first": person.first, "last": person.last or _FAR, "person": number}
        return int(self.ask(lambda connection: rows(connection, queries.CHANGES_OF, values))[0][0])

    def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal.sums``."""
        values: dict[str, Any] = {
            **_people(query.tenant, (), [person_number(one.person_id) for one in query.persons]),
            "through": query.through,
            "until": query.until,
            "start": query.bounds[0],
            "end": query.bounds[-1],
            "skill_groups": list(groups_asked(query) or ()),
            "within": _within(query),
            "starts": list(query.bounds[:-1]),
            "ends": list(query.bounds[1:]),
        }
        grouped = groups_asked(query) is not None

        def question(connection: Database) -> Sums:
            values["first"] = _first_since(connection, values)
            source = _source(connection, values, len(query.persons), of_nobody=not query.persons)
            found = sums_of(lambda statement: rows(connection, source + statement, values), queries, grouped=grouped)
            later = rows(connection, source + queries.LATER, {**values, "first": query.until + 1})
            before = rows(connection, READ_SOME, {"revisions": [revision for _, revision in later]})
            add_states(found, later, {one.revision: one for one in records(before)})
            return found

        return self.ask_as_of_one_moment(question)


def _source(connection: Database, values: dict[str, Any], named: int, *, of_nobody: bool = False) -> str:
    """The better source of the records of so many named people, which are everybody's if none are named."""
    if not named:
        return queries.outline(everybody=not of_nobody)
    everybody = rows(connection, queries.COUNT_PERSONS, values)[0][0]
    if named * _SEARCH_FACTOR <= everybody or named == 1:
        return queries.OWN
    return queries.outline(everybody=False)


def _page_values(query: HistoryQuery | ConfigurationQuery) -> dict[str, Any]:
    return {
        "tenant": query.tenant,
        "start": query.start,
        "end": query.end,
        "after": query.after,
        "through": _FAR if query.through is None else query.through,
        "limit": query.limit + 1,  # one more tells that there is more.
    }


def _within(query: HistoryQuery | ConfigurationQuery | PersonQuery | SumsQuery) -> list[str] | None:
    return None if query.within is None else list(query.within)


def _people(tenant: str, staff_ids: Sequence[str], persons: Sequence[int]) -> dict[str, Any]:
    return {"tenant": tenant, "staff_ids": list(staff_ids), "persons": list(persons), "bearers_at": _FAR}


def _first_since(connection: Database, values: dict[str, Any]) -> int:
    return int(rows(connection, queries.FIRST_SINCE, values)[0][0])
