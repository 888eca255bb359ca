"""Calls through the gateway to a real server, as programs with nothing but HTTP make them."""

import base64
import gzip
import json
import struct
from urllib.parse import quote

from wait_until import wait_until
from web_client import JSON, WebClient

from onduty.v1.workspace_service_pb2 import GetStaffRequest, GetStaffResponse

STATUS = "WorkspaceService/ChangeStatus"


def test_status_is_changed_by_json(shared: WebClient):
    """One POST with JSON changes a status, and the answer is the state in JSON."""
    answer = shared.call(STATUS, {"staffId": "ana", "choice": {"status": "STATUS_AVAILABLE"}})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["staff"]["status"] == "STATUS_AVAILABLE"


def test_refusal_has_its_code_and_typed_details(shared: WebClient):
    """A refusal is JSON with the service's own words, and its details can be read without protobuf."""
    answer = shared.call("WorkspaceService/BackToReception", {"staffId": "ben"})
    assert (answer.status, answer.json["code"]) == (400, "failed_precondition")
    details = {detail["type"]: detail for detail in answer.json["details"]}
    assert details["google.rpc.ErrorInfo"]["debug"]["reason"] == "TRANSITION_REFUSED"
    assert "ACTION_CHANGE_TO_AVAILABLE" in details["onduty.v1.TransitionRefusal"]["debug"]["allowed"]


def test_misspelt_field_is_refused(shared: WebClient):
    """A guard with a misspelt name does not guard nothing in silence."""
    request = {"staffId": "ana", "choice": {"status": "STATUS_AVAILABLE"}, "expectdRevision": "1"}
    answer = shared.call(STATUS, request)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert "expectdRevision" in answer.json["message"]


def test_read_is_a_get(shared: WebClient):
    """What has no side effects can be asked for by GET, and is not kept on the way."""
    message = quote(json.dumps({"staffId": "ben"}))
    answer = shared.ask("GET", f"/onduty.v1.WorkspaceService/GetStaff?encoding=json&message={message}")
    assert answer.json["staff"]["displayName"] == "Ben Okafor"
    assert answer.headers["cache-control"] == "no-store"


def test_change_is_no_get(shared: WebClient):
    """What changes something cannot be asked for by a link."""
    answer = shared.ask("GET", f"/onduty.v1.{STATUS}?encoding=json&message=%7B%7D")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_grpc_web_as_text(shared: WebClient):
    """A gRPC-Web client that sends text gets its message and its trailers in base64."""
    content = GetStaffRequest(staff_id="chi").SerializeToString()
    body = base64.b64encode(struct.pack(">BI", 0, len(content)) + content)
    path = "/onduty.v1.WorkspaceService/GetStaff"
    answer = shared.ask("POST", path, body, {"content-type": "application/grpc-web-text"})
    parts = [base64.b64decode(part + "=" * (-len(part) % 4)) for part in answer.content.decode().split("=") if part]
    plain = b"".join(parts)
    (length,) = struct.unpack(">I", plain[1:5])
    assert GetStaffResponse.FromString(plain[5 : 5 + length]).staff.display_name == "Chi Nguyen"
    assert b"grpc-status: 0" in plain[5 + length :]


def test_bomb_is_refused(shared: WebClient):
    """A small request that becomes a huge one is refused before it has."""
    body = gzip.compress(b" " * (64 * 1024 * 1024))
    answer = shared.ask("POST", f"/onduty.v1.{STATUS}", body, {**JSON, "content-encoding": "gzip"})
    assert (answer.status, answer.json["code"]) == (429, "resource_exhausted")


def test_body_past_the_limit_is_refused(shared: WebClient):
    """A request that announces more than the limit is refused before it is read."""
    with shared.connect() as peer:
        head = f"POST /onduty.v1.{STATUS} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        peer.sendall(f"{head}content-length: 99999999\r\n\r\n".encode())
        assert peer.recv(64).startswith(b"HTTP/1.1 429 ")


def test_deadline_is_handed_on(shared: WebClient):
    """A read that waits for a position ends with the caller's deadline."""
    far = shared.call("WorkspaceService/GetStaff", {"staffId": "ana"}, connect_timeout_ms="0")
    assert (far.status, far.json["code"]) == (504, "deadline_exceeded")


def test_stream_begins_with_the_state_and_follows_changes(shared: WebClient):
    """A desktop attached over HTTP sees its own state, and each change of it when it happens."""
    with shared.stream("WorkspaceService/Attach", {"staffId": "dov"}) as messages:
        assert next(messages)["change"]["staff"]["status"] == "STATUS_OFFLINE"
        shared.call(STATUS, {"staffId": "dov", "choice": {"status": "STATUS_BUSY"}})
        assert next(messages)["change"]["staff"]["status"] == "STATUS_BUSY"


def test_closed_tab_starts_the_grace(shared: WebClient):
    """The end of the browser's connection is the end of the attachment: the grace runs at once."""
    shared.call(STATUS, {"staffId": "eva", "choice": {"status": "STATUS_AVAILABLE"}})

    def connection() -> dict:
        answer = shared.call("WorkspaceService/GetStaff", {"staffId": "eva"})
        return answer.json["staff"].get("connection", {})

    with shared.stream("WorkspaceService/Attach", {"staffId": "eva", "workspaceId": "tab-1"}) as messages:
        next(messages)
        assert [one["workspaceId"] for one in connection()["workspaces"]] == ["tab-1"]
    wait_until(lambda: "offlineAt" in connection())
    assert "workspaces" not in connection()


def test_stream_ends_with_its_error(shared: WebClient):
    """A stream that is refused says so in its end, with the typed details."""
    with shared.stream("WorkspaceService/Attach", {"staffId": "nobody"}) as messages:
        end = next(messages)
    assert end["error"]["code"] == "not_found"
    assert end["error"]["details"][0]["debug"]["reason"] == "STAFF_UNKNOWN"


def test_tenant_and_actor_are_metadata(shared: WebClient):
    """Headers of the service's own reach it; a browser's do not."""
    answer = shared.call("ServerService/WhoAmI", {}, onduty_actor="kim", user_agent="Browser/1", accept_language="de")
    assert (answer.status, answer.json["actorId"]) == (200, "kim")


def test_unknown_method_and_type_are_named(shared: WebClient):
    """What is not there is 404, and what cannot be read is 415 with what can."""
    assert shared.call("WorkspaceService/Nothing", {}).status == 404
    answer = shared.ask("POST", f"/onduty.v1.{STATUS}", b"{}", {"content-type": "text/plain"})
    assert answer.status == 415
    assert "application/json" in answer.headers["accept-post"]
