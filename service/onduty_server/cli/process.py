"""What the server asks of Python and of the kernel for its own process; it knows no part of the server."""

import gc
import os
import sys
from contextlib import suppress
from typing import Final

SWITCH_SECONDS: Final = 1e-4
"""How long a thread runs on while another waits for the interpreter. A busy event loop would let the journal's thread, which
needs it for microseconds, wait for many times Python's default of 5 ms."""

COLLECT_AFTER: Final = (25_000, 20, 50)
"""When Python looks for cyclic garbage, of which the server makes little: by its own defaults (700, 10, 10) the looking costs a
tenth of all time, and stops everything for long once there are many staff."""


def tune(*, batch_scheduling: bool) -> None:
    """Set the process up for a busy event loop beside a few threads. Call it before any thread is started.

    gRPC hands every event from thread to thread. As the kernel schedules by itself, a thread that is woken takes the core from
    the one that woke it, several times a request; a batch thread waits until the core is free, and finds more to do at once.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*COLLECT_AFTER)
    if batch_scheduling and hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # a sandbox may forbid it; it is a matter of cost only.
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
