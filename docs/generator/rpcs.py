"""The page of RPCs: what each does and which roles may call it."""

from generator import protos
from generator.markdown import code, first_sentence, table
from onduty_server.domain.model.status import ActorRole
from onduty_server.rpc.method_policy import METHOD_POLICY
from onduty_server.rpc.server import SERVICES

_HEAD = """# RPCs

The contract is in [`proto/onduty/v1/`](../../proto/onduty/v1); its comments say units, ranges and errors. A running
server tells it too: `grpcurl -plaintext 127.0.0.1:50051 describe onduty.v1.RouterService`.

Every request that changes something takes a `request_id`: the same request with the same id is carried out once and answered
alike. Requests about one person also take `expected_revision`. Every answer has a `position`, which reads take as `at_least`.

The roles apply where callers are authenticated. An open server lets everybody call everything, and the history names the role
of the service that was called. What roles reach says [security](../security.md).

"""

_REST = """
## Beside them

- `grpc.health.v1.Health`, `Check` and `Watch`, for the server (`""`) and for each service by name.
- `grpc.reflection.v1.ServerReflection` and `grpc.reflection.v1alpha.ServerReflection`.
"""


def page() -> str:
    """The page."""
    return _HEAD + "\n".join(_section(service) for service in _services()) + _REST


def _services() -> list[protos.Described]:
    """In the order in which the server lists them."""
    return sorted(protos.services(), key=lambda service: SERVICES.index(f"{protos.PACKAGE}.{service.name}"))


def _section(service: protos.Described) -> str:
    rows = [
        [code(rpc.name), "server stream" if rpc.streams else "", _roles(rpc), first_sentence(rpc.comment)]
        for rpc in protos.rpcs()
        if rpc.service == service.name
    ]
    return f"## {service.name}\n\n{service.comment}\n\n" + table(["RPC", "kind", "roles", "what it does"], rows)


def _roles(rpc: protos.Rpc) -> str:
    allowed = METHOD_POLICY[f"/{protos.PACKAGE}.{rpc.service}/{rpc.name}"].roles
    return ", ".join(role.name.lower() for role in ActorRole if role in allowed)
