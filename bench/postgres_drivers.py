"""Measures what an append to PostgreSQL costs by each driver: python bench/postgres_drivers.py ADDRESS.

ADDRESS is a libpq address of a database in which a schema may be made and dropped. Besides what the server needs for PostgreSQL
it wants the package asyncpg, which is on no list.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import asyncpg
import psycopg
from psycopg.conninfo import conninfo_to_dict

from onduty_server.adapters.postgres import schema
from onduty_server.adapters.postgres.append_arguments import TYPES, append_columns
from onduty_server.adapters.postgres.arrays import array, take_arrays
from onduty_server.domain.model.status import Instant, Status
from onduty_server.past import CallName, Facets, Interval, Life, PersonId, Revision
from onduty_server.ports import AnswerRow, Entry, Key, RecordKind

SCHEMA: Final = "onduty_bench"
ROUNDS: Final = {1: 400, 40: 200, 512: 60}
SETTINGS: Final = {
    "search_path": SCHEMA,
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}
OPTIONS: Final = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
NUMBERED: Final = ", ".join(f"${number}::{kind.name}" for number, kind in enumerate(TYPES, 3))
PLACED: Final = ", ".join(f"%s::{kind.name}" for kind in TYPES)

Append = Callable[[list[list[Any]]], Awaitable[int]]
"""Appends columns; returns the revision before them."""


def batch(tenant: str, size: int, number: int, last: list[int]) -> tuple[list[Entry], list[AnswerRow]]:
    """A change of each of so many staff, about a call, with an answer to its request."""
    entries = []
    for staff in range(size):
        facets = Facets(
            person=PersonId(f"{size:08x}{staff + 1:08x}"),
            life=Life.GOES_ON if last[staff] else Life.BEGINS,
            closes=Interval(Status.AVAILABLE, "", Instant(number)),
            groups=("cards", "loans"),
            calls=(CallName("pbx-1", f"call-{number}-{staff}"),),
        )
        key = Key(tenant, RecordKind.STAFF, f"staff-{staff}")
        parts = (b"s" * 250, b"p" * 60, b"c" * 120)
        entries.append(Entry(key, Revision(last[staff]), *parts, Instant(number), Instant(number), facets))
    return entries, [
        AnswerRow(tenant, f"request-{number}-{staff}", b"f" * 16, Instant(number), entry=staff) for staff in range(size)
    ]


async def measure(name: str, append: Append) -> None:
    """Print a line for each size of a batch."""
    number = 0
    for size, rounds in ROUNDS.items():
        last, took, cpu = [0] * max(ROUNDS), [], 0.0
        for _ in range(rounds):
            number += 1
            entries, rows = batch(f"{name}-{size}", size, number, last)
            began, used = time.perf_counter(), time.process_time()
            before = await append(append_columns(entries, rows))
            took.append(time.perf_counter() - began)
            cpu += time.process_time() - used
            last[:size] = range(before + 1, before + size + 1)
        took.sort()
        middle, slow = statistics.median(took) * 1e3, took[int(len(took) * 0.95)] * 1e3
        print(f"{name:24} {size:4} entries: {middle:7.2f} ms, p95 {slow:7.2f} ms, {cpu / rounds * 1e3:6.2f} ms of CPU here")


def with_psycopg(address: str, *, own_arrays: bool) -> Iterator[Append]:
    """Psycopg 3, with its own conversion of lists or with ours."""
    with psycopg.connect(address, autocommit=True, options=OPTIONS) as connection:
        take_arrays(connection)

        async def append(columns: list[list[Any]]) -> int:
            arrays = map(array, TYPES, columns) if own_arrays else columns
            query = f"SELECT outcome, before FROM append_1(%s::int8, %s::text, {PLACED})"
            row = connection.execute(query, [0, "bench", *arrays], prepare=True, binary=True).fetchone()
            assert row
            assert row[0] == "appended", row
            return int(row[1])

        yield append


async def with_asyncpg(address: str) -> None:
    """The asyncpg driver."""
    given = conninfo_to_dict(address)
    place = {"host": given.get("host"), "port": given.get("port"), "user": given.get("user"), "database": given.get("dbname")}
    connection = await asyncpg.connect(**place, password=given.get("password"), server_settings=SETTINGS)
    statement = await connection.prepare(f"SELECT outcome, before FROM append_1($1::int8, $2::text, {NUMBERED})")

    async def append(columns: list[list[Any]]) -> int:
        row = await statement.fetchrow(0, "bench", *columns)
        assert row["outcome"] == "appended", row
        return int(row["before"])

    await measure("asyncpg", append)
    await connection.close()


def make_schema(address: str) -> None:
    """An empty store."""
    with psycopg.connect(address, autocommit=True, options=f"-c search_path={SCHEMA}") as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for statement in schema.STEPS[0].statements:
            connection.execute(statement)


def main() -> None:
    """Measure one driver after the other, each in an empty store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args().address
    for name, own_arrays in (("psycopg, its lists", False), ("psycopg, our arrays", True)):
        make_schema(address)
        for append in with_psycopg(address, own_arrays=own_arrays):
            asyncio.run(measure(name, append))
    make_schema(address)
    asyncio.run(with_asyncpg(address))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


if __name__ == "__main__":
    main()
