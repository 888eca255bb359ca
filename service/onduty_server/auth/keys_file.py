"""The file of API keys: a line a key, with its hash and what it reaches. It holds no key."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from secrets import token_hex
from typing import Final

from onduty_server.auth import grants_file
from onduty_server.auth.grants_file import Grant, Proof
from onduty_server.auth.watched_files import FileRefusedError
from onduty_server.domain.model.status import Instant

KEY_PREFIX: Final = "onduty_key_"
"""Lets people and scanners of files see what it is."""
KEY_BYTES: Final = 32
HASH: Final = Proof("sha256", re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits in lower case")


def new_key() -> str:
    """A key that nobody can guess: 256 random bits."""
    return KEY_PREFIX + token_hex(KEY_BYTES)


def hash_of(key: str) -> str:
    """What the file has of a key.

    One round of SHA-256 is right for 256 random bits: there is nothing to try out that a slower hash would slow down.
    """
    return sha256(key.encode()).hexdigest()


def parse(content: bytes) -> tuple[Grant, ...]:
    """The keys of a file.

    Raises:
        FileRefusedError: A line is no key, or has an id or hash of another. Its number is told, and no content.
    """
    return grants_file.parse(content, HASH, "the file of keys")


def line_of(entry: Grant) -> str:
    """The line of a key, without its end."""
    return grants_file.line_of(entry, HASH)


def with_key(content: bytes, entry: Grant) -> bytes:
    """The file's content with one more key at its end. Everything else stays as it is.

    Raises:
        FileRefusedError: The content is no file of keys, or has the id already.
    """
    if any(one.grant_id == entry.grant_id for one in parse(content)):
        raise FileRefusedError(f"there is a key {entry.grant_id!r} already: an id is never used again")
    before = content if not content or content.endswith(b"\n") else content + b"\n"
    return before + line_of(entry).encode() + b"\n"


def without_key(content: bytes, key_id: str, at: Instant) -> bytes:
    """The file's content with a key revoked. Every other line stays as it is.

    Raises:
        FileRefusedError: The content is no file of keys, or has no such key.
    """
    entries = {entry.grant_id: entry for entry in parse(content)}
    if key_id not in entries:
        raise FileRefusedError(f"there is no key {key_id!r}")
    revoked = replace(entries[key_id], revoked_at=entries[key_id].revoked_at or at)
    return b"".join(_replaced(content.splitlines(keepends=True), revoked))


def _replaced(lines: Sequence[bytes], entry: Grant) -> Iterable[bytes]:
    for line in lines:
        is_entry = line.strip() and not line.lstrip().startswith(b"#")
        yield line_of(entry).encode() + b"\n" if is_entry and json.loads(line)["id"] == entry.grant_id else line
