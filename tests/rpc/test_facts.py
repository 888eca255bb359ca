"""What the tellers of facts are told, and lists that say as of when and of whom they are."""

import pytest
from fake_clock import FakeClock
from rpc_world import AVAILABLE, IN_LINE, Client, World

from onduty.v1 import router_service_pb2 as pb
from onduty.v1 import staff_pb2


def outcome(response) -> str:
    """The outcome's short name."""
    return staff_pb2.FactOutcome.Name(response.outcome).removeprefix("FACT_OUTCOME_")


async def test_every_outcome_is_told(client: Client):
    """A fact's answer says whether it was applied, and why not; alone, in a batch, and when it is given again."""
    await client.create_available("ana")
    at = {"seconds": 100}
    assert outcome(await client.started("ana", "c1", source="a", occurred_at=at)) == "APPLIED"
    assert outcome(await client.started("ana", "c1", source="a", occurred_at=at)) == "REPEATED"
    assert outcome(await client.ended("ana", "c1", source="a", occurred_at={"seconds": 99})) == "OLDER_THAN_RUNNING"
    assert outcome(await client.started("ana", "c1", source="b")) == "APPLIED"
    assert outcome(await client.ended("ana", "c1")) == "AMBIGUOUS"
    assert outcome(await client.ended("ana", "c1", source="a", occurred_at={"seconds": 101}, request_id="r1")) == "APPLIED"
    first = await client.started("ana", "c1", source="a", occurred_at=at, request_id="r2")
    again = await client.started("ana", "c1", source="a", occurred_at=at, request_id="r2")
    assert (outcome(first), first.replayed) == ("ENDED_BEFORE", False)
    assert (outcome(again), again.replayed, again.applied) == ("ENDED_BEFORE", True, False)
    batch = pb.ReportCallEventsRequest(
        events=[
            {"ended": {"staff_id": "ana", "call_id": "c9", "source": "a"}},
            {"started": {"staff_id": "ana", "call_id": "c9", "source": "a"}},
            {"started": {"staff_id": "ana", "call_id": "c8", "source": "a"}},
        ],
        request_id="b1",
    )
    for _ in range(2):
        told = await client.ask(batch)
        assert [outcome(one.taken) for one in told.results] == ["NOT_KNOWN", "ENDED_BEFORE", "APPLIED"]
        assert [one.taken.applied for one in told.results] == [False, False, True]


async def test_one_person_has_a_bounded_number_of_calls(client: Client):
    """One call too many drops the oldest irregular one, by a change of its own; all is told."""
    await client.create_available("ana")
    for number in range(34):
        await client.started("ana", f"c{number}", source="pbx")
    calls = [call.call_id for call in (await client.get("ana")).calls]
    assert len(calls) <= 33
    assert "c1" not in calls
    assert "CAUSE_CALL_LIMIT" in {_cause(one) for one in await client.transitions()}


def _cause(transition) -> str:
    return transition.DESCRIPTOR.fields_by_name["cause"].enum_type.values_by_number[transition.cause].name


async def test_a_list_as_of_a_position(client: Client, clock: FakeClock):
    """What began or ended after the position is left alone; with the next list, of when it was the last news, it is not."""
    await client.create_available("ana")
    await client.started("ana", "old", source="pbx")
    clock.move(1)
    position = (await client.listed()).position
    clock.move(1)
    await client.ended("ana", "old", source="pbx")
    await client.started("ana", "new", source="pbx")
    calls = [{"staff_id": "ana", "call_id": "old"}]
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls, observed_position=position))
    assert (list(told.ended), list(told.started)) == ([], [])
    (passed_over,) = told.not_started
    assert (passed_over.staff_id, passed_over.call_id, outcome(passed_over)) == ("ana", "old", "ENDED_BEFORE")
    assert [call.call_id for call in (await client.get("ana")).calls] == ["new"]
    clock.move(1)
    position = (await client.listed()).position
    clock.move(1)
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", observed_position=position))
    assert [one.call_id for one in told.ended] == ["new"]


async def test_a_list_as_of_a_position_among_ends_of_unknown_calls(client: Client, clock: FakeClock, world: World):
    """Records that nobody is told of, however many lie before a position, say when it was as well as any; one is looked at."""
    await client.create_available("ana")
    await client.started("ana", "lost", source="pbx")
    for number in range(5):
        clock.move(1)
        await client.ended("ana", f"never-heard-of-{number}", source="pbx")
    position = (await client.listed()).position
    journal = world.gate()
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", observed_position=position))
    assert [one.call_id for one in told.ended] == ["lost"]
    assert journal.read_records == 0, "not record by record, back to the last change"


async def test_a_list_as_of_a_position_of_configuration(client: Client, world: World):
    """A position at which configuration changed, or nothing yet, is as good as any."""
    position = (await client.listed()).position
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", observed_position=position))
    assert not told.ended
    await client.create_available("ana")
    await client.started("ana", "c1", source="pbx")
    await client.policy(claim_ttl={"seconds": 30})
    position = (await client.listed()).position
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", observed_position=position))
    assert [one.call_id for one in told.ended] == ["c1"], "it began before the position"


async def test_a_list_in_parts_has_any_number_of_calls(client: Client):
    """With staff_ids a list is of these people only: parts of it follow each other and end nothing of each other."""
    names = [f"p{number}" for number in range(30)]
    for name in names:
        await client.create_available(name)
    for part in (names[:15], names[15:]):
        calls = [{"staff_id": name, "call_id": f"c-{name}"} for name in part]
        told = await client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls, staff_ids=part))
        assert (len(told.started), list(told.ended)) == (15, [])
    assert {(await client.get(name)).status for name in names} == {IN_LINE}
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", staff_ids=["p1", "nobody"]))
    assert [one.staff_id for one in told.ended] == ["p1"]
    assert [one.staff_id for one in told.unknown_staff] == ["nobody"]
    assert (await client.get("p2")).status == IN_LINE


async def test_a_list_counts_as_what_it_looks_at(world: World, monkeypatch: pytest.MonkeyPatch):
    """A batch has so much of it as the other tenants leave: an empty list looks at all who are in a call."""
    for number in range(5):
        await world.client.create_available(f"p{number}")
        await world.client.ask(pb.ReportCallStartedRequest(staff_id=f"p{number}", call_id=f"c{number}", source="pbx"))
    costs, transact = [], world.engine.transact

    def counting(*arguments, cost=1):
        costs.append(cost)
        return transact(*arguments, cost=cost)

    monkeypatch.setattr(world.engine, "transact", counting)
    calls = [{"staff_id": f"p{number}", "call_id": f"c{number}"} for number in range(5)]
    await world.client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls, staff_ids=[f"p{number}" for number in range(5)]))
    await world.client.ask(pb.ReconcileCallsRequest(source="another"))

    assert costs == [11, 6]


LATER, EARLIER = {"seconds": 200}, {"seconds": 100}
CONTRADICTIONS = [
    (pb.ReconcileCallsRequest(source="pbx", observed_at=LATER, observed_position="x"), {"observed_position"}),
    (
        pb.ReconcileCallsRequest(
            source="pbx",
            observed_at=EARLIER,
            staff_ids=["ana"],
            calls=[
                {"staff_id": "ana", "call_id": "c1", "occurred_at": LATER},
                {"staff_id": "bob", "call_id": "c2", "leg": "\n"},
            ],
        ),
        {"calls[0].occurred_at", "calls[1].staff_id", "calls[1].leg"},
    ),
    (
        pb.ReconcileCallsRequest(source="pbx", calls=[{"staff_id": "ana", "call_id": "c1", "leg": "a"}] * 2),
        {"calls"},
    ),
    (pb.ReportCallStartedRequest(staff_id="ana", call_id="c1", leg="x" * 129), {"leg"}),
    (pb.ReportCallEndedRequest(staff_id="ana", call_id="c1", leg="x" * 129, source="\n"), {"leg", "source"}),
]


@pytest.mark.parametrize(("request_", "fields"), CONTRADICTIONS)
async def test_contradicting_facts_are_refused_with_every_field(client: Client, world: World, request_, fields):
    """Contradictions and strangers are named, all of them, and nothing is done."""
    await client.create_available("ana")
    before = world.head
    refusal = await client.refused(request_)
    assert refusal.faults.keys() == fields
    assert (world.head, (await client.get("ana")).status) == (before, AVAILABLE)
