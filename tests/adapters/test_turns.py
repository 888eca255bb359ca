"""Scans run in turn: one of a tenant, on few threads, and none goes on for nobody."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from patience import PATIENCE_SECONDS
from wait_until import wait_until

from onduty_server.adapters.turns import OWN, Turns
from onduty_server.domain.model.errors import JournalUnavailableError, OverloadedError, QueryTooLongError


@dataclass
class Host:
    """Runs calls that end when they are let go, or when they are stopped."""

    ran: list[str]
    stopped: threading.Event = field(default_factory=threading.Event)

    def stop_query(self) -> None:
        """See ``Stoppable``."""
        self.stopped.set()

    def run(self, name: str) -> str:
        """A call that ends by itself."""
        self.ran.append(name)
        return name

    def hang(self, name: str) -> None:
        """A call that ends only where it is stopped."""
        self.ran.append(name)
        assert self.stopped.wait(PATIENCE_SECONDS)
        self.stopped.clear()
        raise InterruptedError(name)

    def hold(self, name: str, gate: threading.Event) -> str:
        """A call that ends when the gate opens, stopped or not."""
        self.ran.append(name)
        assert gate.wait(PATIENCE_SECONDS)
        return name


@pytest.fixture
def hosts() -> list[Host]:
    """One list for what all of them ran."""
    ran: list[str] = []
    return [Host(ran), Host(ran)]


@pytest.fixture
async def lanes(hosts: list[Host]) -> AsyncIterator[Turns[Host]]:
    """Two threads."""
    made = Turns("test", hosts, seconds_most=PATIENCE_SECONDS)
    yield made
    made.close()
    for host in hosts:
        host.stop_query()
    await asyncio.to_thread(made.stop)


@pytest.fixture
async def lane(hosts: list[Host]) -> AsyncIterator[Turns[Host]]:
    """One thread."""
    made = Turns("test", hosts[:1], seconds_most=PATIENCE_SECONDS)
    yield made
    made.close()
    hosts[0].stop_query()
    await asyncio.to_thread(made.stop)


async def begun(hosts: list[Host], name: str) -> None:
    """Wait until this call runs."""
    await asyncio.to_thread(wait_until, lambda: name in hosts[0].ran)


async def test_tenants_take_turns(lane: Turns[Host], hosts: list[Host]):
    """However many calls one tenant has waiting, another waits for one of them at most; the service's own goes first."""
    gate = threading.Event()
    first = asyncio.create_task(lane.call("busy", Host.hold, "busy", gate))
    await begun(hosts, "busy")
    order = [
        ("busy", "busy 1"),
        ("busy", "busy 2"),
        ("other", "other 1"),
        ("third", "third"),
        ("other", "other 2"),
        (OWN, "own"),
    ]
    calls = [asyncio.create_task(lane.call(tenant, Host.run, name)) for tenant, name in order]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(first, *calls) == ["busy", *(name for _, name in order)]
    assert hosts[0].ran == ["busy", "own", "busy 1", "other 1", "third", "busy 2", "other 2"]


async def test_a_tenant_has_one_call_running(lanes: Turns[Host], hosts: list[Host]):
    """Also where a thread is free, which is another tenant's."""
    gate = threading.Event()
    held = asyncio.create_task(lanes.call("busy", Host.hold, "held", gate))
    await begun(hosts, "held")
    waiting = asyncio.create_task(lanes.call("busy", Host.run, "waiting"))
    for number in range(20):
        assert await lanes.call("other", Host.run, f"other {number}") == f"other {number}"
    assert "waiting" not in hosts[0].ran
    gate.set()
    assert await asyncio.gather(held, waiting) == ["held", "waiting"]


async def test_who_stops_waiting_stops_the_call(lane: Turns[Host], hosts: list[Host]):
    """Its thread is free for the next one, which is not harmed."""
    hanging = asyncio.create_task(lane.call("busy", Host.hang, "hanging"))
    await begun(hosts, "hanging")
    following = asyncio.create_task(lane.call("busy", Host.run, "following"))
    hanging.cancel()
    assert await asyncio.wait_for(following, PATIENCE_SECONDS) == "following"
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert not hosts[0].stopped.is_set()


async def test_a_call_that_nobody_waits_for_is_never_begun(lane: Turns[Host], hosts: list[Host]):
    """Its place in the line is given up; those behind it move up."""
    gate = threading.Event()
    held = asyncio.create_task(lane.call("busy", Host.hold, "held", gate))
    await begun(hosts, "held")
    calls = [asyncio.create_task(lane.call(tenant, Host.run, tenant)) for tenant in ("a", "b", "c")]
    await asyncio.sleep(0)
    calls[1].cancel()
    gate.set()
    assert await asyncio.gather(held, calls[0], calls[2]) == ["held", "a", "c"]
    assert hosts[0].ran == ["held", "a", "c"]


async def test_a_turn_that_comes_with_the_cancellation_is_given_back(lane: Turns[Host], hosts: list[Host]):
    """The thread is not lost."""
    for number in range(20):
        call = asyncio.create_task(lane.call("a", Host.run, f"a {number}"))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        call.cancel()
        assert await asyncio.wait_for(lane.call("b", Host.run, "b"), PATIENCE_SECONDS) == "b"


async def test_what_takes_too_long_is_stopped(hosts: list[Host]):
    """With an error that says how long it may take. What the service itself reads may take as long as it does."""
    lane = Turns("test", hosts[:1], seconds_most=0.01)
    with pytest.raises(QueryTooLongError, match=r"longer than 0\.01 s"):
        await lane.call("a", Host.hang, "hanging")
    gate = threading.Event()
    own = asyncio.create_task(lane.call(OWN, Host.hold, "own", gate))
    await begun(hosts, "own")
    assert not (await asyncio.wait([own], timeout=0.05))[0]
    gate.set()
    assert await own == "own"
    lane.close()
    await asyncio.to_thread(lane.stop)


async def test_a_line_is_bounded(hosts: list[Host]):
    """More of one tenant are refused; others, and the service itself, are not."""
    lane = Turns("test", hosts[:1], waiting_most=2)
    gate = threading.Event()
    calls = [asyncio.create_task(lane.call("busy", Host.hold, "held", gate))]
    await begun(hosts, "held")
    calls += [asyncio.create_task(lane.call("busy", Host.run, "waiting")) for _ in range(2)]
    calls += [asyncio.create_task(lane.call(OWN, Host.run, "own")) for _ in range(3)]
    calls.append(asyncio.create_task(lane.call("other", Host.run, "other")))
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError, match="more than 2 reads of the history are waiting"):
        await lane.call("busy", Host.run, "too much")
    gate.set()
    await asyncio.gather(*calls)
    lane.close()
    await asyncio.to_thread(lane.stop)


async def test_a_turn_that_comes_with_the_closing_is_refused(hosts: list[Host]):
    """A call is never handed to a thread that has ended."""
    lane = Turns("test", hosts[:1])
    call = asyncio.create_task(lane.call("a", Host.run, "a"))
    await asyncio.sleep(0)
    lane.close()
    await asyncio.to_thread(lane.stop)
    outcomes = await asyncio.wait_for(asyncio.gather(call, return_exceptions=True), PATIENCE_SECONDS)
    assert outcomes == ["a"] or isinstance(outcomes[0], JournalUnavailableError)


async def test_closing_refuses_what_waits(hosts: list[Host]):
    """And all that comes later; what runs comes to its end."""
    lane = Turns("test", hosts[:1])
    gate = threading.Event()
    held = asyncio.create_task(lane.call("a", Host.hold, "held", gate))
    await begun(hosts, "held")
    waiting = asyncio.create_task(lane.call("a", Host.run, "waiting"))
    await asyncio.sleep(0)
    lane.close()
    for late in (waiting, lane.call("b", Host.run, "late")):
        with pytest.raises(JournalUnavailableError, match="being closed"):
            await late
    gate.set()
    assert await held == "held"
    await asyncio.to_thread(lane.stop)
