"""Reflection, v1 and v1alpha: tools that know nothing of Onduty find its services, their messages and their comments' place."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpcurl import Grpcurl
from running_server import RunningServer, running_server

from onduty.v1 import errors_pb2, workspace_service_pb2

BUF = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "buf"
OWN_SERVICES = [f"onduty.v1.{name}Service" for name in ("Admin", "History", "Router", "Server", "Supervisor", "Workspace")]
SERVICES = sorted(
    [
        *OWN_SERVICES,
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    ]
)
VERSIONS = pytest.mark.parametrize("version", ["v1", "v1alpha"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with sample staff."""
    with running_server(tmp_path_factory.mktemp("reflection") / "journal.db", flags=["--sample"]) as running:
        yield running


@pytest.fixture
def channel(server: RunningServer) -> Iterator[grpc.Channel]:
    """A connection."""
    with grpc.insecure_channel(server.address) as found:
        yield found


def _ask(channel: grpc.Channel, version: str, **question: Any) -> reflection_pb2.ServerReflectionResponse:
    """One question by the protocol itself; the messages of both versions are the same on the wire."""
    ask = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    (answer,) = ask(iter([reflection_pb2.ServerReflectionRequest(**question)]), timeout=60)
    return answer


# --- the protocol -----------------------------------------------------------------------------------------------------


@VERSIONS
def test_the_services_are_listed(channel: grpc.Channel, version: str) -> None:
    """Both versions list all five services, health, and reflection under both its names."""
    answer = _ask(channel, version, list_services="")
    assert sorted(one.name for one in answer.list_services_response.service) == SERVICES


@VERSIONS
@pytest.mark.parametrize("service", SERVICES)
def test_each_listed_service_is_described(channel: grpc.Channel, version: str, service: str) -> None:
    """For every service that is listed there is a file, and the file and all it imports can be had."""
    answer = _ask(channel, version, file_containing_symbol=service)
    files = [
        descriptor_pb2.FileDescriptorProto.FromString(one) for one in answer.file_descriptor_response.file_descriptor_proto
    ]
    assert service in {f"{file.package}.{one.name}" for file in files for one in file.service}
    known, wanted = {file.name for file in files}, [name for file in files for name in file.dependency]
    while wanted:
        name = wanted.pop()
        if name not in known:
            known.add(name)
            found = _ask(channel, version, file_by_filename=name).file_descriptor_response.file_descriptor_proto
            assert found, name
            wanted += [more for one in found for more in descriptor_pb2.FileDescriptorProto.FromString(one).dependency]


@VERSIONS
@pytest.mark.parametrize(
    "symbol", ["onduty.v1.TransitionRefusal", "onduty.v1.NobodyAvailable", "onduty.v1.RevisionMismatch", "google.rpc.ErrorInfo"]
)
def test_the_details_of_errors_are_described(channel: grpc.Channel, version: str, symbol: str) -> None:
    """A tool that meets a typed detail in an error can ask what it is."""
    answer = _ask(channel, version, file_containing_symbol=symbol)
    assert answer.WhichOneof("message_response") == "file_descriptor_response"


@VERSIONS
@pytest.mark.parametrize(
    "symbol",
    [
        "onduty.v1.WorkspaceService.ChangeStatus",
        "grpc.health.v1.Health.Watch",
        "onduty.v1.Staff.staff_id",
        "onduty.v1.ItemResult.result",
        "onduty.v1.Status.STATUS_BUSY",
    ],
)
def test_members_are_found_by_their_names(channel: grpc.Channel, version: str, symbol: str) -> None:
    """A method, a field, a oneof and a value are found in the file of what they belong to."""
    answer = _ask(channel, version, file_containing_symbol=symbol)
    owner = _ask(channel, version, file_containing_symbol=symbol.rpartition(".")[0])
    assert answer.file_descriptor_response == owner.file_descriptor_response


@VERSIONS
@pytest.mark.parametrize("symbol", ["onduty.v1.NoSuchService", "onduty.v1.WorkspaceService.NoSuchMethod", "onduty.v1."])
def test_what_is_not_there_is_answered_so(channel: grpc.Channel, version: str, symbol: str) -> None:
    """An unknown symbol is an answer with NOT_FOUND, and the stream lives on."""
    answer = _ask(channel, version, file_containing_symbol=symbol)
    assert answer.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]


def test_a_python_client_needs_no_generated_code(channel: grpc.Channel) -> None:
    """The reflection client of gRPC for Python builds the same descriptors that the generated code has."""
    database = ProtoReflectionDescriptorDatabase(channel)
    pool = DescriptorPool(database)
    assert sorted(database.get_services()) == SERVICES
    found = pool.FindServiceByName("onduty.v1.WorkspaceService")
    own = workspace_service_pb2.DESCRIPTOR.services_by_name["WorkspaceService"]
    assert [method.name for method in found.methods] == [method.name for method in own.methods]
    reasons = pool.FindEnumTypeByName("onduty.v1.ErrorReason")
    assert {one.name: one.number for one in reasons.values} == dict(errors_pb2.ErrorReason.items())


# --- grpcurl ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def grpcurl(server: RunningServer) -> Grpcurl:
    """A grpcurl that asks this server."""
    return Grpcurl(server.address)


def test_grpcurl_lists_the_services(grpcurl: Grpcurl) -> None:
    """`grpcurl ADDRESS list` prints every service, a line each."""
    assert grpcurl.run("list").out.split() == SERVICES


@pytest.mark.parametrize("service", OWN_SERVICES)
def test_grpcurl_lists_and_describes_methods(grpcurl: Grpcurl, service: str) -> None:
    """`grpcurl ADDRESS list SERVICE` prints its methods, and `describe` each of them with its messages."""
    methods = grpcurl.run(f"list {service}").out.split()
    assert methods
    described = grpcurl.run(f"describe {service}").out
    for method in methods:
        assert f"rpc {method.rpartition('.')[2]} (" in described


def test_grpcurl_describes_a_method(grpcurl: Grpcurl) -> None:
    """`grpcurl ADDRESS describe SERVICE.METHOD` prints the method as the contract writes it."""
    described = grpcurl.run("describe onduty.v1.RouterService.ClaimStaff")
    assert described.code == 0, described.err
    assert "rpc ClaimStaff ( .onduty.v1.ClaimStaffRequest ) returns ( .onduty.v1.ClaimStaffResponse ) {" in described.out
    assert "option (.onduty.v1.roles) = ACTOR_ROLE_ROUTER;" in described.out


def test_grpcurl_describes_everything_at_once(grpcurl: Grpcurl) -> None:
    """`grpcurl ADDRESS describe` gets through all that is listed."""
    described = grpcurl.run("describe")
    assert described.code == 0, described.err
    for service in SERVICES:
        assert f"{service} is a service:" in described.out


def test_grpcurl_describes_messages_and_enums(grpcurl: Grpcurl) -> None:
    """`grpcurl ADDRESS describe` prints a message and an enum as the contract writes them."""
    assert "message ChangeStatusRequest {" in grpcurl.run("describe .onduty.v1.ChangeStatusRequest").out
    assert "STATUS_AFTER_CALL_WORK = 6;" in grpcurl.run("describe .onduty.v1.Status").out


def test_grpcurl_calls_with_nothing_but_the_address(grpcurl: Grpcurl) -> None:
    """A request typed as JSON is answered as JSON, with no proto file at hand."""
    answer = grpcurl.call("WorkspaceService/GetStaff", {"staff_id": "ana"}).answer
    assert answer["staff"]["display_name"] == "Ana Ruiz"
    assert answer["staff"]["status"] == "STATUS_OFFLINE"


# --- buf --------------------------------------------------------------------------------------------------------------


def _buf_curl(server: RunningServer, version: str, *arguments: str, path: str = "") -> "subprocess.CompletedProcess[str]":
    protocol = ("--protocol", "grpc", "--http2-prior-knowledge", "--reflect-protocol", f"grpc-{version}")
    command = [str(BUF), "curl", *protocol, *arguments, f"http://{server.address}{path}"]
    kept = {**os.environ, "BUF_CACHE_DIR": str(Path(server.journal).parent)}
    return subprocess.run(command, capture_output=True, text=True, timeout=90, env=kept, check=False)


@VERSIONS
def test_buf_lists_services_and_methods(server: RunningServer, version: str) -> None:
    """`buf curl --list-services` and `--list-methods` find everything by either version."""
    assert sorted(_buf_curl(server, version, "--list-services").stdout.split()) == SERVICES
    methods = _buf_curl(server, version, "--list-methods").stdout.split()
    assert {one.partition("/")[0] for one in methods} == set(SERVICES)
    assert {"onduty.v1.WorkspaceService/ChangeStatus", "onduty.v1.RouterService/WatchStaff"} <= set(methods)


@VERSIONS
def test_buf_calls_with_nothing_but_the_address(server: RunningServer, version: str) -> None:
    """A request typed as JSON is answered; a refusal names its code and says what is allowed."""
    ask = ("--data", json.dumps({"staff_id": "ana"}))
    answer = _buf_curl(server, version, *ask, path="/onduty.v1.WorkspaceService/GetStaff")
    assert json.loads(answer.stdout)["staff"]["displayName"] == "Ana Ruiz"
    refused = _buf_curl(server, version, *ask, path="/onduty.v1.WorkspaceService/BackToReception")
    assert refused.returncode != 0
    assert json.loads(refused.stderr)["code"] == "failed_precondition"
    assert "allowed: CHANGE_TO_AVAILABLE" in json.loads(refused.stderr)["message"]
