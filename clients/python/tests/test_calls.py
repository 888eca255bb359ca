"""Unary calls against a real server: answers, errors, deadlines, request ids; both kinds of client."""

import asyncio
import socket
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from kinds import World
from onduty_process import LONG
from secure_server import secure_server

import onduty_client
from onduty.v1.admin_service_pb2 import CreateStaffRequest
from onduty.v1.history_service_pb2 import ExportTransitionsRequest, ListTransitionsRequest
from onduty.v1.router_service_pb2 import (
    WITHDRAW_REASON_CALLER_GONE,
    CallEvent,
    ReportCallEndedRequest,
    ReportCallStartedRequest,
    SourceCall,
    WatchStaffRequest,
)
from onduty.v1.staff_pb2 import (
    ACTION_BACK_TO_RECEPTION,
    ACTION_CHANGE_TO_BUSY,
    DIRECTION_INBOUND,
    OFFER_END_UNSPECIFIED,
    OFFER_END_WITHDRAWN,
    STATUS_AVAILABLE,
    STATUS_BUSY,
    STATUS_IN_LINE,
    STATUS_OFFLINE,
    StaffFilter,
)
from onduty.v1.workspace_service_pb2 import GetStaffRequest

ATTEMPTS = 4
"""Of a call that fails in a way that may pass."""


def started(staff_id: str, call_id: str, **fields) -> CallEvent:
    return CallEvent(started=ReportCallStartedRequest(staff_id=staff_id, call_id=call_id, **fields))


def ended(staff_id: str, call_id: str) -> CallEvent:
    return CallEvent(ended=ReportCallEndedRequest(staff_id=staff_id, call_id=call_id))


async def test_of_many_routers_one_wins_the_claim(world: World):
    """Twenty claim the same person at once; the others are refused with the state as it is."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    router = world.kind.router(connection)
    claims = [world.do(router.claim, f"call-{number}", staff_id="ana") for number in range(20)]
    answers = await asyncio.gather(*claims, return_exceptions=True)
    lost = [one for one in answers if isinstance(one, onduty_client.RefusedError)]
    (won,) = [one for one in answers if not isinstance(one, Exception)]
    assert len(lost) == 19
    assert {one.reason for one in lost} == {"STAFF_NOT_ASSIGNABLE"}
    assert {one.current.offer.claim_id for one in lost} == {won.claim_id}


async def test_claim_on_a_group_takes_the_longest_idle(world: World):
    """And says who of the group does what when nobody is left."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    await world.sign_in(connection, "ben", "ana")
    router = world.kind.router(connection)
    first = await world.do(router.claim_member, "c1", "cards", ttl=65.5, direction=DIRECTION_INBOUND, source="pbx")
    second = await world.do(router.claim_member, "c2", "cards")
    assert [first.staff.staff_id, second.staff.staff_id] == ["ben", "ana"]
    assert first.skill_group == second.skill_group == "cards"
    length = first.staff.offer.expires_at.ToMicroseconds() - first.staff.offer.offered_at.ToMicroseconds()
    assert (length, first.staff.offer.source) == (65_500_000, "pbx")
    with pytest.raises(onduty_client.NobodyAvailableError) as nobody:
        await world.do(router.claim_member, "c3", ["cards"])
    assert [(one.skill_group, one.total) for one in nobody.value.skill_groups] == [("cards", 2)]
    assert [(one.status, one.count, one.assignable) for one in nobody.value.counts] == [(STATUS_AVAILABLE, 2, 0)]


async def test_claim_is_withdrawn(world: World):
    """Once; a second time it has ended already; a claim that nobody made is not found."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    router = world.kind.router(connection)
    claim = await world.do(router.claim, "c1", staff_id="ana")
    assert (await world.do(router.withdraw, claim.claim_id)).applied
    assert not (await world.do(router.withdraw, claim.claim_id)).applied
    with pytest.raises(onduty_client.NotFoundError) as unknown:
        await world.do(router.withdraw, "no-such-claim")
    assert unknown.value.reason == "CLAIM_UNKNOWN"


async def test_claim_needs_a_target(world: World):
    """No candidates and no groups are refused by the server, field by field."""
    router = world.kind.router(world.connect())
    for claim in (router.claim_first, router.claim_member):
        with pytest.raises(onduty_client.InvalidRequestError) as invalid:
            await world.do(claim, "c1", [])
        assert invalid.value.reason == "INVALID_FIELD"
        assert invalid.value.violations


async def test_claim_takes_the_first_candidate_who_can(world: World):
    """The best first; those who cannot be given the call are passed over. The offer that there is answers again."""
    connection = world.connect()
    await world.create(connection, "ana", "ben", "cid")
    await world.sign_in(connection, "ben", "cid")
    router = world.kind.router(connection)
    made = await world.do(router.claim_first, "c1", ["ana", "cid", "ben"])
    assert (made.staff.staff_id, made.skill_group, made.already_offered) == ("cid", "", False)
    again = await world.do(router.claim_first, "c1", ["ben"])
    assert (again.claim_id, again.already_offered) == (made.claim_id, True)
    with pytest.raises(onduty_client.NobodyAvailableError) as nobody:
        await world.do(router.claim_first, "c2", ["ana"])
    assert ([one.status for one in nobody.value.counts], nobody.value.skill_groups) == ([STATUS_OFFLINE], ())


async def test_claim_can_be_read(world: World):
    """Outstanding, and how it ended."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    router = world.kind.router(connection)
    made = await world.do(router.claim, "c1", staff_id="ana")
    claim = (await world.do(router.get_claim, made.claim_id, at_least=made.position)).claim
    assert (claim.staff_id, claim.call_id, claim.end) == ("ana", "c1", OFFER_END_UNSPECIFIED)
    await world.do(router.withdraw, made.claim_id, reason=WITHDRAW_REASON_CALLER_GONE)
    assert (await world.do(router.get_claim, made.claim_id)).claim.end == OFFER_END_WITHDRAWN


async def test_refusal_is_typed(world: World):
    """It names what was asked, what is allowed, and the state as it is."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    desk = world.kind.workspace(connection, "ana")
    with pytest.raises(onduty_client.RefusedError) as refused:
        await world.do(desk.back_to_reception)
    assert (refused.value.code, refused.value.reason) == ("FAILED_PRECONDITION", "TRANSITION_REFUSED")
    assert refused.value.requested == ACTION_BACK_TO_RECEPTION
    assert ACTION_CHANGE_TO_BUSY in refused.value.allowed
    assert (refused.value.current.staff_id, refused.value.current.status) == ("ana", STATUS_AVAILABLE)
    assert uuid.UUID(refused.value.request_id)


async def test_request_id_is_made_where_none_is_given(world: World):
    """Another one each time; the caller's message is left as it is, and the history has the id."""
    connection = world.connect()
    request = CreateStaffRequest(staff_id="ana")
    await world.do(connection.call, connection.services.admin.CreateStaff, request)
    assert request.request_id == ""
    await world.sign_in(connection, "ana")
    listing = ListTransitionsRequest(filter=None)
    history = await world.do(connection.call, connection.services.history.ListTransitions, listing)
    assert len({uuid.UUID(one.request_id) for one in history.transitions}) == 2


async def test_same_request_id_gives_the_first_answer(world: World):
    """Which is what makes asking again safe; other content under it is refused."""
    connection = world.connect()
    await world.create(connection, "ana")
    await world.sign_in(connection, "ana")
    router = world.kind.router(connection)
    first = await world.do(router.claim, "c1", staff_id="ana", request_id="r1")
    again = await world.do(router.claim, "c1", staff_id="ana", request_id="r1")
    assert (first.claim_id, first.replayed, again.claim_id, again.replayed) == (first.claim_id, False, first.claim_id, True)
    with pytest.raises(onduty_client.InvalidRequestError) as reused:
        await world.do(router.claim, "c2", staff_id="ana", request_id="r1")
    assert (reused.value.reason, reused.value.request_id) == ("REQUEST_ID_REUSED", "r1")


async def test_expected_revision_guards(world: World):
    """A revision that no longer holds is refused with the present state."""
    connection = world.connect()
    await world.create(connection, "ana")
    desk = world.kind.workspace(connection, "ana")
    answer = await world.do(desk.change_status, STATUS_AVAILABLE)
    await world.do(desk.change_status, STATUS_BUSY, expected_revision=answer.staff.revision)
    with pytest.raises(onduty_client.RevisionMismatchError) as lost:
        await world.do(desk.change_status, STATUS_AVAILABLE, expected_revision=answer.staff.revision)
    assert lost.value.expected_revision == answer.staff.revision
    assert lost.value.current.status == STATUS_BUSY


async def test_calls_are_reported(world: World):
    """A fact is taken and told once; the source's own time goes with it."""
    connection = world.connect()
    await world.create(connection, "ana")
    router = world.kind.router(connection)
    at = datetime(2026, 3, 1, 9, 30, 0, 123_456, tzinfo=UTC)
    answer = await world.do(router.call_started, "ana", "c1", source="pbx", occurred_at=at)
    assert (answer.applied, answer.staff.status) == (True, STATUS_IN_LINE)
    assert answer.staff.calls[0].occurred_at.ToDatetime(tzinfo=UTC) == at
    assert not (await world.do(router.call_started, "ana", "c1", source="pbx")).applied
    assert (await world.do(router.call_ended, "ana", "c1", source="pbx")).applied
    with pytest.raises(ValueError, match="zone"):
        await world.do(router.call_started, "ana", "c2", occurred_at=datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake.


async def test_report_of_many_facts_goes_in_several_requests(world: World):
    """A result for each in order, over the bounds of a request; told again, all are replayed."""
    connection = world.connect()
    await world.create(connection, "ana")
    router = world.kind.router(connection)
    pairs = [fact for number in range(1_050) for fact in (started("ana", f"c{number}"), ended("ana", f"c{number}"))]
    facts = [*pairs[:999], started("", "bad"), *pairs[999:]]
    first = await world.do(router.report, facts, request_id="day-1")
    assert len(first) == 2_101
    (place,) = [place for place, one in enumerate(first) if isinstance(one, onduty_client.OndutyError)]
    assert (place, type(first[place]), first[place].request_id) == (999, onduty_client.InvalidRequestError, "day-1")
    assert all(one.applied for one in first if not isinstance(one, onduty_client.OndutyError))
    again = await world.do(router.report, facts, request_id="day-1")
    assert all(one.replayed for one in again if not isinstance(one, onduty_client.OndutyError))


async def test_report_of_nothing_is_refused_by_the_server(world: World):
    """As any batch without items."""
    with pytest.raises(onduty_client.InvalidRequestError):
        await world.do(world.kind.router(world.connect()).report, [])


async def test_source_reconciles_its_calls(world: World):
    """The others end, the missing ones start."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    router = world.kind.router(connection)
    await world.do(router.call_started, "ana", "old", source="pbx")
    answer = await world.do(router.reconcile, "pbx", [SourceCall(staff_id="ben", call_id="new")])
    assert [(one.staff_id, one.call_id) for one in answer.ended] == [("ana", "old")]
    assert [(one.staff_id, one.call_id) for one in answer.started] == [("ben", "new")]


async def test_list_holds_everybody(world: World):
    """Over the bounds of a page, by id, with the position; a filter restricts."""
    connection = world.connect()
    from onduty.v1.admin_service_pb2 import BatchCreateStaffRequest

    for part in range(3):
        requests = [CreateStaffRequest(staff_id=f"s{part}{number:03}") for number in range(700)]
        await world.do(connection.call, connection.services.admin.BatchCreateStaff, BatchCreateStaffRequest(requests=requests))
    router = world.kind.router(connection)
    listed = await world.do(router.list_staff)
    assert [one.staff_id for one in listed.staff] == [f"s{part}{number:03}" for part in range(3) for number in range(700)]
    some = await world.do(router.list_staff, StaffFilter(staff_ids=["s0001", "none"]), at_least=listed.position)
    assert [one.staff_id for one in some.staff] == ["s0001"]


async def test_stream_of_a_stub_has_the_same_errors(world: World):
    """History is exported by the generated stub; the block ends the stream."""
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    method = connection.services.history.ExportTransitions
    if world.kind.name == "asyncio":
        async with connection.stream(method, ExportTransitionsRequest()) as frames:
            seen = [frame async for frame in frames]
    else:
        with await world.do(connection.stream, method, ExportTransitionsRequest()) as frames:
            seen = await world.do(list, frames)
    assert sum(len(frame.transitions) for frame in seen) == 2


async def test_deadline_leaves_the_outcome_unknown(world: World):
    """A server that takes the connection and never answers: the error says so, after the time allowed."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connection = world.connect(target=f"127.0.0.1:{silent.getsockname()[1]}", call_timeout=0.4)
        began = time.monotonic()
        with pytest.raises(onduty_client.TimedOutError) as late:
            await world.do(world.kind.router(connection).claim, "c1", staff_id="ana")
        assert time.monotonic() - began > 0.3
        assert (late.value.code, late.value.reason) == ("DEADLINE_EXCEEDED", "")
        assert uuid.UUID(late.value.request_id)


async def test_absent_server_is_unavailable_after_retries(world: World):
    """It was tried four times, with waits between."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # Nobody listens there, and nobody else can.
        connection = world.connect(target=f"127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(onduty_client.UnavailableError) as absent:
            await world.do(world.kind.router(connection).claim, "c1", staff_id="ana")
    assert (absent.value.code, absent.value.reason, absent.value.retry_after) == ("UNAVAILABLE", "", None)


async def test_closed_connection_says_so(world: World):
    """Its calls, floors and attachments fail with an error of the tree; closing twice is harmless."""
    connection = world.connect()
    router = world.kind.router(connection)
    await world.do(connection.close)
    await world.do(connection.close)
    with pytest.raises(onduty_client.OndutyError, match="closed"):
        await world.do(router.claim, "c1", staff_id="ana")
    with pytest.raises(onduty_client.OndutyError, match="closed"):
        await world.do(router.floor)
    with pytest.raises(onduty_client.OndutyError, match="closed"):
        await world.do(world.kind.workspace(connection, "ana").attach)


async def test_a_cancelled_that_nobody_asked_for_is_unavailable(world: World):
    """A call is made again first, as the service config says; of a stream it is told at once. CANCELLED is what we end."""
    with secure_server(None) as said:
        said.refusal = grpc.StatusCode.CANCELLED
        connection = world.connect(target=said.address)
        with pytest.raises(onduty_client.UnavailableError) as failed:
            await world.do(connection.call, connection.services.workspace.GetStaff, GetStaffRequest(staff_id="ana"))
        assert (failed.value.code, len(said.metadata)) == ("UNAVAILABLE", ATTEMPTS)
        stream = connection.stream(connection.services.router.WatchStaff, WatchStaffRequest())
        with pytest.raises(onduty_client.UnavailableError) as broken:
            await world.do(stream.read)
        assert broken.value.code == "UNAVAILABLE"


async def read_on(world: World, stream: Any) -> None:
    """Read a stream until it fails."""
    while True:
        await world.do(stream.read)


async def test_a_stream_that_we_end_is_cancelled(world: World):
    """Whoever reads it is told so, as is whoever reads one of a connection that is closed."""
    connection = world.connect()
    for end in (lambda stream: stream.cancel, lambda _: connection.close):
        stream = connection.stream(connection.services.router.WatchStaff, WatchStaffRequest())
        assert await world.do(stream.read)
        await world.do(end(stream))
        with pytest.raises(onduty_client.OndutyError) as ended:
            await read_on(world, stream)
        assert (type(ended.value), ended.value.code) == (onduty_client.OndutyError, "CANCELLED")


async def test_close_ends_calls_that_wait(world: World):
    """A call under way gets an error of the tree, not the end of its task."""
    with secure_server(None) as said:
        said.answers.clear()
        connection = world.connect(target=said.address, call_timeout=2 * LONG)
        method, request = connection.services.workspace.GetStaff, GetStaffRequest(staff_id="ana")
        asking = asyncio.create_task(world.do(connection.call, method, request))
        await world.until(lambda: said.metadata)
        await world.do(connection.close)
        with pytest.raises(onduty_client.OndutyError) as closed:
            await asyncio.wait_for(asking, LONG)
        assert closed.value.code == "CANCELLED"
