"""The journal in PostgreSQL, for those who outgrow one machine's disk."""

from onduty_server.adapters.postgres.journal import PostgresJournal
from onduty_server.adapters.postgres.options import PostgresOptions
from onduty_server.adapters.postgres.replication import PostgresReplication

__all__ = ["PostgresJournal", "PostgresOptions", "PostgresReplication"]
