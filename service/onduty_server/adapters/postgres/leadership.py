"""The right to append: held with a connection, and taken so that nothing of an earlier connection can land any more.

A connection that is lost may leave an append under way in the database. Before anything else is asked there, a new one raises
the term, for which it waits until that append has ended; an append that comes later finds another term than its own.
"""

import time
from typing import Final, NamedTuple

from psycopg import errors

from onduty_server.adapters.postgres import queries, store
from onduty_server.adapters.postgres.connecting import Database, close, connect
from onduty_server.adapters.postgres.store import LOCK_CLASS, Store
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import JournalLockedError, JournalOpenError, Revision
from onduty_server.replication import LEASE_SECONDS

OPENING_LOCK_MILLISECONDS: Final = 1_000
"""A server that was killed just now leaves its lock within milliseconds."""

_PLAN_BY_INDEX: Final = (
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan"
)
"""An append looks up what it needs by keys. Its plans are made when the tables may still be empty, and must stay right."""

_LOCK: Final = "SELECT pg_advisory_lock(%s, 'head'::regclass::oid::int8::bit(32)::int4)"

_HOLDER: Final = """
SELECT coalesce(host(a.client_addr), 'this host'), a.backend_start::timestamptz(0)::text FROM pg_locks l
JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = 'head'::regclass::oid AND l.granted
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_BACKEND: Final = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"

_END_IDLE: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_start = %s AND state LIKE 'idle%%'
"""
"""One of our own whose connection is gone, which the database does not know yet. One that is at work is waited for: it may be
waiting for a standby, and must not be made to give that up."""

_HOLDER_OF_TERM: Final = "SELECT holder FROM head WHERE id = 1"

_RAISE_TERM: Final = """
UPDATE head SET term = term + 1, holder = %(holder)s WHERE id = 1 AND (%(from_anybody)s OR holder = %(holder)s) RETURNING term
"""


_TRY_LOCK: Final = "SELECT pg_try_advisory_lock(%s, 'head'::regclass::oid::int8::bit(32)::int4)"

_LOCK_TRIES: Final = 20
_LOCK_PAUSE_SECONDS: Final = 0.02
"""A connection that is ended lets its lock go within milliseconds."""

_END_STOPPED: Final = """
SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid CROSS JOIN head h CROSS JOIN lease e
WHERE l.locktype = 'advisory' AND l.classid = %(class)s AND l.objid = 'head'::regclass::oid AND l.granted
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND e.holder = h.holder AND e.renewed_at < clock_timestamp() - %(lease)s * interval '1 second' AND a.state LIKE 'idle%%'
"""
"""The connection of a leader that let its lease run out. One that is at work is waited for, as in ``_END_IDLE``."""

_TAKE_LEASE: Final = "UPDATE lease SET holder = %(holder)s, address = %(address)s, renewed_at = clock_timestamp()"

_LEAVE_LEASE: Final = "UPDATE lease SET address = '', renewed_at = '-infinity' WHERE holder = %(holder)s"

_NOTIFY: Final = "SELECT pg_notify(%s, '')"

_TERM: Final = "SELECT term FROM head WHERE id = 1"


class Backend(NamedTuple):
    """The process of the database behind a connection."""

    pid: int
    started: object


class Lead(NamedTuple):
    """A connection that may append, and the last revision when it was made."""

    connection: Database
    term: int
    backend: Backend
    head: Revision


def take_first(found: Store) -> Lead:
    """Open the store, or make it, and take the lead in it.

    Raises:
        JournalLockedError: Another process has the lead.
        JournalOpenError: It is no store that this program can serve.
        psycopg.Error: The database cannot be reached, or refuses.
    """
    connection = connect(found.options, "journal", statement_seconds=found.options.statement_seconds)
    try:
        _check_durable(connection, found)
        found.is_new = store.bring_up_to_date(connection, found.options)
        _lock_at_start(connection, found)
        lead = _raised(connection, found, from_anybody=True)
        assert lead is not None, "anybody's term is raised"
        meta = store.read_meta(connection)
        found.store_id, found.epoch = meta.store_id, _epoch_of_lead(connection)
    except BaseException:
        close(connection)
        raise
    return lead


def join(found: Store) -> None:
    """Open the store, or make it, without taking the lead in it.

    Raises:
        JournalOpenError: It is no store that this program can serve.
        psycopg.Error: The database cannot be reached, or refuses.
    """
    connection = connect(found.options, "journal", statement_seconds=found.options.statement_seconds)
    try:
        _check_durable(connection, found)
        found.is_new = store.bring_up_to_date(connection, found.options)
        meta = store.read_meta(connection)
        found.store_id, found.epoch, found.secret, found.is_shared = meta.store_id, meta.epoch, meta.secret, True
    finally:
        close(connection)


def take_over(found: Store, address: str) -> tuple[Lead, int] | None:
    """Take the lead in a shared store if nobody has it, or who has it let the lease run out; None: somebody leads.

    Returns the lead and the epoch, which is a new one where history may have been cut.

    Raises:
        psycopg.Error: The database cannot be reached, or refuses.
    """
    connection = connect(found.options, "journal", statement_seconds=found.options.statement_seconds)
    try:
        _check_durable(connection, found)
        connection.execute(_PLAN_BY_INDEX)
        if not _locked(connection):
            close(connection)
            return None
        with connection.transaction():
            lead = _raised(connection, found, from_anybody=True)
            connection.execute(_TAKE_LEASE, {"holder": found.process_id, "address": address})
            epoch = _epoch_of_lead(connection)
            connection.execute(_NOTIFY, [found.channel])
    except BaseException:
        close(connection)
        raise
    assert lead is not None, "anybody's term is raised"
    return lead, epoch


def _epoch_of_lead(connection: Database) -> int:
    """The epoch in which a lead begins: where the line of history is another one, what was acknowledged may be missing."""
    meta, origin = store.read_meta(connection), store.origin(connection)
    if meta.origin == origin:
        return meta.epoch
    store.keep_origin(connection, origin)
    return store.begin_epoch(connection) if meta.origin else meta.epoch


def hand_over(found: Store, connection: Database) -> None:
    """Let the lead in a shared store go, and say so. The lock goes with the connection."""
    connection.execute(_LEAVE_LEASE, {"holder": found.process_id})
    connection.execute("SELECT pg_advisory_unlock_all()")
    connection.execute(_NOTIFY, [found.channel])


def confirm(connection: Database, term: int) -> bool:
    """Whether a term still is the last one: then nobody else has appended since it began."""
    return connection.execute(_TERM, prepare=True).fetchone() == (term,)


def _locked(connection: Database) -> bool:
    """Take the lock if it is free, or is held by who let the lease run out."""
    for _ in range(_LOCK_TRIES):
        (is_locked,) = connection.execute(_TRY_LOCK, [LOCK_CLASS]).fetchone() or (False,)
        if is_locked:
            return True
        if not connection.execute(_END_STOPPED, {"class": LOCK_CLASS, "lease": LEASE_SECONDS}).rowcount:
            return False
        time.sleep(_LOCK_PAUSE_SECONDS)
    return False


def take_again(found: Store, before: Backend, acknowledged: Revision) -> Lead:
    """Take the lead on a new connection, after the one before was lost.

    Raises:
        JournalUnavailableError: Another process has the lead, or what was acknowledged is not there; both stay so.
        psycopg.Error: The database cannot be reached, or refuses.
    """
    connection = connect(found.options, "journal", statement_seconds=found.options.statement_seconds)
    try:
        connection.execute(_END_IDLE, before)
        _lock_again(connection, found)
        return _checked(connection, found, _raised(connection, found, from_anybody=False), acknowledged)
    except BaseException:
        close(connection)
        raise


def _lock_again(connection: Database, found: Store) -> None:
    try:
        connection.execute(_LOCK, [LOCK_CLASS])
    except errors.LockNotAvailable:
        if connection.execute(_HOLDER_OF_TERM).fetchone() != (found.process_id,):
            raise DeposedError(_deposed(found)) from None
        raise  # it is our own connection's, which the database has not given up yet.


def _deposed(found: Store) -> str:
    return f"another server leads the journal in {found.name} now: stop this one, or start it again"


def _checked(connection: Database, found: Store, lead: Lead | None, acknowledged: Revision) -> Lead:
    """The lead that was taken again, if all is there that was acknowledged."""
    if lead is None:
        raise DeposedError(_deposed(found))
    is_cut, origin = lead.head < acknowledged, store.origin(connection)
    if is_cut:
        store.begin_epoch(connection)
    if origin != store.read_meta(connection).origin:
        store.keep_origin(connection, origin)
    if is_cut:
        raise DeposedError(
            f"the journal in {found.name} ends at revision {lead.head:,}, and revisions up to {acknowledged:,} were "
            "acknowledged: the database was replaced by one that lacks them, as a standby that was behind. Put the right "
            "one there; or start the server again to go on without them"
        )
    return lead


class DeposedError(JournalUnavailableError):
    """The lead is lost for good."""


def _check_durable(connection: Database, found: Store) -> None:
    (fsync, commit) = connection.execute(
        "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
    ).fetchone() or ("", "")
    if fsync != "on":
        raise JournalOpenError(
            f"the database of {found.name} runs with fsync = {fsync}: a power cut would take acknowledged changes. Turn it on"
        )
    if commit == "off":
        raise JournalOpenError(
            f"synchronous_commit is off for the role or database of {found.name}: a crash would take acknowledged changes. "
            "Turn it on"
        )


def _lock_at_start(connection: Database, found: Store) -> None:
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = {OPENING_LOCK_MILLISECONDS}")
            connection.execute(_LOCK, [LOCK_CLASS])
    except errors.LockNotAvailable:
        where, since = connection.execute(_HOLDER, [LOCK_CLASS]).fetchone() or ("another host", "just now")
        raise JournalLockedError(
            f"the journal in {found.name} is in use by a server on {where}, since {since}: stop it, or name another database "
            "or schema"
        ) from None


def _raised(connection: Database, found: Store, *, from_anybody: bool) -> Lead | None:
    connection.execute(_PLAN_BY_INDEX)
    raised = connection.execute(_RAISE_TERM, {"holder": found.process_id, "from_anybody": from_anybody}).fetchone()
    backend = connection.execute(_BACKEND).fetchone()
    head = connection.execute(queries.HEAD).fetchone()
    if raised is None:
        return None
    assert backend is not None, "it is this connection's"
    assert head is not None, "it has a row in any case"
    return Lead(connection, raised[0], Backend(*backend), Revision(head[0]))
