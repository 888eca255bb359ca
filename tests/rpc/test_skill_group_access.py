"""Credentials that are restricted to skill groups: for them there is nobody but the groups' members, in whatever they ask."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from credentials import ABOUT_ONE, KeyFile, read_again, with_credential
from rpc_world import AVAILABLE, BUSY, METHODS, Client, Refusal, World, message_type, refusal_in, serving

from onduty.v1 import access_pb2, admin_service_pb2, staff_pb2
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import server_service_pb2 as server
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace

EVERY_CHANGE, LATEST = router.DELIVERY_EVERY_CHANGE, router.DELIVERY_LATEST_PER_STAFF
RESTRICTED = ("workspace", "router", "supervisor")
FLOOR = {"ana": ("sales",), "ben": ("sales", "support"), "cat": ("support",), "dan": ()}
"""Who is there, in which groups. The restricted keys are for sales: cat and dan are not theirs, and caz is nobody."""
FOREIGN, NOBODY = "cat", "caz"
CHOICE = {"status": BUSY}


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """Keys that are restricted to sales, and two that are not."""
    file = KeyFile(tmp_path / "keys.jsonl")
    for role in RESTRICTED:
        file.add(role, role, skill_groups=["sales"], **({"all_staff": True} if role == "workspace" else {}))
    file.add("everything", "workspace", "router", "supervisor", "admin", all_staff=True)
    file.add("boss", "admin")
    return file


@pytest.fixture
async def floor(journal_path: Path, keys: KeyFile) -> AsyncIterator[World]:
    """A server that asks for a key, with everybody of ``FLOOR`` signed in."""
    async with serving(journal_path, keys=str(keys.path)) as world:
        boss = who(world, keys, "everything")
        for staff_id, groups in FLOOR.items():
            await boss.create_available(staff_id, *groups)
        yield world


def who(world: World, keys: KeyFile, key_id: str) -> Client:
    """Who has the key."""
    return with_credential(world.channel, keys.keys[key_id])


async def regroup(world: World, keys: KeyFile, staff_id: str, *groups: str) -> staff_pb2.Staff:
    """Somebody's groups are changed by who administrates."""
    members = [{"name": name} for name in groups]
    request = admin_service_pb2.UpdateStaffRequest(staff_id=staff_id, skill_groups=members, update_mask={"paths": ["*"]})
    return (await who(world, keys, "boss").ask(request)).staff


# --- nobody else exists -----------------------------------------------------------------------------------------------


def role_for(method: str) -> str | None:
    """A role that a restricted credential can have and the method is open to; None: there is none."""
    roles = [staff_pb2.ActorRole.Name(role) for role in METHODS[method].GetOptions().Extensions[access_pb2.roles]]
    return next((role for role in RESTRICTED if f"ACTOR_ROLE_{role.upper()}" in roles), None)


PERSONAL = sorted(
    name for name, method in METHODS.items() if "staff_id" in method.input_type.fields_by_name and role_for(name) is not None
)


def alike(refused: Refusal, other: Refusal) -> bool:
    """Whether two refusals differ in the id that was asked for only."""
    text = (str(refused.code), refused.reason, refused.message, sorted(refused.metadata.items()), len(refused.details))
    other_text = (str(other.code), other.reason, other.message, sorted(other.metadata.items()), len(other.details))
    return repr(text).replace(FOREIGN, NOBODY) == repr(other_text)


@pytest.mark.parametrize("method", PERSONAL)
async def test_somebody_of_another_group_is_answered_as_nobody_is(floor: World, keys: KeyFile, method: str):
    """Every method that is about one person says the same of cat, who is there, as of caz, who is not."""
    client, fields = who(floor, keys, role_for(method) or ""), ABOUT_ONE[method.rpartition("/")[2]]
    kind: Any = message_type(METHODS[method].input_type.name)
    before = await who(floor, keys, "everything").get(FOREIGN)
    foreign, unknown = [await client.refused(kind(staff_id=staff_id, **fields)) for staff_id in (FOREIGN, NOBODY)]
    assert (unknown.code, unknown.reason) == (grpc.StatusCode.NOT_FOUND, "STAFF_UNKNOWN")
    assert alike(foreign, unknown)
    assert await who(floor, keys, "everything").get(FOREIGN) == before


@pytest.mark.parametrize("method", PERSONAL)
async def test_somebody_of_the_own_group_is_reached(floor: World, keys: KeyFile, method: str):
    """The same requests about ana come to her, whatever they find there."""
    client, fields = who(floor, keys, role_for(method) or ""), ABOUT_ONE[method.rpartition("/")[2]]
    request = message_type(METHODS[method].input_type.name)(staff_id="ana", **fields)
    if METHODS[method].server_streaming and method.endswith("Attach"):
        async with client.open(request) as stream:
            assert (await stream.frame()).change.staff.staff_id == "ana"
        return
    call = client.call(request, timeout=30)
    with contextlib.suppress(grpc.aio.AioRpcError):
        await (call.read() if METHODS[method].server_streaming else call)
    reached = not call.done() or await call.code() is not grpc.StatusCode.NOT_FOUND
    call.cancel()
    assert reached


async def test_a_workspace_reaches_itself_in_any_group(floor: World, keys: KeyFile):
    """The restriction is for those who look at others: cat's own desktop has cat, be it restricted to sales."""
    keys.add("desktop", "workspace", "supervisor", staff_ids=[FOREIGN], skill_groups=["sales"])
    await read_again(floor)
    client = who(floor, keys, "desktop")
    assert (await client.change(FOREIGN, BUSY)).staff.status == BUSY
    assert (await client.get("ana")).staff_id == "ana"
    assert (await client.refused(workspace.GetStaffRequest(staff_id="dan"))).reason == "STAFF_UNKNOWN"


async def test_a_restricted_credential_cannot_administrate(floor: World, keys: KeyFile):
    """No source gives a restricted one the role: a file that does is refused, and what was before stays in force."""
    keys.add("half", "admin", skill_groups=["sales"])
    await read_again(floor)
    assert (await who(floor, keys, "half").refused(server.WhoAmIRequest())).metadata == {"problem": "UNKNOWN"}
    assert (await who(floor, keys, "boss").ask(server.WhoAmIRequest())).actor_id == "boss"


async def test_who_is_restricted_is_told_to_what(floor: World, keys: KeyFile):
    """WhoAmI names the groups; of who is not restricted it says so."""
    told = await who(floor, keys, "router").ask(server.WhoAmIRequest())
    assert (told.restricted_to_skill_groups, list(told.skill_groups)) == (True, ["sales"])
    assert not (await who(floor, keys, "boss").ask(server.WhoAmIRequest())).restricted_to_skill_groups


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["router", "supervisor"])
async def test_a_list_has_the_own_groups_only(floor: World, keys: KeyFile, role: str):
    """Whatever is asked for: everybody, people by name, a foreign group. The total is of those who are seen."""
    client = who(floor, keys, role)
    for asked, seen in (
        ({}, ["ana", "ben"]),
        ({"staff_ids": ["ana", FOREIGN, NOBODY]}, ["ana"]),
        ({"skill_groups": ["support"]}, ["ben"]),
        ({"statuses": [AVAILABLE]}, ["ana", "ben"]),
    ):
        page = await client.listed(filter=asked)
        assert ([staff.staff_id for staff in page.staff], page.total_size) == (seen, len(seen))
    first = await client.listed(page_size=1)
    assert [staff.staff_id for staff in (await client.listed(page_size=1, page_token=first.next_page_token)).staff] == ["ben"]
    refused = await who(floor, keys, "boss").refused(router.ListStaffRequest(page_size=1, page_token=first.next_page_token))
    assert refused.reason == "PAGE_TOKEN_INVALID"


async def test_a_summary_counts_the_own_groups_only(floor: World, keys: KeyFile):
    """A group that the credential is not for has no line, though ben is in it."""
    told = await who(floor, keys, "supervisor").ask(supervisor.GetStaffSummaryRequest())
    assert (told.total, [(group.skill_group, group.total) for group in told.skill_groups]) == (2, [("sales", 2)])
    everything = await who(floor, keys, "boss").ask(supervisor.GetStaffSummaryRequest())
    assert (everything.total, [group.skill_group for group in everything.skill_groups]) == (4, ["sales", "support"])


@pytest.mark.parametrize("delivery", [EVERY_CHANGE, LATEST])
async def test_a_watch_follows_who_comes_and_goes(floor: World, keys: KeyFile, delivery: int):
    """Cat joins sales and is shown; she leaves and is told as left, but not where she is. What is others' never comes."""
    everything = who(floor, keys, "everything")
    async with who(floor, keys, "router").watch(delivery=delivery) as watch:
        await watch.began()
        assert set(watch.view) == {"ana", "ben"}
        await everything.change("dan", BUSY)
        came = await regroup(floor, keys, FOREIGN, "sales", "support")
        await watch.until_revision(came.revision)
        assert watch.view[FOREIGN] == came
        gone = await regroup(floor, keys, FOREIGN, "support")
        await watch.until_revision(gone.revision)
        await everything.change(FOREIGN, BUSY)
        last = (await everything.change("ana", BUSY)).staff
        await watch.until_revision(last.revision)
    assert [(change.staff.staff_id, change.left) for change in watch.changes] == [
        (FOREIGN, False),
        (FOREIGN, True),
        ("ana", False),
    ]
    left = watch.changes[1]
    assert left.staff == staff_pb2.Staff(staff_id=FOREIGN, revision=gone.revision)
    assert left.transition == staff_pb2.Transition(staff_id=FOREIGN, revision=gone.revision)


async def test_who_leaves_the_filter_and_not_the_view_is_told_as_ever(floor: World, keys: KeyFile):
    """The restriction takes nothing from what a filter of one's own tells."""
    async with who(floor, keys, "router").watch(filter={"statuses": [AVAILABLE]}) as watch:
        await watch.began()
        changed = (await who(floor, keys, "everything").change("ana", BUSY)).staff
        (left,) = await watch.until_changes(1)
    assert (left.left, left.staff) == (True, changed)


async def test_a_walk_over_the_latest_tells_who_left_without_a_word(floor: World, keys: KeyFile):
    """A watcher of the latest states comes back: ben has left its groups, cat has come, and dan has never been there."""
    everything = who(floor, keys, "everything")
    async with who(floor, keys, "router").watch(delivery=LATEST) as watch:
        await watch.began()
    floor.running.engine.replica.rings(keys.lines["router"]["tenants"][0]).clear()
    await regroup(floor, keys, "ben", "support")
    gone = (await everything.change("ben", BUSY)).staff
    came = await regroup(floor, keys, FOREIGN, "sales")
    await everything.change("dan", BUSY)
    floor.running.engine.replica.rings(keys.lines["router"]["tenants"][0]).clear()
    async with who(floor, keys, "router").watch(delivery=LATEST, resume_after=watch.position) as resumed:
        changes = await resumed.until_changes(2)
    assert [(change.staff, change.left) for change in changes] == [
        (staff_pb2.Staff(staff_id="ben", revision=gone.revision), True),
        (came, False),
    ]


async def test_a_position_of_another_view_is_refused(floor: World, keys: KeyFile):
    """Who was restricted since watches afresh: what it had seen is not what it sees."""
    async with who(floor, keys, "boss").watch() as watch:
        await watch.began()
    async with who(floor, keys, "router").watch(resume_after=watch.position) as resumed:
        assert (await resumed.refusal()).reason == "POSITION_FILTER_CHANGED"


async def test_a_stream_ends_when_its_credential_is_restricted_further(floor: World, keys: KeyFile):
    """Widened it goes on with what it had."""
    async with who(floor, keys, "router").watch() as watch, who(floor, keys, "supervisor").watch() as other:
        await watch.began()
        await other.began()
        keys.change("router", skill_groups=["support"])
        keys.change("supervisor", skill_groups=["sales", "support"])
        await read_again(floor)
        assert (await watch.refusal()).metadata == {"problem": "REVOKED"}
        await who(floor, keys, "everything").change("ana", BUSY)
        await other.until_changes(1)


async def test_a_gateways_stream_ends_when_its_person_leaves(floor: World, keys: KeyFile):
    """It comes again, and is told that there is no such person."""
    async with who(floor, keys, "workspace").attach("ana") as stream:
        await stream.frame()
        await regroup(floor, keys, "ana", "support")
        frames = await stream.rest()
    assert frames[-1].HasField("going_away")
    assert not any("support" in str(frame) for frame in frames)
    assert (await who(floor, keys, "workspace").refused(workspace.AttachRequest(staff_id="ana"))).reason == "STAFF_UNKNOWN"


async def test_a_gateways_watch_of_colleagues_ends_when_its_person_leaves(floor: World, keys: KeyFile):
    """As its other stream does."""
    async with who(floor, keys, "workspace").open(workspace.WatchColleaguesRequest(staff_id="ana")) as stream:
        await stream.frame()
        await regroup(floor, keys, "ana", "support")
        assert (await stream.rest())[-1].HasField("going_away")
    request = workspace.WatchColleaguesRequest(staff_id="ana")
    assert (await who(floor, keys, "workspace").refused(request)).reason == "STAFF_UNKNOWN"


# --- claims -----------------------------------------------------------------------------------------------------------


async def test_candidates_of_other_groups_are_unknown(floor: World, keys: KeyFile):
    """They are passed over and named as those who are not there."""
    client = who(floor, keys, "router")
    ask = router.ClaimStaffRequest
    foreign = await client.refused(ask(call_id="c1", candidates={"staff_ids": [FOREIGN]}))
    unknown = await client.refused(ask(call_id="c1", candidates={"staff_ids": [NOBODY]}))
    assert unknown.reason == "STAFF_UNKNOWN"
    assert alike(foreign, unknown)
    named = [await client.refused(ask(call_id="c1", named={"staff_id": one})) for one in (FOREIGN, NOBODY)]
    assert alike(*named)


async def test_a_claim_by_group_chooses_among_the_own_groups(floor: World, keys: KeyFile):
    """Support is not the router's: of its members ben alone, who is in sales too, can be chosen; then it has nobody."""
    client = who(floor, keys, "router")
    assert (await client.claim("c1", skill_group="support")).staff.staff_id == "ben"
    ask = router.ClaimStaffRequest(call_id="c2", group_member={"skill_groups": [{"name": "support"}]})
    refused = await client.refused(ask)
    assert refused.reason == "NOBODY_AVAILABLE"
    assert not any("cat" in str(one) for one in refused.details)
    (nobody,) = refused.details
    assert sum(count.count for count in nobody.counts) == 1  # type: ignore[attr-defined]


async def test_a_foreign_group_is_as_one_that_nobody_is_in(floor: World, keys: KeyFile):
    """Claims by either say the same."""
    await who(floor, keys, "everything").create_available("eve", "vip")
    client = who(floor, keys, "router")
    asks = [router.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": name}]}) for name in ("vip", "vap")]
    foreign, unknown = [await client.refused(ask) for ask in asks]
    assert repr(foreign).replace("vip", "vap") == repr(unknown)


async def test_claims_of_others_are_unknown(floor: World, keys: KeyFile):
    """Reading and withdrawing: as claims that were never made. The call's offer to cat answers no claim of sales' router."""
    claimed = await who(floor, keys, "everything").claim("c1", staff_id=FOREIGN)
    client = who(floor, keys, "router")
    for kind in (router.GetClaimRequest, router.WithdrawClaimRequest):
        assert (await client.refused(kind(claim_id=claimed.claim_id))).reason == "CLAIM_UNKNOWN"
    own = await client.claim("c1", skill_group="sales")
    assert (own.staff.staff_id, own.already_offered) == ("ana", False)
    assert (await client.ask(router.GetClaimRequest(claim_id=own.claim_id))).claim.staff_id == "ana"


async def test_an_answered_call_ends_offers_to_others_too(floor: World, keys: KeyFile):
    """What the rules make of a fact does not stop at what its sender may see."""
    everything, client = who(floor, keys, "everything"), who(floor, keys, "router")
    await everything.claim("c1", staff_id=FOREIGN)
    await client.claim("c1", staff_id="ana")
    await client.started("ana", "c1")
    assert not (await everything.get(FOREIGN)).HasField("offer")


async def test_a_request_id_is_the_views_own(floor: World, keys: KeyFile):
    """The answer that was given to who sees everybody is not given to who does not."""
    request = router.ClaimStaffRequest(call_id="c1", named={"staff_id": FOREIGN}, request_id="r1")
    await who(floor, keys, "everything").ask(request)
    refused = await who(floor, keys, "router").refused(request)
    assert refused.reason == "REQUEST_ID_REUSED"
    assert "c1" not in str(refused.details)
    batch = supervisor.BatchForceStatusRequest(
        requests=[{"staff_id": FOREIGN, "choice": CHOICE, "note": "why"}], request_id="r2"
    )
    await who(floor, keys, "everything").ask(batch)
    (result,) = (await who(floor, keys, "supervisor").ask(batch)).results
    assert refusal_in(result.error).reason == "REQUEST_ID_REUSED"


# --- facts and batches ------------------------------------------------------------------------------------------------


async def test_batches_pass_over_others_item_by_item(floor: World, keys: KeyFile):
    """Each item about cat fails as one about caz; those about ana are taken."""
    people = ["ana", FOREIGN, NOBODY]
    events = [{"started": {"staff_id": staff_id, "call_id": f"c-{staff_id}"}} for staff_id in people]
    told = await who(floor, keys, "router").ask(router.ReportCallEventsRequest(events=events))
    forces = [{"staff_id": staff_id, "choice": CHOICE, "note": "why"} for staff_id in people]
    forced = await who(floor, keys, "supervisor").ask(supervisor.BatchForceStatusRequest(requests=forces))
    for own, foreign, unknown in (told.results, forced.results):
        assert own.HasField("taken")
        assert str(foreign).replace(FOREIGN, NOBODY) == str(unknown)
        assert len(foreign.SerializeToString()) == len(unknown.SerializeToString())


async def test_reconciling_leaves_others_calls_alone(floor: World, keys: KeyFile):
    """A source's list ends what it has of the own people; of others it neither ends nor begins one, and knows none."""
    everything, client = who(floor, keys, "everything"), who(floor, keys, "router")
    for staff_id in ("ana", FOREIGN):
        await everything.started(staff_id, f"c-{staff_id}", source="pbx")
    calls = [{"staff_id": staff_id, "call_id": "new"} for staff_id in ("ben", FOREIGN, NOBODY)]
    told = await client.ask(router.ReconcileCallsRequest(source="pbx", calls=calls))
    assert [call.staff_id for call in told.ended] == ["ana"]
    assert [call.staff_id for call in told.started] == ["ben"]
    assert [call.staff_id for call in told.unknown_staff] == [FOREIGN, NOBODY]
    assert [call.call_id for call in (await everything.get(FOREIGN)).calls] == [f"c-{FOREIGN}"]


# --- the past ---------------------------------------------------------------------------------------------------------


async def whole_history(client: Client, **fields: Any) -> list[staff_pb2.Transition]:
    """Pages of one change each, to the end."""
    found: list[staff_pb2.Transition] = []
    token = ""
    while True:
        page = await client.ask(history.ListTransitionsRequest(page_size=1, page_token=token, **fields))
        found += page.transitions
        token = page.next_page_token
        if not token:
            return found


async def test_history_is_that_of_the_own_groups(floor: World, keys: KeyFile):
    """What cat did before she came and after she went is not told; what she did in sales, her coming and going are."""
    everything = who(floor, keys, "everything")
    came = await regroup(floor, keys, FOREIGN, "sales")
    during = (await everything.change(FOREIGN, BUSY)).staff
    gone = await regroup(floor, keys, FOREIGN, "support")
    await everything.change(FOREIGN, AVAILABLE)
    client = who(floor, keys, "supervisor")
    for filtered in ({}, {"staff_ids": [FOREIGN]}):
        told = [one for one in await whole_history(client, filter=filtered) if one.staff_id not in {"ana", "ben"}]
        assert [one.revision for one in told] == [came.revision, during.revision, gone.revision]
    assert [one.staff_id for one in await whole_history(client, filter={"skill_groups": ["support"]})] == ["ben", "ben"]
    exported = await client.open(history.ExportTransitionsRequest()).rest()
    assert {one.staff_id for frame in exported for one in frame.transitions} == {"ana", "ben", FOREIGN}
    assert sum(len(frame.transitions) for frame in exported) == len(await whole_history(client))


async def test_time_is_summed_within_the_own_groups(floor: World, keys: KeyFile):
    """Nobody else has a row, whoever is asked for by name; and no page token names them."""
    starts_at = {"seconds": 1}
    client = who(floor, keys, "supervisor")
    rows: list[str] = []
    token = ""
    while True:
        page = await client.ask(history.SummarizeTimeRequest(starts_at=starts_at, page_size=1, page_token=token))
        rows += [row.staff_id for row in page.staff]
        token = page.next_page_token
        if not token:
            break
    assert rows == ["ana", "ben"]
    asked = history.SummarizeTimeRequest(starts_at=starts_at, staff_ids=[FOREIGN, NOBODY])
    assert not (await client.ask(asked)).staff
    asked = history.SummarizeTimeRequest(starts_at=starts_at, skill_groups=["support"])
    assert [row.staff_id for row in (await client.ask(asked)).staff] == ["ben"]


async def test_changes_of_configuration_are_those_of_the_own_groups(floor: World, keys: KeyFile):
    """The policy is everybody's; the directory's changes are told of who was in sales before or after."""
    boss = who(floor, keys, "boss")
    await boss.break_reason()
    await regroup(floor, keys, "dan", "sales")
    told = await who(floor, keys, "supervisor").ask(history.ListConfigurationChangesRequest(page_size=1_000))
    assert [change.subject for change in told.changes] == ["ana", "ben", "lunch", "dan"]


async def test_who_sees_no_group_sees_nobody(floor: World, keys: KeyFile):
    """A group that nobody is in: every answer is empty, and none is an error."""
    keys.add("lonely", "supervisor", "router", skill_groups=["vap"])
    await read_again(floor)
    client = who(floor, keys, "lonely")
    assert (await client.listed()).total_size == 0
    assert not await client.transitions()
    assert not (await client.ask(history.SummarizeTimeRequest(starts_at={"seconds": 1}))).staff
    assert (await client.ask(supervisor.GetStaffSummaryRequest())).total == 0
    async with client.watch() as watch:
        await watch.began()
    assert not watch.view
