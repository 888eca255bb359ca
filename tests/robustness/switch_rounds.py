"""Tells a real server what simulated switches do, late, twice and shuffled, and checks who talks.

Run ``python tests/robustness/switch_rounds.py --seconds 600 --seed 1``. It prints what was counted,
and ends with 1 where somebody was wrong.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

ROUND_SECONDS = 60.0


def main() -> int:
    """Play rounds of a minute for so long; each ends at rest."""
    from robustness.switch_round import Plan, play
    from running_server import running_server

    parser = argparse.ArgumentParser(description="Tell a server what simulated switches do, and check who talks.")
    parser.add_argument("--seconds", type=float, default=600, help="for how long things happen (default 600)")
    parser.add_argument("--seed", type=int, default=1, help="of what happens (default 1)")
    parser.add_argument("--people", type=int, default=200, help="how many people (default 200)")
    parser.add_argument("--per-second", type=float, default=20, help="how much happens a second (default 20)")
    chosen = parser.parse_args()
    console, wrong = Console(), 0
    shown = Table("what", "number", title="Switch rounds", title_justify="left")
    shown.columns[1].justify = "right"
    counts: dict[str, int] = {}
    left, number = chosen.seconds, 0
    while left > 0:
        plan = Plan(chosen.seed + number, min(left, ROUND_SECONDS), chosen.people, chosen.per_second)
        with tempfile.TemporaryDirectory() as folder, running_server(Path(folder) / "journal.db") as server:
            outcome = asyncio.run(play(server.address, plan))
        for name, count in outcome.counts.items():
            counts[name] = counts.get(name, 0) + count
        wrong += len(outcome.wrong)
        for line in outcome.wrong[:10]:
            console.print(line, style="red", markup=False)
        left, number = left - plan.seconds, number + 1
        console.print(f"round {number}: {outcome.counts['facts']:,} facts, {len(outcome.wrong)} wrong", markup=False)
    for name, count in [*sorted(counts.items()), ("wrong", wrong)]:
        shown.add_row(name, f"{count:,}")
    console.print(shown)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
