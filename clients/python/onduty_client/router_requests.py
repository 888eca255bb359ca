"""The requests of a router and what their answers mean, shared by both kinds of router client. Pure: it sends nothing."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, overload

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from onduty.v1 import router_service_pb2 as pb
from onduty.v1.batch_pb2 import ItemTaken
from onduty.v1.staff_pb2 import DIRECTION_UNSPECIFIED, Direction, Staff, StaffFilter
from onduty_client.error_map import error_of_item
from onduty_client.errors import OndutyError
from onduty_client.options import PAGE_SIZE
from onduty_client.request_id import new_request_id

BATCH_MOST: Final = 1_000

Instant = datetime | Timestamp
"""An instant: a ``datetime`` with its zone, or protobuf's own."""

SkillGroups = str | pb.SkillGroupLevel | Iterable[str | pb.SkillGroupLevel]
"""One skill group or several; by name alone where any level will do."""


@dataclass(frozen=True, slots=True)
class StaffList:
    """Everybody that a filter matches, and a position after which a watch misses nothing."""

    staff: tuple[Staff, ...]
    """By id."""
    position: str
    """The position that the list shows."""


@dataclass(frozen=True, slots=True)
class ReportResults(Sequence[ItemTaken | OndutyError]):
    """A result for each reported fact, in order: what was taken, or the error why not."""

    results: tuple[ItemTaken | OndutyError, ...]
    position: str
    """The store's position after the last fact."""

    def __len__(self) -> int:
        return len(self.results)

    @overload
    def __getitem__(self, index: int) -> ItemTaken | OndutyError: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ItemTaken | OndutyError, ...]: ...
    def __getitem__(self, index: int | slice) -> ItemTaken | OndutyError | tuple[ItemTaken | OndutyError, ...]:
        return self.results[index]


def named_claim(call_id: str, staff_id: str, expected_revision: int | None) -> pb.ClaimStaffRequest:
    """A claim on the named staff member."""
    return pb.ClaimStaffRequest(call_id=call_id, named=pb.NamedStaff(staff_id=staff_id, expected_revision=expected_revision))


def candidates_claim(call_id: str, staff_ids: Iterable[str]) -> pb.ClaimStaffRequest:
    """A claim on the first of these who can be given the call.

    Raises:
        TypeError: It is one text instead of several.
    """
    if isinstance(staff_ids, str):
        raise TypeError("staff_ids must be several ids, not one text")
    return pb.ClaimStaffRequest(call_id=call_id, candidates=pb.Candidates(staff_ids=staff_ids))


def member_claim(
    call_id: str,
    skill_groups: SkillGroups,
    *,
    required_groups: SkillGroups,
    exclude_staff_ids: Iterable[str],
    order: pb.ClaimOrder,
) -> pb.ClaimStaffRequest:
    """A claim on a member of skill groups.

    Raises:
        TypeError: ``exclude_staff_ids`` is one text instead of several.
    """
    if isinstance(exclude_staff_ids, str):
        raise TypeError("exclude_staff_ids must be several ids, not one text")
    member = pb.GroupMember(
        skill_groups=_group_levels(skill_groups),
        required_groups=_group_levels(required_groups),
        exclude_staff_ids=exclude_staff_ids,
        order=order,
    )
    return pb.ClaimStaffRequest(call_id=call_id, group_member=member)


def completed_claim(
    request: pb.ClaimStaffRequest, *, ttl: float | None, direction: Direction, source: str, another_offer: bool, request_id: str
) -> pb.ClaimStaffRequest:
    """The claim with what all claims can say.

    Raises:
        ValueError: ``ttl`` is not a length of time.
    """
    request.direction, request.source = direction, source
    request.another_offer, request.request_id = another_offer, request_id
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
    expected_revision: int | None,
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
    expected_revision: int | None,
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
) -> Iterator[ItemTaken | OndutyError]:
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


def _group_levels(groups: SkillGroups) -> Iterator[pb.SkillGroupLevel]:
    for group in [groups] if isinstance(groups, str | pb.SkillGroupLevel) else groups:
        yield pb.SkillGroupLevel(name=group) if isinstance(group, str) else group


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
