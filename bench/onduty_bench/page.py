"""The last full run in the documentation: its table between two marks, and the plot. It measures nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onduty_bench import plot, results
from onduty_bench.processes import BenchError

PAGE = "performance.md"
BEGIN = "<!-- figures: begin (written by `bench/run.py --write-docs`) -->"
END = "<!-- figures: end -->"


def write(out: Path, docs: Path) -> list[Path]:
    """Put the last full run's figures and plot into the documentation; returns what was written.

    Raises:
        BenchError: There is no full run, or the page has not its marks.
    """
    rows = results.load(out)
    if not rows or any(row["context"]["quick"] or row["context"].get("event_loop") != "asyncio" for row in rows):
        raise BenchError(f"{out / results.FILE} is no full run: run the bench without --quick and --event-loop first")
    page = docs / PAGE
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchError(f"{page} has lost its marks {BEGIN!r} and {END!r}")
    page.write_text(f"{before}{begin}\n\n{text(rows)}\n{end}{after}", encoding="utf-8")
    written = [page]
    if _has_plot(rows) and (out / plot.FILE).exists():
        written.append(docs / plot.FILE)
        drawn = (out / plot.FILE).read_text(encoding="utf-8").splitlines()
        written[-1].write_text("".join(f"{line.rstrip()}\n" for line in drawn), encoding="utf-8")
    return written


def text(rows: Sequence[dict[str, Any]]) -> str:
    """The table, and what it was made on."""
    made = rows[0]["context"]
    lines = ["| figure | value | bar | | floor, peers | CPU: server, generator |", "|---|---:|---|---|---|---|"]
    lines += [_line(row) for row in rows]
    pins = f"server on {_cores(made['server_cores'])}, generator on {_cores(made['generator_cores'])}"
    peers = "; ".join(f"{name}: {version}" for name, version in made["peers"].items()) or "none"
    facts = [
        f"Measured on {made['measured_on']}: {made['processor']}, {made['cores']} cores,",
        f"{pins if made['server_cores'] else 'not pinned'}. Kernel {made['kernel']}, Python {made['python']}.",
        f"{made['rounds']} rounds of {made['round_seconds']:g} s; load average {_loads(rows)} before the runs.",
        f"Peers: {peers}.",
        *([f"Absent: {', '.join(made['absent'])}."] if made["absent"] else []),
    ]
    parts = ["\n".join(facts), "\n".join(lines), _groups(rows)]
    if _has_plot(rows):
        parts.append(f"![Cost and delay against the number of watchers]({plot.FILE})")
    return "\n\n".join(part for part in parts if part) + "\n"


def _loads(rows: Sequence[dict[str, Any]]) -> str:
    loads = [row["context"]["load_before"] for row in rows]
    least, most = f"{min(loads):.1f}", f"{max(loads):.1f}"
    return least if least == most else f"{least} to {most}"


def _has_plot(rows: Sequence[dict[str, Any]]) -> bool:
    return any(row["measurement"] == "crowd" for row in rows)


def _cores(cores: Sequence[int]) -> str:
    return "core " + ", ".join(map(str, cores)) if len(cores) == 1 else "cores " + ", ".join(map(str, cores))


def _line(row: dict[str, Any]) -> str:
    verdict = {True: "holds", False: "**missed**", None: ""}[row["holds"]]
    use = f"{row['server_use']:.0%}, {row['generator_use']:.0%}" if row["server_use"] is not None else ""
    return (
        f"| {row['title']} | {row['value']:g} {row['unit']} | {row['bar'] or ''} | {verdict} | {results.others(row)} | {use} |"
    )


def _groups(rows: Sequence[dict[str, Any]]) -> str:
    """ChangeStatus at each number of callers, in one table: rates, CPU, and how many changes share a commit."""
    named = {row["name"]: row for row in rows}
    counts = [row["detail"]["callers"] for row in rows if row["name"].startswith("unary.rate.")]
    if not counts:
        return ""
    lines = [
        "| callers | changes/s | echo/s | server CPU | echo's CPU | p50 | p99 | changes in a commit |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for callers in counts:
        rate, cpu = named[f"unary.rate.{callers}"]["detail"], named[f"unary.cpu.{callers}"]["detail"]
        group = named[f"unary.group.{callers}"]["value"]
        cells = (
            str(callers),
            f"{rate['ops_per_second']:,.0f}",
            f"{rate['echo_ops_per_second']:,.0f}",
            f"{cpu['server_cpu_micros']:,.0f} µs",
            f"{cpu['echo_cpu_micros']:,.0f} µs",
            f"{rate['p50_ms']:.2f} ms",
            f"{rate['p99_ms']:.2f} ms",
            f"{group:.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
