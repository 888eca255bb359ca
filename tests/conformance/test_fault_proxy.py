"""The proxy that breaks connections, held against an echo server: each command does what the fault tests rely on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from conformance.fault_proxy import FaultProxy

SECONDS = 60.0
QUIET_SECONDS = 0.2


@pytest.fixture
async def proxy() -> AsyncIterator[FaultProxy]:
    """The proxy before a server that says again what it hears."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while heard := await reader.read(1024):
                writer.write(heard)
        except ConnectionError:
            pass  # the proxy cut it.
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    standing = await FaultProxy(server.sockets[0].getsockname()[1]).start()
    yield standing
    await standing.stop()
    server.close()
    await server.wait_closed()


async def connect(proxy: FaultProxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection through the proxy."""
    return await asyncio.open_connection("127.0.0.1", proxy.port)


async def said(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], text: bytes, count: int = 0) -> bytes:
    """What comes back, up to the number of bytes or the connection's end."""
    reader, writer = connection
    writer.write(text)
    try:
        return await asyncio.wait_for(reader.readexactly(count or len(text)), SECONDS)
    except asyncio.IncompleteReadError as error:
        return error.partial
    except ConnectionError:
        return b""


async def test_bytes_pass_both_ways(proxy: FaultProxy):
    """Untold, it carries everything."""
    connection = await connect(proxy)
    assert await said(connection, b"hello") == b"hello"
    assert (proxy.accepted, proxy.connections) == (1, 1)
    connection[1].close()


async def test_cut_ends_what_is_there_and_welcomes_what_comes(proxy: FaultProxy):
    """A cut connection ends; a new one works."""
    first = await connect(proxy)
    await said(first, b"hello")
    proxy.cut()
    assert await said(first, b"again") == b""
    second = await connect(proxy)
    assert await said(second, b"hello") == b"hello"
    for connection in (first, second):
        connection[1].close()


async def test_cut_after_bytes_lets_exactly_so_many_through(proxy: FaultProxy):
    """The limit is in bytes towards the client; after it the next limit holds, and then none."""
    proxy.cuts_after_bytes.extend([3, 4])
    for allowed in (b"hel", b"hell"):
        connection = await connect(proxy)
        assert await said(connection, b"hello") == allowed
        connection[1].close()
    connection = await connect(proxy)
    assert await said(connection, b"hello") == b"hello"
    connection[1].close()


async def test_black_hole_says_nothing_and_loses_nothing(proxy: FaultProxy):
    """Old and new connections are silent; when it passes on, all that was said arrives."""
    old = await connect(proxy)
    await said(old, b"hello")
    proxy.black_hole()
    new = await connect(proxy)
    for reader, writer in (old, new):
        writer.write(b"late")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.readexactly(4), QUIET_SECONDS)
    proxy.pass_on()
    for reader, writer in (old, new):
        assert await asyncio.wait_for(reader.readexactly(4), SECONDS) == b"late"
        writer.close()


async def test_forsaken_connections_stay_silent_and_open(proxy: FaultProxy):
    """A connection that died in silence carries nothing more, and nobody says so; new ones work."""
    old = await connect(proxy)
    await said(old, b"hello")
    proxy.forsake()
    old[1].write(b"lost")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(old[0].read(1), QUIET_SECONDS)
    new = await connect(proxy)
    assert await said(new, b"hello") == b"hello"
    for connection in (old, new):
        connection[1].close()


async def test_delay_holds_every_piece_up(proxy: FaultProxy):
    """Each way takes the delay."""
    proxy.delay_seconds = 0.1
    connection = await connect(proxy)
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await said(connection, b"hello") == b"hello"
    assert loop.time() - began >= 0.2
    connection[1].close()
