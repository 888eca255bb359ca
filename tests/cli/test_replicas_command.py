"""`onduty replicas`."""

from onduty_server.build_info import version


def test_a_server_that_has_its_store_for_itself_is_alone(onduty):
    """It leads, and is not behind."""
    heading, row = onduty("replicas").lines
    assert heading.split()[:4] == ["replica", "address", "role", "term"]
    cells = row.split()
    assert cells[1:3] == ["alone", "leader"]
    assert "0.0s" in cells
    assert version() in cells
    assert cells[-1] == "now"


def test_as_json_it_is_what_the_server_answered(onduty):
    """With the names of the contract."""
    (replica,) = onduty("replicas", "--json").json["replicas"]
    assert replica["role"] == "REPLICA_ROLE_LEADER"
    assert replica["version"] == version()
