"""Whatever is sent, the answer is clear and typed, and nothing is changed by a request that was refused.

One server for the whole file: every test looks at the store's revision before and after.
"""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf import message_factory
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quick import examples
from rpc_world import (
    AVAILABLE,
    BUSY,
    DEADLINE_SECONDS,
    METHODS,
    ON_BREAK,
    SERVICES,
    Client,
    Refusal,
    Stream,
    World,
    message_type,
    refusal_of,
    serving,
)

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import errors_pb2, staff_pb2
from onduty.v1 import history_service_pb2 as history
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.wire.primitives import varint

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEGABYTE = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A server with one AVAILABLE staff member, a break reason, and a call in progress of another."""
    async with serving(tmp_path_factory.mktemp("bad") / "journal.db") as world:
        await world.client.break_reason("lunch")
        await world.client.create_available("ana", "cards")
        await world.client.create_available("ben")
        await world.client.started("ben", "c0")
        yield world


@pytest.fixture
def unchanged(shared: World) -> Iterator[World]:
    """The shared server; fails if the test made a revision."""
    before = shared.head
    yield shared
    assert shared.head == before, "a refused request changed something"


def is_invalid(refusal: Refusal, *fields: str) -> None:
    """Hold the error of bad fields to its form."""
    assert refusal.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refusal.reason == "INVALID_FIELD"
    assert refusal.domain == "onduty.dev"
    assert refusal.metadata == {"field": fields[0]}
    assert list(refusal.faults) == list(fields)
    assert fields[0] in refusal.message


# --- texts ------------------------------------------------------------------------------------------------------------

IDS = ["x" * 129, "a\nb", "a\x00", "\x7f", "\x85", "\x1f1", "😀" * 129]
CODES = ["", "x" * 65, "Upper", "a b", "é", "a/b", "a\n"]
CLAIM_IDS = ["", *(one.ljust(161, "x") if len(one) > 128 else one for one in IDS)]
TEXTS = {"required id": ["", *IDS], "claim id": CLAIM_IDS, "id": IDS, "code": CODES, "optional code": CODES[1:]}

BASES: list[tuple[Message, dict[str, str]]] = [
    (workspace.GetStaffRequest(staff_id="ana"), {"staff_id": "required id"}),
    (
        workspace.ChangeStatusRequest(staff_id="ana", choice={"status": ON_BREAK, "break_reason": "lunch"}),
        {"staff_id": "required id", "choice.break_reason": "optional code", "request_id": "id", "note": "1000"},
    ),
    (workspace.BackToReceptionRequest(staff_id="ana"), {"staff_id": "required id", "request_id": "id"}),
    (workspace.ContinueAfterCallWorkRequest(staff_id="ana"), {"staff_id": "required id", "request_id": "id"}),
    (
        workspace.SetNextStatusRequest(staff_id="ben", choice={"status": ON_BREAK, "break_reason": "lunch"}),
        {"staff_id": "required id", "choice.break_reason": "optional code", "request_id": "id"},
    ),
    (workspace.ClearNextStatusRequest(staff_id="ben"), {"staff_id": "required id", "request_id": "id"}),
    (
        workspace.PlaceCallRequest(staff_id="ana", call_id="c1"),
        {"staff_id": "required id", "call_id": "required id", "source": "id", "request_id": "id"},
    ),
    (
        workspace.AcceptOfferRequest(staff_id="ana", claim_id="k"),
        {"staff_id": "required id", "claim_id": "claim id", "request_id": "id"},
    ),
    (
        workspace.DeclineOfferRequest(staff_id="ana", claim_id="k"),
        {"staff_id": "required id", "claim_id": "claim id", "request_id": "id", "note": "1000"},
    ),
    (
        workspace.AttachRequest(staff_id="ana", workspace_id="batch"),
        {"staff_id": "required id", "workspace_id": "id", "user_agent": "200"},
    ),
    (workspace.WatchColleaguesRequest(staff_id="ana"), {"staff_id": "required id"}),
    (
        router.ListStaffRequest(filter={"staff_ids": ["ana"], "skill_groups": ["cards"]}),
        {"filter.staff_ids[0]": "required id", "filter.skill_groups[0]": "code"},
    ),
    (
        router.WatchStaffRequest(filter={"staff_ids": ["ana"], "skill_groups": ["cards"]}),
        {"filter.staff_ids[0]": "required id", "filter.skill_groups[0]": "code"},
    ),
    (
        router.ClaimStaffRequest(call_id="c1", named={"staff_id": "ana"}),
        {"named.staff_id": "required id", "call_id": "required id", "source": "id", "request_id": "id"},
    ),
    (
        router.ClaimStaffRequest(call_id="c1", group_member={"skill_groups": [{"name": "cards"}]}),
        {"group_member.skill_groups[0].name": "code"},
    ),
    (
        router.ClaimStaffRequest(call_id="c1", candidates={"staff_ids": ["ana"]}),
        {"candidates.staff_ids[0]": "required id", "source": "id"},
    ),
    (router.WithdrawClaimRequest(claim_id="k"), {"claim_id": "claim id", "request_id": "id"}),
    (router.GetClaimRequest(claim_id="k"), {"claim_id": "claim id"}),
    (
        router.ReportCallStartedRequest(staff_id="ana", call_id="c1"),
        {"staff_id": "required id", "call_id": "required id", "source": "id", "request_id": "id"},
    ),
    (
        router.ReportCallEndedRequest(staff_id="ben", call_id="c0"),
        {"staff_id": "required id", "call_id": "required id", "source": "id", "request_id": "id"},
    ),
    (
        router.ReportCallEventsRequest(events=[{"ended": {"staff_id": "ben", "call_id": "c0"}}]),
        {"request_id": "id"},
    ),
    (
        router.ReconcileCallsRequest(source="pbx", calls=[{"staff_id": "ana", "call_id": "c1"}]),
        {"source": "required id", "request_id": "id", "calls[0].staff_id": "required id", "calls[0].call_id": "required id"},
    ),
    (
        supervisor.ForceStatusRequest(staff_id="ana", choice={"status": BUSY}, note="why"),
        {"staff_id": "required id", "choice.break_reason": "optional code", "request_id": "id", "note": "1000"},
    ),
    (
        supervisor.BatchForceStatusRequest(requests=[{"staff_id": "ana", "choice": {"status": BUSY}, "note": "why"}]),
        {"request_id": "id"},
    ),
    (supervisor.ResetStaffRequest(staff_id="ben"), {"staff_id": "required id", "request_id": "id", "note": "1000"}),
    (
        supervisor.GetStaffSummaryRequest(filter={"staff_ids": ["ana"], "skill_groups": ["cards"]}),
        {"filter.staff_ids[0]": "required id", "filter.skill_groups[0]": "code"},
    ),
    (
        admin.CreateStaffRequest(staff_id="zoe", skill_groups=[{"name": "cards"}]),
        {
            "staff_id": "required id",
            "display_name": "200",
            "skill_groups[0].name": "code",
            "request_id": "id",
        },
    ),
    (
        admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "x"}]),
        {
            "staff_id": "required id",
            "display_name": "200",
            "skill_groups[0].name": "code",
            "request_id": "id",
        },
    ),
    (admin.DeleteStaffRequest(staff_id="ana"), {"staff_id": "required id", "request_id": "id", "note": "1000"}),
    (
        admin.EraseStaffRequest(staff_id="zoe"),
        {"staff_id": "required id", "request_id": "id", "note": "1000"},
    ),
    (admin.BatchCreateStaffRequest(requests=[{"staff_id": "zoe"}]), {"request_id": "id"}),
    (
        admin.CreateBreakReasonRequest(code="rest"),
        {"code": "code", "display_name": "200", "request_id": "id"},
    ),
    (
        admin.UpdateBreakReasonRequest(code="lunch"),
        {"code": "code", "display_name": "200", "request_id": "id"},
    ),
    (admin.DeleteBreakReasonRequest(code="lunch"), {"code": "code", "request_id": "id"}),
    (admin.UpdatePolicyRequest(policy={"require_attachment": True}), {"request_id": "id"}),
    (history.ListTransitionsRequest(filter={"staff_ids": ["ana"]}), {"filter.staff_ids[0]": "required id"}),
    (history.ListConfigurationChangesRequest(subjects=["ana"]), {"subjects[0]": "required id"}),
    (history.ExportTransitionsRequest(filter={"staff_ids": ["ana"]}), {"filter.staff_ids[0]": "required id"}),
    (
        history.SummarizeTimeRequest(staff_ids=["ana"], starts_at={"seconds": 1}),
        {"staff_ids[0]": "required id"},
    ),
]
"""Good requests, and the bounded texts in them by path."""
READING_ONLY = {
    "ListBreakReasonsRequest",
    "GetPolicyRequest",
    "GetServerInfoRequest",
    "WhoAmIRequest",
    "ListReplicasRequest",
    "ListAuditEntriesRequest",
}


def put(request: Message, path: str, value: Any) -> Any:
    """The request with another value at a path."""
    copy: Any = type(request)()
    copy.CopyFrom(request)
    *parents, leaf = path.split(".")
    target = copy
    for parent in parents:
        target = getattr(target, parent.removesuffix("[0]"))
        if parent.endswith("[0]"):
            target = target[0]
    if leaf.endswith("[0]"):
        getattr(target, leaf.removesuffix("[0]"))[0] = value
    else:
        setattr(target, leaf, value)
    return copy


def _texts() -> Iterator[Any]:
    for base, paths in BASES:
        for path, kind in paths.items():
            values = TEXTS.get(kind) or ["x" * (int(kind) + 1), "a\x00b", "a\x1bb", "a\x7f"]
            yield pytest.param(base, path, values, id=f"{type(base).__name__}-{path}")


async def test_every_request_with_a_text_is_looked_at():
    """No RPC's texts are forgotten."""
    looked_at = {type(base).__name__ for base, _ in BASES}
    assert looked_at | READING_ONLY == {method.input_type.name for method in METHODS.values()}


@pytest.mark.parametrize(("base", "path", "values"), list(_texts()))
async def test_texts_out_of_their_bounds(unchanged: World, base: Message, path: str, values: list[str]):
    """Empty, over-long and control characters: INVALID_FIELD names the field by its path."""
    for value in values:
        is_invalid(await unchanged.client.refused(put(base, path, value)), path)


async def test_texts_at_their_bounds_are_taken(shared: World):
    """128 characters of any script, with spaces and signs, are an id; a note may have lines."""
    client = shared.caller(tenant="bounds")
    for staff_id in ("x" * 128, "😀" * 128, " ", "a b/c?d=e&f", "'; DROP TABLE journal; --", "☎ née Łukasz \u202e"):
        await client.create(staff_id, "a" * 64, "0", "a-b_c.d", name="名" * 200)
        told = await client.change(staff_id, AVAILABLE, note="line\n\ttwo" + "é" * 991, request_id="r" * 120 + staff_id[:8])
        assert told.staff == await client.get(staff_id)
        assert told.staff.display_name == "名" * 200
        (found,) = (await client.listed(filter={"staff_ids": [staff_id]})).staff
        assert found == told.staff


async def test_a_hundred_groups_are_the_most(shared: World):
    """The hundred-and-first is a fault; repeats do not count."""
    client = shared.caller(tenant="groups")
    groups = [f"g{number}" for number in range(101)]
    refusal = await client.refused(admin.CreateStaffRequest(staff_id="ana", skill_groups=[{"name": group} for group in groups]))
    is_invalid(refusal, "skill_groups")
    told = await client.create("ana", *groups[:100], *groups[:100])
    assert [one.name for one in told.skill_groups] == sorted(groups[:100])


# --- numbers, enums and revisions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (workspace.ChangeStatusRequest(staff_id="ana"), "choice.status"),
        (workspace.ChangeStatusRequest(staff_id="ana", choice={"status": 7}), "choice.status"),
        (workspace.ChangeStatusRequest(staff_id="ana", choice={"status": -1}), "choice.status"),
        (workspace.SetNextStatusRequest(staff_id="ben", choice={"status": 2**31 - 1}), "choice.status"),
        (supervisor.ForceStatusRequest(staff_id="ana", choice={"status": 99}, note="why"), "choice.status"),
        (workspace.PlaceCallRequest(staff_id="ana", call_id="c1", direction=9), "direction"),
        (router.ClaimStaffRequest(named={"staff_id": "ana"}, call_id="c1", direction=9), "direction"),
        (router.ReportCallStartedRequest(staff_id="ana", call_id="c1", direction=-5), "direction"),
        (
            router.ReconcileCallsRequest(source="p", calls=[{"staff_id": "ana", "call_id": "c", "direction": 5}]),
            "calls[0].direction",
        ),
        (router.WatchStaffRequest(delivery=3), "delivery"),
        (router.WatchStaffRequest(delivery=-1), "delivery"),
        (router.WatchStaffRequest(filter={"statuses": [AVAILABLE, 0]}), "filter.statuses[1]"),
        (router.ListStaffRequest(filter={"statuses": [44]}), "filter.statuses[0]"),
        (supervisor.GetStaffSummaryRequest(filter={"statuses": [-2]}), "filter.statuses[0]"),
        (history.ListTransitionsRequest(filter={"causes": [1, 99]}), "filter.causes[1]"),
        (history.ExportTransitionsRequest(filter={"causes": [0]}), "filter.causes[0]"),
        (router.ListStaffRequest(page_size=-1), "page_size"),
        (history.ListTransitionsRequest(page_size=-(2**31)), "page_size"),
        (workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, expected_revision=-1), "expected_revision"),
        (workspace.ClearNextStatusRequest(staff_id="ben", expected_revision=-(2**63)), "expected_revision"),
        (router.WithdrawClaimRequest(claim_id="k", expected_revision=-1), "expected_revision"),
        (router.ClaimStaffRequest(named={"staff_id": "ana", "expected_revision": -1}, call_id="c1"), "named.expected_revision"),
        (admin.UpdateStaffRequest(staff_id="ana", expected_revision=-1), "expected_revision"),
        (admin.UpdateBreakReasonRequest(code="lunch", expected_revision=-1), "expected_revision"),
        (admin.DeleteBreakReasonRequest(code="lunch", expected_revision=-1), "expected_revision"),
        (admin.UpdatePolicyRequest(policy={"require_attachment": True}, expected_revision=-1), "expected_revision"),
    ],
)
async def test_numbers_out_of_their_bounds(unchanged: World, request_: Message, field: str):
    """Unknown enum numbers and negative sizes and revisions are faults of their fields."""
    is_invalid(await unchanged.client.refused(request_), field)


async def test_a_revision_nobody_reached_is_a_mismatch(unchanged: World):
    """The largest revision there can be is compared like any other."""
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, expected_revision=2**63 - 1)
    assert (await unchanged.client.refused(request)).reason == "REVISION_MISMATCH"


# --- time -------------------------------------------------------------------------------------------------------------

DURATIONS = [
    {"seconds": -1},
    {"nanos": -1},
    {"seconds": 1, "nanos": 1_000_000_000},
    {"seconds": 1, "nanos": -1},
    {"seconds": 2**63 - 1},
    {"seconds": -(2**63)},
    {"seconds": 1, "nanos": 2**31 - 1},
    {"seconds": 86_401},
]
"""Lengths of time that are no sound ones, or too long wherever there is a bound."""
INSTANTS = [
    {"seconds": -1},
    {"nanos": -1},
    {"seconds": 1, "nanos": 1_000_000_000},
    {"seconds": 253_402_300_800},
    {"seconds": 2**63 - 1},
    {"seconds": -(2**63)},
]
"""Instants that are none between 1970 and 9999."""


@pytest.mark.parametrize("length", DURATIONS, ids=str)
async def test_lengths_of_time_out_of_their_bounds(unchanged: World, length: dict[str, int]):
    """INVALID_FIELD, wherever a length of time is taken."""
    for request, field in (
        (router.ClaimStaffRequest(named={"staff_id": "ana"}, call_id="c1", ttl=length), "ttl"),
        (router.WatchStaffRequest(bookmark_interval=length), "bookmark_interval"),
        (workspace.AttachRequest(staff_id="ana", bookmark_interval=length), "bookmark_interval"),
        (admin.CreateBreakReasonRequest(code="rest", limit=length), "limit"),
        (admin.UpdateBreakReasonRequest(code="lunch", limit=length), "limit"),
        (admin.UpdatePolicyRequest(policy={"claim_ttl": length}), "policy.claim_ttl"),
    ):
        is_invalid(await unchanged.client.refused(request), field)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (router.ClaimStaffRequest(named={"staff_id": "ana"}, call_id="c1", ttl={}), "ttl"),
        (router.ClaimStaffRequest(named={"staff_id": "ana"}, call_id="c1", ttl={"nanos": 999_999_999}), "ttl"),
        (router.ClaimStaffRequest(named={"staff_id": "ana"}, call_id="c1", ttl={"seconds": 600, "nanos": 1_000}), "ttl"),
        (router.WatchStaffRequest(bookmark_interval={"nanos": 999_000_000}), "bookmark_interval"),
        (router.WatchStaffRequest(bookmark_interval={"seconds": 61}), "bookmark_interval"),
        (workspace.AttachRequest(staff_id="ana", bookmark_interval={}), "bookmark_interval"),
    ],
)
async def test_lengths_of_time_just_beyond_their_bounds(unchanged: World, request_: Message, field: str):
    """The bounds are those of the contract."""
    refusal = await unchanged.client.refused(request_)
    is_invalid(refusal, field)
    assert "allowed" in refusal.faults[field]


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
async def test_instants_that_are_none(unchanged: World, instant: dict[str, int]):
    """INVALID_FIELD, wherever an instant is taken."""
    for request, field in (
        (router.ReportCallStartedRequest(staff_id="ana", call_id="c1", occurred_at=instant), "occurred_at"),
        (router.ReportCallEndedRequest(staff_id="ben", call_id="c0", occurred_at=instant), "occurred_at"),
        (
            router.ReconcileCallsRequest(source="p", calls=[{"staff_id": "ana", "call_id": "c", "occurred_at": instant}]),
            "calls[0].occurred_at",
        ),
        (history.ListTransitionsRequest(filter={"starts_at": instant}), "filter.starts_at"),
        (history.ExportTransitionsRequest(filter={"ends_at": instant}), "filter.ends_at"),
        (history.SummarizeTimeRequest(starts_at=instant, ends_at={"seconds": 253_402_300_799}), "starts_at"),
        (history.SummarizeTimeRequest(starts_at={"seconds": 1}, ends_at=instant), "ends_at"),
    ):
        is_invalid(await unchanged.client.refused(request), field)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (history.ListTransitionsRequest(filter={"starts_at": {"seconds": 5}, "ends_at": {"seconds": 5}}), "filter.ends_at"),
        (
            history.ExportTransitionsRequest(filter={"starts_at": {"seconds": 6}, "ends_at": {"seconds": 5}}),
            "filter.ends_at",
        ),
        (history.SummarizeTimeRequest(starts_at={"seconds": 5}, ends_at={"seconds": 5}), "ends_at"),
        (history.SummarizeTimeRequest(starts_at={"seconds": 253_402_300_000}), "starts_at"),
        (history.SummarizeTimeRequest(ends_at={"seconds": 5}), "starts_at"),
    ],
)
async def test_intervals_that_are_none(unchanged: World, request_: Message, field: str):
    """An end must be after its start, and sums need a start."""
    is_invalid(await unchanged.client.refused(request_), field)


async def test_every_fault_is_told_at_once(unchanged: World):
    """One round trip is enough to mend a request."""
    request = supervisor.ForceStatusRequest(
        staff_id="", choice={"status": 9, "break_reason": "A"}, request_id="\x01", expected_revision=-1
    )
    refusal = await unchanged.client.refused(request)
    assert set(refusal.faults) == {
        "staff_id",
        "choice.status",
        "choice.break_reason",
        "note",
        "request_id",
        "expected_revision",
    }


@pytest.mark.parametrize("choice", [{"status": "STATUS_ON_BREAK"}, {"status": "STATUS_BUSY", "break_reason": "lunch"}])
async def test_a_reason_that_is_missing_or_too_many_is_told_beside_other_faults(unchanged: World, choice: dict[str, str]):
    """A reason that does not go with the status is one of the faults."""
    request = supervisor.ForceStatusRequest(staff_id="ana", choice=choice, note="x" * 2_000)
    refusal = await unchanged.client.refused(request)
    assert set(refusal.faults) == {"choice.break_reason", "note"}


# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1_001])
async def test_batches_out_of_their_bounds(unchanged: World, count: int):
    """No item and too many are faults of the list, and nothing of it is done."""
    client = unchanged.client
    started = {"started": {"staff_id": "ana", "call_id": "c1"}}
    forced = {"staff_id": "ana", "choice": {"status": BUSY}, "note": "why"}
    is_invalid(await client.refused(router.ReportCallEventsRequest(events=[started] * count)), "events")
    is_invalid(await client.refused(supervisor.BatchForceStatusRequest(requests=[forced] * count)), "requests")
    staff = [{"staff_id": f"z{number}"} for number in range(count)]
    is_invalid(await client.refused(admin.BatchCreateStaffRequest(requests=staff)), "requests")
    if count:
        calls = [{"staff_id": "ana", "call_id": f"c{number}"} for number in range(count)]
        is_invalid(await client.refused(router.ReconcileCallsRequest(source="pbx", calls=calls)), "calls")


@pytest.mark.parametrize(
    ("kind", "field", "path", "count"),
    [
        (router.ListStaffRequest, "staff_ids", "filter.staff_ids", 1_001),
        (router.ListStaffRequest, "skill_groups", "filter.skill_groups", 101),
        (router.WatchStaffRequest, "staff_ids", "filter.staff_ids", 1_001),
        (history.ListTransitionsRequest, "staff_ids", "filter.staff_ids", 1_001),
    ],
)
async def test_filters_out_of_their_bounds(unchanged: World, kind: Any, field: str, path: str, count: int):
    """Longer lists are faults; a list at its bound is taken."""
    values = [f"v{number}" for number in range(count)]
    is_invalid(await unchanged.client.refused(kind(filter={field: values})), path)
    if kind is not router.WatchStaffRequest:
        await unchanged.client.ask(kind(filter={field: values[1:]}))


def _endless(*path: int, element: bytes = b"\0", packed: bool = False) -> bytes:
    """A request of nearly four megabytes: millions of empty elements in the field at a path of numbers."""
    *outer, number = path
    count = (4 * MEGABYTE - 64) // (len(element) + (0 if packed else 1))
    if packed:
        content = bytes([number << 3 | 2]) + varint(count) + element * count
    else:
        content = (bytes([number << 3 | 2]) + element) * count
    for one in reversed(outer):
        content = bytes([one << 3 | 2]) + varint(len(content)) + content
    return content


@pytest.mark.parametrize(
    ("method", "payload", "field"),
    [
        ("RouterService/ListStaff", _endless(1, 1), "filter.staff_ids"),
        ("RouterService/ListStaff", _endless(1, 2), "filter.skill_groups"),
        ("RouterService/WatchStaff", _endless(1, 3, packed=True), "filter.statuses"),
        ("RouterService/ReportCallEvents", _endless(1), "events"),
        ("RouterService/ReconcileCalls", b"\x0a\x01p" + _endless(2), "calls"),
        ("SupervisorService/BatchForceStatus", _endless(1), "requests"),
        ("AdminService/BatchCreateStaff", _endless(1), "requests"),
        ("AdminService/CreateStaff", b"\x0a\x01x" + _endless(3), "skill_groups"),
        ("AdminService/UpdateStaff", b"\x0a\x03ana" + _endless(4, 1), "update_mask"),
        ("AdminService/UpdateBreakReason", b"\x0a\x05lunch" + _endless(5, 1), "update_mask"),
        ("AdminService/UpdatePolicy", _endless(2, 1), "update_mask"),
        ("AdminService/UpdatePolicy", _endless(1, 1, 3, packed=True), "policy.after_call_work.directions"),
        ("HistoryService/ListTransitions", _endless(1, 8, element=b"\1", packed=True), "filter.causes"),
        ("HistoryService/ExportTransitions", _endless(1, 1), "filter.staff_ids"),
        ("HistoryService/SummarizeTime", b"\x22\x02\x08\x01" + _endless(1), "staff_ids"),
    ],
)
async def test_lists_without_end_are_not_looked_at(unchanged: World, method: str, payload: bytes, field: str):
    """Their length is the only fault that is told: millions of elements would hold up everybody else for seconds."""
    refusal = await raw_refusal(unchanged, f"/onduty.v1.{method}", payload)
    is_invalid(refusal, field)
    assert "allowed" in refusal.faults[field]


async def test_a_request_that_is_too_large(unchanged: World):
    """REQUEST_TOO_LARGE tells both sizes, for unary and streaming RPCs alike."""
    for request in (
        workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, note="x" * (9 * MEGABYTE // 2)),
        router.WatchStaffRequest(resume_after="x" * (9 * MEGABYTE // 2)),
    ):
        refusal = await unchanged.client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE")
        assert refusal.metadata == {"size_bytes": str(request.ByteSize()), "max_bytes": str(4 * MEGABYTE)}


async def test_a_request_that_is_much_too_large(unchanged: World):
    """Beyond what the transport takes the error is the transport's, and still says what it is."""
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, note="x" * (20 * MEGABYTE))
    call = unchanged.client.call(request, timeout=DEADLINE_SECONDS)
    assert await call.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in await call.details()


async def test_a_request_just_within_the_bound_is_parsed(unchanged: World):
    """4 MiB are taken; what is wrong with this one is the note's length."""
    request = workspace.ChangeStatusRequest(staff_id="ana", choice={"status": BUSY}, note="x" * (4 * MEGABYTE - 64))
    is_invalid(await unchanged.client.refused(request), "note")


# --- bytes ------------------------------------------------------------------------------------------------------------


def raw(world: World, method: str, payload: bytes, **options: Any) -> Any:
    """Start an RPC with any bytes as its request."""
    if method in METHODS and METHODS[method].server_streaming:
        return world.channel.unary_stream(method)(payload, timeout=DEADLINE_SECONDS, **options)
    return world.channel.unary_unary(method)(payload, timeout=DEADLINE_SECONDS, **options)


async def raw_refusal(world: World, method: str, payload: bytes, **options: Any) -> Refusal:
    """The rich error of an RPC with any bytes."""
    call = raw(world, method, payload, **options)
    return await Stream(call).refusal() if hasattr(call, "read") else await refusal_of(call)


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_bytes_that_are_no_message(unchanged: World, method: str):
    """MALFORMED_REQUEST names the message that was expected: garbage, a cut message, and invalid UTF-8 in a text."""
    texts = {
        field.number: field
        for field in METHODS[method].input_type.fields
        if field.type == field.TYPE_STRING and not field.is_repeated
    }
    payloads = [b"\xff\xff\xff\xff", b"\x0a\xffabc"]
    payloads += [bytes([number << 3 | 2, 2, 0xC3, 0x28]) for number in list(texts)[:1]]
    for payload in payloads:
        refusal = await raw_refusal(unchanged, method, payload)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "MALFORMED_REQUEST")
        assert refusal.metadata == {"message": METHODS[method].input_type.full_name}
        assert refusal.details == ()


async def test_fields_of_a_newer_contract_are_passed_over(shared: World):
    """A field that is not known yet does not disturb."""
    known = workspace.GetStaffRequest(staff_id="ana").SerializeToString()
    answer = await raw(shared, "/onduty.v1.WorkspaceService/GetStaff", known + bytes([99 << 3 & 0x7F | 0x80, 6, 1]))
    assert workspace.GetStaffResponse.FromString(answer).staff.staff_id == "ana"


@pytest.mark.parametrize(
    "method",
    [
        "/onduty.v1.WorkspaceService/Nothing",
        "/onduty.v2.WorkspaceService/GetStaff",
        "/onduty.v1.workspaceservice/GetStaff",
        "/nonsense/x",
        "/" + "x" * 3_000 + "/y",
    ],
    ids=lambda method: method[:40],
)
async def test_methods_that_are_not_known(unchanged: World, method: str):
    """METHOD_UNKNOWN names the method, whatever its shape is taken for."""
    for start in (unchanged.channel.unary_unary, unchanged.channel.unary_stream):
        call = start(method)(b"", timeout=DEADLINE_SECONDS)
        refusal = await Stream(call).refusal() if hasattr(call, "read") else await refusal_of(call)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNIMPLEMENTED, "METHOD_UNKNOWN")
        assert refusal.metadata["method"][:100] == method[:100]


# --- metadata ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["onduty-tenant", "onduty-actor"])
@pytest.mark.parametrize("value", ["", "x" * 129])
async def test_names_in_the_metadata_that_cannot_be(unchanged: World, key: str, value: str):
    """A tenant or actor that is empty or too long is a fault of that metadata key."""
    for request in (workspace.GetStaffRequest(staff_id="ana"), router.WatchStaffRequest()):
        client = Client(unchanged.channel)
        client.metadata = ((key, value),)
        is_invalid(await client.refused(request), f"metadata {key}")


async def test_names_in_the_metadata_of_any_other_form(shared: World):
    """128 printable characters are a tenant, with spaces and signs inside; metadata that means nothing here is let be."""
    for tenant in ("x" * 128, "a b", "../../etc/passwd", "%00", "tenant:1"):
        client = Client(shared.channel, tenant=tenant, actor=tenant)
        client.metadata += (("x-nonsense", "1"), ("onduty-other-bin", b"\xff\x00"))
        assert (await client.listed()).total_size == 0


# --- large states in errors -------------------------------------------------------------------------------------------


async def test_a_refusal_of_a_very_large_state_still_arrives(shared: World):
    """Details travel in trailing metadata, which clients bound: the state is told as far as it fits."""
    client = shared.caller(tenant="large")
    staff_id = "😀" * 128
    await client.create(staff_id, *(f"{number:064}" for number in range(100)), name="名" * 200)
    await client.change(staff_id, AVAILABLE)
    for number in range(20):
        await client.started(staff_id, f"{number:02}" + "😀" * 126, source="😀" * 128)
    refusal = await client.refused(workspace.PlaceCallRequest(staff_id=staff_id, call_id="c1"))
    assert refusal.reason == "TRANSITION_REFUSED"
    current = refusal.detail(errors_pb2.TransitionRefusal).current
    assert (current.staff_id, current.revision) == (staff_id, shared.head)
    request = workspace.ClearNextStatusRequest(staff_id=staff_id, expected_revision=1)
    assert (await client.refused(request)).reason == "REVISION_MISMATCH"
    assert (
        await client.refused(router.ClaimStaffRequest(call_id="c1", named={"staff_id": staff_id}))
    ).reason == "STAFF_NOT_ASSIGNABLE"


@pytest.mark.parametrize("length", [100, 10_000, 1_000_000])
async def test_a_fault_that_quotes_the_request_still_arrives(unchanged: World, length: int):
    """What callers sent is not sent back at any length."""
    for request in (
        admin.UpdatePolicyRequest(update_mask={"paths": ["x" * length]}),
        admin.UpdateStaffRequest(staff_id="ana", update_mask={"paths": ["é" * length]}),
        admin.UpdateBreakReasonRequest(code="lunch", update_mask={"paths": ["x"] * min(length, 1_000)}),
    ):
        assert (await unchanged.client.refused(request)).reason == "INVALID_FIELD"


async def test_a_thousand_faults_still_arrive(unchanged: World):
    """The first ones are told."""
    calls = [{"staff_id": "\n" * 200, "call_id": "\n"}] * 1_000
    refusal = await unchanged.client.refused(router.ReconcileCallsRequest(source="pbx", calls=calls))
    assert refusal.reason == "INVALID_FIELD"
    assert "calls[0].staff_id" in refusal.faults


# --- tokens -----------------------------------------------------------------------------------------------------------

TOKENS = ["x", "====", "é", "\x00", "A" * 10_000, "ASIAuinWdhaDxSK1OQAAAAAAAAAAAAAC"[:-4], "W1tbW1tb", "W1tb" * 50_000]
"""Nothing that this service made; the last ones are the beginning of deeply nested JSON."""


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token[:8].encode("unicode_escape").decode())
async def test_positions_and_tokens_that_are_none(unchanged: World, token: str):
    """POSITION_MALFORMED and PAGE_TOKEN_INVALID, at every RPC that takes one."""
    client = unchanged.client
    for request in (
        workspace.GetStaffRequest(staff_id="ana", at_least=token),
        workspace.ListBreakReasonsRequest(at_least=token),
        router.ListStaffRequest(at_least=token),
        router.WatchStaffRequest(at_least=token),
        router.WatchStaffRequest(resume_after=token),
        supervisor.GetStaffSummaryRequest(at_least=token),
        admin.GetPolicyRequest(at_least=token),
        history.ListTransitionsRequest(at_least=token),
        history.ExportTransitionsRequest(resume_after=token),
        history.SummarizeTimeRequest(starts_at={"seconds": 1}, at_least=token),
    ):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "POSITION_MALFORMED")
        assert refusal.metadata == {}
    for request in (router.ListStaffRequest(page_token=token), history.ListTransitionsRequest(page_token=token)):
        refusal = await client.refused(request)
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")


@pytest.mark.parametrize("place", [0, -1, 2**63 - 1, 2**63, 2**200, 1.5, "1", None, [], True])
async def test_page_tokens_with_another_place(unchanged: World, place: Any):
    """Tokens carry no authority: who changes the place in one is shown other pages or an error, never a fault."""
    client = unchanged.client
    for request in (router.ListStaffRequest(page_size=1), history.ListTransitionsRequest(page_size=1)):
        token = (await client.ask(request)).next_page_token
        made = json.loads(base64.urlsafe_b64decode(token))
        for key in set(made) & {"r", "n"}:
            request.page_token = base64.urlsafe_b64encode(json.dumps({**made, key: place}).encode()).decode()
            call = client.call(request, timeout=DEADLINE_SECONDS)
            if await call.code() is not grpc.StatusCode.OK:
                assert (await refusal_of(call)).reason == "PAGE_TOKEN_INVALID"


# --- anything at all --------------------------------------------------------------------------------------------------

BAD_CODES = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNAVAILABLE}


def _messages(kind: Any, depth: int = 0) -> st.SearchStrategy[Message]:
    """Messages of a type with anything in their fields."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for field in kind.DESCRIPTOR.fields:
        one = _values(field, depth)
        if one is not None:
            fields[field.name] = st.lists(one, max_size=3) if field.is_repeated else one
    return st.fixed_dictionaries({}, optional=fields).map(lambda values: kind(**values))


def _values(field: Any, depth: int) -> st.SearchStrategy[Any] | None:
    if field.message_type is not None:
        if depth > 2:
            return None
        return _messages(message_factory.GetMessageClass(field.message_type), depth + 1)
    if field.enum_type is not None:
        return st.integers(-(2**31), 2**31 - 1) | st.integers(-1, 25)
    if field.cpp_type == field.CPPTYPE_STRING:
        return st.sampled_from(["", "ana", "ben", "cards", "lunch", "c0", "r1", "display_name"]) | st.text(
            st.characters(codec="utf-8"), max_size=20
        )
    if field.cpp_type == field.CPPTYPE_BOOL:
        return st.booleans()
    bits = 31 if field.cpp_type == field.CPPTYPE_INT32 else 63
    return st.integers(-(2**bits), 2**bits - 1) | st.integers(-2, 100)


async def outcome(world: World, method: str, payload: bytes) -> grpc.StatusCode:
    """The code that some bytes get; a stream that is granted is cancelled."""
    metadata = (("onduty-tenant", "anything"),)
    call = raw(world, method, payload, metadata=metadata)
    if not hasattr(call, "read"):
        return await call.code()
    try:
        if await call.read() is not grpc.aio.EOF:
            return grpc.StatusCode.OK
    except grpc.aio.AioRpcError as error:
        return error.code()
    finally:
        call.cancel()
    return await call.code()


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.data())
@pytest.mark.parametrize("service", [service.name for service in SERVICES])
async def test_anything_at_all_is_no_internal_fault(shared: World, service: str, data: st.DataObject):
    """Random bytes and random messages to every method never get INTERNAL, UNKNOWN or UNAVAILABLE."""
    for method, contract in METHODS.items():
        if contract.containing_service.name != service:
            continue
        kind = message_type(contract.input_type.name)
        payload = data.draw(st.one_of(st.binary(max_size=60), _messages(kind).map(lambda one: one.SerializeToString())))
        code = await outcome(shared, method, payload)
        assert code not in BAD_CODES, f"{method} {payload!r}"


async def test_after_all_that_the_server_is_well(shared: World):
    """Nothing is left open, and a good request is answered."""
    told = await shared.client.ask(workspace.GetStaffRequest(staff_id="ana"))
    assert told.staff.status == staff_pb2.STATUS_AVAILABLE
    assert shared.engine.healthy
    assert not shared.engine.queue._book._under_way
    assert not shared.engine.queue._book._batches
