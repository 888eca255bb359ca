"""The store in a database: made or brought up to date, and named; what all of its connections have in common."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from psycopg import errors, sql

from onduty_server.adapters.postgres import schema
from onduty_server.adapters.postgres.connecting import Database
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.observability.redaction import shown_address
from onduty_server.ports import EPOCH_BITS, JournalOpenError

LOCK_CLASS: Final = 0x4F6E4475
"""Marks Onduty's advisory locks ("OnDu"): with a table's number, whoever may append; with a schema's, whoever migrates."""

_META: Final = "SELECT name, value FROM meta"

_KEEP: Final = "INSERT INTO meta VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value"

_ORIGIN: Final = """
SELECT format('%s/%s/%s/%s', (pg_control_system()).system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'head'::regclass::oid)
"""
"""Which line of history this is: the cluster, its timeline, which a promotion and a restore to a point in time change, the
database and the table, which a restored dump has anew."""

_ORIGIN_AT_LEAST: Final = """
SELECT format('%s/%s', (SELECT oid FROM pg_database WHERE datname = current_database()), 'head'::regclass::oid)
"""


@dataclass(slots=True)
class Store:
    """An open store. All may be read on any thread; the append connection alone writes it.

    ``generation`` counts the append connections: a reader whose own is of an earlier one connects anew, as it may look at a
    primary that is none any more. ``is_unresolved``: an append may be there or not, and may yet land. ``process_id`` is this
    process's, as it opened the store. ``is_shared``: other processes may have it open too, and take the lead;
    ``secret`` is what they know each other by.
    """

    options: PostgresOptions
    process_id: str = field(default_factory=lambda: secrets.token_hex(8))
    store_id: str = ""
    epoch: int = 0
    is_new: bool = False
    generation: int = 0
    is_unresolved: bool = False
    is_shared: bool = False
    secret: str = ""

    @property
    def channel(self) -> str:
        """What is notified when revisions have come, with the last one as payload."""
        return f"onduty_{self.store_id}"

    @property
    def name(self) -> str:
        """Where it is, as it may be shown."""
        return shown_address(self.options.address)


class Meta(NamedTuple):
    """What a store says of itself."""

    store_id: str
    epoch: int
    form: int
    oldest: int
    origin: str
    secret: str


def bring_up_to_date(connection: Database, options: PostgresOptions, steps: Sequence[schema.Step] = schema.STEPS) -> bool:
    """Make the tables, or take them on by the steps that are missing; returns whether there were none.

    Each step is a transaction of its own; of several servers that start at once one does it.

    Raises:
        JournalOpenError: The store is of a later form than this program can serve.
    """
    is_new = form = 0
    while True:
        with connection.transaction():
            lock = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
            connection.execute(lock, [LOCK_CLASS, options.schema])
            form = _form(connection, options, len(steps))
            if form >= len(steps):
                return bool(is_new)
            if form == 0:
                is_new = 1
                _make_schema(connection, options)
            for statement in steps[form].statements:
                connection.execute(statement)
            if form == 0:
                _keep(connection, "store_id", secrets.token_hex(8))
                begin_epoch(connection)
            _keep(connection, "form", str(form + 1))
            _keep(connection, "oldest_form", str(steps[form].oldest))


def _form(connection: Database, options: PostgresOptions, known: int) -> int:
    """The form of the tables; 0: there are none."""
    (there,) = connection.execute("SELECT to_regclass('meta')").fetchone() or (None,)
    if there is None:
        return 0
    meta = read_meta(connection)
    if meta.oldest > known:
        raise JournalOpenError(
            f"the journal in {shown_address(options.address)} was taken on to form {meta.form} by a newer Onduty, and this one "
            f"knows form {known} only: install that version here"
        )
    return meta.form


def _make_schema(connection: Database, options: PostgresOptions) -> None:
    found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [options.schema]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(options.schema)))


def read_meta(connection: Database) -> Meta:
    """What the store says of itself."""
    found: dict[str, str] = dict(connection.execute(_META).fetchall())
    epoch, form, oldest = (int(found[name]) for name in ("epoch", "form", "oldest_form"))
    return Meta(found["store_id"], epoch, form, oldest, found.get("origin", ""), found.get("secret", ""))


def begin_epoch(connection: Database) -> int:
    """Name the history anew, as it may have been cut."""
    epoch = 0
    while not epoch:
        epoch = secrets.randbits(EPOCH_BITS)
    _keep(connection, "epoch", str(epoch))
    return epoch


def origin(connection: Database) -> str:
    """Which line of history the connection leads to; where the database does not tell, as little of it as is known."""
    try:
        found = connection.execute(_ORIGIN).fetchone()
    except (errors.FeatureNotSupported, errors.InsufficientPrivilege):
        found = connection.execute(_ORIGIN_AT_LEAST).fetchone()
    assert found is not None, "it has a row in any case"
    return str(found[0])


def keep_origin(connection: Database, found: str) -> None:
    """Note the line of history, which is to be the same the next time."""
    _keep(connection, "origin", found)


def _keep(connection: Database, name: str, value: str) -> None:
    connection.execute(_KEEP, [name, value])
