"""How gRPC's errors become failures, against servers that misbehave on purpose."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from onduty.v1.router_service_pb2 import WatchStaffRequest
from onduty.v1.workspace_service_pb2 import GetStaffRequest
from onduty_cli.connection import Endpoint, Session
from onduty_cli.failures import CommandError, NoAnswerError, RefusedError, UnreachableError


class Answering(grpc.GenericRpcHandler):
    """Answers every method by calling the function given."""

    def __init__(self, answer: Callable[[grpc.ServicerContext], Any]) -> None:
        self.answer = answer

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        """The same handler for all."""
        return grpc.unary_unary_rpc_method_handler(lambda _, context: self.answer(context))


Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a server with the handlers given and returns its address."""
    servers = []

    def start(*handlers: grpc.GenericRpcHandler) -> str:
        server = grpc.server(ThreadPoolExecutor(2), handlers=handlers)
        address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        servers.append(server)
        return address

    yield start
    for server in servers:
        server.stop(None).wait()


def failure_of(address: str, *, timeout_seconds: float = 30) -> CommandError:
    with Session(Endpoint(address, "", timeout_seconds)) as session, pytest.raises(CommandError) as failed:
        session.call(session.workspace.GetStaff, GetStaffRequest(staff_id="kim"))
    return failed.value


def aborting(code: grpc.StatusCode, *details: Any) -> Answering:
    packed = []
    for detail in details:
        packed.append(AnyMessage())
        packed[-1].Pack(detail)
    status = status_pb2.Status(code=code.value[0], message="told", details=packed)
    return Answering(lambda context: context.abort_with_status(rpc_status.to_status(status)))


def test_no_connection_in_time_is_unreachable():
    """Somebody listens but does not speak; that is borne for as long as the request has time."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        failure = failure_of(address, timeout_seconds=1.2)
    assert isinstance(failure, UnreachableError)
    assert failure.detail == "no connection within 1.2 s"


def test_no_answer_over_a_connection_is_told_apart(serve: Serve):
    """The request was sent over a connection that stands: it may have been carried out."""
    hold, asked = threading.Event(), itertools.count()

    def answer_once(_: grpc.ServicerContext) -> bytes:
        if next(asked):
            hold.wait(30)
        return b""

    with Session(Endpoint(serve(Answering(answer_once)), "", 30)) as session:
        session.call(session.workspace.GetStaff, GetStaffRequest(staff_id="kim"))
        session.endpoint = replace(session.endpoint, timeout_seconds=0.3)
        with pytest.raises(NoAnswerError):
            session.call(session.workspace.GetStaff, GetStaffRequest(staff_id="kim"))
    hold.set()


def test_another_kind_of_server_is_refused_without_a_reason(serve: Serve):
    """It knows none of the methods."""
    failure = failure_of(serve())
    assert isinstance(failure, RefusedError)
    assert (failure.code, failure.reason) == ("UNIMPLEMENTED", "")


def test_a_server_that_says_it_is_unavailable_was_reached(serve: Serve):
    """Its journal is out of reach: that is an answer, with the time to wait."""
    info = error_details_pb2.ErrorInfo(reason="JOURNAL_UNAVAILABLE", domain="onduty.dev", metadata={"a": "b"})
    retry = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=2))
    failure = failure_of(serve(aborting(grpc.StatusCode.UNAVAILABLE, info, retry)))
    assert isinstance(failure, RefusedError)
    assert (failure.reason, failure.metadata, failure.retry_after_seconds) == ("JOURNAL_UNAVAILABLE", {"a": "b"}, 2)
    assert failure.exit_code == 1


def test_fields_at_fault_are_read(serve: Serve):
    """All of them, with what is wrong."""
    fault = error_details_pb2.BadRequest.FieldViolation(field="staff_id", description="must not be empty")
    info = error_details_pb2.ErrorInfo(reason="INVALID_FIELD", domain="onduty.dev")
    bad = error_details_pb2.BadRequest(field_violations=[fault])
    failure = failure_of(serve(aborting(grpc.StatusCode.INVALID_ARGUMENT, info, bad)))
    assert isinstance(failure, RefusedError)
    assert failure.field_faults == (("staff_id", "must not be empty"),)


def test_details_that_cannot_be_read_do_not_hide_the_error(serve: Serve):
    """The code and the words are left."""

    def garbled(context: grpc.ServicerContext) -> None:
        context.set_trailing_metadata((("grpc-status-details-bin", b"\x08\x03"),))
        context.abort(grpc.StatusCode.DATA_LOSS, "told")

    failure = failure_of(serve(Answering(garbled)))
    assert isinstance(failure, RefusedError)
    assert (failure.code, failure.message, failure.reason) == ("DATA_LOSS", "told", "")


def test_a_watch_fails_like_a_request():
    """The same failures come out of the stream."""
    with Session(Endpoint("127.0.0.1:1", "", 1)) as session, pytest.raises(UnreachableError):
        next(iter(session.watch(WatchStaffRequest())))
