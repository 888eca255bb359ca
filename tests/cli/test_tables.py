"""Tables for programs, time zones, and hints at what was meant, against a real server."""

import csv
import io
import os
import subprocess
import sys
from datetime import datetime

import prepared
import pytest

TABLES = [
    ("staff", "list"), ("staff", "show", "kim"), ("history",), ("history", "--all"), ("time",), ("time", "--by", "day"),
    ("summary",), ("breaks", "list"), ("policy", "show"),
]  # fmt: skip


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("command", TABLES, ids=" ".join)
def test_every_table_is_to_be_had_as_csv(onduty, kim, command: tuple[str, ...]):
    """RFC 4180: one heading, as many cells in each row, CR and LF."""
    text = prepared.run(
        [sys.executable, "-m", "onduty_cli", *command, "--csv"],
        check=True, capture_output=True, timeout=60, env={**os.environ, **onduty.env},
    ).stdout  # fmt: skip
    assert text.endswith(b"\r\n")
    assert text.count(b"\n") == text.count(b"\r\n")
    rows = rows_of(text.decode())
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)


def test_names_stand_beside_ids(onduty, kim):
    """In the past and in the sums."""
    for command in (("history",), ("time",), ("staff", "list")):
        assert {row["display_name"] for row in rows_of(onduty(*command, "--csv").out)} == {"Kim Novak"}
    assert {one["display_name"] for one in onduty("history", "--json").jsons} == {"Kim Novak"}
    assert "Kim Novak" in onduty("time").out


def test_csv_has_instants_with_the_zones_offset_and_lengths_in_seconds(onduty, kim):
    """The zone is the one that was asked for."""
    row = rows_of(onduty("history", "--csv", "--zone", "Asia/Kathmandu").out)[-1]
    assert row["changed_at"].endswith("+05:45")
    assert datetime.fromisoformat(row["changed_at"])
    assert float(row["previous_seconds"]) >= 0


def test_a_name_with_quotes_commas_and_line_breaks_comes_back_as_it_was(onduty):
    """What would steer a terminal becomes a mark."""
    onduty("staff", "import", "-", stdin='staff_id,display_name\nkim,"a ""b"", c"\n')
    assert rows_of(onduty("staff", "list", "--csv").out)[0]["display_name"] == 'a "b", c'


def test_a_written_list_can_be_imported(onduty, kim):
    """Into another tenant as well."""
    listed = onduty("staff", "list", "--csv").out
    onduty("status", "set", kim, "offline")
    onduty("staff", "delete", kim)
    assert onduty("staff", "import", "-", stdin=listed).out == "1 added, 0 failed\n"


def test_csv_and_json_exclude_each_other(onduty):
    """It is one or the other."""
    assert "either --csv or --json" in onduty("staff", "list", "--csv", "--json", code=2).err


def test_an_empty_table_has_its_heading(onduty):
    """Programs find their columns."""
    assert onduty("history", "--csv").out.startswith("revision,changed_at,staff_id,")
    assert onduty("time", "--csv").out.startswith("staff_id,display_name,status,")


def test_the_zone_is_named_in_the_output(onduty, kim):
    """For people beside the table."""
    for command in (("history",), ("time",), ("staff", "show", kim)):
        assert "Europe/Berlin" in onduty(*command, "--zone", "europe/berlin").err


def test_a_zone_that_does_not_exist_is_told_with_what_was_probably_meant(onduty):
    """Before anything is asked."""
    assert "did you mean Europe/Berlin" in " ".join(
        onduty("time", "--zone", "Europe/Berlni", code=2).err.replace("│", "").split()
    )


def test_time_by_day_adds_up_to_the_time_of_the_whole(onduty, kim):
    """Days are those of the zone; the present one ends now."""
    by_day = rows_of(
        onduty("time", "--by", "day", "--since", "yesterday", "--csv", "--zone", "Pacific/Kiritimati", "--sign-ins").out
    )
    assert list(by_day[0])[:3] == ["day", "staff_id", "display_name"]
    assert {row["staff_id"] for row in by_day} == {"kim"}
    assert by_day[-1]["first_sign_in"].endswith("+14:00")
    assert by_day[-1]["last_sign_out"] == ""


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("history", "kmi"), ["unknown: there is no staff member kmi", "Did you mean kim?"]),
        (("time", "Kim Novak"), ["unknown: there is no staff member Kim Novak", "Did you mean kim?"]),
        (("summary", "--group", "slaes"), ["unknown: there is no skill group slaes", "Did you mean sales?"]),
        (("staff", "list", "--group", "slaes"), ["unknown: there is no skill group slaes", "Did you mean sales?"]),
    ],
)
def test_what_is_not_there_is_said(onduty, kim, command: tuple[str, ...], said: list[str]):
    """With what was probably meant, by id or name; not found is exit code 1."""
    assert [line for line in onduty(*command, code=1).err.splitlines() if "staff found" not in line][:2] == said


def test_a_refused_name_is_told_with_what_was_probably_meant(onduty, kim):
    """After the service's answer."""
    onduty("breaks", "add", "lunch")
    assert "Did you mean lunch?" in onduty("break", kim, "lunhc", code=1).err
    assert "Did you mean kim?" in onduty("status", "set", "kin", "busy", code=1).err
    said = " ".join(onduty("status", "set", kim, "availible", code=2).err.replace("│", "").split())
    assert "did you mean available?" in said


def test_a_deleted_persons_history_stays_to_be_had(onduty, kim):
    """They are not unknown."""
    onduty("status", "set", kim, "offline")
    onduty("staff", "delete", kim)
    assert "deleted" in onduty("history", kim).out


def test_errors_name_the_flag(onduty, kim):
    """Not the contract's field."""
    said = onduty("history", "--since", "1h", "--until", "2h", code=1).err
    assert "--until: " in said
    assert "ends_at" not in said


def test_a_name_in_the_place_of_an_id_is_refused_with_the_right_command(onduty):
    """Nothing is added."""
    said = " ".join(onduty("staff", "add", "Kim Novak", code=2).err.replace("│", "").split())
    assert "onduty staff add kim --name 'Kim Novak'" in said
    assert onduty("staff", "list", "--json").out == ""


def test_a_reader_that_ends_early_makes_no_noise(onduty, kim):
    """As `head` does."""
    onduty("staff", "import", "-", stdin="staff_id\n" + "".join(f"s{number}\n" for number in range(3_000)))
    program = f"{sys.executable} -m onduty_cli staff list --csv | head -1"
    done = subprocess.run(["sh", "-c", program], check=True, capture_output=True, timeout=60, env=onduty.env)
    assert done.stdout.startswith(b"staff_id,")
    assert done.stderr == b""
