"""As whom commands act: the history names it."""

import getpass
import re
from typing import Any

import pytest


def newest(onduty: Any, count: int = 1) -> list[dict[str, str]]:
    """The actors of the newest changes, newest first."""
    lines = onduty("history", "--newest-first", "--limit", str(count), "--json").jsons
    return [line["actor"] for line in lines]


def test_a_supervisor_is_the_user_of_the_machine(onduty, kim: str):
    """Who forced whom is told without asking for it, as with git."""
    onduty("status", "force", kim, "busy", "--note", "queue of the day")
    assert newest(onduty) == [{"role": "ACTOR_ROLE_SUPERVISOR", "id": getpass.getuser()}]


def test_a_staff_members_own_change_is_hers_whoever_types_it(onduty, kim: str):
    """The user's name does not take the place of the staff member's."""
    assert newest(onduty) == [{"role": "ACTOR_ROLE_WORKSPACE", "id": kim}]


@pytest.mark.parametrize("how", ["option", "environment"])
def test_an_actor_can_be_named(onduty, kim: str, how: str):
    """By --actor or ONDUTY_ACTOR, for every command alike."""
    if how == "environment":
        onduty.env["ONDUTY_ACTOR"] = "lea"
    given = ("--actor", "lea") if how == "option" else ()
    onduty("status", "force", kim, "busy", "--note", "because", *given)
    onduty("status", "set", kim, "available", *given)
    assert [actor["id"] for actor in newest(onduty, 2)] == ["lea", "lea"]


@pytest.mark.parametrize("name", [" ", "two\nlines", "käse", "a" * 129])
def test_a_name_that_cannot_be_sent_is_wrong_usage(onduty, name: str):
    """Before anything is asked of the server."""
    failed = onduty("status", "force", "kim", "busy", "--note", "x", "--actor", name, code=2)
    assert "1-128 printable ASCII characters" in " ".join(failed.err.replace("│", " ").split())


def test_a_machine_without_a_name_for_the_user_acts_without_one(onduty, kim: str, monkeypatch: pytest.MonkeyPatch):
    """As in a container: the change is made, and names nobody."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "käse")  # what cannot be sent counts as none
    onduty("status", "force", kim, "busy", "--note", "because")
    assert newest(onduty) == [{"role": "ACTOR_ROLE_SUPERVISOR", "id": ""}]


def test_whoami_names_the_user_who_acts_for_others(onduty, monkeypatch: pytest.MonkeyPatch):
    """On an open server the history would name them; with --actor it names that one."""
    monkeypatch.setenv("LOGNAME", "lea")
    assert "none; lea for what supervisors and administrators do" in onduty("whoami").out
    assert re.search(r"actor +ada$", onduty("whoami", "--actor", "ada").out, re.MULTILINE)
