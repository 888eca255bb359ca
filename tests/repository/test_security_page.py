"""The page on security: its ten lines are run against a real server, in the order in which they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

from readme_blocks import fences
from typed_server import environment, typed_server

from onduty_server.auth import certificates, claims
from onduty_server.domain.model.status import ActorRole

SERVE = re.compile(r"^onduty serve (?P<arguments>--listen .*)$", re.MULTILINE)
FAILS = re.compile(r"^(?P<command>.*) # ends with exit code (?P<code>\d+)$", re.MULTILINE)


def run(text: str, folder: Path, address: str) -> str:
    """What a block writes; it stops at the first command that does not end as the page says."""
    text = text.replace("localhost:50051", address)
    text = FAILS.sub(lambda found: f"code=0; {found['command']} || code=$?; [ $code -eq {found['code']} ]", text)
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=folder, env={**environment({}), "PATH": programs}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout


def test_the_examples_of_files_are_good_ones(root: Path):
    """The map of claims and the line of a certificate are what the server reads."""
    page = (root / "docs/security.md").read_text(encoding="utf-8")
    (mapped,) = [claims.parse(text.encode()) for _, language, text in fences(page) if language == "toml"]
    assert mapped.roles == ("realm_access", "roles")
    assert mapped.role_names == {"floor-managers": ActorRole.SUPERVISOR}
    ((named,),) = [certificates.parse(text.encode()) for _, language, text in fences(page) if language == "json"]
    assert (named.proof, named.roles) == ("router-7.example", frozenset({ActorRole.ROUTER}))


def test_the_ten_lines_put_a_server_on_a_network(root: Path, tmp_path: Path):
    """As they stand, on another port: certificate and keys are made, the server starts, and each key reaches what it should."""
    page = (root / "docs/security.md").read_text(encoding="utf-8")
    blocks = [text for _, language, text in fences(page) if language == "sh"]
    (serve,) = [found["arguments"] for found in SERVE.finditer(page)]
    made, administrates, routes, revokes, audits = blocks
    run(made, tmp_path, "")
    arguments = serve.replace("0.0.0.0:50051", "0.0.0.0:0").split()
    with typed_server(*arguments, cwd=tmp_path) as server:
        address = server.address.replace("0.0.0.0", "localhost")
        assert "key admin" in run(administrates, tmp_path, address)
        assert "kim" in run(routes, tmp_path, address)
        assert "revoked" in run(revokes, tmp_path, address)
        assert "CreateStaff PERMISSION_DENIED ROLE" in run(audits, tmp_path, address)
