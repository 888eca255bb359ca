"""The walkthrough's lines: run in order, twice on one journal, with grpcurl and with buf."""

from pathlib import Path

import pytest
from page_terminal import run_and_compare, shell
from readme_blocks import WALKTHROUGH, for_buf, runnable_blocks
from running_server import RunningServer


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_walk_runs_as_shown_and_can_be_walked_again(sample_server: RunningServer, tmp_path: Path, grpcurl: Path):
    """Every block ends as the page says and shows what it shows, the second time on the same journal too."""
    terminal = shell(sample_server, tmp_path, grpcurl.parent)
    blocks = runnable_blocks(WALKTHROUGH)
    assert len(blocks) > 20
    for block in (*blocks, *blocks):
        run_and_compare(terminal, block, "walkthrough.md")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_walk_runs_alike_with_buf(sample_server: RunningServer, tmp_path: Path):
    """The same lines, translated to `buf curl`, end and answer alike."""
    terminal = shell(sample_server, tmp_path)
    for block in map(for_buf, runnable_blocks(WALKTHROUGH)):
        run_and_compare(terminal, block, "walkthrough.md")
