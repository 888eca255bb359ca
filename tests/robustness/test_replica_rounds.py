"""What replicas promise, under faults; and that whoever breaks a promise is found."""

import sys
from copy import deepcopy
from pathlib import Path

import pytest
from adapters.postgres_factory import PostgresFactory
from postgres_server import PostgresServer
from robustness.replica_observations import Answered, Bookmark, Observations, Read, Refused, Watched
from robustness.replica_round import play
from robustness.replica_validators import VALIDATORS, findings

from onduty.v1 import staff_pb2

PROGRAM = Path(__file__).with_name("replica_program.py")


@pytest.fixture
def factory(own_postgres: PostgresServer) -> PostgresFactory:
    """A store in a server of the test's own."""
    return PostgresFactory(own_postgres.address)


# --- with real replicas -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_short_round_finds_nothing(factory: PostgresFactory):
    """Three replicas under load and faults keep what they promise."""
    outcome = play(factory, seconds=15, seed=7)
    assert outcome.wrong == []
    assert min(outcome.counts[what] for what in ("answers", "refusals", "reads", "states watched", "claims")) > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [
        "partition_leader_from_database",
        "partition_follower_from_database",
        "black_hole_forwarding",
        "slow_database",
        "cut_in_the_middle_of_commits",
    ],
)
def test_what_is_promised_holds_when_a_way_fails(factory: PostgresFactory, fault: str):
    """Between a replica and the database, or between replicas."""
    outcome = play(factory, seconds=12, seed=3, faults=[fault])
    assert outcome.wrong == []
    assert outcome.harms, "nothing failed"
    assert outcome.counts["answers"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "promise"),
    [
        ("refuses_when_deposed", "a_refusal_is_of_the_present"),
        ("skips_a_revision", "a_watch_has_everything_once_and_in_order"),
        ("sends_bookmarks_unconfirmed", "a_bookmark_is_current"),
        ("answers_before_it_shows", "who_writes_reads_it"),
        ("acknowledges_before_it_writes", "nothing_acknowledged_is_lost"),
        ("offers_a_call_twice", "a_call_has_one_holder"),
    ],
)
def test_a_fault_that_is_planted_is_found(factory: PostgresFactory, fault: str, promise: str):
    """In a program that breaks one promise, within three rounds: what happens is chance."""
    faults = {"refuses_when_deposed": ["cut_off_the_leader"], "acknowledges_before_it_writes": ["kill_leader"]}.get(fault, [])
    program = [sys.executable, str(PROGRAM), fault, "serve"]
    found: set[str] = set()
    for seed in range(1, 4):
        outcome = play(factory.another(), seconds=20, seed=seed, program=program, faults=faults)
        found |= {line.partition(":")[0] for line in outcome.wrong}
        if promise in found:
            return
    pytest.fail(f"found {found or 'nothing'} in place of {promise}")


# --- with made-up observations ----------------------------------------------------------------------------------------


def state(revision: int, staff_id: str = "ana", call_id: str = "") -> staff_pb2.Staff:
    """Somebody, with an offer of a call where one is named."""
    staff = staff_pb2.Staff(staff_id=staff_id, revision=revision)
    if call_id:
        staff.offer.call_id = call_id
    return staff


def answered(request_id: str, staff: staff_pb2.Staff, at: float, claim_id: str = "") -> Answered:
    """An answer that took half a second."""
    return Answered(request_id, staff, claim_id, at, at + 0.5, replayed=False)


def right() -> Observations:
    """Three changes, as they should be."""
    states = [state(1), state(2, "ben", "call-1"), state(3)]
    return Observations(
        answers=[answered("r-1", states[0], 1), answered("r-2", states[1], 2, "claim-1"), answered("r-3", states[2], 3)],
        refusals=[Refused("ana", 3, 4, 4.5)],
        reads=[Read("ana", 3, 3)],
        watchers=[Watched(states, [Bookmark(3, 10)])],
        histories=[{1: ("ana", "r-1"), 2: ("ben", "r-2"), 3: ("ana", "r-3")} for _ in range(2)],
    )


def lose(seen: Observations) -> None:
    """A change that was acknowledged is in no history."""
    for history in seen.histories:
        del history[3]


def answer_otherwise(seen: Observations) -> None:
    """The same request is answered with another revision."""
    seen.answers.append(answered("r-1", state(3), 5))


def do_twice(seen: Observations) -> None:
    """A request made two changes."""
    for history in seen.histories:
        history[4] = ("ana", "r-3")


def part(seen: Observations) -> None:
    """Two replicas have different histories."""
    seen.histories[1][3] = ("ana", "other")


def hold_twice(seen: Observations) -> None:
    """A call is with two people."""
    seen.watchers[0].states.append(state(4, "ana", "call-1"))


def go_back(seen: Observations) -> None:
    """A later request was decided before an earlier one."""
    seen.answers.append(answered("r-4", state(2), 6))


def refuse_by_the_past(seen: Observations) -> None:
    """A refusal rests on what was before."""
    seen.refusals.append(Refused("ana", 1, 5, 5.5))


def show_the_past(seen: Observations) -> None:
    """A read shows what was before the position."""
    seen.reads.append(Read("ana", 1, 3))


def skip(seen: Observations) -> None:
    """A watcher misses a change."""
    del seen.watchers[0].states[1]


def repeat(seen: Observations) -> None:
    """A watcher gets a change again."""
    seen.watchers[0].states.append(seen.watchers[0].states[0])


def mark_the_past(seen: Observations) -> None:
    """A bookmark leaves out what was acknowledged long before it."""
    seen.watchers[0].bookmarks.append(Bookmark(1, 20))


PLANTED = {
    lose: "nothing_acknowledged_is_lost",
    answer_otherwise: "a_request_has_one_answer",
    do_twice: "nothing_is_done_twice",
    part: "all_replicas_have_one_history",
    hold_twice: "a_call_has_one_holder",
    go_back: "what_follows_has_seen_what_was_before",
    refuse_by_the_past: "a_refusal_is_of_the_present",
    show_the_past: "who_writes_reads_it",
    skip: "a_watch_has_everything_once_and_in_order",
    repeat: "a_watch_has_everything_once_and_in_order",
    mark_the_past: "a_bookmark_is_current",
}


def test_what_is_right_is_not_found():
    """No validator objects to what is as it should be."""
    assert findings(right()) == []


def test_every_promise_is_broken_once():
    """Each validator has something that it must find."""
    assert set(PLANTED.values()) == {validator.__name__ for validator in VALIDATORS}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_is_wrong_is_found(plant):  # type: ignore[no-untyped-def] # one of many.
    """By the validator of the promise that it breaks."""
    seen = deepcopy(right())
    plant(seen)
    assert PLANTED[plant] in {line.partition(":")[0] for line in findings(seen)}
