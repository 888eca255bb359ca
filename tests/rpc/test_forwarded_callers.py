"""Who calls reaches the leader as the replica found out, whole."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from quick import examples

from onduty_server.domain.access.principal import CredentialKind, Identity, Principal
from onduty_server.domain.model.status import ActorRole, Instant
from onduty_server.rpc.forwarding.callers import decoded, encoded

NAMES = st.frozensets(st.text(max_size=8), max_size=3)
ROLES = st.sampled_from([role for role in ActorRole if role])
PRINCIPALS = st.builds(
    Principal,
    kind=st.sampled_from(CredentialKind),
    credential_id=st.text(max_size=8),
    tenants=NAMES,
    roles=st.frozensets(ROLES),
    actor_id=st.text(max_size=8),
    staff_ids=st.none() | NAMES,
    skill_groups=st.none() | NAMES,
    expires_at=st.none() | st.integers(0, 2**62).map(Instant),
)
MADE = {"kind", "credential_id", "tenants", "roles", "actor_id", "staff_ids", "skill_groups", "expires_at"}


def test_every_part_of_a_principal_is_made():
    """A new part must be carried too."""
    assert {field.name for field in dataclasses.fields(Principal)} == MADE


@settings(max_examples=examples(200))
@given(st.builds(Identity, st.text(), st.text(), st.none() | PRINCIPALS), st.none() | ROLES)
def test_a_caller_is_the_same_on_the_other_side(identity: Identity, role: ActorRole | None):
    """Nothing is lost on the way, and nothing added."""
    assert decoded(encoded(identity, role)) == (identity, role)
