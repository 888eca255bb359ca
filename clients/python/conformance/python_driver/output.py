"""Writes answers and events, one JSON object a line. It does nothing else."""

import json
import threading
from typing import Any, TextIO

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from onduty.v1 import staff_pb2
from onduty_client import (
    InternalError,
    InvalidRequestError,
    NobodyAvailableError,
    OndutyError,
    OverloadedError,
    RefusedError,
    ReplacedError,
    RevisionMismatchError,
    UnavailableError,
)


class Output:
    """Lines to the runner, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        """Flushes the stream after each line."""
        self._stream = stream
        self._lock = threading.Lock()

    def ok(self, number: Any, done: dict[str, Any]) -> None:
        """The answer of a request that was done."""
        self._write({"id": number, "ok": done})

    def error(self, number: Any, error: Exception) -> None:
        """The answer of a request that failed."""
        self._write({"id": number, "error": error_fields(error)})

    def event(self, name: str, **fields: Any) -> None:
        """An event."""
        self._write({"event": name, **fields})

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()


def message_fields(message: Message) -> dict[str, Any]:
    """A message in protobuf's JSON form, with the proto's own field names."""
    return MessageToDict(message, preserving_proto_field_name=True)


def enum_name(enum: Any, value: int) -> str | int:
    """The name of an enum's value; the number where this client does not know it."""
    return str(enum.Name(value)) if value in enum.values() else value


def error_fields(error: Exception) -> dict[str, Any]:
    """An error as the protocol has it."""
    if not isinstance(error, OndutyError):
        return {"kind": "DriverError", "message": f"{type(error).__name__}: {error}"}
    fields: dict[str, Any] = {
        "kind": type(error).__name__,
        "code": error.code,
        "reason": error.reason,
        "message": error.message,
        "metadata": error.metadata,
        **_own_fields(error),
    }
    if error.request_id:
        fields["request_id"] = error.request_id
    return fields


def _own_fields(error: OndutyError) -> dict[str, Any]:
    own: dict[str, Any] = {}
    match error:
        case InvalidRequestError(violations=violations) if violations:
            own = {"violations": [{"field": one.field, "description": one.description} for one in violations]}
        case RefusedError():
            own = {
                "current": None if error.current is None else message_fields(error.current),
                "requested": None if error.requested is None else enum_name(staff_pb2.Action, error.requested),
                "allowed": None if error.allowed is None else [enum_name(staff_pb2.Action, one) for one in error.allowed],
            }
        case RevisionMismatchError():
            current = None if error.current is None else message_fields(error.current)
            expected = None if error.expected_revision is None else str(error.expected_revision)
            own = {"current": current, "expected_revision": expected}
        case NobodyAvailableError():
            own = {
                "counts": [message_fields(one) for one in error.counts],
                "skill_groups": [message_fields(one) for one in error.skill_groups],
            }
        case ReplacedError():
            own = {"workspace_id": error.workspace_id}
        case OverloadedError() | UnavailableError():
            own = {"retry_after": error.retry_after}
        case InternalError():
            own = {"incident_id": error.incident_id or None}
        case _:
            pass
    return {name: value for name, value in own.items() if value is not None}
