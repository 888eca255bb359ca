"""A simulated telephone switch: what truly happens on its lines, and the facts that it tells of it, in its own time.

It knows who talks. What it tells is late, twice and out of order, with instants of a clock of its own and lists that are a
moment old; who plays it says by how much.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from onduty_server.domain.model.status import Direction, Instant, Micros, seconds

IDS = 40
"""How many call ids a switch has: it begins again after so many, as small systems do."""


class Line(NamedTuple):
    """A leg of a call at a person."""

    staff_id: str
    call_id: str
    leg: str


class Fact(NamedTuple):
    """What is told of a line. ``life`` numbers the lives of all lines; ``started`` False: it ended."""

    life: int
    started: bool
    line: Line
    direction: Direction
    occurred_at: Instant | None


class CallList(NamedTuple):
    """All lines of the switch as they were at ``observed_at``, by its own clock; with each line's beginning, if it says so."""

    observed_at: Instant
    lines: tuple[tuple[Line, Direction, Instant | None], ...]


@dataclass
class Life:
    """A line that talks: since when by the switch's clock."""

    number: int
    since: Instant
    direction: Direction


@dataclass
class Switch:
    """One switch. ``skew`` is how far its clock is ahead; it names channels (``legs``), tells instants (``clock``), or both.

    Of ``undated_every`` facts the last has no instant. With ``prefix``, which makes its call ids its own, its second
    worker does not name it.
    """

    name: str
    skew: Micros = Micros(0)
    legs: bool = False
    clock: bool = True
    undated_every: int = 0
    prefix: str = ""
    lines: dict[Line, Life] = field(default_factory=dict)
    parked: list[str] = field(default_factory=list)
    tell: Callable[["Switch", Fact, Instant], None] = lambda _switch, _fact, _now: None
    lives: int = 0
    calls: int = 0
    facts: int = 0

    def named_by(self, worker: int) -> str:
        """The source that a worker names, from 0."""
        return "" if self.prefix and worker else self.name

    # --- what happens -------------------------------------------------------------------------------------------------

    def rings(self, staff_id: str, now: Instant, direction: Direction = Direction.INBOUND) -> None:
        """A new call, under the next id that is free, is answered by a person."""
        for _ in range(IDS):
            self.calls += 1
            call_id = self._last_id()
            if call_id not in self.parked and all(line.call_id != call_id for line in self.lines):
                self._start(staff_id, call_id, now, direction)
                return

    def transfers(self, line: Line, to: str, now: Instant) -> None:
        """A blind transfer: the call goes over to another person."""
        if to != line.staff_id:
            self._start(to, line.call_id, now, Direction.TRANSFER)
            self._end(line, now)

    def consults(self, line: Line, with_whom: str, now: Instant) -> None:
        """A consultation: a call of its own between two people, one of whom keeps a call."""
        if with_whom != line.staff_id:
            self.rings(line.staff_id, now, Direction.INTERNAL)
            call_id = self._last_id()
            if any(one.call_id == call_id for one in self.lines):
                self._start(with_whom, call_id, now, Direction.INTERNAL)

    def confers(self, line: Line, with_whom: str, now: Instant) -> None:
        """A conference: another person joins a call."""
        self._start(with_whom, line.call_id, now, Direction.TRANSFER)

    def parks(self, line: Line, now: Instant) -> None:
        """The call waits for whoever takes it."""
        if all(other.call_id != line.call_id for other in self.lines if other != line):
            self.parked.append(line.call_id)
            self._end(line, now)

    def takes(self, staff_id: str, now: Instant) -> None:
        """A parked call is taken, by whoever had it before or by another."""
        if self.parked:
            self._start(staff_id, self.parked.pop(0), now, Direction.TRANSFER)

    def leaves(self, line: Line, now: Instant) -> None:
        """One person hangs up."""
        self._end(line, now)

    def hangs_up(self, call_id: str, now: Instant) -> None:
        """The call ends, for everybody."""
        for line in [line for line in self.lines if line.call_id == call_id]:
            self._end(line, now)

    def listed(self, now: Instant) -> CallList:
        """The switch's list at this instant."""
        found = tuple((line, life.direction, life.since if self.clock else None) for line, life in sorted(self.lines.items()))
        return CallList(self._time(now), found)

    # --- telling ------------------------------------------------------------------------------------------------------

    def _time(self, now: Instant) -> Instant:
        return Instant(now + self.skew)

    def _last_id(self) -> str:
        return f"{self.prefix}{self.calls % IDS}"

    def _start(self, staff_id: str, call_id: str, now: Instant, direction: Direction) -> None:
        self.lives += 1
        line = Line(staff_id, call_id, f"{self.name}/{self.lives}" if self.legs else "")
        if line not in self.lines:
            self.lines[line] = Life(self.lives, self._time(now), direction)
            self._say(line, self.lines[line], now, started=True)

    def _end(self, line: Line, now: Instant) -> None:
        self._say(line, self.lines.pop(line), now, started=False)

    def _say(self, line: Line, life: Life, now: Instant, *, started: bool) -> None:
        self.facts += 1
        is_dated = self.clock and not (self.undated_every and self.facts % self.undated_every == 0)
        at = self._time(now) if is_dated else None
        self.tell(self, Fact(life.number, started, line, life.direction, at), now)


@dataclass
class Traffic:
    """Plays switches at random: each step is something that happens on one of them."""

    switches: Sequence[Switch]
    people: Sequence[str]
    chance: random.Random

    def step(self, now: Instant, busy: float = 0.6) -> None:
        """One thing happens. ``busy``: beyond this share of people in calls, calls rather end than begin."""
        switch, chance = self.chance.choice(self.switches), self.chance
        talking = {line.staff_id for one in self.switches for line in one.lines}
        lines = list(switch.lines)
        who = chance.choice(self.people)
        if not lines or (len(talking) < busy * len(self.people) and chance.random() < 0.3):
            idle = [name for name in (who, *chance.sample(self.people, min(5, len(self.people)))) if name not in talking]
            crossed = chance.random() < 0.05
            switch.rings(who if crossed or not idle else idle[0], now)
            return
        line = chance.choice(lines)
        happenings: list[tuple[float, Callable[[], None]]] = [
            (3, lambda: switch.hangs_up(line.call_id, now)),
            (1, lambda: switch.leaves(line, now)),
            (1, lambda: switch.transfers(line, who, now)),
            (1, lambda: switch.consults(line, who, now)),
            (1, lambda: switch.confers(line, who, now)),
            (1, lambda: switch.parks(line, now)),
            (2, lambda: switch.takes(line.staff_id if chance.random() < 0.5 else who, now)),
        ]
        chance.choices([one for _, one in happenings], [weight for weight, _ in happenings])[0]()


def some_switches(tell: Callable[[Switch, Fact, Instant], None]) -> list[Switch]:
    """Two switches whose clocks are 5 s and -2 s off, one with channels and one without; a third with channels and no clock.

    These use the same call ids. A fourth dates only two of three facts, and one of its workers does not name it.
    """
    return [
        Switch("pbx-a", Micros(seconds(5)), tell=tell),
        Switch("pbx-b", Micros(-seconds(2)), legs=True, tell=tell),
        Switch("pbx-c", legs=True, clock=False, tell=tell),
        Switch("pbx-d", Micros(seconds(1)), legs=True, undated_every=3, prefix="d", tell=tell),
    ]


def talking(switches: Iterable[Switch]) -> dict[str, set[tuple[str, str, str]]]:
    """Who truly talks: by person, source, call id and leg."""
    found: dict[str, set[tuple[str, str, str]]] = {}
    for switch in switches:
        for line in switch.lines:
            found.setdefault(line.staff_id, set()).add((switch.name, line.call_id, line.leg))
    return found
