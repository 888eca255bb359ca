"""Facts are delivered in the end: against a real server that goes away and comes back; both kinds of client."""

import signal

import pytest
from breakable_link import breakable_link
from kinds import World
from onduty_process import LONG, OndutyProcess, onduty_process

import onduty_client
from onduty.v1.history_service_pb2 import ListTransitionsRequest, TransitionFilter
from onduty.v1.staff_pb2 import CAUSE_CALL_ENDED, CAUSE_CALL_STARTED, FACT_OUTCOME_APPLIED, STATUS_IN_LINE, Staff
from onduty.v1.workspace_service_pb2 import GetStaffRequest


async def staff(world: World, connection, staff_id: str) -> Staff:
    method = connection.services.workspace.GetStaff
    answer = await world.do(connection.call, method, GetStaffRequest(staff_id=staff_id), wait_for_ready=True)
    return answer.staff


async def test_facts_are_taken_and_told(world: World):
    """In the order given, each with what the service did with it."""
    connection = world.connect()
    await world.create(connection, "ana")
    told = []
    outbox = world.kind.router(connection).outbox(on_settled=told.append)
    ids = [outbox.call_started("ana", "c1"), outbox.call_ended("ana", "c1", request_id="mine")]
    await world.do(outbox.flush, LONG)
    assert [one.request_id for one in told] == ids
    assert ids[1] == "mine"
    assert [one.taken.outcome for one in told] == [FACT_OUTCOME_APPLIED] * 2
    assert (outbox.size, outbox.size_bytes, outbox.last_error) == (0, 0, None)


async def test_a_refused_fact_is_told_and_holds_up_no_other(world: World):
    """The service's own refusal is final."""
    connection = world.connect()
    await world.create(connection, "ana")
    told = []
    outbox = world.kind.router(connection).outbox(on_settled=told.append)
    outbox.call_started("nobody", "c1")
    outbox.call_started("ana", "c2")
    await world.do(outbox.flush, LONG)
    refused, taken = told
    assert isinstance(refused.error, onduty_client.NotFoundError)
    assert (refused.taken, taken.error) == (None, None)
    assert (await staff(world, connection, "ana")).status == STATUS_IN_LINE


async def test_facts_outlive_an_outage(own_world: World, own_server: OndutyProcess):
    """Given while the server is killed and away: all are taken once, in order, and nobody is left in a call."""
    with breakable_link(own_server.address) as link:
        own_world.address = link.address
        connection = own_world.connect(call_timeout=0.5)
        people = [f"staff-{number}" for number in range(5)]
        await own_world.create(connection, *people)
        outbox = own_world.kind.router(connection).outbox()
        for one in people:
            outbox.call_started(one, f"call-{one}")
        link.refuse()
        own_server.stop(signal.SIGKILL)
        link.cut()
        for one in people:
            outbox.call_ended(one, f"call-{one}")
        await own_world.until(lambda: outbox.last_error)
        assert outbox.size >= len(people)
        with onduty_process(own_server.journal) as again:
            link.lead_to(again.address)
            await own_world.do(outbox.flush, LONG)
            for one in people:
                assert (await staff(own_world, connection, one)).status != STATUS_IN_LINE
            request = ListTransitionsRequest(filter=TransitionFilter(causes=[CAUSE_CALL_STARTED, CAUSE_CALL_ENDED]))
            method = connection.services.history.ListTransitions
            told = (await own_world.do(connection.call, method, request)).transitions
            assert len(told) == 2 * len(people)
            await own_world.close()


async def test_what_is_left_is_returned_at_the_end(world: World):
    """And told; another outbox delivers it under the same ids."""
    connection = world.connect()
    await world.create(connection, "ana")
    told = []
    away = world.connect(target="127.0.0.1:1")
    outbox = world.kind.router(away).outbox(on_settled=told.append)
    request_id = outbox.call_started("ana", "c1")
    left = await world.do(outbox.close, 0)
    assert [one.started.request_id for one in left] == [one.request_id for one in told] == [request_id]
    assert told[0].error.code == "CANCELLED"
    with pytest.raises(onduty_client.OndutyError):
        outbox.call_started("ana", "c2")
    second = world.kind.router(connection).outbox()
    assert second.add(left[0]) == request_id
    await world.do(second.flush, LONG)
    assert (await staff(world, connection, "ana")).status == STATUS_IN_LINE


async def test_the_end_of_a_connection_delivers_first(world: World):
    """What was given just before it is taken."""
    connection = world.connect()
    await world.create(connection, "ana")
    closing = world.connect()
    world.kind.router(closing).outbox().call_started("ana", "c1")
    await world.do(closing.close)
    assert (await staff(world, connection, "ana")).status == STATUS_IN_LINE


async def test_facts_wait_for_the_server_and_claims_do_not(world: World):
    """A fact that is reported by hand waits within its deadline, unless it is to fail fast; a claim fails at once."""
    away = world.connect(target="127.0.0.1:1", call_timeout=3)
    router = world.kind.router(away)
    with pytest.raises(onduty_client.TimedOutError):
        await world.do(router.call_started, "ana", "c1")
    with pytest.raises(onduty_client.UnavailableError):
        await world.do(router.claim, "c1", staff_id="ana")
    quick = world.connect(target="127.0.0.1:1", call_timeout=3, facts_fail_fast=True)
    with pytest.raises(onduty_client.UnavailableError):
        await world.do(world.kind.router(quick).call_ended, "ana", "c1")


@pytest.mark.parametrize(
    ("name", "value"), [("most_facts", 0), ("most_bytes", 0), ("keep_seconds", 0), ("keep_seconds", 86_401)]
)
async def test_bounds_of_an_outbox_are_held(world: World, name: str, value: float):
    """With the field's name."""
    router = world.kind.router(world.connect())
    with pytest.raises(ValueError, match=name):
        router.outbox(onduty_client.OutboxOptions(**{name: value}))
