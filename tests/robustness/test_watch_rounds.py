"""A few seconds of watches under load, restarts, kills and forgetting; and the rounds notice what they are there for."""

import sqlite3
from pathlib import Path

from robustness.watch_round import Ending, Plan, WatchTest

from onduty_server.adapters.checksums import checksum
from onduty_server.adapters.sqlite.erasure_queries import SEAL

LEAST_CHANGES = 60


async def test_every_guarantee_of_the_watch_holds_under_load_restarts_and_forgetting(journal_path: Path) -> None:
    """Whatever the filter, delivery, pace and end of a watch: what it was told is what happened."""
    plan = Plan(
        seed=5,
        per_second=120,
        watchers=8,
        processes=1,
        round_seconds=(1.0, 1.6),
        retention_seconds=3600,
        least_changes=LEAST_CHANGES,
    )
    async with WatchTest.on(journal_path, plan) as test:
        await test.round(0, Ending.KILL)
        await test.forget()
        await test.round(1, Ending.TERM)
        await test.finish()
    assert not test.findings, "\n".join(map(str, test.findings[:10]))
    assert test.tally.changes >= 2 * LEAST_CHANGES
    assert test.tally.resumed > 10
    assert test.tally.told > test.tally.changes


async def test_the_rounds_notice_a_change_that_was_altered_in_the_file(journal_path: Path) -> None:
    """A history that is not what was shown is a finding: a run without any means something."""
    plan = Plan(seed=6, per_second=60, watchers=2, processes=0, round_seconds=(0.5, 0.5), retention_seconds=3600)
    async with WatchTest.on(journal_path, plan) as test:
        await test.round(0, Ending.QUIET)
        await test._floor.stop()
        with sqlite3.connect(journal_path) as connection:
            connection.execute(
                "DELETE FROM journal WHERE revision = (SELECT min(revision) FROM journal WHERE revision > ?)",
                (test.truth.revisions[len(test.truth.revisions) // 2],),
            )
            connection.execute("UPDATE journal SET change = x'' WHERE revision = ?", (test.truth.revisions[-1],))
            connection.create_function("record_checksum", 9, checksum)
            connection.execute(SEAL, {"revision": test.truth.revisions[-1]})
        connection.close()
        await test._floor.start()
        await test.finish()
    assert {one.guarantee for one in test.findings} == {"durable"}
