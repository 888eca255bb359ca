"""A pytest plugin: tests marked ``slow`` wait for ``--slow``, and what was not run is told in one line for each reason."""

from collections import Counter
from typing import Final

import pytest

UNTIL_ASKED: Final = "takes long, and not everybody needs it before a commit (make test-all)"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that leaves them out: whoever names a test gets it."""
    parser.addoption("--no-slow", action="store_true", help="leave out the tests that are marked slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip them before any of their fixtures is made."""
    if config.getoption("--no-slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason=UNTIL_ASKED))


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in the words of whoever skipped it."""
    told = report.longrepr
    return str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many were skipped for each reason, the commonest first."""
    counts = Counter(map(reason, terminalreporter.stats.get("skipped", ())))
    if counts:
        terminalreporter.section("skipped")
        for why, count in counts.most_common():
            terminalreporter.write_line(f"{count} skipped: {why}")
