"""The past: pages, export, and sums of time that come out exactly."""

import asyncio
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from google.protobuf.timestamp_pb2 import Timestamp
from rpc_world import AVAILABLE, BUSY, IN_LINE, OFFLINE, ON_BREAK, Client, World, serving

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.rpc.servicers import history


def at(clock: FakeClock, seconds: float = 0) -> Timestamp:
    """The clock's instant, so many seconds later."""
    stamp = Timestamp()
    stamp.FromMicroseconds(clock.now() + round(seconds * 1_000_000))
    return stamp


async def story(client: Client, clock: FakeClock) -> list[staff_pb2.Transition]:
    """Two people and a dozen changes, a second apart."""
    await client.break_reason("lunch")
    steps = [
        client.create("ana", "cards"),
        client.create("ben", "cards"),
        client.change("ana", AVAILABLE),
        client.change("ben", BUSY),
        client.claim("c1", staff_id="ana"),
        client.started("ana", "c1"),
        client.change("ben", ON_BREAK, "lunch"),
        client.ended("ana", "c1"),
        client.ask(workspace.BackToReceptionRequest(staff_id="ana")),
        client.change("ben", OFFLINE),
        client.change("ana", OFFLINE),
        client.remove("ben"),
    ]
    for step in steps:
        clock.move(1)
        await step
    return await client.transitions()


# --- ListTransitions --------------------------------------------------------------------------------------------------


async def pages(client: Client, **fields) -> list[list[staff_pb2.Transition]]:
    """Every page of a list."""
    found, token = [], ""
    while True:
        page = await client.ask(pb.ListTransitionsRequest(page_token=token, **fields))
        found.append(list(page.transitions))
        token = page.next_page_token
        if not token:
            return found


async def test_every_change_is_listed_by_revision(timed: World, clock: FakeClock):
    """Oldest first, with cause, actor, statuses and time in the previous one; configuration is not in it."""
    told = await story(timed.client, clock)
    assert [one.revision for one in told] == list(range(2, 14))
    assert [(one.staff_id, one.cause) for one in told] == [
        ("ana", staff_pb2.CAUSE_ADMIN),
        ("ben", staff_pb2.CAUSE_ADMIN),
        ("ana", staff_pb2.CAUSE_STAFF),
        ("ben", staff_pb2.CAUSE_STAFF),
        ("ana", staff_pb2.CAUSE_CLAIM),
        ("ana", staff_pb2.CAUSE_CALL_STARTED),
        ("ben", staff_pb2.CAUSE_STAFF),
        ("ana", staff_pb2.CAUSE_CALL_ENDED),
        ("ana", staff_pb2.CAUSE_STAFF),
        ("ben", staff_pb2.CAUSE_STAFF),
        ("ana", staff_pb2.CAUSE_STAFF),
        ("ben", staff_pb2.CAUSE_ADMIN),
    ]
    started = told[5]
    assert (started.previous_status, started.status, started.call_id) == (AVAILABLE, IN_LINE, "c1")
    assert started.calls_started == 1
    assert started.ended_offer.end == staff_pb2.OFFER_END_ACCEPTED
    assert started.time_in_previous_status.seconds == 3
    assert (told[6].previous_break_reason, told[6].break_reason) == ("", "lunch")
    assert told[9].previous_break_reason == "lunch"
    assert told[11].kind == staff_pb2.TRANSITION_KIND_DELETED


@pytest.mark.parametrize("size", [1, 2, 5, 12, 13, 5_000])
@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_put_together_are_the_whole(timed: World, clock: FakeClock, size: int, *, newest_first: bool):
    """Whatever their size and direction; only the last one has no token."""
    whole = await story(timed.client, clock)
    found = await pages(timed.client, page_size=size, newest_first=newest_first)
    assert [one for page in found for one in page] == (whole[::-1] if newest_first else whole)
    assert all(len(page) == min(size, 12) for page in found[:-1])
    assert len(found) == -(-12 // size)


@pytest.mark.parametrize(
    ("chosen", "revisions"),
    [
        ({"staff_ids": ["ben"]}, [3, 5, 8, 11, 13]),
        ({"staff_ids": ["ben", "ana"]}, list(range(2, 14))),
        ({"staff_ids": ["nobody"]}, []),
        ({"causes": [staff_pb2.CAUSE_CLAIM, staff_pb2.CAUSE_CALL_ENDED]}, [6, 9]),
        ({"status_changes_only": True}, [2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13]),
        ({"staff_ids": ["ana"], "causes": [staff_pb2.CAUSE_STAFF], "status_changes_only": True}, [4, 10, 12]),
    ],
)
@pytest.mark.parametrize("newest_first", [False, True])
async def test_filters(timed: World, clock: FakeClock, chosen: dict, revisions: list, *, newest_first: bool):
    """Staff, causes and status changes, alone and together, in both directions, and over pages."""
    await story(timed.client, clock)
    wanted = revisions[::-1] if newest_first else revisions
    found = await pages(timed.client, filter=chosen, newest_first=newest_first, page_size=2)
    assert [one.revision for page in found for one in page] == wanted


async def test_changes_of_a_call(timed: World, clock: FakeClock):
    """By its id, of a source where one is named, with all that the change ended beside it."""
    client = timed.client
    await client.create_available("ana")
    await client.claim("c1", staff_id="ana")
    await client.started("ana", "c1", source="pbx")
    await client.started("ana", "c2", source="pbx")
    await client.ask(supervisor.ResetStaffRequest(staff_id="ana"))
    told = await client.transitions(filter={"call_ids": ["c1"]})
    assert [(one.cause, one.call_id) for one in told] == [
        (staff_pb2.CAUSE_CLAIM, "c1"),
        (staff_pb2.CAUSE_CALL_STARTED, "c1"),
        (staff_pb2.CAUSE_RESET, ""),
    ]
    assert told[1].source == "pbx"
    assert len(await client.transitions(filter={"call_ids": ["c1"], "source": "pbx"})) == 2
    assert await client.transitions(filter={"call_ids": ["c1"], "source": "other"}) == []
    assert await client.transitions(filter={"call_ids": ["c3"]}) == []


@pytest.mark.parametrize("newest_first", [False, True])
async def test_an_id_that_changes_hands_between_pages_keeps_its_changes(client: Client, *, newest_first: bool):
    """All pages are of the person who had the id when the first one was asked for."""
    await client.create_available("ana")
    await client.change("ana", OFFLINE)
    await client.remove("ana")
    whole = await client.transitions(newest_first=newest_first)
    asked = {"filter": {"staff_ids": ["ana"]}, "newest_first": newest_first}
    first = await client.ask(pb.ListTransitionsRequest(page_size=2, **asked))
    await client.create("ana")
    second = await client.ask(pb.ListTransitionsRequest(page_size=9, page_token=first.next_page_token, **asked))
    assert [*first.transitions, *second.transitions] == whole


async def test_a_page_after_an_erasure_is_refused(client: Client):
    """PAGE_TOKEN_INVALID: what is listed by the id would end early, as if there were no more."""
    await client.create("ben")
    await client.remove("ben")
    first = await client.ask(pb.ListTransitionsRequest(filter={"staff_ids": ["ben"]}, page_size=1))
    await client.ask(admin.EraseStaffRequest(staff_id="ben"))
    again = pb.ListTransitionsRequest(filter={"staff_ids": ["ben"]}, page_size=1, page_token=first.next_page_token)
    assert (await client.refused(again)).reason == "PAGE_TOKEN_INVALID"


async def test_every_change_of_a_claim_names_its_source(timed: World, clock: FakeClock):
    """From the claim to the wrap-up, also where another call ends the offer, or telephony names the source only at the end."""
    client = timed.client
    await client.create_available("ana")

    async def of(call_id: str) -> list[tuple[int, str, str]]:
        told = await client.transitions(filter={"call_ids": [call_id], "source": "pbx"})
        return [(one.cause, one.call_id, one.source) for one in told]

    await client.claim("c1", staff_id="ana", source="pbx")
    await client.ask(workspace.PlaceCallRequest(staff_id="ana", call_id="dialled"))
    assert await of("c1") == [(staff_pb2.CAUSE_CLAIM, "c1", "pbx"), (staff_pb2.CAUSE_CALL_PLACED, "dialled", "")]
    await client.ended("ana", "dialled", source="pbx")
    await client.ask(workspace.BackToReceptionRequest(staff_id="ana"))
    await client.claim("c2", staff_id="ana", source="pbx")
    await client.started("ana", "c2")
    await client.ended("ana", "c2", source="pbx")
    clock.move(31)
    await client.until_status("ana", AVAILABLE)
    causes = (staff_pb2.CAUSE_CLAIM, staff_pb2.CAUSE_CALL_STARTED, staff_pb2.CAUSE_CALL_ENDED, staff_pb2.CAUSE_WRAP_UP_ENDED)
    assert await of("c2") == [(cause, "c2", "pbx") for cause in causes]
    await client.claim("c3", staff_id="ana")
    await client.ended("ana", "c3", source="pbx")
    assert await of("c3") == [(staff_pb2.CAUSE_CALL_ENDED, "c3", "pbx")]


async def test_a_source_that_is_not_known_is_not_guessed(timed: World, clock: FakeClock):
    """A claim without a source may be of another source's call than the ended one with its id."""
    client = timed.client
    await client.create_available("ana")
    await client.started("ana", "c1", source="pbx")
    await client.ended("ana", "c1", source="pbx")
    clock.move(31)
    await client.until_status("ana", AVAILABLE)
    await client.claim("c1", staff_id="ana")
    assert [one.source for one in await client.transitions(filter={"causes": [staff_pb2.CAUSE_CLAIM]})] == [""]


async def test_status_changes_include_the_first_and_the_last(timed: World, clock: FakeClock):
    """A creation begins the first status and a deletion ends the last: what is between them is a person's whole time."""
    client = timed.client
    await client.create("ana", "cards")
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", display_name="Ana"))
    await client.remove("ana")
    told = await client.transitions(filter={"status_changes_only": True})
    assert [one.kind for one in told] == [staff_pb2.TRANSITION_KIND_CREATED, staff_pb2.TRANSITION_KIND_DELETED]


async def test_changes_by_skill_group_of_then(timed: World, clock: FakeClock):
    """Of those who were members when it happened; also the change that made them so."""
    client = timed.client
    await client.create("ana", "cards")
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "loans"}]))
    await client.change("ana", AVAILABLE)
    assert [one.revision for one in await client.transitions(filter={"skill_groups": ["cards"]})] == [1, 2]
    assert [one.revision for one in await client.transitions(filter={"skill_groups": ["loans"]})] == [2, 3]


async def test_pages_say_where_history_begins(timed: World, clock: FakeClock):
    """``complete_from`` once something was forgotten; a page whose next was forgotten meanwhile is not gone on from."""
    client = timed.client
    await client.create("ana")
    for status in (AVAILABLE, BUSY, AVAILABLE, BUSY):
        await client.change("ana", status)
    first = await client.ask(pb.ListTransitionsRequest(page_size=1))
    newest = await client.ask(pb.ListTransitionsRequest(page_size=1, newest_first=True))
    assert not first.HasField("complete_from")
    forgotten_at = clock.now()
    clock.move(181 * 24 * 3600)
    await client.change("ana", OFFLINE)
    await timed.engine.retention.forget()
    refusal = await client.refused(pb.ListTransitionsRequest(page_size=1, page_token=first.next_page_token))
    assert refusal.reason == "PAGE_TOKEN_INVALID"
    afresh = await client.ask(pb.ListTransitionsRequest(page_size=1))
    assert afresh.complete_from.ToMicroseconds() == forgotten_at + 1
    rest = await client.ask(pb.ListTransitionsRequest(page_size=9, newest_first=True, page_token=newest.next_page_token))
    assert (list(rest.transitions), rest.HasField("complete_from")) == ([], True)


async def test_pages_are_cut_by_bytes(client: Client):
    """A thousand changes with the longest notes come in pages that any client can read."""
    await client.create("ana")
    for number in range(300):
        choice = {"status": BUSY if number % 2 else AVAILABLE}
        note = "\N{GRINNING FACE}" * 1_000
        await client.ask(supervisor.ForceStatusRequest(staff_id="ana", choice=choice, note=note))
    found = await pages(client, page_size=1_000)
    assert [len(page) > 100 for page in found] == [True, False]
    assert sum(map(len, found)) == 301
    assert max(sum(one.ByteSize() for one in page) for page in found) < 1024 * 1024 + 8_192


async def test_time_filters_are_half_open(timed: World, clock: FakeClock):
    """At or after the start, before the end, to the microsecond."""
    whole = await story(timed.client, clock)
    third, sixth = whole[2].changed_at, whole[5].changed_at
    told = await timed.client.transitions(filter={"starts_at": third, "ends_at": sixth})
    assert told == whole[2:5]
    just_after = Timestamp()
    just_after.FromMicroseconds(third.ToMicroseconds() + 1)
    assert await timed.client.transitions(filter={"starts_at": just_after}) == whole[3:]
    assert await timed.client.transitions(filter={"ends_at": just_after}) == whole[:3]


async def test_a_page_token_is_for_its_own_question(timed: World, clock: FakeClock):
    """PAGE_TOKEN_INVALID for another filter, direction, RPC or tenant; the page's size may change."""
    client = timed.client
    await story(client, clock)
    await client.create("chi")
    token = (await client.ask(pb.ListTransitionsRequest(page_size=2))).next_page_token
    staff_token = (await client.listed(page_size=1)).next_page_token
    for asking, request in (
        (client, pb.ListTransitionsRequest(page_token=token, newest_first=True)),
        (client, pb.ListTransitionsRequest(page_token=token, filter={"staff_ids": ["ana"]})),
        (client, pb.ListTransitionsRequest(page_token=staff_token)),
        (client, router.ListStaffRequest(page_token=token)),
        (timed.caller(tenant="other"), pb.ListTransitionsRequest(page_token=token)),
    ):
        refusal = await asking.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
    assert len((await client.ask(pb.ListTransitionsRequest(page_token=token, page_size=7))).transitions) == 7


async def test_pages_go_on_while_changes_come(timed: World, clock: FakeClock):
    """Oldest first the new ones come at the end; newest first they are not seen, and nothing is told twice."""
    client = timed.client
    whole = await story(client, clock)
    oldest = await client.ask(pb.ListTransitionsRequest(page_size=10))
    newest = await client.ask(pb.ListTransitionsRequest(page_size=10, newest_first=True))
    await client.change("ana", BUSY)
    rest = await client.ask(pb.ListTransitionsRequest(page_size=10, page_token=oldest.next_page_token))
    assert [one.revision for one in rest.transitions] == [12, 13, 14]
    rest = await client.ask(pb.ListTransitionsRequest(page_size=10, newest_first=True, page_token=newest.next_page_token))
    assert list(rest.transitions) == whole[1::-1]


@pytest.mark.parametrize("newest_first", [False, True])
async def test_a_page_does_not_claim_what_it_has_not_seen(client: Client, world: World, *, newest_first: bool):
    """A change that comes while the page is read is not in the page, and not before its position either."""
    await client.create("ana")
    gate = world.gate()
    gate.hold_reads()
    reading = asyncio.ensure_future(client.ask(pb.ListTransitionsRequest(newest_first=newest_first)))
    await gate.arrived()
    changed = (await client.change("ana", BUSY)).staff
    gate.release()
    page = await reading
    assert [one.revision for one in page.transitions] == [1]
    async with client.watch(resume_after=page.position) as watch:
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


async def test_sums_do_not_claim_what_they_have_not_seen(client: Client, world: World):
    """The position of sums is not beyond a change that came while they were made."""
    await client.create("ana")
    gate = world.gate()
    gate.hold_reads()
    summing = asyncio.ensure_future(client.ask(pb.SummarizeTimeRequest(starts_at={"seconds": 1})))
    await gate.arrived()
    changed = (await client.change("ana", BUSY)).staff
    gate.release()
    position = (await summing).position
    async with client.watch(resume_after=position) as watch:
        (change,) = await watch.until_changes(1)
    assert change.staff == changed


# --- ExportTransitions ------------------------------------------------------------------------------------------------


async def exported(client: Client, **fields) -> tuple[list[staff_pb2.Transition], list]:
    """The changes of an export, and its frames."""
    frames = await client.open(pb.ExportTransitionsRequest(**fields)).rest()
    return [one for frame in frames for one in frame.transitions], frames


async def test_an_export_is_every_change_and_ends(timed: World, clock: FakeClock):
    """By ascending revision, up to the present, with a position at which to go on."""
    whole = await story(timed.client, clock)
    told, frames = await exported(timed.client)
    assert told == whole
    changed = (await timed.client.change("ana", AVAILABLE)).staff
    more, _ = await exported(timed.client, resume_after=frames[-1].position)
    assert [one.revision for one in more] == [changed.revision]
    nothing, frames = await exported(timed.client, resume_after=frames[-1].position, filter={"staff_ids": ["ben"]})
    assert nothing == []
    assert frames[-1].position


async def test_an_export_of_nothing_has_a_position(client: Client):
    """An empty store can be exported, and followed from there."""
    told, (frame,) = await exported(client)
    assert told == []
    created = await client.create("ana")
    more, _ = await exported(client, resume_after=frame.position)
    assert [one.revision for one in more] == [created.revision]


async def test_an_export_can_go_on_after_any_of_its_frames(client: Client, monkeypatch: pytest.MonkeyPatch):
    """Each frame's position is a place to resume; nothing is told twice or left out."""
    monkeypatch.setattr(history, "EXPORT_RECORDS", 7)
    await client.create_many(30)
    whole, frames = await exported(client)
    assert [one.revision for one in whole] == list(range(1, 31))
    assert [len(frame.transitions) for frame in frames] == [7, 7, 7, 7, 2]
    seen = 0
    for frame in frames:
        seen += len(frame.transitions)
        rest, _ = await exported(client, resume_after=frame.position)
        assert rest == whole[seen:]


async def test_an_export_is_filtered(timed: World, clock: FakeClock):
    """The same filters as for pages."""
    client = timed.client
    whole = await story(client, clock)
    chosen = {"staff_ids": ["ana"], "status_changes_only": True, "starts_at": whole[4].changed_at}
    told, _ = await exported(client, filter=chosen)
    assert told == await client.transitions(filter=chosen)
    assert [one.revision for one in told] == [7, 9, 10, 12]


async def test_a_large_export_comes_in_several_frames(client: Client):
    """Thousands of changes, a thousand a frame, each small enough for any client."""
    await client.create_many(2_500, name="x" * 200)
    told, frames = await exported(client)
    assert len(told) == 2_500
    assert [len(frame.transitions) for frame in frames] == [1_000, 1_000, 500]
    assert max(frame.ByteSize() for frame in frames) < 1024 * 1024


async def test_an_export_of_the_longest_notes_can_be_read_by_any_client(client: Client):
    """Frames are bounded in bytes too; their positions are places to go on from as any other."""
    names = await client.create_many(600)
    for status in (AVAILABLE, BUSY):
        items = [{"staff_id": name, "choice": {"status": status}, "note": "\N{GRINNING FACE}" * 1_000} for name in names]
        await client.ask(supervisor.BatchForceStatusRequest(requests=items[:300]))
        await client.ask(supervisor.BatchForceStatusRequest(requests=items[300:]))
    told, frames = await exported(client)
    assert [one.revision for one in told] == list(range(1, 1_801))
    assert max(frame.ByteSize() for frame in frames) < 1024 * 1024 + 8_192
    rest, _ = await exported(client, resume_after=frames[-2].position)
    assert rest == list(frames[-1].transitions)


async def test_history_outlives_the_server(journal_path: Path, clock: FakeClock):
    """Pages, tokens and sums go on over a restart."""
    async with serving(journal_path, clock=clock) as world:
        whole = await story(world.client, clock)
        token = (await world.client.ask(pb.ListTransitionsRequest(page_size=4))).next_page_token
        sums = await world.client.ask(pb.SummarizeTimeRequest(starts_at=whole[0].changed_at, page_size=1))
    async with serving(journal_path, clock=clock) as world:
        rest = await world.client.ask(pb.ListTransitionsRequest(page_size=100, page_token=token))
        assert list(rest.transitions) == whole[4:]
        assert await world.client.transitions() == whole
        assert await world.client.ask(pb.SummarizeTimeRequest(starts_at=whole[0].changed_at, page_size=1)) == sums
