"""Who is let in with a JSON Web Token: what is wrong with those that are not, and keys that change."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest
from credentials import read_again, with_credential
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fake_clock import FakeClock
from google.rpc import error_details_pb2
from issuer import AUDIENCE, ISSUER, Issuer, key_server
from rpc_world import METHODS, World, message_type, refusal_of, serving
from structlog.testing import capture_logs

from onduty.v1 import server_service_pb2 as server
from onduty.v1 import staff_pb2
from onduty_server.auth import claims as claim_map
from onduty_server.auth import issuer_keys
from onduty_server.auth.issuer_keys import fetch
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.model.status import SECOND, ActorRole, Instant
from onduty_server.rpc.method_policy import METHOD_POLICY

WHO_AM_I = server.WhoAmIRequest()
ROLES = ("workspace", "router", "supervisor", "admin")


@pytest.fixture
def issuer(clock: FakeClock) -> Issuer:
    """Whose time is the server's."""
    return Issuer(clock.now() // SECOND)


@pytest.fixture
def settings(issuer: Issuer, tmp_path: Path) -> dict[str, Any]:
    """What a server is told that takes the issuer's tokens, by keys in a file."""
    keys = tmp_path / "keys.json"
    keys.write_bytes(issuer.key_set)
    return {"jwt_issuer": ISSUER, "jwt_audience": AUDIENCE, "jwt_keys": str(keys)}


@pytest.fixture
async def guarded(journal_path: Path, settings: dict[str, Any], clock: FakeClock) -> AsyncIterator[World]:
    """A server that takes tokens."""
    async with serving(journal_path, clock=clock, **settings) as world:
        yield world


async def problem(world: World, token: str, method: str = "/onduty.v1.ServerService/WhoAmI", tenant: str = "") -> str:
    """What is wrong with it; empty where the method's behaviour is reached."""
    request: Any = message_type(METHODS[method].input_type.name)()
    if "staff_id" in request.DESCRIPTOR.fields_by_name:
        request.staff_id = "ana"
    call = with_credential(world.channel, token, tenant).call(request, timeout=30)
    code = grpc.StatusCode.OK
    try:
        await (call.read() if hasattr(call, "read") else call)
    except grpc.aio.AioRpcError as error:
        code = error.code()
    if code not in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        call.cancel()
        return ""
    return (await refusal_of(call)).metadata["problem"]


def unsigned(issuer: Issuer, algorithm: Any = "none", signature: str = "", **header: Any) -> str:
    """A token whose header says what a test wants, with any signature."""
    parts = ({"alg": algorithm, "typ": "JWT", **header}, issuer.claims())
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return f"{head}.{body}.{signature}"


# --- good ones --------------------------------------------------------------------------------------------------------


async def test_a_good_token_says_who_calls(guarded: World, issuer: Issuer):
    """Tenant, actor, role and end; of the end the leeway is a part."""
    told = await with_credential(guarded.channel, issuer.token()).ask(WHO_AM_I)
    assert (told.tenant, told.actor_id, told.credential_id) == ("north", "lea", "lea")
    assert told.credential_kind == server.CREDENTIAL_KIND_TOKEN
    assert list(told.roles) == [staff_pb2.ACTOR_ROLE_ROUTER]
    assert told.expires_at.seconds == issuer.now + 3600 + 30
    assert await problem(guarded, issuer.token(aud=["elsewhere", AUDIENCE])) == ""


@pytest.mark.parametrize("role", ROLES)
async def test_every_method_lets_in_the_roles_of_the_contract_and_no_other(guarded: World, issuer: Issuer, role: str):
    """A token's role is held to the same table as a key's."""
    token = issuer.token(onduty_roles=[role], onduty_staff_id="ana")
    for method, policy in METHOD_POLICY.items():
        expected = "" if ActorRole[role.upper()] in policy.roles else "ROLE"
        assert await problem(guarded, token, method) == expected, method


async def test_every_method_denies_what_claims_do_not_give(guarded: World, issuer: Issuer):
    """An ended token, another audience's, another issuer's; and another tenant, alike whether or not it exists."""
    admin = {"onduty_roles": list(ROLES), "onduty_staff_id": "ana"}
    bad = {
        "EXPIRED": issuer.token(**admin, exp=issuer.now - 60),
        "WRONG_AUDIENCE": issuer.token(**admin, aud="elsewhere"),
        "WRONG_ISSUER": issuer.token(**admin, iss="issuer-8"),
    }
    good = issuer.token(**admin)
    for method in METHODS:
        for expected, token in bad.items():
            assert await problem(guarded, token, method) == expected, method
        for tenant in ("south", "souts"):
            assert await problem(guarded, good, method, tenant) == "TENANT", method


async def test_a_workspaces_token_is_for_its_staff_member(guarded: World, issuer: Issuer):
    """The claim names whom; without it the role is worth nothing."""
    desk = with_credential(guarded.channel, issuer.token(onduty_roles="workspace", onduty_staff_id="ben"))
    assert list((await desk.ask(WHO_AM_I)).staff_ids) == ["ben"]
    method = "/onduty.v1.WorkspaceService/ChangeStatus"
    assert await problem(guarded, issuer.token(onduty_roles=["workspace"], onduty_staff_id="ben"), method) == "STAFF"
    assert await problem(guarded, issuer.token(onduty_roles=["workspace"])) == "UNMAPPED"


# --- bad ones ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"iss": "issuer-8"}, "WRONG_ISSUER"),
        ({"iss": None}, "WRONG_ISSUER"),
        ({"aud": "elsewhere"}, "WRONG_AUDIENCE"),
        ({"aud": ["elsewhere"]}, "WRONG_AUDIENCE"),
        ({"aud": None}, "WRONG_AUDIENCE"),
        ({"exp": -31}, "EXPIRED"),
        ({"exp": None}, "UNKNOWN"),
        ({"exp": "never"}, "UNKNOWN"),
        ({"exp": True}, "UNKNOWN"),
        ({"nbf": 31}, "NOT_YET_VALID"),
        ({"sub": None}, "UNMAPPED"),
        ({"onduty_tenants": []}, "UNMAPPED"),
        ({"onduty_roles": ["boss", 7]}, "UNMAPPED"),
        ({"onduty_roles": {"router": True}}, "UNMAPPED"),
        ({"onduty_roles": ["system"]}, "UNMAPPED"),
        ({"exp": -29}, ""),
        ({"nbf": 29}, ""),
        ({"exp": 10**300}, ""),
    ],
)
async def test_claims_are_held_to_the_configuration(guarded: World, issuer: Issuer, changed: dict[str, Any], expected: str):
    """By the server's clock, with its leeway; numbers near zero are seconds from now."""
    moved = {
        name: issuer.now + value if name in {"exp", "nbf"} and type(value) is int and abs(value) < 10**9 else value
        for name, value in changed.items()
    }
    assert await problem(guarded, issuer.token(**moved)) == expected


async def test_no_method_takes_a_token_that_the_issuer_did_not_sign(guarded: World, issuer: Issuer):
    """Unsigned, signed by another, changed, of another algorithm, and of the public key as a secret."""
    stranger = Issuer(issuer.now)
    head, body, signature = issuer.token().split(".")
    claims = base64.urlsafe_b64encode(json.dumps(issuer.claims(onduty_roles=["admin"])).encode()).rstrip(b"=").decode()
    public = issuer.keys["first"][1].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    confused = jwt.utils.base64url_encode(
        jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(f"{head}.{body}".encode(), public)
    ).decode()
    bad = {
        "alg none": (unsigned(issuer), "WRONG_ALGORITHM"),
        "alg None": (unsigned(issuer, "NONE"), "WRONG_ALGORITHM"),
        "alg empty": (unsigned(issuer, ""), "WRONG_ALGORITHM"),
        "alg a list": (unsigned(issuer, ["ES256"]), "WRONG_ALGORITHM"),
        "HS256 by the public key": (unsigned(issuer, "HS256", confused, kid="first"), "WRONG_ALGORITHM"),
        "HMAC in a header of ES256": (f"{head}.{body}.{confused}", "UNKNOWN"),
        "another algorithm of the configuration": (unsigned(issuer, "RS256", signature, kid="first"), "UNKNOWN"),
        "no signature": (f"{head}.{body}.", "UNKNOWN"),
        "a stranger's": (stranger.token(), "UNKNOWN"),
        "other claims": (f"{head}.{claims}.{signature}", "UNKNOWN"),
        "a key that nobody has": (issuer.token(headers={"kid": "second"}), "UNKNOWN"),
        "a key id that is no text": (unsigned(issuer, "ES256", signature, kid=7), "UNKNOWN"),
        "a critical header": (issuer.token(headers={"crit": ["b64"], "b64": True}), "UNKNOWN"),
        "a key of its own": (issuer.token(headers={"kid": "x", "jwk": stranger.public("first")}), "UNKNOWN"),
        "no form": ("abc", "UNKNOWN"),
        "three empty parts": ("..", "UNKNOWN"),
        "deep": (f"{base64.urlsafe_b64encode(b'[' * 3000).decode()}.e30.", "UNKNOWN"),
        "an API key": ("onduty_key_" + "0" * 64, "UNKNOWN"),
    }
    for name, (token, expected) in bad.items():
        assert await problem(guarded, token) == expected, name
    for method in METHODS:
        for name in ("alg none", "HS256 by the public key", "a stranger's"):
            assert await problem(guarded, bad[name][0], method) in {"WRONG_ALGORITHM", "UNKNOWN"}, (method, name)


async def test_a_weak_key_and_a_secret_in_the_set_are_not_taken(
    journal_path: Path, issuer: Issuer, settings: dict[str, Any], clock: FakeClock
):
    """A short RSA key, a symmetric one, one for encryption, and one of another algorithm than it says: none checks a token."""
    issuer.keys["short"] = ("RS256", rsa.generate_private_key(65537, 1024))
    secret = {"kty": "oct", "kid": "secret", "k": base64.urlsafe_b64encode(b"s" * 32).decode(), "alg": "HS256"}
    issuer.add("enc")
    listed = [issuer.public("first"), issuer.public("short"), secret, {**issuer.public("enc"), "use": "enc"}, 7, {}]
    Path(settings["jwt_keys"]).write_text(json.dumps({"keys": listed}), encoding="utf-8")
    async with serving(journal_path, clock=clock, **settings) as world:
        assert await problem(world, issuer.token()) == ""
        assert await problem(world, issuer.token("enc")) == "UNKNOWN"
        with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
            short = issuer.token("short")
        assert await problem(world, short) == "UNKNOWN"
        signed = jwt.encode(issuer.claims(), b"s" * 32, "HS256", headers={"kid": "secret"})
        assert await problem(world, signed) == "WRONG_ALGORITHM"


# --- time -------------------------------------------------------------------------------------------------------------


async def test_a_token_is_taken_until_its_end_and_its_streams_last_as_long(guarded: World, issuer: Issuer, clock: FakeClock):
    """Also one that was taken before."""
    token = issuer.token(exp=issuer.now - 29)
    async with with_credential(guarded.channel, token).watch() as watch:
        await watch.began()
        clock.move(5)
        assert (await watch.refusal()).metadata == {"problem": "EXPIRED"}
    assert await problem(guarded, token) == "EXPIRED"


# --- keys that change -------------------------------------------------------------------------------------------------


async def test_keys_of_a_file_rotate(guarded: World, issuer: Issuer, settings: dict[str, Any]):
    """New ones are taken beside the old; what the old signed is void once they are gone; a bad file changes nothing."""
    old = issuer.token()
    assert await problem(guarded, old) == ""
    issuer.add("second", "RS256")
    path = Path(settings["jwt_keys"])
    path.write_bytes(issuer.key_set)
    await read_again(guarded)
    assert await problem(guarded, issuer.token("second")) == ""
    assert await problem(guarded, old) == ""
    path.write_text('{"keys": []}', encoding="utf-8")
    await read_again(guarded)
    assert await problem(guarded, old) == ""
    del issuer.keys["first"]
    path.write_bytes(issuer.key_set)
    await read_again(guarded)
    assert await problem(guarded, old) == "UNKNOWN"
    assert await problem(guarded, issuer.token("second")) == ""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An issuer that may be asked at any time."""
    monkeypatch.setattr(issuer_keys, "ASKED_APART_SECONDS", 0.0)
    return monkeypatch


async def test_an_unknown_key_makes_the_server_ask_the_issuer(
    journal_path: Path, issuer: Issuer, settings: dict[str, Any], clock: FakeClock, quick: pytest.MonkeyPatch
):
    """The call waits for the answer; it is not refused first. While the issuer is away the last good keys are in force."""
    with key_server(issuer) as keys:
        async with serving(journal_path, clock=clock, **{**settings, "jwt_keys": keys.address}) as world:
            assert await problem(world, issuer.token()) == ""
            assert keys.asked == 1
            issuer.add("second")
            assert await problem(world, issuer.token("second")) == ""
            assert keys.asked == 2
            for answer in (None, b"nonsense", b'{"keys": []}', b"x" * (issuer_keys.BYTES_MOST + 1)):
                keys.answer = answer
                assert await problem(world, issuer.token(headers={"kid": "third"})) == "UNKNOWN"
                assert await problem(world, issuer.token("second")) == ""
            keys.answer = b""
            quick.setattr(issuer_keys, "ASKED_APART_SECONDS", 3600.0)
            asked = keys.asked
            for number in range(20):
                assert await problem(world, issuer.token(headers={"kid": f"made-up-{number}"})) == "UNKNOWN"
            assert keys.asked == asked


async def test_old_keys_are_asked_for_again_while_calls_go_on(
    journal_path: Path, issuer: Issuer, settings: dict[str, Any], clock: FakeClock, quick: pytest.MonkeyPatch
):
    """Nobody waits for it."""
    quick.setattr(issuer_keys, "REFRESHED_SECONDS", 0.0)
    with key_server(issuer) as keys:
        async with serving(journal_path, clock=clock, **{**settings, "jwt_keys": keys.address}) as world:
            for _ in range(50):
                assert await problem(world, issuer.token()) == ""
            assert keys.asked > 1


def test_an_address_that_leads_elsewhere_is_not_followed(issuer: Issuer):
    """Keys come from where the configuration says."""
    with key_server(issuer) as keys, key_server(issuer) as other:
        assert fetch(keys.address) == issuer.key_set
        keys.redirect = other.address
        with pytest.raises(FileRefusedError, match="does not answer"):
            fetch(keys.address)
        assert other.asked == 0


def test_an_answer_without_an_end_is_broken_off(issuer: Issuer, monkeypatch: pytest.MonkeyPatch):
    """By its size, and by the time that it takes."""
    with key_server(issuer) as keys:
        keys.trickles.set()
        with pytest.raises(FileRefusedError, match="answers with more than"):
            fetch(keys.address)
        monkeypatch.setattr(issuer_keys, "BYTES_MOST", 2**40)
        monkeypatch.setattr(issuer_keys, "DEADLINE_SECONDS", 0.05)
        with pytest.raises(FileRefusedError, match="takes longer than"):
            fetch(keys.address)
        keys.trickles.clear()


async def test_a_server_without_the_file_of_keys_does_not_start(journal_path: Path, settings: dict[str, Any]):
    """Whoever named it meant it to be there."""
    with pytest.raises(FileRefusedError):
        async with serving(journal_path, **{**settings, "jwt_keys": str(journal_path.parent / "absent.json")}):
            pass


async def test_a_server_whose_issuer_is_silent_starts_and_takes_tokens_once_it_answers(
    journal_path: Path, issuer: Issuer, settings: dict[str, Any], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    """Until then tokens are refused, to be sent again; what is none of the issuer's is refused for good."""
    monkeypatch.setattr(issuer_keys, "ASKED_APART_WITHOUT_SECONDS", 0.0)
    with key_server(issuer) as keys:
        keys.answer = None
        with capture_logs() as logs:
            async with serving(journal_path, clock=clock, **{**settings, "jwt_keys": keys.address}) as world:
                client = with_credential(world.channel, issuer.token())
                refused = await client.refused(WHO_AM_I)
                assert (refused.code, refused.reason) == (grpc.StatusCode.UNAVAILABLE, "ISSUER_UNAVAILABLE")
                assert refused.detail(error_details_pb2.RetryInfo).retry_delay.ToMilliseconds() > 0
                assert await problem(world, unsigned(issuer)) == "WRONG_ALGORITHM"
                keys.answer = b""
                assert (await client.ask(WHO_AM_I)).actor_id == "lea"
                assert await problem(world, Issuer(issuer.now).token()) == "UNKNOWN"
    assert [one["log_level"] for one in logs if one["event"] == "issuer_silent"] == ["error"]


# --- the map of claims ------------------------------------------------------------------------------------------------


async def test_claims_are_read_as_the_map_says(
    journal_path: Path, issuer: Issuer, settings: dict[str, Any], clock: FakeClock, tmp_path: Path
):
    """Nested claims, names of roles that are the issuer's own, a fixed tenant; a changed map is in force for old tokens too."""
    claims = tmp_path / "claims.toml"
    claims.write_text(
        'actor = "email"\nroles = ["realm_access", "roles"]\nfixed_tenants = ["south"]\n'
        '[role_names]\n"floor-managers" = "supervisor"\n',
        encoding="utf-8",
    )
    token = issuer.token(email="lea@onduty.test", realm_access={"roles": ["floor-managers", "other"]}, onduty_tenants=None)
    async with serving(journal_path, clock=clock, **settings, jwt_claims=str(claims)) as world:
        told = await with_credential(world.channel, token).ask(WHO_AM_I)
        assert (told.tenant, told.actor_id) == ("south", "lea@onduty.test")
        assert list(told.roles) == [staff_pb2.ACTOR_ROLE_SUPERVISOR]
        claims.write_text('roles = "nothing"\n', encoding="utf-8")
        await read_again(world)
        assert await problem(world, token) == "UNMAPPED"


@pytest.mark.parametrize(
    ("claimed", "groups"),
    [
        ("sales support", ["sales", "support"]),
        (["sales"], ["sales"]),
        ("*", None),
        (None, []),
        (7, []),
        (["*", "sales"], ["sales"]),
    ],
)
def test_a_token_is_restricted_to_the_groups_of_its_claim(claimed: Any, groups: Any):
    """Where the map names the claim: a token without it sees nobody, and only a star is no restriction."""
    claims = {"sub": "lea", "onduty_tenants": "north", "onduty_roles": ["supervisor", "admin"], "groups": claimed}
    found = claim_map.parse(b'skill_groups = "groups"\n').principal_of(claims, Instant(1), frozenset())
    assert found.skill_groups == (None if groups is None else frozenset(groups))
    assert (ActorRole.ADMIN in found.roles) is (groups is None)


@pytest.mark.parametrize(
    "text", ["nonsense", 'role = "x"\n', "actor = 7\n", "roles = []\n", '[role_names]\nx = "boss"\n', "groups = 'x'\n"]
)
async def test_a_bad_map_of_claims_is_refused(journal_path: Path, settings: dict[str, Any], tmp_path: Path, text: str):
    """What is not known is not left out in silence."""
    claims = tmp_path / "claims.toml"
    claims.write_text(text, encoding="utf-8")
    with pytest.raises(FileRefusedError, match="the file of claims"):
        async with serving(journal_path, **settings, jwt_claims=str(claims)):
            pass
