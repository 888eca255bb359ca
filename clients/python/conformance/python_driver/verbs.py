"""What the runner can ask for, verb by verb."""

from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass

from onduty.v1 import (
    admin_service_pb2,
    errors_pb2,
    history_service_pb2,
    router_service_pb2,
    server_service_pb2,
    staff_pb2,
    supervisor_service_pb2,
    workspace_service_pb2,
)
from onduty_client import (
    ChangeKind,
    ConnectionOptions,
    FloorChange,
    FloorOptions,
    OutboxOptions,
    SettledFact,
    TlsOptions,
    __version__,
)
from onduty_client.error_map import REASON_PREFIX, error_class
from python_driver import by_hand
from python_driver.kinds import Kind
from python_driver.output import Output, enum_name, error_fields, message_fields

_SERVICES = {
    name: (module.DESCRIPTOR.services_by_name[name], name.removesuffix("Service").lower())
    for name, module in {
        "AdminService": admin_service_pb2,
        "HistoryService": history_service_pb2,
        "RouterService": router_service_pb2,
        "ServerService": server_service_pb2,
        "SupervisorService": supervisor_service_pb2,
        "WorkspaceService": workspace_service_pb2,
    }.items()
}
_ENUM_ARGUMENTS = {"status": staff_pb2.Status, "direction": staff_pb2.Direction}
_ACTIONS = frozenset(
    {
        "attach",
        "detach",
        "change_status",
        "take_break",
        "set_next_status",
        "clear_next_status",
        "back_to_reception",
        "continue_wrap_up",
        "accept",
        "decline",
        "place_call",
        "break_reasons",
    }
)

Fields = dict[str, Any]


class Driver:
    """Everything that the runner opened, by the names it gave."""

    def __init__(self, kind: Kind, output: Output) -> None:
        """Nothing is open yet."""
        self._kind = kind
        self._output = output
        self._connections: Fields = {}
        self._streams: Fields = {}
        self._floors: Fields = {}
        self._workspaces: Fields = {}
        self._outboxes: Fields = {}

    async def do(self, request: Fields) -> Fields:
        """Does what a request asks and returns what it answers."""
        verb = request["do"]
        method = getattr(self, "_do_" + verb.replace(".", "_"), None)
        if method is None:
            raise ValueError(f"unknown verb {verb}")
        return await method(request) or {}

    async def close(self) -> None:
        """Closes everything."""
        for pump in self._streams.values():
            await self._kind.run(pump.cancel)
        for connection in self._connections.values():
            await self._kind.run(connection.close)

    # --- connections --------------------------------------------------------------------------------------------------------

    async def _do_hello(self, _request: Fields) -> Fields:
        return {
            "language": "python",
            "client": __version__,
            "features": ["call", "stream", "floor", "workspace", "outbox", "errors"],
        }

    async def _do_connect(self, request: Fields) -> None:
        fields = dict(request["options"])
        tls = fields.pop("tls", None)
        options = ConnectionOptions(**fields, tls=None if tls is None else TlsOptions(**tls))
        self._connections[request["name"]] = await self._kind.run(lambda: self._kind.connection(options))

    async def _do_disconnect(self, request: Fields) -> None:
        await self._kind.run(self._connections[request["connection"]].close)

    async def _do_errors_table(self, _request: Fields) -> Fields:
        names = [name.removeprefix(REASON_PREFIX) for name, value in errors_pb2.ErrorReason.items() if value]
        return {"reasons": {name: error_class(name, "").__name__ for name in names}}

    async def _do_errors_kind(self, request: Fields) -> Fields:
        return {"kind": error_class(request.get("reason", ""), request["code"]).__name__}

    # --- calls and raw streams ------------------------------------------------------------------------------------------------

    async def _do_call(self, request: Fields) -> Fields:
        connection = self._connections[request["connection"]]
        service, method = request["method"].split("/")
        message = _request_message(service, method, request.get("request", {}))
        timeout = request.get("timeout")
        if by_hand.is_by_hand(service, method, message):
            answer = await self._kind.run(lambda: self._by_hand(connection, service, method, message, timeout))
        else:
            stub = getattr(getattr(connection.services, _SERVICES[service][1]), method)
            answer = await self._kind.run(lambda: connection.call(stub, message, timeout=timeout))
        return {"response": message_fields(by_hand.as_message(answer))}

    def _by_hand(self, connection: Any, service: str, method: str, message: Any, timeout: float | None) -> Any:
        if service == "RouterService":
            return by_hand.ROUTER[method](self._kind.router(connection, call_timeout=timeout), message)
        staff_id = getattr(message, "staff_id", "")
        return by_hand.WORKSPACE[method](self._kind.workspace(connection, staff_id, call_timeout=timeout), message)

    async def _do_stream_open(self, request: Fields) -> None:
        connection = self._connections[request["connection"]]
        service, method = request["method"].split("/")
        message = _request_message(service, method, request.get("request", {}))
        stub = getattr(getattr(connection.services, _SERVICES[service][1]), method)
        stream = await self._kind.run(lambda: connection.stream(stub, message))
        if hasattr(stream, "open"):
            await stream.open()
        self._streams[request["stream"]] = self._kind.pump(stream, request["stream"], self._output)

    async def _do_stream_pause(self, request: Fields) -> None:
        self._streams[request["stream"]].pause()

    async def _do_stream_resume(self, request: Fields) -> None:
        self._streams[request["stream"]].resume()

    async def _do_stream_cancel(self, request: Fields) -> None:
        await self._kind.run(self._streams[request["stream"]].cancel)

    # --- floors ---------------------------------------------------------------------------------------------------------------

    async def _do_floor_open(self, request: Fields) -> None:
        name = request["floor"]
        router = self._kind.router(self._connections[request["connection"]])
        chosen = ParseDict(request.get("filter") or {}, staff_pb2.StaffFilter())
        options = FloorOptions(**(request.get("options") or {}))

        def on_state(state: Any) -> None:
            self._output.event("floor_state", floor=name, state=state.value)

        def on_change(change: FloorChange) -> None:
            self._output.event("change", floor=name, **_change_fields(change))

        self._floors[name] = await self._kind.run(lambda: router.floor(chosen, options, on_state=on_state, on_change=on_change))

    async def _do_floor_wait(self, request: Fields) -> None:
        floor, timeout = self._floors[request["floor"]], request.get("timeout", 30.0)
        await self._kind.run(lambda: floor.wait_current(timeout))

    async def _do_floor_read(self, request: Fields) -> Fields:
        floor = self._floors[request["floor"]]
        staff = [message_fields(one) for one in floor.all()]
        return {"state": floor.state.value, "position": floor.position, "staff": staff}

    async def _do_floor_available(self, request: Fields) -> Fields:
        free = self._floors[request["floor"]].available(request.get("skill_group", ""))
        return {"staff_ids": [one.staff_id for one in free]}

    async def _do_floor_learn(self, request: Fields) -> None:
        self._floors[request["floor"]].learn(ParseDict(request["staff"], staff_pb2.Staff()))

    async def _do_floor_close(self, request: Fields) -> None:
        await self._kind.run(self._floors[request["floor"]].close)

    # --- outboxes -------------------------------------------------------------------------------------------------------------

    async def _do_outbox_open(self, request: Fields) -> None:
        name = request["outbox"]
        router = self._kind.router(self._connections[request["connection"]])
        options = OutboxOptions(**(request.get("options") or {}))

        def on_settled(fact: SettledFact) -> None:
            error = None if fact.error is None else error_fields(fact.error)
            self._output.event("settled", outbox=name, request_id=fact.request_id, error=error)

        self._outboxes[name] = await self._kind.run(lambda: router.outbox(options, on_settled=on_settled))

    async def _do_outbox_add(self, request: Fields) -> Fields:
        event = ParseDict(request["fact"], router_service_pb2.CallEvent())
        return {"request_id": self._outboxes[request["outbox"]].add(event)}

    async def _do_outbox_flush(self, request: Fields) -> None:
        outbox, timeout = self._outboxes[request["outbox"]], request.get("timeout", 30.0)
        await self._kind.run(lambda: outbox.flush(timeout))

    async def _do_outbox_close(self, request: Fields) -> Fields:
        outbox, timeout = self._outboxes[request["outbox"]], request.get("timeout")
        return {"left": [message_fields(one) for one in await self._kind.run(lambda: outbox.close(timeout))]}

    # --- workspaces -----------------------------------------------------------------------------------------------------------

    async def _do_workspace_open(self, request: Fields) -> None:
        name, connection = request["workspace"], self._connections[request["connection"]]

        def on_state(staff: staff_pb2.Staff) -> None:
            status = enum_name(staff_pb2.Status, staff.status)
            self._output.event(
                "workspace_state", workspace=name, attached=desk.attached, status=status, revision=staff.revision
            )

        desk = self._kind.workspace(connection, request["staff_id"], on_state=on_state)
        self._workspaces[name] = desk
        await self._kind.run(desk.attach)

    async def _do_workspace_wait(self, request: Fields) -> None:
        desk, timeout = self._workspaces[request["workspace"]], request.get("timeout", 30.0)
        await self._kind.run(lambda: desk.wait_attached(timeout))

    async def _do_workspace_do(self, request: Fields) -> Fields:
        desk, action = self._workspaces[request["workspace"]], request["action"]
        if action not in _ACTIONS:
            raise ValueError(f"unknown action {action}")
        arguments = _arguments(request.get("arguments") or {})
        answer = await self._kind.run(lambda: getattr(desk, action)(**arguments))
        return {"response": {} if answer is None else message_fields(answer)}

    async def _do_workspace_read(self, request: Fields) -> Fields:
        desk = self._workspaces[request["workspace"]]
        return {
            "attached": desk.attached,
            "staff": None if desk.state is None else message_fields(desk.state),
            "remaining_wrap_up": desk.remaining_wrap_up(),
            "remaining_offer": desk.remaining_offer(),
        }

    async def _do_workspace_close(self, request: Fields) -> None:
        await self._kind.run(self._workspaces[request["workspace"]].close)


def _request_message(service: str, method: str, fields: Fields) -> Any:
    descriptor = _SERVICES[service][0].methods_by_name[method].input_type
    return ParseDict(fields, GetMessageClass(descriptor)())


def _arguments(given: Fields) -> Fields:
    arguments = dict(given)
    for name, enum in _ENUM_ARGUMENTS.items():
        if isinstance(arguments.get(name), str):
            arguments[name] = enum.Value(arguments[name])
    if "expected_revision" in arguments:
        arguments["expected_revision"] = int(arguments["expected_revision"])
    return arguments


def _change_fields(change: FloorChange) -> Fields:
    fields: Fields = {"kind": change.kind.value, "staff_id": change.staff_id, "revision": change.revision}
    if change.kind is not ChangeKind.LEFT and change.after is not None:
        fields["status"] = enum_name(staff_pb2.Status, change.after.status)
    if change.transition is not None:
        fields["cause"] = enum_name(staff_pb2.Cause, change.transition.cause)
    return fields
