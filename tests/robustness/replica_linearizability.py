"""Has Porcupine, a checker in Go, look for an order of all requests about a person that agrees with time and answers."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from robustness.replica_observations import Answered, Observations, Refused

from onduty.v1 import staff_pb2

PROGRAM: Final = Path(__file__).with_name("linearizability")
CHECK_SECONDS: Final = 600
NO_END: Final = 1 << 62
NOT_MADE: Final = -1


def missing() -> str:
    """Why nothing can be checked here; empty: it can."""
    return "" if shutil.which("go") else "linearizability is checked by a program in Go, and there is no Go"


def unlinearizable(seen: Observations) -> list[str]:
    """People of whose requests there is no such order.

    Raises:
        AssertionError: The checker could not be built, or could not tell.
    """
    lines = "".join(f"{json.dumps(operation)}\n" for operation in operations(seen))
    command, environment = ["go", "run", "-mod=readonly", "."], {**os.environ, "GOWORK": "off"}
    outcome = subprocess.run(
        command, cwd=PROGRAM, env=environment, input=lines, capture_output=True, text=True, check=False, timeout=CHECK_SECONDS
    )
    assert outcome.returncode == 0 or outcome.stdout, outcome.stderr
    return [f"requests_are_linearizable: {line}" for line in outcome.stdout.splitlines()]


def operations(seen: Observations) -> Iterator[dict[str, Any]]:
    """Every request that was answered, once; and what else is in the history of a person."""
    history = max(seen.histories, key=len, default={})
    before = _predecessors(history)
    states = {state.revision: state for watched in seen.watchers for state in watched.states}
    answered: set[tuple[str, int]] = set()
    known: set[str] = set()
    for answer in seen.answers:
        if answer.request_id not in known:
            known.add(answer.request_id)
            staff_id, revision = answer.staff.staff_id, answer.staff.revision
            has_made = history.get(revision) == (staff_id, answer.request_id)
            if has_made:
                answered.add((staff_id, revision))
            yield _changed(answer, before[staff_id, revision] if has_made else NOT_MADE)
    for refusal in seen.refusals:
        yield _refused(refusal)
    for revision, (staff_id, request_id) in history.items():
        if (staff_id, revision) not in answered:
            state = states.get(revision, staff_pb2.Staff())
            made = {"person": staff_id, "kind": "CHANGED", "request": request_id, "call": 0, "return": NO_END}
            yield {**made, "revision": revision, "before": before[staff_id, revision], "holds": _held(state)}


def _changed(answer: Answered, before: int) -> dict[str, Any]:
    staff = answer.staff
    return {
        **_asked("CHANGED", staff.staff_id, answer.began_at, answer.ended_at),
        "request": answer.request_id,
        "revision": staff.revision,
        "before": before,
        "expected": answer.expected,
        "wanted": answer.wanted,
        "status": int(staff.status),
        "claims": _held(staff) if answer.claim_id else "",
        "holds": _held(staff),
    }


def _refused(refusal: Refused) -> dict[str, Any]:
    asked = _asked("REFUSED", refusal.staff_id, refusal.began_at, refusal.ended_at)
    return {**asked, "revision": refusal.revision, "expected": refusal.expected}


def _asked(kind: str, staff_id: str, began_at: float, ended_at: float) -> dict[str, Any]:
    return {"person": staff_id, "kind": kind, "call": int(began_at * 1e9), "return": int(ended_at * 1e9)}


def _held(staff: staff_pb2.Staff) -> str:
    """The call that somebody has, or is offered."""
    return staff.calls[0].call_id if staff.calls else staff.offer.call_id


def _predecessors(history: dict[int, tuple[str, str]]) -> dict[tuple[str, int], int]:
    """The revision of a person before each of theirs."""
    revisions: dict[str, list[int]] = {}
    for revision, (staff_id, _) in sorted(history.items()):
        revisions.setdefault(staff_id, [0]).append(revision)
    return {(staff_id, later): earlier for staff_id, mine in revisions.items() for earlier, later in pairwise(mine)}
