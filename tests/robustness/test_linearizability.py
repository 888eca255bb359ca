"""What Porcupine finds in made-up requests about one person; it needs Go, which CI demands."""

from collections.abc import Callable

import pytest
from postgres_server import demand
from robustness.replica_linearizability import missing, unlinearizable
from robustness.replica_observations import Answered, Observations, Refused

from onduty.v1 import staff_pb2

AVAILABLE, BUSY = staff_pb2.STATUS_AVAILABLE, staff_pb2.STATUS_BUSY


@pytest.fixture(autouse=True)
def _go() -> None:
    demand(missing())


def changed(request_id: str, revision: int, status: int, *, between: tuple[float, float], expected: int = 0) -> Answered:
    """Ana's status was changed."""
    staff = staff_pb2.Staff(staff_id="ana", revision=revision, status=status)  # type: ignore[arg-type]  # an enum's number.
    return Answered(request_id, staff, "", *between, replayed=False, expected=expected, wanted=status)


def claimed(request_id: str, revision: int, call_id: str, began_at: float) -> Answered:
    """Ana was claimed for a call."""
    staff = staff_pb2.Staff(staff_id="ana", revision=revision, status=AVAILABLE, offer={"call_id": call_id})
    return Answered(request_id, staff, "claim", began_at, began_at + 1, replayed=False)


def right() -> Observations:
    """Two changes at once, a third that expects the second, and a refusal by the third."""
    return Observations(
        answers=[
            changed("r-1", 1, AVAILABLE, between=(0, 3)),
            changed("r-2", 3, BUSY, between=(1, 2)),
            changed("r-3", 4, AVAILABLE, between=(4, 5), expected=3),
            changed("r-4", 4, AVAILABLE, between=(7, 8)),
        ],
        refusals=[Refused("ana", 4, 6, 7, expected=1)],
        histories=[{1: ("ana", "r-1"), 2: ("ben", ""), 3: ("ana", "r-2"), 4: ("ana", "r-3")}],
    )


def test_requests_at_once_may_have_any_order():
    """An unchanged person, another one's changes, and a refusal by the present are as they should be."""
    assert unlinearizable(right()) == []


def lose(seen: Observations) -> None:
    """A change that was acknowledged is not in the history."""
    del seen.histories[0][4]


def go_back(seen: Observations) -> None:
    """A request that came later was decided earlier."""
    seen.answers[0] = changed("r-1", 1, AVAILABLE, between=(10, 11))


def refuse_by_the_past(seen: Observations) -> None:
    """A refusal tells a state that was over."""
    seen.refusals.append(Refused("ana", 3, 6, 7, expected=1))


def refuse_what_is_right(seen: Observations) -> None:
    """The revision that was expected was the present one."""
    seen.refusals.append(Refused("ana", 4, 6, 7, expected=4))


def expect_another(seen: Observations) -> None:
    """A change was made that expected another revision."""
    seen.answers[2] = changed("r-3", 4, AVAILABLE, between=(4, 5), expected=1)


def write_another(seen: Observations) -> None:
    """Another status was written than was wanted."""
    seen.answers[2].staff.status = BUSY


def claim_twice(seen: Observations) -> None:
    """Somebody who has a call is claimed for another one."""
    seen.answers += [claimed("c-1", 5, "call-1", 9), claimed("c-2", 6, "call-2", 11)]
    seen.histories[0].update({5: ("ana", "c-1"), 6: ("ana", "c-2")})


@pytest.mark.parametrize(
    "plant",
    [lose, go_back, refuse_by_the_past, refuse_what_is_right, expect_another, write_another, claim_twice],
    ids=lambda plant: plant.__name__,
)
def test_what_no_order_explains_is_found(plant: Callable[[Observations], None]):
    """Of the person whose requests have none."""
    seen = right()
    plant(seen)
    (found,) = unlinearizable(seen)
    assert found.startswith("requests_are_linearizable: ana:")
