"""What a run showed: the table of languages and groups, and every failure with its exchange. It decides only what failed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from conformance.runner.gaps import Gap, gap_of
from rich.console import Console
from rich.table import Table
from rich.text import Text

LINE_MOST: Final = 400
LINES_MOST: Final = 30
PASSED, GAP, FAILED, GAP_PASSED = "passed", "declared gap", "failed", "declared gap that passes"
ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario on one driver: how it ended, and why where it did not hold."""

    driver: str
    group: str
    name: str
    verdict: str
    seconds: float
    failure: str = ""
    transcript: tuple[str, ...] = field(default=(), repr=False)

    @property
    def bad(self) -> bool:
        """Whether the run fails by it."""
        return self.verdict in (FAILED, GAP_PASSED)

    def as_json(self) -> dict[str, Any]:
        """Its fields; the transcript only where it is bad."""
        told = {"driver": self.driver, "group": self.group, "name": self.name, "verdict": self.verdict}
        told["seconds"] = round(self.seconds, 3)
        return told | ({"failure": self.failure, "transcript": list(self.transcript)} if self.bad else {})


def judged(
    gaps: Sequence[Gap], driver: str, group: str, name: str, *, failure: str, seconds: float, transcript: tuple[str, ...] = ()
) -> Result:
    """The result of a scenario, its gap considered."""
    gap = gap_of(gaps, driver, f"{group}: {name}")
    if failure:
        return Result(driver, group, name, GAP if gap else FAILED, seconds, failure, transcript)
    if gap:
        return Result(driver, group, name, GAP_PASSED, seconds, f"declared as a gap: {gap.reason}", transcript)
    return Result(driver, group, name, PASSED, seconds)


def table(results: Sequence[Result], drivers: Sequence[str], absent: dict[str, str]) -> Table:
    """Groups down, drivers across: how many of how many hold; gaps in brackets."""
    shown = Table(title="Conformance", title_justify="left")
    shown.add_column("group")
    for driver in drivers:
        shown.add_column(driver, justify="right")
    for group in dict.fromkeys(result.group for result in results):
        of_group = [result for result in results if result.group == group]
        shown.add_row(group, *_cells(of_group, drivers, absent))
    shown.add_section()
    shown.add_row("all", *_cells(results, drivers, absent))
    return shown


def _cells(results: Sequence[Result], drivers: Sequence[str], absent: dict[str, str]) -> list[Text]:
    return [_cell([one for one in results if one.driver == driver], absent.get(driver)) for driver in drivers]


def _cell(results: Sequence[Result], absent: str | None) -> Text:
    if absent or not results:
        return Text(ABSENT if absent else "-", style="dim")
    gaps = sum(result.verdict == GAP for result in results)
    passed = sum(result.verdict == PASSED for result in results)
    told = f"{passed}/{len(results) - gaps}" + (f" ({gaps} gaps)" if gaps else "")
    return Text(told, style="red" if any(result.bad for result in results) else "green")


def tell_failures(console: Console, results: Iterable[Result]) -> None:
    """Each bad result with the exchange that led to it."""
    for result in results:
        if not result.bad:
            continue
        console.print(Text(f"\n{result.driver}  {result.group}: {result.name}", style="bold"), soft_wrap=True)
        console.print(Text(f"{result.verdict}: {result.failure}"), soft_wrap=True)
        lines = result.transcript[-LINES_MOST:]
        if len(lines) < len(result.transcript):
            console.print(f"({len(result.transcript) - len(lines)} lines before these)")
        for line in lines:
            console.print(Text(line if len(line) <= LINE_MOST else f"{line[:LINE_MOST]} ..."), soft_wrap=True)
