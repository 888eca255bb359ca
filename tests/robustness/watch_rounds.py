"""Watches a real server under load, restarts, kills and forgetting, and holds all that anybody saw against what happened.

Run ``python tests/robustness/watch_rounds.py --seconds 600 --seed 1``. On a finding it writes what was seen to a file and
prints the shortest part that shows it.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FINDINGS_WRITTEN = 5


async def run_rounds(seconds: float, plan: Any, journal: Path, console: Console) -> int:
    """Run rounds for so long, print the table, and return the number of findings."""
    from robustness.watch_round import WatchTest, told

    columns = (TextColumn("[bold]{task.description}"), BarColumn(), TimeElapsedColumn())
    end, written = time.monotonic() + seconds, 0
    async with WatchTest.on(journal, plan) as test:

        def note(found: Any, history: Any) -> None:
            nonlocal written
            if written >= FINDINGS_WRITTEN:
                return
            written += 1
            path = journal.with_name(f"finding-{written}.jsonl")
            history.save(path)
            console.print(f"{len(found)} findings; what was seen is in {path}", style="red", markup=False)
            for line in told(found, history, test.truth):
                console.print(line, markup=False, soft_wrap=True)

        test.on_findings = note
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("rounds", total=seconds)
            number = 0
            while (left := end - time.monotonic()) > 0:
                await test.round(number)
                number += 1
                progress.update(task, completed=seconds - max(0.0, left), description=_so_far(test.tally))
        await test.finish()
    console.print(table(test.tally))
    return len(test.findings)


def _so_far(tally: Any) -> str:
    return f"{tally.rounds} rounds, {tally.changes:,} changes, {tally.watches:,} watches, {tally.findings.total()} findings"


def table(tally: Any) -> Table:
    """The numbers of all rounds."""
    from robustness.watch_validators import VALIDATORS

    shown = Table("what", "number", title="Watch rounds", title_justify="left")
    shown.columns[1].justify = "right"
    rows = {
        "rounds": tally.rounds,
        **{f"of these, with the ending {name}": count for name, count in sorted(tally.endings.items())},
        "changes in the history": tally.changes,
        "requests acknowledged": tally.answered,
        "watches": tally.watches,
        "of these, resumed": tally.resumed,
        "of these, from before the server's start": tally.from_before_the_server,
        "frames": tally.frames.total(),
        **{f"of these, {kind}": count for kind, count in sorted(tally.frames.items())},
        "of these, conflated": tally.conflated,
        "states and changes told": tally.told,
        **{f"ends with {end}": count for end, count in sorted(tally.ends.items())},
        "oldest revision named as kept": tally.forgotten_up_to,
    }
    for name, number in rows.items():
        shown.add_row(name, f"{number:,}")
    shown.add_section()
    for name in (*VALIDATORS, "live", "other"):
        found = tally.findings[name]
        shown.add_row(f"not {name} (must be 0)", str(found), style="red" if found else "green")
    return shown


def main() -> int:
    """The command."""
    from robustness.watch_round import Plan

    parser = argparse.ArgumentParser(description="Watch a server under load and check every guarantee of the watch.")
    parser.add_argument("--seconds", type=float, default=600, help="how long to go on (default 600)")
    parser.add_argument("--seed", type=int, default=1, help="decides what is asked and when (default 1)")
    parser.add_argument("--per-second", type=float, default=150, help="requests a second between bursts (default 150)")
    parser.add_argument("--watchers", type=int, default=12, help="watchers at a time (default 12)")
    parser.add_argument(
        "--journal", type=Path, help="the journal's file (default: a temporary one, kept if there were findings)"
    )
    asked = parser.parse_args()
    if asked.seconds <= 0 or asked.per_second <= 0 or asked.watchers < 1:
        parser.error("--seconds and --per-second must be above 0, --watchers at least 1")
    console = Console()
    journal = asked.journal or Path(tempfile.mkdtemp(prefix="onduty-watch-")) / "journal.db"
    plan = Plan(asked.seed, asked.per_second, asked.watchers)
    found = asyncio.run(run_rounds(asked.seconds, plan, journal, console))
    if found:
        console.print(f"the journal is kept: {journal}", markup=False)
    elif not asked.journal:
        shutil.rmtree(journal.parent)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
