"""What the package shows, and that both kinds of client are one design."""

import inspect
import subprocess
import sys
import typing

import pytest

import onduty_client
from onduty.v1 import (
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
from onduty_client import services

PAIRS = ["Connection", "RouterClient", "Floor", "Outbox", "WorkspaceClient", "Colleagues", "Stream"]
SERVICES = {
    "Admin": admin_service_pb2,
    "History": history_service_pb2,
    "Router": router_service_pb2,
    "Supervisor": supervisor_service_pb2,
    "Workspace": workspace_service_pb2,
}


def test_exports_are_as_agreed():
    """A name is added or taken away on purpose, here too."""
    for name in onduty_client.__all__:
        assert getattr(onduty_client, name) is vars(onduty_client)[name]
    public = {name for name in vars(onduty_client) if not name.startswith("_")}
    modules = {name for name in public if inspect.ismodule(getattr(onduty_client, name))}
    of_typing = {"TYPE_CHECKING", "Any", "Final", "Mapping", "import_module"}
    assert public - modules - of_typing == set(onduty_client.__all__) - {"__version__"}
    assert set(onduty_client.__all__) <= set(dir(onduty_client))
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = onduty_client.Nothing
    assert len(onduty_client.__all__) == 42


def test_program_that_only_calls_does_not_import_views():
    """A short-lived command pays for its connection alone."""
    look = (
        "import sys; from onduty_client import Connection; print(*(n for n in sys.modules if n.startswith('onduty_client.')))"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, check=True, text=True)
    imported = set(done.stdout.split())
    assert "onduty_client.connection" in imported
    assert not {name for name in imported if "async" in name or "view" in name or "workspace" in name}


OWN_WAYS = {("AsyncStream", "open"), ("Connection", "begin"), ("AsyncConnection", "telling")}
"""How a kind waits, or does not."""


@pytest.mark.parametrize("name", PAIRS)
def test_both_kinds_have_the_same_methods(name: str):
    """The same public names with the same arguments; only waiting differs."""

    def surface(kind: type) -> dict[str, list[str]]:
        shown = {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}
        return {
            name: [] if isinstance(one, property) else list(inspect.signature(one).parameters)
            for name, one in shown.items()
            if (kind.__name__, name) not in OWN_WAYS
        }

    assert surface(getattr(onduty_client, name)) == surface(getattr(onduty_client, f"Async{name}"))


@pytest.mark.parametrize("name", PAIRS)
def test_everything_public_is_documented(name: str):
    """Every class and every method says what it is for."""
    for kind in (getattr(onduty_client, name), getattr(onduty_client, f"Async{name}")):
        assert kind.__doc__
        assert [name for name in dir(kind) if not name.startswith("_") and not inspect.getdoc(getattr(kind, name))] == []


@pytest.mark.parametrize("name", SERVICES)
def test_typed_methods_are_those_of_the_contract(name: str):
    """Every RPC of every service, with its own request and answer."""
    typed = typing.get_type_hints(getattr(services, f"{name}Methods"))
    descriptor = SERVICES[name].DESCRIPTOR.services_by_name[f"{name}Service"]
    said = {one.name: (one.server_streaming, one.input_type.name, one.output_type.name) for one in descriptor.methods}
    assert said == {
        method: (hint.__origin__ is services.StreamMethod, *(one.__name__ for one in hint.__args__))
        for method, hint in typed.items()
    }
