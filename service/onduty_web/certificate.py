"""The gateway's own certificate, read again when its files change; open connections go on with the old one."""

import asyncio
import logging
import ssl
from pathlib import Path
from typing import Final

READ_AGAIN_SECONDS: Final = 1.0

logger = logging.getLogger(__name__)

Stamp = tuple[tuple[int, int], ...]


class Certificate:
    """A chain and its key, as PEM files."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Read the files.

        Raises:
            ValueError: They cannot be used.
        """
        self._chain, self._key = chain, key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._stamp = self._present_stamp()
        self._load(self.context)

    async def follow(self) -> None:
        """Looks at the files every second, for ever. What cannot be used leaves the last good pair in force."""
        while True:
            await asyncio.sleep(READ_AGAIN_SECONDS)
            stamp = await asyncio.to_thread(self._present_stamp)
            if stamp == self._stamp:
                continue
            self._stamp = stamp
            try:
                await asyncio.to_thread(self._load, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
                self._load(self.context)
            except ValueError as error:
                logger.warning("%s; the last good pair stays in force", error)

    def _load(self, context: ssl.SSLContext) -> None:
        try:
            # An empty password: a key that needs one is refused, and nobody is asked on the terminal.
            context.load_cert_chain(self._chain, self._key, password="")
        except OSError as error:
            raise ValueError(f"the certificate {self._chain} and its key cannot be used: {error.strerror or error}") from error

    def _present_stamp(self) -> Stamp:
        try:
            found = [path.stat() for path in (self._chain, self._key)]
        except OSError:
            return ()
        return tuple((one.st_mtime_ns, one.st_size) for one in found)
