"""Batches as a whole: what their request id stands for."""

from rpc_world import Client, World

from onduty.v1 import router_service_pb2 as router


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
