"""Replicas as processes of their own, over a store in a real PostgreSQL."""

import contextlib
import signal
from collections.abc import Iterator, Sequence

import grpc
from adapters.postgres_factory import PostgresFactory
from running_server import SERVE, RunningServer
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import server_service_pb2 as pb

CLIENT_SECONDS = 20.0
"""How long a call of a test may take: longer than replicas hold it."""


class ReplicaServer(RunningServer):
    """One replica, with stubs that lead to it."""

    stubs: Stubs

    def __init__(self, command: Sequence[str]) -> None:
        """Start it, by a command that serves."""
        self._start(command)

    def replicas(self) -> list[pb.Replica]:
        """What it says of all."""
        return list(self.stubs.server.ListReplicas(pb.ListReplicasRequest(), timeout=CLIENT_SECONDS).replicas)

    def info(self) -> pb.GetServerInfoResponse:
        """What it says of itself."""
        return self.stubs.server.GetServerInfo(pb.GetServerInfoRequest(), timeout=CLIENT_SECONDS)

    @property
    def own(self) -> pb.Replica:
        """What it says of itself, among the others."""
        mine = self.info().replica_id
        return next(one for one in self.replicas() if one.replica_id == mine)

    def follows(self) -> bool:
        """Whether it says that it follows; False also while it does not answer."""
        with contextlib.suppress(grpc.RpcError):
            return not self.leads
        return False

    @property
    def leads(self) -> bool:
        """Whether it says that it leads."""
        return self.own.role == pb.REPLICA_ROLE_LEADER

    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.process.poll() is None


class ReplicaServers:
    """Starts replicas of one store; all end with the stack."""

    def __init__(self, journal: str, stack: contextlib.ExitStack, flags: Sequence[str] = ()) -> None:
        """None runs yet."""
        self._journal = journal
        self._stack = stack
        self._flags = flags
        self.all: list[ReplicaServer] = []

    def start(self, *flags: str, advertise: str = "127.0.0.1:0", journal: str = "") -> ReplicaServer:
        """One more, when it serves. ``journal`` is another way to the same store, as through a proxy."""
        return self.start_program(SERVE, *flags, advertise=advertise, journal=journal)

    def start_program(
        self, program: Sequence[str], *flags: str, advertise: str = "127.0.0.1:0", journal: str = ""
    ) -> ReplicaServer:
        """One more, run by a program that ends in ``serve``."""
        given = ["--listen", "127.0.0.1:0", "--journal", journal or self._journal, "--advertise", advertise, *self._flags]
        return self._begun(ReplicaServer([*program, *given, *flags]))

    def _begun(self, server: ReplicaServer) -> ReplicaServer:
        self._stack.callback(_end, server)
        server.wait_ready()
        server.stubs = self._stack.enter_context(stubs_of(server.address))
        self.all.append(server)
        return server

    def running(self) -> list[ReplicaServer]:
        """Those whose processes run."""
        return [one for one in self.all if one.is_alive()]

    def leader(self, among: Sequence[ReplicaServer] | None = None) -> ReplicaServer:
        """The one that leads, as it says itself; waits for it."""

        def found() -> ReplicaServer | None:
            for one in self.running() if among is None else among:
                with contextlib.suppress(grpc.RpcError, StopIteration):
                    if one.leads:
                        return one
            return None

        leader = wait_until(found, what="a leader")
        assert leader is not None
        return leader

    def followers(self) -> list[ReplicaServer]:
        """The others."""
        leader = self.leader()
        return [one for one in self.running() if one is not leader]


def _end(server: RunningServer) -> None:
    if server.process.poll() is None:
        server.process.send_signal(signal.SIGCONT)
    server.stop(signal.SIGKILL)


@contextlib.contextmanager
def replica_servers(factory: PostgresFactory, flags: Sequence[str] = ()) -> Iterator[ReplicaServers]:
    """Replicas over a factory's schema, for the length of the block."""
    with contextlib.ExitStack() as stack:
        yield ReplicaServers(factory.address, stack, ["--postgres-schema", factory.schema, *flags])
