"""Made-up keys, tokens, certificates, files of access, positions and page tokens: each is taken or refused in a typed way.

Nothing is INTERNAL, nothing grants more than what it was made from, and no file is anything but good or refused.
"""

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import jwt
import pytest
from certificates import NAMES, Authority
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given, settings
from hypothesis import strategies as st
from issuer import AUDIENCE, ISSUER, Issuer
from quick import examples
from rpc_world import DEADLINE_SECONDS, METHODS, World, message_type, serving
from unhurried import UNHURRIED

from onduty_server.auth import certificates, claims, keys_file, signing_keys, tls_files
from onduty_server.auth.claims import ClaimMap
from onduty_server.auth.credentials import Credentials
from onduty_server.auth.grants import Grants
from onduty_server.auth.grants_file import GROUP, NAME
from onduty_server.auth.issuer_keys import KeysOfFile
from onduty_server.auth.keys_file import hash_of, new_key
from onduty_server.auth.tokens import TokenRules, Tokens
from onduty_server.auth.watched_files import FileRefusedError, WatchedFiles
from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.errors import CallerError
from onduty_server.domain.model.status import SECOND, ActorRole, Instant

NOW = Instant(1_000_000_000 * SECOND)
METHOD = "/onduty.v1.ServerService/WhoAmI"
THOROUGH = settings(UNHURRIED, max_examples=examples(400))
"""For what takes a millisecond an example."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Shown:
    """A call that shows this metadata, and these names of a certificate."""

    metadata: Sequence[tuple[str, str | bytes]] = ()
    names: Sequence[bytes] = ()

    def invocation_metadata(self) -> Sequence[tuple[str, str | bytes]]:
        """The metadata."""
        return self.metadata

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        """The names."""
        return {certificates.NAMES_KEY: self.names} if self.names else {}


class Held(WatchedFiles[Any]):
    """What a file would say, without one."""

    def __init__(self, current: Any) -> None:
        """It says this."""
        self.current = current
        self._notify = []


KEY = new_key()
ISSUED = Issuer(NOW // SECOND)
RULES = TokenRules(ISSUER, AUDIENCE, ("ES256", "RS256"), 30.0)


def everything() -> Credentials:
    """Takes one key, the issuer's tokens, and one name of a certificate."""
    line = json.dumps({"id": "k", "sha256": hash_of(KEY), "roles": ["router"], "tenants": ["north"]}).encode()
    named = json.dumps({"id": "c", "san": "router-7", "roles": ["router"], "tenants": ["north"]}).encode()
    public = Held(signing_keys.parse(ISSUED.key_set, RULES.algorithms))
    return Credentials(
        lambda: NOW,
        keys=Held(Grants(keys_file.parse(line), CredentialKind.KEY)),
        certificates=Held(Grants(certificates.parse(named), CredentialKind.CERTIFICATE)),
        tokens=Tokens(RULES, KeysOfFile(public), Held(ClaimMap(skill_groups=("groups",)))),
    )


CREDENTIALS = everything()


def identity(call: Shown) -> Identity | None:
    """As whom a call is made; None where it is refused in a typed way. Any other error fails the test."""
    try:
        found = CREDENTIALS.authenticate(call, METHOD)
        return found if isinstance(found, Identity) else asyncio.run(_awaited(found))
    except CallerError:
        return None


async def _awaited(found: Any) -> Identity:
    return await found


# --- what callers show ------------------------------------------------------------------------------------------------

credential_texts = st.one_of(
    st.text(),
    st.text(alphabet="Bearer .abc0_-=\t", max_size=40),
    st.text(max_size=80).map(lambda text: f"Bearer {text}"),
    st.text(alphabet="0123456789abcdef", max_size=70).map(lambda text: f"Bearer onduty_key_{text}"),
    st.text(alphabet="ABCabc012_-.", max_size=200).map(lambda text: f"bearer {text}"),
)
keys = st.sampled_from(["authorization", "onduty-tenant", "onduty-actor", "user-agent"])
metadata = st.lists(st.tuples(keys, credential_texts | st.binary(max_size=40)), max_size=5)


@THOROUGH
@given(shown=metadata)
def test_no_metadata_is_a_credential_by_chance(shown: list[tuple[str, str | bytes]]):
    """Whatever is sent: it is refused."""
    assert identity(Shown(shown)) is None


@THOROUGH
@given(place=st.integers(0, len(KEY) - 1), letter=st.characters(codec="ascii"), more=st.text(max_size=3))
def test_no_other_key_is_taken_for_a_key(place: int, letter: str, more: str):
    """One letter changed, or more behind it: refused, unless it is the key."""
    changed = KEY[:place] + letter + KEY[place + 1 :] + more
    found = identity(Shown([("authorization", f"Bearer {changed}")]))
    assert (found is not None) == (changed.strip() == KEY)


@THOROUGH
@given(names=st.lists(st.binary(max_size=30) | st.sampled_from([b"router-7", b"router-7\0", b"ROUTER-7"]), max_size=4))
def test_only_the_name_of_the_file_is_one(names: list[bytes]):
    """Whatever names a certificate has: it is the one that the file has, once, or it is nobody's."""
    found = identity(Shown(names=names))
    assert (found is not None) == (names.count(b"router-7") == 1)


def signed(claimed: Mapping[str, Any], **header: Any) -> str:
    """A token that the issuer's key has signed, whatever it says."""
    return jwt.encode(dict(claimed), ISSUED.keys["first"][1], "ES256", headers={"kid": "first", **header})


claim_names = st.sampled_from(
    ["iss", "aud", "exp", "nbf", "iat", "sub", "jti", "onduty_tenants", "onduty_roles", "onduty_staff_id", "groups"]
)


@THOROUGH
@given(claimed=st.dictionaries(claim_names, json_values, max_size=6), keeps=st.booleans())
def test_any_claims_that_are_signed_are_taken_or_refused(claimed: dict[str, Any], keeps: bool):
    """Whoever has an identity provider has its bugs: a principal is within bounds, or there is none."""
    good = ISSUED.claims() if keeps else {}
    try:
        token = signed({**good, **claimed})
    except (TypeError, ValueError, OverflowError):  # what no issuer can sign.
        return
    found = identity(Shown([("authorization", f"Bearer {token}")]))
    if found is None:
        return
    principal = found.principal
    assert isinstance(principal, Principal)
    assert NAME.fullmatch(principal.actor_id)
    assert principal.tenants
    assert all(NAME.fullmatch(tenant) for tenant in principal.tenants)
    assert principal.roles
    assert ActorRole.SYSTEM not in principal.roles
    assert principal.skill_groups is None or all(GROUP.fullmatch(group) for group in principal.skill_groups)
    assert principal.skill_groups is None or ActorRole.ADMIN not in principal.roles
    assert principal.expires_at is not None
    assert principal.expires_at > NOW


@THOROUGH
@given(place=st.integers(0, 10_000), letter=st.sampled_from("ABCDabcd0123-_.= "))
def test_a_token_that_was_changed_is_nobodys(place: int, letter: str):
    """One letter anywhere: refused, unless it means the very same bytes."""
    good = identity(Shown([("authorization", f"Bearer {TOKEN}")]))
    at = place % len(TOKEN)
    found = identity(Shown([("authorization", f"Bearer {TOKEN[:at]}{letter}{TOKEN[at + 1 :]}")]))
    assert found is None or found == good


TOKEN = ISSUED.token(groups="*")


@THOROUGH
@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "jwk", "jku", "x5u", "x5c", "b64", "zip"]), json_values
    )
)
def test_no_header_makes_a_token_good(header: dict[str, Any]):
    """Headers of any kind, with a signature of other bytes."""
    head, body, signature = TOKEN.split(".")
    del head
    text = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    assert identity(Shown([("authorization", f"Bearer {text}.{body}.{signature}")])) is None


# --- files ------------------------------------------------------------------------------------------------------------


def good_or_refused(parse: Callable[[], object]) -> None:
    """A file is parsed, or refused; any other error fails the test."""
    try:
        parse()
    except FileRefusedError:
        return


lines = st.one_of(
    st.binary(max_size=200),
    st.lists(st.dictionaries(st.sampled_from(["id", "sha256", "san", "roles", "tenants", "actor", "staff_ids", "all_staff",
                                              "skill_groups", "expires_at", "revoked_at"]), json_values), max_size=3).map(
        lambda listed: "\n".join(map(json.dumps, listed)).encode()
    ),
)  # fmt: skip


@THOROUGH
@given(content=lines)
def test_files_of_keys_and_names_are_good_or_refused(content: bytes):
    """Bytes of any kind, and objects with the right fields and any values."""
    good_or_refused(lambda: keys_file.parse(content))
    good_or_refused(lambda: certificates.parse(content))


key_fields = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "k", "kid", "use", "alg", "d", "x5c", "key_ops"])
key_values = json_values | st.sampled_from(
    ["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "sig", "ES256", "RS256", "AQAB", "AA"]
)


@THOROUGH
@given(content=st.binary(max_size=100) | st.lists(st.dictionaries(key_fields, key_values), max_size=3).map(
    lambda listed: json.dumps({"keys": listed}).encode()
))  # fmt: skip
def test_sets_of_keys_are_good_or_refused(content: bytes):
    """An issuer may answer with anything."""
    good_or_refused(lambda: signing_keys.parse(content, ("RS256", "ES256", "EdDSA")))


@THOROUGH
@given(field=key_fields, value=key_values)
def test_a_key_that_was_changed_is_good_or_refused(field: str, value: Any):
    """One field of a good key."""
    content = json.dumps({"keys": [{**ISSUED.public("first"), field: value}]}).encode()
    good_or_refused(lambda: signing_keys.parse(content, ("RS256", "ES256", "EdDSA")))


@THOROUGH
@given(content=st.binary(max_size=100) | st.text(alphabet='actorles_tn="[]{},.\n#1', max_size=80).map(str.encode))
def test_maps_of_claims_are_good_or_refused(content: bytes):
    """TOML and what is none."""
    good_or_refused(lambda: claims.parse(content))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, bytes]:
    """A chain, its key and an authority."""
    authority = Authority(tmp_path_factory.mktemp("tls"))
    return (*authority.pair(*NAMES), authority.pem)


@THOROUGH
@given(which=st.integers(0, 2), start=st.integers(0, 3_000), content=st.binary(max_size=40) | st.just(b"\n"), cut=st.booleans())
def test_certificates_are_good_or_refused(
    pair: tuple[bytes, bytes, bytes], which: int, start: int, content: bytes, *, cut: bool
):
    """A good pair with bytes changed, inserted or cut off anywhere."""
    changed = list(pair)
    start %= len(changed[which])
    end = len(changed[which]) if cut else start + len(content)
    changed[which] = changed[which][:start] + content + changed[which][end:]
    good_or_refused(lambda: tls_files.parse(changed))


def test_a_key_of_a_curve_that_nobody_knows_is_refused(pair: tuple[bytes, bytes, bytes]):
    """In the key and in the certificate: with a sentence that names the file."""
    chain, key, _ = pair
    for named, changed in (("tls_key", (chain, other_curve(key))), ("tls_cert", (other_curve(chain), key))):
        with pytest.raises(FileRefusedError, match=named):
            tls_files.parse(changed)


def other_curve(pem: bytes) -> bytes:
    """The first block with another curve's number."""
    head, *lines = pem.partition(b"-----END")[0].splitlines()
    content = base64.b64decode(b"".join(lines))
    content = content.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f"))
    return b"\n".join((head, base64.encodebytes(content).strip(), head.replace(b"BEGIN", b"END"), b""))


# --- positions and page tokens ----------------------------------------------------------------------------------------

TOKEN_FIELDS = ("page_token", "resume_after", "at_least", "observed_position")
TAKERS = sorted(
    (name, field) for name, method in METHODS.items() for field in TOKEN_FIELDS if field in method.input_type.fields_by_name
)
"""Every RPC with every field that takes a token."""
NEEDED = {"SummarizeTime": {"starts_at": {"seconds": 1}}, "ReconcileCalls": {"source": "pbx"}}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, World, list[str]]]:
    """A server with people in it, and tokens that it has given out."""
    with asyncio.Runner() as runner:
        serve = serving(tmp_path_factory.mktemp("floor") / "journal.db")
        world = runner.run(serve.__aenter__())
        try:
            yield runner, world, runner.run(given_out(world))
        finally:
            runner.run(serve.__aexit__(None, None, None))


async def given_out(world: World) -> list[str]:
    """A position, a watch's, and the next pages' tokens of some lists."""
    for staff_id in ("ana", "ben", "cat"):
        await world.client.create(staff_id, "cards")
    found = [(await world.client.listed()).position]
    for name, field in TAKERS:
        if field != "page_token":
            continue
        answer = await world.client.ask(request_with(name, {"page_size": 1}))
        found += [answer.next_page_token] if answer.next_page_token else []
    async with world.client.watch() as watch:
        found.append((await watch.began()).position)
    return found


def request_with(method: str, fields: Mapping[str, Any]) -> Any:
    """A good request with these fields."""
    kind: Any = message_type(METHODS[method].input_type.name)
    own = {"staff_id": "ana"} if "staff_id" in METHODS[method].input_type.fields_by_name else {}
    return kind(**own, **NEEDED.get(method.rpartition("/")[2], {}), **fields)


async def code_of(world: World, request: Any, method: str) -> grpc.StatusCode:
    """What comes of a call; of a stream, of its beginning."""
    call = world.client.call(request, timeout=DEADLINE_SECONDS)
    try:
        await (call.read() if METHODS[method].server_streaming else call)
    except grpc.aio.AioRpcError as error:
        return error.code()
    call.cancel()
    return grpc.StatusCode.OK


def test_every_token_field_of_the_contract_is_tried():
    """A field of text whose name ends like a token's is one of those above."""
    for method in METHODS.values():
        for field in method.input_type.fields:
            if field.type == FieldDescriptor.TYPE_STRING and field.name.endswith(("token", "position", "_after", "at_least")):
                assert field.name in TOKEN_FIELDS


@settings(UNHURRIED, max_examples=examples(300))
@given(drawn=st.data())
def test_no_token_is_an_internal_error(floor: tuple[asyncio.Runner, World, list[str]], drawn: st.DataObject):
    """Any text, any JSON as base64, and good ones with a letter changed or values replaced: taken, or a fault of the caller."""
    runner, world, good = floor
    method, field = drawn.draw(st.sampled_from(TAKERS))
    token = drawn.draw(
        st.one_of(
            st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80),
            json_values.map(lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode()),
            st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
            st.builds(_changed, st.sampled_from(good), st.integers(0, 10_000), st.sampled_from("ABCDabcd0123-_=")),
            st.builds(_replaced, st.sampled_from(good), st.sampled_from("nrhuefbcqst"), json_values),
        )
    )
    code = runner.run(code_of(world, request_with(method, {field: token}), method))
    ours = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE}
    assert code not in ours, (method, field, token)


def _changed(token: str, place: int, letter: str) -> str:
    at = place % len(token)
    return token[:at] + letter + token[at + 1 :]


def _replaced(token: str, name: str, value: Any) -> str:
    """A page token with another value in it; a position as it is."""
    try:
        found = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        return token
    return base64.urlsafe_b64encode(json.dumps({**found, name: value}).encode()).decode()
