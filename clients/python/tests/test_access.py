"""TLS, mutual TLS, tokens and the tenant, against a small server that says what it was called with."""

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from kinds import KINDS, QUICK, Kind
from onduty_process import LONG, wait_until
from secure_server import Certificates, SecureServer, secure_server

import onduty_client
from onduty.v1.workspace_service_pb2 import GetStaffRequest
from onduty_client import ConnectionOptions, FloorState, TlsOptions


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Made once."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def tls_server(certificates: Certificates) -> Iterator[SecureServer]:
    """A server with TLS."""
    with secure_server(certificates) as said:
        yield said


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Either kind of client."""
    return request.param


async def ask(kind: Kind, address: str, **options) -> None:
    """One call over a connection of its own."""
    connection = kind.connection(ConnectionOptions(address, **{"call_timeout": LONG, **options}))
    try:
        await kind.do(connection.call, connection.services.workspace.GetStaff, GetStaffRequest(staff_id="ana"))
    finally:
        await kind.do(connection.close)


async def test_server_is_trusted_by_its_root(kind: Kind, certificates: Certificates, tls_server: SecureServer):
    """With tenant, actor and token, which may now go anywhere."""
    tls = TlsOptions(ca_file=certificates.ca_file)
    await ask(kind, tls_server.address, tls=tls, tenant="north", actor="lea", token="abc")
    assert (tls_server.metadata[0]["onduty-tenant"], tls_server.metadata[0]["authorization"]) == ("north", "Bearer abc")
    assert tls_server.metadata[0]["onduty-actor"] == "lea"
    assert tls_server.metadata[0]["user-agent"].startswith("onduty-client-python/")


async def test_server_without_known_root_is_not_trusted(kind: Kind, tls_server: SecureServer):
    """The system's roots do not know it."""
    with pytest.raises(onduty_client.UnavailableError):
        await ask(kind, tls_server.address, tls=TlsOptions())
    assert tls_server.metadata == []


@pytest.mark.parametrize(("name", "trusted"), [("onduty.test", True), ("other.test", False)])
async def test_name_of_the_server_is_checked(kind: Kind, certificates: Certificates, tls_server: SecureServer, name, trusted):
    """By the name given instead of the host."""
    tls = TlsOptions(ca_file=certificates.ca_file, server_name=name)
    if trusted:
        await ask(kind, tls_server.address, tls=tls)
    else:
        with pytest.raises(onduty_client.UnavailableError):
            await ask(kind, tls_server.address, tls=tls)


async def test_client_shows_its_certificate(kind: Kind, certificates: Certificates):
    """Mutual TLS; without a certificate the server does not talk."""
    chain, key = certificates.client
    with secure_server(certificates, mutual=True) as said:
        await ask(kind, said.address, tls=TlsOptions(ca_file=certificates.ca_file, cert_file=chain, key_file=key))
        assert said.peers == ["router-7"]
        with pytest.raises(onduty_client.UnavailableError):
            await ask(kind, said.address, tls=TlsOptions(ca_file=certificates.ca_file))


async def test_wrong_files_are_refused_when_the_connection_is_made(kind: Kind, certificates: Certificates, tmp_path: Path):
    """Absent, not PEM, alone, or of another key: each names the field."""
    chain, key = certificates.client
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense\n")
    for field, files in {
        "ca_file": {"ca_file": tmp_path / "absent.pem"},
        "tls.ca_file": {"ca_file": nonsense},
        "cert_file and key_file": {"cert_file": chain},
        "key_file": {"cert_file": chain, "key_file": certificates.server[1]},
        "tls.key_file": {"cert_file": chain, "key_file": nonsense},
        "cert_file": {"cert_file": tmp_path / "absent.pem", "key_file": key},
    }.items():
        with pytest.raises(ValueError, match=field):
            kind.connection(ConnectionOptions("127.0.0.1:1", tls=TlsOptions(**files)))


@pytest.mark.parametrize(("code", "attempts"), [("UNAVAILABLE", 4), ("ABORTED", 1), ("RESOURCE_EXHAUSTED", 1)])
async def test_only_unavailable_is_tried_again(kind: Kind, code: str, attempts: int):
    """Four times in all; what is refused for another reason is not."""
    with secure_server(None) as said:
        said.refusal = grpc.StatusCode[code]
        with pytest.raises(onduty_client.OndutyError) as refused:
            await ask(kind, said.address)
        assert (refused.value.code, len(said.metadata)) == (code, attempts)


async def test_deadline_goes_with_the_call(kind: Kind):
    """The connection's, or the call's own: the server sees about how long it has."""
    with secure_server(None) as said:
        connection = kind.connection(ConnectionOptions(said.address, call_timeout=1_000))
        method, request = connection.services.workspace.GetStaff, GetStaffRequest(staff_id="ana")
        await kind.do(connection.call, method, request)
        await kind.do(connection.call, method, request, timeout=200)
        await kind.do(connection.close)
    of_connection, of_call = said.seconds_left
    assert 800 < of_connection < 1_100
    assert 100 < of_call < 300


async def test_token_function_is_asked_for_every_call(kind: Kind):
    """So a token that ends is replaced without a new connection; over loopback it may be plain text."""
    numbers = itertools.count(1)
    with secure_server(None) as said:
        options = ConnectionOptions(said.address, call_timeout=LONG, token=lambda: f"t{next(numbers)}")
        connection = kind.connection(options)
        for _ in range(3):
            await kind.do(connection.call, connection.services.workspace.GetStaff, GetStaffRequest(staff_id="ana"))
        await kind.do(connection.close)
    assert [one["authorization"] for one in said.metadata] == ["Bearer t1", "Bearer t2", "Bearer t3"]


async def test_token_function_may_be_awaited():
    """On asyncio; the blocking kind does not wait for it."""

    async def token() -> str:
        return "later"

    with secure_server(None) as said:
        await ask(KINDS[0], said.address, token=token)
    assert said.metadata[0]["authorization"] == "Bearer later"


@pytest.mark.parametrize("token", [lambda: 1 / 0, lambda: "", lambda: "two\nlines", lambda: None])
async def test_token_function_that_gives_none_is_an_access_error(kind: Kind, token):
    """The call is not made."""
    with secure_server(None) as said:
        with pytest.raises(onduty_client.AccessError) as access:
            await ask(kind, said.address, token=token)
        assert (access.value.code, said.metadata) == ("UNAUTHENTICATED", [])


async def test_fixed_token_that_is_refused_fails_the_floor(kind: Kind):
    """It will not become better."""
    with secure_server(None) as said:
        said.token = "right"
        connection = kind.connection(ConnectionOptions(said.address, token="wrong", **QUICK))
        floor = await kind.do(kind.router(connection).floor)
        with pytest.raises(onduty_client.AccessError):
            await kind.do(floor.wait_current, LONG)
        assert (floor.state, len(said.metadata)) == (FloorState.FAILED, 1)
        await kind.do(connection.close)


async def test_token_function_is_asked_again_by_the_floor(kind: Kind):
    """Until it gives one that is taken: here the third."""
    tokens = itertools.chain(["old", "older"], itertools.repeat("right"))
    with secure_server(None) as said:
        said.token = "right"
        connection = kind.connection(ConnectionOptions(said.address, token=lambda: next(tokens), **QUICK))
        floor = await kind.do(kind.router(connection).floor)
        await asyncio.to_thread(wait_until, lambda: floor.last_frame_age is not None)
        with pytest.raises(onduty_client.TimedOutError):
            await kind.do(floor.wait_current, 0.1)
        assert [one["authorization"] for one in said.metadata][:3] == ["Bearer old", "Bearer older", "Bearer right"]
        await kind.do(connection.close)
