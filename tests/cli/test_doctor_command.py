"""`onduty doctor`: what is wrong with a server's configuration and surroundings, and what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certificates import NAMES, Authority
from held_port import HeldPort
from running_server import running_server
from scrape import admin_address


@pytest.fixture
def own(onduty, journal_path: Path):
    """Commands in the environment of a server of one's own."""
    port = HeldPort()
    onduty.env.update({"ONDUTY_JOURNAL": str(journal_path), "ONDUTY_LISTEN": port.address})
    yield onduty
    port.close()


def marks(onduty, code: int = 0) -> dict[str, dict[str, str]]:
    """What it finds, by what it is about; the last of each."""
    return {one["about"]: one for one in onduty("doctor", "--json", code=code).jsons}


def test_before_the_first_start_all_is_well_or_not_there_yet(own, journal_path: Path):
    """Nothing is made by looking."""
    found = marks(own)
    assert found["configuration"]["mark"] == "well"
    assert found["journal"]["text"] == f"{journal_path} is not there; a server makes it"
    assert found["service"]["mark"] == "unseen"
    assert not journal_path.exists()


def test_of_a_server_that_runs_it_says_so(own, journal_path: Path):
    """By its address and its admin pages."""
    with running_server(journal_path, flags=["--admin", "127.0.0.1:0", "--log-format", "json"]) as server:
        own.env["ONDUTY_LISTEN"] = server.address
        own.env["ONDUTY_ADMIN"] = admin_address(server.log)
        found = marks(own)
        assert (found["service"]["mark"], found["server"]["text"]) == ("well", "ready")
        assert "versions" not in found


def test_a_pair_that_does_not_fit_is_wrong(own, tmp_path: Path):
    """With what to do, in words for people."""
    authority = Authority(tmp_path)
    cert, _ = authority.write("one", authority.pair(*NAMES))
    _, key = authority.write("other", authority.pair(*NAMES))
    own.env.update({"ONDUTY_TLS_CERT": str(cert), "ONDUTY_TLS_KEY": str(key)})
    told = own("doctor", code=1).lines
    at = told.index("[wrong] certificate: tls_key is not the key of the first certificate in tls_cert")
    assert told[at + 1] == "     do: put certificate and key of one pair there"


@pytest.mark.parametrize(("days", "mark", "code"), [(100, "well", 0), (3, "warning", 0), (-3, "wrong", 1)])
def test_a_certificate_is_judged_by_its_end(own, tmp_path: Path, days: int, mark: str, code: int):
    """Fourteen days before, it warns."""
    authority = Authority(tmp_path)
    ends_at = datetime.now(UTC) + timedelta(days=days)  # noqa: TID251 - a certificate's end is a date.
    cert, key = authority.write("server", authority.pair(*NAMES, ends_at=ends_at))
    own.env.update({"ONDUTY_TLS_CERT": str(cert), "ONDUTY_TLS_KEY": str(key)})
    assert marks(own, code)["certificate"]["mark"] == mark


def test_files_that_others_may_read_are_told(own, journal_path: Path):
    """With the command that mends it."""
    journal_path.write_bytes(b"")
    journal_path.chmod(0o644)
    told = own("doctor").lines
    assert f"     do: chmod 600 {journal_path}" in told


def test_mistakes_of_the_configuration_end_it(own):
    """Nothing else can be looked at."""
    own.env["ONDUTY_DRAIN"] = "-1"
    (found,) = own("doctor", "--json", code=1).jsons
    assert (found["about"], found["mark"]) == ("configuration", "wrong")
