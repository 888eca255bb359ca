"""`onduty version` and `onduty --version`."""

from onduty_server.build_info import version


def test_it_tells_both_versions_and_the_store(onduty):
    """With the tenant and the actor as the server understood them."""
    told = onduty("version", "--actor", "lea")
    rows = dict(line.split(maxsplit=1) for line in told.lines)
    assert rows["onduty"].startswith(version())
    assert rows["server"].startswith(version())
    assert onduty.env["ONDUTY_SERVER"] in rows["server"]
    assert int(rows["store"].partition(", epoch ")[2]) > 0
    assert rows["rehearsal"] == "no"
    assert (rows["tenant"], rows["actor"]) == (onduty.env["ONDUTY_TENANT"], "lea")


def test_as_json_it_has_all_the_server_tells(onduty):
    """One object, with the limits."""
    told = onduty("version", "--json").json
    assert told["version"] == version()
    assert told["server"]["version"] == version()
    assert told["server"]["limits"]["batch_items"] == 1_000


def test_without_a_server_it_tells_its_own_version_and_ends_with_3(onduty):
    """The same exit code as of every command that reaches nobody."""
    told = onduty("version", "--server", "127.0.0.1:1", "--timeout", "0.5", code=3)
    assert told.lines == [told.lines[0]]
    assert told.lines[0].split()[:2] == ["onduty", version()]
    assert "127.0.0.1:1" in told.err


def test_the_option_asks_nobody(onduty):
    """`onduty --version` is a line and done."""
    assert onduty("--version").out == f"onduty {version()}\n"
