"""Reconciliation: a source tells all its calls; its others end, missing ones start, and what follows follows once."""

from domain_builders import chosen, in_status, later, on_offer

from onduty_server.domain.model.change import EndedOffer
from onduty_server.domain.model.commands import SourceCall
from onduty_server.domain.model.status import Cause, Direction, OfferEnd, Status


def test_calls_not_told_end():
    """A call of the source that it no longer tells is over; wrap-up follows as after any call."""
    person = in_status(Status.IN_LINE)
    change = person.reconciled()
    assert change is not None
    assert (person.status, person.call_ids()) == (Status.AFTER_CALL_WORK, [])
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "c0"
    assert change.cause is Cause.RECONCILE


def test_missing_calls_start():
    """A call told that nobody reported begins, with the source's instant."""
    person = in_status(Status.AVAILABLE)
    occurred_at = later(person.now, -60)
    change = person.reconciled(SourceCall("c1", Direction.OUTBOUND, occurred_at))
    assert change is not None
    call = person.call("c1")
    assert (call.source, call.direction, call.occurred_at) == ("pbx", Direction.OUTBOUND, occurred_at)
    assert (call.started_at, change.calls_started) == (person.now, 1)
    assert person.status is Status.IN_LINE


def test_same_calls_change_nothing():
    """A source that tells what is known already changes nothing."""
    person = in_status(Status.IN_LINE)
    assert person.reconciled("c0") is None


def test_no_calls_and_none_known_change_nothing():
    """A source without calls changes nothing for a person without calls."""
    assert in_status(Status.BUSY).reconciled() is None


def test_calls_of_other_sources_stay():
    """A source speaks for its own calls only."""
    person = in_status(Status.IN_LINE)
    person.call_starts("c2", source="other")
    person.reconciled()
    assert person.call_ids() == ["c2"]


def test_calls_without_a_source_stay():
    """A dialled call that no source has named is not ended by one that does not tell it."""
    person = in_status(Status.AVAILABLE)
    person.places("c1")
    assert person.reconciled() is None


def test_calls_without_a_source_are_adopted():
    """A dialled call that a source tells becomes that source's."""
    person = in_status(Status.AVAILABLE)
    person.places("c1")
    change = person.reconciled("c1")
    assert change is not None
    assert person.call("c1").source == "pbx"
    assert change.calls_started == 0


def test_one_call_for_another_leaves_the_person_in_line():
    """Where one call ended and another began meanwhile, the person stays in line: there is no wrap-up between."""
    person = in_status(Status.IN_LINE)
    change = person.reconciled("c5")
    assert change is not None
    assert (person.status, person.call_ids(), person.state.wrap_up) == (Status.IN_LINE, ["c5"], None)
    assert change.time_in_previous is None


def test_one_call_for_another_ends_nothing_else():
    """Where one call took another's place there is no return yet: choice and next choice wait for the last call's end."""
    person = in_status(Status.BUSY, wrap_up_enabled=False)
    person.call_starts("c0", Direction.INTERNAL)
    person.sets_next(Status.ON_BREAK)
    person.reconciled("c5")
    assert (person.state.choice, person.state.next) == (chosen(Status.BUSY), chosen(Status.ON_BREAK))


def test_several_missing_calls_start_together():
    """All missing calls begin with one change; the second one is irregular, as it would have been alone."""
    person = in_status(Status.AVAILABLE)
    change = person.reconciled("c1", "c2")
    assert change is not None
    assert [(call.call_id, call.irregular) for call in person.state.calls] == [("c1", False), ("c2", True)]
    assert change.calls_started == 2


def test_call_told_twice_starts_once():
    """A source that tells a call twice means one call."""
    person = in_status(Status.AVAILABLE)
    person.reconciled("c1", "c1")
    assert person.call_ids() == ["c1"]


def test_missing_call_is_irregular_where_it_should_not_be():
    """A missing inbound call of somebody who is BUSY is applied and flagged."""
    person = in_status(Status.BUSY)
    person.reconciled("c1")
    assert person.call("c1").irregular


def test_offered_call_is_answered():
    """An offered call that the source tells has been answered."""
    person = on_offer()
    change = person.reconciled("c1")
    assert change is not None
    assert (person.call("c1").claim_id, person.call("c1").irregular) == ("k1", False)
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.ACCEPTED)


def test_offered_call_that_is_not_told_stays_on_offer():
    """A call on offer has not begun: a source that does not tell it says nothing about it."""
    person = on_offer()
    assert person.reconciled() is None
    assert person.state.offer is not None


def test_ended_call_that_is_told_begins_again():
    """A call that was dropped from the record, and that its source still has, is in progress."""
    person = in_status(Status.IN_LINE)
    person.is_forced(Status.AVAILABLE, immediately=True)
    person.reconciled("c0")
    assert (person.status, person.call_ids()) == (Status.IN_LINE, ["c0"])
    assert not person.state.ended_legs


def test_ended_calls_are_remembered():
    """A late start of a call that reconciling ended changes nothing."""
    person = in_status(Status.IN_LINE)
    person.reconciled()
    assert person.call_starts("c0") is None


def test_wrap_up_follows_the_last_call_once():
    """Several calls that end together are followed by one wrap-up, of the youngest."""
    person = in_status(Status.AVAILABLE)
    person.call_starts("c1")
    person.call_starts("c2", Direction.TRANSFER)
    person.reconciled()
    assert person.status is Status.AFTER_CALL_WORK
    assert person.state.wrap_up is not None
    assert person.state.wrap_up.call_id == "c2"
