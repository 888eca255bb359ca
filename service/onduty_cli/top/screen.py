"""Draws the figures of servers as the lines of a terminal; it reads no keys and asks no server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.text import Text

from onduty_cli.moments import MICROSECONDS, span_text
from onduty_cli.output import printable
from onduty_cli.top.figures import Figures
from onduty_cli.top.tables import STATUSES, TABLES
from onduty_cli.top.words import BAD, bytes_text, marked, over, rate_text, times_text
from onduty_cli.watch.layout import Part, cropped, fitted

LEAST_LINES: Final = 5
LABEL_WIDTH: Final = 11

LAG_MOST: Final = 2.0
COMMIT_MOST: Final = 0.5
VISIBLE_MOST: Final = 0.25
LATE_MOST: Final = 1.0
CLOCK_MOST: Final = 1.0
STALL_MOST: Final = 0.25
FILES_MOST: Final = 0.8
"""What is beyond these is red: they are the bounds of the shipped alerts."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen shows, and what of it. ``place`` is that of the server among those that are looked at."""

    place: int = 0
    table: str = "methods"
    top: int = 0
    is_paused: bool = False
    every_seconds: float = 2.0
    shows_help: bool = False


HELP: Final = (
    ("q, Ctrl-C", "end"),
    ("Tab", "the next server, where several are looked at"),
    ("m", "unary requests by method"),
    ("c", "changes by cause, and refusals by reason"),
    ("t", "the floor by tenant"),
    ("r", "servers: which one leads, and how far each is"),
    ("up, down, PgUp, PgDn", "move in the table below"),
    ("p", "stop the figures, and let them go on"),
    ("+, -", "look more often, less often"),
    ("?", "this, and back"),
)


def drawn(shown: Sequence[Figures], look: Look, clock: str, size: tuple[int, int]) -> list[Text]:
    """The lines of a screen of ``size`` columns and lines; ``clock`` is the time that is written."""
    width, height = size
    server = shown[look.place]
    head = [_head(server, look, clock, width), *(cropped(line, width) for line in summary(server))]
    if look.shows_help:
        body = [Text.assemble((f"{key:<24}", "bold"), what) for key, what in HELP]
    else:
        heading, *rows = TABLES[look.table](shown, server, width)
        room = max(height - len(head) - 2, 1)
        top = min(look.top, max(len(rows) - room, 0))
        body = [heading, *rows[top : top + room]]
    lines = [*head, *body][: height - 1]
    lines += [Text()] * (height - 1 - len(lines))
    return [*(cropped(line, width) for line in lines), _foot(shown, look, width)]


def plain(shown: Sequence[Figures], clock: str, width: int) -> Iterator[Text]:
    """All that there is of each server, for a pipe or a look."""
    for place, server in enumerate(shown):
        yield _head(server, Look(place=place), clock, width)
        yield from summary(server)
        if not server.fault:
            for name in ("methods", "causes"):
                heading, *rows = TABLES[name](shown, server, width)
                yield from (Text(), heading, *rows) if rows else ()
        yield Text()
    if len(shown) > 1:
        yield from TABLES["servers"](shown, shown[0], width)


# --- the head ---------------------------------------------------------------------------------------------------------


def _head(server: Figures, look: Look, clock: str, width: int) -> Text:
    state = Text("ready", "bold green")
    if server.fault:
        state = Text("does not answer", BAD)
    elif server.wrong:
        state = Text("NOT READY", "bold reverse red")
    up = f"up {span_text(int(server.up_seconds * MICROSECONDS))}" if server.up_seconds is not None else ""
    parts = [
        Part(Text("onduty top", "bold"), 5),
        Part(Text(printable(server.address)), 2),
        Part(state),
        Part(Text(" PAUSED " if look.is_paused else "", "reverse yellow"), 1),
        Part(Text(printable(server.version)), 4),
        Part(Text(up), 6),
        Part(Text(clock, "dim"), 3),
    ]
    return fitted(parts, width)


def summary(server: Figures) -> list[Text]:
    """The lines that stand above every table."""
    if server.fault:
        return [Text(printable(server.fault), BAD)]
    wrong = [_line("wrong", Text(printable("; ".join(server.wrong)), BAD))] if server.wrong else []
    return [*wrong, _process(server), *_work(server), *_watching(server), *_floor(server), _store(server)]


def _line(label: str, *parts: Text | str) -> Text:
    return Text.assemble(
        (f"{label:<{LABEL_WIDTH}}", "bold"), Text("  ").join(Text(p) if isinstance(p, str) else p for p in parts)
    )


def _process(server: Figures) -> Text:
    share = server.open_files / server.open_files_most if server.open_files_most else 0.0
    return _line(
        "process",
        f"cpu {server.cpu * 100:.0f} %",
        f"memory {bytes_text(server.memory_bytes)}",
        marked(f"files {server.open_files:,.0f}", bad=share > FILES_MOST),
        over("loop late p99", server.loop_stall.p99, STALL_MOST),
        *([marked(f"{server.loops_failing:.0f} loops failing", bad=True)] if server.loops_failing else ()),
        *_clock(server),
    )


def _clock(server: Figures) -> Iterator[Text]:
    if abs(server.clock_ahead_seconds) > CLOCK_MOST:
        yield marked(f"clock {server.clock_ahead_seconds:+.1f} s", bad=True)


def _work(server: Figures) -> Iterator[Text]:
    outcomes = [
        marked(f"{outcome} {rate_text(rate)}", bad=outcome in {"failed", "later"})
        for outcome, rate in sorted(server.requests.items(), key=lambda item: -item[1])
        if outcome != "ok" and rate > 0
    ]
    yield _line("requests", f"{rate_text(sum(server.requests.values()))}/s", times_text(server.request_times), *outcomes)
    yield _line("changes", f"{rate_text(sum(server.changes.values()))}/s")
    commit = marked(times_text(server.commit_times), bad=(server.commit_times.p99 or 0) > COMMIT_MOST)
    each = f"mean size {server.batch_records:.1f}" if server.batch_records is not None else ""
    yield _line("commits", f"{rate_text(server.commits)}/s", commit, each)
    waiting = [f"{name} {count:,.0f}" for name, count in server.queue.items()]
    yield _line("queue", *waiting, f"waited {times_text(server.queue_times)}")


def _watching(server: Figures) -> Iterator[Text]:
    states = [
        marked(f"{state.replace('_', ' ')} {count:,.0f}", bad=state == "stalled" and count > 0)
        for state, count in server.watchers.items()
    ]
    yield _line("watchers", *states, over("lag", server.watch_lag_seconds, LAG_MOST))
    seen = marked(f"seen {times_text(server.visible_times)}", bad=(server.visible_times.p99 or 0) > VISIBLE_MOST)
    yield _line("sent", f"frames {rate_text(server.frames_sent)}/s", f"changes {rate_text(server.changes_sent)}/s", seen)


def _floor(server: Figures) -> Iterator[Text]:
    late = server.deadline_lateness.p99
    yield _line(
        "deadlines",
        f"{server.deadlines_pending:,.0f} pending",
        over("late p99", late, LATE_MOST),
        marked(f"{server.quarantined:.0f} quarantined", bad=server.quarantined > 0),
    )
    short = {"AFTER_CALL_WORK": "wrap-up", "IN_LINE": "in line", "ON_BREAK": "break"}
    counts = [f"{short.get(status, status.lower())} {server.staff.get(status, 0):,.0f}" for status in STATUSES]
    yield _line("staff", *counts[:3])
    yield _line("", *counts[3:])
    yield _line(
        "",
        f"assignable {server.assignable:,.0f}",
        f"attached {server.attached:,.0f}",
        f"on offer {server.on_offer:,.0f}",
        f"tenants {server.tenant_count:,.0f}",
    )


def _store(server: Figures) -> Text:
    sizes = [bytes_text(size) + (" log" if file == "log" else "") for file, size in server.journal_bytes.items()]
    free = [f"{bytes_text(server.free_bytes)} free"] if server.free_bytes is not None else []
    if server.replicas <= 1:
        return _line("journal", f"revision {server.revision:,.0f}", *sizes, *free)
    lag = over("lag", server.replica_lag_seconds, LAG_MOST)
    return _line("journal", f"revision {server.revision:,.0f}", _role(server), f"{server.replicas:.0f} replicas", lag)


def _role(server: Figures) -> Text:
    if server.leads:
        return Text(f"leads, term {server.term:.0f}", "bold")
    return Text("follows") if server.leader_known else Text("NO LEADER", BAD)


def _foot(shown: Sequence[Figures], look: Look, width: int) -> Text:
    keys = [
        ("q", "quit", 0),
        ("?", "keys", 0),
        ("m", "methods", 2),
        ("c", "causes", 2),
        ("t", "tenants", 2),
        ("r", "servers", 2),
    ]
    keys += [("p", "pause", 3), ("+ -", f"every {look.every_seconds:g} s", 4)]
    if len(shown) > 1:
        keys.insert(2, ("Tab", f"server {look.place + 1} of {len(shown)}", 1))
    return fitted([Part(Text.assemble((key, "bold"), f" {what}"), rank) for key, what, rank in keys], width)
