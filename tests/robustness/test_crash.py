"""A real server is killed under load and started again on the same file; and the checks notice what they are there for."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from robustness.crash_ledger import Kind
from robustness.crash_requests import Attempt
from robustness.crash_round import LEAST_ACKNOWLEDGED, CrashTest

ROUNDS = 8


async def test_no_acknowledged_change_is_lost_doubled_or_renumbered_by_kills(journal_path: Path) -> None:
    """Every answer given before a SIGKILL holds after it, retries have one effect, and watches resume without a gap."""
    async with CrashTest.on(journal_path, seed=7) as test:
        for number in range(ROUNDS):
            await test.round(number)
    assert not test.ledger.faults, "\n".join(test.ledger.faults[:10])
    assert test.ledger.tally.kills == ROUNDS
    assert test.ledger.tally.acknowledged > LEAST_ACKNOWLEDGED * ROUNDS
    assert test.ledger.tally.unacknowledged > 0


def _forget_the_last_changes(journal: Path, attempts: Sequence[Attempt]) -> None:
    """From the last one that was acknowledged; those after it may have been on their way.

    The note of what was acknowledged goes too, or else the server would not start.
    """
    acknowledged = max(promise.revision for attempt in attempts for promise in attempt.promises())
    with sqlite3.connect(journal) as connection:
        connection.execute("DELETE FROM journal WHERE revision >= ?", (acknowledged,))
    connection.close()
    journal.with_name(f"{journal.name}.lock").unlink()


def _forget_the_answers(journal: Path, _attempts: Sequence[Attempt]) -> None:
    with sqlite3.connect(journal) as connection:
        connection.execute("DELETE FROM answers")
    connection.close()


async def test_the_checks_notice_lost_changes(journal_path: Path) -> None:
    """If the last changes vanish while the server is down, the checks say so: a report without faults means something."""
    async with CrashTest.on(journal_path, seed=8) as test:
        await test.round(0, while_down=_forget_the_last_changes)
    assert test.ledger.counts[Kind.LOST] > 0


async def test_the_checks_notice_effects_that_come_twice(journal_path: Path) -> None:
    """If the kept answers vanish while the server is down, retries are new requests, and the checks say so."""
    async with CrashTest.on(journal_path, seed=9) as test:
        await test.round(0, while_down=_forget_the_answers)
    assert test.ledger.counts[Kind.DUPLICATED] > 0
