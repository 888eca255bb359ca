"""Commands over TLS, with and without a certificate of their own, against a real server."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import prepared
import pytest
from certificates import NAMES, Authority
from running_server import RunningServer, running_server
from typed_server import environment

COMMAND = [sys.executable, "-m", "onduty_cli"]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Who signs the server's certificate and the commands'."""
    return Authority(tmp_path)


@pytest.fixture
def server(authority: Authority, journal_path: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A server that asks for certificates, and lets an administrator's in."""
    cert, key = authority.write("server", authority.pair(*NAMES))
    names = tmp_path / "names.jsonl"
    line = {"id": "ops", "san": "ops.onduty.test", "roles": ["admin"], "tenants": ["default"], "actor": "lea"}
    names.write_text(json.dumps(line) + "\n", encoding="utf-8")
    of_clients = ["--tls-client-ca", str(authority.ca_file), "--tls-client-auth", "required"]
    flags = ["--tls-cert", str(cert), "--tls-key", str(key), *of_clients, "--client-certificates", str(names)]
    with running_server(journal_path, flags=flags) as running:
        yield running


def run(*arguments: object, code: int = 0) -> str:
    """What a command writes; it is held to the exit code."""
    command = [*COMMAND, *map(str, arguments)]
    done = prepared.run(command, env=environment({}), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_certificate_is_a_credential_for_commands(server: RunningServer, authority: Authority):
    """By its name in the server's file; the history names the actor that the file gives it."""
    cert, key = authority.write("ops", authority.pair("ops.onduty.test"))
    access = ("--server", server.address, "--ca-file", authority.ca_file, "--cert-file", cert, "--key-file", key)
    assert "certificate ops" in run("whoami", *access)
    run("staff", "add", "kim", *access)
    assert "lea" in run("changes", *access)


def test_a_server_that_is_not_trusted_is_not_reached(server: RunningServer, authority: Authority, tmp_path: Path):
    """Another root, no certificate, and plain text: exit code 3, as nobody answered whom the command would talk to."""
    cert, key = authority.write("ops", authority.pair("ops.onduty.test"))
    other = Authority(tmp_path, "other")
    for access in (
        ("--ca-file", other.ca_file, "--cert-file", cert, "--key-file", key),
        ("--ca-file", authority.ca_file),
        (),
    ):
        run("whoami", "--server", server.address, "--timeout", "2", *access, code=3)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (("--ca-file", "absent.pem"), "absent.pem"),
        (("--cert-file", "a.pem"), "key_file"),
        (("--tls", "--key-file", "a"), "cert_file"),
    ],
)
def test_files_that_cannot_be_used_are_wrong_usage(options: tuple[str, ...], fault: str):
    """Nothing is connected."""
    assert fault in run("whoami", *options, code=2)
