"""Files that are read again every second; content that cannot be used leaves the last good one in force."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Generic, TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

READ_AGAIN_SECONDS: Final = 1.0
BYTES_MOST: Final = 8 * 1024 * 1024


class FileRefusedError(Exception):
    """A file cannot be read, or not be used. The message names it and the fault, and holds nothing of a secret."""


def read_files(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """The content of each file.

    Raises:
        FileRefusedError: One cannot be read, or is too large.
    """
    return tuple(map(_read, paths))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(BYTES_MOST + 1)
    except OSError as error:
        raise FileRefusedError(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > BYTES_MOST:
        raise FileRefusedError(f"{path} has more than {BYTES_MOST} bytes")
    return content


class WatchedFiles(Generic[T]):
    """What one or several files that belong together say. ``current`` is what the last good content was parsed to."""

    def __init__(self, what: str, paths: Sequence[Path], parse: Callable[[tuple[bytes, ...]], T]) -> None:
        """``what`` names the files in the log; ``parse`` raises FileRefusedError where the content is no good.

        Raises:
            FileRefusedError: The files cannot be used now. There is no last good content yet.
        """
        self.what = what
        self._paths = paths
        self._parse = parse
        self._content = read_files(paths)
        self.current = parse(self._content)
        self._refused = ""
        self._notify: list[Callable[[], None]] = []
        self._notify_refused: list[Callable[[str], None]] = []

    def on_refusal(self, notify: Callable[[str], None]) -> None:
        """Have ``notify`` called, in the event loop, with the fault whenever new content cannot be used."""
        self._notify_refused.append(notify)

    @property
    def paths(self) -> Sequence[Path]:
        """The files."""
        return self._paths

    def on_change(self, notify: Callable[[], None]) -> None:
        """Have ``notify`` called, in the event loop, whenever ``current`` has changed."""
        self._notify.append(notify)

    async def follow(self) -> None:
        """Read the files again and again, off the loop, until cancelled."""
        while True:
            await asyncio.sleep(READ_AGAIN_SECONDS)
            try:
                await self.read_again()
            except Exception:
                log.exception("file_loop_failed", what=self.what)

    async def read_again(self) -> None:
        """Take what the files say now, if it is good."""
        try:
            content = await asyncio.to_thread(read_files, self._paths)
            if content == self._content:
                self._refused = ""
                return
            current = await asyncio.to_thread(self._parse, content)
        except FileRefusedError as error:
            self._tell_once(str(error))
            return
        except Exception:  # noqa: BLE001 - whatever a file makes of its parser, what was good before stays in force.
            self._tell_once(f"{', '.join(map(str, self._paths))} cannot be understood")
            return
        self._content, self.current, self._refused = content, current, ""
        log.info("file_read_again", what=self.what, paths=[str(path) for path in self._paths])
        for notify in self._notify:
            notify()

    def _tell_once(self, fault: str) -> None:
        if fault == self._refused:
            return
        self._refused = fault
        for notify in self._notify_refused:
            notify(fault)
        log.error(
            "file_refused",
            what=self.what,
            error=fault,
            meaning="what was read before stays in force",
            do="mend the file; it is read again every second",
        )
