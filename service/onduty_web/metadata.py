"""HTTP headers to gRPC metadata and back; it decides which of a browser's headers the service sees."""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Final

from onduty_web.codes import Code
from onduty_web.failures import CallError, Metadata

Header = tuple[bytes, bytes]

_OF_HTTP: Final = frozenset(
    {
        "age", "alt-used", "cache-control", "connection", "cookie", "date", "dnt", "expect", "forwarded", "from", "host",
        "if-match", "if-modified-since", "if-none-match", "if-range", "keep-alive", "max-forwards", "origin", "pragma",
        "priority", "range", "referer", "save-data", "te", "trailer", "transfer-encoding", "upgrade",
        "upgrade-insecure-requests", "user-agent", "via", "x-grpc-web", "x-real-ip", "x-user-agent",
    }
)  # fmt: skip
_OF_HTTP_PREFIXES: Final = (":", "accept", "access-control-", "connect-", "content-", "grpc-", "proxy-", "sec-", "x-forwarded-")
"""What browsers, proxies and the protocols say to the gateway, and not to the service."""

_KEY: Final = re.compile(r"[0-9a-z_.-]+\Z")
_VALUE: Final = re.compile(r"[ -~]*\Z")
_LONG_TIMEOUT_SECONDS: Final = 10.0**9
_GRPC_UNITS: Final = {"H": 3600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}


def metadata_of(headers: Iterable[Header]) -> list[tuple[str, str | bytes]]:
    """What the service is sent of a request's headers.

    Raises:
        CallError: A header cannot be metadata.
    """
    metadata: list[tuple[str, str | bytes]] = []
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        if key in _OF_HTTP or key.startswith(_OF_HTTP_PREFIXES):
            continue
        if not _KEY.match(key):
            raise CallError(Code.INVALID_ARGUMENT, f"the header {key!r} cannot be metadata")
        if key.endswith("-bin"):
            metadata += [(key, _unpacked(key, part.strip())) for part in text.split(",")]
        elif _VALUE.match(text):
            metadata.append((key, text))
        else:
            raise CallError(Code.INVALID_ARGUMENT, f"the value of the header {key!r} is not printable ASCII text")
    return metadata


def headers_of(metadata: Metadata, *, prefix: str = "") -> list[Header]:
    """A call's metadata as an answer's headers, each name with ``prefix``."""
    return [(f"{prefix}{key}".encode(), text_of(value).encode("latin-1", "replace")) for key, value in _own(metadata)]


def lists_of(metadata: Metadata) -> dict[str, list[str]]:
    """A call's metadata as Connect's end of a stream has it."""
    lists: dict[str, list[str]] = {}
    for key, value in _own(metadata):
        lists.setdefault(key, []).append(text_of(value))
    return lists


def text_of(value: str | bytes) -> str:
    """A value as a header has it: bytes in base64 without padding."""
    return value if isinstance(value, str) else base64.b64encode(value).decode().rstrip("=")


def connect_timeout(text: str) -> float | None:
    """The seconds of the header ``connect-timeout-ms``; None: there is none.

    Raises:
        CallError: It is not in its form.
    """
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise CallError(Code.INVALID_ARGUMENT, "connect-timeout-ms must have 1-10 digits")
    return int(text) / 1000


def grpc_timeout(text: str) -> float | None:
    """The seconds of the header ``grpc-timeout``; None: there is none.

    Raises:
        CallError: It is not in its form.
    """
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,8}[HMSmun]", text):
        raise CallError(Code.INVALID_ARGUMENT, "grpc-timeout must have 1-8 digits and a unit of H, M, S, m, u, n")
    return min(int(text[:-1]) * _GRPC_UNITS[text[-1]], _LONG_TIMEOUT_SECONDS)


def _own(metadata: Metadata) -> Iterable[tuple[str, str | bytes]]:
    """Without what belongs to gRPC itself and to HTTP."""
    return (
        (key, value)
        for key, value in metadata
        if not key.startswith(("grpc-", ":")) and key not in ("content-type", "te", "user-agent", "content-length")
    )


def _unpacked(key: str, text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise CallError(Code.INVALID_ARGUMENT, f"the value of the header {key!r} is not base64") from error
