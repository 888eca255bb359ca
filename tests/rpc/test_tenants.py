"""Tenants never see each other: not their staff, calls, catalogue, policy, history, positions, tokens or request ids."""

from pathlib import Path

import pytest
from fake_clock import FakeClock
from rpc_mutations import MUTATIONS, content, identified
from rpc_world import AVAILABLE, BUSY, DEADLINE_SECONDS, IN_LINE, OFFLINE, ON_BREAK, Client, World, eventually, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace


@pytest.fixture
def red(timed: World) -> Client:
    """One tenant's caller."""
    return timed.caller(tenant="red")


@pytest.fixture
def blue(timed: World) -> Client:
    """Another tenant's caller."""
    return timed.caller(tenant="blue")


async def test_the_same_id_is_another_person(red: Client, blue: Client):
    """Both tenants have an "ana"; each reads, lists, counts and changes its own."""
    await red.create("ana", "cards", name="Red Ana")
    assert (await blue.refused(workspace.GetStaffRequest(staff_id="ana"))).reason == "STAFF_UNKNOWN"
    await blue.create("ana", "loans", name="Blue Ana")
    await red.change("ana", AVAILABLE)
    assert (await red.get("ana")).display_name == "Red Ana"
    assert ((await blue.get("ana")).display_name, (await blue.get("ana")).status) == ("Blue Ana", OFFLINE)
    (listed,) = (await blue.listed()).staff
    assert listed.display_name == "Blue Ana"
    summary = await blue.ask(supervisor.GetStaffSummaryRequest())
    assert (summary.total, [one.skill_group for one in summary.skill_groups]) == (1, ["loans"])


@pytest.mark.parametrize("name", list(MUTATIONS))
async def test_nobody_can_change_anything_of_another_tenant(timed: World, red: Client, blue: Client, name: str):
    """Every mutating RPC, asked by the other tenant, leaves this one as it is."""
    request = await MUTATIONS[name](red)
    async with red.watch() as watch:
        await watch.began()
        before = await everything(red)
        await blue.call(request, timeout=DEADLINE_SECONDS).code()
        assert await everything(red) == before
        await red.create("marker")
        (change,) = await watch.until_changes(1)
    assert change.staff.staff_id == "marker"


async def everything(client: Client) -> list:
    """All that a tenant can read of itself, without positions."""
    answers = [
        await client.listed(),
        await client.ask(workspace.ListBreakReasonsRequest(include_disabled=True)),
        await client.ask(admin.GetPolicyRequest()),
        await client.ask(supervisor.GetStaffSummaryRequest()),
        await client.ask(history.ListTransitionsRequest()),
        await client.ask(history.SummarizeTimeRequest(starts_at={"seconds": 1})),
    ]
    return [content(answer) for answer in answers]


async def test_request_ids_are_a_tenants_own(red: Client, blue: Client):
    """The same request id in another tenant is another request, whatever its content."""
    request = admin.CreateStaffRequest(staff_id="ana", request_id="r1")
    assert not (await red.ask(request)).replayed
    assert not (await blue.ask(request)).replayed
    assert (await red.ask(request)).replayed
    other = identified(admin.CreateBreakReasonRequest(code="lunch"), "r2")
    await red.ask(other)
    await blue.ask(admin.CreateStaffRequest(staff_id="ben", request_id="r2"))


async def test_claims_stay_within_a_tenant(red: Client, blue: Client):
    """A group of the same name is another group, and another tenant's claim is not known."""
    await red.create_available("ana", "cards")
    refusal = await blue.refused(router.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": "cards"}]}))
    assert refusal.reason == "NOBODY_AVAILABLE"
    claim = await red.claim("c1", skill_group="cards")
    assert (await blue.refused(router.WithdrawClaimRequest(claim_id=claim.claim_id))).reason == "CLAIM_UNKNOWN"
    assert (await red.get("ana")).HasField("offer")


async def test_sources_stay_within_a_tenant(red: Client, blue: Client):
    """Reconciling a source of the same name ends nobody else's calls."""
    await red.create_available("ana")
    await red.started("ana", "c1", source="pbx")
    told = await blue.ask(router.ReconcileCallsRequest(source="pbx"))
    assert not told.ended
    assert (await red.get("ana")).status == IN_LINE


async def test_catalogue_and_policy_are_a_tenants_own(red: Client, blue: Client):
    """A break reason and a policy of one tenant mean nothing in another."""
    await red.break_reason("lunch")
    await red.policy(claim_ttl={"seconds": 55})
    await blue.create("ana")
    refusal = await blue.refused(
        workspace.ChangeStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"})
    )
    assert refusal.reason == "BREAK_REASON_UNKNOWN"
    assert not (await blue.ask(workspace.ListBreakReasonsRequest())).break_reasons
    assert (await blue.ask(admin.GetPolicyRequest())).policy.claim_ttl.seconds == 20


async def test_watches_tell_of_their_tenant_only(red: Client, blue: Client):
    """Snapshot and changes, also of the same staff id; positions move on for everybody."""
    await red.create("ana")
    await blue.create("ana")
    async with red.watch() as reds, blue.watch() as blues:
        await reds.began()
        await blues.began()
        for client, status in ((red, AVAILABLE), (blue, BUSY), (red, BUSY), (blue, OFFLINE)):
            await client.change("ana", status)
        await reds.until_changes(2)
        await blues.until_changes(1)
    assert [change.staff.status for change in reds.changes] == [AVAILABLE, BUSY]
    assert blues.changes[0].staff.status == BUSY
    assert len(reds.view) == len(blues.view) == 1


async def test_attached_workspaces_are_of_one_tenant(red: Client, blue: Client):
    """The own state is that of the tenant's own person."""
    await red.create("ana")
    await blue.create("ana")
    async with red.attach("ana") as stream:
        await stream.frame()
        assert not (await blue.get("ana")).connection.workspaces
        await blue.change("ana", BUSY)
        changed = (await red.change("ana", AVAILABLE)).staff
        assert (await stream.frame()).change.staff == changed


async def test_positions_and_tokens_are_of_one_tenant(red: Client, blue: Client):
    """Another tenant's position is foreign, and its page token is invalid, everywhere."""
    await red.create_many(3)
    await blue.create_many(3)
    here = (await red.listed(page_size=1)).position
    for request in (
        workspace.GetStaffRequest(staff_id="s00001", at_least=here),
        workspace.ListBreakReasonsRequest(at_least=here),
        router.ListStaffRequest(at_least=here),
        router.WatchStaffRequest(at_least=here),
        router.WatchStaffRequest(resume_after=here),
        supervisor.GetStaffSummaryRequest(at_least=here),
        admin.GetPolicyRequest(at_least=here),
        history.ListTransitionsRequest(at_least=here),
        history.ExportTransitionsRequest(resume_after=here),
        history.SummarizeTimeRequest(starts_at={"seconds": 1}, at_least=here),
    ):
        refusal = await blue.refused(request)
        assert (refusal.reason, refusal.metadata) == ("POSITION_FOREIGN", {})
    token = (await red.listed(page_size=1)).next_page_token
    assert (await blue.refused(router.ListStaffRequest(page_token=token))).reason == "PAGE_TOKEN_INVALID"


async def test_history_is_a_tenants_own(red: Client, blue: Client, clock: FakeClock):
    """Pages, export and sums of the same staff id are apart."""
    await red.create("ana")
    clock.move(10)
    await blue.create("ana")
    clock.move(5)
    start = {"seconds": 1}
    for client, seconds in ((red, 15), (blue, 5)):
        assert len(await client.transitions()) == 1
        frames = await client.open(history.ExportTransitionsRequest()).rest()
        assert sum(len(frame.transitions) for frame in frames) == 1
        ((time,),) = [one.times for one in (await client.ask(history.SummarizeTimeRequest(starts_at=start))).staff]
        assert (time.status, time.time.seconds) == (OFFLINE, seconds)


async def test_deadlines_fire_in_every_tenant(timed: World, red: Client, blue: Client, clock: FakeClock):
    """Each by its own policy."""
    await red.policy(after_call_work={"countdown": {"seconds": 5}})
    for client in (red, blue):
        await client.create_available("ana")
        await client.started("ana", "c1")
        await client.ended("ana", "c1")
    clock.move(5)
    await red.until_status("ana", AVAILABLE)
    assert (await blue.get("ana")).status != AVAILABLE
    clock.move(25)
    await blue.until_status("ana", AVAILABLE)


async def test_quotas_are_a_tenants_own(journal_path: Path):
    """The streams of one tenant's caller leave another's alone, also under the same name."""
    async with serving(journal_path, streams_per_caller=1) as world:
        red, blue = world.caller(tenant="red", actor="r"), world.caller(tenant="blue", actor="r")
        async with red.watch() as reds, blue.watch() as blues:
            await reds.began()
            await blues.began()
            assert (await red.refused(router.WatchStaffRequest())).reason == "WATCH_QUOTA"
        await eventually(lambda: world.open_streams == 0, "both are closed")


async def test_tenants_stay_apart_over_a_restart(journal_path: Path, clock: FakeClock):
    """What belongs to whom is in the journal."""
    async with serving(journal_path, clock=clock) as world:
        for tenant in ("red", "blue"):
            client = world.caller(tenant=tenant)
            await client.create("ana", name=tenant)
            await client.break_reason(tenant)
    async with serving(journal_path, clock=clock) as world:
        for tenant in ("red", "blue"):
            client = world.caller(tenant=tenant)
            assert (await client.get("ana")).display_name == tenant
            listed = await client.ask(workspace.ListBreakReasonsRequest())
            assert [one.code for one in listed.break_reasons] == [tenant]
        assert not (await world.client.listed()).staff


async def test_history_that_one_tenant_forgets_is_missing_from_nobody_elses(
    timed: World, clock: FakeClock, red: Client, blue: Client
):
    """A position stays good for as long as the own history is whole."""
    start = (await blue.ask(workspace.ListBreakReasonsRequest())).position
    for client in (blue, red):
        await client.create_available("ana")
    clock.move(1)
    forgotten = await timed.engine.journal.forget("red", clock.now(), limit=100)
    exported = [
        frame async for frame in blue.call(history.ExportTransitionsRequest(resume_after=start), timeout=DEADLINE_SECONDS)
    ]

    assert forgotten == 1
    assert sum(len(frame.transitions) for frame in exported) == 2
    assert (await red.refused(history.ExportTransitionsRequest(resume_after=red_start(timed)))).reason == "POSITION_TOO_OLD"


def red_start(world: World) -> str:
    """The other tenant's position before all."""
    return world.engine.positions("red").token(0)


async def test_watching_leaves_nothing(world: World):
    """Who watched a tenant that has nothing leaves nothing behind; while one watches, it hears of the first who is created."""
    for number in range(20):
        async with world.caller(f"stranger-{number}").watch() as watch:
            await watch.began()
    kept = await world.caller("kept").watch().began()
    replica = world.engine.replica

    def made() -> list[str]:
        replica.forget_blank()
        return [tenant for tenant, _ in [*replica.rosters.items(), *replica.rings.items()] if tenant.startswith("stranger")]

    await eventually(lambda: not made(), "the watches have ended")
    await world.caller("kept").create("ana")
    assert [change.staff.staff_id for change in await kept.until_changes(1)] == ["ana"]


async def test_asking_makes_nothing(world: World):
    """Names of tenants that nobody has cost no memory, whether they read or are refused."""
    for number in range(50):
        stranger = world.caller(f"stranger-{number}")
        await stranger.refused(workspace.GetStaffRequest(staff_id="ana"))
        await stranger.refused(workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}))
        assert not (await stranger.listed()).staff
    assert not [tenant for tenant, _ in world.engine.rosters.items() if tenant.startswith("stranger")]
