"""Gzip for requests and answers; what would grow past a limit is refused before it has."""

import gzip
import zlib
from typing import Final

from onduty_web.codes import Code
from onduty_web.failures import CallError

IDENTITY: Final = "identity"
GZIP: Final = "gzip"
SUPPORTED: Final = (GZIP, IDENTITY)
WORTH_BYTES: Final = 1_024
"""Smaller answers gain nothing by compression."""

_GZIP_FORM: Final = 16 + zlib.MAX_WBITS


def encoding_named(text: str) -> str:
    """The encoding that a header names; none is IDENTITY.

    Raises:
        CallError: It is not supported.
    """
    name = text.strip().lower() or IDENTITY
    if name not in SUPPORTED:
        raise CallError(Code.UNIMPLEMENTED, f"unknown compression {name!r}: supported encodings are {', '.join(SUPPORTED)}")
    return name


def encoding_accepted(text: str) -> str:
    """The encoding for answers to a caller that accepts what ``text`` lists."""
    for item in text.lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() == GZIP and weight.replace(" ", "") not in ("q=0", "q=0.0"):
            return GZIP
    return IDENTITY


def compressed(content: bytes) -> bytes:
    """The content in gzip's form."""
    return gzip.compress(content, compresslevel=5, mtime=0)


def decompressed(content: bytes, limit: int) -> bytes:
    """The content of gzip's form, at most ``limit`` bytes.

    Raises:
        CallError: It is not in that form, or larger.
    """
    reader = zlib.decompressobj(_GZIP_FORM)
    try:
        plain = reader.decompress(content, limit + 1)
        ends = reader.eof and not reader.unused_data
    except zlib.error as error:
        raise CallError(Code.INVALID_ARGUMENT, f"the content is not gzip: {error}") from error
    if len(plain) > limit:
        raise CallError(Code.RESOURCE_EXHAUSTED, f"the message is larger than {limit} bytes")
    if not ends:
        raise CallError(Code.INVALID_ARGUMENT, "the content is not gzip: it has no end, or more follows it")
    return plain
