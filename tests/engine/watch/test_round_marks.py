"""When changes were committed, as rounds tell it."""

from onduty_server.engine.watch.round_marks import MARKS_MOST, RoundMarks
from onduty_server.ports import Revision


def test_a_revision_is_as_old_as_the_first_change_of_its_round():
    """A little older than it is, never younger; what no round has told has no age."""
    marks = RoundMarks()
    marks.add(Revision(3), 10.0)
    marks.add(Revision(7), 11.0)
    found = [marks.since(Revision(revision)) for revision in (1, 3, 4, 7, 8)]
    assert found == [10.0, 10.0, 11.0, 11.0, None]


def test_old_rounds_are_forgotten():
    """What is older than all that is remembered is as old as the oldest."""
    marks = RoundMarks()
    for number in range(3 * MARKS_MOST):
        marks.add(Revision(number + 1), float(number))
    oldest = marks.since(Revision(1))
    assert oldest is not None
    assert MARKS_MOST <= oldest <= 2 * MARKS_MOST
    assert marks.since(Revision(3 * MARKS_MOST)) == 3 * MARKS_MOST - 1
