"""The table of requests: what may be asked in which status. It does nothing itself.

Theory of operation
-------------------
A staff member's state has three regions (choice, engagement, connection), each with one kind of writer, and one visible
status that is a function of them. ``TABLE`` answers, for every action that can be *asked* and every visible status, which
``Cell`` applies: the request is refused, changes nothing, or has one named effect. ``decide`` looks the cell up first and
carries its effect out; it has no rule of its own about who may do what when. The docs' table and diagram, and a test a cell,
are made from this table.

What does not fit the table
---------------------------
* *Facts* (a call started or ended, a reconciliation) are never refused: refusing one would leave a person who is talking
  marked available. Their table is ``facts.TABLE``.
* *Deadlines* exist only while the part of the state they belong to exists, so nothing can refuse them: ``deadlines.TABLE``.
* What makes the regions agree after either of them is the ordered list ``agreeing.STEPS``.
* *Supervisors* act on the choice in every status; in a call the choice becomes the next choice unless they say at once.
* *Answers to an offer* depend on the offer's id, not on the status.
* *Claims* of other than inbound calls: ``assigning`` says what each direction needs and what bars every call.
* Four cells depend on more than the status; their names say on what.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from onduty_server.domain.model.policy import Policy
from onduty_server.domain.model.state import StaffState
from onduty_server.domain.model.status import Action, Direction, Status
from onduty_server.domain.rules.visible import can_be_claimed


class Cell(Enum):
    """What the table says of one action in one status."""

    REFUSED = "refused"
    UNCHANGED = "unchanged"
    SIGN_IN = "signs in"
    CHOOSE = "yes"
    CHOOSE_UNLESS_SAME_REASON = "yes, unless it is the same reason"
    END_WRAP_UP = "to AVAILABLE"
    STOP_COUNTDOWN = "countdown stops, status stays"
    SET_NEXT = "sets the next choice"
    CLEAR_NEXT = "clears the next choice"
    START_CALL = "to IN_LINE"
    START_CALL_BY_POLICY = "to IN_LINE, where the policy allows it"
    CONSULT = "an internal call"
    CONSULT_BY_POLICY = "an internal call, where the policy allows it"
    OFFER_UNLESS_BARRED = "an offer, unless something bars every call"


CHANGE_TO: Final[Mapping[Status, Action]] = MappingProxyType(
    {
        Status.AVAILABLE: Action.CHANGE_TO_AVAILABLE,
        Status.BUSY: Action.CHANGE_TO_BUSY,
        Status.ON_BREAK: Action.CHANGE_TO_ON_BREAK,
        Status.OFFLINE: Action.CHANGE_TO_OFFLINE,
        Status.IN_LINE: Action.CHANGE_TO_IN_LINE,
        Status.AFTER_CALL_WORK: Action.CHANGE_TO_AFTER_CALL_WORK,
    }
)
"""The action that a requested status stands for."""

_COLUMNS: Final = (
    Status.OFFLINE,
    Status.AVAILABLE,
    Status.BUSY,
    Status.ON_BREAK,
    Status.IN_LINE,
    Status.AFTER_CALL_WORK,
)


def _row(*cells: Cell) -> Mapping[Status, Cell]:
    return MappingProxyType(dict(zip(_COLUMNS, cells, strict=True)))


_no, _same, _in, _yes = Cell.REFUSED, Cell.UNCHANGED, Cell.SIGN_IN, Cell.CHOOSE
_other, _end, _stop = Cell.CHOOSE_UNLESS_SAME_REASON, Cell.END_WRAP_UP, Cell.STOP_COUNTDOWN
_next, _clear = Cell.SET_NEXT, Cell.CLEAR_NEXT
_call, _may, _aside = Cell.START_CALL, Cell.START_CALL_BY_POLICY, Cell.CONSULT_BY_POLICY
_offer = Cell.OFFER_UNLESS_BARRED

# fmt: off
TABLE: Final[Mapping[Action, Mapping[Status, Cell]]] = MappingProxyType({
    #                                      OFFLINE  AVAILABLE BUSY    ON_BREAK IN_LINE  AFTER_CALL_WORK
    Action.CHANGE_TO_AVAILABLE:       _row(_in,     _same,    _yes,   _yes,    _no,     _yes),
    Action.CHANGE_TO_BUSY:            _row(_in,     _yes,     _same,  _yes,    _no,     _yes),
    Action.CHANGE_TO_ON_BREAK:        _row(_in,     _yes,     _yes,   _other,  _no,     _yes),
    Action.CHANGE_TO_OFFLINE:         _row(_same,   _yes,     _yes,   _yes,    _no,     _yes),
    Action.CHANGE_TO_IN_LINE:         _row(_no,     _no,      _no,    _no,     _no,     _no),
    Action.CHANGE_TO_AFTER_CALL_WORK: _row(_no,     _no,      _no,    _no,     _no,     _no),
    Action.BACK_TO_RECEPTION:         _row(_no,     _no,      _no,    _no,     _no,     _end),
    Action.CONTINUE_AFTER_CALL_WORK:  _row(_no,     _no,      _no,    _no,     _no,     _stop),
    Action.SET_NEXT_STATUS:           _row(_no,     _no,      _no,    _no,     _next,   _next),
    Action.CLEAR_NEXT_STATUS:         _row(_no,     _no,      _no,    _no,     _clear,  _clear),
    Action.PLACE_CALL:                _row(_no,     _call,    _call,  _call,   _aside,  _may),
    Action.CLAIM:                     _row(_no,     _offer,   _no,    _no,     _no,     _no),
})
"""Every action in every status (source: the staff-status page)."""
# fmt: on


PLACED: Final[Mapping[Cell, frozenset[Direction]]] = MappingProxyType(
    {Cell.START_CALL: frozenset(Direction), Cell.CONSULT: frozenset({Direction.INTERNAL})}
)
"""The directions of calls that may be placed, for the cells of PLACE_CALL that grant it."""


def cell(action: Action, state: StaffState, policy: Policy) -> Cell:
    """The cell that applies, with the conditions of the conditional cells resolved.

    START_CALL_BY_POLICY becomes START_CALL or REFUSED, CONSULT_BY_POLICY becomes CONSULT or REFUSED, and OFFER_UNLESS_BARRED
    becomes REFUSED where no inbound call can be assigned. CHOOSE_UNLESS_SAME_REASON stays: it depends on the reason that is
    asked.
    """
    found = TABLE[action][state.status]
    if found is Cell.CONSULT_BY_POLICY:
        return Cell.CONSULT if policy.in_line_consultation else Cell.REFUSED
    if found is Cell.START_CALL_BY_POLICY:
        return Cell.START_CALL if policy.after_call_work_dial_out else Cell.REFUSED
    if found is Cell.OFFER_UNLESS_BARRED and not can_be_claimed(state, Direction.INBOUND, policy):
        return Cell.REFUSED
    return found


def allowed(state: StaffState, policy: Policy) -> tuple[Action, ...]:
    """The actions that would change something in this state, for the detail of a refusal."""
    barred = (Cell.REFUSED, Cell.UNCHANGED)
    return tuple(action for action in Action if cell(action, state, policy) not in barred)
