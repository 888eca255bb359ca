"""Adds the stages of a batch to the traces of its requests, where there are any."""

from collections.abc import Sequence

from onduty_server.domain.model.status import Instant
from onduty_server.engine.write.jobs import Job
from onduty_server.tracing import RequestTrace


class BatchTraces:
    """The traces of those whose jobs are in one batch, each once."""

    __slots__ = ("_traces",)

    def __init__(self, jobs: Sequence[Job]) -> None:
        """Mostly there is none."""
        self._traces: dict[RequestTrace, None] = {
            group.trace: None for job in jobs for group in job.groups if group.trace is not None
        }

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._traces)

    def reached(self, stage: str, at: Instant) -> None:
        """All of them have passed a stage."""
        for trace in self._traces:
            trace.reached(stage, at)
