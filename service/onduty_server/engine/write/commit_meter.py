"""Meters the committer: how long jobs wait, how large batches are, how long appends take, and what changed why."""

from collections.abc import Awaitable, Sequence
from typing import Final

from onduty_server.domain.model.status import SECOND, Cause
from onduty_server.domain.rules.deadlines import DeadlineKind
from onduty_server.engine.write.batch import Batch
from onduty_server.engine.write.jobs import Job, JobGroup
from onduty_server.metering import UNMETERED, Meter
from onduty_server.ports import Revision


class CommitMeter:
    """The committer's series. Where nobody looks it does nothing."""

    def __init__(self, meter: Meter) -> None:
        """Nothing was committed yet."""
        self._is_on: Final = meter is not UNMETERED
        self._now = meter.now
        self._own = meter.distribution("onduty_queue_seconds", "own")
        self._callers = meter.distribution("onduty_queue_seconds", "callers")
        self._batch_jobs = meter.distribution("onduty_batch_jobs")
        self._batch_records = meter.distribution("onduty_batch_records")
        self._seconds = meter.distribution("onduty_journal_commit_seconds")
        self._changes = {cause: meter.counter("onduty_changes_total", cause.name) for cause in Cause}
        self._lateness = {kind: meter.distribution("onduty_deadline_lateness_seconds", kind.name) for kind in DeadlineKind}

    def taken(self, jobs: Sequence[Job]) -> None:
        """Jobs are to be decided in one batch. Those that one request asked for count once."""
        if not self._is_on:
            return
        now, last_group = self._now(), None
        self._batch_jobs.observe(len(jobs))
        for job in jobs:
            group: JobGroup = job.groups[0]
            if group is not last_group:
                last_group = group
                (self._own if group.is_own else self._callers).observe(now - group.entered_at)

    async def timed(self, append: Awaitable[list[Revision]]) -> list[Revision]:
        """The outcome of an append, which takes as long as it takes."""
        began_at = self._now()
        revisions = await append
        self._seconds.observe(self._now() - began_at)
        return revisions

    def applied(self, batch: Batch) -> None:
        """A batch is durable and shown."""
        if not self._is_on:
            return
        self._batch_records.observe(len(batch.pending))
        for pending in batch.pending:
            cause = pending.entry.facets.cause
            if cause is not None:
                self._changes[cause].add()
        for kind, lateness in batch.fired:
            self._lateness[kind].observe(lateness / SECOND)
