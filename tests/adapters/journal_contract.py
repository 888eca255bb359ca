"""The journal's promises (ports) as one suite of tests, held against every adapter.

An adapter's test module defines a fixture ``journal_factory`` that gives a fresh ``JournalFactory`` for each test, and a
class::

    class TestSqliteJournal(JournalContract):
        gaps = {"test_name": "why this adapter does not keep it"}

A gap is declared there, with its reason, and fails the run when it has closed.
"""

from collections.abc import AsyncIterator, Mapping

import pytest
from adapters.contract_appending import AppendingContract
from adapters.contract_erasing import ErasingContract
from adapters.contract_forgetting import ForgettingContract
from adapters.contract_history import HistoryContract
from adapters.contract_model import ModelContract
from adapters.contract_reading import ReadingContract
from adapters.contract_sums import SumsContract
from adapters.journal_entries import JournalFactory

from onduty_server.ports import Journal

__all__ = ["JournalContract", "JournalFactory"]


class JournalContract(
    AppendingContract, ReadingContract, HistoryContract, SumsContract, ForgettingContract, ErasingContract, ModelContract
):
    """All of it."""

    gaps: Mapping[str, str] = {}

    @pytest.fixture(autouse=True)
    def _declared_gap(self, request: pytest.FixtureRequest) -> None:
        if reason := self.gaps.get(request.function.__name__):
            request.applymarker(pytest.mark.xfail(reason=reason, strict=True))

    @pytest.fixture
    async def journal(self, journal_factory: JournalFactory) -> AsyncIterator[Journal]:
        """The storage, open."""
        journal = await journal_factory.open()
        yield journal
        await journal.close()
