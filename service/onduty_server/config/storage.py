"""Settings of a journal in PostgreSQL, and of replicas that share it."""

import re
from typing import Annotated, ClassVar, Final

from pydantic import Field, field_validator

from onduty_server.config.addresses import MaybeAddress
from onduty_server.config.flags import Flag, Section

DEFAULT_SCHEMA: Final = "onduty"

_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class PostgresSettings(Section):
    """How the database is used."""

    title: ClassVar[str] = "PostgreSQL"

    postgres_schema: Annotated[str, Flag("The schema of the journal's tables.")] = Field(
        DEFAULT_SCHEMA, description="The schema of the journal's tables in a PostgreSQL database."
    )
    postgres_statement_timeout: Annotated[float, Flag("Seconds until a statement is given up.")] = Field(
        5.0, ge=0.1, le=600, description="Seconds after which an append, or a read of a few records, is given up in PostgreSQL."
    )
    postgres_lock_timeout: Annotated[float, Flag("Seconds to wait for others' locks.")] = Field(
        3.0, ge=0.1, le=600, description="Seconds to wait in PostgreSQL for a lock that somebody else has."
    )

    @field_validator("postgres_schema")
    @classmethod
    def _schema_is_a_name(cls, value: str) -> str:
        if not _SCHEMA.fullmatch(value):
            raise ValueError("needs lower-case letters, digits and underscores, at most 63")
        return value


class ReplicaSettings(Section):
    """How replicas reach each other."""

    title: ClassVar[str] = "Replicas"

    advertise: Annotated[
        MaybeAddress, Flag("Where other replicas reach this one; it shares its journal with them.", metavar="HOST:PORT")
    ] = Field(
        "",
        description="HOST:PORT where other replicas of the store reach this one, which then shares its journal in PostgreSQL"
        " with them. Port 0 lets the system choose. None: the server has its journal for itself.",
    )
    replica_listen: Annotated[MaybeAddress, Flag("Where to listen for them, if not there.", metavar="HOST:PORT")] = Field(
        "", description="Where to listen for other replicas, HOST:PORT, if it is not what `advertise` says."
    )
    replica_ca: Annotated[str, Flag("Who signs their certificates, as PEM.", metavar="FILE")] = Field(
        "",
        description="Who may sign the certificates by which replicas know each other, as PEM. It is needed where `advertise`"
        " and TLS are given. It is read again every second.",
    )
