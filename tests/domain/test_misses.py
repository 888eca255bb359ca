"""Offers missed in a row: what counts, what the policy makes of them, and what resets the count."""

import pytest
from domain_builders import Person, in_status

from onduty_server.domain.model.policy import NO_ANSWER_REASON, BreakReason, NoAnswerStatus, Rules
from onduty_server.domain.model.status import Cause, Direction, Status, seconds


def _missed(person: Person, times: int = 1) -> Person:
    """The person lets so many offers expire."""
    for _ in range(times):
        person.is_claimed()
        person.wait(20)
    return person


def _available(**policy) -> Person:
    return in_status(Status.AVAILABLE, **policy)


def test_expired_offer_is_a_miss():
    """An offer that expires counts one miss; the first of two leaves the person AVAILABLE."""
    person = _missed(_available())
    assert (person.state.misses, person.status) == (1, Status.AVAILABLE)


def test_declined_offer_is_a_miss():
    """An offer that is declined counts one miss."""
    person = _available()
    person.is_claimed()
    person.declines()
    assert (person.state.misses, person.status) == (1, Status.AVAILABLE)


def test_withdrawn_offer_is_no_miss():
    """The caller hung up: nobody missed anything."""
    person = _available()
    person.is_claimed()
    person.claim_withdrawn()
    assert person.state.misses == 0


def test_withdrawn_offer_does_not_reset_the_count():
    """A withdrawn offer was not answered either: the misses before it still count."""
    person = _missed(_available())
    person.is_claimed()
    person.claim_withdrawn()
    assert person.state.misses == 1


def test_a_miss_starts_the_waiting_anew():
    """Who misses an offer goes to the end of the line of those who wait."""
    person = _missed(_available())
    assert person.state.idle_since == person.now
    assert person.state.status_since < person.now


def test_second_miss_is_a_break_by_default():
    """After two misses in a row the person is ON_BREAK with the built-in reason, by the change of the miss itself."""
    person = _missed(_available(), 2)
    assert (person.status, person.state.break_reason) == (Status.ON_BREAK, NO_ANSWER_REASON)
    assert (person.last.cause, person.last.status) == (Cause.NO_ANSWER, Status.ON_BREAK)
    assert person.state.misses == 2


def test_expiry_and_decline_add_up():
    """A declined and an expired offer in a row are two misses; the second one's cause is the change's."""
    person = _missed(_available())
    person.is_claimed()
    person.declines()
    assert (person.status, person.last.cause) == (Status.ON_BREAK, Cause.OFFER_DECLINED)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (NoAnswerStatus.NONE, Status.AVAILABLE),
        (NoAnswerStatus.BUSY, Status.BUSY),
        (NoAnswerStatus.ON_BREAK, Status.ON_BREAK),
    ],
)
def test_policy_names_the_status(answer: NoAnswerStatus, status: Status):
    """The policy says which status the misses lead to; none leaves the person AVAILABLE."""
    person = _missed(_available(no_answer_status=answer), 2)
    assert person.status is status


@pytest.mark.parametrize("misses", [1, 3, 5])
def test_policy_says_how_many(misses: int):
    """The status applies with the policy's number of misses and not before."""
    person = _missed(_available(no_answer_misses=misses), misses - 1)
    assert person.status is Status.AVAILABLE
    _missed(person)
    assert person.status is Status.ON_BREAK


def test_without_a_status_offers_go_on():
    """Where the policy has no status for it, the person can be claimed again after any number of misses."""
    person = _missed(_available(no_answer_status=NoAnswerStatus.NONE), 4)
    assert person.state.misses == 4
    assert person.state.capabilities.assign_inbound


def test_accepting_resets_the_count():
    """An accepted offer ends the row of misses."""
    person = _missed(_available())
    person.is_claimed()
    person.accepts()
    assert person.state.misses == 0


def test_start_of_the_offered_call_resets_the_count():
    """An offered call that telephony reports as started was answered."""
    person = _missed(_available())
    person.is_claimed()
    person.call_starts("c1")
    assert person.state.misses == 0


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.TRANSFER], ids=lambda direction: direction.name)
def test_answered_call_without_a_claim_resets_the_count(direction: Direction):
    """A call that came without a claim was answered too."""
    person = _missed(_available())
    person.call_starts("c5", direction)
    assert person.state.misses == 0


def test_irregular_answered_call_resets_the_count():
    """A call answered just after its offer expired ends the row of misses, though the person was on a break by then."""
    person = _missed(_available(), 2)
    person.call_starts("c1")
    assert person.call("c1").irregular
    assert person.state.misses == 0


@pytest.mark.parametrize("direction", [Direction.OUTBOUND, Direction.INTERNAL], ids=lambda direction: direction.name)
def test_other_calls_leave_the_count(direction: Direction):
    """A call that the person may have begun was not answered: the misses still count."""
    person = _missed(_available())
    person.call_starts("c5", direction)
    assert person.state.misses == 1


def test_dialling_leaves_the_count():
    """A call dialled by hand is not an answered one."""
    person = _missed(_available())
    person.places()
    assert person.state.misses == 1


def test_own_change_to_available_resets_the_count():
    """Who comes back to AVAILABLE by the own hand starts afresh."""
    person = _missed(_available(), 2)
    person.chooses(Status.AVAILABLE)
    assert person.state.misses == 0
    _missed(person)
    assert person.status is Status.AVAILABLE


def test_back_to_reception_resets_the_count():
    """Back to reception is an own change to AVAILABLE."""
    person = _missed(_available())
    person.places()
    person.call_ends()
    person.goes_back_to_reception()
    assert (person.status, person.state.misses) == (Status.AVAILABLE, 0)


@pytest.mark.parametrize("status", [Status.BUSY, Status.ON_BREAK, Status.OFFLINE], ids=lambda status: status.name)
def test_own_change_elsewhere_leaves_the_count(status: Status):
    """A change to another status does not reset the count."""
    person = _missed(_available())
    person.chooses(status)
    assert person.state.misses == 1


def test_choosing_available_again_leaves_the_count():
    """Asking for AVAILABLE while AVAILABLE is no change, and so resets nothing."""
    person = _missed(_available())
    assert person.chooses(Status.AVAILABLE) is None
    assert person.state.misses == 1


def test_supervisors_change_to_available_starts_the_count_anew():
    """A supervisor's AVAILABLE is as good as the own: one more miss is the first."""
    person = _missed(_available(), 2)
    person.is_forced(Status.AVAILABLE)
    assert person.state.misses == 0
    _missed(person)
    assert (person.status, person.state.misses) == (Status.AVAILABLE, 1)


def test_end_of_wrap_up_leaves_the_count():
    """The return to AVAILABLE after a call is nobody's own change."""
    person = _missed(_available())
    person.places()
    person.call_ends()
    person.wait(30)
    assert (person.status, person.state.misses) == (Status.AVAILABLE, 1)


def test_break_for_no_answer_can_have_a_limit():
    """A limit that the tenant gave the built-in reason holds for it."""
    limited = {NO_ANSWER_REASON: BreakReason(NO_ANSWER_REASON, limit=seconds(120))}
    person = Person(under=Rules(break_reasons=limited))
    person.chooses(Status.AVAILABLE)
    _missed(person, 2)
    assert person.state.break_ends_at == person.now + seconds(120)


def test_break_for_no_answer_has_no_limit_by_default():
    """Without a word from the tenant the built-in reason has no limit."""
    assert _missed(_available(), 2).state.break_ends_at is None
