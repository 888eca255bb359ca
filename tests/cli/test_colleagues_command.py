"""`onduty colleagues`."""


def test_those_of_the_own_groups_are_shown(onduty, kim):
    """By name, with status and whether a transfer may be sent; oneself is not among them."""
    onduty("staff", "add", "lee", "--name", "Lee Chan", "--group", "sales")
    onduty("staff", "add", "ada", "--name", "Zoe Ada", "--group", "sales")
    onduty("staff", "add", "bob", "--group", "loans")
    onduty("status", "set", "lee", "busy")
    told = onduty("colleagues", kim)
    assert [line.split()[0] for line in told.lines] == ["staff", "lee", "ada"]
    assert told.lines[1].split()[1:4] == ["Lee", "Chan", "BUSY"]
    assert "open" in told.lines[1]
    assert "open" not in told.lines[2]


def test_for_programs(onduty, kim):
    """An object each as JSON, a row each as CSV."""
    onduty("staff", "add", "lee", "--name", "Lee Chan", "--group", "sales")
    (one,) = onduty("colleagues", kim, "--json").jsons
    assert (one["staff_id"], one["status"], one["open_to_transfers"]) == ("lee", "STATUS_OFFLINE", False)
    heading, row = onduty("colleagues", kim, "--csv").lines
    assert heading == "staff_id,display_name,skill_groups,status,status_started_at,open_to_transfers"
    assert row.startswith("lee,Lee Chan,sales,")


def test_policy_may_hide_them(onduty, kim):
    """The refusal says how it can be changed."""
    onduty("policy", "set", "colleagues=nobody")
    told = onduty("colleagues", kim, code=1)
    assert "nobody see colleagues" in told.err
    assert "onduty policy set colleagues=" in told.err


def test_unknown_staff_are_not_found(onduty):
    """Exit code 1, with the id."""
    assert "eve" in onduty("colleagues", "eve", code=1).err


def test_policy_fields_of_workspaces_can_be_set(onduty):
    """The grace of breaks, consultation and who is seen, by their names."""
    onduty("policy", "set", "disconnect_grace_on_break=1h", "in_line_consultation=true", "colleagues=all")
    told = onduty("policy", "show").out
    for expected in ("disconnect_grace_on_break", "in_line_consultation", "colleagues"):
        assert expected in told
