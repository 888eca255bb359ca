"""Simulated switches against the rules: their facts come late, twice, shuffled and beside stale lists, and come out right.

At rest exactly those who talk are IN_LINE with exactly their calls. While it runs nobody who talks, and of whom that was told,
can be assigned a call. ``ONDUTY_SEARCH=500`` looks further, with so many runs.
"""

import heapq
import os
import random
from collections.abc import Callable

import pytest
from domain_builders import BY_ADMIN, BY_ROUTER, T0, chosen, rules
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from simulated_switch import CallList, Fact, Switch, Traffic, some_switches, talking
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.ended_legs import EndedLegs
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Instant, Status, seconds
from onduty_server.domain.rules import knowledge
from onduty_server.domain.rules.deadlines import next_deadline
from onduty_server.domain.rules.decide import create, decide
from onduty_server.domain.rules.effects import facts

SEARCH = int(os.environ.get("ONDUTY_SEARCH", "0"))
PEOPLE = [f"p{number}" for number in range(8)]


class Hall:
    """People under the rules, and what is on its way to them."""

    def __init__(self, chance: random.Random, switches: int) -> None:
        """Everybody is AVAILABLE; nobody talks. The first so many switches are played."""
        self.chance = chance
        self.now = T0
        self.rules = rules(wrap_up_enabled=False)
        self.switches = some_switches(self._tell)[:switches]
        self.traffic = Traffic(self.switches, PEOPLE, chance)
        self.staff: dict[str, StaffState] = {}
        self.starts = dict.fromkeys(PEOPLE, 0)
        self.told: set[tuple[str, int]] = set()
        self._waiting: list[tuple[Instant, int, Callable[[], None]]] = []
        self._number = 0
        for name in PEOPLE:
            self.staff[name], _ = create(commands.CreateStaff(name, name, (), BY_ADMIN), self.rules, self.now)
            self._do(name, commands.ChangeStatus(chosen(Status.AVAILABLE), BY_ROUTER))

    # --- what is on its way -------------------------------------------------------------------------------------------

    def _send(self, least: float, most: float, deliver: Callable[[], None]) -> None:
        self._number += 1
        due = Instant(self.now + seconds(self.chance.uniform(least, most)))
        heapq.heappush(self._waiting, (due, self._number, deliver))

    def _tell(self, switch: Switch, fact: Fact, _now: Instant) -> None:
        """Two workers tell the fact, each in its own time."""
        for worker, slowest in enumerate((0.5, 3)):
            self._send(0, slowest, lambda worker=worker: self._hear(switch, fact, switch.named_by(worker)))

    def _hear(self, switch: Switch, fact: Fact, source: str) -> None:
        line = fact.line
        if fact.started:
            call = commands.SourceCall(line.call_id, fact.direction, fact.occurred_at, line.leg)
            self._do(line.staff_id, commands.CallStarted(call, source, BY_ROUTER))
            self.told.add((switch.name, fact.life))
        else:
            ended = commands.CallEnded(line.call_id, BY_ROUTER, fact.occurred_at, source, line.leg)
            self._do(line.staff_id, ended)

    def lists(self) -> None:
        """Each switch gathers its list; it arrives 50 to 500 ms later."""
        for switch in self.switches:
            taken = switch.listed(self.now)
            self._send(0.05, 0.5, lambda switch=switch, taken=taken: self._hear_list(switch, taken))

    def _hear_list(self, switch: Switch, taken: CallList) -> None:
        for name in PEOPLE:
            calls = tuple(
                commands.SourceCall(line.call_id, direction, since, line.leg)
                for line, direction, since in taken.lines
                if line.staff_id == name
            )
            self._do(name, commands.ReconcileCalls(switch.name, calls, BY_ROUTER, taken.observed_at))

    def _do(self, name: str, command: commands.Command) -> None:
        state = self.staff[name]
        while (due := next_deadline(state)) is not None and due.at <= self.now:
            state, change, _ = decide(state, commands.Expire(), self.rules, self.now)
            assert change is not None
        self.staff[name], change, _ = decide(state, command, self.rules, self.now)
        self.starts[name] += 0 if change is None else change.calls_started

    # --- running ------------------------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """Things happen, some ten a second, and the facts of them arrive."""
        for number in range(steps):
            self.traffic.step(self.now)
            if number % 7 == 0:
                self.lists()
            self._pass(self.chance.uniform(0.001, 0.3))
            self.check_running()

    def rest(self) -> None:
        """Nothing happens any more until everything has arrived."""
        self._pass(5)
        assert not self._waiting

    def _pass(self, for_seconds: float) -> None:
        until = Instant(self.now + seconds(for_seconds))
        while self._waiting and self._waiting[0][0] <= until:
            self.now, _, deliver = heapq.heappop(self._waiting)
            deliver()
        self.now = until

    def check_running(self) -> None:
        """Nobody who talks, and of whom that was told, can be assigned a call."""
        for switch in self.switches:
            for line, life in switch.lines.items():
                if (switch.name, life.number) in self.told:
                    assert not self.staff[line.staff_id].capabilities.assign_inbound, (line, self.staff[line.staff_id])

    def check_rest(self) -> None:
        """Exactly those who talk are in line, with exactly their calls."""
        truth = talking(self.switches)
        for name, state in self.staff.items():
            known = {(call.source, call.call_id, call.leg) for call in state.calls}
            assert known == truth.get(name, set()), name
            assert (state.status is Status.IN_LINE) is bool(known)


def _play(seed: int, steps: int, switches: int = 4) -> Hall:
    hall = Hall(random.Random(seed), switches)
    for _ in range(4):
        hall.run(steps // 4)
        hall.rest()
        hall.check_rest()
    return hall


@settings(UNHURRIED, derandomize=not SEARCH, database=None, max_examples=SEARCH or examples(25))
@given(st.integers(0, 2**32), st.integers(20, 120))
def test_whoever_talks_is_in_line(seed: int, steps: int):
    """At rest the state says exactly who talks; while it runs nobody who talks and was told to is assignable."""
    _play(seed, steps)


def test_whoever_talks_is_in_line_for_long():
    """The same for thousands of events, with call ids that come round again and again."""
    hall = _play(1, 4000)
    assert sum(hall.starts.values()) > 1000


# --- planted faults ---------------------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[object, str, object]] = {
    "ends are not remembered": (EndedLegs, "plus", lambda self, _ended: self),
    "the source does not count": (knowledge, "_fits", lambda one, told: one.call_id == told.call_id),
    "order goes by arrival only": (
        knowledge,
        "_by_sources",
        lambda draft, ended, _reported: knowledge._by_arrival(draft, ended),
    ),
    "an end is never of an earlier life": (knowledge, "_began_later", lambda _call, _at, _ended: False),
    "a list is as new as its arrival": (
        facts,
        "known_of_unlisted",
        lambda _draft, call, _command: knowledge.Knowledge(knowledge.Known.RUNNING, (call,)),
    ),
    "a later start does not move the beginning": (facts, "_later", lambda one, other: other if one is None else one),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault, monkeypatch: pytest.MonkeyPatch):
    """The simulation can fail: with a rule broken on purpose some run comes out wrong."""
    monkeypatch.setattr(*FAULTS[fault])
    assert any(_comes_out_wrong(seed) for seed in range(20))


def _comes_out_wrong(seed: int) -> bool:
    try:
        _play(seed, 400, switches=3)
    except AssertionError:
        return True
    return False
