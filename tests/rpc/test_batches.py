"""Batches as a whole: what their request id stands for."""

from rpc_world import BUSY, Client, World, refusal_in

from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor


def facts(*, own: str = "") -> router.ReportCallEventsRequest:
    """A call that starts and ends; the end may have a request id of its own."""
    call = {"staff_id": "kim", "call_id": "c1"}
    return router.ReportCallEventsRequest(
        events=[{"started": call}, {"ended": {**call, "request_id": own}}], request_id="batch-1"
    )


async def test_changes_of_a_batch_tell_its_request_id(client: Client) -> None:
    """A change made by an item of a batch is found by the batch's request id, or by the item's own."""
    await client.create_available("kim")
    await client.ask(facts(own="own-1"))

    assert [one.request_id for one in await client.transitions()][-2:] == ["batch-1", "own-1"]


async def test_a_batch_that_comes_again_is_answered_item_by_item(world: World, client: Client) -> None:
    """The same batch again makes no revision and says of each item that it was answered before."""
    await client.create_available("kim")
    first = await client.ask(facts())
    head = world.head
    again = await client.ask(facts())

    assert [one.taken.replayed for one in again.results] == [True, True]
    assert [one.taken.revision for one in again.results] == [one.taken.revision for one in first.results]
    assert world.head == head


async def test_refusals_of_a_batch_with_the_largest_states_can_be_read_by_any_client(client: Client) -> None:
    """A thousand of them stay below what clients take by default: the first tell the state, all tell the reason."""
    staff_id = "😀" * 128
    await client.create(staff_id, name="名" * 200)
    for number in range(6):
        await client.started(staff_id, f"{number:02}" + "😀" * 126, source="😀" * 128)
    item = supervisor.ForceStatusRequest(staff_id=staff_id, choice={"status": BUSY}, note="why", expected_revision=1)
    told = await client.ask(supervisor.BatchForceStatusRequest(requests=[item] * 1_000))

    assert told.ByteSize() < 4 * 1024 * 1024
    refusals = [refusal_in(one.error) for one in told.results]
    assert {one.reason for one in refusals} == {"REVISION_MISMATCH"}
    assert refusals[0].details
    assert not refusals[-1].details
