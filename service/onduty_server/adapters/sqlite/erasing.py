"""Takes a deleted person out of the journal's file, in steps that are found by a reader and made by the writer.

The order stands in a table, with the stage that is reached, so that a process that is killed goes on where it was:

1. the person's records, which get the pseudonym's key;
2. records of others from the time when the person had the id, where that names the actor;
3. kept answers;
4. the id itself, unless somebody else has or had it;
5. what is left of all this in the write-ahead log.
"""

import json
import sqlite3
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onduty_server.adapters.checksums import record
from onduty_server.adapters.columns import person_name, person_number
from onduty_server.adapters.sqlite import erasure_queries as queries
from onduty_server.adapters.sqlite.reader import Reader, records
from onduty_server.past import Erasure, PendingErasure, RecordParts
from onduty_server.ports import Record, Scrubber

if TYPE_CHECKING:
    from onduty_server.adapters.sqlite.writer import AppendConnection

_SEARCHED_AT_ONCE: Final = 20_000
"""Records of a tenant that are searched for the id in one step."""


class Stage(IntEnum):
    """How far an erasure has come."""

    OWN = 0
    NAMING = 1
    ANSWERS = 2
    NAMES = 3
    TRACES = 4


class Row(NamedTuple):
    """An order as the table has it."""

    stage: int
    place: str
    tenant_id: int
    person: int
    staff_id: str
    old: int
    new: int
    first: int
    last: int
    until: int


class Step(NamedTuple):
    """What comes next of an erasure: statements with their values, and how far it has come when they have run."""

    pseudonym: int
    row: Row
    rewritten: list[tuple[str, dict[str, Any]]]
    stage: Stage
    place: str = ""


def begin(connection: sqlite3.Connection, order: Erasure, revision: int) -> bool:
    """Note an order, and free the staff id; returns whether there is such a person. The heads must be up to date."""
    values: dict[str, Any] = {
        "person": person_number(order.person),
        "pseudonym": person_number(order.pseudonym),
        "last": order.last,
        "revision": order.last,
        "name": order.pseudonym,
        **_parts(RecordParts(order.state, order.private, order.change, order.configuration)),
    }
    found = connection.execute(queries.PERSON, values).fetchone()
    if found is None:
        return False
    values["tenant_id"], values["old"], values["first"], values["staff_id"] = found
    values["key"] = values["old"]
    (next_bearer,) = connection.execute(queries.NEXT_BEARER, values).fetchone()
    if next_bearer is not None:
        records(connection, [next_bearer])  # finds damage, which sealing would hide.
        connection.execute(queries.BEGIN_CHAIN, {"revision": next_bearer})
        connection.execute(queries.SEAL, {"revision": next_bearer})
    values["until"] = (next_bearer or revision) - 1
    values["new"] = connection.execute(queries.INSERT_KEY, values).lastrowid
    own = (queries.REWRITE_OWN, queries.SEAL, queries.FORGET_OTHER_CALLS)
    for statement in (*queries.MOVE_HEAD, *own, queries.RAISE_HORIZON):
        connection.execute(statement, values)
    connection.execute(queries.INSERT_ERASURE, values)
    return True


def pending(reader: Reader) -> list[PendingErasure]:
    """See ``Journal.erasures``."""
    with reader.reading() as connection:
        rows = connection.execute(queries.PENDING).fetchall()
    return [PendingErasure(tenant, person_name(pseudonym), staff_id) for tenant, pseudonym, staff_id in rows]


def next_step(reader: Reader, erasure: PendingErasure, scrubber: Scrubber, limit: int) -> Step | None:
    """What is to be done next; None: it is finished."""
    pseudonym = person_number(erasure.pseudonym)
    with reader.reading() as connection:
        found = connection.execute(queries.ERASURE, {"pseudonym": pseudonym}).fetchone()
        if found is None:
            return None
        row = Row(*found)
        match row.stage:
            case Stage.OWN:
                return _own(connection, pseudonym, row, scrubber, limit)
            case Stage.NAMING:
                return _naming(connection, pseudonym, row, scrubber)
            case Stage.ANSWERS:
                return _answers(connection, pseudonym, row, scrubber, limit)
            case Stage.NAMES:
                return _names(connection, pseudonym, row)
            case _:
                return Step(pseudonym, row, [], Stage.TRACES)


def _own(connection: sqlite3.Connection, pseudonym: int, row: Row, scrubber: Scrubber, limit: int) -> Step:
    name = person_name(pseudonym)
    values = {"tenant_id": row.tenant_id, "first": row.first, "last": row.last, "person": row.person, "limit": limit}
    rewritten: list[tuple[str, dict[str, Any]]] = []
    for found in map(record, connection.execute(queries.OWN, values)):
        scrubbed = _parts(scrubber.scrub(_parts_of(found), name))
        own = {"revision": found.revision, "first": row.first, "new": row.new, "pseudonym": pseudonym, **scrubbed}
        rewritten += [(queries.REWRITE_OWN, own), (queries.FORGET_OTHER_CALLS, own)]
    return Step(pseudonym, row, rewritten, Stage.OWN if len(rewritten) >= 2 * limit else Stage.NAMING)


def _naming(connection: sqlite3.Connection, pseudonym: int, row: Row, scrubber: Scrubber) -> Step:
    after = int(row.place or row.first)
    through = min(after + _SEARCHED_AT_ONCE, row.until)
    values = {"tenant_id": row.tenant_id, "after": after, "through": through, "id": row.staff_id.encode()}
    rewritten: list[tuple[str, dict[str, Any]]] = []
    for found in map(record, connection.execute(queries.NAMING, values)):
        scrubbed = scrubber.scrub_actor(_parts_of(found), row.staff_id, person_name(pseudonym))
        if scrubbed is not None:
            rewritten.append((queries.REWRITE_NAMING, {"revision": found.revision, **_parts(scrubbed)}))
    if through >= row.until:
        return Step(pseudonym, row, rewritten, Stage.ANSWERS)
    return Step(pseudonym, row, rewritten, Stage.NAMING, str(through))


def _answers(connection: sqlite3.Connection, pseudonym: int, row: Row, scrubber: Scrubber, limit: int) -> Step:
    values = {
        "tenant_id": row.tenant_id,
        "after": row.place,
        "first": row.first,
        "last": row.last,
        "pseudonym": pseudonym,
        "id": json.dumps(row.staff_id)[1:-1].encode(),  # as a detail has it
        "limit": limit,
    }
    found = connection.execute(queries.ANSWERS, values).fetchall()
    rewritten: list[tuple[str, dict[str, Any]]] = []
    for request_id, detail, is_own in found:
        answer = {"tenant_id": row.tenant_id, "request_id": request_id}
        scrubbed = scrubber.scrub_answer(detail, row.staff_id)
        if is_own:
            rewritten.append((queries.FORGET_ANSWER, answer))
        elif scrubbed is not None:
            rewritten.append((queries.REWRITE_ANSWER, {**answer, "detail": scrubbed}))
    if len(found) < limit:
        return Step(pseudonym, row, rewritten, Stage.NAMES)
    return Step(pseudonym, row, rewritten, Stage.ANSWERS, found[-1][0])


def _names(connection: sqlite3.Connection, pseudonym: int, row: Row) -> Step:
    values = {**row._asdict(), "person_name": person_name(row.person)}
    remembered = map(record, connection.execute(queries.REMEMBERED, values))
    rewritten: list[tuple[str, dict[str, Any]]] = [
        (queries.FORGET_REMEMBERED, {"revision": found.revision}) for found in remembered
    ]
    return Step(pseudonym, row, rewritten, Stage.TRACES)


def rewrite(writer: "AppendConnection", rewritten: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Run statements of a step."""
    with writer.transaction("erase from") as connection:
        for statement, values in rewritten:
            connection.execute(statement, values)
            if statement in queries.SEALED:
                connection.execute(queries.SEAL, {"revision": values["revision"]})


def advance(writer: "AppendConnection", step: Step) -> bool:
    """Note how far it has come; returns whether something is left to do."""
    values = {**step.row._asdict(), "pseudonym": step.pseudonym, "stage": int(step.stage), "place": step.place}
    if step.row.stage == Stage.TRACES:
        if not writer.empty_log():
            return True  # somebody reads: later.
        with writer.transaction("finish an erasure from") as connection:
            connection.execute(queries.DONE, values)
        return False
    with writer.transaction("erase from") as connection:
        if step.row.stage == Stage.NAMES:
            values |= {"person_name": person_name(step.row.person), "pseudonym_name": person_name(step.pseudonym)}
            for statement in queries.FORGET_NAMES:
                connection.execute(statement, values)
        connection.execute(queries.ADVANCE, values)
    return True


def _parts_of(found: Record) -> RecordParts:
    return RecordParts(found.state, found.private, found.change, found.configuration)


def _parts(parts: RecordParts) -> dict[str, Any]:
    return {**parts._asdict(), "configuration": parts.configuration or None}
