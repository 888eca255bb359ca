"""Who is let in with an API key: every RPC by every role, tenant and person, and the ends of credentials and streams."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from credentials import KeyFile, answer, read_again, request_of, with_credential
from fake_clock import FakeClock
from grpc_health.v1 import health_pb2, health_pb2_grpc
from rpc_world import AVAILABLE, BUSY, METHODS, Client, World, serving

from onduty.v1 import access_pb2, staff_pb2
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.domain.model.status import ActorRole, seconds
from onduty_server.rpc.method_policy import METHOD_POLICY

DENIED, UNKNOWN = grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED
ROLES = ("workspace", "router", "supervisor", "admin")
WHO_AM_I = server.WhoAmIRequest()


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """A key for each role in the tenant north; the workspace's is for ana."""
    file = KeyFile(tmp_path / "keys.jsonl")
    for role in ROLES:
        file.add(role, role, **({"staff_ids": ["ana"]} if role == "workspace" else {}))
    return file


@pytest.fixture
async def guarded(journal_path: Path, keys: KeyFile, clock: FakeClock) -> AsyncIterator[World]:
    """A server that asks for a key, whose time the test moves; ana and ben are in the tenant north, and cat in south."""
    keys.add("provisioning", "admin", tenants=("north", "south"))
    async with serving(journal_path, clock=clock, keys=str(keys.path)) as world:
        for tenant, staff in (("north", ("ana", "ben")), ("south", ("cat",))):
            for staff_id in staff:
                await with_credential(world.channel, keys.keys["provisioning"], tenant).create(staff_id, "cards")
        yield world


def caller(world: World, keys: KeyFile, key_id: str, tenant: str = "", actor: str = "") -> Client:
    """Who has the key."""
    return with_credential(world.channel, keys.keys[key_id], tenant, actor)


# --- the matrix -------------------------------------------------------------------------------------------------------


def test_the_contract_names_the_roles_that_the_gate_goes_by():
    """Each method's option is the gate's policy; it names each role once."""
    for name, method in METHODS.items():
        named = list(method.GetOptions().Extensions[access_pb2.roles])
        assert len(named) == len(set(named)), name
        assert METHOD_POLICY[name].roles == frozenset(map(ActorRole, named)), name


@pytest.mark.parametrize("role", ROLES)
async def test_every_method_lets_in_the_roles_of_the_contract_and_no_other(guarded: World, keys: KeyFile, role: str):
    """Own tenant, own person: the roles that the option names reach the behaviour, and for others it is ROLE that is wrong."""
    for method, policy in METHOD_POLICY.items():
        refused = await answer(caller(guarded, keys, role), request_of(method))
        if ActorRole[role.upper()] in policy.roles:
            assert refused is None, (method, refused)
        else:
            assert refused is not None, method
            assert (refused.code, refused.reason) == (DENIED, "PERMISSION_DENIED")
            assert refused.metadata == {"method": method, "problem": "ROLE"}


async def test_no_method_lets_anybody_in_without_a_good_credential(guarded: World, keys: KeyFile):
    """None, no form, nobody's, one letter changed, revoked, expired: each says which, and the request is not looked at."""
    keys.add("revoked", *ROLES, all_staff=True, revoked_at="2020-01-01T00:00:00Z")
    keys.add("expired", *ROLES, all_staff=True, expires_at="2000-01-01T00:00:00Z")
    await read_again(guarded)
    good = keys.keys["admin"]
    forged = good[:-1] + ("0" if good[-1] != "0" else "1")
    bad = {"UNKNOWN": forged, "REVOKED": keys.keys["revoked"], "EXPIRED": keys.keys["expired"], "MISSING": ""}
    formless = ("Bearer", "Bearer ", "Basic YTpi", good, f"Bearer {good} {good}", f"Bearer {'x' * 6_000}")
    for method in sorted(METHODS):
        for problem, credential in bad.items():
            refused = await answer(with_credential(guarded.channel, credential), request_of(method))
            assert refused is not None, (method, problem)
            assert (refused.code, refused.reason, refused.metadata) == (UNKNOWN, "UNAUTHENTICATED", {"problem": problem})
            assert refused.message
            assert not credential or credential not in refused.message
        for value in formless:
            client = Client(guarded.channel)
            client.metadata = (("authorization", value),)
            refused = await answer(client, request_of(method))
            assert refused is not None, (method, value)
            assert refused.metadata["problem"] in {"MALFORMED", "UNKNOWN"}


@pytest.mark.parametrize("role", ROLES)
async def test_another_tenant_is_denied_alike_whether_it_exists(guarded: World, keys: KeyFile, role: str):
    """Foreign and unknown tenants get the same answer from every method, before the request is looked at."""
    for method in sorted(METHODS):
        answers = [await answer(caller(guarded, keys, role, tenant), request_of(method)) for tenant in ("south", "souts")]
        for refused in answers:
            assert refused is not None
            assert refused.metadata == {"method": method, "problem": "TENANT"}
        first, second = answers
        assert first.message.replace("south", "souts") == second.message


async def test_a_workspace_is_denied_alike_whether_the_person_exists(guarded: World, keys: KeyFile):
    """Ben exists and nobody does not: every method of a workspace says the same of both."""
    for method, policy in METHOD_POLICY.items():
        if ActorRole.WORKSPACE not in policy.roles or "staff_id" not in METHODS[method].input_type.fields_by_name:
            continue
        answers = [await answer(caller(guarded, keys, "workspace"), request_of(method, who)) for who in ("ben", "nobody", "")]
        for refused in answers:
            assert refused is not None, method
            assert refused == answers[0]
            assert refused.metadata == {"method": method, "problem": "STAFF"}


async def test_two_credentials_at_once_are_none(guarded: World, keys: KeyFile):
    """Whoever added the second, the other did not mean it."""
    client = caller(guarded, keys, "admin")
    client.metadata += (("authorization", f"Bearer {keys.keys['router']}"),)
    refused = await client.refused(WHO_AM_I)
    assert refused.metadata == {"problem": "MALFORMED"}


async def test_health_and_reflection_need_no_credential(guarded: World):
    """Probes have none, and the contract is no secret."""
    health = health_pb2_grpc.HealthStub(guarded.channel)
    assert (await health.Check(health_pb2.HealthCheckRequest())).status == health_pb2.HealthCheckResponse.SERVING


# --- as whom ----------------------------------------------------------------------------------------------------------


async def test_the_tenant_is_the_credentials(guarded: World, keys: KeyFile):
    """The only one need not be named; of several the caller names one, and is told which there are."""
    assert (await caller(guarded, keys, "admin").ask(WHO_AM_I)).tenant == "north"
    assert (await caller(guarded, keys, "provisioning", "south").ask(WHO_AM_I)).tenant == "south"
    refused = await caller(guarded, keys, "provisioning").refused(WHO_AM_I)
    assert refused.reason == "INVALID_FIELD"
    assert refused.faults == {"metadata onduty-tenant": "must name one of north, south"}


async def test_what_a_credential_reaches_is_told_to_its_holder(guarded: World, keys: KeyFile):
    """Everything but the secret."""
    keys.add("two", "workspace", "supervisor", staff_ids=["ana"], actor="lea", expires_at="2100-01-01T00:00:00Z")
    await read_again(guarded)
    told = await caller(guarded, keys, "two").ask(WHO_AM_I)
    assert (told.tenant, told.actor_id, told.credential_id) == ("north", "lea", "two")
    assert told.credential_kind == server.CREDENTIAL_KIND_KEY
    assert list(told.roles) == [staff_pb2.ACTOR_ROLE_WORKSPACE, staff_pb2.ACTOR_ROLE_SUPERVISOR]
    assert (list(told.tenants), list(told.staff_ids), told.all_staff) == (["north"], ["ana"], False)
    assert told.expires_at.ToJsonString() == "2100-01-01T00:00:00Z"


async def test_the_history_names_who_has_the_credential(guarded: World, keys: KeyFile):
    """A workspace acts as its staff member, a supervisor as the key says, and nobody as somebody else."""
    await caller(guarded, keys, "workspace").change("ana", AVAILABLE)
    force = supervisor.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why")
    await caller(guarded, keys, "supervisor").ask(force)
    refused = await caller(guarded, keys, "supervisor", actor="lea").refused(force)
    assert refused.metadata["problem"] == "ACTOR"
    listed = await caller(guarded, keys, "supervisor").ask(history.ListTransitionsRequest(filter={"staff_ids": ["ana"]}))
    actors = [(one.actor.role, one.actor.id) for one in listed.transitions]
    assert (staff_pb2.ACTOR_ROLE_WORKSPACE, "ana") in actors
    assert (staff_pb2.ACTOR_ROLE_SUPERVISOR, "supervisor") in actors


async def test_a_key_for_a_tenant_that_is_not_served_lets_nobody_in(journal_path: Path, keys: KeyFile):
    """The served tenants bound what a file of keys can open."""
    async with serving(journal_path, keys=str(keys.path), tenants="south") as world:
        refused = await caller(world, keys, "admin").refused(WHO_AM_I)
    assert refused.metadata == {"problem": "UNMAPPED"}


# --- changes of the file ----------------------------------------------------------------------------------------------


async def test_keys_rotate_without_a_gap(guarded: World, keys: KeyFile):
    """A second key for the same actor is in force beside the first, and alone once that is revoked."""
    keys.add("router-b", "router", actor="router")
    await read_again(guarded)
    assert (await caller(guarded, keys, "router").ask(WHO_AM_I)).actor_id == "router"
    assert (await caller(guarded, keys, "router-b").ask(WHO_AM_I)).actor_id == "router"
    keys.change("router", revoked_at="2020-01-01T00:00:00Z")
    await read_again(guarded)
    assert (await caller(guarded, keys, "router").refused(WHO_AM_I)).metadata == {"problem": "REVOKED"}
    assert (await caller(guarded, keys, "router-b").ask(WHO_AM_I)).actor_id == "router"


@pytest.mark.parametrize("content", ['{"id": "half", "sha', '{"id": 1}\n', "\x00\xff", '{"id":"a","rolls":[]}\n'])
async def test_a_bad_file_leaves_the_last_good_keys_in_force(guarded: World, keys: KeyFile, content: str):
    """And the next good one is taken."""
    keys.path.write_text(content, encoding="latin-1")
    await read_again(guarded)
    assert (await caller(guarded, keys, "router").ask(WHO_AM_I)).actor_id == "router"
    keys.path.unlink()
    await read_again(guarded)
    assert (await caller(guarded, keys, "router").ask(WHO_AM_I)).actor_id == "router"
    keys.remove("router")
    await read_again(guarded)
    assert (await caller(guarded, keys, "router").refused(WHO_AM_I)).metadata == {"problem": "UNKNOWN"}


async def test_the_file_is_read_again_by_itself(guarded: World, keys: KeyFile):
    """Within a second or so, without a signal."""
    keys.add("late", "router")
    async with asyncio.timeout(30):
        while await answer(caller(guarded, keys, "late"), WHO_AM_I) is not None:
            await asyncio.sleep(0.05)


# --- streams ----------------------------------------------------------------------------------------------------------


async def test_a_stream_ends_when_its_key_is_revoked(guarded: World, keys: KeyFile):
    """With the reason; streams of other keys go on, and what was attached begins its grace."""
    async with caller(guarded, keys, "router").watch() as watch, caller(guarded, keys, "supervisor").watch() as other:
        await watch.began()
        await other.began()
        keys.change("router", revoked_at="2020-01-01T00:00:00Z")
        await read_again(guarded)
        refused = await watch.refusal()
        assert (refused.code, refused.metadata) == (UNKNOWN, {"problem": "REVOKED"})
        await caller(guarded, keys, "workspace").change("ana", AVAILABLE)
        await other.until_changes(1)
    assert guarded.open_streams <= 1


async def test_an_attached_workspace_is_let_go_when_its_key_ends(guarded: World, keys: KeyFile):
    """As if its desktop had lost the connection."""
    async with caller(guarded, keys, "workspace").attach("ana") as stream:
        await stream.frame()
        assert (await caller(guarded, keys, "supervisor").get("ana")).connection.workspaces
        keys.remove("workspace")
        await read_again(guarded)
        assert (await stream.refusal()).metadata == {"problem": "REVOKED"}
    await caller(guarded, keys, "supervisor").until("ana", lambda staff: not staff.connection.workspaces)


@pytest.mark.parametrize("fields", [{"roles": ["workspace"], "staff_ids": ["ana"]}, {"tenants": ["south"]}, {"actor": "x"}])
async def test_a_stream_ends_when_its_key_reaches_less(guarded: World, keys: KeyFile, fields: dict[str, Any]):
    """Other roles, tenants or actor: what was let in before would not be now."""
    async with caller(guarded, keys, "router").watch() as watch:
        await watch.began()
        keys.change("router", **fields)
        await read_again(guarded)
        assert (await watch.refusal()).metadata == {"problem": "REVOKED"}


async def test_a_stream_goes_on_when_its_key_reaches_more(guarded: World, keys: KeyFile):
    """One tenant more, one role more, and a later end."""
    async with caller(guarded, keys, "router").watch() as watch:
        await watch.began()
        keys.change("router", roles=["router", "supervisor"], tenants=["north", "south"], expires_at="2100-01-01T00:00:00Z")
        await read_again(guarded)
        await caller(guarded, keys, "workspace").change("ana", AVAILABLE)
        await watch.until_changes(1)


async def test_a_stream_ends_with_its_key(guarded: World, keys: KeyFile, clock: FakeClock):
    """At the instant of its end, by the server's clock."""
    end = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=clock.now() + seconds(1))
    keys.add("brief", "router", expires_at=end.isoformat())
    await read_again(guarded)
    async with caller(guarded, keys, "brief").watch() as watch:
        await watch.began()
        clock.move(2)
        refused = await watch.refusal()
        assert (refused.code, refused.metadata) == (UNKNOWN, {"problem": "EXPIRED"})
    assert (await caller(guarded, keys, "brief").refused(WHO_AM_I)).metadata == {"problem": "EXPIRED"}


async def test_streams_that_end_leave_no_lease(guarded: World, keys: KeyFile):
    """Neither those that are revoked nor those that their callers close."""
    leases = guarded.running.server._gate.streams._leases
    for _ in range(3):
        async with caller(guarded, keys, "router").watch() as watch:
            await watch.began()
    async with asyncio.timeout(30):
        while leases._of:
            await asyncio.sleep(0.01)


async def test_claims_by_a_key_are_the_routers(guarded: World, keys: KeyFile):
    """The ordinary day with keys: a workspace signs in, a router claims, the workspace accepts."""
    await caller(guarded, keys, "workspace").change("ana", AVAILABLE)
    claimed = await caller(guarded, keys, "router").ask(router.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana"}))
    accepted = workspace.AcceptOfferRequest(staff_id="ana", claim_id=claimed.claim_id)
    assert (await caller(guarded, keys, "workspace").ask(accepted)).staff.staff_id == "ana"
