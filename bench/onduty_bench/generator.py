"""The load generator: built with Go, run on its own cores, one measurement a run. It judges nothing."""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onduty_bench.processes import BenchError, end, pinned

SOURCE = Path(__file__).resolve().parents[1] / "load"
BUILD_SECONDS = 600.0
SLACK_SECONDS = 90.0
"""What a measurement may take beyond its own time: connecting, and waiting for the last delivery."""


@dataclass(frozen=True, slots=True)
class Generator:
    """The built program."""

    program: Path
    cores: tuple[int, ...]

    @classmethod
    def build(cls, into: Path, cores: Sequence[int]) -> "Generator":
        """Build it; after the first time this takes a moment.

        Raises:
            BenchError: There is no Go, or it does not build.
        """
        go = shutil.which("go")
        if go is None:
            raise BenchError("the load generator needs Go 1.25 or newer, and there is no `go` here: install it, then run again")
        into.mkdir(parents=True, exist_ok=True)
        program = into / "load"
        built = subprocess.run(
            [go, "build", "-buildvcs=false", "-o", str(program), "."],
            cwd=SOURCE,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
        if built.returncode:
            raise BenchError(f"the load generator does not build:\n{built.stderr.strip()}")
        return cls(program, tuple(cores))

    def run(self, measurement: str, *, seconds: float = 0, **flags: object) -> dict[str, Any]:
        """One measurement; ``seconds`` is how long it should take. Flags are given as ``frame_bytes=1`` for -frame-bytes.

        Raises:
            BenchError: It failed or took too long.
        """
        with self.beside(measurement, **flags) as running:
            told = running.told(seconds)
        if told.get("seconds") and "own_cpu" in told:
            told["generator_share"] = told["own_cpu"] / told["seconds"] / (len(self.cores) or os.cpu_count() or 1)
        return told

    @contextmanager
    def beside(self, measurement: str, **flags: object) -> Iterator["Running"]:
        """A measurement that runs for the length of the block, or until it is done."""
        words = [f"-{name.replace('_', '-')}={_word(value)}" for name, value in flags.items()]
        process = subprocess.Popen(
            pinned([str(self.program), measurement, *words], self.cores),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            yield Running(measurement, process)
        finally:
            end(process)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()


@dataclass(frozen=True, slots=True)
class Running:
    """A measurement that runs."""

    name: str
    process: "subprocess.Popen[bytes]"

    def told(self, seconds: float) -> dict[str, Any]:
        """What it tells at its end.

        Raises:
            BenchError: It failed, or took longer than this and some slack.
        """
        try:
            out, problems = self.process.communicate(timeout=seconds + SLACK_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise BenchError(f"{self.name} took more than {seconds + SLACK_SECONDS:g} s") from error
        if self.process.returncode:
            raise BenchError(f"{self.name} failed: {problems.decode(errors='replace').strip()}")
        told: dict[str, Any] = json.loads(out)
        return told

    def line(self, seconds: float) -> dict[str, Any]:
        """The next thing that it tells while it runs.

        Raises:
            BenchError: It ended, or told nothing for so long.
        """
        assert self.process.stdout is not None, "it is a pipe"
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            raise BenchError(f"{self.name} told nothing for {seconds:g} s, or ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def say(self, word: str) -> None:
        """Have it go on."""
        assert self.process.stdin is not None, "it is a pipe"
        self.process.stdin.write(f"{word}\n".encode())
        self.process.stdin.flush()


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}s" if isinstance(value, float) else str(value)
