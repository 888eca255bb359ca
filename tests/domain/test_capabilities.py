"""DESIGN's table of capabilities and the visible status, as functions and in the states that commands lead to.

``yes``, ``no`` and the policy fields that decide are written down here as DESIGN has them.
"""

import itertools

import pytest
from domain_builders import T0, chosen, in_status, on_offer, rules

from onduty_server.domain.model.state import UNCONNECTED, Call, Capabilities, Offer, WrapUp
from onduty_server.domain.model.status import CHOOSABLE, Direction, Status
from onduty_server.domain.rules.visible import capabilities, visible_status

DESIGN_TABLE = """
status           assign_inbound  dial_out                  internal_calls                  change_status  consult
AVAILABLE        unless-offered  yes                       yes                             yes            no
BUSY             no              yes                       yes                             yes            no
ON_BREAK         no              yes                       break_internal_calls            yes            no
IN_LINE          no              no                        no                              no             in_line_consultation
AFTER_CALL_WORK  no              after_call_work_dial_out  after_call_work_internal_calls  yes            no
OFFLINE          no              no                        no                              yes            no
"""

DEFAULTS = {
    "break_internal_calls": False,
    "after_call_work_dial_out": True,
    "after_call_work_internal_calls": False,
    "in_line_consultation": False,
}
"""The policies of the table, with the defaults DESIGN gives them."""

POLICIES = [dict(zip(DEFAULTS, values, strict=True)) for values in itertools.product((False, True), repeat=len(DEFAULTS))]
OFFER = Offer("k1", "c1", T0, T0, Direction.INBOUND)
CALL = Call("c1", Direction.INBOUND, "pbx", T0, T0)
WRAP_UP = WrapUp("c1", T0, None)


def _expected(status: Status, policy: dict[str, bool], *, offered: bool = False) -> Capabilities:
    head, *rows = (line.split() for line in DESIGN_TABLE.strip().splitlines())
    (row,) = (row for row in rows if row[0] == status.name)
    words = {"yes": True, "no": False, "unless-offered": not offered, **policy}
    return Capabilities(**{column: words[word] for column, word in zip(head[1:], row[1:], strict=True)})


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_capabilities_of_a_status(status: Status, policy: dict[str, bool]):
    """A status may do what DESIGN's row says under each policy."""
    assert capabilities(status, None, UNCONNECTED, rules(**policy).policy) == _expected(status, policy)


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_capabilities_under_the_default_policy(status: Status):
    """Without a word from the tenant, DESIGN's defaults decide."""
    assert capabilities(status, None, UNCONNECTED, rules().policy) == _expected(status, DEFAULTS)


def test_an_offer_bars_another_assignment_only():
    """While an offer is outstanding, no call is assigned; everything else stays open."""
    assert capabilities(Status.AVAILABLE, OFFER, UNCONNECTED, rules().policy) == _expected(
        Status.AVAILABLE, DEFAULTS, offered=True
    )


@pytest.mark.parametrize("policy", POLICIES, ids=str)
@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_capabilities_travel_with_the_state(status: Status, policy: dict[str, bool]):
    """A state that commands led to carries the capabilities of its status and policy."""
    assert in_status(status, **policy).state.capabilities == _expected(status, policy)


def test_capabilities_follow_the_offer():
    """The state loses the right to be assigned with an offer and regains it when the offer ends."""
    person = on_offer()
    assert person.state.capabilities == _expected(Status.AVAILABLE, DEFAULTS, offered=True)
    person.claim_withdrawn()
    assert person.state.capabilities == _expected(Status.AVAILABLE, DEFAULTS)


@pytest.mark.parametrize("wrap_up", [None, WRAP_UP], ids=["no wrap-up", "wrap-up"])
@pytest.mark.parametrize("choice", [chosen(status) for status in sorted(CHOOSABLE)], ids=lambda choice: choice.status.name)
def test_a_call_is_in_line(choice, wrap_up):
    """With a call in progress the visible status is IN_LINE, whatever else is so."""
    assert visible_status(choice, (CALL,), wrap_up) is Status.IN_LINE


def test_offline_hides_wrap_up():
    """Without a call, a choice of OFFLINE is OFFLINE, wrap-up or not."""
    assert visible_status(chosen(Status.OFFLINE), (), WRAP_UP) is Status.OFFLINE


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda status: status.name)
def test_wrap_up_hides_the_choice(status: Status):
    """Without a call and signed in, wrap-up is AFTER_CALL_WORK."""
    assert visible_status(chosen(status), (), WRAP_UP) is Status.AFTER_CALL_WORK


@pytest.mark.parametrize("status", sorted(CHOOSABLE), ids=lambda status: status.name)
def test_else_the_choice_shows(status: Status):
    """Without call and wrap-up the visible status is the choice."""
    assert visible_status(chosen(status), (), None) is status
