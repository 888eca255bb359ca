"""Who changed the configuration, why and when; and who is erased."""

import grpc
import pytest
from fake_clock import FakeClock
from rpc_world import AVAILABLE, OFFLINE, Client, World

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import staff_pb2

POLICY, REASON, STAFF = (
    pb.CONFIGURATION_KIND_POLICY,
    pb.CONFIGURATION_KIND_BREAK_REASON,
    pb.CONFIGURATION_KIND_STAFF,
)
CREATED, UPDATED, DELETED, ERASED = (
    pb.CONFIGURATION_ACTION_CREATED,
    pb.CONFIGURATION_ACTION_UPDATED,
    pb.CONFIGURATION_ACTION_DELETED,
    pb.CONFIGURATION_ACTION_ERASED,
)


async def listed(client: Client, **fields) -> list[pb.ConfigurationChange]:
    return list((await client.ask(pb.ListConfigurationChangesRequest(**fields))).changes)


def fields_of(change: pb.ConfigurationChange) -> dict[str, tuple[str, str]]:
    return {one.path: (one.before, one.after) for one in change.fields}


async def test_every_change_says_who_why_and_what(client: Client):
    """Policy, break reasons and directory, by revision, with paths and values in JSON."""
    await client.ask(admin.CreateBreakReasonRequest(code="lunch", display_name="Lunch", note="asked for", request_id="r-1"))
    await client.ask(admin.UpdateBreakReasonRequest(code="lunch", limit={"seconds": 1800}, note="too long"))
    await client.ask(admin.UpdatePolicyRequest(policy={"claim_ttl": {"seconds": 9}, "no_answer": {"misses": 5}}, note="busy"))
    await client.ask(admin.DeleteBreakReasonRequest(code="lunch", note="gone"))
    await client.ask(admin.CreateStaffRequest(staff_id="ana", display_name="Ana", note="new"))
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "cards"}], note="trained"))
    await client.ask(admin.DeleteStaffRequest(staff_id="ana", note="left"))
    told = await listed(client)
    assert [(one.kind, one.action, one.subject, one.note) for one in told] == [
        (REASON, CREATED, "lunch", "asked for"),
        (REASON, UPDATED, "lunch", "too long"),
        (POLICY, UPDATED, "", "busy"),
        (REASON, DELETED, "lunch", "gone"),
        (STAFF, CREATED, "ana", "new"),
        (STAFF, UPDATED, "ana", "trained"),
        (STAFF, DELETED, "ana", "left"),
    ]
    assert [one.revision for one in told] == sorted({one.revision for one in told})
    assert {one.actor.role for one in told} == {staff_pb2.ACTOR_ROLE_ADMIN}
    assert told[0].request_id == "r-1"
    assert fields_of(told[0])["display_name"] == ("", '"Lunch"')
    assert fields_of(told[1]) == {"limit": ("", '"1800s"')}
    assert fields_of(told[2]) == {"claim_ttl": ('"20s"', '"9s"'), "no_answer.misses": ("2", "5")}
    assert fields_of(told[3])["code"] == ('"lunch"', "")
    assert fields_of(told[4]) == {"display_name": ("", '"Ana"')}
    assert list(fields_of(told[5])) == ["skill_groups"]
    assert "cards" in fields_of(told[5])["skill_groups"][1]
    assert fields_of(told[6])["display_name"] == ('"Ana"', "")


async def test_what_changes_nothing_is_no_change(client: Client):
    """Nor is what staff and routers do."""
    await client.create_available("ana")
    await client.claim("c1", staff_id="ana")
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", display_name=(await client.get("ana")).display_name))
    assert [one.action for one in await listed(client)] == [CREATED]


async def test_filters_and_pages(timed: World, clock: FakeClock):
    """By kind, subject and instant, in both directions; pages put together are the whole."""
    client = timed.client
    for name in ("ana", "ben"):
        await client.create(name)
        clock.move(10)
    begin = clock.now()
    await client.break_reason("lunch")
    await client.ask(admin.UpdatePolicyRequest(policy={"claim_ttl": {"seconds": 9}}))
    whole = await listed(client)
    assert await listed(client, newest_first=True) == whole[::-1]
    assert [one.subject for one in await listed(client, kinds=[STAFF])] == ["ana", "ben"]
    assert [one.kind for one in await listed(client, kinds=[POLICY, REASON])] == [REASON, POLICY]
    assert [one.subject for one in await listed(client, subjects=["ben", "lunch"])] == ["ben", "lunch"]
    micros = {"seconds": begin // 1_000_000, "nanos": begin % 1_000_000 * 1_000}
    assert await listed(client, starts_at=micros) == whole[2:]
    assert await listed(client, ends_at=micros) == whole[:2]
    for newest_first in (False, True):
        found, token = [], ""
        while True:
            page = await client.ask(
                pb.ListConfigurationChangesRequest(page_size=3, page_token=token, newest_first=newest_first)
            )
            found += page.changes
            token = page.next_page_token
            if not token:
                break
        assert found == (whole[::-1] if newest_first else whole)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"kinds": [99]}, "kinds[0]"),
        ({"subjects": ["\n"]}, "subjects[0]"),
        ({"kinds": [1] * 11}, "kinds"),
        ({"page_size": -1}, "page_size"),
        ({"starts_at": {"seconds": 5}, "ends_at": {"seconds": 4}}, "ends_at"),
    ],
)
async def test_faults_are_named(client: Client, fields: dict, fault: str):
    """INVALID_FIELD with the field at fault."""
    refusal = await client.refused(pb.ListConfigurationChangesRequest(**fields))
    assert (refusal.reason, list(refusal.faults)) == ("INVALID_FIELD", [fault])


@pytest.mark.parametrize("request_type", ["CreateStaff", "UpdateStaff", "DeleteStaff", "CreateBreakReason", "UpdatePolicy"])
async def test_a_note_that_is_too_long_is_refused(client: Client, request_type: str):
    """1,000 characters are allowed; one more changes nothing."""
    request = getattr(admin, f"{request_type}Request")(note="x" * 1_001)
    assert "note" in (await client.refused(request)).faults


# --- erasing ----------------------------------------------------------------------------------------------------------


async def test_erasing_takes_a_person_out_of_all_that_is_told(client: Client):
    """History, sums and changes of configuration name the pseudonym; the order itself is listed."""
    await client.create("ana", name="Ana Nova")
    await client.change("ana", AVAILABLE)
    await client.started("ana", "c1")
    await client.ended("ana", "c1")
    await client.ended("ana", "never-heard-of")
    await client.change("ana", OFFLINE)
    await client.remove("ana")
    changes = len(await client.transitions())
    done = await client.ask(admin.EraseStaffRequest(staff_id="ana", note="works council"))
    (pseudonym,) = done.pseudonyms
    assert done.transitions == changes
    told = await client.transitions()
    assert {(one.staff_id, one.person_id, one.call_id, one.note) for one in told} == {(pseudonym, pseudonym, "", "")}
    assert len(told) == changes
    (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at={"seconds": 1}))).staff
    assert (row.staff_id, row.display_name, row.calls[0].calls_started) == (pseudonym, "", 1)
    kept = await listed(client)
    assert {one.subject for one in kept} == {pseudonym}
    assert (kept[-1].action, kept[-1].note) == (ERASED, "works council")
    assert not any("Ana" in one.before + one.after for change in kept for one in change.fields)
    assert (await client.refused(admin.EraseStaffRequest(staff_id="ana"))).reason == "STAFF_UNKNOWN"
    assert (await client.create("ana")).person_id not in {pseudonym, ""}


async def test_erasing_asks_for_a_deleted_person(client: Client):
    """FAILED_PRECONDITION while the person is there; the one who has the id now is not erased with the former."""
    first = await client.create("ana")
    refusal = await client.refused(admin.EraseStaffRequest(staff_id="ana"))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "STAFF_NOT_DELETED")
    await client.remove("ana")
    second = await client.create("ana")
    refusal = await client.refused(admin.EraseStaffRequest(staff_id="ana", person_id=second.person_id))
    assert refusal.reason == "STAFF_NOT_DELETED"
    assert len((await client.ask(admin.EraseStaffRequest(staff_id="ana", person_id=first.person_id))).pseudonyms) == 1
    assert [one.staff_id for one in await client.transitions(filter={"person_ids": [second.person_id]})] == ["ana"]
    assert (await client.change("ana", AVAILABLE)).staff.person_id == second.person_id


async def test_a_watch_from_before_an_erasure_begins_afresh(client: Client):
    """Who saw the person would never learn that they are gone: POSITION_TOO_OLD."""
    await client.create("ana")
    position = (await client.listed()).position
    await client.remove("ana")
    await client.ask(admin.EraseStaffRequest(staff_id="ana"))
    async with client.watch(resume_after=position) as watch:
        with pytest.raises(grpc.aio.AioRpcError) as ended:
            await watch.until_changes(1)
    assert ended.value.code() is grpc.StatusCode.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("fields", "fault"),
    [({}, "staff_id"), ({"staff_id": "a", "person_id": "ana"}, "person_id"), ({"note": "x" * 1_001}, "note")],
)
async def test_faults_of_an_order_are_named(client: Client, fields: dict, fault: str):
    """INVALID_FIELD, and nothing is erased."""
    assert fault in (await client.refused(admin.EraseStaffRequest(**fields))).faults
