"""An engine for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from engine_floor import Floor, opened
from fake_clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
async def floor(journal_path: Path, clock: FakeClock) -> AsyncIterator[Floor]:
    """A started engine on a new journal."""
    async with opened(journal_path, clock) as running:
        yield running
