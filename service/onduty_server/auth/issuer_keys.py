"""Where an issuer's keys come from: a file that is read again, or an address that is asked again within bounds."""

import asyncio
import http.client
import time
import urllib.request
from collections.abc import Callable, Sequence
from email.message import Message
from typing import IO, Any, Final, Protocol
from urllib.parse import urlsplit

import structlog

from onduty_server.auth.signing_keys import SigningKeys
from onduty_server.auth.watched_files import FileRefusedError, WatchedFiles

log = structlog.get_logger(__name__)

REFRESHED_SECONDS: Final = 300.0
"""An address is asked again after so long; meanwhile, and while it does not answer, the last good keys are in force."""
ASKED_APART_SECONDS: Final = 10.0
"""Tokens with a key that is not known make the server ask at most so often: anybody can make up such tokens."""
ASKED_APART_WITHOUT_SECONDS: Final = 1.0
"""Likewise where it has not answered yet: then no token is good for anything."""
DEADLINE_SECONDS: Final = 5.0
BYTES_MOST: Final = 1024 * 1024
NO_KEYS: Final = SigningKeys({})
_CHUNK: Final = 64 * 1024


class IssuerKeys(Protocol):
    """The keys in force, and the newest ones."""

    @property
    def current(self) -> SigningKeys:
        """Those in force."""

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """What has to be read again now and then."""

    def refresh_if_old(self) -> None:
        """See to it that the keys do not grow old; whoever calls goes on with those in force."""

    async def newest(self) -> SigningKeys:
        """The issuer's newest, if it may be asked again now; else those in force."""

    def on_change(self, notify: Callable[[], None]) -> None:
        """Have ``notify`` called when the keys have changed."""


class KeysOfFile:
    """The keys of a file."""

    def __init__(self, file: WatchedFiles[SigningKeys]) -> None:
        """It is read again by whoever owns it."""
        self._file = file

    @property
    def current(self) -> SigningKeys:
        """Those in force."""
        return self._file.current

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """The file."""
        return (self._file,)

    def refresh_if_old(self) -> None:
        """It is read again by whoever follows ``files``."""

    async def newest(self) -> SigningKeys:
        """Those in force: the file is read every second anyway."""
        return self._file.current

    def on_change(self, notify: Callable[[], None]) -> None:
        """The file says so itself, to whoever follows ``files``."""


class KeysOfAddress:
    """The keys at an address of the issuer's."""

    def __init__(self, address: str, parse: Callable[[bytes], SigningKeys]) -> None:
        """Ask for the keys; this blocks up to the deadline. Without an answer there are none, until there is one."""
        self._address = address
        self._parse = parse
        self._content, self.current = b"", NO_KEYS
        try:
            content = fetch(address)
            self._content, self.current = content, parse(content)
        except FileRefusedError as error:
            log.error(  # noqa: TRY400 - the fault is foreseen, and has no traceback to look at.
                "issuer_silent",
                address=address,
                error=str(error),
                meaning="tokens are refused as ISSUER_UNAVAILABLE until it has answered; other credentials are taken",
                do="look at the issuer, or keep its keys in a file; it is asked again with the tokens that come",
            )
        self._asked_at = time.monotonic()
        self._asking: asyncio.Task[None] | None = None
        self._notify: list[Callable[[], None]] = []

    @property
    def files(self) -> Sequence[WatchedFiles[Any]]:
        """There is no file."""
        return ()

    def on_change(self, notify: Callable[[], None]) -> None:
        """Have ``notify`` called when the keys have changed."""
        self._notify.append(notify)

    def refresh_if_old(self) -> None:
        """Ask again where the last answer is old; whoever calls goes on with the keys in force."""
        if self._asking is None and time.monotonic() - self._asked_at > REFRESHED_SECONDS:
            self._ask()

    async def newest(self) -> SigningKeys:
        """The issuer's newest, or those in force where it was asked just now. All who wait share one request."""
        apart = ASKED_APART_SECONDS if self.current.ids else ASKED_APART_WITHOUT_SECONDS
        if self._asking is None and time.monotonic() - self._asked_at > apart:
            self._ask()
        if self._asking is not None:
            await asyncio.wait((self._asking,), timeout=2 * DEADLINE_SECONDS)
        return self.current

    def _ask(self) -> None:
        self._asked_at = time.monotonic()
        self._asking = asyncio.get_running_loop().create_task(self._read_again())

    async def _read_again(self) -> None:
        try:
            content = await asyncio.to_thread(fetch, self._address)
            if content != self._content:
                self.current = await asyncio.to_thread(self._parse, content)
                self._content = content
                log.info("file_read_again", what="issuer's keys", paths=[self._address])
                for notify in self._notify:
                    notify()
        except FileRefusedError as error:
            log.error(  # noqa: TRY400 - the fault is foreseen, and has no traceback to look at.
                "file_refused",
                what="issuer's keys",
                error=str(error),
                meaning="the keys that were had before stay in force, if there were any",
                do="look at the issuer; it is asked again",
            )
        finally:
            self._asking = None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Keys are taken from the configured address and no other."""

    def redirect_request(  # noqa: PLR0917 - the library's own form.
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def is_address(text: str) -> bool:
    """Whether it is an address to ask, and not a file to read."""
    return urlsplit(text).scheme in {"http", "https"}


def fetch(address: str) -> bytes:
    """What an address answers, within the deadline and the bound of size.

    Raises:
        FileRefusedError: It does not.
    """
    ends_at = time.monotonic() + DEADLINE_SECONDS
    opener = urllib.request.build_opener(_NoRedirects)
    content = bytearray()
    try:
        with opener.open(address, timeout=DEADLINE_SECONDS) as answer:
            while chunk := answer.read1(_CHUNK):
                content += chunk
                if len(content) > BYTES_MOST:
                    raise FileRefusedError(f"{address} answers with more than {BYTES_MOST} bytes")
                if time.monotonic() > ends_at:
                    raise FileRefusedError(f"{address} takes longer than {DEADLINE_SECONDS:g} s")
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise FileRefusedError(f"{address} does not answer: {getattr(error, 'reason', error)}") from error
    return bytes(content)
