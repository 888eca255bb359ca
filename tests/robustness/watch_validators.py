"""The watch's guarantees as pure functions over what a watch saw and what happened; each yields what it finds broken.

Every validator is named after the guarantee that it holds the server to. None sends or reads anything.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from robustness.watch_history import LATEST_PER_STAFF, NONE, Fact, Frame, Item, Step, Watch
from robustness.watch_truth import Truth, described

ENDS = frozenset({"CANCELLED", "CLOSED", "KILLED", "UNAVAILABLE", "DRAINING", "POSITION_TOO_OLD", "WATCHER_TOO_SLOW"})
"""How a watch may end. A position that was given out is never foreign, malformed or of the future, however the server fared."""


class Finding(NamedTuple):
    """A broken guarantee. ``frame`` is the number of the frame that shows it, ``revision`` the change it is about, or NONE."""

    guarantee: str
    watch: int
    text: str
    frame: int = NONE
    revision: int = NONE

    def __str__(self) -> str:
        """A line."""
        return f"{self.guarantee}: watch {self.watch}: {self.text}"


Validator = Callable[[Watch, Truth], Iterator[Finding]]


# --- the six ----------------------------------------------------------------------------------------------------------


def ordered(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """Changes come by ascending revision, and no position goes back."""
    last, at = NONE, NONE if watch.resume_after == NONE else watch.start
    for number, frame in enumerate(watch.frames):
        for item in frame.items if frame.kind == "changes" else ():
            if item.revision < last:
                yield Finding("ordered", watch.number, f"{item.revision} came after {last}", number, item.revision)
            last = max(last, item.revision)
        if frame.position != NONE:
            if frame.position < at:
                yield Finding("ordered", watch.number, f"position {frame.position} came after {at}", number)
            at = max(at, frame.position)


def unique(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """No change comes twice, nor after a snapshot that had it already."""
    seen = {item.revision for frame in watch.frames if frame.kind == "snapshot_chunk" for item in frame.items}
    for number, item in watch.changes():
        if item.revision in seen:
            yield Finding("unique", watch.number, f"{item.revision} came again", number, item.revision)
        seen.add(item.revision)


def reliable(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """Of what the positions cover, nothing is left out (EVERY_CHANGE)."""
    if watch.delivery == LATEST_PER_STAFF or watch.start == NONE:
        return
    shown = {item.revision for _, item in watch.changes()}
    for one in truth.expected(watch.chosen, watch.start, watch.through):
        if one.fact.revision not in shown:
            text = f"{described(one.fact)} was left out, though positions up to {watch.through} were told"
            yield Finding("reliable", watch.number, text, NONE, one.fact.revision)


def atomic(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """A revision is never split over two frames, and a frame's position never falls short of what is in it."""
    frame_of: dict[int, int] = {}
    for number, item in watch.changes():
        if frame_of.setdefault(item.revision, number) != number:
            text = f"{item.revision} is in frame {frame_of[item.revision]} and in frame {number}"
            yield Finding("atomic", watch.number, text, number, item.revision)
        position = watch.frames[number].position
        if item.revision > position:
            text = f"{item.revision} is in a frame whose position is {position}"
            yield Finding("atomic", watch.number, text, number, item.revision)


def resumable(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """A resumed watch goes on exactly after its position, or is told with reason that this is too long ago."""
    if watch.end == "POSITION_TOO_OLD":
        yield from _refused_rightly(watch)
    if watch.resume_after == NONE:
        return
    for number, frame in enumerate(watch.frames):
        if frame.kind == "snapshot_chunk":
            yield Finding("resumable", watch.number, "a resumed watch got a snapshot", number)
    for number, item in watch.changes():
        if item.revision <= watch.start:
            text = f"{item.revision} came, though resumed after {watch.start}"
            yield Finding("resumable", watch.number, text, number, item.revision)
    first = next(watch.changes(), None)
    if first is None or watch.delivery == LATEST_PER_STAFF:
        return
    number, item = first
    wanted = next(iter(truth.expected(watch.chosen, watch.start, item.revision)), None)
    if wanted is not None and wanted.fact.revision != item.revision:
        text = f"went on with {item.revision} after {watch.start}, next was {described(wanted.fact)}"
        yield Finding("resumable", watch.number, text, number, wanted.fact.revision)


def _refused_rightly(watch: Watch) -> Iterator[Finding]:
    told = {name: int(value) for name, value in watch.end_metadata.items()}
    asked, oldest, current = (told.get(f"{name}_revision", NONE) for name in ("requested", "oldest", "current"))
    if asked not in {watch.resume_after, watch.resume_since} or not asked < oldest <= current or watch.frames:
        text = f"POSITION_TOO_OLD {told} to a watch resumed after {watch.resume_after} with {len(watch.frames)} frames"
        yield Finding("resumable", watch.number, text)


def bookmarkable(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """A position says that everything up to it has been sent: nothing of it is missing before, and nothing comes after."""
    if watch.start == NONE:
        return
    every = watch.delivery != LATEST_PER_STAFF
    waiting = iter(truth.expected(watch.chosen, watch.start, watch.through)) if every else iter(())
    due = next(waiting, None)
    shown: set[int] = set()
    for number, frame, at in watch.told():
        for item in frame.items:
            shown.add(item.revision)
            if item.revision <= at:
                text = f"{item.revision} came after a position of {at}"
                yield Finding("bookmarkable", watch.number, text, number, item.revision)
        if frame.position > truth.through:
            yield Finding("bookmarkable", watch.number, f"position {frame.position} is beyond {truth.through}", number)
        while due is not None and due.fact.revision <= frame.position:
            if due.fact.revision not in shown:
                text = f"position {frame.position} was told before {described(due.fact)}"
                yield Finding("bookmarkable", watch.number, text, number, due.fact.revision)
            due = next(waiting, None)


# --- what else a watch promises ---------------------------------------------------------------------------------------


def filtered(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """Only who is in the filter is told, and who leaves it is told as left; at the end the view has no ghost and no hole."""
    for step in watch.steps():
        for number, frame in step.frames:
            for item in frame.items:
                fact = truth.facts.get(item.revision)
                if fact is not None:  # that it is shown at all is for ``durable`` to say.
                    yield from _told_rightly(watch, truth, step, number, item)
    yield from _view_at_the_end(watch, truth)


def _told_rightly(watch: Watch, truth: Truth, step: Step, number: int, item: Item) -> Iterator[Finding]:
    fact = truth.facts[item.revision]
    views = [step.at] if step.also == NONE else [step.at, step.also]
    conflated = watch.frames[number].conflated
    before = [truth.before(_first_since(truth, fact, at) if conflated else fact) for at in views]
    possible = {truth.left(watch.chosen, fact, side) for side in before}
    if possible == {None}:
        text = f"{described(fact)} is none of this watch's"
        yield Finding("filtered", watch.number, text, number, item.revision)
    elif item.left not in possible:
        yield Finding("filtered", watch.number, f"{described(fact)} came with left={item.left}", number, item.revision)


def _first_since(truth: Truth, fact: Fact, at: int) -> Fact:
    """The same person's first change after a position, which is what a conflated frame is judged from."""
    return next((truth.facts[revision] for revision in truth.by_staff[fact.staff_id] if revision > at), fact)


def _view_at_the_end(watch: Watch, truth: Truth) -> Iterator[Finding]:
    if watch.start == NONE:
        return
    view = truth.view(watch.chosen, watch.start) if watch.resume_after != NONE else {}
    for frame in watch.frames:
        for item in frame.items:
            if item.left:
                view.pop(item.staff_id, None)
            else:
                view[item.staff_id] = item.revision
    right = truth.view(watch.chosen, watch.through)
    before = _views_before_the_end(watch, truth)
    for staff_id in sorted(view.keys() | right.keys()):
        shown, true = view.get(staff_id), right.get(staff_id)
        comes_later = truth.changes_again(staff_id, watch.through, truth.through)
        if shown != true and not (comes_later and any(shown == known.get(staff_id) for known in before)):
            kind = "a ghost of" if true is None else "nothing of" if shown is None else f"revision {shown} of"
            text = f"the view at {watch.through} has {kind} {staff_id}, whose last revision in it is {true}"
            yield Finding("filtered", watch.number, text, NONE, true or shown or NONE)


def _views_before_the_end(watch: Watch, truth: Truth) -> list[dict[str, int]]:
    """Where a walk was cut off: the views that those may still be shown in who are not told yet. Else nothing."""
    step = next((step for step in watch.steps() if not step.is_whole), None)
    if step is None:
        return []
    return [truth.view(watch.chosen, at) for at in (step.at, step.also) if at != NONE]


def snapshot(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """A snapshot shows everybody in the filter once, all at one revision; its last chunk alone is flagged and has it."""
    chunks = [(number, frame) for number, frame in enumerate(watch.frames) if frame.kind == "snapshot_chunk"]
    if watch.resume_after != NONE or not watch.frames:
        return
    yield from _snapshot_form(watch, chunks)
    at = watch.start
    if at == NONE:
        return
    if at < watch.at_least:
        yield Finding("snapshot", watch.number, f"is at {at}, though {watch.at_least} was the least")
    shown = Counter(item.staff_id for _, frame in chunks for item in frame.items)
    for staff_id, count in shown.items():
        if count > 1:
            yield Finding("snapshot", watch.number, f"{staff_id} is in it {count} times")
    states = {item.staff_id: item.revision for _, frame in chunks for item in frame.items}
    right = truth.view(watch.chosen, at)
    for staff_id in sorted(states.keys() | right.keys()):
        if states.get(staff_id) != right.get(staff_id):
            text = f"at {at} it has {staff_id} at {states.get(staff_id)}, the history at {right.get(staff_id)}"
            yield Finding("snapshot", watch.number, text, NONE, right.get(staff_id, NONE))


def _snapshot_form(watch: Watch, chunks: Sequence[tuple[int, Frame]]) -> Iterator[Finding]:
    if [number for number, _ in chunks] != list(range(len(chunks))):
        yield Finding("snapshot", watch.number, "its chunks are not the first frames")
    for place, (number, frame) in enumerate(chunks):
        ends = place == len(chunks) - 1 and (len(watch.frames) > len(chunks) or frame.last)
        if frame.last != ends or (frame.position != NONE) != frame.last:
            yield Finding("snapshot", watch.number, f"chunk {number}: last={frame.last}, position {frame.position}", number)


def conflated(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """LATEST_PER_STAFF: every step brings the view to its position, and a frame that is not flagged has left nothing out.

    What somebody does who comes into the filter and leaves it again unseen does not count. EVERY_CHANGE: no frame is flagged.
    """
    if watch.delivery == LATEST_PER_STAFF:
        for step in watch.steps():
            yield from _brings_up_to_date(watch, truth, step)
            yield from _leaves_nothing_out(watch, truth, step)
        return
    for number, frame in enumerate(watch.frames):
        if frame.conflated:
            yield Finding("conflated", watch.number, "a frame of every change is flagged", number)


def _brings_up_to_date(watch: Watch, truth: Truth, step: Step) -> Iterator[Finding]:
    """In the middle of a walk who changes again before its end may be told later."""
    end = step.frames[-1][1].position if step.is_whole else truth.through
    shown: dict[str, int] = {}
    for number, frame in step.frames:
        shown |= {item.staff_id: item.revision for item in frame.items}
        for staff_id, one in truth.latest(watch.chosen, step.at, frame.position).items():
            is_told_later = frame.since != NONE and staff_id not in shown and truth.changes_again(staff_id, frame.position, end)
            if shown.get(staff_id) != one.fact.revision and not is_told_later:
                text = f"at {frame.position} it has {shown.get(staff_id)} for {described(one.fact)}"
                yield Finding("conflated", watch.number, text, number, one.fact.revision)


def _leaves_nothing_out(watch: Watch, truth: Truth, step: Step) -> Iterator[Finding]:
    for number, frame in step.frames:
        if frame.conflated:
            continue
        shown = {item.revision for item in frame.items}
        for staff_id in {item.staff_id: None for item in frame.items}:
            skipped = _skipped(watch, truth, staff_id, (step.at, frame.position), shown)
            if skipped is not None:
                text = f"left out {described(skipped)} without a flag"
                yield Finding("conflated", watch.number, text, number, skipped.revision)


def _skipped(watch: Watch, truth: Truth, staff_id: str, span: tuple[int, int], shown: set[int]) -> Fact | None:
    """A change of somebody that was left out, unless they only came into the filter and left it again unseen."""
    skipped = None
    for one in truth.expected(watch.chosen, *span):
        if one.fact.staff_id != staff_id or one.fact.revision in shown:
            continue
        if skipped is None and truth.inside(watch.chosen, staff_id, truth.before(one.fact)):
            return one.fact
        skipped = None if one.left else skipped or one.fact
    return skipped


def chained(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """What a change says of the status before it is what the status was, by the history and by what this stream showed."""
    at_end: dict[str, tuple[int, str]] = {}
    follows = watch.delivery != LATEST_PER_STAFF and not watch.chosen.skill_groups and not watch.chosen.statuses
    for number, frame in enumerate(watch.frames):
        for item in frame.items:
            if frame.kind == "changes":
                before = (item.previous_status, item.previous_reason)
                fact = truth.facts.get(item.revision)
                earlier = truth.previous(fact) if fact is not None else None
                known = (earlier.status, earlier.reason) if earlier is not None and not earlier.deleted else None
                for source, status in (("history", known), ("stream", at_end.get(item.staff_id) if follows else None)):
                    if status is not None and status != before:
                        text = f"{item.revision} of {item.staff_id} follows {before}, the {source} had {status}"
                        yield Finding("chained", watch.number, text, number, item.revision)
            at_end[item.staff_id] = (item.status, item.reason)
            if item.left and frame.kind == "changes":
                del at_end[item.staff_id]


def durable(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """Whatever was shown is in the history, with the same content: no crash took it back, no revision was used again."""
    for number, frame in enumerate(watch.frames):
        for item in frame.items:
            wrong = untrue(item, truth)
            if wrong:
                yield Finding("durable", watch.number, wrong, number, item.revision)


def untrue(item: Item, truth: Truth) -> str:
    """What is wrong with something that was shown, in words; empty if it is what the history has."""
    fact = truth.facts.get(item.revision)
    if fact is None or fact.staff_id != item.staff_id:
        return f"{item.revision} of {item.staff_id} was shown, the history has {fact and described(fact)}"
    if item.change and item.change != fact.digest:
        return f"{described(fact)} was shown with another content"
    if (item.status, item.reason) != (fact.status, fact.reason) or truth.states.get(item.revision, item.state) != item.state:
        return f"{described(fact)} was shown with another state"
    return ""


def ended(watch: Watch, truth: Truth) -> Iterator[Finding]:
    """A watch ends for a reason that it was promised, after a farewell if the server drained."""
    if watch.end not in ENDS:
        yield Finding("ended", watch.number, f"with {watch.end} {watch.end_metadata}")
    farewells = [number for number, frame in enumerate(watch.frames) if frame.kind == "going_away"]
    if any(number != len(watch.frames) - 1 for number in farewells):
        yield Finding("ended", watch.number, "frames came after the farewell", farewells[0])
    if watch.end == "DRAINING" and watch.frames and not farewells:
        yield Finding("ended", watch.number, "without a farewell")


VALIDATORS: dict[str, Validator] = {
    one.__name__: one
    for one in (
        *(ordered, unique, reliable, atomic, resumable, bookmarkable),
        *(filtered, snapshot, conflated, chained, durable, ended),
    )
}
"""Every guarantee of a watch by name."""
