"""A real server in the test's own event loop, a real channel to it, and short words for what tests ask of it.

``serving`` wires the server as the program does: SQLite journal in a file, engine, gRPC on a free loopback port. ``Client``
speaks through the generated stubs and reads errors as a client in the field would. It expects nothing of its own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar
from unittest import mock

import grpc
from google.protobuf import message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from onduty.v1 import (
    admin_service_pb2,
    errors_pb2,
    history_service_pb2,
    policy_pb2,
    router_service_pb2,
    server_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
from onduty.v1.admin_service_pb2_grpc import AdminServiceStub
from onduty.v1.history_service_pb2_grpc import HistoryServiceStub
from onduty.v1.router_service_pb2_grpc import RouterServiceStub
from onduty.v1.server_service_pb2_grpc import ServerServiceStub
from onduty.v1.supervisor_service_pb2_grpc import SupervisorServiceStub
from onduty.v1.workspace_service_pb2_grpc import WorkspaceServiceStub
from onduty_server import compose
from onduty_server.adapters.system_clock import SystemClock
from onduty_server.compose import Running, open_journal
from onduty_server.config import Settings, load_settings
from onduty_server.engine.engine import Engine
from onduty_server.past import HistoryQuery, PastPage, Revision, Sums, SumsQuery
from onduty_server.ports import AnswerRow, Clock, Entry, Journal

T = TypeVar("T")

DEADLINE_SECONDS = 50.0
"""No test waits longer than this for anything. It is less than the time between the bookmarks of ``RARE_BOOKMARKS``."""
RARE_BOOKMARKS = {"seconds": 60}
"""What streams are opened with where a test says nothing else: the longest interval, so that frames are those of changes."""

SERVICES: tuple[ServiceDescriptor, ...] = tuple(
    module.DESCRIPTOR.services_by_name[name]
    for module, name in (
        (workspace_service_pb2, "WorkspaceService"),
        (router_service_pb2, "RouterService"),
        (supervisor_service_pb2, "SupervisorService"),
        (admin_service_pb2, "AdminService"),
        (history_service_pb2, "HistoryService"),
        (server_service_pb2, "ServerService"),
    )
)
STUBS = {
    "WorkspaceService": WorkspaceServiceStub,
    "RouterService": RouterServiceStub,
    "SupervisorService": SupervisorServiceStub,
    "AdminService": AdminServiceStub,
    "HistoryService": HistoryServiceStub,
    "ServerService": ServerServiceStub,
}
METHODS: dict[str, MethodDescriptor] = {
    f"/{service.full_name}/{method.name}": method for service in SERVICES for method in service.methods
}
"""Every RPC of the contract by its full name."""
METHOD_OF: dict[str, str] = {method.input_type.full_name: name for name, method in METHODS.items()}
"""The RPC that takes a request message."""

AVAILABLE = staff_pb2.STATUS_AVAILABLE
BUSY = staff_pb2.STATUS_BUSY
ON_BREAK = staff_pb2.STATUS_ON_BREAK
OFFLINE = staff_pb2.STATUS_OFFLINE
IN_LINE = staff_pb2.STATUS_IN_LINE
AFTER_CALL_WORK = staff_pb2.STATUS_AFTER_CALL_WORK


def message_type(name: str) -> type[Message]:
    """The generated class of one of the contract's messages."""
    pool = staff_pb2.DESCRIPTOR.pool
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"onduty.v1.{name}"))


# --- errors -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rich error as it reached the client."""

    code: grpc.StatusCode
    reason: str
    domain: str
    metadata: dict[str, str]
    message: str
    details: tuple[Message, ...]

    def detail(self, kind: type[T]) -> T:
        """The one detail of a type."""
        (found,) = [one for one in self.details if isinstance(one, kind)]
        return found

    def details_are(self, *kinds: type[Message]) -> bool:
        """Whether there are exactly these details, in this order."""
        return tuple(type(one) for one in self.details) == kinds

    @property
    def faults(self) -> dict[str, str]:
        """The fields at fault with what is wrong with them."""
        return {one.field: one.description for one in self.detail(error_details_pb2.BadRequest).field_violations}


_DETAILS = (
    error_details_pb2.BadRequest,
    error_details_pb2.RetryInfo,
    errors_pb2.TransitionRefusal,
    errors_pb2.RevisionMismatch,
    errors_pb2.NobodyAvailable,
)


def _unpacked(packed: AnyMessage) -> Message:
    for kind in _DETAILS:
        if packed.Is(kind.DESCRIPTOR):
            found = kind()
            packed.Unpack(found)
            return found
    raise AssertionError(f"a detail of an unexpected type: {packed.type_url}")


async def refusal_of(call: Any) -> Refusal:
    """The rich error that ended a call; fails if it ended well or with a poor error."""
    code = await call.code()
    assert code is not grpc.StatusCode.OK, "the call succeeded"
    status = await rpc_status.aio.from_call(call)
    assert status is not None, f"no rich status: {code} {await call.details()}"
    assert status.code == code.value[0]
    return refusal_in(status)


def refusal_in(status: Any) -> Refusal:
    """The rich error that a ``google.rpc.Status`` is, as that of an item of a batch."""
    info = error_details_pb2.ErrorInfo()
    first, *rest = status.details
    assert first.Unpack(info), "ErrorInfo comes first"
    code = next(one for one in grpc.StatusCode if one.value[0] == status.code)
    return Refusal(code, info.reason, info.domain, dict(info.metadata), status.message, tuple(map(_unpacked, rest)))


# --- streams ----------------------------------------------------------------------------------------------------------


class Stream:
    """An open server stream, read frame by frame with a deadline; cancelled at the end of the with block."""

    def __init__(self, call: Any) -> None:
        """Takes over a call."""
        self.call = call

    async def __aenter__(self) -> Self:
        """The stream itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel it."""
        self.call.cancel()

    async def frame(self) -> Any:
        """The next frame; fails if the stream ended."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            frame = await self.call.read()
        assert frame is not grpc.aio.EOF, f"the stream ended: {await self.call.code()} {await self.call.details()}"
        return frame

    async def rest(self) -> list[Any]:
        """The frames up to the stream's end, which must be a good one."""
        frames = []
        async with asyncio.timeout(DEADLINE_SECONDS):
            while (frame := await self.call.read()) is not grpc.aio.EOF:
                frames.append(frame)
            assert await self.call.code() is grpc.StatusCode.OK, await self.call.details()
        return frames

    async def refusal(self) -> Refusal:
        """The error that ends the stream; frames before it are read."""
        with contextlib.suppress(grpc.aio.AioRpcError):
            while True:
                await self.frame()
        return await refusal_of(self.call)


class Watch(Stream):
    """A ``WatchStaff`` stream as a router would keep it: a view, the changes so far, and the last position."""

    def __init__(self, call: Any) -> None:
        """An empty view."""
        super().__init__(call)
        self.view: dict[str, staff_pb2.Staff] = {}
        self.changes: list[staff_pb2.StaffChange] = []
        self.frames: list[Any] = []
        self.position = ""

    async def frame(self) -> Any:
        """The next frame, worked into view, changes and position."""
        frame = await super().frame()
        self.frames.append(frame)
        self.position = frame.position or self.position
        if frame.HasField("snapshot_chunk"):
            self.view.update({one.staff_id: one for one in frame.snapshot_chunk.staff})
        for change in frame.changes.changes:
            self.changes.append(change)
            if change.left:
                self.view.pop(change.staff.staff_id, None)
            else:
                self.view[change.staff.staff_id] = change.staff
        return frame

    async def began(self) -> Self:
        """Read the snapshot to its end, or the bookmark that opens a resumed stream."""
        while True:
            frame = await self.frame()
            if frame.snapshot_chunk.last or frame.HasField("bookmark"):
                return self

    async def until(self, done: Callable[["Watch"], bool]) -> Self:
        """Read on until a condition holds."""
        while not done(self):
            await self.frame()
        return self

    async def until_changes(self, count: int) -> list[staff_pb2.StaffChange]:
        """Read on until at least so many changes have come."""
        await self.until(lambda watch: len(watch.changes) >= count)
        return self.changes

    async def until_revision(self, revision: int) -> Self:
        """Read on until a change with this revision or a later one has come."""
        return await self.until(lambda watch: bool(watch.changes) and watch.changes[-1].staff.revision >= revision)

    @property
    def revisions(self) -> list[int]:
        """The revisions of the changes so far, in the order in which they came."""
        return [change.staff.revision for change in self.changes]


# --- clients ----------------------------------------------------------------------------------------------------------


class Client:
    """One caller: stubs over a channel, and the metadata that says who it is."""

    def __init__(self, channel: grpc.aio.Channel, tenant: str = "", actor: str = "") -> None:
        """Empty names are left out of the metadata."""
        self.channel = channel
        self.metadata = tuple((key, value) for key, value in (("onduty-tenant", tenant), ("onduty-actor", actor)) if value)
        self._stubs = {name: stub(channel) for name, stub in STUBS.items()}

    def call(self, request: Message, **options: Any) -> Any:
        """Start the RPC that takes this request."""
        _, service, method = METHOD_OF[request.DESCRIPTOR.full_name].split("/")
        stub = self._stubs[service.rpartition(".")[2]]
        return getattr(stub, method)(request, metadata=self.metadata, **options)

    async def ask(self, request: Message) -> Any:
        """The answer to a request."""
        return await self.call(request, timeout=DEADLINE_SECONDS)

    async def refused(self, request: Message) -> Refusal:
        """The error that answers a request, of a unary or a streaming RPC."""
        call = self.call(request, timeout=DEADLINE_SECONDS)
        if METHODS[METHOD_OF[request.DESCRIPTOR.full_name]].server_streaming:
            return await Stream(call).refusal()
        return await refusal_of(call)

    def open(self, request: Message) -> Stream:
        """A stream that is not a watch."""
        return Stream(self.call(request))

    def attach(self, staff_id: str, **fields: Any) -> Stream:
        """An attached workspace."""
        fields = {"bookmark_interval": RARE_BOOKMARKS, **fields}
        return self.open(workspace_service_pb2.AttachRequest(staff_id=staff_id, **fields))

    def watch(self, **fields: Any) -> Watch:
        """A watch of the staff."""
        fields = {"bookmark_interval": RARE_BOOKMARKS, **fields}
        return Watch(self.call(router_service_pb2.WatchStaffRequest(**fields)))

    # --- short words --------------------------------------------------------------------------------------------------

    async def create(self, staff_id: str, *groups: str, name: str = "") -> staff_pb2.Staff:
        """Create a staff member."""
        members = [{"name": group} for group in groups]
        request = admin_service_pb2.CreateStaffRequest(staff_id=staff_id, display_name=name, skill_groups=members)
        return (await self.ask(request)).staff

    async def create_available(self, staff_id: str, *groups: str) -> staff_pb2.Staff:
        """Create a staff member and sign in to AVAILABLE."""
        await self.create(staff_id, *groups)
        return (await self.change(staff_id, AVAILABLE)).staff

    async def remove(self, staff_id: str) -> staff_pb2.Staff:
        """Delete a staff member who is OFFLINE; the last state."""
        return (await self.ask(admin_service_pb2.DeleteStaffRequest(staff_id=staff_id))).staff

    async def create_many(self, count: int, *groups: str, prefix: str = "s", name: str = "") -> list[str]:
        """Create staff in batches, numbered from 0."""
        names = [f"{prefix}{number:05}" for number in range(count)]
        for start in range(0, count, 1_000):
            items = [
                admin_service_pb2.CreateStaffRequest(
                    staff_id=one, display_name=name, skill_groups=[{"name": group} for group in groups]
                )
                for one in names[start : start + 1_000]
            ]
            answer = await self.ask(admin_service_pb2.BatchCreateStaffRequest(requests=items))
            assert all(result.HasField("taken") for result in answer.results)
        return names

    async def break_reason(self, code: str = "lunch", *, enabled: bool = True, limit_seconds: int = 0) -> None:
        """Create a break reason."""
        request = admin_service_pb2.CreateBreakReasonRequest(code=code, enabled=enabled)
        if limit_seconds:
            request.limit.seconds = limit_seconds
        await self.ask(request)

    async def policy(self, **fields: Any) -> None:
        """Set fields of the policy."""
        await self.ask(admin_service_pb2.UpdatePolicyRequest(policy=policy_pb2.Policy(**fields)))

    async def change(self, staff_id: str, status: int, break_reason: str = "", **fields: Any) -> Any:
        """Choose a status."""
        request = workspace_service_pb2.ChangeStatusRequest
        choice = {"status": status, "break_reason": break_reason}
        return await self.ask(request(staff_id=staff_id, choice=choice, **fields))

    async def get(self, staff_id: str) -> staff_pb2.Staff:
        """The present state."""
        return (await self.ask(workspace_service_pb2.GetStaffRequest(staff_id=staff_id))).staff

    async def started(self, staff_id: str, call_id: str, **fields: Any) -> Any:
        """Report that a call started."""
        request = router_service_pb2.ReportCallStartedRequest
        return await self.ask(request(staff_id=staff_id, call_id=call_id, **fields))

    async def ended(self, staff_id: str, call_id: str, **fields: Any) -> Any:
        """Report that a call ended."""
        request = router_service_pb2.ReportCallEndedRequest
        return await self.ask(request(staff_id=staff_id, call_id=call_id, **fields))

    async def claim(self, call_id: str = "call", **fields: Any) -> Any:
        """Claim somebody for a call: ``staff_id`` or a member of ``skill_group``, or whatever target ``fields`` have."""
        for name, target in (("staff_id", "named"), ("skill_group", "group_member")):
            if name in fields:
                value = fields.pop(name)
                fields[target] = {"staff_id": value} if name == "staff_id" else {"skill_groups": [{"name": value}]}
        return await self.ask(router_service_pb2.ClaimStaffRequest(call_id=call_id, **fields))

    async def listed(self, **fields: Any) -> Any:
        """A page of staff."""
        return await self.ask(router_service_pb2.ListStaffRequest(**fields))

    async def transitions(self, **fields: Any) -> list[staff_pb2.Transition]:
        """The changes that match, on one page."""
        found = await self.ask(history_service_pb2.ListTransitionsRequest(page_size=1_000, **fields))
        assert not found.next_page_token
        return list(found.transitions)

    async def until(self, staff_id: str, done: Callable[[staff_pb2.Staff], bool]) -> staff_pb2.Staff:
        """Wait until one staff member's state is as wanted."""
        async with self.watch(filter={"staff_ids": [staff_id]}) as watch:
            await watch.until(lambda seen: staff_id in seen.view and done(seen.view[staff_id]))
            return watch.view[staff_id]

    async def until_status(self, staff_id: str, status: int) -> staff_pb2.Staff:
        """Wait until one staff member has a status."""
        return await self.until(staff_id, lambda staff: staff.status == status)


# --- the journal's gate -----------------------------------------------------------------------------------------------


class GatedJournal:
    """The real journal, whose appends a test can hold up or let fail, before or after they are on disk, and reads of history.

    There is no other way to look at the moment between a commit and its acknowledgement from outside.
    """

    def __init__(self, journal: Journal) -> None:
        """Everything passes until told otherwise."""
        self._journal = journal
        self._before = asyncio.Event()
        self._after = asyncio.Event()
        self._read = asyncio.Event()
        self.release()
        self._arrived = asyncio.Event()
        self.failures_before: list[Exception] = []
        self.failures_after: list[Exception] = []
        self.failures_of_reads: list[Exception] = []
        self.appended: list[int] = []
        self.read_records = 0

    def __getattr__(self, name: str) -> Any:
        """Everything but appending is the real journal's."""
        return getattr(self._journal, name)

    def hold_before(self) -> None:
        """Hold appends up before they are handed to the storage."""
        self._before.clear()

    def hold_after(self) -> None:
        """Hold appends up when they are on disk and nobody was told yet."""
        self._after.clear()

    def hold_reads(self) -> None:
        """Hold reads of the history up when they are done and nobody was told yet."""
        self._read.clear()

    def release(self) -> None:
        """Let everything pass."""
        for gate in (self._before, self._after, self._read):
            gate.set()

    async def arrived(self) -> None:
        """Wait until something is held up."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            await self._arrived.wait()
        self._arrived.clear()

    async def append(self, entries: Sequence[Entry], answer_rows: Sequence[AnswerRow]) -> list[Revision]:
        """See ``Journal``."""
        await self._pass(self._before)
        if self.failures_before:
            raise self.failures_before.pop(0)
        revisions = await self._journal.append(entries, answer_rows)
        self.appended.append(len(entries))
        await self._pass(self._after)
        if self.failures_after:
            raise self.failures_after.pop(0)
        return revisions

    async def record(self, revision: Revision) -> Any:
        """See ``Journal``; counts how often it is asked."""
        self.read_records += 1
        return await self._journal.record(revision)

    def _fail_if_told(self) -> None:
        if self.failures_of_reads:
            raise self.failures_of_reads.pop(0)

    async def persons(self, query: Any) -> Any:
        """Whoever has a past; fails like the other reads."""
        self._fail_if_told()
        return await self._journal.persons(query)

    async def history(self, query: HistoryQuery) -> PastPage:
        """See ``Journal``."""
        self._fail_if_told()
        page = await self._journal.history(query)
        await self._pass(self._read)
        return page

    async def sums(self, query: SumsQuery) -> Sums:
        """See ``Journal``."""
        sums = await self._journal.sums(query)
        await self._pass(self._read)
        return sums

    async def _pass(self, gate: asyncio.Event) -> None:
        if not gate.is_set():
            self._arrived.set()
            await gate.wait()


# --- the server -------------------------------------------------------------------------------------------------------


class World:
    """A server that serves, and who talks to it."""

    def __init__(self, running: Running, channel: grpc.aio.Channel, clock: Clock, journal: GatedJournal) -> None:
        """Made by ``serving``."""
        self.running = running
        self.channel = channel
        self.clock = clock
        self.journal = journal
        self.client = Client(channel)

    @property
    def engine(self) -> Engine:
        """The engine behind the server."""
        return self.running.engine

    def caller(self, tenant: str = "", actor: str = "") -> Client:
        """Another caller over the same channel."""
        return Client(self.channel, tenant, actor)

    @contextlib.asynccontextmanager
    async def another_channel(self, *options: tuple[str, Any]) -> AsyncIterator[Client]:
        """A client with a connection of its own for the length of the block."""
        own = [("grpc.enable_http_proxy", 0), ("grpc.use_local_subchannel_pool", 1), *options]
        async with grpc.aio.insecure_channel(self.running.address, options=own) as channel:
            yield Client(channel)

    def gate(self) -> GatedJournal:
        """The gate in front of the journal; everything passes until the test closes it."""
        return self.journal

    async def in_one_commit(self, client: Client, *requests: Message) -> list[Any]:
        """Ask so that the requests are decided in this order and committed together; the calls, which are answered."""
        gate = self.gate()
        gate.hold_before()
        first = asyncio.ensure_future(self.caller("elsewhere").create(f"held-{self.head}"))
        await gate.arrived()
        calls: list[Any] = []
        for request in requests:
            calls.append(client.call(request, timeout=DEADLINE_SECONDS))
            await eventually(lambda: len(self.engine.queue.waiting) == len(calls), "the request waits for its commit")
        gate.release()
        await asyncio.gather(first, *(call.code() for call in calls))
        return calls

    @property
    def head(self) -> int:
        """The store's last revision that is shown."""
        return self.engine.head

    @property
    def open_streams(self) -> int:
        """How many streams the server counts."""
        return self.running.server._streams.count


@contextlib.asynccontextmanager
async def serving(
    journal: Path, *, clock: Clock | None = None, options: Sequence[tuple[str, Any]] = (), **settings: Any
) -> AsyncIterator[World]:
    """A server on a journal file for the length of the block; ``options`` are the channel's."""
    used = clock or SystemClock()
    flags = {"listen": "127.0.0.1:0", "journal": str(journal), "drain": 30.0, **settings}
    gate: list[GatedJournal] = []

    async def open_gated(settings: Settings) -> GatedJournal:
        gate.append(GatedJournal(await open_journal(settings)))
        return gate[0]

    async with contextlib.AsyncExitStack() as stack:
        with mock.patch.multiple(compose, SteadyClock=lambda: used, open_journal=open_gated):
            server = await stack.enter_async_context(compose.running(load_settings(flags)))
        channel_options = [("grpc.enable_http_proxy", 0), *options]
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(server.address, options=channel_options))
        try:
            yield World(server, channel, used, gate[0])
        finally:
            gate[0].release()  # a server whose journal is held up cannot stop


async def eventually(done: Callable[[], bool], what: str) -> None:
    """Wait until something inside the server that sends no word about it is so."""
    end = asyncio.get_running_loop().time() + DEADLINE_SECONDS
    while not done():
        assert asyncio.get_running_loop().time() < end, f"it never came about: {what}"
        await asyncio.sleep(0.002)
