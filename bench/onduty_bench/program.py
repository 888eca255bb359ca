"""The command: which measurements, how long, and where the figures go. It measures nothing itself."""

import argparse
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from onduty_bench import page, peers, plot, results
from onduty_bench.bench import Bench, Measurement
from onduty_bench.figures import Row
from onduty_bench.generator import Generator
from onduty_bench.measurements.catching_up import CATCHING_UP
from onduty_bench.measurements.crowd import CROWD
from onduty_bench.measurements.events import EVENTS
from onduty_bench.measurements.fanout import FANOUT
from onduty_bench.measurements.herd import HERD
from onduty_bench.measurements.latency import LATENCY
from onduty_bench.measurements.lone import LONE
from onduty_bench.measurements.neighbours import NEIGHBOURS
from onduty_bench.measurements.policy import POLICY
from onduty_bench.measurements.population import POPULATION
from onduty_bench.measurements.retried import RETRIED
from onduty_bench.measurements.sight import SIGHT
from onduty_bench.measurements.stalled import STALLED
from onduty_bench.measurements.start import START
from onduty_bench.measurements.unary import UNARY
from onduty_bench.processes import BenchError, Cores
from onduty_bench.servers import ROOT, server_python
from onduty_bench.settings import FULL, QUICK, Settings

MEASUREMENTS = (
    UNARY,
    EVENTS,
    LONE,
    RETRIED,
    FANOUT,
    LATENCY,
    STALLED,
    CATCHING_UP,
    NEIGHBOURS,
    POLICY,
    POPULATION,
    START,
    HERD,
    CROWD,
    SIGHT,
)
OUT = ROOT / "bench" / "out"
PAGE_WIDTH = 160

EPILOG = """measurements:
{}

Every figure is a ratio or a latency of one run; floors and peers are measured in the same run.
The figures go to bench/out/bench.json, the plot to bench/out/fanout.svg."""


def _folder(text: str) -> Path:
    """A folder that is found from wherever a program is started."""
    return Path(text).resolve()


def parser() -> argparse.ArgumentParser:
    """The command line."""
    names = [measurement.name for measurement in MEASUREMENTS]
    lines = "\n".join(f"  {measurement.name:<11} {measurement.about}" for measurement in MEASUREMENTS)
    made = argparse.ArgumentParser(
        prog="bench",
        description="Measure Onduty against bars, floors and peers on this machine.",
        epilog=EPILOG.format(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--quick", action="store_true", help="less of everything, in about three minutes")
    made.add_argument(
        "--only", action="append", choices=names, metavar="NAME", help="only this measurement; may be given several times"
    )
    made.add_argument(
        "--event-loop", choices=("asyncio", "uvloop"), default="asyncio", help="what server and floor run on (asyncio)"
    )
    made.add_argument("--out", type=_folder, default=OUT, metavar="FOLDER", help="where figures and journals go (bench/out)")
    made.add_argument("--write-docs", action="store_true", help="measure nothing; put the last full run's figures into docs/")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0: every bar holds, 1: one does not, 2: something is missing or went wrong, 130: interrupted."""
    asked = parser().parse_args(arguments)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PAGE_WIDTH)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if asked.write_docs:
            for path in page.write(asked.out, ROOT / "docs"):
                console.print(f"wrote {path}")
            return 0
        chosen = [one for one in MEASUREMENTS if not asked.only or one.name in asked.only]
        settings = replace(QUICK if asked.quick else FULL, event_loop=asked.event_loop)
        return _run(console, chosen, settings, asked.out)
    except BenchError as error:
        console.print(f"bench: {error}", style="bold red", markup=False)
        return 2
    except KeyboardInterrupt:
        console.print("bench: interrupted; every process that it started has ended", style="yellow")
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(console: Console, chosen: Sequence[Measurement], settings: Settings, out: Path) -> int:
    if not sys.platform.startswith("linux"):
        raise BenchError("it reads /proc for CPU times and memory, so it needs Linux")
    server_python()
    load_before = os.getloadavg()[0]
    cores = _settle()
    with console.status("building the load generator"):
        generator = Generator.build(out, cores.generator)
    for name in peers.absent():
        console.print(f"{name} is not installed here: skipped", style="yellow")
    rows: list[Row] = []
    failures = 0
    made = results.context(settings, cores, load_before)
    with _progress(console) as progress:
        for measurement in chosen:
            try:
                rows += _measured(measurement, progress, Bench(settings, cores, generator, out, _no_step))
            except BenchError as error:
                failures += 1
                console.print(f"bench: {measurement.name}: {error}", style="bold red", markup=False)
            results.save(out, rows, made)
    plot.draw([row.as_json() for row in rows], out / plot.FILE)
    console.print(results.table(rows))
    console.print(results.below(made, out), markup=False)
    if failures:
        return 2
    return 0 if all(row.holds is not False for row in rows) else 1


def _settle() -> Cores:
    """Keep off the server's cores, and let children have as many connections as the system allows."""
    cores = Cores.of_machine()
    if cores.generator:
        os.sched_setaffinity(0, cores.generator)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return cores


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(30), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("{task.fields[doing]}"), console=console)


def _measured(measurement: Measurement, progress: Progress, bench: Bench) -> list[Row]:
    total = measurement.steps(bench.settings)
    task = progress.add_task(measurement.name, total=total, doing="")
    begun = 0

    def step(doing: str) -> None:
        nonlocal begun
        progress.update(task, completed=begun, doing=doing)
        begun += 1

    rows = measurement.run(replace(bench, step=step))
    progress.update(task, completed=total, doing="")
    return rows


def _no_step(_doing: str) -> None:
    """Nobody is told."""
