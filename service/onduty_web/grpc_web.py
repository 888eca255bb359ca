"""gRPC-Web, binary and as text: enveloped messages, and trailers as the last envelope."""

import base64
import binascii
from urllib.parse import quote

from onduty_web.codecs import Codec
from onduty_web.codes import Code
from onduty_web.compression import IDENTITY, encoding_accepted, encoding_named
from onduty_web.connect_stream import UNBUFFERED
from onduty_web.connect_unary import NO_STORE
from onduty_web.envelopes import WEB_TRAILERS, only_message, wrapped
from onduty_web.exchange import Exchange
from onduty_web.failures import CallError, Failure, Metadata
from onduty_web.metadata import grpc_timeout, headers_of, metadata_of, text_of
from onduty_web.methods import RpcMethod
from onduty_web.protocol import CallRequest
from onduty_web.upstream import STATUS_KEY


class GrpcWeb:
    """A call, unary or with a stream for an answer."""

    def __init__(self, exchange: Exchange, method: RpcMethod, codec: Codec, *, as_text: bool = False) -> None:
        self.codec = codec
        self._exchange = exchange
        self._method = method
        self._as_text = as_text
        self._encoding = encoding_accepted(exchange.header("grpc-accept-encoding"))
        self._sent = 0

    def head(self) -> CallRequest:
        """See ``CallProtocol``."""
        exchange = self._exchange
        encoding = encoding_named(exchange.header("grpc-encoding"))
        return CallRequest(metadata_of(exchange.headers), grpc_timeout(exchange.header("grpc-timeout")), encoding)

    async def message(self, encoding: str) -> bytes:
        """See ``CallProtocol``."""
        body = await self._exchange.body()
        if self._as_text:
            body = _joined(body)
        return only_message(body, encoding=encoding, limit=self._exchange.limits.request_bytes)

    async def begin(self, metadata: Metadata) -> None:
        """See ``CallProtocol``."""
        form = f"application/grpc-web{'-text' if self._as_text else ''}+{self.codec.name}"
        headers = [(b"content-type", form.encode()), NO_STORE, UNBUFFERED]
        if self._encoding != IDENTITY:
            headers.append((b"grpc-encoding", self._encoding.encode()))
        await self._exchange.start(200, [*headers, *headers_of(metadata)])

    async def send(self, content: bytes) -> None:
        """See ``CallProtocol``."""
        self._sent += 1
        await self._write(wrapped(content, encoding=self._encoding), more=True)

    async def end(self, outcome: Failure | Metadata) -> None:
        """See ``CallProtocol``."""
        if not self._exchange.started:
            await self.begin(())
        await self._write(wrapped(_trailers(outcome), flags=WEB_TRAILERS, encoding=IDENTITY), more=False)

    async def _write(self, content: bytes, *, more: bool) -> None:
        await self._exchange.write(base64.b64encode(content) if self._as_text else content, more=more)


def _trailers(outcome: Failure | Metadata) -> bytes:
    lines = []
    if isinstance(outcome, Failure):
        lines += [f"grpc-status: {int(outcome.code)}", f"grpc-message: {quote(outcome.message, safe=_UNESCAPED)}"]
        if outcome.status_bytes:
            lines.append(f"{STATUS_KEY}: {text_of(outcome.status_bytes)}")
        trailers = outcome.trailers
    else:
        lines.append("grpc-status: 0")
        trailers = outcome
    lines += [f"{name.decode()}: {value.decode('latin-1')}" for name, value in headers_of(trailers)]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


_UNESCAPED = " !\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"


def _joined(body: bytes) -> bytes:
    """The bytes of a text that was sent in pieces, each base64 with its own padding."""
    try:
        return b"".join(base64.b64decode(part, validate=True) for part in _pieces(body.strip()))
    except binascii.Error as error:
        raise CallError(Code.INVALID_ARGUMENT, "the body is not base64") from error


def _pieces(text: bytes) -> list[bytes]:
    pieces, begins_at = [], 0
    while begins_at < len(text):
        padding = text.find(b"=", begins_at)
        if padding < 0:
            pieces.append(text[begins_at:])
            break
        ends_at = padding + 1 + (text[padding + 1 : padding + 2] == b"=")
        pieces.append(text[begins_at:ends_at])
        begins_at = ends_at
    return pieces
