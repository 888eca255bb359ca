"""SummarizeTime: a question about time from its request, and rows as messages, page by page."""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onduty.v1 import history_service_pb2 as pb
from onduty_server.domain.model.errors import PageTokenInvalidError
from onduty_server.domain.model.intervals import IntervalLength
from onduty_server.domain.model.status import Direction, Instant, Micros
from onduty_server.engine.time_rows import TimePlace, TimeRow
from onduty_server.engine.time_sums import TimeQuestion
from onduty_server.past import Revision
from onduty_server.rpc.caller import Caller
from onduty_server.rpc.pages import cut
from onduty_server.rpc.servicers.backend import Backend
from onduty_server.wire.fields import Fields, quoted
from onduty_server.wire.history_fields import period, skill_groups, whose
from onduty_server.wire.primitives import duration, put

_ASKED_EACH_TIME: Final = ("page_size", "page_token", "at_least")
"""What does not make it another question."""

_ZONE_LENGTH: Final = 100

_IANA_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+)*")
"""A machine's directory of zones has more, under names in small letters: its own zone, and all zones with leap seconds."""


class TimeSummaries:
    """The behaviour of ``SummarizeTime``."""

    def __init__(self, backend: Backend) -> None:
        """Needs the running engine."""
        self._backend = backend
        self._engine = backend.engine

    async def summarize_time(self, caller: Caller, request: pb.SummarizeTimeRequest) -> pb.SummarizeTimeResponse:
        """A page of sums."""
        fields = Fields()
        size = fields.page_size("page_size", request.page_size)
        question, asked_end = self._question(fields, caller, request)
        fields.done()
        await self._backend.at_least(caller, request.at_least)
        text = _text_of(request)
        until, end, place = self._engine.head, Instant(min(asked_end, self._engine.clock.now())), TimePlace()
        if request.page_token:
            until, end, place = self._place(caller, request.page_token, text)
            await self._backend.refuse_after_erasure(caller, until)
        response = pb.SummarizeTimeResponse(position=caller.positions.token(until))
        put(end, response.ends_at)
        complete_from = await self._engine.journal.complete_from(caller.tenant)
        if complete_from is not None and complete_from > question.start:
            put(complete_from, response.complete_from)
            question = replace(question, start=complete_from)  # what was before is not whole
        if question.start < end:
            question = replace(question, end=end)
            rows, following = await self._engine.time_sums.page(question, place, until, size)
            messages, cut_short = cut((_message(row) for row in rows), size)
            response.staff.extend(messages)
            following = rows[len(messages) - 1].place if cut_short else following
            if following is not None:
                response.next_page_token = caller.positions.page_token(
                    text, u=until, e=end, n=following.staff_id, f=following.first, b=following.start
                )
        return response

    def _question(self, fields: Fields, caller: Caller, request: pb.SummarizeTimeRequest) -> tuple[TimeQuestion, Instant]:
        staff_ids, person_ids = whose(fields, request)
        start, end = period(fields, request)
        now = self._engine.clock.now()
        if start is None:
            fields.fault("starts_at", "is required")
        elif start >= now and not fields.faults:
            fields.fault("starts_at", "must be in the past")
        asked_end = now if end is None else end
        length = fields.enum("interval", request.interval, IntervalLength, default=IntervalLength.WHOLE)
        question = TimeQuestion(
            caller.tenant,
            staff_ids,
            person_ids,
            skill_groups(fields, "skill_groups", request.skill_groups),
            start or Instant(0),
            asked_end,
            length,
            _zone(fields, request.time_zone),
            caller.groups_seen,
        )
        return question, asked_end

    def _place(self, caller: Caller, token: str, text: str) -> tuple[Revision, Instant, TimePlace]:
        place = caller.positions.page_place(token, text)
        name, numbers = place.get("n"), [place.get(key) for key in "uefb"]
        until, end, first, start = (number if isinstance(number, int) and 0 <= number < 1 << 62 else -1 for number in numbers)
        if not isinstance(name, str) or min(until, end, first, start) < 0 or until > self._engine.head:
            raise PageTokenInvalidError
        return Revision(until), Instant(end), TimePlace(name, Revision(first), Instant(start))


def _text_of(request: pb.SummarizeTimeRequest) -> str:
    asked = pb.SummarizeTimeRequest()
    asked.CopyFrom(request)
    for name in _ASKED_EACH_TIME:
        asked.ClearField(name)
    return f"time {asked.SerializeToString(deterministic=True).hex()}"


def _zone(fields: Fields, name: str) -> tzinfo:
    if name in {"", "UTC"}:
        return UTC
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        if len(name) <= _ZONE_LENGTH and _IANA_NAME.fullmatch(name):
            return ZoneInfo(name)
    fault = f"{quoted(name[:_ZONE_LENGTH])} is not an IANA time zone known here; write one as Europe/Vienna or UTC"
    fields.fault("time_zone", fault)
    return UTC


def _message(row: TimeRow) -> pb.StaffTime:
    message = pb.StaffTime(
        staff_id=row.person.staff_id,
        person_id=row.person.person_id,
        display_name=row.display_name,
        times=[_status_time(*kind, time) for kind, time in sorted(row.times.items())],
        calls=_calls(row),
    )
    put(row.starts_at, message.starts_at)
    put(row.ends_at, message.ends_at)
    counts = row.counts
    if counts is not None:
        offers = {name: getattr(counts, name) for name in ("made", "accepted", "declined", "missed", "other")}
        if any(offers.values()):
            message.offers.CopyFrom(pb.OfferCounts(**offers))
    return message


def _status_time(status: Any, reason: str, time: int) -> pb.StatusTime:
    return pb.StatusTime(status=int(status), break_reason=reason, time=duration(Micros(time)))  # type: ignore[arg-type]


def _calls(row: TimeRow) -> list[pb.CallTime]:
    answered = (0, 0, 0, 0) if row.counts is None else row.counts.answered
    return [
        pb.CallTime(
            direction=int(direction),  # type: ignore[arg-type]
            calls_started=row.started.get(direction, 0),
            talk_time=duration(Micros(row.talks.get(direction, 0))),
            calls_answered=ended,
        )
        for direction, ended in zip(Direction, answered, strict=True)
        if ended or direction in row.talks
    ]
