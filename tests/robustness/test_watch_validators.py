"""The validators are silent on what is right and notice every kind of wrong: a run without findings means something."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from robustness.watch_history import LATEST_PER_STAFF, NONE, Chosen, Fact, Frame, History, Watch
from robustness.watch_made_up import (
    ALL,
    ANA,
    AVAILABLE,
    BUSY,
    END,
    FREE,
    OF_CARDS,
    OFFLINE,
    answered,
    happened,
    item,
    lagging_watch,
    walking_watch,
    watch,
)
from robustness.watch_truth import GroupsUnknownError, Truth
from robustness.watch_validators import VALIDATORS, Finding
from robustness.watch_verdict import acknowledged, coherent, excerpt, findings

FILTERS = [ALL, FREE, OF_CARDS, ANA, FREE._replace(skill_groups=OF_CARDS.skill_groups)]


@pytest.fixture
def history() -> History:
    """The made-up day, with answers that show every state of it, so that the groups are known."""
    made = happened()
    made.asked = [answered(fact) for fact in made.facts.values()]
    return made


@pytest.fixture
def truth(history: History) -> Truth:
    """What happened on it."""
    return Truth.of(history)


def broken(seen: Watch, truth: Truth) -> set[str]:
    """The guarantees that a watch shows broken."""
    return {name for name, check in VALIDATORS.items() if any(check(seen, truth))}


def frame_with(seen: Watch, revision: int) -> int:
    """The number of the frame that tells a change."""
    return next(number for number, one in seen.changes() if one.revision == revision)


def change_frame(seen: Watch, number: int, change: Callable[[Frame], Frame]) -> None:
    """Replace a frame by what ``change`` makes of it."""
    seen.frames[number] = change(seen.frames[number])


def without(seen: Watch, revision: int) -> None:
    """Take a change out of its frame."""
    number = frame_with(seen, revision)
    kept = tuple(one for one in seen.frames[number].items if one.revision != revision)
    change_frame(seen, number, lambda frame: frame._replace(items=kept))


# --- what is right ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("each", [1, 2, 5])
def test_a_right_watch_has_no_finding(history: History, truth: Truth, chosen, each: int) -> None:
    """From a snapshot at any revision and resumed after any, whatever the filter."""
    for revision in range(1, END + 1):
        history.watches = [watch(truth, chosen, at=revision, each=each), watch(truth, chosen, after=revision, each=each)]
        assert not findings(history)


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_right_conflated_watch_has_no_finding(history: History, truth: Truth, chosen) -> None:
    """Wherever its frames end."""
    dice = random.Random(1)
    for _ in range(50):
        stops = sorted(dice.sample(range(6, END), 3))
        history.watches = [lagging_watch(truth, chosen, stops=[*stops, END])]
        assert not findings(history)


def test_a_watch_cut_short_anywhere_has_no_finding(truth: Truth) -> None:
    """What a reader did not come to read is not missing."""
    for chosen in FILTERS:
        whole = watch(truth, chosen)
        for count in range(len(whole.frames) + 1):
            assert not broken(replace(whole, frames=whole.frames[:count]), truth)


def test_a_history_comes_back_from_its_file(history: History, truth: Truth, tmp_path: Path) -> None:
    """What is written for a finding can be judged again."""
    history.watches = [watch(truth, FREE), lagging_watch(truth)]
    history.save(tmp_path / "seen.jsonl")
    assert History.load(tmp_path / "seen.jsonl") == history


# --- what is wrong ----------------------------------------------------------------------------------------------------


def test_a_dropped_change_is_noticed(truth: Truth) -> None:
    """Reliable, and bookmarkable: the positions told cover it."""
    for revision in truth.revisions:
        if revision > 5:
            seen = watch(truth)
            without(seen, revision)
            assert {"reliable", "bookmarkable"} <= broken(seen, truth), revision


def test_a_doubled_change_is_noticed(truth: Truth) -> None:
    """Unique: within a frame and over frames."""
    seen = watch(truth)
    change_frame(seen, 2, lambda frame: frame._replace(items=(*frame.items, frame.items[-1])))
    assert "unique" in broken(seen, truth)
    seen = watch(truth)
    seen.frames.insert(3, seen.frames[2])
    assert "unique" in broken(seen, truth)


def test_a_change_that_the_snapshot_had_is_noticed(truth: Truth) -> None:
    """Unique, and bookmarkable: the snapshot's position said that it was sent."""
    seen = watch(truth)
    seen.frames.insert(2, Frame("changes", 5, (item(truth.facts[5]),)))
    assert {"unique", "bookmarkable"} <= broken(seen, truth)


def test_changes_in_another_order_are_noticed(truth: Truth) -> None:
    """Ordered: within a frame and over frames."""
    seen = watch(truth)
    change_frame(seen, 2, lambda frame: frame._replace(items=frame.items[::-1]))
    assert "ordered" in broken(seen, truth)
    seen = watch(truth, each=1)
    seen.frames[2], seen.frames[3] = seen.frames[3], seen.frames[2]
    assert "ordered" in broken(seen, truth)


def test_a_position_that_goes_back_is_noticed(truth: Truth) -> None:
    """Ordered: a client that keeps the last position would be told again what it knows."""
    seen = watch(truth)
    seen.frames.append(Frame("bookmark", 9))
    assert "ordered" in broken(seen, truth)


def test_a_split_revision_is_noticed(truth: Truth) -> None:
    """Atomic: one revision in two frames, or in a frame whose position is before it."""
    seen = watch(truth)
    split = seen.frames[2].items[-1]
    seen.frames.insert(3, Frame("changes", split.revision, (split._replace(staff_id="ben"),)))
    assert "atomic" in broken(seen, truth)
    seen = watch(truth)
    change_frame(seen, 2, lambda frame: frame._replace(position=frame.items[0].revision))
    assert "atomic" in broken(seen, truth)


def test_a_bookmark_that_is_too_early_is_noticed(truth: Truth) -> None:
    """Bookmarkable: its position covers a change that comes after it, in any kind of delivery."""
    for seen in (watch(truth, each=1), lagging_watch(truth, stops=range(6, END + 1))):
        number = frame_with(seen, 9)
        seen.frames.insert(number, Frame("bookmark", 9))
        assert "bookmarkable" in broken(seen, truth)


def test_a_position_beyond_the_history_is_noticed(truth: Truth) -> None:
    """Bookmarkable: what does not exist yet, or was taken back, cannot have been sent."""
    seen = watch(truth)
    seen.frames.append(Frame("bookmark", END + 1))
    assert "bookmarkable" in broken(seen, truth)


def test_a_resumed_watch_that_skips_is_noticed(truth: Truth) -> None:
    """Resumable: the first change after the position is the next one."""
    seen = watch(truth, after=5, each=1)
    without(seen, 6)
    assert "resumable" in broken(seen, truth)


def test_a_resumed_watch_that_begins_too_early_is_noticed(truth: Truth) -> None:
    """Resumable: nothing at or before the position."""
    seen = replace(watch(truth, after=5), resume_after=6)
    assert {"resumable", "ordered"} <= broken(seen, truth)


def test_a_resumed_watch_with_a_snapshot_is_noticed(truth: Truth) -> None:
    """Resumable: whoever resumes has a view already."""
    seen = replace(watch(truth, at=5), resume_after=5)
    assert "resumable" in broken(seen, truth)


@pytest.mark.parametrize("told", [{"oldest": 4}, {"oldest": 12, "requested": 6}, {"oldest": 30}, {}])
def test_a_refusal_without_reason_is_noticed(truth: Truth, told: dict) -> None:
    """Resumable: a position is too old only if it is before the oldest one kept."""
    metadata = {"requested": 5, "current": END, **told}
    refused = Watch(1, resume_after=5, end="POSITION_TOO_OLD")
    refused.end_metadata = {f"{name}_revision": str(value) for name, value in metadata.items()}
    assert broken(refused, truth) == {"resumable"}
    refused.end_metadata["oldest_revision"] = "12"
    refused.end_metadata["requested_revision"] = "5"
    assert not broken(refused, truth)


def test_a_ghost_is_noticed(truth: Truth) -> None:
    """Filtered: who left without being told as left stays in the view."""
    seen = watch(truth, FREE)
    without(seen, 14)
    without(seen, 18)
    assert {"filtered", "reliable"} <= broken(seen, truth)


def test_a_wrong_left_is_noticed(truth: Truth) -> None:
    """Filtered: set where somebody stays, and missing where somebody goes."""
    for revision in (9, 8, 13):
        seen = watch(truth, FREE if revision != 13 else ALL)
        number = frame_with(seen, revision)
        turned = tuple(one._replace(left=one.left != (one.revision == revision)) for one in seen.frames[number].items)
        change_frame(seen, number, lambda frame, items=turned: frame._replace(items=items))
        assert "filtered" in broken(seen, truth), revision


def test_somebody_elses_change_is_noticed(truth: Truth) -> None:
    """Filtered: a change of somebody who neither was nor is in the filter."""
    seen = watch(truth, ANA, each=1)
    seen.frames.insert(frame_with(seen, 11), Frame("changes", 10, (item(truth.facts[10]),)))
    assert "filtered" in broken(seen, truth)


def test_a_snapshot_of_two_moments_is_noticed(truth: Truth) -> None:
    """Snapshot: a state from before or after its revision, somebody missing, somebody too many, somebody twice."""
    for wrong in (item(truth.facts[8], in_snapshot=True), item(truth.facts[1], in_snapshot=True)):
        seen = watch(truth)
        change_frame(seen, 0, lambda frame, one=wrong: frame._replace(items=(one,)))
        assert "snapshot" in broken(seen, truth)
    for chosen, items in ((ALL, ()), (OF_CARDS, (item(truth.facts[5], in_snapshot=True),))):
        seen = watch(truth, chosen)
        change_frame(seen, 1, lambda frame, new=items: frame._replace(items=new))
        assert "snapshot" in broken(seen, truth)
    seen = watch(truth)
    change_frame(seen, 1, lambda frame: frame._replace(items=(*frame.items, *frame.items)))
    assert "snapshot" in broken(seen, truth)


def test_a_snapshot_of_a_bad_form_is_noticed(truth: Truth) -> None:
    """Snapshot: the last chunk alone is flagged and has the position, changes come after it, and it is not too old."""
    early, unflagged, late, old = (watch(truth) for _ in range(4))
    change_frame(early, 0, lambda frame: frame._replace(position=5))
    change_frame(unflagged, 1, lambda frame: frame._replace(last=False))
    late.frames.insert(1, late.frames.pop(2))
    old.at_least = 6
    for seen in (early, unflagged, late, old):
        assert "snapshot" in broken(seen, truth)


def test_a_conflated_frame_that_is_not_the_latest_is_noticed(truth: Truth) -> None:
    """Conflated: an older state, somebody forgotten, and changes left out without the flag."""
    stale, forgotten, silent = (lagging_watch(truth) for _ in range(3))
    old = item(truth.facts[9])
    change_frame(
        stale, 2, lambda frame: frame._replace(items=tuple(old if one.staff_id == "ana" else one for one in frame.items))
    )
    change_frame(forgotten, 3, lambda frame: frame._replace(items=frame.items[1:]))
    change_frame(silent, 2, lambda frame: frame._replace(conflated=False))
    for seen in (stale, forgotten, silent):
        assert "conflated" in broken(seen, truth)


@pytest.mark.parametrize("chosen", FILTERS)
def test_a_walk_over_the_latest_states_is_right(truth: Truth, chosen: Chosen) -> None:
    """Whole, cut off after any frame, and gone on with from there."""
    whole = walking_watch(truth, chosen, at=5)
    assert not broken(whole, truth)
    for cut in range(len(whole.frames)):
        seen = replace(whole, frames=whole.frames[:cut])
        assert not broken(seen, truth)
        last = seen.frames[-1] if seen.frames else None
        if last is not None and last.since != NONE:
            rest = replace(whole, frames=whole.frames[cut:], resume_after=last.position, resume_since=last.since)
            assert not broken(rest, truth)


def test_who_was_in_the_view_when_a_walk_began_may_be_told_as_left_again(truth: Truth) -> None:
    """Filtered: a walk that goes on does not know whether they were told before it was cut off."""
    seen = Watch(1, FREE, LATEST_PER_STAFF, 11, end="CANCELLED")
    seen.frames = [Frame("changes", 13, (item(truth.facts[13], left=True),), conflated=True)]
    assert broken(seen, truth) == {"filtered"}
    assert not broken(replace(seen, resume_since=9), truth)


def test_whom_a_walk_forgets_is_noticed(truth: Truth) -> None:
    """Conflated: somebody who does not change again before the walk's end, or ever, is not told later."""
    whole = walking_watch(truth, at=5)
    first = next(number for number, frame in enumerate(whole.frames) if frame.since != NONE)
    for frames in (whole.frames, whole.frames[: first + 2]):
        seen = replace(whole, frames=[*frames])
        forgotten = seen.frames[first].items
        change_frame(seen, first, lambda frame: frame._replace(items=()))
        assert forgotten
        assert "conflated" in broken(seen, truth)


def test_a_walk_that_shows_the_past_is_noticed(truth: Truth) -> None:
    """Conflated: whoever is told is told as of the walk's end."""
    seen = walking_watch(truth, at=5)
    number = frame_with(seen, 18)
    change_frame(seen, number, lambda frame: frame._replace(items=(item(truth.facts[14]),)))
    assert "conflated" in broken(seen, truth)


def test_every_change_from_the_middle_of_a_walk_begins_where_it_did(truth: Truth) -> None:
    """Resumable: what the walk left out comes."""
    right = replace(watch(truth, after=5), resume_after=11, resume_since=5)
    late = replace(watch(truth, after=11), resume_after=11, resume_since=5)
    assert not broken(right, truth)
    assert "reliable" in broken(late, truth)


def test_who_came_and_went_unseen_needs_no_flag(truth: Truth) -> None:
    """Conflated: nothing was left out between two things that were told, unless somebody was in the view meanwhile."""
    truth.learn([Fact(19, "chi", BUSY, "", AVAILABLE, "", None, created=False, deleted=False, digest="change-19")], END)
    for start, wrong in ((15, False), (16, True)):
        seen = lagging_watch(truth, FREE, at=start, stops=(END,))
        kept_items = tuple(one for one in seen.frames[-1].items if one.staff_id == "chi")
        change_frame(seen, -1, lambda frame, items=kept_items: frame._replace(position=19, items=items, conflated=False))
        flags = [one for one in VALIDATORS["conflated"](seen, truth) if "without a flag" in one.text]
        assert bool(flags) == wrong


def test_a_conflated_frame_of_every_change_is_noticed(truth: Truth) -> None:
    """Conflated: who asked for every change must not be told that some were left out."""
    seen = watch(truth)
    change_frame(seen, 2, lambda frame: frame._replace(conflated=True))
    assert "conflated" in broken(seen, truth)


def test_a_wrong_previous_status_is_noticed(truth: Truth) -> None:
    """Chained: by the history, and by what the stream itself showed before."""
    seen = watch(truth)
    number = frame_with(seen, 8)
    turned = tuple(one._replace(previous_status=OFFLINE) if one.revision == 8 else one for one in seen.frames[number].items)
    change_frame(seen, number, lambda frame: frame._replace(items=turned))
    assert broken(seen, truth) == {"chained"}
    alone = Truth()
    assert any(VALIDATORS["chained"](seen, alone)), "the stream's own snapshot says so too"


def test_what_a_crash_took_back_is_noticed(history: History, truth: Truth) -> None:
    """Durable: a change, a state and an answer of which the history knows nothing, or something else."""
    seen = watch(truth)
    history.watches = [seen]
    for revision in (10, 18):
        lost = replace(history, facts={one: fact for one, fact in history.facts.items() if one != revision})
        found = findings(lost)
        assert any(one.guarantee == "durable" and one.watch == 1 and one.revision == revision for one in found)
        assert any(one.guarantee == "durable" and one.watch == NONE and one.revision == revision for one in found)
    reused = replace(history, facts={**history.facts, 18: history.facts[18]._replace(digest="another")})
    assert {one.guarantee for one in findings(reused)} == {"durable"}


def test_two_states_of_one_revision_are_noticed(truth: Truth) -> None:
    """Durable: two watches that disagree cannot both be right."""
    truth.see([item(truth.facts[8])._replace(state="another")])
    assert [one.guarantee for one in coherent(truth)] == ["durable"]
    other = watch(truth)
    number = frame_with(other, 8)
    change_frame(other, number, lambda frame: frame._replace(items=tuple(one._replace(state="x") for one in frame.items)))
    assert "durable" in broken(other, truth)


def test_a_history_that_contradicts_itself_is_noticed(history: History) -> None:
    """Chained: a change that does not begin where the one before ended; and a revision that comes after a greater one."""
    history.facts[11] = history.facts[11]._replace(previous_status=BUSY)
    assert "chained" in {one.guarantee for one in coherent(Truth.of(history))}
    truth = Truth()
    truth.learn([history.facts[5], history.facts[4]], END)
    assert [one.guarantee for one in coherent(truth)] == ["durable"]


@pytest.mark.parametrize("end", ["", "OK", "INTERNAL", "POSITION_IN_FUTURE", "POSITION_FOREIGN", "POSITION_FILTER_CHANGED"])
def test_an_end_without_reason_is_noticed(truth: Truth, end: str) -> None:
    """Ended: a position that was given out is never of the future or foreign, and no stream ends well by itself."""
    assert "ended" in broken(watch(truth, end=end), truth)


def test_an_end_without_farewell_is_noticed(truth: Truth) -> None:
    """Ended: a drained stream says farewell last."""
    assert "ended" in broken(watch(truth, end="DRAINING"), truth)
    right, early = watch(truth, end="DRAINING"), watch(truth, end="DRAINING")
    right.frames.append(Frame("going_away", END))
    early.frames.insert(3, Frame("going_away", early.frames[2].position))
    assert not broken(right, truth)
    assert "ended" in broken(early, truth)


def test_an_answer_that_is_not_in_the_history_is_noticed(truth: Truth) -> None:
    """Durable: an acknowledged change that nobody knows of."""
    lost = answered(truth.facts[18])
    gone = truth.facts.pop(18)
    assert [one.revision for one in acknowledged([lost], truth)] == [gone.revision]


def test_a_filter_by_groups_that_nobody_was_shown_is_not_judged() -> None:
    """Rather no verdict than a guessed one; states, or the next change of the groups, tell."""
    truth = Truth.of(happened())
    with pytest.raises(GroupsUnknownError):
        truth.view(OF_CARDS, 1)
    assert truth.after(truth.facts[5]).groups == {"loans"}, "told by the change of ben's groups"
    truth.see([item(truth.facts[8])])
    assert truth.after(truth.facts[1]).groups == {"cards"}, "shown by a later state"


def test_an_excerpt_is_short_and_names_what_it_is_about(history: History, truth: Truth) -> None:
    """The finding, the watch, a few frames and the person's changes around it."""
    seen = watch(truth, FREE)
    without(seen, 14)
    history.watches = [seen]
    found = next(one for one in findings(history) if one.guarantee == "reliable")
    lines = excerpt(found, history, truth)
    assert "14 ben AVAILABLE -> BUSY" in lines[0]
    assert any("frame" in line for line in lines)
    assert len(lines) < 15


def test_every_validator_is_shown_to_notice_something() -> None:
    """A validator without a test that breaks its guarantee would be a promise of its own."""
    text = Path(__file__).read_text(encoding="utf-8")
    missing = [name for name in VALIDATORS if f'"{name}"' not in text]
    assert not missing
    assert Finding("ordered", 1, "x").frame == NONE
