"""The page of field reports has every report once, and what it names to hold a row to exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
SCENARIOS = TESTS / "conformance" / "scenarios"
REPORTS = 75
KINDS = {"ok", "by decision"}
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


class Row(NamedTuple):
    """A row of the page."""

    number: int
    kind: str
    tests: tuple[tuple[str, str], ...]


def rows() -> list[Row]:
    """Every row, in the page's order."""
    page = (ROOT / "docs" / "field-reports.md").read_text(encoding="utf-8")
    return [
        Row(int(number), kind, tuple(re.findall(r"`([^`]+?)::([^`]+)`", tests)))
        for number, _reported, kind, _does, tests in ROW.findall(page)
    ]


def named() -> Iterator[tuple[str, str]]:
    """File and name of everything that holds a row."""
    return (test for row in rows() for test in row.tests)


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests or scenarios of a file as the page names it."""
    if file.endswith(".yaml"):
        read = yaml.safe_load((SCENARIOS / file).read_text(encoding="utf-8"))
        return frozenset(scenario["name"] for scenario in read["scenarios"])
    path = ROOT / file if file.startswith("clients/") else TESTS / file
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(one.name for one in found if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_report_has_one_row_in_order():
    """The numbers go from 1 without a gap."""
    assert [row.number for row in rows()] == list(range(1, REPORTS + 1))


def test_every_row_says_one_of_two_things():
    """It is right, or decided otherwise."""
    assert {row.kind for row in rows()} == KINDS


def test_every_row_is_held_by_a_test():
    """What is right and what is decided alike."""
    assert [row.number for row in rows() if not row.tests] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(named())))
def test_what_holds_a_row_exists(file: str, name: str):
    """The file has a test, or a scenario, of that name."""
    assert name in names_in(file)
