"""Which tenant, actor and role a call has, and whom it reaches."""

from dataclasses import replace
from itertools import combinations

import pytest

from onduty_server.domain.access.identity_rules import REACH, acting_role, check_roles, groups_seen, identity_of, still_covers
from onduty_server.domain.access.principal import CredentialKind, Principal
from onduty_server.domain.model.errors import AccessProblem, InvalidFieldsError, PermissionDeniedError
from onduty_server.domain.model.status import ActorRole

W, R, S, A = ActorRole.WORKSPACE, ActorRole.ROUTER, ActorRole.SUPERVISOR, ActorRole.ADMIN
ROLES = (W, R, S, A)
READING = frozenset(ROLES)
METHOD = "/onduty.v1.WorkspaceService/GetStaff"


def principal(*roles: ActorRole, **fields) -> Principal:
    """Somebody with these roles, for the tenant north; as WORKSPACE for ana."""
    known = {"tenants": frozenset({"north"}), "actor_id": "key-1", "staff_ids": frozenset({"ana"}), **fields}
    return Principal(CredentialKind.KEY, "key-1", roles=frozenset(roles), **known)


def denied(call, *arguments, **named) -> PermissionDeniedError:
    """The denial that a rule answers with."""
    with pytest.raises(PermissionDeniedError) as refused:
        call(*arguments, **named)
    return refused.value


# --- the tenant and the actor -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["", "north"])
def test_the_only_tenant_need_not_be_named(named: str):
    """Named or not, the call concerns it."""
    assert identity_of(principal(R), tenant=named, actor="", method=METHOD).tenant == "north"


def test_one_of_several_tenants_must_be_named():
    """The refusal says which there are: the caller's own."""
    several = principal(R, tenants=frozenset({"north", "south"}))
    assert identity_of(several, tenant="south", actor="", method=METHOD).tenant == "south"
    with pytest.raises(InvalidFieldsError, match="must name one of north, south"):
        identity_of(several, tenant="", actor="", method=METHOD)


def test_another_tenant_is_denied():
    """The denial names the caller's tenants and no other."""
    refused = denied(identity_of, principal(R), tenant="east", actor="", method=METHOD)
    assert refused.problem is AccessProblem.TENANT
    assert str(refused) == f"{METHOD} is not allowed: the credential is not for tenant 'east'; it is for north"


def test_the_actor_is_the_credentials():
    """It may be named, and nobody else in its place."""
    assert identity_of(principal(R), tenant="", actor="", method=METHOD).actor_id == "key-1"
    assert identity_of(principal(R), tenant="", actor="key-1", method=METHOD).actor_id == "key-1"
    assert denied(identity_of, principal(R), tenant="", actor="lea", method=METHOD).problem is AccessProblem.ACTOR


# --- the role and its reach -------------------------------------------------------------------------------------------


def test_every_role_of_a_credential_has_a_reach():
    """Nobody has the service's own role."""
    assert set(REACH) == set(ActorRole) - {ActorRole.SYSTEM}


@pytest.mark.parametrize("held", [frozenset(pair) for size in range(5) for pair in combinations(ROLES, size)])
@pytest.mark.parametrize("allowed", [frozenset(pair) for size in (1, 2, 4) for pair in combinations(ROLES, size)])
def test_a_method_needs_a_role_that_it_allows(held: frozenset[ActorRole], allowed: frozenset[ActorRole]):
    """For every set of roles held and allowed: without one in common the call is denied, with one it is made in one of them."""
    somebody = principal(*held)
    if held & allowed:
        check_roles(somebody, allowed, METHOD)
        assert acting_role(somebody, allowed, "ana", METHOD) in held & allowed
    else:
        assert denied(check_roles, somebody, allowed, METHOD).problem is AccessProblem.ROLE
        assert denied(acting_role, somebody, allowed, "ana", METHOD).problem is AccessProblem.ROLE


def test_a_denied_role_says_what_is_needed():
    """Which roles may call the method is in the contract, and the caller's own it may know."""
    refused = denied(check_roles, principal(R, W), frozenset({S, A}), METHOD)
    assert refused.why == "it needs the role SUPERVISOR or ADMIN, and the credential has WORKSPACE or ROUTER"


@pytest.mark.parametrize("staff_id", ["ben", "nobody", ""])
def test_a_workspace_reaches_its_own_staff_only(staff_id: str):
    """Another's workspace is denied alike whether that person exists, and where nobody is named."""
    assert acting_role(principal(W), READING, "ana", METHOD) is W
    refused = denied(acting_role, principal(W), READING, staff_id, METHOD)
    assert refused.problem is AccessProblem.STAFF
    assert staff_id == "" or staff_id not in str(refused)


def test_a_workspace_may_ask_what_is_about_nobody():
    """Such as the break reasons."""
    assert acting_role(principal(W), READING, None, METHOD) is W


def test_a_gateway_acts_for_everybody_of_its_tenant():
    """A credential whose staff is not restricted; nobody is still nobody."""
    gateway = principal(W, staff_ids=None)
    assert acting_role(gateway, frozenset({W}), "ben", METHOD) is W
    assert denied(acting_role, gateway, frozenset({W}), "", METHOD).problem is AccessProblem.STAFF


def test_a_call_is_made_in_the_narrowest_role_that_reaches():
    """A supervisor with a desk of their own acts there as staff, and as a supervisor elsewhere."""
    both = principal(W, S, A)
    assert acting_role(both, READING, "ana", METHOD) is W
    assert acting_role(both, READING, "ben", METHOD) is S
    assert acting_role(both, frozenset({S, A}), "ana", METHOD) is S
    assert denied(acting_role, both, frozenset({W}), "ben", METHOD).problem is AccessProblem.STAFF


def test_a_restricted_credential_does_not_administrate():
    """Whatever roles it has: what is everybody's is not for somebody who sees some."""
    restricted = replace(principal(*ROLES), skill_groups=frozenset({"cards"}))
    assert denied(check_roles, restricted, frozenset({A}), METHOD).problem is AccessProblem.SKILL_GROUP
    assert acting_role(restricted, frozenset({S, A}), "ben", METHOD) is S
    administrator = replace(restricted, roles=frozenset({A}))
    assert denied(acting_role, administrator, READING, None, METHOD).problem is AccessProblem.SKILL_GROUP


def test_a_restriction_holds_whoever_looks_at_others():
    """A workspace that is for somebody by name has them in any group; a gateway for everybody is held to the groups."""
    cards = frozenset({"cards"})
    restricted = replace(principal(W, R, S), skill_groups=cards)
    assert [groups_seen(restricted, role) for role in (W, R, S)] == [None, cards, cards]
    assert groups_seen(replace(restricted, staff_ids=None), W) == cards
    assert groups_seen(principal(R), R) is None


@pytest.mark.parametrize(
    ("before", "now", "covers"),
    [
        ({"cards"}, {"cards"}, True),
        ({"cards"}, {"cards", "loans"}, True),
        ({"cards"}, None, True),
        (None, {"cards"}, False),
        ({"cards", "loans"}, {"cards"}, False),
    ],
)
def test_a_credential_covers_what_it_did_before(before: set[str] | None, now: set[str] | None, covers: bool):
    """With the same groups, more of them, or all."""
    old, new = (principal(R, skill_groups=None if one is None else frozenset(one)) for one in (before, now))
    assert still_covers(new, old) is covers
