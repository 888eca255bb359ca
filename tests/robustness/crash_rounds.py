"""Kills a real server under load, many times, and tells what came of every acknowledged change.

Run ``python tests/robustness/crash_rounds.py --rounds 100 --seed 1``. A killed process leaves what it wrote in the kernel's
cache, so this shows what the service promises when a process dies; it does not show what a disk does when the power fails.
"""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FAULTS_SHOWN = 20


async def run_rounds(rounds: int, seed: int, journal: Path, console: Console) -> int:
    """Run the rounds, print the table, and return the number of faults."""
    from robustness.crash_round import CrashTest

    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    async with CrashTest.on(journal, seed) as test:
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("rounds", total=rounds)
            for number in range(rounds):
                await test.round(number)
                progress.advance(task)
                progress.update(task, description=f"rounds, {sum(test.ledger.counts.values())} faults")
    console.print(table(test.ledger))
    for fault in test.ledger.faults[:FAULTS_SHOWN]:
        console.print(fault, style="red", markup=False, soft_wrap=True)
    return len(test.ledger.faults)


def table(ledger: Any) -> Table:
    """The numbers of all rounds."""
    from robustness.crash_ledger import Kind

    tally = ledger.tally
    shown = Table("what", "number", title="Crash rounds", title_justify="left")
    shown.columns[1].justify = "right"
    rows = {
        "kills under load": tally.kills,
        "kills during recovery": tally.kills_in_recovery,
        "requests acknowledged": tally.acknowledged,
        "requests refused by a rule": tally.refused,
        "requests in flight, unacknowledged": tally.unacknowledged,
        "of these, applied": tally.applied_though_unacknowledged,
        "retries with the same request id": tally.retries,
        "changes in the history": tally.changes,
        "watches resumed": tally.resumed_watches,
    }
    for name, number in rows.items():
        shown.add_row(name, f"{number:,}")
    shown.add_section()
    for kind in Kind:
        shown.add_row(f"{kind.value} (must be 0)", str(ledger.counts[kind]), style="red" if ledger.counts[kind] else "green")
    shown.add_section()
    shown.add_row("recovery, median", f"{statistics.median(tally.recovery_seconds):.2f} s")
    shown.add_row("recovery, longest", f"{max(tally.recovery_seconds):.2f} s")
    return shown


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Kill a server under load and check that nothing acknowledged is lost.")
    parser.add_argument("--rounds", type=int, default=100, help="how often to kill the server (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="decides what is asked and when the server dies (default 1)")
    parser.add_argument("--journal", type=Path, help="the journal's file (default: a temporary one, kept if there were faults)")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be at least 1")
    console = Console()
    journal = asked.journal or Path(tempfile.mkdtemp(prefix="onduty-crash-")) / "journal.db"
    faults = asyncio.run(run_rounds(asked.rounds, asked.seed, journal, console))
    if faults:
        console.print(f"the journal is kept: {journal}", markup=False)
    elif not asked.journal:
        shutil.rmtree(journal.parent)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
