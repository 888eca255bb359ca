"""Answers of a bounded size, and what of them is kept: whatever there is to tell, a client that takes 4 MiB can read it."""

from pathlib import Path

import pytest
from rpc_world import BUSY, Client, World

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import router_service_pb2 as pb
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.engine.write import transactions
from onduty_server.rpc import pages


def wide_list(request_id: str, count: int = 1_000) -> pb.ReconcileCallsRequest:
    """A list of calls of people whom nobody knows, with ids as long as they may be."""
    wide = "\U0001f4de" * 115
    calls = [{"staff_id": f"s{number}-{wide}", "call_id": f"c{number}-{wide}", "leg": wide} for number in range(count)]
    return pb.ReconcileCallsRequest(source="pbx", request_id=request_id, calls=calls)


async def test_what_reconciling_tells_is_cut_by_bytes(client: Client):
    """A list of more than a megabyte has a small answer; its counts are whole."""
    request = wide_list("r1")
    assert request.ByteSize() > 1_300_000
    told = await client.ask(request)
    assert told.ByteSize() < transactions.LISTED_BYTES
    assert told.total_unknown_staff == 1_000
    assert list(told.unknown_staff) == [
        pb.ReconciledCall(staff_id=call.staff_id, call_id=call.call_id, leg=call.leg)
        for call in request.calls[: len(told.unknown_staff)]
    ]
    assert told.unknown_staff


async def test_a_thousand_usual_calls_are_all_told(client: Client):
    """The answer has room for what one request usually names."""
    calls = [{"staff_id": f"staff-{n:04}", "call_id": f"{n:036}", "leg": f"{n:036}"} for n in range(1_000)]
    told = await client.ask(pb.ReconcileCallsRequest(source="pbx", calls=calls))
    assert len(told.unknown_staff) == told.total_unknown_staff == 1_000


async def test_lists_about_nobody_cost_the_journal_little(client: Client, world: World, journal_path: Path):
    """However large they are, of each answer a bounded part is kept; asked again, in memory or not, it is the same."""
    before = sum(path.stat().st_size for path in journal_path.parent.glob(f"{journal_path.name}*"))
    count = 8
    told = [await client.ask(wide_list(f"r{number}")) for number in range(count)]
    after = sum(path.stat().st_size for path in journal_path.parent.glob(f"{journal_path.name}*"))
    assert after - before < count * 3 * transactions.LISTED_BYTES
    for forgets in (False, True):
        if forgets:
            world.engine.book.forget_recent()
        again = await client.ask(wide_list("r0"))
        assert again.replayed
        again.ClearField("replayed")
        again.position = told[0].position
        assert again == told[0]


async def test_break_reasons_are_told_in_pages_of_bounded_size(client: Client, monkeypatch: pytest.MonkeyPatch):
    """A page is cut by bytes too, whatever its size was to be; together they have every reason once."""
    monkeypatch.setattr(pages, "PAGE_BYTES", 20_000)
    codes = [f"{number:03}{'c' * 60}" for number in range(60)]
    for code in codes:
        await client.ask(admin.CreateBreakReasonRequest(code=code, display_name="\U0001f4de" * 200, enabled=True))
    told, token = [], ""
    while True:
        page = await client.ask(workspace.ListBreakReasonsRequest(page_size=1_000, page_token=token))
        assert page.ByteSize() < pages.PAGE_BYTES + 1_000
        told += [reason.code for reason in page.break_reasons]
        token = page.next_page_token
        if not token:
            break
    assert told == codes


async def test_a_batch_of_wide_staff_has_a_small_answer(client: Client):
    """A result says what came of an item, and no state: what was done can be read, also when it is asked again."""
    groups = [{"name": f"{number:064}"} for number in range(100)]
    items = [{"staff_id": f"s{number:03}", "skill_groups": groups} for number in range(300)]
    for start in range(0, len(items), 100):
        await client.ask(admin.BatchCreateStaffRequest(requests=items[start : start + 100]))
    forces = [{"staff_id": item["staff_id"], "choice": {"status": BUSY}, "note": "n" * 1_000} for item in items]
    request = supervisor.BatchForceStatusRequest(requests=forces, request_id="r1")
    for _ in range(2):
        told = await client.ask(request)
        assert all(result.taken.status == BUSY for result in told.results)
        assert told.ByteSize() < 100 * len(items)
