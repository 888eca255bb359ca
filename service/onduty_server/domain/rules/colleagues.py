"""What staff see of one another: a pure function of a state, and of nothing that a colleague has no business with."""

from onduty_server.domain.model.state import StaffState
from onduty_server.domain.rules.assigning import is_barred


def open_to_transfers(state: StaffState) -> bool:
    """Whether an internal call or a transfer may be sent now: nothing bars calls."""
    return state.capabilities.internal_calls and not is_barred(state.offer, state.connection, state.hold_off)


def colleagues_see(before: StaffState, after: StaffState) -> bool:
    """Whether a change is one that colleagues see anything of."""
    return (
        before.status is not after.status
        or before.status_since != after.status_since
        or open_to_transfers(before) is not open_to_transfers(after)
        or before.display_name != after.display_name
        or before.skill_groups != after.skill_groups
        or before.deleted is not after.deleted
    )
