"""The columns of a record that filters and sums read, made from the states before and after a change."""

from collections.abc import Sequence

from onduty_server.domain.model.change import Change, ChangeKind
from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.configuration import (
    ConfigurationAction,
    ConfigurationChange,
    ConfigurationKind,
    Configured,
    DirectoryEntry,
)
from onduty_server.domain.model.skill_groups import names
from onduty_server.domain.model.state import Call, StaffState
from onduty_server.domain.model.status import Instant
from onduty_server.domain.rules.colleagues import colleagues_see
from onduty_server.past import CallName, Facets, Interval, Life, PersonId, Talk

_LIVES = {ChangeKind.CREATED: Life.BEGINS, ChangeKind.DELETED: Life.ENDS, ChangeKind.CHANGED: Life.GOES_ON}
_ACTIONS = {
    ChangeKind.CREATED: ConfigurationAction.CREATED,
    ChangeKind.DELETED: ConfigurationAction.DELETED,
    ChangeKind.CHANGED: ConfigurationAction.UPDATED,
}


def facets_of(before: StaffState | None, after: StaffState, change: Change, configuration: bytes = b"") -> Facets:
    """The facets of a change of a staff member; ``before`` is None for one who is created."""
    left_status = change.time_in_previous is not None
    old_calls: Sequence[Call] = () if before is None else before.calls
    began, ended = ((), ()) if old_calls is after.calls else turnover(old_calls, after.calls)
    groups_after = names(after.skill_groups)
    groups = groups_after if before is None else names(before.skill_groups)
    regrouped = groups != groups_after
    return Facets(  # by place: by name it takes twice as long, and every change makes one.
        PersonId(after.person_id),
        _LIVES[change.kind],
        change.cause,
        left_status or before is None,
        _closed(before) if before is not None and (left_status or regrouped) else None,
        groups,
        groups_after if regrouped else None,
        _names(before, change, (*began, *ended)),
        change.calls_answered,
        tuple([Talk(call.direction, call.started_at) for call in ended]) if ended else (),
        _made_offer(before, after),
        None if change.ended_offer is None else change.ended_offer.end,
        configuration,
        after.status,
        before is None or colleagues_see(before, after),
    )


def stay_since(state: StaffState) -> Instant:
    """Since when a state has had its status, break reason and skill groups."""
    return max(state.status_since, state.groups_since)


def directory_change(before: StaffState | None, after: StaffState, change: Change) -> ConfigurationChange | None:
    """What a change did to the directory; None: nothing."""
    old = None if before is None else DirectoryEntry(before.display_name, before.skill_groups)
    new = None if after.deleted else DirectoryEntry(after.display_name, after.skill_groups)
    if old == new:
        return None
    return ConfigurationChange(
        ConfigurationKind.STAFF,
        _ACTIONS[change.kind],
        after.staff_id,
        change.actor,
        change.note,
        change.request_id,
        change.changed_at,
        old,
        new,
    )


def configuration_change(
    kind: ConfigurationKind, subject: str, origin: Origin, at: Instant, *, before: Configured = None, after: Configured = None
) -> ConfigurationChange:
    """A change of the policy or of a break reason; what was not there before is created, what is not after it deleted."""
    action = ConfigurationAction.UPDATED
    if before is None or after is None:
        action = ConfigurationAction.CREATED if before is None else ConfigurationAction.DELETED
    return ConfigurationChange(kind, action, subject, origin.actor, origin.note, origin.request_id, at, before, after)


def _closed(before: StaffState) -> Interval:
    return Interval(before.status, before.break_reason, stay_since(before))


def _made_offer(before: StaffState | None, after: StaffState) -> bool:
    if after.offer is None:
        return False
    return before is None or before.offer is None or before.offer.claim_id != after.offer.claim_id


def turnover(before: Sequence[Call], after: Sequence[Call]) -> tuple[tuple[Call, ...], tuple[Call, ...]]:
    """The calls that began and those that ended. A call stays the same when more becomes known of it, as its source or leg."""
    began, ended = list(after), list(before)
    for same in (_named_alike, _begun_alike):
        for call in tuple(ended):
            found = next((begun for begun in began if same(call, begun)), None)
            if found is not None:
                began.remove(found)
                ended.remove(call)
    return tuple(began), tuple(ended)


def _named_alike(before: Call, after: Call) -> bool:
    return _begun_alike(before, after) and (before.source, before.leg) == (after.source, after.leg)


def _begun_alike(before: Call, after: Call) -> bool:
    return (before.call_id, before.started_at) == (after.call_id, after.started_at)


def _names(before: StaffState | None, change: Change, calls: Sequence[Call]) -> tuple[CallName, ...]:
    """All calls that a change is about, that which it names first; ``calls`` are those that began or ended."""
    if not (change.call_id or calls or change.ended_offer is not None):
        return ()
    names = [CallName(change.source, change.call_id)] if change.call_id else []
    names += [CallName(call.source, call.call_id) for call in calls]
    ended = change.ended_offer
    if ended is not None and ended.call_id not in {name.call_id for name in names}:
        offer = None if before is None else before.offer
        names.append(CallName("" if offer is None else offer.source, ended.call_id))
    return tuple(dict.fromkeys(names))
