"""The scenarios on the Python client, asyncio and blocking: part of every test run, as they need no toolchain beside Python."""

from pathlib import Path

import pytest
from conformance.runner.gaps import gap_of, load_gaps
from conformance.runner.rows import ROWS
from conformance.runner.scenario import load_all
from conformance.runner.session import play_all

HERE = Path(__file__).parent


@pytest.mark.timeout(900)
async def test_every_scenario_holds(driver_row, tmp_path: Path):
    """Every scenario that is not declared as a gap holds on the driver, and every declared gap is one."""
    scenarios = load_all(HERE / "scenarios")
    gaps = load_gaps(HERE / "gaps.yaml", [row.name for row in ROWS], [one.title for one in scenarios])
    outcomes = await play_all(driver_row, scenarios, tmp_path, lambda _row, _outcome: None)
    bad = [one for one in outcomes if bool(one.failure) != bool(gap_of(gaps, driver_row.name, one.scenario.title))]
    told = [f"{one.scenario.title}\n{one.failure}\n" + "\n".join(one.transcript[-6:]) for one in bad]
    assert not bad, "\n\n".join(told)
