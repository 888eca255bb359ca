"""Messages as callers send them: protobuf is handed through as it is, JSON is translated."""

import base64
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from onduty_web.codes import Code
from onduty_web.failures import CallError, Detail


class Codec(Protocol):
    """One form of messages."""

    name: str

    def to_proto(self, content: bytes, message: type[Message]) -> bytes:
        """A request as the service takes it.

        Raises:
            CallError: It is not a message of that type.
        """

    def from_proto(self, content: bytes, message: type[Message]) -> bytes:
        """An answer as the caller wants it."""


class ProtoCodec:
    """Protobuf; the service checks it."""

    name = "proto"

    def to_proto(self, content: bytes, message: type[Message]) -> bytes:
        """See ``Codec``."""
        del message
        return content

    def from_proto(self, content: bytes, message: type[Message]) -> bytes:
        """See ``Codec``."""
        del message
        return content


class JsonCodec:
    """Protobuf's JSON. A field that the message does not have is refused: a misspelt guard must not guard nothing."""

    name = "json"

    def to_proto(self, content: bytes, message: type[Message]) -> bytes:
        """See ``Codec``."""
        try:
            return _parsed(content, message).SerializeToString()
        except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
            raise CallError(Code.INVALID_ARGUMENT, f"the JSON is no {message.DESCRIPTOR.full_name}: {error}") from error

    def from_proto(self, content: bytes, message: type[Message]) -> bytes:
        """See ``Codec``."""
        try:
            return json_text(message.FromString(content)).encode()
        except (DecodeError, json_format.SerializeToJsonError, TypeError) as error:
            raise CallError(Code.INTERNAL, f"the service's answer is no {message.DESCRIPTOR.full_name}") from error


CODECS: Final[Mapping[str, Codec]] = MappingProxyType({"proto": ProtoCodec(), "json": JsonCodec()})


def json_text(message: Message) -> str:
    """A message as JSON on one line."""
    return json_format.MessageToJson(message, indent=None, ensure_ascii=False, descriptor_pool=_pool(type(message)))


def detail_json(detail: Detail, message: type[Message]) -> dict[str, Any]:
    """A detail as Connect's errors have it; ``debug`` is for people, where the gateway knows the type.

    ``message`` is any of the contract: the detail's type is looked up where that one lives.
    """
    shown: dict[str, Any] = {"type": detail.type_name, "value": base64.b64encode(detail.content).decode().rstrip("=")}
    try:
        known = GetMessageClass(_pool(message).FindMessageTypeByName(detail.type_name))
        shown["debug"] = json_format.MessageToDict(known.FromString(detail.content), descriptor_pool=_pool(message))
    except (KeyError, DecodeError, json_format.SerializeToJsonError, TypeError):
        pass  # people do without.
    return shown


def _parsed(content: bytes, message: type[Message]) -> Message:
    return json_format.Parse(content.decode(), message(), descriptor_pool=_pool(message), max_recursion_depth=64)


def _pool(message: type[Message]) -> Any:
    return message.DESCRIPTOR.file.pool
