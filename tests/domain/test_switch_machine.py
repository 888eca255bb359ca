"""A simulated switch driven step by step, so that a failure shrinks: facts arrive late, twice and in any order.

Unlike in ``test_simulated_switch`` nothing is left to a seed: what happens on the lines and what is delivered when are choices
of Hypothesis. The switch names its channels or not, and tells its clock's instants.
"""

from typing import NamedTuple

from domain_builders import BY_ADMIN, BY_ROUTER, BY_STAFF, T0, chosen
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from simulated_switch import CallList, Fact, Line, Switch, talking
from unhurried import UNHURRIED

from onduty_server.domain.model import commands
from onduty_server.domain.model.policy import Policy, Rules
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Direction, Instant, Micros, Status, seconds
from onduty_server.domain.rules.deadlines import next_deadline
from onduty_server.domain.rules.decide import create, decide

PEOPLE = ("ana", "ben", "cid")
who = st.sampled_from(PEOPLE)
pick = st.integers(0, 7)


class Waiting(NamedTuple):
    """What a switch has told and the server has not heard yet."""

    switch: Switch
    told: Fact | CallList


class OneSwitch(RuleBasedStateMachine):
    """Three people on one switch; what it tells waits until it is delivered."""

    @initialize(skew=st.sampled_from([-2, 0, 5]), legs=st.booleans(), wrap_up=st.booleans())
    def begins(self, skew: int, legs: bool, wrap_up: bool) -> None:
        """Everybody is available."""
        self.now = T0
        self.rules = Rules(Policy(wrap_up_enabled=wrap_up))
        self.switch = Switch("pbx", Micros(seconds(skew)), legs=legs, tell=self._tell)
        self.waiting: list[Waiting] = []
        self.heard: set[int] = set()
        self.staff: dict[str, StaffState] = {}
        for name in PEOPLE:
            self.staff[name], _ = create(commands.CreateStaff(name, name, (), BY_ADMIN), self.rules, self.now)
            self._do(name, commands.ChangeStatus(chosen(Status.AVAILABLE), BY_STAFF))

    # --- what happens on the lines ------------------------------------------------------------------------------------

    def _line(self, number: int) -> Line | None:
        lines = sorted(self.switch.lines)
        return lines[number % len(lines)] if lines else None

    @rule(name=who)
    def rings(self, name: str) -> None:
        """A call comes and is answered."""
        self._pass(0.01)
        self.switch.rings(name, self.now)

    @rule(number=pick, name=who)
    def transfers(self, number: int, name: str) -> None:
        """A call goes over to another person, or back."""
        self._pass(0.01)
        if (line := self._line(number)) is not None:
            self.switch.transfers(line, name, self.now)

    @rule(number=pick)
    def parks(self, number: int) -> None:
        """A call waits for whoever takes it."""
        self._pass(0.01)
        if (line := self._line(number)) is not None:
            self.switch.parks(line, self.now)

    @rule(name=who)
    def takes(self, name: str) -> None:
        """A parked call is taken."""
        self._pass(0.01)
        self.switch.takes(name, self.now)

    @rule(number=pick)
    def hangs_up(self, number: int) -> None:
        """A call ends for everybody."""
        self._pass(0.01)
        if (line := self._line(number)) is not None:
            self.switch.hangs_up(line.call_id, self.now)

    @rule()
    def gathers_a_list(self) -> None:
        """The switch takes a list of its lines."""
        self.waiting.append(Waiting(self.switch, self.switch.listed(self.now)))
        self._pass(0.01)

    # --- what the server hears ----------------------------------------------------------------------------------------

    def _tell(self, switch: Switch, fact: Fact, _now: Instant) -> None:
        self.waiting.append(Waiting(switch, fact))

    @rule(number=pick, again=st.booleans())
    def delivers(self, number: int, again: bool) -> None:
        """One of the facts and lists that wait arrives, whichever; it may come once more later."""
        if self.waiting:
            found = self.waiting[number % len(self.waiting)]
            if not again:
                self.waiting.remove(found)
            self._hear(found.told)

    @rule(for_seconds=st.sampled_from([0.2, 2, 40]))
    def time_passes(self, for_seconds: float) -> None:
        """Nothing happens for a while."""
        self._pass(for_seconds)

    def _hear(self, told: Fact | CallList) -> None:
        if isinstance(told, CallList):
            for name in PEOPLE:
                calls = tuple(
                    commands.SourceCall(line.call_id, direction, since, line.leg)
                    for line, direction, since in told.lines
                    if line.staff_id == name
                )
                self._do(name, commands.ReconcileCalls("pbx", calls, BY_ROUTER, told.observed_at))
            return
        line = told.line
        if told.started:
            self.heard.add(told.life)
            call = commands.SourceCall(line.call_id, told.direction or Direction.INBOUND, told.occurred_at, line.leg)
            self._do(line.staff_id, commands.CallStarted(call, "pbx", BY_ROUTER))
        else:
            self._do(line.staff_id, commands.CallEnded(line.call_id, BY_ROUTER, told.occurred_at, "pbx", line.leg))

    def _pass(self, for_seconds: float) -> None:
        self.now = Instant(self.now + seconds(for_seconds))

    def _do(self, name: str, command: commands.Command) -> None:
        state = self.staff[name]
        while (due := next_deadline(state)) is not None and due.at <= self.now:
            state = decide(state, commands.Expire(), self.rules, self.now).state
        self.staff[name] = decide(state, command, self.rules, self.now).state

    # --- what holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def nobody_who_talks_is_assignable(self) -> None:
        """Who talks, and of whom that was told, can be given no other call."""
        for line, life in self.switch.lines.items():
            assert life.number not in self.heard or not self.staff[line.staff_id].capabilities.assign_inbound, line

    def teardown(self) -> None:
        """Once everything has arrived, exactly those who talk are in line, with exactly their calls."""
        while self.waiting:
            self._hear(self.waiting.pop(0).told)
        truth = talking([self.switch])
        for name, state in self.staff.items():
            told = {(call.source, call.call_id, call.leg) for call in state.calls}
            assert told == truth.get(name, set()), name


OneSwitch.TestCase.settings = settings(UNHURRIED, stateful_step_count=30)
TestOneSwitch = OneSwitch.TestCase
