"""Replicas with TLS and keys: who decides believes the replica that took the call, and nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import grpc
import pytest
from adapters.postgres_factory import PostgresFactory, postgres_factory
from certificates import NAMES, Authority
from credentials import KeyFile
from patience import PATIENCE_SECONDS

from onduty.replicas.v1 import forwarding_pb2
from onduty.v1 import admin_service_pb2, history_service_pb2, staff_pb2, workspace_service_pb2
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.history_service_pb2_grpc import HistoryServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from onduty_server import compose
from onduty_server.compose import Running
from onduty_server.config import ConfigError, load_settings
from onduty_server.rpc.forwarding.link import METHOD, SECRET_KEY


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Signs servers and replicas alike."""
    return Authority(tmp_path)


@asynccontextmanager
async def replica(factory: PostgresFactory, authority: Authority, **flags: object) -> AsyncIterator[Running]:
    """One replica with TLS."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    settings = load_settings(
        {
            "listen": "127.0.0.1:0",
            "journal": factory.address,
            "postgres_schema": factory.schema,
            "advertise": "127.0.0.1:0",
            "tls_cert": str(cert),
            "tls_key": str(key),
            "replica_ca": str(authority.ca_file),
            "sample": True,
            **flags,
        }
    )
    async with compose.running(settings) as running:
        yield running


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


def leads(running: Running) -> bool:
    """Whether it decides, with the sample there."""
    assert running.engine.sharing is not None
    return running.engine.sharing.leadership.leads


@asynccontextmanager
async def two(address: str, authority: Authority, **flags: object) -> AsyncIterator[tuple[Running, Running]]:
    """A leader and a follower."""
    with postgres_factory(address) as factory:
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(replica(factory, authority, **flags))
            await until(lambda: leads(leader))
            yield leader, await stack.enter_async_context(replica(factory, authority, **flags))


def channel(address: str, authority: Authority, pair: tuple[bytes, bytes] | None = None) -> grpc.aio.Channel:
    """An encrypted connection."""
    chain, key = pair or (None, None)
    credentials = grpc.ssl_channel_credentials(authority.pem, key, chain)
    return grpc.aio.secure_channel(address, credentials, options=[("grpc.use_local_subchannel_pool", 1)])


def replica_address(running: Running) -> str:
    """Where other replicas reach it."""
    assert running.engine.sharing is not None
    return running.engine.sharing.leadership.address


async def test_who_called_a_follower_is_the_actor(postgres_address: str, authority: Authority, tmp_path: Path):
    """The key is checked where the call comes; the leader decides for whom it is, over certificates both ways."""
    keys = KeyFile(tmp_path / "keys")
    boss, clerk = keys.add("boss", "admin", "supervisor"), keys.add("clerk", "workspace", staff_ids=["kim"])
    async with two(postgres_address, authority, keys=str(tmp_path / "keys"), tenants=("north",)) as (leader, follower):
        async with channel(follower.address, authority) as connection:
            request = admin_service_pb2.CreateStaffRequest(staff_id="kim", display_name="Kim")
            await AdminServiceStub(connection).CreateStaff(request, metadata=bearer(boss))
            workspace = WorkspaceServiceStub(connection)
            busy = workspace_service_pb2.ChangeStatusRequest(staff_id="kim", choice={"status": staff_pb2.STATUS_BUSY})
            await workspace.ChangeStatus(busy, metadata=bearer(clerk))
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await workspace.ChangeStatus(busy)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
        async with channel(leader.address, authority) as connection:
            query = history_service_pb2.ListTransitionsRequest(filter={"staff_ids": ["kim"]})
            changes = (await HistoryServiceStub(connection).ListTransitions(query, metadata=bearer(boss))).transitions
        assert [change.actor.id for change in changes] == ["boss", "kim"]


def bearer(key: str) -> tuple[tuple[str, str], ...]:
    """What shows a key."""
    return (("authorization", f"Bearer {key}"),)


async def test_who_is_no_replica_is_not_let_in(postgres_address: str, authority: Authority):
    """Without a certificate there is no connection, and with one the store's secret is asked for."""
    async with two(postgres_address, authority) as (leader, _):
        async with channel(replica_address(leader), authority) as connection:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await forwarded(connection, "")
            assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        async with channel(replica_address(leader), authority, authority.pair(*NAMES)) as connection:
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await forwarded(connection, "guessed")
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def forwarded(connection: grpc.aio.Channel, secret: str) -> None:
    """Ask a leader to decide."""
    stream = connection.stream_stream(METHOD)(metadata=((SECRET_KEY, secret),), timeout=PATIENCE_SECONDS)
    await stream.write(forwarding_pb2.ForwardRequest().SerializeToString())
    await stream.read()


@pytest.mark.parametrize(
    ("flags", "mistake"),
    [
        ({"advertise": "127.0.0.1:0", "journal": "onduty.db"}, "replicas share a journal in PostgreSQL"),
        ({"advertise": "10.0.0.1:0", "journal": "postgresql://there/onduty"}, "can be reached from other machines"),
        ({"advertise": "50151", "journal": "postgresql://there/onduty"}, "must be HOST:PORT"),
        ({"replica_ca": "ca.pem"}, "replica_ca: it needs advertise"),
        (
            {"advertise": "127.0.0.1:0", "journal": "postgresql://there/onduty", "tls_cert": "a", "tls_key": "b"},
            "need who signs them",
        ),
    ],
)
def test_mistakes_about_replicas_are_told(flags: dict[str, str], mistake: str):
    """In words, before anything is opened."""
    with pytest.raises(ConfigError, match=mistake):
        load_settings(flags)
