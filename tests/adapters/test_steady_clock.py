"""The server's clock: lengths of time hold, instants follow a clock that lasts, and nothing goes back."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onduty_server.adapters.steady_clock import EARLIEST, JUMP, LASTING, LEAD_BACK, STEP_MOST, SteadyTime
from onduty_server.domain.model.status import SECOND, Instant

START = 1_780_000_000 * SECOND
HOUR = 3600 * SECOND
YEAR = 365 * 24 * HOUR


@dataclass
class Machine:
    """A machine whose two clocks a test moves; ``wrong`` is how far its wall clock is off."""

    wrong: int = 0
    steady: int = 5_000_000
    stepped: int = 0

    def __post_init__(self) -> None:
        """Its clock is read once at the start."""
        self.time = SteadyTime(self.wall, self.steady)

    @property
    def wall(self) -> int:
        """What the wall clock shows; without a fault START at the start."""
        return START + self.steady - 5_000_000 + self.wrong

    @property
    def true(self) -> int:
        """What a right wall clock would show."""
        return self.wall - self.wrong

    def now(self) -> Instant:
        """The present by the clock under test, which takes its steps when they are due."""
        self.time.read(self.wall, self.steady)
        if self.time.step_due:
            self.stepped += self.time.step_due
            self.time.step(self.time.step_due)
        return self.time.read(self.wall, self.steady)

    def pass_time(self, length: int, step: int = SECOND) -> Instant:
        """Let time pass, with a reading at each step."""
        end = self.steady + length
        while self.steady < end:
            self.steady = min(end, self.steady + step)
            self.now()
        return self.now()


def test_it_begins_with_the_wall_clock():
    """Nothing is led or stepped where both agree."""
    machine = Machine()
    assert machine.now() == START
    assert machine.pass_time(10 * SECOND) == START + 10 * SECOND
    assert (machine.time.divergence, machine.stepped) == (0, 0)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 20 * SECOND, -20 * SECOND, 200 * YEAR, -56 * YEAR])
def test_a_glitch_leaves_no_trace(jump: int):
    """The wall clock is off for 59 seconds and right again: every length of time in it, and after it, is right."""
    machine = Machine()
    before = machine.now()
    machine.wrong = jump
    assert machine.pass_time(59 * SECOND) - before == 59 * SECOND
    assert machine.time.divergence == jump
    machine.wrong = 0
    assert machine.pass_time(LASTING * 3) == machine.true


def test_glitches_that_differ_do_not_add_up():
    """A clock that jumps to and fro is not a clock that was set: none of its jumps lasts."""
    machine = Machine()
    for jump in (HOUR, -HOUR, 2 * HOUR, 0) * 10:
        machine.wrong = jump
        machine.pass_time(40 * SECOND)
    assert machine.now() == machine.true


def test_a_lasting_step_forward_is_taken_once():
    """After a minute the present is the wall clock's, and says that it stepped."""
    machine = Machine()
    machine.wrong = HOUR
    before = machine.now()
    assert machine.pass_time(LASTING - SECOND) - before == LASTING - SECOND
    assert machine.pass_time(2 * SECOND) == machine.wall
    assert machine.stepped == HOUR
    machine.pass_time(LASTING * 3)
    assert (machine.stepped, machine.time.divergence) == (HOUR, 0)


def test_a_step_is_not_taken_before_the_server_says_so():
    """After a minute a step is due; the present goes on as before until it is told to take it."""
    machine = Machine(wrong=0)
    machine.now()
    machine.wrong = HOUR
    for _ in range(70):
        machine.steady += SECOND
        present = machine.time.read(machine.wall, machine.steady)
    assert machine.time.step_due == HOUR
    assert present == machine.true
    machine.time.step(machine.time.step_due)
    assert machine.time.read(machine.wall, machine.steady) == machine.wall
    assert machine.time.step_due == 0


def test_a_step_that_is_due_is_called_off_where_the_clock_comes_back():
    """A clock that is right again before the step was taken leaves none."""
    machine = Machine()
    machine.wrong = HOUR
    for _ in range(70):
        machine.steady += SECOND
        machine.time.read(machine.wall, machine.steady)
    machine.wrong = 0
    assert machine.time.read(machine.wall, machine.steady) == machine.true
    assert machine.time.step_due == 0


def test_a_lasting_step_back_is_made_up_slowly():
    """The present goes on, a hundredth slower, until the wall clock has come."""
    machine = Machine()
    machine.wrong = -60 * SECOND
    machine.pass_time(LASTING)
    before = machine.now()
    after = machine.pass_time(30 * SECOND)
    assert after - before == pytest.approx(30 * SECOND * (1 - LEAD_BACK), rel=1e-3)
    machine.pass_time(3 * HOUR, step=10 * SECOND)
    assert abs(machine.now() - machine.wall) <= JUMP


def test_a_small_difference_is_led():
    """Half a second is made up by a two-hundredth of the time that passes, both ways."""
    for wrong in (SECOND // 2, -SECOND // 2):
        machine = Machine()
        machine.wrong = wrong
        assert abs(machine.pass_time(10 * SECOND) - machine.true) == 10 * SECOND // 200
        assert machine.pass_time(200 * SECOND) == machine.wall


def test_sleep_is_time_that_passed():
    """The counter goes on while the machine sleeps: the present is right when it wakes, and nothing has jumped."""
    machine = Machine()
    machine.now()
    machine.steady += 8 * HOUR
    assert machine.now() == machine.wall
    assert machine.stepped == 0


def test_a_start_in_1970_goes_on_from_what_is_recorded():
    """Until the network has set the clock, the present goes on from the journal; then it steps."""
    machine = Machine(wrong=-56 * YEAR)
    machine.time.start_from(Instant(START))
    assert machine.pass_time(30 * SECOND) == START + 30 * SECOND
    machine.wrong = 2 * HOUR
    machine.pass_time(LASTING + SECOND)
    assert machine.now() == machine.wall


def test_a_start_in_2106_is_not_believed():
    """The present goes on from the journal, however long the wall clock stays there, and follows when it is right."""
    machine = Machine(wrong=80 * YEAR)
    machine.time.start_from(Instant(START))
    assert machine.pass_time(HOUR, step=10 * SECOND) == START + HOUR
    machine.wrong = 5 * SECOND
    assert machine.pass_time(LASTING + SECOND) == machine.wall


def test_an_empty_journal_begins_with_the_wall_clock():
    """There is nothing that it could contradict; a clock that is years behind is left as soon as the wall clock is set."""
    machine = Machine(wrong=-2 * YEAR)
    machine.time.start_from(Instant(0))
    assert machine.now() == machine.wall
    machine.wrong = 0
    assert machine.pass_time(LASTING + SECOND) == machine.true


@pytest.mark.parametrize("years_off", [-56, 80], ids=["1970", "2106"])
def test_an_empty_journal_does_not_begin_with_a_date_that_cannot_be(years_off: int):
    """Where nothing is recorded and the clock is not set, the present begins on the earliest day, and steps once it is set."""
    machine = Machine(wrong=years_off * YEAR)
    machine.time.start_from(Instant(0))
    assert machine.now() == EARLIEST
    assert machine.pass_time(LASTING * 2) == EARLIEST + LASTING * 2
    machine.wrong = 0
    assert machine.pass_time(LASTING + SECOND) == machine.true


def test_a_start_after_a_long_rest_takes_the_wall_clock():
    """A server that was off for a year begins with the present."""
    machine = Machine()
    machine.time.start_from(Instant(START - YEAR))
    assert machine.now() == START


moves = st.tuples(
    st.integers(min_value=0, max_value=200 * SECOND),
    st.one_of(
        st.just(0),
        st.integers(min_value=-2 * HOUR, max_value=2 * HOUR),
        st.integers(min_value=-60 * YEAR, max_value=90 * YEAR),
    ),
)


@given(st.lists(moves, max_size=60))
def test_it_never_goes_back_and_keeps_lengths(story: list[tuple[int, int]]):
    """Whatever the wall clock does: the present does not go back, and between steps it goes within a hundredth as time does."""
    machine = Machine()
    readings = [(machine.steady, machine.now(), machine.stepped)]
    for passed, wrong in story:
        machine.steady += passed
        machine.wrong = wrong
        readings.append((machine.steady, machine.now(), machine.stepped))
    for (steady, present, stepped), (next_steady, next_present, next_stepped) in pairwise(readings):
        went = next_present - present - (next_stepped - stepped)
        assert next_present >= present
        assert abs(went - (next_steady - steady)) <= (next_steady - steady) * LEAD_BACK + 1
    assert machine.stepped <= STEP_MOST * len(story)
