"""What the system says of a process that need not be a child of this one."""

import subprocess

from patience import PATIENCE_SECONDS
from wait_until import wait_until


def is_stopped(process_id: int) -> bool:
    """Whether SIGSTOP or Ctrl-Z has stopped it, and it has not gone on."""
    command = ["ps", "-o", "stat=", "-p", str(process_id)]
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS).stdout
    return told.startswith("T")


def wait_until_stopped(process_id: int) -> None:
    """Return when it is."""
    wait_until(lambda: is_stopped(process_id), what="the stop")
