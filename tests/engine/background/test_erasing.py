"""A person who is erased leaves nothing behind: neither in what is told nor in the bytes of the files."""

# ruff: noqa: ASYNC220 - a test may wait for its program: nothing else runs meanwhile.

import asyncio
import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from engine_floor import ORIGIN, TENANT, Floor, opened
from fake_clock import FakeClock

from onduty_server.adapters.sqlite.inspection import verify
from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor
from onduty_server.domain.model.errors import StaffNotDeletedError, StaffUnknownError
from onduty_server.domain.model.state import AVAILABLE, OFFLINE, Choice
from onduty_server.domain.model.status import ActorRole, Direction, Status
from onduty_server.engine.write.answers import RequestKey
from onduty_server.past import HistoryQuery
from onduty_server.wire.codec import ProtobufCodec

SECRETS = ("mona-lisa", "Mona von Lisa", "call-of-mona", "pbx-of-mona", "request-of-mona", "note-about-mona", "claim-of-mona")
MONA = "mona-lisa"
HERE = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])}
BUSY = Choice(Status.BUSY)


def of_mona(request_id: str = "") -> commands.Origin:
    return commands.Origin(Actor(ActorRole.WORKSPACE, MONA), request_id, "note-about-mona")


async def live(floor: Floor, rounds: int = 3) -> None:
    """Somebody works among others, supervises one of them, and leaves."""
    await floor.create(MONA, "ben")
    await floor.submit(MONA, commands.UpdateStaff("Mona von Lisa", None, of_mona()))
    for number in range(rounds):
        request = RequestKey(f"request-of-mona-{number}", b"content")
        await floor.submit(MONA, commands.ChangeStatus(AVAILABLE, of_mona(request.request_id)), request=request)
        await floor.claim(MONA, f"claim-of-mona-{number}", f"call-of-mona-{number}")
        call = commands.SourceCall(f"call-of-mona-{number}", Direction.INBOUND)
        await floor.submit(MONA, commands.CallStarted(call, "pbx-of-mona", of_mona()))
        await floor.submit(MONA, commands.CallEnded(f"call-of-mona-{number}", of_mona(), source="pbx-of-mona"))
        await floor.choose("ben", BUSY if number % 2 else AVAILABLE)
        await floor.submit(
            "ben", commands.ForceStatus(OFFLINE, immediately=True, origin=commands.Origin(Actor(ActorRole.SUPERVISOR, MONA)))
        )
        await floor.submit(MONA, commands.ChangeStatus(BUSY, of_mona()))
        floor.clock.move(60)
    await floor.submit(MONA, commands.ChangeStatus(OFFLINE, of_mona()))
    await floor.submit(MONA, commands.DeleteStaff(of_mona()))


async def erase(floor: Floor, staff_id: str = MONA, person_id: str = "", request: RequestKey | None = None) -> dict:
    """Order and finish it; what the answer says."""
    origin = commands.Origin(Actor(ActorRole.ADMIN, "root"), note="asked for by the works council")
    run = await floor.engine.erasing.order(TENANT, staff_id, person_id, origin)
    answer = await floor.engine.transact(TENANT, run, request)
    async with asyncio.timeout(60):
        await floor.engine.erasing.finish(answer.detail["pseudonyms"])
    return {**answer.detail, "replayed": answer.replayed}


def found_in(path: Path) -> list[str]:
    """The secrets that are in the bytes of the journal's files."""
    files = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return [secret for secret in SECRETS if secret.encode() in files]


async def test_nothing_is_left_in_the_files(journal_path: Path, floor: Floor):
    """No byte of id, name, notes, calls, claims, requests and sources; the others are all there."""
    await live(floor, rounds=40)
    assert found_in(journal_path) == list(SECRETS)
    await erase(floor)
    assert found_in(journal_path) == []
    assert verify(journal_path, ProtobufCodec()).problems == []


async def test_nothing_is_left_in_the_files_of_a_large_journal(journal_path: Path, floor: Floor):
    """Nor where pages have been split, filled and emptied by others before and after."""
    await floor.create(*(f"staff-{number}" for number in range(300)))
    await live(floor, rounds=30)
    for choice in (AVAILABLE, BUSY, AVAILABLE):
        await asyncio.gather(*(floor.choose(f"staff-{number}", choice) for number in range(300)))
    await floor.create(MONA)
    await erase(floor)
    await floor.submit(MONA, commands.DeleteStaff(ORIGIN))
    await erase(floor)
    assert found_in(journal_path) == []
    assert verify(journal_path, ProtobufCodec()).problems == []


async def test_what_is_told_names_a_pseudonym(floor: Floor):
    """In changes and in what others did; it is not the id that the person had, and every change is still there."""
    await live(floor)
    before = (await floor.engine.journal.history(HistoryQuery(TENANT))).changes
    told = await erase(floor)
    after = (await floor.engine.journal.history(HistoryQuery(TENANT))).changes
    assert [one.revision for one in before] == [one.revision for one in after]
    codec = ProtobufCodec()
    changes = [codec.decode_change(one.change) for one in after]
    (pseudonym,) = told["pseudonyms"]
    own = [one for one in changes if one.staff_id == pseudonym]
    assert len(own) == told["transitions"] == sum(codec.decode_change(one.change).staff_id == MONA for one in before)
    assert {one.actor.actor_id for one in changes} <= {"", "test", pseudonym}
    assert not any(one.note or one.call_id or one.request_id or one.claim_id for one in own)
    told_before = [codec.decode_change(one.change) for one in before]
    assert [one.status for one in own] == [one.status for one in told_before if one.staff_id == MONA]


async def test_who_is_there_is_not_erased(floor: Floor):
    """STAFF_NOT_DELETED, and nothing changes; of somebody unknown it is said."""
    await floor.create("ben")
    head = floor.engine.head
    with pytest.raises(StaffNotDeletedError):
        await erase(floor, "ben")
    with pytest.raises(StaffUnknownError):
        await erase(floor, "nobody")
    assert floor.engine.head == head


async def test_the_same_request_gets_the_first_answer(floor: Floor):
    """Also when the person is gone; without a request id there is nobody to erase any more."""
    await live(floor)
    key = RequestKey("erase-1", b"content")
    first = await erase(floor, request=key)
    again = await erase(floor, request=key)
    assert again == {**first, "replayed": True}
    with pytest.raises(StaffUnknownError):
        await erase(floor)


async def test_two_orders_at_once_are_one(floor: Floor):
    """One erases, the other is told that there is nobody; no commit fails."""
    await live(floor)
    done = await asyncio.gather(erase(floor), erase(floor), floor.choose("ben"), return_exceptions=True)
    assert sorted(isinstance(one, StaffUnknownError) for one in done) == [False, False, True]


async def test_the_id_can_be_used_again(floor: Floor):
    """By somebody new, who is not erased with the former."""
    await live(floor)
    await erase(floor)
    await floor.create(MONA)
    await floor.choose(MONA)
    assert floor.state(MONA).status is Status.AVAILABLE
    page = await floor.engine.journal.history(HistoryQuery(TENANT, staff_ids=(MONA,)))
    assert len(page.changes) == 2


async def test_an_order_is_carried_out_after_a_restart(journal_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch):
    """What a process could not finish the next one does, without being asked."""
    async with opened(journal_path, clock) as floor:
        await live(floor)
        monkeypatch.setattr(floor.engine.journal, "erase", lambda *_args, **_named: asyncio.Event().wait())
        run = await floor.engine.erasing.order(TENANT, MONA, "", ORIGIN)
        await floor.engine.transact(TENANT, run)
    async with opened(journal_path, clock) as floor:
        async with asyncio.timeout(60):
            while await floor.engine.journal.erasures():
                await asyncio.sleep(0.01)
        assert found_in(journal_path) == []


async def test_a_kill_at_any_moment_loses_nothing(journal_path: Path, clock: FakeClock):
    """Killed again and again on the way, the journal is sound each time, and in the end nothing is left of the person."""
    async with opened(journal_path, clock) as floor:
        await live(floor, rounds=25)
        count = len((await floor.engine.journal.history(HistoryQuery(TENANT))).changes)
    chance = random.Random(5)
    kills, staff_id = 0, MONA
    while True:
        command = [sys.executable, HERE / "erase_until_killed.py", journal_path, staff_id]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as program:
            while b"going" not in program.stdout.readline():
                assert program.poll() is None
            staff_id = ""
            ready, _, _ = select.select([program.stdout], [], [], chance.uniform(0.01, 0.12))
            program.send_signal(signal.SIGKILL)
            is_done = b"done" in (program.stdout.read() if not ready else program.stdout.readline())
        kills += 1
        assert verify(journal_path, ProtobufCodec()).problems == []
        if is_done:
            break
    assert kills > 2
    assert found_in(journal_path) == []
    async with opened(journal_path, clock) as floor:
        assert len((await floor.engine.journal.history(HistoryQuery(TENANT))).changes) == count
