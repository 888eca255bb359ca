"""Puts together what makes a server one of several replicas: the shared store, the way to the leader, and the leader's end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import grpc

from onduty_server.auth import tls_files
from onduty_server.auth.tls_files import TlsFiles
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.config import Settings, split_address
from onduty_server.domain.model.errors import OndutyError
from onduty_server.engine.engine import Engine
from onduty_server.ports import Journal
from onduty_server.replication import Replication
from onduty_server.rpc.forwarding.forwarder import Forwarder
from onduty_server.rpc.forwarding.leader_end import ForwardingServer
from onduty_server.rpc.server import Server
from onduty_server.rpc.tls import ListenerTls

if TYPE_CHECKING:
    from onduty_server.adapters.postgres import PostgresReplication


def replication_of(settings: Settings, journal: Journal) -> "PostgresReplication | None":
    """The part of a journal that replicas share; None where this server has it for itself."""
    if not settings.advertise:
        return None
    from onduty_server.adapters.postgres import PostgresJournal, PostgresReplication  # noqa: PLC0415 - an extra brings the driver.

    assert isinstance(journal, PostgresJournal), "the settings were checked"
    return PostgresReplication(journal)


def replica_tls_of(settings: Settings) -> WatchedFiles[TlsFiles] | None:
    """The certificate by which replicas know each other, and who signs them; None where TLS is off.

    Raises:
        FileRefusedError: A file cannot be used.
    """
    if not settings.advertise or not settings.has_tls:
        return None
    paths = (Path(settings.tls_cert), Path(settings.tls_key), Path(settings.replica_ca))
    return WatchedFiles("replica tls", paths, tls_files.parse)


def forwarder_of(engine: Engine, files: WatchedFiles[TlsFiles] | None) -> Forwarder | None:
    """The way to the leader; None where this server has its store for itself."""

    def credentials() -> grpc.ChannelCredentials | None:
        if files is None:
            return None
        current = files.current
        return grpc.ssl_channel_credentials(current.client_ca, current.key, current.chain)

    return None if engine.sharing is None else Forwarder(engine, credentials)


@asynccontextmanager
async def taking_part(
    settings: Settings, engine: Engine, server: Server, replication: Replication | None, files: WatchedFiles[TlsFiles] | None
) -> AsyncIterator[None]:
    """The server is a replica among others for the length of the block: it may lead, and reaches who does."""
    if replication is None or server.forwarder is None or engine.sharing is None:
        yield
        return
    listener = ForwardingServer(engine, server.methods_here, replication.secret)
    place = settings.replica_listen or settings.advertise
    port = await listener.start(place, None if files is None else ListenerTls(files).credentials)
    forwarding = asyncio.create_task(server.forwarder.run(), name="onduty-forwarder")
    engine.attachments.submit = server.forwarder.submit_own
    engine.sharing.attendance.report = server.report
    engine.sharing.leadership.address = _advertised(settings.advertise, port)
    try:
        yield
    finally:
        forwarding.cancel()
        await asyncio.gather(forwarding, return_exceptions=True)
        await listener.stop(1.0)
        with suppress(OndutyError):
            await replication.leave()


def _advertised(address: str, port: int) -> str:
    """The address that others are told; port 0 is that which the system chose."""
    if split_address(address)[1]:
        return address
    return f"{address.rpartition(':')[0]}:{port}"
