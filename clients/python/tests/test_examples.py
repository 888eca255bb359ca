"""The examples run as a reader would run them: the router serves calls, the workspace takes one."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from kinds import BLOCKING, World
from onduty_process import CLIENT, LONG, OndutyProcess, wait_until

from onduty.v1.staff_pb2 import CAUSE_CLAIM, STATUS_BUSY, STATUS_IN_LINE


@pytest.fixture
async def blocking(server: OndutyProcess):
    """A tenant with two staff, signed in."""
    world = World(BLOCKING, server.address)
    connection = world.connect()
    await world.create(connection, "ana", "ben")
    await world.sign_in(connection, "ana", "ben")
    yield world
    await world.close()


@contextlib.contextmanager
def example(name: str, world: World, *arguments: str) -> Iterator[tuple[subprocess.Popen, list[str]]]:
    """An example as a process, with the lines it printed so far; killed if it still runs."""
    paths = [] if os.environ.get("ONDUTY_CLIENT_INSTALLED") else [f"{CLIENT}", f"{CLIENT / 'gen'}"]
    process = subprocess.Popen(
        [sys.executable, CLIENT / "examples" / name, "--server", world.address, "--tenant", world.tenant, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONWARNINGS": "error"},
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(map(str.strip, process.stdout)), daemon=True)
    reader.start()
    try:
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(LONG)
        reader.join(LONG)
        process.stdin.close()
        process.stdout.close()


def desks(world: World):
    """What the staff answer: ana accepts, ben declines once and then accepts."""
    connection = world.connect()
    declined: list[str] = []
    made = {}

    def answer(staff) -> None:
        if not staff.HasField("offer"):
            return
        if staff.staff_id == "ben" and not declined:
            declined.append(staff.offer.call_id)
            made["ben"].decline(staff.offer.claim_id)
        else:
            made[staff.staff_id].accept(staff.offer.claim_id)

    for staff_id in ("ana", "ben"):
        made[staff_id] = world.kind.workspace(connection, staff_id, on_state=answer)
        made[staff_id].attach()
        made[staff_id].wait_attached(LONG)
    return made, declined


async def test_router_serves_every_call(blocking: World):
    """Four calls for two staff: offered, answered and ended, a missed one offered again; it ends with its input."""
    made, declined = desks(blocking)
    with example("router.py", blocking, "--skill-group", "cards", "--talk", "0.2") as (process, lines):
        process.stdin.write("c1\nc2\nc3\nc4\n")
        process.stdin.close()
        back = set()

        def drive() -> bool:
            for desk in made.values():
                if desk.state.HasField("wrap_up") and desk.state.revision not in back:
                    back.add(desk.state.revision)
                    desk.back_to_reception()
            return process.poll() is not None

        wait_until(drive, 2 * LONG, "the router's end")
        assert process.returncode == 0
    missed = declined[0]
    for call in ("c1", "c2", "c3", "c4"):
        what = [line.split()[1] for line in lines if line.startswith(f"{call} ")]
        tries = ["offered", "missed"] if call == missed else []
        assert what == [*tries, "offered", "answered", "ended"], (call, lines)
    assert f"{missed} missed ben" in lines


async def test_router_waits_for_somebody_without_asking(blocking: World):
    """Nobody available: it claims when the floor shows somebody; a signal ends it cleanly."""
    connection = blocking.connect()
    made = {staff_id: blocking.kind.workspace(connection, staff_id) for staff_id in ("ana", "ben")}
    for desk in made.values():
        desk.change_status(STATUS_BUSY)
    told: list = []
    floor = blocking.kind.router(connection).floor(on_change=told.append)
    floor.wait_current(LONG)
    with example("router.py", blocking, "--skill-group", "cards") as (process, lines):
        process.stdin.write("c1\n")
        process.stdin.flush()
        await blocking.sign_in(connection, "ben")
        wait_until(lambda: lines == ["c1 offered ben"])
        wait_until(lambda: floor.get("ben").offer.claim_id)
        made["ben"].accept(floor.get("ben").offer.claim_id)
        wait_until(lambda: lines[1:] == ["c1 answered ben"])
        wait_until(lambda: floor.get("ben").status == STATUS_IN_LINE)
        assert sum(one.transition is not None and one.transition.cause == CAUSE_CLAIM for one in told) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0


async def test_workspace_takes_one_call(blocking: World):
    """Signs in, accepts, counts down, goes back to reception and signs out."""
    connection = blocking.connect()
    router = blocking.kind.router(connection)
    await blocking.create(connection, "eve", groups=("loans",))
    with example("workspace.py", blocking, "--staff-id", "eve") as (process, lines):
        wait_until(lambda: lines == ["AVAILABLE"])
        router.claim_member("c1", "loans")
        wait_until(lambda: "IN_LINE" in lines)
        router.call_ended("eve", "c1")
        assert process.wait(LONG) == 0
    assert [line for line in lines if not line.startswith("wrap-up")] == [
        "AVAILABLE",
        "AVAILABLE",
        "IN_LINE",
        "AFTER_CALL_WORK",
        "AVAILABLE",
        "OFFLINE",
    ]
    countdown = [re.fullmatch(r"wrap-up ends in (\d+) s", line) for line in lines[4:6]]
    assert all(countdown), lines
    first, second = (int(one[1]) for one in countdown)
    assert 0 < second < first < 60
