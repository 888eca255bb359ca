"""Runs a router and a wallboard of every language through a kill, an outage and a stopped process, and tells what came of it.

    .venv/bin/python -m conformance.outages --seconds 60      (in tests/)

Each router gives an outbox the start and the end of a call in turn; each wallboard is a floor. It fails where a fact is not
taken once, somebody is left in a call, or a floor does not show what the server does.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import grpc
from conformance.runner.driver import Driver, prefixed
from conformance.runner.rows import rows_named
from conformance.runner.server import ServerProcess
from conformance.runner.session import driving
from google.protobuf.json_format import MessageToDict
from service_stubs import Stubs

from onduty.v1 import admin_service_pb2, history_service_pb2, router_service_pb2, staff_pb2

TENANT: Final = "outages"
METADATA: Final = (("onduty-tenant", TENANT),)
ROWS: Final = ("python", "python-sync", "go", "typescript", "java")
SHORT_SECONDS: Final = 2.0
BETWEEN_FACTS_SECONDS: Final = 0.35
PATIENCE_SECONDS: Final = 60.0
CURRENT_MOST_SECONDS: Final = 30.0


class Program:
    """One row's router and wallboard, with what they have told."""

    def __init__(self, name: str, driver: Driver) -> None:
        """The driver is running."""
        self.name = name
        self.staff_id = f"staff-{name}"
        self._driver = driver
        self._inbox = driver.inbox("outages")
        self.given: list[str] = []
        self.settled: dict[str, list[tuple[float, Any]]] = {}
        self.states: list[tuple[float, str]] = []
        self.left: list[Any] = []
        self._ends = asyncio.Event()

    async def ask(self, verb: str, **parameters: Any) -> Any:
        """The driver's answer."""
        return await self._driver.ask(prefixed({"do": verb, **parameters}, "outages"))

    async def begin(self, target: str) -> None:
        """Connect with the options' defaults, and open both."""
        await self.ask("connect", name="main", options={"target": target, "tenant": TENANT})
        await self.ask("floor.open", connection="main", floor="board", filter={}, options={})
        await self.ask("outbox.open", connection="main", outbox="facts", options={})
        await self.ask("floor.wait", floor="board", timeout=PATIENCE_SECONDS)

    async def listen(self) -> None:
        """Note what is told."""
        while True:
            event = await self._inbox.get()
            if event["event"] == "settled":
                self.settled.setdefault(event["request_id"], []).append((time.monotonic(), event["error"]))
            elif event["event"] == "floor_state":
                self.states.append((time.monotonic(), event["state"]))

    async def route(self) -> None:
        """Give facts until the end: a call starts, then it ends."""
        number = 0
        while not self._ends.is_set():
            for kind in ("started", "ended"):
                fact = {"staff_id": self.staff_id, "call_id": f"call-{number}", "source": self.name}
                answer = await self.ask("outbox.add", outbox="facts", fact={kind: fact})
                self.given.append(answer["request_id"])
                await asyncio.sleep(BETWEEN_FACTS_SECONDS)
            number += 1

    async def end(self, routing: "asyncio.Task[None]") -> None:
        """Give no more facts and have all of them delivered."""
        self._ends.set()
        await routing
        await self.ask("outbox.flush", outbox="facts", timeout=PATIENCE_SECONDS)
        self.left = (await self.ask("outbox.close", outbox="facts", timeout=1))["left"]

    def first_fact_after(self, instant: float) -> float | None:
        """Seconds from an instant until a fact was taken."""
        taken = [at for told in self.settled.values() for at, error in told if error is None and at > instant]
        return min(taken) - instant if taken else None

    def current_after(self, instant: float) -> float | None:
        """Seconds from an instant until the floor was current again; 0 where it was already."""
        if [state for at, state in self.states if at <= instant][-1:] == ["CURRENT"]:
            return 0.0
        later = [at for at, state in self.states if at > instant and state == "CURRENT"]
        return later[0] - instant if later else None


async def outages(server: ServerProcess, seconds: float) -> list[tuple[str, float]]:
    """Three troubles, each with when it was over."""
    over = []
    for name, sig, length in (("kill -9", signal.SIGKILL, SHORT_SECONDS), ("outage", signal.SIGKILL, seconds)):
        await server.terminate(sig)
        await asyncio.sleep(length)
        await server.start()
        over.append((f"{name}, {length:g} s", time.monotonic()))
        await asyncio.sleep(CURRENT_MOST_SECONDS)
    await server.stall()
    await asyncio.sleep(seconds)
    await server.proceed()
    over.append((f"SIGSTOP, {seconds:g} s", time.monotonic()))
    await asyncio.sleep(CURRENT_MOST_SECONDS)
    return over


async def judged(program: Program, stubs: Stubs) -> list[str]:
    """What is wrong with a program's work; nothing where all is well."""
    faults = []
    outcomes = {request_id: program.settled.get(request_id, []) for request_id in program.given}
    if wrong := {key: told for key, told in outcomes.items() if len(told) != 1 or told[0][1] is not None}:
        faults.append(f"{len(wrong)} facts were not taken once: {dict(list(wrong.items())[:3])}")
    if program.left:
        faults.append(f"{len(program.left)} facts are left")
    found = await stubs.router.ListStaff(router_service_pb2.ListStaffRequest(page_size=1000), metadata=METADATA)
    staff = [MessageToDict(one, preserving_proto_field_name=True) for one in found.staff]
    if stuck := [one["staff_id"] for one in staff if one.get("calls")]:
        faults.append(f"in a call: {stuck}")
    shown = await program.ask("floor.read", floor="board")
    if shown["state"] != "CURRENT" or shown["staff"] != staff:
        faults.append(f"the floor is {shown['state']} and does not show what the server does")
    return faults


async def starts_recorded(stubs: Stubs, staff_id: str) -> int:
    """How many calls the history has the start of."""
    causes = history_service_pb2.TransitionFilter(causes=[staff_pb2.CAUSE_CALL_STARTED], staff_ids=[staff_id])
    request, count = history_service_pb2.ListTransitionsRequest(filter=causes, page_size=1000), 0
    while True:
        page = await stubs.history.ListTransitions(request, metadata=METADATA)
        count += len(page.transitions)
        request.page_token = page.next_page_token
        if not request.page_token:
            return count


async def run(names: Sequence[str], seconds: float) -> int:
    """All rows at once on one server; the exit code."""
    rows = [row for row in rows_named(names) if not row.absent]
    async with AsyncExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        server = await ServerProcess(folder / "journal.db").start()
        opened.push_async_callback(server.terminate)
        channel = grpc.aio.insecure_channel(server.address, [("grpc.max_reconnect_backoff_ms", 1_000)])
        opened.push_async_callback(channel.close)
        stubs = Stubs(channel)
        programs = [Program(row.name, await opened.enter_async_context(driving(row))) for row in rows]
        for program in programs:
            await stubs.admin.CreateStaff(
                admin_service_pb2.CreateStaffRequest(staff_id=program.staff_id), metadata=METADATA, wait_for_ready=True
            )
            await program.begin(server.address)
        listening = [asyncio.create_task(program.listen()) for program in programs]
        routing = [asyncio.create_task(program.route()) for program in programs]
        over = await outages(server, seconds)
        await asyncio.gather(*(program.end(task) for program, task in zip(programs, routing, strict=True)))
        await asyncio.sleep(1)
        code = 0
        say(f"| row | facts given | starts recorded | {' | '.join(name for name, _ in over)} | faults |")
        say(f"|---|---|---|{'---|' * len(over)}---|")
        for program in programs:
            faults = await judged(program, stubs)
            starts = await starts_recorded(stubs, program.staff_id)
            if starts * 2 != len(program.given):
                faults.append(f"{starts} starts are recorded")
            tell(program, over, starts, faults)
            code = code or bool(faults)
        for task in listening:
            task.cancel()
    return int(code)


def tell(program: Program, over: Sequence[tuple[str, float]], starts: int, faults: Sequence[str]) -> None:
    """One program's row of the table."""
    cells = [f"{_seconds(program.first_fact_after(at))} / {_seconds(program.current_after(at))}" for _, at in over]
    say(f"| {program.name} | {len(program.given)} | {starts} | {' | '.join(cells)} | {'; '.join(faults) or 'none'} |")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _seconds(length: float | None) -> str:
    return "never" if length is None else f"{length:.1f} s"


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the server is away, and how long it is stopped")
    parser.add_argument("rows", nargs="*", default=list(ROWS), help="whose clients; all where none is named")
    options = parser.parse_args()
    say("a cell: seconds from the end of the trouble to the first fact taken / to the floor being current")
    return asyncio.run(run(options.rows, options.seconds))


if __name__ == "__main__":
    sys.exit(main())
