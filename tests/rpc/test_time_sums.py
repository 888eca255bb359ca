"""Sums of what staff did: exact, by person and interval, in pages of one revision."""

import asyncio
import base64
import json
import random
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fake_clock import FakeClock
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from rpc_world import AFTER_CALL_WORK, AVAILABLE, BUSY, IN_LINE, OFFLINE, ON_BREAK, Client, World

from onduty.v1 import admin_service_pb2 as admin
from onduty.v1 import history_service_pb2 as pb
from onduty.v1 import router_service_pb2 as router
from onduty.v1 import staff_pb2
from onduty.v1 import supervisor_service_pb2 as supervisor
from onduty.v1 import workspace_service_pb2 as workspace
from onduty_server.engine import time_sums

DAY = 24 * 3600
OUTBOUND = staff_pb2.DIRECTION_OUTBOUND


def at(clock: FakeClock, seconds: float = 0) -> Timestamp:
    """The clock's instant, so many seconds later."""
    stamp = Timestamp()
    stamp.FromMicroseconds(clock.now() + round(seconds * 1_000_000))
    return stamp


Times = dict[tuple[int, str], float]


def seconds_of(length: Duration) -> float:
    return length.ToMicroseconds() / 1_000_000


async def summed(client: Client, start: Timestamp, end: Timestamp | None = None, **fields) -> dict[str, Times]:
    """Staff to status and reason to seconds."""
    told = await client.ask(pb.SummarizeTimeRequest(starts_at=start, ends_at=end, **fields))
    assert [one.staff_id for one in told.staff] == sorted(one.staff_id for one in told.staff)
    return {one.staff_id: {(time.status, time.break_reason): seconds_of(time.time) for time in one.times} for one in told.staff}


async def day(client: Client, clock: FakeClock, staff_id: str = "ana") -> list[tuple[float, int, str]]:
    """A day of changes; the stays in each status, in order, the last one open."""
    await client.create(staff_id, "cards")
    stays: list[tuple[float, int, str]] = []

    def stay(seconds: float, status: int, reason: str = "") -> None:
        clock.move(seconds)
        stays.append((seconds, status, reason))

    stay(10, OFFLINE)
    await client.change(staff_id, AVAILABLE)
    stay(20.5, AVAILABLE)
    await client.change(staff_id, ON_BREAK, "lunch")
    stay(30, ON_BREAK, "lunch")
    await client.change(staff_id, ON_BREAK, "rest")
    stay(0.000001, ON_BREAK, "rest")
    await client.change(staff_id, BUSY)
    stay(5, BUSY)
    await client.started(staff_id, "c1")
    clock.move(3)
    await client.started(staff_id, "c2")
    clock.move(4)
    await client.ended(staff_id, "c1")
    clock.move(1)
    await client.ended(staff_id, "c2")
    stays.append((8, IN_LINE, ""))
    stay(12, AFTER_CALL_WORK)
    await client.ask(workspace.BackToReceptionRequest(staff_id=staff_id))
    stay(13.25, AVAILABLE)
    return stays


def clipped(stays: list[tuple[float, int, str]], start: float, end: float) -> Times:
    """What the sums must be within an interval, in seconds from the first stay's beginning."""
    sums: Times = {}
    begin = 0.0
    for seconds, status, reason in stays:
        inside = min(begin + seconds, end) - max(begin, start)
        if inside > 0:
            sums[status, reason] = round(sums.get((status, reason), 0) + inside, 6)
        begin += seconds
    return sums


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, None),
        (-1_000, None),
        (5, 15),
        (15, 16),
        (30.5, 60.5),
        (60.5, 60.500001),
        (60, 61),
        (62.25, 70.75),
        (66, 9_000),
        (90, 95),
        (0, 98.750001),
        (-100, -50),
    ],
)
async def test_sums_are_exact(timed: World, clock: FakeClock, start: float, end: float | None):
    """Clipped to the interval at both ends, the present status up to now, break reasons apart, to the microsecond."""
    client = timed.client
    await client.break_reason("lunch")
    await client.break_reason("rest")
    begun = Timestamp()
    begun.FromMicroseconds(clock.now())
    stays = await day(client, clock)

    def instant(seconds: float) -> Timestamp:
        stamp = Timestamp()
        stamp.FromMicroseconds(begun.ToMicroseconds() + round(seconds * 1_000_000))
        return stamp

    told = await summed(client, instant(start), None if end is None else instant(end))
    wanted = clipped(stays, start, 1e9 if end is None else end)
    assert told == ({"ana": wanted} if wanted else {})


async def test_sums_count_calls_that_began_within(timed: World, clock: FakeClock):
    """Calls by the instant at which they began, the start included and the end not."""
    client = timed.client
    await client.create_available("ana")
    begin = at(clock)
    starts = []
    for number in range(3):
        starts.append(at(clock))
        await client.started("ana", f"c{number}")
        clock.move(10)

    async def calls(start: Timestamp, end: Timestamp | None = None) -> int:
        told = await client.ask(pb.SummarizeTimeRequest(starts_at=start, ends_at=end))
        return sum(call.calls_started for one in told.staff for call in one.calls)

    assert await calls(begin) == 3
    assert await calls(starts[1]) == 2
    assert await calls(begin, starts[2]) == 2
    assert await calls(at(clock, -5)) == 0


async def test_sums_of_several_staff(timed: World, clock: FakeClock):
    """Everybody, or those who are named; who has no time in the interval is left out."""
    client = timed.client
    begin = at(clock)
    await client.create("ana")
    clock.move(10)
    await client.create_available("ben")
    clock.move(5)
    assert await summed(client, begin) == {"ana": {(OFFLINE, ""): 15}, "ben": {(AVAILABLE, ""): 5}}
    assert await summed(client, begin, staff_ids=["ben", "nobody"]) == {"ben": {(AVAILABLE, ""): 5}}
    assert await summed(client, begin, at(clock, -6)) == {"ana": {(OFFLINE, ""): 9}}


async def test_an_id_used_again_has_a_row_for_each_person(timed: World, clock: FakeClock):
    """Time counts up to the deletion, and for somebody new from the creation on; by the id one finds the latter."""
    client = timed.client
    begin = at(clock)
    await client.create("ana")
    clock.move(10)
    await client.remove("ana")
    clock.move(100)
    assert await summed(client, begin) == {"ana": {(OFFLINE, ""): 10}}
    assert await summed(client, begin, staff_ids=["ana"]) == {"ana": {(OFFLINE, ""): 10}}
    await client.create("ana")
    clock.move(7)
    told = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
    assert [seconds_of(one.times[0].time) for one in told] == [10, 7]
    assert told[0].person_id != told[1].person_id
    assert await summed(client, begin, staff_ids=["ana"]) == {"ana": {(OFFLINE, ""): 7}}
    assert await summed(client, begin, person_ids=[told[0].person_id]) == {"ana": {(OFFLINE, ""): 10}}


async def test_sums_say_their_end(timed: World, clock: FakeClock):
    """The interval's end as it was used: the one given, or now."""
    await timed.client.create("ana")
    begin = at(clock)
    clock.move(10)
    told = await timed.client.ask(pb.SummarizeTimeRequest(starts_at=begin))
    assert told.ends_at == at(clock)
    assert told.position
    told = await timed.client.ask(pb.SummarizeTimeRequest(starts_at=begin, ends_at=at(clock, -3)))
    assert told.ends_at == at(clock, -3)


async def test_time_by_deadlines_counts_to_their_own_instants(timed: World, clock: FakeClock):
    """A wrap-up that ended while nobody looked ended when it was due."""
    client = timed.client
    begin = at(clock)
    await client.create_available("ana")
    await client.started("ana", "c1")
    clock.move(10)
    await client.ended("ana", "c1")
    clock.move(100)
    await client.until_status("ana", AVAILABLE)
    assert await summed(client, begin) == {"ana": {(IN_LINE, ""): 10, (AFTER_CALL_WORK, ""): 30, (AVAILABLE, ""): 70}}


async def test_sums_under_load_are_whole(client: Client, world: World):
    """While everybody changes all the time, everybody's time is exactly the interval: nothing twice, nothing lost."""
    names = await client.create_many(10)
    begin = Timestamp()
    begin.FromMicroseconds(world.clock.now())
    done = asyncio.Event()

    async def change(seed: int) -> None:
        chance = random.Random(seed)
        while not done.is_set():
            await client.change(chance.choice(names), chance.choice([AVAILABLE, BUSY, OFFLINE]))

    changing = [asyncio.ensure_future(change(seed)) for seed in range(3)]
    for _ in range(25):
        told = await client.ask(pb.SummarizeTimeRequest(starts_at=begin))
        interval = told.ends_at.ToMicroseconds() - begin.ToMicroseconds()
        sums = {one.staff_id: sum(time.time.ToMicroseconds() for time in one.times) for one in told.staff}
        assert sums == dict.fromkeys(names, interval)
    done.set()
    await asyncio.gather(*changing)


# --- calls and offers -------------------------------------------------------------------------------------------------


async def test_calls_by_direction_with_the_time_in_them(timed: World, clock: FakeClock):
    """Each call on its own; one that goes on counts up to now."""
    client = timed.client
    await client.create_available("ana")
    begin = at(clock)
    await client.started("ana", "c1")
    clock.move(10)
    await client.started("ana", "c2", direction=staff_pb2.DIRECTION_OUTBOUND)
    clock.move(5)
    await client.ended("ana", "c1")
    clock.move(2)
    (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
    assert [(one.direction, one.calls_started, seconds_of(one.talk_time)) for one in row.calls] == [
        (staff_pb2.DIRECTION_INBOUND, 1, 15),
        (staff_pb2.DIRECTION_OUTBOUND, 1, 7),
    ]
    later = (await client.ask(pb.SummarizeTimeRequest(starts_at=at(clock, -4)))).staff[0]
    assert [(one.calls_started, seconds_of(one.talk_time)) for one in later.calls] == [(0, 2), (0, 4)]


async def test_legs_that_began_together_are_told_apart(timed: World, clock: FakeClock):
    """Of two legs of a call in one list, the one that ends is the one whose time is counted."""
    client = timed.client
    await client.create_available("ana")
    begin = at(clock)
    call = {"staff_id": "ana", "call_id": "c1"}
    legs = [{**call, "leg": "1", "direction": staff_pb2.DIRECTION_INBOUND}, {**call, "leg": "2", "direction": OUTBOUND}]
    await client.ask(router.ReconcileCallsRequest(source="pbx", calls=legs))
    clock.move(10)
    await client.ended("ana", "c1", source="pbx", leg="1")
    clock.move(20)
    (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
    assert [(one.direction, one.calls_started, seconds_of(one.talk_time)) for one in row.calls] == [
        (staff_pb2.DIRECTION_INBOUND, 1, 10),
        (OUTBOUND, 1, 30),
    ]


async def test_answered_calls_are_told_from_others(timed: World, clock: FakeClock):
    """Counted when the call ends, by what was said of it at any time; a call about which nothing was said is not counted."""
    client = timed.client
    await client.create_available("ana")
    begin = at(clock)
    for number, (first, last) in enumerate([(True, None), (None, True), (False, False), (None, None), (True, False)]):
        call = {"direction": staff_pb2.DIRECTION_OUTBOUND}
        await client.started("ana", f"c{number}", **call, **({} if first is None else {"answered": first}))
        await client.ended("ana", f"c{number}", **({} if last is None else {"answered": last}))
    clock.move(1)
    (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
    (calls,) = row.calls
    assert (calls.direction, calls.calls_started, calls.calls_answered) == (staff_pb2.DIRECTION_OUTBOUND, 5, 3)


async def test_offers_are_counted_by_how_they_ended(timed: World, clock: FakeClock):
    """Made, accepted, declined, missed, and all other ends together."""
    client = timed.client
    await client.create_available("ana")
    begin = at(clock)
    await client.claim("c1", staff_id="ana")
    await client.started("ana", "c1")
    await client.ended("ana", "c1")
    clock.move(31)
    await client.until_status("ana", AVAILABLE)
    await client.claim("c2", staff_id="ana")
    clock.move(21)
    for _ in range(100):
        (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
        if row.offers.missed:
            break
        await asyncio.sleep(0.02)
    assert row.offers == pb.OfferCounts(made=2, accepted=1, missed=1)


# --- intervals --------------------------------------------------------------------------------------------------------


async def test_rows_by_day_of_a_zone(timed: World, clock: FakeClock):
    """A row for each local day; the first and the last are cut to the period, and together they are the whole."""
    client = timed.client
    begin = at(clock)
    await client.create_available("ana")
    clock.move(3 * DAY)
    rows = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin, interval=pb.INTERVAL_DAY, time_zone="Asia/Tokyo"))).staff
    assert rows[0].starts_at == begin
    assert rows[-1].ends_at == at(clock)
    assert [one.ends_at for one in rows[:-1]] == [one.starts_at for one in rows[1:]]
    for one in rows[1:]:
        local = one.starts_at.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo"))
        assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    assert sum(seconds_of(time.time) for one in rows for time in one.times) == 3 * DAY


async def test_a_day_has_as_many_hours_as_the_clock_says(timed: World, clock: FakeClock):
    """25 rows of an hour, and one day of 25 hours, where clocks go back."""
    client = timed.client
    await client.create("ana")
    first = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/Vienna"))
    wanted = round(first.timestamp())
    clock.move(wanted - clock.now() / 1_000_000)
    clock.move(2 * DAY)
    asked = {"starts_at": {"seconds": wanted}, "ends_at": {"seconds": wanted + 25 * 3600}, "time_zone": "Europe/Vienna"}
    hours = (await client.ask(pb.SummarizeTimeRequest(interval=pb.INTERVAL_HOUR, **asked))).staff
    days = (await client.ask(pb.SummarizeTimeRequest(interval=pb.INTERVAL_DAY, **asked))).staff
    assert [seconds_of(one.times[0].time) for one in hours] == [3600.0] * 25
    assert [seconds_of(one.times[0].time) for one in days] == [25 * 3600.0]


async def test_pages_by_interval_are_the_whole(timed: World, clock: FakeClock):
    """Whatever the page's size, the rows are those of one answer, though people change meanwhile."""
    client = timed.client
    begin = at(clock)
    for name in ("ana", "ben", "chi"):
        await client.create(name)
        clock.move(1_000)
        await client.change(name, BUSY)
    await client.change("ben", OFFLINE)
    await client.remove("ben")
    clock.move(5_000)
    asked = {"starts_at": begin, "interval": pb.INTERVAL_QUARTER_HOUR}
    whole = await client.ask(pb.SummarizeTimeRequest(page_size=1_000, **asked))
    assert not whole.next_page_token
    for size in (1, 2, 7):
        rows, token = [], ""
        while True:
            page = await client.ask(pb.SummarizeTimeRequest(page_size=size, page_token=token, **asked))
            rows += page.staff
            assert (page.ends_at, page.position) == (whole.ends_at, whole.position)
            token = page.next_page_token
            if not token:
                break
        assert rows == list(whole.staff)


async def pages(client: Client, size: int, **asked: Any) -> list[pb.StaffTime]:
    """The rows of all pages of an answer."""
    rows, token = [], ""
    while True:
        page = await client.ask(pb.SummarizeTimeRequest(page_size=size, page_token=token, **asked))
        rows += page.staff
        token = page.next_page_token
        if not token:
            return rows


@pytest.mark.parametrize("size", range(1, 9))
async def test_a_page_that_ends_within_a_person_loses_nothing(timed: World, clock: FakeClock, size: int):
    """Also where the next person has no time in the period."""
    client = timed.client
    begin = at(clock)
    await client.create("ana")
    clock.move(7 * DAY)
    end = at(clock)
    clock.move(DAY)
    await client.create("ben")
    asked = {"starts_at": begin, "ends_at": end, "interval": pb.INTERVAL_DAY}
    rows = await pages(client, size, **asked)
    assert rows == await pages(client, 1_000, **asked)
    assert sum(seconds_of(time.time) for row in rows for time in row.times) == 7 * DAY


async def test_what_ends_with_a_person_counts(timed: World, clock: FakeClock):
    """Also where that is at the very instant at which an interval begins, or the period."""
    client = timed.client
    clock.move(-(clock.now() / 1_000_000) % 900)
    begin = at(clock)
    await client.create_available("ana")
    await client.started("ana", "c1", answered=True)
    clock.move(900)
    await client.ask(supervisor.ResetStaffRequest(staff_id="ana"))
    await client.change("ana", OFFLINE)
    await client.remove("ana")
    end = at(clock)
    clock.move(60)
    for start, length in ((begin, pb.INTERVAL_QUARTER_HOUR), (end, pb.INTERVAL_UNSPECIFIED)):
        rows = await pages(client, 9, starts_at=start, interval=length)
        assert (rows[-1].starts_at, [call.calls_answered for call in rows[-1].calls]) == (end, [1])


async def test_an_id_that_changes_hands_between_pages_keeps_its_rows(timed: World, clock: FakeClock):
    """Whoever had the id when the first page was asked for is the one of whom it is told."""
    client = timed.client
    for name in ("ana", "ben"):
        await client.create(name)
    begin = at(clock)
    clock.move(60)
    asked = {"starts_at": begin, "staff_ids": ["ana", "ben"]}
    whole = await pages(client, 9, **asked)
    first = await client.ask(pb.SummarizeTimeRequest(page_size=1, **asked))
    clock.move(60)
    await client.remove("ben")
    clock.move(60)
    await client.create("ben")
    second = await client.ask(pb.SummarizeTimeRequest(page_size=1, page_token=first.next_page_token, **asked))
    assert [*first.staff, *second.staff] == whole


async def test_a_page_whose_states_are_forgotten_is_refused(timed: World, clock: FakeClock):
    """PAGE_TOKEN_INVALID: what somebody was at the first page's revision is not known any more."""
    client = timed.client
    for name in ("ana", "ben"):
        await client.create(name)
    clock.move(200 * DAY)
    begin = at(clock, -60)
    first = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1))
    await client.change("ben", AVAILABLE)
    await timed.engine.retention.forget()
    again = pb.SummarizeTimeRequest(starts_at=begin, page_size=1, page_token=first.next_page_token)
    assert (await client.refused(again)).reason == "PAGE_TOKEN_INVALID"


async def test_a_page_after_an_erasure_is_refused(timed: World, clock: FakeClock):
    """PAGE_TOKEN_INVALID: the erased person's rows stand under another id, where a page may have been already."""
    client = timed.client
    begin = at(clock)
    for name in ("ana", "ben"):
        await client.create(name)
    clock.move(60)
    first = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1))
    await client.remove("ben")
    again = pb.SummarizeTimeRequest(starts_at=begin, page_size=1, page_token=first.next_page_token)
    assert [row.staff_id for row in (await client.ask(again)).staff] == ["ben"]
    await client.ask(admin.EraseStaffRequest(staff_id="ben"))
    assert (await client.refused(again)).reason == "PAGE_TOKEN_INVALID"
    later = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1))
    rest = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1, page_token=later.next_page_token))
    assert "ana" in {row.staff_id for row in (*later.staff, *rest.staff)}


async def test_all_pages_show_one_revision(timed: World, clock: FakeClock):
    """What happens after the first page was asked for is in none of them."""
    client = timed.client
    begin = at(clock)
    for name in ("ana", "ben"):
        await client.create_available(name)
    clock.move(60)
    first = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1))
    await client.change("ben", BUSY)
    await client.create("chi")
    clock.move(60)
    await client.change("ben", OFFLINE)
    second = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1, page_token=first.next_page_token))
    assert [one.staff_id for one in (*first.staff, *second.staff)] == ["ana", "ben"]
    assert [(one.status, seconds_of(one.time)) for one in second.staff[0].times] == [(AVAILABLE, 60)]
    assert not second.next_page_token


async def test_people_are_found_however_few_a_look_finds(timed: World, clock: FakeClock, monkeypatch: pytest.MonkeyPatch):
    """Pages may be short, but the last one has no token and nobody is left out."""
    monkeypatch.setattr(time_sums, "CHUNKS_MOST", 1)
    client = timed.client
    for name in "abcdefgh":
        await client.create(name)
    clock.move(10)
    begin = at(clock)
    clock.move(10)
    rows, token = [], ""
    while True:
        page = await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=3, page_token=token))
        rows += [one.staff_id for one in page.staff]
        token = page.next_page_token
        if not token:
            break
    assert rows == list("abcdefgh")


# --- skill groups, names, the beginning -------------------------------------------------------------------------------


async def test_time_counts_for_the_groups_of_then(timed: World, clock: FakeClock):
    """What somebody did while in the group, not what members of now did."""
    client = timed.client
    begin = at(clock)
    await client.create("ana", "cards")
    clock.move(10)
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "loans"}]))
    clock.move(5)
    assert await summed(client, begin, skill_groups=["cards"]) == {"ana": {(OFFLINE, ""): 10}}
    assert await summed(client, begin, skill_groups=["loans"]) == {"ana": {(OFFLINE, ""): 5}}
    assert await summed(client, begin, skill_groups=["loans", "cards"]) == {"ana": {(OFFLINE, ""): 15}}
    await client.change("ana", AVAILABLE)
    clock.move(1)
    assert await summed(client, begin, skill_groups=["loans"]) == {"ana": {(OFFLINE, ""): 5, (AVAILABLE, ""): 1}}
    assert await summed(client, begin, skill_groups=["mortgages"]) == {}


@pytest.mark.parametrize("is_over", [False, True])
async def test_a_call_counts_for_the_groups_of_then(timed: World, clock: FakeClock, *, is_over: bool):
    """Each part of it for the groups that the person was in, its beginning for those at it, whether it goes on or is over."""
    client = timed.client
    begin = at(clock)
    await client.create_available("ana", "cards")
    await client.started("ana", "c1")
    clock.move(30)
    middle = at(clock)
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", skill_groups=[{"name": "loans"}]))
    clock.move(20)
    end = at(clock)
    if is_over:
        await client.ended("ana", "c1", answered=True)
        clock.move(5)

    async def calls(group: str, ends_at: Timestamp) -> list[tuple[int, float, int]]:
        rows = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin, ends_at=ends_at, skill_groups=[group]))).staff
        found = [call for row in rows for call in row.calls]
        return [(call.calls_started, seconds_of(call.talk_time), call.calls_answered) for call in found]

    assert await calls("cards", middle) == await calls("cards", end) == [(1, 30, 0)]
    assert await calls("loans", middle) == []
    assert await calls("loans", end) == [(0, 20, 0)]
    assert await calls("loans", at(clock)) == [(0, 20, int(is_over))]
    assert (await summed(client, begin, end, skill_groups=["cards"]))["ana"][IN_LINE, ""] == 30
    assert (await summed(client, begin, end, skill_groups=["loans"]))["ana"][IN_LINE, ""] == 20


async def test_all_pages_show_the_groups_of_one_revision(timed: World, clock: FakeClock):
    """Whoever moves after the first page was asked for did all of it in the group."""
    client = timed.client
    begin = at(clock)
    for name in ("ana", "ben"):
        await client.create_available(name, "cards")
        await client.started(name, "c1")
    clock.move(60)
    asked = {"starts_at": begin, "skill_groups": ["cards"]}
    whole = await pages(client, 9, **asked)
    first = await client.ask(pb.SummarizeTimeRequest(page_size=1, **asked))
    await client.ask(admin.UpdateStaffRequest(staff_id="ben", skill_groups=[{"name": "loans"}]))
    clock.move(60)
    await client.ended("ben", "c1")
    second = await client.ask(pb.SummarizeTimeRequest(page_size=1, page_token=first.next_page_token, **asked))
    assert [*first.staff, *second.staff] == whole
    assert [seconds_of(row.calls[0].talk_time) for row in whole] == [60, 60]


async def test_a_call_counts_in_one_direction(timed: World, clock: FakeClock):
    """What telephony says at last, also where the claim said another one: begun, answered and the time in it."""
    client = timed.client
    begin = at(clock)
    await client.create_available("ana")
    claimed = await client.claim("c1", staff_id="ana")
    await client.ask(workspace.AcceptOfferRequest(staff_id="ana", claim_id=claimed.staff.offer.claim_id))
    clock.move(10)
    await client.started("ana", "c1", direction=staff_pb2.DIRECTION_OUTBOUND)
    clock.move(20)
    for answered in (0, 1):
        (row,) = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff
        assert [(one.direction, one.calls_started, seconds_of(one.talk_time), one.calls_answered) for one in row.calls] == [
            (staff_pb2.DIRECTION_OUTBOUND, 1, 30, answered)
        ]
        await client.ended("ana", "c1", answered=True)
        clock.move(1)


async def test_rows_have_the_names_of_now(timed: World, clock: FakeClock):
    """Of who is deleted, the last one."""
    client = timed.client
    begin = at(clock)
    await client.create("ana")
    await client.ask(admin.UpdateStaffRequest(staff_id="ana", display_name="Ana Nova"))
    clock.move(1)
    assert [one.display_name for one in (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff] == ["Ana Nova"]
    await client.remove("ana")
    assert [one.display_name for one in (await client.ask(pb.SummarizeTimeRequest(starts_at=begin))).staff] == ["Ana Nova"]


async def test_sums_say_from_when_they_are_whole(timed: World, clock: FakeClock):
    """What was before history that is kept is not counted, and the answer says so; later periods are whole without a word."""
    client = timed.client
    begin = at(clock)
    await client.create("ana")
    for status in (AVAILABLE, BUSY, AVAILABLE):
        clock.move(DAY)
        await client.change("ana", status)
    clock.move(179.5 * DAY)
    await timed.engine.retention.forget()
    told = await client.ask(pb.SummarizeTimeRequest(starts_at=begin))
    assert told.complete_from.ToMicroseconds() == begin.ToMicroseconds() + 2 * DAY * 1_000_000 + 1
    assert told.staff[0].starts_at == told.complete_from
    assert sum(time.time.ToMicroseconds() for time in told.staff[0].times) == (
        told.ends_at.ToMicroseconds() - told.complete_from.ToMicroseconds()
    )
    later = await client.ask(pb.SummarizeTimeRequest(starts_at=told.complete_from))
    assert not later.HasField("complete_from")


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {"starts_at"}),
        ({"starts_at": {"seconds": 5}, "ends_at": {"seconds": 5}}, {"ends_at"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "Europe/Atlantis"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "../../etc/passwd"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "x" * 1_000}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "localtime"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "posixrules"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "right/Europe/Berlin"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "posix/Europe/Berlin"}, {"time_zone"}),
        ({"starts_at": {"seconds": 5}, "time_zone": "Europe/../Europe/Berlin"}, {"time_zone"}),
        ({"starts_at": {"seconds": 99_999_999_999}}, {"starts_at"}),
        ({"starts_at": {"seconds": 99_999_999_999}, "ends_at": {"seconds": 100_000_000_000}}, {"starts_at"}),
        ({"starts_at": {"seconds": 5}, "interval": 17}, {"interval"}),
        ({"starts_at": {"seconds": 5}, "staff_ids": ["a"], "person_ids": ["0" * 16]}, {"person_ids"}),
        ({"starts_at": {"seconds": 5}, "person_ids": ["ana"]}, {"person_ids[0]"}),
        ({"starts_at": {"seconds": 5}, "skill_groups": ["Not A Code!"]}, {"skill_groups[0]"}),
        ({"starts_at": {"seconds": 5}, "page_size": -1}, {"page_size"}),
    ],
)
async def test_every_fault_is_named(client: Client, fields: dict, faults: set[str]):
    """INVALID_FIELD with the fields at fault."""
    refusal = await client.refused(pb.SummarizeTimeRequest(**fields))
    assert (refusal.reason, set(refusal.faults)) == ("INVALID_FIELD", faults)


async def test_a_period_begins_in_the_past(timed: World, clock: FakeClock):
    """It may end in the future, and is cut to the present; one that begins now has nothing to sum."""
    client = timed.client
    await client.create("ana")
    for end in ({}, {"ends_at": at(clock, 60)}):
        refusal = await client.refused(pb.SummarizeTimeRequest(starts_at=at(clock), **end))
        assert (refusal.reason, set(refusal.faults)) == ("INVALID_FIELD", {"starts_at"})
        told = await client.ask(pb.SummarizeTimeRequest(starts_at=at(clock, -0.000001), **end))
        assert told.ends_at == at(clock)


@pytest.mark.parametrize("zone", ["UTC", "GMT", "EST5EDT", "Etc/GMT+5", "America/Port-au-Prince", "America/Argentina/Salta"])
async def test_zones_of_iana_are_known(timed: World, clock: FakeClock, zone: str):
    """Whatever the form of their names."""
    await timed.client.create("ana")
    begin = at(clock)
    clock.move(10)
    asked = {"starts_at": begin, "interval": pb.INTERVAL_DAY, "time_zone": zone}
    assert len((await timed.client.ask(pb.SummarizeTimeRequest(**asked))).staff) == 1


async def test_a_page_token_is_for_its_own_question(timed: World, clock: FakeClock):
    """PAGE_TOKEN_INVALID for another period, interval, group or zone."""
    client = timed.client
    begin = at(clock)
    for name in ("ana", "ben"):
        await client.create(name)
    clock.move(10)
    token = (await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=1))).next_page_token
    for other in ({"interval": pb.INTERVAL_DAY}, {"skill_groups": ["cards"]}, {"time_zone": "UTC"}, {"ends_at": at(clock)}):
        refusal = await client.refused(pb.SummarizeTimeRequest(starts_at=begin, page_token=token, **other))
        assert refusal.reason == "PAGE_TOKEN_INVALID"
    assert (await client.ask(pb.SummarizeTimeRequest(starts_at=begin, page_size=9, page_token=token))).staff[
        0
    ].staff_id == "ben"


async def test_a_made_up_token_with_no_text_in_it_is_refused(client: Client):
    """A lone surrogate can be in JSON and in no database: it is the token that is wrong, not the service."""
    await client.create("ana")
    await client.create("ben")
    asked = pb.SummarizeTimeRequest(starts_at={"seconds": 1}, page_size=1)
    token = (await client.ask(asked)).next_page_token
    place = json.loads(base64.b64decode(token, altchars=b"-_")) | {"n": "\ud800"}
    forged = base64.urlsafe_b64encode(json.dumps(place).encode()).decode()
    asked.page_token = forged
    assert (await client.refused(asked)).reason == "PAGE_TOKEN_INVALID"
