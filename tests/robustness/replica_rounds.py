"""Has three replicas serve under load while they are killed, stopped and cut off, and checks what they promise.

Run ``python tests/robustness/replica_rounds.py --seconds 120 --seed 1``. It prints what was counted, and ends with 1 where
something was not as promised.
"""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"  # a fork here only runs another program, also while calls are under way.

ROUND_SECONDS = 60.0


def main() -> int:
    """Play rounds of a minute for so long, each in a schema of its own."""
    from adapters.postgres_factory import postgres_factory
    from postgres_server import postgres_server
    from robustness.replica_linearizability import missing
    from robustness.replica_round import play

    parser = argparse.ArgumentParser(description="Have replicas serve under load and faults, and check what they promise.")
    parser.add_argument("--seconds", type=float, default=120, help="for how long things happen (default 120)")
    parser.add_argument("--seed", type=int, default=1, help="of what happens (default 1)")
    chosen = parser.parse_args()
    console, counts, wrong = Console(), Counter[str](), 0
    left, number = chosen.seconds, 0
    if reason := missing():
        console.print(reason, style="yellow", markup=False)
    if reason and os.environ.get("CI"):
        return 1
    with postgres_server() as server:
        while left > 0:
            with postgres_factory(server.address) as factory:
                outcome = play(factory, seconds=min(left, ROUND_SECONDS), seed=chosen.seed + number)
            counts += outcome.counts + outcome.harms
            wrong += len(outcome.wrong)
            for line in outcome.wrong[:10]:
                console.print(line, style="red", markup=False)
            left, number = left - ROUND_SECONDS, number + 1
            console.print(f"round {number}: {outcome.counts['answers']:,} answers, {len(outcome.wrong)} wrong", markup=False)
    shown = Table("what", "number", title="Replica rounds", title_justify="left")
    shown.columns[1].justify = "right"
    for name, count in [*sorted(counts.items()), ("wrong", wrong)]:
        shown.add_row(name, f"{count:,}")
    console.print(shown)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
