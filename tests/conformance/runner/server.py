"""A real server for drivers to talk to: started, restarted on its address, emptied or made to forget. It checks nothing."""

import asyncio
import contextlib
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import prepared
from held_port import HeldPort
from process_state import wait_until_stopped

from onduty_server.adapters.sqlite import SqliteJournal
from onduty_server.adapters.sqlite.backup import back_up
from onduty_server.adapters.sqlite.restore import restore
from onduty_server.adapters.system_clock import SystemClock
from onduty_server.wire.codec import ProtobufCodec

READY: Final = re.compile(r"Onduty is serving on (\S+):(\d+)")
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 90.0
LOG_LINES: Final = 200
ALL_RECORDS: Final = 1_000_000


class ServerProcess:
    """An ``onduty serve`` on a free loopback port, which it keeps over restarts."""

    def __init__(self, journal: Path, flags: Sequence[str] = (), *, journal_address: str = "") -> None:
        """``journal`` is made where it is not there, unless there is an address of one; ``flags`` go to the command."""
        self.journal = journal
        self._journal_address = journal_address
        self.port = 0
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._flags = flags
        self._held: HeldPort | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """``HOST:PORT``."""
        return f"127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> "ServerProcess":
        """Start it and wait until it serves."""
        self._held = self._held or HeldPort(self.port)
        self.port = self._held.port
        command = [sys.executable, "-m", "onduty_cli", "serve", "--listen", self.address]
        self._process = await asyncio.to_thread(
            prepared.popen,
            [*command, "--journal", self._journal_address or str(self.journal), *self._flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        serving: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read(self._process, serving))
        try:
            self.port = await asyncio.wait_for(serving, START_SECONDS)
        except BaseException:
            self._signal(signal.SIGKILL)
            raise
        return self

    async def _read(self, process: "subprocess.Popen[bytes]", serving: asyncio.Future[int]) -> None:
        assert process.stdout is not None
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), process.stdout)
        with contextlib.closing(transport):
            while line := (await lines.readline()).decode(errors="replace"):
                self.log.append(line.rstrip())
                if (found := READY.search(line)) and not serving.done():
                    serving.set_result(int(found[2]))
        if not serving.done():
            serving.set_exception(RuntimeError("the server did not start:\n" + "\n".join(self.log)))

    async def terminate(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, wait for the end and give the port away. The exit code."""
        code = await self._end(sig)
        if self._held is not None:
            self._held.close()
            self._held = None
        return code

    async def _end(self, sig: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        self._signal(sig)
        self._signal(signal.SIGCONT)
        try:
            code = await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = await asyncio.to_thread(self._process.wait)
        if self._reading is not None:
            await self._reading
        return code

    async def stall(self) -> None:
        """Let it do nothing at all, as a machine without a processor to spare would; returns when it has stopped."""
        self._signal(signal.SIGSTOP)
        await asyncio.to_thread(wait_until_stopped, self.process_id)

    async def proceed(self) -> None:
        """Let it go on after ``stall``."""
        self._signal(signal.SIGCONT)

    def _signal(self, sig: signal.Signals) -> None:
        """Send a signal, unless the process has ended meanwhile."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(sig)

    async def restart(self) -> None:
        """End it and start it on the same journal and address."""
        await self._end()
        await self.start()

    async def empty(self) -> None:
        """End it and start another on a new journal at the same address."""
        await self._end()
        self.journal = self.journal.with_name(f"{self.journal.stem}-anew.db")
        await self.start()

    async def backup(self) -> None:
        """Back its journal up."""
        await asyncio.to_thread(back_up, self.journal, self._copy, ProtobufCodec(), copying=_unseen, verifying=_unseen)

    async def restore(self) -> None:
        """End it, restore the backup, and start it again."""
        await self._end()
        unseen = {"copying": _unseen, "verifying": _unseen}
        await asyncio.to_thread(restore, self._copy, self.journal, ProtobufCodec(), force=True, **unseen)
        await self.start()

    @property
    def _copy(self) -> Path:
        return self.journal.with_name(f"{self.journal.stem}-copy.db")

    async def forget(self, tenant: str) -> None:
        """End it, let the tenant's journal forget all history as housekeeping would, and start it again."""
        await self._end()
        journal = await SqliteJournal.open(self.journal)
        try:
            await journal.forget(tenant, SystemClock().now(), limit=ALL_RECORDS)
        finally:
            await journal.close()
        await self.start()


def _unseen(_done: int, _of: int) -> None:
    """Progress that nobody looks at."""
