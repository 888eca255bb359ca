"""Every metric of the server: its name, kind and labels, what it says, and what to do about it; the one place of all that."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from onduty_server.domain.model.status import Cause, Status
from onduty_server.domain.rules.deadlines import DeadlineKind


class MetricKind(Enum):
    """As Prometheus has them."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. ``help`` is one sentence for whoever reads a scrape, ``action`` what to do where the figure is not good.

    ``values`` are those of its label that are known beforehand: their series exist from the start. ``buckets`` are upper
    bounds, ascending, in the metric's unit. ``series_most`` bounds how many series there may be; all beyond are one, whose
    labels say ``OTHER``. ``only`` says where it has values at all.
    """

    name: str
    kind: MetricKind
    help: str
    action: str
    labels: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    series_most: int = 200
    only: str = ""
    is_of_library: bool = field(default=False)


OTHER: Final = "(other)"
"""The label of what is beyond a bound."""

TENANTS_MOST: Final = 50
"""So many tenants have series of their own, the largest first; those of all others are added up as ``OTHER``."""

SHORT_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Of what should take milliseconds: fine where it is good, and far enough to say how bad."""

LATE_SECONDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
STALL_SECONDS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
SIZES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)

OUTCOMES: Final = ("ok", "refused", "later", "failed", "gone")
"""What comes of a request: answered; refused by a rule; too much for now; a fault of ours; its caller went away."""

FAULTS: Final = ("caller", "later", "service")
"""Whose matter an error is, as the tree of errors has it."""

STREAM_ENDS: Final = ("client", "refused", "drained", "stalled", "credential", "done", "failed")
"""Why a stream ended."""

READY_CHECKS: Final = ("started", "loop", "journal", "head", "loops", "draining")
"""What has to hold before requests are sent here."""

_C, _G, _H = MetricKind.COUNTER, MetricKind.GAUGE, MetricKind.HISTOGRAM

_WATCHING: Final = (
    Metric(
        "onduty_watch_lag_seconds",
        _G,
        "How long the watcher that is furthest behind has had something to be written: the age of the oldest change, since the"
        " watch began, that is not written to it.",
        "Above a second for minutes: one client does not read, or the process is busy. Look at onduty_watchers and"
        " onduty_loop_stall_seconds.",
    ),
    Metric(
        "onduty_change_visible_seconds",
        _H,
        "From the commit of the oldest change in a frame until the frame was written to a watcher, for each frame and watcher.",
        "What routers and wallboards feel. Slow for all: look at the processor and at onduty_loop_stall_seconds.",
        buckets=SHORT_SECONDS,
    ),
    Metric(
        "onduty_watchers",
        _G,
        "Open watches by where they get what follows: live, catching_up (from the journal or the roster), stalled (the peer has"
        " not taken a frame for a second).",
        "Stalled for minutes: find the client in the log (stream_ended says which method). It is ended by watch_stall_limit.",
        labels=("state",),
        values=("live", "catching_up", "stalled"),
    ),
    Metric(
        "onduty_frames_sent_total", _C, "Frames with changes that were written to watchers.", "With the next: the batching."
    ),
    Metric("onduty_changes_sent_total", _C, "Changes in these frames, each as often as it was written.", "What fan-out costs."),
    Metric(
        "onduty_watch_bytes",
        _G,
        "Memory that watching holds on to: rings of changes, and frames that watchers share.",
        "Bounded by budgets. At the bound, watchers that are behind read the journal instead.",
        labels=("what",),
        values=("rings", "frames"),
    ),
    Metric(
        "onduty_streams",
        _G,
        "Open streams by what they count as.",
        "Near the settings streams and streams_per_tenant, new ones are refused: raise them, or close some.",
        labels=("kind",),
        values=("watch", "attachment", "colleagues", "probe"),
    ),
    Metric(
        "onduty_streams_ended_total",
        _C,
        "Streams that ended, by why: the client left, refused, drained, stalled, its credential ended, done, a fault of ours.",
        "Many stalled: clients or the network are too slow. Failed: look for call_failed_unforeseen in the log.",
        labels=("method", "reason"),
    ),
)

_REQUESTS: Final = (
    Metric(
        "onduty_requests_total",
        _C,
        "Unary requests by method and outcome. Refused is no error: a rule said no.",
        "later: more than there is room for. failed: a fault of ours, or the journal.",
        labels=("method", "outcome"),
        series_most=400,
    ),
    Metric(
        "onduty_request_seconds",
        _H,
        "How long unary requests took, whatever came of them. Streams are in no histogram.",
        "Slow where onduty_journal_commit_seconds is: the disk. Slow where onduty_queue_seconds is: load.",
        labels=("method",),
        buckets=SHORT_SECONDS,
    ),
    Metric(
        "onduty_refusals_total",
        _C,
        "Errors that were answered, items of batches too, by reason and by whose matter they are.",
        "One reason that grows fast: a client that does not know the rules, or retries what cannot succeed.",
        labels=("reason", "fault"),
    ),
    Metric(
        "onduty_queue_jobs",
        _G,
        "Jobs that wait for the committer: those of callers, and the service's own.",
        "Thousands: more is asked for than is committed. Callers are refused beyond the bound.",
        labels=("class",),
        values=("callers", "own"),
    ),
    Metric(
        "onduty_queue_seconds",
        _H,
        "How long a request's first job waited before its batch.",
        "Above the commit time: the committer cannot keep up. See onduty_batch_jobs.",
        labels=("class",),
        values=("callers", "own"),
        buckets=SHORT_SECONDS,
    ),
)

_COMMITTING: Final = (
    Metric(
        "onduty_changes_total",
        _C,
        "Committed changes by cause. CALL_AGE and RECONCILE are calls whose end was never told.",
        "CALL_AGE or RECONCILE beside CALL_ENDED: telephony loses hang-ups. NO_ANSWER: offers that nobody takes.",
        labels=("cause",),
        values=tuple(cause.name for cause in Cause),
    ),
    Metric(
        "onduty_journal_commit_seconds",
        _H,
        "How long an append took, from being handed to the journal until it was committed and synced.",
        "p99 above 0.5 s: the disk or the database is too slow, or shared with something that is busy.",
        buckets=SHORT_SECONDS,
    ),
    Metric("onduty_batch_jobs", _H, "Jobs that were decided in one batch.", "1 where there is little to do.", buckets=SIZES),
    Metric(
        "onduty_batch_records", _H, "Records that one append wrote.", "Grows with load: that is group commit.", buckets=SIZES
    ),
    Metric(
        "onduty_journal_failures_total",
        _C,
        "How often the journal stopped taking changes.",
        "Any: look for journal_failed in the log, and at the disk.",
    ),
    Metric(
        "onduty_journal_revision",
        _G,
        "The revision of the last change that is shown.",
        "Its rate is the rate of records. It stands still where nothing happens.",
    ),
    Metric(
        "onduty_journal_bytes",
        _G,
        "Bytes of the journal's file and of its write-ahead log.",
        "A log that only grows: something reads the file without end, as a backup. A file that only grows: see retention.",
        labels=("file",),
        only="SQLite",
    ),
    Metric(
        "onduty_journal_free_bytes",
        _G,
        "Bytes that are free on the journal's file system.",
        "Make room before it is full: nothing is acknowledged then.",
        only="SQLite",
    ),
    Metric(
        "onduty_deadline_lateness_seconds",
        _H,
        "How much later than its instant a deadline fired while somebody could have been served, by kind.",
        "Above a second: the loop or the journal is too slow. Offers that expire late ring on for nothing.",
        labels=("kind",),
        values=tuple(kind.name for kind in DeadlineKind),
        buckets=LATE_SECONDS,
    ),
    Metric(
        "onduty_deadlines_pending",
        _G,
        "Staff of whom something is due at some time.",
        "About everybody who talks, wraps up, is on a limited break or is offered a call.",
    ),
    Metric(
        "onduty_staff_quarantined",
        _G,
        "Staff whose deadlines could not be carried out, and are left alone for a while.",
        "Any: a fault of the service. Look for staff_quarantined in the log, and report it.",
    ),
)

_FLOOR: Final = (
    Metric(
        "onduty_staff",
        _G,
        f"Staff by tenant and status. {TENANTS_MOST} tenants have series of their own.",
        "The wallboard.",
        labels=("tenant", "status"),
        series_most=(TENANTS_MOST + 1) * len(Status),
    ),
    Metric(
        "onduty_staff_assignable",
        _G,
        "Staff to whom an inbound call can be assigned now.",
        "None for minutes in opening hours: everybody is signed out, or something holds them off.",
        labels=("tenant",),
    ),
    Metric(
        "onduty_staff_attached",
        _G,
        "Staff with a workspace attached.",
        "A sudden drop: a network is gone. Their grace runs.",
        labels=("tenant",),
    ),
    Metric("onduty_calls_on_offer", _G, "Calls that are on offer.", "As many as ring now.", labels=("tenant",)),
    Metric("onduty_tenants", _G, "Tenants that have staff or configuration.", "A misspelt name is one more: list the tenants."),
)

_REPLICAS: Final = (
    Metric(
        "onduty_replica_leads",
        _G,
        "Whether this server decides, by the store that it serves; 1 where it has its store for itself.",
        "The sum over a store is 1. 0 for seconds: the lead changes hands. More: two servers serve copies of one journal.",
        labels=("store",),
    ),
    Metric(
        "onduty_replica_leader_known",
        _G,
        "Whether this server leads or knows who does.",
        "0: changes wait, and are refused after five seconds. Look at the database, and at leads_no_more in the log.",
    ),
    Metric(
        "onduty_replica_lag_seconds",
        _G,
        "For how long this server has not known that what it shows is current; at most an hour.",
        "Above a second: it cannot reach the database, or the database is slow. It sends no bookmarks, and refuses reads.",
    ),
    Metric("onduty_replica_term", _G, "The term of the lead that this server knows.", "Each step is a change of the leader."),
    Metric(
        "onduty_replicas",
        _G,
        "Servers of this store that live, as far as this one sees.",
        "Fewer than were started: one is gone, or has lost the database. `onduty replicas` names them.",
    ),
)

_PROCESS: Final = (
    Metric(
        "onduty_ready",
        _G,
        "Whether a check of /readyz holds.",
        "0 says which part is not right; /readyz?verbose says why.",
        labels=("check",),
        values=READY_CHECKS,
    ),
    Metric(
        "onduty_loop_stall_seconds",
        _H,
        "By how much the event loop came late to what it does four times a second.",
        "One loop serves everybody: its worst stall explains every other delay. Look at the processor, and at the collector.",
        buckets=STALL_SECONDS,
    ),
    Metric(
        "onduty_loops_failing",
        _G,
        "Loops of the engine that do not get on.",
        "Any: a fault of the service. Look for loop_failed in the log; a restart may help.",
    ),
    Metric(
        "onduty_clock_ahead_seconds",
        _G,
        "By how much the wall clock is ahead of the service's own time; negative: behind.",
        "More than a second: the machine's clock was set, or runs free. Look at its time synchronisation.",
    ),
    Metric(
        "onduty_tls_certificate_expiry_timestamp_seconds",
        _G,
        "When the first certificate of the listener's chain ends, in seconds since 1970.",
        "Renew it: the files are read again every second.",
        only="TLS",
    ),
    Metric(
        "onduty_build_info",
        _G,
        "Always 1; which software this is.",
        "Two versions at once are an upgrade under way.",
        labels=("version", "build", "python", "grpc"),
    ),
)


def _of_library(name: str, kind: MetricKind, text: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name, kind, text, "As everywhere.", labels, is_of_library=True)


_LIBRARY: Final = (
    _of_library("process_cpu_seconds_total", _C, "CPU time of the process, user and system."),
    _of_library("process_resident_memory_bytes", _G, "Memory of the process that is in RAM."),
    _of_library("process_virtual_memory_bytes", _G, "Memory of the process, mapped or not."),
    _of_library("process_start_time_seconds", _G, "When the process began, in seconds since 1970."),
    _of_library("process_open_fds", _G, "Open files; each connection is one."),
    _of_library("process_max_fds", _G, "How many files may be open."),
    _of_library("python_gc_objects_collected_total", _C, "Objects that the cyclic collector freed.", ("generation",)),
    _of_library("python_gc_objects_uncollectable_total", _C, "Objects that it could not free.", ("generation",)),
    _of_library("python_gc_collections_total", _C, "How often it ran.", ("generation",)),
)
"""What prometheus-client says of the process, on Linux."""

SECTIONS: Final = (
    ("Watching", _WATCHING),
    ("Requests", _REQUESTS),
    ("Changes, deadlines and the journal", _COMMITTING),
    ("The floor", _FLOOR),
    ("Replicas", _REPLICAS),
    ("The process", _PROCESS),
    ("From the Prometheus library", _LIBRARY),
)

METRICS: Final = {metric.name: metric for _, metrics in SECTIONS for metric in metrics}
"""By name."""
