"""Takes secrets and the names of tenants out of text; it reads files only to know what must be nowhere."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from onduty_server.auth.keys_file import KEY_PREFIX
from onduty_server.config import Settings

REMOVED: Final = "(removed)"
LITERAL_LEAST: Final = 6
"""A shorter secret stands in too many words to be looked for by itself; its pattern or its place takes it out."""

SECRET_NAME: Final = re.compile(
    r"secret|token|password|passwd|credential|dsn|api_?key|private_?key|authorization", re.IGNORECASE
)
"""What a variable or a field is called that may hold a secret."""

PATTERNS: Final = (
    # PEM, whole or cut off, also where line breaks were written as \n.
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
    re.compile(rf"\b{re.escape(KEY_PREFIX)}[A-Za-z0-9_-]{{8,}}"),
    # A JSON Web Token, of which the first part is an object in base64.
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}"),
    re.compile(r"\b[0-9a-fA-F]{64}\b"),
    re.compile(r"(?<=://)[^/\s@\"']+:[^/\s@\"']+(?=@)"),
    re.compile(r"(?<=[Bb]earer )\S{6,}|(?<=[Bb]asic )\S{6,}"),
    re.compile(r"(?i)(?<=password=)[^\s&\"']+|(?<=passwd=)[^\s&\"']+|(?<=sslpassword=)[^\s&\"']+"),
    re.compile(r"(?i)(?<=\"password\": \")[^\"]+|(?<=\"token\": \")[^\"]+|(?<=\"authorization\": \")[^\"]+"),
)
"""Secrets by their form: private keys, keys of ours and their hashes, tokens, what stands before the @ of an address."""


class Redaction:
    """What is taken out of every text of one bundle. Tenants get numbers, the same in all texts."""

    def __init__(self, secrets: Iterable[str], tenants: Iterable[str] = ()) -> None:
        """``secrets`` are known ones, in full."""
        literals = sorted({one for one in secrets if len(one) >= LITERAL_LEAST}, key=len, reverse=True)
        self._literals = re.compile("|".join(map(re.escape, literals))) if literals else None
        self._tenants: dict[str, str] = {}
        for tenant in tenants:
            self.tenant(tenant)

    def tenant(self, name: str) -> str:
        """What a tenant is called in the bundle."""
        return self._tenants.setdefault(name, f"tenant-{len(self._tenants) + 1}")

    def clean(self, text: str) -> str:
        """The text without secrets, and with tenants by number where they are called so."""
        if self._literals is not None:
            text = self._literals.sub(REMOVED, text)
        for pattern in PATTERNS:
            text = pattern.sub(REMOVED, text)
        for name, number in self._tenants.items():
            text = re.sub(rf"(tenant[^\w\s]{{1,2}}\s?[\"']?){re.escape(name)}(?![\w.-])", rf"\g<1>{number}", text)
        return text


def known_secrets(settings: Settings | None, environment: Mapping[str, str]) -> Iterator[str]:
    """Secrets that are known to be here: of the environment, of the settings' addresses and of the files that they name.

    A file that cannot be read has nothing that could get into the bundle.
    """
    for name, value in environment.items():
        if SECRET_NAME.search(name):
            yield value
        if name.upper().startswith("ONDUTY_") and name.upper().endswith("_FILE"):
            yield from _of_text(_read(value))
        yield from _of_address(value)
    if settings is None:
        return
    for value in settings.model_dump().values():
        if isinstance(value, str):
            yield from _of_address(value)
    for path in (settings.keys, settings.tls_key, settings.jwt_keys):
        if path and "://" not in path:
            yield from _of_text(_read(path))


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _of_text(text: str) -> Iterator[str]:
    """The private parts of a document or of lines of JSON; of other text every line, and the parts of an address."""
    documents = list(_documents(text))
    for document in documents:
        yield from _secrets_of(document)
    for line in () if documents else map(str.strip, text.splitlines()):
        if line and not line.startswith(("-----", "#", "{")):
            yield line
            yield from _of_address(line)


def _documents(text: str) -> Iterator[Any]:
    for part in (text, *text.splitlines()):
        with contextlib.suppress(ValueError, RecursionError):
            document = json.loads(part)
            if isinstance(document, dict | list):
                yield document


PRIVATE_PARTS: Final = frozenset({"sha256", "d", "p", "q", "dp", "dq", "qi", "k"})
"""Of a file of keys, the hash; of a JSON Web Key, what only its owner has."""


def _secrets_of(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            if isinstance(value, str) and (name in PRIVATE_PARTS or SECRET_NAME.search(name)):
                yield value
            else:
                yield from _secrets_of(value)
    elif isinstance(document, list):
        for item in document:
            yield from _secrets_of(item)


def _of_address(text: str) -> Iterator[str]:
    """The password in an address, as it is written and as it is meant, and what its parameters say of secrets."""
    if "://" not in text:
        return
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        yield text
        return
    _, has_password, password = parts.netloc.rpartition("@")[0].partition(":")
    if has_password:
        yield from (password, unquote(password))
    for name, value in parse_qsl(parts.query):
        if SECRET_NAME.search(name):
            yield value
