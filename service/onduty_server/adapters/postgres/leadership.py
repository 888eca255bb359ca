"""The right to append: held with a connection, and taken so that nothing of an earlier connection can land any more.

A connection that is lost may leave an append under way in the database. Before anything else is asked there, a new one raises
the term, for which it waits until that append has ended; an append that comes later finds another term than its own.
"""

from typing import Final, NamedTuple

from psycopg import errors

from onduty_server.adapters.postgres import queries, store
from onduty_server.adapters.postgres.connecting import Database, close, connect
from onduty_server.adapters.postgres.store import LOCK_CLASS, Store
from onduty_server.domain.model.errors import JournalUnavailableError
from onduty_server.ports import JournalLockedError, JournalOpenError, Revision

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
        meta, origin = store.read_meta(connection), store.origin(connection)
        found.store_id, found.epoch = meta.store_id, meta.epoch
        if meta.origin != origin:
            if meta.origin:  # the line of history is another one: what was acknowledged may be missing.
                found.epoch = store.begin_epoch(connection)
            store.keep_origin(connection, origin)
    except BaseException:
        close(connection)
        raise
    return lead


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
