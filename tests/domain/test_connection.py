"""Workspaces: attached, gone, the grace after the last one, and what its end does."""

from dataclasses import replace

import pytest
from domain_builders import BY_STAFF, Person, in_status, later, workspace

from onduty_server.domain.model import commands
from onduty_server.domain.model.errors import AttachmentQuotaError
from onduty_server.domain.model.state import UNCONNECTED, WORKSPACES_MOST, Connection
from onduty_server.domain.model.status import ActorRole, Cause, Instant, Status, seconds
from onduty_server.domain.rules.effects.supervision import policy_concerns

SIGNED_IN = [status for status in Status if status is not Status.OFFLINE]


def _abandoned(status: Status = Status.AVAILABLE, **policy) -> Person:
    """A person whose only workspace vanished this instant."""
    person = in_status(status, **policy)
    person.attaches()
    person.wait(1)
    person.detaches()
    return person


def _connection(person: Person) -> Connection:
    """The connection, but for when its workspaces attached."""
    held = tuple(replace(one, attached_at=Instant(0)) for one in person.state.connection.attachments)
    return replace(person.state.connection, attachments=held)


# --- attached ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_attaching_changes_the_connection_only(status: Status):
    """A workspace that attaches is noted; the status stays, OFFLINE too."""
    person = in_status(status)
    change = person.attaches()
    assert change is not None
    assert _connection(person) == Connection((workspace(),))
    assert (person.status, change.cause, change.time_in_previous) == (status, Cause.ATTACHED, None)


def test_workspaces_are_bounded():
    """So many workspaces can be attached at once; one more is refused."""
    person = in_status(Status.BUSY)
    for number in range(WORKSPACES_MOST):
        person.attaches(f"w{number}")
    error = person.refuses(commands.Attach(workspace("one-more"), BY_STAFF), AttachmentQuotaError)
    assert error.limit == WORKSPACES_MOST


def test_workspace_that_leaves_makes_room():
    """A workspace that detached no longer counts."""
    person = in_status(Status.BUSY)
    for number in range(WORKSPACES_MOST):
        person.attaches(f"w{number}")
    person.detaches("w3")
    person.attaches("one-more")
    assert len(person.state.connection.attachments) == WORKSPACES_MOST


def test_unattached_person_has_no_deadline():
    """A person who was never attached stays signed in for as long as they like."""
    person = in_status(Status.AVAILABLE)
    assert person.wait(30 * 24 * 3600) == []
    assert person.status is Status.AVAILABLE


def test_workspace_says_since_when_it_is_attached():
    """A workspace has the instant at which it attached."""
    person = in_status(Status.BUSY)
    person.attaches()
    attached_at = person.now
    person.wait(5)
    person.attaches("w2")
    assert [one.attached_at for one in person.state.connection.attachments] == [attached_at, person.now]


# --- attached again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instance", ["server-1", "server-2"])
def test_workspace_that_attaches_again_takes_its_own_place(instance: str):
    """A workspace's new stream replaces its older one at once, whichever server holds it: it counts once."""
    person = in_status(Status.AVAILABLE)
    person.attaches("1", own="desk")
    person.attaches("2")
    person.attaches("3", instance, own="desk")
    assert [one.attachment_id for one in person.state.connection.attachments] == ["2", "3"]


def test_end_of_a_replaced_stream_detaches_nobody():
    """The late end of the older stream leaves the new one attached, and no grace runs."""
    person = in_status(Status.AVAILABLE)
    person.attaches("1", own="desk")
    person.attaches("2", own="desk")
    assert person.detaches("1") is None
    assert [one.attachment_id for one in person.state.connection.attachments] == ["2"]
    assert person.state.connection.offline_at is None


def test_workspace_that_attaches_again_needs_no_room():
    """With as many workspaces as there may be, each of them can still attach again."""
    person = in_status(Status.BUSY)
    for number in range(WORKSPACES_MOST):
        person.attaches(f"{number}", own=f"desk-{number}")
    person.attaches("again", own="desk-3")
    assert len(person.state.connection.attachments) == WORKSPACES_MOST
    person.refuses(commands.Attach(workspace("more", own="desk-more"), BY_STAFF), AttachmentQuotaError)


def test_workspaces_without_an_id_are_not_taken_for_one_another():
    """Streams whose workspace has no id of its own stand beside one another."""
    person = in_status(Status.BUSY)
    person.attaches("1")
    person.attaches("2")
    assert len(person.state.connection.attachments) == 2


# --- gone -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", SIGNED_IN, ids=lambda status: status.name)
def test_grace_begins_when_the_last_workspace_goes(status: Status):
    """When the last workspace of somebody signed in goes, the grace runs, 60 s by default; the status stays."""
    person = _abandoned(status)
    assert person.state.connection == Connection((), later(person.now, 60), grace_began_at=person.now)
    assert (person.status, person.last.cause) == (status, Cause.DETACHED)


def test_grace_is_the_policys():
    """The policy sets the grace."""
    person = _abandoned(disconnect_grace=seconds(5))
    assert person.state.connection.offline_at == later(person.now, 5)


def test_no_grace_while_another_workspace_is_attached():
    """Somebody with a second workspace is still there."""
    person = in_status(Status.AVAILABLE)
    person.attaches("w1")
    person.attaches("w2")
    person.detaches("w1")
    assert _connection(person) == Connection((workspace("w2"),))


def test_no_grace_in_offline():
    """Somebody who is OFFLINE already needs no grace."""
    person = _abandoned(Status.OFFLINE)
    assert person.state.connection == UNCONNECTED


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK, Status.AFTER_CALL_WORK])
def test_end_of_the_grace_signs_out(status: Status):
    """At the end of the grace the choice becomes OFFLINE, by the service, at that instant."""
    person = _abandoned(status, wrap_up_countdown=seconds(600))
    ends_at = later(person.now, 60)
    (change,) = person.wait(70)
    assert (person.status, person.state.connection) == (Status.OFFLINE, UNCONNECTED)
    assert (change.cause, change.actor.role, change.changed_at) == (Cause.DISCONNECTED, ActorRole.SYSTEM, ends_at)
    assert person.state.wrap_up is None


def test_attaching_within_the_grace_cancels_it():
    """A workspace that comes back in time leaves everything as it was."""
    person = _abandoned()
    person.wait(59)
    person.attaches("w2")
    assert _connection(person) == Connection((workspace("w2"),))
    assert person.wait(600) == []
    assert person.status is Status.AVAILABLE


def test_second_grace_is_whole():
    """Each grace begins afresh."""
    person = _abandoned()
    person.wait(50)
    person.attaches()
    person.detaches()
    assert person.state.connection.offline_at == later(person.now, 60)


def test_grace_of_nothing_signs_out_at_once():
    """With a grace of 0 somebody whose workspace goes is signed out at that instant."""
    person = _abandoned(disconnect_grace=seconds(0))
    gone_at = person.now
    (change,) = person.fire()
    assert (person.status, change.changed_at) == (Status.OFFLINE, gone_at)


def test_own_choice_within_the_grace_does_not_cancel_it():
    """Only a workspace cancels the grace."""
    person = _abandoned()
    person.wait(30)
    person.chooses(Status.BUSY)
    person.wait(30)
    assert person.status is Status.OFFLINE


def test_signing_out_within_the_grace_ends_it():
    """Who signs out within the grace and in again has no deadline left."""
    person = _abandoned()
    person.chooses(Status.OFFLINE)
    assert person.state.connection == UNCONNECTED
    person.chooses(Status.AVAILABLE)
    assert person.wait(600) == []


def test_signing_out_keeps_the_workspaces():
    """A workspace stays attached over signing out and in."""
    person = in_status(Status.AVAILABLE)
    person.attaches()
    person.chooses(Status.OFFLINE)
    person.chooses(Status.BUSY)
    assert _connection(person) == Connection((workspace(),))


# --- a grace of its own for breaks ------------------------------------------------------------------------------------

BREAK_GRACE = seconds(4 * 3600)


def test_break_that_runs_when_the_last_workspace_goes_has_its_own_grace():
    """Who closes the desktop for a break has the grace of breaks, and is OFFLINE at its end."""
    person = _abandoned(Status.ON_BREAK, disconnect_grace_on_break=BREAK_GRACE)
    assert person.state.connection.offline_at == later(person.now, 4 * 3600)
    person.wait(4 * 3600)
    assert (person.status, person.last.cause) == (Status.OFFLINE, Cause.DISCONNECTED)


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.IN_LINE, Status.AFTER_CALL_WORK])
def test_others_have_the_usual_grace(status: Status):
    """Outside breaks the grace of breaks does not count."""
    person = _abandoned(status, disconnect_grace_on_break=BREAK_GRACE)
    assert person.state.connection.offline_at == later(person.now, 60)


def test_break_has_the_usual_grace_by_default():
    """Without a word in the policy, breaks have no grace of their own."""
    assert _abandoned(Status.ON_BREAK).state.connection.offline_at == later(_abandoned(Status.ON_BREAK).now, 60)


def test_break_that_comes_next_has_the_grace_of_breaks():
    """A break chosen for after the call counts as one when the last workspace goes."""
    person = in_status(Status.IN_LINE, disconnect_grace_on_break=BREAK_GRACE)
    person.attaches()
    person.sets_next(Status.ON_BREAK)
    person.detaches()
    assert person.state.connection.offline_at == later(person.now, 4 * 3600)
    person.call_ends("c0")
    person.wait(30)
    assert (person.status, person.state.connection.offline_at) == (Status.ON_BREAK, later(person.now, 4 * 3600 - 30))


def test_break_that_begins_in_the_grace_prolongs_it():
    """Who goes on a break while the grace runs is OFFLINE when the grace of breaks is over, counted from the same instant."""
    person = _abandoned(Status.AVAILABLE, disconnect_grace_on_break=BREAK_GRACE)
    gone_at = person.now
    person.wait(20)
    person.chooses(Status.ON_BREAK)
    assert person.state.connection.offline_at == later(gone_at, 4 * 3600)


def test_break_that_begins_in_the_grace_counts_from_its_beginning_under_a_new_policy():
    """What the usual grace is meanwhile says nothing about the one that runs."""
    person = _abandoned(Status.AVAILABLE, disconnect_grace=seconds(600), disconnect_grace_on_break=seconds(60))
    gone_at = person.now
    person.wait(20)
    person.under(disconnect_grace=seconds(3600), disconnect_grace_on_break=seconds(60))
    person.is_forced(Status.ON_BREAK)
    assert (person.status, person.state.connection.offline_at) == (Status.ON_BREAK, later(gone_at, 60))


@pytest.mark.parametrize("left_after", [10, 4 * 3600 - 5])
def test_break_that_ends_in_the_grace_leaves_the_usual_one(left_after: int):
    """Who leaves the break without a workspace has the usual grace from then, and never longer than the one that ran."""
    person = _abandoned(Status.ON_BREAK, disconnect_grace_on_break=BREAK_GRACE)
    person.wait(left_after)
    person.chooses(Status.AVAILABLE)
    assert not person.state.capabilities.assign_inbound
    assert person.state.connection.offline_at == later(person.now, min(60, 4 * 3600 - left_after))


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
@pytest.mark.parametrize("on_break", [None, BREAK_GRACE])
def test_no_offers_in_a_grace(status: Status, on_break):
    """While any grace runs, no call is assigned."""
    person = _abandoned(status, disconnect_grace_on_break=on_break)
    assert not person.state.capabilities.assign_inbound


# --- detaching --------------------------------------------------------------------------------------------------------


def test_detaching_twice_changes_nothing():
    """The end of a stream that is not there changes nothing, and does not move the grace."""
    person = _abandoned()
    person.wait(10)
    assert person.detaches() is None


def test_same_name_on_another_server_is_another_workspace():
    """A stream is known by its name and the process that holds it."""
    person = in_status(Status.AVAILABLE)
    person.attaches("w1", "server-1")
    person.attaches("w1", "server-2")
    assert person.detaches("w1", "server-3") is None
    person.detaches("w1", "server-1")
    assert _connection(person).attachments == (workspace("w1", "server-2"),)


def test_all_workspaces_of_a_process_detach_together():
    """When a server process is gone all its streams are; those of others stay."""
    person = in_status(Status.AVAILABLE)
    person.attaches("w1", "server-1")
    person.attaches("w2", "server-2")
    person.attaches("w3", "server-1")
    person.detaches("", "server-1")
    assert _connection(person) == Connection((workspace("w2", "server-2"),))


def test_grace_begins_when_the_last_process_goes():
    """The grace runs when the process with the last streams is gone."""
    person = in_status(Status.AVAILABLE)
    person.attaches("w1", "server-1")
    person.attaches("w2", "server-1")
    person.detaches("", "server-1")
    assert person.state.connection.offline_at == later(person.now, 60)


# --- in a call --------------------------------------------------------------------------------------------------------


def test_call_defers_the_sign_out():
    """The grace that ends in a call lapses; the person stays in line until the last call ends, and is OFFLINE then."""
    person = _abandoned(Status.IN_LINE)
    person.call_starts("c1")
    (change,) = person.wait(60)
    assert (change.cause, change.status, change.time_in_previous) == (Cause.DISCONNECTED, Status.IN_LINE, None)
    assert person.state.connection == Connection(lapsed=True)
    person.call_ends("c0")
    assert person.status is Status.IN_LINE
    person.call_ends("c1")
    assert (person.status, person.state.wrap_up, person.state.connection) == (Status.OFFLINE, None, UNCONNECTED)


def test_attaching_in_a_call_after_the_grace_cancels_the_sign_out():
    """A workspace that comes back before the call ends leaves the person signed in."""
    person = _abandoned(Status.IN_LINE)
    person.wait(300)
    person.attaches()
    assert _connection(person) == Connection((workspace(),))
    person.call_ends("c0")
    assert person.status is Status.AFTER_CALL_WORK


def test_lapsed_connection_goes_before_the_next_choice():
    """Without a workspace the person is OFFLINE after the call, whatever was to come next."""
    person = _abandoned(Status.IN_LINE)
    person.sets_next(Status.BUSY)
    person.wait(60)
    person.call_ends("c0")
    assert (person.status, person.state.next) == (Status.OFFLINE, None)


@pytest.mark.parametrize("wrap_up_enabled", [True, False])
def test_lapsed_connection_goes_before_wrap_up(wrap_up_enabled):
    """Nobody wraps up without a workspace."""
    person = _abandoned(Status.IN_LINE, wrap_up_enabled=wrap_up_enabled)
    person.wait(60)
    person.call_ends("c0")
    assert person.status is Status.OFFLINE


def test_lapsed_connection_signs_out_when_the_calls_are_dropped():
    """A reset ends the calls that held the sign-out off."""
    person = _abandoned(Status.IN_LINE)
    person.wait(60)
    person.is_reset()
    assert person.status is Status.OFFLINE


def test_grace_that_ends_in_after_call_work_signs_out():
    """A call that ends within the grace is followed by wrap-up, which the end of the grace cuts off."""
    person = _abandoned(Status.IN_LINE)
    person.wait(50)
    person.call_ends("c0")
    assert person.status is Status.AFTER_CALL_WORK
    person.wait(10)
    assert person.status is Status.OFFLINE


# --- policies that demand attachment ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.AVAILABLE, Status.BUSY, Status.ON_BREAK], ids=lambda status: status.name)
def test_demanded_attachment_gives_a_grace_to_sign_in(status: Status):
    """Where the policy demands a workspace, who signs in without one has the grace to attach one."""
    person = Person(require_attachment=True)
    person.chooses(status)
    assert person.state.connection.offline_at == later(person.now, 60)
    person.wait(60)
    assert (person.status, person.last.cause) == (Status.OFFLINE, Cause.DISCONNECTED)


def test_demanded_attachment_is_met_by_attaching_first():
    """Who is attached before signing in has no deadline."""
    person = Person(require_attachment=True)
    person.attaches()
    person.chooses(Status.AVAILABLE)
    assert person.state.connection.offline_at is None


def test_demanded_attachment_is_met_within_the_grace():
    """Who attaches within the grace stays signed in."""
    person = Person(require_attachment=True)
    person.chooses(Status.AVAILABLE)
    person.wait(30)
    person.attaches()
    assert person.wait(600) == []


def test_further_changes_do_not_move_the_demanded_grace():
    """Changing status again does not put the deadline off."""
    person = Person(require_attachment=True)
    person.chooses(Status.AVAILABLE)
    person.wait(30)
    person.chooses(Status.BUSY)
    person.wait(30)
    assert person.status is Status.OFFLINE


def test_demand_for_attachment_reaches_those_signed_in():
    """When a policy begins to demand attachment, those signed in without a workspace get the grace, once."""
    person = in_status(Status.BUSY)
    person.under(require_attachment=True)
    assert policy_concerns(person.state, person.rules.policy)
    change = person.told_policy()
    assert change is not None
    assert (change.cause, person.state.connection.offline_at) == (Cause.POLICY, later(person.now, 60))
    person.wait(30)
    assert person.told_policy() is None


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_demand_for_attachment_leaves_others_alone(status: Status):
    """Those who are attached, and those who are OFFLINE, have nothing to do."""
    person = in_status(status)
    if status is not Status.OFFLINE:
        person.attaches()
    assert person.under(require_attachment=True).told_policy() is None


def test_demand_for_attachment_does_not_renew_a_lapsed_grace():
    """Somebody whose grace ended in a call is signed out at the call's end, also under a new policy."""
    person = _abandoned(Status.IN_LINE)
    person.wait(60)
    assert person.under(require_attachment=True).told_policy() is None
    person.call_ends("c0")
    assert person.status is Status.OFFLINE


def test_next_choice_out_of_offline_meets_the_demand():
    """Who is signed in by a next choice after a call in OFFLINE has the grace to attach, too."""
    person = Person(require_attachment=True)
    person.call_starts("c1")
    person.is_forced(Status.BUSY)
    person.call_ends("c1")
    assert person.status is Status.BUSY
    assert person.state.connection.offline_at == later(person.now, 60)
