"""Connections that look at a shared store and speak up in it; neither reads or writes a record."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import psycopg

from onduty_server.adapters.postgres.connecting import Database, close, connect, errors, sever
from onduty_server.adapters.postgres.store import LOCK_CLASS, Store
from onduty_server.domain.model.status import Instant, Micros
from onduty_server.past import Revision
from onduty_server.replication import LEASE_SECONDS, Look, ReplicaReport, SeenReplica

R = TypeVar("R")

_LOOK_SECONDS_MOST: Final = 1.5
"""How long the database may take for a look or a beat."""

_SHOWN_SECONDS: Final = 60.0
"""A replica that has said nothing for so long is not shown any more."""

_LOOK: Final = """
SELECT coalesce((SELECT revision FROM journal ORDER BY revision DESC LIMIT 1), 0),
    (SELECT value FROM meta WHERE name = 'epoch'), h.term, h.holder,
    CASE WHEN l.holder = h.holder THEN l.address ELSE '' END,
    l.holder = h.holder AND l.renewed_at < clock_timestamp() - %(lease)s * interval '1 second' OR NOT EXISTS (
        SELECT 1 FROM pg_locks k
        WHERE k.locktype = 'advisory' AND k.classid = %(class)s AND k.objid = 'head'::regclass::oid AND k.granted
        AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ),
    (extract(epoch FROM clock_timestamp()) * 1000000)::int8
FROM head h CROSS JOIN lease l
"""

_RENEW: Final = """
UPDATE lease l SET renewed_at = clock_timestamp() FROM head h WHERE l.holder = %(replica)s AND h.holder = l.holder RETURNING 1
"""

_BEAT: Final = """
INSERT INTO replicas (id, beats, beaten_at, report) VALUES (%(replica)s, 1, clock_timestamp(), %(report)s)
ON CONFLICT (id) DO UPDATE SET beats = replicas.beats + 1, beaten_at = excluded.beaten_at, report = excluded.report
"""

_FORGET: Final = "DELETE FROM replicas WHERE beaten_at < clock_timestamp() - %(shown)s * interval '1 second'"

_REPLICAS: Final = """
SELECT report, beats, (extract(epoch FROM clock_timestamp() - beaten_at) * 1000000)::int8 FROM replicas
WHERE beaten_at >= clock_timestamp() - %(shown)s * interval '1 second' ORDER BY id
"""

_LEAVE: Final = "DELETE FROM replicas WHERE id = %(replica)s"


class _Watch:
    """A connection of its own, made at the first use and anew after an error."""

    purpose = "watch"

    def __init__(self, store: Store) -> None:
        """Connects later."""
        self._store = store
        self._connection: Database | None = None
        self._is_busy = False

    def ask(self, question: Callable[[Database], R]) -> R:
        """What a question finds; an error costs the connection, and is none where that was lost while nothing was asked."""
        with errors(self._store.options, "look at"):
            self._is_busy = True
            try:
                if self._connection is not None:
                    with suppress(psycopg.OperationalError):
                        return question(self._connection)
                    self.close()
                return question(self._connected())
            except (psycopg.Error, OSError):
                self.close()
                raise
            finally:
                self._is_busy = False

    def sever(self) -> None:
        """Have what is under way fail. For any thread."""
        connection = self._connection
        if connection is not None:
            sever(connection)

    def sever_if_busy(self) -> None:
        """Have a statement that is under way fail. For any thread."""
        if self._is_busy:
            self.sever()

    def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            close(connection)

    def _connected(self) -> Database:
        self._connection = connect(self._store.options, self.purpose, statement_seconds=_LOOK_SECONDS_MOST)
        self._begun(self._connection)
        return self._connection

    def _begun(self, connection: Database) -> None:
        """A connection was made."""


class Lookout(_Watch):
    """Looks at a store whenever it is notified, and every now and then."""

    purpose = "lookout"

    def look(self, wait_seconds: float, *, wakes: bool) -> Look:
        """See ``Replication.look``. Notifications that came before are taken with it."""

        def question(connection: Database) -> Look:
            for _ in connection.notifies(timeout=wait_seconds, stop_after=1 if wakes else None):
                pass
            values = {"class": LOCK_CLASS, "lease": LEASE_SECONDS}
            row = connection.execute(_LOOK, values, prepare=True).fetchone()
            assert row is not None, "both tables have a row"
            head, epoch, term, holder, address, is_vacant, at = row
            return Look(Revision(head), int(epoch), term, holder, address, is_vacant, Instant(at))

        return self.ask(question)

    def _begun(self, connection: Database) -> None:
        connection.execute(f'LISTEN "{self._store.channel}"')
        self._store.generation += 1  # readers may look at a primary that is none any more.


class Registry(_Watch):
    """Renews the lease, and says that this replica lives. What it writes need not outlive a crash of the database."""

    purpose = "registry"

    def renew(self) -> bool:
        """See ``Replication.renew_lead``."""
        return bool(self.ask(lambda connection: connection.execute(_RENEW, self._values).rowcount))

    def beat(self, report: ReplicaReport) -> list[SeenReplica]:
        """See ``Replication.beat``."""

        def question(connection: Database) -> list[SeenReplica]:
            connection.execute(_BEAT, {**self._values, "report": json.dumps(report._asdict())})
            connection.execute(_FORGET, self._values)
            return _seen(connection, self._values)

        return self.ask(question)

    def replicas(self) -> list[SeenReplica]:
        """See ``Replication.replicas``."""
        return self.ask(lambda connection: _seen(connection, self._values))

    def leave(self) -> None:
        """See ``Replication.leave``."""
        self.ask(lambda connection: connection.execute(_LEAVE, self._values))

    @property
    def _values(self) -> dict[str, Any]:
        return {"replica": self._store.process_id, "shown": _SHOWN_SECONDS}

    def _begun(self, connection: Database) -> None:
        connection.execute("SET synchronous_commit = off")


def _seen(connection: Database, values: dict[str, Any]) -> list[SeenReplica]:
    rows = connection.execute(_REPLICAS, values, prepare=True).fetchall()
    return [SeenReplica(_report(report), beats, Micros(age)) for report, beats, age in rows]


def _report(text: str) -> ReplicaReport:
    """A report, which a newer version may have said more in."""
    fields = json.loads(text)
    return ReplicaReport(**{name: fields[name] for name in ReplicaReport._fields})
