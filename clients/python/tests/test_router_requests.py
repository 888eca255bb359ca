"""The requests of a router, without a server."""

import pytest

from onduty.v1.router_service_pb2 import (
    CLAIM_ORDER_HIGHEST_LEVEL,
    CLAIM_ORDER_UNSPECIFIED,
    ClaimStaffRequest,
    GroupMember,
    SkillGroupLevel,
)
from onduty.v1.staff_pb2 import DIRECTION_TRANSFER
from onduty_client import router_requests as requests


def member(groups, *, required=(), exclude=(), order=CLAIM_ORDER_UNSPECIFIED) -> GroupMember:
    claim = requests.member_claim("c1", groups, required_groups=required, exclude_staff_ids=exclude, order=order)
    return claim.group_member


def test_named_claim_has_the_revision_only_where_one_is_given():
    """Also 0, which nobody has: it is not the same as none."""
    assert not requests.named_claim("c1", "ana", None).named.HasField("expected_revision")
    guarded = requests.named_claim("c1", "ana", 0).named
    assert (guarded.staff_id, guarded.HasField("expected_revision")) == ("ana", True)


def test_candidates_keep_their_order():
    """The best first."""
    assert requests.candidates_claim("c1", iter(["ben", "ana"])).candidates.staff_ids == ["ben", "ana"]


@pytest.mark.parametrize("build", [requests.candidates_claim, lambda _call, ids: member("cards", exclude=ids)])
def test_one_text_is_not_several_ids(build):
    """Its letters would be taken for people."""
    with pytest.raises(TypeError, match="several ids"):
        build("c1", "ana")


@pytest.mark.parametrize(
    "groups", ["cards", SkillGroupLevel(name="cards"), ["cards"], ("cards",), [SkillGroupLevel(name="cards")]]
)
def test_group_is_named_in_any_form(groups):
    """By name alone any level will do."""
    assert list(member(groups).skill_groups) == [SkillGroupLevel(name="cards", min_level=0)]


def test_groups_are_asked_in_order_with_levels_and_whom_to_pass_over():
    """All that a claim by group can say."""
    expert = SkillGroupLevel(name="cards", min_level=60)
    made = member([expert, "loans"], required=["german"], exclude=["ana"], order=CLAIM_ORDER_HIGHEST_LEVEL)
    assert [(one.name, one.min_level) for one in made.skill_groups] == [("cards", 60), ("loans", 0)]
    assert [one.name for one in made.required_groups] == ["german"]
    assert (list(made.exclude_staff_ids), made.order) == (["ana"], CLAIM_ORDER_HIGHEST_LEVEL)


def test_terms_of_a_claim():
    """Those that every claim can have; the policy says how long where nothing is said."""
    terms = {"direction": DIRECTION_TRANSFER, "source": "pbx", "another_offer": True, "request_id": "r"}
    made = requests.completed_claim(ClaimStaffRequest(call_id="c1"), ttl=2.5, **terms)
    assert (made.ttl.seconds, made.ttl.nanos, made.source, made.another_offer) == (2, 500_000_000, "pbx", True)
    assert not requests.completed_claim(ClaimStaffRequest(call_id="c1"), ttl=None, **terms).HasField("ttl")
    with pytest.raises(ValueError, match="ttl"):
        requests.completed_claim(ClaimStaffRequest(call_id="c1"), ttl=float("inf"), **terms)
