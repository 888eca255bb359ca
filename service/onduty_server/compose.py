"""The only place where adapters meet the engine and the server; nothing else may know which adapter is behind a port."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from onduty_server.adapters.codec import ProtobufCodec
from onduty_server.adapters.sqlite.journal import SqliteJournal
from onduty_server.adapters.steady_clock import SteadyClock
from onduty_server.auth.open_access import DEFAULT_TENANT, OpenAccess
from onduty_server.config import Settings, split_address
from onduty_server.domain import commands as ask
from onduty_server.domain.policy import BreakReason
from onduty_server.domain.state import SYSTEM
from onduty_server.domain.status import seconds
from onduty_server.engine import operations
from onduty_server.engine.engine import Engine
from onduty_server.ports import Journal
from onduty_server.rpc.limits import Limits
from onduty_server.rpc.server import Server

SAMPLE_REASONS = (
    BreakReason("lunch", "Lunch", limit=seconds(45 * 60)),
    BreakReason("meeting", "Meeting"),
    BreakReason("rest", "Rest", limit=seconds(15 * 60)),
)
SAMPLE_STAFF = (
    ("ana", "Ana Ruiz", ("cards", "english")),
    ("ben", "Ben Okafor", ("cards",)),
    ("chi", "Chi Nguyen", ("english", "loans")),
    ("dov", "Dov Levi", ("loans",)),
    ("eva", "Eva Lindqvist", ("cards", "loans")),
)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that serves."""

    engine: Engine
    server: Server
    address: str


async def open_journal(settings: Settings) -> Journal:
    """The journal that the settings name.

    Raises:
        JournalLockedError: Another process has it.
        JournalOpenError: It cannot be opened.
    """
    path = settings.journal_path
    if not path.parent.exists() and not path.is_absolute():
        path.parent.mkdir(parents=True)
    return await SqliteJournal.open(path)


@asynccontextmanager
async def running(settings: Settings, *, on_bound: Callable[[str], None] = lambda _address: None) -> AsyncIterator[Running]:
    """A server for the length of the block: recovered, bound, healthy; drained and closed afterwards.

    ``on_bound`` is told the address once calls are taken. The journal is opened first and closed last, so that nothing is
    served that another process might be writing.
    """
    journal = await open_journal(settings)
    try:
        engine = Engine(journal, ProtobufCodec(), SteadyClock())
        limits = Limits(
            settings.streams_per_caller,
            settings.keepalive_time,
            settings.keepalive_timeout,
            settings.least_ping_interval,
            settings.drain,
            settings.watch_stall_limit,
        )
        server = Server(engine, OpenAccess(), limits, rehearsal=settings.rehearsal)
        try:
            await engine.start()
            if settings.sample:
                await create_sample(engine)
            port = await server.start(settings.listen)
            address = f"{_shown(settings.listen)}:{port}"
            on_bound(address)
            try:
                yield Running(engine, server, address)
            finally:
                await server.stop()
        finally:
            await engine.stop()
    finally:
        await journal.close()


def _shown(listen: str) -> str:
    host, _ = split_address(listen)
    return f"[{host}]" if ":" in host else host


async def create_sample(engine: Engine) -> None:
    """Sample staff and break reasons, where there are neither."""
    roster = engine.rosters(DEFAULT_TENANT)
    if roster.standings or roster.break_reasons:
        return
    for reason in SAMPLE_REASONS:
        await engine.transact(DEFAULT_TENANT, operations.create_break_reason(DEFAULT_TENANT, reason))
    for staff_id, name, groups in SAMPLE_STAFF:
        command = ask.CreateStaff(staff_id, name, groups, ask.Origin(SYSTEM, note="sample"))
        await engine.transact(DEFAULT_TENANT, operations.create_staff(DEFAULT_TENANT, command))
