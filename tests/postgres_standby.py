"""A standby of a test's PostgreSQL: a copy that follows it by streaming replication, until it is promoted."""

from postgres_server import PostgresServer
from wait_until import wait_until


class PostgresStandby(PostgresServer):
    """It follows ``primary`` once it is started."""

    def __init__(self, primary: PostgresServer) -> None:
        """Copies what the primary, which runs, has."""
        self._primary = primary
        super().__init__()

    def make_cluster(self) -> None:
        """A copy that knows whom to follow."""
        source = ["-h", "127.0.0.1", "-p", str(self._primary.port), "-U", "onduty"]
        self.run("pg_basebackup", "-D", "data", "-R", "-c", "fast", "--no-sync", *source)

    def make_synchronous(self) -> None:
        """From now on the primary acknowledges nothing that the standby does not have."""
        self._primary.ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._primary.ask("SELECT pg_reload_conf()")
        wait_until(lambda: self._state() == ("sync",), what="that the standby is a synchronous one")

    def promote(self) -> None:
        """It is the primary from now on."""
        self.ask("SELECT pg_promote()")
        wait_until(lambda: self.ask("SELECT pg_is_in_recovery()") == (False,), what="that the standby is promoted")

    def addresses(self) -> str:
        """Where clients find the one of both that takes changes."""
        return f"postgresql://onduty@127.0.0.1:{self._primary.port},127.0.0.1:{self.port}/postgres"

    def _state(self) -> object:
        return self._primary.ask("SELECT sync_state FROM pg_stat_replication")
