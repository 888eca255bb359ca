"""Shows what a replay came to, as tables for people; computes only sums and medians of what it is given."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from onduty_replay.accounting import COUNTED, Account, Lateness, StaffAccount, total
from onduty_replay.names import counted
from onduty_replay.pace import MICROSECONDS
from onduty_replay.player import Replayed
from onduty_replay.timeline import Happening

FAULTS_SHOWN: Final = 30
WIDTH_MOST: Final = 1_000
SECONDS_COLUMNS: Final = ("file s", "server s", "difference s", "of which timing s", "unexplained s")


def show_report(console: Console, replayed: Replayed) -> None:
    """Everything, the verdict last."""
    console.print(_counts_table(replayed))
    _print_fitting(console, partial(_staff_table, replayed))
    _print_fitting(console, partial(_lateness_table, replayed))
    for line in _timing_lines(replayed):
        console.print(line)
    for fault in replayed.faults[:FAULTS_SHOWN]:
        console.print(f"[red]not as it should be:[/] {fault}", highlight=False)
    if len(replayed.faults) > FAULTS_SHOWN:
        console.print(f"[red]and {len(replayed.faults) - FAULTS_SHOWN} more[/]")
    console.print(verdict(replayed))


def _print_fitting(console: Console, build: Callable[..., Table]) -> None:
    """Print a table that no cell may be cut in, in the narrower form where the console is too narrow for the other.

    Where it is too narrow for both, the terminal wraps the lines: no label and no figure is lost.
    """
    width, unbounded = console.width, console.options.update(max_width=WIDTH_MOST)
    for narrow in (False, True):
        table = build(narrow=narrow)
        needed = console.measure(table, options=unbounded).maximum
        if needed <= width:
            break
    console.width = max(needed, width)
    console.print(table)
    console.width = width


def _table(labels: Sequence[str], figures: Sequence[str], title: str, *, narrow: bool) -> Table:
    """A table of labels and, to the right, of figures. A narrow one has no frame and headings of several lines."""
    table = Table(title=title, box=None, padding=(0, 1, 0, 0)) if narrow else Table(title=title)
    for name in (*labels, *figures):
        heading = name.replace(" ", "\n") if narrow else name
        table.add_column(heading, justify="right" if name in figures else "left", no_wrap=True, vertical="bottom")
    return table


def verdict(replayed: Replayed) -> str:
    """One sentence."""
    if replayed.is_explained:
        return "Every second is explained: file and timing add up to what the server says."
    left = sum(abs(account.unexplained) for person in replayed.accounts for account in person.accounts)
    return f"NOT explained: {_seconds(left)} simulated seconds, {counted(len(replayed.faults), 'fault')}."


def counts(replayed: Replayed) -> list[tuple[str, str, int]]:
    """What was read and met: a group, a name and a number each."""
    rows, tally = replayed.plan.counts, replayed.tally
    return [
        ("rows", "read", rows.rows),
        ("rows", "served by a named person", replayed.plan.calls),
        ("rows", "served, nobody named (unattributed, not played)", rows.unattributed),
        ("rows", "seconds of unattributed service", rows.unattributed_seconds),
        ("rows", "hung up in the queue", rows.hung_up_in_queue),
        ("rows", "hung up, never queued (not played)", rows.never_queued),
        ("rows", "phantom (ignored)", rows.phantom),
        ("rows", "with times past midnight", rows.past_midnight),
        ("calls", "begun, as the server counts", sum(person.calls_at_server for person in replayed.accounts)),
        ("calls", "claimed, offered and accepted", tally.offers_accepted),
        ("calls", "not claimed after all, reported", tally.calls_not_claimed),
        ("calls", "begun during another, reported", rows.overlapping),
        ("calls", "of these flagged irregular", tally.irregular),
        ("calls", "of no length", rows.zero_length),
        ("calls", "of these without service times in the file", rows.without_service_times),
        ("callers who hung up", "rang, then withdrawn", tally.withdrawn),
        ("callers who hung up", "rang until the person left", tally.superseded),
        ("callers who hung up", "nobody available", tally.nobody_available),
        ("wrap-ups", "ended by back to reception", tally.back_to_reception),
        ("wrap-ups", "ended by the countdown", sum(person.wrap_ups_by_countdown for person in replayed.accounts)),
        ("breaks", "taken", sum(person.breaks for person in replayed.accounts)),
        ("requests", "sent", tally.rpcs.total()),
        ("requests", "repeated because the server could not be reached", tally.retries.total()),
        ("requests", "workspace streams opened again", tally.reattached),
        *((f"refused: {rpc}", f"{reason}: {why}", number) for (rpc, reason, why), number in tally.refusals.items()),
    ]


def lateness_by_kind(replayed: Replayed) -> list[tuple[Happening, list[Lateness]]]:
    """The planned changes that took effect, by what they were."""
    found: dict[Happening, list[Lateness]] = {}
    for person in replayed.accounts:
        for late in person.lateness:
            found.setdefault(late.happening, []).append(late)
    return [(happening, found[happening]) for happening in Happening if happening in found]


def real_ms(simulated_microseconds: float, speed: int) -> float:
    """Milliseconds of the server's clock."""
    return simulated_microseconds / speed / 1_000


def nearly_latest(ascending: Sequence[int]) -> int:
    """What ninety-nine in a hundred do not exceed."""
    return ascending[(len(ascending) - 1) * 99 // 100]


def _seconds(microseconds: int) -> str:
    return f"{microseconds / MICROSECONDS:,.3f}"


def _unexplained(account: Account) -> str:
    text = f"{account.unexplained / MICROSECONDS:,.6f}" if account.unexplained else "0"
    return text if account.is_explained else f"[bold red]{text}[/]"


def _counts_table(replayed: Replayed) -> Table:
    title = f"{replayed.plan.first_day:%Y-%m-%d} on, speed {replayed.speed}, {replayed.real_seconds:,.1f} s played"
    table = Table("", "", "number", title=title)
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    table.columns[1].overflow, table.columns[2].justify = "fold", "right"
    group = ""
    for name, what, number in counts(replayed):
        if name != group:
            table.add_section()
        table.add_row(name if name != group else "", what, f"{number:,}")
        group = name
    return table


def _staff_table(replayed: Replayed, *, narrow: bool) -> Table:
    title = "Seconds by status: simulated, the server's being SummarizeTime x speed"
    table = _table(("staff", "calls file/server", "status"), SECONDS_COLUMNS, title, narrow=narrow)
    for person in replayed.accounts:
        table.add_section()
        _add_rows(table, person.staff_id, _calls([person]), person.accounts)
    table.add_section()
    _add_rows(table, "all", _calls(replayed.accounts), total(replayed.accounts))
    call_seconds = sum(person.file.call_seconds for person in replayed.accounts)
    overlap = sum(person.file.overlap_seconds for person in replayed.accounts)
    table.caption = (
        f"Lengths of all calls {call_seconds:,} s, of which {overlap:,} s in a second or third call at once: "
        f"{call_seconds - overlap:,} s in line."
    )
    return table


def _calls(people: Iterable[StaffAccount]) -> str:
    people = tuple(people)
    return f"{sum(person.calls_in_file for person in people):,}/{sum(person.calls_at_server for person in people):,}"


def _add_rows(table: Table, name: str, calls: str, accounts: Sequence[Account]) -> None:
    for at, account in enumerate(accounts):
        figures = (account.file, account.server, account.difference, account.timing)
        first = (name, calls) if at == 0 else ("", "")
        table.add_row(*first, account.status, *map(_seconds, figures), _unexplained(account))


def _lateness_table(replayed: Replayed, *, narrow: bool) -> Table:
    title = "How late planned changes took effect, by the instants on the workspaces' streams"
    columns = ("number", "median ms", "99 % ms", "latest ms", "earliest ms", "sum, simulated s")
    table = _table(("change",), columns, title, narrow=narrow)
    every: list[Lateness] = []
    for happening, lateness in lateness_by_kind(replayed):
        every.extend(lateness)
        _add_lateness(table, happening.value, lateness, replayed.speed)
    table.add_section()
    _add_lateness(table, "all", every, replayed.speed)
    return table


def _add_lateness(table: Table, name: str, lateness: Sequence[Lateness], speed: int) -> None:
    if not lateness:
        return
    simulated = sorted(late.simulated for late in lateness)
    shown = (median(simulated), nearly_latest(simulated), simulated[-1], simulated[0])
    milliseconds = (f"{real_ms(figure, speed):,.2f}" for figure in shown)
    table.add_row(name, f"{len(lateness):,}", *milliseconds, _seconds(sum(simulated)))


def _timing_lines(replayed: Replayed) -> Iterable[str]:
    """Each status's timing as the sum it is."""
    yield "A status lasts longer by the lateness of its ends and shorter by that of its beginnings, in simulated seconds:"
    for status in COUNTED:
        terms = []
        for happening, lateness in lateness_by_kind(replayed):
            terms += [f"+ {_seconds(ends)} {happening.value}" for ends in _sums(lateness, before=status)]
            terms += [f"- {_seconds(begins)} {happening.value}" for begins in _sums(lateness, after=status)]
        timing = sum(account.timing for account in total(replayed.accounts) if account.status == status)
        yield f"  {status}: {_seconds(timing)} = {' '.join(terms) or 'none'}"


def _sums(lateness: Sequence[Lateness], *, before: str = "", after: str = "") -> list[int]:
    chosen = [late.simulated for late in lateness if before in ("", late.before) and after in ("", late.after)]
    return [sum(chosen)] if chosen else []
