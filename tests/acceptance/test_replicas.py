"""Replicas as an operator has them: any answers anything, and what one acknowledges all have."""

import signal
from collections.abc import Iterator

import grpc
import pytest
from adapters.postgres_factory import postgres_factory
from replica_servers import CLIENT_SECONDS, ReplicaServer, ReplicaServers, replica_servers
from wait_until import wait_until

from onduty.v1 import router_service_pb2, staff_pb2, workspace_service_pb2

pytestmark = pytest.mark.slow

STATUSES = (staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY)


@pytest.fixture
def servers(postgres_address: str) -> Iterator[ReplicaServers]:
    """Starts replicas over a schema of their own."""
    with postgres_factory(postgres_address) as factory, replica_servers(factory, ["--sample"]) as made:
        yield made


def change(server: ReplicaServer, number: int, staff_id: str = "ana") -> workspace_service_pb2.ChangeStatusResponse:
    """A change, with a request id of its own."""
    request = workspace_service_pb2.ChangeStatusRequest(
        staff_id=staff_id, choice={"status": STATUSES[number % 2]}, request_id=f"{staff_id}-{number}"
    )
    return server.stubs.workspace.ChangeStatus(request, timeout=CLIENT_SECONDS)


def get(server: ReplicaServer, at_least: str = "", staff_id: str = "ana") -> staff_pb2.Staff:
    """A person as a replica shows them."""
    request = workspace_service_pb2.GetStaffRequest(staff_id=staff_id, at_least=at_least)
    return server.stubs.workspace.GetStaff(request, timeout=CLIENT_SECONDS).staff


def test_any_replica_answers_anything(servers: ReplicaServers):
    """A change at each of three is one history; what one has acknowledged the others show to who asks for it."""
    three = [servers.start() for _ in range(3)]
    servers.leader()
    for number, server in enumerate(three):
        answer = change(server, number)
        for other in three:
            assert get(other, answer.position) == answer.staff
    assert len({server.info().store_id for server in three}) == 1
    wait_until(lambda: len(three[0].replicas()) == 3, what="that all have said that they live")
    shown = three[0].replicas()
    assert sorted(one.role for one in shown) == [1, 2, 2]
    assert len({one.address for one in shown}) == 3
    assert {one.term for one in shown} == {1}


def test_a_request_that_is_repeated_elsewhere_gets_its_first_answer(servers: ReplicaServers):
    """Byte for byte, but that it says so; and a refusal is the same everywhere."""
    first, second = servers.start(), servers.start()
    answer = change(first, 0)
    again = change(second, 0)
    assert again.replayed
    assert (again.staff, answer.replayed) == (answer.staff, False)
    refusals = []
    for server in (first, second):
        with pytest.raises(grpc.RpcError) as refused:
            server.stubs.router.ClaimStaff(
                router_service_pb2.ClaimStaffRequest(named={"staff_id": "nobody"}, call_id="call-1"), timeout=CLIENT_SECONDS
            )
        refusals.append(refused.value)
    assert refusals[0].code() is refusals[1].code() is grpc.StatusCode.NOT_FOUND
    assert refusals[0].details() == refusals[1].details()
    assert refusals[0].trailing_metadata() == refusals[1].trailing_metadata()


def test_a_killed_leader_is_followed(servers: ReplicaServers):
    """Another one leads; what was asked meanwhile was held, and is answered."""
    [servers.start() for _ in range(3)]
    leader = servers.leader()
    change(leader, 0)
    left = servers.followers()
    leader.stop(signal.SIGKILL)
    answers = [change(server, number) for number, server in enumerate(left, start=1)]
    assert answers[0].staff.revision < answers[1].staff.revision
    assert servers.leader(left).own.term == 2


def test_a_leader_that_is_stopped_in_order_hands_over(servers: ReplicaServers):
    """It ends with 0; no call at another replica fails."""
    [servers.start() for _ in range(2)]
    leader, (other,) = servers.leader(), servers.followers()
    change(other, 0)
    leader.process.send_signal(signal.SIGTERM)
    for number in range(1, 40):
        change(other, number)
    assert leader.process.wait(CLIENT_SECONDS) == 0
    assert servers.leader([other]).own.term == 2
    wait_until(lambda: len(other.replicas()) == 1, what="that the other one is gone")


def test_a_workspace_is_attached_where_it_comes(servers: ReplicaServers):
    """All show it. When the replica that held it is killed it is let go, with a grace in which it can come back elsewhere."""
    [servers.start() for _ in range(2)]
    leader, (other,) = servers.leader(), servers.followers()
    change(leader, 0)
    request = workspace_service_pb2.AttachRequest(staff_id="ana", workspace_id="desk-1")
    first = next(iter(other.stubs.workspace.Attach(request)))
    assert [one.workspace_id for one in get(leader, first.position).connection.workspaces] == ["desk-1"]
    other.stop(signal.SIGKILL)
    wait_until(lambda: get(leader).connection.HasField("offline_at"), what="the grace")
    again = leader.stubs.workspace.Attach(request)
    next(iter(again))
    shown = get(leader)
    assert shown.status == staff_pb2.STATUS_AVAILABLE
    assert not shown.connection.HasField("offline_at")
    again.cancel()
