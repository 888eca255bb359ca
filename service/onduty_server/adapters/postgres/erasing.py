"""Takes a deleted person out of the store, in steps that are found by a reader and made by the writer.

The order stands in a table, with the stage that is reached, so that a process that is killed goes on where it was:

1. the person's records, which get the pseudonym's key;
2. records of others from the time when the person had the id, where that names the actor;
3. kept answers;
4. the id itself, unless somebody else has or had it, and what was remembered of the person;
5. the dead rows of all this.
"""

import json
from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onduty_server.adapters.columns import person_name, person_number
from onduty_server.adapters.postgres import erasure_queries as queries
from onduty_server.adapters.postgres.append_arguments import content_checksum, sealed
from onduty_server.adapters.postgres.connecting import Database
from onduty_server.adapters.postgres.reader import Reader, rows
from onduty_server.adapters.postgres.records import records
from onduty_server.past import PendingErasure, RecordParts
from onduty_server.ports import Key, Record, RecordKind, Revision, Scrubber

if TYPE_CHECKING:
    from onduty_server.adapters.postgres.writer import AppendConnection

_SEARCHED_AT_ONCE: Final = 20_000
"""Records of a tenant that are searched for the id in one step."""

Rewriting = list[tuple[str, dict[str, Any]]]
"""Statements with their values."""


class Stage(IntEnum):
    """How far an erasure has come."""

    OWN = 0
    NAMING = 1
    ANSWERS = 2
    NAMES = 3
    TRACES = 4


class Order(NamedTuple):
    """An order as the table has it."""

    stage: int
    place: str
    tenant_id: int
    tenant: str
    person: int
    staff_id: str
    old: int
    new: int
    first: int
    last: int
    until: int


class Step(NamedTuple):
    """What comes next of an erasure: what to rewrite, in slices and then at once, and how far it has come thereafter."""

    pseudonym: int
    order: Order
    rewritten: Rewriting
    stage: Stage
    place: str = ""
    at_once: Rewriting = []  # noqa: RUF012 - nobody adds to it.


def pending(reader: Reader) -> list[PendingErasure]:
    """See ``Journal.erasures``."""
    found = reader.ask(lambda connection: rows(connection, queries.PENDING, {}))
    return [PendingErasure(tenant, person_name(pseudonym), staff_id) for tenant, pseudonym, staff_id in found]


def next_step(reader: Reader, erasure: PendingErasure, scrubber: Scrubber, limit: int) -> Step | None:
    """What is to be done next; None: it is finished."""
    pseudonym = person_number(erasure.pseudonym)

    def question(connection: Database) -> Step | None:
        found = rows(connection, queries.ERASURE, {"pseudonym": pseudonym})
        if not found:
            return None
        order = Order(*found[0])
        match order.stage:
            case Stage.OWN:
                return _own(connection, pseudonym, order, scrubber, limit)
            case Stage.NAMING:
                return _naming(connection, pseudonym, order, scrubber)
            case Stage.ANSWERS:
                return _answers(connection, pseudonym, order, scrubber, limit)
            case Stage.NAMES:
                return _names(connection, pseudonym, order)
            case _:
                return Step(pseudonym, order, [], Stage.TRACES)

    return reader.ask(question)


def sweep(reader: Reader) -> None:
    """Have the dead rows leave the tables. It may take long, and nobody waits for it."""
    reader.sweep(queries.SWEEP)


def rewrite(writer: "AppendConnection", rewritten: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Run statements of a step."""
    with writer.transaction("erase from") as connection:
        _run(connection, rewritten)


def advance(writer: "AppendConnection", step: Step) -> bool:
    """Note how far an erasure has come; returns whether something is left to do."""
    values = {"pseudonym": step.pseudonym, "stage": int(step.stage), "place": step.place}
    is_left = step.order.stage != Stage.TRACES
    with writer.transaction("erase from") as connection:
        _run(connection, [*step.at_once, (queries.ADVANCE if is_left else queries.DONE, values)])
    return is_left


def _run(connection: Database, statements: Sequence[tuple[str, dict[str, Any]]]) -> None:
    for statement, values in statements:
        connection.execute(statement, values)


# --- the stages -------------------------------------------------------------------------------------------------------


def _own(connection: Database, pseudonym: int, order: Order, scrubber: Scrubber, limit: int) -> Step:
    name = person_name(pseudonym)
    values = {
        "tenant_id": order.tenant_id,
        "first": order.first,
        "last": order.last,
        "person": order.person,
        "limit": limit,
    }
    rewritten: Rewriting = []
    for found in records(rows(connection, queries.OWN, values)):
        previous = Revision(0) if found.revision == order.first else found.previous
        moved = found._replace(key=Key(order.tenant, RecordKind.STAFF, name), previous=previous)
        own = {"new": order.new, "pseudonym": pseudonym, "previous": previous}
        rewritten.append((queries.REWRITE_OWN, own | _rewritten(moved, scrubber.scrub(_parts_of(found), name))))
        rewritten.append((queries.FORGET_OTHER_CALLS, {"revision": found.revision}))
    return Step(pseudonym, order, rewritten, Stage.OWN if len(rewritten) >= 2 * limit else Stage.NAMING)


def _naming(connection: Database, pseudonym: int, order: Order, scrubber: Scrubber) -> Step:
    after = int(order.place or order.first)
    through = min(after + _SEARCHED_AT_ONCE, order.until)
    values = {"tenant_id": order.tenant_id, "after": after, "through": through, "id": order.staff_id.encode()}
    rewritten: Rewriting = []
    for found in records(rows(connection, queries.NAMING, values)):
        scrubbed = scrubber.scrub_actor(_parts_of(found), order.staff_id, person_name(pseudonym))
        if scrubbed is not None:
            rewritten.append((queries.REWRITE_NAMING, _rewritten(found, scrubbed)))
    if through >= order.until:
        return Step(pseudonym, order, rewritten, Stage.ANSWERS)
    return Step(pseudonym, order, rewritten, Stage.NAMING, str(through))


def _answers(connection: Database, pseudonym: int, order: Order, scrubber: Scrubber, limit: int) -> Step:
    values = {
        "tenant_id": order.tenant_id,
        "after": order.place,
        "first": order.first,
        "last": order.last,
        "pseudonym": pseudonym,
        "id": json.dumps(order.staff_id)[1:-1].encode(),  # as a detail has it
        "limit": limit,
    }
    found = rows(connection, queries.ANSWERS, values)
    rewritten: Rewriting = []
    for request_id, detail, is_own in found:
        answer = {"tenant_id": order.tenant_id, "request_id": request_id}
        scrubbed = scrubber.scrub_answer(detail, order.staff_id)
        if is_own:
            rewritten.append((queries.FORGET_ANSWER, answer))
        elif scrubbed is not None:
            rewritten.append((queries.REWRITE_ANSWER, {**answer, "detail": scrubbed}))
    if len(found) < limit:
        return Step(pseudonym, order, rewritten, Stage.NAMES)
    return Step(pseudonym, order, rewritten, Stage.ANSWERS, found[-1][0])


def _names(connection: Database, pseudonym: int, order: Order) -> Step:
    """The key that what was remembered stands under gets the pseudonym's name, which its checksums have to fit at once."""
    pseudonym_name = person_name(pseudonym)
    values = {
        **order._asdict(),
        "pseudonym": pseudonym,
        "person_name": person_name(order.person),
        "pseudonym_name": pseudonym_name,
    }
    at_once: Rewriting = []
    for found in records(rows(connection, queries.REMEMBERED, values)):
        renamed = found._replace(key=found.key._replace(name=pseudonym_name))
        parts = _parts_of(found)._replace(state=b"")
        at_once.append((queries.REWRITE_REMEMBERED, _rewritten(renamed, parts)))
    at_once += [(statement, values) for statement in queries.FORGET_NAMES]
    return Step(pseudonym, order, [], Stage.TRACES, at_once=at_once)


def _parts_of(found: Record) -> RecordParts:
    return RecordParts(found.state, found.private, found.change, found.configuration)


def _rewritten(found: Record, parts: RecordParts) -> dict[str, Any]:
    """A record's parts and its checksum, as statements take them; ``found`` has the key and the place that it gets."""
    checksum = sealed(content_checksum(found.key, *parts), found.revision, found.previous)
    return {
        **parts._asdict(),
        "configuration": parts.configuration or None,
        "checksum": checksum,
        "revision": found.revision,
    }
