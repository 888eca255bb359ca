"""`onduty bundle`: what somebody who helps must know of a server, and none of the secrets that were planted everywhere."""

import json
import tarfile
import time
from pathlib import Path

import pytest
from certificates import NAMES, Authority
from credentials import KeyFile
from issuer import AUDIENCE, ISSUER, Issuer
from jwt.algorithms import ECAlgorithm
from running_server import running_server
from scrape import admin_address

from onduty_cli.server_side.bundle.redaction import REMOVED, Redaction, known_secrets

PASSWORD = "hunter2+correct/horse"
PASSWORD_WRITTEN = "hunter2%2Bcorrect%2Fhorse"
ADDRESS = f"postgresql://onduty:{PASSWORD_WRITTEN}@db.example/onduty?sslpassword=zebra-crossing"
TENANT = "blue-whale-insurance"


def unpacked(file: Path) -> dict[str, str]:
    """Its files by name."""
    with tarfile.open(file) as archive:
        members = {member.name.removeprefix("onduty-bundle/"): archive.extractfile(member) for member in archive}
        return {name: content.read().decode() for name, content in members.items() if content}


class Planted:
    """A server's files and its environment, with secrets in every place that has any."""

    def __init__(self, folder: Path) -> None:
        """Written down, and told to nobody."""
        authority, keys, issuer = Authority(folder), KeyFile(folder / "keys.jsonl"), Issuer(int(time.time()))  # noqa: TID251 - a token's times are dates.
        keys.add("admin", "admin", tenants=(TENANT,))
        pair = authority.pair(*NAMES)
        self.cert, self.key = authority.write("server", pair)
        self.ca, self.keys = authority, keys
        private = json.loads(ECAlgorithm.to_jwk(issuer.keys["first"][1]))
        self.issuer_keys = folder / "issuer.json"
        self.issuer_keys.write_text(json.dumps({"keys": [{**issuer.public("first"), "d": private["d"]}]}, indent=2))
        pem = [line for line in pair[1].decode().splitlines() if len(line) > 24 and not line.startswith("-")]
        hashes = [line["sha256"] for line in keys.lines.values()]
        tokens = [issuer.token(onduty_roles=["admin"])]
        self.environment = {"ONDUTY_TOKEN": "a-token-of-no-form", "PGPASSWORD": "orange-orchard"}
        self.secrets = [*keys.keys.values(), *hashes, *tokens, *pem, private["d"], *self.environment.values()]
        self.environment["DATABASE_URL"] = ADDRESS
        self.secrets += [PASSWORD, PASSWORD_WRITTEN, "zebra-crossing"]
        self.log = folder / "server.log"
        lines = [f'event=x said="{secret}" tenant={TENANT}' for secret in self.secrets]
        lines += [pair[1].decode(), json.dumps({"tenant": TENANT, "pem": pair[1].decode()}), ADDRESS, "the last line"]
        self.log.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def flags(self) -> dict[str, str]:
        """The settings, as variables."""
        tls = {"ONDUTY_TLS_CERT": str(self.cert), "ONDUTY_TLS_KEY": str(self.key), "ONDUTY_KEYS": str(self.keys.path)}
        jwt = {"ONDUTY_JWT_ISSUER": ISSUER, "ONDUTY_JWT_AUDIENCE": AUDIENCE, "ONDUTY_JWT_KEYS": str(self.issuer_keys)}
        return {**tls, **jwt, "ONDUTY_TENANTS": TENANT}


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """In a folder of its own."""
    folder = tmp_path / "planted"
    folder.mkdir()
    return Planted(folder)


def test_no_planted_secret_and_no_tenants_name_is_in_it(onduty, planted: Planted, journal_path: Path, tmp_path: Path):
    """Of a server that runs with all of them, with its log full of them; and it has every part."""
    with running_server(journal_path, flags=["--admin", "127.0.0.1:0", "--log-format", "json"], env=planted.flags) as server:
        onduty.env.update({**planted.flags, **planted.environment, "ONDUTY_JOURNAL": str(journal_path)})
        onduty.env["ONDUTY_LISTEN"] = server.address
        file = tmp_path / "b.tar.gz"
        words = ["--admin", admin_address(server.log), "--log", str(planted.log)]
        assert "Look it over" in onduty("bundle", str(file), *words).out
    assert file.stat().st_mode & 0o777 == 0o600
    found = unpacked(file)
    for name, text in found.items():
        for secret in planted.secrets:
            assert secret not in text, (name, secret)
        assert TENANT not in text, name
    assert json.loads(found["software.json"])["onduty"]
    settings = {one["setting"]: one for one in json.loads(found["settings.json"])}
    assert settings["tls_key"] == {"setting": "tls_key", "value": str(planted.key), "origin": "ONDUTY_TLS_KEY"}
    assert settings["tenants"]["value"] == ["tenant-1"]
    assert {one["about"] for one in json.loads(found["doctor.json"])} >= {"credentials", "certificate", "journal", "disk"}
    assert "onduty_journal_revision" in found["metrics.txt"]
    assert "[+] journal" in found["readyz.txt"]
    assert json.loads(found["journal.json"])["problems"] == []
    assert found["log.txt"].endswith("the last line\n")
    assert "tenant=tenant-1" in found["log.txt"]


def test_without_a_server_it_says_what_cannot_be_had(onduty, journal_path: Path, tmp_path: Path):
    """What is there is in it all the same."""
    onduty.env.update({"ONDUTY_JOURNAL": str(journal_path), "ONDUTY_ADMIN": "127.0.0.1:1"})
    onduty("bundle", str(tmp_path / "b.tar.gz"))
    found = unpacked(tmp_path / "b.tar.gz")
    assert found["metrics.txt"].startswith("cannot be had: 127.0.0.1:1 does not answer")
    assert found["journal.json"].startswith("cannot be had: ")
    assert "log.txt" not in found


def test_a_database_that_does_not_answer_is_told_without_its_password(onduty, tmp_path: Path):
    """The address comes from a file, as a mounted secret does."""
    secret = tmp_path / "journal"
    secret.write_text(ADDRESS.replace("db.example", "127.0.0.1:1") + "\n", encoding="utf-8")
    onduty.env["ONDUTY_JOURNAL_FILE"] = str(secret)
    onduty("bundle", str(tmp_path / "b.tar.gz"))
    found = unpacked(tmp_path / "b.tar.gz")
    assert found["journal.json"].startswith("cannot be had: ")
    for text in found.values():
        assert not [word for word in (PASSWORD, PASSWORD_WRITTEN, "zebra-crossing") if word in text]


def test_it_replaces_no_file_unless_it_is_told_to(onduty, journal_path: Path, tmp_path: Path):
    """Nor does it follow a mistake: the log that is not there is named."""
    onduty.env["ONDUTY_JOURNAL"] = str(journal_path)
    file = tmp_path / "b.tar.gz"
    file.write_text("mine")
    assert "is there already" in onduty("bundle", str(file), code=1).err
    assert file.read_text() == "mine"
    onduty("bundle", str(file), "--force")
    assert "README.txt" in unpacked(file)
    assert "nowhere.log" in onduty("bundle", str(tmp_path / "c"), "--log", str(tmp_path / "nowhere.log"), code=1).err


def test_the_log_can_come_from_another_program(onduty, journal_path: Path, tmp_path: Path):
    """As from journalctl; the last lines alone."""
    onduty.env["ONDUTY_JOURNAL"] = str(journal_path)
    text = "".join(f"line {number}\n" for number in range(100))
    onduty("bundle", str(tmp_path / "b"), "--log", "-", "--log-lines", "2", stdin=text)
    assert unpacked(tmp_path / "b")["log.txt"] == "line 98\nline 99\n"


@pytest.mark.parametrize(
    "text",
    [
        "authorization: Bearer abcdefghij",
        "onduty_key_0123456789abcdef",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "postgres://me:secret@host/db",
        "host=db password=secret123 user=me",
        '{"password": "secret123"}',
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n(cut)",
    ],
)
def test_secrets_are_known_by_their_form_too(text: str):
    """Also those that are in no file of this server."""
    cleaned = Redaction([]).clean(text)
    assert REMOVED in cleaned
    for word in ("secret", "abcdefghij", "0123456789abcdef", "c2ln", "MIGH"):
        assert word not in cleaned


def test_what_is_no_secret_stays():
    """A bundle with everything taken out helps nobody."""
    text = "listen=127.0.0.1:50051 log=/var/lib/onduty/journal.db postgresql://onduty@db.example/onduty revision=123456"
    assert Redaction(known_secrets(None, {"HOME": "/root", "ONDUTY_LISTEN": "127.0.0.1:50051"})).clean(text) == text
