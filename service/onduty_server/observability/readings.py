"""What is read of a running engine whenever somebody looks: the floor, the journal, the loops. No reading walks over staff."""

import os
import platform
from collections.abc import Callable
from functools import partial
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Final

from onduty_server.build_info import build, version
from onduty_server.domain.model.status import SECOND, Status
from onduty_server.engine.engine import Engine
from onduty_server.engine.live.roster import Roster
from onduty_server.metering import Meter, Reading
from onduty_server.observability.catalogue import OTHER, TENANTS_MOST
from onduty_server.observability.loop_watch import LoopWatch
from onduty_server.observability.readiness import Readiness
from onduty_server.observability.recorder import Recorder

CONFIRMED_SECONDS_MOST: Final = 10.0
"""The journal is asked where it ends every two seconds."""

LAG_SECONDS_MOST: Final = 3600.0
"""A replica that has never known that it is current says so much."""


def read_engine(meter: Meter, engine: Engine) -> None:
    """Have the engine's gauges read."""
    replica = engine.replica
    meter.gauge("onduty_journal_revision", lambda: {(): replica.head})
    meter.gauge("onduty_deadlines_pending", lambda: {(): replica.deadlines.people})
    meter.gauge("onduty_staff_quarantined", lambda: {(): len(replica.quarantine)})
    meter.gauge("onduty_loops_failing", lambda: {(): len(engine.faults)})
    meter.gauge("onduty_clock_ahead_seconds", lambda: {(): engine.clock.divergence / SECOND})
    meter.gauge("onduty_watch_bytes", lambda: _watch_bytes(engine))
    for name, counts in FLOOR.items():
        meter.gauge(name, partial(_by_tenant, engine, counts))
    meter.gauge("onduty_tenants", lambda: {(): len(engine.rosters.items())})
    meter.gauge("onduty_build_info", _build)
    for name, read in REPLICA.items():
        meter.gauge(name, partial(read, engine))


def check_engine(readiness: Readiness, engine: Engine, loop_watch: LoopWatch) -> None:
    """Have the engine's part of readiness checked."""
    readiness.check("started", lambda: "" if engine.started else "the journal is being read")
    readiness.check("loop", loop_watch.trouble)
    readiness.check("loops", partial(_loops_trouble, engine))
    readiness.check("journal", partial(_journal_trouble, engine))
    readiness.check("head", partial(_head_trouble, engine))


def _loops_trouble(engine: Engine) -> str:
    faults = sorted(engine.faults)
    return f"loops that do not get on: {', '.join(faults)}" if faults else ""


def _journal_trouble(engine: Engine) -> str:
    """A replica has the leader decide, and is ready while the store answers it."""
    if engine.sharing is not None:
        return "" if engine.sharing.tail.is_in_touch else "the database does not answer"
    return "" if engine.queue.accepting else "the journal takes nothing"


def _head_trouble(engine: Engine) -> str:
    if engine.sharing is not None:
        return "" if engine.sharing.tail.is_in_touch else "what is shown is not known to be current"
    ago = engine.journal_health.unconfirmed_seconds
    return f"the journal has not said for {ago:.0f} s where it ends" if ago > CONFIRMED_SECONDS_MOST else ""


def read_files(recorder: Recorder, journal: Path) -> None:
    """Have the size of a journal's files and what is free beside them read."""
    log = journal.with_name(f"{journal.name}-wal")
    recorder.gauge_aside("onduty_journal_bytes", lambda: {("journal",): _size(journal), ("log",): _size(log)})
    recorder.gauge_aside("onduty_journal_free_bytes", lambda: _free(journal.parent))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _free(folder: Path) -> Reading:
    try:
        found = os.statvfs(folder)
    except OSError:
        return {}
    return {(): found.f_bavail * found.f_frsize}


def _watch_bytes(engine: Engine) -> Reading:
    rings = engine.replica.rings.values()
    return {("rings",): sum(ring.size for ring in rings), ("frames",): sum(ring.frames.size for ring in rings)}


def _build() -> Reading:
    return {(version(), build(), platform.python_version(), version_of("grpcio")): 1}


def _leads(engine: Engine) -> Reading:
    leads = engine.sharing is None or engine.sharing.leadership.leads
    return {(engine.journal.store_id,): int(leads)}


def _leader_known(engine: Engine) -> Reading:
    lead = engine.sharing and engine.sharing.leadership
    return {(): int(not lead or lead.leads or bool(lead.leader_address))}


def _lag(engine: Engine) -> Reading:
    return {(): min(engine.sharing.head.age_seconds, LAG_SECONDS_MOST) if engine.sharing else 0.0}


def _term(engine: Engine) -> Reading:
    return {(): engine.sharing.leadership.term if engine.sharing else 0}


def _replicas(engine: Engine) -> Reading:
    return {(): engine.sharing.attendance.alive if engine.sharing else 1}


REPLICA: Final[dict[str, Callable[[Engine], Reading]]] = {
    "onduty_replica_leads": _leads,
    "onduty_replica_leader_known": _leader_known,
    "onduty_replica_lag_seconds": _lag,
    "onduty_replica_term": _term,
    "onduty_replicas": _replicas,
}
"""What a server knows of its place among those of its store; one that has its store for itself leads."""


Counts = Callable[[Roster], Reading]
"""Of one tenant, without the tenant's label."""


def _by_status(roster: Roster) -> Reading:
    return {(status.name,): roster.everybody.by_status.get(status, 0) for status in Status}


FLOOR: Final[dict[str, Counts]] = {
    "onduty_staff": _by_status,
    "onduty_staff_assignable": lambda roster: {(): sum(roster.everybody.assignable.values())},
    "onduty_staff_attached": lambda roster: {(): len(roster.attached)},
    "onduty_calls_on_offer": lambda roster: {(): len(roster.offered_to)},
}
"""Gauges with a series a tenant."""


def _by_tenant(engine: Engine, counts: Counts) -> Reading:
    """The tenants with most staff by name, and all others together."""
    rosters = sorted(engine.rosters.items(), key=lambda item: len(item[1].staff), reverse=True)
    reading: dict[tuple[str, ...], float] = {}
    for place, (tenant, roster) in enumerate(rosters):
        label = tenant if place < TENANTS_MOST else OTHER
        for labels, value in counts(roster).items():
            series = (label, *labels)
            reading[series] = reading.get(series, 0) + value
    return reading
