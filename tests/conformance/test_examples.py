"""The examples of every client, run as a reader would: routers that share a floor, and a workspace that takes a call."""

import asyncio
import contextlib
import itertools
import os
import signal
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from conformance.conftest import chosen_rows, require
from conformance.fault_proxy import FaultProxy
from conformance.runner.rows import LANGUAGES, ROOT, rows_named
from conformance.runner.server import ServerProcess
from conformance.runner.session import serving
from conformance.staff_simulation import GROUP, StaffSimulation
from held_port import HeldPort
from service_stubs import Stubs

from onduty.v1 import admin_service_pb2, router_service_pb2, staff_pb2, workspace_service_pb2

EXAMPLES = ROOT / "clients"
ROUTERS = 3
TALK_SECONDS = 0.1
ON_ITS_WAY_SECONDS = 0.3
AWAY_SECONDS = 3.0
"""Longer than a client tries a call again by itself."""
PATIENCE_SECONDS = 110.0
WORDS = ("offered", "answered", "missed", "ended")


pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Ended:
    """What a program printed and how it ended."""

    language: str
    code: int
    lines: list[str]
    err: str


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server on which lengths of time may be short."""
    async with serving(tmp_path / "journal.db") as server:
        yield server


def program(language: str, name: str) -> str:
    """An example's start script, of a driver's folder that is built."""
    require(*rows_named([language]))
    script = EXAMPLES / language / "examples" / f"run-{name}"
    assert os.access(script, os.X_OK), f"{script} is not there"
    return str(script)


@contextlib.asynccontextmanager
async def started(command: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program with pipes, killed at the end of the block if it still runs."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def route(language: str, server: str, tenant: str, calls: list[str]) -> Ended:
    """Give a router its calls and wait for its end."""
    arguments = ["--server", server, "--tenant", tenant, "--skill-group", GROUP, "--talk", str(TALK_SECONDS)]
    async with started([program(language, "router"), *arguments]) as process:
        written = "".join(f"{call}\n" for call in calls).encode()
        out, err = await asyncio.wait_for(process.communicate(written), PATIENCE_SECONDS)
        return Ended(language, process.returncode or 0, out.decode().splitlines(), err.decode())


def sample_calls() -> list[str]:
    """The call ids of the sample day, made unique by their line."""
    rows = (ROOT / "examples" / "calls-sample.tsv").read_text(encoding="utf-8").splitlines()[1:]
    fields = [row.split("\t") for row in rows]
    return [f"{field[0]}-{field[1]}-{number}" for number, field in enumerate(fields)]


async def route_the_day(server: str, languages: Sequence[str], tenant: str) -> None:
    """Three routers share the day's calls and the floor; nobody is assigned twice at once, and every call is served once."""
    calls = sample_calls()
    async with StaffSimulation(server, tenant).playing() as people:
        shares = [calls[number::ROUTERS] for number in range(ROUTERS)]
        ends = await asyncio.gather(
            *(route(language, server, tenant, share) for language, share in zip(languages, shares, strict=True))
        )
        history = await people.history()
    assert people.failures == []
    for ended in ends:
        assert ended.code == 0, f"{ended.language}:\n{ended.err[-2000:]}"
    answered = assert_one_assignment_at_a_time(history)
    assert Counter(call for call, _ in answered) == Counter(calls)
    assert_told_as_it_was([line for ended in ends for line in ended.lines], answered, history)


def assert_one_assignment_at_a_time(history: Sequence[staff_pb2.Transition]) -> list[tuple[str, str]]:
    """Hold the history against the promise; the answered calls with who answered them."""
    busy_with: dict[str, str] = {}
    answered = []
    for change in history:
        staff_id = change.staff_id
        if change.cause == staff_pb2.CAUSE_CLAIM:
            assert staff_id not in busy_with, f"{staff_id} was claimed for {change.call_id} while at {busy_with.get(staff_id)}"
            busy_with[staff_id] = change.call_id
        elif change.cause == staff_pb2.CAUSE_OFFER_ACCEPTED:
            assert busy_with.get(staff_id) == change.call_id
            answered.append((change.call_id, staff_id))
        elif change.cause == staff_pb2.CAUSE_CALL_ENDED or change.HasField("ended_offer"):
            assert busy_with.pop(staff_id) == change.call_id
    assert busy_with == {}
    return answered


def assert_told_as_it_was(
    lines: Sequence[str], answered: Sequence[tuple[str, str]], history: Sequence[staff_pb2.Transition]
) -> None:
    """What the routers printed is what happened: every offer, miss, answer and end, once."""
    told: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for line in lines:
        call, word, staff_id = line.split()
        assert word in WORDS, line
        told[word][call, staff_id] += 1
    claims = Counter((one.call_id, one.staff_id) for one in history if one.cause == staff_pb2.CAUSE_CLAIM)
    assert told["answered"] == Counter(answered)
    assert told["ended"] == Counter(answered)
    assert told["offered"] == claims
    assert told["missed"] == claims - Counter(answered)


async def test_three_routers_assign_nobody_twice(shop: ServerProcess, language: str):
    """Three routers of one language serve a day together: no second claim of anybody, and every call served exactly once."""
    await route_the_day(shop.address, [language] * ROUTERS, f"day-{language}")


async def test_routers_of_three_languages_assign_nobody_twice(shop: ServerProcess):
    """Routers of different languages share one floor as well as routers of one."""
    present = [row.name for row in chosen_rows() if row.name in LANGUAGES and not row.absent]
    languages = list(itertools.islice(itertools.cycle(present), ROUTERS))
    await route_the_day(shop.address, languages, "day-mixed")


async def test_a_claim_whose_answer_is_lost_is_asked_for_again(shop: ServerProcess, language: str):
    """The server has the claim, the router cannot know, and its floor shows nobody: still the call is served, and once."""
    tenant = f"lost-{language}"
    proxy = await FaultProxy(shop.port).start()
    nobody = HeldPort()
    try:
        async with StaffSimulation(shop.address, tenant).playing(people=1) as people:
            proxy.delay_seconds = ON_ITS_WAY_SECONDS
            routing = asyncio.create_task(route(language, proxy.address, tenant, ["one-call"]))
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not any(one.cause == staff_pb2.CAUSE_CLAIM for one in await people.history()):
                    await asyncio.sleep(0.01)
            proxy.target_port, proxy.delay_seconds = nobody.port, 0
            proxy.cut()  # while the answer is on its way
            await asyncio.sleep(AWAY_SECONDS)
            proxy.target_port = shop.port
            ended = await routing
            history = await people.history()
        assert ended.code == 0, ended.err
        answered = assert_one_assignment_at_a_time(history)
        assert [call for call, _ in answered] == ["one-call"]
        assert_told_as_it_was(ended.lines, answered, history)
    finally:
        nobody.close()
        await proxy.stop()


async def test_router_ends_when_told(shop: ServerProcess, language: str):
    """A router that still has input ends cleanly on SIGTERM."""
    arguments = ["--server", shop.address, "--tenant", "ending", "--skill-group", GROUP]
    async with (
        StaffSimulation(shop.address, "ending").playing(people=1),
        started([program(language, "router"), *arguments]) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"one-call\n")
        await process.stdin.drain()
        first = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
        assert first.decode().split()[:2] == ["one-call", "offered"]
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0


async def test_workspace_takes_a_call(shop: ServerProcess, language: str):
    """A workspace signs in, answers, wraps up with a countdown, goes back to reception and signs out."""
    metadata = (("onduty-tenant", "office"),)
    async with grpc.aio.insecure_channel(shop.address) as channel:
        stubs = Stubs(channel)
        create = admin_service_pb2.CreateStaffRequest(staff_id="ana")
        await stubs.admin.CreateStaff(create, metadata=metadata)
        command = [program(language, "workspace"), "--server", shop.address, "--staff-id", "ana", "--tenant", "office"]
        async with started(command) as process:
            lines = await _lines_to(process, "AVAILABLE")
            claim = router_service_pb2.ClaimStaffRequest(call_id="call", named={"staff_id": "ana"})
            await stubs.router.ClaimStaff(claim, metadata=metadata)
            lines += await _lines_to(process, "IN_LINE")
            end = router_service_pb2.ReportCallEndedRequest(call_id="call", staff_id="ana")
            await stubs.router.ReportCallEnded(end, metadata=metadata)
            out, err = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
            assert process.returncode == 0, err.decode()
        await _status(stubs, staff_pb2.STATUS_OFFLINE)
    lines += out.decode().splitlines()
    statuses = [line for line in lines if f"STATUS_{line}" in staff_pb2.Status.DESCRIPTOR.values_by_name]
    walked = [status for status, _ in itertools.groupby(statuses)]
    assert walked[-5:] == ["AVAILABLE", "IN_LINE", "AFTER_CALL_WORK", "AVAILABLE", "OFFLINE"]
    assert len(lines) > len(statuses), "no countdown was printed"


async def _lines_to(process: asyncio.subprocess.Process, last: str) -> list[str]:
    """What the program prints up to this line: it has seen that state, and the next may come."""
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while last not in lines:
            line = await process.stdout.readline()
            assert line, f"it ended without {last}: {lines}"
            lines.append(line.decode().rstrip())
    return lines


async def _status(stubs: Stubs, status: "staff_pb2.Status") -> None:
    """Wait until the person has the status."""
    request = workspace_service_pb2.GetStaffRequest(staff_id="ana")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await stubs.workspace.GetStaff(request, metadata=(("onduty-tenant", "office"),))).staff.status != status:
            await asyncio.sleep(0.02)
