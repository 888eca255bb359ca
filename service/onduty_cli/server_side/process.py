"""What the server asks of Python and of the kernel for its own process; it knows no part of the server."""

import asyncio
import gc
import os
import resource
import shlex
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Final, Literal

SWITCH_SECONDS: Final = 1e-4
"""How long a thread runs on while another waits for the interpreter. A busy event loop would let the journal's thread, which
needs it for microseconds, wait for many times Python's default of 5 ms."""

COLLECT_AFTER: Final = (25_000, 20, 50)
"""When Python looks for cyclic garbage. The server makes next to none; `grpc.aio` leaves six small objects a request. By
Python's own defaults (700, 10, 10) the looking costs a tenth of all time, and stops everything for long once there are many
staff. Looking more rarely than this is no cheaper and stops everything for longer: with 150,000, for 180 ms instead of 17."""


def tune(*, batch_scheduling: bool) -> None:
    """Set the process up for a busy event loop beside a few threads. Call it before any thread is started.

    gRPC hands every event from thread to thread. As the kernel schedules by itself, a thread that is woken takes the core from
    the one that woke it, several times a request; a batch thread waits until the core is free, and finds more to do at once.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    _raise_open_files()
    gc.set_threshold(*COLLECT_AFTER)
    if batch_scheduling and hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # a sandbox may forbid it; it is a matter of cost only.
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _raise_open_files() -> None:
    """Have as many open files as the system allows: each connection is one, and most systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(ValueError, OSError):  # a sandbox may forbid it.
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def loop_factory(name: Literal["asyncio", "uvloop"]) -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes the event loop. uvloop is compiled code: less CPU a call, and no part of what the server needs.

    Raises:
        ImportError: uvloop is asked for and not installed.
    """
    if name == "asyncio":
        return asyncio.new_event_loop
    import uvloop  # noqa: PLC0415 - it is installed only where it is wanted.

    return uvloop.new_event_loop


_ENDING: Final = (signal.SIGTERM, signal.SIGINT)
"""And SIGHUP, on a terminal: that it is closed. A service has none, and is told by it to read its files again."""


class Ending(asyncio.Event):
    """Set when the program is told to end; ``reason`` says by what."""

    reason = ""


def has_terminal() -> bool:
    """Whether a person has started this program, and may close its terminal."""
    return any(os.isatty(number) for number in range(3))


def ended_by_signals(reload: Callable[[], None]) -> Ending:
    """What is set when the running program is told to end, by SIGTERM, Ctrl-C or a terminal that is closed.

    Told again, it goes on ending. Without a terminal, SIGHUP calls ``reload`` in the event loop.

    The loop's own handlers would be gone when it is closed, and a second signal in the moment after that would kill a program
    which has ended as it should.
    """
    loop, stop = asyncio.get_running_loop(), Ending()

    def end(number: int, _frame: FrameType | None) -> None:
        stop.reason = stop.reason or signal.Signals(number).name
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(reload)

    for one in _ENDING:
        signal.signal(one, end)
    signal.signal(signal.SIGHUP, end if has_terminal() else hang_up)
    return stop


def ignore_ending_signals() -> None:
    """Let the last of the program's work be done, which is short."""
    for one in (*_ENDING, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)


def program() -> str:
    """How this program can be called again from the same folder, as a shell takes it."""
    called = Path(sys.argv[0])
    if called.name != "onduty":
        return shlex.join([sys.executable, "-m", "onduty_cli"])
    found = shutil.which("onduty")
    return "onduty" if found is not None and Path(found).samefile(called) else shlex.quote(str(called))
