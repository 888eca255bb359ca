"""Repeating requests, and reading refusals."""

import asyncio

import grpc
import grpc.aio
import pytest
from google.protobuf.any_pb2 import Any
from google.rpc import error_details_pb2, status_pb2

from onduty.v1 import errors_pb2, staff_pb2, workspace_service_pb2
from onduty_replay import wire as wire_module
from onduty_replay.tally import Tally
from onduty_replay.wire import RequestRefusedError, ServerFailedError, Wire


def error(code: grpc.StatusCode, *details) -> grpc.aio.AioRpcError:
    """An error as the channel raises it."""
    status = status_pb2.Status(code=code.value[0], message="words")
    for detail in details:
        packed = Any()
        packed.Pack(detail)
        status.details.append(packed)
    trailing = grpc.aio.Metadata(("grpc-status-details-bin", status.SerializeToString()))
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailing, details="words")


class Method:
    """Answers or fails in turn, and keeps what it was asked."""

    def __init__(self, *answers) -> None:
        self._answers = list(answers)
        self.asked = []

    async def __call__(self, request, **options):
        """One attempt."""
        self.asked.append(request.SerializeToString())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
async def wire(monkeypatch):
    """A wire to nobody that repeats without much pause."""
    monkeypatch.setattr(wire_module, "FIRST_PAUSE_SECONDS", 0.001)
    async with Wire("127.0.0.1:1", tenant=None, tally=Tally()) as made:
        yield made


REQUEST = workspace_service_pb2.BackToReceptionRequest(staff_id="FERN", request_id="r1")


@pytest.mark.parametrize("code", ["UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"])
async def test_a_request_is_repeated_as_it_is_while_the_server_cannot_be_reached(wire, code):
    """The same request id again, so that it cannot be carried out twice."""
    method = Method(error(grpc.StatusCode[code]), "answer")
    assert await wire.ask(method, REQUEST) == "answer"
    assert method.asked == [REQUEST.SerializeToString()] * 2
    assert (wire.tally.rpcs["BackToReception"], wire.tally.retries[code]) == (2, 1)


async def test_repeating_ends_when_patience_does(wire):
    """The error that is raised says what the last attempt met."""
    wire.patience_seconds = 0.05
    with pytest.raises(ServerFailedError, match="BackToReception failed with UNAVAILABLE: words"):
        await wire.ask(Method(error(grpc.StatusCode.UNAVAILABLE)), REQUEST)


async def test_a_fault_of_the_server_is_not_repeated(wire):
    """It would only be met again."""
    method = Method(error(grpc.StatusCode.INTERNAL))
    with pytest.raises(ServerFailedError):
        await wire.ask(method, REQUEST)
    assert len(method.asked) == 1


async def test_a_refusal_carries_the_reason_and_the_state(wire):
    """What the error's details say is at hand."""
    refused = error(
        grpc.StatusCode.FAILED_PRECONDITION,
        error_details_pb2.ErrorInfo(reason="TRANSITION_REFUSED", domain="onduty.dev"),
        errors_pb2.TransitionRefusal(current=staff_pb2.Staff(staff_id="FERN", revision=7)),
    )
    with pytest.raises(RequestRefusedError) as caught:
        await wire.ask(Method(refused), REQUEST)
    assert (caught.value.rpc, caught.value.reason) == ("BackToReception", "TRANSITION_REFUSED")
    assert caught.value.current.revision == 7


async def test_a_refusal_for_lack_of_people_carries_how_many_could_be_assigned(wire):
    """A claim that is refused while somebody can be assigned is not in order, so the number is looked at."""
    nobody = errors_pb2.NobodyAvailable(counts=[staff_pb2.StatusCount(count=3, assignable=2)])
    info = error_details_pb2.ErrorInfo(reason="NOBODY_AVAILABLE", domain="onduty.dev")
    with pytest.raises(RequestRefusedError) as caught:
        await wire.ask(Method(error(grpc.StatusCode.FAILED_PRECONDITION, info, nobody)), REQUEST)
    assert caught.value.assignable == 2


async def test_ids_of_two_runs_differ(wire):
    """A second replay to the same server must not be answered with the first one's answers."""
    async with Wire("127.0.0.1:1", tenant=None, tally=Tally()) as other:
        assert wire.request_id() != wire.request_id() != other.request_id()
        assert wire.call_id("k") != other.call_id("k")
    await asyncio.sleep(0)
