"""The directory: staff are created, updated and deleted; none of it touches who may do what."""

import pytest
from domain_builders import BY_ADMIN, T0, Person, in_status, in_wrap_up, on_offer, rules

from onduty_server.domain.model import commands
from onduty_server.domain.model.change import Actor, ChangeKind
from onduty_server.domain.model.commands import Origin
from onduty_server.domain.model.errors import StaffSignedInError
from onduty_server.domain.model.skill_groups import SkillGroup
from onduty_server.domain.model.state import OFFLINE, UNCONNECTED, Capabilities
from onduty_server.domain.model.status import ActorRole, Cause, Status, seconds
from onduty_server.domain.rules.deadlines import next_deadline
from onduty_server.domain.rules.decide import create
from onduty_server.domain.rules.effects.supervision import policy_concerns

SIGNED_IN = [status for status in Status if status is not Status.OFFLINE]

IN_SALES = (SkillGroup("sales"),)
IN_TWO = (SkillGroup("sales", 3), SkillGroup("support"))


# --- create -----------------------------------------------------------------------------------------------------------


def test_new_staff_are_offline():
    """A new staff member is OFFLINE from the instant of creation, with nothing else going on."""
    state, _ = create(commands.CreateStaff("ada", "Ada", IN_TWO, BY_ADMIN), rules(), T0)
    assert (state.staff_id, state.display_name, state.skill_groups) == (
        "ada",
        "Ada",
        IN_TWO,
    )
    assert (state.status, state.choice, state.connection) == (Status.OFFLINE, OFFLINE, UNCONNECTED)
    assert (state.status_since, state.changed_at, state.idle_since) == (T0, T0, None)
    assert state.capabilities == Capabilities(change_status=True)
    assert (state.calls, state.offer, state.wrap_up, state.next, state.deleted) == ((), None, None, None, False)
    assert (state.misses, state.overdue, state.break_ends_at, tuple(state.ended_legs)) == (0, False, None, ())
    assert next_deadline(state) is None


def test_creation_says_who_and_why():
    """The first change says that it is the first, and who asked for it with which request and note."""
    origin = Origin(Actor(ActorRole.ADMIN, "root"), request_id="r1", note="new in sales")
    _, change = create(commands.CreateStaff("ada", "Ada", (), origin), rules(), T0)
    assert change.kind is ChangeKind.CREATED
    assert (change.previous_status, change.previous_break_reason, change.time_in_previous) == (None, "", None)
    assert (change.status, change.cause, change.actor) == (Status.OFFLINE, Cause.ADMIN, origin.actor)
    assert (change.request_id, change.note, change.changed_at, change.recorded_at) == ("r1", "new in sales", T0, T0)


# --- update -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_update_in_every_status(status: Status):
    """Name and groups can change at any time; the status and its beginning stay."""
    person = in_status(status)
    since = person.state.status_since
    change = person.does(commands.UpdateStaff("Ada L.", (SkillGroup("support"),), BY_ADMIN))
    assert change is not None
    assert (person.state.display_name, person.state.skill_groups) == ("Ada L.", (SkillGroup("support"),))
    assert (person.status, person.state.status_since) == (status, since)
    assert (change.cause, change.time_in_previous) == (Cause.ADMIN, None)


def test_change_of_groups_tells_the_groups_before():
    """Those who watch a group learn from the change that somebody left it."""
    person = Person()
    change = person.does(commands.UpdateStaff(None, (), BY_ADMIN))
    assert change is not None
    assert (change.skill_groups_before, person.state.skill_groups) == (IN_SALES, ())


def test_change_of_name_tells_no_groups():
    """A change that leaves the groups alone does not tell them."""
    person = Person()
    change = person.does(commands.UpdateStaff("Ada L.", None, BY_ADMIN))
    assert change is not None
    assert (change.skill_groups_before, person.state.skill_groups) == (None, IN_SALES)


@pytest.mark.parametrize(
    "update", [commands.UpdateStaff(None, None, BY_ADMIN), commands.UpdateStaff("Ada", IN_SALES, BY_ADMIN)]
)
def test_update_to_what_is_so_changes_nothing(update: commands.UpdateStaff):
    """An update that changes no field makes no change."""
    assert Person().does(update) is None


# --- delete -----------------------------------------------------------------------------------------------------------


def test_offline_staff_can_be_deleted():
    """Somebody OFFLINE leaves the directory; the last change closes the time in OFFLINE."""
    person = Person()
    person.wait(60)
    change = person.does(commands.DeleteStaff(BY_ADMIN))
    assert change is not None
    assert person.state.deleted
    assert change.kind is ChangeKind.DELETED
    assert (change.cause, change.time_in_previous) == (Cause.ADMIN, seconds(60))


@pytest.mark.parametrize("status", SIGNED_IN, ids=lambda status: status.name)
def test_signed_in_staff_cannot_be_deleted(status: Status):
    """Somebody who is not OFFLINE must be signed out first."""
    person = in_status(status)
    error = person.refuses(commands.DeleteStaff(BY_ADMIN), StaffSignedInError)
    assert (error.current.status, error.requested) == (status, None)


def test_staff_in_a_call_while_offline_cannot_be_deleted():
    """Somebody who talks is not OFFLINE, whatever the choice is."""
    person = in_status(Status.OFFLINE)
    person.call_starts("c1")
    person.refuses(commands.DeleteStaff(BY_ADMIN), StaffSignedInError)


def test_deleted_staff_lose_their_workspaces_and_deadlines():
    """Nothing of a deleted person fires or stays attached."""
    person = Person()
    person.attaches()
    person.does(commands.DeleteStaff(BY_ADMIN))
    assert person.state.connection == UNCONNECTED
    assert next_deadline(person.state) is None


def test_deleting_twice_changes_nothing():
    """A person who is deleted already is left as they are."""
    person = Person()
    person.does(commands.DeleteStaff(BY_ADMIN))
    assert person.does(commands.DeleteStaff(BY_ADMIN)) is None


# --- policy -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "policy", "capability"),
    [
        (Status.ON_BREAK, {"break_internal_calls": True}, "internal_calls"),
        (Status.AFTER_CALL_WORK, {"after_call_work_internal_calls": True}, "internal_calls"),
        (Status.AFTER_CALL_WORK, {"after_call_work_dial_out": False}, "dial_out"),
    ],
)
def test_new_policy_reaches_capabilities_at_once(status: Status, policy, capability: str):
    """A policy that changes what a status may do changes it for those who are in it, and leaves their time alone."""
    person = in_status(status)
    had = getattr(person.state.capabilities, capability)
    person.under(**policy)
    assert policy_concerns(person.state, person.rules.policy)
    change = person.told_policy()
    assert change is not None
    assert getattr(person.state.capabilities, capability) is not had
    assert (change.cause, change.time_in_previous) == (Cause.POLICY, None)


@pytest.mark.parametrize("status", Status, ids=lambda status: status.name)
def test_policy_that_concerns_nobody_changes_nothing(status: Status):
    """A policy about deadlines to come changes nobody's state."""
    person = in_status(status).under(claim_ttl=seconds(5), max_call_age=seconds(60))
    assert not policy_concerns(person.state, person.rules.policy)
    assert person.told_policy() is None


def test_running_deadlines_keep_the_length_they_began_with():
    """A new policy moves no deadline that runs: offer, call, wrap-up or grace."""
    new = {
        "claim_ttl": seconds(1),
        "max_call_age": seconds(60),
        "wrap_up_countdown": seconds(1),
        "disconnect_grace": seconds(0),
    }
    grace = in_status(Status.BUSY)
    grace.attaches()
    grace.detaches()
    for person in (on_offer(), in_status(Status.IN_LINE), in_wrap_up(), grace):
        due = next_deadline(person.state)
        assert due is not None
        person.under(**new).told_policy()
        assert next_deadline(person.state) == due
