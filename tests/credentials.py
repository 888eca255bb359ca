"""Files of keys for tests, and callers who show a credential. It expects nothing."""

import json
from pathlib import Path
from typing import Any

import grpc
from rpc_world import BUSY, METHODS, Client, Refusal, World, message_type, refusal_of

from onduty_server.auth.keys_file import hash_of, new_key

ABOUT_ONE: dict[str, dict[str, Any]] = {
    "GetStaff": {},
    "ChangeStatus": {"choice": {"status": BUSY}},
    "BackToReception": {},
    "ContinueAfterCallWork": {},
    "SetNextStatus": {"choice": {"status": BUSY}},
    "ClearNextStatus": {},
    "PlaceCall": {"call_id": "c1"},
    "AcceptOffer": {"claim_id": "x"},
    "DeclineOffer": {"claim_id": "x"},
    "Attach": {},
    "WatchColleagues": {},
    "ReportCallStarted": {"call_id": "c1"},
    "ReportCallEnded": {"call_id": "c1"},
    "ForceStatus": {"choice": {"status": BUSY}, "note": "why"},
    "ResetStaff": {},
}
"""What else a good request of each method has that is about one person."""


class KeyFile:
    """A file of keys that a test writes, and the keys themselves by their ids."""

    def __init__(self, path: Path) -> None:
        """It is empty."""
        self.path = path
        self.keys: dict[str, str] = {}
        self.lines: dict[str, dict[str, Any]] = {}
        self.write()

    def add(self, key_id: str, *roles: str, tenants: tuple[str, ...] = ("north",), **fields: Any) -> str:
        """One more key; the key itself."""
        self.keys[key_id] = new_key()
        named = {"id": key_id, "sha256": hash_of(self.keys[key_id]), "roles": list(roles), "tenants": list(tenants)}
        self.change(key_id, **named, **fields)
        return self.keys[key_id]

    def change(self, key_id: str, **fields: Any) -> None:
        """Other fields of a key."""
        self.lines[key_id] = {**self.lines.get(key_id, {}), **fields}
        self.write()

    def remove(self, key_id: str) -> None:
        """No such key any more."""
        del self.lines[key_id]
        self.write()

    def write(self) -> None:
        """What the file should say."""
        self.path.write_text("".join(f"{json.dumps(line)}\n" for line in self.lines.values()), encoding="utf-8")
        self.path.chmod(0o600)


def with_credential(channel: grpc.aio.Channel, credential: str, tenant: str = "", actor: str = "") -> Client:
    """A caller who shows it."""
    client = Client(channel, tenant, actor)
    if credential:
        client.metadata += (("authorization", f"Bearer {credential}"),)
    return client


async def read_again(world: World) -> None:
    """Have the server look at its files of credentials now."""
    for file in world.running.server.authenticator.files:
        await file.read_again()


def request_of(method: str, staff_id: str = "ana") -> Any:
    """A request of the method, about the person if it is about one; it need not be a good one."""
    request: Any = message_type(METHODS[method].input_type.name)()
    if "staff_id" in request.DESCRIPTOR.fields_by_name:
        request.staff_id = staff_id
    return request


async def answer(client: Client, request: Any) -> Refusal | None:
    """How a call is refused before its behaviour is reached; None where it came so far."""
    call = client.call(request, timeout=30)
    try:
        if hasattr(call, "read"):
            await call.read()
        else:
            await call
    except grpc.aio.AioRpcError:
        pass
    if not call.done() or await call.code() not in (grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED):
        call.cancel()
        return None
    return await refusal_of(call)
