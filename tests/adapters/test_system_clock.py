"""What the clock says of the processor: what the process used, and what its thread had to wait for."""

import os
import time
from pathlib import Path

import pytest

from onduty_server.adapters import system_clock
from onduty_server.adapters.system_clock import SystemClock


def test_time_without_a_core_counts_as_busy(tmp_path: Path) -> None:
    """A process that is ready to run and has no core has no time to spare."""
    account = tmp_path / "schedstat"
    account.write_text("5594042 7000000 134\n")
    clock = SystemClock()
    clock._schedule = os.open(account, os.O_RDONLY)
    try:
        before = clock.cpu()
        account.write_text("5594042 9000000 135\n")
        assert before >= 7_000
        assert clock.cpu() - before >= 2_000
    finally:
        os.close(clock._schedule)


def test_where_the_kernel_tells_nothing_what_was_used_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container without the account, or on another system."""
    monkeypatch.setattr(system_clock, "_schedule_of_this_thread", lambda: -1)
    used = time.process_time_ns() // 1000
    assert used <= SystemClock().cpu() <= time.process_time_ns() // 1000
