"""What the rounds of the crash test have seen, held against what the server says after each restart; it sends nothing."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from robustness.crash_requests import BATCH_MARK, CAUSES, FORESEEN_REFUSALS, Attempt, Outcome, Promise

from onduty.v1 import policy_pb2, staff_pb2


class Kind(Enum):
    """The ways in which a guarantee can be broken."""

    LOST = "lost"
    DUPLICATED = "duplicated"
    REUSED = "reused revisions"
    OTHER = "other faults"


class Seen(NamedTuple):
    """A change of the history, as short as it can be kept for all rounds."""

    staff_id: str
    request_id: str
    digest: bytes
    deleted: bool


def _identity(transition: staff_pb2.Transition) -> tuple[str, ...] | None:
    """What may be in the history once only: a request, or a fact that came in a batch under the batch's id."""
    name = transition.staff_id
    if transition.request_id and BATCH_MARK not in transition.request_id:
        return "request", transition.request_id, name
    if transition.cause in (staff_pb2.CAUSE_CALL_STARTED, staff_pb2.CAUSE_CALL_ENDED):
        return staff_pb2.Cause.Name(transition.cause), transition.call_id, name
    return ("creation", name) if transition.kind == staff_pb2.TRANSITION_KIND_CREATED else None


def _is_deletion(transition: staff_pb2.Transition) -> bool:
    """Whether a change deleted its staff member."""
    return transition.kind == staff_pb2.TRANSITION_KIND_DELETED


def _named(item: Any) -> tuple[str, str]:
    """The staff member and the call that a request names."""
    name = item.staff.staff_id if hasattr(item, "staff") else getattr(item, "staff_id", "")
    return name, getattr(item, "call_id", "")


def digest(transition: staff_pb2.Transition) -> bytes:
    """Tells two changes apart."""
    return hashlib.blake2b(transition.SerializeToString(deterministic=True), digest_size=16).digest()


@dataclass
class Tally:
    """The numbers of all rounds."""

    kills: int = 0
    kills_in_recovery: int = 0
    acknowledged: int = 0
    refused: int = 0
    unacknowledged: int = 0
    applied_though_unacknowledged: int = 0
    retries: int = 0
    changes: int = 0
    resumed_watches: int = 0
    recovery_seconds: list[float] = field(default_factory=list)


@dataclass
class Ledger:
    """The history as it was exported so far, and every fault found."""

    tally: Tally = field(default_factory=Tally)
    faults: list[str] = field(default_factory=list)
    counts: Counter[Kind] = field(default_factory=Counter)
    seen: dict[int, Seen] = field(default_factory=dict)
    catalogue: dict[int, str] = field(default_factory=dict)
    revision_of: dict[tuple[str, ...], int] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    states: dict[int, staff_pb2.Staff] = field(default_factory=dict)
    fresh: dict[int, staff_pb2.Transition] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The greatest revision seen."""
        return next(reversed(self.seen), 0)

    def fault(self, kind: Kind, text: str) -> None:
        """Note a broken guarantee."""
        self.counts[kind] += 1
        self.faults.append(f"{kind.value}: {text}")

    # --- the history --------------------------------------------------------------------------------------------------

    def begin_round(self) -> None:
        """Forget what only the last round's checks needed: the states that are not the latest, and the changes in full."""
        for revision, transition in self.fresh.items():
            self.latest[transition.staff_id] = revision
        kept = set(self.latest.values())
        self.states = {revision: state for revision, state in self.states.items() if revision in kept}
        self.fresh = {}

    def take_new(self, transitions: Iterable[staff_pb2.Transition]) -> None:
        """Take in the changes after those that were seen."""
        for transition in transitions:
            if transition.revision > self.head:
                self._take_in(transition)

    def _take_in(self, transition: staff_pb2.Transition) -> None:
        revision, name = transition.revision, transition.staff_id
        if revision in self.catalogue:
            self.fault(Kind.REUSED, f"revision {revision} was {self.catalogue[revision]} and is now {transition}")
        self.seen[revision] = Seen(
            name, transition.request_id, digest(transition), transition.kind == staff_pb2.TRANSITION_KIND_DELETED
        )
        self.fresh[revision] = transition
        self.tally.changes += 1
        key = _identity(transition)
        earlier = self.revision_of.setdefault(key, revision) if key is not None else revision
        if earlier != revision:
            self.fault(Kind.DUPLICATED, f"{key} is in the history at {earlier} and again at {revision}")

    def compare_export(self, transitions: Iterable[staff_pb2.Transition]) -> None:
        """Hold an export of the whole history against all that was ever seen."""
        now = {one.revision: Seen(one.staff_id, one.request_id, digest(one), _is_deletion(one)) for one in transitions}
        if list(now) != sorted(now):
            self.fault(Kind.OTHER, "the export is not in the order of the revisions")
        if now == self.seen:
            return
        for revision in self.seen.keys() | now.keys():
            known, found = self.seen.get(revision), now.get(revision)
            if found is None:
                self.fault(Kind.LOST, f"revision {revision} was in an earlier export: {known}")
            elif known is None:
                self.fault(Kind.REUSED, f"revision {revision} appeared late: {found}")
            elif known != found:
                self.fault(Kind.REUSED, f"revision {revision} was {known} and is now {found}")

    def was_applied(self, attempt: Attempt) -> bool:
        """Whether any change of this request is in the history."""
        keys = {(CAUSES.get(method, 0), one.request_id, *_named(one)) for method, one in attempt.items()}
        ids = {one for _, one, _, _ in keys if one}
        return any(one.request_id in ids or (one.cause, "", one.staff_id, one.call_id) in keys for one in self.fresh.values())

    # --- promises -----------------------------------------------------------------------------------------------------

    def _check_refusals(self, attempts: Sequence[Attempt]) -> None:
        """What was refused changed nothing, unless it was asked for again when the state allowed it."""
        changed = {one.request_id for one in self.fresh.values()}
        done_later: set[str] = set()
        for attempt in reversed(attempts):
            for request_id in attempt.refused_ids:
                if request_id in changed - done_later:
                    self.fault(Kind.OTHER, f"{request_id} was refused, but it changed something")
            done_later.update(one.request_id for one in attempt.promises() if not one.replayed)

    def check_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Hold what callers were told, in this order, against the history."""
        self._check_refusals(attempts)
        for attempt in attempts:
            for reason in attempt.refusals:
                if reason not in FORESEEN_REFUSALS:
                    self.fault(Kind.OTHER, f"{attempt.method} was refused with {reason}: {attempt.request}")
            for promise in attempt.promises():
                self._check_promise(promise)
            if attempt.method == "UpdateBreakReason" and attempt.outcome is Outcome.ANSWERED:
                self._check_catalogue(attempt.answer.break_reason)

    def _check_catalogue(self, told: policy_pb2.BreakReason) -> None:
        text = f"{told.code} {told.display_name}"
        known = self.seen.get(told.revision) or self.catalogue.setdefault(told.revision, text)
        if known != text:
            self.fault(Kind.REUSED, f"revision {told.revision} was {known} and was told for {text}")

    def check_reason(self, now: policy_pb2.BreakReason, attempts: Sequence[Attempt]) -> None:
        """Hold the break reason that the load changes against what was told, and what may have been done unacknowledged."""
        last = max((revision for revision, text in self.catalogue.items() if text.startswith(f"{now.code} ")), default=0)
        asked = {one.request.display_name for one in attempts if one.method == "UpdateBreakReason"}
        if now.revision < last or (now.revision == last and self.catalogue[last] != f"{now.code} {now.display_name}"):
            self.fault(Kind.LOST, f"break reason {now} was at revision {last}: {self.catalogue[last]}")
        if now.revision > last and asked and now.display_name not in asked:
            self.fault(Kind.OTHER, f"break reason {now} was never asked for")

    def _check_promise(self, told: Promise) -> None:
        own = self.revision_of.get(("request", told.request_id, told.staff_id))
        revision = told.revision or own or 0
        known = self.seen.get(revision)
        if known is None or known.staff_id != told.staff_id:
            self.fault(Kind.LOST, f"{told.method} promised revision {revision} of {told.staff_id}, there is {known}")
            return
        if told.staff is not None and self.states.get(revision, told.staff) != told.staff:
            text = f"{told.method} {told.request_id} was told {told.staff}, the history has {self.states[revision]}"
            self.fault(Kind.LOST, text)
        if own is not None and own != revision:
            self.fault(Kind.OTHER, f"{told.method} {told.request_id} was told revision {revision}, its change is {own}")
        transition = self.fresh.get(revision)
        if transition is None:
            if told.changed and not told.replayed:
                self.fault(Kind.LOST, f"{told.method} {told.request_id} promised a change, but {revision} is an older one")
            return
        if transition.request_id == (told.request_id or told.batch_id) and (told.changed or told.request_id):
            self._check_content(told, transition)
        elif told.changed:
            self.fault(Kind.LOST, f"{told.method} {told.request_id} promised a change, but {revision} is {transition}")

    def _check_content(self, told: Promise, transition: staff_pb2.Transition) -> None:
        expected = {"cause": CAUSES[told.method], "note": told.note, "claim_id": told.claim_id, "call_id": told.call_id}
        if told.method != "ReconcileCalls":
            expected["status"] = told.status
        for name, value in expected.items():
            if value and getattr(transition, name) != value:
                self.fault(Kind.LOST, f"{told.method} {told.request_id} promised {name} {value!r}, recorded is {transition}")

    # --- states and watches -------------------------------------------------------------------------------------------

    def take_states(self, changes: Sequence[staff_pb2.StaffChange]) -> None:
        """Take the states of a watch over everything that is new."""
        for change in changes:
            self.states[change.staff.revision] = change.staff

    def check_watch(self, name: str, got: Sequence[staff_pb2.StaffChange], missing: Sequence[int]) -> None:
        """Hold a resumed watch against the revisions it had to deliver: exactly these, in order, each with its content."""
        self.tally.resumed_watches += 1
        revisions = [change.transition.revision for change in got]
        if revisions != list(missing):
            lost, more = sorted(set(missing) - set(revisions)), sorted(set(revisions) - set(missing))
            text = f"{name} got {len(revisions)} changes for {len(missing)}: missing {lost[:5]}, too many {more[:5]}"
            self.fault(Kind.OTHER, text if lost or more else f"{name} got changes twice or out of order")
        for change in got:
            known = self.seen.get(change.transition.revision)
            if known is None:
                self.fault(Kind.LOST, f"{name} showed {change.transition}, which is not in the history")
            elif known.digest != digest(change.transition):
                self.fault(Kind.REUSED, f"{name} showed {change.transition}, the history has {known}")
            elif self.states.get(change.staff.revision, change.staff) != change.staff:
                self.fault(Kind.OTHER, f"{name} showed another state at {change.staff.revision} than other watches")

    def check_listing(self, listed: Sequence[staff_pb2.Staff]) -> None:
        """Hold a listing of everybody against the last record of each at the listing's revision."""
        through = max((one.revision for one in listed), default=0)
        last = {**self.latest, **{one.staff_id: revision for revision, one in self.fresh.items() if revision <= through}}
        there = {name: revision for name, revision in last.items() if not self.seen[revision].deleted}
        shown = {one.staff_id: one.revision for one in listed}
        for name in there.keys() | shown.keys():
            if there.get(name) != shown.get(name):
                self.fault(Kind.LOST, f"ListStaff has {name} at {shown.get(name)}, the history at {there.get(name)}")
        for one in listed:
            self.check_state("ListStaff", one)

    def check_state(self, name: str, state: staff_pb2.Staff) -> None:
        """Hold a state that was read against the record of its revision."""
        if self.states.get(state.revision) != state:
            self.fault(Kind.LOST, f"{name} shows {state}, the record is {self.states.get(state.revision)}")
