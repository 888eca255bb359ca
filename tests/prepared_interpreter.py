"""An interpreter that has imported what `onduty` needs and forks for each program it is asked to run.

It is started by ``prepared.py`` with a socket as its only argument, and ends when that is closed. It opens no channel and
starts no thread, so that a fork is as good as a new process.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

REQUEST_BYTES = 200_000
MODULES = ("main", "server_side.serve", "staff_commands", "status_commands", "watch.command", "server_side.journal_commands")
"""Modules of the command line that bring all others of weight."""


def main() -> None:
    """Fork for each request; in the fork, run its program."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which close the socket.
    for module in MODULES:
        importlib.import_module(f"onduty_cli.{module}")
    gc.freeze()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        sys.exit("an import has started a thread: a fork would be without it")
    request = _serve(sock)
    if request is not None:
        _become(request)
        _run(request["command"])


def _serve(sock: socket.socket) -> dict[str, Any] | None:
    """Answer requests until the socket is closed. Returns a request in the process that is to carry it out."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([sock, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(running)
        if sock not in ready:
            continue
        text, descriptors, _, _ = socket.recv_fds(sock, REQUEST_BYTES, 4)
        if not text:
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            sock.close()
            for one in (woken, wake, *running.values()):
                os.close(one)
            return {**json.loads(text), "streams": descriptors}
        *streams, told = descriptors
        for one in streams:
            os.close(one)
        running[pid] = told
        os.write(told, pid.to_bytes(4, "little"))


def _tell_ends(running: dict[int, int]) -> None:
    """Write the wait status of each process that has ended to its pipe."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = running.pop(pid)
        with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more.
            os.write(told, status.to_bytes(4, "little"))
        os.close(told)


def _become(request: dict[str, Any]) -> None:
    """Take on streams, directory, environment and signals, as a new process has them from the start."""
    *streams, told = request["streams"]
    os.close(told)
    for number, one in enumerate(streams):
        os.dup2(one, number)
    for one in streams:
        os.close(one)
    if request["session"]:
        os.setsid()
    if request["umask"] >= 0:
        os.umask(request["umask"])
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name, mode in (("stdin", "rb"), ("stdout", "wb"), ("stderr", "wb")):
        _renew(name, mode)


def _renew(name: str, mode: str) -> None:
    """A standard stream as Python makes it, for what its number is now."""
    before: io.TextIOWrapper = getattr(sys, name)
    raw = open(before.fileno(), mode, closefd=False)  # noqa: SIM115 - a number, and open to the end.
    buffered_by_line = name == "stderr" or raw.isatty()
    fresh = io.TextIOWrapper(
        raw, encoding=before.encoding, errors=before.errors, line_buffering=buffered_by_line, write_through=before.write_through
    )
    setattr(sys, name, fresh)
    setattr(sys, f"__{name}__", fresh)


def _run(command: list[str]) -> None:
    """Run ``-m MODULE`` or a file, with its arguments, as Python does."""
    if command[0] == "-m":
        sys.argv = command[1:]
        sys.path[0] = str(Path.cwd())
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        sys.path[0] = str(Path(command[0]).parent)
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    main()
