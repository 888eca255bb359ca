"""The requests of a router and what their answers mean, shared by both kinds of router client. Pure: it sends nothing."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, overload

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.v1 import router_service_pb2 as pb
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction, Staff, StaffFilter
from onduty_client.error_map import error_of_item
from onduty_client.errors import OndutyError
from onduty_client.request_id import new_request_id

BATCH_MOST: Final = 1_000
PAGE_SIZE: Final = 1_000

Instant = datetime | Timestamp
"""An instant: a ``datetime`` with its zone, or protobuf's own."""


@dataclass(frozen=True, slots=True)
class StaffList:
    """Everybody that a filter matches, at one revision."""

    staff: tuple[Staff, ...]
    """By id."""
    position: str
    """The position that the list shows."""


@dataclass(frozen=True, slots=True)
class ReportResults(Sequence[pb.CallEventTaken | OndutyError]):
    """A result for each reported fact, in order: what was taken, or the error why not."""

    results: tuple[pb.CallEventTaken | OndutyError, ...]
    position: str
    """The store's position after the last fact."""

    def __len__(self) -> int:
        return len(self.results)

    @overload
    def __getitem__(self, index: int) -> pb.CallEventTaken | OndutyError: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[pb.CallEventTaken | OndutyError, ...]: ...
    def __getitem__(self, index: int | slice) -> pb.CallEventTaken | OndutyError | tuple[pb.CallEventTaken | OndutyError, ...]:
        return self.results[index]


def claim_request(
    call_id: str,
    *,
    staff_id: str | None,
    skill_group: str | None,
    ttl: float | None,
    direction: Direction,
    source: str,
    expected_revision: int,
    request_id: str,
) -> pb.ClaimStaffRequest:
    """A claim on the named staff member, or on the longest idle of the group.

    Raises:
        ValueError: Both are given, or ``ttl`` is not a length of time.
    """
    if staff_id is not None and skill_group is not None:
        raise ValueError("give staff_id or skill_group, not both")
    request = pb.ClaimStaffRequest(
        call_id=call_id, direction=direction, source=source, expected_revision=expected_revision, request_id=request_id
    )
    if staff_id is not None:
        request.staff_id = staff_id
    if skill_group is not None:
        request.skill_group = skill_group
    if ttl is not None:
        request.ttl.CopyFrom(_duration(ttl))
    return request


def call_started_request(
    staff_id: str,
    call_id: str,
    *,
    direction: Direction = DIRECTION_UNSPECIFIED,
    source: str,
    leg: str,
    occurred_at: Instant | None,
    on_hold: bool | None,
    answered: bool | None,
    expected_revision: int,
    request_id: str,
) -> pb.ReportCallStartedRequest:
    """The fact that a call is in progress.

    Raises:
        ValueError: ``occurred_at`` has no zone.
    """
    request = pb.ReportCallStartedRequest(
        staff_id=staff_id,
        call_id=call_id,
        direction=direction,
        source=source,
        leg=leg,
        occurred_at=_timestamp(occurred_at),
        expected_revision=expected_revision,
        request_id=request_id,
    )
    if on_hold is not None:
        request.on_hold = on_hold
    if answered is not None:
        request.answered = answered
    return request


def call_ended_request(
    staff_id: str,
    call_id: str,
    *,
    source: str,
    leg: str,
    occurred_at: Instant | None,
    answered: bool | None,
    expected_revision: int,
    request_id: str,
) -> pb.ReportCallEndedRequest:
    """The fact that a call ended.

    Raises:
        ValueError: ``occurred_at`` has no zone.
    """
    request = pb.ReportCallEndedRequest(
        staff_id=staff_id,
        call_id=call_id,
        source=source,
        leg=leg,
        occurred_at=_timestamp(occurred_at),
        expected_revision=expected_revision,
        request_id=request_id,
    )
    if answered is not None:
        request.answered = answered
    return request


def reconcile_request(
    source: str,
    calls: Sequence[pb.SourceCall],
    *,
    observed_at: Instant | None,
    observed_position: str,
    staff_ids: Sequence[str],
    request_id: str,
) -> pb.ReconcileCallsRequest:
    """All calls of a source, as of an instant or a position, of everybody or of these staff.

    Raises:
        ValueError: ``observed_at`` has no zone.
    """
    return pb.ReconcileCallsRequest(
        source=source,
        calls=calls,
        observed_at=_timestamp(observed_at, "observed_at"),
        observed_position=observed_position,
        staff_ids=staff_ids,
        request_id=request_id,
    )


def report_requests(events: Sequence[pb.CallEvent], request_id: str) -> Iterator[pb.ReportCallEventsRequest]:
    """The requests that report the facts, each with an id of its own made from ``request_id``, or from a new one."""
    base = request_id or new_request_id()
    for number, start in enumerate(range(0, max(len(events), 1), BATCH_MOST), start=1):
        part = events[start : start + BATCH_MOST]
        yield pb.ReportCallEventsRequest(events=part, request_id=base if number == 1 else f"{base}/{number}")


def report_results(
    request: pb.ReportCallEventsRequest, response: pb.ReportCallEventsResponse
) -> Iterator[pb.CallEventTaken | OndutyError]:
    """The results of one request's facts."""
    for event, result in zip(request.events, response.results, strict=False):
        if result.HasField("error"):
            told = event.started if event.HasField("started") else event.ended
            yield error_of_item(result.error, request_id=told.request_id or request.request_id)
        else:
            yield result.taken


def list_request(staff_filter: StaffFilter | None, *, page_token: str, at_least: str) -> pb.ListStaffRequest:
    """One page of everybody; only the first page waits for ``at_least``."""
    return pb.ListStaffRequest(
        filter=staff_filter, page_size=PAGE_SIZE, page_token=page_token, at_least="" if page_token else at_least
    )


def _duration(seconds: float) -> Duration:
    if not math.isfinite(seconds):
        raise ValueError(f"ttl must be a number of seconds, not {seconds}")
    length = Duration()
    length.FromNanoseconds(round(seconds * 1e9))
    return length


def _timestamp(instant: Instant | None, name: str = "occurred_at") -> Timestamp | None:
    if not isinstance(instant, datetime):
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"{name} must have a zone, as datetime.now(tz=UTC) has")
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp
