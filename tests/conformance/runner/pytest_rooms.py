"""Runs the tests of this room that are programs rather than data (faults, examples, tutorials) and reads their results."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from conformance.runner.gaps import Gap
from conformance.runner.report import FAILED, Result, judged
from conformance.runner.rows import ROOT, Row
from rich.console import Console

GROUPS: Final = ("faults", "examples", "tutorials")
"""The groups, each the tests of the files ``test_<group>*.py``."""
DRIVERS_VARIABLE: Final = "ONDUTY_DRIVERS"
"""Which drivers these tests use, by name, with commas; without it those of Python, which need no other toolchain."""
SECONDS_MOST: Final = 5400
BATCHES: Final = ((("faults", "examples"), "4"), (("tutorials",), "0"))
"""Groups that run together, and on how many workers: more than a small machine has cores, as many of these tests wait for
silences and deadlines. Tutorials run alone: they may install into the environment that all others run in."""


def run(rows: Sequence[Row], wanted: str, gaps: Sequence[Gap], console: Console) -> list[Result]:
    """Run the groups' tests on the drivers, those whose title has the wanted text; the results."""
    if not rows:
        return []
    environment = {DRIVERS_VARIABLE: ",".join(row.name for row in rows), "ONDUTY_WANTED": wanted}
    results: list[Result] = []
    for groups, workers in BATCHES:
        console.print(f"{' and '.join(groups)} ...", style="dim")
        results += _run_batch(groups, workers, environment, [row.name for row in rows], gaps)
    return results


def _run_batch(
    groups: Sequence[str], workers: str, environment: dict[str, str], drivers: Sequence[str], gaps: Sequence[Gap]
) -> list[Result]:
    here = ROOT / "tests" / "conformance"
    files = [str(path) for group in groups for path in sorted(here.glob(f"test_{group}*.py"))]
    with tempfile.TemporaryDirectory(prefix="onduty-conformance-") as directory:
        told = Path(directory) / "results.xml"
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider", f"--junitxml={told}", *files],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS_MOST,
            check=False,
        )
        if not told.exists():
            printed = tuple((done.stdout + done.stderr).splitlines())
            return [Result(drivers[0], groups[0], "the tests ran", FAILED, 0, "they did not run", printed)]
        return list(_results(told, drivers, gaps))


def _results(path: Path, drivers: Sequence[str], gaps: Sequence[Gap]) -> Iterator[Result]:
    for case in ET.parse(path).iter("testcase"):
        if case.find("skipped") is not None:
            continue
        function, _, parameters = case.attrib["name"].partition("[")
        named = [one for one in parameters.removesuffix("]").split("-") if one]
        driver = _driver(parameters.removesuffix("]"), named, drivers)
        group = next(one for one in GROUPS if f"test_{one}" in case.attrib["classname"])
        failed = case.find("failure") if case.find("failure") is not None else case.find("error")
        text = (failed.text or "") if failed is not None else ""
        failure = failed.attrib.get("message", "failed").splitlines()[0] if failed is not None else ""
        name = function.removeprefix("test_").replace("_", " ")
        seconds = float(case.attrib.get("time", 0))
        yield judged(gaps, driver, group, name, failure=failure, seconds=seconds, transcript=tuple(text.splitlines()))


def _driver(parameters: str, named: Sequence[str], drivers: Sequence[str]) -> str:
    """The driver that a test's parameters name; tests of several drivers at once count for the first."""
    whole = [driver for driver in drivers if driver == parameters]
    return (whole or [driver for driver in drivers if driver in named] or list(drivers))[0]
