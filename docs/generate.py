#!/usr/bin/env python3
"""Writes the pages of docs/reference and the README's tables from the code; it holds no fact that the code does not say.

``generate.py`` writes what differs. ``generate.py --check`` writes nothing, shows the differences and ends with 1 if there are
any. A table in a hand-written page stands between ``<!-- generated: NAME -->`` and ``<!-- end -->``.
"""

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from generator import (
    command_line,
    configuration,
    dashboards,
    errors,
    limits,
    man_page,
    metrics,
    openapi,
    policy,
    rpcs,
    status_machine,
)

ROOT: Final = Path(__file__).resolve().parents[1]

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/reference/cli.md": command_line.page,
    "docs/reference/configuration.md": configuration.page,
    "docs/reference/errors.md": errors.page,
    "docs/reference/limits.md": limits.page,
    "docs/reference/metrics.md": metrics.page,
    "docs/reference/policy.md": policy.page,
    "docs/reference/replay.md": command_line.replay_page,
    "docs/reference/rpcs.md": rpcs.page,
    "docs/reference/status-machine.md": status_machine.page,
}
"""Pages that are generated as a whole, with what makes them."""

FILES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/reference/openapi.json": openapi.page,
    "deploy/grafana/onduty-floor.json": dashboards.floor,
    "deploy/grafana/onduty-replicas.json": dashboards.replicas,
    "deploy/grafana/onduty-service.json": dashboards.service,
    "service/share/bash-completion/completions/onduty": partial(man_page.completion, "bash"),
    "service/share/fish/vendor_completions.d/onduty.fish": partial(man_page.completion, "fish"),
    "service/share/man/man1/onduty.1": man_page.page,
    "service/share/zsh/site-functions/_onduty": partial(man_page.completion, "zsh"),
}
"""Files that programs read, likewise."""

TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "statuses": status_machine.statuses_table,
}
"""Tables for hand-written pages, by name."""

HOSTS: Final = ("README.md",)
"""Hand-written pages that hold generated tables."""

NOTICE: Final = "<!-- Generated from the code by docs/generate.py: `make docs`. Changes made by hand are lost. -->\n\n"

_MARKED = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def expected(root: Path = ROOT) -> dict[Path, str]:
    """What every page with generated text should hold, by path."""
    pages = {root / name: NOTICE + make() for name, make in PAGES.items()}
    pages.update({root / name: make() for name, make in FILES.items()})
    pages.update({root / name: filled((root / name).read_text(encoding="utf-8")) for name in HOSTS})
    return pages


def filled(text: str) -> str:
    """A hand-written page with its marked tables made anew.

    Raises:
        KeyError: A marker names a table that does not exist.
    """
    return _MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found['name']]()}\n{found[3]}", text)


def differences(root: Path = ROOT) -> list[str]:
    """The lines of a diff from the files as they are to what they should be."""
    lines: list[str] = []
    for path, wanted in expected(root).items():
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        name = path.relative_to(root).as_posix()
        lines += difflib.unified_diff(
            present.splitlines(keepends=True),
            wanted.splitlines(keepends=True),
            f"{name} (as it is)",
            f"{name} (as it should be)",
        )
    return lines


def write(root: Path = ROOT) -> list[str]:
    """Write the pages that differ and return their names."""
    written = []
    for path, wanted in expected(root).items():
        if path.exists() and path.read_text(encoding="utf-8") == wanted:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted, encoding="utf-8")
        written.append(path.relative_to(root).as_posix())
    return written


def main(arguments: Sequence[str]) -> int:
    """Write or check; returns the exit code."""
    parser = argparse.ArgumentParser(description="Write the pages that are made from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; show differences and end with 1 if there are any")
    if not parser.parse_args(arguments).check:
        sys.stdout.writelines(f"wrote {name}\n" for name in write())
        return 0
    found = differences()
    sys.stdout.writelines(found)
    if found:
        sys.stderr.write("The pages differ from the code: run make docs.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
