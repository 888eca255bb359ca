"""The only place where adapters meet the engine and the server; nothing else may know which adapter is behind a port."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from onduty_server.adapters.sqlite.journal import SqliteJournal
from onduty_server.adapters.sqlite.private_files import make_directories
from onduty_server.adapters.steady_clock import SteadyClock
from onduty_server.auth.audit_log import AuditLog
from onduty_server.auth.open_access import DEFAULT_TENANT
from onduty_server.auth.watched_files import WatchedFiles
from onduty_server.compose_access import audit_of, authenticator_of, tell_what_is_in_force, tls_of
from onduty_server.compose_replicas import forwarder_of, replica_tls_of, replication_of, taking_part
from onduty_server.compose_sight import Sight
from onduty_server.config import Settings, split_address
from onduty_server.config_limits import limits_of
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import SYSTEM
from onduty_server.domain.model.policy import BreakReason
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import seconds
from onduty_server.engine.engine import Engine
from onduty_server.engine.write import transactions
from onduty_server.ports import Journal, JournalOpenError
from onduty_server.rpc.addresses import check_can_listen
from onduty_server.rpc.server import Server
from onduty_server.wire.codec import ProtobufCodec

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
    """A server that serves. ``journal`` is its place, as it may be shown; ``journal_is_new`` says that this start made it.

    ``admin`` is the address of the admin pages; empty where there are none. ``files`` are read again every second.
    """

    engine: Engine
    server: Server
    address: str
    journal: str
    journal_is_new: bool
    admin: str = ""
    files: Sequence[WatchedFiles[Any]] = ()


class StoredJournal(Journal, Protocol):
    """A journal that says where it is, and whether this process made it."""

    @property
    def name(self) -> str:
        """Where it is, as it may be shown."""

    @property
    def is_new(self) -> bool:
        """Whether opening made it."""


async def open_journal(settings: Settings) -> StoredJournal:
    """The journal that the settings name. A file's directory is made if it is missing and the default or a relative one.

    Raises:
        JournalLockedError: Another process has it.
        JournalOpenError: It cannot be opened.
    """
    if settings.in_postgres:
        return await _open_in_postgres(settings)
    path = settings.journal_path
    if settings.has_default_journal or not settings.journal.removeprefix("sqlite://").startswith(("/", "~")):
        try:
            make_directories(path.parent)
        except OSError as error:
            reason = error.strerror or error
            raise JournalOpenError(
                f"the directory of the journal {path} cannot be made: {reason}; name another place with --journal"
            ) from error
    return await SqliteJournal.open(path)


async def _open_in_postgres(settings: Settings) -> StoredJournal:
    try:
        from onduty_server.adapters.postgres import PostgresJournal, PostgresOptions  # noqa: PLC0415 - an extra brings the driver.
    except ImportError as error:
        raise JournalOpenError(
            f"the driver for PostgreSQL cannot be loaded; in a checkout `pip install '.[postgres]'` installs it: {error}"
        ) from error
    options = PostgresOptions(
        settings.journal,
        settings.postgres_schema,
        statement_seconds=settings.postgres_statement_timeout,
        lock_seconds=settings.postgres_lock_timeout,
    )
    return await (PostgresJournal.join(options) if settings.advertise else PostgresJournal.open(options))


@asynccontextmanager
async def running(
    settings: Settings, *, on_bound: Callable[[Running], None] = lambda _running: None, beside: str = ""
) -> AsyncIterator[Running]:
    """A server for the length of the block: recovered, bound, healthy; drained and closed afterwards.

    ``beside`` is the path of a Unix socket to serve too. ``on_bound`` is told once calls are taken. The address
    is tried first, so that no journal is made for nothing. The journal is opened before and closed after all that serves, so
    that nothing is served that another process might be writing.

    Raises:
        FileRefusedError: A file that the settings name, as that of the keys, cannot be used.
        AdminAddressError: The address of the admin pages cannot be had.
    """
    await asyncio.to_thread(check_can_listen, settings.listen)
    clock = SteadyClock()
    authenticator = await asyncio.to_thread(authenticator_of, settings, clock.now)
    tls, replica_tls = tls_of(settings), replica_tls_of(settings)
    sight = Sight.of(settings, tls)
    try:
        audit = await audit_of(settings, clock.now)
        journal = await open_journal(settings)
        replication = replication_of(settings, journal)
    except BaseException:
        await sight.close()
        raise
    try:
        engine = Engine(journal, ProtobufCodec(), clock, replication=replication, meter=sight.meter)
        forwarder = forwarder_of(engine, replica_tls)
        server = Server(
            engine,
            authenticator,
            limits_of(settings),
            audit=audit,
            tls=tls,
            rehearsal=settings.rehearsal,
            one_tenant=len(settings.tenants) == 1,
            meter=sight.meter,
            tracing=sight.tracing(clock.now),
            forwarder=forwarder,
        )
        files = [*authenticator.files, *([tls.files] if tls else []), *([replica_tls] if replica_tls else [])]
        try:
            sight.open(engine, server)
            if settings.sample:
                engine.deciding.on_begun = partial(create_sample, engine, (settings.tenants or (DEFAULT_TENANT,))[0])
            await engine.start()
            async with taking_part(settings, engine, server, replication, replica_tls):
                port = await server.start(settings.listen, beside=beside)
                address = f"{_shown(settings.listen)}:{port}"
                found = Running(engine, server, address, journal.name, journal.is_new, sight.address, files)
                on_bound(found)
                tell_what_is_in_force(audit, settings, authenticator, tls)
                try:
                    async with followed([*files, audit]):
                        yield found
                finally:
                    await engine.hand_over()
                    await server.stop()
                    await audit.write()
        finally:
            await engine.stop()
    finally:
        if replication is not None:
            await replication.close()
        await journal.close()
        await sight.close()


@asynccontextmanager
async def followed(files: Sequence[WatchedFiles[Any] | AuditLog]) -> AsyncIterator[None]:
    """Files are read, and the audit log's written, again and again for the length of the block."""
    tasks = [asyncio.create_task(one.follow()) for one in files]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _shown(listen: str) -> str:
    host, _ = split_address(listen)
    return f"[{host}]" if ":" in host else host


async def create_sample(engine: Engine, tenant: str = DEFAULT_TENANT) -> None:
    """Sample staff and break reasons, where there are neither."""
    roster = engine.rosters(tenant)
    if roster.staff or roster.break_reasons:
        return
    origin = commands.Origin(SYSTEM, note="sample")
    for reason in SAMPLE_REASONS:
        await engine.transact(tenant, transactions.create_break_reason(tenant, reason, origin))
    for staff_id, name, groups in SAMPLE_STAFF:
        memberships = tuple([SkillGroup(group) for group in groups])
        command = commands.CreateStaff(staff_id, name, memberships, origin)
        await engine.transact(tenant, transactions.create_staff(tenant, command))
