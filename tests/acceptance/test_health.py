"""gRPC health as probes and balancers ask for it: by service and for the server as a whole."""

from collections.abc import Iterator

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from running_server import RunningServer, running_server

SERVICES = [f"onduty.v1.{name}Service" for name in ("Workspace", "Router", "Supervisor", "Admin", "History", "Server")]
Status = health_pb2.HealthCheckResponse


@pytest.fixture(scope="module")
def health(tmp_path_factory: pytest.TempPathFactory) -> Iterator[health_pb2_grpc.HealthStub]:
    """The health service of a server that is well."""
    with (
        running_server(tmp_path_factory.mktemp("health") / "journal.db") as server,
        grpc.insecure_channel(server.address) as channel,
    ):
        yield health_pb2_grpc.HealthStub(channel)


@pytest.mark.parametrize("service", ["", *SERVICES])
def test_check_answers_for_the_server_and_each_service(health: health_pb2_grpc.HealthStub, service: str) -> None:
    """Check says SERVING for the empty name and for every service's full name."""
    assert health.Check(health_pb2.HealthCheckRequest(service=service), timeout=60).status == Status.SERVING


@pytest.mark.parametrize("service", ["", *SERVICES])
def test_watch_begins_with_the_present_health(health: health_pb2_grpc.HealthStub, service: str) -> None:
    """Watch tells the health at once, without waiting for a change."""
    watch = health.Watch(health_pb2.HealthCheckRequest(service=service), timeout=60)
    assert next(watch).status == Status.SERVING
    watch.cancel()


def test_a_service_that_is_not_there_is_unknown(health: health_pb2_grpc.HealthStub) -> None:
    """Check answers NOT_FOUND and Watch SERVICE_UNKNOWN for another name, as the protocol demands."""
    request = health_pb2.HealthCheckRequest(service="onduty.v1.NoSuchService")
    with pytest.raises(grpc.RpcError) as raised:
        health.Check(request, timeout=60)
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND
    watch = health.Watch(request, timeout=60)
    assert next(watch).status == Status.SERVICE_UNKNOWN
    watch.cancel()


def test_a_server_says_that_it_serves_only_when_it_does(server: RunningServer) -> None:
    """The line that programs wait for comes when calls are answered: the first Check after it says SERVING."""
    with grpc.insecure_channel(server.address) as channel:
        check = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=60)
    assert check.status == Status.SERVING
