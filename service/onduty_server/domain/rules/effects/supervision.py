"""What supervisors and administrators do."""

from onduty_server.domain.model import commands
from onduty_server.domain.model.ended_legs import NONE_ENDED
from onduty_server.domain.model.errors import StaffSignedInError
from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.state import Connection, StaffState
from onduty_server.domain.model.status import Cause, OfferEnd, Status
from onduty_server.domain.rules.draft import Draft
from onduty_server.domain.rules.refusals import check_reason, refusal, refuse_system_status
from onduty_server.domain.rules.visible import capabilities


def force_status(draft: Draft, command: commands.ForceStatus) -> None:
    """The choice is set; in a call it becomes the next choice, unless the calls are to be dropped. Misses are forgiven."""
    draft.cause = Cause.SUPERVISOR
    refuse_system_status(draft, command.choice)
    check_reason(command.choice, draft.rules)
    draft.forgive()
    if draft.calls and not command.immediately:
        draft.next = command.choice
        return
    draft.drop_calls(draft.calls)
    draft.choose(command.choice)


def reset(draft: Draft, _command: commands.Reset) -> None:
    """Calls, offer, wrap-up, next choice, misses and hold-off are cleared, as if there had been no calls; the choice stays.

    Ends are forgotten too, as one of them can be what is wrong: a call that is told again is a new call.
    """
    draft.cause = Cause.RESET
    draft.drop_calls(draft.calls)
    draft.ended_legs = NONE_ENDED
    if draft.offer is not None:
        draft.end_offer(OfferEnd.SUPERSEDED)
    draft.wrap_up = None
    draft.next = None
    draft.misses = 0
    draft.hold_off = None
    draft.last_call_ended_at = draft.passed_over_at = None


def update_staff(draft: Draft, command: commands.UpdateStaff) -> None:
    """The directory's fields change."""
    draft.cause = Cause.ADMIN
    if command.display_name is not None:
        draft.display_name = command.display_name
    if command.skill_groups is not None:
        draft.skill_groups = command.skill_groups


def delete_staff(draft: Draft, _command: commands.DeleteStaff) -> None:
    """The staff member leaves the directory."""
    draft.cause = Cause.ADMIN
    if draft.before.status is not Status.OFFLINE:
        raise refusal(draft.before, None, draft.rules, StaffSignedInError)
    draft.deleted = True
    draft.connection = Connection()


def policy_concerns(state: StaffState, policy: Policy) -> bool:
    """Whether ``ApplyPolicy`` under this policy would change the state: other capabilities, or a grace that must begin."""
    allowed = capabilities(state.status, state.offer, state.connection, policy, state.hold_off)
    return allowed != state.capabilities or _must_attach(state, policy)


def _must_attach(state: StaffState, policy: Policy) -> bool:
    if not policy.require_attachment or state.choice.status is Status.OFFLINE:
        return False
    connection = state.connection
    return not connection.attachments and connection.offline_at is None and not connection.lapsed


def apply_policy(draft: Draft, _command: commands.ApplyPolicy) -> None:
    """The grace begins for those who must have a workspace now; capabilities follow by themselves."""
    draft.cause = Cause.POLICY
    if _must_attach(draft.before, draft.policy):
        draft.grace_from_now()
