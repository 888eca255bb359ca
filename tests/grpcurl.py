"""The real grpcurl of .tools, run against a server; without it tests skip by name, unless CI is set: then it is demanded."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).resolve().parents[1] / ".tools" / "grpcurl"
CALL_SECONDS = 90


@dataclass(frozen=True)
class Printed:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one message that was answered."""
        assert self.code == 0, self.err
        return json.loads(self.out)


class Grpcurl:
    """Runs grpcurl against one server, as it is typed at a prompt."""

    def __init__(self, address: str) -> None:
        """Skips the test where there is no grpcurl."""
        if not PROGRAM.exists():
            missing = f"grpcurl is not in {PROGRAM.parent.name}: run make grpcurl"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        self.address = address

    def run(self, *arguments: str) -> Printed:
        """A command line; the address is put before the last argument, where grpcurl wants it."""
        *flags, last = arguments
        command = [str(PROGRAM), "-plaintext", *flags, self.address, *last.split(" ")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CALL_SECONDS, check=False)
        return Printed(done.returncode, done.stdout, done.stderr)

    def call(self, method: str, request: dict[str, Any], *flags: str) -> Printed:
        """Call a method of ``onduty.v1``, as ``WorkspaceService/GetStaff``."""
        return self.run(*flags, "-d", json.dumps(request), f"onduty.v1.{method}")
