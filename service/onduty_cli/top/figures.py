"""The figures of a server within a spell, from its metrics by their names; it draws nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from onduty_cli.top.scrapes import NEVER, Spell, Times


@dataclass(frozen=True, slots=True)
class Method:
    """One method's unary requests."""

    name: str
    rate: float
    times: Times
    not_ok: float
    """How many a second had another outcome than ``ok``."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant's floor now."""

    name: str
    by_status: Mapping[str, float]
    assignable: float
    attached: float
    on_offer: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A server. Rates are a second; lengths are seconds; None is what there is not, or did not happen."""

    address: str
    fault: str = ""
    """Why its pages cannot be had; the rest is empty then."""
    wrong: tuple[str, ...] = ()
    version: str = ""
    up_seconds: float | None = None
    cpu: float = 0.0
    memory_bytes: float = 0.0
    open_files: float = 0.0
    open_files_most: float = 0.0
    requests: Mapping[str, float] = field(default_factory=dict)
    request_times: Times = NEVER
    refusals: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, float] = field(default_factory=dict)
    commits: float = 0.0
    commit_times: Times = NEVER
    batch_records: float | None = None
    queue: Mapping[str, float] = field(default_factory=dict)
    queue_times: Times = NEVER
    watchers: Mapping[str, float] = field(default_factory=dict)
    watch_lag_seconds: float | None = None
    visible_times: Times = NEVER
    frames_sent: float = 0.0
    changes_sent: float = 0.0
    streams: Mapping[str, float] = field(default_factory=dict)
    deadlines_pending: float = 0.0
    deadline_lateness: Times = NEVER
    quarantined: float = 0.0
    staff: Mapping[str, float] = field(default_factory=dict)
    assignable: float = 0.0
    attached: float = 0.0
    on_offer: float = 0.0
    tenant_count: float = 0.0
    revision: float = 0.0
    journal_bytes: Mapping[str, float] = field(default_factory=dict)
    free_bytes: float | None = None
    loop_stall: Times = NEVER
    loops_failing: float = 0.0
    clock_ahead_seconds: float = 0.0
    leads: bool = False
    leader_known: bool = False
    term: float = 0.0
    replicas: float = 0.0
    replica_lag_seconds: float | None = None
    methods: tuple[Method, ...] = ()
    tenants: tuple[Tenant, ...] = ()

    def object(self) -> dict[str, Any]:
        """As an object of JSON."""
        made = asdict(self)
        for name, value in made.items():
            if isinstance(value, Times):
                made[name] = value._asdict()
        made["methods"] = [{**asdict(method), "times": method.times._asdict()} for method in self.methods]
        return made


def figures(spell: Spell, now: float) -> Figures:
    """The figures of a server within a spell; ``now`` is in seconds since 1970."""
    scrape = spell.after
    if scrape.fault:
        return Figures(scrape.address, scrape.fault)

    def value(name: str) -> float:
        return scrape.value(name) or 0.0

    started = scrape.value("process_start_time_seconds")
    return Figures(
        scrape.address,
        wrong=tuple(scrape.wrong),
        version=scrape.label("onduty_build_info", "version"),
        up_seconds=None if started is None else max(now - started, 0.0),
        cpu=spell.rate("process_cpu_seconds_total"),
        memory_bytes=value("process_resident_memory_bytes"),
        open_files=value("process_open_fds"),
        open_files_most=value("process_max_fds"),
        loop_stall=spell.times("onduty_loop_stall_seconds"),
        loops_failing=value("onduty_loops_failing"),
        clock_ahead_seconds=value("onduty_clock_ahead_seconds"),
        **_work(spell),
        **_watching(spell),
        **_floor(spell),
        **_store(spell),
    )


def _work(spell: Spell) -> dict[str, Any]:
    return {
        "requests": spell.rates("outcome", "onduty_requests_total"),
        "request_times": spell.times("onduty_request_seconds"),
        "refusals": spell.rates("reason", "onduty_refusals_total"),
        "changes": spell.rates("cause", "onduty_changes_total"),
        "queue": spell.after.by("class", "onduty_queue_jobs"),
        "queue_times": spell.times("onduty_queue_seconds"),
        "methods": tuple(sorted(_methods(spell), key=lambda method: -method.rate)),
    }


def _methods(spell: Spell) -> list[Method]:
    found = []
    for name, rate in spell.rates("method", "onduty_requests_total").items():
        ok = spell.rate("onduty_requests_total", method=name, outcome="ok")
        found.append(Method(name, rate, spell.times("onduty_request_seconds", method=name), rate - ok))
    return found


def _watching(spell: Spell) -> dict[str, Any]:
    return {
        "watchers": spell.after.by("state", "onduty_watchers"),
        "watch_lag_seconds": spell.after.value("onduty_watch_lag_seconds"),
        "visible_times": spell.times("onduty_change_visible_seconds"),
        "frames_sent": spell.rate("onduty_frames_sent_total"),
        "changes_sent": spell.rate("onduty_changes_sent_total"),
        "streams": spell.after.by("kind", "onduty_streams"),
    }


def _floor(spell: Spell) -> dict[str, Any]:
    scrape = spell.after
    each = {
        name: scrape.by("tenant", f"onduty_{metric}")
        for name, metric in (
            ("assignable", "staff_assignable"), ("attached", "staff_attached"), ("on_offer", "calls_on_offer"),
        )
    }  # fmt: skip
    by_tenant: dict[str, dict[str, float]] = {}
    for sample in scrape.samples:
        if sample.name == "onduty_staff":
            by_tenant.setdefault(sample.labels["tenant"], {})[sample.labels["status"]] = sample.value
    tenants = [
        Tenant(name, statuses, *(each[which].get(name, 0.0) for which in ("assignable", "attached", "on_offer")))
        for name, statuses in by_tenant.items()
    ]
    return {
        "staff": scrape.by("status", "onduty_staff"),
        **{name: sum(values.values()) for name, values in each.items()},
        "tenant_count": scrape.value("onduty_tenants") or 0.0,
        "tenants": tuple(sorted(tenants, key=lambda tenant: -sum(tenant.by_status.values()))),
    }


def _store(spell: Spell) -> dict[str, Any]:
    scrape = spell.after
    return {
        "commits": spell.rate("onduty_journal_commit_seconds_count"),
        "commit_times": spell.times("onduty_journal_commit_seconds"),
        "batch_records": spell.mean("onduty_batch_records"),
        "deadlines_pending": scrape.value("onduty_deadlines_pending") or 0.0,
        "deadline_lateness": spell.times("onduty_deadline_lateness_seconds"),
        "quarantined": scrape.value("onduty_staff_quarantined") or 0.0,
        "revision": scrape.value("onduty_journal_revision") or 0.0,
        "journal_bytes": scrape.by("file", "onduty_journal_bytes"),
        "free_bytes": scrape.value("onduty_journal_free_bytes"),
        "leads": bool(scrape.value("onduty_replica_leads")),
        "leader_known": bool(scrape.value("onduty_replica_leader_known")),
        "term": scrape.value("onduty_replica_term") or 0.0,
        "replicas": scrape.value("onduty_replicas") or 0.0,
        "replica_lag_seconds": scrape.value("onduty_replica_lag_seconds"),
    }
