"""Claims and what becomes of the offer: accepted, declined, withdrawn, expired, superseded."""

import pytest
from domain_builders import BY_ROUTER, BY_STAFF, Person, in_status, later, on_offer

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import EndedOffer
from onduty_server.domain.model.errors import NotAssignableError, OfferGoneError
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.status import Action, ActorRole, Cause, Direction, OfferEnd, Status, seconds

NOT_AVAILABLE = [status for status in Status if status is not Status.AVAILABLE]


def test_claim_expires_after_the_policys_time():
    """A claim that does not say how long it lasts lasts as long as the policy says, 20 s by default."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed()
    assert person.state.offer is not None
    assert person.state.offer.offered_at == person.now
    assert person.state.offer.expires_at == later(person.now, 20)


def test_claim_expires_after_its_own_time():
    """A claim's own time goes before the policy's."""
    person = in_status(Status.AVAILABLE, claim_ttl=seconds(60))
    person.is_claimed(ttl_seconds=7)
    assert person.state.offer is not None
    assert person.state.offer.expires_at == later(person.now, 7)


def test_claim_is_the_routers_change():
    """The change of a claim names the router, the call and the claim."""
    person = in_status(Status.AVAILABLE)
    change = person.is_claimed("k7", "c7")
    assert change is not None
    assert (change.cause, change.actor.role, change.call_id, change.claim_id) == (Cause.CLAIM, ActorRole.ROUTER, "c7", "k7")


def test_one_of_two_claims_wins():
    """The second claim on the same person is refused with the state as it is: one offer is outstanding."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed("k1", "c1")
    error = person.refuses(commands.Claim("k2", "c2", None, Direction.INBOUND, "", BY_ROUTER), NotAssignableError)
    assert error.current.offer is not None
    assert error.current.offer.claim_id == "k1"
    assert Action.CLAIM not in error.allowed


@pytest.mark.parametrize("status", NOT_AVAILABLE, ids=lambda status: status.name)
def test_claim_is_refused_outside_available(status: Status):
    """Only those who are AVAILABLE can be claimed."""
    person = in_status(status)
    error = person.refuses(commands.Claim("k1", "c1", None, Direction.INBOUND, "", BY_ROUTER), NotAssignableError)
    assert error.current.status is status


def test_accepting_starts_the_call():
    """An accepted offer is a call in progress that remembers its claim; the person is in line."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed("k1", "c1", direction=Direction.TRANSFER, source="pbx")
    change = person.accepts("k1")
    assert change is not None
    assert person.status is Status.IN_LINE
    call = person.call("c1")
    assert (call.claim_id, call.direction, call.source, call.irregular) == ("k1", Direction.TRANSFER, "pbx", False)
    assert (change.cause, change.call_id, change.claim_id) == (Cause.OFFER_ACCEPTED, "c1", "k1")
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.ACCEPTED)
    assert person.state.offer is None


def test_accepting_again_changes_nothing():
    """A second acceptance of the same claim, while its call lasts, is fine and changes nothing."""
    person = on_offer()
    person.accepts()
    assert person.accepts() is None


def test_accepting_after_the_offered_call_started_changes_nothing():
    """Accepting an offer whose call telephony has reported already is fine and changes nothing."""
    person = on_offer()
    person.call_starts("c1")
    assert person.accepts() is None


@pytest.mark.parametrize("answer", [commands.AcceptOffer, commands.DeclineOffer], ids=["accept", "decline"])
def test_answer_to_no_offer_is_refused(answer):
    """Without an offer there is nothing to answer."""
    error = in_status(Status.AVAILABLE).refuses(answer("k1", BY_STAFF), OfferGoneError)
    assert (error.claim_id, error.requested) == ("k1", None)


@pytest.mark.parametrize("answer", [commands.AcceptOffer, commands.DeclineOffer], ids=["accept", "decline"])
def test_answer_to_another_offer_is_refused(answer):
    """An answer meant for an earlier offer does not reach the outstanding one."""
    person = on_offer()
    person.refuses(answer("k0", BY_STAFF), OfferGoneError)
    assert person.state.offer is not None


@pytest.mark.parametrize("answer", [commands.AcceptOffer, commands.DeclineOffer], ids=["accept", "decline"])
def test_answer_after_expiry_is_refused(answer):
    """An answer that comes too late is refused, with the state as it has become."""
    person = on_offer()
    person.wait(20)
    error = person.refuses(answer("k1", BY_STAFF), OfferGoneError)
    assert error.current.misses == 1


def test_accepting_after_the_call_ended_is_refused():
    """Once the accepted call is over, its claim is no longer to be accepted."""
    person = on_offer()
    person.accepts()
    person.call_ends("c1")
    person.refuses(commands.AcceptOffer("k1", BY_STAFF), OfferGoneError)


def test_declining_ends_the_offer():
    """A declined offer is gone; the person stays AVAILABLE and says why."""
    person = on_offer()
    change = person.declines()
    assert change is not None
    assert person.status is Status.AVAILABLE
    assert person.state.offer is None
    assert (change.cause, change.call_id) == (Cause.OFFER_DECLINED, "c1")
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.DECLINED)


def test_expiry_ends_the_offer():
    """An offer that nobody answers ends at its instant, by the service itself."""
    person = on_offer()
    (change,) = person.wait(20)
    assert person.state.offer is None
    assert (change.cause, change.actor.role, change.call_id) == (Cause.NO_ANSWER, ActorRole.SYSTEM, "c1")
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.EXPIRED)


def test_offer_holds_until_its_instant():
    """A microsecond before its expiry an offer can still be accepted."""
    person = on_offer()
    assert person.state.offer is not None
    person.now = person.state.offer.expires_at - 1
    assert person.fire() == []
    person.accepts()
    assert person.status is Status.IN_LINE


def test_offer_is_over_at_its_instant():
    """At its expiry an offer is over."""
    person = on_offer()
    assert person.state.offer is not None
    person.now = person.state.offer.expires_at
    assert [change.cause for change in person.fire()] == [Cause.NO_ANSWER]


def test_withdrawing_ends_the_offer():
    """The router that withdraws its claim frees the person at once."""
    person = on_offer()
    change = person.claim_withdrawn()
    assert change is not None
    assert person.state.offer is None
    assert (change.cause, change.actor.role, change.call_id) == (Cause.CLAIM_WITHDRAWN, ActorRole.ROUTER, "c1")
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.WITHDRAWN)
    assert person.state.capabilities.assign_inbound


def test_withdrawing_keeps_the_place_in_line():
    """The caller hung up: the person has waited all along and stays the one who waited longest."""
    person = on_offer()
    waiting_since = person.state.idle_since
    person.claim_withdrawn()
    assert person.state.idle_since == waiting_since


@pytest.mark.parametrize("end", ["accepts", "declines", "claim_withdrawn"])
def test_withdrawing_an_ended_claim_changes_nothing(end: str):
    """A claim that ended, however, is left as it is."""
    person = on_offer()
    getattr(person, end)()
    assert person.claim_withdrawn() is None


def test_withdrawing_another_claim_changes_nothing():
    """A claim that is not the outstanding one is left as it is."""
    person = on_offer()
    assert person.claim_withdrawn("k0") is None
    assert person.state.offer is not None


def test_start_of_the_offered_call_answers_the_offer():
    """Telephony's report that the offered call started is the answer to the offer."""
    person = on_offer()
    change = person.call_starts("c1", source="pbx")
    assert change is not None
    assert person.status is Status.IN_LINE
    call = person.call("c1")
    assert (call.claim_id, call.source, call.irregular) == ("k1", "pbx", False)
    assert change.cause is Cause.CALL_STARTED
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.ACCEPTED)


def test_call_keeps_the_claims_source_where_the_fact_names_none():
    """A fact without a source leaves the call with the source the claim gave."""
    person = in_status(Status.AVAILABLE)
    person.is_claimed(source="pbx")
    person.call_starts("c1", source="")
    assert person.call("c1").source == "pbx"


def test_end_of_the_offered_call_withdraws_the_offer():
    """The caller hung up while it rang: the offer is withdrawn and no miss is counted."""
    person = on_offer()
    change = person.call_ends("c1")
    assert change is not None
    assert person.status is Status.AVAILABLE
    assert change.cause is Cause.CALL_ENDED
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.WITHDRAWN)
    assert person.state.misses == 0


def test_another_call_supersedes_the_offer():
    """A person who is in another call is no longer AVAILABLE: the offer is withdrawn and says so."""
    person = on_offer()
    change = person.call_starts("c2", Direction.INTERNAL)
    assert change is not None
    assert person.call_ids() == ["c2"]
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)
    assert (change.call_id, change.claim_id) == ("c2", "k1")


def test_supervisor_supersedes_the_offer():
    """A supervisor who takes the person out of AVAILABLE withdraws the offer."""
    person = on_offer()
    change = person.is_forced(Status.BUSY)
    assert change is not None
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)


def test_lost_connection_supersedes_the_offer():
    """A person who is signed out for want of a workspace loses the offer, without a miss."""
    person = in_status(Status.AVAILABLE)
    person.attaches()
    person.is_claimed(ttl_seconds=120)
    person.detaches()
    (change,) = person.wait(60)
    assert (change.cause, person.status) == (Cause.DISCONNECTED, Status.OFFLINE)
    assert change.ended_offer == EndedOffer("k1", "c1", OfferEnd.SUPERSEDED)
    assert person.state.misses == 0


def test_claim_may_follow_a_claim():
    """After an offer ended, the next claim is taken."""
    person = on_offer()
    person.claim_withdrawn("k1")
    person.is_claimed("k2", "c2")
    assert person.state.offer is not None
    assert person.state.offer.claim_id == "k2"


def test_offer_outlives_changes_that_leave_available_alone():
    """New skill groups, a workspace or a new policy leave the offer as it is."""
    person: Person = on_offer()
    offer = person.state.offer
    person.attaches()
    person.does(commands.UpdateStaff("Ada L.", (SkillGroup("support"),), BY_STAFF))
    person.under(claim_ttl=seconds(5)).told_policy()
    assert person.state.offer is offer
