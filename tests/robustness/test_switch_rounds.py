"""A few seconds of simulated switches against a real server, as ``make switch-rounds`` plays them for longer."""

from pathlib import Path

import pytest
from robustness.switch_round import Plan, play
from running_server import running_server

SECONDS = 20


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_server_says_who_talks(journal_path: Path):
    """Facts that come late, twice and shuffled, beside stale lists, leave exactly those in line who talk."""
    with running_server(journal_path) as server:
        outcome = await play(server.address, Plan(seed=1, seconds=SECONDS))
    assert outcome.wrong == []
    assert outcome.counts["facts"] > 10 * SECONDS
    assert outcome.counts["people in calls at rest"] > 10
