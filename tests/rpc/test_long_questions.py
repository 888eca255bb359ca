"""Questions about the past that take long: their callers' end is theirs, and nobody else notices them."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import grpc
import pytest
from fake_clock import FakeClock
from patience import PATIENCE_SECONDS
from rpc_world import AVAILABLE, Client, World, serving

from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.adapters import pooled_journal
from onduty_server.adapters.sqlite import past_queries, storage

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"
SUMS = pb.SummarizeTimeRequest(starts_at={"seconds": 1})


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Sums of time take for ever; released when one has begun. To be asked for before a server, which connects."""
    begun = threading.Semaphore(0)
    connect = storage.JournalFile.connect

    def connect_and_tell(file: storage.JournalFile, *, read_only: bool = False) -> sqlite3.Connection:
        connection = connect(file, read_only=read_only)
        connection.set_trace_callback(lambda statement: begun.release() if statement == ENDLESS else None)
        return connection

    monkeypatch.setattr(storage.JournalFile, "connect", connect_and_tell)
    monkeypatch.setattr(past_queries, "PERSONS", ENDLESS)
    return begun


async def test_a_question_whose_caller_is_gone_is_ended(begun: threading.Semaphore, client: Client):
    """However many are asked and given up: the tenant's next question is answered."""
    await client.create("ana")
    for _ in range(5):
        asked = client.call(SUMS)
        assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
        asked.cancel()
        assert len(await client.transitions()) == 1


async def test_long_questions_of_others_keep_nobody_waiting(begun: threading.Semaphore, world: World):
    """Requests are answered, those with an id that are looked up in the journal as well."""
    client = world.client
    await client.create("ana")
    others = [world.caller(tenant=f"other-{number}") for number in range(2)]
    asked = [other.call(SUMS) for other in others]
    for _ in asked:
        assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE_SECONDS)
    for number in range(10):
        back = workspace.BackToReceptionRequest(staff_id="ana", request_id=f"r-{number}")
        assert (await client.refused(back)).reason == "TRANSITION_REFUSED"
        await client.change("ana", AVAILABLE, request_id=f"c-{number}")
    for one in asked:
        assert not one.done()
        one.cancel()


async def test_a_question_that_takes_too_long_is_refused(
    journal_path: Path, clock: FakeClock, begun: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
):
    """QUERY_TOO_LONG, with how long it may take."""
    monkeypatch.setattr(pooled_journal, "SCAN_SECONDS_MOST", 0.05)
    async with serving(journal_path, clock=clock) as world:
        refusal = await world.client.refused(SUMS)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUERY_TOO_LONG")
    assert refusal.metadata == {"limit_seconds": "0.05"}
