"""The floor: gRPC and nothing else. An echo RPC and a stream of frames built beforehand; it keeps and decides nothing.

Run it with the interpreter and the packages of the server that is measured. It takes that server's channel options and the
settings of its process, so that what differs is only what the server does. ``--event-loop`` is as the server's. With
``--plain`` it takes none of these: then it is ``grpc.aio`` as anybody would start it.
"""

import argparse
import asyncio
import gc
import signal
import struct
from typing import Any

import grpc

from onduty_cli.server_side.process import loop_factory, tune
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.server import channel_options

SERVICE = "onduty.bench.v1.Floor"


class Ticker:
    """Wakes all its streams at once, as a commit does."""

    def __init__(self, per_second: int) -> None:
        """``per_second``: how often."""
        self._period = 1 / per_second
        self._waiting: set[asyncio.Future[None]] = set()
        self._task: asyncio.Task[None] | None = None

    async def next(self) -> None:
        """Return at the next tick."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + self._period, loop.time())
            await asyncio.sleep(due - loop.time())
            waiting, self._waiting = self._waiting, set()
            for one in waiting:
                if not one.done():
                    one.set_result(None)


class Floor:
    """The behaviours."""

    def __init__(self) -> None:
        """No ticker runs yet."""
        self._tickers: dict[int, Ticker] = {}

    async def echo(self, request: bytes, _context: Any) -> bytes:
        """The request's bytes."""
        return request

    async def stream(self, request: bytes, context: Any) -> None:
        """Frames of the size and at the rate that the request names: two 32-bit numbers."""
        size, per_second = struct.unpack(">II", request)
        frame = bytes(size)
        ticker = self._tickers.setdefault(per_second, Ticker(per_second))
        await context.write(frame)
        while True:
            await ticker.next()
            await context.write(frame)


async def serve(*, plain: bool) -> None:
    """Serve on a free loopback port until SIGTERM or Ctrl-C; ``plain``: without any options."""
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    floor = Floor()
    server = grpc.aio.server(options=None if plain else channel_options(Limits()))
    methods: dict[str, Any] = {
        "Echo": grpc.unary_unary_rpc_method_handler(floor.echo),
        "Stream": grpc.unary_stream_rpc_method_handler(floor.stream),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    if not plain:
        gc.freeze()
    print(f"The floor is serving on 127.0.0.1:{port}", flush=True)
    await stop.wait()
    await server.stop(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Serve the floor.")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--event-loop", choices=("asyncio", "uvloop"), default="asyncio")
    asked = parser.parse_args()
    if not asked.plain:
        tune(batch_scheduling=True)
    with asyncio.Runner(loop_factory=loop_factory(asked.event_loop)) as runner:
        runner.run(serve(plain=asked.plain))
