"""The command `tests/conformance/run`: builds drivers, plays scenarios and tests on them, tells what held."""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance.runner import feature_table, pytest_rooms
from conformance.runner.driver import DriverFailedError
from conformance.runner.gaps import Gap, load_gaps
from conformance.runner.play import Outcome
from conformance.runner.report import FAILED, Result, judged, table, tell_failures
from conformance.runner.rows import ROOT, ROWS, BuildError, Row, build, rows_named
from conformance.runner.scenario import Scenario, ScenarioError, load_all
from conformance.runner.session import play_all
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HERE: Final = ROOT / "tests" / "conformance"
DRIVERS_AT_ONCE: Final = 2
FILE_COLUMNS: Final = 160


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/conformance/run",
        description="Hold the clients of all languages to one contract.",
        epilog="Ends with 1 where something failed that is not declared in gaps.yaml, or a declared gap passed.",
    )
    parser.add_argument("--driver", action="append", default=[], help="only this driver (may be given again)")
    parser.add_argument("--scenario", default="", help="only scenarios whose title has this text")
    parser.add_argument("--only-scenarios", action="store_true", help="leave out faults, examples and tutorials")
    parser.add_argument("--replicas", type=int, default=0, help="play against so many replicas over one database, in turns")
    parser.add_argument("--no-build", action="store_true", help="use the drivers as they are built")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--list", action="store_true", help="list the scenarios and end")
    parser.add_argument("--write-table", action="store_true", help="write the table of clients/README.md after a good run")
    return parser.parse_args(argv)


async def _built(rows: Sequence[Row], console: Console) -> list[Result]:
    """Build each folder once; a bad result for each row whose driver could not be built."""
    some = asyncio.Semaphore(DRIVERS_AT_ONCE)

    async def built(folder: Path) -> tuple[Path, str]:
        async with some:
            began = time.monotonic()
            try:
                await asyncio.to_thread(build, folder)
            except BuildError as error:
                return folder, str(error)
            console.print(f"built {folder.relative_to(ROOT)} in {time.monotonic() - began:.1f} s", style="dim")
            return folder, ""

    told = dict(await asyncio.gather(*map(built, dict.fromkeys(row.folder for row in rows))))
    return [Result(row.name, "build", "the driver is built", FAILED, 0, told[row.folder]) for row in rows if told[row.folder]]


async def _played(
    rows: Sequence[Row], scenarios: Sequence[Scenario], gaps: Sequence[Gap], console: Console, *, replicas: int
) -> list[Result]:
    """Play the scenarios on the rows, two drivers at once; one at once against replicas."""
    results: list[Result] = []
    some = asyncio.Semaphore(1 if replicas else DRIVERS_AT_ONCE)
    columns = (TextColumn("{task.description:14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="onduty-conformance-") as directory,
        Progress(*columns, console=console) as progress,
    ):
        tasks = {row.name: progress.add_task(row.name, total=len(scenarios), start=False) for row in rows}

        def told(row: Row, _outcome: Outcome) -> None:
            progress.advance(tasks[row.name])

        async def play(row: Row) -> None:
            async with some:
                progress.start_task(tasks[row.name])
                try:
                    outcomes = await play_all(row, scenarios, Path(directory), told, replicas=replicas)
                except (OSError, RuntimeError, TimeoutError, DriverFailedError) as error:
                    results.append(Result(row.name, "driver", "the driver runs and ends well", FAILED, 0, str(error)))
                    return
                for one in outcomes:
                    result = judged(
                        gaps,
                        row.name,
                        one.scenario.group,
                        one.scenario.name,
                        failure=one.failure,
                        seconds=one.seconds,
                        transcript=one.transcript,
                    )
                    results.append(result)

        await asyncio.gather(*map(play, rows))
    return results


async def _run(options: argparse.Namespace, console: Console) -> int:
    rows = rows_named(options.driver)
    everything = load_all(HERE / "scenarios")
    scenarios = [one for one in everything if options.scenario in one.title]
    titles = [one.title for one in everything] + [f"{group}: any" for group in pytest_rooms.GROUPS]
    gaps = load_gaps(HERE / "gaps.yaml", [row.name for row in ROWS], titles)
    if options.list:
        for one in scenarios:
            print(one.title)  # noqa: T201 - this is the command's output.
        return 0
    absent = {row.name: row.absent for row in rows if row.absent}
    for name, why in absent.items():
        console.print(f"{name} is absent: {why}", style="yellow")
    present = [row for row in rows if row.name not in absent]
    unbuilt = [] if options.no_build else await _built(present, console)
    present = [row for row in present if row.name not in {result.driver for result in unbuilt}]
    results = unbuilt + await _played(present, scenarios, gaps, console, replicas=options.replicas)
    if not options.only_scenarios:
        results += await asyncio.to_thread(pytest_rooms.run, present, options.scenario, gaps, console)
    results.sort(key=lambda result: [row.name for row in ROWS].index(result.driver))
    tell_failures(console, results)
    console.print(table(results, [row.name for row in rows], absent))
    if options.json:
        print(json.dumps({"absent": absent, "results": [one.as_json() for one in results]}, indent=1))  # noqa: T201
    failed = any(result.bad for result in results) or not results or bool(absent and os.environ.get("CI"))
    if options.write_table and not failed:
        feature_table.write(everything, gaps)
    return int(failed)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    options = _arguments(argv)
    console = Console(stderr=options.json, highlight=False)
    if not console.is_terminal:
        console.width = FILE_COLUMNS
    began = time.monotonic()
    try:
        code = asyncio.run(_run(options, console))
    except ScenarioError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyError as error:
        console.print(f"there is no driver {error}; there are {', '.join(row.name for row in ROWS)}", style="red")
        return 2
    console.print(f"{time.monotonic() - began:.0f} s", style="dim")
    return code


if __name__ == "__main__":
    sys.exit(main())
