"""The front door of calls: finds method, protocol and codec of a request, and has it served."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Final

from onduty_web.calls import serve
from onduty_web.codecs import CODECS
from onduty_web.codes import Code
from onduty_web.connect_stream import ConnectStream
from onduty_web.connect_unary import ConnectGet, ConnectUnary, error_json, query_of
from onduty_web.exchange import CallLimits, Drain, Exchange, Receive, Scope, Send
from onduty_web.failures import Failure
from onduty_web.grpc_web import GrpcWeb
from onduty_web.metadata import Header
from onduty_web.methods import RpcMethod
from onduty_web.protocol import CallProtocol, ProtocolOfCall
from onduty_web.upstream import Upstream

_FORMS: Final[Mapping[str, tuple[ProtocolOfCall, str]]] = {
    "application/grpc-web": (GrpcWeb, "proto"),
    "application/grpc-web+proto": (GrpcWeb, "proto"),
    "application/grpc-web+json": (GrpcWeb, "json"),
    "application/grpc-web-text": (partial(GrpcWeb, as_text=True), "proto"),
    "application/grpc-web-text+proto": (partial(GrpcWeb, as_text=True), "proto"),
}
_OF_UNARY: Final[Mapping[str, tuple[ProtocolOfCall, str]]] = {
    "application/json": (ConnectUnary, "json"),
    "application/proto": (ConnectUnary, "proto"),
    **_FORMS,
}
_OF_STREAMS: Final[Mapping[str, tuple[ProtocolOfCall, str]]] = {
    "application/connect+json": (ConnectStream, "json"),
    "application/connect+proto": (ConnectStream, "proto"),
    **_FORMS,
}


class Gateway:
    """An ASGI application for the methods of descriptors."""

    def __init__(self, methods: Mapping[str, RpcMethod], upstream: Upstream, limits: CallLimits, drain: Drain) -> None:
        self.methods = methods
        self._upstream = upstream
        self._limits = limits
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        exchange = Exchange(scope, receive, send, self._limits)
        method = self.methods.get(exchange.path)
        if method is None:
            failure = Failure(Code.UNIMPLEMENTED, f"there is no method {exchange.path}")
            text = "" if "grpc" in exchange.header("content-type") else json.dumps(error_json(failure, None))
            await _refuse(exchange, 404, text)
            return
        protocol = await self._protocol(exchange, method)
        if protocol is not None:
            await serve(exchange, method, protocol, self._upstream, self._drain)

    async def _protocol(self, exchange: Exchange, method: RpcMethod) -> CallProtocol | None:
        """The call's protocol; None: the request was refused."""
        is_stream = method.streams_requests or method.streams_responses
        readable = method.is_read and not is_stream
        if exchange.method == "GET" and readable:
            return await self._get(exchange, method)
        if exchange.method != "POST":
            allowed = b"GET, POST" if readable else b"POST"
            await _refuse(exchange, 405, "", [(b"allow", allowed)])
            return None
        forms = _OF_STREAMS if is_stream else _OF_UNARY
        form, _, parameters = exchange.header("content-type").lower().partition(";")
        charset = parameters.partition("charset=")[2].strip(' "')
        if form.strip() not in forms or charset not in ("", "utf-8"):
            await _refuse(exchange, 415, "", [(b"accept-post", ", ".join(forms).encode())])
            return None
        protocol, codec = forms[form.strip()]
        return protocol(exchange, method, CODECS[codec])

    async def _get(self, exchange: Exchange, method: RpcMethod) -> CallProtocol | None:
        try:
            query = query_of(exchange)
        except ValueError:  # more fields than the protocol has.
            query = {}
        codec = CODECS.get(query.get("encoding", ""))
        if codec is None or "message" not in query:
            failure = Failure(Code.INVALID_ARGUMENT, "a read by GET needs the fields encoding (json, proto) and message")
            await _refuse(exchange, 415 if codec is None else 400, json.dumps(error_json(failure, None)))
            return None
        return ConnectGet(exchange, method, codec, query)


async def _refuse(exchange: Exchange, status: int, text: str, headers: list[Header] | None = None) -> None:
    form = [(b"content-type", b"application/json")] if text else []
    await exchange.answer(status, [*form, *(headers or [])], text.encode())
