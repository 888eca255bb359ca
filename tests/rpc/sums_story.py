"""Made-up stories of people, and what sums of them must be: added up from every change and the states that it led to.

It knows nothing of how the server adds up: a person's time is a line of changes, and each question goes along all of it.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from fake_clock import FakeClock
from google.protobuf.timestamp_pb2 import Timestamp
from rpc_world import AVAILABLE, BUSY, OFFLINE, ON_BREAK, Client, grpc

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace

NAMES = ("ana", "ben", "chi")
GROUPS = ("cards", "loans")
CALLS = ("x", "y", "z")
ANSWERED_CALL = "y"
"""Of this one telephony says at its end that it was answered; of the others it says nothing."""
SOURCES = ("", "pbx", "cloud")
LENGTHS = (0.000001, 1.5, 25.0, 700.0, 5_000.0, 40_000.0)
EXPECTED = {grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.ALREADY_EXISTS}

GRID = 900_000_000
"""A quarter of an hour: every boundary of an interval, in any zone, is at a multiple of it."""


# --- what happens -----------------------------------------------------------------------------------------------------


class Story:
    """People whose groups, calls and lives change at random; refusals are part of it."""

    def __init__(self, client: Client, clock: FakeClock, chance: random.Random) -> None:
        """Nobody is there."""
        self._client = client
        self._clock = clock
        self._chance = chance
        self._claims: dict[str, str] = {}

    async def begin(self) -> None:
        """The tenant's configuration and the people."""
        for reason in ("lunch", "tea"):
            await self._client.break_reason(reason, limit_seconds=self._chance.choice([0, 600]))
        await self._client.policy(max_call_age={"seconds": self._chance.choice([600, 14_400])}, retention={"seconds": 86_400})
        for name in NAMES[:2]:
            await self._client.create(name, *self._groups())

    async def go_on(self, steps: int) -> None:
        """So many things happen, each at an instant of its own, unless the clock is set back."""
        for _ in range(steps):
            self._clock.move(self._chance.choice(LENGTHS) * self._chance.choice([1, 0.37]) + 0.000001)
            if self._chance.random() < 0.03:
                self._clock.move(-self._chance.choice([1.0, 400.0]))
            deed = self._chance.choice(_DEEDS)
            await deed(self, self._chance.choice(NAMES))

    async def _try(self, request) -> object | None:
        try:
            return await self._client.ask(request)
        except grpc.aio.AioRpcError as error:
            if error.code() not in EXPECTED:
                raise
            return None

    def _groups(self) -> list[str]:
        return self._chance.sample(GROUPS, self._chance.randrange(3))

    def _call(self, name: str) -> dict:
        chance = self._chance
        return {"staff_id": name, "call_id": chance.choice(CALLS), "source": chance.choice(SOURCES)}

    def _leg(self) -> str:
        return self._chance.choice(["", "", "1", "2"])

    def _choice(self) -> dict:
        status = self._chance.choice([AVAILABLE, AVAILABLE, BUSY, OFFLINE, ON_BREAK])
        return {"status": status, "break_reason": self._chance.choice(["lunch", "tea"]) if status == ON_BREAK else ""}

    async def _choose(self, name: str) -> None:
        await self._try(workspace.ChangeStatusRequest(staff_id=name, choice=self._choice()))

    async def _start(self, name: str) -> None:
        said = {"answered": True} if self._chance.random() < 0.2 else {}
        direction = self._chance.randrange(5)
        await self._try(router.ReportCallStartedRequest(**self._call(name), leg=self._leg(), direction=direction, **said))

    async def _end(self, name: str) -> None:
        call = self._call(name)
        said = {"answered": True} if call["call_id"] == ANSWERED_CALL else {}
        await self._try(router.ReportCallEndedRequest(**call, leg=self._leg(), **said))

    async def _list(self, name: str) -> None:
        call = self._call(name)
        source = call.pop("source") or "pbx"
        legs = self._chance.choice([("",), ("1", "2")])
        calls = [{**call, "leg": leg, "direction": self._chance.randrange(5)} for leg in legs]
        await self._try(router.ReconcileCallsRequest(source=source, calls=calls))

    async def _place(self, name: str) -> None:
        await self._try(workspace.PlaceCallRequest(staff_id=name, call_id=self._chance.choice(CALLS)))

    async def _claim(self, name: str) -> None:
        call = self._call(name)
        call["named"] = {"staff_id": call.pop("staff_id")}
        claimed = await self._try(router.ClaimStaffRequest(**call, direction=self._chance.randrange(5)))
        if claimed is not None:
            self._claims[name] = (await self._client.get(name)).offer.claim_id

    async def _answer(self, name: str) -> None:
        claim_id = self._claims.get(name)
        if not claim_id:
            return
        kind = self._chance.choice([workspace.AcceptOfferRequest, workspace.AcceptOfferRequest, workspace.DeclineOfferRequest])
        await self._try(kind(staff_id=name, claim_id=claim_id))

    async def _withdraw(self, name: str) -> None:
        if claim_id := self._claims.get(name):
            await self._try(router.WithdrawClaimRequest(claim_id=claim_id))

    async def _regroup(self, name: str) -> None:
        groups = [{"name": group} for group in self._groups()]
        mask = {"paths": ["skill_groups"]}
        await self._try(admin.UpdateStaffRequest(staff_id=name, skill_groups=groups, update_mask=mask))

    async def _force(self, name: str) -> None:
        immediately = self._chance.random() < 0.5
        await self._try(supervisor.ForceStatusRequest(staff_id=name, choice=self._choice(), note="n", immediately=immediately))

    async def _reset(self, name: str) -> None:
        await self._try(supervisor.ResetStaffRequest(staff_id=name))

    async def _leave(self, name: str) -> None:
        offline = {"status": OFFLINE}
        await self._try(supervisor.ForceStatusRequest(staff_id=name, choice=offline, note="n", immediately=True))
        await self._try(admin.DeleteStaffRequest(staff_id=name))

    async def _come(self, name: str) -> None:
        groups = [{"name": group} for group in self._groups()]
        await self._try(admin.CreateStaffRequest(staff_id=name, skill_groups=groups))
        await self._try(workspace.ChangeStatusRequest(staff_id=name, choice={"status": AVAILABLE}))


_DEEDS = (
    *[Story._choose] * 4,
    *[Story._start] * 4,
    *[Story._end] * 3,
    *[Story._claim] * 3,
    *[Story._answer] * 3,
    *[Story._regroup] * 3,
    *[Story._come] * 2,
    *[Story._list] * 2,
    Story._place,
    Story._withdraw,
    Story._force,
    Story._reset,
    Story._leave,
)


# --- what the sums must be --------------------------------------------------------------------------------------------


@dataclass
class Row:
    """What one person did in one interval."""

    times: Counter = field(default_factory=Counter)
    talks: Counter = field(default_factory=Counter)
    started: Counter = field(default_factory=Counter)
    answered: Counter = field(default_factory=Counter)
    offers: Counter = field(default_factory=Counter)

    def is_empty(self) -> bool:
        """Whether nothing was done and no time passed."""
        return not any(any(one.values()) for one in (self.times, self.talks, self.started, self.answered, self.offers))


Rows = dict[tuple[str, str, int, int], Row]
"""By staff id, person, and the interval's start and end."""


def rows_of(staff: Iterable[pb.StaffTime]) -> Rows:
    """An answer's rows."""
    rows: Rows = {}
    for one in staff:
        row = Row()
        row.times.update({(time.status, time.break_reason): time.time.ToMicroseconds() for time in one.times})
        for call in one.calls:
            row.talks[call.direction] += call.talk_time.ToMicroseconds()
            row.started[call.direction] += call.calls_started
            row.answered[call.direction] += call.calls_answered
        row.offers.update({name.name: count for name, count in one.offers.ListFields()})
        key = (one.staff_id, one.person_id, one.starts_at.ToMicroseconds(), one.ends_at.ToMicroseconds())
        assert key not in rows, f"a row comes twice: {key}"
        rows[key] = row
    return rows


def bounds_of(start: int, end: int, interval: int, zone: str) -> list[int]:
    """Where intervals begin and end: where the zone's clock shows another interval than just before, or is changed."""
    grid = range(-(-start // GRID) * GRID, end, GRID) if interval else ()
    inner = [at for at in grid if start < at and _shown(at, interval, zone) != _shown(at - 1, interval, zone)]
    return [start, *inner, end]


def _shown(at: int, interval: int, zone: str) -> object:
    local = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))
    if interval == pb.INTERVAL_DAY:
        return local.date()
    minutes = {pb.INTERVAL_QUARTER_HOUR: 15, pb.INTERVAL_HALF_HOUR: 30, pb.INTERVAL_HOUR: 60}[interval]
    return local.date(), (local.hour * 60 + local.minute) // minutes, local.utcoffset()


@dataclass(frozen=True)
class Span:
    """Something that lasted, up to but without its end."""

    since: int
    until: int


@dataclass(frozen=True)
class TalkSpan(Span):
    """A call: its direction as it was last known, the change that ended it, and whether it had been answered then."""

    direction: int
    ended_by: int = 0
    is_answered: bool = False


class Life:
    """One person, from every change that there was up to a revision."""

    def __init__(self, changes: Sequence[staff_pb2.StaffChange], end: int) -> None:
        """``changes`` are one person's, oldest first; what goes on lasts to ``end``."""
        self.name = changes[0].staff.staff_id
        self.person_id = changes[0].transition.person_id
        self._changes = changes
        self._end = end
        self._is_gone = changes[-1].transition.kind == staff_pb2.TRANSITION_KIND_DELETED
        self._talks = list(self._calls())

    def row(self, bounds: Span, groups: Sequence[str]) -> Row:
        """What was done in an interval by a member of any of these groups, or at all where there are none."""
        row = Row()
        for change, stay in self._stays():
            if self._counts(change, groups):
                kind = (change.transition.status, change.transition.break_reason)
                row.times[kind] += _overlap(stay, bounds)
                for talk in self._talks:
                    part = replace(talk, since=max(stay.since, talk.since), until=min(stay.until, talk.until))
                    row.talks[talk.direction] += _overlap(part, bounds)
                    row.started[talk.direction] += _has(bounds, talk.since) and _has(stay, talk.since)
        for before, change in pairwise((self._changes[0], *self._changes)):
            if self._counts(before, groups) and _has(bounds, _at(change)):
                row.offers.update(_offers(before, change))
                ended = [talk for talk in self._talks if talk.ended_by == change.staff.revision]
                row.answered.update(talk.direction for talk in ended if talk.is_answered)
        return row

    def _stays(self) -> Iterator[tuple[staff_pb2.StaffChange, Span]]:
        """From each change to the next."""
        for change, following in pairwise((*self._changes, None)):
            if following is not None or not self._is_gone:
                yield change, Span(_at(change), self._end if following is None else _at(following))

    @staticmethod
    def _counts(change: staff_pb2.StaffChange, groups: Sequence[str]) -> bool:
        return not groups or not {group.name for group in change.staff.skill_groups}.isdisjoint(groups)

    def _calls(self) -> Iterator[TalkSpan]:
        running: list[staff_pb2.Call] = []
        for change in self._changes:
            calls = [] if change.transition.kind == staff_pb2.TRANSITION_KIND_DELETED else list(change.staff.calls)
            for call in running:
                if not any(is_same_call(call, one) for one in calls):
                    said = change.transition.cause == staff_pb2.CAUSE_CALL_ENDED and call.call_id == ANSWERED_CALL
                    span = _micros(call.started_at), _at(change)
                    yield TalkSpan(*span, call.direction, change.staff.revision, said or call.answered)
            running = calls
        for call in running:
            yield TalkSpan(_micros(call.started_at), max(self._end, _micros(call.started_at)), call.direction)


def wanted_rows(
    changes: Sequence[staff_pb2.StaffChange], bounds: Sequence[int], groups: Sequence[str], staff_ids: Sequence[str] = ()
) -> Rows:
    """What the sums must be, from every change up to a revision."""
    persons: dict[str, list[staff_pb2.StaffChange]] = {}
    for change in changes:
        persons.setdefault(change.transition.person_id, []).append(change)
    lives = [Life(own, bounds[-1]) for own in persons.values()]
    bearers = {life.name: life.person_id for life in lives}
    rows: Rows = {}
    for life in sorted(lives, key=lambda life: life.name):  # of one id, in the order in which they came
        if staff_ids and (life.name not in staff_ids or bearers[life.name] != life.person_id):
            continue
        for starts, ends in pairwise(bounds):
            row = life.row(Span(starts, ends), groups)
            if not row.is_empty():
                rows[life.name, life.person_id, starts, ends] = row
    return rows


def is_same_call(one: staff_pb2.Call, other: staff_pb2.Call) -> bool:
    """Whether two are one call, of which more may have become known. What begins at one instant begins knowing its leg."""
    sources = one.source == other.source or not one.source or not other.source
    legs = one.leg == other.leg or not one.leg or not other.leg
    return (one.call_id, one.started_at) == (other.call_id, other.started_at) and sources and legs


def _offers(before: staff_pb2.StaffChange, change: staff_pb2.StaffChange) -> Counter:
    offers: Counter = Counter()
    offers["made"] += change.staff.offer.claim_id not in ("", before.staff.offer.claim_id)
    if change.transition.HasField("ended_offer"):
        names = {
            staff_pb2.OFFER_END_ACCEPTED: "accepted",
            staff_pb2.OFFER_END_DECLINED: "declined",
            staff_pb2.OFFER_END_EXPIRED: "missed",
        }
        offers[names.get(change.transition.ended_offer.end, "other")] += 1
    return offers


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.until, other.until) - max(one.since, other.since))


def _has(span: Span, at: int) -> bool:
    return span.since <= at < span.until


def _at(change: staff_pb2.StaffChange) -> int:
    return _micros(change.transition.changed_at)


def _micros(stamp: Timestamp) -> int:
    return stamp.ToMicroseconds()
