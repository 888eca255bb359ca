"""The web side beside its server: it begins, ends and comes back with it, and slow peers cost it little."""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import prepared
import pytest
from certificates import Authority
from patience import PATIENCE_SECONDS
from running_server import RunningServer
from wait_until import wait_until
from web_client import WebClient

from onduty_web.certificate import Certificate
from onduty_web.exchange import Drain
from onduty_web.listener import VANISHED_SECONDS, Listener, ListenerLimits, bind, notice_vanishing


def gateway_of(server: RunningServer) -> int:
    """The process id of a server's gateway."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (entry / "stat").exists():
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == server.process.pid:
                return int(entry.name)
    raise AssertionError("the server has no child")


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to find the gateway in")


@needs_proc
def test_gateway_that_died_comes_back_on_its_port(sample: RunningServer, client: WebClient):
    """Its port stays bound: browsers wait for the next one."""
    first = gateway_of(sample)
    os.kill(first, signal.SIGKILL)
    assert client.call("ServerService/WhoAmI", {}).status == 200
    assert gateway_of(sample) != first
    wait_until(lambda: "web_ended" in sample.output)


@needs_proc
def test_gateway_ends_with_a_server_that_was_killed(sample: RunningServer, client: WebClient):
    """Nothing is left behind, however the server ends."""
    assert client.call("ServerService/WhoAmI", {}).status == 200
    gateway = gateway_of(sample)
    sample.stop(signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{gateway}").exists() or " Z " in Path(f"/proc/{gateway}/stat").read_text())


def test_stream_says_farewell_when_the_server_ends(sample: RunningServer, client: WebClient):
    """A desktop hears the server's own farewell through the gateway before both end."""
    with client.stream("WorkspaceService/Attach", {"staffId": "ana"}) as messages:
        next(messages)
        sample.process.send_signal(signal.SIGTERM)
        assert any("goingAway" in message for message in messages)
    assert sample.stop() == 0


def test_address_in_use_is_named_before_a_journal_is_made(sample: RunningServer, client: WebClient, tmp_path: Path):
    """A second server on the same address says so, and has made no journal."""
    journal = tmp_path / "second.db"
    line = [sys.executable, "-m", "onduty_cli", "serve", "--journal", str(journal), "--listen", "127.0.0.1:0"]
    done = prepared.run(
        [*line, "--web", f"127.0.0.1:{client.port}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 1
    assert "choose another address with --web" in done.stdout
    assert not journal.exists()


def test_open_pages_on_the_network_are_refused(tmp_path: Path):
    """What the server's own address needs, that of the pages needs too."""
    line = [sys.executable, "-m", "onduty_cli", "serve", "--journal", str(tmp_path / "j.db"), "--web", "0.0.0.0:0"]
    done = prepared.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 2
    assert "web: 0.0.0.0:0 can be reached from other machines" in done.stdout


async def test_certificate_is_read_again_when_it_changes(tmp_path: Path):
    """A new pair is shown to who connects after it; a bad one leaves the last good one in force."""
    authority = Authority(tmp_path)
    files = authority.write("web", authority.pair("localhost"))
    trust = ssl.create_default_context(cafile=str(authority.ca_file))

    async def shown(port: int) -> bytes:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trust, server_hostname="localhost")
        content = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        await writer.wait_closed()
        return content

    async with listening(ListenerLimits(), certificate=files) as port:
        first = await shown(port)
        authority.write("web", authority.pair("localhost"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await shown(port) == first:
                await asyncio.sleep(0.05)


async def test_certificate_that_cannot_be_used_leaves_the_last_good_one(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Half a pair, as it is while somebody writes, changes nothing, and is told."""
    authority = Authority(tmp_path)
    files = authority.write("web", authority.pair("localhost"))
    certificate = Certificate(*files)
    following = asyncio.create_task(certificate.follow())
    files[1].write_bytes(b"no key")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "the last good pair stays in force" not in caplog.text:
            await asyncio.sleep(0.05)
    following.cancel()


async def test_peer_that_sends_no_headers_is_cut_off():
    """A connection that says nothing, or half a head, does not stay."""
    async with listening(ListenerLimits(header_seconds=0.1)) as port:
        for said in (b"", b"GET / HTTP/1.1\r\nhost: "):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            assert await reader.read() == b""
            writer.close()


async def test_peer_that_does_not_read_is_cut_off():
    """A stream whose reader has stopped ends, and lets go of what it holds."""
    ended = asyncio.Event()

    async def endless(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        gone = asyncio.create_task(receive())
        while not gone.done():
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
            if not gone.done() and (await asyncio.wait({gone}, timeout=0))[0] and gone.result()["type"] == "http.request":
                gone = asyncio.create_task(receive())
        ended.set()

    async with listening(ListenerLimits(stall_seconds=0.2), endless) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        writer.transport.pause_reading()
        await asyncio.wait_for(ended.wait(), 30)
        writer.close()


def test_vanished_peer_is_noticed_by_the_system():
    """A connection has the times after which the system gives a silent peer up."""
    with socket.socket() as connection:
        notice_vanishing(connection)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == VANISHED_SECONDS * 1000


def test_request_for_no_path_is_answered(client: WebClient):
    """A request that names no path, as OPTIONS *, is no fault of the gateway."""
    with client.connect() as peer:
        peer.sendall(b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert peer.recv(64).startswith(b"HTTP/1.1 4")


class listening:  # noqa: N801 - it is used like a function.
    """A listener for the length of an async with block; its value is the port."""

    def __init__(self, limits: ListenerLimits, application=None, certificate=None) -> None:
        self.stop = asyncio.Event()
        self.listener = Listener(application, Drain(), limits, certificate=certificate)

    async def __aenter__(self) -> int:
        bound = bind("127.0.0.1", 0)
        self.task = asyncio.create_task(self.listener.serve(bound, self.stop))
        return bound.getsockname()[1]

    async def __aexit__(self, *_exception: object) -> None:
        self.stop.set()
        await self.task
