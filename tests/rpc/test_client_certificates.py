"""Who is let in by the certificate of the connection: a name in it, and what the file says of the name."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from certificates import NAMES, Authority, connected
from credentials import KeyFile, answer, read_again, request_of, with_credential
from rpc_world import METHODS, Client, World, serving

from onduty.v1 import server_service_pb2 as server
from onduty_server.auth.certificates import parse
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.model.status import ActorRole
from onduty_server.rpc.method_policy import METHOD_POLICY

WHO_AM_I = server.WhoAmIRequest()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Who signs the server's certificate and the clients'."""
    return Authority(tmp_path)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """A router and ana's desktop."""
    path = tmp_path / "names.jsonl"
    write(
        path,
        {"id": "router", "san": "router-7.onduty.test", "roles": ["router"], "tenants": ["north"]},
        {"id": "desk", "san": "desk-ana", "roles": ["workspace"], "tenants": ["north"], "staff_ids": ["ana"]},
    )
    return path


def write(path: Path, *lines: dict[str, Any]) -> None:
    """What the file should say."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


@pytest.fixture
async def guarded(journal_path: Path, authority: Authority, names: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A server that asks for certificates, and takes keys as well."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    keys = KeyFile(tmp_path / "keys.jsonl")
    keys.add("admin", "admin")
    settings = {
        "tls_cert": str(cert),
        "tls_key": str(key),
        "tls_client_ca": str(authority.ca_file),
        "tls_client_auth": "required",
        "client_certificates": str(names),
        "keys": str(keys.path),
    }
    async with serving(journal_path, **settings) as world:
        world.keys = keys  # type: ignore[attr-defined]
        yield world


@pytest.mark.parametrize(("name", "role"), [("router-7.onduty.test", "router"), ("desk-ana", "workspace")])
async def test_a_name_of_the_file_reaches_what_the_file_says(guarded: World, authority: Authority, name: str, role: str):
    """Every method by the role, in the file's tenant and no other."""
    async with connected(guarded, roots=authority.pem, pair=authority.pair(name)) as channel:
        told = await Client(channel).ask(WHO_AM_I)
        assert told.credential_kind == server.CREDENTIAL_KIND_CERTIFICATE
        assert (told.tenant, list(told.roles)) == ("north", [ActorRole[role.upper()]])
        for method, policy in METHOD_POLICY.items():
            refused = await answer(Client(channel), request_of(method))
            assert (refused is None) == (ActorRole[role.upper()] in policy.roles), method
        assert (await Client(channel, "south").refused(WHO_AM_I)).metadata["problem"] == "TENANT"


@pytest.mark.parametrize("shown", [("stranger.onduty.test",), ("router-7.onduty.test", "desk-ana")])
async def test_a_certificate_of_nobody_or_of_two_lets_nobody_in(guarded: World, authority: Authority, shown: tuple[str, ...]):
    """The authority has signed it, and the file gives it nothing; no method is reached."""
    async with connected(guarded, roots=authority.pem, pair=authority.pair(*shown)) as channel:
        for method in METHODS:
            refused = await answer(Client(channel), request_of(method))
            assert refused is not None, method
            assert (refused.reason, refused.metadata) == ("UNAUTHENTICATED", {"problem": "UNMAPPED"})


async def test_a_key_comes_before_the_certificate(guarded: World, authority: Authority):
    """A gateway has a certificate for its connection, and shows the credential of whom it calls for."""
    async with connected(guarded, roots=authority.pem, pair=authority.pair("desk-ana")) as channel:
        told = await with_credential(channel, guarded.keys.keys["admin"]).ask(WHO_AM_I)  # type: ignore[attr-defined]
        assert told.credential_kind == server.CREDENTIAL_KIND_KEY
        refused = await with_credential(channel, "onduty_key_wrong").refused(WHO_AM_I)
        assert refused.metadata == {"problem": "UNKNOWN"}


async def test_names_change_while_streams_are_open(guarded: World, authority: Authority, names: Path):
    """A name that is taken out ends the streams of its holder; a bad file changes nothing."""
    async with connected(guarded, roots=authority.pem, pair=authority.pair("router-7.onduty.test")) as channel:
        async with Client(channel).watch() as watch:
            await watch.began()
            names.write_text("nonsense\n", encoding="utf-8")
            await read_again(guarded)
            assert (await Client(channel).ask(WHO_AM_I)).tenant == "north"
            write(names, {"id": "other", "san": "other", "roles": ["router"], "tenants": ["north"]})
            await read_again(guarded)
            assert (await watch.refusal()).metadata == {"problem": "REVOKED"}
        assert (await Client(channel).refused(WHO_AM_I)).metadata == {"problem": "UNMAPPED"}


@pytest.mark.parametrize("line", ['{"id": "a", "roles": ["router"], "tenants": ["n"]}', '{"id": "a", "san": "ü"}', "[]"])
def test_a_line_that_names_no_certificate_is_refused(line: str):
    """With its number."""
    with pytest.raises(FileRefusedError, match="names, line 1: "):
        parse(line.encode())
