"""The table of clients/README.md, languages by features: what all scenarios promise, less the declared gaps.

It is made from the same data that a run plays, so a run that ends well shows that the table is so.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from conformance.runner.gaps import Gap, gap_of
from conformance.runner.pytest_rooms import GROUPS
from conformance.runner.rows import ROOT, ROWS
from conformance.runner.scenario import Scenario

PAGE: Final = ROOT / "clients" / "README.md"
BEGIN: Final = "<!-- table: begin -->"
END: Final = "<!-- table: end -->"
YES, PART, NO = "yes", "in part", "no"
ROOMS: Final = {"faults": "broken connections and restarts", "examples": "examples", "tutorials": "tutorial"}
WITHOUT: Final = {"plain": ("faults", "examples", "tutorials"), "python-sync": ("examples", "tutorials")}
"""Groups of tests that a row does not have: no client of its own, or the same package as another row."""


def made(scenarios: Sequence[Scenario], gaps: Sequence[Gap]) -> str:
    """The table as Markdown, with a note for each gap."""
    rows = [row.name for row in ROWS]
    groups = list(dict.fromkeys(one.group for one in scenarios))
    lines = [f"| feature | {' | '.join(rows)} |", f"|---|{'---|' * len(rows)}"]
    for group in groups:
        of_group = [one for one in scenarios if one.group == group]
        cells = (_cell([gap_of(gaps, row, one.title) is not None for one in of_group]) for row in rows)
        lines.append(f"| {group.replace('-', ' ')} ({len(of_group)}) | {' | '.join(cells)} |")
    for group in GROUPS:
        cells = (NO if group in WITHOUT.get(row, ()) else YES for row in rows)
        lines.append(f"| {ROOMS[group]} | {' | '.join(cells)} |")
    notes = [f"- {gap.driver}, without {_patterns(gap)}: {gap.reason}" for gap in gaps]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def _patterns(gap: Gap) -> str:
    return ", ".join(f"`{pattern}`" for pattern in gap.scenarios)


def _cell(missing: Sequence[bool]) -> str:
    return NO if all(missing) else PART if any(missing) else YES


def in_page(text: str) -> str:
    """The table that a page holds."""
    return text.partition(f"{BEGIN}\n")[2].partition(END)[0]


def write(scenarios: Sequence[Scenario], gaps: Sequence[Gap], page: Path = PAGE) -> None:
    """Put the table into the page, in the place of the one it holds."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(f"{BEGIN}\n")
    page.write_text(f"{before}{BEGIN}\n{made(scenarios, gaps)}{END}{rest.partition(END)[2]}", encoding="utf-8")
