"""Every RPC has a behaviour and a row in the table of roles; nothing else has."""

from pathlib import Path

import pytest
from rpc_world import METHODS, SERVICES, World, message_type

from onduty.v1 import staff_pb2
from onduty_server.domain.model.status import ActorRole
from onduty_server.rpc.admission import _named_person
from onduty_server.rpc.method_policy import METHOD_POLICY, SERVICE_ROLES

READERS = {
    "GetStaff",
    "ListBreakReasons",
    "ListStaff",
    "WatchStaff",
    "GetStaffSummary",
    "GetPolicy",
    "ListTransitions",
    "ExportTransitions",
    "SummarizeTime",
    "GetServerInfo",
    "WhoAmI",
    "ListReplicas",
    "GetClaim",
    "ListConfigurationChanges",
    "ListAuditEntries",
    "WatchColleagues",
}


def test_every_rpc_has_a_row_and_every_row_an_rpc():
    """The table of roles is exactly the contract's methods."""
    assert METHOD_POLICY.keys() == METHODS.keys()


def test_every_row_names_a_role():
    """No RPC is closed to everybody, and none is open to the service's own role."""
    for method, policy in METHOD_POLICY.items():
        roles = policy.roles
        assert roles, method
        assert roles <= {ActorRole.WORKSPACE, ActorRole.ROUTER, ActorRole.SUPERVISOR, ActorRole.ADMIN}, method


def test_every_service_has_a_part_for_callers_without_a_role():
    """On an open server the part a caller plays follows from the service it calls."""
    assert SERVICE_ROLES.keys() == {service.name for service in SERVICES}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_the_part_played_is_one_that_the_table_lets_in(service):
    """What a caller without a role is taken for could call every mutating RPC of that service."""
    for method in service.methods:
        assert SERVICE_ROLES[service.name] in METHOD_POLICY[f"/{service.full_name}/{method.name}"].roles


def test_only_reading_is_open_to_several_parts():
    """What changes something is for one part; administrators may also do what supervisors may."""
    for method, policy in METHOD_POLICY.items():
        roles = policy.roles
        name = method.rpartition("/")[2]
        if name not in READERS:
            assert len(roles) == 1 or roles == {ActorRole.SUPERVISOR, ActorRole.ADMIN}, method


def test_every_stream_has_a_quota_and_no_other_method():
    """What streams counts as one kind of stream."""
    for name, method in METHODS.items():
        assert (METHOD_POLICY[name].stream is not None) is method.server_streaming, name


async def test_every_rpc_has_a_behaviour_and_every_behaviour_an_rpc(world: World):
    """The server registers exactly the contract's methods, each once."""
    registered = [method.name for method in world.running.server.methods]
    assert sorted(registered) == sorted(METHODS)


async def test_every_behaviour_takes_the_contracts_message_and_streams_as_it_says(world: World):
    """The registered request type and the kind of the call are the contract's."""
    for method in world.running.server.methods:
        contract = METHODS[method.name]
        assert method.request_type is message_type(contract.input_type.name)
        assert method.streams == contract.server_streaming
        assert not contract.client_streaming


def test_every_method_that_a_workspace_may_call_names_the_person_or_nobody():
    """So its reach can be checked: what names nobody tells of nobody in particular."""
    about_nobody = {
        method.rpartition("/")[2]
        for method, policy in METHOD_POLICY.items()
        if ActorRole.WORKSPACE in policy.roles and _named_person(message_type(METHODS[method].input_type.name)()) is None
    }
    assert about_nobody == {"ListBreakReasons", "GetPolicy", "GetServerInfo", "WhoAmI"}


def test_the_contract_and_the_domain_number_the_parts_alike():
    """Casting a part at the edge keeps its meaning."""
    for role in ActorRole:
        assert staff_pb2.ActorRole.Name(role) == f"ACTOR_ROLE_{role.name}"


def test_the_generated_stubs_know_every_rpc():
    """The client code in the tree is of the same contract."""
    generated = Path(staff_pb2.__file__).parent
    for service in SERVICES:
        (file,) = generated.glob(f"{service.file.name.rpartition('/')[2].removesuffix('.proto')}_pb2_grpc.py")
        text = file.read_text(encoding="utf-8")
        for method in service.methods:
            assert f"'/{service.full_name}/{method.name}'" in text
