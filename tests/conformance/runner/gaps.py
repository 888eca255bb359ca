"""The declared gaps: what a driver is known not to do, each with its reason. A gap that passes is a fault of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from conformance.runner.scenario import ScenarioError


@dataclass(frozen=True, slots=True)
class Gap:
    """Scenarios (by patterns of their titles) that a driver does not carry, and why."""

    driver: str
    scenarios: tuple[str, ...]
    reason: str

    def covers(self, driver: str, title: str) -> bool:
        """Whether the gap is about this scenario on this driver."""
        return driver == self.driver and any(fnmatchcase(title, pattern) for pattern in self.scenarios)


def load_gaps(path: Path, drivers: Sequence[str], titles: Sequence[str]) -> list[Gap]:
    """The gaps of the file.

    Raises:
        ScenarioError: One has no reason, or names a driver or scenarios that there are not.
    """
    gaps = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        if set(entry) != {"driver", "scenarios", "reason"} or not str(entry["reason"]).strip():
            raise ScenarioError(f"{path.name}: a gap has driver, scenarios and reason: {entry}")
        gap = Gap(entry["driver"], tuple(entry["scenarios"]), " ".join(entry["reason"].split()))
        if gap.driver not in drivers:
            raise ScenarioError(f"{path.name}: there is no driver {gap.driver}")
        for pattern in gap.scenarios:
            if not any(fnmatchcase(title, pattern) for title in titles):
                raise ScenarioError(f"{path.name}: no scenario is called {pattern}")
        gaps.append(gap)
    return gaps


def gap_of(gaps: Sequence[Gap], driver: str, title: str) -> Gap | None:
    """The gap that covers a scenario on a driver, if one does."""
    return next((gap for gap in gaps if gap.covers(driver, title)), None)
