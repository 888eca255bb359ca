"""Figures as a table for people and as JSON for programs. It computes none."""

import json
import os
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from onduty_bench import peers
from onduty_bench.figures import Row
from onduty_bench.processes import Cores
from onduty_bench.settings import Settings

FILE = "bench.json"
MADE_ALIKE = ("quick", "event_loop", "processor", "cores", "kernel", "python")


def context(settings: Settings, cores: Cores, load_before: float) -> dict[str, Any]:
    """On what and how the figures were made. ``load_before``: the load average when the run began."""
    return {
        "quick": settings.quick,
        "event_loop": settings.event_loop,
        "measured_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "server_cores": list(cores.server),
        "generator_cores": list(cores.generator),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_before": load_before,
        "rounds": settings.rounds,
        "round_seconds": settings.length,
        "peers": {peer.name: peer.version() for peer in peers.installed()},
        "absent": peers.absent(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def save(out: Path, rows: Iterable[Row], made: Mapping[str, Any]) -> None:
    """Write ``bench.json``: a list of rows. Those of other measurements stay if they were made alike on the same machine."""
    new = [{**row.as_json(), "context": dict(made)} for row in rows]
    measured = {row["measurement"] for row in new}
    kept = [row for row in load(out) if row["measurement"] not in measured and _alike(row["context"], made)]
    (out / FILE).write_text(json.dumps(kept + new, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def load(out: Path) -> list[dict[str, Any]]:
    """The rows of the last runs; none if there was no run."""
    path = out / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in MADE_ALIKE)


def table(rows: Sequence[Row]) -> Table:
    """The rows for people."""
    made = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    made.add_column("figure", no_wrap=True)
    made.add_column("what", ratio=1)
    made.add_column("value", justify="right", no_wrap=True)
    made.add_column("bar", max_width=17)
    made.add_column("", no_wrap=True)
    made.add_column("floor, peers", max_width=24)
    made.add_column("CPU", justify="right", no_wrap=True)
    last = ""
    for row in rows:
        if last and row.measurement != last:
            made.add_section()
        last = row.measurement
        told = row.as_json()
        made.add_row(
            row.name,
            row.title,
            f"{told['value']:g} {row.unit}",
            told["bar"] or "",
            verdict(row.holds),
            others(told),
            f"{row.use.server:4.0%} {row.use.generator:4.0%}" if row.use else "",
        )
    return made


def others(told: Mapping[str, Any]) -> str:
    """The floor and the peers of a row as it is in the file, also those that gave no figure."""
    values = [f"{name} {value:g}" for name, value in told["peer_values"].items()]
    if values:
        values += [f"{name} failed" for name in told["detail"].get("failed", ())]
        values += [f"{name} absent" for name in told["detail"].get("absent", ())]
    return ", ".join(values)


def verdict(holds: bool | None) -> Text:  # noqa: FBT001 - it is the one thing that is shown.
    """A word for a bar that holds or is missed; nothing where there is none."""
    if holds is None:
        return Text("")
    return Text("holds", style="green") if holds else Text("missed", style="bold red")


def below(made: Mapping[str, Any], out: Path) -> str:
    """What belongs under the table."""
    pins = f"cores {made['server_cores']}, the generator {made['generator_cores']}" if made["server_cores"] else "any core"
    load = made["load_before"]
    lines = [
        f"Servers had {pins}. CPU is the most in any round: the server's in cores, the generator's as a share of its cores.",
        "With the generator near 100 % it was the bottleneck. Closed loops (unary, events) need the server near 100 %.",
    ]
    if load > made["cores"] / 4:
        lines.append(f"The load average was {load:.1f} before the run: others use this machine, so the figures are rough.")
    if made["event_loop"] != "asyncio":
        lines.append(f"Server and floor ran on {made['event_loop']}; the echo of the bars is grpc.aio as it comes.")
    if made["quick"]:
        lines.append("This was a quick run: a first impression, no figures to quote.")
    return "\n".join([*lines, str(out / FILE)])
