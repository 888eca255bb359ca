"""Traces of requests, as a collector gets them: what is sampled, whose they are a part of, and the stages of a change."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from rpc_world import AVAILABLE, World, serving
from trace_collector import Collector, collector

from onduty.v1 import workspace_service_pb2
from onduty_server.config import ConfigError, load_settings
from onduty_server.tracing import STAGES

CHANGE = "onduty.v1.WorkspaceService/ChangeStatus"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{:02x}"


@pytest.fixture
def collected() -> Iterator[Collector]:
    """What comes; it is all there when the server has ended."""
    with collector() as started:
        yield started


@contextlib.asynccontextmanager
async def traced(journal_path: Path, collected: Collector, ratio: float) -> AsyncIterator[World]:
    """A server that sends a share of its requests' traces there."""
    async with serving(journal_path, traces=collected.address, trace_ratio=ratio) as world:
        yield world


async def test_a_change_shows_where_its_time_went(journal_path: Path, collected: Collector):
    """Waiting, deciding, committing and showing follow each other, within the request, on the service's own clock."""
    async with traced(journal_path, collected, 1.0) as world:
        await world.client.create_available("kim")
    (request,) = collected.named(CHANGE)
    stages = [collected.named(f"onduty.{stage}")[-1] for stage in STAGES]
    assert {stage.trace_id for stage in stages} == {request.trace_id}
    assert {stage.parent_span_id for stage in stages} == {request.span_id}
    ends = [request.start_time_unix_nano, *(stage.end_time_unix_nano for stage in stages)]
    assert [stage.start_time_unix_nano for stage in stages] == ends[:-1]
    assert ends == sorted(ends)
    assert ends[-1] <= request.end_time_unix_nano


async def test_a_read_has_no_stages(journal_path: Path, collected: Collector):
    """It waits for no batch."""
    async with traced(journal_path, collected, 1.0) as world:
        await world.client.create("kim")
        await world.client.get("kim")
    (read,) = collected.named("onduty.v1.WorkspaceService/GetStaff")
    assert not [span for span in collected.spans if span.parent_span_id == read.span_id]


async def test_a_refusal_says_its_reason(journal_path: Path, collected: Collector):
    """And names nobody."""
    async with traced(journal_path, collected, 1.0) as world:
        await world.client.refused(workspace_service_pb2.GetStaffRequest(staff_id="zz-nobody"))
    (read,) = collected.named("onduty.v1.WorkspaceService/GetStaff")
    assert {pair.key: pair.value.string_value for pair in read.attributes}["onduty.outcome"] == "STAFF_UNKNOWN"
    assert "zz-nobody" not in str(collected.spans)


@pytest.mark.parametrize(("flags", "spans"), [(1, 1), (0, 0)])
async def test_callers_that_trace_decide(journal_path: Path, collected: Collector, flags: int, spans: int):
    """A trace that the caller records goes on here, whatever the share; one that it does not, does not."""
    async with traced(journal_path, collected, 0.0 if flags else 1.0) as world:
        world.client.metadata += (("traceparent", PARENT.format(flags)),)
        await world.client.create("kim")
    created = collected.named("onduty.v1.AdminService/CreateStaff")
    assert len(created) == spans
    for span in created:
        assert span.trace_id.hex() == PARENT.split("-")[1]
        assert span.parent_span_id.hex() == PARENT.split("-")[2]


@pytest.mark.parametrize("parent", ["", "00-xyz", "00-00000000000000000000000000000000-0000000000000000-01"])
async def test_a_header_that_is_none_is_no_trace(journal_path: Path, collected: Collector, parent: str):
    """The request is answered all the same."""
    async with traced(journal_path, collected, 0.0) as world:
        world.client.metadata += (("traceparent", parent),)
        await world.client.create("kim")
        await world.client.change("kim", AVAILABLE)
    assert collected.spans == []


async def test_a_collector_that_is_gone_harms_nothing(journal_path: Path):
    """Requests are answered, and the server ends as it should."""
    async with serving(journal_path, traces="http://127.0.0.1:1", trace_ratio=1.0) as world:
        await world.client.create_available("kim")


def test_an_address_that_is_none_is_refused():
    """Before anything starts."""
    with pytest.raises(ConfigError, match="traces: needs the address of a collector"):
        load_settings({"traces": "127.0.0.1:4318"})
