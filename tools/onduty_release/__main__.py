"""`python -m onduty_release`: makes every artifact, tries each, and ends with a table. It exits with 1 where a step failed."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from onduty_release import building, checks, documents, languages, sbom
from onduty_release.places import StepError, empty
from onduty_release.serving import serving

WIDTH: Final = 118
STYLES: Final = {"ok": "green", "failed": "bold red", "skipped": "yellow"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: what is shown, what does it, the programs it needs, and whether it is a part of `--build-only`."""

    name: str
    work: Callable[[], str]
    tools: Sequence[str] = ()
    builds: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step: ok, failed or skipped, a few words, and how long it took."""

    name: str
    result: str
    words: str
    seconds: float


def steps(scratch: Path) -> list[Step]:
    """Everything in its order; a step may use what the ones before it made."""
    wheels, server, client = scratch / "wheels", scratch / "server", scratch / "client"
    return [
        Step("one version everywhere", checks.one_version, builds=True),
        Step("Python: wheels and sdists", building.python_packages, builds=True),
        Step("Python: lists with hashes", partial(building.python_lists, wheels), builds=True),
        Step("TypeScript: npm package", building.npm_package, ("npm",), builds=True),
        Step("Java: jar", building.jar, ("mvn",), builds=True),
        Step("Go: module", building.go_module, builds=True),
        Step("metadata and contents", checks.metadata),
        Step("licence in every artifact", checks.licences),
        Step("the same when built again", checks.reproducible),
        Step("server: installs offline by hash", partial(checks.bare_environment, server, "onduty.txt", wheels)),
        Step("server: serves, CLI and client play", partial(checks.server_works, server, empty(scratch / "server-home"))),
        Step("client: installs offline by hash", partial(checks.bare_environment, client, "onduty-client.txt", wheels)),
        Step("client: without the server", partial(checks.client_alone, client)),
        *(_against(server, scratch, name, work, tools) for name, work, tools in _players(client, scratch)),
        Step("SBOM of the server", partial(sbom.python_sbom, server, "onduty.txt", "onduty.cdx.json")),
        Step(
            "SBOM of the Python client", partial(sbom.python_sbom, client, "onduty-client.txt", "onduty-client-python.cdx.json")
        ),
        Step("SBOM of the npm package", sbom.npm_sbom, ("npm",)),
        Step("checksums", sbom.checksums, builds=True),
        Step("docs/installing.md", partial(documents.installing_page, empty(scratch / "reader"))),
    ]


Player = Callable[[str], str]


def _players(client: Path, scratch: Path) -> list[tuple[str, Player, tuple[str, ...]]]:
    """Who plays against the installed server: each somebody else of the sample staff."""
    home = empty(scratch / "client-home")
    return [
        ("client: plays against the server", lambda address: checks.client_works(client, home, address, "ben"), ()),
        (
            "TypeScript: installs and plays",
            lambda address: languages.npm_works(scratch / "npm", address, "chi"),
            ("npm", "node"),
        ),
        ("Java: compiles and plays", lambda address: languages.jar_works(scratch / "jar", address, "dov"), ("mvn", "javac")),
        ("Go: fetches, builds and plays", lambda address: languages.go_works(scratch / "go", address, "eva"), ("go",)),
    ]


def _against(server: Path, scratch: Path, name: str, work: Player, tools: tuple[str, ...]) -> Step:
    def play() -> str:
        with serving(server, empty(scratch / "playing")) as address:
            return work(address)

    return Step(name, play, tools)


def carry_out(step: Step, console: Console) -> Outcome:
    """Does a step and tells of it in one line. A missing toolchain skips it; where CI is set that is a failure."""
    absent = [tool for tool in step.tools if not shutil.which(tool)]
    started = time.monotonic()
    console.print(f"  {step.name} ...", end=" ", markup=False)
    if absent:
        outcome = Outcome(step.name, "failed" if os.environ.get("CI") else "skipped", f"{', '.join(absent)} is not here", 0.0)
    else:
        try:
            outcome = Outcome(step.name, "ok", step.work(), time.monotonic() - started)
        except StepError as error:
            outcome = Outcome(step.name, "failed", str(error), time.monotonic() - started)
    console.print(f"{outcome.result} ({outcome.seconds:.1f} s)", style=STYLES[outcome.result], highlight=False)
    if outcome.result == "failed":
        console.print(outcome.words, markup=False, highlight=False)
    return outcome


def show(outcomes: Sequence[Outcome], title: str, console: Console) -> None:
    """The table at the end."""
    table = Table("step", "result", "what", title=f"{title}, {checks.runs_with()}", title_justify="left")
    table.add_column("s", justify="right")
    for one in outcomes:
        style = STYLES[one.result]
        table.add_row(one.name, f"[{style}]{one.result}[/]", one.words.partition("\n")[0], f"{one.seconds:.1f}")
    console.print(table)


def main(arguments: Sequence[str]) -> int:
    """Carries out what is asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="onduty_release", description=__doc__)
    parser.add_argument("--build-only", action="store_true", help="make the artifacts and try nothing")
    chosen = parser.parse_args(arguments)
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=WIDTH)
    building.start()
    with tempfile.TemporaryDirectory(prefix="onduty-release-") as scratch:
        wanted = [step for step in steps(Path(scratch)) if step.builds or not chosen.build_only]
        console.print(f"{len(wanted)} steps; a few minutes. The artifacts are made in dist/.")
        outcomes = [carry_out(step, console) for step in wanted]
    show(outcomes, "Release" if chosen.build_only else "Release check", console)
    failed = sum(one.result == "failed" for one in outcomes)
    done = (
        "dist/ holds a release; `make release-check` tries it."
        if chosen.build_only
        else "dist/ holds a release that was tried."
    )
    console.print(f"{failed} of {len(outcomes)} steps failed." if failed else done)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
