"""A server of an installed environment, in a folder and with variables of its own, for as long as a block lasts."""

import contextlib
import re
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from onduty_release.places import StepError, bare

READY = re.compile(r"Onduty is serving on (\S+:\d+)")
START_SECONDS = 60
END_SECONDS = 30


@contextlib.contextmanager
def serving(environment: Path, folder: Path) -> Iterator[str]:
    """Runs `onduty serve --sample` of an environment on a free port and gives its address; it must end cleanly."""
    log = folder / "server.log"
    command = [environment / "bin/onduty", "serve", "--sample", "--listen", "127.0.0.1:0", "--journal", folder / "journal.db"]
    with log.open("wb") as errors:
        server = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=bare(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield _address(server, log)
        server.terminate()
        if server.wait(END_SECONDS):
            raise StepError(f"the server ended with {server.returncode}:\n{log.read_text(errors='replace')}")
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    """Reads what the server prints until it says where it serves."""
    end, printed = time.monotonic() + START_SECONDS, b""
    while (left := end - time.monotonic()) > 0:
        if select.select([server.stdout], [], [], left)[0]:
            chunk = server.stdout.read1()
            printed += chunk
            found = READY.search(printed.decode(errors="replace"))
            if found:
                return found[1]
            if not chunk:
                break
    raise StepError(f"the server did not serve:\n{printed.decode(errors='replace')}{log.read_text(errors='replace')}")
