"""Offers that run out while no server runs are held against nobody: by a real process that is killed and started again."""

import signal

import pytest
from google.protobuf.duration_pb2 import Duration
from patience import PATIENCE_SECONDS
from robustness.clock_server import clock_server
from service_stubs import Stubs, stubs_of
from wait_until import wait_until

from onduty.v1 import admin_service_pb2, history_service_pb2, policy_pb2, router_service_pb2, staff_pb2, workspace_service_pb2

NAMES = ("down", "beyond")
SHORT_SECONDS, LONG_SECONDS = 60, 500
"""How long the offers to both last; the server is away until between the two."""
AWAY_SECONDS = 120.0


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Two offers, a kill, a start after the first has run out, and the moment at which the second runs out."""
    journal = tmp_path_factory.mktemp("offers") / "journal.db"
    with clock_server(journal) as first, stubs_of(first.address) as stubs:
        _set_policy(stubs)
        claims = {name: _offered(stubs, name, ttl) for name, ttl in zip(NAMES, (SHORT_SECONDS, LONG_SECONDS), strict=True)}
        first.stop(signal.SIGKILL)
    with clock_server(journal, ahead_seconds=AWAY_SECONDS) as second, stubs_of(second.address) as stubs:
        down = _get(stubs, "down")
        second.move(LONG_SECONDS + 1)
        wait_until(lambda: not _get(stubs, "beyond").HasField("offer"), PATIENCE_SECONDS, what="the end of the second offer")
        request = history_service_pb2.ListTransitionsRequest(filter={"causes": [staff_pb2.CAUSE_NO_ANSWER]})
        return {
            "claims": claims,
            "ended": {name: _claim(stubs, claims[name].claim_id) for name in NAMES},
            "withdrawn": _withdrawn(stubs, claims["down"].claim_id),
            "down": down,
            "beyond": _get(stubs, "beyond"),
            "changes": {one.staff_id: one for one in stubs.history.ListTransitions(request, timeout=60).transitions},
        }


def _set_policy(stubs: Stubs) -> None:
    policy = policy_pb2.Policy(no_answer={"misses": 1}, hold_off={"after_miss": Duration(seconds=3600)})
    stubs.admin.UpdatePolicy(admin_service_pb2.UpdatePolicyRequest(policy=policy), timeout=60)


def _offered(stubs: Stubs, name: str, ttl: int) -> router_service_pb2.ClaimStaffResponse:
    stubs.admin.CreateStaff(admin_service_pb2.CreateStaffRequest(staff_id=name), timeout=60)
    request = workspace_service_pb2.ChangeStatusRequest(staff_id=name, choice={"status": staff_pb2.STATUS_AVAILABLE})
    stubs.workspace.ChangeStatus(request, timeout=60)
    claim = router_service_pb2.ClaimStaffRequest(call_id=f"call-{name}", named={"staff_id": name}, ttl=Duration(seconds=ttl))
    return stubs.router.ClaimStaff(claim, timeout=60)


def _get(stubs: Stubs, name: str) -> staff_pb2.Staff:
    return stubs.workspace.GetStaff(workspace_service_pb2.GetStaffRequest(staff_id=name), timeout=60).staff


def _claim(stubs: Stubs, claim_id: str) -> router_service_pb2.Claim:
    return stubs.router.GetClaim(router_service_pb2.GetClaimRequest(claim_id=claim_id), timeout=60).claim


def _withdrawn(stubs: Stubs, claim_id: str) -> router_service_pb2.WithdrawClaimResponse:
    return stubs.router.WithdrawClaim(router_service_pb2.WithdrawClaimRequest(claim_id=claim_id), timeout=60)


def test_offer_that_ran_out_without_a_server_is_no_miss(found: dict) -> None:
    """It ends EXPIRED at its own instant; status, misses and place in line are as they were, and nobody is held off."""
    before, after = found["claims"]["down"].staff, found["down"]
    assert (after.status, after.misses) == (staff_pb2.STATUS_AVAILABLE, 0)
    assert not after.HasField("offer")
    assert not after.HasField("hold_off_ends_at")
    assert after.idle_started_at == before.idle_started_at
    change = found["changes"]["down"]
    assert change.ended_offer.end == staff_pb2.OFFER_END_EXPIRED
    assert change.changed_at == before.offer.expires_at


def test_offer_that_outlived_the_time_without_a_server_is_a_miss(found: dict) -> None:
    """From the new start on it could be answered: it counts, and the policy's status and hold-off apply."""
    assert (found["beyond"].misses, found["beyond"].break_reason) == (1, "no-answer")
    assert found["beyond"].HasField("hold_off_ends_at")


@pytest.mark.parametrize("name", NAMES)
def test_ended_claims_are_known_to_the_new_process(found: dict, name: str) -> None:
    """What became of a claim is read from the journal."""
    claim, made = found["ended"][name], found["claims"][name]
    assert (claim.staff_id, claim.call_id, claim.end) == (name, f"call-{name}", staff_pb2.OFFER_END_EXPIRED)
    assert claim.ended_at == made.staff.offer.expires_at


def test_ended_claim_is_withdrawn_without_effect(found: dict) -> None:
    """A router that withdraws late is told that nothing changed."""
    assert not found["withdrawn"].applied
