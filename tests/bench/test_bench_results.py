"""What the bench writes: its file of figures and the page of the documentation."""

from pathlib import Path
from typing import Any

import pytest
from onduty_bench import page, results
from onduty_bench.figures import Bar, Row
from onduty_bench.processes import BenchError

MACHINE: dict[str, Any] = {
    "quick": False,
    "event_loop": "asyncio",
    "measured_on": "2026-01-02",
    "processor": "a processor",
    "cores": 2,
    "server_cores": [0],
    "generator_cores": [1],
    "kernel": "6",
    "python": "3.11",
    "load_before": 0.1,
    "rounds": 3,
    "round_seconds": 4.0,
    "peers": {"redis": "7"},
    "absent": ["etcd"],
}


def row(measurement: str, value: float) -> Row:
    return Row(measurement, f"{measurement}.value", f"what {measurement} is", value, "ms", Bar("at most", 2.0), {"redis": 1.5})


def values(out: Path) -> dict[str, float]:
    return {one["name"]: one["value"] for one in results.load(out)}


def test_a_later_run_replaces_its_own_measurements_only(tmp_path: Path):
    """So that one measurement can be repeated by itself."""
    results.save(tmp_path, [row("a", 1.0), row("b", 1.0)], MACHINE)
    results.save(tmp_path, [row("b", 2.0)], MACHINE)
    assert values(tmp_path) == {"a.value": 1.0, "b.value": 2.0}


def test_figures_of_another_kind_of_run_are_not_kept(tmp_path: Path):
    """A quick run's figures never stand beside those of a full one."""
    results.save(tmp_path, [row("a", 1.0)], {**MACHINE, "quick": True})
    results.save(tmp_path, [row("b", 2.0)], MACHINE)
    assert values(tmp_path) == {"b.value": 2.0}


def test_the_page_gets_the_table_between_its_marks(tmp_path: Path):
    """What people wrote around it stays."""
    results.save(tmp_path, [row("a", 1.0), row("b", 3.0)], MACHINE)
    target = tmp_path / page.PAGE
    target.write_text(f"before\n{page.BEGIN}\nyesterday\n{page.END}\nafter\n", encoding="utf-8")
    page.write(tmp_path, tmp_path)
    written = target.read_text(encoding="utf-8")
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "yesterday" not in written
    assert "| what a is | 1 ms | ≤ 2 ms | holds | redis 1.5 |  |" in written
    assert "**missed**" in written


def test_writing_the_page_twice_changes_nothing(tmp_path: Path):
    """The marks survive."""
    results.save(tmp_path, [row("a", 1.0)], MACHINE)
    target = tmp_path / page.PAGE
    target.write_text(f"{page.BEGIN}\n{page.END}\n", encoding="utf-8")
    page.write(tmp_path, tmp_path)
    once = target.read_text(encoding="utf-8")
    page.write(tmp_path, tmp_path)
    assert target.read_text(encoding="utf-8") == once


def test_a_quick_run_is_not_written_into_the_page(tmp_path: Path):
    """Its figures are not to be quoted."""
    results.save(tmp_path, [row("a", 1.0)], {**MACHINE, "quick": True})
    with pytest.raises(BenchError, match="no full run"):
        page.write(tmp_path, tmp_path)


def test_the_documentation_has_the_marks(root: Path):
    """The page of this repository can be written."""
    text = (root / "docs" / page.PAGE).read_text(encoding="utf-8")
    assert text.index(page.BEGIN) < text.index(page.END)
