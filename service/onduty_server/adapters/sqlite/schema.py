"""The tables of a journal file, and how an older file becomes a current one; opens nothing.

An append writes to the end of everything it can: a page touched anywhere else costs as much as eight records. So there is no
index by key. A key's records are a chain, each naming the one before, and ``heads`` says where the chain begins, but only up to
``heads_until`` (meta): it is brought up to date every few thousand records, within an append. Records after that, the tail,
are looked through. What selects records by anything else scans ``journal_outline``, which has the records' order and no blobs.
Calls alone have an index: who asks about one must not wait for a scan of half a year. It costs a page for each call that a
batch is about, unless a source's ids ascend.

``meta`` has the store's id and epoch, and, in a backup, that it is one.

``tenants``, ``keys`` and ``group_sets`` give a short number to what would otherwise be repeated in every record. ``persons``
says whose records are whose: one key may have had several, one after the other.
"""

import secrets
import sqlite3
from collections.abc import Callable
from typing import Final

from onduty_server.ports import EPOCH_BITS

APPLICATION_ID: Final = 0x4F6E4475
"""Marks a journal file: "OnDu", at byte 68 of the file."""

_FIRST_TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE tenants (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, horizon INTEGER NOT NULL DEFAULT 0, complete_from INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE keys (
        id INTEGER PRIMARY KEY,
        tenant_id INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        name TEXT NOT NULL,
        UNIQUE (tenant_id, kind, name)
    ) STRICT
    """,
    # checksum: see checksums.py. The columns that it leaves out stand in journal_outline a second time.
    # time_ceiling: no record up to this one has a greater changed_at or recorded_at. As it never falls, whatever happened to
    # the clock, the first record that can matter to an interval is found by halving, without an index.
    """
    CREATE TABLE journal (
        revision INTEGER PRIMARY KEY,
        tenant_id INTEGER NOT NULL,
        key_id INTEGER NOT NULL,
        previous INTEGER NOT NULL,
        person INTEGER,
        changed_at INTEGER NOT NULL,
        recorded_at INTEGER NOT NULL,
        time_ceiling INTEGER NOT NULL,
        cause INTEGER,
        moved INTEGER NOT NULL,
        closed_status INTEGER,
        closed_reason TEXT,
        closed_since INTEGER,
        groups INTEGER,
        groups_after INTEGER,
        counts INTEGER,
        talks TEXT,
        standing INTEGER,
        call_id TEXT,
        source TEXT,
        state BLOB NOT NULL,
        private BLOB NOT NULL,
        change BLOB NOT NULL,
        configuration BLOB,
        checksum INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX journal_outline ON journal (
        tenant_id, revision, key_id, person, changed_at, cause, moved,
        closed_status, closed_reason, closed_since, groups, groups_after, counts, talks, standing
    )
    """,
    "CREATE INDEX journal_calls ON journal (call_id, tenant_id) WHERE call_id IS NOT NULL",
    "CREATE INDEX journal_configuration ON journal (tenant_id, revision) WHERE configuration IS NOT NULL",
    # The calls of a record beyond the first: of a list that ended several, or a repair.
    """
    CREATE TABLE other_calls (
        tenant_id INTEGER NOT NULL,
        call_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        source TEXT NOT NULL,
        PRIMARY KEY (call_id, tenant_id, revision, source)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX other_calls_by_revision ON other_calls (revision)",
    """
    CREATE TABLE group_sets (
        id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, names TEXT NOT NULL, UNIQUE (tenant_id, names)
    ) STRICT
    """,
    """
    CREATE TABLE persons (
        person INTEGER PRIMARY KEY,
        tenant_id INTEGER NOT NULL,
        key_id INTEGER NOT NULL,
        first INTEGER NOT NULL,
        began_at INTEGER NOT NULL,
        last INTEGER,
        ended_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX persons_by_key ON persons (key_id, first)",
    "CREATE INDEX persons_by_end ON persons (last) WHERE last IS NOT NULL",
    # Erasures under way; ``place`` is how far the present stage has come.
    """
    CREATE TABLE erasures (
        pseudonym INTEGER PRIMARY KEY,
        tenant_id INTEGER NOT NULL,
        person INTEGER NOT NULL,
        staff_id TEXT NOT NULL,
        old_key INTEGER NOT NULL,
        new_key INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        until INTEGER NOT NULL,
        stage INTEGER NOT NULL DEFAULT 0,
        place TEXT NOT NULL DEFAULT ''
    ) STRICT
    """,
    "CREATE TABLE heads (key_id INTEGER PRIMARY KEY, revision INTEGER NOT NULL) STRICT",
    """
    CREATE TABLE answers (
        tenant_id INTEGER NOT NULL,
        request_id TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        revision INTEGER NOT NULL,
        detail BLOB NOT NULL,
        answered_at INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, request_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX answers_by_time ON answers (answered_at)",
)


def _create(connection: sqlite3.Connection) -> None:
    """From nothing to version 1."""
    for statement in _FIRST_TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('store_id', ?), ('heads_until', 0)", (secrets.token_hex(8),))
    begin_epoch(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def begin_epoch(connection: sqlite3.Connection) -> None:
    """Name the history anew, as it may have been cut; the file is no copy from now on."""
    epoch = 0
    while not epoch:
        epoch = secrets.randbits(EPOCH_BITS)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('epoch', ?)", (epoch,))
    connection.execute("DELETE FROM meta WHERE name = 'is_copy'")


def mark_copy(connection: sqlite3.Connection) -> None:
    """Note that the file is a copy: whoever serves from it begins a new epoch."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('is_copy', 1)")


MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (_create,)
"""The first makes a new file; each other one takes a file on by one version. All run inside the caller's transaction."""

FORMS_NOT_READ: Final = 2
"""How many forms there were before the first one that is read. None of them was released."""

VERSION: Final = FORMS_NOT_READ + len(MIGRATIONS)
"""The version this code reads and writes, kept in ``PRAGMA user_version``."""


def bring_up_to_date(connection: sqlite3.Connection) -> bool:
    """Create the tables or migrate them, and begin an epoch in a copy, in one transaction; nothing if the file is current.

    Returns whether there were no tables.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for migrate in MIGRATIONS[max(version - FORMS_NOT_READ, 0) :]:
            migrate(connection)
        if version < VERSION:
            connection.execute(f"PRAGMA user_version = {VERSION}")
        if connection.execute("SELECT 1 FROM meta WHERE name = 'is_copy'").fetchone():
            begin_epoch(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return bool(version == 0)
