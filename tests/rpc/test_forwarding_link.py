"""The stream to the leader: no wait is without an end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from patience import PATIENCE_SECONDS

from onduty.replicas.v1 import forwarding_pb2 as pb
from onduty_server.rpc.forwarding import link
from onduty_server.rpc.forwarding.link import METHOD, LeaderLink, Undecided


@contextlib.asynccontextmanager
async def leader(*, takes_streams: bool) -> AsyncIterator[str]:
    """A server that takes connections, keeps them alive, and answers nothing."""

    async def forward(requests: Any, context: Any) -> None:
        if takes_streams:
            await context.send_initial_metadata(())
        await asyncio.Event().wait()

    _, service, name = METHOD.split("/")
    handler: grpc.RpcMethodHandler[Any, Any] = grpc.stream_stream_rpc_method_handler(forward)
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {name: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    yield f"127.0.0.1:{port}"
    await server.stop(0)


async def test_a_leader_that_never_answers_is_lost(monkeypatch: pytest.MonkeyPatch):
    """The call may have been decided, and whoever waits for it hears so."""
    monkeypatch.setattr(link, "ANSWER_SECONDS", 0.05)
    async with leader(takes_streams=True) as address, asyncio.timeout(PATIENCE_SECONDS):
        way, is_open = LeaderLink(address, "secret", None), asyncio.Event()
        running = asyncio.create_task(way.run(is_open.set))
        await is_open.wait()
        assert await way.ask("acme", pb.ForwardedCall(method="/x")) is Undecided.LOST
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_leader_that_takes_no_stream_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """The connection is there, and the stream never begins."""
    monkeypatch.setattr(link, "OPENING_SECONDS", 0.5)
    async with leader(takes_streams=False) as address, asyncio.timeout(PATIENCE_SECONDS):
        way = LeaderLink(address, "secret", None)
        with pytest.raises(link.LeaderSilentError):
            await way.run(lambda: pytest.fail("it is open"))
        assert not way.is_open
