"""The tables of a journal in PostgreSQL, and how an older form becomes a current one while servers of that form serve.

Every record is one row of ``journal``, appended and then changed by an erasure alone. A key's last record, and all of its
records in order, are found by the index ``journal_by_key``. No append updates a row that others have updated: an update leaves
a dead row that costs every later one for as long as somebody holds a snapshot. ``head`` has one row, whose lock orders the
appends.

Columns that filters need stand before the parts, so that a scan takes no record further apart than it must.

Steps are additive: a server of the form before goes on with what it knows. ``meta`` has the form, and the oldest one whose
servers may still serve.
"""

from typing import Final, NamedTuple

from onduty_server.adapters.postgres.append_function import APPEND, BEGIN_ERASURE, FIRST_SINCE, SEALED

_TABLES: Final = (
    "CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL)",
    # term: raised by each connection that is to append, so that what an earlier one has under way can land no more; holder: the
    # process that raised it.
    "CREATE TABLE head (id int2 PRIMARY KEY CHECK (id = 1), term int8 NOT NULL, holder text NOT NULL)",
    "INSERT INTO head VALUES (1, 0, '')",
    """
    CREATE TABLE tenants (
        id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text COLLATE "C" NOT NULL UNIQUE,
        horizon int8 NOT NULL DEFAULT 0,
        complete_from int8
    )
    """,
    # released: records up to this one count as the key's no more, as their person is erased, or was before one who is.
    """
    CREATE TABLE keys (
        id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id int8 NOT NULL,
        kind int2 NOT NULL,
        name text COLLATE "C" NOT NULL,
        released int8 NOT NULL DEFAULT 0,
        UNIQUE (tenant_id, kind, name)
    )
    """,
    # time_ceiling: no record up to this one has a greater changed_at or recorded_at; it never falls.
    """
    CREATE TABLE journal (
        revision int8 PRIMARY KEY,
        tenant_id int8 NOT NULL,
        key_id int8 NOT NULL,
        previous int8 NOT NULL,
        person int8,
        changed_at int8 NOT NULL,
        recorded_at int8 NOT NULL,
        time_ceiling int8 NOT NULL,
        closed_since int8,
        counts int8,
        standing int4,
        cause int2,
        closed_status int2,
        moved bool NOT NULL,
        closed_reason text,
        groups text[],
        groups_after text[],
        talks jsonb,
        call_id text COLLATE "C",
        source text,
        checksum int8 NOT NULL,
        state bytea NOT NULL,
        private bytea NOT NULL,
        change bytea NOT NULL,
        configuration bytea
    )
    """,
    "CREATE UNIQUE INDEX journal_by_key ON journal (key_id, revision)",
    "CREATE UNIQUE INDEX journal_by_tenant ON journal (tenant_id, revision)",
    "CREATE INDEX journal_calls ON journal (call_id, tenant_id) WHERE call_id IS NOT NULL",
    "CREATE INDEX journal_configuration ON journal (tenant_id, revision) WHERE configuration IS NOT NULL",
    """
    CREATE TABLE other_calls (
        tenant_id int8 NOT NULL,
        call_id text COLLATE "C" NOT NULL,
        revision int8 NOT NULL,
        source text NOT NULL,
        PRIMARY KEY (call_id, tenant_id, revision, source)
    )
    """,
    "CREATE INDEX other_calls_by_revision ON other_calls (revision)",
    """
    CREATE TABLE persons (
        person int8 PRIMARY KEY,
        tenant_id int8 NOT NULL,
        key_id int8 NOT NULL,
        first int8 NOT NULL,
        began_at int8 NOT NULL,
        last int8,
        ended_at int8
    )
    """,
    "CREATE INDEX persons_by_key ON persons (key_id, first)",
    "CREATE INDEX persons_by_end ON persons (last) WHERE last IS NOT NULL",
    "CREATE INDEX persons_by_tenant ON persons (tenant_id)",
    """
    CREATE TABLE erasures (
        pseudonym int8 PRIMARY KEY,
        tenant_id int8 NOT NULL,
        person int8 NOT NULL,
        staff_id text NOT NULL,
        old_key int8 NOT NULL,
        new_key int8 NOT NULL,
        first int8 NOT NULL,
        last int8 NOT NULL,
        until int8 NOT NULL,
        stage int2 NOT NULL DEFAULT 0,
        place text NOT NULL DEFAULT ''
    )
    """,
    """
    CREATE TABLE answers (
        tenant_id int8 NOT NULL,
        request_id text COLLATE "C" NOT NULL,
        fingerprint bytea NOT NULL,
        revision int8 NOT NULL,
        detail bytea NOT NULL,
        answered_at int8 NOT NULL,
        PRIMARY KEY (tenant_id, request_id)
    )
    """,
    "CREATE INDEX answers_by_time ON answers (answered_at)",
)


class Step(NamedTuple):
    """From the form before to this one. ``oldest`` is the oldest form whose servers may go on serving beside it."""

    statements: tuple[str, ...]
    oldest: int


_REPLICAS: Final = (
    # lease: of the replica that leads, which renews it; it holds no append up, and an append holds up no renewal.
    """
    CREATE TABLE lease (
        id int2 PRIMARY KEY CHECK (id = 1), holder text NOT NULL, address text NOT NULL, renewed_at timestamptz NOT NULL
    ) WITH (fillfactor = 10)
    """,
    "INSERT INTO lease VALUES (1, '', '', '-infinity')",
    """
    CREATE TABLE replicas (id text PRIMARY KEY, beats int8 NOT NULL, beaten_at timestamptz NOT NULL, report text NOT NULL)
    WITH (fillfactor = 10)
    """,
    "INSERT INTO meta VALUES ('secret', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''))",
)
"""What replicas of a store need to know of each other."""

STEPS: Final[tuple[Step, ...]] = (
    Step((*_TABLES, SEALED, FIRST_SINCE, BEGIN_ERASURE, APPEND), oldest=1),
    Step(_REPLICAS, oldest=1),
)
"""The first makes a new store; each other one takes it on by one form, in a transaction of its own."""

FORM: Final = len(STEPS)
"""The form that this code reads and writes."""
