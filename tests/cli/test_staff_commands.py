"""`onduty staff`: the directory and the present states, against a real server."""

import re

import pytest


def test_a_new_staff_member_begins_offline(onduty):
    """The answer says how the person stands."""
    assert onduty("staff", "add", "kim", "--name", "Kim Novak", "-g", "sales").out.startswith(
        "added: kim is OFFLINE (revision "
    )


def test_an_id_that_exists_is_refused(onduty, kim):
    """With one line on what happened and one on what to do; standard output stays empty."""
    result = onduty("staff", "add", kim, code=1)
    assert result.out == ""
    assert result.err.splitlines() == ["refused: staff member kim exists already", "See `onduty staff show kim`."]


def test_a_bad_id_is_told_with_its_field(onduty):
    """The server's bounds are explained, not its status code."""
    assert onduty("staff", "add", "", code=1).err.startswith("refused: STAFF_ID: ")


def test_an_unknown_staff_member_is_told(onduty):
    """And how to find or add one."""
    assert onduty("staff", "show", "nobody", code=1).err.splitlines() == [
        "unknown: there is no staff member nobody",
        "See `onduty staff list`, or add one: onduty staff add nobody",
    ]


def test_the_list_shows_who_can_do_what(onduty, kim):
    """One row a person: status, since when, and what is possible now."""
    onduty("staff", "add", "lee", "--group", "support")
    heading, first, second = onduty("staff", "list").lines
    assert heading.split() == ["staff", "name", "status", "for", "can", "calls", "next", "also", "groups"]
    assert first.split()[:4] == ["kim", "Kim", "Novak", "AVAILABLE"]
    assert first.split()[5:] == ["adi", "sales"]
    assert second.split()[:2] == ["lee", "OFFLINE"]
    assert "···" in second


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--group", "sales"], ["kim"]),
        (["--group", "sales", "-g", "support"], ["kim", "lee"]),
        (["--status", "OFFLINE"], ["lee"]),
        (["--status", "offline", "--group", "sales"], []),
        (["--staff", "lee"], ["lee"]),
    ],
)
def test_the_list_is_filtered(onduty, kim, options: list[str], found: list[str]):
    """Options of one kind widen, those of several kinds narrow."""
    onduty("staff", "add", "lee", "--group", "support")
    assert [staff["staff_id"] for staff in onduty("staff", "list", *options, "--json").jsons] == found


def test_an_empty_list_says_so_beside_the_results(onduty):
    """JSON stays empty."""
    assert "no staff found" in onduty("staff", "list").err
    assert onduty("staff", "list", "--json").out == ""


def test_one_person_is_shown_in_full(onduty, kim):
    """Also what is going on in a call."""
    onduty("call", "start", kim, "c-1", "--source", "pbx")
    onduty("status", "next", kim, "busy")
    shown = {line.split()[0]: line.split(maxsplit=1)[1] for line in onduty("staff", "show", kim).lines}
    assert shown["name"] == "Kim Novak"
    assert shown["status"] == "IN_LINE"
    assert shown["can"] == "nothing"
    assert shown["call"].startswith("c-1 inbound from pbx, since ")
    assert shown["next"] == "BUSY"


def test_one_person_as_json_is_the_contracts_message(onduty, kim):
    """With the contract's field names and enum values."""
    found = onduty("staff", "show", kim, "--json").json
    assert found["status"] == "STATUS_AVAILABLE"
    assert found["capabilities"]["assign_inbound"] is True


def test_an_update_changes_only_what_is_given(onduty, kim):
    """The name stays when the groups change; --no-groups takes out of all."""
    onduty("staff", "update", kim, "--group", "support")
    found = onduty("staff", "show", kim, "--json").json
    assert (found["display_name"], found["skill_groups"]) == ("Kim Novak", [{"name": "support", "level": 0}])
    onduty("staff", "update", kim, "--name", "K.", "--no-groups")
    found = onduty("staff", "show", kim, "--json").json
    assert (found["display_name"], found["skill_groups"]) == ("K.", [])


def test_a_group_bears_its_level(onduty):
    """Where it is given, and wherever it is shown unless it is 0."""
    onduty("staff", "add", "ana", "--group", "cards:3", "--group", "loans")
    assert onduty("staff", "show", "ana", "--json").json["skill_groups"] == [
        {"name": "cards", "level": 3},
        {"name": "loans", "level": 0},
    ]
    assert onduty("staff", "list").lines[1].endswith("cards:3 loans")
    assert "cards:3;loans" in onduty("staff", "list", "--csv").lines[1]
    assert re.search(r"^groups +cards:3 loans$", onduty("staff", "show", "ana").out, re.MULTILINE)


@pytest.mark.parametrize("group", ["cards:", "cards:expert", "cards:101", "cards:-1", "cards:3:4"])
def test_a_level_that_is_none_is_wrong_usage(onduty, group: str):
    """Nothing is asked of the server."""
    assert "with a level of 0-100" in " ".join(
        onduty("staff", "add", "ana", "--group", group, code=2).err.replace("│", "").split()
    )


def test_somebody_signed_in_cannot_be_deleted(onduty, kim):
    """The hint says how to sign out; afterwards it works."""
    refused = onduty("staff", "delete", kim, code=1).err.splitlines()
    assert refused == ["refused: kim is signed in (AVAILABLE)", "Sign out first: onduty status set kim offline"]
    onduty("status", "set", kim, "offline")
    assert onduty("staff", "delete", kim).out == "deleted: kim\n"
    onduty("staff", "show", kim, code=1)


def test_tenants_do_not_see_each_other(onduty, kim):
    """--tenant wins over the environment."""
    assert onduty("staff", "list", "--tenant", "another", "--json").out == ""


def test_a_name_cannot_steer_the_terminal_or_the_markup(onduty):
    """Square brackets are shown as they are."""
    onduty("staff", "add", "kim", "--name", "[red]Kim[/red]")
    assert "[red]Kim[/red]" in onduty("staff", "list").out


def test_nobody_is_told_in_words_and_not_as_an_empty_table(onduty):
    """A heading without a row looks as if something were missing."""
    listed = onduty("staff", "list")
    assert listed.out == ""
    assert "no staff found" in listed.err
    assert onduty("staff", "list", "--csv").out.startswith("staff_id,")


def test_a_mark_behind_a_call_is_explained_where_there_is_one(onduty, kim):
    """The legend is no longer than what is shown."""
    assert "!" not in onduty("staff", "list").err
    onduty("status", "set", kim, "offline")
    onduty("call", "start", kim, "c-1")
    for command in (("staff", "list"), ("watch", "--once")):
        shown = onduty(*command)
        assert "c-1!" in shown.out
        assert "a call with ! was reported out of rule" in shown.err
