"""The last position that a scenario was answered with, demanded of later reads: these may be answered by another replica."""

from collections.abc import Mapping
from typing import Any, Final

from onduty.v1 import admin_service_pb2, history_service_pb2, router_service_pb2, supervisor_service_pb2, workspace_service_pb2

_FILES: Final = (
    admin_service_pb2,
    history_service_pb2,
    router_service_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
READS: Final = frozenset(
    f"{service.name}/{method.name}"
    for file in _FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
    if "at_least" in method.input_type.fields_by_name
)
"""Methods that can be told what they must show."""

_PLACES: Final = {"at_least", "resume_after", "page_token"}


class SeenPositions:
    """Of one scenario, by tenant."""

    def __init__(self) -> None:
        """None yet."""
        self._tenants: dict[str, str] = {}
        self._positions: dict[str, str] = {}

    def note(self, request: Mapping[str, Any], answer: Any) -> None:
        """Take note of an answer's position, if it has any."""
        if request["do"] == "connect":
            self._tenants[request["name"]] = request["options"]["tenant"]
        response = answer.get("response") if isinstance(answer, Mapping) else None
        tenant = self._tenants.get(request.get("connection", ""))
        if tenant is not None and isinstance(response, Mapping) and response.get("position"):
            self._positions[tenant] = response["position"]

    def demanding(self, request: dict[str, Any]) -> dict[str, Any]:
        """A request that demands the position, where it is a read that names no place of its own."""
        position = self._positions.get(self._tenants.get(request.get("connection", ""), ""))
        if not position or request.get("method") not in READS or _PLACES & request["request"].keys():
            return request
        return {**request, "request": {**request["request"], "at_least": position}}
