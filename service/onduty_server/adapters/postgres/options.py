"""Where the database is and how long anything of it may take; connects to nothing."""

from dataclasses import dataclass
from typing import Final

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from onduty_server.observability.redaction import shown_address
from onduty_server.ports import JournalOpenError

DEFAULT_SCHEMA: Final = "onduty"

APPLICATION: Final = "onduty"

_DRIVER_DEFAULTS: Final = {
    "target_session_attrs": "read-write",  # of several hosts, the one that is the primary now.
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "6000",
}
"""What counts where the address does not say otherwise. A dead peer is noticed after eleven seconds of silence, or six of
unanswered bytes."""

_SERVER_SIDE: Final = {
    "client_connection_check_interval": "2000",  # a query whose client is gone ends.
    "tcp_keepalives_idle": "5",  # and what a host held that has vanished is free soon.
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "jit": "off",
}


@dataclass(frozen=True, slots=True)
class PostgresOptions:
    """``address`` is a libpq URI: several hosts, TLS and files of passwords as libpq has them. It wins over what is set here.

    ``statement_seconds`` is for everything but questions about the past, ``lock_seconds`` for waiting behind others' locks,
    ``idle_seconds`` for a transaction of ours in which nothing happens.
    """

    address: str
    schema: str = DEFAULT_SCHEMA
    statement_seconds: float = 5.0
    lock_seconds: float = 3.0
    idle_seconds: float = 60.0

    def conninfo(self, purpose: str, *, statement_seconds: float) -> str:
        """What the driver connects by. ``purpose`` is seen in ``pg_stat_activity``.

        Raises:
            JournalOpenError: The address is none.
        """
        given = {name: value for name, value in self._given().items() if value is not None}
        settings = {
            "search_path": self.schema,
            "statement_timeout": str(int(statement_seconds * 1000)),
            "lock_timeout": str(int(self.lock_seconds * 1000)),
            "idle_in_transaction_session_timeout": str(int(self.idle_seconds * 1000)),
            **_SERVER_SIDE,
        }
        own = " ".join(f"-c {name}={value}" for name, value in settings.items())
        options = f"{own} {given.pop('options', '')}".strip()
        return make_conninfo(
            "", **{**_DRIVER_DEFAULTS, "application_name": f"{APPLICATION} {purpose}", **given, "options": options}
        )

    def _given(self) -> dict[str, str | int | None]:
        try:
            return dict(conninfo_to_dict(self.address))
        except ProgrammingError:  # its message has the password.
            raise JournalOpenError(
                f"{shown_address(self.address)} is no address as postgresql://USER@HOST:PORT/DATABASE"
            ) from None
