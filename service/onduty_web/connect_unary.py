"""Connect's unary calls: a POST with a message, or a GET for a read; errors are JSON with a status of HTTP."""

import base64
import binascii
import json
from typing import Any, Final
from urllib.parse import parse_qs

from onduty_web.codecs import Codec, detail_json
from onduty_web.codes import HTTP_STATUS, Code
from onduty_web.compression import (
    GZIP,
    IDENTITY,
    WORTH_BYTES,
    compressed,
    decompressed,
    encoding_accepted,
    encoding_named,
)
from onduty_web.exchange import Exchange
from onduty_web.failures import CallError, Failure, Metadata
from onduty_web.metadata import Header, connect_timeout, headers_of, metadata_of
from onduty_web.methods import RpcMethod
from onduty_web.protocol import CallRequest

VERSION: Final = "1"
NO_STORE: Final = (b"cache-control", b"no-store")
"""What a status was is no news: no answer is kept on the way."""


def error_json(failure: Failure, method: RpcMethod | None) -> dict[str, Any]:
    """A failure as Connect has it."""
    shown: dict[str, Any] = {"code": failure.code.connect_name}
    if failure.message:
        shown["message"] = failure.message
    if failure.details and method is not None:
        shown["details"] = [detail_json(detail, method.response) for detail in failure.details]
    return shown


def check_version(version: str) -> None:
    """Holds the protocol's version to the only one; it may be left out.

    Raises:
        CallError: It is another.
    """
    if version and version != VERSION:
        raise CallError(Code.INVALID_ARGUMENT, f"connect-protocol-version must be {VERSION!r}, not {version!r}")


class ConnectUnary:
    """A unary call."""

    def __init__(self, exchange: Exchange, method: RpcMethod, codec: Codec) -> None:
        self.codec = codec
        self._exchange = exchange
        self._method = method
        self._encoding = encoding_accepted(exchange.header("accept-encoding"))
        self._headers: list[Header] = []
        self._content: bytes | None = None

    def head(self) -> CallRequest:
        """See ``CallProtocol``."""
        exchange = self._exchange
        check_version(exchange.header("connect-protocol-version"))
        encoding = encoding_named(exchange.header("content-encoding"))
        return CallRequest(metadata_of(exchange.headers), connect_timeout(exchange.header("connect-timeout-ms")), encoding)

    async def message(self, encoding: str) -> bytes:
        """See ``CallProtocol``."""
        limit = self._exchange.limits.request_bytes
        body = await self._exchange.body()
        content = decompressed(body, limit) if encoding == GZIP and body else body
        if len(content) > limit:
            raise CallError(Code.RESOURCE_EXHAUSTED, f"the message is larger than {limit} bytes")
        return content

    async def begin(self, metadata: Metadata) -> None:
        """See ``CallProtocol``."""
        self._headers = headers_of(metadata)

    async def send(self, content: bytes) -> None:
        """See ``CallProtocol``. It is sent with the end, which decides on the status."""
        if self._content is not None:
            raise CallError(Code.UNIMPLEMENTED, "the service answered a unary call with several messages")
        self._content = content

    async def end(self, outcome: Failure | Metadata) -> None:
        """See ``CallProtocol``."""
        if not isinstance(outcome, Failure) and self._content is None:
            outcome = Failure(Code.UNIMPLEMENTED, "the service answered a unary call without a message", trailers=outcome)
        if isinstance(outcome, Failure):
            content = json.dumps(error_json(outcome, self._method), ensure_ascii=False).encode()
            status, form, trailers = HTTP_STATUS[outcome.code], "application/json", outcome.trailers
        else:
            content, status, form, trailers = self._content or b"", 200, f"application/{self.codec.name}", outcome
        headers = [(b"content-type", form.encode()), NO_STORE, (b"vary", b"accept-encoding, origin")]
        if self._encoding == GZIP and len(content) >= WORTH_BYTES:
            content = compressed(content)
            headers.append((b"content-encoding", b"gzip"))
        headers += [*self._headers, *headers_of(trailers, prefix="trailer-")]
        await self._exchange.answer(status, headers, content)


class ConnectGet(ConnectUnary):
    """A read by GET: its message is in the query."""

    def __init__(self, exchange: Exchange, method: RpcMethod, codec: Codec, query: dict[str, str]) -> None:
        super().__init__(exchange, method, codec)
        self._query = query

    def head(self) -> CallRequest:
        """See ``CallProtocol``."""
        exchange, query = self._exchange, self._query
        check_version(query.get("connect", "").removeprefix("v"))
        encoding = encoding_named(query.get("compression", ""))
        return CallRequest(metadata_of(exchange.headers), connect_timeout(exchange.header("connect-timeout-ms")), encoding)

    async def message(self, encoding: str) -> bytes:
        """See ``CallProtocol``."""
        await self._exchange.body()
        text = self._query.get("message", "")
        content = _unpacked(text) if self._query.get("base64") == "1" else text.encode("latin-1")
        limit = self._exchange.limits.request_bytes
        return decompressed(content, limit) if encoding != IDENTITY else content


def query_of(exchange: Exchange) -> dict[str, str]:
    """The query's fields; bytes that are no text stay as they are, one a character."""
    text = bytes(exchange.scope.get("query_string", b"")).decode("latin-1")
    fields = parse_qs(text, keep_blank_values=True, encoding="latin-1", max_num_fields=16)
    return {name: values[-1] for name, values in fields.items()}


def _unpacked(text: str) -> bytes:
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CallError(Code.INVALID_ARGUMENT, "the message is not base64") from error
