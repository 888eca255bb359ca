"""Starts programs of ours as forks of one interpreter that has imported the server, where many tests start many servers.

Such a program is a process of its own, with its own streams, signals, files and sockets; only the imports, most of the cost of
a start, are made once. ``make test-all`` and ``make coverage`` start every program afresh.
"""

import atexit
import contextlib
import functools
import inspect
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PROGRAM = Path(__file__).with_name("prepared_interpreter.py")
OPTIONS = frozenset({"stdin", "stdout", "stderr", "text", "env", "cwd", "umask", "start_new_session"})
"""Options of a process that the interpreter knows how to give; with any other, a program is started afresh."""
KEPT = ("PYTHON", "LC_", "LANG", "COVERAGE", "LD_")
"""Beginnings of the variables that Python itself reads when it starts: those must be as they are here."""
ASK_AGAIN_SECONDS = 0.01

_GIVEN = (
    *(
        "self",
        "args",
        "executable",
        "preexec_fn",
        "close_fds",
        "pass_fds",
        "cwd",
        "env",
        "startupinfo",
        "creationflags",
        "shell",
    ),
    *("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite"),
    *("restore_signals", "gid", "gids", "uid", "umask", "start_new_session", "process_group"),
)
"""What subprocess's own private method is given, from Python 3.11 on; where that is otherwise, nothing is prepared."""

wanted = False
"""Set for the tests that everybody runs before a commit."""


def popen(command: Sequence[object], **options: Any) -> "subprocess.Popen[Any]":
    """``subprocess.Popen`` for a program in Python: a fork of the prepared interpreter where that is wanted and can be."""
    words = [str(word) for word in command]
    return (_Prepared if _can_be_prepared(words, options) else subprocess.Popen)(words, **options)


def run(
    command: Sequence[object],
    *,
    input: str | None = None,  # noqa: A002 - the name that subprocess gives it.
    timeout: float | None = None,
    check: bool = False,
    **options: Any,
) -> "subprocess.CompletedProcess[Any]":
    """``subprocess.run`` likewise."""
    if input is not None:
        options["stdin"] = subprocess.PIPE
    if options.pop("capture_output", False):
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with popen(command, **options) as process:
        try:
            out, err = process.communicate(input, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


def _can_be_prepared(words: Sequence[str], options: Mapping[str, Any]) -> bool:
    return (
        wanted
        and sys.platform == "linux"
        and tuple(inspect.signature(subprocess.Popen._execute_child).parameters) == _GIVEN
        and words[0] == sys.executable
        and (words[1] == "-m" or words[1].endswith(".py"))
        and options.keys() <= OPTIONS
        and _kept(options.get("env") or os.environ) == _kept(os.environ)
    )


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(KEPT)}


class _Prepared(subprocess.Popen):
    """A process that is the prepared interpreter's child, and therefore waited for by way of it."""

    def _execute_child(self, args: Sequence[str], *given: Any) -> None:
        _, _, _, _, cwd, env, _, _, _, *streams, _, _, _, _, umask, session, _ = given  # in the order of ``_GIVEN``.
        stdin, _, _, stdout, _, stderr = streams
        request = {
            "command": args[1:],
            "cwd": os.fspath(cwd or Path.cwd()),
            "env": dict(os.environ if env is None else env),
            "umask": umask,
            "session": session,
        }
        self._told, told = os.pipe()
        wanted_streams = [own if own >= 0 else number for number, own in enumerate((stdin, stdout, stderr))]
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # then there is nothing to read, which is told.
                socket.send_fds(_interpreter(), [json.dumps(request).encode()], [*wanted_streams, told])
        finally:
            os.close(told)
        self._close_pipe_fds(*streams)
        self.pid = self._read_number()
        self._child_created = True

    def _read_number(self) -> int:
        read = os.read(self._told, 4)
        if len(read) < 4:
            raise AssertionError(f"the prepared interpreter is gone:\n{_last_words()}")
        return int.from_bytes(read, "little")

    def _internal_poll(self, _deadstate: int | None = None) -> int | None:
        with self._waitpid_lock:
            if self.returncode is None:
                os.set_blocking(self._told, False)
                with contextlib.suppress(BlockingIOError):
                    self.returncode = os.waitstatus_to_exitcode(self._read_number())
                    os.close(self._told)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        ends_at = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if ends_at is not None and time.monotonic() >= ends_at:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            time.sleep(ASK_AGAIN_SECONDS)
        return self.returncode


@functools.cache
def _errors() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _last_words() -> str:
    _errors().seek(0)
    return _errors().read().decode(errors="replace")


@functools.cache
def _interpreter() -> socket.socket:
    """The socket of the interpreter, which is started at the first need and ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, PROGRAM, str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=_errors())

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
