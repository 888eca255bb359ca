"""What replicas promise, held against what was observed; each validator is named after its promise."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from robustness.replica_observations import Answered, Observations

from onduty.v1 import staff_pb2

CURRENT_SECONDS: Final = 3.0
"""A bookmark is of a moment so long ago at most: a second is promised, and a busy machine gets two more."""


def _states(seen: Observations) -> dict[int, staff_pb2.Staff]:
    return {state.revision: state for watched in seen.watchers for state in watched.states}


def nothing_acknowledged_is_lost(seen: Observations) -> Iterator[str]:
    """Every answer's state is in the history, and is the state that watchers saw at its revision."""
    states = _states(seen)
    for history in seen.histories:
        for answer in seen.answers:
            revision, staff_id = answer.staff.revision, answer.staff.staff_id
            if revision not in history:
                yield f"{answer.request_id}: revision {revision} of {staff_id} was acknowledged, and is lost"
            elif history[revision][0] != staff_id:
                yield f"{answer.request_id}: revision {revision} is of {history[revision][0]}, and was answered as {staff_id}'s"
    for answer in seen.answers:
        shown = states.get(answer.staff.revision)
        if shown is not None and shown != answer.staff:
            yield f"{answer.request_id}: revision {answer.staff.revision} was answered otherwise than it was watched"


def nothing_is_done_twice(seen: Observations) -> Iterator[str]:
    """A request id made one change of a person at the most."""
    for history in seen.histories:
        made: dict[tuple[str, str], int] = {}
        for revision, change in history.items():
            staff_id, request_id = change
            if request_id and change in made:
                yield f"{request_id}: it made revisions {made[change]} and {revision} of {staff_id}"
            made[change] = revision


def a_request_has_one_answer(seen: Observations) -> Iterator[str]:
    """Whichever replica is asked again."""
    first: dict[str, Answered] = {}
    for answer in seen.answers:
        known = first.setdefault(answer.request_id, answer)
        if (known.staff, known.claim_id) != (answer.staff, answer.claim_id):
            yield f"{answer.request_id}: it was answered with revisions {known.staff.revision} and {answer.staff.revision}"


def all_replicas_have_one_history(seen: Observations) -> Iterator[str]:
    """At the end, when nothing happens any more."""
    for one, other in pairwise(seen.histories):
        if one != other:
            yield f"two replicas differ in revisions {sorted(one.items() ^ other.items())[:6]}"


def a_call_has_one_holder(seen: Observations) -> Iterator[str]:
    """Of any number of claims of a call one wins."""
    holders: dict[str, str] = {}
    held: dict[str, set[str]] = {}
    for _, state in sorted(_states(seen).items()):
        calls = {call.call_id for call in state.calls} | ({state.offer.call_id} if state.HasField("offer") else set())
        for call_id in held.get(state.staff_id, set()) - calls:
            holders.pop(call_id, None)
        for call_id in calls:
            holder = holders.setdefault(call_id, state.staff_id)
            if holder != state.staff_id:
                yield f"{call_id}: {holder} and {state.staff_id} have it at revision {state.revision}"
        held[state.staff_id] = calls


def what_follows_has_seen_what_was_before(seen: Observations) -> Iterator[str]:
    """A request that began after another one about the same person had ended was decided after it."""
    answers: dict[str, list[Answered]] = {}
    for answer in seen.answers:
        if not answer.replayed:
            answers.setdefault(answer.staff.staff_id, []).append(answer)
    for staff_id, mine in answers.items():
        mine.sort(key=lambda answer: answer.ended_at)
        for number, answer in enumerate(mine):
            for later in mine[number + 1 :]:
                if later.began_at > answer.ended_at and later.staff.revision < answer.staff.revision:
                    yield f"{staff_id}: {later.request_id} was decided before {answer.request_id}, which had ended"


def a_refusal_is_of_the_present(seen: Observations) -> Iterator[str]:
    """It rests on everything that was acknowledged before it was asked for."""
    for refusal in seen.refusals:
        before = [
            answer.staff.revision
            for answer in seen.answers
            if answer.staff.staff_id == refusal.staff_id and answer.ended_at < refusal.began_at
        ]
        if before and refusal.revision < max(before):
            yield f"{refusal.staff_id}: refused by revision {refusal.revision}, and {max(before)} was acknowledged"


def who_writes_reads_it(seen: Observations) -> Iterator[str]:
    """A read with a position shows it, at any replica."""
    for read in seen.reads:
        if read.revision < read.wanted:
            yield f"{read.staff_id}: revision {read.revision} was shown to who had asked for {read.wanted}"


def a_watch_has_everything_once_and_in_order(seen: Observations) -> Iterator[str]:
    """Over any number of resumes, each at another replica."""
    for number, watched in enumerate(seen.watchers):
        wanted = {revision for history in seen.histories[:1] for revision in history if revision > watched.since}
        revisions = [state.revision for state in watched.states]
        for one, other in pairwise(revisions):
            if other <= one:
                yield f"watcher {number}: revision {other} came after {one}"
        if missing := wanted - set(revisions):
            yield f"watcher {number}: revisions {sorted(missing)[:6]} never came"
        if unknown := set(revisions) - wanted:
            yield f"watcher {number}: revisions {sorted(unknown)[:6]} came, and are in no history"


def a_bookmark_is_current(seen: Observations) -> Iterator[str]:
    """It is sent by who has confirmed lately that there is nothing more."""
    acknowledged = sorted((answer.ended_at, answer.staff.revision) for answer in seen.answers)
    for number, watched in enumerate(seen.watchers):
        for bookmark in watched.bookmarks:
            before = [revision for at, revision in acknowledged if at < bookmark.at - CURRENT_SECONDS]
            if before and bookmark.revision < max(before):
                yield f"watcher {number}: a bookmark of revision {bookmark.revision}, and {max(before)} was acknowledged"


VALIDATORS: Final[tuple[Callable[[Observations], Iterator[str]], ...]] = (
    nothing_acknowledged_is_lost,
    nothing_is_done_twice,
    a_request_has_one_answer,
    all_replicas_have_one_history,
    a_call_has_one_holder,
    what_follows_has_seen_what_was_before,
    a_refusal_is_of_the_present,
    who_writes_reads_it,
    a_watch_has_everything_once_and_in_order,
    a_bookmark_is_current,
)


def findings(seen: Observations) -> list[str]:
    """What is not as promised, each with the promise's name."""
    return [f"{validator.__name__}: {found}" for validator in VALIDATORS for found in validator(seen)]
