"""A whole history judged: every watch by every validator, the answers and the history itself, and what to show of a finding."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from robustness.watch_history import EVERY_CHANGE, NONE, Asked, History, Watch
from robustness.watch_truth import Truth, described
from robustness.watch_validators import VALIDATORS, Finding, untrue

EXCERPT_FRAMES = 2
EXCERPT_FACTS = 6


def acknowledged(asked: Sequence[Asked], truth: Truth) -> Iterator[Finding]:
    """Whatever a caller was told is in the history."""
    for one in asked:
        for item in one.shown:
            wrong = untrue(item, truth)
            if wrong:
                yield Finding("durable", NONE, f"{one.method} {one.request_id}: {wrong}", NONE, item.revision)


def coherent(truth: Truth) -> Iterator[Finding]:
    """The history agrees with itself: each change of a person begins where the one before ended."""
    for text in truth.contradictions:
        yield Finding("durable", NONE, text)
    for chain in truth.by_staff.values():
        for earlier, later in pairwise(truth.facts[revision] for revision in chain):
            ended, begun = (earlier.status, earlier.reason), (later.previous_status, later.previous_reason)
            if later.created != earlier.deleted or (not later.created and begun != ended):
                yield Finding("chained", NONE, f"{described(later)} follows {described(earlier)}", NONE, later.revision)


def findings(history: History, truth: Truth | None = None) -> list[Finding]:
    """All that is broken in a history."""
    truth = truth or Truth.of(history)
    found = [one for watch in history.watches for check in VALIDATORS.values() for one in check(watch, truth)]
    return [*found, *acknowledged(history.asked, truth), *coherent(truth)]


def excerpt(finding: Finding, history: History, truth: Truth) -> list[str]:
    """The lines of a history that show a finding, as few as tell it."""
    lines = [str(finding)]
    watch = next((one for one in history.watches if one.number == finding.watch), None)
    if watch is not None:
        kind = "latest per staff" if watch.delivery != EVERY_CHANGE else "every change"
        filters = ", ".join(str(sorted(part)) for part in watch.chosen if part) or "all"
        lines.append(f"  {watch.reader} watch of {filters}, {kind}, after {watch.resume_after}, ended with {watch.end}")
        frame = finding.frame if finding.frame != NONE else _frame_past(watch, finding.revision)
        for number in range(max(0, frame - EXCERPT_FRAMES), min(len(watch.frames), frame + EXCERPT_FRAMES + 1)):
            shown = watch.frames[number]
            items = " ".join(f"{one.revision}:{one.staff_id}{'(left)' if one.left else ''}" for one in shown.items[:12])
            flag = " conflated" if shown.conflated else ""
            lines.append(f"  frame {number} {shown.kind}{flag} position {shown.position}: {items}")
    fact = truth.facts.get(finding.revision)
    if fact is not None:
        chain = truth.by_staff[fact.staff_id]
        place = chain.index(fact.revision)
        near = chain[max(0, place - EXCERPT_FACTS // 2) : place + EXCERPT_FACTS // 2]
        lines += [f"  history {described(truth.facts[one])}" for one in near]
    return lines


def _frame_past(watch: Watch, revision: int) -> int:
    return next((number for number, frame in enumerate(watch.frames) if frame.position >= revision != NONE), len(watch.frames))
