"""A driver as a process: requests out, answers by their id, events to whom they are for. It judges nothing.

Names of connections, streams, floors and workspaces have a prefix for each scenario, so that one driver carries many at once;
scenarios see the names without it.
"""

import asyncio
import contextlib
import itertools
import json
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

LINE_BYTES: Final = 128 * 1024 * 1024
ANSWER_SECONDS: Final = 120.0
END_SECONDS: Final = 60.0
LAST_WORDS_SECONDS: Final = 10.0
"""How long a driver's end may come before the end of what it wrote for people."""
STDERR_LINES: Final = 60
NAMED: Final = ("name", "connection", "stream", "floor", "workspace", "outbox")
EVENT_NAMES: Final = ("stream", "floor", "workspace", "outbox")


class DriverFailedError(Exception):
    """The driver ended, kept silent, or wrote what the protocol does not know."""


class ErrorAnswer(Exception):  # noqa: N818 - the answer that a driver gave, not a fault of the suite.
    """The driver answered with an error; ``fields`` has it."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """``fields`` as in the protocol."""
        super().__init__(fields.get("reason") or fields.get("message"))
        self.fields = fields


class Driver:
    """A driver process. Use ``start`` and ``stop``."""

    def __init__(self, command: Sequence[str]) -> None:
        """``command`` is run as it is."""
        self._command = command
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._inboxes: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._process: asyncio.subprocess.Process | None = None
        self._failure = ""
        self.stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self.features: frozenset[str] = frozenset()
        self.language = ""

    async def start(self, seconds: float = ANSWER_SECONDS) -> "Driver":
        """Start it and greet it; it has so many seconds for its answer."""
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=pipe, limit=LINE_BYTES
        )
        reading_stderr = asyncio.create_task(self._read_stderr())
        self._tasks = [asyncio.create_task(self._read(reading_stderr)), reading_stderr]
        greeted = await self.ask({"do": "hello"}, seconds)
        self.language = greeted["language"]
        self.features = frozenset(greeted["features"])
        return self

    @property
    def process_id(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    async def ask(self, request: dict[str, Any], seconds: float = ANSWER_SECONDS) -> Any:
        """The ``ok`` of an answer.

        Raises:
            ErrorAnswer: The driver answered with an error.
            DriverFailedError: It did not answer in time, or has ended.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        if self._failure:
            raise DriverFailedError(self._failure)
        number = next(self._ids)
        coming = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._process.stdin.write(json.dumps({"id": number, **request}).encode() + b"\n")
            await self._process.stdin.drain()
            return await asyncio.wait_for(coming, seconds)
        except TimeoutError:
            raise DriverFailedError(f"no answer to {request['do']} within {seconds:g} s") from None
        except (BrokenPipeError, ConnectionResetError):
            raise DriverFailedError("the driver has ended") from None
        finally:
            del self._waiting[number]

    def inbox(self, prefix: str) -> asyncio.Queue[dict[str, Any]]:
        """Where events of names with this prefix arrive, without the prefix."""
        return self._inboxes.setdefault(prefix, asyncio.Queue())

    def forget(self, prefix: str) -> None:
        """No more events of this prefix are kept."""
        self._inboxes.pop(prefix, None)

    async def stop(self, seconds: float = END_SECONDS) -> int:
        """End its input and wait for its end; it is killed if it stays for so many seconds. The exit code."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.close()
        try:
            code = await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise DriverFailedError(f"still ran {seconds:g} s after the end of its input") from None
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        return code

    async def _read(self, reading_stderr: asyncio.Task[None]) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            while line := await self._process.stdout.readline():
                self._take(line)
            await asyncio.wait((reading_stderr,), timeout=LAST_WORDS_SECONDS)
            self._fail("the driver has ended")
        except (ValueError, KeyError, TypeError) as error:
            self._fail(f"the driver wrote what the protocol does not know: {error}")

    def _take(self, line: bytes) -> None:
        message = json.loads(line)
        if "event" in message:
            self._give(message)
            return
        waiting = self._waiting.get(message["id"])
        if waiting is None or waiting.done():
            return
        if "error" in message:
            waiting.set_exception(ErrorAnswer(message["error"]))
        else:
            waiting.set_result(message["ok"])

    def _give(self, event: dict[str, Any]) -> None:
        key = next(name for name in EVENT_NAMES if name in event)
        prefix, _, name = event[key].partition("/")
        inbox = self._inboxes.get(prefix)
        if inbox is not None:
            inbox.put_nowait({**event, key: name})

    def _fail(self, why: str) -> None:
        self._failure = "\n".join((why, *self.stderr))
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DriverFailedError(self._failure))

    async def _read_stderr(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self.stderr.append(line.decode(errors="replace").rstrip())


def command_of(run: Path, *arguments: str) -> list[str]:
    """The command line of a driver's ``run``."""
    return [str(run), *arguments]


def prefixed(parameters: dict[str, Any], prefix: str) -> dict[str, Any]:
    """A verb's parameters with the prefix put before names."""
    return {key: f"{prefix}/{value}" if key in NAMED else value for key, value in parameters.items()}
