"""The policy's defaults and the bounds of its lengths of time, as DESIGN gives them."""

from dataclasses import fields

import pytest

from onduty_server.domain.model.policy import (
    BREAK_LIMIT_BOUNDS,
    BUILT_IN_REASON,
    CALL_AGE_BOUNDS,
    CLAIM_TTL_BOUNDS,
    COUNTDOWN_BOUNDS,
    DURATION_BOUNDS,
    GRACE_BOUNDS,
    LATE_FACT_BOUNDS,
    MISSES_LEAST,
    MISSES_MOST,
    RETENTION_BOUNDS,
    WRAP_UP_CAP_BOUNDS,
    Bounds,
    BreakLimitAction,
    BreakReason,
    NoAnswerStatus,
    Policy,
    ReturnTo,
    Rules,
)
from onduty_server.domain.model.status import Direction, Micros, seconds

HOUR = 3600
DAY = 24 * HOUR


def test_defaults_are_those_of_design():
    """A tenant that says nothing has the rules of the page."""
    assert Policy() == Policy(
        wrap_up_enabled=True,
        wrap_up_countdown=seconds(30),
        wrap_up_directions=frozenset(Direction),
        wrap_up_cap=Micros(0),
        return_to=ReturnTo.AVAILABLE,
        claim_ttl=seconds(20),
        no_answer_misses=2,
        no_answer_status=NoAnswerStatus.ON_BREAK,
        disconnect_grace=seconds(60),
        require_attachment=False,
        max_call_age=seconds(4 * HOUR),
        late_fact_window=seconds(10),
        wrap_up_unanswered=True,
        break_internal_calls=False,
        after_call_work_dial_out=True,
        after_call_work_internal_calls=False,
        retention=seconds(180 * DAY),
        break_limit_action=BreakLimitAction.NONE,
    )


BOUNDS = [
    # bounds, least and most in seconds, whether 0 means none
    pytest.param(COUNTDOWN_BOUNDS, 1, HOUR, False, id="countdown"),
    pytest.param(WRAP_UP_CAP_BOUNDS, 1, DAY, True, id="wrap-up cap"),
    pytest.param(CLAIM_TTL_BOUNDS, 1, 600, False, id="claim"),
    pytest.param(GRACE_BOUNDS, 0, HOUR, False, id="grace"),
    pytest.param(LATE_FACT_BOUNDS, 0, 600, False, id="late facts"),
    pytest.param(CALL_AGE_BOUNDS, 60, 7 * DAY, False, id="call age"),
    pytest.param(RETENTION_BOUNDS, DAY, 3650 * DAY, False, id="retention"),
    pytest.param(BREAK_LIMIT_BOUNDS, 1, DAY, True, id="break limit"),
]


@pytest.mark.parametrize(("bounds", "least", "most", "zero_is_none"), BOUNDS)
def test_bounds_are_closed(bounds: Bounds, least: int, most: int, zero_is_none):
    """A length at either bound is allowed and one microsecond beyond is not."""
    assert bounds.allow(seconds(least))
    assert bounds.allow(seconds(most))
    assert not bounds.allow(Micros(seconds(most) + 1))
    assert not bounds.allow(Micros(-1))
    below = Micros(seconds(least) - 1)
    assert not bounds.allow(below)
    assert bounds.allow(Micros(0)) is (zero_is_none or least == 0)


@pytest.mark.parametrize(("bounds", "least", "most", "zero_is_none"), BOUNDS)
def test_rehearsal_lowers_the_lower_bound_only(bounds: Bounds, least: int, most: int, zero_is_none):
    """A rehearsal may be quick, down to a millisecond, but no longer than the real thing."""
    assert bounds.allow(seconds(0.001), rehearsal=True)
    assert bounds.allow(Micros(999), rehearsal=True) is (least == 0)
    assert bounds.allow(Micros(0), rehearsal=True) is (zero_is_none or least == 0)
    assert not bounds.allow(Micros(seconds(most) + 1), rehearsal=True)


def test_every_length_of_time_in_the_policy_is_bounded():
    """No length of time in a policy goes unchecked, and no bound is for a field that is not there."""
    lengths = {field.name for field in fields(Policy) if isinstance(getattr(Policy(), field.name), int)}
    lengths -= {field.name for field in fields(Policy) if isinstance(getattr(Policy(), field.name), bool)}
    lengths -= {"return_to", "no_answer_misses", "no_answer_status", "break_limit_action", "colleagues"}
    assert set(DURATION_BOUNDS) == lengths | {"disconnect_grace_on_break"}


@pytest.mark.parametrize("field", DURATION_BOUNDS)
def test_defaults_are_within_their_bounds(field: str):
    """What a tenant gets unasked is what it could ask for."""
    default = getattr(Policy(), field)
    assert default is None or DURATION_BOUNDS[field].allow(default)


def test_default_misses_are_within_their_bounds():
    """The default number of misses is one that can be set: 1 to 100."""
    assert (MISSES_LEAST, MISSES_MOST) == (1, 100)
    assert MISSES_LEAST <= Policy().no_answer_misses <= MISSES_MOST


@pytest.mark.parametrize("direction", Direction, ids=lambda direction: direction.name)
def test_wrap_up_needs_both_switch_and_direction(direction: Direction):
    """A call is followed by wrap-up where wrap-up is enabled and has the call's direction."""
    assert Policy().owes_wrap_up(direction, answered=None)
    assert not Policy(wrap_up_enabled=False).owes_wrap_up(direction, answered=None)
    assert not Policy(wrap_up_directions=frozenset()).owes_wrap_up(direction, answered=None)
    assert Policy(wrap_up_directions=frozenset({direction})).owes_wrap_up(direction, answered=None)


@pytest.mark.parametrize(("answered", "owes"), [(True, True), (None, True), (False, False)])
def test_policy_may_leave_unanswered_calls_without_wrap_up(answered, owes):
    """By policy an unanswered call has no wrap-up; one of which nobody said so has."""
    assert Policy(wrap_up_unanswered=False).owes_wrap_up(Direction.OUTBOUND, answered=answered) is owes
    assert Policy().owes_wrap_up(Direction.OUTBOUND, answered=answered)


def test_built_in_reason_is_always_found():
    """The reason for missed offers is there without being defined, enabled and without a limit."""
    assert Rules().break_reason("no-answer") is BUILT_IN_REASON
    assert BUILT_IN_REASON.built_in
    assert BUILT_IN_REASON.enabled
    assert BUILT_IN_REASON.limit == 0


def test_tenants_word_on_the_built_in_reason_counts():
    """A tenant's name and limit for the built-in reason replace the default ones."""
    own = BreakReason("no-answer", "Missed calls", limit=seconds(60))
    assert Rules(break_reasons={"no-answer": own}).break_reason("no-answer") is own


def test_other_reasons_are_the_tenants():
    """Any other reason is found only where the tenant has defined it, and is not built in."""
    coffee = BreakReason("coffee")
    assert Rules(break_reasons={"coffee": coffee}).break_reason("coffee") is coffee
    assert Rules().break_reason("coffee") is None
    assert not coffee.built_in
