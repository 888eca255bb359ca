"""Connect's server streams: enveloped messages, and an end that says how it went."""

import json

from onduty_web.codecs import Codec
from onduty_web.compression import IDENTITY, encoding_accepted, encoding_named
from onduty_web.connect_unary import NO_STORE, check_version, error_json
from onduty_web.envelopes import CONNECT_END, only_message, wrapped
from onduty_web.exchange import Exchange
from onduty_web.failures import Failure, Metadata
from onduty_web.metadata import Header, connect_timeout, headers_of, lists_of, metadata_of
from onduty_web.methods import RpcMethod
from onduty_web.protocol import CallRequest

UNBUFFERED: Header = (b"x-accel-buffering", b"no")
"""Asks proxies to hand every message on at once."""


class ConnectStream:
    """A call whose answer is a stream."""

    def __init__(self, exchange: Exchange, method: RpcMethod, codec: Codec) -> None:
        self.codec = codec
        self._exchange = exchange
        self._method = method
        self._encoding = encoding_accepted(exchange.header("connect-accept-encoding"))

    def head(self) -> CallRequest:
        """See ``CallProtocol``."""
        exchange = self._exchange
        check_version(exchange.header("connect-protocol-version"))
        encoding = encoding_named(exchange.header("connect-content-encoding"))
        return CallRequest(metadata_of(exchange.headers), connect_timeout(exchange.header("connect-timeout-ms")), encoding)

    async def message(self, encoding: str) -> bytes:
        """See ``CallProtocol``."""
        body = await self._exchange.body()
        return only_message(body, encoding=encoding, limit=self._exchange.limits.request_bytes)

    async def begin(self, metadata: Metadata) -> None:
        """See ``CallProtocol``."""
        headers = [(b"content-type", f"application/connect+{self.codec.name}".encode()), NO_STORE, UNBUFFERED]
        if self._encoding != IDENTITY:
            headers.append((b"connect-content-encoding", self._encoding.encode()))
        await self._exchange.start(200, [*headers, *headers_of(metadata)])

    async def send(self, content: bytes) -> None:
        """See ``CallProtocol``."""
        await self._exchange.write(wrapped(content, encoding=self._encoding), more=True)

    async def end(self, outcome: Failure | Metadata) -> None:
        """See ``CallProtocol``."""
        if not self._exchange.started:
            await self.begin(())
        said = {"error": error_json(outcome, self._method)} if isinstance(outcome, Failure) else {}
        trailers = lists_of(outcome.trailers if isinstance(outcome, Failure) else outcome)
        content = json.dumps({**said, **({"metadata": trailers} if trailers else {})}, ensure_ascii=False).encode()
        await self._exchange.write(wrapped(content, flags=CONNECT_END, encoding=self._encoding))
