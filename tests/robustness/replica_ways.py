"""Replicas whose ways to the database, and from the other replicas, lead through proxies that fail on command."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from held_port import HeldPort
from postgres_server import PostgresServer
from proxy_thread import ProxyThread
from replica_servers import ReplicaServer, ReplicaServers
from running_server import SERVE


@dataclass(frozen=True, slots=True)
class Ways:
    """Of one replica: its way to the database, and that of the others to it."""

    to_database: ProxyThread
    from_replicas: ProxyThread


class ReplicasBehindProxies:
    """Starts replicas behind proxies; these end with the stack."""

    def __init__(self, servers: ReplicaServers, database_port: int, stack: contextlib.ExitStack) -> None:
        """None runs yet."""
        self._servers = servers
        self._database_port = database_port
        self._stack = stack
        self._ways: dict[ReplicaServer, Ways] = {}

    def start(self, program: Sequence[str] = ()) -> ReplicaServer:
        """One more, when it serves. ``program`` runs it, where it is not `onduty`."""
        held = HeldPort()
        self._stack.callback(held.close)
        ways = Ways(self._proxy(self._database_port), self._proxy(held.port))
        server = self._servers.start_program(
            program or SERVE,
            "--replica-listen",
            held.address,
            advertise=ways.from_replicas.proxy.address,
            journal=PostgresServer.address_at(ways.to_database.proxy.port),
        )
        self._ways[server] = ways
        return server

    def ways(self, server: ReplicaServer) -> Ways:
        """Those of a replica that was started here."""
        return self._ways[server]

    def _proxy(self, port: int) -> ProxyThread:
        proxy = ProxyThread(port)
        self._stack.callback(proxy.close)
        return proxy
