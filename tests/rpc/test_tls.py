"""TLS and mutual TLS on the listener, with real sockets: who gets in, and certificates that change while streams are open."""

import asyncio
import contextlib
import ssl
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from certificates import NAMES, Authority, connected
from credentials import KeyFile, with_credential
from rpc_world import AVAILABLE, Client, World, serving
from trustme import KeyType

from onduty.v1.server_service_pb2 import WhoAmIRequest
from onduty_server.auth.tls_files import parse
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.model.status import SECOND

WHO_AM_I = WhoAmIRequest()
STREAMS = 200


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Whom both sides trust."""
    return Authority(tmp_path)


async def serial_shown(world: World, authority: Authority) -> bytes:
    """The certificate that a new handshake is shown."""
    host, port = world.running.address.split(":")
    context = ssl.create_default_context(cafile=str(authority.ca_file))
    context.set_alpn_protocols(["h2"])
    _, writer = await asyncio.open_connection(host, int(port), ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return shown


async def code_of(channel: grpc.aio.Channel) -> grpc.StatusCode:
    """How a call over the connection ends."""
    return await Client(channel).call(WHO_AM_I, timeout=10).code()


def offered_of_tls_1_2() -> list[str]:
    """Every cipher that this machine's OpenSSL knows below TLS 1.3, the weak ones too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return [cipher["name"] for cipher in context.get_ciphers() if cipher["protocol"] != "TLSv1.3"]


# --- who gets in ------------------------------------------------------------------------------------------------------


async def test_a_client_that_trusts_the_root_gets_in_and_no_other(journal_path: Path, authority: Authority, tmp_path: Path):
    """Encrypted, by the name that it called; neither plain text nor another root."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    other = Authority(tmp_path, "other")
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key)) as world:
        async with connected(world, roots=authority.pem) as channel:
            assert (await Client(channel).ask(WHO_AM_I)).tenant == "default"
        async with connected(world, roots=other.pem) as channel:
            assert await code_of(channel) is grpc.StatusCode.UNAVAILABLE
        assert await code_of(world.channel) is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_old_versions_of_tls_are_not_spoken(journal_path: Path, authority: Authority, version: ssl.TLSVersion):
    """1.2 at the least."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key)) as world:
        assert await serial_shown(world, authority)
        context = ssl.create_default_context(cafile=str(authority.ca_file))
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        host, port = world.running.address.split(":")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection(host, int(port), ssl=context)


@pytest.mark.parametrize(("key_type", "signs"), [(KeyType.ECDSA, "ECDSA"), (KeyType.RSA, "RSA")])
async def test_what_is_spoken_of_tls_1_2_is_forward_secret_and_authenticated(
    journal_path: Path, authority: Authority, key_type: KeyType, signs: str
):
    """Of all that OpenSSL can offer, the listener takes what docs/security.md lists."""
    cert, key = authority.write("server", authority.pair(*NAMES, key_type=key_type))
    taken = set()
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key)) as world:
        host, port = world.running.address.split(":")
        for cipher in offered_of_tls_1_2():
            context = ssl.create_default_context(cafile=str(authority.ca_file))
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers(f"{cipher}:@SECLEVEL=0")
            context.set_alpn_protocols(["h2"])
            with contextlib.suppress(ssl.SSLError, OSError):
                _, writer = await asyncio.open_connection(host, int(port), ssl=context)
                taken.add(cipher)
                writer.close()
    assert taken == {f"ECDHE-{signs}-AES128-GCM-SHA256", f"ECDHE-{signs}-AES256-GCM-SHA384"}


async def test_mutual_tls_asks_for_a_certificate_that_the_authority_signed(
    journal_path: Path, authority: Authority, tmp_path: Path
):
    """Without one, or with another authority's, there is no connection."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    clients = Authority(tmp_path, "clients")
    settings = {"tls_client_ca": str(clients.ca_file), "tls_client_auth": "required"}
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key), **settings) as world:
        async with connected(world, roots=authority.pem, pair=clients.pair("router-7")) as channel:
            assert await code_of(channel) is grpc.StatusCode.OK
        for pair in (None, authority.pair("router-7")):
            async with connected(world, roots=authority.pem, pair=pair) as channel:
                assert await code_of(channel) is grpc.StatusCode.UNAVAILABLE


# --- certificates that change -----------------------------------------------------------------------------------------


async def test_open_watches_go_on_over_a_rotation_and_new_handshakes_take_the_new_pair(
    journal_path: Path, authority: Authority, tmp_path: Path
):
    """200 watches on connections of their own; a bad pair and a half-written one leave the last good one in force."""
    keys = KeyFile(tmp_path / "keys.jsonl")
    keys.add("all", "router", "workspace", "admin", all_staff=True)
    cert, key = authority.write("server", authority.pair(*NAMES))
    async with (
        serving(journal_path, tls_cert=str(cert), tls_key=str(key), keys=str(keys.path)) as world,
        contextlib.AsyncExitStack() as stack,
    ):
        channels = [await stack.enter_async_context(connected(world, roots=authority.pem)) for _ in range(STREAMS)]
        clients = [with_credential(channel, keys.keys["all"]) for channel in channels]
        await clients[0].create("ana")
        watches = [await stack.enter_async_context(client.watch()) for client in clients]
        await asyncio.gather(*(watch.began() for watch in watches))
        first = await serial_shown(world, authority)

        authority.write("server", (b"nonsense", b"nonsense"))
        await world.running.server.tls.files.read_again()
        assert await serial_shown(world, authority) == first
        new = authority.pair(*NAMES)
        cert.write_bytes(new[0])
        key.write_bytes(new[1][: len(new[1]) // 2])
        await world.running.server.tls.files.read_again()
        assert await serial_shown(world, authority) == first
        authority.write("server", new)
        await world.running.server.tls.files.read_again()
        second = await serial_shown(world, authority)
        assert second != first
        assert ssl.DER_cert_to_PEM_cert(second).encode().strip() in new[0]

        await clients[0].change("ana", AVAILABLE)
        await asyncio.gather(*(watch.until_changes(1) for watch in watches))
        async with connected(world, roots=authority.pem) as channel:
            assert (await with_credential(channel, keys.keys["all"]).get("ana")).status == AVAILABLE


async def test_authorities_for_clients_change_likewise(journal_path: Path, authority: Authority, tmp_path: Path):
    """A new handshake is held to the new ones."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    old, new = Authority(tmp_path, "old"), Authority(tmp_path, "new")
    trusted = tmp_path / "clients.pem"
    trusted.write_bytes(old.pem)
    settings = {"tls_client_ca": str(trusted), "tls_client_auth": "required"}
    async with serving(journal_path, tls_cert=str(cert), tls_key=str(key), **settings) as world:
        trusted.write_bytes(new.pem)
        await world.running.server.tls.files.read_again()
        async with connected(world, roots=authority.pem, pair=new.pair("router-7")) as channel:
            assert await code_of(channel) is grpc.StatusCode.OK
        async with connected(world, roots=authority.pem, pair=old.pair("router-7")) as channel:
            assert await code_of(channel) is grpc.StatusCode.UNAVAILABLE


# --- the files --------------------------------------------------------------------------------------------------------


def test_the_end_of_the_certificate_is_a_number(authority: Authority):
    """The first end of the chain, in microseconds."""
    end = datetime(2050, 1, 1, tzinfo=UTC)
    assert parse(authority.pair(*NAMES, ends_at=end)).expires_at == int(end.timestamp()) * SECOND


def test_files_that_do_not_belong_together_are_refused(authority: Authority):
    """Each says which file is at fault, and nothing of what is in a key."""
    chain, key = authority.pair(*NAMES)
    for contents, fault in (
        ((chain, authority.pair(*NAMES)[1]), "tls_key is not the key of the first certificate"),
        ((b"", key), "tls_cert holds no certificates"),
        ((chain, b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "tls_key holds no key"),
        ((chain, chain), "tls_key holds no key"),
        ((chain, key, b"none"), "tls_client_ca holds no certificates"),
    ):
        with pytest.raises(FileRefusedError, match=fault):
            parse(contents)


async def test_a_server_does_not_start_on_a_bad_pair(journal_path: Path, authority: Authority):
    """There is no last good one yet; no journal is made."""
    cert, key = authority.write("server", (authority.pair(*NAMES)[0], authority.pair(*NAMES)[1]))
    with pytest.raises(FileRefusedError):
        async with serving(journal_path, tls_cert=str(cert), tls_key=str(key)):
            pass
    assert not journal_path.exists()
