"""Options out of their bounds fail when the connection is made."""

import pytest
from kinds import KINDS

from onduty_client import ConnectionOptions, FloorOptions
from onduty_client.options import check_options, stream_options


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", "localhost"),
        ("target", "127.0.0.1:0"),
        ("target", "127.0.0.1:70000"),
        ("target", "dns:///host:1"),
        ("target", ""),
        ("tenant", "a\nb"),
        ("tenant", "käse"),
        ("actor", "a\nb"),
        ("actor", "käse"),
        ("actor", " "),
        ("actor", "a" * 129),
        ("token", ""),
        ("call_timeout", 0),
        ("call_timeout", float("inf")),
        ("bookmark_interval", 0.5),
        ("bookmark_interval", 61),
        ("trust_limit", -1),
        ("backoff_initial", 0),
        ("backoff_max", 0.1),
        ("backoff_max", float("nan")),
    ],
)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_out_of_bounds_is_refused_by_name(kind, field: str, value):
    """With the language's own error, which names the field."""
    options = ConnectionOptions(**{"target": "127.0.0.1:1", field: value})
    with pytest.raises(ValueError, match=field):
        kind.connection(options)


@pytest.mark.parametrize("token", ["secret", lambda: "secret"])
def test_token_over_plain_text_leaves_no_machine(token):
    """Only a loopback address may have it."""
    with pytest.raises(ValueError, match="not a loopback address"):
        check_options(ConnectionOptions("10.0.0.7:50051", token=token))
    for target in ("127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "localhost:1"):
        check_options(ConnectionOptions(target, token=token))


def test_token_is_not_shown():
    """An options object in a log gives nothing away."""
    assert "secret" not in repr(ConnectionOptions("127.0.0.1:1", token="secret"))


def test_floor_options_are_held_to_the_same_bounds():
    """What is not given is the connection's."""
    options = ConnectionOptions("127.0.0.1:1", trust_limit=7)
    assert stream_options(options, FloorOptions(bookmark_interval=1)).trust_limit == 7
    with pytest.raises(ValueError, match="bookmark_interval"):
        stream_options(options, FloorOptions(bookmark_interval=0))
