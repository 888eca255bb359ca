"""Every cell of the transition table, each driven through ``decide`` from a real state.

The expectation is written down here as DESIGN has it, one word a cell; nothing is read from ``transitions.TABLE``.
"""

import pytest
from domain_builders import BY_ROUTER, BY_STAFF, Person, chosen, in_status, in_wrap_up, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.commands import Command
from onduty_server.domain.model.errors import (
    BreakReasonDisabledError,
    BreakReasonUnknownError,
    CallerError,
    InvalidFieldsError,
    NotAssignableError,
    TransitionRefusedError,
)
from onduty_server.domain.model.state import Choice
from onduty_server.domain.model.status import Action, ActorRole, Cause, Direction, OfferEnd, Status, seconds
from onduty_server.domain.rules.requests import TABLE, Cell

DESIGN_TABLE = """
request                    OFFLINE    AVAILABLE  BUSY       ON_BREAK      IN_LINE  AFTER_CALL_WORK
CHANGE_TO_AVAILABLE        signs-in   unchanged  yes        yes           refused  yes
CHANGE_TO_BUSY             signs-in   yes        unchanged  yes           refused  yes
CHANGE_TO_ON_BREAK         signs-in   yes        yes        other-reason  refused  yes
CHANGE_TO_OFFLINE          unchanged  yes        yes        yes           refused  yes
CHANGE_TO_IN_LINE          refused    refused    refused    refused       refused  refused
CHANGE_TO_AFTER_CALL_WORK  refused    refused    refused    refused       refused  refused
BACK_TO_RECEPTION          refused    refused    refused    refused       refused  available
CONTINUE_AFTER_CALL_WORK   refused    refused    refused    refused       refused  stops
SET_NEXT_STATUS            refused    refused    refused    refused       sets     sets
CLEAR_NEXT_STATUS          refused    refused    refused    refused       clears   clears
PLACE_CALL                 refused    calls      calls      calls         consults calls-by-policy
CLAIM                      refused    offers     refused    refused       refused  refused
"""

WORD_OF_CELL = {
    Cell.REFUSED: "refused",
    Cell.UNCHANGED: "unchanged",
    Cell.SIGN_IN: "signs-in",
    Cell.CHOOSE: "yes",
    Cell.CHOOSE_UNLESS_SAME_REASON: "other-reason",
    Cell.END_WRAP_UP: "available",
    Cell.STOP_COUNTDOWN: "stops",
    Cell.SET_NEXT: "sets",
    Cell.CLEAR_NEXT: "clears",
    Cell.START_CALL: "calls",
    Cell.START_CALL_BY_POLICY: "calls-by-policy",
    Cell.CONSULT_BY_POLICY: "consults",
    Cell.OFFER_UNLESS_BARRED: "offers",
}


def _read(table: str) -> dict[tuple[Action, Status], str]:
    head, *rows = (line.split() for line in table.strip().splitlines())
    columns = [Status[name] for name in head[1:]]
    return {(Action[row[0]], status): word for row in rows for status, word in zip(columns, row[1:], strict=True)}


DESIGN = _read(DESIGN_TABLE)


def _that(*words: str) -> pytest.MarkDecorator:
    """Parametrises over the cells with one of these words."""
    cells = [cell for cell, word in DESIGN.items() if word in words]
    return pytest.mark.parametrize(("action", "status"), cells, ids=[f"{a.name}-{s.name}" for a, s in cells])


def _target(action: Action) -> Status:
    return Status[action.name.removeprefix("CHANGE_TO_")]


def _command(action: Action, break_reason: str = "") -> Command:
    """A well-formed request for an action."""
    match action:
        case Action.BACK_TO_RECEPTION:
            return commands.BackToReception(BY_STAFF)
        case Action.CONTINUE_AFTER_CALL_WORK:
            return commands.ContinueAfterCallWork(BY_STAFF)
        case Action.SET_NEXT_STATUS:
            return commands.SetNextStatus(chosen(Status.BUSY), BY_STAFF)
        case Action.CLEAR_NEXT_STATUS:
            return commands.ClearNextStatus(BY_STAFF)
        case Action.PLACE_CALL:
            return commands.PlaceCall("c9", Direction.OUTBOUND, "", BY_STAFF)
        case Action.CLAIM:
            return commands.Claim("k9", "c9", None, Direction.INBOUND, "", BY_ROUTER)
        case _:
            return commands.ChangeStatus(chosen(_target(action), break_reason), BY_STAFF)


def _allowed(status: Status, *but: Action) -> tuple[Action, ...]:
    """What DESIGN's column lets a person do in a status: all that is neither refused nor without effect."""
    column = ((action, DESIGN[action, status]) for action in Action)
    barred = {"refused", "unchanged", "consults"}
    return tuple(action for action, word in column if word not in barred and action not in but)


def _assert_refused(person: Person, action: Action, *not_allowed: Action) -> None:
    kind = NotAssignableError if action is Action.CLAIM else TransitionRefusedError
    error = person.refuses(_command(action), kind)
    assert error.current is person.state
    assert error.requested is action
    assert error.allowed == _allowed(person.status, *not_allowed)


# --- the table as data ------------------------------------------------------------------------------------------------


def test_design_table_is_complete():
    """The table written down here has a word for every action in every status."""
    assert set(DESIGN) == {(action, status) for action in Action for status in Status}


def test_table_says_what_design_says():
    """The code's table is DESIGN's, cell by cell, and has no further rows or columns."""
    found = {(action, status): WORD_OF_CELL[cell] for action, row in TABLE.items() for status, cell in row.items()}
    assert found == DESIGN


# --- a test per cell --------------------------------------------------------------------------------------------------


@_that("refused")
def test_refused_cell(action: Action, status: Status):
    """The request is refused with the present state, what was asked and what is allowed; nothing changes."""
    _assert_refused(in_status(status), action)


@_that("unchanged")
def test_unchanged_cell(action: Action, status: Status):
    """Asking for what is already so is fine and makes no change."""
    person = in_status(status)
    assert person.does(_command(action)) is None


@_that("signs-in", "yes")
def test_choice_cell(action: Action, status: Status):
    """The staff member's choice becomes what was asked, at once, and what belonged to the status before is gone."""
    person = in_status(status)
    since = person.state.status_since
    change = person.changes_by(_command(action))
    assert person.status is _target(action)
    assert person.state.choice == chosen(_target(action))
    assert (person.state.calls, person.state.wrap_up, person.state.next, person.state.offer) == ((), None, None, None)
    assert (change.previous_status, change.status) == (status, _target(action))
    assert (change.cause, change.actor.role) == (Cause.STAFF, ActorRole.WORKSPACE)
    assert change.time_in_previous == person.now - since > 0


@_that("other-reason")
def test_on_break_with_another_reason(action: Action, status: Status):
    """On a break, another reason is a change of its own, with its own time."""
    person = in_status(status)
    change = person.changes_by(_command(action, "lunch"))
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "lunch")
    assert (change.previous_break_reason, change.break_reason) == ("coffee", "lunch")
    assert change.time_in_previous == seconds(2)
    assert person.state.status_since == person.now


@_that("other-reason")
def test_on_break_with_the_same_reason(action: Action, status: Status):
    """On a break, the same reason again changes nothing."""
    assert in_status(status).does(_command(action, "coffee")) is None


@_that("available")
def test_back_to_reception_cell(action: Action, status: Status):
    """The wrap-up ends and the person is AVAILABLE, whatever the choice was."""
    person = in_status(status, after_call_work_dial_out=False)
    change = person.changes_by(_command(action))
    assert person.status is Status.AVAILABLE
    assert (person.state.wrap_up, person.state.next) == (None, None)
    assert (change.cause, change.call_id) == (Cause.STAFF, "c0")


@_that("stops")
def test_continue_cell(action: Action, status: Status):
    """The countdown stops; the status and its beginning stay."""
    person = in_status(status)
    since = person.state.status_since
    change = person.changes_by(_command(action))
    assert (person.status, person.state.status_since) == (status, since)
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.ends_at is None
    assert change.time_in_previous is None


@_that("sets")
def test_set_next_cell(action: Action, status: Status):
    """The next choice is noted; the status stays."""
    person = in_status(status)
    change = person.changes_by(_command(action))
    assert (person.status, person.state.next) == (status, chosen(Status.BUSY))
    assert change.time_in_previous is None


@_that("clears")
def test_clear_next_cell(action: Action, status: Status):
    """The next choice is taken back; the status stays."""
    person = in_status(status)
    person.sets_next(Status.BUSY)
    person.changes_by(_command(action))
    assert (person.status, person.state.next) == (status, None)


@_that("clears")
def test_clear_next_without_one(action: Action, status: Status):
    """Taking back a next choice that is not set changes nothing."""
    assert in_status(status).does(_command(action)) is None


@_that("calls", "calls-by-policy")
def test_place_call_cell(action: Action, status: Status):
    """A call dialled by hand puts the person in line at once, regularly."""
    person = in_status(status)
    change = person.changes_by(_command(action))
    assert (person.status, person.call_ids()) == (Status.IN_LINE, ["c9"])
    assert not person.call("c9").irregular
    assert (change.cause, change.call_id, change.calls_started) == (Cause.CALL_PLACED, "c9", 1)
    assert person.state.wrap_up is None


@_that("calls-by-policy")
def test_place_call_barred_by_policy(action: Action, status: Status):
    """Where the policy bars dialling out in after-call work, placing a call is refused and not among what is allowed."""
    _assert_refused(in_status(status, after_call_work_dial_out=False), action, Action.PLACE_CALL)


@_that("calls")
def test_place_call_does_not_depend_on_the_wrap_up_policy(action: Action, status: Status):
    """The policy on dialling in after-call work bars it nowhere else."""
    person = in_status(status, after_call_work_dial_out=False)
    person.changes_by(_command(action))
    assert person.status is Status.IN_LINE


@_that("consults")
def test_consultation_is_barred_by_default(action: Action, status: Status):
    """In a call no call is placed, and it is not among what is allowed, unless the policy says otherwise."""
    _assert_refused(in_status(status), action)
    in_status(status).refuses(commands.PlaceCall("c9", Direction.INTERNAL, "", BY_STAFF), TransitionRefusedError)


@_that("consults")
def test_consultation_by_policy(action: Action, status: Status):
    """Where the policy allows it, an internal call starts beside the one in progress, regularly, as that or when reported."""
    person = in_status(status, in_line_consultation=True)
    assert person.state.capabilities.consult
    person.places("c9", Direction.INTERNAL)
    person.call_starts("c10", Direction.INTERNAL)
    assert [(call.call_id, call.irregular) for call in person.state.calls] == [("c0", False), ("c9", False), ("c10", False)]
    error = person.refuses(commands.BackToReception(BY_STAFF), TransitionRefusedError)
    assert action in error.allowed


@_that("consults")
def test_consultation_is_internal(action: Action, status: Status):
    """In a call no other call than an internal one can be placed, and one that comes all the same is irregular."""
    person = in_status(status, in_line_consultation=True)
    for direction in set(Direction) - {Direction.INTERNAL}:
        error = person.refuses(commands.PlaceCall("c9", direction, "", BY_STAFF), TransitionRefusedError)
        assert (error.requested, error.only) == (action, "INTERNAL")
    person.call_starts("c9", Direction.INBOUND)
    assert person.call("c9").irregular


@_that("consults")
def test_consultation_that_is_placed_twice_is_one_call(action: Action, status: Status):
    """Placing the call that is in progress changes nothing."""
    person = in_status(status, in_line_consultation=True)
    person.places("c9", Direction.INTERNAL)
    assert person.places("c9", Direction.INTERNAL) is None
    assert person.call_ids() == ["c0", "c9"]


@_that("consults")
def test_consultation_that_ends_leaves_the_call(action: Action, status: Status):
    """The end of the consultation leaves the person in line; after the last call the customer's call is wrapped up."""
    person = in_status(status, in_line_consultation=True, wrap_up_directions=frozenset({Direction.INBOUND}))
    person.places("c9", Direction.INTERNAL)
    person.call_ends("c9")
    assert person.call_ids() == ["c0"]
    person.call_ends("c0")
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "c0"


@_that("offers")
def test_claim_cell(action: Action, status: Status):
    """A claim puts an offer before the person, whose status stays."""
    person = in_status(status)
    change = person.changes_by(_command(action))
    assert person.status is status
    assert person.state.offer is not None
    assert (person.state.offer.claim_id, person.state.offer.call_id) == ("k9", "c9")
    assert (change.cause, change.claim_id, change.time_in_previous) == (Cause.CLAIM, "k9", None)


# --- the column of AVAILABLE with an offer outstanding ----------------------------------------------------------------


def _available(*words: str) -> pytest.MarkDecorator:
    actions = [action for action in Action if DESIGN[action, Status.AVAILABLE] in words]
    return pytest.mark.parametrize("action", actions, ids=lambda action: action.name)


@_available("refused", "offers")
def test_refused_with_an_offer_outstanding(action: Action):
    """An outstanding offer allows nothing more, and bars another claim."""
    _assert_refused(on_offer(), action, Action.CLAIM)


@_available("unchanged")
def test_unchanged_with_an_offer_outstanding(action: Action):
    """Choosing AVAILABLE again leaves the offer as it is."""
    person = on_offer()
    assert person.does(_command(action)) is None
    assert person.state.offer is not None


@_available("yes", "calls")
def test_leaving_available_withdraws_the_offer(action: Action):
    """A change away from AVAILABLE withdraws the offer, says so, and counts no miss."""
    person = on_offer()
    change = person.changes_by(_command(action))
    assert person.state.offer is None
    assert change.ended_offer is not None
    assert (change.ended_offer.claim_id, change.ended_offer.call_id) == ("k1", "c1")
    assert change.ended_offer.end is OfferEnd.SUPERSEDED
    assert change.claim_id == "k1"
    assert person.state.misses == 0


# --- conditions that are not in the table -----------------------------------------------------------------------------


def test_every_way_of_being_in_line_refuses_alike():
    """In a call every change is refused, whichever choice the person came from."""
    for status in (Status.OFFLINE, Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.AFTER_CALL_WORK):
        person = in_status(status)
        person.call_starts("c1")
        for action in Action:
            if DESIGN[action, Status.IN_LINE] == "refused":
                _assert_refused(person, action)


def test_open_ended_after_call_work_changes_like_the_countdown():
    """Out of open-ended after-call work every choice is open too."""
    for target in (Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.OFFLINE):
        person = in_wrap_up()
        person.continues()
        person.chooses(target)
        assert person.status is target
        assert person.state.wrap_up is None


@pytest.mark.parametrize("target", [Status.IN_LINE, Status.AFTER_CALL_WORK], ids=lambda status: status.name)
def test_system_statuses_are_refused_whatever_the_reason(target: Status):
    """Only the system sets these statuses: that goes before any fault in the break reason."""
    person = in_status(Status.AVAILABLE)
    error = person.refuses(commands.ChangeStatus(Choice(target, "coffee"), BY_STAFF), TransitionRefusedError)
    assert error.requested is Action[f"CHANGE_TO_{target.name}"]


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        (Choice(Status.BUSY, "coffee"), InvalidFieldsError),
        (Choice(Status.ON_BREAK), InvalidFieldsError),
        (Choice(Status.ON_BREAK, "unheard-of"), BreakReasonUnknownError),
        (Choice(Status.ON_BREAK, "training"), BreakReasonDisabledError),
    ],
)
def test_faulty_choice_is_faulty_in_every_status(choice: Choice, error: type[CallerError]):
    """A choice that no status would allow is refused for its own fault, in a call as elsewhere."""
    for status in Status:
        in_status(status).refuses(commands.ChangeStatus(choice, BY_STAFF), error)


def test_break_reason_held_before_the_call_is_a_change_in_after_call_work():
    """The same break reason as before the call ends the wrap-up: the status is another."""
    person = in_status(Status.ON_BREAK)
    person.places()
    person.call_ends()
    assert person.status is Status.AFTER_CALL_WORK
    person.chooses(Status.ON_BREAK, "coffee")
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, "coffee")
