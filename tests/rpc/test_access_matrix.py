"""Every RPC by every kind of credential, role, tenant, person and group, and by every way in which a credential is no good.

The rows are the contract's descriptors, so an RPC that is added is in it by itself. What is expected is said here anew, by the
roles that the contract names, and not by the rules that the gate goes by.
"""

import base64
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest
from certificates import NAMES, Authority, connected
from credentials import ABOUT_ONE, KeyFile, answer, read_again, request_of, with_credential
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fake_clock import FakeClock
from google.protobuf import descriptor_pool
from issuer import AUDIENCE, ISSUER, Issuer
from rpc_world import METHODS, Client, World, message_type, serving

from onduty.v1 import access_pb2, staff_pb2
from onduty_server.domain.model.status import SECOND

ROLES = ("workspace", "router", "supervisor", "admin")
KINDS = ("key", "token", "certificate")
STAFF = {"ana": "sales", "ben": "sales", "cat": "support"}
"""Who is in the tenant north, in which group. A workspace is for ana; who is restricted is restricted to sales."""
NOBODY = "caz"
DENIED = (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED)


def roles_of(method: str) -> set[str]:
    """The roles that the contract names, in small letters."""
    named = METHODS[method].GetOptions().Extensions[access_pb2.roles]
    return {staff_pb2.ActorRole.Name(role).removeprefix("ACTOR_ROLE_").lower() for role in named}


def is_personal(method: str) -> bool:
    """Whether its requests are about one person."""
    return "staff_id" in METHODS[method].input_type.fields_by_name


@dataclass
class House:
    """A server that takes all kinds of credentials, those who have them, and those whose credentials are no good."""

    world: World
    keys: KeyFile
    issuer: Issuer
    authority: Authority
    names: dict[str, dict[str, Any]]
    directory: Path
    channels: contextlib.AsyncExitStack
    open_channels: dict[str, grpc.aio.Channel] = field(default_factory=dict)

    async def channel(self, name: str) -> grpc.aio.Channel:
        """A connection that shows a certificate of this name."""
        if name not in self.open_channels:
            pair = self.authority.pair(name)
            connecting = connected(self.world, roots=self.authority.pem, pair=pair)
            self.open_channels[name] = await self.channels.enter_async_context(connecting)
        return self.open_channels[name]

    async def somebody(self, kind: str, role: str, tenant: str = "", *, restricted: bool = False) -> Client:
        """Who has a good credential of the kind with the role."""
        name = f"{role}-restricted" if restricted else role
        if kind == "certificate":
            return Client(await self.channel(name), tenant)
        channel = await self.channel("gateway")
        if kind == "key":
            return with_credential(channel, self.keys.keys[name], tenant)
        groups = "sales" if restricted else "*"
        token = self.issuer.token(onduty_roles=[role], onduty_staff_id="ana", sub=name, groups=groups)
        return with_credential(channel, token, tenant)

    def write_names(self) -> None:
        """What the file of certificates' names should say."""
        text = "".join(f"{json.dumps(line)}\n" for line in self.names.values())
        (self.directory / "names.jsonl").write_text(text, encoding="utf-8")


def grant_fields(role: str, *, restricted: bool) -> dict[str, Any]:
    """What a line says of a credential beside its id, roles and tenants."""
    own: dict[str, Any] = {"staff_ids": ["ana"]} if role == "workspace" else {}
    return {**own, **({"skill_groups": ["sales"]} if restricted else {})}


def named_roles() -> list[tuple[str, str, bool]]:
    """Names of credentials, with their role and whether they are restricted; none that is restricted administrates."""
    free = [(role, role, False) for role in ROLES]
    return free + [(f"{role}-restricted", role, True) for role in ROLES if role != "admin"]


@pytest.fixture
async def house(journal_path: Path, clock: FakeClock, tmp_path: Path) -> AsyncIterator[House]:
    """The server and everybody."""
    authority, issuer = Authority(tmp_path), Issuer(clock.now() // SECOND)
    cert, key = authority.write("server", authority.pair(*NAMES))
    keys = KeyFile(tmp_path / "keys.jsonl")
    names: dict[str, dict[str, Any]] = {}
    for name, role, restricted in named_roles():
        fields = grant_fields(role, restricted=restricted)
        keys.add(name, role, **fields)
        names[name] = {"id": name, "san": name, "roles": [role], "tenants": ["north"], **fields}
    keys.add("provisioning", "admin", tenants=("north", "south"))
    (tmp_path / "issuer.json").write_bytes(issuer.key_set)
    (tmp_path / "claims.toml").write_text('skill_groups = "groups"\n', encoding="utf-8")
    settings = {
        "tls_cert": str(cert),
        "tls_key": str(key),
        "tls_client_ca": str(authority.ca_file),
        "tls_client_auth": "required",
        "client_certificates": str(tmp_path / "names.jsonl"),
        "keys": str(keys.path),
        "jwt_issuer": ISSUER,
        "jwt_audience": AUDIENCE,
        "jwt_keys": str(tmp_path / "issuer.json"),
        "jwt_claims": str(tmp_path / "claims.toml"),
    }
    House.write_names(made := House(None, keys, issuer, authority, names, tmp_path, contextlib.AsyncExitStack()))  # type: ignore[arg-type]
    async with serving(journal_path, clock=clock, **settings) as world, made.channels:
        made.world = world
        for tenant, staff in (("north", STAFF), ("south", {"eve": "sales"})):
            provisioning = with_credential(await made.channel("gateway"), keys.keys["provisioning"], tenant)
            for staff_id, group in staff.items():
                await provisioning.create(staff_id, group)
        yield made


def test_the_matrix_has_every_method_of_the_contract():
    """Each service of the package that is generated is in it, with all of its methods."""
    pool = descriptor_pool.Default()
    files = {method.containing_service.file.name.rpartition("/")[0] for method in METHODS.values()}
    assert files == {"onduty/v1"}
    directory = Path(access_pb2.__file__).parent
    generated = {path.name.removesuffix("_pb2.py") for path in directory.glob("*_pb2.py")}
    services = [
        service for name in generated for service in pool.FindFileByName(f"onduty/v1/{name}.proto").services_by_name.values()
    ]
    assert {f"/{service.full_name}/{method.name}" for service in services for method in service.methods} == set(METHODS)


# --- good credentials -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
async def test_every_method_by_role_and_tenant(house: House, kind: str):
    """In the own tenant the contract's roles are let in, about the own person; in a foreign and in an unknown one nobody is."""
    for role in ROLES:
        own = await house.somebody(kind, role)
        foreign, unknown = [await house.somebody(kind, role, tenant) for tenant in ("south", "souts")]
        for method in METHODS:
            refused = await answer(own, request_of(method))
            if role in roles_of(method):
                assert refused is None, (method, role)
            else:
                assert refused is not None, (method, role)
                assert refused.metadata == {"method": method, "problem": "ROLE"}
            answers = [await answer(client, request_of(method)) for client in (foreign, unknown)]
            for one in answers:
                assert one is not None, (method, role)
                assert one.metadata == {"method": method, "problem": "TENANT"}
            assert answers[0].message.replace("south", "souts") == answers[1].message  # type: ignore[union-attr]


async def found(client: Client, method: str, staff_id: str) -> str:
    """What a good request about somebody comes to: "reached", or the reason and code by which it was kept from them."""
    kind: Any = message_type(METHODS[method].input_type.name)
    call = client.call(kind(staff_id=staff_id, **ABOUT_ONE.get(method.rpartition("/")[2], {})), timeout=30)
    with contextlib.suppress(grpc.aio.AioRpcError):
        await (call.read() if METHODS[method].server_streaming else call)
    kept = call.done() and await call.code() in (*DENIED, grpc.StatusCode.NOT_FOUND)
    text = f"{await call.code()} {(await call.details()).replace(staff_id, '')}" if kept else "reached"
    call.cancel()
    return text


@pytest.mark.parametrize("kind", KINDS)
async def test_every_method_about_one_person_by_role_and_group(house: House, kind: str):
    """A workspace has its own person. Others have everybody; restricted ones their group, and the rest is as nobody at all."""
    for _, role, restricted in named_roles():
        client = await house.somebody(kind, role, restricted=restricted)
        for method in METHODS:
            if not is_personal(method) or role not in roles_of(method) or role == "admin":
                continue
            nobody = await found(client, method, NOBODY)
            assert nobody != "reached"
            for staff_id, group in STAFF.items():
                reaches = staff_id == "ana" if role == "workspace" else group == "sales" or not restricted
                expected = "reached" if reaches else nobody
                assert await found(client, method, staff_id) == expected, (method, role, restricted, staff_id)


HELD_ELSEWHERE = {
    "GetServerInfo": "about nobody",
    "WhoAmI": "about nobody but the caller",
    "GetPolicy": "everybody's",
    "ListBreakReasons": "everybody's",
    "ListStaff": "test_a_list_has_the_own_groups_only",
    "WatchStaff": "test_a_watch_follows_who_comes_and_goes",
    "ClaimStaff": "test_a_claim_by_group_chooses_among_the_own_groups",
    "WithdrawClaim": "test_claims_of_others_are_unknown",
    "GetClaim": "test_claims_of_others_are_unknown",
    "ReportCallEvents": "test_batches_pass_over_others_item_by_item",
    "ReconcileCalls": "test_reconciling_leaves_others_calls_alone",
    "BatchForceStatus": "test_batches_pass_over_others_item_by_item",
    "GetStaffSummary": "test_a_summary_counts_the_own_groups_only",
    "ListTransitions": "test_history_is_that_of_the_own_groups",
    "ExportTransitions": "test_history_is_that_of_the_own_groups",
    "SummarizeTime": "test_time_is_summed_within_the_own_groups",
    "ListConfigurationChanges": "test_changes_of_configuration_are_those_of_the_own_groups",
}
"""What holds a restricted credential to its groups in requests that are not about one person: a test, or why nothing does."""


def test_every_method_that_is_open_to_restricted_credentials_is_held_to_groups_somewhere():
    """An RPC that is added is in the matrix by its ``staff_id``, or has to say here how it is held."""
    open_to_restricted = {name for name in METHODS if roles_of(name) - {"admin"} and not is_personal(name)}
    assert {name.rpartition("/")[2] for name in open_to_restricted} == set(HELD_ELSEWHERE)
    tests = (Path(__file__).parent / "test_skill_group_access.py").read_text(encoding="utf-8")
    for name, test in HELD_ELSEWHERE.items():
        assert not test.startswith("test_") or f"async def {test}(" in tests, name


# --- bad credentials --------------------------------------------------------------------------------------------------


def tokens_that_are_no_good(issuer: Issuer) -> dict[str, tuple[str, str]]:
    """Tokens that would reach everything if they were good, and what is wrong with each."""
    everything = {"onduty_roles": list(ROLES), "onduty_staff_id": "ana", "groups": "*"}
    head, body, signature = issuer.token(**everything).split(".")
    public = issuer.keys["first"][1].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    none, confused = (
        base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "first"}).encode()).rstrip(b"=").decode()
        for alg in ("none", "HS256")
    )
    hmac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    mac = jwt.utils.base64url_encode(hmac.sign(f"{confused}.{body}".encode(), public)).decode()
    return {
        "expired": (issuer.token(**everything, exp=issuer.now - 60), "EXPIRED"),
        "not yet": (issuer.token(**everything, nbf=issuer.now + 60), "NOT_YET_VALID"),
        "wrong audience": (issuer.token(**everything, aud="elsewhere"), "WRONG_AUDIENCE"),
        "wrong issuer": (issuer.token(**everything, iss="issuer-8"), "WRONG_ISSUER"),
        "alg none": (f"{none}.{body}.", "WRONG_ALGORITHM"),
        "key confusion": (f"{confused}.{body}.{mac}", "WRONG_ALGORITHM"),
        "forged": (f"{head}.{body}.{signature[:-4]}AAAA", "UNKNOWN"),
        "a stranger's": (Issuer(issuer.now).token(**everything), "UNKNOWN"),
        "a key that was taken back": (issuer.token(**everything, headers={"kid": "gone"}), "UNKNOWN"),
        "without groups": (issuer.token(onduty_roles=["admin"]), "UNMAPPED"),
    }


def keys_that_are_no_good(keys: KeyFile) -> dict[str, tuple[str, str]]:
    """Keys that would reach everything, and what is wrong with each."""
    good = keys.keys["admin"]
    everything = {"all_staff": True}
    return {
        "expired": (keys.add("expired", *ROLES, **everything, expires_at="2000-01-01T00:00:00Z"), "EXPIRED"),
        "revoked": (keys.add("revoked", *ROLES, **everything, revoked_at="2000-01-01T00:00:00Z"), "REVOKED"),
        "forged": (good[:-1] + ("0" if good[-1] != "0" else "1"), "UNKNOWN"),
        "in capitals": (good.upper(), "UNKNOWN"),
        "half": (good[: len(good) // 2], "UNKNOWN"),
        "its hash": (keys.lines["admin"]["sha256"], "UNKNOWN"),
        "none": ("", "UNMAPPED"),
    }


async def test_every_method_by_credentials_that_are_no_good(house: House):
    """Keys and tokens: each is refused by every method for what is wrong with it, and no word of it is in the answer."""
    bad = {
        **tokens_that_are_no_good(house.issuer),
        **{f"key {name}": one for name, one in keys_that_are_no_good(house.keys).items()},
    }
    await read_again(house.world)
    channel = await house.channel("gateway")
    for name, (credential, problem) in bad.items():
        client = with_credential(channel, credential)
        for method in METHODS:
            refused = await answer(client, request_of(method))
            assert refused is not None, (method, name)
            assert (refused.code, refused.metadata) == (grpc.StatusCode.UNAUTHENTICATED, {"problem": problem}), (method, name)
            assert not credential or credential not in refused.message


@pytest.mark.parametrize(
    ("name", "fields", "problem"),
    [
        ("ended", {"expires_at": "2000-01-01T00:00:00Z"}, "EXPIRED"),
        ("revoked", {"revoked_at": "2000-01-01T00:00:00Z"}, "REVOKED"),
        ("stranger", None, "UNMAPPED"),
    ],
)
async def test_every_method_by_certificates_that_are_no_good(
    house: House, name: str, fields: dict[str, Any] | None, problem: str
):
    """The authority has signed them, and the file says no."""
    if fields is not None:
        house.names[name] = {"id": name, "san": name, "roles": ["admin"], "tenants": ["north"], **fields}
        house.write_names()
        await read_again(house.world)
    client = Client(await house.channel(name))
    for method in METHODS:
        refused = await answer(client, request_of(method))
        assert refused is not None, method
        assert refused.metadata == {"problem": problem}, method


@pytest.mark.parametrize("shown", ["none", "a stranger's", "expired"])
async def test_no_method_is_reached_over_a_connection_that_is_no_good(house: House, shown: str, tmp_path: Path):
    """No certificate, one of another authority, one that has ended: the handshake fails, whatever key is sent."""
    stranger = Authority(tmp_path, "stranger")
    pair = {
        "none": None,
        "a stranger's": stranger.pair("admin"),
        "expired": house.authority.pair("admin", ends_at=datetime(2020, 1, 1, tzinfo=UTC)),
    }[shown]
    async with connected(house.world, roots=house.authority.pem, pair=pair) as channel:
        client = with_credential(channel, house.keys.keys["admin"])
        for method in METHODS:
            call = client.call(request_of(method), timeout=10)
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await (call.read() if METHODS[method].server_streaming else call)
            assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


# --- streams ----------------------------------------------------------------------------------------------------------

STREAMS = sorted(name for name, method in METHODS.items() if method.server_streaming)
ENDS_BY_ITSELF = {"/onduty.v1.HistoryService/ExportTransitions"}


@pytest.mark.parametrize("method", [name for name in STREAMS if name not in ENDS_BY_ITSELF])
@pytest.mark.parametrize(
    ("kind", "end"),
    [("key", "revoked"), ("key", "expired"), ("token", "expired"), ("certificate", "revoked"), ("certificate", "expired")],
)
async def test_every_stream_ends_with_its_credential(house: House, method: str, kind: str, end: str, clock: FakeClock):
    """Whatever streams: when the credential is revoked, or its end has come, it is told so."""
    role = next(role for role in ROLES if role in roles_of(method))
    ends_at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=clock.now() + 100 * SECOND)
    if end == "expired":
        house.keys.change(role, expires_at=ends_at.isoformat())
        house.names[role]["expires_at"] = ends_at.isoformat()
        house.write_names()
        await read_again(house.world)
    client = await house.somebody(kind, role)
    if kind == "token":
        token = house.issuer.token(onduty_roles=[role], onduty_staff_id="ana", groups="*", exp=house.issuer.now + 70)
        client = with_credential(await house.channel("gateway"), token)
    async with client.open(request_of(method)) as stream:
        await stream.frame()
        if end == "expired":
            clock.move(101)
            house.keys.add("another", "router")  # whatever is read again has all leases looked at.
        else:
            house.keys.change(role, revoked_at="2000-01-01T00:00:00Z")
            house.names[role]["revoked_at"] = "2000-01-01T00:00:00Z"
            house.write_names()
        await read_again(house.world)
        refused = await stream.refusal()
    assert (refused.code, refused.metadata) == (grpc.StatusCode.UNAUTHENTICATED, {"problem": end.upper()})
