"""One person's calls at two switches whose facts all have instants: told in whatever order, however often, they come out right.

Where ``test_simulated_switch`` has facts that are late by seconds, any fact may come last of all here. Calls have named legs or
none, an end may be of all legs, and a list may be older than everything that is known.
"""

import os
from dataclasses import dataclass

from domain_builders import T0, Person, in_status, later
from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples
from unhurried import UNHURRIED

from onduty_server.domain.model.commands import SourceCall
from onduty_server.domain.model.status import Direction, Instant, Status

SEARCH = int(os.environ.get("ONDUTY_SEARCH", "0"))
CLOCKS = {"east": 0, "west": -5}
"""How far each switch's clock is off, in seconds."""

Leg = tuple[str, str, str]
"""Source, call id and leg."""


@dataclass(frozen=True)
class Told:
    """A fact, or with ``listed`` a list of all legs that run at a source."""

    kind: str
    leg: Leg
    at: Instant
    listed: tuple[Leg, ...] = ()

    def reach(self, person: Person) -> None:
        """Tell it."""
        source, call_id, leg = self.leg
        match self.kind:
            case "start":
                person.call_starts(call_id, source=source, leg=leg, occurred_at=self.at)
            case "end":
                person.call_ends(call_id, source=source, leg=leg, occurred_at=self.at)
            case _:
                calls = [SourceCall(one, Direction.INBOUND, leg=leg) for _, one, leg in self.listed]
                person.reconciled(*calls, source=source, observed_at=self.at)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Told], set[Leg]]:
    """What happened, second by second, and who talks at the end of it."""
    running: set[Leg] = set()
    told = []
    for second in range(draw(st.integers(1, 9))):
        source = draw(st.sampled_from(sorted(CLOCKS)))
        call_id, leg = draw(st.sampled_from([("plain", ""), ("legged", "a"), ("legged", "b")]))
        at, own = later(T0, second + CLOCKS[source]), (source, call_id, leg)
        match draw(st.sampled_from(["one", "one", "all", "list"])):
            case "all" if leg and any(one[:2] == own[:2] for one in running):
                running -= {one for one in running if one[:2] == own[:2]}
                told.append(Told("end", (source, call_id, ""), at))
            case "list":
                told.append(Told("list", own, at, tuple(sorted(one for one in running if one[0] == source))))
            case _ if own in running:
                running.remove(own)
                told.append(Told("end", own, at))
            case _:
                running.add(own)
                told.append(Told("start", own, at))
    return told, running


@settings(UNHURRIED, derandomize=not SEARCH, database=None, max_examples=SEARCH or examples(200))
@given(days(), st.data())
def test_facts_in_any_order_say_who_talks(day: tuple[list[Told], set[Leg]], data: st.DataObject):
    """At rest exactly those legs are in progress that began and did not end since."""
    facts, running = [one for one in day[0] if one.kind != "list"], day[1]
    again = data.draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    _check(data.draw(st.permutations(facts + again)), running, data)


@settings(UNHURRIED, derandomize=not SEARCH, database=None, max_examples=SEARCH or examples(200))
@given(days(), st.data())
def test_lists_of_any_age_end_and_start_nothing_wrong(day: tuple[list[Told], set[Leg]], data: st.DataObject):
    """Lists that come late, among facts in their order, leave alone what began or ended since."""
    told, running = day
    late = [data.draw(st.integers(0, len(told))) if one.kind == "list" else 0 for one in told]
    in_turn = sorted(range(len(told)), key=lambda number: number + late[number])
    _check([told[number] for number in in_turn], running, data)


def _check(told: list[Told], running: set[Leg], data: st.DataObject) -> None:
    person = in_status(Status.AVAILABLE)
    for one in told:
        person.wait(data.draw(st.sampled_from([0, 1, 30])))
        one.reach(person)
    assert {(call.source, call.call_id, call.leg) for call in person.state.calls} == running
    assert (person.status is Status.IN_LINE) is bool(running)
