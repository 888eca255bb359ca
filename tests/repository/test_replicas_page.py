"""The page on replicas: its commands are run against a real database, in the order in which they stand."""

import itertools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters.postgres_factory import PostgresFactory, postgres_factory
from readme_blocks import fences
from replica_servers import ReplicaServers, replica_servers
from typed_server import environment

pytestmark = pytest.mark.slow

SERVE = re.compile(r"^onduty serve (?P<arguments>.*) &$", re.MULTILINE)


@pytest.fixture
def factory(postgres_address: str) -> Iterator[PostgresFactory]:
    """A schema in the server of all tests."""
    with postgres_factory(postgres_address) as made:
        yield made


def started(text: str, servers: ReplicaServers) -> dict[str, str]:
    """Start what a block starts, on other ports; returns where each address of the page is."""
    places = {}
    for found in SERVE.finditer(text):
        words = shlex.split(found["arguments"])
        given = dict(itertools.pairwise(words))
        assert given["--journal"] == "$DATABASE"
        assert given["--advertise"].startswith("127.0.0.1:")
        places[given["--listen"]] = servers.start(*(["--sample"] if "--sample" in words else [])).address
    return places


def test_the_commands_do_what_the_page_says(root: Path, factory: PostgresFactory):
    """Three replicas start, each is listed, and what is changed at two is the history at the third."""
    page = (root / "docs/replicas.md").read_text(encoding="utf-8")
    start, use = [text for _, language, text in fences(page) if language == "sh"]
    with replica_servers(factory) as servers:
        places = started(start, servers)
        assert len(places) == 3
        servers.leader()
        for address, place in places.items():
            use = use.replace(address, place)
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", use],
            env={**environment({}), "PATH": programs}, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, use + done.stdout + done.stderr
        assert done.stdout.count("leader") == 1
        assert {"AVAILABLE", "BUSY"} <= set(done.stdout.split())
