"""Calls by HTTP for tests: Connect and gRPC-Web by the standard library, each byte under the test's control."""

import http.client
import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from patience import PATIENCE_SECONDS

JSON = {"content-type": "application/json"}
STREAM = {"content-type": "application/connect+json"}


@dataclass(frozen=True)
class Answer:
    """An answer, whole."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The content, parsed."""
        return json.loads(self.content)


class WebClient:
    """Asks one web address."""

    def __init__(self, address: str) -> None:
        self.host, _, port = address.removeprefix("http://").rpartition(":")
        self.port = int(port)

    def ask(self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, content, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def call(self, path: str, request: Any, **headers: str) -> Answer:
        """A unary call in JSON; names of headers have underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"/onduty.v1.{path}", json.dumps(request).encode(), {**JSON, **named})

    @contextmanager
    def stream(self, path: str, request: Any) -> Iterator[Iterator[Any]]:
        """The messages of a server stream in JSON; the last is the protocol's end. Leaving the block closes the connection."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_SECONDS)
        content = json.dumps(request).encode()
        try:
            connection.request("POST", f"/onduty.v1.{path}", struct.pack(">BI", 0, len(content)) + content, STREAM)
            with connection.getresponse() as answer:
                yield _messages(answer)
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        """A connection on which nothing was sent."""
        return socket.create_connection((self.host, self.port), timeout=PATIENCE_SECONDS)


def _messages(answer: http.client.HTTPResponse) -> Iterator[Any]:
    flags = 0
    while not flags & 2:
        flags, length = struct.unpack(">BI", answer.read(5))
        yield json.loads(answer.read(length))
